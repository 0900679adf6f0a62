"""Let no script run but the site's own files, and join those of the search into one.

The policy stands in each page, and in `_headers` for servers that read such a file. Formulas place
their parts by style attributes, so that styles within a page are allowed.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'self'"
)
SCRIPT = re.compile(r'\s*<script defer src="(_static/[^"]+)"></script>')


def name_for_pages(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    script = (Path(app.confdir) / "docs/_static/site.js").read_bytes()
    context["script_version"] = sha256(script).hexdigest()[:8]
    context["policy"] = POLICY
    logo = (Path(app.confdir) / "docs/_static/logo.svg").read_bytes()
    context["logo_address"] = f"data:image/svg+xml;base64,{b64encode(logo).decode()}"


def write_headers(app: Sphinx, site: Path) -> None:
    headers = f"/*\n  Content-Security-Policy: {POLICY}; frame-ancestors 'none'\n"
    (site / "_headers").write_text(headers, encoding="utf-8")


def join_search(app: Sphinx, site: Path) -> None:
    """Join the scripts that the page of the search names one after the other."""
    page = site / "search.html"
    text = page.read_text(encoding="utf-8")
    names = SCRIPT.findall(text)
    joined = "\n".join((site / name).read_text(encoding="utf-8") for name in names)
    (site / "_static/search.js").write_text(joined, encoding="utf-8")
    first = SCRIPT.search(text)
    if first:
        link = '\n<script defer src="_static/search.js"></script>'
        rest = SCRIPT.sub("", text[first.start() :])
        page.write_text(text[: first.start()] + link + rest, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", name_for_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
