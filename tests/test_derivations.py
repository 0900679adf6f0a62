"""Displays as tables: each line with reason, code and value, and no value that was not computed."""

import re
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup, Tag

import backprop_notes
from building import ROOT, Build, sphinx_build, tiny_book
from equation_checker import Unreadable, public
from equation_checker.judging.examples import Example
from equation_checker.judging.python import TieError
from equation_checker.reading.rows import shown

CHAPTERS = ("model", "sigmoid", "output-weights", "hidden-weights", "finishing")


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def lines(html: BeautifulSoup, label: str) -> list[Tag]:
    return html.select(f"#{label} > .lines > .line")


def words(line: Tag, what: str) -> list[str]:
    for formula in line.select(".katex-mathml, annotation"):
        formula.extract()
    return [" ".join(each.text.split()) for each in line.select(what)]


# --- How a display is cut -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"a = b", [("a", "= b", "")]),
        (r"f(x = 1) g", [("", "f(x = 1) g", "")]),
        (r"a = b \\ c = d", [("a", "= b", ""), ("c", "= d", "")]),
        (r"a = 1, \quad b = 2", [("a", r"= 1, \quad b = 2", "")]),
        (r"i, j = 1", [("", "i, j = 1", "")]),
        (r"\begin{cases} a & b \\ c & d \end{cases} = e",
         [(r"\begin{cases} a & b \\ c & d \end{cases}", "= e", "")]),
        (r"\begin{align*} a &= b && \text{$x_i$ is so} \\ &\le c \end{align*}",
         [("a", "= b", r"\text{$x_i$ is so}"), ("", r"\le c", "")]),
        (r"\left( \begin{aligned} a \\ b \end{aligned} \right)",
         [("", r"\left( \begin{aligned} a \\ b \end{aligned} \right)", "")]),
        (r"a = \unclosed{", [("", r"a = \unclosed{", "")]),
    ],
)  # fmt: skip
def test_a_display_is_cut_where_the_checker_reads_lines(latex, parts):
    assert [(each.left, each.right, each.reason) for each in shown(latex)] == parts


# --- What an example may be -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os", "an example holds assignments alone, not import os"),
        ("X = open('secret')", "a text is not allowed"),
        ("X = np.load(1)", ".load is not allowed"),
        ("a, b = 1, 2", "an example names one value at a time"),
        ("X = 1 / 0", "ZeroDivisionError"),
        ("X = (", "the example is not Python"),
    ],
)
def test_an_example_holds_nothing_but_values(code, said):
    with pytest.raises((TieError, Unreadable), match=re.escape(said)):
        Example({}).learn(code)


# --- In the book ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examples() -> dict[str, dict[str, object]]:
    """What Python itself makes of the cells with the tag, page by page."""
    found = {}
    for name in CHAPTERS:
        text = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
        (cell,) = re.findall(
            r"```\{code-cell\} python\n(?:---\n|):?tags: \[example\b(?:\]\n|.*?\n---\n)(.*?)```",
            text,
            re.DOTALL,
        )
        known = {"np": np}
        exec(cell, known)
        found[name] = known | public(backprop_notes)
    return found


@pytest.mark.build
@pytest.mark.parametrize("name", CHAPTERS)
def test_each_value_beside_a_line_is_what_its_code_gives_at_the_example(book, examples, name):
    worked = page(book.site, name).select(".worked")
    assert worked
    for each in worked:
        if each.samp is None:
            assert name == "model"
            assert each.code.text == "sigmoid(t)"  # for any number, not for the example's
            continue
        wanted = np.asarray(eval(each.code.text, examples[name]), dtype=float)
        found = np.asarray(eval(each.samp.text), dtype=float)
        assert found.shape == wanted.shape
        assert np.max(np.abs(found - wanted)) <= 5.1e-4 * np.max(np.abs(wanted))


@pytest.mark.build
def test_the_pages_with_one_network_have_one_example(examples):
    for name in ("output-weights", "hidden-weights", "finishing"):
        for array in ("X", "y", "W1", "w2"):
            assert np.array_equal(examples[name][array], examples["model"][array])


