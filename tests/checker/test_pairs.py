"""True equations and plausible slips of them: no slip is let pass, and no true equation is refused.

Each page of tests/pairs declares a notation, and for each ``true-name`` has a ``wrong-name``. They
were written, and each verified by hand or with numbers, before the code that reads them.
"""

from pathlib import Path

import pytest

from equation_checker import Settings, check, read_page

PAGES = sorted((Path(__file__).parents[1] / "pairs").glob("*.md"))
UNREAD = (Path(__file__).parents[1] / "pairs/unread.txt").read_text(encoding="utf-8").split()
GOOD = {"held", "not refuted"}
pytestmark = pytest.mark.slow


def statuses(page, kind, seed=0):
    """The status of each equation of a kind, by its name."""
    pages = [read_page(page.read_text(encoding="utf-8"), page.name)]
    verdicts = check(pages, settings=Settings(seed=seed)).verdicts
    return {
        each.label.removeprefix(kind): str(each.status)
        for each in verdicts
        if each.label.startswith(kind)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_slip_is_refuted_or_at_least_not_let_pass(page):
    found = statuses(page, "wrong-")
    passed = {name for name, status in found.items() if status in {*GOOD, "unchecked"}}
    assert passed == set()
    missed = {name for name, status in found.items() if status != "refuted"}
    assert missed <= {*UNREAD}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_true_equation_is_held_if_it_is_read(page):
    found = statuses(page, "true-")
    assert [name for name, status in found.items() if status == "refuted"] == []
    missed = {name for name, status in found.items() if status not in GOOD}
    assert missed <= {*UNREAD}


def test_most_pairs_are_read():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert text.count(":label: true-") == text.count(":label: wrong-") >= 380
    assert len({*UNREAD}) < 0.1 * text.count(":label: true-")
