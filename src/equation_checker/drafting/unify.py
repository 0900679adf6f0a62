"""Shapes that are not known yet, and what the displays say of them, until all is said."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


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

    def fits(self, other: Size) -> bool:
        """Tell whether nothing that is known keeps two sizes apart."""
        a, b = self.root, other.root
        names, kinds = {a.name, b.name} - {""}, {a.many, b.many} - {None}
        return a is b or (len(names) < 2 and len(kinds) < 2)

    def join(self, other: Size) -> bool:
        """Make one class of two; return whether that was news."""
        a, b = self.root, other.root
        if a is b or (a.name and a.name == b.name):
            return False
        if not a.name and b.name:
            a, b = b, a
        b.up, a.many = a, b.many if a.many is None else a.many
        return True


@dataclass(frozen=True, eq=False)
class Shape:
    """Rows and columns."""

    rows: Size = field(default_factory=Size)
    columns: Size = field(default_factory=Size)

    @property
    def many(self) -> tuple[bool | None, bool | None]:
        """Return of rows and of columns whether there is more than one, as far as it is known."""
        return self.rows.root.many, self.columns.root.many

    @property
    def turned(self) -> Shape:
        """Return the shape of the transpose."""
        return Shape(self.columns, self.rows)

    @property
    def is_scalar(self) -> bool:
        """Tell whether it is known to be a number."""
        return self.many == (False, False)

    @property
    def is_large(self) -> bool:
        """Tell whether it is known to be a vector or a matrix."""
        return True in self.many

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what kind of thing it is."""
        return None not in self.many


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
        """What has to be tried until it has nothing more to say."""
        self.products: list[tuple[Sequence[Shape], int]] = []
        self.clashes: set[int] = set()
        """The lines that contradict what is known."""

    def same(self, first: Shape, second: Shape, line: int) -> bool:
        """Say that two shapes are equal; return whether that was news."""
        rows = {first.rows.root, second.rows.root}
        columns = {first.columns.root, second.columns.root}
        groups = [rows | columns] if rows & columns else [rows, columns]
        if not all(a.fits(b) for each in groups for a, b in itertools.combinations(each, 2)):
            self.clashes.add(line)
            return False
        joined = [first.rows.join(second.rows), first.columns.join(second.columns)]
        return any(joined)

    def equal(self, first: Size, second: Size, line: int) -> bool:
        """Say that two sizes are equal; return whether that was news."""
        if not first.fits(second):
            self.clashes.add(line)
            return False
        return first.join(second)

    def product(self, factors: Sequence[Shape], out: Shape, line: int) -> None:
        """Say that factors stand side by side."""
        self.products.append((factors, line))
        self.rules.append(lambda: self._multiply(factors, out, line))

    def _multiply(self, factors: Sequence[Shape], out: Shape, line: int) -> bool:
        left = [each for each in factors if not each.is_scalar]
        if len(left) < 2:
            return self.same(out, (*left, scalar())[0], line)
        if out.is_scalar and not any(each.is_large for each in left):
            return False
        news = False
        for a, b in itertools.pairwise(left):
            if a.is_large and b.is_large and a.is_known and b.is_known:
                news |= self.equal(a.columns, b.rows, line)
        if all(each.is_known for each in left):
            news |= self.same(out, Shape(left[0].rows, left[-1].columns), line)
        return news

    def solve(self) -> None:
        """Apply all rules until none has news."""
        for _ in range(200):
            if not sum(rule() for rule in self.rules):
                return


def nameless(shapes: Iterable[Shape]) -> list[Size]:
    """Return the sizes of shapes that have no name yet, each once."""
    sizes = dict.fromkeys(e for shape in shapes for e in (shape.rows.root, shape.columns.root))
    return [size for size in sizes if size.many and not size.name]
