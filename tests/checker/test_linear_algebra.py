"""Linear algebra and the functions of numbers: the same in all fields, and honest at the edges."""

from fractions import Fraction
from random import Random

import mpmath
import numpy as np
import pytest
import sympy

from equation_checker import Settings, check, read_page
from equation_checker.judging.proofs import Symbols
from equation_checker.language.errors import Undefined
from equation_checker.language.functions import FUNCTIONS
from equation_checker.meaning import matrices, special
from equation_checker.meaning.balls import Balls
from equation_checker.meaning.domains import MADE, constrained
from equation_checker.meaning.fields import Decimal, Float64, Nested

OF_ONE = [each.name for each in FUNCTIONS if each.is_each or each.takes == 1]
SMOOTH = [each for each in OF_ONE if each not in ("factorial", "floor", "ceil", "sign")]
NOTATION = r"""```{notation}
| symbol | meaning | Python |
|---|---|---|
| $n, k \in \mathbb{N}$ | sizes | |
| $A, B \in \mathbb{R}^{n \times n}$ | square matrices | |
| $x, z \in \mathbb{R}^n$ | columns | |
| $S \in \mathbb{S}^n$ | symmetric | |
| $T \in \mathbb{R}^{n \times k \times n}$ | three axes | |
| $i = 1, \dots, n$ | an index | |
```

"""


def verdict(latex):
    page = read_page(f"{NOTATION}$$\n{latex}\n$$\n", "page.md")
    return check([page], settings=Settings()).verdicts[-1]


def argument(name):
    return Fraction(3) if name in ("factorial", "acosh") else Fraction(37, 100)


@pytest.mark.parametrize("name", OF_ONE)
def test_all_fields_agree_on_a_function(name):
    x = argument(name)
    exact = special.of_numbers(Decimal(), name, Decimal().number(x))
    assert special.of_numbers(Float64(), name, float(x)) == pytest.approx(float(exact))
    ball = special.of_numbers(Balls(), name, Balls().number(x))
    assert float(ball.mid()) == pytest.approx(float(exact))
    if name not in ("relu", "sign"):
        symbol = special.of_numbers(Symbols(), name, sympy.Rational(x.numerator, x.denominator))
        assert float(symbol) == pytest.approx(float(exact))


@pytest.mark.parametrize("name", SMOOTH)
def test_all_fields_agree_on_a_slope(name):
    x = argument(name)
    slopes = [
        float(field.derivative(lambda t, f=field: special.of_numbers(f, name, t), field.number(x)))
        for field in (Decimal(), Balls())
    ]
    assert slopes[1] == pytest.approx(slopes[0])
    if name not in ("erf", "erfc", "normal", "gamma"):
        quick = Float64().derivative(lambda t: special.of_numbers(Float64(), name, t), float(x))
        assert quick == pytest.approx(slopes[0])


@pytest.mark.parametrize("name", ["erf", "erfc", "normal", "gamma"])
def test_double_precision_leaves_these_slopes_to_others(name):
    field = Float64()
    with pytest.raises(Nested):
        field.derivative(lambda t: special.of_numbers(field, name, t), 0.5)


@pytest.mark.parametrize(
    ("name", "x"),
    [("asin", 2), ("acos", -2), ("acosh", 0), ("atanh", 1), ("gamma", -1), ("factorial", -2),
     ("factorial", 0.5), ("logit", 1)],
)  # fmt: skip
def test_a_function_has_no_value_outside_of_its_domain(name, x):
    for field in (Float64(), Decimal()):
        with pytest.raises(Undefined):
            special.of_numbers(field, name, field.number(Fraction(x)))


def test_the_whole_part_of_what_is_nearly_whole_is_not_guessed():
    with pytest.raises(Undefined):
        special.of_numbers(Float64(), "floor", 3 - 1e-14)


def test_a_factorial_has_no_slope():
    for field in (Float64(), Decimal()):
        with pytest.raises(Undefined):
            field.derivative(
                lambda t, f=field: special.of_numbers(f, "factorial", t), field.number(Fraction(3))
            )


