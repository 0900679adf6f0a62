"""How much a display may cost, counted in steps, so that each machine comes to the same verdict.

A step is about what one number of double precision costs: a node of a tree, an entry of an array.
Outside of ``allowed`` there is no end to them.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

POINTS = 2_000_000
"""What all points of one claim, or of one tie, may cost: some seconds."""
SEARCH = 1_000_000
"""What the search for a counterexample or a repair may cost, or the trial of one edit."""
DISPLAY = 6_000_000
"""What one display may cost in all."""
EDITS = 100_000_000
"""What the trial of all edits of one display may cost."""
SMALL = 1e18
"""Whole numbers up to which an exponent, an index or a size is computed."""


DEEPEST = 3000
"""Calls within calls."""


class TooMuch(Exception):  # noqa: N818
    """What costs more steps than there are, or a number too large to be written down."""


TOO_MUCH = (TooMuch, RecursionError, MemoryError)


class _Left:
    steps: float = inf


@contextmanager
def allowed(steps: int = POINTS) -> Iterator[None]:
    """Give what happens inside a number of steps, out of those that are left."""
    before = _Left.steps
    _Left.steps = given = min(steps, before)
    try:
        yield
    finally:
        _Left.steps = before - (given - _Left.steps) if before < inf else before


def spend(steps: int) -> None:
    """Count steps; there is an end to them."""
    _Left.steps -= steps
    if _Left.steps < 0:
        raise TooMuch("it takes too many steps")


@contextmanager
def room() -> Iterator[None]:
    """Let calls nest equally deep wherever the caller stands."""
    before, depth, frame = sys.getrecursionlimit(), 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + DEEPEST)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
