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
from equation_checker.meaning.densities import atoms, density, factored, positive, root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.points import Key
    from equation_checker.meaning.values import World


def placed(
    field: Field, name: str, parameters: Sequence[Value], x: Sequence[Value]
) -> tuple[Value, Value]:
    """Return the value of a variable from standard ones, and how much likelier it is than they."""
    one = field.number(Fraction(1))
    match name:
        case "normal" if isinstance(parameters[1], np.ndarray):
            standard = np.array([[each] for each in x], dtype=object)
            return parameters[0] + factored(field, parameters[1]) @ standard, one
        case "normal":
            return parameters[0] + root(field, parameters[1]) * x[0], one
        case "uniform":
            lower, upper = parameters
            if not field.real(lower) < field.real(upper):
                raise Undefined("a uniform law on no interval")
            return lower + (upper - lower) * x[0], one
        case "exponential":
            return x[0] / positive(field, parameters[0], "a rate"), one
    centre, scale = _spread(field, name, parameters)
    value = centre + scale * x[0]
    standard = quadrature.weight(field.analysis(), BY_NAME[name].support, x[0])
    return value, density(field, name, parameters, value) * scale / standard


def _spread(field: Field, name: str, parameters: Sequence[Value]) -> tuple[Value, Value]:
    """Return about where the values of a law lie, and how far apart."""
    one = field.number(Fraction(1))
    match name:
        case "Laplace" | "Cauchy" | "Student":
            return parameters[-2], positive(field, parameters[-1], "a scale")
        case "gamma":
            return 0 * one, one / positive(field, parameters[1], "a rate")
        case "lognormal":
            return 0 * one, field.function("exp", parameters[0])
        case "beta":
            return 0 * one, one
        case _:
            return 0 * one, positive(field, parameters[-1], "a scale")


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
        if BY_NAME[law.name].support == "vectors":
            raise Undefined(f"means over a {law.name} law are not found")
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
            value, likelier = placed(field, name, parameters, x[: axis.count])
            if world.gaps is not None and name in ("Laplace", "Cauchy", "Student"):
                world.gaps.append(x[0])
            return self._at(*self._with(world, bound, axis.key, value), k + 1, rest) * likelier
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
