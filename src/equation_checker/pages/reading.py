"""Read a file as a page: MyST Markdown, reStructuredText or a notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from equation_checker.pages import markdown, restructured
from equation_checker.pages.items import Fault, Page
from equation_checker.settings import is_macro

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from equation_checker.pages.items import Item

SUFFIXES = (".md", ".rst", ".ipynb")
CHOICES = ("", "all", "labelled", "off")
CELL = 10_000
"""MyST-NB counts the lines of the first cell of a notebook from here, of the second from twice."""


def read_file(path: Path) -> Page:
    """Return what a file holds; one that cannot be read has a fault."""
    line, message = 1, "there is no such file"
    try:
        if path.is_file():  # anything else may never end
            return read_page(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as problem:
        line = 1 + problem.object.count(b"\n", 0, problem.start)
        message = f"this is no UTF-8: {problem.reason}"
    except OSError as problem:
        message = f"cannot be read: {problem.strerror}"
    return Page(str(path), (Fault(message, line, 1, str(path)),))


def read_page(text: str, file: str = "") -> Page:
    """Return what a page holds; its name says what it is written in."""
    if file.endswith(".ipynb"):
        return _notebook(text, file)
    if file.endswith(".rst"):
        return _page(file, restructured.read(text, file), restructured.equations(text), {})
    return _page(file, markdown.read(text, file), markdown.equations(text), markdown.macros(text))


def _page(file: str, found: Iterable[Item], equations: str, macros: dict[str, Any]) -> Page:
    """Return a page, with a fault for what its front matter gives that means nothing."""
    items = [*found]
    if equations not in CHOICES:
        message = f"equations: {equations} in the front matter is none of all, labelled and off"
        items.insert(0, Fault(message, 1, 1, file))
    for name in [name for name, value in macros.items() if not is_macro(value)]:
        message = f"the macro {name} in the front matter is not LaTeX"
        items.insert(0, Fault(message, 1, 1, file))
        del macros[name]
    return Page(file, tuple(items), equations, tuple(macros.items()))


def _notebook(text: str, file: str) -> Page:
    try:
        cells = [*_markdown_cells(json.loads(text))]
    except (ValueError, KeyError, TypeError):
        return Page(file, (Fault("this is no notebook", 1, 1, file),))
    items = (item for at, cell in cells for item in markdown.read(cell, file, at))
    first = cells[0][1] if cells else ""
    return _page(file, items, markdown.equations(first), markdown.macros(first))


def _markdown_cells(notebook: dict[str, list[dict[str, object]]]) -> Iterator[tuple[int, str]]:
    for number, cell in enumerate(notebook["cells"], 1):
        source = cell["source"]
        if cell["cell_type"] == "markdown":
            yield number * CELL, "".join(source) if isinstance(source, list) else str(source)
