"""The checker: what it reads, refuses and finds out, a file of tests for each of its questions.

Most modules have none of their own: the cases in ``tests/cases`` go through all of them at once.
"""
