"""Find the Chromium that the browser tests drive; run as a program, bring one where there is none.

The search stands here alone: the tests call `find_chromium`, and `make test` runs this file first.
"""

import os
import platform
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
HOW_TO_GET_ONE = """\
The browser tests need Chromium or Chrome; none was found, none could be installed. Ways out:
  Debian:     sudo apt-get install chromium
  elsewhere:  install Google Chrome, or run .venv/bin/playwright install --with-deps chromium
  one that is already there under another name:  CHROMIUM_PATH=/path/to/it make test
The other tests: make test-fast"""


def find_chromium() -> str | None:
    """Return the path of CHROMIUM_PATH's browser, of an installed one or of Playwright's own."""
    if chosen := os.environ.get("CHROMIUM_PATH"):
        if not _starts(chosen):
            raise SystemExit(f"CHROMIUM_PATH must name a browser that starts, not {chosen!r}")
        return chosen
    for path in filter(None, [*map(shutil.which, NAMES), MAC_CHROME]):
        if _starts(path):
            return path
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    return downloaded if _starts(downloaded) else None


def bring_chromium() -> str:
    """Return a browser's path; without one, install Debian's package or Playwright's own."""
    if not (found := find_chromium()) and (as_root := _debian_installer()) is not None:
        print("No Chromium found: installing Debian's package", flush=True)
        subprocess.run([*as_root, "apt-get", "update", "-qq"], check=False)
        install = ["apt-get", "install", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run([*as_root, *install], check=False, stdin=subprocess.DEVNULL)
        found = find_chromium()
    if not found:
        print("No Chromium found: downloading Playwright's own", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        found = find_chromium()
    if not found:
        raise SystemExit(HOW_TO_GET_ONE)
    return found


def _starts(path: str) -> bool:
    """Tell whether it runs: on some systems the name is a stub that asks for another package."""
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _debian_installer() -> list[str] | None:
    """Return what must stand before apt-get on a Debian where we may install, else None."""
    try:
        is_debian = platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        is_debian = False
    if not (is_debian and shutil.which("apt-get")):
        return None
    if os.geteuid() == 0:
        return []
    may_sudo = shutil.which("sudo") and not subprocess.call(["sudo", "-n", "true"])
    return ["sudo", "-n"] if may_sudo else None


if __name__ == "__main__":
    print("Browser for the tests:", bring_chromium())
