"""Take notation tables, displays and inline maths out of MyST Markdown, with their exact places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from equation_checker.reading.tokens import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

MATH_OPTIONS = frozenset(
    "label name nowrap no-wrap class python where unchecked refuted tolerance order".split()  # noqa: SIM905
)
"""The options of a math directive: Sphinx's own and the checker's."""

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
REASON = re.compile(r"&&(.*?)(?=\\\\|$)", re.DOTALL)
OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")


@dataclass(frozen=True)
class Display:
    """A displayed equation as its author wrote it."""

    source: Source
    file: str = ""
    label: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str) -> str | None:
        """Return the text of an option, or None if it is not there."""
        return dict(self.options).get(name)


@dataclass(frozen=True)
class Row:
    """A row of a notation table."""

    source: Source
    file: str = ""
    meaning: str = ""
    python: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inline:
    """Maths inside a line of text."""

    source: Source
    file: str = ""


@dataclass(frozen=True)
class Fault:
    """Something on a page that is wrong before any maths is read."""

    message: str
    line: int
    column: int = 1
    file: str = ""


Item = Display | Row | Inline | Fault


@dataclass(frozen=True)
class Page:
    """What a page holds, in reading order."""

    file: str
    items: tuple[Item, ...] = field(default=())


def read_page(text: str, file: str = "") -> Page:
    """Return what a page of MyST Markdown holds."""
    lines = text.splitlines()
    return Page(file, tuple(_Reader(lines, file).items(text, 0)))


def reasons(display: Display) -> list[Inline]:
    """Return the formulas in the reasons that a display gives for its steps."""
    found = []
    for reason in REASON.finditer(display.source.latex):
        for formula in re.finditer(r"\$([^$]+)\$", reason[1]):
            line, column = display.source.place(reason.start(1) + formula.start(1))
            found.append(Inline(Source(formula[1], line, (column,)), display.file))
    return found


def read_toctree(text: str) -> list[str]:
    """Return the documents that the tables of contents of a page name, in their order."""
    found: list[str] = []
    for token in _parser().parse(text):
        if token.type in ("fence", "colon_fence") and token.info.strip() == "{toctree}":
            _, body, _ = _options(token.content)
            lines = [line.strip() for line in body.splitlines()]
            found.extend(re.sub(r".*<(.+)>", r"\1", line) for line in lines if line)
    return found


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin):
        markdown.use(plugin)
    markdown.use(dollarmath_plugin, allow_labels=True, allow_digits=True, double_inline=True)
    return markdown.use(amsmath_plugin)


class _Reader:
    """Walks the blocks of one file; directives with text inside are read in their turn."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self.lines = lines
        self.file = file
        self.markdown = _parser()

    def items(self, text: str, offset: int) -> Iterator[Display | Row | Inline | Fault]:
        """Yield the items of a part of the file that starts ``offset`` lines below its top."""
        for token in self.markdown.parse(text):
            line = offset + (token.map[0] if token.map else 0)
            match token.type:
                case "fence" | "colon_fence":
                    yield from self._fence(token, line)
                case "math_block" | "math_block_label":
                    source = self._find(token.content, line)
                    yield Display(
                        source, self.file, token.info if token.type.endswith("label") else ""
                    )
                case "amsmath":
                    yield Display(self._find(token.content, line), self.file)
                case "inline":
                    yield from self._inline(token, line)
                case _:
                    pass

    def _fence(self, token: Token, line: int) -> Iterator[Display | Row | Inline | Fault]:
        directive = DIRECTIVE.match(token.info.strip())
        if directive is None:
            return
        name, argument = directive.groups()
        options, body, skipped = _options(token.content)
        start = line + 1 + skipped
        if name == "math":
            yield from self._math(argument, options, body, start)
        elif name == "notation":
            yield from self._table(body, start)
        elif name not in NOT_TEXT:
            yield from self.items(body, start)

    def _math(
        self, argument: str, options: dict[str, str], body: str, line: int
    ) -> Iterator[Display | Fault]:
        unknown = [name for name in options if name not in MATH_OPTIONS]
        if unknown:
            known = ", ".join(sorted(MATH_OPTIONS))
            yield Fault(
                f"the option {unknown[0]} of math is not known; known are {known}",
                line,
                1,
                self.file,
            )
            return
        latex = argument or body
        label = options.get("label", options.get("name", ""))
        start = line - 1 - len(options) if argument else line
        yield Display(self._find(latex, start), self.file, label, tuple(options.items()))

    def _table(self, body: str, line: int) -> Iterator[Row | Fault]:
        tokens = self.markdown.parse(body)
        if not any(token.type == "tbody_open" for token in tokens):
            yield Fault(
                "a notation block holds a table: symbol, meaning, Python", line, 1, self.file
            )
        inside = False
        cells: list[Token] = []
        for token in tokens:
            inside = token.type == "tbody_open" or (inside and token.type != "tbody_close")
            if token.type == "tr_open":
                cells, at = [], line + (token.map[0] if token.map else 0)
            elif token.type == "inline":
                cells.append(token)
            elif token.type == "tr_close" and inside:
                yield self._row(cells, at)

    def _row(self, cells: Sequence[Token], line: int) -> Row | Fault:
        maths = [child.content for child in cells[0].children or () if child.type == "math_inline"]
        if not maths:
            return Fault(
                "the first cell of a notation row holds a symbol between $ signs",
                line + 1,
                1,
                self.file,
            )
        source = self._find(maths[0], line)
        if len(maths) > 1:
            joined = r" \text{ for } ".join(maths)
            source = Source(joined, source.line, source.columns)
        python = [
            c.content for cell in cells[2:3] for c in cell.children or () if c.type == "code_inline"
        ]
        meaning = cells[1].content if len(cells) > 1 else ""
        return Row(source, self.file, meaning, tuple(python))

    def _inline(self, token: Token, line: int) -> Iterator[Display | Inline]:
        at, column = line, 0
        for child in token.children or ():
            if child.type == "math_inline_double":
                yield Display(self._find(child.content, line), self.file)
            is_role = child.type == "myst_role" and child.meta.get("name") == "math"
            if child.type == "math_inline" or is_role:
                at, column = self._next_place(child.content, at, column)
                yield Inline(Source(child.content, at + 1, (column + 1,)), self.file)
                column += len(child.content)

    def _next_place(self, content: str, line: int, column: int) -> tuple[int, int]:
        """Return the line and column, counted from 0, at which inline maths comes next."""
        first = content.splitlines()[0] if content else ""
        for at in range(line, len(self.lines)):
            for sign in ("$", "`"):
                found = self.lines[at].find(sign + first, column if at == line else 0)
                if found >= 0:
                    return at, found + 1
        return line, column

    def _find(self, latex: str, line: int) -> Source:
        """Return the LaTeX with the place at which its first line starts in the file."""
        latex = latex.strip("\n")
        wanted = latex.split("\n")
        first = wanted[0].strip()
        at = next((k for k in range(line, len(self.lines)) if first in self.lines[k]), line)
        columns = []
        for k, each in enumerate(wanted):
            text = self.lines[at + k] if at + k < len(self.lines) else ""
            indent = len(each) - len(each.lstrip())
            columns.append(max(1, text.find(each.strip()) + 1 - indent) if each.strip() else 1)
        return Source(latex, at + 1, tuple(columns))


NOT_TEXT = frozenset(
    """code-cell code code-block sourcecode literalinclude doctest testcode testsetup testoutput raw
    toctree image bibliography eval-rst automodule autofunction autoclass mermaid graphviz
    highlight""".split()  # noqa: SIM905
)
"""Directives that hold no Markdown."""


def _options(content: str) -> tuple[dict[str, str], str, int]:
    """Return the options of a directive, its body, and how many lines stand before the body."""
    options: dict[str, str] = {}
    lines = content.split("\n")
    at = 0
    while at < len(lines) and (found := OPTION.fullmatch(lines[at].strip())):
        options[found[1]] = found[2].strip()
        at += 1
    return options, "\n".join(lines[at:]), at
