"""Means over random variables: sums over what is finite, quadrature over what fills a line.

Each continuous variable is a standard one, placed and stretched by the parameters of its law; the
values of finite ones are gone through one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.language import tree as t
from equation_checker.language.distributions import BY_NAME
from equation_checker.language.errors import Undefined
from equation_checker.meaning import matrices, quadrature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.points import Key
    from equation_checker.meaning.values import World

LONGEST = 2000
"""Values of a law of all whole numbers that are gone through."""


def atoms(field: Field, name: str, parameters: Sequence[Value]) -> Iterator[tuple[int, Value]]:
    """Yield the whole numbers that a law gives, and the probability of each."""
    if name == "categorical":
        weights = np.atleast_2d(parameters[0])
        yield from ((k + 1, weights[k, 0]) for k in range(len(weights)))
        return
    last = {"Bernoulli": 1, "Poisson": LONGEST}.get(name)
    last = int(field.real(parameters[0])) if last is None else last
    for k in range(last + 1):
        each = _mass(field, name, parameters, k)
        yield k, each
        if name == "Poisson" and k > field.real(parameters[0]) and field.real(each) < 1e-40:
            return


def placed(field: Field, name: str, parameters: Sequence[Value], x: Sequence[Value]) -> Value:
    """Return the value of a variable from standard ones: as many as it has entries."""
    match name:
        case "normal" if isinstance(parameters[1], np.ndarray):
            standard = np.array([[each] for each in x], dtype=object)
            return parameters[0] + factored(field, parameters[1]) @ standard
        case "normal":
            return parameters[0] + _root(field, parameters[1]) * x[0]
        case "uniform":
            lower, upper = parameters
            if not field.real(lower) < field.real(upper):
                raise Undefined("a uniform law on no interval")
            return lower + (upper - lower) * x[0]
        case _:
            return x[0] / _positive(field, parameters[0], "a rate")


def density(field: Field, name: str, parameters: Sequence[Value], x: Value) -> Value:
    """Return the density of a law, or the probability of one value."""
    match name:
        case "normal" if isinstance(parameters[1], np.ndarray):
            return _normal(field, factored(field, parameters[1]), x - parameters[0])
        case "normal":
            root = np.array([[_root(field, parameters[1])]], dtype=object)
            return _normal(field, root, np.array([[x - parameters[0]]], dtype=object))
        case "uniform":
            lower, upper = parameters
            inside = field.real(lower) <= field.real(x) <= field.real(upper)
            return 1 / (upper - lower) if inside else field.number(Fraction(0))
        case "exponential":
            rate = _positive(field, parameters[0], "a rate")
            zero = field.number(Fraction(0))
            return rate * field.function("exp", -rate * x) if field.real(x) >= 0 else zero
        case "categorical":
            return np.atleast_2d(parameters[0])[_whole(field, x) - 1, 0]
        case _:
            return _mass(field, name, parameters, _whole(field, x))


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
            lower[r, c] = _root(field, rest) if r == c else rest / lower[c, c]
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
        rate = _positive(field, parameters[0], "a mean")
        each = field.function("exp", -rate)
        for j in range(1, k + 1):
            each = each * rate / j
        return each
    *trials_of, chance = parameters
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


def _root(field: Field, variance: Value) -> Value:
    return field.function("sqrt", _positive(field, variance, "a variance"))


def _positive(field: Field, value: Value, what: str) -> Value:
    if not field.real(value) > 0:
        raise Undefined(f"{what} that is not positive")
    return value


# Means.


class Unfixed(Undefined):
    """A random variable that was asked for its value, and has none until a mean gives it one."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"{key[0].replace('#', ','.join(map(str, key[1])))} is random")
        self.key = key
        self.before: int | None = None


@dataclass(frozen=True)
class Axis:
    """A variable that a mean is taken over: its law, and the indices in it."""

    key: Key
    law: t.Law
    bound: dict[str, Any]
    count: int
    """How many standard variables its value is made of; none if it is finite."""


