r"""Tell functions of one letter apart by their arguments: ``p(x \mid k)``, ``p(k \mid x)``.

A density is named by what it speaks of, so another list of arguments is another function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.language.notation import RAW
from equation_checker.language.printing import parted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import Entry, Notation

Signature = tuple[tuple[str, ...], tuple[str, ...]]
"""The names of the arguments, and the signs around them."""


def family(entry: Entry, notation: Notation) -> list[Entry]:
    """Return all functions that are written with the same letter and scripts."""
    scripts = (entry.head.sub, entry.head.sup)
    functions = [each for each in notation.bases(entry.head.base) if each.kind == "function"]
    return [each for each in functions if (each.head.sub, each.head.sup) == scripts]


def signature(entry: Entry, notation: Notation) -> Signature | None:
    """Return how a function was defined; None for one that is only declared."""
    definitions = notation.definitions.get(entry.name)
    if not definitions or RAW + entry.name in notation.entries:
        return None
    return tuple(each.name for each in definitions[0].parameters), entry.signs


def parameter(entry: Entry, place: int, notation: Notation) -> str:
    """Return the name of an argument, if the function was defined with one."""
    names, _ = signature(entry, notation) or ((), ())
    return names[place] if place < len(names) else ""


def same(entries: Sequence[Entry], wanted: Signature, notation: Notation) -> Entry | None:
    """Return the function of a signature; names of arguments count only where there is a bar."""
    by_name = bool(wanted[1]) or any(each.signs for each in entries)

    def key(names: tuple[str, ...], signs: tuple[str, ...]) -> tuple[object, tuple[str, ...]]:
        return (names if by_name else len(names)), signs

    known = [(each, signature(each, notation)) for each in entries]
    return next((each for each, own in known if own and key(*own) == key(*wanted)), None)


def arity(entry: Entry, notation: Notation) -> int:
    """Return how many arguments a function takes."""
    definitions = notation.definitions.get(entry.name)
    return len(definitions[0].parameters) if definitions else len(entry.arguments)


def meant(
    entries: Sequence[Entry],
    arguments: Sequence[t.Node],
    signs: tuple[str, ...],
    notation: Notation,
    span: t.Span,
) -> Entry:
    """Return the function whose arguments are named like these, or are as many."""
    fitting = [e for e in entries if (arity(e, notation), e.signs) == (len(arguments), signs)]
    named = [_names_shared(each, arguments, notation) for each in fitting]
    best = [each for each, shared in zip(fitting, named, strict=True) if shared == max(named)]
    if len(best) != 1:
        listed = ", ".join(shown(each, notation) for each in (best or entries))
        raise Unreadable("which function is meant is not clear", span, f"declared are {listed}")
    _refuse_turned(best[0], arguments, notation, span)
    return best[0]


def _names_shared(entry: Entry, arguments: Sequence[t.Node], notation: Notation) -> int:
    known = signature(entry, notation)
    names = [each.name if isinstance(each, t.Symbol) else "" for each in arguments]
    return sum(a == b for a, b in zip(known[0], names, strict=True)) if known else 0


def _refuse_turned(
    entry: Entry, arguments: Sequence[t.Node], notation: Notation, span: t.Span
) -> None:
    r"""Refuse ``p(k \mid x)`` where ``p(x \mid k)`` is defined: it is no value of that function.

    What is compared, as in ``p(a \succ b \mid x)``, may change places.
    """
    known = signature(entry, notation)
    names = [each.name for each in arguments if isinstance(each, t.Symbol)]
    if known is None or not entry.signs or len(names) < len(arguments):
        return
    ordered = any(sign in (">", r"\succ") for sign in entry.signs)
    bars = [k for k, sign in enumerate(entry.signs) if not ordered or "|" in sign]
    turned = [sorted(names[:bar]) != sorted(known[0][:bar]) for bar in bars]
    if sorted(names) == sorted(known[0]) and any(turned):
        declared = shown(entry, notation)
        raise Unreadable(
            "this function is not defined: its arguments are turned", span, f"defined is {declared}"
        )


def shown(entry: Entry, notation: Notation) -> str:
    """Return how a function is written with its arguments."""
    names, _ = signature(entry, notation) or ((), ())
    return f"{entry.head.base}({parted([each.replace('_{#}', '') for each in names], entry)})"
