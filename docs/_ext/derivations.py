"""Show a display as a table that flows: each line with its reason, its code, and the code's value.

What belongs to a line comes from the checker; how it looks in a browser, an e-reader and LaTeX is
said here, and in derivations.css.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import citing
import colours
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import texescape
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from equation_checker.sphinxext import marks
from equation_checker.sphinxext.lines import Line, lines_of

# The theme's script makes what has this class a tab stop while it is wider than its place.
SCROLLER = "pst-scrollable-table-container"


class part(nodes.General, nodes.Element):  # noqa: N801
    """An element of the page, by the name that HTML has for it."""


class line_place(nodes.General, nodes.Element):  # noqa: N801
    """Where a display of another page is shown as well."""


class Lines(SphinxDirective):
    """Show a display of another page, with all that belongs to its lines: ``{lines} eq-label``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Keep the place."""
        return [line_place(label=self.arguments[0])]


def visit_part(writer: HTML5Translator, node: part) -> None:
    writer.body.append(writer.starttag(node, node["tag"], "", **node.get("more", {})))


def depart_part(writer: HTML5Translator, node: part) -> None:
    writer.body.append(f"</{node['tag']}>")


def element(tag: str, name: str, *children: nodes.Node, **more: Any) -> part:
    ids = more.pop("ids", [])
    return part("", *children, tag=tag, classes=[name], ids=ids, more=more)


def raw(text: str, form: str = "html") -> nodes.raw:
    return nodes.raw("", text, format=form)


def show_lines(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put its lines in the place of each display, or into its LaTeX."""
    if app.builder.format not in ("html", "latex"):
        for place in list(doctree.findall(line_place)):
            place.replace_self(written(app, place["label"])[1])
        return
    is_explained = False
    for page, node, rows in list(lines_of(app, doctree, docname)):
        if app.builder.format == "latex":
            verdict = texescape.escape(marks.in_words(app, page, node))
            node[:] = [nodes.Text(r"\global\notedtrue " * bool(verdict) + latex(rows))]
            note = rf"\global\notedfalse\footnotetext{{{verdict}.}}" * bool(verdict)
            node.parent.insert(node.parent.index(node) + 1, raw(note, "latex"))
            continue
        signs = marks.of_lines(app, page, node, len(rows))
        explained = [raw(marks.EXPLANATION)] * (any(signs) and not is_explained)
        is_explained = is_explained or any(signs)
        node.replace_self([derivation(app, page, node, rows, signs), *explained])
    for place in list(doctree.findall(line_place)):
        place.replace_self(shown_again(app, place["label"]))


def shown_again(app: Sphinx, label: str) -> list[nodes.Node]:
    """Return a display of another page, whose links lead there."""
    page, shown = written(app, label)
    for _page, node, rows in lines_of(app, app.env.get_doctree(page), page):
        if node.get("label") != label:
            continue
        if app.builder.format == "latex":
            shown[:] = [nodes.Text(latex(rows))]
            return [shown]
        again = derivation(app, page, node, rows, marks.of_lines(app, page, node, len(rows)))
        for each in again.findall(part):
            each["ids"] = []
        there = app.builder.get_target_uri(page)
        for each in again.findall(nodes.raw):
            each[:] = [nodes.Text(each.astext().replace('href="#', f'href="{there}#'))]
        return [again]
    return [shown]


def written(app: Sphinx, label: str) -> tuple[str, nodes.math_block]:
    """Return the page of a display, and the display without number and label."""
    page, text = found(app.env, label)
    if not page:
        raise ExtensionError(f"no display has the label {label}")
    return page, nodes.math_block(text, text, nowrap=False, number=None, label=None)


def found(env: BuildEnvironment, label: str) -> tuple[str, str]:
    """Return the page and the LaTeX of a display; nothing where none has the label."""
    page, _number = env.domains.math_domain.equations.get(label, ("", 0))
    displays = env.get_doctree(page).findall(nodes.math_block) if page else ()
    return page, next((node.astext() for node in displays if node["label"] == label), "")


# --- For a browser and for e-readers --------------------------------------------------------------


