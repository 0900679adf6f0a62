"""Take notation tables, displays and formulas out of MyST Markdown, with their exact places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from equation_checker.pages import restructured
from equation_checker.pages.items import RAW_HTML, Fault, Inline, Unjudged, display, row, unjudged
from equation_checker.pages.macros import of_front
from equation_checker.reading.tokens import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from equation_checker.pages.items import Item

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")

NOT_TEXT = frozenset(
    """code-cell code code-block sourcecode literalinclude doctest testcode testsetup testoutput
    toctree image bibliography automodule autofunction autoclass mermaid graphviz
    highlight""".split()  # noqa: SIM905
)
"""Directives that hold no text."""


def read(text: str, file: str, base: int = 0) -> Iterator[Item]:
    """Yield what some Markdown holds; its lines are counted from ``base``."""
    reader = _Reader(text.splitlines(), file, base)
    yield from reader.items(text, 0)
    for each in reader.substitutions:
        yield from reader.items(each, 0)


def equations(text: str) -> str:
    """Return what the front matter says of equations, if it says anything."""
    return str(_front(text).get("equations", ""))


def macros(text: str) -> dict[str, Any]:
    """Return the macros that the front matter gives."""
    return of_front(_front(text))


def fences(text: str, name: str) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the options and the body of each directive of a name."""
    for token in parser().parse(text):
        if token.type in ("fence", "colon_fence") and token.info.strip() == f"{{{name}}}":
            options, body, _ = _options(token.content)
            yield options, body


def parser() -> MarkdownIt:
    """Return a reader of the Markdown that MyST knows, as far as maths goes."""
    markdown = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin):
        markdown.use(plugin)
    markdown.use(dollarmath_plugin, allow_labels=True, allow_digits=True, double_inline=True)
    return markdown.use(amsmath_plugin)


class _Reader:
    """Walks the blocks of one file; directives with text inside are read in their turn."""

    def __init__(self, lines: Sequence[str], file: str, base: int) -> None:
        self.lines = lines
        self.file = file
        self.base = base
        self.markdown = parser()
        self.substitutions: list[str] = []
        """What MyST puts where the names stand that the front matter gives it."""

    def items(self, text: str, offset: int) -> Iterator[Item]:
        """Yield the items of a part of the file that starts ``offset`` lines below its top."""
        for token in self.markdown.parse(text):
            line = offset + (token.map[0] if token.map else 0)
            match token.type:
                case "fence" | "colon_fence":
                    yield from self._fence(token, line)
                case "math_block" | "math_block_label":
                    label = token.info if token.type.endswith("label") else ""
                    yield display(self._find(token.content, line), self.file, label)
                case "amsmath":
                    yield display(self._find(token.content, line), self.file)
                case "html_block":
                    yield from self._html(token.content, line)
                case "front_matter" if line == 0:
                    self.substitutions = [*_substitutions(_settings(token.content))]
                case "inline":
                    yield from self._inline(token, line)
                case _:
                    pass

    def _fence(self, token: Token, line: int) -> Iterator[Item]:
        directive = DIRECTIVE.match(token.info.strip())
        if directive is None:
            return
        name, argument = directive.groups()
        options, body, skipped = _options(token.content)
        start = line + 1 + skipped
        if name == "math":
            yield self._math(argument, options, body, start)
        elif name == "notation":
            yield from self._table(body, start)
        elif name == "eval-rst":
            yield from restructured.read(body, self.file, self.base + start)
        elif name == "raw":
            yield from self._html(body if "html" in argument else "", start)
        elif name not in NOT_TEXT:
            yield from self.items(argument, line)
            yield from self.items(body, start)
        yield from self.items(options.get("caption", ""), line)

    def _html(self, html: str, line: int) -> Iterator[Item]:
        yield from unjudged(html, self.base + line + 1, self.file, RAW_HTML)

    def _math(self, argument: str, options: dict[str, str], body: str, line: int) -> Item:
        start = line - 1 - len(options) if argument else line
        label = options.get("label", options.get("name", ""))
        return display(self._find(argument or body, start), self.file, label, options)

    def _table(self, body: str, line: int) -> Iterator[Item]:
        tokens = self.markdown.parse(body)
        if not any(token.type == "tbody_open" for token in tokens):
            message = "a notation block holds a table: symbol, meaning, Python"
            yield Fault(message, self.base + line, 1, self.file)
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

    def _row(self, cells: Sequence[Token], line: int) -> Item:
        maths = [child.content for child in cells[0].children or () if child.type == "math_inline"]
        beside = " ".join(
            child.content for child in cells[0].children or () if child.type == "text"
        )
        code = [c for cell in cells[2:3] for c in cell.children or () if c.type == "code_inline"]
        meaning = cells[1].content if len(cells) > 1 else ""
        source = self._find(maths[0] if maths else cells[0].content, line)
        return row(maths, source, self.file, meaning, [each.content for each in code], beside)

    def _inline(self, token: Token, line: int) -> Iterator[Item]:
        at, column = line, 0
        for child in token.children or ():
            if child.type == "math_inline_double":
                yield display(self._find(child.content, line), self.file)
            if child.type == "text" and "$$" in child.content:
                yield Unjudged(self._find("$$", line), self.file, "a $$ without a partner")
            if child.type == "html_inline":
                yield from self._html(child.content, line)
            is_role = child.type == "myst_role" and child.meta.get("name") == "math"
            if child.type == "math_inline" or is_role:
                at, column = self._next_place(child.content, at, column)
                yield Inline(Source(child.content, self.base + at + 1, (column + 1,)), self.file)
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
        return Source(latex, self.base + at + 1, tuple(columns))


def _front(text: str) -> dict[str, Any]:
    first = next(iter(parser().parse(text)), None)
    return _settings(first.content if first and first.type == "front_matter" else "")


def _settings(front: str) -> dict[str, Any]:
    """Return what a front matter sets; what is no YAML is Sphinx's to complain of."""
    try:
        found = yaml.load(front, yaml.BaseLoader)  # noqa: S506 - strings alone: "off" stays a word
    except yaml.YAMLError:
        found = None
    return found if isinstance(found, dict) else {}


def _substitutions(settings: dict[str, Any]) -> Iterator[str]:
    """Yield the texts that MyST puts where their names stand."""
    myst = settings.get("myst")
    texts = myst.get("substitutions") if isinstance(myst, dict) else None
    if isinstance(texts, dict):
        yield from (each for each in texts.values() if isinstance(each, str))


def _options(content: str) -> tuple[dict[str, str], str, int]:
    """Return the options of a directive, its body, and how many lines stand before the body."""
    options: dict[str, str] = {}
    lines = content.split("\n")
    at = 0
    while at < len(lines) and (found := OPTION.fullmatch(lines[at].strip())):
        options[found[1]] = found[2].strip()
        at += 1
    return options, "\n".join(lines[at:]), at
