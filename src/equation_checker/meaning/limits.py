"""Integrals, limits, series and extrema as numbers, each with the relative error that it reached.

All work on mpmath numbers; what they are given is a function to be asked for values. A search that
does not settle ends in ``TooLarge``: nothing is known then, and nothing is guessed.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from equation_checker.language import tree as t
from equation_checker.language.errors import TooLarge, Undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Function = Callable[[Any], Any]
    Reached = tuple[Any, float]
    """A value and its relative error."""

ENOUGH = 1e-9
"""A relative error that is accepted."""
DIGITS = 16
"""Digits of the numbers with which limits are found: fewer than elsewhere, each is slow."""
INTEGRAND_DIGITS = 25
"""Digits with which an integrand is computed, but for a derivative, which takes them all."""
FINE = 1e-20
FALLS = 0.98
"""By how much the ratio of the terms of a series must fall to be taken for one that vanishes."""
LEVELS = 16
"""Halvings of a step; sums of whole numbers stop at half as many."""


def is_limit(node: t.Node) -> bool:
    """Tell whether a node is found by a limit or a search."""
    if isinstance(node, t.Expectation):
        return node.distribution is None or isinstance(node.distribution, t.Law)
    return isinstance(node, (t.Integral, t.Limit, t.Extremum)) or node == t.Constant(r"\infty")


def integral(context: Any, function: Function, lower: Any, upper: Any) -> Reached:
    """Integrate by Gauss, and where that does not settle by the tanh-sinh rule."""
    ends = [lower, upper]
    if lower == -context.inf and upper == context.inf:
        ends = [lower, context.zero, upper]
    elif not context.isinf(lower) and not context.isinf(upper):
        value, error = context.quadgl(function, ends, error=True)
        if error <= FINE * max(abs(value), 1):
            return value, float(error)
    value, error = context.quad(function, ends, error=True)
    for end, other in (ends, ends[::-1]) if len(ends) == 2 else ():
        if not context.isinf(end) and not context.isinf(other):
            # What may lie beyond the last place.
            part = (other - end) * context.eps * 10
            error += 10 * abs(function(end + part) * part)
    return _settled(value, error, "the integral")


def limit(context: Any, function: Function, to: Any, side: str, *, whole: bool) -> Reached:
    """Extrapolate from both sides, or from one, to the place that is never reached."""
    if context.isinf(to):
        levels = LEVELS // 2 if whole else LEVELS
        sign = 1 if to > 0 else -1
        places = [sign * context.mpf(2) ** k for k in range(1, levels + 1)]
        far = [] if whole else [sign * context.mpf(10) ** k for k in (20, 24)]
        return _extrapolated(function, places, far)
    found = []
    for sign in {"": (1, -1), "+": (1,), "-": (-1,)}[side]:
        places = [to + sign * context.mpf(2) ** -k for k in range(1, LEVELS + 1)]
        near = [to + sign * context.mpf(10) ** -k for k in (20, 24)]
        found.append(_extrapolated(function, places, near))
    value, error = found[0]
    for other, its_error in found[1:]:
        if abs(other - value) > ENOUGH * max(abs(value), 1):
            raise Undefined("the limits from the two sides differ")
        error = max(error, its_error)
    return value, error


def series(context: Any, term: Function, start: int) -> Reached:
    """Add terms until the rest is nothing, or extrapolate the partial sums."""
    total, sums, after = context.zero, [], [start + 2**k for k in range(1, LEVELS // 2 + 1)]
    before, small, ratio = None, 0, {}
    for k in range(start, after[-1]):
        if k in after:
            sums.append(total)
        each = term(k)
        total = total + each
        shrinks = before is None or abs(each) <= 0.9 * abs(before)
        small = small + 1 if shrinks and abs(each) <= 1e-25 * max(abs(total), 1) else 0
        ratio[k] = abs(each / before) if before else 0
        before = each
        if small == 3:
            return total, 1e-24
    middle, last = after[-2], after[-1] - 1
    end = (last * ratio[last] - middle * ratio[middle]) / (last - middle)  # with 1 / k gone
    if ratio[last] >= max(1, FALLS * ratio[middle]) and end >= 1:
        raise Undefined("the terms of the series do not fall")
    return _richardson([*sums, total], "the series")


def bound(context: Any, function: Function, starts: Sequence[list[Any]], sign: int) -> Any:
    """Return the smallest (``sign`` 1) or largest value that a function has, or comes close to."""
    found = []
    with suppress(TooLarge):
        found.append(sign * function(extremum(context, function, starts, sign)))
    for start in starts:
        for way in (1, -1):
            with suppress(Undefined, ZeroDivisionError, OverflowError):
                near, far = (
                    sign * function([way * each * context.mpf(10) ** k for each in start])
                    for k in (3, 6)
                )
                if abs(far - near) <= ENOUGH * max(abs(far), 1):
                    found.append(far)
                elif far < near:
                    raise TooLarge("there is no extremum, or it was not found")
    if not found:
        raise TooLarge("no extremum was found")
    return sign * min(found)


def extremum(context: Any, function: Function, starts: Sequence[list[Any]], sign: int) -> list[Any]:
    """Return where a function of several numbers is smallest (``sign`` 1) or largest (-1)."""
    found = []
    for start in starts:
        try:
            place = _descended(context, lambda x: sign * function(x), start)
        except (Undefined, ZeroDivisionError, OverflowError):
            continue
        found.append((sign * function(place), place))
    if not found:
        raise TooLarge("no extremum was found")
    best = min(found, key=lambda each: each[0])
    for start in starts:  # a place from which a far point is better is no extremum
        for stretch in (1, 30):
            far = [b + stretch * s for b, s in zip(best[1], start, strict=True)]
            try:
                if sign * function(far) < best[0] - ENOUGH * max(abs(best[0]), 1):
                    raise TooLarge("there is no extremum, or it was not found")
            except (ZeroDivisionError, OverflowError):
                continue
    return best[1]


def _descended(context: Any, function: Function, start: list[Any]) -> list[Any]:
    """Take Newton steps, damped until they descend, to where the slope vanishes."""
    place, step = list(start), context.mpf(10) ** -(context.dps // 4)
    size, damping = len(place), context.mpf(1) / 8
    value = function(place)
    for _ in range(60):
        slope, bend = _slopes(context, function, place, step)
        if max(abs(each) for each in slope) <= 1e3 * step * step * max(abs(value), 1):
            return place
        for _ in range(40):
            damped = bend + damping * context.eye(size)
            try:
                move = context.lu_solve(damped, context.matrix(slope))
            except ZeroDivisionError:
                damping = damping * 8
                continue
            new = [place[k] - move[k] for k in range(size)]
            trial = function(new)
            if trial <= value:
                place, value, damping = new, trial, damping / 64
                break
            damping = max(damping * 8, context.mpf(10) ** -8)
        else:
            return place
    raise TooLarge("the search for an extremum did not settle")


def _slopes(context: Any, function: Function, at: list[Any], step: Any) -> tuple[list[Any], Any]:
    """Return the slope and the matrix of second derivatives, by differences."""

    def value(*moves: tuple[int, int]) -> Any:
        moved = list(at)
        for k, sign in moves:
            moved[k] = moved[k] + sign * step
        return function(moved)

    size, middle = len(at), function(at)
    up, down = [value((k, 1)) for k in range(size)], [value((k, -1)) for k in range(size)]
    slope = [(u - d) / (2 * step) for u, d in zip(up, down, strict=True)]
    bend = context.matrix(size)
    for k in range(size):
        bend[k, k] = (up[k] - 2 * middle + down[k]) / step**2
        for j in range(k):
            mixed = value((j, 1), (k, 1)) - up[j] - up[k] + middle
            bend[k, j] = bend[j, k] = mixed / step**2
    return slope, bend


def _extrapolated(function: Function, places: list[Any], far: list[Any]) -> Reached:
    try:
        return _richardson([function(each) for each in places], "the limit")
    except Undefined:
        if not far:
            raise
    first, last = (function(each) for each in far)
    return _settled(last, abs(last - first), "the limit")


def _richardson(values: list[Any], what: str) -> Reached:
    """Extrapolate values at halved steps, assuming powers of the step; keep what settles best."""
    row, found = list(values), []
    for power in range(1, len(values) - 1):
        row = [after + (after - before) / (2**power - 1) for before, after in pairwise(row)]
        found.append((abs(row[-1] - row[-2]), row[-1]))
    error, value = min(found, key=lambda each: each[0])
    return _settled(value, error, what)


def _settled(value: Any, error: Any, what: str) -> Reached:
    relative = float(error / max(abs(value), 1))
    if not relative <= ENOUGH:
        raise TooLarge(f"{what} was not found to {ENOUGH:.0e}")
    return value, relative
