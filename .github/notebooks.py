"""Make the notebooks that the launch buttons open: notebooks.py BUILD.

BUILD/jupyter_execute has the pages as MyST-NB executed them. BUILD/notebooks gets each of them in
plain Markdown, with the numbers and links of BUILD/html and a first cell that installs the library,
and beside them the two files that tell Binder what to install.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import nbformat
from sphinx.util.inventory import InventoryFile

BUILD = Path(sys.argv[1])
PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
SITE = PROJECT["urls"]["Documentation"]
LIBRARY = f"git+{PROJECT['urls']['Repository']}"

INVENTORY = InventoryFile.loads((BUILD / "html/objects.inv").read_bytes(), uri=SITE).data
EQUATIONS = {}  # number and address by label
for html in (BUILD / "html").glob("*.html"):
    for tag in re.findall(
        r'<div [^>]*aria-label="Equation [^>]*>', html.read_text(encoding="utf-8")
    ):
        number, label = re.search(r"Equation ([\d.]+)", tag), re.search(r' id="([^"]+)', tag)
        if number and label:
            EQUATIONS[label[1]] = number[1], f"{SITE}{html.name}#{label[1]}"


def role(match: re.Match[str]) -> str:
    """Write what a role refers to as a link into the book."""
    kind, target = match.groups()
    if kind == "eq":
        number, address = EQUATIONS[target]
        return f"[({number})]({address})"
    if kind == "doc":
        page = INVENTORY["std:doc"][target]
        return f"[{page.display_name}]({page.uri})"
    if kind == "func":
        function = target.removeprefix("~")
        return f"[`{function.split('.')[-1]}`]({INVENTORY['py:function'][function].uri})"
    if kind == "cite":
        return f"[{target}]({INVENTORY['std:doc']['bibliography'].uri})"
    return f"`{target}`"


def directive(match: re.Match[str]) -> str:
    """Write a display with its number; leave out what only steers the book."""
    kind, options, content = match.groups()
    if kind == "math":
        label = re.search(r"^:label: (\S+)", options, re.MULTILINE)
        tag = f" \\tag{{{EQUATIONS[label[1]][0]}}}" if label else ""
        return f"$$\n{content}{tag}\n$$"
    if kind == "notation":
        return content
    if kind == "toctree":
        return ""
    return f"```python\n{content}\n```" if kind == "doctest" else match[0]


def plain(markdown: str) -> str:
    """Write MyST's roles and directives in the Markdown that any notebook shows."""
    markdown = re.sub(
        r"^```\{(\w+)\}.*\n((?::\w+:.*\n)*)\n*([\s\S]*?)\n```$",
        directive,
        markdown,
        flags=re.MULTILINE,
    )
    return re.sub(r"\{(\w+)\}`([^`]+)`", role, markdown)


shutil.rmtree(BUILD / "notebooks", ignore_errors=True)
(BUILD / "notebooks").mkdir()
for source in sorted((BUILD / "jupyter_execute").glob("*.ipynb")):
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source)
    page = INVENTORY["std:doc"][source.stem]
    head = f"*[{page.display_name}]({page.uri}), to run and to change.*"
    notebook.cells[:0] = [
        nbformat.v4.new_markdown_cell(head, id="page"),
        nbformat.v4.new_code_cell(f"%pip install --quiet {LIBRARY}", id="install"),
    ]
    nbformat.write(notebook, BUILD / "notebooks" / source.name)

(BUILD / "notebooks/requirements.txt").write_text(f"{PROJECT['name']} @ {LIBRARY}\nmatplotlib\n")
(BUILD / "notebooks/runtime.txt").write_text("python-3.12\n")
print(f"The notebooks are in {BUILD / 'notebooks'}")
