r"""Go through displays for what they say of shapes: sums, products, transposes, gradients, norms.

This reads less than the checker does, but it needs no notation and never fails: what it does not
know has an unknown shape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from equation_checker.drafting.mentions import (
    RUNNING,
    base_of,
    bracketed,
    group,
    is_name,
    mention,
    spelled,
)
from equation_checker.drafting.names import ENTRYWISE
from equation_checker.drafting.unify import Shape, Size, matrix, scalar, vector
from equation_checker.language.functions import BUILT_IN
from equation_checker.reading.rows import STATING, deeper, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.drafting.names import Name, Names
    from equation_checker.drafting.unify import Unifier
    from equation_checker.reading.tokens import Token

CONSTANTS = frozenset({r"\pi", "e"})
ENDS = frozenset(r"+ - , ; : . & ) ] } \} ! \quad \land \forall \dots | \| \Rightarrow \to".split())  # noqa: SIM905
SHOWN_SET = re.compile(r"\\mathbb\{[RN]\}|\(|\[|\\\{")


class Walk:
    """Goes through the tokens of one statement."""

    def __init__(self, names: Names, unifier: Unifier, line: int, tokens: Sequence[Token]) -> None:
        self.names = names
        self.unifier = unifier
        self.line = line
        self.tokens = tokens
        self.at = 0
        self.bars: list[str] = []

    @property
    def text(self) -> str:
        """Return the next token as text; a word is none of the signs."""
        if self.at >= len(self.tokens):
            return ""
        token = self.tokens[self.at]
        return " " + token.text if token.kind == "text" else token.text

    def whole(self) -> Shape:
        """Read one side to its end, also past what is not understood."""
        shape = self.expression()
        while self.at < len(self.tokens):
            self.at += 1
            self.expression()
        return shape

    def inside(self, tokens: Sequence[Token]) -> Shape:
        """Read some tokens as a whole."""
        if len(tokens) == 1 and tokens[0].text == "0":
            return Shape()
        return Walk(self.names, self.unifier, self.line, tokens).whole()

    def expression(self) -> Shape:
        """Read a sum of terms."""
        while self.text in ("+", "-", r"\pm"):
            self.at += 1
        shape = self.term()
        while self.text in ("+", "-", r"\pm", r"\mp"):
            self.at += 1
            if self.text in ("-", r"\dots", "+"):
                self.at += self.text != r"\dots"
            if self.text == r"\dots":
                self.at += 1
                continue
            self.unifier.same(shape, self.term(), self.line)
        return shape

    def term(self) -> Shape:
        """Read factors that are multiplied."""
        factors: list[Shape] = []
        while self.at < len(self.tokens) and not self._is_end():
            text = self.text
            if text in (r"\cdot", r"\times", "*"):
                self.at += 1
            elif text in ("/", r"\odot", r"\circ"):
                self.at += 1
                other = self.factor() if self.at < len(self.tokens) else Shape()
                if text == "/":
                    self.unifier.same(other, scalar(), self.line)
                elif factors:
                    self.unifier.same(factors[-1], other, self.line)
            else:
                factors.append(self.factor())
        return self._multiplied(factors) if factors else Shape()

    def _multiplied(self, factors: Sequence[Shape]) -> Shape:
        if len(factors) == 1:
            return factors[0]
        out = Shape()
        self.unifier.product(factors, out, self.line)
        return out

    def _is_end(self) -> bool:
        text = self.text
        if text in ("|", r"\|"):
            return bool(self.bars) and self.bars[-1] == text
        is_word = text.startswith(" ") and not is_name(self.tokens, self.at)
        known = rf"\text{{{text.strip()}}}" in BUILT_IN
        return text in ENDS or text in STATING or (is_word and not known)

    def factor(self) -> Shape:
        """Read one factor; what is not known has an unknown shape."""
        token, text = self.tokens[self.at], self.text
        base = base_of(token)
        read = READERS.get(text)
        if token.kind == "digit" or (
            text in CONSTANTS and not is_name(self.tokens, self.at) and not self.names.bare[base]
        ):
            read = Walk._number
        elif text in RUNNING and self._runs():
            read = Walk._running
        elif text.startswith(r"\begin{"):
            read = Walk._environment
        elif base in BUILT_IN:
            read = Walk._built_in
        elif read is None and is_name(self.tokens, self.at):
            read = Walk._name
        if read is None:
            self.at += 1
            return self.scripted(Shape())
        return read(self)

    def _number(self) -> Shape:
        self.at += 1
        while self.at < len(self.tokens) and (
            self.tokens[self.at].kind == "digit"
            or (self.text == "." and self._kind_after() == "digit")
        ):
            self.at += 1
        return self.scripted(scalar())

    def _kind_after(self) -> str:
        return self.tokens[self.at + 1].kind if self.at + 1 < len(self.tokens) else ""

    def _runs(self) -> bool:
        after = self.tokens[self.at + 1 : self.at + 2]
        return self.text in (r"\sum", r"\prod") or [each.text for each in after] == ["_"]

    # Names.

    def _name(self) -> Shape:
        found, self.at = mention(self.tokens, self.at, self.line)
        if not found.items and found.base in self.names.indices | self.names.sizes:
            return self._powered(scalar(), found.power, bool(found.power))
        name, rest = self.names.find(found)
        if found.after and self.names.is_function(found.base):
            return self._applied(name, found.primes)
        shape = name.shape
        if rest:
            wanted = vector() if rest == 1 else matrix()
            self.unifier.same(shape, wanted, self.line)
            return scalar()
        if found.turned:
            return self._powered(shape.turned, found.power, bool(found.power))
        return self._powered(shape, found.power, bool(found.power))

    def _powered(self, shape: Shape, power: Sequence[Token], is_power: bool) -> Shape:
        if not is_power:
            return shape
        texts = [each.text for each in power]
        if not {r"\top", "T"} & {*texts}:
            self.unifier.equal(shape.rows, shape.columns, self.line)
        self.inside(power)
        return shape

    def scripted(self, shape: Shape) -> Shape:
        """Read what hangs on a bracket: a transpose, a power, the index of an entry."""
        while self.text in ("^", "_", "'"):
            if self.text == "'":
                self.at += 1
                continue
            sign = self.text
            inner, self.at = group(self.tokens, self.at + 1)
            texts = [each.text for each in inner]
            while texts[-1:] in ([r"\top"], ["T"]):
                shape, texts = shape.turned, texts[:-1]
            if sign == "_":
                shape = scalar() if len(inner) == 1 else Shape()
            elif texts and texts not in (["*"], [r"\circ"]):
                self.unifier.equal(shape.rows, shape.columns, self.line)
                self.inside(inner)
        return shape

    def _applied(self, name: Name, primes: int) -> Shape:
        shapes = self._arguments()
        if len(shapes) == 1 and name.base in ENTRYWISE:
            name.arguments = [scalar()]
            self.unifier.same(name.shape, scalar(), self.line)
            return self.scripted(shapes[0])
        if not name.arguments:
            name.arguments = shapes
        if len(name.arguments) != len(shapes):
            name.reasons.setdefault(f"? also takes {len(shapes)} of them", self.line)
            return self.scripted(name.shape)
        for known, shape in zip(name.arguments, shapes, strict=True):
            self.unifier.same(known, shape, self.line)
        out = Shape() if primes else name.shape
        if primes and len(shapes) == 1:
            self.unifier.when(lambda: shapes[0].is_scalar and self.unifier.same(
                out, name.shape, self.line))  # fmt: skip
        return self.scripted(out)

    def _built_in(self) -> Shape:
        base = base_of(self.tokens[self.at])
        known = BUILT_IN[base]
        self.at += 1
        while self.text in ("^", "_"):
            _, self.at = group(self.tokens, self.at + 1)
        begin = self.at
        shapes = self._arguments()
        if base in (r"\log", r"\sqrt"):
            self._positive([e for e in self.tokens[begin : self.at] if e.text not in "(){}"])
        shape = shapes[0] if shapes else Shape()
        if known.any_number:
            for each in shapes:
                self.unifier.same(each, scalar(), self.line)
            return self.scripted(scalar())
        if known.is_each or not known.whole:
            return self.scripted(shape)
        takes, gives = known.whole[0]
        if takes == "square":
            self.unifier.equal(shape.rows, shape.columns, self.line)
        if gives == "same":
            self.unifier.same(shape, vector(), self.line)
        out = {"number": scalar(), "same": shape}.get(gives, Shape())
        return self.scripted(out)

    def _arguments(self) -> list[Shape]:
        """Read the arguments of a function, with or without brackets."""
        if self.text not in ("(", "[", r"\{", "{"):
            return [self._operand()]
        if self.text == "{":
            inner, self.at = group(self.tokens, self.at)
        else:
            end = bracketed(self.tokens, self.at)
            inner, self.at = self.tokens[self.at + 1 : end], end + 1
        parts = split(inner, lambda each: each.text in (",", ";", "|") and each.kind != "text")
        return [self.inside(each) for each in parts if each]

    def _operand(self) -> Shape:
        """Read what a function without brackets is taken of."""
        factors = []
        while self.at < len(self.tokens) and not self._is_end() and self.text not in (
            r"\times", r"\cdot", "/", r"\odot",
        ):  # fmt: skip
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
        opening, begin = self.text, self.at
        shapes = self._arguments()
        if len(shapes) == 1:
            return self.scripted(shapes[0])
        is_open = any(each.text == r"\dots" for each in self.tokens[begin : self.at])
        if opening == "[" and shapes and all(each.is_scalar for each in shapes):
            size = Size(many=True) if is_open else Size(str(len(shapes)))
            return self.scripted(Shape(Size("1"), size))
        return self.scripted(Shape())

    def _braces(self) -> Shape:
        inner, self.at = group(self.tokens, self.at)
        return self.scripted(self.inside(inner))

    def _fraction(self) -> Shape:
        above, at = group(self.tokens, self.at + 1)
        below, self.at = group(self.tokens, at)
        first = [e.text for e in below[:1]]
        if first in (["d"], [r"\partial"]) and [e.text for e in above[:1]] in (
            ["d"],
            [r"\partial"],
        ):
            return self._derivative(above[1:], below[1:])
        self.unifier.same(self.inside(below), scalar(), self.line)
        return self.scripted(self.inside(above))

    def _derivative(self, above: Sequence[Token], below: Sequence[Token]) -> Shape:
        if above[:1] and above[0].text == "^":
            above = above[2:]
            shape = self.inside(above)
            self.inside([e for e in below if e.text not in (r"\partial", "^", "2")])
            return self.scripted(Shape()) if shape else Shape()
        by = self.inside(below)
        self._mark(below)
        if not above:
            of, self.at = Shape(), self.at
            self._operand()
        else:
            of = self.inside(above)
        out = Shape()
        self.unifier.when(lambda: self._gradient(of, by, out))
        return self.scripted(out)

    def _gradient(self, of: Shape, by: Shape, out: Shape) -> bool:
        if of.is_scalar:
            return self.unifier.same(out, by, self.line)
        return by.is_scalar and self.unifier.same(out, of, self.line)

    def _mark(self, tokens: Sequence[Token]) -> None:
        for k in range(len(tokens)):
            if is_name(tokens, k):
                self.names.found.marked.add(base_of(tokens[k]))
                return

    def _nabla(self) -> Shape:
        self.at += 1
        by = Shape()
        if self.text == "_":
            inner, self.at = group(self.tokens, self.at + 1)
            by = self.inside(inner)
            self._mark(inner)
        while self.text == "^":
            _, self.at = group(self.tokens, self.at + 1)
            by = Shape()
        self._operand()
        return by

    def _norm(self) -> Shape:
        sign = self.text
        self.at += 1
        self.bars.append(sign)
        shape = self.expression()
        while self.text not in (sign, "") and not self._is_end():
            self.at += 1
        self.bars.pop()
        self.at += self.text == sign
        if sign == "|":
            self.unifier.equal(shape.rows, shape.columns, self.line)
        if self.text == "_":
            _, self.at = group(self.tokens, self.at + 1)
        return self.scripted(scalar())

    def _running(self) -> Shape:
        self.at += 1
        while self.text in ("_", "^"):
            inner, self.at = group(self.tokens, self.at + 1)
            for part in split(inner, lambda e: e.text == "=" and e.kind != "text"):
                self.inside([e for e in part if e.text not in STATING])
        return self.term()

    def _environment(self) -> Shape:
        opening = self.text
        depth, end = 0, self.at
        for end in range(self.at, len(self.tokens)):
            depth += deeper(self.tokens[end]) if "{" in self.tokens[end].text[1:] else 0
            if depth == 0:
                break
        inner = self.tokens[self.at + 1 : end]
        self.at = end + 1
        rows = [
            [*split(row, lambda e: e.text == "&")]
            for row in split(inner, lambda e: e.kind == "row")
            if row
        ]
        cells = [[self.inside(cell) for cell in row if cell] for row in rows]
        if "cases" in opening:
            first = [row[0] for row in cells if row]
            for each in first[1:]:
                self.unifier.same(first[0], each, self.line)
            return self.scripted(first[0] if first else Shape())
        if "matrix" not in opening and "array" not in opening:
            return self.scripted(Shape())
        signs = {each.text for each in inner}
        if signs & {r"\dots", r"\vdots", r"\ddots"} or not cells:
            return self.scripted(Shape())
        if all(each.is_scalar for row in cells for each in row):
            rows_, columns = Size(str(len(cells))), Size(str(max(map(len, cells))))
            return self.scripted(Shape(rows_, columns))
        return self.scripted(Shape())


READERS = {
    "(": Walk._bracket,
    "[": Walk._bracket,
    r"\{": Walk._bracket,
    "{": Walk._braces,
    r"\frac": Walk._fraction,
    r"\nabla": Walk._nabla,
    r"\partial": Walk._nabla,
    "|": Walk._norm,
    r"\|": Walk._norm,
}
"""The signs that open a factor of their own kind."""


def stated_set(tokens: Sequence[Token]) -> str:
    r"""Return the set behind ``\in`` as LaTeX, if a row can hold it."""
    return spelled(tokens) if tokens and SHOWN_SET.match(tokens[0].text) else ""
