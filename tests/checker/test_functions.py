"""Functions without their arguments, and letters that are one of a number as well."""

import pytest

from equation_checker import Settings, check, read_page

ROWS = r"""
a, b, c, t, x \in \mathbb{R}
v, w \in \mathbb{R}^2
f, g : \mathbb{R} \to \mathbb{R}
k : \mathbb{R}_{>0} \to \mathbb{R}
G : \mathbb{R}^2 \to \mathbb{R}
\sigma(t) := \frac{1}{1 + \exp(-t)}
p(x) := x^2
e_c(t) := \exp(c t)
M := w^\top w
y \in \mathbb{R}
y(t) := \exp(-t)
"""


def judged(latex, rows=ROWS, **settings):
    table = "".join(f"| ${row}$ | |\n" for row in rows.strip().splitlines())
    text = f"```{{notation}}\n| symbol | meaning |\n|---|---|\n{table}```\n\n$$\n{latex}\n$$\n"
    return check([read_page(text, "page.md")], settings=Settings(**settings)).verdicts[-1]


@pytest.mark.parametrize(
    ("latex", "first", "second"),
    [
        ("f(a) = f", "f(a)", "f(u)"),
        ("f(a) + f = 2 f(a)", "f(a)", "f(u)"),
        ("f(x) g = g f(x)", "g(x)", "g(u)"),
        ("f' = c f", "f(c)", "f(u)"),
        (r"p(3) = p", "p(3)", "p(x)"),
        (r"p' = 2 t", "p(t)", "p(x)"),
        (r"\sigma' = p", r"\sigma(t)", r"\sigma(x)"),
        (r"\nabla G = \nabla G(v + w)", "G(v + w)", "G(u)"),
        ("f(1 - g) = f - f g", "f(1 - g(u))", r"f \cdot (1 - g(u))"),
        (r"(1 - \sigma)(1 + c) = 1", r"(1 - \sigma(t)) at 1 + c", r"(1 - \sigma(t)) \cdot (1 + c)"),
        (r"\sigma^{-1} = f", r"the inverse function of \sigma", r"\frac{1}{\sigma(t)}"),
        ("M(v) = v^\\top v", "the value of M at v", r"M \cdot (v)"),
        ("y'(t) = -y", "the number y", "the function y"),
        ("y = \\exp(-t)", "the number y", "the function y"),
        (r"\frac{\partial y}{\partial t} = 0", "the number y", "the function y"),
        ("y(a + b) = 1", "y(a + b)", r"y \cdot (a + b)"),
    ],
)
def test_what_can_mean_two_functions_or_arguments_is_shown_with_both(latex, first, second):
    found = judged(latex)
    assert str(found.status) == "unreadable"
    assert found.message.startswith(f"can be read as {first} or as {second}")


@pytest.mark.parametrize("latex", [r"\sigma t = \frac{1}{1 + \exp(-t)}", "p x = x^3", "2 p = p 2"])
def test_a_letter_behind_a_function_may_be_its_argument_so_brackets_are_asked_for(latex):
    assert "in brackets" in judged(latex).message


@pytest.mark.parametrize(
    ("true", "wrong"),
    [
        (r"(f \circ g)(x) = f(g(x))", r"(f \circ g)(x) = f(x) g(x)"),
        (r"(f \circ g)' = (f' \circ g) \cdot g'", r"(f \circ g)' = (f' \circ g) \cdot f'"),
        ("(f + g)(x) = f(x) + g(x)", "(f + g)(x) = f(x) x + g(x) x"),
        ("(f g)'(a) = f'(a) g(a) + f(a) g'(a)", "(f g)'(a) = f'(a) g'(a)"),
        (r"(1 - \sigma)(1 + \sigma) = 1 - \sigma^2", r"(1 - \sigma)(1 + \sigma) = 1 - \sigma"),
        ("e_c' = c e_c", "e_c' = e_c"),
        (r"\frac{d}{dx} f^2 = 2 f f'", r"\frac{d}{dx} f^2 = 2 f'"),
        ("k(u) = k(|u|)", "k(u) = k(2 u)"),
    ],
)
def test_functions_are_compared_at_every_argument(true, wrong):
    assert str(judged(true).status) == "held"
    assert str(judged(wrong).status) == "refuted"


def test_a_definition_by_functions_needs_their_arguments():
    assert "in brackets" in judged("q := f g").message


def test_a_function_does_not_take_the_letter_of_a_number_from_it():
    rows = "s \\in \\mathbb{R}\ns : \\mathbb{R} \\to \\mathbb{R}\nx \\in \\mathbb{R}"
    assert str(judged("(s + 1)^2 = s^2 + 2 s + 1", rows).status) == "held"
    turned = "\n".join(reversed(rows.splitlines()))
    assert str(judged("(s + 1)^2 = s^2 + 2 s + 1", turned).status) == "held"
    assert str(judged("s(x)^2 - 1 = (s(x) - 1)(s(x) + 1)", turned).status) == "held"


@pytest.mark.parametrize(
    "latex", ["M(w) = w^\\top w", r"\nabla M(w) = 2 w", r"\nabla_w M(w) = 2 w"]
)
def test_a_number_may_name_what_it_is_defined_from(latex):
    assert str(judged(latex).status) == "held"
    assert str(judged(latex + r" - w \lVert w \rVert").status) != "held"


def test_a_column_beside_another_in_brackets_is_a_product():
    rows = "n \\in \\mathbb{N}\nu, v \\in \\mathbb{R}^n\nz := 2 u"
    assert str(judged(r"z (u)^\top = 2 u u^\top", rows).status) == "held"


def test_a_definition_may_have_an_index_above():
    rows = "n \\in \\mathbb{N}\ni = 1, \\dots, n\na^i \\in \\mathbb{R}\nb^i := 2 a^i"
    assert str(judged("b^i - a^i = a^i", rows).status) == "held"
    assert str(judged("b^i - a^i = b^i", rows).status) == "refuted"
