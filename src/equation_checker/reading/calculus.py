r"""Read derivatives, integrals, limits, extrema and evaluation bars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable, ambiguous
from equation_checker.reading.symbols import NameReader

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from equation_checker.reading.tokens import Token


class CalculusReader(NameReader):
    """The rules of calculus; those of sums, products and brackets are the parser's."""

    def term(self) -> t.Node:
        """Read factors joined by signs of multiplication."""
        raise NotImplementedError

    def factor(self) -> t.Node:
        """Read one factor with its scripts."""
        raise NotImplementedError

    def juxtaposition(self) -> t.Node:
        """Read factors that stand side by side."""
        raise NotImplementedError

    def side_by_side(self, first: t.Node, start: int) -> t.Node:
        """Read what stands beside a factor."""
        raise NotImplementedError

    def starts_factor(self) -> bool:
        """Tell whether a factor can start at the next token."""
        raise NotImplementedError

    def argument_group(self) -> t.Node:
        """Read a braced group, or the one sign that TeX takes in its place."""
        raise NotImplementedError

    def group_text(self) -> str:
        """Read a sign, or all signs between braces, as they are spelled."""
        raise NotImplementedError

    def outside_bars(self) -> AbstractContextManager[None]:
        """Let a bar open an absolute value again, inside of brackets."""
        raise NotImplementedError

    def scripted(self, node: t.Node, start: int) -> t.Node:
        """Read the scripts of a bracket: an entry, a transpose, a power."""
        raise NotImplementedError

    # Derivatives.

    def nabla(self) -> t.Node:
        r"""Read ``\\nabla_w f``, the Hessian ``\\nabla_w^2 f`` and ``\\nabla f(x)``."""
        start = self.take().start
        variable, order = None, 1
        while self.is_next("_", "^"):
            if self.take().text == "_":
                variable = self.argument_group()
            else:
                order = self._order()
        if variable is None and not isinstance(self._peek_function(), t.Symbol):
            raise self.error(r"\nabla needs to know its variable", r"write \nabla_w")
        of = self.operand(start, self.tokens[self.at - 1].end)
        return t.Gradient(variable, of, order, span=self.since(start))

    def _peek_function(self) -> t.Symbol | None:
        entries = self.notation.bases(self.base(self.next))
        return next((t.Symbol(e.name) for e in entries if e.kind == "function"), None)

    def _order(self) -> int:
        start = self.next.start
        text = self.group_text()
        if text not in ("1", "2"):
            raise Unreadable(
                f"derivatives of order {text} are not read", self.since(start), "1 or 2"
            )
        return int(text)

    def operand(self, start: int, after: int) -> t.Node:
        r"""Read the juxtaposition that ``\nabla_w`` or ``\frac{d}{dz}`` is applied to."""
        if not self.starts_factor():
            raise self.error("expected what is differentiated")
        closed = self.is_next("(", "[", r"\{")
        here = self.next.start
        first = self.factor()
        of = self.side_by_side(first, here)
        is_closed = closed or isinstance(first, t.Apply)
        if of is not first and is_closed and isinstance(of, t.Product):
            sign, show = self._latex(start, after), self.printer
            rest = " ".join(show.factor(each) for each in of.factors[1:])
            raise ambiguous(
                f"({sign} {show.operand(first)}) {rest}",
                f"{sign} ({show.factor(first)} {rest})",
                self.since(here),
            )
        return of

    def _latex(self, start: int, end: int) -> str:
        """Return the signs between two offsets as one may quote them."""
        inside = [
            each
            for each in self.tokens
            if start <= each.start and each.end <= end and each.kind != "end"
        ]
        text = ""
        for token in inside:
            text += " " if re.search(r"\\[A-Za-z]+$", text) and token.kind == "letter" else ""
            text += self.base(token)
        return text

    def derivative(self, start: int) -> t.Node | None:
        r"""Read ``\frac{d a}{d z}`` and its kin after ``\frac``; None for a plain fraction."""
        sign = self.peek()
        below = self._matching_brace()
        if not self.is_next("{") or sign.text not in ("d", r"\partial") or below is None:
            return None
        if not self._same_sign(sign, self.tokens[below + 1]):
            return None
        self.take()
        self.take()
        order = self._order() if self.accept("^") else 1
        of = None if self.is_next("}") else self.term()
        if self.is_next("+", "-"):
            raise self.error("the numerator of a derivative must be one term", "put brackets")
        self.expect("}", "after the numerator of a derivative")
        variables = self._variables(order)
        if of is None:
            of = self.operand(start, self.tokens[self.at - 1].end)
        return t.Derivative(of, variables, sign.text, span=self.since(start))

    @staticmethod
    def _same_sign(first: Token, second: Token) -> bool:
        return first.text == second.text and first.kind == second.kind

    def _matching_brace(self) -> int | None:
        """Return where the denominator opens, if two braced groups follow."""
        depth = 0
        for i in range(self.at, len(self.tokens)):
            depth += {"{": 1, "}": -1}.get(self.tokens[i].text, 0)
            if depth == 0:
                return i + 1 if self.tokens[min(i + 1, len(self.tokens) - 1)].text == "{" else None
        return None

    def _variables(self, order: int) -> tuple[t.Node, ...]:
        """Read the denominator of a derivative: as many variables as the order says."""
        start = self.expect("{", "after the numerator").start
        sign = self.next
        variables: list[t.Node] = []
        while not self.accept("}"):
            if not self._same_sign(sign, self.next):
                raise self.error(f"expected {sign.text} before each variable")
            self.take()
            variables.extend(self._variable())
        if len(variables) != order:
            raise Unreadable(
                f"the numerator says order {order}, the denominator {len(variables)}",
                self.since(start),
            )
        return tuple(variables)

    def _variable(self) -> list[t.Node]:
        variable = self.factor()
        match variable:
            case t.Power(base, t.Number(value)) if value == 2:
                return [base, base]
            case _:
                return [variable]
