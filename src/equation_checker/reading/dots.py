r"""What ``\dots`` stands for: what the first and the last of a sum, list or matrix share."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

DOTS = frozenset({r"\dots", r"\vdots", r"\ddots"})
Grid = list[list[t.Node | None]]
"""The cells of a matrix, None where there are dots."""
Run = tuple[str, t.Range, t.Node]
"""An index, what it runs over, and what is listed for each value of it."""


def run(
    before: Sequence[t.Node], last: t.Node, index: str, span: t.Span
) -> tuple[tuple[t.Node, ...], Run]:
    """Return what stands in front of a run of terms, and the run up to the last."""
    found = t.generalise(before[-1], last, index)
    if found is None:
        raise Unreadable(
            r"what stands before and after \dots must differ by one index",
            span,
            r"[a_1, \dots, a_n], or write the sum with \sum",
        )
    of, lower, upper = found
    first = len(before) - 1
    while first and isinstance(lower, t.Number):
        one_less = t.number(lower.value - 1)
        if _plain(t.substitute(of, {index: one_less})) != _plain(before[first - 1]):
            break
        first, lower = first - 1, one_less
    if first and t.generalise(before[first - 1], last, index) is not None:
        raise Unreadable(r"the terms before \dots do not go on by 1", span, r"write it with \sum")
    return tuple(before[:first]), (index, t.Range(lower, upper, span=span), of)


def _plain(node: t.Node) -> t.Node:
    """Take out powers of 0 and 1 and factors of 1, so that ``1, r, r^2`` is seen to go on."""
    node = t.rebuild(node, _plain)
    match node:
        case t.Power(base, t.Number(value)) if value in (0, 1):
            return base if value else t.number(1)
        case t.Product(factors):
            rest = tuple(each for each in factors if each != t.number(1))
            return rest[0] if len(rest) == 1 else t.Product(rest) if rest else t.number(1)
        case _:
            return node


def whole_run(before: Sequence[t.Node], last: t.Node, index: str, span: t.Span) -> Run:
    """Return the run of a list, which nothing stands in front of."""
    rest, found = run(before, last, index, span)
    if rest:
        raise Unreadable(r"the members before \dots do not go on by 1", span, r"[a_1, \dots, a_n]")
    return found


def matrix(grid: Grid, index: str, span: t.Span) -> t.Node:
    """Return the matrix whose rows or columns the dots continue."""
    across = [k for k, row in enumerate(grid) if all(cell is None for cell in row)]
    down = [
        k for k in range(len(grid[0]))
        if all(row[k] is None for n, row in enumerate(grid) if n not in across)
    ]  # fmt: skip
    rows = [
        [cell for k, cell in enumerate(row) if k not in down]
        for n, row in enumerate(grid)
        if n not in across
    ]
    cells = [[cell for cell in row if cell is not None] for row in rows]
    inside = [each for each in (across, down) if each]
    fits = all(each == [len(of) - 2] for each, of in ((across, grid), (down, grid[0])) if each)
    if not inside or not fits or any(len(row) != len(rows[0]) for row in cells):
        raise _unread(span)
    if not down:
        return t.Transpose(_listed([_row(row) for row in cells], index, span), span=span)
    if not across:
        return _listed([_column(each) for each in zip(*cells, strict=True)], index, span)
    return _both(cells, index, span)


def _listed(parts: Sequence[t.Node], index: str, span: t.Span) -> t.Node:
    return t.Listing(*whole_run(parts[:-1], parts[-1], index, span), span=span)


def _row(cells: Sequence[t.Node]) -> t.Node:
    """Return a row as a column, to be listed beside others."""
    return cells[0] if len(cells) == 1 else t.Transpose(t.Matrix((tuple(cells),)))


def _column(cells: Sequence[t.Node]) -> t.Node:
    return cells[0] if len(cells) == 1 else t.Matrix(tuple((cell,) for cell in cells))


def _both(cells: list[list[t.Node]], index: str, span: t.Span) -> t.Node:
    """Return the matrix of ``a_{11}, …, a_{1n}`` down to ``a_{m1}, …, a_{mn}``."""
    off = [c for n, row in enumerate(cells) for k, c in enumerate(row) if n != k]
    if len(cells) == len(cells[0]) and all(each == t.number(0) for each in off):
        diagonal = t.Transpose(_listed([row[k] for k, row in enumerate(cells)], index, span))
        return t.Apply(t.Symbol(r"\text{diag}"), (diagonal,), span=span)
    inner = index + "'"
    runs = [whole_run(row[:-1], row[-1], inner, span) for row in cells]
    if any(a[1] != b[1] for a, b in pairwise(runs)):
        raise _unread(span)
    columns = [t.Transpose(t.Listing(*each)) for each in runs]
    return t.Transpose(_listed(columns, index, span), span=span)


def _unread(span: t.Span) -> Unreadable:
    return Unreadable(
        "the dots of this matrix are not read",
        span,
        r"before the last row or column: a_1 & \cdots & a_n",
    )
