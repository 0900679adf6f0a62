"""Densities of the laws that are read by their names, and the probabilities of single values."""

from __future__ import annotations

from fractions import Fraction
from functools import partial, reduce
from math import factorial, prod
from operator import mul
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.language.distributions import BY_NAME
from equation_checker.language.errors import Undefined
from equation_checker.meaning import matrices
from equation_checker.meaning.budget import TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.meaning.fields import Field, Value

LONGEST = 2000
"""Values of a law of all whole numbers that are gone through."""
NEAR = 1e-9
"""How far from 1 the sum of probabilities may be by rounding."""


def atoms(field: Field, name: str, parameters: Sequence[Value]) -> Iterator[tuple[int, Value]]:
    """Yield the whole numbers that a law gives, and the probability of each."""
    if name == "categorical":
        weights = np.atleast_2d(parameters[0])
        yield from ((k + 1, weights[k, 0]) for k in range(len(weights)))
        return
    endless = name in ("Poisson", "geometric")
    last = LONGEST if endless else 1 if name == "Bernoulli" else int(field.real(parameters[0]))
    before = field.number(Fraction(0))
    for k in range(last + 1):
        each = _mass(field, name, parameters, k)
        yield k, each
        if endless and field.real(each) < min(1e-40, field.real(before)):
            return
        before = each
    if endless:
        raise TooMuch(f"a law of more than {LONGEST} values")


def density(  # noqa: PLR0911
    field: Field, name: str, parameters: Sequence[Value], x: Value
) -> Value:
    """Return the density of a law, or the probability of one value."""
    match name:
        case "normal" if isinstance(parameters[1], np.ndarray):
            return _normal(field, factored(field, parameters[1]), x - parameters[0])
        case "normal":
            width = np.array([[root(field, parameters[1])]], dtype=object)
            return _normal(field, width, np.array([[x - parameters[0]]], dtype=object))
        case "uniform":
            lower, upper = parameters
            inside = field.real(lower) <= field.real(x) <= field.real(upper)
            return 1 / (upper - lower) if inside else field.number(Fraction(0))
        case "exponential":
            rate = positive(field, parameters[0], "a rate")
            zero = field.number(Fraction(0))
            return rate * field.function("exp", -rate * x) if field.real(x) >= 0 else zero
        case "categorical":
            chances, place = matrices.flat(parameters[0]), _whole(field, x)
            return chances[place - 1] if 1 <= place <= len(chances) else field.number(Fraction(0))
        case "Dirichlet":
            return _dirichlet(field, matrices.flat(parameters[0]), matrices.flat(x))
        case "multinomial":
            return _multinomial(field, parameters, [_whole(field, each) for each in x.flat])
    support = BY_NAME[name].support
    if support == "counts":
        return _mass(field, name, parameters, _whole(field, x))
    at = field.real(x)
    if support != "line" and (at <= 0 or (support == "interval" and at >= 1)):
        return field.number(Fraction(0))
    return _formula(field, name, parameters, x)


def _formula(  # noqa: PLR0911
    field: Field, name: str, parameters: Sequence[Value], x: Value
) -> Value:
    """Return the density of a law of one number, at a place where it is not 0."""
    exp, log, gamma = (partial(field.function, each) for each in ("exp", "log", "gamma"))
    one = field.number(Fraction(1))
    *centres, last = parameters
    if name == "lognormal":
        return density(field, "normal", parameters, log(x)) / x
    scale = positive(field, last, "a scale")
    if name == "half-normal":
        return 2 * density(field, "normal", (0 * one, scale * scale), x)
    first = positive(field, centres[0], "a shape") if name not in ("Laplace", "Cauchy") else one
    away = (x - parameters[-2]) / scale
    match name:
        case "gamma":
            return exp(first * log(scale) + (first - 1) * log(x) - scale * x) / gamma(first)
        case "inverse gamma":
            return exp(first * log(scale / x) - scale / x) / (gamma(first) * x)
        case "beta":
            over = gamma(first + scale) / (gamma(first) * gamma(scale))
            return over * exp((first - 1) * log(x) + (scale - 1) * log(1 - x))
        case "Weibull":
            ratio = exp(first * log(x / scale))
            return first / x * ratio * exp(-ratio)
        case "Laplace":
            return exp(away if field.real(away) < 0 else -away) / (2 * scale)
        case "Cauchy":
            return 1 / (field.constant(r"\pi") * scale * (1 + away * away))
        case _:
            root = field.function("sqrt", first * field.constant(r"\pi")) * scale
            tail = exp(-(first + 1) / 2 * log(1 + away * away / first))
            return gamma((first + 1) / 2) / gamma(first / 2) / root * tail


