"""Shapes that are not known yet, and what the displays say of them, until all is said."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


class Size:
    """A number of rows or columns: one of a class of equals, which may have a name."""

    def __init__(self, name: str = "", *, many: bool | None = None) -> None:
        self.up: Size | None = None
        self.name = name
        self.many = name != "1" if name else many
        """Whether it is more than 1; None while nobody knows."""

    @property
    def root(self) -> Size:
        """Return the one that speaks for all equals."""
        return self.up.root if self.up else self


@dataclass(frozen=True, eq=False)
class Shape:
    """Rows and columns."""

    rows: Size = field(default_factory=Size)
    columns: Size = field(default_factory=Size)

    @property
    def turned(self) -> Shape:
        """Return the shape of the transpose."""
        return Shape(self.columns, self.rows)

    @property
    def is_scalar(self) -> bool:
        """Tell whether it is known to be a number."""
        return self.rows.root.many is False and self.columns.root.many is False

    @property
    def is_large(self) -> bool:
        """Tell whether it is known to be a vector or a matrix."""
        return bool(self.rows.root.many or self.columns.root.many)

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what kind of thing it is."""
        return None not in (self.rows.root.many, self.columns.root.many)


def scalar() -> Shape:
    """Return the shape of a number."""
    return Shape(Size("1"), Size("1"))


def vector() -> Shape:
    """Return the shape of a column."""
    return Shape(Size(many=True), Size("1"))


def matrix() -> Shape:
    """Return the shape of a matrix."""
    return Shape(Size(many=True), Size(many=True))


class Unifier:
    """Holds what is said of shapes; what contradicts what is known is kept aside."""

    def __init__(self) -> None:
        self.rules: list[Callable[[], bool]] = []
        self.products: list[tuple[Sequence[Shape], int]] = []
        self.clashes: set[int] = set()
        """The lines that contradict what is known."""

    def same(self, first: Shape, second: Shape, line: int) -> bool:
        """Say that two shapes are equal; return whether that was news."""
        pairs = [(first.rows.root, second.rows.root), (first.columns.root, second.columns.root)]
        together = [*pairs, *itertools.combinations({*pairs[0], *pairs[1]}, 2)]
        if not all(_fits(a, b) for a, b in (together if {*pairs[0]} & {*pairs[1]} else pairs)):
            self.clashes.add(line)
            return False
        return bool(sum(_join(a, b) for a, b in pairs))

    def equal(self, first: Size, second: Size, line: int) -> bool:
        """Say that two sizes are equal; return whether that was news."""
        a, b = first.root, second.root
        if not _fits(a, b):
            self.clashes.add(line)
            return False
        return _join(a, b)

    def product(self, factors: Sequence[Shape], out: Shape, line: int) -> None:
        """Say that factors stand side by side."""
        self.products.append((factors, line))
        self.rules.append(lambda: self._multiply(factors, out, line))

    def _multiply(self, factors: Sequence[Shape], out: Shape, line: int) -> bool:
        left = [each for each in factors if not each.is_scalar]
        if not left:
            return self.same(out, scalar(), line)
        if len(left) == 1:
            return self.same(out, left[0], line)
        if out.is_scalar and not any(each.is_large for each in left):
            return False
        news = False
        for a, b in itertools.pairwise(left):
            if a.is_large and b.is_large and a.is_known and b.is_known:
                news |= self.equal(a.columns, b.rows, line)
        if all(each.is_known for each in left):
            news |= self.same(out, Shape(left[0].rows, left[-1].columns), line)
        return news

    def when(self, rule: Callable[[], bool]) -> None:
        """Add a rule that is tried until it has nothing more to say."""
        self.rules.append(rule)

    def solve(self) -> None:
        """Apply all rules until none has news."""
        for _ in range(200):
            if not sum(rule() for rule in self.rules):
                return


def _fits(a: Size, b: Size) -> bool:
    if a is b:
        return True
    if a.many is not None and b.many is not None and a.many != b.many:
        return False
    return not (a.name and b.name and a.name != b.name)


def _join(a: Size, b: Size) -> bool:
    a, b = a.root, b.root
    if a is b or (a.name and a.name == b.name):
        return False
    if not a.name and b.name:
        a, b = b, a
    known = (a.many, b.many)
    b.up = a
    a.many = known[0] if known[0] is not None else known[1]
    return True


def nameless(shapes: Iterable[Shape]) -> Iterator[Size]:
    """Yield the sizes of shapes that have no name yet, each once."""
    seen: set[int] = set()
    for shape in shapes:
        for size in (shape.rows.root, shape.columns.root):
            if size.many and not size.name and id(size) not in seen:
                seen.add(id(size))
                yield size
