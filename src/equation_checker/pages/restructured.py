"""Take notation tables, displays and formulas out of reStructuredText, with their exact places.

It is read line by line: what is indented below a directive belongs to it, whatever the directive
is, so those of other extensions need not be known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from equation_checker.pages.items import RAW_HTML, Fault, Inline, display, row, unjudged
from equation_checker.reading.tokens import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.pages.items import Item

DIRECTIVE = re.compile(r"(\s*)\.\. ([\w:.-]+)::(?:\s+(.*))?")
COMMENT = re.compile(r"(\s*)\.\.(?: (?!_|\[|\||[\w:.-]+::).*)?")
OPTION = re.compile(r"\s*:([\w-]+):[ \t]*(.*)")
FORMULA = re.compile(r":math:`([^`]+)`")
CODE = re.compile(r"(?<!`)``(.+?)``(?!`)")
FIELD = re.compile(r"\A\s*:equations:[ \t]*(\S+)", re.MULTILINE)
BORDER = re.compile(r"\s*(\+[-=+]+\+|=+(?: +=+)+)\s*")
NOT_TEXT = frozenset(
    """code code-block sourcecode literalinclude doctest testcode testsetup testoutput toctree
    parsed-literal image bibliography automodule autofunction autoclass graphviz highlight plot
    jupyter-execute""".split()  # noqa: SIM905
)
"""Directives that hold no text."""

Cells = list[tuple[str, int]]
"""The text of the cells of a row, each with the line at which it starts."""


def read(text: str, file: str, base: int = 0) -> Iterator[Item]:
    """Yield what some reStructuredText holds; its lines are counted from ``base``."""
    yield from _Reader(text.splitlines(), file, base).items()


def equations(text: str) -> str:
    """Return what the field at the top of a page says of equations, if it says anything."""
    found = FIELD.search(text)
    return found[1] if found else ""


def directives(text: str, name: str) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the options and the body of each directive of a name."""
    lines = text.splitlines()
    for k, line in enumerate(lines):
        found = DIRECTIVE.fullmatch(line)
        if found and found[2] == name:
            options, start, end = _options(lines, k + 1, _end(lines, k, len(found[1])))
            yield options, "\n".join(lines[start:end])


def _end(lines: Sequence[str], at: int, indent: int) -> int:
    """Return where the block ends that is indented below a line."""
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _options(lines: Sequence[str], start: int, end: int) -> tuple[dict[str, str], int, int]:
    """Return the options of a directive, and where its body starts and ends."""
    options: dict[str, str] = {}
    while start < end and (found := OPTION.fullmatch(lines[start])):
        options[found[1]] = found[2].strip()
        start += 1
    return options, start, end