@pytest.mark.build
def test_each_line_of_the_derivation_has_its_reason_code_value_and_anchor(book):
    found = lines(page(book.site, "hidden-weights"), "eq-1")
    assert [each["id"] for each in found] == [f"eq-1-step-{k}" for k in (1, 2, 3)]
    for line, function in zip(found, ("chain_rule", "cancelled", "label_outside"), strict=True):
        (link,) = line.select("a.step")
        assert link["href"] == f"#{line['id']}"
        assert line.select_one("details.verdict > summary").text == "✓ held"
        assert line.select_one(".reason").text
        called = line.select_one(".worked code a")
        assert called["href"] == f"api.html#backprop_notes.{function}_gradient"
        assert line.select_one("samp").text == "[0.4597, 0.0817, -0.5461]"


@pytest.mark.build
@pytest.mark.parametrize("name", CHAPTERS)
def test_the_output_of_no_cell_only_repeats_a_value(book, name):
    html = page(book.site, name)
    values = {re.sub(r"\s", "", each.text) for each in html.select("samp")}
    code = {re.sub(r"\s", "", each.text) for each in html.select(".worked code")}
    for cell in html.select(".cell_input"):
        assert re.sub(r"\s", "", cell.text) not in code | values


# --- In a book of one page ------------------------------------------------------------------------

PAGE = r"""---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
myst:
  html_meta:
    description: A page with an example of its own, to be edited by the tests of derivations.
---
# Tiny

```{code-cell} python
import numpy as np
```

```{code-cell} python
:tags: [example]
t = np.array([0.0, 1.0])
```

```{notation}
| symbol | meaning | Python |
|---|---|---|
| $t \in \mathbb{R}$ | number | `t` |
| $\sigma(t) := \frac{1}{1 + \exp(-t)}$ | logistic function | `sigmoid(t)` |
```

```{math}
:label: eq-mirror
:python: 1 - sigmoid(t)
\begin{aligned}
\sigma(-t) &= 1 - \frac{1}{1 + \exp(-t)} && \text{symmetry} \\
&= 1 - \sigma(t) && \text{definition of $\sigma$}
\end{aligned}
```
"""


@pytest.fixture(scope="module")
def docs(tmp_path_factory) -> Path:
    docs = tiny_book("tiny", tmp_path_factory.mktemp("derivations"))
    for file in docs.glob("*.md"):
        file.unlink()
    (docs / "index.md").write_text(PAGE)
    conf = docs.parent / "conf.py"
    conf.write_text(conf.read_text() + "equations_notation = []\n")
    return docs


def built(docs: Path, old: str = "", new: str = "", builder: str = "html") -> Build:
    (docs / "index.md").write_text(PAGE.replace(old, new) if old else PAGE)
    return sphinx_build(docs, docs.parent / "out", "-W", builder=builder)


@pytest.mark.build
def test_a_value_follows_the_example_and_is_given_to_the_last_line_alone(docs):
    for number, value in (("1.0", "[0.5000, 0.2689]"), ("-1.0", "[0.5000, 0.7311]")):
        done = built(docs, "[0.0, 1.0]", f"[0.0, {number}]")
        assert done.status == 0, done.printed
        first, last = lines(page(done.site, "index"), "eq-mirror")
        assert first.select(".worked") == []
        assert last.samp.text == value


@pytest.mark.build
def test_an_example_that_cannot_be_read_fails_the_build_with_its_place(docs):
    done = built(docs, "t = np.array([0.0, 1.0])", "t = np.array([0.0, 1.0])\nprint(t)")
    assert done.status == 1
    assert re.search(r"index.md:\d+: WARNING: an example holds assignments alone", done.printed)


@pytest.mark.build
def test_without_an_example_the_code_stands_alone(docs):
    done = built(docs, ":tags: [example]\n", "")
    assert done.status == 0, done.printed
    last = lines(page(done.site, "index"), "eq-mirror")[-1]
    assert last.select_one(".worked").text == "1 - sigmoid(t)"


@pytest.mark.build
@pytest.mark.parametrize("builder", ["epub", "latex"])
def test_the_other_forms_of_the_book_have_reason_code_value_and_verdict_too(docs, builder):
    done = built(docs, builder=builder)
    assert done.status == 0, done.printed
    file = "index.xhtml" if builder == "epub" else "backprop-notes.tex"
    text = (done.site / file).read_text(encoding="utf-8")
    for each in ("symmetry", "definition of ", "sigmoid", "0.5000, 0.2689", "held: 8 points"):
        assert each in text, each
    if builder == "latex":
        assert text.count(r"\notedtrue") == text.count(r"\footnotetext{held") > 0
