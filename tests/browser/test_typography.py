"""How the text is set: its measure, its face, and what becomes of what is too wide."""

import pytest

from browser.conftest import Visitor

pytestmark = pytest.mark.browser

CHAPTERS = ("model", "sigmoid", "output-weights", "hidden-weights", "finishing", "training")
each_chapter = pytest.mark.parametrize("name", CHAPTERS)

# How many characters the lines of paragraphs hold, but for each paragraph's last; words alone.
FULL_LINES = """[...document.querySelectorAll('main section > p')].filter(p =>
  !p.querySelector('.katex')).flatMap(p => {
  const lines = new Map(), walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();)
    for (let k = 0; k < node.length; k++) {
      const range = new Range();
      range.setStart(node, k); range.setEnd(node, k + 1);
      const [box] = range.getClientRects(), line = box && Math.round(box.bottom / 8);
      if (box) lines.set(line, (lines.get(line) ?? 0) + 1);
    }
  return [...lines.values()].slice(0, -1);
})"""
NARROWER_THAN_ITS_LINES = """[...document.querySelectorAll('main .cell pre')].filter(pre =>
  pre.clientWidth && pre.scrollWidth > pre.clientWidth + 1).map(pre => pre.textContent)"""


@pytest.mark.parametrize(
    ("visitor", "fewest", "most"),
    [((1280, "light"), 60, 75), ((1920, "light"), 60, 75), ((390, "light"), 35, 50)],
    ids=["1280", "1920", "390"],
    indirect=["visitor"],
)
def test_a_line_of_text_has_the_length_that_reads_well(
    visitor: Visitor, fewest: int, most: int
) -> None:
    lengths = [
        length for name in CHAPTERS for length in visitor.open(f"{name}.html").evaluate(FULL_LINES)
    ]
    assert len(lengths) > 20
    lengths.sort()
    assert fewest <= lengths[len(lengths) // 2] <= most
    assert lengths[9 * len(lengths) // 10] <= most + 2
    assert lengths[-1] < 1.25 * most


@pytest.mark.parametrize(
    "visitor", [(1280, "light"), (390, "light")], ids=["1280", "390"], indirect=True
)
@each_chapter
def test_no_line_of_code_or_output_is_cut(visitor: Visitor, name: str) -> None:
    page = visitor.open(f"{name}.html")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.evaluate(NARROWER_THAN_ITS_LINES) == []


def test_the_text_is_set_in_its_own_face_and_asked_for_early(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    page.evaluate("document.fonts.ready")
    for face in ("16px Text", "italic 16px Text", "600 16px Text"):
        assert page.evaluate(f"document.fonts.check('{face}')")
    early = page.locator("link[rel=preload][as=font]").evaluate_all("all => all.map(e => e.href)")
    loaded = "performance.getEntriesByType('resource').map(each => each.name)"
    assert early
    assert set(early) <= set(page.evaluate(loaded))


@pytest.mark.parametrize(
    "visitor", [(1280, "light"), (390, "dark")], ids=["1280", "390"], indirect=True
)
def test_numbers_stand_below_one_another_beside_the_text(visitor: Visitor) -> None:
    page = visitor.open("hidden-weights.html")
    ends = page.locator(".gutter .eqno").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().right)"
    )
    assert len(ends) > 4
    assert max(ends) - min(ends) < 1
