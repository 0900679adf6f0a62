"""Give the chapters of the PDF the numbers that the pages have on the web, and so the equations.

The start page is the preface: without headings of its own that would be chapters, and without the
pages inside its last section, where Sphinx puts them.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def number_as_on_the_web(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.name != "latex":
        return
    book = next(doctree.findall(nodes.section))
    chapters = list(doctree.findall(addnodes.start_of_file))
    for chapter in chapters:
        chapter.parent.remove(chapter)
    for section in [child for child in book if isinstance(child, nodes.section)]:
        title, *content = section.children
        book.replace(section, [nodes.rubric("", "", *title.children, ids=section["ids"]), *content])
    book += chapters


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-resolved", number_as_on_the_web)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
