"""The values of expressions at drawn points, for every value of their free indices."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.language import tree as t
from equation_checker.meaning.points import Point
from equation_checker.meaning.shapes import Typed
from equation_checker.meaning.values import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from equation_checker.language.notation import Notation
    from equation_checker.meaning.fields import Field, Value

MOST = 48
"""Combinations of free indices that are tried at one point."""


class Draws:
    """Worlds at numbered points, and in each all that the free indices of a claim can be."""

    def __init__(
        self,
        notation: Notation,
        field: Field,
        seed: str,
        free: Sequence[tuple[str, t.Range]] = (),
        *,
        condition: t.Node | None = None,
        where: Sequence[tuple[str, t.Node]] = (),
        most: int = MOST,
    ) -> None:
        self.notation = notation
        self.field = field
        self.seed = seed
        self.free = free
        self.typed = Typed(notation, free)
        self.condition = condition
        self.where = where
        self.most = most
        self.cycles: dict[str, int] = {}
        self._taken = fixed_sizes(notation)
        self._worlds: dict[int, tuple[World, list[dict[str, Any]]]] = {}

    def at(self, number: int) -> tuple[World, list[dict[str, Any]]]:
        """Return the world of a point, and the values of the free indices."""
        if number not in self._worlds:
            point = Point(self.seed, number, self.cycles, set(self._taken))
            self._worlds[number] = self.of(point)
        return self._worlds[number]

    def of(self, point: Point) -> tuple[World, list[dict[str, Any]]]:
        """Return the world of a given point."""
        world = World(self.notation, self.field, point, self.typed)
        return world, list(self._shortened(point, self._combinations(world)))

    def _combinations(self, world: World) -> Iterator[dict[str, Any]]:
        combinations: list[dict[str, Any]] = [{}]
        for name, over in self.free:
            combinations = [
                {**each, name: value} for each in combinations for value in world.range(over, each)
            ]
        for each in combinations:
            for name, tree in self.where:
                each[name] = world.of(tree, each)
            if self.condition is None or world.holds(self.condition, each):
                yield each

    def _shortened(
        self, point: Point, combinations: Iterable[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        found = list(islice(combinations, 5000))
        if len(found) <= self.most:
            return found
        middle = point.random("free indices").sample(found[1:-1], self.most - 2)
        return [found[0], *middle, found[-1]]

    def again(self, number: int, bound: dict[str, Any]) -> dict[str, Any]:
        """Return a combination of free indices that was found with other numbers."""
        world, _ = self.at(number)
        combination = {name: bound[name] for name, _ in self.free}
        for name, tree in self.where:
            combination[name] = world.of(tree, combination)
        return combination

    def values(self, node: t.Node, number: int) -> list[Value]:
        """Return the values of an expression at a point, one for each combination."""
        world, combinations = self.at(number)
        return [world.of(node, each) for each in combinations]


def fixed_sizes(notation: Notation) -> frozenset[int]:
    """Return the sizes that are written as numbers, which no drawn size may equal."""
    found = set()
    for entry in notation.entries.values():
        sizes = [*(over.upper for over in entry.ranges if over is not None), *(entry.shape or ())]
        for size in sizes:
            numbers = [
                each for each in t.walk(notation.resolve(size)) if isinstance(each, t.Number)
            ]
            found |= {int(each.value) for each in numbers}
    return frozenset(found)


def free_indices(nodes: Iterable[t.Node], ranges: dict[str, t.Range]) -> list[tuple[str, t.Range]]:
    """Return the free indices of some expressions, each after those that its range needs."""
    found: dict[str, t.Range] = {}
    for node in nodes:
        _collect(node, frozenset(), ranges, found)
    return list(found.items())


def _collect(
    node: t.Node, bound: frozenset[str], ranges: dict[str, t.Range], found: dict[str, t.Range]
) -> None:
    match node:
        case t.Symbol(name, ()) if name in ranges and name not in bound and name not in found:
            _collect(ranges[name].lower, bound, ranges, found)
            _collect(ranges[name].upper, bound, ranges, found)
            found[name] = ranges[name]
        case _:
            for child in t.children(node):
                name = t.bound_name(node, child)
                _collect(child, bound | {name} if name else bound, ranges, found)


def largest(value: Value, real: Callable[[Any], Any]) -> float:
    """Return the largest absolute entry of a value."""
    entries = value.flat if isinstance(value, np.ndarray) else [value]
    return max((abs(float(real(each))) for each in entries), default=0.0)


def difference(left: Value, right: Value, real: Callable[[Any], Any]) -> tuple[float, float]:
    """Return the largest difference of two values, and the size of the larger one."""
    scale = max(largest(left, real), largest(right, real))
    return largest(left - right, real), scale
