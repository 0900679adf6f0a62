"""Mark each display with its verdict, each entry of the reference with its equations."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex.nodes import math_reference
from sphinx.environment import BuildEnvironment

from equation_checker import Status, Verdict
from equation_checker.judging.python import read
from equation_checker.language.errors import Unreadable
from equation_checker.sphinxext import scores
from equation_checker.sphinxext.domain import equations


def mark_displays(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a mark below each display, and links to equations into the reference."""
    if not is_site(app):
        return
    judged = equations(app.env).judged.get(docname)
    for node in list(doctree.findall(nodes.math_block)):
        if judged is not None and "display" in node:
            verdict = scores.scored(app, judged.verdicts[node["display"]])
            if _is_marked(verdict, app.config.equations_marks):
                mark = nodes.raw("", _mark(verdict, app, docname), format="html")
                node.parent.insert(node.parent.index(node) + 1, mark)
    entries = list(doctree.findall(addnodes.desc))
    tied = tied_equations(app.env) if entries else {}
    for entry in entries:
        names = [name for line in entry.findall(addnodes.desc_signature) for name in line["ids"]]
        labels = [label for name in names for label in tied.get(name, ())]
        content = entry.next_node(addnodes.desc_content)
        if labels and content is not None:
            content += _equations(app, docname, labels)


def _is_marked(verdict: Verdict, marks: str) -> bool:
    """Tell whether readers are to see what came out; what was left out has no mark."""
    wanted = verdict.status.checked or marks == "all"
    return marks != "off" and wanted and verdict.status is not Status.LEFT_OUT


def is_site(app: Sphinx) -> bool:
    """Tell whether the pages are for a browser."""
    return app.builder.format == "html" and app.builder.name != "epub"


def tied_equations(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the labels of the equations tied to each function, by its full name."""
    library, found = env.config.equations_library, dict[str, list[str]]()
    for judged in equations(env).judged.values():
        for verdict in judged.verdicts:
            for name in dict.fromkeys(called(verdict.python)):
                if verdict.label:
                    found.setdefault(f"{library}.{name}", []).append(verdict.label)
    return found


def called(python: str) -> list[str]:
    """Return the names of the functions that some expressions call.

    >>> called("hidden(X, W1)[i]; sigmoid(t)")
    ['hidden', 'sigmoid']
    """
    found: list[str] = []
    for each in python.split(";"):
        with suppress(Unreadable):  # the verdict tells the author
            calls = [node.func for node in ast.walk(read(each)) if isinstance(node, ast.Call)]
            names = [func for func in calls if isinstance(func, ast.Name)]
            found += [name.id for name in sorted(names, key=lambda name: name.col_offset)]
    return found


def equation_reference(app: Sphinx, docname: str, label: str) -> nodes.Node:
    """Return a link to an equation that shows its number."""
    if app.builder.format == "latex":  # where LaTeX itself knows the number
        if label not in app.env.domains.math_domain.equations:
            return nodes.literal("", label)
        page, _ = app.env.domains.math_domain.equations[label]
        return math_reference("", docname=page, target=label)
    math, shown = app.env.get_domain("math"), nodes.literal("", label)
    place = addnodes.pending_xref("", refdoc=docname)
    return math.resolve_xref(app.env, docname, app.builder, "eq", label, place, shown) or shown


def _equations(app: Sphinx, docname: str, labels: list[str]) -> nodes.paragraph:
    paragraph = nodes.paragraph("", "Tied to ", classes=["tied"])
    for k, label in enumerate(labels):
        paragraph += [nodes.Text(", ")] * bool(k) + [equation_reference(app, docname, label)]
    return paragraph


def _mark(verdict: Verdict, app: Sphinx, docname: str) -> str:
    """Return the mark as HTML: the verdict in a word, and behind it what it rests on."""
    rows = "".join(
        f"<dt>{term}</dt><dd>{text}</dd>" for term, text in _evidence(verdict, app, docname)
    )
    word = f"{verdict.status.sign} {verdict.status}"
    mark = f"<summary>{word}</summary><dl>{rows}</dl>"
    return f'<details class="verdict {verdict.status.slug}">{mark}</details>'


def _evidence(verdict: Verdict, app: Sphinx, docname: str) -> Iterator[tuple[str, str]]:
    """Yield what a reader may want to know of a verdict: a term, and HTML."""
    if verdict.message:
        yield "why", escape(verdict.message)
    if verdict.assumption:
        yield "assumed", escape(verdict.assumption)
    yield "read as", f"<code>{escape(verdict.read_as)}</code>" if verdict.read_as else "not read"
    if verdict.points:
        yield (
            "held at" if verdict.status.checked else "tried at",
            f"{verdict.points} random points",
        )
        yield "computed with", escape(verdict.method)
    if verdict.branches:
        yield "branches taken", "<br>".join(map(escape, verdict.branches))
    if len(verdict.steps) > 1 or any(step.reason for step in verdict.steps):
        yield "steps", f"<ol>{''.join(_steps(verdict))}</ol>"
    elif verdict.steps:
        yield "largest difference", _relative(verdict.steps[0].worst_difference)
    if verdict.score is not None:
        yield "edits", escape(verdict.score.words())
    if verdict.python:
        yield "code", _linked(verdict.python, app, docname)
    if verdict.label:
        yield "link", f'<a href="#{escape(verdict.label)}">#{escape(verdict.label)}</a>'


def _steps(verdict: Verdict) -> Iterator[str]:
    for number, step in enumerate(verdict.steps, 1):
        anchor = f' id="{escape(verdict.label)}-step-{number}"' if verdict.label else ""
        worst = _relative(step.worst_difference)
        yield f"<li{anchor}>{step.status}; largest difference {worst}</li>"


def _relative(difference: float) -> str:
    return f"{difference:.0e} of the larger side" if difference > 1e-40 else "below the 40th digit"


def _linked(python: str, app: Sphinx, docname: str) -> str:
    """Return an expression in which the functions are links to the reference."""
    text, objects = escape(python), app.env.domains.python_domain.objects
    for name in called(python):
        entry = objects.get(f"{app.config.equations_library}.{name}")
        if entry is not None:
            address = f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.node_id}"
            text = text.replace(f"{name}(", f'<a href="{escape(address)}">{name}</a>(', 1)
    return f"<code>{text}</code>"
