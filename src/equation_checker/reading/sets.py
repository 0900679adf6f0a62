r"""Read the set behind ``\in``: as a declaration of a symbol, and as a claim about its members."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Mismatch, Unreadable, ambiguous
from equation_checker.language.notation import ONE, REAL, SCALAR, Domain
from equation_checker.meaning.shapes import Shapes
from equation_checker.reading.cursor import Local
from equation_checker.reading.expressions import LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from equation_checker.language.notation import DomainKind, Matrices
    from equation_checker.reading.expressions import Parser

Stated = tuple[tuple[t.Node, ...], tuple[str, ...], str]
"""Sides and relations, or a side and why there is nothing to judge."""
WHOLE: dict[str, DomainKind] = {
    "N": "natural", "N+": "natural", "N>0": "natural", r"N\ge1": "natural", "Z>0": "natural",
    "Z+": "natural", "Z": "integer", "N0": "whole", r"Z\ge0": "whole", r"N\ge0": "whole",
}  # fmt: skip
SIGNED: dict[str, Matrices] = {"": "symmetric", "+": "semidefinite", "++": "definite"}
GROUPS: dict[str, Matrices] = {"O": "orthogonal", "SO": "rotation", "St": "orthogonal"}
TINY = t.Number(Fraction(1, 10**40))
"""What part of a matrix its smallest eigenvalue must exceed, to be positive beyond rounding."""
ZERO, UNIT = t.number(0), t.number(1)


class SetReader:
    r"""Reads the set behind ``\in``: the shape of a symbol and where its numbers live."""

    def __init__(self, parser: Parser, ranges: dict[str, t.Range]) -> None:
        self.parser = parser
        self.ranges = ranges
        self.axes: tuple[t.Node, ...] = ()
        """The sizes of an array that has more than two."""
        self.strict = (False, False)
        """Of an interval: whether its ends do not belong to it."""

    def read(self) -> tuple[tuple[t.Node, t.Node], Domain]:
        """Return the shape and the domain."""
        with self.parser.bound(**{name: Local(over) for name, over in self.ranges.items()}):
            matrix = self._matrices()
            if matrix is not None:
                return matrix
            domain = self._domain()
            shape = self._shape() if self.parser.accept("^") else SCALAR
            if domain == REAL and shape != SCALAR:
                domain = self._real()
        if self.parser.next.kind != "end":
            raise self.parser.error("cannot read on in this set")
        return shape, domain

    def _domain(self) -> Domain:  # noqa: C901, PLR0911
        parser = self.parser
        if parser.is_next(r"\mathbb{N}", r"\mathbb{Z}"):
            return self._whole(parser.take().text)
        if parser.is_next(r"\mathbb{C}"):
            raise parser.error("this construct is not read: complex numbers")
        if parser.accept(r"\mathbb{R}"):
            return self._real()
        if parser.accept(r"\Delta"):
            return Domain("simplex")
        if parser.is_next(r"\{"):
            members = parser.members()
            if isinstance(members, t.Range):
                return Domain("finite", over=members)
            return Domain("finite", tuple(_value(each) for each in members.values))
        if parser.is_next("(", "["):
            low, high = self.ends()
            if low is None and high is None:
                return Domain("real")
            if low is not None and high is not None:
                return Domain("interval", (_value(low), _value(high)))
            if low == ZERO:
                return Domain("positive" if self.strict[0] else "nonnegative")
        raise parser.error(
            "this set is not known",
            r"\mathbb{R}, \mathbb{R}^d, \mathbb{R}_{>0}, \mathbb{N}, \{-1, +1\}, (0, 1), \Delta^K",
        )

    def ends(self) -> tuple[t.Node | None, t.Node | None]:
        r"""Read an interval; an end is None where it is infinite."""
        parser = self.parser
        opening = parser.take().text
        parser.accept("-") if parser.peek().text == r"\infty" else None
        low = None if parser.accept(r"\infty") else parser.expression()
        parser.expect(",", "after the lower end")
        parser.accept("+")
        high = None if parser.accept(r"\infty") else parser.expression()
        self.strict = (opening == "(", parser.is_next(")"))
        if not parser.accept(")", "]"):
            raise parser.error("expected ) or ] after the upper end")
        return low, high

    def _real(self) -> Domain:
        parser = self.parser
        if not parser.accept("_"):
            return Domain("real")
        text = parser.group_text()
        kinds = {">0": "positive", "+": "positive", r"\ge0": "nonnegative"}
        if text not in kinds:
            raise parser.error(f"the set \\mathbb{{R}}_{{{text}}} is not known", r"\mathbb{R}_{>0}")
        return Domain(kinds[text])  # type: ignore[arg-type]

    def _whole(self, letter: str) -> Domain:
        text = letter[-2] + (self.parser.group_text() if self.parser.accept("_") else "")
        if text not in WHOLE:
            hint = r"\mathbb{Z}, \mathbb{N}, \mathbb{N}_0"
            raise self.parser.error("this set of whole numbers is not known", hint)
        return Domain(WHOLE[text])

    def _matrices(self) -> tuple[tuple[t.Node, t.Node], Domain] | None:
        r"""Read ``\mathbb{S}^n``, ``\mathbb{S}_{++}^n``, ``O(n)``, ``SO(n)``, ``St(n, k)``."""
        parser = self.parser
        if parser.is_next(r"\mathbb{S}"):
            return self._symmetric(parser.take().start)
        name = parser.base(parser.next).removeprefix(r"\text{").rstrip("}")
        name += parser.peek().text if (name, parser.peek().text) == ("S", "O") else ""
        behind = parser.peek(len(name) if parser.next.kind == "letter" else 1)
        if name not in GROUPS or behind.text != "(":
            return None
        while not parser.accept("("):
            parser.take()
        rows = self._size()
        columns = self._size() if name == "St" and parser.accept(",") else rows
        parser.expect(")", "after a size")
        return (rows, columns), replace(REAL, matrix=GROUPS[name])

    def _symmetric(self, start: int) -> tuple[tuple[t.Node, t.Node], Domain]:
        sign, shape = "", SCALAR
        while self.parser.is_next("_", "^"):
            if self.parser.take().text == "_":
                sign = self.parser.group_text()
            else:
                shape = self._shape()
        size = shape[0]
        if not isinstance(size, t.Symbol) or shape[1] not in (size, ONE) or sign not in SIGNED:
            hint = r"write \mathbb{S}^n, or \mathbb{R}^{n \times n}, A = A^\top"
            first, second = "the symmetric matrices", "a sphere"
            raise ambiguous(first, second, self.parser.since(start), hint)
        return (size, size), replace(REAL, matrix=SIGNED[sign])

    def _shape(self) -> tuple[t.Node, t.Node]:
        parser = self.parser
        if not parser.accept("{"):
            return parser.single(), t.number(1)
        rows = self._size()
        columns: t.Node = self._size() if parser.accept(r"\times") else t.number(1)
        more = []
        while parser.accept(r"\times"):
            more.append(self._size())
        parser.expect("}", "after a size")
        if more:
            self.axes = (rows, columns, *more)
            return SCALAR
        return rows, columns

    def _size(self) -> t.Node:
        parser = self.parser
        size = parser.factor()
        while parser.is_next("+", "-"):
            sign = parser.take().text
            other = parser.factor()
            size = t.Add((size, t.Negative(other) if sign == "-" else other))
        return size


def _value(node: t.Node) -> Fraction:
    match node:
        case t.Number(value):
            return value
        case t.Negative(of):
            return -_value(of)
        case t.Divide(t.Number(above), t.Number(below)) if below:
            return above / below
        case _:
            raise Unreadable("expected a number", node.span)


# Membership as a claim.


def bounds(side: t.Node, parser: Parser, ranges: dict[str, t.Range]) -> Iterator[Stated]:
    """Yield what it means that a side is a member of a set, as relations of numbers."""
    shapes, begin = Shapes(parser.notation), parser.at
    scope = shapes.scope(tuple(ranges.items()))
    if parser.is_next("(", "["):
        reader = SetReader(parser, ranges)
        with parser.bound(**{name: Local(over) for name, over in ranges.items()}):
            low, high = reader.ends()
        if parser.next.kind == "end":
            shapes.check_scalar(side, scope, "a member of an interval")
            yield from _between(side, low, high, reader.strict)
            return
        parser.at = begin
    shape, domain = SetReader(parser, ranges).read()
    found = shapes.of(side, scope)
    if not shapes.equal(found, shape):
        shown = shapes.printer.show(side)
        raise Mismatch(
            f"{shown} is {shapes.show(found)}, but the set holds {shapes.show(shape)}", side.span
        )
    entry = parser.notation.entries.get(side.name) if isinstance(side, t.Symbol) else None
    is_free = entry is not None and not parser.notation.definitions.get(entry.name)
    if is_free and entry is not None and entry.domain == domain and entry.kind != "function":
        yield (side,), (), "restates the notation"
        return
    if domain.over is not None:
        raise Unreadable("this construct is not read: membership of a range", side.span)
    yield from _stated(side, shape, domain, shapes.is_scalar(shape))


def _stated(  # noqa: C901
    side: t.Node, shape: tuple[t.Node, t.Node], domain: Domain, is_scalar: bool
) -> Iterator[Stated]:
    index = t.Symbol(LISTED)
    entry = side if is_scalar else t.Component(side, (index,))

    def over(operator: str, of: t.Node) -> t.Node:
        return of if is_scalar else t.Reduce(operator, LISTED, t.Range(UNIT, shape[0]), of)

    if domain.matrix:
        yield from _of_kind(side, domain.matrix)
        return
    if domain.kind == "real":
        yield (side,), (), "only says what its shape is, and the shape fits"
        return
    if not is_scalar and shape[1] != UNIT:
        raise Unreadable("this construct is not read: a set of matrices", side.span)
    match domain.kind:
        case "positive":
            yield (over("min", entry), ZERO), (">",), ""
        case "nonnegative":
            yield (over("min", entry), ZERO), (r"\ge",), ""
        case "interval":
            low, high = (t.number(each) for each in domain.values)
            yield (low, over("min", entry)), (r"\le",), ""
            yield (over("max", entry), high), (r"\le",), ""
        case "simplex":
            yield (over("min", entry), ZERO), (r"\ge",), ""
            yield (over("sum", entry), UNIT), ("=",), ""
        case "natural" | "integer" | "whole":
            yield (_whole(over("max", entry)), ZERO), ("=",), ""
            if domain.kind != "integer":
                yield (over("min", entry), ZERO), (r"\ge",), ""
        case "finite":
            gaps = tuple(t.Add((entry, t.Negative(t.number(each)))) for each in domain.values)
            yield (over("max", t.Absolute(t.Product(gaps, r"\cdot"))), ZERO), ("=",), ""


def _whole(node: t.Node) -> t.Node:
    """Return what is 0 just for whole numbers."""
    return t.Apply(t.Symbol(r"\sin"), (t.Product((t.Constant(r"\pi"), node)),))


def _of_kind(side: t.Node, matrix: Matrices) -> Iterator[Stated]:
    """Yield what it means that a matrix is of a kind."""
    turned = t.Transpose(side)
    if matrix in ("orthogonal", "rotation"):
        square = t.Product((turned, side))
        yield (square, t.Power(square, ZERO)), ("=",), ""
        if matrix == "rotation":
            yield (t.Apply(t.Symbol(r"\det"), (side,)), UNIT), ("=",), ""
        return
    yield (side, turned), ("=",), ""
    if matrix != "symmetric":
        relation = r"\succ" if matrix == "definite" else r"\succeq"
        sides, made = definite(side, relation, ZERO)
        yield sides, (made,), ""


def definite(left: t.Node, relation: str, right: t.Node) -> tuple[tuple[t.Node, t.Node], str]:
    r"""Return what ``A \succ B`` says of the smallest eigenvalue of the difference."""
    if relation in (r"\prec", r"\preceq"):
        left, right = right, left
    gap = left if right == ZERO else t.Add((left, t.Negative(right)))
    gap = t.Negative(right) if left == ZERO else gap
    least, size = t.Apply(t.Symbol(r"\lambda_{\min}"), (gap,)), t.Norm(gap, "F")
    if relation in (r"\succ", r"\prec"):
        return (least, t.Product((TINY, size))), ">"
    return (t.Add((least, size)), size), r"\ge"


def _between(
    side: t.Node, low: t.Node | None, high: t.Node | None, strict: tuple[bool, bool]
) -> Iterator[Stated]:
    signs = ["<" if each else r"\le" for each in strict]
    if low is not None:
        yield (low, side), (signs[0],), ""
    if high is not None:
        yield (side, high), (signs[1],), ""
    if low is None and high is None:
        yield (side,), (), "only says what its shape is, and the shape fits"
