"""Values of the functions that a field does not know by itself, made of those that it does."""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from equation_checker.language.errors import Undefined
from equation_checker.meaning import matrices
from equation_checker.meaning.budget import SMALL, TooMuch, spend

if TYPE_CHECKING:
    from collections.abc import Callable

    from equation_checker.meaning.fields import Field, Value

LARGEST = 10_000
"""Whole numbers up to which factorials and binomial coefficients are computed."""


def _sigmoid(numbers: Field, x: Value) -> Value:
    if numbers.real(x) < 0:
        small = numbers.function("exp", x)
        return small / (small + 1)
    return 1 / (numbers.function("exp", -x) + 1)


def _softplus(numbers: Field, x: Value) -> Value:
    rest = numbers.function("log", numbers.function("exp", -_absolute(numbers, x)) + 1)
    return x + rest if numbers.real(x) > 0 else rest


def _absolute(numbers: Field, x: Value) -> Value:
    return -x if numbers.real(x) < 0 else x


def _sign(numbers: Field, x: Value) -> Value:
    real = numbers.real(x)
    return numbers.number(Fraction((real > 0) - (real < 0)))


def _normal(numbers: Field, x: Value) -> Value:
    root = numbers.function("sqrt", numbers.number(Fraction(2)))
    return numbers.function("erfc", -x / root) / 2


def _floor(numbers: Field, x: Value) -> Value:
    real = numbers.real(x)
    if not abs(real) < SMALL:
        raise TooMuch("the whole part of a number of so many digits")
    below = int(real)
    below -= 1 if real < below else 0
    for whole in (below, below + 1):
        if real != whole and numbers.tolerance and abs(real - whole) < numbers.tolerance:
            raise Undefined("the whole part of what is whole up to rounding")
    return numbers.number(Fraction(below))


def _whole(numbers: Field, x: Value, what: str) -> int:
    """Return a whole number; what is only near one has no value."""
    real = numbers.real(x)
    if not abs(real) < LARGEST:
        raise TooMuch(f"{what} of a number that is too large")
    if x != int(real):
        raise Undefined(f"{what} of what is no whole number")
    return int(real)


def _factorial(numbers: Field, x: Value) -> Value:
    whole = _whole(numbers, x, "the factorial")
    if whole < 0:
        raise Undefined("the factorial of a negative number")
    try:
        return numbers.number(Fraction(factorial(whole)))
    except OverflowError:
        raise Undefined("a factorial that is too large") from None


def _binomial(numbers: Field, above: Value, below: Value) -> Value:
    whole = _whole(numbers, below, "the binomial coefficient")
    spend(numbers.cost * abs(whole))
    result = numbers.number(Fraction(int(whole >= 0)))
    for k in range(whole):
        result = result * (above - k) / (k + 1)
    return result


def _clip(numbers: Field, x: Value, lower: Value, upper: Value) -> Value:
    if numbers.real(lower) > numbers.real(upper):
        raise Undefined("an interval that ends before it begins")
    return min(max(x, lower, key=numbers.real), upper, key=numbers.real)


OF_NUMBERS: dict[str, Callable[..., Value]] = {
    "relu": lambda f, x: x if f.real(x) > 0 else x * 0,
    "sign": _sign,
    "tan": lambda f, x: f.function("sin", x) / f.function("cos", x),
    "cot": lambda f, x: f.function("cos", x) / f.function("sin", x),
    "sec": lambda f, x: 1 / f.function("cos", x),
    "csc": lambda f, x: 1 / f.function("sin", x),
    "coth": lambda f, x: 1 / f.function("tanh", x),
    "normal": _normal,
    "factorial": _factorial,
    "binomial": _binomial,
    "floor": _floor,
    "ceil": lambda f, x: -_floor(f, -x),
    "sigmoid": _sigmoid,
    "logit": lambda f, x: f.function("log", x) - f.function("log", 1 - x),
    "softplus": _softplus,
    "clip": _clip,
}
"""Functions of numbers; the others are functions of a field."""


def _powers(numbers: Field, column: Value) -> Value:
    return np.frompyfunc(lambda x: numbers.function("exp", x), 1, 1)(column)


def _softmax(numbers: Field, column: Value) -> Value:
    powers = _powers(numbers, column)
    return powers / powers.sum()


def _diag(numbers: Field, array: Value) -> Value:
    if array.shape[1] == 1:
        return matrices.identity(numbers, len(array)) * array
    return array.diagonal()[:, None]


def _extreme(sign: int) -> Callable[[Field, Value], Value]:
    def eigenvalue(numbers: Field, square: Value) -> Value:
        values, _ = matrices.eigen(numbers, square)
        return max(values, key=lambda each: numbers.real(each * sign))

    return eigenvalue


OF_ARRAYS: dict[str, Callable[[Field, Value], Value]] = {
    "tr": lambda _, array: array.trace(),
    "det": matrices.determinant,
    "rank": matrices.rank,
    "pinv": matrices.pseudo_inverse,
    "largest": _extreme(1),
    "smallest": _extreme(-1),
    "diag": _diag,
    "vec": lambda _, array: array.T.reshape(-1, 1),
    "softmax": _softmax,
    "logsumexp": lambda f, column: f.function("log", _powers(f, column).sum()),
}
"""Functions of a whole vector or matrix."""


def of_numbers(numbers: Field, name: str, *values: Value) -> Value:
    """Return a function of one number or of several."""
    made = OF_NUMBERS.get(name)
    return made(numbers, *values) if made else numbers.function(name, *values)


def of_array(numbers: Field, name: str, value: Value) -> Value:
    """Return a function of a whole vector or matrix."""
    array = OF_ARRAYS[name](numbers, matrices.matrix(value))
    return matrices.collapsed(array) if isinstance(array, np.ndarray) else array
