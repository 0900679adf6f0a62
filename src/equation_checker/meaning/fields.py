"""Number fields: what numbers are, and how each of them finds a derivative.

All fields serve one evaluator. ``Float64`` steps into the complex plane, ``Decimal`` (mpmath) takes
central differences at more than twice the digits: neither knows a rule of differentiation.
"""

from __future__ import annotations

import cmath
import math
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from equation_checker.language.errors import TooLarge, Undefined
from equation_checker.meaning.budget import TooMuch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from equation_checker.language.notation import Domain

LARGEST = 4000
"""Binary digits before the point of what exp, sin and the like are taken of."""

DOMAIN: dict[str, Callable[[Any], bool]] = {
    "log": lambda x: x > 0,
    "sqrt": lambda x: x > 0,
    "asin": lambda x: -1 < x < 1,
    "acos": lambda x: -1 < x < 1,
    "acosh": lambda x: x > 1,
    "atanh": lambda x: -1 < x < 1,
    "gamma": lambda x: x > 0 or x != int(x),
}
"""Where a function has a value, and a slope."""
ENDS = {"sqrt": (0,), "asin": (-1, 1), "acos": (-1, 1), "acosh": (1,)}
"""Where a function has a value, but no slope."""
STEEP = ("exp", "sinh", "cosh", "tanh", "sin", "cos", "gamma")
"""Functions of which a large number is too much for many digits."""
NOT_COMPLEX = ("erf", "erfc", "gamma")


def has_value(name: str, x: Any, *, slope: bool = False) -> bool:
    """Tell whether a function has a value at a real number, or also a slope."""
    return name not in DOMAIN or DOMAIN[name](x) or (not slope and x in ENDS.get(name, ()))


Scalar = Any
"""A number of a field: float or complex, mpf, arb, or a SymPy expression."""

Value = Any
"""A scalar, or a two-dimensional array of scalars."""


DEEP = 4
"""Derivatives within derivatives for which digits are kept, where there are any."""


class Nested(Exception):  # noqa: N818
    """A derivative of a derivative, which this field does not offer."""


