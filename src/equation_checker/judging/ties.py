"""Compare equations with code: put values into the arrays of the Python column, and evaluate."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.judging.python import Interpreter, TieError, read
from equation_checker.language.errors import Unreadable
from equation_checker.language.tree import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from equation_checker.language.notation import Entry, Notation
    from equation_checker.meaning.values import World

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Pattern:
    """``X[i, 0]``: a name, and for each position a name of an index or a number."""

    base: str
    positions: tuple[str | int, ...]


@cache
def pattern(text: str) -> Pattern | None:
    """Read the Python column; None when it is an expression to be evaluated instead."""
    tree = read(text)
    if isinstance(tree, ast.Name):
        return Pattern(tree.id, ())
    if isinstance(tree, ast.Subscript) and isinstance(tree.value, ast.Name):
        inside = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        positions = [_position(each) for each in inside]
        if None not in positions:
            return Pattern(tree.value.id, tuple(each for each in positions if each is not None))
    return None


def is_name(text: str, notation: Notation | None = None) -> bool:
    """Tell whether Python names an array, or part of one, and calls nothing.

    What names an array that the notation already knows is no name, but an expression.
    """
    try:
        found = pattern(text)
    except Unreadable:
        return False
    entries = notation.entries.values() if notation and found else ()
    known = {each.base for entry in entries if entry.python and is_name(entry.python)
             and (each := pattern(entry.python))}  # fmt: skip
    return found is not None and found.base not in known


def _position(node: ast.expr) -> str | int | None:
    match node:
        case ast.Name(name):
            return name
        case ast.Constant(int(value)):
            return value
        case _:
            return None


class Names:
    """The Python names of a notation, and what stands behind each at a point."""

    def __init__(self, notation: Notation, library: Mapping[str, Any]) -> None:
        self.notation = notation
        self.library = library
        self.patterns: dict[str, list[tuple[Pattern, Entry]]] = {}
        for entry in notation.entries.values():
            if entry.python and is_name(entry.python) and (found := pattern(entry.python)):
                self.patterns.setdefault(found.base, []).append((found, entry))

    def evaluate(self, expression: str, world: World, bound: Mapping[str, int]) -> Any:
        """Return the value of an expression; an index stands for its position counted from 0."""
        interpreter = Interpreter(lambda name: self._value(name, world, bound), self.library)
        tree = read(expression)
        try:
            return interpreter.of(tree)
        except (TieError, Unreadable):
            raise
        except Exception as problem:  # the code of others may raise anything
            raise TieError(f"{expression} raises {type(problem).__name__}: {problem}") from problem

    def _value(self, name: str, world: World, bound: Mapping[str, int]) -> Any:
        entry = self.notation.entries.get(name)
        if name in self.patterns:
            return self._assembled(self.patterns[name], world)
        if name in bound:
            return bound[name] - self._first(name, world)
        if entry is not None and entry.kind == "size":
            return int(world.field.real(world.symbol((name, ()))))
        if name in self.library:
            return self.library[name]
        raise Unreadable(f"{name} is neither in the Python column nor in the library", NOWHERE)

    def _first(self, index: str, world: World) -> int:
        entry = self.notation.entries.get(index)
        over = entry.ranges[0] if entry and entry.ranges else None
        return 1 if over is None else world.range(over, {})[0]

    def _assembled(self, parts: list[tuple[Pattern, Entry]], world: World) -> Any:
        """Put an array together from all the symbols that share its name."""
        cells: dict[tuple[int, ...], Any] = {}
        for found, entry in parts:
            for indices in _members(entry, world):
                starts = [0 if over is None else world.range(over, {})[0] for over in entry.ranges]
                steps = (i - s for i, s in zip(indices, starts, strict=True))
                at = dict(zip(entry.indices, steps, strict=True))
                where = tuple(at[p] if isinstance(p, str) else p for p in found.positions)
                cells[where] = as_array(world.symbol((entry.name, indices)), world)
        return cells[()] if () in cells else _stack(cells)


def _members(entry: Entry, world: World) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for over in entry.ranges:
        if over is None:
            raise TieError(f"what the index of {entry.name} runs over is not declared")
        found = [(*each, k) for each in found for k in world.range(over, {})]
    return found


def _stack(cells: dict[tuple[int, ...], Any]) -> Any:
    """Return nested positions as one array, or as a list where the shapes differ."""
    if () in cells:
        return cells[()]
    first = sorted({where[0] for where in cells})
    parts = [_stack({w[1:]: v for w, v in cells.items() if w[0] == k}) for k in first]
    if first != list(range(len(first))):
        raise TieError(f"the positions {first} leave a gap")
    if len({np.shape(part) for part in parts}) == 1:
        return np.array(parts)
    return parts


def as_array(value: Any, world: World) -> Any:
    """Return a value as NumPy has it: a column is one-dimensional, a number a float."""
    if not isinstance(value, np.ndarray):
        return float(world.field.real(value))
    plain = np.array([[float(world.field.real(each)) for each in row] for row in value])
    return plain[:, 0] if plain.shape[1] == 1 else plain


def compare(expected: Any, found: Any, floor: float = 0.0) -> float:
    """Return the difference of two arrays, relative to the largest entry or to a larger floor."""
    expected = np.asarray(expected, dtype=float)
    try:
        found = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        raise TieError(f"the code gives {type(found).__name__}, not numbers") from None
    if expected.ndim == 2 and expected.shape[0] == 1 and found.ndim == 1:
        expected = expected[0]
    if expected.shape != found.shape:
        raise TieError(f"the equation has the shape {expected.shape}, the code {found.shape}")
    scale = max(float(np.max(np.abs(expected), initial=0)), float(np.max(np.abs(found), initial=0)))
    worst = float(np.max(np.abs(expected - found), initial=0))
    return worst / max(scale, floor) if scale > 0 else 0.0
