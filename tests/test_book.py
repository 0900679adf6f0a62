"""The book as it is built: complete, the same each time, never stale, stopped by any mistake."""

import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from fontTools.ttLib import TTFont

import backprop_notes
from backprop_notes import figures
from building import ROOT, Build, sphinx_build, tiny_book
from equation_checker import Display, read_page
from equation_checker.reading.rows import shown

pytestmark = pytest.mark.build

DOCS = ROOT / "docs"
SOURCES = sorted(DOCS.glob("*.md"))
NOTEBOOKS = [source for source in SOURCES if "kernelspec:" in source.read_text(encoding="utf-8")]
READING_ORDER = re.findall(
    r"^[\w-]+$", (DOCS / "index.md").read_text(encoding="utf-8").split("{toctree}")[1], re.MULTILINE
)
SITE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"][
    "Documentation"
]

EDITION = 'edition = "second edition"\n__all__ ='

each_page = pytest.mark.parametrize("page", [source.stem for source in SOURCES])
each_notebook = pytest.mark.parametrize("page", [source.stem for source in NOTEBOOKS])


@cache
def parsed(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@cache
def ids(file: Path) -> frozenset[str]:
    return frozenset(tag["id"] for tag in parsed(file).find_all(id=True))


# --- The same each time ---------------------------------------------------------------------------


def test_one_process_gives_the_same_files_as_two(book: Build, tmp_path: Path) -> None:
    cells = f"nb_execution_cache_path={book.site.parent / 'execution'}"
    alone = sphinx_build(DOCS, tmp_path, "-W", "-D", cells)
    assert (alone.status, alone.executed) == (0, 0), alone.printed
    assert alone.files() == book.files()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    """A project whose book is tiny, and its first build; a test leaves its files as they were."""
    folder = tmp_path_factory.mktemp("tiny")
    docs = tiny_book("tiny", folder)
    first = sphinx_build(docs, folder / "out", "-W")
    assert (first.status, first.executed) == (0, 1), first.printed
    return docs, first


@contextmanager
def edited(file: Path, old: str, new: str) -> Iterator[None]:
    original = file.read_text(encoding="utf-8")
    assert old in original
    file.write_text(original.replace(old, new), encoding="utf-8")
    yield
    file.write_text(original, encoding="utf-8")


def test_cells_executed_anew_give_the_same_files(tiny: tuple[Path, Build], tmp_path: Path) -> None:
    again = sphinx_build(tiny_book("tiny", tmp_path), tmp_path / "out", "-W", "-j", "3")
    assert again.executed == 1
    assert again.files() == tiny[1].files()


def test_a_second_build_executes_and_writes_nothing(tiny: tuple[Path, Build]) -> None:
    docs, first = tiny
    pages = [first.site / name for name in ("index.html", "second.html")]
    before = [page.stat().st_mtime_ns for page in pages], first.files()
    again = sphinx_build(docs, first.site.parent, "-W")
    assert (again.status, again.executed) == (0, 0)
    assert "no targets are out of date" in again.printed
    assert ([page.stat().st_mtime_ns for page in pages], again.files()) == before


def test_an_edit_gives_what_a_build_from_nothing_gives(
    tiny: tuple[Path, Build], tmp_path: Path
) -> None:
    docs, first = tiny
    with edited(docs / "second.md", "# Second page", "# Page of another name"):
        again = sphinx_build(docs, first.site.parent, "-W")
        fresh = sphinx_build(docs, tmp_path, "-W")
    assert (again.status, again.executed) == (0, 0), again.printed
    assert b"Page of another name" in again.files()["index.html"]
    assert again.files() == fresh.files()


def test_an_edited_style_sheet_reaches_the_site(tiny: tuple[Path, Build]) -> None:
    docs, first = tiny
    with edited(docs / "_static/book.css", "--line: 1.75rem", "--line: 1.76rem"):
        again = sphinx_build(docs, first.site.parent, "-W")
        assert again.status == 0, again.printed
        styles = [text for name, text in again.files().items() if name.endswith(".css")]
        assert b"1.76rem" in b"".join(styles)


def test_a_page_that_is_gone_leaves_nothing_behind(tmp_path: Path) -> None:
    docs = tiny_book("tiny", tmp_path)
    index = docs / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("\nsecond\n", "\nother\n"))
    (docs / "second.md").rename(docs / "other.md")
    head = "---\nfile_format: mystnb\norphan: true\n---\n\n"
    (docs / "second.md").write_text(f"{head}# Short-lived\n", encoding="utf-8")
    assert sphinx_build(docs, tmp_path / "out", "-W").status == 0
    places = tmp_path / "out/html", tmp_path / "out/jupyter_execute"
    assert all(list(place.rglob("second*")) for place in places)
    (docs / "second.md").unlink()
    built = sphinx_build(docs, tmp_path / "out", "-W")
    assert (built.status, built.executed) == (0, 0), built.printed
    assert [file for place in places for file in place.rglob("*second*")] == []


