"""The notebooks for download and behind the launch buttons: plain, and they run anywhere."""

import importlib.util
import json
import subprocess
import sys
import tomllib
import zlib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from sphinx.util.inventory import InventoryFile

from building import ROOT, Build

ADDRESSES = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
SITE, REPOSITORY = ADDRESSES["Documentation"], ADDRESSES["Repository"]
PAGE = r"""# Waves

See {eq}`eq-wave`, {doc}`waves`,
{func}`~backprop_notes.sigmoid`, {cite}`huang2019`
and {abbr}`KaTeX`.

```{math}
:label: eq-wave
:python: wave(t); ; sigmoid(t)
\sin t
```

```{notation}
| symbol | meaning | Python |
|---|---|---|
```

```{doctest}
>>> 1 + 1
2
```

```{lines} eq-wave
```

```{margin} History
Long ago.
```

```{toctree}
:hidden:

waves
```"""
PLAIN = rf"""# Waves

See [(2.1)]({SITE}waves.html#eq-wave), [On waves]({SITE}waves.html),
[`sigmoid`]({SITE}api.html#sigmoid), [huang2019]({SITE}bibliography.html)
and `KaTeX`.

$$
\sin t \tag{{2.1}}
$$

```python
wave(t)
sigmoid(t)
```

| symbol | meaning | Python |
|---|---|---|

```python
>>> 1 + 1
2
```

[Equation (2.1)]({SITE}waves.html#eq-wave)

> **History.**
> Long ago."""
INVENTORY = b"""waves std:doc -1 waves.html On waves
bibliography std:doc -1 bibliography.html Bibliography
backprop_notes.sigmoid py:function 1 api.html#sigmoid -
eq-wave std:label -1 waves.html#eq-wave Equation (2.1)
"""
HEAD = b"# Sphinx inventory version 2\n# Project: b\n# Version: 1\n# compressed using zlib\n"


def test_a_page_becomes_plain_markdown_with_numbers_and_links() -> None:
    spec = importlib.util.spec_from_file_location("plain", ROOT / "docs/_ext/plain_notebooks.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    known = InventoryFile.loads(HEAD + zlib.compress(INVENTORY), uri=SITE).data
    assert made.plain(PAGE, known).rstrip() == PLAIN


@pytest.mark.build
def test_what_is_downloaded_begins_by_installing_the_library_and_is_plain(book: Build) -> None:
    for file in (book.site / "_sources").glob("*.ipynb"):
        head, install, *cells = nbformat.read(file, as_version=4).cells
        assert f"]({SITE}{file.stem}.html)" in head.source
        assert install.source == f"%pip install --quiet git+{REPOSITORY} matplotlib"
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        assert not {part for part in ("```{", "{eq}", "{cite}", "{func}", "{doc}") if part in text}
        assert text.count("\\tag{") == text.count("$$") / 2


@pytest.mark.build
def test_a_downloaded_notebook_runs_in_an_empty_environment(book: Build, tmp_path: Path) -> None:
    python = tmp_path / "venv/bin/python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    for command in (
        [sys.executable, "-m", "venv", tmp_path / "venv"],
        [*pip, "wheel", "--no-deps", ROOT, "--wheel-dir", tmp_path],
        [*pip, "install", "ipykernel"],
    ):
        subprocess.run(command, check=True)
    kernel = tmp_path / "kernels/kernels/empty"
    kernel.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "empty"}))
    notebook = nbformat.read(book.site / "_sources/hidden-weights.ipynb", as_version=4)
    (wheel,) = tmp_path.glob("*.whl")
    install = notebook.cells[1]
    install.source = install.source.replace(f"git+{REPOSITORY}", str(wheel))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(tmp_path / "kernels"))
        patch.delenv("PYTHONPATH", raising=False)
        NotebookClient(notebook, kernel_name="empty", timeout=600).execute()
    assert sum(bool(cell.get("outputs")) for cell in notebook.cells) > 1


@pytest.mark.build
def test_the_branch_of_notebooks_has_what_is_downloaded_and_what_binder_needs(
    book: Build, tmp_path: Path
) -> None:
    (tmp_path / "html").symlink_to(book.site)
    subprocess.run([sys.executable, ROOT / ".github/notebooks.py", tmp_path], cwd=ROOT, check=True)
    made = tmp_path / "notebooks"
    for file in (book.site / "_sources").glob("*.ipynb"):
        assert (made / file.name).read_bytes() == file.read_bytes()
    first, second = (made / "requirements.txt").read_text().splitlines()
    assert first == f"backprop-notes @ git+{REPOSITORY}"
    assert second == "matplotlib"
    assert (made / "runtime.txt").read_text() == "python-3.12\n"
