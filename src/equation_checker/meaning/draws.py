"""The values of expressions at drawn points, for every value of their free indices."""

from __future__ import annotations

import dataclasses
from dataclasses import KW_ONLY, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.language import tree as t
from equation_checker.language.errors import TooLarge, Undefined
from equation_checker.language.sizes import SMALLEST
from equation_checker.meaning.outcomes import Outcomes, reached
from equation_checker.meaning.points import Point, Scene
from equation_checker.meaning.shapes import Typed
from equation_checker.meaning.values import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from fractions import Fraction

    from equation_checker.language.notation import Notation
    from equation_checker.meaning.fields import Field, Value

MOST = 12
"""Combinations of free indices that are tried at one point."""
ALL = 5000
"""Combinations among which these are chosen."""
Combinations = list[dict[str, Any]]


@dataclass(eq=False)
class Draws:
    """Worlds at numbered points, and in each all that the free indices of a claim can be."""

    notation: Notation
    field: Field
    scene: Scene
    sides: Sequence[t.Node] = ()
    free: Sequence[tuple[str, t.Range]] = ()
    _: KW_ONLY
    condition: t.Node | None = None
    where: Sequence[tuple[str, t.Node]] = ()
    most: int = MOST
    points: dict[int, Point] = dataclasses.field(default_factory=dict)
    """Points drawn by now, which draws in another field may share: they are exact."""
    smallest: int = 1
    outcomes: Outcomes | None = None

    def __post_init__(self) -> None:
        self.typed = Typed(self.notation, self.free)
        self._worlds: dict[int, tuple[World, Combinations]] = {}
        self._values: dict[tuple[int, t.Node], list[Value]] = {}

    def at(self, number: int) -> tuple[World, Combinations]:
        """Return the world of a point, and the values of the free indices."""
        if number not in self.points:
            self.points[number], self._worlds[number] = self._drawn(number)
        if number not in self._worlds:
            self._worlds[number] = self.of(self.points[number])
        return self._worlds[number]

    def _drawn(self, number: int) -> tuple[Point, tuple[World, Combinations]]:
        """Draw a point; where a size of 1 leaves a side without a value, with larger sizes."""
        point, found = Point(self.scene, number, self.smallest), None
        if self.smallest < SMALLEST:
            try:
                found = self.of(point)
                lacks = self._lacks(*found)
            except (Undefined, ArithmeticError, ValueError, AttributeError, IndexError):
                lacks = 1 in point.sizes.values()
            if not lacks:
                return point, found or self.of(point)
            point = Point(self.scene, number, SMALLEST)
        return point, self.of(point)

    def _lacks(self, world: World, combinations: Combinations) -> bool:
        """Tell whether a size of 1 leaves a side without a value, or without its shape.

        A vector of one entry is kept as a number, which cannot tell a row from a column.
        """
        for bound in combinations:
            shapes = {np.shape(world.of(side, bound)) for side in self.sides}
            if 1 not in world.point.sizes.values():
                return False
            if len(shapes) > 1:
                return True
        return False

    def of(self, point: Point) -> tuple[World, Combinations]:
        """Return the world of a given point."""
        world = World(self.notation, self.field, point, self.typed, self.outcomes)
        return world, list(self._shortened(point, self._combinations(world)))

    def add(self, point: Point) -> int:
        """Take a point in, and return its number."""
        number = 1 + max(self.points, default=-1)
        self.points[number] = point
        return number

    def _combinations(self, world: World) -> Iterator[dict[str, Any]]:
        for each in self._indices(world, 0, {}):
            try:
                for name, tree in self.where:
                    each[name] = world.of(tree, each)
                if self.condition is None or world.holds(self.condition, each, self.condition):
                    yield each
            except Undefined:  # a condition without a value does not hold
                continue

    def _indices(self, world: World, at: int, bound: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if at == len(self.free):
            yield dict(bound)
            return
        name, over = self.free[at]
        for value in world.range(over, bound):
            yield from self._indices(world, at + 1, {**bound, name: value})

    def _shortened(self, point: Point, combinations: Iterable[dict[str, Any]]) -> Combinations:
        found = list(islice(combinations, ALL))
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
        """Return the values of an expression at a point, one for each combination.

        Where there is none, the reason stands in its place: an ``Undefined``. Each is found once.
        """
        key = (number, node)
        if key not in self._values:
            world, combinations = self.at(number)
            self._values[key] = [value_or_reason(world, node, each) for each in combinations]
        return self._values[key]


def value_or_reason(world: World, node: t.Node, bound: dict[str, Any]) -> Value | Undefined:
    """Return a value, or why there is none."""
    try:
        return world.of(node, bound)
    except Undefined as problem:
        return problem
    except ZeroDivisionError:
        return Undefined("division by 0")
    except OverflowError:
        return TooLarge("a number is too large")


def scene(nodes: Sequence[t.Node], notation: Notation, seed: str) -> Scene:
    """Return what the points of a claim are drawn from: its sizes, and the numbers in it."""
    names: dict[str, None] = {}
    literals: dict[Fraction, None] = {}
    bodies = list(reached(nodes, notation))
    for node in (each for body in bodies for each in t.walk(body)):
        if isinstance(node, t.Symbol) and node.name in notation.entries:
            names[node.name] = None
        literals |= dict.fromkeys(_literal(node))
    sizes = [
        entry.name
        for entry in notation.entries.values()
        if entry.kind == "size" and entry.name in names and entry.name not in notation.definitions
    ]
    sizes.sort(key=lambda name: bool(notation.entries[name].indices))
    return Scene(seed, tuple(sizes), fixed_sizes(notation), tuple(literals))


def _literal(node: t.Node) -> Iterator[Fraction]:
    """Yield a number that is written, and its negative."""
    match node:
        case t.Number(value):
            yield from (value, -value)
        case t.Divide(t.Number(above), t.Number(below)) if below:
            yield from (above / below, -above / below)


def fixed_sizes(notation: Notation) -> frozenset[int]:
    """Return the sizes that are written as numbers, which no drawn size may equal."""
    found = set()
    for entry in notation.entries.values():
        sizes = [*(over.upper for over in entry.ranges if over is not None), *(entry.shape or ())]
        for size in sizes:
            numbers = [
                each for each in t.walk(notation.resolve(size)) if isinstance(each, t.Number)
            ]
            found |= {int(each.value) for each in numbers if each.value > 1}
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
