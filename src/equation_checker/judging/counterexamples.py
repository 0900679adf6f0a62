"""The simplest counterexample: small sizes and whole numbers, certified where balls can tell."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from equation_checker.language.errors import Undefined
from equation_checker.language.printing import spell
from equation_checker.meaning import matrices
from equation_checker.meaning.domains import constrained
from equation_checker.meaning.fields import DEEP, Decimal, Float64, Nested
from equation_checker.verdicts import Counterexample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.judging.claims import Judge
    from equation_checker.judging.evidence import Judgement
    from equation_checker.judging.links import Link
    from equation_checker.language.notation import Notation
    from equation_checker.meaning.fields import Field
    from equation_checker.meaning.points import Cell, Key, Point
    from equation_checker.reading.displays import Statement

LONG = 10_000
"""Fractions with such a denominator are shown by their first digits."""


def counterexample(
    statement: Statement, judgement: Judgement, judge: Judge
) -> Counterexample | None:
    """Return the simplest point found at which a step fails: small sizes, whole numbers."""
    step = judgement.failed
    point = judgement.point
    if step is None or point is None:
        return None
    link = judgement.links[step]
    for numbers in (Float64(), Decimal(judge.settings.digits, DEEP)):
        try:
            if judge.fails_at(statement, link, point, numbers) is not None:
                return _Shrinker(statement, link, judge, numbers).counterexample(point, step)
        except Nested:
            continue
    return None


def _certified(
    statement: Statement, step: int, judge: Judge, point: Point, bound: dict[str, Any]
) -> bool:
    """Tell whether two sides differ beyond doubt: as balls that do not touch."""
    from equation_checker.meaning.balls import Balls, apart  # noqa: PLC0415 - flint is heavy

    if statement.relations[step] not in ("=", r"\approx") or statement.where:
        return False
    world, _ = judge.draws(statement, Balls()).of(point)
    try:
        left, right = (world.of(statement.sides[k], bound) for k in (step, step + 1))
    except (Undefined, Nested, TypeError, ValueError):
        return False
    return apart(left, right)


class _Shrinker:
    """Makes a failing point simpler as long as it fails."""

    def __init__(self, statement: Statement, link: Link, judge: Judge, numbers: Field) -> None:
        self.statement = statement
        self.link = link
        self.judge = judge
        self.numbers = numbers
        self.left = 10 if judge.takes_limits(statement.sides) else 200
        self.has_values = True

    def counterexample(self, point: Point, step: int) -> Counterexample | None:
        """Return the simplest point, and the two sides there."""
        point = self.shrunk(point)
        found = self.judge.fails_at(self.statement, self.link, point, self.numbers)
        if found is None:
            return None
        left, right = (_spelled(each, self.numbers) for each in found[1:])
        certified = _certified(self.statement, step, self.judge, point, found[0])
        values = tuple(_pairs(point, found[0], self.judge.notation))
        return Counterexample(step, left, right, values, certified=certified)

    def shrunk(self, point: Point) -> Point:
        """Return a simpler point that fails too."""
        self.has_values = self._fails(point)
        small = replace(point, sizes=dict.fromkeys(point.sizes, 2), values={})
        if self._fails(small):
            point = small
        point = self._tried(
            point, {key: _rounded(rows) for key, rows in point.values.items() if self._is_free(key)}
        )
        for cell in point.cells():
            if self._is_free(cell[0]):
                point = self._simplified(point, cell)
        return point

    def _is_free(self, key: Key) -> bool:
        kind = self.judge.notation.entries[key[0]].domain.kind
        return kind in ("real", "positive", "nonnegative")

    def _simplified(self, point: Point, cell: Cell) -> Point:
        """Return the point with the plainest number at one place with which it still fails."""
        key, r, c = cell
        lowest = 1 if self.judge.notation.entries[key[0]].domain.kind == "positive" else 0
        for value in (lowest, 1, -1, 2):
            if value < lowest == 1 or point.values[key][r][c] == value:
                break
            new = self._tried(point, {key: point.put(cell, Fraction(value))})
            if new is not point:
                return new
        return point

    def _tried(self, point: Point, values: dict[Key, Any]) -> Point:
        new = replace(point, values={**point.values, **values})
        return new if self._fails(new) else point

    def _fails(self, point: Point) -> bool:
        self.left -= 1
        if self.left < 0:
            return False
        try:
            found = self.judge.fails_at(self.statement, self.link, point, self.numbers)
            return found is not None and not (
                self.has_values and any(isinstance(each, Undefined) for each in found[1:])
            )
        except (Undefined, Nested, ZeroDivisionError, OverflowError):
            return False


def _rounded(rows: Any) -> Any:
    return tuple(tuple(Fraction(round(each) or 1) for each in row) for row in rows)


def _spelled(value: Any, numbers: Field) -> str:
    if isinstance(value, Undefined):
        return "no value"
    digits = 6 if isinstance(numbers, Float64) else 12
    reals = [[float(numbers.real(each)) + 0.0 for each in row] for row in matrices.matrix(value)]
    return _listed([[f"{each:.{digits}g}" for each in row] for row in reals])


def _listed(rows: Sequence[Sequence[str]]) -> str:
    """Return a number, a vector, or a matrix with semicolons between its rows."""
    is_matrix = len(rows) > 1 and len(rows[0]) > 1
    lines = [", ".join(row) for row in rows]
    shown = ("; " if is_matrix else ", ").join(lines)
    return shown if len(rows) == len(rows[0]) == 1 else f"[{shown}]"


def _short(value: Fraction) -> str:
    return str(value) if value.denominator < LONG else f"{float(value):.6g}"


def _pairs(point: Point, bound: dict[str, Any], notation: Notation) -> Iterator[tuple[str, str]]:
    for (name, indices), size in point.sizes.items():
        yield spell(name, map(str, indices)), str(size)
    for name, value in bound.items():
        yield name, str(value)
    for (name, indices), free in point.values.items():
        kind = notation.entries[name].domain.matrix
        rows = constrained(kind, free) if kind else free
        shown = _listed([[_short(each) for each in row] for row in rows])
        yield spell(name, map(str, indices)), shown
