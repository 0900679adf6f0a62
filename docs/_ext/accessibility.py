"""Mend what other extensions tell assistive technology; the browser tests show what and why."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

MENDED = {
    # MyST-NB: this name hides the words that are seen, "Show the code".
    ' aria-label="Toggle hidden content"': "",
    # Docutils: a list must have list items; the other role is deprecated.
    ' role="doc-biblioentry"': ' role="listitem"',
}


def mend(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    for wrong, right in MENDED.items():
        context["body"] = context.get("body", "").replace(wrong, right)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
