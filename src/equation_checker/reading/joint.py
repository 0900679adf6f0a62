r"""One law of several letters, ``(x, z) \sim p``: each marginal and conditional follows from it.

What holds for every law holds for a mixture of a few laws under each of which the letters are
independent: all its marginals are known without a sum, and nothing about it is special.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.language.notation import (
    CHANCES,
    SCALAR,
    VALUES,
    Definition,
    Domain,
    Entry,
    Head,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import DomainKind, Notation

OF = t.Symbol("⟨of⟩")
"""Which law of the mixture is meant; no letter has this name."""
AMONG = t.Range(t.number(1), t.number(2))
ONE = t.number(1)


def declare(law: Head, names: Sequence[str], notation: Notation, span: t.Span) -> Notation:
    """Return the notation with a law of some letters, and with the laws it is a mixture of."""
    if len({*names}) < len(names) or law.name in names:
        raise Unreadable("a law of a letter that stands here twice", span)
    if None in (*law.sub, *law.sup):
        raise Unreadable("this construct is not read: a family of laws", span)
    for name in names:
        _component(law, name, t.Symbol(name), notation, span)  # what cannot be read says so here
    return notation.declare(
        Entry(law, "function", SCALAR, Domain("nonnegative"), joint=tuple(names))
    )


def function(
    law: Entry, left: Sequence[str], right: Sequence[str], notation: Notation, span: t.Span
) -> tuple[str, Notation]:
    """Return the density of some letters given others by its name, which may be new."""
    order = law.joint.index
    left, right = sorted(left, key=order), sorted(right, key=order)
    head = replace(law.head, arguments=f"{','.join(left)}|{','.join(right)}")
    signs = ("", *("|" if k == len(left) else "," for k in range(1, len(left) + len(right))), "")
    letters = tuple(t.Symbol(f"'{each}") for each in (*left, *right))
    shapes = tuple(notation.entries[each].shape or SCALAR for each in (*left, *right))
    if right:
        whole, notation = function(law, [*left, *right], [], notation, span)
        given, notation = function(law, right, [], notation, span)
        every = sorted(letters, key=lambda each: order(each.name[1:]))
        body: t.Node = t.Divide(t.Apply(t.Symbol(whole), tuple(every)),
                                t.Apply(t.Symbol(given), letters[len(left):]))  # fmt: skip
    else:
        parts = list[t.Node]()
        for name, at in zip(left, letters, strict=True):
            made, notation = _component(law.head, name, at, notation, span)
            parts.append(made)
        weight, notation = _weight(law.head, notation)
        body = t.Reduce("sum", OF.name, AMONG, t.Product((weight, *parts)))
        if not isinstance(weight, t.Component):
            body = t.Divide(body, t.Reduce("sum", OF.name, AMONG, weight))
    entry = Entry(head, "function", SCALAR, Domain("nonnegative"), signs=signs if right else ())
    defined = Definition(head.name, body, parameters=letters, shapes=shapes)
    notation = _known(entry, notation)
    if notation.definitions.get(head.name) != (defined,):
        notation = notation.declare(entry).define(defined)
    return head.name, notation


def _weight(law: Head, notation: Notation) -> tuple[t.Node, Notation]:
    r"""Return how much each law of the mixture counts; ``p_\theta`` depends on ``\theta`` by it."""
    chances = Entry(Head(f"{CHANCES}{law.name}"), "variable", (AMONG.upper, ONE), Domain("simplex"))
    notation = _known(chances, notation)
    weight: t.Node = t.Component(t.Symbol(chances.name), (OF,))
    for name in (*law.sub, *law.sup):
        entry = notation.entries.get(name or "")
        if entry is None or entry.kind != "variable" or entry.indices or entry.shape is None:
            continue
        slope, notation = _hidden(f"{CHANCES}{name}⟩{law.name}", entry.shape, "real", notation)
        if entry.shape != SCALAR:
            slope = t.Transpose(slope)
        tilt = t.Apply(t.Symbol(r"\exp"), (t.Product((slope, t.Symbol(entry.name))),))
        weight = t.Product((weight, tilt))
    return weight, notation


def _component(
    law: Head, name: str, at: t.Node, notation: Notation, span: t.Span
) -> tuple[t.Node, Notation]:
    """Return the density of one letter under each law of the mixture, by where the letter lives."""
    entry = notation.entries.get(name)
    if entry is None or entry.shape is None or entry.kind not in ("variable", "index"):
        hint = rf"declare {name} \in \dots first"
        raise Unreadable(f"what values {name} takes is not said", span, hint)

    def hidden(place: int, shape: tuple[t.Node, t.Node], kind: DomainKind) -> t.Node:
        nonlocal notation
        made, notation = _hidden(f"{VALUES} {place}⟩{name}⟩{law.name}", shape, kind, notation)
        return made

    domain, is_number = entry.domain, entry.shape == SCALAR
    over = entry.ranges[0] if entry.kind == "index" else domain.over
    values = domain.values
    steps = {b - a for a, b in pairwise(values)}
    if over is None and domain.kind == "finite" and len(steps) == 1:
        step = t.Number(steps.pop())
        place: t.Node = t.Divide(t.Add((at, t.Negative(t.Number(values[0])))), step)
        over, at = t.Range(ONE, t.number(len(values))), t.Add((place, ONE))
    if over is not None:
        size = over.upper if over.lower == ONE else t.Add((over.upper, t.Negative(over.lower), ONE))
        at = at if over.lower == ONE else t.Add((at, t.Negative(over.lower), ONE))
        made = t.Law("categorical", (hidden(1, (size, ONE), "simplex"),))
    elif domain.kind == "real" and is_number:
        made = t.Law("normal", (hidden(1, SCALAR, "real"), hidden(2, SCALAR, "positive")))
    elif domain.kind == "real" and entry.shape[1] == ONE:
        spread = t.Product((hidden(2, SCALAR, "positive"), t.Identity(entry.shape[0])))
        made = t.Law("normal", (hidden(1, entry.shape, "real"), spread))
    elif domain.kind == "positive" and is_number:
        made = t.Law("gamma", (hidden(1, SCALAR, "positive"), hidden(2, SCALAR, "positive")))
    elif domain.kind == "interval" and is_number and domain.values == (Fraction(0), Fraction(1)):
        made = t.Law("beta", (hidden(1, SCALAR, "positive"), hidden(2, SCALAR, "positive")))
    elif domain.kind == "simplex":
        made = t.Law("Dirichlet", (hidden(1, entry.shape, "positive"),))
    else:
        raise Unreadable(
            f"this construct is not read: a law of such values as those of {name}", span
        )
    return t.Density(made, at, span=span), notation


def _hidden(
    name: str, shape: tuple[t.Node, t.Node], kind: DomainKind, notation: Notation
) -> tuple[t.Node, Notation]:
    """Return a member of a family that no text writes, one for each law of the mixture."""
    made = Entry(Head(name, (None,)), "variable", shape, Domain(kind), ("#",), (AMONG,))
    return t.Symbol(made.name, (OF,)), _known(made, notation)


def _known(made: Entry, notation: Notation) -> Notation:
    """Return the notation with a symbol as it is now; where its letter lives may be said anew."""
    return notation if notation.entries.get(made.name) == made else notation.declare(made)


def slot(law: Entry, name: str, notation: Notation) -> str:
    r"""Return which letter of a law is meant: ``x`` by ``x'``, ``x_i``, ``x^{(i)}`` or ``X``."""
    entry = notation.entries.get(name)
    base = (entry.head.base if entry is not None else name).rstrip("'")
    for each in (name, base, base.lower(), base.upper()):
        if each in law.joint:
            return each
    return next((e for e in law.joint if notation.entries[e].head.base == base), "")


