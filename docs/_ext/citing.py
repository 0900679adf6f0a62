"""Say how to cite a page and each of its equations and lines, with version and date.

What opens is a popover, or details at the end of the page: neither needs a script.
"""

from html import escape
from typing import Any

from docutils import nodes
from publishing import citation, long
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def forms(app: Sphinx, page: str, anchor: str, what: str, latex: str) -> dict[str, str]:
    """Return a citation in each form, by the form's name."""
    cff = citation(app)
    author, version, day = cff["authors"][0]["name"], cff["version"], cff["date-released"]
    book, title = cff["title"], app.env.titles[page].astext()
    address = f"{app.config.html_baseurl}{page}.html" + (f"#{anchor}" if anchor else "")
    place = ", ".join([f"“{title}”" if title != book else "", what]).strip(", ")
    where = f"{place}, in {book}" if place else book
    lines = {
        "Text": f"{author}: {where}. Version {version}, {long(day)}. {address}",
        "BibTeX": "\n".join(
            [
                f"@{'incollection' if place else 'book'}{{backprop-notes:{anchor or page},",
                f"  author    = {{{{{author}}}}},",
                f"  title     = {{{title}}},",
                *([f"  booktitle = {{{book}}},"] if place else []),
                f"  note      = {{{', '.join([what, f'version {version}']).strip(', ')}}},",
                f"  date      = {{{day}}},",
                f"  year      = {{{day.year}}},",
                f"  url       = {{{address}}},",
                "}",
            ]
        ),
        "MyST": f"[{what or title}]({address}) of *{book}*, version {version} ({day})",
    }
    return {**lines, "LaTeX": latex.strip()} if latex else lines


def shown(given: dict[str, str]) -> str:
    return "".join(
        f'<p>{name}</p><div class="highlight"><pre tabindex="0">{escape(text)}</pre></div>'
        for name, text in given.items()
    )


def control(app: Sphinx, page: str, number: str, node: nodes.math_block, lines: list[str]) -> str:
    """Return the button beside an equation's number, and what it opens."""
    what, label = f"equation ({number})", node["label"]
    said = shown(forms(app, page, label, what, node.astext()))
    for k, line in enumerate(lines if len(lines) > 1 else []):
        letter = chr(97 + k % 26)
        given = forms(app, page, f"{label}-step-{k + 1}", f"{what}, line {letter}", line)
        said += f"<details><summary>Line {letter}</summary>{shown(given)}</details>"
    name = escape(f"cite-{label}")
    return (
        f'<button type="button" class="cite-button" popovertarget="{name}" '
        f'aria-label="Cite {what}">Cite</button>'
        f'<div class="cite" id="{name}" popover role="dialog" aria-label="Cite {what}">{said}</div>'
    )


def cite_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is not None and app.builder.name == "html":
        said = shown(forms(app, page, "", "", ""))
        said = f"<summary>Cite this page</summary>{said}"
        context["body"] += f'<details class="cite" id="cite-page">{said}</details>'


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_css_file("citing.css")
    app.connect("html-page-context", cite_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
