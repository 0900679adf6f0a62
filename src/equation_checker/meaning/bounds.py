"""Between which numbers an expression lies, whatever is drawn: so much as intervals tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import exp, inf
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.functions import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import Domain, Notation


@dataclass(frozen=True)
class Interval:
    """All numbers between two ends, which belong to it unless it is open there."""

    low: float = -inf
    high: float = inf
    above: bool = False
    """Whether all are larger than the lower end."""
    below: bool = False

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.low + other.low, self.high + other.high,
            self.above or other.above, self.below or other.below,
        )  # fmt: skip

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.below, self.above)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b if a and b else 0.0 for a in (self.low, self.high)
                for b in (other.low, other.high)]  # fmt: skip
        return Interval(min(ends), max(ends), self.is_positive and other.is_positive)

    @property
    def is_positive(self) -> bool:
        """Tell whether 0 and all below it are left out."""
        return self.low > 0 or (self.low == 0 and self.above)

    @property
    def is_never_negative(self) -> bool:
        """Tell whether all below 0 is left out."""
        return self.low >= 0

    def inverse(self) -> Interval:
        """Return where 1 over a number lies."""
        if (-self).is_positive:
            return -(-self).inverse()
        if self.low < 0 or not self.high:
            return REALS
        return Interval(
            1 / self.high, 1 / self.low if self.low else inf, self.below or self.high == inf,
            self.above,
        )  # fmt: skip


MOST = 10**300
REALS, NONNEGATIVE, POSITIVE = Interval(), Interval(0), Interval(0, above=True)
FIXED = {
    "tanh": Interval(-1, 1, above=True, below=True), "sigmoid": Interval(0, 1, True, True),
    "erf": Interval(-1, 1, above=True, below=True), "sin": Interval(-1, 1), "cos": Interval(-1, 1),
    "sign": Interval(-1, 1), "exp": POSITIVE, "softplus": POSITIVE, "cosh": Interval(1),
    "sqrt": NONNEGATIVE, "relu": NONNEGATIVE, "softmax": NONNEGATIVE, "erfc": Interval(0, 2),
}  # fmt: skip
"""Where the values of functions lie at least."""
ENDS = {"positive": POSITIVE, "nonnegative": NONNEGATIVE, "simplex": Interval(0, 1),
        "natural": Interval(1), "whole": NONNEGATIVE}  # fmt: skip


class Bounds:
    """Finds intervals in one notation; of names that a tree or a definition binds it knows none."""

    def __init__(self, notation: Notation, bodies: Sequence[t.Node]) -> None:
        self.notation = notation
        self.bound = {
            str(getattr(each, each.binds)) for body in bodies for each in t.walk(body) if each.binds
        }
        for definitions in notation.definitions.values():
            self.bound |= {name for each in definitions for name in each.bound}
        self.depth = 0

    def of(self, node: t.Node) -> Interval:  # noqa: C901, PLR0911, PLR0912
        """Return an interval in which each entry of an expression lies."""
        match node:
            case t.Number(value) if abs(value) < MOST:
                return Interval(float(value), float(value))
            case t.Add(terms):
                return reduce(Interval.__add__, map(self.of, terms))
            case t.Negative(of):
                return -self.of(of)
            case t.Product(factors, ""):
                if len({*factors}) == 1 and len(factors) == 2:
                    return NONNEGATIVE
                return reduce(Interval.__mul__, map(self.of, factors))
            case t.Divide(above, below):
                return self.of(above) * self.of(below).inverse()
            case t.Power(t.Constant("e"), exponent):
                return self._exp(exponent)
            case t.Power(base, exponent):
                return self._power(self.of(base), exponent)
            case t.Absolute() | t.Norm():
                return NONNEGATIVE
            case t.Indicator():
                return Interval(0, 1)
            case t.Cases(values):
                found = [self.of(each) for each in values]
                return Interval(min(f.low for f in found), max(f.high for f in found))
            case t.Reduce("sum" | "prod" | "max" | "min" | "sup" | "inf" as name, of=of):
                return self._reduced(name, self.of(of))
            case t.Apply(t.Symbol(name), arguments, 0):
                return self._applied(name, arguments)
            case t.Symbol(name) | t.Component(t.Symbol(name)):
                return self._symbol(name)
            case _:
                return REALS

    def _exp(self, exponent: t.Node) -> Interval:
        inside = self.of(exponent)
        ends = (exp(min(inside.low, 99)), exp(inside.high) if inside.high < 99 else inf)
        return Interval(*ends, inside.low == -inf or inside.above, inside.below)

    def _power(self, base: Interval, exponent: t.Node) -> Interval:
        is_even = isinstance(exponent, t.Number) and exponent.value % 2 == 0
        if base.is_positive:
            return POSITIVE
        return NONNEGATIVE if base.is_never_negative or is_even else REALS

    def _reduced(self, name: str, inside: Interval) -> Interval:
        if name in ("sum", "prod"):
            return NONNEGATIVE if inside.is_never_negative else REALS
        return inside

    def _applied(self, name: str, arguments: Sequence[t.Node]) -> Interval:
        if name in self.notation.entries:
            return self._symbol(name)
        short = BUILT_IN[name].name if name in BUILT_IN else ""
        if short == "exp":
            return self._exp(arguments[0])
        if short in ("max", "min") and len(arguments) > 1:
            found = [self.of(each) for each in arguments]
            pick = max if short == "max" else min
            return Interval(pick(f.low for f in found), pick(f.high for f in found))
        return FIXED.get(short, REALS)

    def _symbol(self, name: str) -> Interval:
        entry = self.notation.entries.get(name)
        definitions = self.notation.definitions.get(name, ())
        if entry is None or name in self.bound or entry.kind == "random" or self.depth > 8:
            return REALS
        if definitions:
            if len(definitions) > 1 or definitions[0].components or entry.dimensions:
                return REALS
            self.depth += 1
            found = self.of(definitions[0].body)
            self.depth -= 1
            return found
        return Interval(1) if entry.kind == "size" else _ends(entry.domain)


def _ends(domain: Domain) -> Interval:
    if domain.matrix:
        return REALS
    if domain.kind == "interval":
        return Interval(float(domain.values[0]), float(domain.values[1]), above=True, below=True)
    if domain.kind == "finite" and domain.values:
        return Interval(float(min(domain.values)), float(max(domain.values)))
    return ENDS.get(domain.kind, REALS)


def never(node: t.Node, way: int, bounds: Bounds) -> bool:
    """Tell whether a part cannot turn out in some way."""
    match node:
        case t.Absolute(of):
            return _never_of_sign(bounds.of(of), way)
        case t.Indicator(condition=t.Comparison() as condition) | (t.Comparison() as condition):
            return _never_true(condition, way, bounds)
        case t.Apply(t.Symbol(name), arguments) if name in BUILT_IN:
            short = BUILT_IN[name].name
            if short in ("relu", "sign"):
                return _never_of_sign(bounds.of(arguments[0]), way)
            if short in ("max", "min"):
                found = [bounds.of(each) for each in arguments]
                found = found if short == "max" else [-each for each in found]
                return any(found[way].high <= each.low for k, each in enumerate(found) if k != way)
    return False


def _never_of_sign(inside: Interval, way: int) -> bool:
    return inside.high <= 0 if way else inside.is_never_negative


def _never_true(condition: t.Comparison, way: int, bounds: Bounds) -> bool:
    """Tell whether a comparison cannot be true (``way`` 1), or not be false."""
    by = bounds.of(condition.left) + -bounds.of(condition.right)
    by = by if condition.relation in (">", r"\ge") else -by
    if condition.relation not in ("<", ">", r"\le", r"\ge"):
        return False
    touches = condition.relation in (r"\le", r"\ge")
    if way:
        return (-by).is_positive or (not touches and by.high <= 0)
    return by.is_positive or (touches and by.is_never_negative)
