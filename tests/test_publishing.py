"""What the built book tells search engines, catalogues and other books."""

import importlib.util
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from building import ROOT, Build, sphinx_build, tiny_book

pytestmark = pytest.mark.build

spec = importlib.util.spec_from_file_location("permalinks", ROOT / "docs/_ext/permalinks.py")
permalinks = importlib.util.module_from_spec(spec)
spec.loader.exec_module(permalinks)

SITE = "https://backprop-notes.github.io/backprop-notes/"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("published")
    built = sphinx_build(tiny_book("tiny", folder), folder / "out", "-W")
    assert built.status == 0, built.printed
    return built


def page(tiny: Build, name: str) -> BeautifulSoup:
    return BeautifulSoup((tiny.site / name).read_text(encoding="utf-8"), "html.parser")


def test_the_start_page_says_its_title_once_and_others_add_the_books(tiny: Build) -> None:
    assert page(tiny, "index.html").title.text == "Tiny"
    title = page(tiny, "second.html").title.text
    assert title.endswith(" — Backpropagation, step by step")


def test_each_page_tells_catalogues_what_citation_cff_says(tiny: Build) -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    for name, kind in (("index.html", "Book"), ("second.html", "Chapter")):
        html = page(tiny, name)
        tags = {tag["name"]: tag["content"] for tag in html.find_all("meta", attrs={"name": True})}
        assert tags["citation_public_url"] == f"{SITE}{name}"
        assert tags["citation_author"] == cff["authors"][0]["name"]
        assert tags["citation_publication_date"] == f"{cff['date-released']:%Y/%m/%d}"
        linked = json.loads(html.find("script", type="application/ld+json").string)
        called = tags["citation_title"] if kind == "Chapter" else cff["title"]
        assert (linked["@type"], linked["name"]) == (kind, called)
        assert linked.get("isPartOf", linked)["version"] == cff["version"]


def test_the_book_is_to_be_cited_as_a_book_with_its_version_and_date() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    book = cff["preferred-citation"]
    assert book["type"] == "book"
    for key in ("title", "authors", "version", "date-released", "url"):
        assert book[key] == cff[key]
    assert book["year"] == cff["date-released"].year


def test_the_site_has_its_map_and_a_page_for_the_lost(tiny: Build) -> None:
    found = {tag.text for tag in ET.parse(tiny.site / "sitemap.xml").iter() if "loc" in tag.tag}
    assert found == {f"{SITE}index.html", f"{SITE}second.html"}
    assert f"Sitemap: {SITE}sitemap.xml" in (tiny.site / "robots.txt").read_text()
    lost = page(tiny, "404.html")
    assert lost.find("base")["href"] == "/backprop-notes/"
    assert lost.find("base") in lost.find("link", rel="stylesheet").find_all_previous("base")
    for link in lost.select("article a[href]"):
        assert (tiny.site / link["href"].partition("#")[0]).is_file()


def test_what_has_moved_leads_on_without_a_script(tmp_path: Path) -> None:
    docs = tiny_book("tiny", tmp_path)
    moves = {"gone.html": "second.html", "index.html#gone": "second.html#eq-tiny"}
    lines = "".join(f"{old} -> {new}\n" for old, new in moves.items())
    (docs / "permalinks.txt").write_text(f"second.html\n{lines}")
    built = sphinx_build(docs, tmp_path / "out", "-W")
    assert built.status == 0, built.printed
    gone = page(built, "gone.html")
    assert gone.find("meta", attrs={"http-equiv": "refresh"})["content"] == "0; url=second.html"
    assert gone.find("link", rel="canonical")["href"] == f"{SITE}second.html"
    assert page(built, "index.html").select_one("#gone a")["href"] == "second.html#eq-tiny"
    assert not permalinks.published(built.site) & moves.keys()


def test_every_address_that_was_published_still_leads_somewhere(book: Build) -> None:
    """After a new page or equation: make permalinks. After a move: old -> new in the list."""
    known, there = permalinks.listed(permalinks.LIST.read_text()), permalinks.published(book.site)
    assert {old for old, new in known.items() if new not in there} == set()
    assert there - known.keys() == set()


def test_another_book_can_refer_to_an_equation(tiny: Build, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        'extensions = ["sphinx.ext.intersphinx"]\n'
        f"intersphinx_mapping = {{'notes': ('{SITE}', '{tiny.site / 'objects.inv'}')}}\n"
    )
    (tmp_path / "index.rst").write_text("Other\n=====\n\nSee :external+notes:ref:`eq-tiny`.\n")
    built = sphinx_build_plain(tmp_path)
    link = BeautifulSoup((tmp_path / "out/index.html").read_text(), "html.parser").select_one(
        "a.reference.external[href*=eq-tiny]"
    )
    assert built == 0
    assert (link["href"], link.text) == (f"{SITE}second.html#eq-tiny", "Equation (1.1)")


def sphinx_build_plain(folder: Path) -> int:
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", folder, folder / "out"]
    return subprocess.run(command, check=False).returncode


def test_a_page_and_each_equation_say_how_to_cite_them_without_a_script(tiny: Build) -> None:
    html = page(tiny, "second.html")
    address = f"{SITE}second.html"
    for place, where in (("cite-page", address), ("cite-eq-tiny", f"{address}#eq-tiny")):
        box = html.find(id=place)
        names = [name.text for name in box.find_all("p")]
        forms = dict(zip(names, (text.text for text in box.select(".highlight pre")), strict=True))
        for name in ("Text", "BibTeX", "MyST"):
            assert where in forms[name]
            assert "0.1.0" in forms[name]
            assert "2026" in forms[name]
    assert "equation (1.1)" in forms["Text"]
    assert forms["LaTeX"] == "1 + 1 = 2"
    assert html.select_one("button[popovertarget=cite-eq-tiny]")["aria-label"] == (
        "Cite equation (1.1)"
    )
    assert box.has_attr("popover")
