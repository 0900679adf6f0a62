r"""Tell functions of one letter apart by their arguments: ``p(x \mid k)``, ``p(k \mid x)``.

A density is named by what it speaks of, so another list of arguments is another function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import Entry, Notation

Signature = tuple[tuple[str, ...], int | None]
"""The names of the arguments, and how many stand before the bar."""


def family(entry: Entry, notation: Notation) -> list[Entry]:
    """Return all functions that are written with the same letter and scripts."""
    scripts = (entry.head.sub, entry.head.sup)
    functions = [each for each in notation.bases(entry.head.base) if each.kind == "function"]
    return [each for each in functions if (each.head.sub, each.head.sup) == scripts]


def signature(entry: Entry, notation: Notation) -> Signature | None:
    """Return how a function was defined; None for one that is only declared."""
    definitions = notation.definitions.get(entry.name)
    if not definitions:
        return None
    return tuple(each.name for each in definitions[0].parameters), entry.bar


def same(entries: Sequence[Entry], wanted: Signature, notation: Notation) -> Entry | None:
    """Return the function of a signature; names of arguments count only where there is a bar."""
    by_name = wanted[1] is not None or any(each.bar is not None for each in entries)

    def key(names: tuple[str, ...], bar: int | None) -> tuple[object, int | None]:
        return (names if by_name else len(names)), bar

    known = [(each, signature(each, notation)) for each in entries]
    return next((each for each, own in known if own and key(*own) == key(*wanted)), None)


def arity(entry: Entry, notation: Notation) -> int:
    """Return how many arguments a function takes."""
    definitions = notation.definitions.get(entry.name)
    return len(definitions[0].parameters) if definitions else len(entry.arguments)


def meant(
    entries: Sequence[Entry],
    arguments: Sequence[t.Node],
    bar: int | None,
    notation: Notation,
    span: t.Span,
) -> Entry:
    """Return the function whose arguments are named like these, or are as many."""
    fitting = [e for e in entries if (arity(e, notation), e.bar) == (len(arguments), bar)]
    named = [_names_shared(each, arguments, notation) for each in fitting]
    best = [each for each, shared in zip(fitting, named, strict=True) if shared == max(named)]
    if len(best) != 1:
        shown = ", ".join(_shown(each, notation) for each in (best or entries))
        raise Unreadable("which function is meant is not clear", span, f"declared are {shown}")
    _refuse_turned(best[0], arguments, notation, span)
    return best[0]


def _names_shared(entry: Entry, arguments: Sequence[t.Node], notation: Notation) -> int:
    known = signature(entry, notation)
    names = [each.name if isinstance(each, t.Symbol) else "" for each in arguments]
    return sum(a == b for a, b in zip(known[0], names, strict=True)) if known else 0


def _refuse_turned(
    entry: Entry, arguments: Sequence[t.Node], notation: Notation, span: t.Span
) -> None:
    r"""Refuse ``p(k \mid x)`` where ``p(x \mid k)`` is defined: it is no value of that function."""
    known = signature(entry, notation)
    names = [each.name for each in arguments if isinstance(each, t.Symbol)]
    if known is None or entry.bar is None or len(names) < len(arguments):
        return
    if sorted(names) == sorted(known[0]) and tuple(names) != known[0]:
        shown = _shown(entry, notation)
        raise Unreadable(
            "this function is not defined: its arguments are turned", span, f"defined is {shown}"
        )


def _shown(entry: Entry, notation: Notation) -> str:
    names, bar = signature(entry, notation) or ((), None)
    plain = [each.replace("_{#}", "") for each in names]
    inside = rf"{', '.join(plain[:bar])} \mid {', '.join(plain[bar:])}" if bar else ", ".join(plain)
    return f"{entry.head.base}({inside})"
