"""Weigh each page with all that it loads at a first visit, and fail the build where it is too much.

Counted are the page, what it names, and the fonts that its style sheet needs for it; of drawings
that load when they come into sight the first. `benchmarks/page_weight.py` asks a browser.
"""

import gzip
import posixpath
import re
from pathlib import Path

from bs4 import BeautifulSoup
from fonts import CLASS, families, formulas
from sphinx.application import Sphinx
from sphinx.util import logging
from style_sheets import JOINED

logger = logging.getLogger(__name__)

MOST_BYTES, MOST_REQUESTS = 100_000, 10
FACE = re.compile(r"@font-face\{[^}]*\}")
# Of icons all that pages show is in the style sheet; formulas are hardly ever bold or slanted.
OF_TEXT, OF_FORMULAS = re.compile(r"(?!KaTeX|fa-)"), re.compile(r"KaTeX_(\w+-Regular|Math-Italic)")
FILE = re.compile(r"url\(([^)]+\.woff2)\)")


def weight(file: Path) -> int:
    content = file.read_bytes()
    return min(len(content), len(gzip.compress(content, 6, mtime=0)))


def loaded(site: Path, page: Path, style: str) -> set[Path]:
    """Return the files that a page asks for, itself among them."""
    text = page.read_text(encoding="utf-8")
    html = BeautifulSoup(text, "html.parser")
    named = [tag["src"] for tag in html.select("script[src], img:not([loading=lazy])")]
    named += [tag["src"] for tag in html.select("main article img[loading=lazy]")[:1]]
    named += [tag["href"] for tag in html.select("link[rel~=stylesheet], link[rel~=icon]")]
    classes = {name for tag, _ in formulas(text) for name in CLASS.findall(tag)}
    wanted = families(style, classes) if classes else set()
    for font in FILE.findall("".join(FACE.findall(style))):
        name = posixpath.basename(font)
        if OF_TEXT.match(name) or (OF_FORMULAS.match(name) and name.split("-")[0] in wanted):
            named.append(posixpath.join(posixpath.dirname(JOINED), font))
    files = {(page.parent / address.partition("?")[0]).resolve() for address in named}
    return {page, *(file for file in files if file.is_file())}


def weigh(app: Sphinx, site: Path) -> None:
    style = (site / JOINED).read_text(encoding="utf-8")
    for page in sorted(site.rglob("*.html")):
        weights = {file: weight(file) for file in loaded(site, page, style)}
        total = sum(weights.values())
        if total > MOST_BYTES or len(weights) > MOST_REQUESTS:
            heaviest = sorted(weights, key=lambda file: -weights[file])[:4]
            said = ", ".join(f"{file.name} {weights[file] / 1000:.1f} kB" for file in heaviest)
            logger.error(
                "%s weighs %.1f kB in %d requests at a first visit; the most are %d kB and %d. "
                "The heaviest: %s.",
                *(page.name, total / 1000, len(weights), MOST_BYTES // 1000, MOST_REQUESTS, said),
                type="weight",
            )
            app.statuscode = 1
