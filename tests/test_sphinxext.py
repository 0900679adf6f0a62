"""A book with the checker: what it shows, what fails its build, and what a second build does."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.build

SRC = Path(__file__).parent.parent / "src"
CHECKER = Path(__file__).parent.parent / "docs/checker.md"
TINY = Path(__file__).parent / "roots/equations"


class Book:
    """A copy of the tiny book, to be edited and built."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(TINY, folder)

    def build(
        self, *options: str, builder: str = "html", path: Path = SRC
    ) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "-n",
            "--keep-going",
            *options,
            "-b",
            builder,
        ]
        built = self.folder / "_build"
        return subprocess.run(
            [*command, "-d", built / "doctrees", self.folder, built / builder],
            env={**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{SRC}", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    def check(self, page: str) -> int:
        command = [sys.executable, "-m", "equation_checker", "check", self.folder / page]
        return subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(SRC)}, check=False
        ).returncode

    def edit(self, page: str, old: str, new: str) -> None:
        file = self.folder / page
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.folder / "_build/html" / name).read_text(), "html.parser")

    def listed(self) -> list[dict[str, str]]:
        return json.loads((self.folder / "_build/html/equations.json").read_text())["verdicts"]


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "book")


def test_a_book_needs_nothing_but_the_extension(book):
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert [each["status"] for each in book.listed()] == ["held", "held"]