def test_what_a_full_disk_or_a_killed_build_left_is_not_built_upon(
    tiny: tuple[Path, Build],
) -> None:
    docs, first = tiny
    whole = sphinx_build(docs, first.site.parent, "-W").files()
    (card, *_) = first.site.glob("_images/social_previews/*.png")
    for broken in (card, first.site / "second.html", first.site / "searchindex.js"):
        broken.write_bytes(b"")
    (first.site / ".whole").unlink()
    assert sphinx_build(docs, first.site.parent, "-W").files() == whole


def test_a_site_that_was_removed_is_written_again_in_full(tiny: tuple[Path, Build]) -> None:
    docs, first = tiny
    whole = sphinx_build(docs, first.site.parent, "-W").files()
    shutil.rmtree(first.site)
    again = sphinx_build(docs, first.site.parent, "-W")
    assert (again.status, again.executed) == (0, 0), again.printed
    assert again.files() == whole
    assert b"sphinx-codeautolink-a" in whole["index.html"]


def test_two_builds_at_once_wait_for_each_other(tiny: tuple[Path, Build]) -> None:
    docs, first = tiny
    shutil.rmtree(first.site)
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(sphinx_build, docs, first.site.parent, "-W") for _ in range(2)]
    one, other = sorted((run.result() for run in runs), key=lambda run: "waits" in run.printed)
    assert [one.status, other.status] == [0, 0], one.printed + other.printed
    assert "no targets are out of date" in other.printed
    assert "sphinx-codeautolink-a" in (first.site / "index.html").read_text(encoding="utf-8")


def test_only_a_good_build_takes_the_place_of_the_published_site(tmp_path: Path) -> None:
    docs = tiny_book("tiny", tmp_path)
    options = ("-W", "-D", "publish_to=public/book")
    published = Build(tmp_path / "public/book", "", 0)
    good = sphinx_build(docs, tmp_path / "out", *options).files()
    assert published.files() == good
    with edited(docs / "second.md", "1 + 1 = 2", "1 + 1 = 3"):
        for _ in range(2):
            assert sphinx_build(docs, tmp_path / "out", *options).status == 1
    assert published.files() == good
    with edited(docs / "second.md", "# Second page", "# Page of another name"):
        better = sphinx_build(docs, tmp_path / "out", *options)
    assert (better.status, published.files()) == (0, better.files())
    assert [file.name for file in published.site.parent.iterdir()] == ["book"]


def test_outputs_follow_the_library_and_old_outputs_are_kept(tiny: tuple[Path, Build]) -> None:
    docs, first = tiny

    def built() -> tuple[int, int, bool, bool]:
        run = sphinx_build(docs, first.site.parent, "-W")
        index = run.files()["index.html"]
        return run.status, run.executed, b"second edition" in index, b"-codeautolink-a" in index

    with edited(docs.parent / "src/backprop_notes/__init__.py", "__all__ =", EDITION):
        assert built() == (0, 1, True, True)
    assert built() == (0, 0, False, True)


