"""What the checker knows of each page, kept beside Sphinx's own knowledge of it."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.directives.patches import MathDirective
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from equation_checker import Display, Page, Source, Verdict, read_page

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
    data_version = 1
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


def equations(env: BuildEnvironment) -> EquationsDomain:
    """Return the domain of a build."""
    domain = env.get_domain("equations")
    assert isinstance(domain, EquationsDomain)  # noqa: S101
    return domain


class CheckedMath(MathDirective):
    """Sphinx's ``math`` with the checker's options; the checker takes them from the text."""

    option_spec: ClassVar[dict[str, Any]] = {
        **MathDirective.option_spec,
        "python": directives.unchanged_required,
        "where": directives.unchanged_required,
        "unchecked": directives.unchanged_required,
        "tolerance": directives.unchanged_required,
        "order": directives.unchanged_required,
        "refuted": directives.flag,
    }


class NotationTable(SphinxDirective):
    """A table of symbols, shown as it is written."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Show the table."""
        return self.parse_content_to_nodes()


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page holds, and see to it that the checker knows every display that is shown."""
    docname = app.env.current_document.docname
    path = app.env.doc2path(docname)
    page = (
        read_page(path.read_text(encoding="utf-8"), str(path))
        if path.suffix == ".md"
        else Page(str(path))
    )
    written = [item for item in page.items if isinstance(item, Display)]
    seen, elsewhere = 0, list[Display]()
    for node in doctree.findall(nodes.math_block):
        if seen < len(written) and _same(written[seen].source.latex, node.astext()):
            node["display"] = seen
            seen += 1
        else:  # of a docstring, or of a file that is included
            node["display"] = len(written) + len(elsewhere)
            place, label = node.source or str(path), node.get("label") or ""
            elsewhere.append(Display(Source(node.astext(), node.line or 1), place, label))
    for display in written[seen:]:
        logger.warning("the page does not show this display: %s", display.source.latex,
                       location=(docname, display.source.line), type="equations")  # fmt: skip
    equations(app.env).pages[docname] = Page(page.file, (*page.items, *elsewhere))


def _same(written: str, shown: str) -> bool:
    """Compare without white space, which the parsers of the two sides treat differently."""
    return "".join(written.split()) == "".join(shown.split())