def derivation(
    app: Sphinx, docname: str, node: nodes.math_block, rows: list[Line], signs: list[str]
) -> part:
    """Return a display as a list of its lines."""
    label, number = node.get("label") or "", number_of(app, docname, node)
    items = []
    for k, row in enumerate(rows):
        step = f"{label}-step-{k + 1}" if label and len(rows) > 1 else ""
        links = [(label, f"({number})", "eqno", _("Link to this equation"))] * (k == 0)
        links += [(step, chr(97 + k % 26), "step", _("Link to this line"))]
        gutter = [
            f'<a class="{name}" href="#{escape(to)}" title="{title}">{text}</a>'
            for to, text, name, title in links
            if to
        ]
        shown_reason = [element("div", "reason", *words(row.reason))] if row.reason else []
        code = [
            element("div", "worked", raw(worked_out(app, docname, *each))) for each in row.worked
        ]
        formula = element("div", "formula", *sides(app, row, node, is_first=k == 0))
        formula["classes"].append(SCROLLER)
        if k == 0 and label and app.builder.name == "html":
            texts = [f"{each.left} {each.right}" for each in rows]
            gutter.append(citing.control(app, docname, number, node, texts))
        last = element("div", "gutter", raw("".join([*gutter, signs[k]])))
        items.append(
            element("li", "line", formula, *shown_reason, *code, last, ids=[step] if step else [])
        )
    group = element("div", "equation", element("ol", "lines", *items), role="group",
                    ids=[label] if label else [])  # fmt: skip
    if app.builder.name == "epub" and (verdict := marks.in_words(app, docname, node)):
        group += element("p", "verdict-key", nodes.Text(f"{verdict}."))
    group["more"]["aria-label"] = f"{_('Equation')} {number}".strip()
    return element("div", "display", group, ids=node["ids"])


def number_of(app: Sphinx, docname: str, node: nodes.math_block) -> str:
    """Return the number of a display, as Sphinx shows it."""
    if not (app.config.numfig and app.config.math_numfig):
        return str(node.get("number") or "")
    numbers = app.env.toc_fignumbers.get(docname, {}).get("displaymath", {})
    return ".".join(map(str, numbers.get(next(iter(node["ids"]), ""), ())))


def sides(app: Sphinx, row: Line, node: nodes.math_block, *, is_first: bool) -> Iterator[part]:
    """Yield the two parts of a formula, each of which may break into lines of its own."""
    if row.left:
        yield element("span", "left", math(app, row.left, "", node))
    before = "" if is_first and not row.left else "{}"  # what TeX sets a relation apart from
    yield element("span", "right", math(app, row.right, before, node))


def math(app: Sphinx, text: str, before: str, node: nodes.math_block) -> nodes.math:
    made = nodes.math(text, rf"\displaystyle {before}{colours.coloured(text, app.config)}")
    made.source, made.line = node.source, node.line
    return made


def words(reason: str) -> Iterator[nodes.Node]:
    """Yield a reason as text and formulas in it; what is more than one text is a formula."""
    said = re.fullmatch(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}", reason)
    for k, each in enumerate(said[1].split("$") if said else ["", reason]):
        yield nodes.math("", each) if k % 2 else nodes.Text(each)


def worked_out(app: Sphinx, docname: str, python: str, shown_value: str) -> str:
    value = f"<samp>{escape(shown_value)}</samp>" if shown_value else ""
    return marks.linked(python, app, docname) + value


# --- For LaTeX ------------------------------------------------------------------------------------


def latex(rows: list[Line]) -> str:
    """Return a display with its code and values in rows of their own."""
    lines = []
    for row in rows:
        lines.append(f"{row.left} &{row.right}" + (f" && {row.reason}" if row.reason else ""))
        for python, value in row.worked:
            lines.append(rf"&\quad {quiet(python)} \enspace {quiet(value)}")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def quiet(text: str) -> str:
    return rf"\text{{\footnotesize\ttfamily {texescape.escape(text)}}}"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(part, html=(visit_part, depart_part))
    app.add_directive("lines", Lines)
    app.add_node(line_place)
    app.add_css_file("derivations.css")
    app.connect("doctree-resolved", show_lines, priority=400)  # before the marks and KaTeX
    return {"parallel_read_safe": True, "parallel_write_safe": True}
