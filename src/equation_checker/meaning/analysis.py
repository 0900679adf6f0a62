"""Integrals, limits, series and extrema of a tree: what ``meaning.limits`` is to search for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from equation_checker.language import tree as t
from equation_checker.language.errors import Undefined
from equation_checker.language.functions import BY_NAME
from equation_checker.meaning import limits, matrices, quadrature

if TYPE_CHECKING:
    from equation_checker.meaning.fields import Value
    from equation_checker.meaning.values import Locals, World


def _end(world: World, node: t.Node, bound: Locals) -> Value:
    """Return the end of an interval, which may be infinite."""
    match node:
        case t.Constant(r"\infty"):
            return world.field.analysis().inf
        case t.Negative(t.Constant(r"\infty")):
            return -world.field.analysis().inf
        case _:
            return world.of(node, bound)


def integral(world: World, node: t.Integral, bound: Locals) -> Value:
    """Integrate over an interval."""
    context = world.field.analysis()
    lower, upper = _end(world, node.lower, bound), _end(world, node.upper, bound)

    def at(x: Value) -> Value:
        return world.of(node.of, {**bound, node.variable: x})

    is_fine = world.field.differentiates or world.notation.speaks_of([node.of], t.differentiates)
    digits = context.dps if is_fine else limits.INTEGRAND_DIGITS
    support = quadrature.SUPPORTS.get((lower, upper), "")
    if support and world.notation.speaks_of([node.of], lambda each: isinstance(each, t.Density)):
        with context.workdps(max(digits, quadrature.DIGITS)), world.field.sampling():
            return world.field.reached(quadrature.integral(context, at, support, is_fine=is_fine))
    with context.workdps(digits):
        return world.field.reached(limits.integral(context, at, lower, upper))


def limit(world: World, node: t.Limit, bound: Locals) -> Value:
    """Follow an expression to where a variable goes."""
    entry = world.notation.entries.get(node.variable)
    whole = entry is not None and (entry.kind == "size" or entry.domain.kind == "natural")

    def at(x: Value) -> Value:
        return world.where(node.variable, int(x) if whole else x, node.of, bound)

    to = _end(world, node.to, bound)
    return world.field.reached(limits.limit(world.field.analysis(), at, to, node.side, whole=whole))


def series(world: World, node: t.Reduce, start: int, bound: Locals) -> Value:
    """Add infinitely many terms."""
    if node.operator != "sum" or node.condition is not None:
        raise Undefined("only sums have infinitely many terms")

    terms: dict[int, Value] = {}

    def term(k: int, entry: int = 0) -> Value:
        if k not in terms:
            terms[k] = world.of(node.of, {**bound, node.index: k})
        return matrices.flat(terms[k])[entry]

    first = matrices.matrix(world.of(node.of, {**bound, node.index: start}))
    sums = np.empty(first.size, dtype=object)
    for entry in range(first.size):
        found = limits.series(world.field.analysis(), partial(term, entry=entry), start)
        sums[entry] = world.field.reached(found)
    return matrices.collapsed(sums.reshape(first.shape))


def extremum(world: World, node: t.Extremum, bound: Locals) -> Value:
    """Search for the largest or smallest value, or for where it is."""
    context, size = world.field.analysis(), world.whole(node.size, bound)
    entry = world.notation.entries.get(node.variable)
    if entry is not None and entry.domain.matrix:
        raise Undefined("nothing is searched for in a set of such matrices")
    random = world.point.random(f"extremum of {node.variable}")

    def value_of(entries: list[Value]) -> Value:
        if node.positive and not all(each > 0 for each in entries):
            raise Undefined("outside of the domain")
        return matrices.array([[each] for each in entries])

    def at(entries: list[Value]) -> Value:
        return world.where(node.variable, value_of(entries), node.of, bound)

    drawn = [[random.randint(-20, 20) or 1 for _ in range(size)] for _ in range(3)]
    starts = [[context.mpf(abs(n) if node.positive else n) / 10 for n in each] for each in drawn]
    world.field.reached((None, 10.0 ** -(context.dps // 4)))
    sign = 1 if node.operator in ("min", "inf", "argmin") else -1
    if node.operator in ("sup", "inf"):
        return limits.bound(context, at, starts, sign)
    place = limits.extremum(context, at, starts, sign)
    return at(place) if BY_NAME[node.operator].extremum == "value" else value_of(place)
