"""The one style sheet holds every rule that anything on a page could need, in any state."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Visitor
from browser.test_pages import OPEN_ALL, each_page
from building import Build

pytestmark = pytest.mark.browser

# The rules of the whole style sheet that are not in the page's own, though an element of the page
# answers to their selector: to what is left of it without the states in which it may be.
CUT_BUT_NEEDED = r"""whole => {
  // a, :is(b, c) d  becomes  a  and  b d  and  c d
  const split = list => list.split(/,(?![^()]*\))/).map(each => each.trim());
  const spread = list => split(list).flatMap(each => {
    const [all, inner] = each.match(/:is\(([^()]*)\)/) ?? [];
    return all ? split(inner).flatMap(one => spread(each.replace(all, one))) : each;
  });
  const flat = (rules, where) => [...rules].flatMap(rule => {
    const inside = where + (rule.conditionText ?? "");
    return rule.selectorText === undefined ? flat(rule.cssRules ?? [], inside)
      : spread(rule.selectorText).map(each => [each, inside]);
  });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(whole);
  const own = [...document.styleSheets].flatMap(each => flat(each.cssRules, ""));
  const kept = new Set(own.map(String));
  const lasting = "not|is|where|has|root|nth|first-child|last-child|only|empty";
  const state = RegExp(`::?(?!${lasting})[a-z-]+(\\([^()]*\\))?`, "g");
  const needs = selector => {
    const still = selector.replace(state, "").replace(/(^|[\s>+~])(?=$|[\s>+~])/g, "$1*");
    try { return document.querySelector(still.replaceAll(/\((\s*,?\s*)\)/g, "(*)")); }
    catch { return selector; }
  };
  return flat(sheet.cssRules, "").filter(rule => !kept.has(String(rule)) && needs(rule[0]));
}"""


@pytest.fixture(scope="session")
def whole(book: Build) -> str:
    """The style sheets as they were joined, before what no page uses was cut."""
    return (book.site.parent / "doctrees/whole.css").read_text(encoding="utf-8")


def lacking(page: Page, whole: str) -> list[list[str]]:
    return page.evaluate(CUT_BUT_NEEDED, whole)


@each_page
def test_no_rule_is_cut_that_a_page_needs(visitor: Visitor, name: str, whole: str) -> None:
    page = visitor.open(f"{name}.html")
    assert lacking(page, whole) == []
    page.evaluate(OPEN_ALL)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert lacking(page, whole) == []


def test_the_comparison_sees_a_rule_that_was_cut(visitor: Visitor, whole: str) -> None:
    page = visitor.open("model.html")
    planted = whole + "main h1:hover::before, .no-such-class {color: red}"
    assert lacking(page, planted) == [["main h1:hover::before", ""]]


@pytest.mark.parametrize("visitor", [(390, "dark")], ids=["390-dark"], indirect=True)
def test_no_rule_is_cut_that_what_opens_needs(visitor: Visitor, whole: str) -> None:
    page = visitor.open("hidden-weights.html")
    for toggle in (".primary-toggle", ".secondary-toggle", ".search-button"):
        page.locator(f"{toggle}:visible").first.click()
        expect(page.locator("dialog:modal")).to_be_visible()
        assert lacking(page, whole) == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog:modal")).to_have_count(0)
    page.locator("[popovertarget]").first.click()
    page.locator(".theme-switch-button").click()
    page.locator(".cell_input button.copybtn:visible").first.click()
    page.mouse.wheel(0, 3000)
    expect(page.locator("button.copybtn.success")).to_have_count(1)
    assert lacking(page, whole) == []


def test_no_rule_is_cut_that_results_of_a_search_need(visitor: Visitor, whole: str) -> None:
    page = visitor.open("search.html?q=chain+rule")
    expect(page.locator("#search-results li p.context").first).to_be_visible()
    assert lacking(page, whole) == []
