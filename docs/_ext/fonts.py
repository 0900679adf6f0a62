"""Cut the fonts of the site to the characters that its pages show.

An icon is a character of Font Awesome, which has two thousand; a page names a dozen by their
classes, and style sheets hold some more. Formulas need about seventy characters of KaTeX's fonts,
and the text about a hundred of the three faces of its own: regular, italic, semi-bold.
"""

import logging
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

logging.getLogger("fontTools").setLevel(logging.ERROR)  # KaTeX's fonts bear no date
TAG = re.compile(r"<([^>]*)>([^<]*)")
ICON = re.compile(r"\bfa-([a-z0-9-]+)")
ICONS = re.compile(r'((?:\.fa-[a-z0-9-]+,?)+)\{--fa:"\\([0-9a-f]+|.)"\}')
PRIVATE = re.compile("[\ue000-\uf8ff]")  # where Unicode leaves room for icons
FACES = "400-normal", "400-italic", "600-normal"
FAMILY = re.compile(r"font-family:(KaTeX_\w+)")
CLASS = re.compile(r"[.\s\"]([a-z][\w-]*)")


def characters(page: str) -> set[str]:
    """Return the characters of a page, whatever shows them."""
    return set(unescape(re.sub("<[^>]*>", "", page))) - {"\n"}


def formulas(page: str) -> Iterator[tuple[str, str]]:
    """Yield each tag inside the formulas of a page, and the characters that follow it."""
    depth = 0
    for tag, text in TAG.findall(page):
        if tag.startswith("span"):
            depth += depth > 0 or 'class="katex-html"' in tag
        if depth:
            yield tag, unescape(text)
        depth -= tag == "/span" and depth > 0


def families(style: str, classes: set[str]) -> set[str]:
    """Return the families of fonts that some classes ask for: those of bold and italic too."""
    found = {"KaTeX_Main"}
    for rule in style.split("}"):
        selectors, _, said = rule.rpartition("{")
        if (family := FAMILY.search(said)) and classes & {*CLASS.findall(selectors)} - {"katex"}:
            found.add(family[1])
    return found


def icons(pages: list[str], style: str) -> Iterator[str]:
    """Yield the characters of the icons that pages name, and those that a style sheet holds."""
    named = {name for page in pages for name in ICON.findall(page)}
    yield from PRIVATE.findall(style)
    for names, code in ICONS.findall(style):
        if named & {*ICON.findall(names)}:
            yield code if len(code) == 1 else chr(int(code, 16))


def cut(source: Path, characters: set[str], target: Path) -> None:
    """Write a font that has no more than some characters; how they are set is left as it was."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["kern", "liga"])
    font = TTFont(source, recalcTimestamp=False, lazy=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    subset.save_font(font, target, options)


def cut_fonts(app: Sphinx, site: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    style = "".join(
        path.read_text(encoding="utf-8") for path in sorted(site.glob("_static/**/*.css"))
    )
    shown = set().union(*map(characters, pages))
    text = site / "_static/text"
    text.mkdir(exist_ok=True)
    shutil.copyfile(app.config.text_face / "LICENSE", text / "LICENSE")
    for source in faces(app):
        cut(source, shown, text / source.name)
    shown = {*icons(pages, style)}
    for font in site.glob("_static/vendor/fontawesome/webfonts/*.woff2"):
        cut(font, shown, font)
    shown, classes = set(), set()
    for page in pages:
        for tag, text in formulas(page):
            shown.update(text)
            classes.update(CLASS.findall(tag))
    wanted = families(style, classes)
    for font in site.glob("_static/katex/fonts/*.woff2"):
        if font.name.split("-")[0] in wanted:
            cut(app.config.katex_package / "dist/fonts" / f"{font.stem}.ttf", shown, font)


def faces(app: Sphinx) -> list[Path]:
    files = app.config.text_face / "files"
    return [files / f"{app.config.text_face.name}-latin-{face}.woff2" for face in FACES]


def ask_early(context: dict[str, Any], font: str) -> None:
    """Let a page ask for a font before the style sheet is there to ask."""
    address = context["pathto"](f"_static/{font}", 1)
    link = f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>\n'
    context["metatags"] = context.get("metatags", "") + link


def load_early(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if app.builder.name == "html":
        ask_early(context, f"text/{faces(app)[0].name}")  # of most of the text


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("text_face", None, "html")
    app.connect("html-page-context", load_early)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
