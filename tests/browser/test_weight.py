"""What a first visit loads, on a phone, as a browser counts it; and nothing moves meanwhile."""

import gzip
from typing import TYPE_CHECKING

import pytest

from browser.conftest import Visitor
from browser.test_pages import each_page

if TYPE_CHECKING:
    from playwright.sync_api import Response

pytestmark = pytest.mark.browser

MOVED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200);
})"""


@pytest.mark.parametrize("visitor", [(390, "light")], ids=["390"], indirect=True)
@each_page
def test_a_first_visit_is_light_and_still(visitor: Visitor, name: str) -> None:
    responses: list[Response] = []
    visitor.context.on("response", lambda response: responses.append(response))  # noqa: PLW0108
    page = visitor.open(f"{name}.html")
    files = {response.url: response.body() for response in responses}
    sizes = [min(len(body), len(gzip.compress(body, 6))) for body in files.values()]
    assert sum(sizes) <= 100_000
    assert len(files) <= 10
    assert page.evaluate(MOVED) < 0.01
    assert not [url for url in files if "search" in url.partition("?")[0] and name != "search"]
