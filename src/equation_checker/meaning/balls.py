"""Numbers with proven error bounds (Arb): where two values differ as balls, they do differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering
from typing import TYPE_CHECKING, Any

import flint
import numpy as np

from equation_checker.language.errors import Undefined
from equation_checker.meaning.fields import Field, Nested, Value, has_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

SLOPES: dict[str, Callable[[Any], Any]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: 1 / x,
    "sqrt": lambda x: 1 / (2 * x.sqrt()),
    "tanh": lambda x: 1 - x.tanh() * x.tanh(),  # a power of a ball around 0 is no number
    "sin": lambda x: x.cos(),
    "cos": lambda x: -x.sin(),
    "sinh": lambda x: x.cosh(),
    "cosh": lambda x: x.sinh(),
    "asin": lambda x: 1 / (1 - x * x).sqrt(),
    "acos": lambda x: -1 / (1 - x * x).sqrt(),
    "atan": lambda x: 1 / (1 + x * x),
    "asinh": lambda x: 1 / (1 + x * x).sqrt(),
    "acosh": lambda x: 1 / (x * x - 1).sqrt(),
    "atanh": lambda x: 1 / (1 - x * x),
    "erf": lambda x: (-x * x).exp() * 2 / flint.arb.pi().sqrt(),
    "erfc": lambda x: (-x * x).exp() * -2 / flint.arb.pi().sqrt(),
    "gamma": lambda x: x.gamma() * x.digamma(),
}
"""The derivatives of the elementary functions, for dual numbers."""


@dataclass(frozen=True, eq=False)
class Dual:
    """A ball and its slope."""

    value: Any
    slope: Any

    def __add__(self, other: Any) -> Dual:
        a = _dual(other)
        return Dual(self.value + a.value, self.slope + a.slope)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return _dual(other) - self

    def __mul__(self, other: Any) -> Dual:
        a = _dual(other)
        return Dual(self.value * a.value, self.slope * a.value + self.value * a.slope)

    def __truediv__(self, other: Any) -> Dual:
        a = _dual(other)
        ratio = self.value / a.value
        return Dual(ratio, (self.slope - ratio * a.slope) / a.value)

    def __rtruediv__(self, other: Any) -> Dual:
        return _dual(other) / self

    __radd__, __rmul__ = __add__, __mul__


def _dual(x: Any) -> Dual:
    return x if isinstance(x, Dual) else Dual(flint.arb(x), flint.arb(0))


@total_ordering
@dataclass(frozen=True, eq=False)
class Certain:
    """A ball in a comparison, which is refused where the balls overlap."""

    ball: Any

    def __lt__(self, other: Any) -> bool:
        return self._sign(other) < 0

    def __eq__(self, other: object) -> bool:
        return self._sign(other) == 0

    def __hash__(self) -> int:
        return hash(str(self.ball))

    def __int__(self) -> int:
        return int(self.ball.floor().unique_fmpz())

    def __neg__(self) -> Certain:
        return Certain(-self.ball)

    def __abs__(self) -> Certain:
        return Certain(abs(self.ball))

    def _sign(self, other: Any) -> int:
        difference = self.ball - (other.ball if isinstance(other, Certain) else other)
        if difference > 0 or difference < 0:
            return 1 if difference > 0 else -1
        if difference == 0:
            return 0
        raise Undefined("balls that overlap cannot be compared")


class Balls(Field):
    """Arb balls; derivatives by dual numbers."""

    name = "Arb balls"
    method = "dual numbers"
    tolerance = 0.0

    def __init__(self) -> None:
        self._inside = False

    def number(self, value: Fraction) -> Any:
        """Return a ball around a rational number."""
        return flint.arb(value.numerator) / value.denominator

    def constant(self, name: str) -> Any:
        """Return pi or e."""
        return flint.arb.pi() if name == r"\pi" else flint.arb(1).exp()

    def function(self, name: str, x: Any) -> Any:
        """Return an elementary function of a ball or a dual number."""
        value = x.value if isinstance(x, Dual) else x
        if not has_value(name, Certain(value), slope=isinstance(x, Dual)):
            raise Undefined(f"{name} of {value}")
        image = getattr(value, name)()
        return Dual(image, SLOPES[name](value) * x.slope) if isinstance(x, Dual) else image

    def real(self, x: Any) -> Certain:
        """Return a ball that can be compared."""
        return Certain(x.value if isinstance(x, Dual) else x)

    def power(self, base: Any, exponent: int) -> Any:
        """Return a whole power by repeated squaring."""
        result, left = flint.arb(1), abs(exponent)
        while left:
            result = base * result if left % 2 else result
            base, left = base * base, left // 2
        return result if exponent >= 0 else 1 / result

    def derivative(self, function: Callable[[Any], Value], x: Any) -> Value:
        """Return the slope of the function at a dual number."""
        if self._inside:
            raise Nested
        self._inside = True
        try:
            value = function(Dual(x, flint.arb(1)))
        finally:
            self._inside = False
        return np.frompyfunc(lambda each: _dual(each).slope, 1, 1)(value)


def apart(left: Value, right: Value) -> bool:
    """Tell whether two values surely differ in some entry."""
    difference = np.atleast_1d(np.asarray(left - right, dtype=object))
    return any(not flint.arb(each).contains(0) for each in difference.flat)
