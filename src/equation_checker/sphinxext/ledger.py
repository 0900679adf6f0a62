"""The ledger: every display of the book with its verdict, as a page and as ``equations.json``."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from equation_checker import Score, Status, Verdict
from equation_checker.reading.rows import shown
from equation_checker.sphinxext import scores
from equation_checker.sphinxext.domain import equations
from equation_checker.sphinxext.marks import equation_reference, is_site
from equation_checker.verdicts import document


class ledger_place(nodes.General, nodes.Element):  # noqa: N801
    """Where the ledger goes once all verdicts are known."""


class Ledger(SphinxDirective):
    """The list of all displays."""

    def run(self) -> list[nodes.Node]:
        """Keep the place."""
        return [ledger_place()]


def displays(app: Sphinx) -> Iterator[tuple[str, Verdict]]:
    """Yield every display of the book with the name of its page."""
    for docname, judged in equations(app.env).judged.items():
        for verdict in judged.verdicts:
            yield docname, scores.scored(app, verdict)


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the ledger into its place."""
    for place in list(doctree.findall(ledger_place)):
        found = [each for each in displays(app) if each[1].status is not Status.LEFT_OUT]
        kinds = _kinds(found)
        parts = [_key(kinds), *_filter(app, found), _table(app, docname, found, kinds)]
        book = nodes.container("", *parts, classes=["ledger-of"])
        place.replace_self([_summary(app, found), book] if found else [])


def _summary(app: Sphinx, found: list[tuple[str, Verdict]]) -> nodes.paragraph:
    counts = Counter[str](verdict.status for _, verdict in found)
    checked = sum(verdict.status.checked for _, verdict in found)
    listed = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    tried = [verdict.score for _, verdict in found if verdict.score is not None]
    edits = f" In {len(tried)} of them, {reduce(Score.plus, tried).words()}." if tried else ""
    read, unread = equations(app.env).data["inline"]
    inline = f" Of {read + unread} formulas in the text, {read} could be read and their shapes fit."
    text = f"{checked} of {len(found)} displays are checked: {listed}.{edits}{inline}"
    return nodes.paragraph("", text)


def _filter(app: Sphinx, found: list[tuple[str, Verdict]]) -> list[nodes.Node]:
    """Return buttons that show the rows of one verdict; equations.css follows them, no script."""
    counts = Counter[Status](verdict.status for _, verdict in found)
    if len(counts) < 2 or not is_site(app):
        return []
    choices = [("all", "all", len(found)), *((each.slug, each, counts[each]) for each in counts)]
    buttons = "".join(
        f'<label><input type="radio" name="ledger" value="{value}"{" checked" * (value == "all")}> '
        f"{word} ({count})</label>"
        for value, word, count in choices
    )
    shown = f'<fieldset class="ledger-filter"><legend>Show</legend>{buttons}</fieldset>'
    return [nodes.raw("", shown, format="html")]


def _kinds(found: list[tuple[str, Verdict]]) -> dict[str, str]:
    """Give each kind of evidence a letter, by which the rows name it."""
    kinds = dict.fromkeys(verdict.evidence for _, verdict in found if verdict.evidence)
    return {words: chr(97 + k % 26) * (1 + k // 26) for k, words in enumerate(kinds)}


def _key(kinds: dict[str, str]) -> nodes.definition_list:
    """Say once what the letters stand for."""
    items = [
        nodes.definition_list_item(
            "", nodes.term("", letter), nodes.definition("", nodes.paragraph("", words))
        )
        for words, letter in kinds.items()
    ]
    return nodes.definition_list("", *items, classes=["ledger-key"])


def _table(
    app: Sphinx, docname: str, found: list[tuple[str, Verdict]], kinds: dict[str, str]
) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (2, 9, 3, 2)), cols=4)
    head = nodes.row(
        "",
        *(
            _cell(nodes.Text(word))
            for word in ("number", "equation and code", "verdict", "evidence")
        ),
    )
    body, last = nodes.tbody(), ""
    for page, verdict in found:
        if page != last:
            body += _heading(app, docname, page)
            last = page
        name = (
            equation_reference(app, docname, verdict.label)
            if verdict.label
            else nodes.Text(f"line {verdict.line}")
        )
        body += nodes.row(
            "",
            _cell(name),
            nodes.entry("", *_formula(verdict)),
            _cell(nodes.Text(f"{verdict.status.sign} {verdict.status}")),
            _cell(nodes.Text(kinds.get(verdict.evidence, ""))),
            classes=[verdict.status.slug],
        )
    group += [nodes.thead("", head), body]
    return nodes.table("", group, classes=["ledger"])


def _heading(app: Sphinx, docname: str, page: str) -> nodes.row:
    title = app.env.titles[page].astext()
    link: nodes.Node = nodes.Text(title)
    if app.builder.format == "html":
        address = app.builder.get_relative_uri(docname, page)
        link = nodes.reference("", title, internal=True, refuri=address)
    entry = nodes.entry("", nodes.paragraph("", "", link), morecols=3)
    return nodes.row("", entry, classes=["ledger-page"])


def _formula(verdict: Verdict) -> Iterator[nodes.paragraph]:
    """Yield a display line by line, and the code that it is tied to."""
    for line in shown(verdict.latex):
        latex = f"{line.left} {line.right}".strip()
        yield nodes.paragraph("", "", nodes.math(latex, latex))
    if verdict.python:
        yield nodes.paragraph("", "", nodes.literal("", verdict.python))


def _cell(content: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", content))


def write_json(app: Sphinx, exception: Exception | None) -> None:
    """Write all displays with their verdicts for slides and other tools."""
    if exception or not is_site(app):
        return
    listed = ({**each.plain(), **_place(app, docname, each)} for docname, each in displays(app))
    written = json.dumps(document(listed, release=app.config.version), indent=1, ensure_ascii=False)
    Path(app.outdir, "equations.json").write_text(written + "\n", encoding="utf-8")


def _place(app: Sphinx, docname: str, verdict: Verdict) -> dict[str, str]:
    address = app.builder.get_target_uri(docname) + (f"#{verdict.label}" if verdict.label else "")
    file = Path(os.path.relpath(verdict.file, app.srcdir)).as_posix()
    return {"file": file, "page": docname, "permalink": (app.config.html_baseurl or "") + address}
