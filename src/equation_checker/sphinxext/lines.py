"""Gather what belongs to each line of a display: its LaTeX, its reason, its code and the value.

The lines are cut by the checker, so they are those that it judges. The code is what ``:python:``
ties to the display: one expression a line, a single one to the last line, an empty one to none. Its
value is computed here, from the example of the page: the cells with the tag ``example``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from equation_checker.judging.examples import Example
from equation_checker.judging.python import TieError, public
from equation_checker.language.errors import Unreadable
from equation_checker.reading.rows import shown
from equation_checker.sphinxext.build import library
from equation_checker.sphinxext.domain import equations

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A line as readers see it."""

    left: str
    right: str
    reason: str
    worked: tuple[tuple[str, str], ...]
    """Code, and its value at the example, if that has one."""


def lines_of(
    app: Sphinx, doctree: nodes.document, docname: str
) -> Iterator[tuple[str, nodes.math_block, list[Line]]]:
    """Yield each display of a document with the name of its page and its lines."""
    chapters = [(each, each["docname"]) for each in doctree.findall(addnodes.start_of_file)]
    seen: set[nodes.Element] = set()
    for page, name in [*reversed(chapters), (doctree, docname)]:
        displays = [each for each in page.findall(nodes.math_block) if each not in seen]
        seen.update(displays)
        example = _example(app, page) if displays else Example({})
        judged = equations(app.env).judged.get(name)
        for node in displays:
            verdict = judged.verdicts[node["display"]] if judged and "display" in node else None
            rows = shown(node.astext())
            code = per_line(verdict.python if verdict else "", len(rows))
            yield name, node, [
                Line(row.left, row.right, row.reason,
                     tuple((each, _value(example, each, node)) for each in tied))
                for row, tied in zip(rows, code, strict=True)
            ]  # fmt: skip


def _example(app: Sphinx, page: nodes.Element) -> Example:
    """Return what the cells of a page with the tag ``example`` name."""
    example = Example(public(library(app.config.equations_library)))
    for cell in page.findall(nodes.container):
        if "tag_example" in cell["classes"]:
            source = next(cell.findall(nodes.literal_block))
            try:
                example.learn(source.astext())
            except (TieError, Unreadable) as problem:
                _warn(problem, source)
    return example


def per_line(python: str, lines: int) -> Iterator[list[str]]:
    """Give each line its code: the last lines are tied; one expression more is of the left side.

    >>> [*per_line("g(x)", 2)], [*per_line("f(x); g(x)", 1)], [*per_line("f(x); ; g(x)", 2)]
    ([[], ['g(x)']], [['f(x)', 'g(x)']], [['f(x)'], ['g(x)']])
    """
    tied = [each.strip() for each in python.split(";")]
    first = tied[: len(tied) == lines + 1]
    last = tied[len(first) :][-lines:]
    padded = [""] * (lines - len(last)) + last
    for line, one in enumerate(padded):
        yield [each for each in [*first * (line == 0), one] if each]


def _value(example: Example, python: str, node: nodes.Element) -> str:
    """Return the value of code at the example; nothing where that does not name all it needs."""
    try:
        return example.value(python) if example.knows(python) else ""
    except (TieError, Unreadable) as problem:
        _warn(problem, node)
        return ""


def _warn(problem: Exception, node: nodes.Element) -> None:
    logger.warning("%s", problem, location=node, type="equations", subtype="example")
