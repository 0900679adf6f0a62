"""Every step of the derivation has the value of every other, and of derivatives by other means.

The last section plants faults in the code of each step and demands that they are found.
"""

import inspect
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import oracle
from backprop_notes import (
    central_difference,
    complex_step,
    gradient,
    gradient_check,
    gradients,
    label_error,
    log_likelihood,
    log_sigmoid,
    nabla,
    output_error,
    output_gradient,
    relative_difference,
    score,
    score_gradient,
)
from problems import BY_HAND, L, problem, problems

# From the slide's equation to the finished gradient, in the order of the pages.
STEPS = [
    "slide_gradient",
    "plugged_in_gradient",
    "chain_rule_gradient",
    "cancelled_gradient",
    "label_outside_gradient",
    "output_error_gradient",
    "hidden_gradient",
]
step_by_step = pytest.mark.parametrize("step", [getattr(gradients, step) for step in STEPS])


def with_row(W1, k, w):
    """W1 with w in place of its row k: all that w_1k does to the network."""
    return np.where(np.arange(len(W1))[:, np.newaxis] == k, w, W1)


def terms(X, y, W1, w2, k):
    """Size of what a gradient adds up: examples may cancel, their rounding errors do not."""
    return np.abs(label_error(X, y, W1, w2)) @ np.abs(score_gradient(X, W1, w2, k))


# --- Agreement ------------------------------------------------------------------------------------


@given(problem=problems(), data=st.data())
def test_all_steps_have_one_value(problem, data):
    k = data.draw(st.integers(0, len(problem.W1) - 1), label="k")
    value = gradient(*problem).W1[k]
    error = 1e-12 * terms(*problem, k).max()
    for step in STEPS:
        actual = getattr(gradients, step)(*problem, k)
        assert_allclose(actual, value, rtol=0, atol=error, strict=True, err_msg=step)


@given(problem=problems())
def test_gradient_matches_differences_at_50_digits(problem):
    X, y, W1, w2 = (oracle.exact(array) for array in problem)
    exact_W1 = oracle.derivative(lambda W1: oracle.log_likelihood(X, y, W1, w2), W1)
    exact_w2 = oracle.derivative(lambda w2: oracle.log_likelihood(X, y, W1, w2), w2)
    found = gradient(*problem)
    for k, row in enumerate(exact_W1):
        error = 1e-12 * terms(*problem, k).max()
        assert_allclose(found.W1[k], row, rtol=0, atol=error, strict=True)
    # At most 4 examples with an error below 1 and a hidden value below 1.
    assert_allclose(found.w2, exact_w2, rtol=0, atol=1e-14, strict=True)


@given(problem=problems())
def test_gradient_matches_central_difference_and_complex_step(problem):
    X, y, W1, w2 = problem
    found = gradient(X, y, W1, w2)
    size = max(1, abs(log_likelihood(X, y, W1, w2)))
    for f, w, value in [
        (lambda W1: log_likelihood(X, y, W1, w2), W1, found.W1),
        (lambda w2: log_likelihood(X, y, W1, w2), w2, found.w2),
    ]:
        assert_allclose(value, complex_step(f, w), rtol=0, atol=1e-14 * size, strict=True)
        assert_allclose(value, central_difference(f, w), rtol=0, atol=1e-8 * size, strict=True)


@given(problem=problems())
def test_output_error_is_the_derivative_of_log_sigma_and_equals_the_label_error(problem):
    X, y, W1, w2 = problem
    z = score(X, W1, w2)
    error = output_error(X, y, W1, w2)
    exact = [
        oracle.derivative(lambda z, label=label: oracle.mp.log(oracle.sigma(label * z[0])), [at])[0]
        for label, at in zip(y, z, strict=True)
    ]
    assert_allclose(error, exact, rtol=1e-13)
    assert_allclose(label_error(X, y, W1, w2), error, rtol=1e-13, strict=True)

    slope = central_difference(lambda z: log_sigmoid(y * z), z)
    assert_allclose(slope, np.diag(error), rtol=0, atol=1e-9)


