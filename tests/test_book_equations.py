"""The book's equations: what is judged, what is tied to code, what a fault in the code does."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import backprop_notes
from equation_checker import Display, Page, Row, Settings, check, read_page
from equation_checker.pages import read_toctree
from equation_checker.reading.rows import shown
from test_book import typeset
from test_gradients import FAULTS, planted

DOCS = Path(__file__).parents[1] / "docs"
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")
ORDER = list(dict.fromkeys(["notation", "index", *read_toctree(INDEX)]))
"""All pages, as the table of contents lists them; a new one is judged without a word here."""
PAGES = [
    read_page((DOCS / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md") for name in ORDER
]
LIBRARY = {name: getattr(backprop_notes, name) for name in backprop_notes.__all__}


def judged(pages, library=LIBRARY, **settings):
    return check(pages, settings=Settings(library=library, **settings)).verdicts


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_equation_of_the_book_is_refused_wherever_the_points_are_drawn(seed):
    assert [each.problem() for each in judged(PAGES, seed=seed, strict=True) if not each.ok] == []


def test_each_step_of_the_equations_of_the_source_is_judged_with_its_reason():
    steps = {each.label: each.steps for each in judged(PAGES) if each.label in ("eq-1", "eq-2")}
    assert [len(steps["eq-1"]), len(steps["eq-2"])] == [3, 2]
    for step in (*steps["eq-1"], *steps["eq-2"]):
        assert step.status == "held"
        assert step.reason


def test_what_is_not_checked_says_why():
    reasons = {each.label: each.message for each in judged(PAGES) if each.status == "unchecked"}
    waived = {label for label, why in reasons.items() if label and "nothing ties" not in why}
    assert waived == {"eq-central-difference", "eq-complex-step", "eq-ascent"}


def tied_to(name):
    """The pages, with no display but the definitions and those that are tied to a function."""
    for page in PAGES:
        yield Page(page.file, tuple(item for item in page.items if is_needed(item, name)))


def is_needed(item, name):
    if not isinstance(item, Display):
        return isinstance(item, Row)
    code = item.option("python") or ""
    return ":=" in item.source.latex or f"{name}(" in code or (name == "nabla" and "slide" in code)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        pytest.param(name, right, wrong, id=f"{name}: {right} -> {wrong}")
        for name, faults in FAULTS.items()
        for right, wrong in faults
    ],
)
def test_a_tie_refuses_a_fault_that_is_planted_in_the_code(name, right, wrong):
    faulty = planted(name, right, wrong)
    library = {each: getattr(faulty, each, LIBRARY[each]) for each in LIBRARY}
    found = [each for each in judged(tied_to(name), library) if not each.ok]
    assert [each.status for each in found] == ["refuted"] * max(1, len(found))


@pytest.mark.slow
def test_the_ties_refuse_nothing_in_the_right_code():
    for name in FAULTS:
        assert [each.problem() for each in judged(tied_to(name)) if not each.ok] == []


@pytest.mark.build
def test_every_display_that_is_shown_is_in_the_ledger_with_the_latex_that_is_shown(book):
    listed = {
        each["label"]: each
        for each in json.loads((book.site / "equations.json").read_text())["verdicts"]
    }
    seen = {}
    for page in book.site.glob("*.html"):
        for display in BeautifulSoup(page.read_text(), "html.parser").select("div.equation[id]"):
            seen[display["id"]] = typeset(display)
    assert seen.keys() == listed.keys()
    for label, parts in seen.items():
        lines = shown(listed[label]["latex"])
        assert parts == [part for each in lines for part in (each.left, each.right) if part]


@pytest.mark.build
def test_the_mutants_of_each_equation_were_tried_since_its_last_edit_and_none_survived(book):
    listed = json.loads((book.site / "equations.json").read_text())["verdicts"]
    for each in listed:
        if each["status"] == "held" and each["kind"] != "expression":
            assert each["score"], f"{each['label']} changed: run make mutants"
            assert each["score"]["survivors"] == []
