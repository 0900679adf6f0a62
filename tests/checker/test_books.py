"""Pages in reStructuredText and notebooks, the order of a book, and what is left out of it."""

import json
from pathlib import Path

import pytest

from equation_checker import Display, Inline, Row, Settings, Status, Unjudged, check, read_page
from equation_checker.pages import pages_of
from equation_checker.pages.items import OPTIONS

TABLE = """```{notation}
| symbol | meaning | Python |
|---|---|---|
| $a, b \\in \\mathbb{R}$ | two numbers | `a`, `b` |
```
"""
TRUE = "\n$$\na + b = b + a\n$$\n"
FALSE = "\n$$\na + b = a\n$$\n"


def items(text, kind, name="p.md"):
    return [each for each in read_page(text, name).items if isinstance(each, kind)]


def judged(text, name="p.md", **settings):
    page = read_page(text, name)
    return check([page], settings=Settings(**settings)).verdicts


# reStructuredText.

LIST_TABLE = r"""
.. notation::

   .. list-table::
      :header-rows: 1

      * - symbol
        - meaning
        - Python
      * - :math:`a, b \in \mathbb{R}`
        - two
          numbers
        - ``a``, ``b``
      * - :math:`x_i \in \mathbb{R}` for :math:`i = 1, \dots, n`
        -
        -
"""
GRID = r"""
.. notation::

   +-----------------------------+----------+--------------+
   | symbol                      | meaning  | Python       |
   +=============================+==========+==============+
   | :math:`a, b \in \mathbb{R}` | two      | ``a``, ``b`` |
   |                             | numbers  |              |
   +-----------------------------+----------+--------------+
   | :math:`c \in \mathbb{R}`    |          |              |
   +-----------------------------+----------+--------------+
"""
SIMPLE = r"""
.. notation::

   ============================  ===========  ============
   symbol                        meaning      Python
   ============================  ===========  ============
   :math:`a, b \in \mathbb{R}`   two numbers  ``a``, ``b``
   :math:`c \in \mathbb{R}`
   ============================  ===========  ============
"""


@pytest.mark.parametrize("table", [LIST_TABLE, GRID, SIMPLE], ids=["list", "grid", "simple"])
def test_a_notation_table_in_rst_has_rows(table):
    first, second = items(table, Row, "p.rst")
    assert first.source.latex == r"a, b \in \mathbb{R}"
    assert (first.meaning, first.python) == ("two numbers", ("a", "b"))
    line, column = first.source.place(0)
    assert table.splitlines()[line - 1][column - 1 :].startswith("a, b")
    assert second.python == ()


def test_an_rst_cell_says_for_which_indices():
    _, family = items(LIST_TABLE, Row, "p.rst")
    assert family.source.latex == r"x_i \in \mathbb{R} \text{ for } i = 1, \dots, n"


RST = r"""
Title
=====

Text with :math:`a` and
:math:`b`, but not ``:math:`c```.

.. math::
   :label: eq-block
   :python: f(a)

   a =
   b

.. math:: a = b

.. math:: a
   = b
   :label: eq-argument

.. admonition:: Deep

   .. prf:theorem::

      .. math::

         b = a

.. code-block:: rst

   .. math:: x = 1

.. a comment with :math:`x`

   .. math:: x = 2

Literally::

   .. math:: x = 3

The end :math:`a + b`.
"""


def test_displays_in_rst_are_found_with_labels_options_and_places():
    found = items(RST, Display, "p.rst")
    assert [each.label for each in found] == ["eq-block", "", "eq-argument", ""]
    assert [each.source.latex for each in found] == ["a =\nb", "a = b", "a\n= b", "b = a"]
    assert found[0].option("python") == "f(a)"
    lines = RST.splitlines()
    for each in found:
        for sign in ("a", "b"):
            line, column = each.source.place(each.source.latex.index(sign))
            assert lines[line - 1][column - 1] == sign


def test_formulas_in_rst_are_found_where_they_stand():
    found = items(RST, Inline, "p.rst")
    assert [each.source.latex for each in found] == ["a", "b", "a + b"]
    assert found[1].source.place(0) == (6, 8)


