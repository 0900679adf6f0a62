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


UNREAD = {
    **dict.fromkeys((r"\pm", r"\mp"), "write each of the two claims in a row of its own"),
    **dict.fromkeys((r"\mod", r"\bmod", r"\pmod", r"\pod", r"\%"), "remainders have no sign here"),
    **dict.fromkeys((r"\iint", r"\iiint", r"\oint"), r"write one \int inside another"),
    **dict.fromkeys((r"\limsup", r"\liminf"), r"\lim is read"),
    **dict.fromkeys((r"\vee", r"\lor", r"\neg", r"\lnot", r"\exists", r"\nexists"),
                    r"read are \forall, \text{if}, \text{and}, \Rightarrow and \Leftrightarrow"),
    **dict.fromkeys((r"\cup", r"\cap", r"\setminus", r"\emptyset", r"\varnothing"),
                    "write out what an index runs over"),
    **dict.fromkeys((r"\perp", r"\bot"), r"write w^\top v = 0, or a correlation of 0"),
    **dict.fromkeys((r"\backslash",), "write an inverse and a product"),
    **dict.fromkeys((r"\xrightarrow", r"\xleftarrow", r"\leadsto", r"\rightsquigarrow",
                     r"\hookrightarrow", r"\uparrow", r"\downarrow"), r"write \lim, or words"),
    **dict.fromkeys((r"\href", r"\url", r"\includegraphics", r"\ref", r"\eqref", r"\cite"),
                    "put it into the text beside the display"),
    r"\substack": "write one condition, or sums inside one another",
    r"\div": r"write \frac or /",
    r"\mathrm": "write the letter behind it in braces",
    r"\operatorname": "write the name behind it in braces",
    r"\color": "leave it out",
    r"\#": r"write |\cdot| of a declared set",
    r"\choose": r"write \binom{n}{k}",
    r"\over": r"write \frac",
    r"\mathcal{O}": r"write \mathcal{O}(h^2)",
}  # fmt: skip
"""Commands that are no names, and what to write instead."""


def undeclared(name: str, span: t.Span, known: Iterable[str]) -> Undeclared:
    """Name the symbol, and the declared ones that look like it."""
    all_known = list(known)
    known = [each for each in all_known if each.startswith("\\") == name.startswith("\\")]
    inner = name.partition("_")[0].rpartition("{")[2].rstrip("}")
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if inner in all_known and inner:
        hint = f"write {inner}, which is declared, or add a row to the notation"
        return Undeclared(f"{name} is not declared", span, hint)
    hint = f"declared are {', '.join(near)}" if near else "add a row to the notation"
    return Undeclared(f"{name} is not declared", span, hint)
