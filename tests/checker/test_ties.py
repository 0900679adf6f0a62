"""Equations and code: a fault planted in either makes the tie fail."""

import numpy as np
import pytest

from equation_checker import Settings, Unreadable, check, read_page, read_row
from equation_checker.judging.claims import Judge
from equation_checker.judging.python import TieError
from equation_checker.judging.ties import Pattern, compare, is_name, pattern
from equation_checker.reading.displays import read_display

GRADIENT = r"\sum_{i=1}^n (I(y_i = 1) - \sigma(w_{21}^\top h_i)) h_i"
CODE = {
    "right": lambda e, H: H.T @ e,
    "sign": lambda e, H: -H.T @ e,
    "factor": lambda e, H: 2 * H.T @ e,
    "index": lambda e, H: H.T @ np.roll(e, 1),
    "transpose": lambda e, H: H @ H.T @ e,
    "column swapped": lambda e, H: H[:, ::-1].T @ e,
    "last example lost": lambda e, H: H[:-1].T @ e[:-1],
    "mean for sum": lambda e, H: H.T @ e / len(H),
}


def tie(latex, python, notation, library):
    reading = read_display(latex, notation)
    judge = Judge(reading.notation, Settings(library=library))
    try:
        return judge.tie(reading.statements[0].sides[-1], python)[1]
    except Unreadable as problem:
        return str(problem)


@pytest.mark.parametrize("fault", CODE)
def test_a_fault_in_a_gradient_function_makes_its_tie_fail(fault, notation, library):
    def gradient(X, y, W1, w2):
        H = library["hidden"](X, W1)
        return CODE[fault]((y == 1) - library["sigmoid"](H @ w2), H)

    wrong = tie(GRADIENT, "gradient(X, y, W1, w2)", notation, {"gradient": gradient})
    assert (wrong == "") == (fault == "right")


@pytest.mark.parametrize(
    ("python", "holds"),
    [
        ("hidden(X, W1)[i]", True),
        ("hidden(X, W1)", False),
        ("hidden(X, W1[::-1])[i]", False),
        ("hidden(X, -W1)[i]", False),
        ("hidden(X, W1)[n - 1 - i]", False),
        ("1 - hidden(X, -W1)[i]", True),
    ],
)
def test_a_definition_and_its_code(python, holds, notation, library):
    assert (tie("h_i", python, notation, library) == "") is holds


def test_an_index_is_its_position_counted_from_0(notation, library):
    assert tie("i - 1", "i", notation, library) == ""


def test_sizes_have_their_letters(notation, library):
    assert tie("n + d", "n + d", notation, library) == ""
    assert tie("n", "len(X)", notation, {"len": len}) == ""


def test_methods_of_arrays_can_be_called(notation, library):
    assert tie(r"\sum_{i=1}^n \mathbf{1}_d^\top x_i", "X.sum()", notation, library) == ""
    assert tie(r"\sum_{i=1}^n \mathbf{1}_d^\top x_i", "X.mean()", notation, library)


def test_python_s_own_functions_are_not_there_unless_the_caller_gives_them(notation, library):
    assert "abs is neither" in tie("t", "abs(1)", notation, library)


def test_what_the_code_does_wrong_is_said(notation, library):
    assert "ZeroDivisionError" in tie("t", "1 / (n - n)", notation, library)
    assert "neither in the Python column nor in the library" in tie(
        "t", "sigma(2)", notation, library
    )
    assert "is not Python" in tie("t", "sigma(", notation, library)
    assert "not numbers" in tie("t", "sigmoid", notation, library)
    assert "shape (2,)" in tie("w_{21}", "X", notation, library)


def test_code_that_gives_nan_is_refused(notation):
    assert tie("t", "nan()", notation, {"nan": lambda: float("nan")})


def test_derivatives_of_derivatives_can_be_tied(notation):
    library = {"zero": lambda: 0.0, "six": lambda: 6.0}
    assert tie(r"\frac{d^2}{dt^2} (3 t^2)", "six()", notation, library) == ""
    assert tie(r"\frac{d^2}{dt^2} (3 t^2)", "zero()", notation, library)


def test_patterns():
    assert pattern("X[i, 0]") == Pattern("X", ("i", 0))
    assert pattern("sigmoid(t)") is None
    assert is_name("W1[0]")
    assert not is_name("W1.T")
    with pytest.raises(Unreadable, match="is not Python"):
        pattern("X[")


def test_shapes_are_compared_before_values():
    with pytest.raises(TieError, match="shape"):
        compare(np.zeros(3), np.zeros((3, 1)))
    assert compare(np.zeros((1, 3)), np.zeros(3)) == 0


def test_a_gap_in_an_array_is_told(notation, library):
    known = read_row(r"v \in \mathbb{R}", notation, python=["V[1]"])
    assert "leave a gap" in tie("v", "V", known, library)


def test_a_wrong_tie_is_a_problem_of_the_page(library):
    text = "```{notation}\n| a | b | c |\n|-|-|-|\n| $a \\in \\mathbb{R}$ | | `a` |\n```\n"
    text += "```{math}\n:python: a + 1\n2 a = a + a\n```\n"
    (verdict,) = check([read_page(text, "page.md")], settings=Settings(library=library)).verdicts
    assert verdict.status == "refuted"
    assert verdict.problem().startswith("page.md:8:7: refuted: the code a + 1 gives ")
