r"""Go through displays for what they say of shapes: sums, products, transposes, gradients, norms.

This reads less than the checker does, but it needs no notation and never fails: what it does not
know has an unknown shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from equation_checker.drafting.mentions import (
    RUNNING,
    TRANSPOSES,
    base_of,
    enclosed,
    group,
    is_name,
    mention,
)
from equation_checker.drafting.names import ENTRYWISE
from equation_checker.drafting.unify import Shape, Size, matrix, scalar, vector
from equation_checker.language.functions import BUILT_IN
from equation_checker.language.notation import Notation
from equation_checker.reading.cursor import Reader
from equation_checker.reading.rows import STATING, split
from equation_checker.reading.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from equation_checker.drafting.names import Name, Names
    from equation_checker.drafting.unify import Unifier

CONSTANTS = frozenset({r"\pi", "e"})
ENDS = STATING | frozenset(
    r"+ - , ; : . & ) ] } \} ! \quad \land \forall \dots \Rightarrow \to".split()  # noqa: SIM905
) | {""}  # fmt: skip
DIFFERENTIALS = (["d"], [r"\partial"])


class Walk(Reader):
    """Goes through the tokens of one statement."""

    def __init__(self, names: Names, unifier: Unifier, line: int, tokens: Sequence[Token]) -> None:
        super().__init__([*tokens, Token("end", "", 0, 0)], Notation())
        self.names = names
        self.unifier = unifier
        self.line = line
        self.opened: list[str] = []
        """The bars that are open."""

    def whole(self) -> Shape:
        """Read one side to its end, also past what is not understood."""
        shape = self.expression()
        while self.next.kind != "end":
            self.take()
            self.expression()
        return shape

    def inside(self, tokens: Sequence[Token]) -> Shape:
        """Read some tokens as a whole; 0 has any shape."""
        if [each.text for each in tokens] == ["0"]:
            return Shape()
        return Walk(self.names, self.unifier, self.line, tokens).whole()

    def _same(self, first: Shape, second: Shape) -> None:
        self.unifier.same(first, second, self.line)

    def _square(self, shape: Shape) -> None:
        self.unifier.equal(shape.rows, shape.columns, self.line)

    # Sums and products.

    def expression(self) -> Shape:
        """Read a sum of terms."""
        while self.accept("+", "-", r"\pm"):
            pass
        shape = self.term()
        while self.accept("+", "-", r"\pm", r"\mp"):
            self.accept("+", "-")
            if not self.accept(r"\dots"):
                self._same(shape, self.term())
        return shape

    def term(self) -> Shape:
        """Read factors that are multiplied."""
        factors: list[Shape] = []
        while not self._is_end():
            if self.accept("/"):
                self._same(self.factor(), scalar())
            elif self.accept(r"\odot", r"\circ"):
                other = self.factor()
                if factors:
                    self._same(factors[-1], other)
            elif not self.accept(r"\cdot", r"\times", "*"):
                factors.append(self.factor())
        return self._multiplied(factors)

    def _multiplied(self, factors: Sequence[Shape]) -> Shape:
        out = factors[0] if len(factors) == 1 else Shape()
        if len(factors) > 1:
            self.unifier.product(factors, out, self.line)
        return out

    def _is_end(self) -> bool:
        if self.is_next("|", r"\|"):
            return self.opened[-1:] == [self.next.text]
        if self.next.kind == "text":
            return not is_name(self.tokens, self.at) and base_of(self.next) not in BUILT_IN
        return self.next.text in ENDS

    def factor(self) -> Shape:
        """Read one factor; what is not known has an unknown shape."""
        return self._rule()(self)

    def _rule(self) -> Callable[[Walk], Shape]:
        text, base, names = self.next.text, base_of(self.next), is_name(self.tokens, self.at)
        is_constant = text in CONSTANTS and not names and not self.names.bare[base]
        if self.next.kind == "digit" or is_constant:
            return Walk._number
        if self.is_next(*RUNNING) and (text in (r"\sum", r"\prod") or self.peek().text == "_"):
            return Walk._running
        if text.startswith(r"\begin{"):
            return Walk._environment
        if base in BUILT_IN:
            return Walk._built_in
        return OPENING.get(base) or (Walk._name if names else Walk._unknown)

    def _unknown(self) -> Shape:
        self.take()
        return self.scripted(Shape())

    def _number(self) -> Shape:
        self.take()
        while self.next.kind == "digit" or (self.is_next(".") and self.peek().kind == "digit"):
            self.take()
        return self.scripted(scalar())

    # Names and functions.

    def _name(self) -> Shape:
        found, self.at = mention(self.tokens, self.at, self.line)
        shape = scalar()
        if found.items or found.base not in self.names.indices | self.names.sizes:
            name, rest = self.names.find(found)
            if found.after and self.names.is_function(found.base):
                return self._applied(name, found.primes)
            if rest:
                self._same(name.shape, vector() if rest == 1 else matrix())
                return shape
            shape = name.shape.turned if found.turned else name.shape
        if found.power:
            self._raise(shape, found.power)
        return shape

    def _raise(self, shape: Shape, power: Sequence[Token]) -> None:
        """Note that what has a power is square."""
        if not {r"\top", "T"} & {each.text for each in power}:
            self._square(shape)
        self.inside(power)

    def scripted(self, shape: Shape) -> Shape:
        """Read what hangs on a bracket: a transpose, a power, the index of an entry."""
        while self.is_next("^", "_", "'"):
            if self.accept("'"):
                continue
            is_below, inner = self.is_next("_"), self._script()
            texts = [each.text for each in inner]
            while texts[-1:] in TRANSPOSES:
                shape, texts = shape.turned, texts[:-1]
            if is_below:
                shape = scalar() if len(inner) == 1 else Shape()
            elif texts and texts not in (["*"], [r"\circ"]):
                self._raise(shape, inner)
        return shape

    def _script(self) -> Sequence[Token]:
        """Read a sign and the group, or the one sign, behind it; return that."""
        inner, self.at = group(self.tokens, self.at + 1)
        return inner

    def _skip_scripts(self) -> None:
        while self.is_next("^", "_"):
            self._script()

    def _applied(self, name: Name, primes: int) -> Shape:
        shapes = self._arguments()
        if len(shapes) == 1 and name.base in ENTRYWISE:
            name.arguments = [scalar()]
            self._same(name.shape, scalar())
            return self.scripted(shapes[0])
        name.arguments = name.arguments or shapes
        if len(name.arguments) != len(shapes):
            name.reasons.setdefault(f"? also takes {len(shapes)} of them", self.line)
            return self.scripted(name.shape)
        for known, shape in zip(name.arguments, shapes, strict=True):
            self._same(known, shape)
        out = Shape() if primes else name.shape
        if primes and len(shapes) == 1:
            self.unifier.rules.append(
                lambda: shapes[0].is_scalar and self.unifier.same(out, name.shape, self.line)
            )
        return self.scripted(out)

    def _built_in(self) -> Shape:
        base = base_of(self.take())
        known = BUILT_IN[base]
        self._skip_scripts()
        begin = self.at
        shapes = self._arguments()
        if base in (r"\log", r"\sqrt"):
            self._positive([e for e in self.tokens[begin : self.at] if e.text not in "(){}"])
        shape = (*shapes, Shape())[0]
        if known.any_number:
            for each in shapes:
                self._same(each, scalar())
            return self.scripted(scalar())
        takes, gives = known.whole[0] if known.whole else ("any", "same")
        if takes == "square":
            self._square(shape)
        if known.whole and gives == "same":
            self._same(shape, vector())
        return self.scripted({"number": scalar(), "same": shape}.get(gives, Shape()))

    def _arguments(self) -> list[Shape]:
        """Read the arguments of a function, with or without brackets."""
        if not self.is_next("(", "[", r"\{", "{"):
            return [self._operand()]
        inner, self.at = enclosed(self.tokens, self.at)
        parts = split(inner, lambda each: each.text in (",", ";", "|") and each.kind != "text")
        return [self.inside(each) for each in parts if each]

    def _operand(self) -> Shape:
        """Read what a function without brackets is taken of."""
        factors = []
        while not self._is_end() and not self.is_next(r"\times", r"\cdot", "/", r"\odot"):
            factors.append(self.factor())
        return self._multiplied(factors)

    def _positive(self, tokens: Sequence[Token]) -> None:
        """Note a symbol whose logarithm or root is taken."""
        if tokens and is_name(tokens, 0):
            found, end = mention(tokens, 0, self.line)
            if end == len(tokens) and not found.power and not found.after:
                name, rest = self.names.find(found)
                if not rest:
                    name.domain = name.domain or r"\mathbb{R}_{>0}"
                    name.reasons.setdefault("its logarithm or root is taken", self.line)

    # Signs that open a factor.

    def _bracket(self) -> Shape:
        is_row, begin = self.is_next("["), self.at
        shapes = self._arguments()
        if len(shapes) == 1:
            return self.scripted(shapes[0])
        is_open = any(each.text == r"\dots" for each in self.tokens[begin : self.at])
        if is_row and shapes and all(each.is_scalar for each in shapes):
            size = Size(many=True) if is_open else Size(str(len(shapes)))
            return self.scripted(Shape(Size("1"), size))
        return self.scripted(Shape())

    def _braces(self) -> Shape:
        inner, self.at = group(self.tokens, self.at)
        return self.scripted(self.inside(inner))

    def _fraction(self) -> Shape:
        above = self._script()
        below, self.at = group(self.tokens, self.at)
        if all([each.text for each in part[:1]] in DIFFERENTIALS for part in (above, below)):
            return self.scripted(self._derivative(above[1:], below[1:]))
        self._same(self.inside(below), scalar())
        return self.scripted(self.inside(above))

    def _derivative(self, above: Sequence[Token], below: Sequence[Token]) -> Shape:
        out = Shape()
        if above[:1] and above[0].text == "^":
            self.inside(above[2:])
            self.inside([e for e in below if e.text not in (r"\partial", "^", "2")])
            return out
        by = self._variable(below)
        of = self.inside(above) if above else Shape()
        if not above:
            self._operand()
        self.unifier.rules.append(lambda: self._gradient(of, by, out))
        return out

    def _gradient(self, of: Shape, by: Shape, out: Shape) -> bool:
        if of.is_scalar:
            return self.unifier.same(out, by, self.line)
        return by.is_scalar and self.unifier.same(out, of, self.line)

    def _variable(self, tokens: Sequence[Token]) -> Shape:
        """Read what is differentiated by."""
        named = (base_of(each) for k, each in enumerate(tokens) if is_name(tokens, k))
        self.names.found.marked.update([*named][:1])
        return self.inside(tokens)

    def _nabla(self) -> Shape:
        self.take()
        by = self._variable(self._script()) if self.is_next("_") else Shape()
        is_second = self.is_next("^")
        self._skip_scripts()
        self._operand()
        return Shape() if is_second else by

    def _norm(self) -> Shape:
        sign = self.take().text
        self.opened.append(sign)
        shape = self.expression()
        self.opened.pop()
        self.accept(sign)
        if sign == "|":
            self._square(shape)
        if self.is_next("_"):
            self._script()
        return self.scripted(scalar())

    def _running(self) -> Shape:
        self.take()
        while self.is_next("_", "^"):
            for part in split(self._script(), lambda e: e.text == "=" and e.kind != "text"):
                self.inside([e for e in part if e.text not in STATING])
        return self.term()

    def _environment(self) -> Shape:
        opening = self.next.text
        inner, self.at = enclosed(self.tokens, self.at)
        rows = [
            [self.inside(cell) for cell in split(row, lambda e: e.text == "&") if cell]
            for row in split(inner, lambda e: e.kind == "row")
        ]
        rows = [row for row in rows if row]
        shape = Shape()
        if "cases" in opening:
            for row in rows:
                self._same(shape, row[0])
        elif ("matrix" in opening or "array" in opening) and rows:
            is_open = {each.text for each in inner} & {r"\dots", r"\vdots", r"\ddots"}
            if not is_open and all(each.is_scalar for row in rows for each in row):
                shape = Shape(Size(str(len(rows))), Size(str(max(map(len, rows)))))
        return self.scripted(shape)


OPENING = {
    **dict.fromkeys(("(", "[", r"\{"), Walk._bracket),
    **dict.fromkeys((r"\nabla", r"\partial"), Walk._nabla),
    **dict.fromkeys(("|", r"\|"), Walk._norm),
    "{": Walk._braces,
    r"\frac": Walk._fraction,
}
"""The signs that open a factor of their own kind."""
