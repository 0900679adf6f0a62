"""Mend what other extensions tell assistive technology; the browser tests show what and why."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

MENDED = {
    # MyST-NB: this name hides the words that are seen, "Show the code".
    r' aria-label="Toggle hidden content"': "",
    # MyST-NB: a summary holds words, not paragraphs.
    r'<p class="(collapsed|expanded) admonition-title">(.*?)</p>': r'<span class="\1">\2</span>',
    # Docutils: a list must have list items; the other role is deprecated.
    r' role="doc-biblioentry"': ' role="listitem"',
}


def mend(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    for wrong, right in MENDED.items():
        context["body"] = re.sub(wrong, right, context.get("body", ""))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_css_file("accessibility.css")
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
