"""Weigh the pages of the built book: requests and compressed bytes of a first visit, by kind.

    python benchmarks/page_weight.py [SITE]

A browser opens each page from a server of its own, without a cache; bytes are those of gzip at
level 6, or of the file itself where that is smaller.
"""

import gzip
import sys
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Response, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from browser.chromium import find_chromium  # noqa: E402

KINDS = ("document", "stylesheet", "script", "font", "image")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def weigh(browser: Browser, address: str, *, script: bool) -> tuple[Counter[str], Counter[str]]:
    """Return how many requests a page makes, and how many bytes they bring, by kind."""
    page = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=script
    ).new_page()
    responses: list[Response] = []
    # Playwright marks the handler that it gets, which a method of a list does not allow.
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108
    page.goto(address, wait_until="networkidle")
    count, size = Counter[str](), Counter[str]()
    for response in responses:
        body, kind = response.body(), response.request.resource_type
        count[kind] += 1
        size[kind] += min(len(body), len(gzip.compress(body, 6)))
    page.context.close()
    return count, size


def main() -> None:
    """Print a table of all pages."""
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/_build/html"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':20} requests    kB ", *(f"{kind:>10}" for kind in KINDS), "  without script")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for path in sorted(site.glob("*.html")):
            address = f"http://127.0.0.1:{server.server_port}/{path.name}"
            (count, size), (_, bare) = (weigh(browser, address, script=s) for s in (True, False))
            kinds = (f"{size[kind] / 1000:10.1f}" for kind in KINDS)
            total, without = size.total() / 1000, bare.total() / 1000
            print(f"{path.stem:20} {count.total():8} {total:6.1f}", *kinds, f"{without:10.1f}")
        browser.close()


if __name__ == "__main__":
    main()