def test_an_rst_page_is_judged():
    good, bad = judged(GRID + "\n.. math:: a + b = b + a\n\n.. math:: a + b = a\n", "p.rst")
    assert (good.status, bad.status) == ("held", "refuted")
    assert (bad.line, bad.column) == (15, 19)


def test_rst_inside_markdown_is_read():
    text = TABLE + "\n```{eval-rst}\n.. math::\n   :label: eq-x\n\n   a + b = a\n```\n"
    (found,) = judged(text)
    assert (found.label, found.status, found.line) == ("eq-x", "refuted", 11)


# Notebooks.


def notebook(*cells):
    kinds = [{"cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": kinds, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def test_a_notebook_has_notation_of_its_own_and_places_by_cell():
    text = notebook(
        ("markdown", TABLE.splitlines(keepends=True)),
        ("code", "'$$ a = b $$'"),
        ("markdown", "Text.\n\n$$\na + b = a\n$$ (eq-x)"),
    )
    (found,) = judged(text, "p.ipynb")
    assert (found.label, found.status, found.line) == ("eq-x", "refuted", 30004)


def test_what_is_no_notebook_is_a_fault():
    (found,) = judged("{}", "p.ipynb")
    assert found.message == "this is no notebook"


# Options.


def test_options_may_stand_in_comments_at_the_top_of_the_latex():
    body = "% unchecked: an update\n% where: a = 1\na \\leftarrow a + 1"
    (found,) = items(f"$$\n{body}\n$$\n", Display)
    assert dict(found.options) == {"unchecked": "an update", "where": "a = 1"}
    assert found.source.latex == r"a \leftarrow a + 1"
    assert found.source.place(0) == (4, 1)
    (excused,) = judged(f"{TABLE}\n$$\n{body}\n$$\n")
    assert (excused.status, excused.message) == ("unchecked", "an update")


def test_an_ordinary_comment_is_no_option():
    (found,) = items("$$\n% order of things\na = b\n$$\n", Display)
    assert found.options == ()


def test_each_option_of_math_is_explained_to_authors():
    text = (Path(__file__).parents[2] / "docs/checker.md").read_text(encoding="utf-8")
    for name, use in OPTIONS.items():
        assert f"| `:{name}:` | {use} |" in text


# The order of a book.


@pytest.fixture
def book(tmp_path):
    def write(**files):
        for name, text in files.items():
            file = tmp_path / name.replace("__", "/").replace("_md", ".md").replace("_rst", ".rst")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return [each.relative_to(tmp_path).as_posix() for each in pages_of(tmp_path)]

    write.folder = tmp_path
    return write


def toc(*names, options=""):
    return "```{toctree}\n" + options + "\n" + "\n".join(names) + "\n```\n"


def test_contents_within_contents_are_read_in_their_place(book):
    found = book(
        index_md=toc("z/index", "Last <a>"),
        z__index_md=toc("/z/two", "one"),
        z__one_md="",
        z__two_md="",
        a_md="",
        b_md="",
        _build__c_md="",
    )
    assert found == ["index.md", "z/index.md", "z/two.md", "z/one.md", "a.md", "b.md"]


def test_patterns_in_contents_and_contents_in_rst(book):
    found = book(
        index_rst=".. toctree::\n   :glob:\n\n   z*\n   self\n   https://example.org\n",
        z1_md="",
        z2_md="",
        a_md="",
    )
    assert found == ["index.rst", "z1.md", "z2.md", "a.md"]


def test_the_first_page_is_what_conf_says(book):
    (book.folder / "conf.py").write_text('root_doc = "start"\n')
    assert book(start_md=toc("z"), z_md="", index_md="") == ["start.md", "z.md", "index.md"]


def test_a_jupyter_book_is_read_in_the_order_of_its_toc(book):
    (book.folder / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nparts:\n- caption: One\n  chapters:\n"
        "  - file: z\n    sections:\n    - file: y.md\n  - glob: m*\n  - url: https://example.org\n"
    )
    names = ("intro", "a", "m2", "m1", "y", "z")
    found = book(**{f"{name}_md": "" for name in names})
    assert found == [f"{name}.md" for name in ("intro", "z", "y", "m1", "m2", "a")]


# What is judged.


def statuses(text, **settings):
    page = read_page(text, "docs/p.md")
    outcomes = check([page], settings=Settings(**settings)).pages[0]
    return [each.verdict.status for each in outcomes]


LABELLED = FALSE.rstrip() + " (eq-x)\n"


def test_displays_without_a_label_may_be_left_out():
    assert statuses(TABLE + FALSE + LABELLED, displays="labelled") == ["left out", "refuted"]
    assert statuses(TABLE + FALSE + LABELLED, displays="off") == ["left out", "left out"]


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        (("eq-*",), ["left out", "refuted"]),
        (("p",), ["refuted", "refuted"]),
        (("docs/*.md",), ["refuted", "refuted"]),
        (("q.md",), ["left out", "left out"]),
    ],
)
def test_pages_and_labels_may_be_named(only, wanted):
    assert statuses(TABLE + FALSE + LABELLED, only=only) == wanted


