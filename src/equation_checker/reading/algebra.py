r"""Read what linear algebra and combinatorics write in signs of their own.

Determinants in bars, inner products in angles, whole parts, ``\binom``, ``n!``, eigenvalues.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable, ambiguous, undeclared
from equation_checker.language.notation import SCALAR
from equation_checker.language.sizes import UNSAID, canonical
from equation_checker.meaning.shapes import Shapes, is_literal
from equation_checker.reading.calculus import CalculusReader
from equation_checker.reading.symbols import PSEUDO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.meaning.shapes import Shape
    from equation_checker.reading.tokens import Token

MOST = 3
"""Sizes that are not said and differ, in one statement."""

LISTS = (t.Symbol, t.Matrix, t.Listing)
"""What may say a size that is not said elsewhere."""
ZERO = t.number(0)
ROUNDED = {r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}


class AlgebraReader(CalculusReader):
    """The rules of these signs; those of sums, products and brackets are the parser's."""

    def unsized(self, base: str, token: Token) -> t.Node:
        r"""Return ``I``, ``\mathbf{1}`` or ``\mathbf{0}``, of a size that is not said."""
        span = (token.start, token.end)
        size = t.Symbol(f"{UNSAID}{token.start} {base}", span=span)
        if base == r"\mathbf{0}":
            return t.Product((ZERO, t.Ones(size, span=span)), span=span)
        return (t.Ones if base == r"\mathbf{1}" else t.Identity)(size, span=span)

    def sized(self, sides: Sequence[t.Node], shape: Shape | None = None) -> list[t.Node]:
        """Put in the sizes that are not said: one for all, else one for each, if only one fits."""
        unsaid = {e.name: e for each in sides for e in t.walk(each)
                  if isinstance(e, t.Symbol) and e.name.startswith(UNSAID)}  # fmt: skip
        if not unsaid:
            return [*sides]
        parts = (e for each in sides for e in t.walk(each) if isinstance(e, LISTS))
        shapes = (shape, *map(self.shape_of, parts))
        known = {canonical(self.notation.resolve(size)) for each in shapes for size in each or ()}
        known = {e for e in known if not t.names(e) & unsaid.keys()} - {t.number(1)}
        less = {canonical(t.Add((e, t.Negative(t.number(k))))) for e in known for k in (1, 2, -1)}
        some = [t.Symbol(e.name) for e in self.notation.entries.values() if e.kind == "size"][:1]
        sizes = sorted(known or some, key=repr)
        if any(each.name.endswith("this matrix") for each in unsaid.values()):
            sizes += sorted(less - known - {t.number(1)}, key=repr)
        several = product(sizes, repeat=len(unsaid)) if len(unsaid) <= MOST else ()
        for choices in ([(size,) * len(unsaid) for size in sizes], several):
            found = []
            for choice in choices:
                values = dict(zip(unsaid, choice, strict=True))
                made = [t.substitute(each, values) for each in sides]
                found += [made] if self._fits_all(made, shape) else []
            if len(found) > 1:
                pairs = zip(sides, *found[:2], strict=True)
                side, one, other = next(each for each in pairs if each[1] != each[2])
                show, hint = self.printer.show, "write the size: I_n"
                raise ambiguous(show(one), show(other), side.span, hint)
            if found:
                return found[0]
        (*_, last) = unsaid.values()
        sign = last.name.partition(" ")[2]
        if sign == "this matrix":
            raise Unreadable(f"the size of {sign} is not said", last.span, "name it beside a size")
        if sign == "I":
            raise undeclared(sign, last.span, self.notation.entries)
        raise Unreadable(f"the size of {sign} is not said", last.span, f"write {sign}_n")

    def with_zeros(self, rows: Sequence[Sequence[t.Node]]) -> tuple[tuple[t.Node, ...], ...]:
        """Give each 0 among blocks of a matrix the size that the blocks beside it leave."""
        shapes = [[None if each == ZERO else self.shape_of(each) for each in row] for row in rows]
        if all(each in (None, SCALAR) for row in shapes for each in row):
            return tuple(map(tuple, rows))
        tall = [next((each[0] for each in row if each), None) for row in shapes]
        wide = [next((each[1] for each in row if each), None) for row in zip(*shapes, strict=True)]

        def filled(cell: t.Node, height: t.Node | None, width: t.Node | None) -> t.Node:
            if cell != ZERO or height is None or width is None:
                return cell
            return t.Product((ZERO, t.Ones(height), t.Transpose(t.Ones(width))), span=cell.span)

        return tuple(
            tuple(filled(cell, height, width) for cell, width in zip(row, wide, strict=True))
            for row, height in zip(rows, tall, strict=True)
        )

    def _fits_all(self, sides: Sequence[t.Node], shape: Shape | None) -> bool:
        """Tell whether all sides have the same shape, but for numbers such as 0."""
        shapes = [self.shape_of(each) for each in sides if not is_literal(each)]
        wanted = shape or next(iter(shapes), None)
        same = Shapes(self.notation).equal
        return wanted is not None and all(each and same(each, wanted) for each in shapes)

    def rounded(self) -> t.Node:
        r"""Read ``\lfloor x \rfloor`` and ``\lceil x \rceil``."""
        opening = self.take()
        with self.nested(), self.outside_bars():
            inner = self.expression()
            self.expect(ROUNDED[opening.text], f"to close {opening.text}")
        return self.scripted(self._made(opening.text, inner, start=opening.start), opening.start)

    def binomial(self) -> t.Node:
        r"""Read ``\binom{n}{k}``."""
        start = self.take().start
        above, below = self.argument_group(), self.argument_group()
        return self.scripted(self._made(r"\binom", above, below, start=start), start)

    def factorial(self, node: t.Node, start: int) -> t.Node:
        """Read the ``!`` behind a factor."""
        while self.accept("!"):
            if self.is_next("!"):
                raise self.error("this construct is not read: a double factorial", r"use \prod")
            if isinstance(node, t.Power) and self.tokens[self.at - 2].text != ")":
                base, exponent = self.printer.show(node.base), self.printer.show(node.exponent)
                first, second = f"({base}^{{{exponent}}})!", f"{base}^{{{exponent}!}}"
                raise ambiguous(first, second, self.since(start))
            node = self._made("!", node, start=start)
        return node

    def inner_product(self) -> t.Node:
        r"""Read ``\langle a, b \rangle``: of columns, or of matrices entry by entry."""
        start = self.take().start
        with self.nested(), self.outside_bars():
            first = self.expression()
            self.expect(",", r"after the first part of \langle")
            second = self.expression()
            self.expect(r"\rangle", r"to close \langle")
        span = self.since(start)
        if self.accept("_") and (kind := self.group_text()) != "F":
            raise Unreadable(f"the inner product {kind} is not known", self.since(start))
        shapes = self.shape_of(first), self.shape_of(second)
        if all(shape is None or shape[1] == t.number(1) for shape in shapes):
            product: t.Node = t.Product((first, second), r"\cdot", span=span)
        else:
            turned = t.Product((t.Transpose(first, span=first.span), second), span=span)
            product = self._made(r"\text{tr}", turned, start=start)
        return self.scripted(product, start)

    def determinant(self, inner: t.Node, start: int) -> t.Node:
        """Return the bars of a square matrix as its determinant, of a column as its length."""
        shape = self.shape_of(inner)
        if shape is not None and shape[1] == t.number(1) != shape[0]:
            return t.Norm(inner, span=self.since(start))
        if shape is not None and shape[0] == shape[1] != t.number(1):
            return self._made(r"\det", inner, start=start)
        return t.Absolute(inner, span=self.since(start))

    def unfolded(self) -> t.Node | None:
        """Read an array of several axes between bars as a matrix of all its entries."""
        token = self.next
        entries = self.notation.bases(self.base(token))
        arrays = [e for e in entries if len(e.head.sub) > 2 and not any((*e.head.sub, *e.head.sup))]
        if self.peek().text != r"\|" or len(entries) != 1 or not arrays:
            return None
        self.take()
        names = [f"i_{{{k + 1}}}" for k in range(len(arrays[0].ranges))]
        span = self.since(token.start)
        column: t.Node = t.Symbol(arrays[0].name, tuple(map(t.Symbol, names)), span=span)
        matrix = column
        for name, over in reversed([*zip(names, arrays[0].ranges, strict=True)]):
            matrix = t.Listing(name, over or t.Range(t.number(1), t.number(1)), column, span=span)
            column = self._made(r"\text{vec}", matrix, start=token.start)
        return matrix

    def pseudo_inverse(self, node: t.Node, start: int) -> t.Node:
        """Return the pseudo-inverse of what stands before ``^+``."""
        return self._made(PSEUDO, node, start=start)

    def eigenvalue(self, token: Token) -> str:
        r"""Return which of ``\lambda_{\max}(A)`` and ``\lambda_{\min}(A)`` comes next, if any."""
        braced = self.peek(2).text == "{"
        which, behind = self.peek(2 + braced), self.peek(3 + 2 * braced)
        kind = which.text.removeprefix("\\")
        fits = token.text == r"\lambda" and self.peek().text == "_" and kind in ("max", "min")
        return rf"\lambda_{{\{kind}}}" if fits and behind.text in ("(", "[") else ""

    def _made(self, name: str, *arguments: t.Node, start: int) -> t.Node:
        return t.Apply(t.Symbol(name), arguments, span=self.since(start))
