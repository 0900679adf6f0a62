"""A search for a point: from some points on downhill, without derivatives, in counted steps.

It looks for where an inequality fails, and for an outcome that no drawn point has shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import inf, isnan
from typing import TYPE_CHECKING

from equation_checker.meaning.draws import value_or_reason
from equation_checker.meaning.outcomes import Outcomes
from equation_checker.meaning.points import IS_IN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.language import tree as t
    from equation_checker.language.notation import Domain, Notation
    from equation_checker.meaning.draws import Draws
    from equation_checker.meaning.outcomes import Outcome
    from equation_checker.meaning.points import Cell, Drawn, Key, Point

OUTCOME_STEPS = 150
"""Steps of the search for an outcome that was not seen."""
MOST_OUTCOMES = 6
Change = Callable[[Fraction], Fraction]
Move = Callable[["Point"], "Point | None"]
SIZES = (1, 2, 3, 5, 8, 13)
EVERYWHERE: tuple[Change, ...] = (
    lambda x: x * 0,
    lambda x: -x,
    lambda x: x * 10,
    lambda x: x / 10,
    lambda _: Fraction(1),
)
"""What is done to all numbers at once."""
WHOLE = frozenset({"natural", "integer", "whole"})
CELLS = 6
"""So many numbers are moved in one round."""
SMALLEST_STEP = Fraction(1, 256)
MOST_FREED = 12
"""So many numbers of a point that was found are moved away from special values."""


@dataclass
class Search:
    """A walk over points that goes down whenever it can; it stops below 0."""

    notation: Notation
    height: Callable[[Point], float]
    steps: int
    tried: int = 0
    lowest: float = inf
    best: Point | None = None

    def run(self, starts: Iterator[Point]) -> Point | None:
        """Return a point below 0, if one is found from some starts."""
        found = [self._changed_at_once(start) for start in starts]
        for _, start in sorted(found, key=lambda each: each[0]):
            if self.tried >= self.steps or self.lowest < 0:
                break
            self._descend(start)
        return self.best if self.lowest < 0 else None

    def _changed_at_once(self, start: Point) -> tuple[float, Point]:
        """Return the lowest of a start and of what it becomes when all numbers are changed."""
        lowest = (self._measured(start), start)
        for new in (self._everywhere(change, start) for change in EVERYWHERE):
            if new is not None and self.lowest >= 0:
                lowest = min(lowest, (self._measured(new), new), key=lambda each: each[0])
        return lowest

    def _descend(self, here: Point) -> None:
        height, step = self._measured(here), Fraction(1)
        rounds = 0
        while step >= SMALLEST_STEP and height >= 0:
            before, rounds = height, rounds + 1
            for move in self._moves(here, step, rounds):
                new = move(here)
                if new is None:
                    continue
                if self.tried >= self.steps:
                    return
                reached = self._measured(new)
                if reached < height:
                    here, height = new, reached
                    if height < 0:
                        return
            step = step if height < before else step / 4

    def _measured(self, point: Point) -> float:
        self.tried += 1
        height = self.height(point)
        height = inf if isnan(height) else height
        if height < self.lowest:
            self.lowest, self.best = height, point
        return height

    def freed(self, point: Point, turn: int) -> tuple[Point, int]:
        """Move what can be moved away from special values; return how much stays where it is.

        Numbers are tried one after the other, in each turn from another one on: ``x_i = 0`` for
        some i is found where all of x is 0, and says little until the others are not.
        """
        cells = point.cells()[:MOST_FREED]
        turn %= max(1, len(cells))
        kept = 0
        for k, cell in enumerate(cells := cells[turn:] + cells[:turn]):
            by = Fraction(point.random(f"free {turn} {k}").randint(101, 997), 1000)
            for move in _away(by):
                new = self._moved(cell, move, point)
                other = None if new is None else self._moved(cells[k - 1], _plus(-by), new)
                for each in (new, other):
                    if each is not None and self._measured(each) < 0:
                        point = each
                        break
                else:
                    continue
                break
            else:
                kept += 1
        return point, kept

    # Moves: of all numbers, of one number, of a size. Each gives None where it changes nothing.

    def _moves(self, here: Point, step: Fraction, rounds: int) -> Iterator[Move]:
        random = here.random(f"moves {rounds}")
        cells = here.cells()
        if step == 1 and len(cells) > 1:
            yield from (partial(self._everywhere, change) for change in EVERYWHERE)
        for cell in random.sample(cells, min(CELLS, len(cells))):
            key, r, c = random.choice(cells)
            tie = here.values[key][r][c]
            domain = self.notation.entries[cell[0][0]].domain
            for change in _changes(domain, step, (Fraction(0), tie, *here.scene.literals[:8])):
                yield partial(self._moved, cell, change)
        if step == 1:
            yield from (partial(_resized, key, size) for key in here.sizes for size in SIZES)

    def _everywhere(self, change: Change, point: Point) -> Point | None:
        values = {
            key: self._fitting(key, tuple(tuple(map(change, row)) for row in rows)) or rows
            for key, rows in point.values.items()
        }
        return replace(point, values=values) if values != point.values else None

    def _moved(self, cell: Cell, change: Change, point: Point) -> Point | None:
        key, r, c = cell
        rows = point.values.get(key, ())
        if r >= len(rows) or c >= len(rows[r]):
            return None
        new = self._fitting(key, point.put(cell, change(rows[r][c])))
        if new is None or new == rows:
            return None
        return replace(point, values={**point.values, key: new})

    def _fitting(self, key: Key, rows: Drawn) -> Drawn | None:
        """Return rows that a symbol can have, or None."""
        domain = self.notation.entries[key[0]].domain
        if domain.kind == "simplex":
            total = sum((abs(each) for row in rows for each in row), Fraction(0))
            rows = tuple(tuple(abs(each) / total for each in row) for row in rows) if total else ()
        fits = rows and all(IS_IN[domain.kind](each, domain) for row in rows for each in row)
        return rows if fits else None


def missed(draws: Draws, sides: Sequence[t.Node], outcome: Outcome, point: Point) -> float:
    """Return by how much an outcome is missed at a point; below 0 where it is not."""
    seen = draws.outcomes = Outcomes()
    world, combinations = draws.of(point)
    for bound in combinations:
        for side in sides:
            value_or_reason(world, side, bound)
    return -1.0 if outcome in seen.taken else seen.missed.get(outcome, inf)


def _changes(domain: Domain, step: Fraction, others: tuple[Fraction, ...]) -> Iterator[Change]:
    """Yield changes of a number: steps, other magnitudes, and the values of others."""
    if domain.kind == "finite":
        yield from map(_to, domain.values)
        return
    by = step * (domain.values[1] - domain.values[0]) / 4 if domain.kind == "interval" else step
    by = Fraction(max(1, by * 4 // 1)) if domain.kind in WHOLE else by
    yield from (lambda x: x + by, lambda x: x - by)
    if step < 1 and domain.kind not in WHOLE:
        yield lambda x: x.limit_denominator(12)
    if step == 1:
        yield from (lambda x: x * 10, lambda x: x / 10, lambda x: -x)
        yield from map(_to, dict.fromkeys(others))


def _plus(by: Fraction) -> Change:
    return lambda x: x + by


def _away(by: Fraction) -> Iterator[Change]:
    """Yield changes of a number to one that is not special."""
    yield from (_plus(by), _plus(-by), lambda x: x + x * by / 10, _plus(by / 100), _plus(-by / 100))


def _to(value: Fraction) -> Change:
    return lambda _: value


def _resized(key: Key, size: int, point: Point) -> Point | None:
    if size < point.smallest or size in (*point.sizes.values(), *point.scene.taken):
        return None
    return replace(point, sizes={**point.sizes, key: size}, values={})
