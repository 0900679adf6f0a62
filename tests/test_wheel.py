"""The checker in the books of others: from the wheel, in a fresh environment, a book of each kind.

PyPI is asked for the extensions that stand beside it.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from building import ROOT

pytestmark = pytest.mark.build

BESIDE = (
    "myst-nb",
    "sphinx-proof",
    "sphinx-exercise",
    "sphinx-external-toc",
    "sphinxcontrib-katex",
)
TABLE = r"""```{notation}
| symbol | meaning | Python |
|---|---|---|
| $a, b \in \mathbb{R}$ | two numbers | |
```
"""
RST_TABLE = r"""
.. notation::

   .. list-table::
      :header-rows: 1

      * - symbol
        - meaning
      * - :math:`a, b \in \mathbb{R}`
        - two numbers
"""
SQUARE = r"(a + b)^2 = a^2 + 2 a b + b^2"
DISPLAY = f"\n$$\n{SQUARE}\n$$ (eq-square)\n"
PROSE = r"""
````{prf:theorem} Squares
:label: squares

For all numbers $a$ and $b$:

```{math}
:label: eq-theorem
(a - b)^2 = a^2 - 2 a b + b^2
```
````

````{exercise}
:label: try

Show {eq}`eq-theorem`, and that

$$
% unchecked: an update is no claim
a \leftarrow a - b
$$
````
"""


def cell(kind, source):
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **extra}


NOTEBOOK = {
    "cells": [cell("markdown", f"# A notebook\n\n{TABLE}"), cell("markdown", DISPLAY)],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "nbformat": 4,
    "nbformat_minor": 4,
}
CHECKER, MATH = '"equation_checker.sphinxext"', 'myst_enable_extensions = ["dollarmath"]\n'
PROOFS = '"sphinx_proof", "sphinx_exercise"'
NOTEBOOKS = f'extensions = ["myst_nb", {CHECKER}, {{}}]\n{MATH}nb_execution_mode = "off"\n'

BOOKS = {  # of each: its files, the page with the square, and what its displays come out as
    "MyST and MathJax": (
        {
            "conf.py": f'extensions = ["myst_parser", {CHECKER}]\n{MATH}',
            "index.md": f"# A book\n\n{TABLE}{DISPLAY}\n[here](#eq-square)\n",
        },
        "index.md",
        ["held"],
    ),
    "KaTeX": (
        {
            "conf.py": f'extensions = ["myst_parser", "sphinxcontrib.katex", {CHECKER}]\n{MATH}',
            "index.md": f"# A book\n\n{TABLE}{DISPLAY}",
        },
        "index.md",
        ["held"],
    ),
    "reStructuredText": (
        {
            "conf.py": f"extensions = [{CHECKER}]\n",
            "index.rst": f"A book\n======\n{RST_TABLE}\n.. toctree::\n   :glob:\n\n   next*\n",
            "next.rst": f"Next\n====\n\n.. math:: {SQUARE}\n   :label: eq-square\n",
        },
        "next.rst",
        ["held"],
    ),
    "notebooks": (
        {
            "conf.py": NOTEBOOKS.format(""),
            "index.md": "# A book\n\n```{toctree}\nnotebook\n```\n",
            "notebook.ipynb": json.dumps(NOTEBOOK),
        },
        "notebook.ipynb",
        ["held"],
    ),
    "a Jupyter Book with proofs and exercises": (
        {
            "conf.py": NOTEBOOKS.format(f'"sphinx_external_toc", {PROOFS}'),
            "_toc.yml": "format: jb-book\nroot: intro\nchapters:\n- file: z\n- file: a\n",
            "intro.md": "# A book\n",
            "z.md": f"# First\n\n{TABLE}\n$$\nc := a + b\n$$ (eq-c)\n",
            "a.md": f"# Second\n\n{TABLE}{DISPLAY}{PROSE}\n$$\nc = b + a\n$$ (eq-later)\n",
        },
        "a.md",
        ["unchecked", "held", "held", "unchecked", "held"],
    ),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The folder of the programs of an environment that has the wheel and what is beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [folder / "venv/bin/pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    for command in (
        [sys.executable, "-m", "venv", folder / "venv"],
        [*pip, "wheel", "--no-deps", ROOT, "--wheel-dir", folder],
    ):
        subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", f"{wheel}[sphinx]", *BESIDE], check=True)
    return folder / "venv/bin"


def run(programs, *command):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"NO_COLOR": "1"}
    program, *arguments = command
    return subprocess.run(
        [programs / program, *arguments],
        env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def built(programs, folder):
    target = folder / "_build"
    done = run(programs, "sphinx-build", "-W", "-n", "--keep-going", folder, target)
    return done, json.loads((target / "equations.json").read_text()) if target.exists() else {}


@pytest.mark.parametrize("kind", BOOKS)
def test_a_book_is_judged_and_a_wrong_sign_fails_its_build(kind, programs, tmp_path):
    files, page, statuses = BOOKS[kind]
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done, written = built(programs, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [each["status"] for each in written["verdicts"]] == statuses
    html = BeautifulSoup((tmp_path / f"_build/{Path(page).stem}.html").read_text(), "html.parser")
    assert "✓ held" in [mark.summary.text for mark in html.select("details.verdict")]
    checked = run(programs, "equation-checker", "check", "--json", tmp_path)
    assert checked.returncode == 0, checked.stdout
    assert [each["status"] for each in json.loads(checked.stdout)["verdicts"]] == statuses

    wrong = (tmp_path / page).read_text().replace("2 a b", "3 a b", 1)
    (tmp_path / page).write_text(wrong, encoding="utf-8")
    done, _ = built(programs, tmp_path)
    place = rf"{page}:\d+:\d+: WARNING: refuted: the claim does not hold"
    assert done.returncode == 1
    assert re.search(place, done.stderr), done.stderr
    assert run(programs, "equation-checker", "check", tmp_path).returncode == 1


def test_the_wheel_holds_what_the_checker_needs(programs):
    code = (
        "from importlib.resources import files as f; p = f('equation_checker');"
        "print([p.joinpath(n).is_file() for n in "
        "('py.typed', 'schema/verdicts-1.json', 'sphinxext/static/equations.css')])"
    )
    assert run(programs, "python", "-c", code).stdout.strip() == "[True, True, True]"