# --- Stopped by any mistake -----------------------------------------------------------------------


def test_a_failing_cell_fails_each_build_and_is_shown(tmp_path: Path) -> None:
    docs = tiny_book("failing-cell", tmp_path)
    for strict in ([], ["-W"]):
        built = sphinx_build(docs, tmp_path / "out", *strict)
        assert built.status == 1
        shown = built.printed.split(f"{docs / 'index.md'}:15: ERROR: ")[1]
        assert "numerator / 0" in shown
        assert "ZeroDivisionError: division by zero" in shown


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("import os; os._exit(3)", ":15: ERROR: DeadKernelError: Kernel died"),
        ("print('x' * 1_000_000)", ":15: ERROR: This cell prints 1000001 characters; 20000 are"),
        ("import warnings; warnings.warn('careful')", ":16: WARNING: stderr was found in the"),
        ("import numpy; numpy.exp([1000.0])", ":16: WARNING: stderr was found in the"),
    ],
)
def test_a_cell_that_does_not_end_well_is_named_by_page_and_line(
    tmp_path: Path, cell: str, said: str
) -> None:
    docs = tiny_book("failing-cell", tmp_path)
    with edited(docs / "index.md", "numerator / 0", cell):
        for _ in range(2):
            built = sphinx_build(docs, tmp_path / "out", "-W")
            assert built.status == 1
            assert f"{docs / 'index.md'}{said}" in built.printed


def test_a_kernel_that_is_not_there_is_named_and_the_other_pages_are_tried(tmp_path: Path) -> None:
    docs = tiny_book("failing-cell", tmp_path)
    page = (docs / "index.md").read_text(encoding="utf-8")
    (docs / "another.md").write_text(page.replace("name: python3", "name: absent"))
    built = sphinx_build(docs, tmp_path / "out", "-W")
    assert built.status == 1
    assert f"{docs / 'another.md'}:7: ERROR: NoSuchKernel: No such kernel named absent" in (
        built.printed
    )
    assert f"{docs / 'index.md'}:15: ERROR: " in built.printed


def test_no_cell_imports_what_the_key_of_its_outputs_leaves_out() -> None:
    cell = re.compile(r"^```\{code-cell\}.*\n([\s\S]*?)^```$", re.MULTILINE)
    pages = [source.read_text(encoding="utf-8") for source in NOTEBOOKS]
    cells = "\n".join(code for page in pages for code in cell.findall(page))
    assert len(re.findall("^ *(?:import|from) backprop_notes", cells, re.MULTILINE)) > 5
    for text in (cells, *(file.read_text() for file in ROOT.glob("src/backprop_notes/**/*.py"))):
        assert "equation_checker" not in text


def test_what_katex_refuses_fails_each_build_and_is_shown(tmp_path: Path) -> None:
    docs = tiny_book("bad-latex", tmp_path)
    page = re.escape(str(docs / "index.md"))
    for _ in range(2):
        built = sphinx_build(docs, tmp_path / "out", "-W")
        assert built.status == 1
        for line, mistake in (
            (3, r"\\inlinemistake"),
            (5, r"\\displaymistake"),
            (10, "é"),
            (10, r"\\badcommand"),
        ):
            assert re.search(rf"{page}:{line}: WARNING: .*\n{mistake}", built.printed)
    shown = (built.site / "index.html").read_text(encoding="utf-8")
    assert r"\badcommand{&lt;i&gt;a&lt;/i&gt;}" in shown
    assert "<i>a</i>" not in shown


# --- Complete -------------------------------------------------------------------------------------


def test_every_page_is_in_the_reading_order() -> None:
    assert sorted(["index", *READING_ORDER]) == [source.stem for source in SOURCES]


def test_the_pages_lead_on_in_the_reading_order(book: Build) -> None:
    for page, following in pairwise(["index", *READING_ORDER]):
        assert parsed(book.site / f"{page}.html").select_one("a.right-next")["href"] == (
            f"{following}.html"
        )


