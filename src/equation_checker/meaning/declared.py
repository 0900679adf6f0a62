"""Values of functions that are only declared: smooth ones, drawn for a point."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from equation_checker.language.errors import Undefined
from equation_checker.meaning import matrices

if TYPE_CHECKING:
    from collections.abc import Callable

    from equation_checker.language.notation import Domain
    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.values import World


def into(world: World, domain: Domain, rows: list[list[Value]]) -> list[list[Value]]:
    """Map real numbers smoothly into the codomain of a function."""
    if domain.matrix or domain.kind in ("integer", "whole"):
        raise Undefined("nothing is drawn for functions into this set")
    match domain.kind:
        case "nonnegative":
            return [[each * each for each in row] for row in rows]
        case "positive":
            return [[_positive(world.field, each)[0] for each in row] for row in rows]
        case "simplex":
            column = [_positive(world.field, each)[0] for (each,) in rows]
            return [[each / matrices.total(column)] for each in column]
        case "interval" | "finite" | "natural":
            return [[_between(world, domain, each) for each in row] for row in rows]
        case _:
            return rows


def _positive(field: Field, x: Value) -> tuple[Value, Value]:
    """Return ``x + r`` and twice its largest value at this size, where ``r`` is the root."""
    root = field.function("sqrt", x * x + 1)
    return (x + root if field.real(x) > 0 else 1 / (root - x)), root * 2


def _between(world: World, domain: Domain, x: Value) -> Value:
    """Return a number of an interval, or one of finitely many."""
    above, whole = _positive(world.field, x)
    if domain.kind == "interval":
        low, high = map(world.field.number, domain.values)
        return low + (high - low) * above / whole
    ends = world.range(domain.over, {}) if domain.over is not None else range(1, 4)
    values = domain.values or tuple(map(Fraction, ends))
    steps = (world.field.number(Fraction(k, len(values))) for k in range(1, len(values)))
    place = sum(world.field.real(above / whole) > world.field.real(step) for step in steps)
    return world.field.number(values[place])


def smooth(
    world: World, name: str, indices: tuple[int, ...], at: tuple[int, int]
) -> Callable[[list[Value]], Value]:
    """Draw a sum of a quadratic and two tanh."""
    random = world.point.random(f"{name}{at}", indices)

    def draw() -> Value:
        return world.field.number(Fraction(random.randint(-900, 900)) / 700)

    def drawn(x: list[Value]) -> Value:
        nonlocal random
        random = world.point.random(f"{name}{at}", indices)
        lines = [matrices.total([draw(), *(draw() * each for each in x)]) for _ in range(3)]
        bent = [world.field.function("tanh", line) * draw() for line in lines[:2]]
        return matrices.total([*bent, lines[2] * lines[2] * draw() + lines[2]])

    return drawn
