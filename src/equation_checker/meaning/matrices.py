"""Linear algebra over any field of numbers: no rule here knows how a number is stored."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from equation_checker.language.errors import Undefined
from equation_checker.meaning.budget import spend
from equation_checker.meaning.fields import Nested

if TYPE_CHECKING:
    from collections.abc import Callable

    from equation_checker.meaning.fields import Field, Value

SWEEPS = 40
"""Rounds in which the eigenvalues of a matrix are found; each doubles the digits."""
DOUBT = 1e-4
"""A pivot below this part of the tolerance of a field, and of the largest entry, counts as 0."""


def matrix(value: Value) -> Value:
    """Return a number as a matrix of one entry, and a matrix as it is."""
    return np.atleast_2d(np.asarray(value, dtype=object))


def collapsed(array: Value) -> Value:
    """Return the one number that an array holds, or the array."""
    return array[0, 0] if array.shape == (1, 1) else array


def array(rows: list[list[Value]]) -> Value:
    """Return rows as an array, or the one number that they hold."""
    if not rows or not rows[0]:
        raise Undefined("a vector or matrix without entries")
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    made = np.empty((len(rows), len(rows[0])), dtype=object)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            made[r, c] = value
    return made


def blocks(rows: list[list[Value]]) -> Value:
    """Join numbers and matrices into one matrix."""
    if not rows or not rows[0]:
        raise Undefined("a list without entries")
    return collapsed(np.block([[matrix(each) for each in row] for row in rows]))


def flat(value: Value) -> list[Value]:
    """Return the entries of a matrix, or the one number."""
    return list(value.flat) if isinstance(value, np.ndarray) else [value]


def total(values: list[Value]) -> Value:
    """Add numbers, or matrices, or digits to each entry of a matrix."""
    first = next((k for k, each in enumerate(values) if isinstance(each, np.ndarray)), 0)
    result = values[first]
    for each in (*values[:first], *values[first + 1 :]):
        result = result + each
    return result


def identity(numbers: Field, size: int) -> Value:
    """Return the identity matrix."""
    spend(size**2)
    one, zero = numbers.number(Fraction(1)), numbers.number(Fraction(0))
    array = np.full((size, size), zero, dtype=object)
    np.fill_diagonal(array, one)
    return array


def _largest(numbers: Field, array: Value) -> float:
    return max((abs(float(numbers.real(each))) for each in array.flat), default=0.0)


def _is_zero(numbers: Field, pivot: Value, scale: float) -> bool:
    """Tell whether a pivot is 0, or cannot be told from 0."""
    real = abs(numbers.real(pivot))
    return bool(real == 0 or (numbers.tolerance and real <= DOUBT * numbers.tolerance * scale))


def _pivot(numbers: Field, rows: Value, column: int, start: int) -> int:
    """Return the row, from one on, that has the largest entry of a column."""
    return max(range(start, len(rows)), key=lambda r: abs(numbers.real(rows[r, column])))


def inverse(numbers: Field, square: Value) -> Value:
    """Eliminate by Gauss and Jordan with the largest pivot."""
    size = len(square)
    spend(2 * numbers.cost * size**3)
    rows = np.hstack([square, identity(numbers, size)])
    scale = _largest(numbers, square) if numbers.tolerance else 0.0
    for k in range(size):
        pivot = _pivot(numbers, rows, k, k)
        if _is_zero(numbers, rows[pivot, k], scale):
            raise Undefined("the inverse of a singular matrix")
        rows[[k, pivot]] = rows[[pivot, k]]
        rows[k] = rows[k] / rows[k, k]
        for r in range(size):
            if r != k:
                rows[r] = rows[r] - rows[k] * rows[r, k]
    return rows[:, size:]


def determinant(numbers: Field, square: Value) -> Value:
    """Multiply the pivots of an elimination."""
    rows, result = square.copy(), numbers.number(Fraction(1))
    spend(numbers.cost * len(rows) ** 3)
    for k in range(len(rows)):
        pivot = _pivot(numbers, rows, k, k)
        if numbers.real(rows[pivot, k]) == 0:
            if any(isinstance(each, complex) for each in rows.flat):
                raise Nested  # at a singular matrix a determinant has a slope all the same
            return numbers.number(Fraction(0))
        if pivot != k:
            rows[[k, pivot]] = rows[[pivot, k]]
            result = -result
        result = result * rows[k, k]
        for r in range(k + 1, len(rows)):
            rows[r] = rows[r] - rows[k] * (rows[r, k] / rows[k, k])
    return result


def rank(numbers: Field, array: Value) -> Value:
    """Count the pivots of an elimination."""
    rows, found = array.copy(), 0
    spend(numbers.cost * rows.size * max(rows.shape))
    scale = _largest(numbers, array)
    for column in range(rows.shape[1]):
        if found == len(rows):
            break
        pivot = _pivot(numbers, rows, column, found)
        if _is_zero(numbers, rows[pivot, column], scale):
            continue
        rows[[found, pivot]] = rows[[pivot, found]]
        for r in range(found + 1, len(rows)):
            rows[r] = rows[r] - rows[found] * (rows[r, column] / rows[found, column])
        found += 1
    return numbers.number(Fraction(found))


def pseudo_inverse(numbers: Field, array: Value) -> Value:
    """Return the pseudo-inverse of a matrix whose columns, or rows, are independent."""
    turned = array.T
    if len(array) < len(turned):
        return turned @ inverse(numbers, array @ turned)
    return inverse(numbers, turned @ array) @ turned


def power(numbers: Field, base: Value, exponent: int) -> Value:
    """Return a whole power by repeated squaring."""
    base = inverse(numbers, base) if exponent < 0 else base
    result, exponent = identity(numbers, len(base)), abs(exponent)
    while exponent:
        spend(2 * numbers.cost * len(base) ** 3)
        with np.errstate(over="ignore", invalid="ignore"):  # too large: no number, and said so
            result = result @ base if exponent % 2 else result
            base, exponent = base @ base, exponent // 2
    return result


def half_power(numbers: Field, base: Value, exponent: int) -> Value:
    """Return a power of the positive root of a symmetric matrix."""
    if any(isinstance(each, complex) for each in base.flat):
        raise Nested
    values, vectors = eigen(numbers, base)
    if exponent < 0 and any(numbers.real(each) == 0 for each in values):
        raise Undefined("the inverse of a singular matrix")
    roots = [numbers.power(numbers.function("sqrt", each), exponent) for each in values]
    return vectors @ (np.array(roots, dtype=object)[:, None] * vectors.T)


def eigen(numbers: Field, square: Value) -> tuple[Value, Value]:
    """Return the eigenvalues of a symmetric matrix, and the columns that belong to them.

    Jacobi's rotations: roots and fractions alone.
    """
    if not _is_symmetric(numbers, square):
        raise Undefined("eigenvalues of a matrix that is not symmetric")
    real, root = numbers.real, partial(numbers.function, "sqrt")
    square, vectors = square.copy(), identity(numbers, len(square))
    pairs = [(p, q) for q in range(len(square)) for p in range(q)]
    for _ in range(SWEEPS):
        at_rest = True
        for p, q in pairs:
            off = square[p, q]
            large = sum(each if real(each) > 0 else -each for each in (square[p, p], square[q, q]))
            if real(large + off) == real(large):
                continue
            at_rest = False
            spend(8 * numbers.cost * len(square))
            both, turn = [p, q], _turn(numbers, square, p, q, root)
            square[:, both], vectors[:, both] = square[:, both] @ turn, vectors[:, both] @ turn
            square[both] = turn.T @ square[both]
        if at_rest:
            break
    return square.diagonal(), vectors


def _is_symmetric(numbers: Field, square: Value) -> bool:
    gaps = square - square.T
    if not numbers.tolerance:
        return all(numbers.real(each) == 0 for each in gaps.flat)
    return _largest(numbers, gaps) <= numbers.tolerance * _largest(numbers, square)


def _turn(numbers: Field, square: Value, p: int, q: int, root: Callable[[Value], Value]) -> Value:
    """Return the rotation of two columns that makes an entry of a symmetric matrix 0."""
    ratio = (square[q, q] - square[p, p]) / (square[p, q] * 2)
    sign = 1 if numbers.real(ratio) >= 0 else -1
    tangent = sign / (ratio * sign + root(ratio * ratio + 1))
    cosine = 1 / root(tangent * tangent + 1)
    return np.array([[cosine, cosine * tangent], [-cosine * tangent, cosine]], dtype=object)


def nuclear(numbers: Field, array: Value) -> Value:
    """Return the sum of the singular values."""
    square = array @ array.T if len(array) < array.shape[1] else array.T @ array
    values = [each for each in eigen(numbers, square)[0] if numbers.real(each) > 0]
    return total(
        [numbers.function("sqrt", each) for each in values] or [numbers.number(Fraction(0))]
    )


def spectral(numbers: Field, array: Value) -> Value:
    """Return the largest singular value."""
    values, _ = eigen(numbers, array.T @ array)
    return numbers.function("sqrt", max(values, key=numbers.real))
