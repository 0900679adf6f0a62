"""Displays are found in MyST Markdown with their exact places."""

import json
import pickle
from dataclasses import asdict

from equation_checker import Display, Inline, Row, Settings, check, read_page
from equation_checker.pages import read_toctree

TABLE = """```{notation}
| symbol | meaning | Python |
|---|---|---|
| $a, b \\in \\mathbb{R}$ | two numbers | `a`, `b` |
```
"""


def items(text, kind):
    return [each for each in read_page(text, "p.md").items if isinstance(each, kind)]


def test_rows_have_symbol_meaning_and_python():
    (row,) = items(TABLE, Row)
    assert row.source.latex == r"a, b \in \mathbb{R}"
    assert (row.meaning, row.python) == ("two numbers", ("a", "b"))
    assert row.source.place(0) == (4, 4)


def test_a_cell_says_for_which_indices():
    text = TABLE.replace(
        r"$a, b \in \mathbb{R}$", r"$a^{(l)} \in \mathbb{R}$ for $l = 0, \dots, L$"
    )
    (row,) = items(text, Row)
    assert row.source.latex == r"a^{(l)} \in \mathbb{R} \text{ for } l = 0, \dots, L"


def test_displays_of_all_kinds_are_found_with_labels_and_places():
    text = """Some text

$$a = b$$

$$
a = b
$$ (eq-dollar)

```{math}
:label: eq-fence
:python: f(a)

a =
b
```

:::{math}
:label: eq-colon
a = b
:::

\\begin{align}
a &= b
\\end{align}

> $$
> a = b
> $$

- item

  ```{math}
  a = b
  ```

:::{note}
Text $$a = b$$ text
:::

```python
$$ no maths $$
```

```{code-cell} python
"$$ no maths $$"
```
"""
    found = items(text, Display)
    assert [each.label for each in found] == [
        "",
        "eq-dollar",
        "eq-fence",
        "eq-colon",
        "",
        "",
        "",
        "",
    ]
    places = [each.source.place(each.source.latex.index("a")) for each in found]
    assert places[:4] == [(3, 3), (6, 1), (13, 1), (19, 1)]
    assert places[5:] == [(27, 3), (33, 3), (37, 8)]
    assert found[2].option("python") == "f(a)"
    assert found[2].source.place(found[2].source.latex.index("b")) == (14, 1)


def test_inline_maths_is_found_where_it_stands():
    found = items("One $a$ and\ntwo $b$, {math}`a + b`; code `$x$`.\n", Inline)
    assert [(each.source.latex, each.source.place(0)) for each in found] == [
        ("a", (1, 6)),
        ("b", (2, 6)),
        ("a + b", (2, 17)),
    ]


def test_a_table_of_contents_is_read_in_order():
    text = "```{toctree}\n:maxdepth: 1\n\nnotation\nModel <model>\n```\n"
    assert read_toctree(text) == ["notation", "model"]


def test_verdicts_are_plain_data():
    text = TABLE + "\n$$\na + b = b + a\n$$\n\n$$\na = b\n$$\n\nInline $q$.\n"
    checked = check([read_page(text, "p.md")], settings=Settings(mutate=True))
    assert pickle.loads(pickle.dumps(checked.verdicts)) == checked.verdicts
    assert pickle.loads(pickle.dumps(checked.notation)) == checked.notation
    assert json.loads(json.dumps([asdict(each) for each in checked.verdicts]))


def test_a_definition_is_known_on_later_pages_and_not_on_earlier_ones():
    first = read_page(TABLE + "\n$$\nc = a\n$$\n", "1.md")
    second = read_page("$$\nc := a + b\n$$\n", "2.md")
    third = read_page("$$\nc - b = a\n$$\n", "3.md")
    statuses = [each.status for each in check([first, second, third]).verdicts]
    assert statuses == ["unreadable", "unchecked", "held"]


def test_what_a_page_declares_anew_holds_on_that_page_only():
    first = read_page(TABLE, "1.md")
    row = "| $a \\in \\mathbb{R}_{>0}$ | | |"
    second = TABLE.replace(TABLE.splitlines()[3], row) + "\n$$\n\\sqrt{a^2} = a\n$$\n"
    third = "$$\n\\sqrt{a^2} = a\n$$\n"
    found = check([first, read_page(second, "2.md"), read_page(third, "3.md")]).verdicts
    assert [each.status for each in found] == ["held", "refuted"]


def test_a_row_defines_anew_what_an_earlier_page_defines():
    head = TABLE.splitlines()[3]
    first = TABLE.replace(head, head + "\n| $c := a$ | | |")
    second = TABLE.replace(head, "| $c := b$ | | |") + "\n$$\nc = b\n$$\n"
    third = "$$\nc = a\n$$\n"
    found = check([read_page(each) for each in (first, second, third)]).verdicts
    assert [each.status for each in found if each.kind == "claim"] == ["held", "held"]


def test_an_old_definition_that_fits_no_longer_is_refused_where_it_is_used():
    dims = (
        "| $n, d \\in \\mathbb{N}$ | | |\n| $x \\in \\mathbb{R}^n$ | | |\n| $s := x^\\top x$ | | |"
    )
    first = TABLE.replace(TABLE.splitlines()[3], dims)
    second = TABLE.replace(TABLE.splitlines()[3], "| $x \\in \\mathbb{R}^{n \\times d}$ | | |")
    second += "\n$$\ns = 2 s - s\n$$\n"
    *_, last = check([read_page(first), read_page(second)]).verdicts
    assert last.status == "unreadable"
    assert last.message == "s has another shape on this page"


def test_a_formula_shown_as_wrong_must_be_wrong():
    text = TABLE + "\n```{math}\n:refuted:\n{}\n```\n"
    wrong, right = (
        check([read_page(text.replace("{}", latex))]).verdicts[-1]
        for latex in ("a = b", "a + b = b + a")
    )
    assert (wrong.ok, wrong.status) == (True, "refuted")
    assert not right.ok
    assert right.message == "is shown as wrong, but no difference was found"


def test_waived_displays_carry_their_reason():
    text = TABLE + "\n```{math}\n:unchecked: an assignment\na \\leftarrow a + 1\n```\n"
    (verdict,) = check([read_page(text)]).verdicts
    assert (verdict.status, verdict.message, verdict.ok) == ("unchecked", "an assignment", True)