@given(problem=problems())
def test_output_gradient_is_that_of_all_weights_at_once(problem):
    value = gradient(*problem).w2
    assert_allclose(output_gradient(*problem), value, rtol=0, atol=1e-14, strict=True)


@given(problem=problems(), data=st.data())
def test_score_gradient_matches_complex_step_in_each_example(problem, data):
    X, _, W1, w2 = problem
    k = data.draw(st.integers(0, len(W1) - 1), label="k")
    slopes = complex_step(lambda w: score(X, with_row(W1, k, w), w2), W1[k])
    assert_allclose(score_gradient(X, W1, w2, k), slopes, rtol=1e-12, strict=True)


@given(problem=problems(), data=st.data())
def test_nabla_differentiates_by_one_row_alone(problem, data):
    X, _, W1, _ = problem
    k = data.draw(st.integers(0, len(W1) - 1), label="k")
    before = W1.copy()
    # The derivative of sum_j (x_i^T w_1j)^2 by w_1k is 2 (x_i^T w_1k) x_i.
    slopes = nabla(lambda W1: ((X @ W1.T) ** 2).sum(axis=1), W1, k)
    assert_allclose(slopes, 2 * (X @ W1[k])[:, np.newaxis] * X, rtol=1e-14, atol=1e-14, strict=True)
    assert_array_equal(W1, before)


def test_nabla_takes_lists_and_refuses_a_unit_that_is_not_there():
    assert_array_equal(nabla(lambda W1: W1 @ np.ones(2), [[1, 2]], k=0), [[1, 1]])
    for k in (-1, 1):
        with pytest.raises(ValueError, match=f"^k must be .*, but is {k}$"):
            nabla(lambda W1: W1 @ np.ones(2), np.ones((1, 2)), k)
    with pytest.raises(ValueError, match=r"^W1 must have 2 axes"):
        nabla(lambda W1: W1, [1, 2], k=0)


# --- Numbers by hand ------------------------------------------------------------------------------

# With sigma(z) = (3/4, 1/2) and y = (-1, +1), see problems.py:
#   error      0 - 3/4 = -3/4 and 1 - 1/2 = 1/2
#   w_21       -3/4 (3/4, 1/2) + 1/2 (1/2, 1/4) = (-5/16, -1/4)
#   slopes     h (1 - h) is 3/16 where h is 3/4 or 1/4, and 1/4 where it is 1/2
#   w_11       -3/4 (-4L)(3/16) x_1 + 1/2 (-4L)(1/4) x_2 = (9/16 L, -1/2 L)
#   w_12       -3/4 (8L)(1/4) x_1 + 1/2 (8L)(3/16) x_2 = (-3/2 L, 3/4 L)
W1_BY_HAND = np.array([[9 / 16, -1 / 2], [-3 / 2, 3 / 4]]) * L


@step_by_step
def test_each_step_gives_the_numbers_worked_out_by_hand(step):
    assert_allclose(step(*BY_HAND), W1_BY_HAND[0], rtol=1e-14)  # k = 0 unless it is given
    assert_allclose(step(*BY_HAND, k=1), W1_BY_HAND[1], rtol=1e-14)


def test_other_gradients_give_the_numbers_worked_out_by_hand():
    X, _, W1, w2 = BY_HAND
    assert_allclose(label_error(*BY_HAND), [-3 / 4, 1 / 2], rtol=1e-14)
    assert_allclose(output_error(*BY_HAND), [-3 / 4, 1 / 2], rtol=1e-14)
    assert_allclose(output_gradient(*BY_HAND), [-5 / 16, -1 / 4], rtol=1e-14)
    assert_allclose(score_gradient(X, W1, w2), [[-3 / 4 * L, 0], [0, -L]], rtol=1e-14)
    assert_allclose(gradient(*BY_HAND).W1, W1_BY_HAND, rtol=1e-14)
    assert_allclose(gradient(*BY_HAND).w2, [-5 / 16, -1 / 4], rtol=1e-14)