class Field:
    """What the evaluator asks of its numbers."""

    name = ""
    method = ""
    """How it differentiates."""
    cost = 1
    """How many steps one operation is."""
    tolerance = 0.0
    """A relative difference that its rounding can make."""
    differentiates = False
    """Whether a derivative is being found."""
    context: Any = None
    """The context of mpmath, for what is found by limits and searches."""
    sampled = False
    """Whether functions are only sampled now, for what their values have in common."""

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Let functions take values so small, or so large, that their digits would be lost."""
        before, self.sampled = self.sampled, True
        try:
            yield
        finally:
            self.sampled = before

    def number(self, value: Fraction) -> Scalar:
        """Return a rational number."""
        raise NotImplementedError

    def entry(self, name: str, value: Fraction, domain: Domain) -> Scalar:  # noqa: ARG002
        """Return what stands for an entry of a symbol for which a number was drawn."""
        return self.number(value)

    def constant(self, name: str) -> Scalar:
        """Return the value of pi or e."""
        raise NotImplementedError

    def function(self, name: str, x: Scalar) -> Scalar:
        """Return an elementary function of a number, or erf, erfc or gamma."""
        raise NotImplementedError

    def real(self, x: Scalar) -> Any:
        """Return something that can be compared."""
        return x

    def power(self, base: Scalar, exponent: int) -> Scalar:
        """Return a whole power."""
        return base**exponent

    def analysis(self) -> Any:
        """Return the context of mpmath, which alone finds integrals, limits and extrema."""
        if self.context is None:
            raise Nested
        return self.context

    def reached(self, found: tuple[Value, float]) -> Value:
        """Compare from now on no finer than a value was found."""
        value, error = found
        self.tolerance = max(self.tolerance, 10 * error)
        return value

    def derivative(self, function: Callable[[Scalar], Value], x: Scalar) -> Value:
        """Return the derivative of a function of one number."""
        raise NotImplementedError


class Float64(Field):
    """Double precision; derivatives by a step of 1e-30 in the imaginary direction."""

    name = "float64"
    method = "complex step"
    tolerance = 1e-9
    step = 1e-30

    def __init__(self) -> None:
        self._inside = False

    def number(self, value: Fraction) -> float:
        """Return the nearest double."""
        return float(value)

    def constant(self, name: str) -> float:
        """Return pi or e."""
        return {r"\pi": math.pi, "e": math.e}[name]

    def function(self, name: str, x: Any) -> Any:
        """Return an elementary function of a real or complex number."""
        if not has_value(name, x.real, slope=self._inside):
            raise Undefined(f"{name} of {x.real:.3g}")
        if isinstance(x, complex) and name in NOT_COMPLEX:
            raise Nested
        try:
            return getattr(cmath if isinstance(x, complex) else math, name)(x)
        except OverflowError:
            raise TooLarge(f"{name} of {x.real:.3g} is too large") from None

    def real(self, x: Any) -> float:
        """Return the real part."""
        return x.real  # type: ignore[no-any-return]

    def derivative(self, function: Callable[[Any], Any], x: Any) -> Any:
        """Return the imaginary part of one step, which loses no digits to a difference."""
        if self._inside:
            raise Nested
        self._inside = True
        try:
            value = function(complex(x, self.step))
        finally:
            self._inside = False
        imaginary = np.frompyfunc(lambda each: complex(each).imag / self.step, 1, 1)
        return imaginary(value)


@cache
def context_of(digits: int) -> Any:
    """Return mpmath at so many digits; to make it takes longer than most claims."""
    context = mpmath.MPContext()
    context.dps = digits
    return context


class Decimal(Field):
    """mpmath at many digits; derivatives by central differences with a step of 10^-digits."""

    method = "central differences"
    cost = 4

    def __init__(self, digits: int = 50, depth: int = 1, *, is_lossy: bool = False) -> None:
        self.digits = digits
        self.depth = depth
        self.name = f"{digits} digits"
        self.tolerance = 10.0 ** -(digits * 6 // 5)
        self.context = context_of(digits * (3 if depth == 1 else 6) + 10)  # four derivatives fit
        self._step = self.context.mpf(10) ** -digits
        self._inside = 0
        self._largest = math.inf if is_lossy else self.context.dps - digits * 6 // 5
        """Of an exponential: beyond, its distance to 0 or 1 would be lost in the digits kept."""

    def number(self, value: Fraction) -> Any:
        """Return a rational number to all digits."""
        return self.context.mpf(value.numerator) / value.denominator

    def constant(self, name: str) -> Any:
        """Return pi or e."""
        return {r"\pi": +self.context.pi, "e": +self.context.e}[name]

    def function(self, name: str, x: Any) -> Any:
        """Return an elementary function."""
        if not has_value(name, x):
            raise Undefined(f"{name} of {mpmath.nstr(x, 3)}")
        far = not self.sampled and abs(x) > self._largest
        if name in ("exp", "tanh", "sinh", "cosh") and far:
            raise TooLarge(f"{name} of {mpmath.nstr(x, 3)} is too large")
        if self.context.mag(x) > LARGEST and name in STEEP:
            raise TooMuch(f"{name} of a number of so many digits")
        return getattr(self.context, name)(x)

    def derivative(self, function: Callable[[Any], Any], x: Any) -> Any:
        """Return a central difference; each within another costs the digits of one step."""
        if self._inside == self.depth:
            raise TooLarge("derivatives within derivatives lose too many digits")
        self._inside += 1
        self.differentiates = True
        try:
            return (function(x + self._step) - function(x - self._step)) / (2 * self._step)
        finally:
            self._inside -= 1
            self.differentiates = self._inside > 0
