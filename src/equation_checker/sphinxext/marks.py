"""Mark each display with its verdict, each entry of the reference with its equations."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import escape
from itertools import pairwise

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex.nodes import math_reference
from sphinx.environment import BuildEnvironment

from equation_checker import Status, Step, Verdict
from equation_checker.judging.python import read
from equation_checker.language.errors import Unreadable
from equation_checker.sphinxext import scores
from equation_checker.sphinxext.domain import equations

EXPLANATION = (
    '<p class="verdict-key">✓ held at random points when the book was built, – cannot be checked. '
    "The sign opens to the evidence.</p>"
)
"""What a page says below its first mark."""


def mark_displays(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a mark below each display, and links to equations into the reference."""
    if not is_site(app):
        return
    found = [(node, of_lines(app, docname, node, 1)) for node in doctree.findall(nodes.math_block)]
    marked = [(node, marks[0]) for node, marks in found if any(marks)]
    for node, mark in marked:
        below = mark + EXPLANATION * (node is marked[0][0])
        node.parent.insert(node.parent.index(node) + 1, nodes.raw("", below, format="html"))
    entries = list(doctree.findall(addnodes.desc))
    tied = tied_equations(app.env) if entries else {}
    for entry in entries:
        names = [name for line in entry.findall(addnodes.desc_signature) for name in line["ids"]]
        labels = [label for name in names for label in tied.get(name, ())]
        content = entry.next_node(addnodes.desc_content)
        if labels and content is not None:
            content += _equations(app, docname, labels)


def of_lines(app: Sphinx, docname: str, node: nodes.math_block, lines: int) -> list[str]:
    """Return a mark for each line of a display as HTML; where steps are no lines, for the first."""
    verdict = _shown(app, docname, node) if is_site(app) else None
    nothing = [""] * lines
    if verdict is None:
        return nothing
    steps = _chain(verdict.steps, lines)
    if lines == 1 or not steps:
        return [_mark(verdict, app, docname, has_places=lines == 1), *nothing[1:]]
    whole = "".join(_list(_evidence(verdict, app, docname)))
    return [
        _details(step.status, f"<p>{_said_of(step, verdict)}</p>" + whole * (number == 0))
        for number, step in enumerate(steps)
    ]


def in_words(app: Sphinx, docname: str, node: nodes.math_block) -> str:
    """Return a display's verdict in words, for paper, where no sign opens."""
    verdict = _shown(app, docname, node)
    return f"{verdict.status}: {verdict.message or verdict.evidence}" if verdict else ""


def _shown(app: Sphinx, docname: str, node: nodes.math_block) -> Verdict | None:
    """Return the verdict of a display, if readers are to see it."""
    judged = equations(app.env).judged.get(docname)
    if judged is None or "display" not in node:
        return None
    verdict = scores.scored(app, judged.verdicts[node["display"]])
    return verdict if _is_marked(verdict, app.config.equations_marks) else None


def _chain(steps: Sequence[Step], lines: int) -> Sequence[Step]:
    """Return the steps of the lines, without those of formulas in reasons; none if that is open."""
    if len(steps) == lines:
        return steps
    runs = (steps[start : start + lines] for start in range(len(steps) - lines + 1))
    return next((run for run in runs if all(a.right == b.left for a, b in pairwise(run))), ())


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


def _mark(verdict: Verdict, app: Sphinx, docname: str, *, has_places: bool) -> str:
    """Return the mark of a display as HTML: a sign, and behind it what it rests on."""
    steps = f"<ol>{''.join(_steps(verdict, has_places))}</ol>" if len(verdict.steps) > 1 else ""
    return _details(verdict.status, f"<p>{escape(_said(verdict))}</p>{steps}"
                    + "".join(_list(_evidence(verdict, app, docname))))  # fmt: skip


def _details(status: Status, content: str) -> str:
    sign = f'{status.sign}<span class="visually-hidden"> {status}</span>'
    summary = f'<summary title="{status}">{sign}</summary>'
    return f'<details class="verdict {status.slug}">{summary}<div>{content}</div></details>'


def _said(verdict: Verdict) -> str:
    """Say in a sentence what came out."""
    if verdict.status is Status.UNCHECKED:
        return f"Not checked: {verdict.message}." if verdict.message else "Not checked."
    if verdict.message:
        return f"{verdict.message[:1].upper()}{verdict.message[1:]}."
    if not verdict.points:
        return "The formula and its code had the same value at random points."
    sides = "Both sides" if len(verdict.steps) < 2 else f"All {len(verdict.steps) + 1} sides"
    most = ""
    if len(verdict.steps) == 1:
        most = f" The largest difference was {_relative(verdict.steps[0].worst_difference)}."
    return f"{sides} had the same value at {verdict.points} random points.{most}"


def _said_of(step: Step, verdict: Verdict) -> str:
    """Say in a sentence what came out for one step."""
    found = {Status.REFUTED: "differed", Status.UNDER_TESTED: "could not be compared"}
    said = found.get(step.status, f"had the same value at {verdict.points} random points")
    worst = _relative(step.worst_difference)
    return f"The two sides of this step {said}. The largest difference was {worst}."


def _list(evidence: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield "<dl>"
    for term, text in evidence:
        yield f"<dt>{term}</dt><dd>{text}</dd>"
    yield "</dl>"


def _evidence(verdict: Verdict, app: Sphinx, docname: str) -> Iterator[tuple[str, str]]:
    """Yield what a reader may want to know of a verdict: a term, and HTML."""
    if verdict.assumption:
        yield "assumed", escape(verdict.assumption)
    if verdict.points and not verdict.status.checked:
        yield "tried at", f"{verdict.points} random points"
    if verdict.points:
        yield "computed with", escape(verdict.method)
    if verdict.branches:
        yield "branches taken", "<br>".join(map(escape, verdict.branches))
    if verdict.score is not None:
        yield "edits", escape(verdict.score.words())
    if verdict.python:
        yield "code", linked(verdict.python, app, docname)
    yield "read as", f"<code>{escape(verdict.read_as)}</code>" if verdict.read_as else "not read"
    if verdict.label:
        yield "link", f'<a href="#{escape(verdict.label)}">#{escape(verdict.label)}</a>'


def _steps(verdict: Verdict, has_places: bool) -> Iterator[str]:
    for number, step in enumerate(verdict.steps, 1):
        place = f"{escape(verdict.label)}-step-{number}"
        anchor = f' id="{place}"' if verdict.label and has_places else ""
        worst = _relative(step.worst_difference)
        yield f"<li{anchor}>{step.status}; largest difference {worst}</li>"


def _relative(difference: float) -> str:
    return f"{difference:.0e} of the larger side" if difference > 1e-40 else "below the 40th digit"


def linked(python: str, app: Sphinx, docname: str) -> str:
    """Return an expression in which the functions are links to the reference."""
    text, objects = escape(python), app.env.domains.python_domain.objects
    for name in called(python):
        entry = objects.get(f"{app.config.equations_library}.{name}")
        if entry is not None:
            address = f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.node_id}"
            text = text.replace(f"{name}(", f'<a href="{escape(address)}">{name}</a>(', 1)
    return f"<code>{text}</code>"
