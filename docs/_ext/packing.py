"""Make the written site light, at the end of each build; the steps stand here in their order.

A site that is whole has been packed. Nothing of it was written again then, but some extensions
copied their style sheets once more.
"""

import re
from pathlib import Path

from budget import weigh
from code_lines import part_lines
from fonts import cut_fonts
from rebuild import WHOLE
from scripts import join_search, write_headers
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from style_sheets import JOINED, join_styles


def remove_sources(app: Sphinx, site: Path) -> None:
    """Remove what the theme's authors need: templates, and where the scripts came from."""
    for kind in ("*.html", "**/*.map", "**/*.txt"):
        for file in site.glob(f"_static/{kind}"):
            file.unlink()


def remove_unnamed(app: Sphinx, site: Path) -> None:
    """Remove the style sheets that were joined, and the fonts that no rule names any more."""
    style = (site / JOINED).read_text(encoding="utf-8")
    for file in site.glob("_static/**/*"):
        unused = file.suffix == ".woff2" and file.name not in style
        if unused or (file.suffix == ".css" and file != site / JOINED):
            file.unlink()


def remove_scripts(app: Sphinx, site: Path) -> None:
    """Remove the scripts of the theme and of Sphinx that no page names."""
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    named = {name for page in pages for name in re.findall(r'<script[^>]* src="([^"?]+)', page)}
    for file in site.glob("_static/**/*.js"):
        if not any(name.endswith(file.relative_to(site).as_posix()) for name in named):
            file.unlink()


STEPS = (
    part_lines,
    write_headers,
    remove_sources,
    join_search,
    remove_scripts,
    cut_fonts,
    join_styles,
    remove_unnamed,
    weigh,
)


def pack(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for step in (remove_unnamed,) if (site / WHOLE).exists() else STEPS:
        step(app, site)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("purgecss_package", None, "html")
    app.connect("build-finished", pack, priority=900)  # after all wrote, before it is published
    return {"parallel_read_safe": True, "parallel_write_safe": True}