def summed(names: Sequence[str], of: t.Node, notation: Notation, span: t.Span) -> t.Node:
    """Return the sum, or the integral, over all values of some letters."""
    for name in reversed(names):
        entry = notation.entries[name]
        over = entry.ranges[0] if entry.kind == "index" else entry.domain.over
        if over is None and entry.domain.kind == "finite":
            values = [
                t.number(v) if v >= 0 else t.Negative(t.number(-v)) for v in entry.domain.values
            ]
            of = t.Reduce("sum", name, t.Finite(tuple(values)), of, span=span)
        elif over is not None:
            of = t.Reduce("sum", name, over, of, span=span)
        elif (ends := limits(entry)) is not None:
            of = t.Integral(name, *ends, of, span=span)
        else:
            raise Unreadable(f"this construct is not read: an integral over {name}", span)
    return of


def limits(entry: Entry | None) -> tuple[t.Node, t.Node] | None:
    """Return between which numbers the values of a symbol lie; None for what fills no line."""
    if entry is None or entry.shape != SCALAR or entry.kind not in ("variable", "random"):
        return None
    infinity, zero = t.Constant(r"\infty"), t.number(0)
    match entry.domain.kind:
        case "real":
            return t.Negative(infinity), infinity
        case "positive" | "nonnegative":
            return zero, infinity
        case "interval":
            low, high = (
                t.number(v) if v >= 0 else t.Negative(t.number(-v)) for v in entry.domain.values
            )
            return low, high
        case _:
            return None
