r"""What ``\dots`` stands for: what the first and the last of a sum, list or matrix share."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.language.sizes import UNSAID, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

DOTS = frozenset({r"\dots", r"\vdots", r"\ddots"})
ZERO = t.number(0)
MOST_VALUES = 4
"""Numbers in a term that may be the ones by which a series goes on."""
Grid = list[list[t.Node | None]]
"""The cells of a matrix, None where there are dots."""
Run = tuple[str, t.Range, t.Node]
"""An index, what it runs over, and what is listed for each value of it."""


def run(
    before: Sequence[t.Node], last: t.Node, index: str, span: t.Span
) -> tuple[tuple[t.Node, ...], Run]:
    """Return what stands in front of a run of terms, and the run up to the last."""
    found = generalise(before[-1], last, index)
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
    if first and generalise(before[first - 1], last, index) is not None:
        raise Unreadable(r"the terms before \dots do not go on by 1", span, r"write it with \sum")
    return tuple(before[:first]), (index, t.Range(lower, upper, span=span), of)


def generalise(first: t.Node, last: t.Node, index: str) -> tuple[t.Node, t.Node, t.Node] | None:
    """Return what two trees share, with an index where they differ, and the two values of it."""
    ends: list[tuple[t.Node, t.Node]] = []
    shared = _shared(first, last, t.Symbol(index), ends)
    return None if shared is None or not ends else (shared, *ends[0])


def _shared(  # noqa: PLR0911
    a: Any, b: Any, index: t.Node, ends: list[tuple[t.Node, t.Node]]
) -> Any:
    """Put the index where two trees differ, or a sum with it: the ``k + 1`` of ``w_{k+1} x^k``."""
    if a == b:
        return a
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        parts = tuple(_shared(x, y, index, ends) for x, y in zip(a, b, strict=True))
        return None if None in parts else parts
    if type(a) is type(b) and isinstance(a, t.Node) and not isinstance(a, t.Number):
        names = a.__match_args__
        if not isinstance(a, t.Symbol) or (isinstance(b, t.Symbol) and a.name == b.name):
            seen = len(ends)
            new = {n: _shared(getattr(a, n), getattr(b, n), index, ends) for n in names}
            if not any(value is None for value in new.values()):
                return replace(a, **new)
            del ends[seen:]
    for x, y in ((a, b), (b, a)):
        if isinstance(y, t.Power) and y.base == x:  # u is u^1
            first = t.Power(x, t.number(1))
            return _shared(*((first, y) if x is a else (y, first)), index, ends)
    if not (_is_index(a) and _is_index(b)):
        return None
    ends.append((a, b))
    more, same = (
        canonical(t.Add((x, t.Negative(y)))) for x, y in zip((a, b), ends[0], strict=True)
    )
    if more != same:
        return None
    return index if more == t.number(0) else t.Add((index, more))


def _is_index(node: Any) -> bool:
    """Tell whether a tree may be the value of an index: ``1``, ``n``, ``n - 1``."""
    match node:
        case t.Number() | t.Symbol(indices=()):
            return True
        case t.Add(terms):
            return all(_is_index(each) for each in terms)
        case t.Negative(of):
            return _is_index(of)
        case _:
            return False


def _plain(node: t.Node) -> t.Node:  # noqa: PLR0911
    """Take out powers of 0 and 1 and factors of 1, so that ``1, r, r^2`` is seen to go on."""
    node = t.rebuild(node, _plain)
    match node:
        case t.Add():
            return canonical(node)
        case t.Power(base, t.Number(value)) if value in (0, 1):
            return base if value else t.number(1)
        case t.Negative(t.Number(value)) if value == 0:
            return t.number(0)
        case t.Divide(above, t.Number(value)) if value == 1:
            return above
        case t.Apply(t.Symbol("n!" | "!"), (t.Number(value),)) if value in (0, 1):
            return t.number(1)
        case t.Product(factors):
            rest = tuple(each for each in factors if each != t.number(1))
            return rest[0] if len(rest) == 1 else t.Product(rest) if rest else t.number(1)
        case _:
            return node


def series(terms: Sequence[t.Node], index: str, span: t.Span) -> t.Node:
    r"""Return the infinite sum that begins with some terms: ``1 + c + c^2 + \dots``."""
    found = {*_laws(terms, index)} if len(terms) > 2 else set()
    if len(found) != 1:
        message = r"this construct is not read: a sum that ends in \dots"
        raise Unreadable(message, span, r"write it with \sum, or three terms of which each follows")
    over = t.Range(t.number(0), t.Constant(r"\infty"), span=span)
    return t.Reduce("sum", index, over, found.pop(), span=span)


def _laws(terms: Sequence[t.Node], index: str) -> Iterator[t.Node]:
    """Yield terms with an index that agree with each one that is written."""
    signs = [isinstance(each, t.Negative) for each in terms]
    plain = [each.of if isinstance(each, t.Negative) else each for each in terms]
    alternates = all(a != b for a, b in pairwise(signs))
    last, end = plain[-1], len(plain) - 1
    values = sorted({n.value for n in t.walk(last) if isinstance(n, t.Number)})[:MOST_VALUES]
    if not alternates and len({*signs}) > 1:
        return
    for step, size in product((1, 2), range(1, len(values) + 1)):
        for chosen in combinations(values, size):
            moved = [_moved(last, chosen, t.number(step * (k - end))) for k in range(end)]
            if [_plain(each) for each in moved] != [_plain(each) for each in plain[:-1]]:
                continue
            by = t.Symbol(index) if step == 1 else t.Product((t.number(step), t.Symbol(index)))
            law = _moved(last, chosen, t.number(-step * end), by)
            if alternates:
                sign = t.Power(t.Negative(t.number(1)), t.Symbol(index))
                law = t.Product((sign, law))
            yield t.Negative(law) if signs[0] else law


def _moved(
    node: t.Node, values: Sequence[Fraction], by: t.Number, index: t.Node | None = None
) -> t.Node:
    """Add a number, and an index, to each of some numbers in a tree."""
    if isinstance(node, t.Number) and node.value in values:
        first = t.number(node.value + by.value)
        if index is None:
            return first
        return index if first.value == 0 else t.Add((first, index))
    return t.rebuild(node, lambda each: _moved(each, values, by, index))


def whole_run(before: Sequence[t.Node], last: t.Node, index: str, span: t.Span) -> Run:
    """Return the run of a list, which nothing stands in front of."""
    rest, found = run(before, last, index, span)
    if rest:
        raise Unreadable(r"the members before \dots do not go on by 1", span, r"[a_1, \dots, a_n]")
    return found


def matrix(grid: Grid, index: str, span: t.Span) -> t.Node:
    """Return the matrix whose rows or columns the dots continue."""
    across = [k for k, row in enumerate(grid) if row[0] is None and 2 * row.count(None) > len(row)]
    down = [
        k for k in range(len(grid[0]))
        if all(row[k] is None for n, row in enumerate(grid) if n not in across)
    ]  # fmt: skip
    if max(len(across), len(down)) != 1:
        raise _unread(span)
    kept = [
        [cell for k, cell in enumerate(row) if k not in down]
        for n, row in enumerate(grid)
        if n not in across
    ]
    cells = [[cell for cell in row if cell is not None] for row in kept]
    if any(len(row) != len(cells[0]) for row in cells):
        raise _unread(span)
    if not down:
        rows = [_row(row) for row in cells]
        list_ = listed(rows[: across[0]], rows[across[0] :], index, span)
        return t.Transpose(list_, span=span)
    if not across:
        columns = [_column(each) for each in zip(*cells, strict=True)]
        return listed(columns[: down[0]], columns[down[0] :], index, span)
    banded = _banded(cells, (across[0], down[0]), index, span)
    return banded or _both(cells, (across[0], down[0]), index, span)


def _banded(
    cells: list[list[t.Node]], dots: tuple[int, int], index: str, span: t.Span
) -> t.Node | None:
    """Return the matrix of some diagonals beside zeros, if its corners show no other."""
    unsaid = t.Symbol(f"{UNSAID}{span[0]} this matrix", span=span)
    rows, columns = len(cells), len(cells[0])
    for more in (0, 1, -1):
        bands: dict[int, list[t.Node]] = {}
        far: list[t.Node] = []
        for r, c in product(range(rows), range(columns)):
            ends = (r >= dots[0], c >= dots[1])
            off = c - r + (rows - columns + more if all(ends) else 0)
            (bands.setdefault(off, []) if ends[0] == ends[1] else far).append(cells[r][c])
        full = {k: each for k, each in bands.items() if {*each} != {ZERO}}
        inside = (
            {-1, 1} <= bands.keys() and full and min(bands) < min(full) and max(full) < max(bands)
        )
        shown = all(len({*each}) == 1 < len(each) for each in full.values())
        if not (inside and shown and {*far} <= {ZERO}):
            continue
        row, column = t.Symbol(index), t.Symbol(index + "'")
        off_by = t.Add((column, t.Negative(row)))
        values = (*(each[0] for each in full.values()), ZERO)
        conditions = (*(t.Comparison("=", off_by, _whole(k)) for k in full), None)
        of: t.Node = t.Cases(values, conditions, span=span)
        wide = t.Add((unsaid, _whole(more))) if more else unsaid
        for letter, size in ((column, wide), (row, unsaid)):
            of = t.Transpose(t.Listing(letter.name, t.Range(t.number(1), size), of), span=span)
        return of
    return None


def _whole(value: int) -> t.Node:
    return t.number(value) if value >= 0 else t.Negative(t.number(-value))


def listed(before: Sequence[t.Node], after: Sequence[t.Node], index: str, span: t.Span) -> t.Node:
    r"""Return the row of a list, beside whose run others may stand: ``1, x_1, \dots, x_n``."""
    if before[-1] == after[0] and isinstance(after[0], t.Number):
        return _constant(before, after, span)
    rest, found = run(before, after[-1], index, span)
    for k, each in enumerate(reversed(after)):
        less = t.Add((found[1].upper, t.Negative(t.number(k))))
        if k and _plain(t.substitute(found[2], {index: canonical(less)})) != _plain(each):
            message = r"the members behind \dots do not go on by 1"
            raise Unreadable(message, span, r"[a_1, \dots, a_n]")
    row = t.Listing(*found, span=span)
    return t.Matrix(((*rest, row),), span=span) if rest else row


def _constant(before: Sequence[t.Node], after: Sequence[t.Node], span: t.Span) -> t.Node:
    """Return a row of one number, as long as what stands beside it says, between others."""
    same, size = after[0], t.Symbol(f"{UNSAID}{span[0]} this matrix", span=span)
    first = next((k for k, each in enumerate(reversed(before)) if each != same), len(before))
    last = next((k for k, each in enumerate(after) if each != same), len(after))
    run = t.Product((same, t.Transpose(t.Ones(size))), span=span)
    others = (*before[: len(before) - first], run, *after[last:])
    return t.Matrix((others,), span=span) if len(others) > 1 else run


def _row(cells: Sequence[t.Node]) -> t.Node:
    """Return a row as a column, to be listed beside others."""
    if len(cells) == 1 and isinstance(cells[0], t.Transpose):
        return cells[0].of
    return cells[0] if len(cells) == 1 else t.Transpose(t.Matrix((tuple(cells),)))


def _column(cells: Sequence[t.Node]) -> t.Node:
    return cells[0] if len(cells) == 1 else t.Matrix(tuple((cell,) for cell in cells))


def _both(cells: list[list[t.Node]], dots: tuple[int, int], index: str, span: t.Span) -> t.Node:
    """Return the matrix of ``a_{11}, …, a_{1n}`` down to ``a_{m1}, …, a_{mn}``."""
    if dots != (len(cells) - 1, len(cells[0]) - 1):
        raise _unread(span)
    off = [c for n, row in enumerate(cells) for k, c in enumerate(row) if n != k]
    if len(cells) == len(cells[0]) and all(each == ZERO for each in off):
        diagonal = [row[k] for k, row in enumerate(cells)]
        column = t.Transpose(listed(diagonal[:-1], diagonal[-1:], index, span))
        return t.Apply(t.Symbol(r"\text{diag}"), (column,), span=span)
    inner = index + "'"
    runs = [whole_run(row[:-1], row[-1], inner, span) for row in cells]
    if any(a[1] != b[1] for a, b in pairwise(runs)):
        raise _unread(span)
    columns = [t.Transpose(t.Listing(*each)) for each in runs]
    return t.Transpose(listed(columns[:-1], columns[-1:], index, span), span=span)


def _unread(span: t.Span) -> Unreadable:
    return Unreadable(
        "the dots of this matrix are not read",
        span,
        r"before the last row or column: a_1 & \cdots & a_n",
    )
