"""Integrals against a density, each with the relative error that it reached.

A polynomial is told by its differences along a line and integrated exactly by the rules of Gauss.
All else is summed by the trapezoid rule, which is exact to very many digits after a change of the
variable, between the places at which the function takes another branch.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise, product
from math import comb
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from equation_checker.language.errors import TooLarge
from equation_checker.meaning.budget import TooMuch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Function = Callable[[Any], Any]
    Reached = tuple[Any, float]
    """A value and its relative error."""

ENOUGH = 1e-11
"""A relative error that is accepted."""
AIM = 1e-26
"""A relative error at which no finer step is tried: so small that differences can be taken."""
NOTHING = 1e-32
DIGITS = 34
"""What is computed with, so that the aim can be met."""
HIGHEST = 9
"""The degree of polynomials that are told."""
PROBES = {
    "line": [k / 2 + 0.0371 for k in range(-18, 18)]
    + [s * far for s in (-1, 1) for far in (13, 20, 40, 1e2, 1e3, 1e5, 1e8)],
    "interval": [(k + 0.4871) / 32 for k in range(32)] + [1e-13, 1e-5, 1 - 1e-5, 1 - 1e-13],
    "half-line": [0.0013 * 1.37**k for k in range(38)] + [1e-13, 1e-6, 1e3, 1e6],
}
"""Where a function is asked which branch it takes."""
ENDS: dict[str, tuple[Any, Any]] = {
    "line": ("-inf", "inf"),
    "interval": (0, 1),
    "half-line": (0, "inf"),
}
SUPPORTS = {tuple(map(float, ends)): support for support, ends in ENDS.items()}


def size(value: Any) -> Any:
    """Return the largest absolute entry."""
    return max(abs(each) for each in value.flat) if isinstance(value, np.ndarray) else abs(value)


def weight(context: Any, support: str, x: Any) -> Any:
    """Return the standard density of a support: normal, uniform or exponential."""
    if support == "line":
        return context.exp(-x * x / 2) / context.sqrt(2 * context.pi)
    return context.exp(-x) if support == "half-line" else context.one


def mean(context: Any, function: Function, supports: Sequence[str], gaps: Function) -> Reached:
    """Integrate a function of standard variables; ``gaps`` says what its branches depend on."""
    start = [context.mpf(PROBES[each][7]) for each in supports]
    smooth = not gaps(start)
    if smooth and (degree := _degree(context, function, start)) is not None:
        return _gauss(context, function, supports, degree // 2), 0.0
    if len(supports) > 2:
        raise TooMuch(f"a mean over {len(supports)} variables of what is no polynomial")
    if len(supports) == 1:
        return _one(
            context, lambda x: function([x]), supports[0], lambda x: gaps([x]), smooth=smooth
        )
    worst = 0.0

    def outer(x: Any) -> Any:
        nonlocal worst
        inner = _one(
            context, lambda y: function([x, y]), supports[1], lambda y: gaps([x, y]), smooth=smooth
        )
        worst = max(worst, inner[1])
        return inner[0]

    value, error = _one(context, outer, supports[0], lambda _: [], smooth=True)
    return value, error + worst


# Polynomials.


def _degree(context: Any, function: Function, start: list[Any]) -> int | None:
    """Return the degree of a polynomial, from its differences along a line; None for no such."""
    way = [context.mpf(1) / (3 + 2 * k) for k in range(len(start))]
    row = [
        function([a + step * b / 5 for a, b in zip(start, way, strict=True)])
        for step in range(HIGHEST + 3)
    ]
    scale = max(size(each) for each in row)
    for degree in range(-1, HIGHEST + 1):
        if all(size(each) <= AIM * scale for each in row):
            return max(degree, 0)
        row = [after - before for before, after in pairwise(row)]
    return None


@lru_cache(maxsize=200)
def _rule(digits: int, support: str, points: int) -> tuple[tuple[Any, Any], ...]:
    """Return the places and weights of Gauss's rule, from the matrix of Jacobi."""
    context = mpmath.MPContext()
    context.dps = digits
    jacobi = context.matrix(points)
    for k in range(points):
        jacobi[k, k] = {"line": 0, "interval": context.mpf(1) / 2, "half-line": 2 * k + 1}[support]
        if k:
            ratio = context.mpf(k * k) / (4 * (4 * k * k - 1))
            beside = {"line": context.mpf(k), "interval": ratio, "half-line": context.mpf(k * k)}
            jacobi[k, k - 1] = jacobi[k - 1, k] = context.sqrt(beside[support])
    if points == 1:
        return ((jacobi[0, 0], context.one),)
    places, vectors = context.eigsy(jacobi)
    return tuple((places[k], vectors[0, k] ** 2) for k in range(points))


def _gauss(context: Any, function: Function, supports: Sequence[str], level: int) -> Any:
    """Return the mean of a polynomial of degree 2 level + 1, by Smolyak's sum of products."""
    count, total = len(supports), None
    for extra in _splits(level, count):
        rest = level - sum(extra)
        if rest >= count:
            continue
        sign = (-1) ** rest * comb(count - 1, rest)
        rules = [_rule(context.dps, s, k + 1) for s, k in zip(supports, extra, strict=True)]
        for nodes in product(*rules):
            weigh = context.mpf(sign)
            for _, each in nodes:
                weigh = weigh * each
            term = function([context.convert(x) for x, _ in nodes]) * weigh
            total = term if total is None else total + term
    return total


def _splits(most: int, count: int) -> Iterator[tuple[int, ...]]:
    if count == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in _splits(most - first, count - 1):
            yield (first, *rest)