@each_page
def test_links_lead_to_pages_and_places_that_exist(book: Build, page: str) -> None:
    start = book.site / f"{page}.html"
    for link in parsed(start).find_all(["a", "link"], href=True):
        address = urlsplit(link["href"])
        if address.scheme:
            continue
        path, fragment = address.path, address.fragment
        target = start.parent / unquote(path) if path else start
        assert target.is_file(), f"{link} leads to no file"
        if fragment and target.suffix == ".html":
            assert unquote(fragment) in ids(target), f"{link} leads to no place"


@each_page
def test_a_summary_holds_words_and_no_blocks(book: Build, page: str) -> None:
    html = parsed(book.site / f"{page}.html")
    assert html.select("summary p, summary div") == []
    assert all(summary.text.strip() for summary in html.select("summary"))


@each_page
def test_an_id_is_on_a_page_only_once(book: Build, page: str) -> None:
    found = [tag["id"] for tag in parsed(book.site / f"{page}.html").find_all(id=True)]
    assert len(found) == len(set(found)), {name for name in found if found.count(name) > 1}


def typeset(display: Tag) -> list[str]:
    """The LaTeX of the parts of a display that a reader sees, without what only sets them."""
    found = [each.text for each in display.select(".formula annotation")]
    return [each.removeprefix(r"\displaystyle ").removeprefix("{}") for each in found]


def written_displays(page: str) -> dict[str, str]:
    """The LaTeX of the displays in a page's source, by label."""
    source = DOCS / f"{page}.md"
    items = read_page(source.read_text(encoding="utf-8"), str(source)).items
    return {item.label: item.source.latex for item in items if isinstance(item, Display)}


@each_page
def test_every_display_has_label_number_and_place(book: Build, page: str) -> None:
    html = parsed(book.site / f"{page}.html")
    displays = html.select("main .equation[id]")
    assert [display.get("id") for display in displays] == list(written_displays(page))
    for position, display in enumerate(displays, start=1):
        number = f"{READING_ORDER.index(page) + 1}.{position}"
        assert display["aria-label"] == f"Equation {number}"
        (link,) = display.select("a.eqno")
        assert (link.text, link["href"]) == (f"({number})", f"#{display['id']}")


@each_page
def test_every_formula_is_typeset_from_the_latex_of_its_page(book: Build, page: str) -> None:
    html = parsed(book.site / f"{page}.html")
    assert not html.select(".katex-error")
    for formula in html.select("main span.math, main .equation"):
        assert formula.select_one(".katex-html")
        assert formula.select_one("annotation[encoding='application/x-tex']").text.strip()
    for label, latex in written_displays(page).items():
        parts = [part for line in shown(latex) for part in (line.left, line.right) if part]
        assert typeset(html.find(id=label)) == parts


@each_page
def test_a_page_describes_itself_and_has_a_card(book: Build, page: str) -> None:
    html = parsed(book.site / f"{page}.html")

    def meta(**name: str) -> str:
        (tag,) = html.find_all("meta", attrs=name)
        return tag["content"]

    description = meta(name="description")
    source = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert f"description: {description}" in source
    assert 40 < len(description) <= 200
    assert meta(property="og:description") == description
    assert meta(property="og:title") in html.title.text
    assert meta(property="og:url") == f"{SITE}{page}.html"
    assert html.find("link", rel="canonical")["href"] == f"{SITE}{page}.html"
    card = book.site / meta(property="og:image").removeprefix(SITE)
    assert card.read_bytes().startswith(b"\x89PNG")


def addresses(tag: Tag) -> list[str]:
    """What a browser loads for a tag on its own."""
    loads = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
    if tag.name == "link" and not loads & set(tag.get("rel", [])):
        return []
    named = [tag.get("src"), tag.get("data"), tag.get("poster")]
    if tag.name in ("link", "image", "use"):
        named.append(tag.get("href"))
    named += re.findall(r"\S+(?=\s|$)", tag.get("srcset", ""))
    named += re.findall(r"url\(['\"]?([^)'\"]+)", tag.get("style", ""))
    return [address for address in named if address]


