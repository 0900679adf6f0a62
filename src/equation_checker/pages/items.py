"""What a page holds for the checker, whatever it is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from equation_checker.reading.tokens import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONS = {
    "python": "an expression, or several between semicolons, of the same value as the display",
    "where": "values of symbols that are otherwise free; shown as an assumption",
    "tolerance": r"for `\approx`: the largest relative difference, below 1",
    "order": r"for `\approx`: the power of a small symbol, `h^2`, with which the difference falls",
    "unchecked": "the reason why nothing can be checked",
    "refuted": "the display is shown because it is wrong, and must be refuted",
}
"""The options that the checker adds to a math directive, and what each is for."""
LATEX = frozenset({"where", "order"})
"""Those that are LaTeX."""
FLAGS = frozenset({"refuted"})
"""Those that take no value."""
SPHINX_OPTIONS = frozenset({"label", "name", "nowrap", "no-wrap", "class"})

NOT_IN_LABELS = frozenset('<>"&\\{}%#$~^`')
"""Signs that HTML or LaTeX would read, of which a label becomes a part."""

COMMENT = re.compile(r"%\s*([a-z]+)\s*(?::(.*))?")
RAW_HTML = "raw HTML"
UNTYPESET = re.compile(r"\$\$|\\\[|\\\(|<math\b|class=[\"'](?:[^\"']* )?math\b")
"""What a browser may typeset in HTML that an author wrote by hand."""
SILENT = re.compile(r"<(/?)(script|style|pre|code)\b|<(!--)|--()>", re.IGNORECASE)
"""Where that begins and ends which no browser typesets."""


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
    beside: str = ""
    """The words that stand beside the symbol, in its cell."""


@dataclass(frozen=True)
class Inline:
    """Maths inside a line of text."""

    source: Source
    file: str = ""


@dataclass(frozen=True)
class Unjudged:
    """Maths that reaches the reader in a way that the checker cannot follow."""

    source: Source
    file: str = ""
    how: str = "raw HTML"


@dataclass(frozen=True)
class Fault:
    """Something on a page that is wrong before any maths is read."""

    message: str
    line: int
    column: int = 1
    file: str = ""


Item = Display | Row | Inline | Unjudged | Fault


@dataclass(frozen=True)
class Page:
    """What a page holds, in reading order."""

    file: str
    items: tuple[Item, ...] = ()
    equations: str = ""
    """Which displays are to be judged, where the page itself says so: all, labelled or off."""
    macros: tuple[tuple[str, Any], ...] = ()
    """The macros that the page itself gives before its first formula, as plain data."""


def display(
    source: Source, file: str, label: str = "", options: dict[str, str] | None = None
) -> Display | Fault:
    """Return a display, with the options that comments at its top give."""
    unknown = [name for name in options or {} if name not in {*OPTIONS, *SPHINX_OPTIONS}]
    if unknown:
        known = ", ".join(sorted({*OPTIONS, *SPHINX_OPTIONS}))
        message = f"the option {unknown[0]} of math is not known; known are {known}"
        return Fault(message, max(source.line - 1, 1), 1, file)
    lines = source.latex.split("\n")
    said = options_in_comments(source.latex)
    rest = "\n".join(lines[len(said) :])
    source = Source(rest, source.line + len(said), source.columns[len(said) :] or (1,))
    return Display(source, file, label, tuple({**(options or {}), **said}.items()))


def options_in_comments(latex: str) -> dict[str, str]:
    r"""Return the options in the comments at the top of some LaTeX, one a line.

    >>> options_in_comments("% unchecked: an update\nw \\leftarrow w - g")
    {'unchecked': 'an update'}
    """
    said: dict[str, str] = {}
    for line in latex.split("\n"):
        found = COMMENT.fullmatch(line.strip())
        if found is None or found[1] not in OPTIONS or (found[2] is None) != (found[1] in FLAGS):
            break
        said[found[1]] = (found[2] or "").strip()
    return said


def without_options(latex: str) -> str:
    """Return LaTeX without the options in its comments: what a reader is to see."""
    return "\n".join(latex.split("\n")[len(options_in_comments(latex)) :])


def row(  # noqa: PLR0917
    maths: list[str], source: Source, file: str, meaning: str, python: list[str], beside: str
) -> Row | Fault:
    """Return a row of the notation; several formulas in its first cell say for which indices."""
    if not maths:
        message = "the first cell of a notation row holds a symbol between $ signs"
        return Fault(message, source.line, 1, file)
    if len(maths) > 1:
        source = replace(source, latex=r" \text{ for } ".join(maths))
    return Row(source, file, meaning, tuple(python), beside)


def unjudged(html: str, line: int, file: str, how: str) -> Iterator[Unjudged]:
    """Yield what a browser may typeset in some HTML, if there is any."""
    found = UNTYPESET.search(_heard(html))
    if found is not None:
        seen = next((each for each in html.splitlines() if found[0] in each), html).strip()
        yield Unjudged(Source(seen[:200], line), file, how)


def _heard(html: str) -> str:
    """Return HTML without scripts, styles, code and comments."""
    kept, at, inside = list[str](), 0, ""
    for found in SILENT.finditer(html):
        ends, name = bool(found[1]) or found[4] is not None, (found[2] or "--").lower()
        if not inside:
            kept.append(html[at : found.start()])
            inside = "" if ends else name
        elif ends and name == inside:
            inside = ""
        at = found.end() if not inside else len(html)
    return "".join([*kept, html[at:]])
