"""Let long lines of code and of output go on below, further in: each line is an element.

A line says how far in it begins, since a style sheet cannot count blanks; book.css does the rest.
Pygments closes all elements at the end of a line, so lines can be told apart when all is written.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

BLOCK = re.compile(
    r'(<div class="highlight"><pre[^>]*>(?:<span></span>)?)(?!<span class="code-)(.+?)(?=</pre>)',
    re.DOTALL,
)


def element(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    style = f' style="--indent:{indent}ch"' if indent else ""
    return f'<span class="code-line"{style}>{line}</span>'


def part_lines(block: re.Match[str]) -> str:
    return block[1] + "".join(map(element, block[2].splitlines(keepends=True)))


def part_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    for path in Path(app.outdir).glob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(BLOCK.sub(part_lines, page), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("build-finished", part_pages, priority=600)  # after the links, which look for names
    return {"parallel_read_safe": True, "parallel_write_safe": True}