def _dirichlet(field: Field, shapes: Sequence[Value], x: Sequence[Value]) -> Value:
    """Return a density on the simplex, over all entries but the last."""
    if len(x) != len(shapes) or not abs(field.real(sum(x)) - 1) < NEAR:
        raise Undefined("the density of what does not add up to 1")
    power = sum((a - 1) * field.function("log", each) for a, each in zip(shapes, x, strict=True))
    over = field.function("gamma", sum(positive(field, a, "a shape") for a in shapes))
    for a in shapes:
        over = over / field.function("gamma", a)
    return over * field.function("exp", power)


def _multinomial(field: Field, parameters: Sequence[Value], counts: Sequence[int]) -> Value:
    trials, chances = parameters
    if min(counts) < 0 or sum(counts) != field.real(trials):
        return field.number(Fraction(0))
    ways = factorial(sum(counts)) // prod(map(factorial, counts))
    powers = (field.power(p, k) for p, k in zip(matrices.flat(chances), counts, strict=True))
    return reduce(mul, powers, field.number(Fraction(ways)))


def edges(name: str, parameters: Sequence[Value]) -> Sequence[Value]:
    """Return where the density of a law breaks off, or has a corner."""
    if name in ("uniform", "Laplace"):
        return parameters if name == "uniform" else parameters[:1]
    return {"interval": (0, 1), "half-line": (0,)}.get(BY_NAME[name].support, ())


def factored(field: Field, matrix: Value) -> Value:
    """Return the lower triangle L with L L^T = matrix, by Cholesky's rule."""
    lower = np.full(matrix.shape, field.number(Fraction(0)), dtype=object)
    for r in range(len(matrix)):
        for c in range(r + 1):
            if field.real(matrix[r, c]) != field.real(matrix[c, r]) and abs(
                field.real(matrix[r, c] - matrix[c, r])
            ) > 1e-12 * abs(field.real(matrix[r, c])):
                raise Undefined("a covariance matrix that is not symmetric")
            rest = matrix[r, c] - sum(lower[r, k] * lower[c, k] for k in range(c))
            lower[r, c] = root(field, rest) if r == c else rest / lower[c, c]
    return lower


def _normal(field: Field, root: Value, away: Value) -> Value:
    """Return a normal density, from the triangle of its covariance."""
    scaled: list[Any] = []
    constant = field.number(Fraction(1))
    half = field.function("sqrt", 2 * field.constant(r"\pi"))
    for r in range(len(root)):
        scaled.append((away[r, 0] - sum(root[r, k] * scaled[k] for k in range(r))) / root[r, r])
        constant = constant * half * root[r, r]
    return field.function("exp", -sum(each * each for each in scaled) / 2) / constant


def _mass(field: Field, name: str, parameters: Sequence[Value], k: int) -> Value:
    one = field.number(Fraction(1))
    if k < 0:
        return one * 0
    if name == "Poisson":
        rate = positive(field, parameters[0], "a mean")
        each = field.function("exp", -rate)
        for j in range(1, k + 1):
            each = each * rate / j
        return each
    *trials_of, chance = parameters
    if name == "geometric":
        if not 0 < field.real(chance) <= 1:
            raise Undefined("a probability beyond 0 and 1")
        return chance * field.power(1 - chance, k - 1) if k else one * 0
    trials = int(field.real(trials_of[0])) if trials_of else 1
    if not 0 <= field.real(chance) <= 1:
        raise Undefined("a probability beyond 0 and 1")
    if k > trials:
        return one * 0
    each = one
    for j in range(1, k + 1):
        each = each * (trials - j + 1) / j
    return each * field.power(chance, k) * field.power(1 - chance, trials - k)


def _whole(field: Field, x: Value) -> int:
    if field.real(x) != int(field.real(x)):
        raise Undefined("the probability of what is no whole number")
    return int(field.real(x))


def root(field: Field, variance: Value) -> Value:
    """Return a standard deviation."""
    return field.function("sqrt", positive(field, variance, "a variance"))


def positive(field: Field, value: Value, what: str) -> Value:
    """Return a parameter that must be positive."""
    if not field.real(value) > 0:
        raise Undefined(f"{what} that is not positive")
    return value
