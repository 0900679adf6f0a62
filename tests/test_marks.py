"""What readers see of the checker: marks, the ledger, scores, links between equations and code."""

import json
import re

import pytest

from equation_checker import Settings, check, read_page
from equation_checker.verdicts import document, scores
from test_sphinxext import Book

pytestmark = pytest.mark.build

LIBRARY = '''
"""Squares."""

def square(t):
    """Return the square."""
    return t * t

def twice(t):
    """Return the double."""
    return 2 * t
'''
CONF = """
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
extensions += ["sphinx.ext.autodoc"]
equations_library = "squares"
equations_scores = "scores.json"
"""
PAGE = """
# Displays of all kinds

```{math}
:label: eq-tied
:python: square(t) + twice(0) + twice(0)
s := t^2
```

```{math}
:label: eq-loose
r := a b
```

```{math}
:label: eq-wrong
:refuted:
a + b = a
```

$$
% unchecked: an update
a \\leftarrow a + 1
$$ (eq-excused)

$$
% tolerance: 0.01
\\sin(\\frac{1}{10}) \\approx \\frac{1}{10}
$$ (eq-sine)

See [the slope](#eq-slope), {any}`eq-slope` and [](#eq-tied).

```{ledger}
```

```{eval-rst}
.. automodule:: squares
   :members:
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = Book(tmp_path_factory.mktemp("marks") / "book")
    made.edit("index.md", "```{toctree}\nsecond", "```{toctree}\nsecond\nkinds")
    (made.folder / "conf.py").write_text((made.folder / "conf.py").read_text() + CONF)
    (made.folder / "squares.py").write_text(LIBRARY)
    (made.folder / "kinds.md").write_text(PAGE)
    pages = [read_page((made.folder / name).read_text()) for name in ("index.md", "second.md")]
    verdicts = check(pages, settings=Settings(mutate=True)).verdicts
    (made.folder / "scores.json").write_text(json.dumps(document(v.plain() for v in verdicts)))
    made.done = made.build()
    return made


def mark(book, page, label):
    """The mark of a display as a reader has it: the summary, and each term with its text."""
    (found,) = [
        each
        for each in book.page(page).select("details.verdict")
        if each.select_one(f'a[href="#{label}"]')
    ]
    terms = [each.text for each in found.select("dt")]
    texts = [" ".join(each.text.split()) for each in found.select("dd")]
    said = dict(zip(terms, texts, strict=True)) | {
        "first": found.select_one("summary + div").p.text
    }
    return found.summary.text, said | {"steps": [each.text for each in found.select("li")]}


def test_a_strict_build_with_links_of_all_kinds_to_equations_is_green(book):
    assert book.done.returncode == 0, book.done.stderr


def test_a_mark_says_where_a_claim_held_and_how_much_the_sides_differed(book):
    summary, said = mark(book, "index.html", "eq-square")
    assert summary == "✓ held"
    assert re.fullmatch(r"All 3 sides had the same value at \d+ random points[.]", said["first"])
    assert said["computed with"].startswith("float64, complex step; 50 digits")
    assert said["steps"] == ["held; largest difference below the 40th digit"] * 2
    summary, said = mark(book, "kinds.html", "eq-sine")
    start, most = said["first"].split(" The largest difference was ")
    assert start.startswith("Both sides had the same value at ")
    assert most.endswith(" of the larger side.")
    assert float(most.split()[0]) == pytest.approx(2e-3)


def test_what_a_mark_opens_begins_with_words_and_is_explained_once_a_page(book):
    for name in ("index.html", "kinds.html"):
        page = book.page(name)
        assert len(page.select(".verdict-key")) == 1
        first = page.select_one("details.verdict")
        assert "The sign opens to the evidence." in first.find_next_sibling().text
        for opened in page.select("details.verdict > div"):
            assert opened.find(True).name == "p"
            assert "\\" not in opened.p.text


def test_a_mark_says_where_a_wrong_formula_was_tried(book):
    summary, said = mark(book, "kinds.html", "eq-wrong")
    assert summary == "✗ refuted"
    assert said["first"].startswith("The claim does not hold: the left side is ")
    assert said["tried at"].endswith("random points")


def test_a_mark_says_why_nothing_was_checked(book):
    summary, said = mark(book, "kinds.html", "eq-excused")
    assert (summary, said["first"]) == ("– unchecked", "Not checked: an update.")
    assert "% unchecked" not in book.page("kinds.html").text


def test_the_code_of_a_mark_leads_to_the_reference_and_the_reference_to_the_equation(book):
    page = book.page("kinds.html")
    (code,) = [dd for dd in page.select("details.verdict dd") if "square(t)" in dd.text]
    links = {link.text: link["href"] for link in code.select("a")}
    assert links == {"square": "#squares.square", "twice": "#squares.twice"}
    for name in ("square", "twice"):
        entry = page.find(id=f"squares.{name}").find_next("dd")
        (tied,) = entry.select("p.tied")
        assert tied.text.startswith("Tied to ")
        (link,) = tied.select("a")  # however often the equation calls it
        assert link["href"] == "#equation-eq-tied"


def test_the_ledger_counts_what_is_checked_and_lists_every_display(book):
    page = book.page("kinds.html")
    text = page.find(string=lambda each: "displays are checked" in each)
    assert text.startswith("4 of 7 displays are checked: 4 held, 2 unchecked, 1 refuted.")
    rows = [[cell.text for cell in row.select("td")] for row in page.select("table.ledger tr")[1:]]
    assert len([row for row in rows if len(row) == 1]) == 3  # a heading for each page
    rows = [row for row in rows if len(row) > 1]
    assert [row[2].split()[1] for row in rows] == [
        "held", "held", "held", "unchecked", "refuted", "unchecked", "held",
    ]  # fmt: skip
    assert rows[2][1].strip().endswith("square(t) + twice(0) + twice(0)")
    key = page.select_one(".ledger-key")
    said = dict(
        zip(*([each.text for each in key.select(tag)] for tag in ("dt", "dd")), strict=True)
    )
    assert said[rows[2][3].strip()].strip() == "equal to the code at random points"
    assert {row[3].strip() for row in rows} <= {*said, ""}


def test_the_ledger_shows_the_rows_of_one_verdict_where_no_script_runs(book):
    page = book.page("kinds.html")
    choices = {each["value"]: each.parent.text for each in page.select(".ledger-filter input")}
    assert choices.keys() == {"all", "held", "unchecked", "refuted"}
    assert choices["held"].split() == ["held", "(4)"]
    for status in choices.keys() - {"all"}:
        number = re.search(r"\d+", choices[status])[0]
        assert len(page.select(f"table.ledger tr.{status}")) == int(number)


def test_a_score_is_shown_while_the_display_is_the_one_that_was_tried(book):
    _, said = mark(book, "index.html", "eq-square")
    known = scores(json.loads((book.folder / "scores.json").read_text()))
    (tried,) = (score for (label, _), score in known.items() if label == "eq-square")
    assert said["edits"] == tried.words()
    ledger = book.page("kinds.html").find(string=lambda each: "displays are checked" in each)
    assert "In 2 of them, " in ledger
    found = {each["label"]: each["score"] for each in book.listed()}
    assert found["eq-square"]["mutants"] > 20
    assert found["eq-tied"] is None


def test_the_json_beside_the_pages_names_page_and_address(book):
    listed = {each["label"]: each for each in book.listed()}
    assert listed["eq-tied"]["page"] == "kinds"
    assert listed["eq-tied"]["permalink"] == "kinds.html#eq-tied"
    assert listed["eq-tied"]["file"] == "kinds.md"


# What an edit does; these change the book, in this order.


def test_an_edit_of_a_display_ends_its_score(book):
    book.edit("second.md", "= 2 t", "= t + t")
    assert book.build().returncode == 0
    found = {each["label"]: each["score"] for each in book.listed()}
    assert found["eq-slope"] is None
    assert found["eq-square"]


def test_an_edit_of_the_library_judges_the_book_again(book):
    book.edit("squares.py", "return t * t", "return t * t * t")
    done = book.build()
    assert done.returncode == 1
    assert "the code square(t) + twice(0) + twice(0) gives" in done.stderr
    book.edit("squares.py", "return t * t * t", "return t * t")


def test_marks_may_be_left_off_or_shown_for_what_was_checked(book):
    for choice, wanted in (("checked", ["✓ held"] * 2), ("off", [])):
        assert book.build("-D", f"equations_marks={choice}", "-E").returncode == 0
        marks = [each.summary.text for each in book.page("kinds.html").select("details.verdict")]
        assert marks == wanted


def test_a_label_that_stands_twice_is_a_warning_of_sphinx_and_no_crash(book):
    book.edit("second.md", "(eq-slope)", "(eq-tied)")
    done = book.build()
    assert "duplicate label of equation eq-tied" in done.stderr
    assert "Traceback" not in done.stderr
