"""Draft the notation of a book that has none, from its displays, for its author to finish."""

from equation_checker.drafting.draft import draft

__all__ = ["draft"]
