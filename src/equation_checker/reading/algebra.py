r"""Read what linear algebra and combinatorics write in signs of their own.

Determinants in bars, inner products in angles, whole parts, ``\binom``, ``n!``, eigenvalues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable, ambiguous
from equation_checker.reading.calculus import CalculusReader
from equation_checker.reading.symbols import PSEUDO

if TYPE_CHECKING:
    from equation_checker.reading.tokens import Token

ROUNDED = {r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}


class AlgebraReader(CalculusReader):
    """The rules of these signs; those of sums, products and brackets are the parser's."""

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
