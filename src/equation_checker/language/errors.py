"""What can be wrong with a display, said to its author: exceptions that know their place in it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from equation_checker.language import tree as t


class Unreadable(Exception):  # noqa: N818
    """A display, or a row of the notation, that cannot be given one meaning."""

    def __init__(self, message: str, span: t.Span, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class Undeclared(Unreadable):
    """A symbol that the notation does not hold."""


class Ambiguous(Unreadable):
    """Input that two readers could read differently."""


class Mismatch(Unreadable):
    """Shapes or ranges that do not fit together."""


class Inconsistent(Exception):  # noqa: N818
    """Two rooms of the checker that disagree: a fault of its own, and never of an author."""


class Undefined(Exception):  # noqa: N818
    """An expression without a value at a point: the logarithm of -1, a division by 0."""


class TooLarge(Undefined):
    """A value that is too large to be computed, which says nothing about the expression."""


def ambiguous(first: str, second: str, span: t.Span, hint: str = "put brackets") -> Ambiguous:
    """Show both readings of an input; the author says which."""
    return Ambiguous(f"can be read as {first} or as {second}", span, hint)


def undeclared(name: str, span: t.Span, known: Iterable[str]) -> Undeclared:
    """Name the symbol, and the declared ones that look like it."""
    near = get_close_matches(name, list(known), n=3, cutoff=0.5)
    hint = f"declared are {', '.join(near)}" if near else "add a row to the notation"
    return Undeclared(f"{name} is not declared", span, hint)
