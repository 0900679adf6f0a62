"""What the checker knows of each page, kept beside Sphinx's own knowledge of it."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.utils import get_source_line
from sphinx.application import Sphinx
from sphinx.directives.patches import MathDirective
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from equation_checker import Display, Inline, Page, Source, Verdict
from equation_checker.pages import Item, read_file
from equation_checker.pages.items import (
    FLAGS,
    NOT_IN_LABELS,
    OPTIONS,
    RAW_HTML,
    Row,
    display,
    unjudged,
    without_options,
)
from equation_checker.pages.reading import SUFFIXES

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    """What came out for one page."""

    verdicts: tuple[Verdict, ...]
    """One a display, in the order of the page."""
    problems: tuple[Verdict, ...]
    """All that is not in order: displays, rows of the notation, formulas in the text."""


class EquationsDomain(Domain):
    """Pages as they were read, and what came out for them."""

    name = "equations"
    label = "checked equations"
    data_version = 2
    initial_data: ClassVar[dict[str, Any]] = {
        "pages": {},
        "judged": {},
        "inline": (0, 0),  # formulas in the text that could be read, and that could not
        "key": "",  # what all that was judged depends on
    }

    @property
    def pages(self) -> dict[str, Page]:
        """What each page displays and declares, by its name."""
        pages: dict[str, Page] = self.data["pages"]
        return pages

    @property
    def judged(self) -> dict[str, Judged]:
        """What came out for each page, by its name."""
        judged: dict[str, Judged] = self.data["judged"]
        return judged

    def clear_doc(self, docname: str) -> None:
        """Forget what a page holds."""
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        read = otherdata["pages"]
        self.pages.update({docname: read[docname] for docname in docnames if docname in read})

    def resolve_any_xref(self, *_: object) -> list[tuple[str, nodes.reference]]:
        """Leave links of any kind to the domain of what they lead to: equations are of ``math``."""
        return []


def equations(env: BuildEnvironment) -> EquationsDomain:
    """Return the domain of a build."""
    domain = env.get_domain("equations")
    assert isinstance(domain, EquationsDomain)  # noqa: S101
    return domain


class CheckedMath(MathDirective):
    """Sphinx's ``math`` with the checker's options, which it keeps on the display."""

    option_spec: ClassVar[dict[str, Any]] = {
        **MathDirective.option_spec,
        **{
            name: directives.flag if name in FLAGS else directives.unchanged_required
            for name in OPTIONS
        },
    }

    def run(self) -> list[nodes.Node]:
        """Make the display."""
        said = {name: self.options[name] or "" for name in OPTIONS if name in self.options}
        made = super().run()
        for node in (each for part in made for each in part.findall(nodes.math_block)):
            node["said"] = said
        return made


class NotationTable(SphinxDirective):
    """A table of symbols, shown as it is written."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Show the table."""
        return self.parse_content_to_nodes()


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page holds, and see to it that the checker knows all maths that is shown."""
    docname = app.env.current_document.docname
    path = app.env.doc2path(docname)
    page = read_file(path) if path.suffix in SUFFIXES else Page(str(path))
    items = [each for each in page.items if getattr(each, "how", "") != RAW_HTML]
    written = [each for each in items if isinstance(each, Display)]
    elsewhere, unseen = _displays(doctree, written, str(path))
    _drop_labels(app, doctree)
    for each in unseen:
        logger.warning("the page does not show this display: %s", each.source.latex,
                       location=(docname, each.source.line), type="equations")  # fmt: skip
    more = (*elsewhere, *_formulas(doctree, items, str(path)), *_raw(doctree, str(path)))
    equations(app.env).pages[docname] = Page(page.file, (*items, *more), page.equations)


def _displays(
    doctree: nodes.document, written: list[Display], path: str
) -> tuple[list[Item], list[Display]]:
    """Number the displays of a page; return those that its file does not hold, and the reverse.

    What it does not hold are those of a docstring, or of a file that is included.
    """
    seen, elsewhere = 0, list[Item]()
    for node in doctree.findall(nodes.math_block):
        latex = node.astext()
        shown = without_options(latex)
        if shown != latex:  # readers are not to see them
            node.rawsource, node[:] = shown, [nodes.Text(shown)]
        if seen < len(written) and _same(written[seen].source.latex, shown):
            node["display"] = seen
            seen += 1
        else:
            node["display"] = len(written) + len(elsewhere)
            source, label = Source(latex, node.line or 1), node.get("label") or ""
            elsewhere.append(display(source, node.source or path, label, node.get("said")))
    return elsewhere, written[seen:]


def _drop_labels(app: Sphinx, doctree: nodes.document) -> None:
    """Take away labels that HTML or LaTeX would read; the verdict tells the author."""
    for node in doctree.findall(nodes.math_block):
        if NOT_IN_LABELS & {*(node.get("label") or "")}:
            app.env.domains.math_domain.equations.pop(node["label"], None)
            node["label"] = node["number"] = None


def _formulas(doctree: nodes.document, items: list[Item], path: str) -> Iterator[Item]:
    """Yield the formulas in the text that the file of a page does not hold."""
    written = Counter(_bare(each.source.latex) for each in items if isinstance(each, Inline | Row))
    for node in doctree.findall(nodes.math):
        latex = node.astext()
        if written[_bare(latex)]:
            written[_bare(latex)] -= 1
        else:
            source, line = get_source_line(node)
            yield Inline(Source(latex, line or 1), source or path)


def _raw(doctree: nodes.document, path: str) -> Iterator[Item]:
    """Yield what a browser typesets though it is no formula: in raw HTML, in outputs of cells."""
    for node in doctree.findall(nodes.raw):
        if "html" in node.get("format", ""):
            source, line = get_source_line(node)
            is_output = node.parent is not None and node.parent.get("mime_type")
            how = "the output of a cell" if is_output else RAW_HTML
            yield from unjudged(node.astext(), line or 1, source or path, how)


def _same(written: str, shown: str) -> bool:
    """Compare without white space, which the parsers of the two sides treat differently."""
    return _bare(written) == _bare(shown)


def _bare(latex: str) -> str:
    return "".join(latex.split())