def drawn(seed, rows, columns):
    random = Random(seed)
    return tuple(
        tuple(Fraction(random.randint(-900, 900), 300) for _ in range(columns)) for _ in range(rows)
    )


@pytest.mark.parametrize("seed", range(5))
def test_determinants_multiply(seed):
    field = Decimal()
    a, b = (
        np.vectorize(field.number, otypes=[object])(np.array(drawn(seed + k, 4, 4), dtype=object))
        for k in (0, 100)
    )
    both = matrices.determinant(field, a) * matrices.determinant(field, b)
    assert mpmath.almosteq(matrices.determinant(field, a @ b), both, 1e-40)


@pytest.mark.parametrize("seed", range(5))
def test_eigenvalues_are_those_of_numpy(seed):
    rows = np.array(constrained("symmetric", drawn(seed, 6, 6)), dtype=object)
    values, vectors = matrices.eigen(Float64(), rows.astype(float).astype(object))
    expected = np.linalg.eigvalsh(rows.astype(float))
    assert sorted(values) == pytest.approx(expected)
    made = vectors @ np.diag(values) @ vectors.T
    assert made.astype(float) == pytest.approx(rows.astype(float))


@pytest.mark.parametrize("seed", range(6))
def test_matrices_of_a_kind_are_exactly_of_it(seed):
    free = drawn(seed, 4, 4)
    made = {kind: np.array(constrained(kind, free), dtype=object) for kind in MADE}
    for kind in ("symmetric", "definite", "semidefinite"):
        assert (made[kind] == made[kind].T).all()
    assert np.linalg.eigvalsh(made["definite"].astype(float)).min() > 0
    for kind in ("orthogonal", "rotation"):
        assert (made[kind].T @ made[kind] == np.eye(4, dtype=int)).all()
    assert np.linalg.det(made["rotation"].astype(float)) == pytest.approx(1)


def test_orthogonal_matrices_turn_and_reflect_and_semidefinite_ones_lose_rank():
    free = [drawn(seed, 3, 3) for seed in range(12)]
    signs = {round(np.linalg.det(np.array(constrained("orthogonal", each), dtype=float)))
             for each in free}  # fmt: skip
    ranks = {np.linalg.matrix_rank(np.array(constrained("semidefinite", each), dtype=float))
             for each in free}  # fmt: skip
    assert (signs, ranks) == ({1, -1}, {2, 3})


@pytest.mark.parametrize(
    "latex",
    [
        r"\lambda_{\max}(A) = \lambda_{\min}(A)",
        r"A^{1/2} = (A^{1/2})^\top",
        r"(x z^\top)^{-1} A = A (x z^\top)^{-1}",
        r"(x z^\top)^+ (z x^\top) = (z x^\top) (x z^\top)^+",
    ],
)
def test_what_has_values_at_a_size_of_1_alone_is_not_held(latex):
    assert verdict(latex).status in ("under-tested", "refuted")


def test_an_orthogonal_matrix_is_not_proved_by_symbols():
    page = read_page(
        "```{notation}\n| symbol | meaning | Python |\n|---|---|---|\n"
        "| $n \\in \\mathbb{N}$ | size | |\n| $Q \\in O(n)$ | orthogonal | |\n```\n\n"
        "$$\nQ^\\top Q = \\mathbf{I}_n\n$$\n",
        "page.md",
    )
    (found,) = check([page], settings=Settings(prove=True)).verdicts
    assert found.status == "held"
    assert "proved" not in str(found)


def test_the_norm_of_an_array_sums_all_its_squares():
    assert verdict(r"\lVert T \rVert_F^2 = \sum_{i=1}^n \sum_{j=1}^k \sum_{l=1}^n T_{ijl}^2").ok
    assert verdict(r"\lVert T \rVert_F^2 = \sum_{i=1}^n \sum_{j=1}^k T_{iji}^2").status == "refuted"


@pytest.mark.parametrize("each", FUNCTIONS, ids=lambda each: each.name)
def test_each_function_says_plainly_what_it_means(each):
    assert 0 < len(each.meaning) < 140
    assert each.latex
