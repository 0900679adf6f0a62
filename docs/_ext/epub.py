"""Make the ePub one that its own checker passes.

A page says in the list of files that it holds formulas or drawings; the faces of the text and the
style sheet that MyST-NB copies last are there before the book is packed; no page names a script, or
a style sheet that is not in the book.
"""

import re
import shutil

from fonts import faces
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.util.typing import ExtensionMetadata

PROPERTIES = {"mathml": "<math ", "svg": "<svg "}
SCRIPT = re.compile(r'<script[^>]* src="[^"]*"[^>]*></script>\n?')
LINK = re.compile(r'<link rel="stylesheet"[^>]* href="(?P<file>[^"]+)"[^>]*/>\n?')
ITEM = re.compile(r'(?P<item><item id="[^"]+" href="(?P<file>[^"]+\.xhtml)" media-type="[^"]+") />')


class Epub(Epub3Builder):
    """The ePub builder of Sphinx, with what it leaves undone."""

    media_types = Epub3Builder.media_types | {".woff2": "font/woff2"}

    def build_content(self) -> None:
        add_global_html_resources(self._app, None)
        (self.outdir / "_static/text").mkdir()
        for face in faces(self._app):
            shutil.copy(face, self.outdir / "_static/text")
        for page in self.outdir.glob("*.xhtml"):
            text = page.read_text(encoding="utf-8")
            text = LINK.sub(self._if_there, SCRIPT.sub("", text))
            page.write_text(text, encoding="utf-8")
        super().build_content()
        listed = self.outdir / "content.opf"
        listed.write_text(
            ITEM.sub(self._with_properties, listed.read_text(encoding="utf-8")), encoding="utf-8"
        )

    def _if_there(self, link: re.Match[str]) -> str:
        return link[0] if (self.outdir / link["file"]).is_file() else ""

    def _with_properties(self, item: re.Match[str]) -> str:
        text = (self.outdir / item["file"]).read_text(encoding="utf-8")
        names = " ".join(name for name, sign in PROPERTIES.items() if sign in text)
        return f'{item["item"]} properties="{names}" />' if names else item[0]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(Epub, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
