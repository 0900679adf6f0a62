"""Offer each page as a notebook that any Jupyter shows and runs.

It is in plain Markdown, with the numbers and links of the book, and installs the library first.
"""

import re
from typing import Any

import nbformat
from sphinx.application import Sphinx
from sphinx.util.inventory import InventoryFile
from sphinx.util.typing import ExtensionMetadata

Inventory = Any  # what objects.inv lists, by kind and name


def role(match: re.Match[str], known: Inventory) -> str:
    """Write what a role refers to as a link into the book."""
    kind, target = match.groups()
    if kind == "eq":
        equation = known["std:label"][target]
        return f"[{equation.display_name.removeprefix('Equation ')}]({equation.uri})"
    if kind == "doc":
        page = known["std:doc"][target]
        return f"[{page.display_name}]({page.uri})"
    if kind == "func":
        function = target.removeprefix("~")
        return f"[`{function.split('.')[-1]}`]({known['py:function'][function].uri})"
    if kind == "cite":
        return f"[{target}]({known['std:doc']['bibliography'].uri})"
    if kind == "numref":
        return f"[the figure]({known['std:label'][target].uri})"
    return f"`{target}`"


def directive(match: re.Match[str], known: Inventory) -> str:
    """Write a display with its number; leave out what only steers the book."""
    kind, argument, options, content = (part.strip() for part in match.groups())
    if kind == "math":
        label = re.search(r"^:label: (\S+)", options, re.MULTILINE)
        name = known["std:label"][label[1]].display_name if label else ""
        tag = f" \\tag{{{name.removeprefix('Equation (')[:-1]}}}" if label else ""
        return f"$$\n{content}{tag}\n$$" + tied(options)
    if kind == "notation":
        return content
    if kind == "margin":
        return "\n".join(f"> {line}" for line in [f"**{argument}.**", *content.splitlines()])
    if kind == "lines":
        equation = known["std:label"][argument]
        return f"[{equation.display_name}]({equation.uri})"
    if kind == "toctree":
        return ""
    return f"```python\n{content}\n```" if kind == "doctest" else match[0]


def tied(options: str) -> str:
    """Write the code of a display, an expression a line."""
    python = re.search(r"^:python: (.+)$", options, re.MULTILINE)
    code = [each.strip() for each in python[1].split(";") if each.strip()] if python else []
    return "\n\n```python\n" + "\n".join(code) + "\n```" if code else ""


def plain(markdown: str, known: Inventory) -> str:
    """Write MyST's roles and directives in the Markdown that any notebook shows."""
    markdown = re.sub(
        r"^```\{(\w+)\}(.*)\n((?::\w+:.*\n)*)\n*([\s\S]*?)^```$",
        lambda match: directive(match, known),
        markdown,
        flags=re.MULTILINE,
    )
    markdown = re.sub(r"\[([^\]]+)\]\{\.[\w-]+\}", r"\1", markdown)
    return re.sub(r"\{(\w+)\}`([^`]+)`", lambda match: role(match, known), markdown)


def offer(app: Sphinx, exception: Exception | None) -> None:
    """Put a plain notebook in the place of each one that the theme copied from MyST-NB."""
    inventory, offered = (
        app.outdir / "objects.inv",
        sorted((app.outdir / "_sources").glob("*.ipynb")),
    )
    if exception or app.builder.name != "html" or not offered:
        return
    site = app.config.html_baseurl
    known: Inventory = InventoryFile.loads(inventory.read_bytes(), uri=site).data
    library = f"git+{app.config.html_theme_options['repository_url']}"
    for file in offered:
        source = app.outdir.parent / "jupyter_execute" / file.name
        notebook = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = plain(cell.source, known)
        page = known["std:doc"][file.stem]
        head = f"*[{page.display_name}]({page.uri}), to run and to change.*"
        install = f"%pip install --quiet {library} matplotlib"
        notebook.cells[:0] = [
            nbformat.v4.new_markdown_cell(head, id="page"),  # type: ignore[no-untyped-call]
            nbformat.v4.new_code_cell(install, id="install"),  # type: ignore[no-untyped-call]
        ]
        nbformat.write(notebook, file)  # type: ignore[no-untyped-call]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("build-finished", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
