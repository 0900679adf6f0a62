"""Make a book of paper: a cover of its own, quiet headings, and the numbers that the web has.

The start page is the preface: without headings of its own that would be chapters, and without the
pages inside its last section, where Sphinx puts them.
"""

from derivations import found
from docutils import nodes
from publishing import citation, long
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import texescape
from sphinx.util.typing import ExtensionMetadata

PREAMBLE = r"""
% A chapter begins with one line, and text that does not fit a column may have wider spaces.
\titleformat{\chapter}[hang]{\Huge\bfseries\sffamily}{\thechapter}{0.7em}{}
\titlespacing*{\chapter}{0pt}{0pt}{1.5\baselineskip}
\emergencystretch=3em
% A figure stands on a page of its own only where it fills it.
\renewcommand{\topfraction}{0.9}
\renewcommand{\bottomfraction}{0.9}
\renewcommand{\textfraction}{0.05}
\renewcommand{\floatpagefraction}{0.85}
% The number of a checked equation has a note that says how it was checked.
\newif\ifnoted
\makeatletter
\def\tagform@#1{\maketag@@@{(\ignorespaces#1\unskip)\ifnoted\rlap{\footnotemark}\fi}}
\makeatother
\renewenvironment{sphinxthebibliography}[1]  % not a chapter of its own
  {\renewcommand{\chapter}[2]{}\begin{thebibliography}{#1}}{\end{thebibliography}}
"""

COVER = r"""\begin{titlepage}
  \vspace*{0.22\textheight}
  {\Huge\bfseries %(title)s\par}
  \vspace{1.5\baselineskip}
  {\large %(abstract)s\par}
  \vspace{3\baselineskip}
  {\large\(\displaystyle %(equation)s\)\par}
  \vfill
  %(author)s\par
  Version %(version)s, %(day)s\par
  \url{%(url)s}
\end{titlepage}
"""


def cover(app: Sphinx, env: BuildEnvironment) -> None:
    """Say on the cover what CITATION.cff says, and show the equation that the book is about."""
    if app.builder.name != "latex":
        return
    cff = citation(app)
    said = {
        "title": cff["title"],
        "abstract": cff["abstract"].strip(),
        "author": cff["authors"][0]["name"],
        "version": cff["version"],
        "day": long(cff["date-released"]),
    }
    shown = {name: texescape.escape(text) for name, text in said.items()}
    _page, equation = found(env, app.config.cover_equation)
    shown |= {"url": cff["url"], "equation": equation}
    app.builder.context["maketitle"] = COVER % shown  # type: ignore[attr-defined]


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
    app.add_config_value("cover_equation", "", "", types=frozenset({str}))
    app.config.latex_elements["preamble"] = PREAMBLE
    app.connect("env-updated", cover)
    app.connect("doctree-resolved", number_as_on_the_web)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
