r"""The first draft of a notation: which rows are made from displays alone."""

import pytest

from equation_checker import Settings, Status, check, read_page
from equation_checker.__main__ import main
from equation_checker.drafting import draft
from equation_checker.language.functions import BUILT_IN

DESCENT = r"""
Let $\mathbf{x}_i \in \mathbb{R}^d$ be the inputs and $y_i \in \{-1, 1\}$ the labels.

$$
\hat{y}_i = \mathbf{w}^\top \mathbf{x}_i + b
$$

$$
L = \frac{1}{n} \sum_{i=1}^n (\hat{y}_i - y_i)^2
$$

$$
\mathbf{w}_{t+1} = \mathbf{w}_t - \eta \nabla f(\mathbf{w}_t), \quad t = 0, \dots, T
$$
"""
LAYER = r"""
Let $\mathbf{X} \in \mathbb{R}^{n \times d}$ hold the inputs.

$$
\mathbf{Z} = \mathbf{X} \mathbf{W}_\textrm{in} + \mathbf{B}, \quad \mathbf{H} = \phi(\mathbf{Z})
$$

$$
s = \lVert \mathbf{W}_\textrm{in} \rVert_F^2 + \mathbf{v}^\top \mathbf{A} \mathbf{u} + \log c
$$
"""
LATE = r"""
$$
\sum_{i=1}^n r_i = 0
$$

$$
m = \frac{1}{n} \sum_{i=1}^n q_i
$$

$$
r_i = q_i - m
$$

$$
Profit = a ? b
$$
"""


def rows(page):
    text = draft([read_page(page)])
    cells = [line.split(" | ")[0].removeprefix("| ") for line in text.splitlines()]
    return [cell for cell in cells if cell.startswith("$")]


def test_shapes_of_sums_products_and_gradients_are_unified():
    assert rows(DESCENT) == [
        r"$T \in \mathbb{N}$",
        r"$d \in \mathbb{N}$",
        r"$n \in \mathbb{N}$",
        r"$i = 1, \dots, n$",
        r"$t = 0, \dots, T$",
        r"$\mathbf{x}_{i} \in \mathbb{R}^d$",
        r"$y_{i} \in \{-1,1\}$",
        r"$\mathbf{w} \in \mathbb{R}^d$",
        r"$b \in \mathbb{R}$",
        r"$\mathbf{w}_{t} \in \mathbb{R}^d$ for $t = 0, \dots, T+1$",
        r"$\eta \in \mathbb{R}_{>0}$",
        r"$f : \mathbb{R}^d \to \mathbb{R}$",
    ]


def test_a_size_that_nobody_named_gets_a_letter_that_is_free():
    assert rows(LAYER) == [
        r"$d \in \mathbb{N}$",
        r"$m \in \mathbb{N}$",
        r"$n \in \mathbb{N}$",
        r"$p \in \mathbb{N}$",
        r"$q \in \mathbb{N}$",
        r"$\mathbf{X} \in \mathbb{R}^{n\times d}$",
        r"$\mathbf{W}_{\text{in}} \in \mathbb{R}^{d \times m}$",
        r"$\mathbf{B} \in \mathbb{R}^{n \times m}$",
        r"$\mathbf{v} \in \mathbb{R}^p$",
        r"$\mathbf{A} \in \mathbb{R}^{p \times q}$",
        r"$\mathbf{u} \in \mathbb{R}^q$",
        r"$c \in \mathbb{R}_{>0}$",
        r"$\phi : \mathbb{R} \to \mathbb{R}$",
    ]


def test_what_is_used_before_its_display_is_defined_in_the_table():
    assert rows(LATE)[-2:] == [r"$m := \frac{1}{n} \sum_{i=1}^n q_i$", r"$r_i := q_i - m$"]


def test_what_is_not_understood_is_listed_with_its_line():
    assert "% line 15 is not read with this draft: the character '?'" in draft([read_page(LATE)])


@pytest.mark.parametrize("page", [DESCENT, LAYER, LATE])
def test_every_row_is_read_as_it_is_drafted(page):
    checked = check([read_page(draft([read_page(page)]))], settings=Settings())
    assert [each.problem() for each in checked.verdicts if not each.ok] == []


def test_a_page_is_read_with_its_draft_alone():
    whole = draft([read_page(LAYER)]) + LAYER
    verdicts = check([read_page(whole)], settings=Settings(define_undeclared=True)).verdicts
    displays = [each for each in verdicts if each.kind not in ("row", "inline")]
    assert {each.status for each in displays} == {Status.UNCHECKED}


def test_the_command_prints_a_table_a_page_or_one_for_all(tmp_path, capsys):
    for name, page in (("a.md", LAYER), ("b.md", LATE)):
        (tmp_path / name).write_text(page)
    assert main(["notation", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("```{notation}") == 2
    assert main(["notation", "--shared", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("```{notation}") == 1


def test_small_letters_beside_bold_ones_are_their_entries():
    page = "$$\n\\sum_{i=1}^n x_i = \\mathbf{a}^\\top \\mathbf{I} \\mathbf{x}\n$$\n"
    assert rows(page)[2:] == [
        r"$\mathbf{a} \in \mathbb{R}^n$",
        r"$\mathbf{I} := \text{diag}(\mathbf{1}_{n})$",
        r"$\mathbf{x} \in \mathbb{R}^n$",
        r"$x_{i} := \mathbf{x}_{i}$",
    ]


def test_of_symbols_that_define_each_other_one_is_declared():
    page = "$$\na + b = c\n$$\n\n$$\na = 2 b\n$$\n\n$$\nb = a / 2\n$$\n"
    assert rows(page) == [r"$c \in \mathbb{R}$", r"$b \in \mathbb{R}$", r"$a := 2 b$"]


def test_what_holds_under_a_condition_defines_nothing_for_the_whole_page():
    page = "$$\nu + v = w\n$$\n\n$$\nu = 2 v, \\quad v > 1\n$$\n"
    assert r"$u \in \mathbb{R}$" in rows(page)


def test_a_word_of_letters_and_a_list_of_plotted_values_are_no_rows():
    page = "For $a \\in \\{1, 3, 5, 10\\}$:\n\n$$\nnoise + a = 1\n$$\n\n$$\na = z\n$$\n"
    assert rows(page) == [r"$z \in \mathbb{R}$"]


def test_the_table_defines_what_a_display_that_is_not_read_should():
    page = "$$\n\\mathbf{p} = \\mathrm{softmax}(\\mathbf{o}) \\text{ or not}\n$$\n"
    assert rows(page)[1:] == [
        r"$\mathbf{o} \in \mathbb{R}^d$",
        r"$\mathbf{p} := \mathrm{softmax}(\mathbf{o})$",
    ]


@pytest.mark.parametrize(
    "latex", [*BUILT_IN, r"( \text{for} x ) \mathbf{w} = : b (", r"\frac ^ _", "0.4 0.3"]
)
def test_a_draft_never_fails_on_a_display(latex):
    assert draft([read_page(f"$$\n{latex}(a, b) = {latex} c\n$$\n\n$$\n{latex}\n$$\n")])