@each_page
def test_a_page_loads_nothing_from_elsewhere(book: Build, page: str) -> None:
    start = book.site / f"{page}.html"
    for tag in parsed(start).find_all(True):
        for address in addresses(tag):
            if address.startswith(("data:", "#")):
                continue
            target = start.parent / urlsplit(address).path
            assert not urlsplit(address).netloc, f"{tag.name} loads {address}"
            assert target.is_file(), f"{tag.name} loads {address}, which is not there"


@each_page
def test_a_page_has_one_script_and_allows_no_other(book: Build, page: str) -> None:
    html = parsed(book.site / f"{page}.html")
    scripts = [tag for tag in html.find_all("script") if tag.get("type") != "application/ld+json"]
    assert [tag["src"].partition("?")[0] for tag in scripts] == ["_static/site.js"]
    assert not any(name.startswith("on") for tag in html.find_all(True) for name in tag.attrs)
    policy = html.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert "script-src 'self';" in policy
    assert f"Content-Security-Policy: {policy};" in (book.site / "_headers").read_text()


def test_style_sheets_load_nothing_from_elsewhere(book: Build) -> None:
    for sheet in book.site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        for address in re.findall(r"(?:url\(|@import )['\"]?([^)'\"]+)", text):
            if not address.startswith("data:"):
                assert (sheet.parent / urlsplit(address).path).is_file(), (sheet, address)


@each_page
def test_names_of_the_library_in_code_lead_to_the_reference(book: Build, page: str) -> None:
    public = {*backprop_notes.__all__, *(n for n in vars(figures) if f"figures.{n}" in api(book))}
    for block in parsed(book.site / f"{page}.html").select(".highlight-ipython3 pre"):
        for word in block.find_all("span", class_=["n", "nn", "nf"]):
            after = word.next_sibling
            is_keyword = isinstance(after, Tag) and after.text == "="
            is_attribute = isinstance(word.previous_sibling, Tag) and (
                word.previous_sibling.text == "." and word.find_previous("span", class_="n")
            )
            if word.text in public and not (is_keyword or is_attribute):
                link = word.find_parent("a")
                assert link, f"{word.text} in: {block.text}"
                assert re.search(rf"api.html#backprop_notes\.(\w+\.)?{word.text}$", link["href"])


@cache
def api_text(file: Path) -> str:
    return " ".join(ids(file))


def api(book: Build) -> str:
    return api_text(book.site / "api.html")


@each_notebook
def test_a_page_can_be_downloaded_as_a_notebook_and_as_its_source(book: Build, page: str) -> None:
    notebook = nbformat.read(book.site / f"_sources/{page}.ipynb", as_version=4)
    nbformat.validate(notebook)
    count = len(notebook.cells) - 2
    names = ["page", "install", *(f"cell-{n}" for n in range(count))]
    assert [cell.id for cell in notebook.cells] == names
    assert any(cell.cell_type == "code" and cell.outputs for cell in notebook.cells)
    assert (book.site / f"_sources/{page}.md").read_bytes() == (DOCS / f"{page}.md").read_bytes()


