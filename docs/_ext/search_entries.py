"""Let the search find an equation by its number or label, and a page by what it explains.

What a page explains stands in its head as `keywords`; such a page is the first that is found.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata


def add(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.indexer is None:
        return []
    entries = builder.indexer._index_entries
    for label, (page, _) in sorted(app.env.domains["math"].data["objects"].items()):
        found = app.env.toc_fignumbers.get(page, {}).get("displaymath", {})
        number = ".".join(map(str, found.get(f"equation-{label}", ())))
        for name in (number, f"({number})", label):
            entries.setdefault(page, []).append((name, label, "main"))
    for page in sorted(app.env.found_docs):
        for tag in app.env.get_doctree(page).findall(nodes.meta):
            if tag.get("name") == "keywords":
                for name in tag["content"].split(","):
                    entries.setdefault(page, []).append((name.strip(), "", "main"))
    return []


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-collect-pages", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