def test_a_page_says_for_itself_what_is_judged():
    for choice, wanted in (("off", "left out"), ("labelled", "left out"), ("all", "refuted")):
        text = f"---\nequations: {choice}\n---\n{TABLE}{FALSE}"
        assert statuses(text, only=("q.md",)) == [wanted]
    (fault, _) = judged(f"---\nequations: some\n---\n{TABLE}{TRUE}")
    assert "none of all, labelled and off" in fault.message
    rst = f":equations: off\n\nTitle\n=====\n{GRID}\n.. math:: a + b = a\n"
    assert [each.status for each in judged(rst, "p.rst")] == ["left out"]


def test_what_is_left_out_is_still_known():
    text = TABLE + "\n$$\nc := a + b\n$$\n\n$$\nc = b + a\n$$ (eq-x)\n"
    assert statuses(text, displays="labelled") == ["left out", "held"]


def test_the_first_equation_of_an_undeclared_symbol_may_define_it():
    text = TABLE + "\n$$\nc = a + b\n$$\n\n$$\nc = b + a\n$$\n\n$$\nc = a\n$$\n"
    assert statuses(text, define_undeclared=True) == ["unchecked", "held", "refuted"]
    assert statuses(text) == ["unreadable"] * 3


def test_a_value_of_what_is_known_is_claimed_and_not_defined():
    rows = r"""| $x \in \mathbb{R}$ | | |
| $y \in \{0, 1\}$ | | |
| $p(y \mid x) := \frac{1}{1 + \exp(-(2 y - 1) x)}$ | | |
| $A \in \mathbb{R}^{2 \times 2}$ | | |
| $\theta \in \mathbb{R}$ | | |
"""
    claims = (r"p(1 \mid x) = p(0 \mid x)", r"p(y = 1 \mid x) = 1 - p(0 \mid x)", "A^T = A")
    shown = "".join(f"\n$$\n{each}\n$$\n" for each in (*claims, r"\theta^* = 3 \theta"))
    text = TABLE.rstrip().removesuffix("```") + rows + "```\n" + shown
    wanted = ["unchecked", "refuted", "held", "refuted", "unchecked"]  # the first is the row of p
    assert statuses(text, define_undeclared=True) == wanted


# Formulas in the text.

STATED = TABLE + "\nSince $a (a + b) = a^2 + b^2$.\n"


def test_a_formula_in_the_text_that_states_something_false_is_refuted():
    (found,) = judged(STATED)
    assert (found.kind, found.status, found.line) == ("inline", "refuted", 7)
    assert judged(STATED, inline="shapes") == []
    assert judged(STATED.replace("b^2", "c"), inline="off") == []


@pytest.mark.parametrize("said", ["a = 0", "a < b", "a + b = 1", "a = b", "a + b < a b"])
def test_a_condition_in_the_text_is_no_claim(said):
    assert judged(f"{TABLE}\nLet ${said}$.\n") == []


def test_a_formula_of_shapes_multiplies_no_numbers():
    table = TABLE.replace("a, b \\in \\mathbb{R}", "m, n \\in \\mathbb{N}").replace("`a`, `b`", "")
    assert judged(f"{table}\nShape $(m \\times n)(n) = m$.\n") == []


# Mathematics that nobody judges.