def test_finished_gradient_is_right_where_the_probability_is_rounded_to_zero():
    # h = 1/2, so z = 1000, and the label says -1: the error is -1, the slope w_2 / 4.
    sure_and_wrong = {"X": [[1]], "y": [-1], "W1": [[0]], "w2": [2000]}
    assert_array_equal(gradients.hidden_gradient(**sure_and_wrong), [-500])
    assert_array_equal(gradient(**sure_and_wrong).W1, [[-500]])


@pytest.mark.parametrize("label", [-1, 1])
def test_gradient_keeps_its_digits_where_the_network_is_right_and_sure(label):
    sure_and_right = [[1, 2]], [label], [[0, 0]], [76 * label]  # h = 1/2, so y z = 38
    X, y, W1, w2 = (oracle.exact(array) for array in sure_and_right)
    exact_W1 = oracle.derivative(lambda W1: oracle.log_likelihood(X, y, W1, w2), W1)
    exact_w2 = oracle.derivative(lambda w2: oracle.log_likelihood(X, y, W1, w2), w2)
    assert_allclose(gradient(*sure_and_right).W1, exact_W1, rtol=1e-14)
    assert_allclose(gradient(*sure_and_right).w2, exact_w2, rtol=1e-14)
    # The line of the notes, as its docstring says, has nothing left where the label is +1.
    assert (output_error(*sure_and_right) == 0) == (label == 1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_that_divide_have_no_value_where_the_probability_is_rounded_to_zero(step, dtype):
    wrong = [np.array(array, dtype) for array in ([[1]], [-1], [[0]], [2000])]
    if step in {"slide_gradient", "plugged_in_gradient", "chain_rule_gradient"}:
        with pytest.warns(RuntimeWarning):
            assert_array_equal(getattr(gradients, step)(*wrong), [np.nan])
    else:
        assert_array_equal(getattr(gradients, step)(*wrong), [-500])


@step_by_step
@pytest.mark.parametrize(("dtype", "p", "digits"), [(np.float32, 1e-18, 6), (float, 1e-288, 14)])
def test_steps_keep_their_digits_down_to_the_probability_that_is_promised(step, dtype, p, digits):
    w2 = -2 * np.log(p)  # h = 1/2, so z = -log p, and the label says -1
    wrong = [np.array(array, dtype) for array in ([[1]], [-1], [[0]], [w2])]
    assert_allclose(step(*wrong), [-w2 / 4], rtol=10.0**-digits)


# --- No examples ----------------------------------------------------------------------------------


@step_by_step
def test_each_step_is_zero_without_examples(step):
    assert_array_equal(step(np.zeros((0, 3)), [], np.ones((2, 3)), [1, 2], k=1), np.zeros(3))


def test_other_gradients_are_zero_or_empty_without_examples():
    nothing = np.zeros((0, 3)), [], np.ones((2, 3)), [1, 2]
    assert label_error(*nothing).shape == output_error(*nothing).shape == (0,)
    assert score_gradient(nothing[0], *nothing[2:], k=1).shape == (0, 3)
    assert_array_equal(output_gradient(*nothing), np.zeros(2), strict=True)
    assert_array_equal(gradient(*nothing).W1, np.zeros((2, 3)), strict=True)
    assert_array_equal(gradient(*nothing).w2, np.zeros(2), strict=True)


# --- Planted faults -------------------------------------------------------------------------------

# As many examples as units as inputs: a wrong index or a missing transpose still fits, and only
# the numbers can tell.
SQUARE = problem(n=3, m=3, d=3)
K = 2


def checks(gradients, name):
    """gradient_check of one function of a module, against the function that it differentiates."""
    X, y, W1, w2 = SQUARE
    row = W1[K]
    match name:
        case "label_error" | "output_error":
            error = getattr(gradients, name)(*SQUARE)
            yield gradient_check(lambda z: log_sigmoid(y * z), score(X, W1, w2), np.diag(error))
        case "output_gradient":
            found = gradients.output_gradient(*SQUARE)
            yield gradient_check(lambda w2: log_likelihood(X, y, W1, w2), w2, found)
        case "gradient":
            found = gradients.gradient(*SQUARE)
            yield gradient_check(lambda W1: log_likelihood(X, y, W1, w2), W1, found.W1)
            yield gradient_check(lambda w2: log_likelihood(X, y, W1, w2), w2, found.w2)
        case "nabla" | "score_gradient":
            found = (
                gradients.nabla(lambda W1: score(X, W1, w2), W1, K)
                if name == "nabla"
                else gradients.score_gradient(X, W1, w2, K)
            )
            yield gradient_check(lambda w: score(X, with_row(W1, K, w), w2), row, found)
        case _:
            found = getattr(gradients, name)(*SQUARE, K)
            yield gradient_check(lambda w: log_likelihood(X, y, with_row(W1, K, w), w2), row, found)


def disagreement(gradients):
    """Worst relative difference between functions of a module that must have one value."""
    X, _, W1, w2 = SQUARE
    everything = gradients.gradient(*SQUARE)
    equal = [
        (gradients.label_error(*SQUARE), gradients.output_error(*SQUARE)),
        (gradients.output_gradient(*SQUARE), everything.w2),
        (
            gradients.nabla(lambda W1: score(X, W1, w2), W1, K),
            gradients.score_gradient(X, W1, w2, K),
        ),
        *((getattr(gradients, step)(*SQUARE, K), everything.W1[K]) for step in STEPS),
    ]
    return max(relative_difference(a, b) for a, b in equal)


FAULTS = {
    "label_error": [
        ("(1 - sigmoid", "(1 + sigmoid"),
        ("sigmoid(y *", "sigmoid(-y *"),
        ("sigmoid(y *", "sigmoid(2 * y *"),
        ("))) * y)", "))))"),
        ("score(X, W1", "score(X[::-1], W1"),
    ],
    "output_error": [
        ("(y == 1)", "(y == -1)"),
        ("- sigmoid(", "+ sigmoid("),
        ("- sigmoid(", "- 2 * sigmoid("),
        ("score(X, W1", "score(X[::-1], W1"),
    ],
    "output_gradient": [
        ("return output", "return -output"),
        ("return output", "return 2 * output"),
        ("hidden(X, W1)", "hidden(X, W1[::-1])"),
        ("hidden(X, W1)", "hidden(X, W1).T"),
    ],
    "nabla": [
        ("return complex", "return -complex"),
        ("return complex", "return 2 * complex"),
        ("W[k] = w", "W[0] = w"),
        ("f_of_row, W1[k])", "f_of_row, W1[k]).T"),
    ],
    "slide_gradient": [
        ("return 1 /", "return -1 /"),
        ("return 1 /", "return"),
        ("W1, k)", "W1, 0)"),
        ("@ nabla_p", "@ nabla_p.T"),
    ],
    "plugged_in_gradient": [
        ("1 / p", "-1 / p"),
        ("1 / p", "1 / p**2"),
        ("W1, k)", "W1, 0)"),
        ("@ nabla_p", "@ nabla_p.T"),
    ],
    "chain_rule_gradient": [
        ("(1 - p)", "(1 + p)"),
        ("(1 - p) / p", "(1 - p)"),
        ("lambda W1: y * ", "lambda W1: "),
        ("W1, k)", "W1, 0)"),
        ("@ nabla_yz", "@ nabla_yz.T"),
    ],
    "cancelled_gradient": [
        ("(1 - p)", "(1 + p)"),
        ("(1 - p)", "p * (1 - p)"),
        ("lambda W1: y * ", "lambda W1: "),
        ("W1, k)", "W1, 0)"),
        ("@ nabla_yz", "@ nabla_yz.T"),
    ],
    "label_outside_gradient": [
        ("return label", "return -label"),
        ("return label", "return y * label"),
        ("W1, k)", "W1, 0)"),
        ("@ nabla_z", "@ nabla_z.T"),
    ],
    "output_error_gradient": [
        ("return output", "return -output"),
        ("return output", "return y * output"),
        ("W1, k)", "W1, 0)"),
        ("@ nabla_z", "@ nabla_z.T"),
    ],
    "score_gradient": [
        ("(1 - h)", "(1 + h)"),
        ("h * (1 - h)", "(1 - h)"),
        ("w2[k] *", "w2[0] *"),
        ("[:, k]", "[:, 0]"),
        ("[:, k]", "[k]"),
        ("* X)", "* X.T)"),
    ],
    "hidden_gradient": [
        ("return output", "return -output"),
        ("return output", "return y * output"),
        ("W1, w2, k)", "W1, w2, 0)"),
        ("W1, w2, k)", "W1, w2, k).T"),
    ],
    "gradient": [
        ("e = y *", "e = -y *"),
        ("e = y *", "e ="),
        ("sigmoid(-y *", "sigmoid(y *"),
        ("sigmoid(-y *", "sigmoid(-2 * y *"),
        ("sigmoid(-A)", "sigmoid(A)"),
        ("* H *", "*"),
        ("np.outer(e, w2)", "np.outer(w2, e)"),
        ("np.outer(e, w2)", "np.outer(e, w2[::-1])"),
        ("E.T @ X", "E @ X"),
        ("E.T @ X", "X.T @ E"),
        ("H.T @ e", "H @ e"),
    ],
}


def planted(name, right, wrong):
    """A copy of the module with one fault in the code of one function."""
    module, function = inspect.getsource(gradients), inspect.getsource(getattr(gradients, name))
    assert function.count(right) == 1, f"{name} holds {right!r} {function.count(right)} times"
    copy = ModuleType("faulty_gradients")
    exec(module.replace(function, function.replace(right, wrong)), copy.__dict__)
    return copy


def test_every_gradient_function_has_planted_faults():
    functions = {
        name
        for name, function in inspect.getmembers(gradients, inspect.isfunction)
        if function.__module__ == gradients.__name__
    }
    assert set(FAULTS) == functions


@pytest.mark.parametrize("name", FAULTS)
def test_gradient_check_passes_the_right_code(name):
    for check in checks(gradients, name):
        assert check.central_difference < 1e-7
        assert check.complex_step < 1e-12


def test_steps_agree_in_the_right_code():
    assert disagreement(gradients) < 1e-12


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        pytest.param(name, right, wrong, id=f"{name}: {right} -> {wrong}")
        for name, faults in FAULTS.items()
        for right, wrong in faults
    ],
)
def test_planted_fault_is_refused(name, right, wrong):
    faulty = planted(name, right, wrong)
    # No near miss: a fault is orders of magnitude above what rounding may do.
    assert max(check.central_difference for check in checks(faulty, name)) > 1e-2
    assert max(check.complex_step for check in checks(faulty, name)) > 1e-2
    assert disagreement(faulty) > 1e-2


@pytest.mark.parametrize("x", [-40.0, -20.0, 20.0, 40.0, 300.0])
def test_gradient_keeps_its_digits_where_a_hidden_unit_is_saturated(x):
    problem = [[x]], [-1], [[1.0]], [1.0]
    found = gradient(*problem)
    numerical = complex_step(lambda W1: log_likelihood(*problem[:2], W1, problem[3]), problem[2])
    assert_allclose(found.W1, numerical, rtol=1e-13)
