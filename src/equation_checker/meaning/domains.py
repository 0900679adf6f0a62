"""Matrices of a kind, made exactly from matrices of any numbers.

A point keeps the free numbers, so that a search may move each of them and stay inside the domain.
A derivative by such a matrix moves one entry alone, as if no other had to follow it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.language.errors import Undefined
from equation_checker.meaning import matrices
from equation_checker.meaning.fields import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from equation_checker.meaning.points import Drawn

SHIFT = Fraction(1, 10)
"""What a positive definite matrix has at least as its eigenvalues."""
PART = Fraction(1, 10**12)
"""What part of their sum each of them has at least: rounding makes no matrix singular."""
SYMMETRIC = frozenset({"symmetric", "definite", "semidefinite"})


class Rationals(Field):
    """Fractions as they are."""

    def number(self, value: Fraction) -> Fraction:
        """Return the fraction."""
        return value


@lru_cache(maxsize=512)
def constrained(kind: str, rows: Drawn) -> Drawn:
    """Return the matrix of a kind that some free numbers stand for."""
    made = MADE[kind](np.array(rows, dtype=object))
    return tuple(tuple(row) for row in made)


def _symmetric(rows: Any) -> Any:
    return np.tril(rows) + np.tril(rows, -1).T


def _definite(rows: Any) -> Any:
    square = rows @ rows.T
    return square + matrices.identity(Rationals(), len(rows)) * (SHIFT + square.trace() * PART)


def _semidefinite(rows: Any) -> Any:
    """Multiply by the transpose; every other time a column is left out, and with it full rank."""
    kept = rows[:, 1:] if rows[0, 0] > 0 else rows
    return kept @ kept.T if kept.size else rows * 0


def _orthogonal(rows: Any) -> Any:
    """Return a rotation, or, every other time, a rotation and a reflection."""
    turned = _rotation(rows)
    turned[0] = turned[0] * (-1 if rows[0, 0] < 0 else 1)
    return turned


def _rotation(rows: Any) -> Any:
    """Return the first columns of the Cayley transform of an antisymmetric matrix."""
    size, columns = rows.shape
    if size < columns:
        raise Undefined("more columns than an orthogonal matrix can have")
    one = matrices.identity(Rationals(), size)
    lower = one * 0
    for (r, c), value in np.ndenumerate(rows):
        lower[r, c] = Fraction(round(10 * value), 10) if r > c else lower[r, c]
    skew = lower - lower.T
    return (matrices.inverse(Rationals(), one - skew) @ (one + skew))[:, :columns]


MADE: dict[str, Callable[[Any], Any]] = {
    "symmetric": _symmetric,
    "definite": _definite,
    "semidefinite": _semidefinite,
    "orthogonal": _orthogonal,
    "rotation": _rotation,
    "lower": np.tril,
}
"""How a matrix of each kind is made."""
