r"""Laws that are only named: ``(x, y) \sim \mathcal{D}``, ``y \sim \pi(\cdot \mid x)``.

What holds for every law holds for one of a few outcomes, with chances and values that are drawn;
a function that is only declared is given chances that add up to 1 over what is distributed by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.language.notation import CHANCES, RAW, SCALAR, VALUES, Domain, Entry, Head
from equation_checker.language.notation import Definition as Defined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import Notation

OUTCOMES = t.number(3)


def _chances(law: str) -> Head:
    return Head(CHANCES + law)


def _values(law: str, place: int) -> Head:
    return Head(f"{VALUES} {place}⟩{law}", (None,))


def outcomes(law: str, notation: Notation) -> tuple[t.Symbol, t.Node]:
    """Return the chances of the outcomes of a law, and how many there are."""
    entry = notation.entries.get(law)
    if entry is not None and entry.shape is not None:
        return t.Symbol(law), entry.shape[0]
    return t.Symbol(_chances(law).name), OUTCOMES


def sampled(
    law: str, names: Sequence[str], known: Sequence[str], notation: Notation, span: t.Span
) -> Notation:
    """Return the notation in which a law gives values to some variables together."""
    several = len(names) > 1 or len(known) > 1
    shorter, longer = sorted((names, known), key=len)
    if several and [*longer[: len(shorter)]] != [*shorter]:
        message = f"{law} is a law of {', '.join(known)}, and here of {', '.join(names)}"
        raise Unreadable(message, span, "give the law of each its own name")
    chances, count = outcomes(law, notation)
    if chances.name not in notation.entries:
        made = Entry(_chances(law), "variable", (count, SCALAR[1]), Domain("simplex"))
        notation = notation.declare(made)
    for k, name in enumerate(names):
        own = notation.entries.get(name)
        if own is None or own.kind not in ("variable", "index"):
            hint = rf"declare {name} \in \dots, or write the law itself"
            raise Unreadable(f"what values {name} takes is not said", span, hint)
        over = own.ranges[0] if own.kind == "index" else None
        domain = Domain("finite", over=over) if over is not None else own.domain
        made = Entry(_values(law, k), "variable", own.shape, domain, ("#",),
                     (t.Range(t.number(1), count),), meaning=name if several else "")  # fmt: skip
        old = notation.entries.get(made.name, made)
        if (
            made.name not in notation.entries
            or replace(old, meaning="") != replace(made, meaning="")
            or old.meaning not in ("", name)
        ):
            notation = notation.declare(made)
    return notation


def mean(law: str, names: Sequence[str], notation: Notation, of: t.Node, span: t.Span) -> t.Node:
    """Return the mean over the outcomes, at each of which the variables have their values."""
    chances, _ = outcomes(law, notation)
    outcome = t.Symbol(f"{law}'")
    for k in reversed(range(len(names))):
        family = _values(law, k).name
        of = t.Evaluated(names[k], t.Symbol(family, (outcome,)), of, span=span)
    return t.Expectation(outcome.name, chances, of, span=span)


def normalised(
    function: str, place: int, over: t.Set, notation: Notation, span: t.Span
) -> Notation:
    """Return the notation in which the values of a function add up to 1 over one argument."""
    entry = notation.entries[function]
    raw = replace(
        entry, head=replace(entry.head, base=RAW + entry.head.base), domain=Domain("positive")
    )
    parameters = [t.Symbol(f"'{k}") for k in range(len(entry.arguments))]
    inner = t.Apply(t.Symbol(raw.name), (*parameters[:place], t.Symbol("'"),
                                         *parameters[place + 1 :]))  # fmt: skip
    total = t.Reduce("sum", "'", over, inner)
    body = t.Divide(t.Apply(t.Symbol(raw.name), tuple(parameters)), total)
    made = Defined(function, body, parameters=tuple(parameters), shapes=entry.arguments)
    if entry.indices or notation.definitions.get(function, (made,)) != (made,):
        raise Unreadable("this construct is not read: such a function as a law", span)
    if raw.name in notation.entries:
        return notation
    return notation.declare(raw).define(made)


LAWS = frozenset({"p", "q", "P", "Q"})
"""Letters of functions that are laws as well, beside one of them that is used as a law."""


def alike(chance: t.Apply, name: str, over: t.Set, of: t.Node, notation: Notation) -> Notation:
    r"""Normalise what stands beside a law as another one: the ``Q(x)`` below ``P(x)``."""
    law = notation.entries[chance.function.name]
    own = law.head.base
    letters = LAWS if own in LAWS else {own}
    place = chance.arguments.index(t.Symbol(name))
    for each in t.walk(of):
        if not isinstance(each, t.Apply) or each.function.name not in notation.entries:
            continue
        entry = notation.entries[each.function.name]
        is_law = entry.head.base in letters and entry.domain.kind != "real"
        if is_law and entry.arguments == law.arguments and not entry.indices:
            given = each.arguments[place]
            if given == t.Symbol(name) and entry.name not in notation.definitions:
                notation = normalised(entry.name, place, over, notation, each.span)
    return notation
