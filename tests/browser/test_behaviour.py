"""What readers do: go by keyboard, search, copy, switch the theme, link, download, launch."""

import json
import re
import tomllib
from urllib.parse import quote

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Visitor
from building import ROOT

pytestmark = pytest.mark.browser

URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
REPOSITORY = URLS["Repository"]


def focused(page: Page, what: str) -> bool:
    return page.evaluate(f"!!document.activeElement.closest({json.dumps(what)})")


def test_the_first_tab_skips_to_the_text(visitor: Visitor) -> None:
    page = visitor.open("model.html")
    page.keyboard.press("Tab")
    assert focused(page, "#pst-skip-link")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page, "main")


@pytest.mark.parametrize("visitor", [(320, "light")], ids=["320-light"], indirect=True)
def test_a_wide_equation_is_reached_and_scrolled_by_keyboard(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page, "#eq-1 .formula"):
            break
    assert focused(page, "#eq-1 .formula")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#eq-1 .formula:focus")).not_to_have_js_property("scrollLeft", 0)


def test_an_equation_and_each_of_its_lines_can_be_linked_to(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    for link, place in (("a.eqno", "#eq-1"), ("#eq-1-step-2 a.step", "#eq-1-step-2")):
        found = page.locator(f"#eq-1 {link}" if link == "a.eqno" else link)
        expect(found).to_be_visible()
        found.click()
        assert page.url.endswith(f"hidden-weights.html{place}")
        expect(page.locator(place)).to_be_in_viewport()


def test_what_a_mark_opens_lies_over_what_follows(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator("#eq-slide summary").click()
    opened = page.locator("#eq-slide details > div")
    expect(opened).to_be_visible()
    over = """box => { const {left, bottom} = box.getBoundingClientRect();
      return box.contains(document.elementFromPoint(left + 9, bottom - 9)); }"""
    opened.scroll_into_view_if_needed()
    assert opened.evaluate(over)


def test_a_number_in_the_text_leads_to_its_equation(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator("main a[href^='model.html#equation-']").first.click()
    expect(page.locator(".display:target")).to_be_in_viewport()


def test_a_name_in_code_leads_to_the_reference(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator("#eq-1 a", has_text=re.compile("^chain_rule_gradient$")).first.click()
    assert page.url.endswith("api.html#backprop_notes.chain_rule_gradient")
    expect(page.locator("dt:target")).to_be_in_viewport()


def test_search_finds_words_and_shows_them_readably(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("chain rule")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=chain*")
    results = page.locator("#search-results li")
    expect(results.locator("> a", has_text=re.compile("^Hidden weights$"))).to_have_count(1)
    expect(results.locator("p.context")).not_to_have_count(0)
    assert "\\" not in page.locator("#search-results").inner_text()
    assert visitor.problems == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("σ", "sigmoid.html"),
        ("sigma", "sigmoid.html"),
        ("chain rule", "hidden-weights.html"),
        ("5.3", "hidden-weights.html#eq-"),
        ("eq-plug-in", "hidden-weights.html#eq-plug-in"),
        ("hidden_gradient", "api.html#backprop_notes.hidden_gradient"),
    ],
)
def test_search_shows_first_the_page_that_explains(
    visitor: Visitor, query: str, first: str
) -> None:
    page = visitor.open(f"search.html?q={quote(query)}")
    link = page.locator("#search-results li > a").first
    expect(link).to_have_attribute("href", re.compile(f"^{re.escape(first)}"))


def test_there_is_one_search_field(visitor: Visitor) -> None:
    assert visitor.open("index.html").locator(".search-button__button:visible").count() == 1


def test_a_cell_is_copied_as_it_stands(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator("summary", has_text="The example: ").click()
    cell = page.locator(".cell_input", has_text="w2 = np.array").first
    cell.hover()
    cell.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("w2 = np.array([1.5, -2.0])\ni = 0\nx = X[i]")


def test_a_copied_doctest_can_be_pasted_and_outputs_have_no_button(visitor: Visitor) -> None:
    page = visitor.open("api.html")
    example = page.locator(".highlight", has_text=">>> sigmoid").first
    example.hover()
    example.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("sigmoid(")
    assert ">>>" not in copied
    assert page.locator(".output button.copybtn").count() == 0


def test_the_theme_is_switched_and_stays(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.locator(".theme-switch-button").click()
    page.locator(".theme-change-button[data-mode='dark']").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(background) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_the_keyboard_reaches_is_seen(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    for _ in range(40):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", page.evaluate("document.activeElement.outerHTML")


def test_paper_shows_what_the_screen_folds(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    folded = page.locator(".cell details pre").first
    expect(folded).to_be_hidden()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()
    verdict = page.locator(".gutter details.verdict > div").first
    assert not verdict.is_visible()


def test_a_page_without_sections_has_no_empty_column(visitor: Visitor) -> None:
    assert visitor.open("bibliography.html").locator(".bd-sidebar-secondary").count() == 0
    assert visitor.open("model.html").locator(".bd-sidebar-secondary").is_visible()


def test_drawings_have_the_ink_of_the_text_and_no_white_card(visitor: Visitor) -> None:
    page = visitor.open("training.html")
    drawing = page.locator("img.drawing").nth(1)
    drawing.scroll_into_view_if_needed()
    expect(drawing).to_have_js_property("complete", True)
    name = (drawing.get_attribute("src") or "").split("/")[-1]
    svg = page.request.get(f"{visitor.site}_images/{name}").text()
    for scheme, opening in (("light", "<style>svg{color:"), ("dark", "dark){svg{color:")):
        page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        ink = re.split("[;}]", svg.split(opening)[1])[0]
        expect(page.locator("article")).to_have_css("color", as_rgb(ink))
        for each in (drawing, drawing.locator("..")):
            expect(each).to_have_css("background-color", "rgba(0, 0, 0, 0)")
            expect(each).to_have_css("filter", "none")


def as_rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*bytes.fromhex(colour.removeprefix("#")))


def test_a_drawing_follows_the_colour_scheme_of_the_page(visitor: Visitor) -> None:
    page = visitor.open("training.html")
    drawing = page.locator("img.drawing").first
    drawing.scroll_into_view_if_needed()
    seen = set()
    for scheme in ("light", "dark", "light"):
        page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        page.evaluate("document.body.style.background = 'gray'")
        seen.add(drawing.screenshot())
    assert len(seen) == 2


def buttons(page: Page, group: str) -> dict[str, str]:
    links = page.locator(f".dropdown-{group}-buttons a")
    return {link.inner_text().strip(): link.get_attribute("href") or "" for link in links.all()}


def test_the_page_is_downloaded_as_notebook_and_source(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator(".dropdown-download-buttons summary").click()
    links = buttons(page, "download")
    answer = page.request.get(visitor.site + links[".ipynb"])
    notebook = nbformat.reads(answer.text(), as_version=4)
    nbformat.validate(notebook)
    source = page.request.get(visitor.site + links[".md"])
    assert source.body() == (ROOT / "docs/hidden-weights.md").read_bytes()


def test_the_page_is_launched_from_the_branch_of_notebooks(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator(".dropdown-launch-buttons summary").click()
    path = REPOSITORY.removeprefix("https://github.com/")
    assert buttons(page, "launch") == {
        "Binder": f"https://mybinder.org/v2/gh/{path}/notebooks"
        "?urlpath=lab/tree/hidden-weights.ipynb",
        "Colab": f"https://colab.research.google.com/github/{path}/blob/notebooks"
        "/hidden-weights.ipynb",
    }


def test_the_page_leads_to_its_source_and_to_the_issues(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.locator(".dropdown-source-buttons summary").click()
    links = buttons(page, "source")
    assert links["Repository"] == REPOSITORY
    assert links["Suggest edit"] == f"{REPOSITORY}/edit/main/docs/hidden-weights.md"
    assert links["Open issue"].startswith(f"{REPOSITORY}/issues/new?title=")


def test_the_book_is_read_without_scripts(chromium: Browser, site: str) -> None:
    with chromium.new_context(java_script_enabled=False, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{site}hidden-weights.html")
        expect(page.locator("html")).to_have_css("color-scheme", "light")  # all of it
        expect(page.locator(".theme-switch-button")).to_be_hidden()
        page.locator(".dropdown-download-buttons summary").click()
        expect(page.locator(".btn-download-source-button")).to_be_visible()
        expect(page.locator("#eq-1 .katex-html").first).to_be_visible()
        expect(page.locator(".bd-docs-nav a", has_text="Training")).to_be_visible()
        page.locator(".cell summary").first.click()
        expect(page.locator(".cell details pre").first).to_be_visible()
