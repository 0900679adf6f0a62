"""Tell search engines, catalogues, other books and lost readers what is where.

CITATION.cff says whose the book is, its version and its date; the site's address is html_baseurl.
"""

import json
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

LOST = """<h1>There is no such page</h1>
<p>It may have another name now. The <a href="index.html">start page</a> leads to all pages,
and the <a href="search.html">search</a> finds them by their words.</p>"""


def citation(app: Sphinx) -> dict[str, Any]:
    """Return what CITATION.cff says."""
    said: dict[str, Any] = yaml.safe_load(
        (Path(app.confdir) / "CITATION.cff").read_text(encoding="utf-8")
    )
    return said


def long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def title_of(app: Sphinx, page: str) -> str:
    return app.env.titles[page].astext()


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Say in a page's head what scholars' catalogues ask for; its title only once."""
    if doctree is None:
        return
    book, address = app.config.project, f"{app.config.html_baseurl}{page}.html"
    is_start = page == app.config.root_doc
    if is_start:
        context["docstitle"] = ""
    cff = citation(app)
    author, day = cff["authors"][0]["name"], str(cff["date-released"])
    tags = {
        "citation_title": title_of(app, page),
        "citation_author": author,
        "citation_publication_date": day.replace("-", "/"),
        "citation_language": "en",
        "citation_public_url": address,
    }
    if not is_start:
        tags["citation_inbook_title"] = book
    whole = {
        "@type": "Book",
        "name": book,
        "author": {"@type": "Organization", "name": author},
        "datePublished": day,
        "version": cff["version"],
        "url": app.config.html_baseurl,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": "en",
    }
    part = {"@type": "Chapter", "name": tags["citation_title"], "url": address, "isPartOf": whole}
    linked = {"@context": "https://schema.org", **(whole if is_start else part)}
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n<meta name="{name}" content="{escape(content)}" />' for name, content in tags.items()
    )
    data = json.dumps(linked).replace("<", "\\u003c")
    context["metatags"] += f'\n<script type="application/ld+json">{data}</script>\n'


def list_equations(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Put the equations into the inventory, by which other books refer to this one.

    All references in this book are resolved by now, so that there is no second way to one here.
    """
    labels = app.env.domains.standard_domain.labels
    for label, (page, name) in app.env.domains["math"].data["objects"].items():
        del name
        number = app.env.toc_fignumbers.get(page, {}).get("displaymath", {})
        shown = ".".join(map(str, number.get(f"equation-{label}", ())))
        labels[label] = page, label, f"Equation ({shown})"
    if app.builder.name == "epub":
        return []
    # A server answers with this page at any depth, so that its links need the site's own path.
    path = "/" + app.config.html_baseurl.split("//", 1)[-1].partition("/")[2]
    head = f'<base href="{path}" /><meta name="robots" content="noindex" />'
    return [("404", {"title": "Not found", "body": LOST, "metatags": head}, "page.html")]


def map_site(app: Sphinx, exception: Exception | None) -> None:
    """Write the list of pages that search engines read, and where it is."""
    if exception or app.builder.name != "html":
        return
    site = app.config.html_baseurl
    pages = "\n".join(f"<url><loc>{site}{page}.html</loc></url>" for page in sorted(app.env.titles))
    (app.outdir / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}\n</urlset>\n',
        encoding="utf-8",
    )
    robots = f"User-agent: *\nAllow: /\nSitemap: {site}sitemap.xml\n"
    (app.outdir / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", describe)
    app.connect("html-collect-pages", list_equations)
    app.connect("build-finished", map_site)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
