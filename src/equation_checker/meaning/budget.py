"""How much a display may cost, counted in steps, so that each machine comes to the same verdict.

A step is about what one number of double precision costs: a node of a tree, an entry of an array.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = 2_000_000
"""What all points of one claim may cost: some seconds."""
AFTERWARDS = 1_000_000
"""What the search for a counterexample or a repair, or one edit, may cost."""
SMALL = 1e18
"""Whole numbers up to which an exponent, an index or a size is computed."""


DEEPEST = 3000
"""Calls within calls."""


class TooMuch(Exception):  # noqa: N818
    """What costs more steps than there are, or a number too large to be written down."""


TOO_MUCH = (TooMuch, RecursionError, MemoryError)


class _Left:
    steps = STEPS


@contextmanager
def allowed(steps: int = STEPS) -> Iterator[None]:
    """Give what happens inside its own number of steps."""
    before, _Left.steps = _Left.steps, steps
    try:
        yield
    finally:
        _Left.steps = before


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