# --- Other forms of the book ----------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["doctest", "epub", "text"])
def test_other_builders_build_the_whole_book(book: Build, tmp_path: Path, builder: str) -> None:
    cells = f"nb_execution_cache_path={book.site.parent / 'execution'}"
    built = sphinx_build(DOCS, tmp_path, "-W", "-D", cells, builder=builder)
    assert (built.status, built.executed) == (0, 0), built.printed
    if builder == "doctest":
        assert re.search(r"[1-9]\d* tests\n +0 failures in tests", built.printed)
    if builder == "text":
        assert {file.stem for file in built.site.glob("*.txt")} == {s.stem for s in SOURCES}
    if builder == "epub":
        pages = [ET.parse(file) for file in built.site.glob("*.xhtml")]
        texts = ["".join(page.getroot().itertext()) for page in pages]
        assert len(pages) > len(SOURCES)
        assert any("log-likelihood" in text for text in texts)
        formulas = [page.iter("{http://www.w3.org/1998/Math/MathML}math") for page in pages]
        assert sum(len(list(found)) for found in formulas) > 100
        listed = ET.parse(built.site / "content.opf").findall(".//{*}manifest/{*}item")
        said = {item.get("href"): item.get("properties", "") for item in listed}
        for file in built.site.glob("*.xhtml"):
            text = file.read_text(encoding="utf-8")
            assert [each in said[file.name] for each in ("mathml", "svg")] == [
                "<math " in text,
                "<svg " in text,
            ], file
            assert {link["href"] for link in parsed(file).select("head link")} <= said.keys()
            assert not parsed(file).select("script[src]")


needs_latex = pytest.mark.skipif(
    not (shutil.which("latexmk") and shutil.which("xelatex")),
    reason="the PDF needs latexmk and xelatex (Debian: latexmk texlive-latex-extra texlive-xetex)",
)


@needs_latex
def test_the_pdf_numbers_equations_as_the_pages_do(book: Build, tmp_path: Path) -> None:
    cells = f"nb_execution_cache_path={book.site.parent / 'execution'}"
    built = sphinx_build(DOCS, tmp_path, "-W", "-D", cells, builder="latex")
    assert built.status == 0, built.printed
    options = "LATEXMKOPTS=-silent -interaction=nonstopmode -halt-on-error"
    made = subprocess.run(["make", options], cwd=built.site, capture_output=True, check=False)
    log = (built.site / "backprop-notes.log").read_text(encoding="utf-8", errors="replace")
    assert made.returncode == 0, log[-3000:]
    assert (built.site / "backprop-notes.pdf").read_bytes().startswith(b"%PDF")
    assert "Missing character" not in log
    assert not re.search("LaTeX Warning: (Reference|Citation|Hyper reference)", log)
    tex = (built.site / "backprop-notes.tex").read_text(encoding="utf-8")
    cover = tex.split(r"\begin{titlepage}")[1].split(r"\end{titlepage}")[0]
    assert written_displays("finishing")["eq-hidden-gradient"].strip() in cover
    aux = (built.site / "backprop-notes.aux").read_text(encoding="utf-8")
    numbers = dict(re.findall(r"\\newlabel\{equation:[\w-]+:([\w-]+)\}\{\{([\d.]+)\}", aux))
    on_pages = {
        display["id"]: display["aria-label"].removeprefix("Equation ")
        for source in SOURCES
        for display in parsed(book.site / f"{source.stem}.html").select(".equation[id]")
    }
    assert numbers == on_pages


# --- Fonts ----------------------------------------------------------------------------------------


def font(site: Path, name: str) -> bytes:
    """Return a font of the site: a file, or for one of a few signs in the style sheet."""
    if file := next(site.glob(f"_static/**/{name}.woff2"), None):
        return file.read_bytes()
    style = (site / "_static/site.css").read_text(encoding="utf-8")
    family = name.replace("fa-solid-900", "Free").replace("fa-brands-400", "Brands")
    face = rf"font-family:[^;]*{family.split('-')[0]};[^}}]*?base64,([\w+/=]+)"
    return b64decode(re.findall(face, style)[0])


def held(site: Path, name: str) -> set[str]:
    """Return the characters that a font of the site holds."""
    return {*map(chr, TTFont(BytesIO(font(site, name))).getBestCmap())}


