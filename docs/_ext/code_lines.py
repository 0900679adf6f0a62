"""Let long lines of code and of output go on below, further in: each line is an element.

A line says how far in it begins, since a style sheet cannot count blanks; book.css does the rest.
Pygments closes all elements at the end of a line, so lines can be told apart when all is written.
"""

import re
from pathlib import Path

from colours import in_code
from sphinx.application import Sphinx

BLOCK = re.compile(
    r'(<div class="highlight"><pre[^>]*>(?:<span></span>)?)(?!<span class="code-)(.+?)(?=</pre>)',
    re.DOTALL,
)


def element(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    style = f' style="--indent:{indent}ch"' if indent else ""
    return f'<span class="code-line"{style}>{line}</span>'


def lines(block: re.Match[str]) -> str:
    return block[1] + "".join(map(element, block[2].splitlines(keepends=True)))


def part_lines(app: Sphinx, site: Path) -> None:
    for path in site.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        parted = in_code(BLOCK.sub(lines, page), app.config)
        if parted != page:
            path.write_text(parted, encoding="utf-8")