class Mean:
    """A mean over all random variables of some names that an expression turns out to rest on."""

    def __init__(self, world: World, node: t.Expectation, bound: dict[str, Any]) -> None:
        self.world = world.overriding({})
        self.outer, self.world.gaps = world.gaps, None
        self.bound = bound
        self.of: t.Node = node
        self.names: set[str] = set()
        self.axes: list[Axis] = []
        if isinstance(node.distribution, t.Law):
            self.of = node.of
            self.axes = [self._axis((node.index, ()), node.distribution, bound)]
        while isinstance(self.of, t.Expectation) and self.of.distribution is None:
            self.names.add(self.of.index)
            self.of = self.of.of
        if self.names:
            self.world = self.world.forgetting(self.names)

    def value(self) -> Value:
        """Return the mean, once all variables that the expression asks for are known."""
        while True:
            try:
                return self._value()
            except Unfixed as missing:
                known = {each.key for each in self.axes}
                if missing.key[0] not in self.names or missing.key in known:
                    raise
                at = len(self.axes) if missing.before is None else missing.before
                self.axes.insert(at, self._declared(missing.key))

    def _declared(self, key: Key) -> Axis:
        entry = self.world.notation.entries[key[0]]
        if entry.law is None:
            raise Undefined(f"{key[0]} has no law")
        return self._axis(key, entry.law, dict(zip(entry.indices, key[1], strict=True)))

    def _axis(self, key: Key, law: t.Law, bound: dict[str, Any]) -> Axis:
        shape = None
        if law.name == "normal":
            shape = self.world.typed.inferred(law.parameters[1], bound)
        rows = self.world.whole(shape[0], bound) if shape else 1
        return Axis(key, law, bound, rows if BY_NAME[law.name].is_continuous else 0)

    def _value(self) -> Value:
        supports = [BY_NAME[each.law.name].support for each in self.axes for _ in range(each.count)]
        if not supports:
            self.world.gaps = self.outer
            return self._at(self.world, self.bound, 0, ())
        context = self.world.field.analysis()

        def gaps(x: Sequence[Any]) -> list[Any]:
            asked = self.world.overriding({})
            asked.gaps = []
            self._at(asked, self.bound, 0, x)
            if asked.gaps and self.outer is not None:  # what is around is no polynomial
                self.outer.append(context.one)
            return asked.gaps

        with self.world.field.sampling():
            found = quadrature.mean(
                context, lambda x: self._at(self.world, self.bound, 0, x), supports, gaps
            )
        return self.world.field.reached(found)

    def _at(self, world: World, bound: dict[str, Any], k: int, x: Sequence[Any]) -> Value:
        """Return the mean over the finite variables where the others have some values."""
        if k == len(self.axes):
            return world.of(self.of, bound)
        axis = self.axes[k]
        try:
            own = bound if axis.bound is self.bound else axis.bound
            parameters = [world.of(each, own) for each in axis.law.parameters]
        except Unfixed as missing:
            missing.before = k if missing.before is None else missing.before
            raise
        field, name, rest = world.field, axis.law.name, x[axis.count :]
        if axis.count:
            value = placed(field, name, parameters, x[: axis.count])
            return self._at(*self._with(world, bound, axis.key, value), k + 1, rest)
        terms = [
            self._at(*self._with(world, bound, axis.key, number), k + 1, x) * chance
            for number, chance in atoms(field, name, parameters)
            if chance != 0
        ]
        return matrices.total(terms)

    def _with(
        self, world: World, bound: dict[str, Any], key: Key, value: Value
    ) -> tuple[World, dict[str, Any]]:
        entry = world.notation.entries.get(key[0])
        if entry is None or entry.kind == "index" or key[0] in bound:
            return world, {**bound, key[0]: value}
        if isinstance(value, int):
            value = world.field.number(Fraction(value))
        return world.overriding({key: value}), bound
