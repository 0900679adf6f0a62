"""The built book on a local server, and a Chromium that visits it and takes note of problems."""

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browser.chromium import HOW_TO_GET_ONE, find_chromium
from building import ROOT, Build

QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIET += " --disable-component-update --disable-sync"


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site(book: Build) -> Iterator[str]:
    """Serve the book that the build tests look at, and return its address."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(book.site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.fail(HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET.split())
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Someone with a browser window who visits pages of the book."""

    context: BrowserContext
    site: str
    problems: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Open a page and wait for all that it loads; its problems are collected."""
        page = self.context.new_page()
        page.on("request", self._note_request)
        page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", self._note_message)
        page.on("response", self._note_response)
        page.goto(self.site + address)
        page.wait_for_load_state("networkidle")
        return page

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.problems.append(f"request to another host: {request.url}")

    def _note_message(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console {message.type}: {message.text}")

    def _note_response(self, response: Any) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


@pytest.fixture
def visitor(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Visitor]:
    """Visit in a new window; a test may set `width` and `scheme` by indirect parameters."""
    width, scheme = getattr(request, "param", (1280, "light"))
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield Visitor(context, site)
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as a script."""
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
