"""Points to try claims at: sizes, numbers of many magnitudes, what lies near a claim's literals."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from equation_checker.language.notation import Domain

Key = tuple[str, tuple[int, ...]]
"""A symbol and the values of its indices."""

Drawn = tuple[tuple[Fraction, ...], ...]
"""What is drawn for a symbol: rows of rational numbers, exact in every field."""
Cell = tuple[Key, int, int]
"""A symbol, a row and a column."""

SIZES = (2, 3, 1, 5, 8, 4, 7, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
PRIMES = (3, 5, 7, 11, 13, 17)
"""So many sizes go round: for a prime, any stride meets all of them."""
ROUND = 5
"""Points until each size has taken five values."""
MANNERS = ("moderate", "near", "broad", "wide", "moderate", "near", "broad")
"""How the numbers of each point in turn are drawn; seven, so that no other period agrees."""
BROAD = 4
"""How much further apart the numbers of some points are than moderate ones."""
MODEST = 12
ORDINARY = (Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(2))
"""Numbers at which things tie, besides those that are written in a claim."""


@dataclass
class Scene:
    """What the points of one claim have in common."""

    seed: str
    names: tuple[str, ...] = ()
    """The sizes that are drawn for it."""
    taken: frozenset[int] = frozenset()
    """Sizes that must not be drawn, because they are written as numbers."""
    literals: tuple[Fraction, ...] = ()
    """Numbers that are written in it, where something may change."""
    cycles: dict[str, int] = field(default_factory=dict)
    """How many values each finite symbol without an index has, in the order of asking."""

    def random(self, *parts: object) -> Random:
        """Return a generator of its own for some purpose."""
        return Random("/".join(map(str, (self.seed, *parts))))  # noqa: S311

    @cached_property
    def _order(self) -> list[str]:
        order = list(self.names)
        self.random("sizes").shuffle(order)
        return order

    @cached_property
    def _free(self) -> tuple[int, ...]:
        return tuple(each for each in SIZES if each not in self.taken)

    def _pool(self, number: int) -> tuple[int, ...]:
        """Return the sizes of a point: at first five or more go round, then the few smallest."""
        least = 3 if number >= ROUND else ROUND
        most = next((each for each in PRIMES if each >= max(least, len(self.names))), PRIMES[-1])
        return self._free[:most]

    def size(self, number: int, key: Key, smallest: int) -> int:
        """Return a size: at one point all differ, and in the first round each takes all values.

        Of a family such as the sizes of layers the members are small where there may be many.
        """
        name, indices = key
        if name not in self._order:
            self._order.append(name)
        pool = self._pool(number)
        rank = self._order.index(name) + sum(indices)
        drawn = pool[(number + (1 + number // ROUND % (len(pool) - 1)) * rank) % len(pool)]
        if indices and number % ROUND > 2:
            drawn = self._free[(number + rank) % 3]
        others = (each for each in SIZES if each not in (*pool, *self.taken))
        return drawn if drawn >= smallest else next(others)


@dataclass
class Point:
    """One point: what has been asked for so far, drawn when it is first asked for."""

    scene: Scene
    number: int
    smallest: int = 1
    """No size is drawn smaller."""
    special: str = ""
    """Another manner. ``tied``: most numbers are one of two, so that much is equal that seldom is;
    ``between``: they lie anywhere between the numbers that are written; ``far``: above 1."""
    sizes: dict[Key, int] = field(default_factory=dict)
    values: dict[Key, Drawn] = field(default_factory=dict)

    @property
    def manner(self) -> str:
        """Return how its numbers are drawn."""
        return self.special or MANNERS[self.number % len(MANNERS)]

    @property
    def is_modest(self) -> bool:
        """Tell whether no number is so large that something may come close to its limit there."""
        numbers = (each for rows in self.values.values() for row in rows for each in row)
        return all(abs(each) <= MODEST or each in self.scene.literals for each in numbers)

    def random(self, name: str, indices: tuple[int, ...] = ()) -> Random:
        """Return a generator of one symbol's own, so that the order of asking does not matter."""
        return self.scene.random(self.number, name, indices)

    def size(self, key: Key) -> int:
        """Return the value of a size."""
        if key not in self.sizes:
            self.sizes[key] = self.scene.size(self.number, key, self.smallest)
        return self.sizes[key]

    def value(self, key: Key, shape: tuple[int, int], domain: Domain) -> Drawn:
        """Return the rows of a symbol."""
        if key not in self.values:
            self.values[key] = self._draw(key, shape, domain)
        return self.values[key]

    def cells(self) -> list[Cell]:
        """Return the places of all numbers that were drawn."""
        shapes = {key: (range(len(rows)), range(len(rows[0]))) for key, rows in self.values.items()}
        return [(key, r, c) for key, places in shapes.items() for r, c in product(*places)]

    def put(self, cell: Cell, number: Fraction) -> Drawn:
        """Return the rows of a symbol with another number at one place."""
        key, r, c = cell
        rows = [list(row) for row in self.values[key]]
        rows[r][c] = number
        return tuple(map(tuple, rows))

    def _draw(self, key: Key, shape: tuple[int, int], domain: Domain) -> Drawn:
        random = self.random(*key)
        if domain.kind == "finite":
            drawn = self._cycled(key, shape, domain.values, random)
            if domain.nonempty and not any(map(any, drawn)):
                one = self.number % shape[0]
                return tuple((Fraction(k == one),) for k in range(shape[0]))
            return drawn
        rows, columns = shape
        drawn = tuple(
            tuple(self._number(domain, random) for _ in range(columns)) for _ in range(rows)
        )
        if domain.kind == "simplex":
            total = sum(row[0] for row in drawn)
            return tuple((row[0] / total,) for row in drawn)
        return drawn

    def _number(self, domain: Domain, random: Random) -> Fraction:
        """Draw a number; at a point that is near or wide, one in two is an ordinary one."""
        manner = self.manner if random.random() < (0.8 if self.special else 0.5) else "moderate"
        if manner == "near":
            fits = [each for each in self.scene.literals if IS_IN[domain.kind](each, domain)]
            if fits:
                near = random.choice(fits)
                step = Fraction(random.randint(1, 99), 10 ** random.randint(2, 4))
                moved = [each for each in (near + step, near - step)
                         if IS_IN[domain.kind](each, domain)]  # fmt: skip
                if domain.kind != "natural" and moved:
                    return random.choice(moved)
                return near
        if manner in ("tied", "between"):
            special = self._tied(random) if manner == "tied" else self._between(random)
            if IS_IN[domain.kind](special, domain):
                return special
        if manner == "far" and domain.kind in UNBOUNDED:
            far = Fraction(f"{10 ** random.uniform(0, 2.2):.3g}")
            return far * (random.choice((-1, 1)) if domain.kind == "real" else 1)
        drawn = DRAW[domain.kind](random, domain, manner in ("wide", "far"))
        return drawn * (BROAD if manner == "broad" and domain.kind in UNBOUNDED else 1)

    def _tied(self, random: Random) -> Fraction:
        """Return one of two numbers that all of the point share."""
        known = self._known
        return random.choice((known[self.number % len(known)], self.random("two").choice(known)))

    def _between(self, random: Random) -> Fraction:
        """Return a number from the next gap between those that are known, or beyond them."""
        known = sorted(self._known)
        ends = [2 * known[0] - 1, *known, 2 * known[-1] + 1]
        gap = (self.number + random.randrange(len(known))) % (len(ends) - 1)
        return ends[gap] + (ends[gap + 1] - ends[gap]) * Fraction(random.randint(1, 99), 100)

    @cached_property
    def _known(self) -> tuple[Fraction, ...]:
        return tuple(dict.fromkeys((*ORDINARY, *self.scene.literals[:6])))

    def _cycled(
        self, key: Key, shape: tuple[int, int], values: tuple[Fraction, ...], random: Random
    ) -> Drawn:
        """Go through all values: along an index or the entries, else from point to point.

        Symbols without an index count like the digits of a number: of a and b with two values each,
        a changes at each point and b at every second, so that all pairs come up.
        """
        name, indices = key
        if indices or shape != (1, 1):
            start = self.random(name).randrange(len(values)) + sum(indices)
            return tuple(
                tuple(self._member(values, start + i + j, random) for j in range(shape[1]))
                for i in range(shape[0])
            )
        cycles = self.scene.cycles
        cycles.setdefault(name, len(values))
        before = list(cycles)[: list(cycles).index(name)]
        period = prod(cycles[each] for each in before)
        return ((values[self.number // period % len(values)],),)

    def _member(self, values: tuple[Fraction, ...], at: int, random: Random) -> Fraction:
        return values[at % len(values)] if self.number % 2 == 0 else random.choice(values)


def _wide(random: Random) -> Fraction:
    """Draw a magnitude between 0.0001 and 300."""
    return Fraction(f"{10 ** random.uniform(-4, 2.5):.3g}")


def _real(random: Random, _: Domain, wide: bool) -> Fraction:
    if wide:
        return random.choice((-1, 1)) * _wide(random)
    value = random.gauss(0, 0.9)
    away = 0.05 if abs(value) < 0.05 else 0.0
    return Fraction(round(1000 * max(-2.5, min(2.5, value + away))), 1000)


def _positive(random: Random, _: Domain, wide: bool) -> Fraction:
    return _wide(random) if wide else Fraction(round(1000 * (0.1 + random.expovariate(1.0))), 1000)


def _between(random: Random, domain: Domain, wide: bool) -> Fraction:
    low, high = domain.values
    part = Fraction(random.randint(30, 970), 1000)
    if wide:
        part = Fraction(1, 10 ** random.randint(2, 6))
        part = random.choice((part, 1 - part))
    return low + (high - low) * part


def _natural(random: Random, _: Domain, wide: bool) -> Fraction:
    return Fraction(random.randint(1, 40 if wide else 12))


def _integer(random: Random, _: Domain, wide: bool) -> Fraction:
    most = 40 if wide else 6
    return Fraction(random.randint(-most, most))


DRAW: dict[str, Callable[[Random, Domain, bool], Fraction]] = {
    "real": _real,
    "positive": _positive,
    "nonnegative": _positive,
    "simplex": _positive,
    "interval": _between,
    "natural": _natural,
    "integer": _integer,
    "whole": lambda *given: abs(_integer(*given)),
}
"""How a number of each kind is drawn."""
UNBOUNDED = frozenset({"real", "positive", "nonnegative"})
IS_IN: dict[str, Callable[[Fraction, Domain], bool]] = {
    "real": lambda *_: True,
    "positive": lambda value, _: value > 0,
    "nonnegative": lambda value, _: value >= 0,
    "simplex": lambda value, _: 0 < value <= 1,
    "interval": lambda value, domain: domain.values[0] < value < domain.values[1],
    "natural": lambda value, _: value >= 1 and value.denominator == 1,
    "integer": lambda value, _: value.denominator == 1,
    "whole": lambda value, _: value >= 0 and value.denominator == 1,
    "finite": lambda value, domain: value in domain.values,
}
"""Whether a number belongs to each kind."""
