"""Every page, wide and narrow, light and dark: nothing amiss for any reader."""

import pytest
from playwright.sync_api import Page

from browser.conftest import Visitor
from building import ROOT

pytestmark = pytest.mark.browser

PAGES = [*sorted(source.stem for source in (ROOT / "docs").glob("*.md")), "search"]

each_window = pytest.mark.parametrize(
    "visitor",
    [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")],
    ids="{0[0]}-{0[1]}".format,
    indirect=True,
)
narrow = pytest.mark.parametrize("visitor", [(390, "light")], ids=["390-light"], indirect=True)
each_page = pytest.mark.parametrize("name", PAGES)

DISPLAYS = """[...document.querySelectorAll('.equation')].map(display => {
  const [scroller, number] = display.children;
  return {
    name: display.id,
    wide: scroller.scrollWidth > scroller.clientWidth,
    cut: scroller.scrollHeight > scroller.clientHeight,
    focus: scroller.tabIndex,
    numberEnds: number.getBoundingClientRect().right,
    equationEnds: scroller.getBoundingClientRect().right,
    numberBegins: number.getBoundingClientRect().left,
  };
})"""
# What opens with an animation is not judged halfway.
OPEN_ALL = """document.querySelectorAll('details').forEach(each => { each.open = true; });
  document.getAnimations().forEach(each => each.finish());"""
# What is wider than its box, cannot be scrolled and so cannot be read.
CUT_OFF = """[...document.querySelectorAll('main *')].filter(e =>
  e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.closest('.visually-hidden, svg')
  && !e.closest('.katex') && getComputedStyle(e).overflowX === 'hidden').map(e => e.outerHTML)"""


def sideways(page: Page) -> int:
    return page.evaluate("document.scrollingElement.scrollWidth - innerWidth")


@each_window
@each_page
def test_nothing_is_amiss(visitor: Visitor, name: str, axe: str) -> None:
    page = visitor.open(f"{name}.html")
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    page.evaluate(OPEN_ALL)
    assert sideways(page) <= 0
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert not found, [
        (violation["impact"], violation["id"], node["html"], node["failureSummary"])
        for violation in found
        for node in violation["nodes"]
    ]
    assert visitor.problems == []


@narrow
@each_page
def test_equations_scroll_in_themselves_beside_their_numbers(visitor: Visitor, name: str) -> None:
    page = visitor.open(f"{name}.html")
    for display in page.evaluate(DISPLAYS):
        assert not display["cut"], display
        assert display["focus"] == (0 if display["wide"] else -1), display
        assert display["equationEnds"] <= display["numberBegins"], display
        assert display["numberEnds"] <= 390, display


@narrow
def test_the_long_equation_is_one_that_scrolls(visitor: Visitor) -> None:
    displays = visitor.open("hidden-weights.html").evaluate(DISPLAYS)
    assert {display["name"]: display["wide"] for display in displays}["eq-1"]