class _Reader:
    """Goes through the lines of one file."""

    def __init__(self, lines: Sequence[str], file: str, base: int) -> None:
        self.lines = lines
        self.file = file
        self.base = base

    def items(self) -> Iterator[Item]:
        """Yield what the lines hold."""
        at, text = 0, 0  # `text`: where the paragraph began whose formulas are still to be found
        while at < len(self.lines):
            found, comment = (each.fullmatch(self.lines[at]) for each in (DIRECTIVE, COMMENT))
            if found is None and comment is None and not self.lines[at].rstrip().endswith("::"):
                at += 1
                continue
            is_text = found is None and comment is None
            yield from self._formulas(text, at + is_text)
            end = _end(self.lines, at, _indent(self.lines[at]))
            if found is not None:
                yield from self._directive(found, at, end)
                is_text = found[2] not in {*NOT_TEXT, "math", "notation", "raw"}
                end = at + 1 if is_text else end
            at = text = end
        yield from self._formulas(text, len(self.lines))

    def _directive(self, found: re.Match[str], at: int, end: int) -> Iterator[Item]:
        _, name, argument = found.groups()
        first = at + 1
        if name == "math":  # what follows without an empty line belongs to the argument
            while argument and first < end and self.lines[first].strip():
                if OPTION.fullmatch(self.lines[first]):
                    break
                first += 1
        options, start, end = _options(self.lines, first, end)
        if name == "math":
            yield self._math(argument or "", range(at + 1, first), options, range(start, end))
        elif name == "notation":
            yield from self._table(start, end)
        elif name == "raw" and "html" in (argument or ""):
            html = "\n".join(self.lines[start:end])
            yield from unjudged(html, self.base + start + 1, self.file, RAW_HTML)

    def _math(self, argument: str, more: range, options: dict[str, str], body: range) -> Item:
        numbers = [k for k in (*more, *body) if more or self.lines[k].strip() or k > body.start]
        while numbers and not self.lines[numbers[-1]].strip():
            numbers.pop()
        while numbers and not argument and not self.lines[numbers[0]].strip():
            numbers.pop(0)
        indent = min((_indent(self.lines[k]) for k in numbers if self.lines[k].strip()), default=0)
        latex = [self.lines[k][indent:] for k in numbers]
        columns = [indent + 1] * len(latex)
        line = numbers[0] if numbers else body.start - 1
        if argument:
            line = more.start - 1
            latex, columns = [argument, *latex], [self.lines[line].find(argument) + 1, *columns]
        source = Source("\n".join(latex), self.base + line + 1, tuple(columns) or (1,))
        return display(source, self.file, options.get("label", options.get("name", "")), options)

    def _formulas(self, start: int, end: int) -> Iterator[Item]:
        text = CODE.sub(lambda code: " " * len(code[0]), "\n".join(self.lines[start:end]))
        for found in FORMULA.finditer(text):
            before = text[: found.start(1)]
            line, column = before.count("\n"), len(before) - before.rfind("\n")
            source = Source(found[1], self.base + start + line + 1, (column, *[1] * 9))
            yield Inline(source, self.file)

    # Tables.

    def _table(self, start: int, end: int) -> Iterator[Item]:
        rows = [*self._rows(start, end)]
        if not rows:
            message = "a notation block holds a table: symbol, meaning, Python"
            yield Fault(message, self.base + start, 1, self.file)
        for cells in rows:
            (symbol, line), *others = cells
            maths = FORMULA.findall(symbol)
            first = maths[0] if maths else symbol
            column = max(self.lines[line].find(first), 0) + 1
            source = Source(first, self.base + line + 1, (column,))
            meaning, code = [*(text for text, _ in others), "", ""][:2]
            beside = FORMULA.sub(" ", symbol)
            yield row(maths, source, self.file, meaning, CODE.findall(code), beside)

    def _rows(self, start: int, end: int) -> Iterator[Cells]:
        """Yield the rows of the table below its head, as a list or drawn."""
        for k in range(start, end):
            found = DIRECTIVE.fullmatch(self.lines[k])
            if found and found[2] == "list-table":
                options, first, end = _options(
                    self.lines, k + 1, _end(self.lines, k, len(found[1]))
                )
                yield from [*self._listed(first, end)][int(options.get("header-rows") or 0) :]
                return
            if BORDER.fullmatch(self.lines[k]):
                yield from self._drawn(k, end)
                return

    def _listed(self, start: int, end: int) -> Iterator[Cells]:
        cells: Cells = []
        for k in range(start, end):
            found = re.fullmatch(r"\s*(\* )?(?:- |-$)(.*)", self.lines[k])
            if found and found[1] and cells:
                yield cells
                cells = []
            if found:
                cells.append((found[2].strip(), k))
            elif cells and self.lines[k].strip():
                text, line = cells[-1]
                cells[-1] = f"{text} {self.lines[k].strip()}".strip(), line
        if cells:
            yield cells

    def _drawn(self, start: int, end: int) -> Iterator[Cells]:
        """Read a table between borders, which say where its columns begin."""
        border = self.lines[start]
        is_grid = border.strip().startswith("+")
        starts = [
            m.start() + is_grid for m in re.finditer(r"\+(?=[-=])" if is_grid else "=+", border)
        ]
        ends = [*(each - 1 for each in starts[1:]), None]
        borders = [k for k in range(start, end) if BORDER.fullmatch(self.lines[k])]
        head = borders[1]
        if is_grid:
            head = next((k for k in borders if "=" in self.lines[k]), start)
        inside = (k for k in range(head + 1, borders[-1]) if self.lines[k].strip())
        rows: list[Cells] = []
        is_new = True
        for k in inside:
            if k in borders:
                is_new = True
                continue
            texts = [
                self.lines[k][a:b].strip(" |" if is_grid else " ")
                for a, b in zip(starts, ends, strict=True)
            ]
            if (is_new if is_grid else texts[0]) or not rows:
                rows.append([(text, k) for text in texts])
                is_new = False
            else:
                last = zip(rows[-1], texts, strict=True)
                rows[-1] = [(f"{text} {more}".strip(), line) for (text, line), more in last]
        yield from rows
