"""Join the style sheets that the pages name, and keep of them what the pages use in any state.

PurgeCSS keeps a rule when each name in its selector stands in a page, as what it is there, or in a
script, which may add it: so menus, dialogs and the dark scheme keep theirs.
"""

import hashlib
import json
import posixpath
import re
import subprocess
from base64 import b64encode
from pathlib import Path

from katex import node_program
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

JOINED = "_static/site.css"
# Fonts of a few signs stand in the style sheet itself: requests cost more than they weigh.
SMALL = "fa-solid-900 fa-brands-400 KaTeX_AMS-Regular KaTeX_Size1-Regular KaTeX_Size2-Regular"
WHOLE_SHEET = "whole.css"  # kept beside the doctrees: a test looks at what was cut
LINK = re.compile(
    r'<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"?]*?)(_static/[^"?]*)[^>]*>\n?'
)
IMPORT = re.compile(r'@import "([^"]+)";')
ADDRESS = re.compile(r"url\((?![\"']?data:)[\"']?([^)\"']+)[\"']?\)")

# What a page holds, as what it is there; in scripts any word may be a name of anything.
PROGRAM = r"""
const {PurgeCSS} = require(process.argv[1]);
const [pages, scripts, css] = JSON.parse(require("fs").readFileSync(0));
const [names, values, classes, ids, tags] = Array.from({length: 5}, () => new Set());
const opening = /<([a-z][\w-]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)/g;
for (const [, tag, attributes] of pages.matchAll(opening)) {
  tags.add(tag);
  for (const [, name, value = ""] of attributes.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
    names.add(name);
    for (const word of [value, ...value.split(/\s+/)]) values.add(word);
    if (name === "class") value.split(/\s+/).forEach((word) => classes.add(word));
    if (name === "id") ids.add(value);
  }
}
const undetermined = scripts.match(/[\w-]+/g) || [];
const found = {attributes: {names: [...names], values: [...values]}, classes: [...classes],
  ids: [...ids], tags: [...tags], undetermined};
const variables = (pages + scripts).match(/--[\w-]+/g) || [];
new PurgeCSS().purge({
  content: [{raw: "-", extension: "html"}],
  css: [{raw: css}],
  extractors: [{extractor: () => found, extensions: ["html"]}],
  safelist: {standard: [/^:/], variables},  // else a rule for :focus-visible alone is cut
  variables: true, keyframes: true,
}).then(([{css}]) => process.stdout.write(css));
"""


def read(site: Path, name: str) -> str:
    """Return a style sheet with what it imports, its addresses as the joined one needs them."""
    folder, home = posixpath.dirname(name), posixpath.dirname(JOINED)
    style = re.sub(r"/\*.*?\*/", "", (site / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    style = ADDRESS.sub(
        lambda found: f"url({posixpath.relpath(posixpath.join(folder, found[1]), home)})", style
    )
    return IMPORT.sub(lambda found: read(site, posixpath.normpath(f"{folder}/{found[1]}")), style)


def purged(package: Path, style: str, pages: list[str], scripts: list[str]) -> str:
    done = subprocess.run(  # noqa: S603
        [node_program(), "-e", PROGRAM, str(package / "lib/purgecss.js")],
        input=json.dumps(["\n".join(pages), "\n".join(scripts), style]),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise ExtensionError(f"PurgeCSS in {package} does not run:\n{done.stderr}")
    return re.sub(r"\s*\n\s*", "\n", done.stdout).strip() + "\n"


def with_small_fonts(site: Path, style: str) -> str:
    def inside(found: re.Match[str]) -> str:
        content = (site / posixpath.dirname(JOINED) / found[1]).read_bytes()
        return f"url(data:font/woff2;base64,{b64encode(content).decode()})"

    names = "|".join(SMALL.split())
    return re.sub(rf"url\(([^)]*(?:{names})\.woff2)\)", inside, style)


def join_styles(app: Sphinx, site: Path) -> None:
    """Write the joined style sheet, and name it in the pages in place of the others."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    scripts = [path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.js"))]
    names = dict.fromkeys(name for page in pages.values() for _, name in LINK.findall(page))
    style = "".join(read(site, name) for name in names)
    (app.doctreedir / WHOLE_SHEET).write_text(style, encoding="utf-8")
    style = purged(app.config.purgecss_package, style, [*pages.values()], scripts)
    style = with_small_fonts(site, style)
    (site / JOINED).write_text(style, encoding="utf-8")
    version = hashlib.sha256(style.encode()).hexdigest()[:8]
    for path, page in pages.items():
        first = LINK.search(page)
        if first:
            link = f'<link href="{first[1]}{JOINED}?v={version}" rel="stylesheet">\n'
            head, rest = page[: first.start()], page[first.start() :]
            path.write_text(head + link + LINK.sub("", rest), encoding="utf-8")
