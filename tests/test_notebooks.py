"""The notebooks behind the launch buttons, made from a book of one page."""

import subprocess
import sys
import tomllib
import zlib
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
ADDRESSES = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
SITE, REPOSITORY = ADDRESSES["Documentation"], ADDRESSES["Repository"]
PAGE = r"""# Waves

See {eq}`eq-wave`, {doc}`waves`,
{func}`~backprop_notes.sigmoid`, {cite}`huang2019`
and {abbr}`KaTeX`.

```{math}
:label: eq-wave
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

| symbol | meaning | Python |
|---|---|---|

```python
>>> 1 + 1
2
```"""
INVENTORY = b"""waves std:doc -1 waves.html On waves
bibliography std:doc -1 bibliography.html Bibliography
backprop_notes.sigmoid py:function 1 api.html#sigmoid -
"""


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    (tmp_path / "html").mkdir()
    html = '<div id="eq-wave" aria-label="Equation 2.1" role="group">'
    (tmp_path / "html/waves.html").write_text(html)
    head = b"# Sphinx inventory version 2\n# Project: b\n# Version: 1\n# compressed using zlib\n"
    (tmp_path / "html/objects.inv").write_bytes(head + zlib.compress(INVENTORY))
    (tmp_path / "jupyter_execute").mkdir()
    cells = [nbformat.v4.new_markdown_cell(PAGE), nbformat.v4.new_code_cell("1 + 1")]
    page = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(page, tmp_path / "jupyter_execute/waves.ipynb")
    command = [sys.executable, ROOT / ".github/notebooks.py", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True)
    return tmp_path / "notebooks"


def test_page_becomes_a_notebook_that_installs_the_library(notebooks: Path) -> None:
    head, install, text, code = nbformat.read(notebooks / "waves.ipynb", as_version=4).cells
    assert f"[On waves]({SITE}waves.html)" in head.source
    assert (
        install.source
        == "%pip install --quiet git+https://github.com/backprop-notes/backprop-notes"
    )
    assert text.source.rstrip() == PLAIN
    assert code.source == "1 + 1"


def test_binder_is_told_what_to_install(notebooks: Path) -> None:
    first, second = (notebooks / "requirements.txt").read_text().splitlines()
    assert first == f"backprop-notes @ git+{REPOSITORY}"
    assert second == "matplotlib"
    assert (notebooks / "runtime.txt").read_text() == "python-3.12\n"
