"""The engine: what it reads, refuses and finds out, one file of tests for each module."""