# Everything else.


def integral(context: Any, function: Function, support: str, *, is_fine: bool) -> Reached:
    """Integrate what has a density in it, and falls off as one, over all of a support."""

    def inside(x: Any) -> Any:
        return context.zero if x in ENDS[support] else function(x) / weight(context, support, x)

    aim = AIM if is_fine else AIM**0.5  # a step further, what is left is the square of that
    return _one(context, inside, support, lambda _: [], smooth=True, aim=aim)


def _one(
    context: Any, function: Function, support: str, gaps: Function, *, smooth: bool,
    aim: float = AIM,
) -> Reached:  # fmt: skip
    """Integrate over one variable, between the places at which a branch changes."""
    lower, upper = (context.mpf(each) for each in ENDS[support])
    breaks = [] if smooth else _breaks(context, gaps, support, lower, upper)
    total: Any = None
    error = mass = context.zero
    for a, b in pairwise([lower, *breaks, upper]):
        value, off, its_mass = _panel(
            context, lambda x: function(x) * weight(context, support, x), a, b, aim
        )
        total = value if total is None else total + value
        error, mass = error + off, mass + its_mass
    scale = size(total) if size(total) > NOTHING**0.5 * mass else mass
    relative = float(error / scale) if scale else 0.0
    if not relative <= ENOUGH:
        raise TooLarge(f"a mean was not found to {ENOUGH:.0e}")
    return total, relative


def _panel(
    context: Any, function: Function, a: Any, b: Any, aim: float = AIM
) -> tuple[Any, Any, Any]:
    """Return an integral, its error and that of the absolute value, by halving a step."""
    change = _change(context, a, b)

    def term(at: Any) -> Any:
        x, slope = change(at)
        return function(x) * slope if slope else context.zero

    total, mass = _ladder(context, term, context.zero, context.one / 2)
    before, step = total / 2, context.one / 2
    for _ in range(4):
        more, its_mass = _ladder(context, term, step / 2, step)
        total, mass, step = total + more, mass + its_mass, step / 2
        value = total * step
        error = size(value - before)
        if error <= aim * mass * step:
            break
        before = value
    return value, error, mass * step


def _ladder(context: Any, term: Function, start: Any, step: Any) -> tuple[Any, Any]:
    """Add the terms at a start and at all steps from it, until they are nothing."""
    total, mass = context.zero, context.zero
    for sign in (1, -1):
        at, small = start if sign > 0 else start - step, 0
        while small < 4 and abs(at) < 200:
            each = term(at)
            amount = size(each)
            total, mass = total + each, mass + amount
            small = small + 1 if amount <= NOTHING * mass and abs(at) > 3 else 0
            at = at + sign * step
    return total, mass


def _change(context: Any, a: Any, b: Any) -> Function:
    """Return a change of the variable under which the integrand falls off at both ends."""
    exp = context.exp

    def line(u: Any) -> tuple[Any, Any]:
        return u, context.one

    def outwards(u: Any) -> tuple[Any, Any]:
        far = exp(u - exp(-u))
        return (b - far if context.isinf(a) else a + far), (1 + exp(-u)) * far

    def between(u: Any) -> tuple[Any, Any]:
        down = exp(-context.pi * context.sinh(abs(u)))
        near = (b - a) * down / (1 + down)
        slope = (b - a) * context.pi * context.cosh(u) * down / (1 + down) ** 2
        return (b - near if u > 0 else a + near), slope

    infinite = context.isinf(a) + context.isinf(b)
    return (between, outwards, line)[infinite]


# Where a branch changes.


def _breaks(context: Any, gaps: Function, support: str, lower: Any, upper: Any) -> list[Any]:
    """Return where one of the numbers whose signs decide branches is 0."""
    known = {context.mpf(x): gaps(context.mpf(x)) for x in PROBES[support]}
    found: set[Any] = set()
    for _ in range(4):
        new: set[Any] = set()
        for k in range(max(len(each) for each in known.values())):
            places = [x for x in sorted(known) if k < len(known[x])]
            for x, y in pairwise(places):
                if known[x][k] * known[y][k] < 0 and not any(x < each < y for each in found):
                    new.add(_zero(context, lambda at: gaps(at)[k], x, y))  # noqa: B023
            for x, y, z in zip(places, places[1:], places[2:], strict=False):
                vertex = _vertex((x, known[x][k]), (y, known[y][k]), (z, known[z][k]))
                if vertex is not None and x < vertex < z and vertex not in known:
                    known[vertex] = gaps(vertex)
        for each in new:
            known[each] = gaps(each)
        found |= new
    return sorted(each for each in found if lower < each < upper)


def _vertex(first: Any, second: Any, third: Any) -> Any:
    """Return where a parabola through three places comes nearest to 0, if it is between them."""
    (x, a), (y, b), (z, c) = first, second, third
    if not (a * b > 0 and b * c > 0 and abs(b) <= abs(a) and abs(b) <= abs(c)):
        return None
    left, right = (b - a) / (y - x), (c - b) / (z - y)
    return (x + y) / 2 - left * (z - x) / (2 * (right - left)) if left != right else None


def _zero(context: Any, gap: Function, x: Any, y: Any) -> Any:
    """Return where a number changes its sign, by the method of Illinois."""
    a, b = gap(x), gap(y)
    for _ in range(120):
        at = (x * b - y * a) / (b - a)
        value = gap(at)
        if value == 0 or abs(y - x) <= context.eps * abs(at) * 1e6:
            return at
        if value * b < 0:
            x, a = y, b
        else:
            a = a / 2
        y, b = at, value
    return at
