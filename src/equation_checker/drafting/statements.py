r"""Cut displays and formulas into statements, and hand each to the walk over shapes."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from equation_checker.drafting.mentions import Found, base_of, group, is_name, mention, spelled
from equation_checker.drafting.names import Name, Names
from equation_checker.drafting.shapes import Walk
from equation_checker.drafting.unify import Shape, Size, Unifier, scalar
from equation_checker.language.errors import Unreadable
from equation_checker.language.functions import BUILT_IN
from equation_checker.reading.rows import DEFINING, STATING, lines, outside, split, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.drafting.mentions import Mention
    from equation_checker.reading.tokens import Source, Token

SHOWN_SET = re.compile(r"\\mathbb\{[RN]\}|\(|\[|\\\{")
"""How a set begins that a row can hold."""
CONDITIONS = frozenset(
    r"if for when otherwise unless < > \le \ge \ne \in \forall".split()  # noqa: SIM905
)
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
        """Cut some LaTeX; what has no rows, and rows with words in them, are left out."""
        with suppress(Unreadable, RecursionError, IndexError):
            rows = [line.tokens for line in lines(source.latex)]
            return cls(source, order, [row for row in rows if not _words(row)])
        return cls(source, order, [])

    def written(self, tokens: Sequence[Token]) -> str:
        """Return tokens as the author wrote them, in one line."""
        latex = " ".join(self.source.latex[tokens[0].start : tokens[-1].end].split())
        return spelled(tokens) if re.search(r"\\(und|ov)erbrace|&|%", latex) else latex

    def line(self, row: Sequence[Token]) -> int:
        """Return the line of the page that a row starts in."""
        return self.source.place(row[0].start)[0] if row else self.source.line


def _words(row: Sequence[Token]) -> bool:
    """Tell whether letters without a space between them spell a word."""
    signs = (each if each.kind == "letter" and len(each.text) == 1 else None for each in row)
    run = 1
    for before, token in pairwise(signs):
        run = run + 1 if before and token and before.end == token.start else 1
        if run > 3:
            return True
    return False


def _limits(token: Token) -> bool:
    """Tell whether a sign or a word opens a condition under which a row holds."""
    said = words_of(token).partition(" ")[0] if token.kind == "text" else token.text
    return said in CONDITIONS


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
        self.first: dict[str, int] = {}
        """In which display each symbol occurs first."""
        self.counted = self.names.indices | self.names.sizes
        for each in formulas:
            for row in each.rows:
                with suppress(RecursionError):
                    _Row(self, each, row).read()


class _Row:
    """Goes through one row of a formula."""

    def __init__(self, said: Statements, formula: Formula, tokens: list[Token]) -> None:
        self.said, self.names, self.unifier = said, said.names, said.unifier
        self.formula = formula
        self.tokens = tokens
        self.line = formula.line(tokens)
        self.is_shown = formula.order >= 0

    def read(self) -> None:
        """Read all statements of the row."""
        if self._function():
            return
        before: list[Sequence[Token]] = []
        for part in self._parts():
            _, signs = _sides(part)
            is_range = part[0].text in self.names.indices and signs == ["="]
            if r"\in" in signs:
                at = next(k for k, each in outside(part) if each.text == r"\in")
                for each in (*before, part[:at]):
                    self._member(each, part[at + 1 :])
            elif self.is_shown and not is_range and part[0].text != r"\dots":
                self._chain(part)
            before = [] if signs else [*before, part]

    def _parts(self) -> Iterator[list[Token]]:
        def is_joint(token: Token) -> bool:
            if token.kind != "text":
                return token.text in JOINTS
            at = next(k for k, each in enumerate(self.tokens) if each is token)
            return token.prose and base_of(token) not in BUILT_IN and not is_name(self.tokens, at)

        for part in split(self.tokens, is_joint):
            kept = [each for each in part if each.text not in ("&", r"\quad")]
            while kept and kept[-1].text == ".":
                kept.pop()
            if kept:
                yield kept

    # Statements of the author.

    def _function(self) -> bool:
        r"""Take ``f : \mathbb{R}^d \to \mathbb{R}`` as it stands."""
        texts = [each.text for _, each in outside(self.tokens)]
        if ":" not in texts or r"\to" not in texts or not is_name(self.tokens, 0):
            return False
        found, end = mention(self.tokens, 0, self.line)
        if [each.text for each in self.tokens[end : end + 1]] == [":"]:
            name = self._find(found)
            if name is not None and self.names.is_function(name.base) and not name.stated:
                name.stated = spelled(self.tokens[end + 1 :]).rstrip(".,;")
                name.stated_at = self.line
        return True

    def _find(self, found: Mention) -> Name | None:
        name, rest = self.names.find(found)
        if self.is_shown:
            self.said.first.setdefault(name.key, self.formula.order)
        return name if not rest else None

    def _member(self, tokens: Sequence[Token], behind: Sequence[Token]) -> None:
        r"""Take ``a \in \mathbb{R}^d`` as it stands; ``a = b`` may stand before the sign."""
        if len(tokens) == 1 and tokens[0].text in self.said.counted:
            return
        sides, signs = _sides(tokens)
        if signs and self.is_shown:
            self._chain(tokens)
        for side in sides:
            if side and is_name(side, 0) and behind and SHOWN_SET.match(behind[0].text):
                self._state(side, behind)

    def _state(self, side: Sequence[Token], behind: Sequence[Token]) -> None:
        """Take the set of one symbol as its author says it."""
        line, latex, shape = self.formula.line(side), spelled(behind), _shape_of(behind)
        found, end = mention(side, 0, line)
        name = self._find(found) if end == len(side) else None
        is_plotted = not self.is_shown and latex.startswith(r"\{") and latex.count(",") > 2
        if name is None or found.power or name.is_function or is_plotted:
            return
        if not name.stated:
            name.stated, name.stated_at = latex, line
        if shape is not None:
            wanted = shape.turned if found.turned else shape
            self.unifier.same(name.shape, wanted, line)

    # Equations.

    def _chain(self, tokens: Sequence[Token]) -> None:
        sides, signs = _sides(tokens)
        walk = Walk(self.names, self.unifier, self.line, ())
        shapes = [walk.inside(side) for side in sides if side]
        for key, name in self.names.known.items():
            if self.line in name.lines:
                self.said.first.setdefault(key, self.formula.order)
        for first, second in pairwise(shapes):
            self.unifier.same(first, second, self.line)
        if signs and sides[0] and signs[0] == r"\leftarrow":
            self.names.found.marked.add(sides[0][0].text)
        elif signs and signs[0] in {"=", *DEFINING} - {"=:"}:
            self._definition(sides[0], sides[1])

    def _definition(self, head: Sequence[Token], body: Sequence[Token]) -> None:
        r"""Note ``X = …`` as what gives X its value, if X does not stand on the right too."""
        if not head or not body or not is_name(head, 0):
            return
        found, end = mention(head, 0, self.line)
        is_applied = bool(found.after) and head[end].text == "(" and head[-1].text == ")"
        is_bare = not (found.power or found.turned or found.primes)
        if found.base in self.said.counted or not is_bare or (end < len(head) and not is_applied):
            return
        name, rest = self.names.find(found)
        is_member = any(item.shift or item.is_number for item in found.items if name.indices)
        uses = frozenset(self._used(body))
        is_function = self.names.is_function(name.base)
        if rest or is_member or name.key in uses or is_function != is_applied:
            return
        row = f"{self.formula.written(head)} := {self.formula.written(body)}"
        alone, order = not any(map(_limits, self.tokens)), self.formula.order
        self.said.defined.append(Defined(name, row, self.line, order, alone, uses))

    def _used(self, tokens: Sequence[Token]) -> Iterator[str]:
        """Yield the keys of the symbols in some tokens."""
        found = Found()
        found.scan(tokens, self.line)
        for each in found.mentions:
            if not each.in_script and (each.items or each.base not in self.said.counted):
                yield self.names.find(each)[0].key


def _sides(tokens: Sequence[Token]) -> tuple[list[list[Token]], list[str]]:
    """Return what stands between relations, and the relations."""
    signs = [each.text for _, each in outside(tokens) if each.text in STATING]
    return [*split(tokens, lambda e: e.kind != "text" and e.text in STATING)], signs


def _shape_of(tokens: Sequence[Token]) -> Shape | None:
    r"""Return the shape that ``\mathbb{R}^{n \times d}`` gives."""
    texts = [each.text for each in tokens]
    if texts[0] != r"\mathbb{R}":
        return scalar() if texts[0] in ("(", "[", r"\{") else None
    if "^" not in texts:
        return scalar()
    inner, _ = group(tokens, texts.index("^") + 1)
    sizes = [Size(spelled(each)) for each in split(inner, lambda e: e.text == r"\times")]
    return Shape(*sizes, *[Size("1")][len(sizes) - 1 :]) if inner and len(sizes) < 3 else None
