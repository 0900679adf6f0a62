"""Read notes in the margin whatever is built: the theme defines them for its own pages alone."""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx_book_theme.directives import Margin


def define(app: Sphinx) -> None:
    if "sphinx_book_theme" not in app.extensions:
        app.add_directive("margin", Margin)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", define)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
