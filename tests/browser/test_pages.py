"""Every page, wide and narrow, light and dark: nothing amiss for any reader."""

import pytest
from playwright.sync_api import Page

from browser.conftest import Visitor
from building import ROOT

pytestmark = pytest.mark.browser

PAGES = [*sorted(source.stem for source in (ROOT / "docs").glob("*.md")), "search"]

each_window = pytest.mark.parametrize(
    "visitor",
    [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")],
    ids="{0[0]}-{0[1]}".format,
    indirect=True,
)
each_page = pytest.mark.parametrize("name", PAGES)

# What of a line leaves its display, and what of it must be scrolled to be seen.
OFF_SCREEN = """[...document.querySelectorAll('.line')].flatMap(line => {
  const {left, right} = line.closest('.display').getBoundingClientRect();
  const parts = line.querySelectorAll('.left, .right, .reason, .worked *, .gutter > *');
  return [...parts].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > right + 1 || box.left < left - 1);
  }).map(each => [line.closest('.equation').id, each.outerHTML.slice(0, 80)]);
})"""
SCROLLED = """[...document.querySelectorAll('.formula')].filter(each => each.clientWidth &&
  (each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight)).map(each =>
  each.closest('.equation').id)"""
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


@pytest.mark.parametrize(
    "visitor", [(1280, "light"), (900, "light"), (390, "light")], ids="{0[0]}".format, indirect=True
)
@each_page
def test_all_of_each_derivation_is_on_the_screen(visitor: Visitor, name: str) -> None:
    page = visitor.open(f"{name}.html")
    assert page.evaluate(OFF_SCREEN) == []
    assert page.evaluate(SCROLLED) == []


@pytest.mark.parametrize("visitor", [(320, "light")], ids=["320"], indirect=True)
def test_a_line_that_cannot_be_broken_scrolls_in_itself(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    assert page.evaluate(SCROLLED) == ["eq-1"]
    assert page.locator("#eq-1 .formula").first.evaluate("each => each.tabIndex") == 0
