r"""Draft the rows of a notation, read them and all displays with them, and mend what is missing.

A symbol whose first display is ``X = …`` needs no row where the settings let such a display define
it; one that is defined later than it is used has a row with ``:=``; all others are declared.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from equation_checker.drafting.names import BOLD, INDICES, Name
from equation_checker.drafting.statements import Formula, Statements
from equation_checker.drafting.unify import Shape, Size, matrix, nameless, scalar, vector
from equation_checker.language.errors import Unreadable
from equation_checker.language.notation import Notation
from equation_checker.pages import Display, Inline
from equation_checker.reading.declarations import read_row
from equation_checker.reading.displays import read_display
from equation_checker.reading.expressions import IDENTITIES
from equation_checker.reading.macros import expand, macros_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from equation_checker.drafting.statements import Defined
    from equation_checker.pages import Item, Page
    from equation_checker.reading.macros import Macros

POSITIVE = frozenset({r"\eta", r"\epsilon", r"\varepsilon", r"\lambda", r"\tau", r"\sigma"})
"""Numbers that are positive by custom."""
SIZES_IN_ROW = re.compile(r"\\mathbb\{R\}\^(\w|\{[^}]*\})")
LETTER = re.compile(r"(?<![\\A-Za-z_{])[A-Za-z](?:_(?:\w|\{\w+\}))?(?![A-Za-z])")
ROUNDS = 12


@dataclass
class Row:
    """A row of the draft: its symbol cell, and what is said of it."""

    latex: str
    remark: str = ""
    over: str = ""
    """What the index of a family runs over, if it is not what its row says."""

    @property
    def whole(self) -> str:
        """Return the row as the reader takes it."""
        return rf"{self.latex} \text{{ for }} {self.over}" if self.over else self.latex

    def shown(self) -> str:
        """Return the row as a line of the table."""
        cell = f"${self.latex}$" + (f" for ${self.over}$" if self.over else "")
        cell = cell.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
        return f"| {cell} | {self.remark.replace('|', '/')} | |"


def draft(pages: Sequence[Page]) -> str:
    """Return a notation block for the symbols of some pages, for their author to finish."""
    return Draft(pages).text()


def _expanded(page: Page) -> Iterator[Item]:
    """Yield the items of a page, with what its macros stand for in their place."""
    macros: Macros = macros_of(dict(page.macros))
    for each in page.items:
        if isinstance(each, Display | Inline):
            source = each.source
            with suppress(Unreadable):
                source, macros = expand(source, macros)
            if source.latex.strip():
                yield replace(each, source=source)
        else:
            yield each


class Draft:
    """The rows for some pages, and what could not be drafted."""

    def __init__(self, pages: Sequence[Page]) -> None:
        items = [each for page in pages for each in _expanded(page)]
        self.displays = [each for each in items if isinstance(each, Display)]
        orders = iter(range(len(self.displays)))
        self.statements = Statements([
            Formula.cut(each.source, next(orders) if isinstance(each, Display) else -1)
            for each in items
            if isinstance(each, Display | Inline)
        ])  # fmt: skip
        self.names = self.statements.names
        self.unifier = self.statements.unifier
        self._guess()
        self._chosen: dict[str, str] = {}
        """The sizes that indices run up to where nothing says so."""
        self.defined: dict[str, Defined] = {}
        for each in self.statements.defined:
            self.defined.setdefault(each.name.key, each)
        self.declared: set[str] = set()
        """Symbols that are declared though a display seems to define them."""
        self.rows: list[Row] = []
        self.unread: list[tuple[int, str]] = []
        self.refused: list[tuple[Row, str]] = []
        self._settle()

    # What is not known.

    def _guess(self) -> None:
        """Take what the displays leave open as custom has it, the surest first."""
        names = [*self.names.known.values()]
        for name in names:
            whole = self._whole(name.base)
            if whole not in (None, name) and not name.arguments and "set in bold" in name.reasons:
                self.unifier.same(name.shape, whole.shape, name.lines[0])
        for name in names:
            if name.base in self.names.turned and not name.is_function:
                wanted = matrix() if name.letter.isupper() else vector()
                self.unifier.same(name.shape, wanted, name.lines[0])
        self.unifier.solve()
        for factors, line in self.unifier.products:
            for first, second in itertools.pairwise(factors):
                if first.many == (True, True) and not second.is_known:
                    self.unifier.same(second, vector(), line)
        self.unifier.solve()
        for is_capital in (False, True):
            for name in names:
                self._take_for_number(name, is_capital=is_capital)
            self.unifier.solve()

    def _whole(self, base: str) -> Name | None:
        """Return the symbol that is a letter without indices."""
        return self.names.known.get(f"{base}|||False")

    def _take_for_number(self, name: Name, *, is_capital: bool) -> None:
        for shape in (name.shape, *(name.arguments or ())):
            if not shape.is_known and name.letter.isupper() == is_capital:
                fits = self.unifier.same(shape, scalar(), name.lines[0])
                if shape is name.shape and (fits or shape.is_known) and is_capital:
                    name.reasons["? a number, a vector or a matrix"] = name.lines[0]

    # Rows.

    def _settle(self) -> None:
        """Write the rows, read all displays with them, and declare what no display defines.

        Of definitions that wait for each other the one that most wait for is given up.
        """
        for _ in range(ROUNDS):
            self.refused = []
            notation = self._read_rows()
            missing = self._read_displays(notation)
            if not missing:
                return
            refused = {each.name.key: each for each in self._late() if each.name.key in missing}
            needed = Counter(key for each in refused.values() for key in each.uses & {*refused})
            given_up = [key for key, _ in needed.most_common(1)] or [*refused][-1:]
            self.declared |= missing - ({*refused} - {*given_up})

    def _read_rows(self) -> Notation:
        """Read the rows; one that speaks of a later one waits for it."""
        notation, self.rows, waiting = Notation(), [], [*self._wanted()]
        before = 0
        while len(waiting) != before:
            before, left, self.refused = len(waiting), [], []
            for options in waiting:
                read = self._tried(options, notation)
                if read is None:
                    left.append(options)
                else:
                    notation = read
            waiting = left
        return notation

    def _tried(self, options: Sequence[Row], notation: Notation) -> Notation | None:
        """Read the first row that can be read; say why the best cannot, where none can."""
        problems = []
        for row in options:
            try:
                read = read_row(row.whole, notation)
            except (Unreadable, RecursionError) as refusal:
                problems.append(str(refusal))
            else:
                self.rows.append(row)
                return read
        self.refused.append((options[0], problems[0]))
        return None

    def _read_displays(self, notation: Notation) -> set[str]:
        """Read all displays in turn; return what should be defined by then, but is not."""
        self.unread = []
        for display in self.displays:
            try:
                reading = read_display(display.source.latex, notation, define_undeclared=True)
            except (Unreadable, RecursionError, LookupError, ValueError) as problem:
                self.unread.append((display.source.line, str(problem).splitlines()[0]))
            else:
                notation = reading.notation
        known = {_squeezed(name) for name in notation.entries}
        open_ = {key: e for key, e in self.defined.items() if key not in self.declared}
        return {key for key, each in open_.items() if _squeezed(each.name.entry) not in known}

    def _wanted(self) -> Iterator[list[Row]]:
        """Yield, for each symbol, the rows that may declare it, the best first."""
        names, late = self._ordered(), self._late()
        parts = {part.key: (part, whole) for part, whole in self._parts_of_bold(names)}
        declared = [
            name for name in names if not self._is_entry(name) and name.key not in parts
            and (name.key not in self.defined or name.key in self.declared)
        ]  # fmt: skip
        tables = [*self._variables(declared)]
        yield from self._sizes(tables)
        yield from self._indices()
        yield from (options for name, options in tables if name.key not in self.defined)
        for part, whole in parts.values():
            what = rf"{part.head} := {whole.head}_{{{''.join(part.indices)}}}"
            yield [Row(what, f"? taken for the entries of {whole.head}"), *self._options(part)]
        for name, options in tables:
            given = self.defined.get(name.key)
            if given is not None:
                again = Row(given.row, f"? as in line {given.line}")
                yield [again, *options] if given.alone else options
        for each in late:
            if each.name.key not in self.declared:
                yield [Row(each.row, f"? defined in line {each.line}, needed before")]

    def _ordered(self) -> list[Name]:
        """Return the symbols of the displays: data, parameters, functions."""
        shown = [name for name in self.names.known.values() if name.key in self.statements.first]
        marked = self.names.found.marked
        return sorted(shown, key=lambda name: (name.is_function, name.base in marked))

    def _late(self) -> list[Defined]:
        """Return what is used before a display defines it, and what that is defined from."""
        first = self.statements.first
        used = {key for key, e in self.defined.items() if first.get(key, e.order) < e.order}
        self.declared |= {key for key in used if not self.defined[key].alone}
        late: dict[str, Defined] = {}
        while used:
            more = {
                k: e for k, e in self.defined.items() if k in used and k not in late and e.alone
            }
            late |= more
            used = {key for each in more.values() for key in each.uses}
        return [*late.values()]

    def _parts_of_bold(self, names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
        r"""Yield families of numbers that are the entries of bold letters: x_i of \mathbf{x}."""
        found = [(BOLD.search(each.base), each) for each in names if not (each.sub or each.sup)]
        bold = {match[2]: each for match, each in found if match}
        for name in names:
            letter = name.base if len(name.indices) == 1 else name.base.upper()
            whole = bold.get(letter)
            is_plain = name.sub == name.indices and name.sub and not name.sup
            is_defined = name.key in self.defined and name.key not in self.declared
            if not whole or not is_plain or is_defined or not name.shape.is_scalar:
                continue
            if whole.shape.columns.root.many == (len(name.indices) == 2):
                sizes = [whole.shape.rows, whole.shape.columns][: len(name.indices)]
                if all(map(self._runs_over, name.indices, sizes)):
                    yield name, whole

    def _runs_over(self, index: str, size: Size) -> bool:
        """Tell whether an index runs up to a size, which it does if neither is known yet."""
        if size.root.name and self.names.span(index) is None:
            self._chosen.setdefault(index, size.root.name)
        upper = self._upper(index)
        size.root.name = size.root.name or upper
        return size.root.name == upper

    def _is_entry(self, name: Name) -> bool:
        """Tell whether a family of numbers is the entries of a vector that is declared."""
        whole = self._whole(name.base)
        is_family = len(name.indices) == 1 and name.sub == name.indices and not name.sup
        if whole is None or not is_family or name.is_function or not whole.shape.is_large:
            return False
        if name.shape.is_scalar:
            upper = self._upper(name.indices[0])
            self.unifier.equal(whole.shape.rows, Size(upper), whole.lines[0])
        return name.shape.is_scalar

    def _upper(self, index: str) -> str:
        """Return the size that an index runs up to: said, as others in its place, or by custom."""
        span = self.names.span(index)
        if span is not None:
            return span.upper
        if index not in self._chosen:
            letters = [{i.letter for _, i in name.shifts} for name in self.names.known.values()]
            partners = {e for each in letters if index in each for e in each & self.names.indices}
            spans = [*filter(None, map(self.names.span, sorted(partners)))]
            if spans:
                return spans[0].upper
            usual = INDICES.get(index, "")
            known = [e for e in usual if e in self.names.sizes]
            self._chosen[index] = known[0] if known else self.names.fresh(usual)
        return self._chosen[index]

    def _sizes(self, tables: Sequence[tuple[Name, list[Row]]]) -> Iterator[list[Row]]:
        written = [self._upper(each) for each in sorted(self.names.indices)]
        written += [
            e for _, rows in tables for row in rows for e in SIZES_IN_ROW.findall(row.latex)
        ]
        others = {*(name.base for name, _ in tables), *self.names.after} - self.names.sizes
        for size in dict.fromkeys(LETTER.findall(" ".join([*sorted(self.names.sizes), *written]))):
            if size not in self.names.indices | others:
                yield [Row(rf"{size} \in \mathbb{{N}}", "?")]

    def _indices(self) -> Iterator[list[Row]]:
        for index in sorted(self.names.indices):
            span = self.names.span(index)
            why = f"? line {span.line}" if span else "? its range is said nowhere"
            lower = span.lower if span else "1"
            yield [Row(rf"{index} = {lower}, \dots, {self._upper(index)}", why)]

    def _variables(self, names: Sequence[Name]) -> Iterator[tuple[Name, list[Row]]]:
        shapes = [shape for name in names for shape in (name.shape, *(name.arguments or ()))]
        for size in nameless(shapes):
            size.name = self.names.fresh("dnm")
        for name in names:
            yield name, [*self._options(name)]

    def _options(self, name: Name) -> Iterator[Row]:
        """Yield the rows that may declare a symbol, the best first: first as its author says it."""
        remark, over, shape = self._remark(name), self._over(name), name.shape
        sign, found = r"\in", _set(shape)
        if name.is_function:
            takes = r" \times ".join(map(_set, name.arguments or ()))
            sign, over, found = ":", "", rf"{takes} \to {found}"
        elif shape.is_scalar and name.domain:
            found = name.domain
        elif shape.is_scalar and name.base in POSITIVE:
            found = r"\mathbb{R}_{>0}"
        rows = [Row(f"{name.head} {sign} {e}", remark, over) for e in (name.stated, found) if e]
        if name.head in IDENTITIES and not (name.stated or shape.is_scalar or name.is_function):
            what = rf"{name.head} := \text{{diag}}(\mathbf{{1}}_{{{shape.rows.root.name}}})"
            rows.insert(0, Row(what, "? taken for the identity"))
        yield from rows
        if over:
            yield from (Row(each.latex, each.remark) for each in rows)

    def _over(self, name: Name) -> str:
        """Return what the one index of a family runs over, if members stand outside its range."""
        if len(name.indices) != 1:
            return ""
        index = name.indices[0]
        span = self.names.span(index)
        lower, upper = int(span.lower) if span else 1, self._upper(index)
        items = [item for _, item in name.shifts]
        shifts = [item.shift for item in items if item.letter in {index, *self.names.indices}]
        numbers = [int(item.text) for item in items if item.is_number]
        first = min([lower, *(lower + each for each in shifts), *numbers])
        more = max([0, *shifts, *(item.shift for item in items if item.letter == upper)])
        if first == lower and not more:
            return ""
        return rf"{index} = {first}, \dots, {upper}" + (f"+{more}" if more else "")

    def _remark(self, name: Name) -> str:
        """Say what a row goes by; what is open is marked."""
        if name.stated:
            return f"? line {name.stated_at}"
        said = [each for each in name.reasons if each.startswith("?")]
        if name.shape.is_scalar and name.base in POSITIVE and not name.is_function:
            said = said or ["? taken to be positive"]
        lines = ", ".join(map(str, name.lines[:3])) + (", …" if len(name.lines) > 3 else "")
        return "; ".join([*(said or ["?"]), f"line{'s' * (len(name.lines) > 1)} {lines}"])

    # The page.

    def text(self) -> str:
        """Return the block, and below it as comments what was not drafted."""
        table = ["```{notation}", "| symbol | meaning | Python |", "|---|---|---|"]
        table += [*(row.shown() for row in self.rows), "```"]
        return "\n".join([*table, "", *self._comments()]).rstrip() + "\n"

    def _comments(self) -> Iterable[str]:
        known = {row.latex for row in self.rows}
        for key, each in self.defined.items():
            if key not in self.declared and each.row not in known:
                yield f"% defined in line {each.line}: {each.name.head}"
        for row, problem in self.refused:
            yield f"% not drafted: {row.whole}: {problem}"
        for line in sorted(self.unifier.clashes):
            yield f"% line {line}: the shapes do not fit together, as far as they were understood"
        for line, problem in self.unread:
            yield f"% line {line} is not read with this draft: {problem}"


def _set(shape: Shape) -> str:
    rows, columns = shape.rows.root, shape.columns.root
    if shape.is_scalar or not shape.is_known:
        return r"\mathbb{R}"
    if columns.many is False:
        return r"\mathbb{R}^" + (rows.name if len(rows.name) == 1 else f"{{{rows.name}}}")
    return rf"\mathbb{{R}}^{{{rows.name or '1'} \times {columns.name or '1'}}}"


def _squeezed(text: str) -> str:
    return text.replace(" ", "").replace(",", "")