def test_a_verdict_stands_below_each_display_with_a_place_for_each_step(book):
    book.build()
    (mark,) = book.page("index.html").select("details.verdict")
    assert mark.summary.text == "✓ held"
    assert [step["id"] for step in mark.select("li")] == ["eq-square-step-1", "eq-square-step-2"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_wrong_equation_fails_the_first_build_and_every_later_one(book, jobs):
    book.edit("second.md", "= 2 t", "= 3 t")
    for _ in range(2):
        done = book.build("-j", jobs)
        assert done.returncode == 1
        assert "second.md:6:" in done.stderr
        assert "refuted" in done.stderr
    book.edit("second.md", "= 3 t", "= 2 t")
    assert book.build("-j", jobs).returncode == 0


def test_a_wrong_definition_is_found_on_a_later_page_that_did_not_change(book):
    assert book.build().returncode == 0
    book.edit("index.md", "f(t) := t^2", "f(t) := t^3")
    done = book.build()
    assert "second.md:6:" in done.stderr
    assert done.returncode == 1


def test_what_is_asked_of_definitions_is_asked_of_a_book_that_did_not_change(book):
    book.edit("index.md", "| $f(t)", "| $g(t) := t^3$ | a function of no use | |\n| $f(t)")
    assert book.build().returncode == 0
    done = book.build("-D", "equations_strict=1")
    assert done.returncode == 1
    assert "no claim would notice the edit" in done.stderr


def test_code_that_is_no_python_is_a_verdict_and_no_crash(book):
    book.edit("index.md", ":label: eq-square", ":label: eq-square\n:python: square(a")
    done = book.build()
    assert done.returncode == 1
    assert "index.md:" in done.stderr
    assert "is not Python" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_formula_in_the_text_with_an_undeclared_symbol_fails_the_build(book):
    book.edit("second.md", "is\n", "is $c$:\n")
    done = book.build()
    assert "second.md:3:" in done.stderr
    assert "c is not declared" in done.stderr
    assert done.returncode == 1


def test_a_build_without_changes_judges_nothing(book, tmp_path):
    assert book.build().returncode == 0
    (tmp_path / "sitecustomize.py").write_text(
        "import equation_checker as e\n"
        "def check_page(*_): raise AssertionError('a page was judged again')\n"
        "e.Checker.check_page = check_page\n"
    )
    done = book.build(path=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("builder", ["latex", "text", "epub"])
def test_other_builders_work_and_show_no_marks(book, builder):
    done = book.build(builder=builder)
    assert done.returncode == 0, done.stderr
    written = [file for file in (book.folder / "_build" / builder).rglob("*") if file.is_file()]
    assert not [file for file in written if b"verdict" in file.read_bytes()]


def test_a_wrong_equation_in_a_docstring_fails_the_build(book):
    book.edit("conf.py", '"myst_parser"', '"myst_parser", "sphinx.ext.autodoc"')
    book.edit("conf.py", "project,", "import sys\n\nsys.path.insert(0, '.')\nproject,")
    book.edit("second.md", "# The second page", "# The second page\n\n" + AUTODOC)
    for slope, status in (("2 t", 0), ("3 t", 1)):
        (book.folder / "squares.py").write_text(MODULE.replace("SLOPE", slope))
        done = book.build("-E", path=book.folder)
        assert done.returncode == status, done.stderr
    assert "squares.py:docstring of squares.square" in done.stderr
    assert "refuted" in done.stderr


AUTODOC = """```{eval-rst}
.. autofunction:: squares.square
```"""
MODULE = '''
def square(t):
    r"""Square a number.

    .. math:: \\frac{d f(t)}{d t} = SLOPE
    """
'''


def test_the_five_minutes_of_the_page_for_authors_are_enough(tmp_path):
    lines = CHECKER.read_text(encoding="utf-8")
    (conf,) = re.findall(r"```python\n(extensions.*?)```", lines, re.DOTALL)
    page = re.search(r"````md\n(# .*?)````", lines, re.DOTALL)[1]
    book = Book(tmp_path / "book")
    (book.folder / "conf.py").write_text(conf)
    (book.folder / "index.md").write_text(page)
    (book.folder / "second.md").unlink()
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert book.check("index.md") == 0
    book.edit("index.md", "(w^\\top x_i - y_i) x_i &&", "(w^\\top x_i + y_i) x_i &&")
    done = book.build()
    assert done.returncode == 1
    assert "index.md:26:" in done.stderr
    assert book.check("index.md") == 1


def test_every_display_is_listed_with_the_latex_that_is_shown(book):
    book.build()
    shown = [
        math.text
        for name in ("index.html", "second.html")
        for math in book.page(name).select("div.math")
    ]
    assert len(shown) == len(book.listed())
    for text, each in zip(shown, book.listed(), strict=True):
        assert "".join(each["latex"].split()) in "".join(text.split())


ATTACK = "<script>alert(1)</script>"
FIELDS = rf"""# Attacked

```{{notation}}
| symbol | meaning | Python |
|---|---|---|
| $t \in \mathbb{{R}}$ | `{ATTACK}` | `t` |
| $u \in \mathbb{{R}}$ | its shadow | `{ATTACK}` |
```

```{{math}}
:label: a">{ATTACK}
t = t
```

$$
t = t
$$ (b"><b>)

```{{math}}
:label: c}}\input{{secret}}
t = t
```

```{{math}}
:name: d" onmouseover="alert(1)
t = t
```

```{{math}}
:unchecked: {ATTACK}
t = 2 t
```

```{{math}}
:python: '{ATTACK}'
t = t
```

```{{math}}
:where: {ATTACK}
t = t
```

```{{math}}
:tolerance: {ATTACK}
t \approx t
```

```{{math}}
:order: {ATTACK}
t \approx t
```

```{{math}}
\begin{{aligned}}
t &= t && \text{{{ATTACK}}} \\
&= t
\end{{aligned}}
```

```{{math}}
t = \text{{{ATTACK}}}
```

```{{ledger}}
```
"""


@pytest.mark.parametrize("builder", ["html", "latex", "katex"])
def test_what_a_page_says_stays_text_in_each_field(builder, book):
    (book.folder / "a<b>&'c.md").write_text(FIELDS)
    conf = book.folder / "conf.py"
    if builder == "katex":
        katex = CHECKER.parent.parent / "node_modules/katex"
        conf.write_text(
            f"import sys\nfrom pathlib import Path\n{conf.read_text()}"
            f"sys.path.insert(0, {str(CHECKER.parent / '_ext')!r})\nextensions.append('katex')\n"
            f"katex_package = Path({str(katex)!r})\nhtml_math_renderer = 'katex'\n"
        )
    done = book.build(builder=builder.replace("katex", "html"))
    assert "Traceback" not in done.stderr
    assert "the label holds a sign that HTML or LaTeX reads" in done.stderr
    built = book.folder / "_build" / builder.replace("katex", "html")
    if builder == "latex":
        (tex,) = built.glob("*.tex")
        assert r"\input{secret}" not in tex.read_text()
        return
    shown = (built / "a<b>&'c.html").read_text()
    assert "<script>alert(1)" not in shown
    assert 'onmouseover="alert' not in shown.replace("&quot;", "")
    assert json.loads((built / "equations.json").read_text())


# A book that takes the checker up by degrees.


def configure(book, *lines):
    conf = book.folder / "conf.py"
    conf.write_text("\n".join([conf.read_text(), *lines]))


def test_what_is_left_out_is_neither_judged_nor_marked(book):
    book.edit("second.md", "= 2 t\n$$ (eq-slope)", "= 3 t\n$$")
    configure(book, 'equations_displays = "labelled"')
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert [each["status"] for each in book.listed()] == ["held", "left out"]
    assert book.page("second.html").select("details.verdict") == []
    (book.folder / "second.md").write_text(
        "---\nequations: all\n---\n" + (book.folder / "second.md").read_text()
    )
    assert book.build().returncode == 1


def test_a_problem_of_lesser_severity_is_printed_and_fails_nothing(book):
    book.edit("second.md", "= 2 t", "= 3 t")
    configure(book, 'equations_severity = {"refuted": "warning"}')
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert re.search(r"second\.md:6:\d+: refuted: the claim does not hold", done.stdout)
    configure(book, 'equations_severity = {"refuted": "ignore"}')
    assert "refuted" not in book.build().stdout


@pytest.mark.parametrize(
    "line", ['equations_inline = "no"', 'equations_severity = {"bad": "error"}']
)
def test_a_setting_that_means_nothing_stops_the_build(line, book):
    configure(book, line)
    done = book.build()
    assert done.returncode == 2
    assert f"conf.py: {line.split(' ')[0]}" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        '<div class="math">\n\\[a = b\\]\n</div>',
        "```{raw} html\n<p>$$a = b$$</p>\n```",
        "Text\n\n$$\na = b\n",
    ],
)
def test_maths_that_nobody_judges_is_a_warning_that_can_be_put_off(text, book):
    second = book.folder / "second.md"
    second.write_text(f"{second.read_text()}\n{text}\n")
    done = book.build()
    assert done.returncode == 1
    assert "second.md:9" in done.stderr.replace("second.md:11", "second.md:9")
    assert "judged by nobody" in done.stderr
    assert done.stderr.count("judged by nobody") == 1
    configure(book, 'suppress_warnings = ["equations.unjudged"]')
    assert book.build().returncode == 0


