r"""Cut displays and formulas into statements, and hand each to the walk over shapes."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from equation_checker.drafting.mentions import (
    Found,
    Mention,
    base_of,
    group,
    is_name,
    mention,
    spelled,
)
from equation_checker.drafting.names import Name, Names
from equation_checker.drafting.shapes import Walk, stated_set
from equation_checker.drafting.unify import Shape, Size, Unifier, scalar
from equation_checker.language.errors import Unreadable
from equation_checker.language.functions import BUILT_IN
from equation_checker.reading.rows import DEFINING, STATING, lines, outside, split, words_of
from equation_checker.reading.tokens import Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.reading.tokens import Source

JOINTS = frozenset({",", ";", r"\quad", ":", r"\forall", r"\Rightarrow", r"\Leftrightarrow"})


@dataclass
class Formula:
    """A display or an inline formula, cut into rows of tokens; none if it cannot be cut."""

    source: Source
    order: int
    """Which display it is, counted from 0; -1 for an inline formula."""
    rows: list[list[Token]]

    @classmethod
    def cut(cls, source: Source, order: int) -> Formula:
        """Cut some LaTeX; what has no rows is left out."""
        try:
            return cls(source, order, [line.tokens for line in lines(source.latex)])
        except (Unreadable, RecursionError, IndexError):
            return cls(source, order, _loose(source.latex))

    def written(self, tokens: Sequence[Token]) -> str:
        """Return tokens as the author wrote them, in one line."""
        latex = " ".join(self.source.latex[tokens[0].start : tokens[-1].end].split())
        return spelled(tokens) if re.search(r"\\(und|ov)erbrace|&|%", latex) else latex

    def line(self, row: Sequence[Token]) -> int:
        """Return the line of the page that a row starts in."""
        return self.source.place(row[0].start)[0] if row else self.source.line


def _loose(latex: str) -> list[list[Token]]:
    try:
        tokens = tokenise(latex)[:-1]
    except (Unreadable, RecursionError):
        return []
    return [row for row in split(tokens, lambda each: each.kind == "row") if row]


def _words(row: Sequence[Token]) -> bool:
    """Tell whether letters without a space between them spell a word."""
    run = 1
    for before, token in pairwise(row):
        is_close = before.kind == token.kind == "letter" and before.end == token.start
        is_close = is_close and len(before.text) == len(token.text) == 1
        run = run + 1 if is_close else 1
        if run > 3:
            return True
    return False


def _limits(token: Token) -> bool:
    """Tell whether a sign or a word opens a condition under which a row holds."""
    if token.kind == "text":
        return words_of(token).partition(" ")[0] in ("if", "for", "when", "otherwise", "unless")
    return token.text in ("<", ">", r"\le", r"\ge", r"\ne", r"\in", r"\forall")


@dataclass
class Defined:
    """A display that gives a symbol its value."""

    name: Name
    row: str
    """The definition as a row of the notation."""
    line: int
    order: int
    alone: bool
    """Whether no condition stands in its row."""
    uses: frozenset[str]
    """The symbols in what it says."""


class Statements:
    """Goes through all formulas of a page."""

    def __init__(self, formulas: Sequence[Formula]) -> None:
        self.formulas = formulas
        found = Found()
        for each in formulas:
            each.rows = [row for row in each.rows if not _words(row)]
            into = found if each.order >= 0 else Found()
            for row in each.rows:
                into.read(row, each.line(row))
            if into is not found:
                found.sizes |= into.sizes
                for index, spans in into.spans.items():
                    found.spans[index].extend(spans)
        self.names = Names(found)
        self.unifier = Unifier()
        self.defined: list[Defined] = []
        self.alone = True
        """Whether the row that is read holds no condition."""
        self.first: dict[str, int] = {}
        """In which display each symbol occurs first."""
        for each in formulas:
            for row in each.rows:
                with suppress(RecursionError):
                    self._row(each, row)

    def _row(self, formula: Formula, row: list[Token]) -> None:
        line = formula.line(row)
        if self._function(formula, row, line):
            return
        before: list[Sequence[Token]] = []
        parts = [*self._parts(row)]
        self.alone = not any(_limits(each) for each in row)
        for part in parts:
            at = [k for k, each in outside(part) if each.text in STATING]
            signs = [part[k].text for k in at]
            is_range = part[0].text in self.names.indices and signs == ["="]
            if r"\in" in signs:
                self._member(formula, [*before, part], at[signs.index(r"\in")], line)
            elif formula.order >= 0 and not is_range and part[0].text != r"\dots":
                self._chain(formula, part, at, line)
            before = [*before, part] if not at else []

    def _parts(self, row: Sequence[Token]) -> Iterator[list[Token]]:
        def is_joint(token: Token) -> bool:
            if token.kind != "text":
                return token.text in JOINTS
            at = next(k for k, each in enumerate(row) if each is token)
            return token.prose and base_of(token) not in BUILT_IN and not is_name(row, at)

        for part in split(row, is_joint):
            kept = [each for each in part if each.text not in ("&", r"\quad")]
            while kept and kept[-1].text == ".":
                kept.pop()
            if kept:
                yield kept

    # Statements of the author.

    def _function(self, formula: Formula, row: list[Token], line: int) -> bool:
        r"""Take ``f : \mathbb{R}^d \to \mathbb{R}`` as it stands."""
        texts = [each.text for _, each in outside(row)]
        if ":" not in texts or r"\to" not in texts or not is_name(row, 0):
            return False
        found, end = mention(row, 0, line)
        if row[end : end + 1] and row[end].text == ":":
            name = self._find(found, formula)
            if name is not None and self.names.is_function(name.base) and not name.stated:
                rest = row[end + 1 :]
                while rest and rest[-1].text in (".", ",", ";"):
                    rest = rest[:-1]
                name.stated, name.stated_at = spelled(rest), line
        return True

    def _find(self, found: Mention, formula: Formula) -> Name | None:
        name, rest = self.names.find(found)
        if formula.order >= 0:
            self.first.setdefault(name.key, formula.order)
        return name if not rest else None

    def _member(self, formula: Formula, parts: list[Sequence[Token]], at: int, line: int) -> None:
        r"""Take ``a, b \in \mathbb{R}^d`` as it stands."""
        *others, part = parts
        members, behind = [*others, part[:at]], list(part[at + 1 :])
        latex = stated_set(behind)
        shape = self._shape_of(behind)
        for each in members:
            if len(each) == 1 and each[0].text in self.names.indices | self.names.sizes:
                continue
            sides = [*split(each, lambda e: e.text in STATING and e.kind != "text")]
            if len(sides) > 1 and formula.order >= 0:
                at_signs = [k for k, e in outside(each) if e.text in STATING]
                self._chain(formula, each, at_signs, line)
            for side in sides:
                if side and is_name(side, 0) and latex:
                    self._state(formula, side, latex, shape)

    def _state(
        self, formula: Formula, side: Sequence[Token], latex: str, shape: Shape | None
    ) -> None:
        """Take the set of one symbol as its author says it."""
        line = formula.line(side)
        found, end = mention(side, 0, line)
        name = self._find(found, formula) if end == len(side) else None
        if name is None or found.power or name.is_function:
            return
        if formula.order < 0 and latex.startswith(r"\{") and latex.count(",") > 2:
            return
        if not name.stated:
            name.stated, name.stated_at = latex, line
        if shape is not None:
            wanted = shape.turned if found.turned else shape
            self.unifier.same(name.shape, wanted, line)
            if name.shape.is_scalar != wanted.is_scalar and line == name.stated_at:
                name.shape = wanted

    def _shape_of(self, tokens: list[Token]) -> Shape | None:
        r"""Return the shape that ``\mathbb{R}^{n \times d}`` gives."""
        texts = [each.text for each in tokens]
        if texts[:1] != [r"\mathbb{R}"]:
            return scalar() if texts[:1] in (["("], ["["], [r"\{"]) else None
        if "^" not in texts:
            return scalar()
        inner = tokens[texts.index("^") + 1 :]
        if inner[:1] and inner[0].text == "{":
            inner = inner[1:-1]
        sizes = [*split(inner, lambda each: each.text == r"\times")]
        if not sizes[0] or len(sizes) > 2:
            return None
        return Shape(*(Size(spelled(each)) for each in sizes), *[Size("1")][len(sizes) - 1 :])

    # Equations.

    def _chain(
        self, formula: Formula, tokens: Sequence[Token], at: Sequence[int], line: int
    ) -> None:
        begins = [0, *(k + 1 for k in at)]
        sides = [tokens[a:b] for a, b in zip(begins, [*at, len(tokens)], strict=True)]
        names = set(self.names.known)
        shapes = [self._side(side, line) for side in sides if side]
        for key in [*self.names.known]:
            if key not in names or line in self.names.known[key].lines:
                self.first.setdefault(key, formula.order)
        for first, second in pairwise(shapes):
            self.unifier.same(first, second, line)
        if at and tokens[at[0]].text in {"=", *DEFINING} - {"=:"} and len(sides) > 1:
            self._definition(formula, sides, tokens[at[0]].text, line)

    def _side(self, tokens: Sequence[Token], line: int) -> Shape:
        return Walk(self.names, self.unifier, line, ()).inside(tokens)

    def _definition(
        self, formula: Formula, sides: Sequence[Sequence[Token]], sign: str, line: int
    ) -> None:
        r"""Note ``X = …`` as what gives X its value, if X does not stand on the right too."""
        head, body = sides[0], sides[1]
        while head[:1] and head[0].text == "{" and group(head, 0)[1] == len(head):
            head = head[1:-1]
        if not head or not body or not is_name(head, 0) or sign == r"\leftarrow":
            if sign == r"\leftarrow" and head:
                self.names.found.marked.add(head[0].text)
            return
        found, end = mention(head, 0, line)
        is_applied = found.after and head[end].text == "(" and head[-1].text == ")"
        if (end != len(head) and not is_applied) or found.power or found.turned or found.primes:
            return
        if found.base in self.names.indices | self.names.sizes:
            return
        name, rest = self.names.find(found)
        if rest or any(item.shift or item.is_number for item in found.items if name.indices):
            return
        skipped = self.names.indices | self.names.sizes
        behind = [e for e in _mentions(body, line) if e.items or e.base not in skipped]
        uses = frozenset(self.names.find(each)[0].key for each in behind)
        if name.key in uses:
            return
        if self.names.is_function(name.base) != bool(is_applied):
            return
        row = f"{formula.written(head)} := {formula.written(body)}"
        self.defined.append(Defined(name, row, line, formula.order, self.alone, uses))


def _mentions(tokens: Sequence[Token], line: int) -> list[Mention]:
    found = Found()
    found.scan(tokens, line)
    return [each for each in found.mentions if not each.in_script]
