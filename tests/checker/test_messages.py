"""Slips of authors, and what they are told: what was read, where, and what to do."""
# ruff: noqa: E501

import pytest

from equation_checker import check, read_page

NOTATION = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $n, d \in \mathbb{N}$ | | |
| $i = 1, \dots, n$ | | |
| $j = 1, \dots, d$ | | |
| $t, a, b, z \in \mathbb{R}$ | | |
| $w, v \in \mathbb{R}^d$ | | |
| $h_j \in \mathbb{R}$ | | |
| $A \in \mathbb{R}^{n \times d}$ | | |
| $B \in \mathbb{R}^{d \times d}$ | | |
| $\pi_i \in \mathbb{R}$ | | |
| $f : \mathbb{R}^d \to \mathbb{R}$ | | |
| $\sigma(s) := \frac{1}{1 + \exp(-s)}$ | | |
```
"""


def verdict(latex):
    return check([read_page(NOTATION + "\n```{math}\n" + latex + "\n```\n", "p.md")]).verdicts[-1]


SLIPS = r"""
a = \pm b | 5 | this construct is not read: \pm | write each of the two claims in a row of its own
a \bmod b = 0 | 3 | this construct is not read: \bmod | remainders have no sign here
a = \mathcal{O} | 5 | this construct is not read: \mathcal{O} | write \mathcal{O}(h^2)
\limsup_{t \to 0} t = 0 | 1 | this construct is not read: \limsup | \lim is read
\iint t \, da \, db = 1 | 1 | this construct is not read: \iint | write one \int inside another
a \div b = 1 | 3 | this construct is not read: \div | write \frac or /
\int_0^1 t^2 = 1 | 1 | an integral has no differential | write \, d x behind it
\lim a = a | 6 | expected _ after \lim, found a | write \lim_{h \to 0}
\lim_{t} t = 0 | 1 | expected where a limit goes | \lim_{h \to 0}
\sum h = 1 | 6 | expected an index under \sum, found h | write \sum_{i=1}^n
\argmin f(w) = 0 | 9 | expected an index under \arg\min, found f | write \arg\min_w
\sum_i = 1 | 8 | expected a number, a symbol or a bracket, found = | nothing stands behind i
a == b | 4 | expected a number, a symbol or a bracket, found = | write one =
a * b = b a | 3 | cannot read on here, found * | write a product as a b, \cdot or \odot
a + b \right) = b | 13 | cannot read on here, found ) | no bracket is open
\left( a + b = b | 14 | expected ) to close (, found = |
A B = B A | 7 | B (d \times d) and A (n \times d) cannot be multiplied | they fit the other way round
A w v = w | 1 | A w (n \times 1) and v (d \times 1) cannot be multiplied |
f w = 1 | 3 | expected the argument of f in brackets, found w | write f(…)
f(w, v) = 1 | 1 | f takes 1 argument, not 2 |
h = 1 | 1 | h is not declared | declared are h_{j}
h_{d + 1} = 1 | 4 | the index d + 1 of h_{j} can leave 1, …, d | let it run less far, or declare it over more
a_{b} = 1 | 1 | b is no index | indices are i, j
h_{1.5} = 1 | 1 | . is no index | indices are i, j
\sgima(t) = 1 | 1 | \sgima is not declared | declared are \sigma
\tr(B) = a | 1 | \tr is not declared | write \operatorname{tr}
\operatorname{softmx}(w) = w | 1 | \text{softmx} is not declared | declared are \text{softmax}, \text{softplus}, \text{sigm}
\mathbf{w} = w | 1 | \mathbf{w} is not declared | write w, which is declared, or add a row to the notation, or write := if this defines it
L = a | 1 | L is not declared | add a row to the notation, or write := if this defines it
\operatorname{Var}(a) = 0 | 1 | nothing is random here | declare z \sim \dots in the notation, or write \mathbb{E}_{z \sim \dots}
0,5 t = t | 1 | a comma between digits can be read as a decimal point or as the end of a claim | write 0.5
1,000 t = t | 1 | a comma between digits can be read as a decimal point or as the end of a claim | write 1.000 or 1000
w \in R^n | 7 | this set is not known, found R | \mathbb{R}, \mathbb{R}^d, \mathbb{R}_{>0}, \mathbb{N}, \{-1, +1\}, (0, 1), \Delta^K
"""


@pytest.mark.parametrize("slip", SLIPS.strip().splitlines())
def test_a_slip_is_named_at_its_place_with_a_way_out(slip):
    latex, column, message, hint = [*f"{slip} ".split(" | "), ""][:4]
    found = verdict(latex)
    assert found.status == "unreadable"
    assert (found.column, found.message, found.hint) == (int(column), message, hint.strip())


@pytest.mark.parametrize(
    "latex",
    [
        r"\sigma(-t) = \sigma(t)",
        r"\det(B) = t",
        r"\sum_{i=1}^n 1 = 1",
        r"\exp(a) = a",
        r"\frac{1 + a}{2} = a",
    ],
)
def test_no_edit_is_offered_that_says_nothing_or_means_something_else(latex):
    found = verdict(latex)
    assert (found.status, found.repair) == ("refuted", "")


def test_pi_is_a_number_beside_a_family_of_that_letter():
    assert verdict(r"\sqrt{2 \pi}^2 = 2 \pi").status == "held"


def test_a_recursion_without_a_start_is_told_how_to_get_one():
    found = verdict(r"u_i := a u_{i - 1}")
    assert found.hint == r"a recursion starts from a declared member: u_{0}, \dots, u_{n} \in …"


@pytest.mark.filterwarnings("error")
def test_a_power_that_is_too_large_prints_nothing():
    assert verdict(r"B^{1000000000} = B").status == "refuted"