def test_the_fonts_hold_what_pages_show_and_are_small(book: Build) -> None:
    pages = [parsed(file) for file in sorted(book.site.glob("*.html"))]
    formulas = {
        sign for page in pages for tag in page.select(".katex-html") for sign in tag.get_text()
    }
    names = ("Main-Regular", "Math-Italic", "AMS-Regular", "Size1-Regular", "Size2-Regular")
    letters = set().union(*(held(book.site, f"KaTeX_{name}") for name in names))
    assert {"σ", "∇", "⊤"} <= {sign for sign in formulas if sign.isprintable()} <= letters
    style = (book.site / "_static/site.css").read_text(encoding="utf-8")
    icons = {
        name.removeprefix("fa-")
        for page in pages
        for tag in page.select("i[class*='fa-']")
        for name in tag["class"]
        if f".{name}{{--fa:" in style
    }
    drawn = held(book.site, "fa-solid-900") | held(book.site, "fa-brands-400")
    codes = {name: re.search(rf'\.fa-{name}\{{--fa:"\\([0-9a-f]+)"', style) for name in icons}
    assert len(icons) > 8
    assert [
        name for name, code in codes.items() if code and chr(int(code[1], 16)) not in drawn
    ] == []
    loaded = ("KaTeX_Main-Regular", "KaTeX_Math-Italic", "fa-solid-900", "fa-brands-400")
    assert sum(len(font(book.site, name)) for name in loaded) < 30_000


def test_the_text_has_three_faces_of_its_own_that_hold_all_its_letters(book: Build) -> None:
    faces = sorted((book.site / "_static/text").glob("*.woff2"))
    assert len(faces) == 3
    assert sum(face.stat().st_size for face in faces) < 28_000
    texts = [
        parsed(file).select(".bd-article :is(h1, h2, p, li)")
        for file in sorted(book.site.glob("*.html"))
    ]
    letters = {sign for parts in texts for part in parts for sign in part.get_text()}
    latin = {sign for sign in letters if sign.isprintable() and sign < "\u0100"}
    assert len(latin) > 80
    for face in faces:
        assert latin <= held(book.site, face.stem)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_each_drawing_has_a_number_that_is_its_place_and_says_what_it_shows(
    book: Build, source: Path
) -> None:
    page = parsed(book.site / f"{source.stem}.html")
    drawings = page.select(".cell_output .text_html")
    figures = [drawing.find_parent("figure") for drawing in drawings]
    assert None not in figures
    for k, figure in enumerate(figures, 1):
        number = figure.select_one(".caption-number").get_text(strip=True)
        assert re.fullmatch(rf"Figure (\d+\.)?{k}", number)
        assert len(figure.select_one(".caption-text").get_text()) > 30
        assert figure["id"]


def test_a_thing_has_its_colour_in_formulas_and_code_and_its_latex_is_as_written(
    book: Build,
) -> None:
    page = parsed(book.site / "finishing.html")
    formula = page.select_one("#eq-hidden-gradient .right")
    signs = {
        name: "".join(
            part.get_text()
            for part in formula.select(f".katex-html [style*='color:var(--{name})']")
            if not part.select_one("[style*=color]")
        )
        for name in ("error", "weight", "slope", "input")
    }
    plain = {name: text.replace("\u200b", "") for name, text in signs.items()}
    assert plain["slope"] == "hik(1−hik)"
    assert plain["input"] == "xi"
    assert plain["weight"] == "w21,k"
    assert plain["error"].startswith("(I(yi=1)−σ(w21")
    assert "textcolor" not in (book.site / "finishing.html").read_text(encoding="utf-8")
    assert {each.text for each in page.select(".highlight .thing-error")} >= {"e", "output_error"}


def test_each_line_of_code_is_an_element_that_says_how_far_in_it_begins(book: Build) -> None:
    cell = parsed(book.site / "training.html").find(string="probability_of_plus")
    (block,) = (each.find_parent("pre") for each in [cell])
    lines = block.select(":scope > .code-line")
    assert "".join(line.get_text() for line in lines) == block.get_text()
    said = [line.get("style", "") for line in lines]
    assert said[:2] == ["", "--indent:4ch"]
