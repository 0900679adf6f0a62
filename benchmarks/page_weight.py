"""Weigh the pages of the built book: requests and compressed bytes of a first visit, by kind.

    python benchmarks/page_weight.py [SITE [ANOTHER SITE]]

A browser opens each page from a server of its own, without a cache; bytes are those of gzip at
level 6, or of the file itself where that is smaller. It opens it once more as a slow phone would
(Slow 4G, a processor at a quarter of its speed), for what is seen when and how much of it moves.
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

# A round trip of 562 ms, 1.44 Mbit/s down and 0.675 up.
SLOW_4G = {
    "offline": False,
    "latency": 562,
    "downloadThroughput": 1.44e6 / 8,
    "uploadThroughput": 0.675e6 / 8,
}
TIMES = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { moved += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => {
    const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    const fonts = performance.getEntriesByType("resource").filter(({name}) => /KaTeX/.test(name));
    done([painted, Math.max(...fonts.map(font => font.responseEnd)), moved]);
  }, 1000);
})"""
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


def time_of(browser: Browser, address: str) -> tuple[float, float, float]:
    """Return when a slow phone first paints, when its last font is there, and how much moves."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    painted, fonts, moved = page.evaluate(TIMES)
    context.close()
    return painted / 1000, max(painted, fonts) / 1000, moved


def main() -> None:
    """Print a table of all pages of each site, one site's line below the other's."""
    sites = [Path(site) for site in sys.argv[1:]] or [ROOT / "docs/_build/html"]
    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) for site in sites
    ]
    for server in servers:
        Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':16} requests    kB ", *(f"{kind:>10}" for kind in KINDS), end="  ")
    print("without script  paint s  maths s   moved")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in sorted(
            path.name for path in sites[-1].glob("*.html") if path.name != "404.html"
        ):
            for server in servers:
                address = f"http://127.0.0.1:{server.server_port}/{name}"
                (count, size), (_, bare) = (
                    weigh(browser, address, script=s) for s in (True, False)
                )
                kinds = (f"{size[kind] / 1000:10.1f}" for kind in KINDS)
                total, without = size.total() / 1000, bare.total() / 1000
                painted, maths, moved = time_of(browser, address)
                print(f"{name:16.16} {count.total():8} {total:6.1f}", *kinds, end="  ")
                print(f"{without:14.1f} {painted:8.2f} {maths:8.2f} {moved:7.3f}")
        browser.close()


if __name__ == "__main__":
    main()