@pytest.mark.parametrize(
    "html",
    [
        '<div class="math">\n\\[a = b\\]\n</div>',
        "<p>$$a = b$$</p>",
        "<math><mi>a</mi></math>",
        "```{raw} html\n<p>\\(a = b\\)</p>\n```",
        "<pre>\n$$\n</pre><b>x</b><CODE>$$</CODE> <i>$$a$$</i>",
    ],
)
def test_maths_in_html_is_named(html):
    (found,) = judged(f"Text.\n\n{html}\n")
    assert (found.kind, found.status) == ("unjudged", "unreadable")
    assert found.message == "this is judged by nobody: raw HTML"


@pytest.mark.parametrize(
    "html",
    ["<p>No maths: 5 $.</p>", "<script>x = '$$'</script>", "<!-- $$a$$ -->", "<pre>\\(a\\)</pre>"],
)
def test_html_without_maths_is_let_through(html):
    assert judged(f"Text.\n\n{html}\n") == []


def test_hostile_pages_are_read_in_time_that_grows_with_their_length():
    for text in ("<pre " * 50_000, f"$$\n% where: {' ' * 100_000}x;\na = b\n$$\n"):
        read_page(text, "p.md")
        read_page(text, "p.rst")


def test_dollars_that_are_never_closed_are_named():
    (found,) = judged(f"{TABLE}\nText.\n\n$$\na + b = a\n")
    assert (found.kind, found.line) == ("unjudged", 9)
    assert "$$ without a partner" in found.message


def test_maths_in_headings_and_captions_is_read():
    text = f"# A heading with $c$\n\n{TABLE}\n```{{figure}} x.png\n\nCaption with $d$\n```\n"
    assert [each.message for each in judged(text)] == ["c is not declared", "d is not declared"]
    assert items("<p>$$a$$</p>", Unjudged)


def test_maths_in_titles_of_directives_and_captions_of_code_is_read():
    text = f"{TABLE}\n```{{admonition}} Why $c$\nText.\n```\n\n"
    text += "```{code-block} python\n:caption: With $d$\n\npass\n```\n"
    assert [each.message for each in judged(text)] == ["c is not declared", "d is not declared"]


def test_a_display_that_a_page_substitutes_is_judged_with_the_names_of_the_page():
    front = "---\nmyst:\n  substitutions:\n    eq: |\n      $$\n      a + b = a\n      $$\n---\n"
    (found,) = judged(f"{front}{TABLE}\n{{{{ eq }}}}\n")
    assert (found.status, found.line, found.column) == ("refuted", 6, 15)
    (right,) = judged(f"{front.replace('= a', '= b + a')}{TABLE}\n{{{{ eq }}}}\n")
    assert right.status == "held"


@pytest.mark.parametrize("front", ["myst: [", "myst: 3", "myst: {substitutions: [1]}", "- a"])
def test_a_front_matter_that_says_nothing_of_maths_is_passed_over(front):
    assert not judged(f"---\n{front}\n---\n{TABLE}\nText.\n")


def test_strictly_a_formula_in_the_text_that_states_something_must_be_read():
    text = f"{TABLE}\nSo $a\\star b=a$, with $\\star$ to $\\infty$.\n"
    assert not judged(text)
    (found,) = judged(text, strict=True)
    assert (found.kind, found.status) == ("inline", "unreadable")


# Severity.


def test_severity_is_chosen_by_kind_or_status():
    (wrong,), (formula,) = judged(TABLE + FALSE), judged(STATED)
    assert Settings().severity_of(wrong) == "error"
    chosen = Settings(severity={"refuted": "warning", "inline": "ignore"})
    assert (chosen.severity_of(wrong), chosen.severity_of(formula)) == ("warning", "ignore")
    assert chosen.severity_of(judged(TABLE + TRUE)[0]) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"displays": "some"},
        {"inline": "yes"},
        {"marks": "no"},
        {"severity": {"refuted": "fatal"}},
        {"severity": {"refutation": "error"}},
    ],
)
def test_a_setting_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)


def test_a_status_left_out_is_good():
    assert Status.LEFT_OUT.good
    assert not Status.LEFT_OUT.checked
