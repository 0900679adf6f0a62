"""Points to try claims at: different sizes, uneven weights, all values of finite ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from random import Random
from typing import TYPE_CHECKING

from equation_checker.language.sizes import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from equation_checker.language.notation import Domain

Key = tuple[str, tuple[int, ...]]
"""A symbol and the values of its indices."""

Drawn = tuple[tuple[Fraction, ...], ...]
"""What is drawn for a symbol: rows of rational numbers, exact in every field."""


@dataclass
class Point:
    """One point: what has been asked for so far, drawn when it is first asked for."""

    seed: str
    number: int
    cycles: dict[str, int]
    """How many values each finite symbol without an index has, in the order of asking."""
    taken: set[int] = field(default_factory=set)
    """Sizes that must not be drawn, because an equation or another symbol has them."""
    sizes: dict[Key, int] = field(default_factory=dict)
    values: dict[Key, Drawn] = field(default_factory=dict)

    def random(self, name: str, indices: tuple[int, ...] = ()) -> Random:
        """Return a generator of one symbol's own, so that the order of asking does not matter."""
        return Random(f"{self.seed}/{self.number}/{name}/{indices}")  # noqa: S311

    def size(self, key: Key) -> int:
        """Return the value of a size, different from all others."""
        if key not in self.sizes:
            used = self.taken | set(self.sizes.values())
            free = [each for each in range(SMALLEST, SMALLEST + len(used) + 3) if each not in used]
            self.sizes[key] = self.random(*key).choice(free[:2])
        return self.sizes[key]

    def value(self, key: Key, shape: tuple[int, int], domain: Domain) -> Drawn:
        """Return the rows of a symbol."""
        if key not in self.values:
            self.values[key] = self._draw(key, shape, domain)
        return self.values[key]

    def _draw(self, key: Key, shape: tuple[int, int], domain: Domain) -> Drawn:
        random = self.random(*key)
        if domain.kind == "finite":
            return self._cycled(key, shape, domain.values, random)
        rows, columns = shape
        drawn = tuple(
            tuple(DRAW[domain.kind](random, domain) for _ in range(columns)) for _ in range(rows)
        )
        if domain.kind == "simplex":
            total = sum(row[0] for row in drawn)
            return tuple((row[0] / total,) for row in drawn)
        return drawn

    def _cycled(
        self, key: Key, shape: tuple[int, int], values: tuple[Fraction, ...], random: Random
    ) -> Drawn:
        """Go through all values: along an index or the entries, else from point to point."""
        name, indices = key
        if indices or shape != (1, 1):
            start = self.random(name).randrange(len(values)) + sum(indices)
            return tuple(
                tuple(self._member(values, start + i + j, random) for j in range(shape[1]))
                for i in range(shape[0])
            )
        self.cycles.setdefault(name, len(values))
        before = list(self.cycles)[: list(self.cycles).index(name)]
        period = prod(self.cycles[each] for each in before)
        return ((values[self.number // period % len(values)],),)

    def _member(self, values: tuple[Fraction, ...], at: int, random: Random) -> Fraction:
        return values[at % len(values)] if self.number % 2 == 0 else random.choice(values)


def _real(random: Random, _: Domain) -> Fraction:
    value = random.gauss(0, 0.9)
    away = 0.05 if abs(value) < 0.05 else 0.0
    return Fraction(round(1000 * max(-2.5, min(2.5, value + away))), 1000)


def _positive(random: Random, _: Domain) -> Fraction:
    return Fraction(round(1000 * (0.1 + random.expovariate(1.0))), 1000)


def _between(random: Random, domain: Domain) -> Fraction:
    low, high = domain.values
    return low + (high - low) * Fraction(random.randint(30, 970), 1000)


def _natural(random: Random, _: Domain) -> Fraction:
    return Fraction(random.randint(SMALLEST, 6))


DRAW: dict[str, Callable[[Random, Domain], Fraction]] = {
    "real": _real,
    "positive": _positive,
    "nonnegative": _positive,
    "simplex": _positive,
    "interval": _between,
    "natural": _natural,
}
"""How a number of each kind is drawn."""
