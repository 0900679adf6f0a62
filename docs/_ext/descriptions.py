"""Describe each page, in its metadata and on its preview card, by what its author says in its head.

sphinxext-opengraph alone would take the first words of the page, formulas and all.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinxext import opengraph


def description(doctree: nodes.document, *_: object) -> str:
    found = (
        tag["content"] for tag in doctree.findall(nodes.meta) if tag.get("name") == "description"
    )
    return next(found, "")


def setup(app: Sphinx) -> ExtensionMetadata:
    opengraph.get_description = description
    app.setup_extension("sphinxext.opengraph")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
