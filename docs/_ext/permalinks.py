"""Keep every address that was ever published: docs/permalinks.txt lists them all.

A line `page.html#anchor -> other.html#place` says where something has moved; a reader who follows
the old address is led there. Run as a program, it adds what a built site has and the list has not.
"""

import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

LIST = Path(__file__).parents[1] / "permalinks.txt"
COUNTED = re.compile(r"id\d+")  # by docutils: such names change with the text
# What can be cited.
PLACES = "section[id], dt[id], figure[id], .display [id], .display[id], span.target[id]"


def published(site: Path) -> set[str]:
    """Return the addresses of a site's pages and of what can be cited in them."""
    found = set()
    for page in site.glob("*.html"):
        html = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        if html.find("meta", attrs={"name": "robots", "content": "noindex"}):
            continue
        ids = {tag["id"] for tag in html.select(PLACES) if not tag.has_attr("popover")}
        names = {name for name in ids if not COUNTED.fullmatch(name)}
        found |= {page.name, *(f"{page.name}#{name}" for name in names)}
    return found - {"search.html", "genindex.html"}


def listed(text: str) -> dict[str, str]:
    """Return where each address of the list leads: to itself, unless it has moved."""
    pairs = (line.split(" -> ") for line in text.splitlines() if line)
    return {pair[0]: pair[-1] for pair in pairs}


def moved(folder: Path) -> dict[str, str]:
    file = folder / "docs" / LIST.name
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {old: new for old, new in listed(text).items() if old != new}


def lead_on(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Say where it is now at the place of what has moved; it is seen by that address alone."""
    if app.builder.name != "html":
        return
    for old, new in moved(Path(app.confdir)).items():
        name, _, anchor = old.partition("#")
        if name == f"{page}.html" and anchor:
            said = f'This has moved: <a href="{escape(new)}">it is here now</a>.'
            context["body"] += f'<p class="moved" id="{escape(anchor)}">{said}</p>'


def replace_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Put a page that leads on in the place of each that has moved."""
    if app.builder.name != "html":
        return
    for old, new in moved(Path(app.confdir)).items():
        if "#" not in old:
            to = escape(new)
            head = f'<meta http-equiv="refresh" content="0; url={to}" />'
            head += f'<link rel="canonical" href="{escape(app.config.html_baseurl)}{to}" />'
            head += '<meta name="robots" content="noindex" />'
            body = f'<h1>This page has moved</h1><p><a href="{to}">It is here now.</a></p>'
            context = {"title": "Moved", "body": body, "metatags": head}
            yield old.removesuffix(".html"), context, "page.html"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", lead_on)
    app.connect("html-collect-pages", replace_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    known = LIST.read_text(encoding="utf-8") if LIST.is_file() else ""
    new = published(Path(sys.argv[1])) - listed(known).keys()
    LIST.write_text("\n".join(sorted([*known.splitlines(), *new])) + "\n", encoding="utf-8")
