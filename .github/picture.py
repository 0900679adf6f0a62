"""Take README's picture from the built book: picture.py BUILD."""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from browser.chromium import find_chromium  # noqa: E402

TARGET = ROOT / "docs/_static/readme.png"
PAGE = Path(sys.argv[1], "html/hidden-weights.html").resolve()

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
    page.goto(PAGE.as_uri())
    page.wait_for_load_state("networkidle")
    page.locator("#from-the-probability-to-the-score").evaluate("each => each.scrollIntoView()")
    page.screenshot(path=TARGET)
    browser.close()
Image.open(TARGET).convert("P", palette=Image.Palette.ADAPTIVE, colors=256).save(
    TARGET, optimize=True
)
print(f"The picture is {TARGET.relative_to(ROOT)}")