def test_maths_in_the_output_of_a_cell_is_named(book):
    output = {"output_type": "display_data", "metadata": {},
              "data": {"text/html": "<div class='math'>\\[a = b\\]</div>"}}  # fmt: skip
    cell = {"cell_type": "code", "metadata": {}, "source": "show()", "outputs": [output],
            "execution_count": 1}  # fmt: skip
    title = {"cell_type": "markdown", "metadata": {}, "source": "# Cells with $q$"}
    text = json.dumps({"cells": [title, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    (book.folder / "cells.ipynb").write_text(text)
    book.edit("index.md", "second\n", "second\ncells\n")
    book.edit("conf.py", '"myst_parser"', '"myst_nb"')
    configure(book, 'nb_execution_mode = "off"')
    done = book.build()
    assert "judged by nobody: the output of a cell" in done.stderr
    assert "cells.ipynb:10001:15: WARNING: unreadable: q is not declared" in done.stderr


def test_options_of_a_display_in_a_docstring_are_heeded(book):
    book.edit("conf.py", '"myst_parser"', '"myst_parser", "sphinx.ext.autodoc"')
    book.edit("conf.py", "project,", "import sys\n\nsys.path.insert(0, '.')\nproject,")
    book.edit("second.md", "# The second page", "# The second page\n\n" + AUTODOC)
    excused = MODULE.replace(".. math::", ".. math::\n       :unchecked: for show\n\n      ")
    (book.folder / "squares.py").write_text(excused.replace("SLOPE", "3 t"))
    done = book.build(path=book.folder)
    assert done.returncode == 0, done.stderr
    assert [each["message"] for each in book.listed()][-1] == "for show"


def test_macros_of_mathjax_are_known_to_the_checker(book):
    conf = book.folder / "conf.py"
    macros = {"both": ["#1 + #1", 1]}
    conf.write_text(f"{conf.read_text()}\nmathjax3_config = {{'tex': {{'macros': {macros}}}}}\n")
    page = book.folder / "index.md"
    page.write_text(f"{page.read_text()}\n\n$$\n\\both{{1}} = 2\n$$\n")
    assert book.build().returncode == 0
    assert [each["status"] for each in book.listed()] == ["held", "held", "held"]
    book.edit("conf.py", "#1 + #1", "#1 - #1")
    assert "refuted" in book.build().stderr
