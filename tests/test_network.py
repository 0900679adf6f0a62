"""The model agrees with the notes' formulas at 50 digits, and with numbers worked out by hand."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

import oracle
from backprop_notes import (
    Parameters,
    hidden,
    log_likelihood,
    log_sigmoid,
    probability,
    score,
    sigmoid,
)
from problems import BY_HAND, L, problems

SIGMOIDS = [
    pytest.param(sigmoid, oracle.sigma, id="sigmoid"),
    pytest.param(log_sigmoid, lambda t: oracle.mp.log(oracle.sigma(t)), id="log_sigmoid"),
]
# 1 + exp(-t) must keep 50 digits of exp(-t) until a double cannot hold exp(-t) any more.
DIGITS = 400


@pytest.mark.parametrize(("function", "formula"), SIGMOIDS)
@given(t=st.floats(-1e4, 1e4) | st.floats(-50, 50))
def test_sigmoids_match_400_digits_up_to_ten_thousand(function, formula, t):
    with oracle.mp.workdps(DIGITS):
        expected = float(formula(oracle.mp.mpf(t)))
    assert_allclose(function(t), expected, rtol=1e-14, atol=np.finfo(float).tiny)


@pytest.mark.parametrize(("function", "formula"), SIGMOIDS)
@given(t=st.floats(-1e4, 1e4, width=32) | st.floats(-20, 20, width=32))
def test_sigmoids_of_float32_are_float32_and_as_exact_as_that_can_be(function, formula, t):
    with oracle.mp.workdps(DIGITS):
        expected = float(formula(oracle.mp.mpf(t)))
    value = function(np.float32(t))
    assert value.dtype == np.float32
    assert_allclose(value, expected, rtol=1e-6, atol=float(np.finfo(np.float32).tiny))


@pytest.mark.parametrize(("function", "formula"), SIGMOIDS)
@given(t=st.floats(-500, 500))
def test_sigmoids_carry_a_complex_step(function, formula, t):
    with oracle.mp.workdps(DIGITS):
        expected = oracle.derivative(lambda w: formula(w[0]), [t])[0]
    slope = function(t + 1e-20j).imag / 1e-20
    assert_allclose(slope, expected, rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoids_reach_their_limits_at_infinity(dtype):
    ends = np.array([-np.inf, np.inf], dtype)
    assert_array_equal(sigmoid(ends), np.array([0, 1], dtype), strict=True)
    assert_array_equal(log_sigmoid(ends), np.array([-np.inf, 0], dtype), strict=True)


@pytest.mark.parametrize("function", [sigmoid, log_sigmoid])
@given(t=arrays(np.float64, array_shapes(min_dims=0, min_side=0), elements=st.floats(-99, 99)))
def test_sigmoids_keep_any_shape_and_leave_their_argument_alone(function, t):
    before = t.copy()
    values = function(t)
    assert_array_equal(t, before)
    assert np.shape(values) == t.shape
    for index in np.ndindex(t.shape):
        assert_allclose(values[index], function(t[index]), rtol=1e-14)


@pytest.mark.parametrize("function", [sigmoid, log_sigmoid])
def test_sigmoids_take_numbers_and_lists_of_integers(function):
    assert isinstance(function(2), np.float64)
    assert_array_equal(function([[1], [2]]), function(np.array([[1.0], [2.0]])), strict=True)
    assert_array_equal(function([]), np.zeros(0), strict=True)


@given(t=st.floats(-700, 700))
def test_sigmoid_is_symmetric_and_log_sigmoid_is_its_logarithm(t):
    assert_allclose(sigmoid(t) + sigmoid(-t), 1, rtol=1e-14)
    assert_allclose(np.exp(log_sigmoid(t)), sigmoid(t), rtol=1e-12)


@given(problem=problems())
def test_model_matches_the_formulas_at_50_digits(problem):
    X, y, W1, w2 = (oracle.exact(array) for array in problem)
    n, m = X.shape[0], W1.shape[0]

    h = np.array(oracle.hidden(X, W1), float).reshape(n, m)
    assert_allclose(hidden(problem.X, problem.W1), h, rtol=1e-14, strict=True)

    # The terms of a score may cancel: its error is measured by their size.
    z = np.array(oracle.score(X, W1, w2), float)
    size = np.abs(problem.w2).sum()
    assert_allclose(
        score(problem.X, problem.W1, problem.w2), z, rtol=0, atol=1e-14 * size, strict=True
    )

    p = np.array(oracle.probability(X, y, W1, w2), float)
    assert_allclose(probability(*problem), p, rtol=1e-13, strict=True)
    ll = float(oracle.log_likelihood(X, y, W1, w2))
    assert_allclose(log_likelihood(*problem), ll, rtol=1e-12)


def test_model_gives_the_numbers_worked_out_by_hand():
    X, y, W1, w2 = BY_HAND
    assert_allclose(hidden(X, W1), [[3 / 4, 1 / 2], [1 / 2, 1 / 4]], rtol=1e-14)
    assert_allclose(score(X, W1, w2), [L, 0], rtol=0, atol=1e-14)
    # The labels are -1 and +1: p = sigma(-L) and sigma(0). Their product is 1/8.
    assert_allclose(probability(X, y, W1, w2), [1 / 4, 1 / 2], rtol=1e-14)
    assert_allclose(log_likelihood(X, y, W1, w2), np.log(1 / 8), rtol=1e-14)


@given(problem=problems())
def test_probabilities_of_the_two_labels_sum_to_one(problem):
    X, y, W1, w2 = problem
    assert_allclose(probability(X, y, W1, w2) + probability(X, -y, W1, w2), 1, rtol=1e-14)


@given(problem=problems())
def test_scores_of_an_input_and_its_mirror_image_sum_to_the_output_weights(problem):
    X, _, W1, w2 = problem
    sums = score(X, W1, w2) + score(-X, W1, w2)
    assert_allclose(sums, np.full(len(X), w2.sum()), rtol=0, atol=1e-14)


def test_log_likelihood_is_right_where_the_probability_is_rounded_to_zero():
    certain = {"X": [[0], [0]], "W1": [[0]], "w2": [20_000]}  # h = 1/2, z = 10 000
    assert_array_equal(probability(y=[-1, 1], **certain), [0, 1])
    assert log_likelihood(y=[-1, 1], **certain) == -10_000


def test_log_likelihood_of_no_examples_is_zero():
    ll = log_likelihood(np.zeros((0, 3)), [], np.ones((2, 3)), [1, 2])
    assert ll == 0
    assert hidden(np.zeros((0, 3)), np.ones((2, 3))).shape == (0, 2)
    assert score(np.zeros((0, 3)), np.ones((2, 3)), [1, 2]).shape == (0,)


def test_parameters_are_copies_that_nobody_can_change():
    W1, w2 = np.ones((2, 3)), np.ones(2)
    parameters = Parameters(W1, w2)
    W1[0, 0] = w2[0] = 7
    assert_array_equal(parameters.W1, np.ones((2, 3)))
    assert_array_equal(parameters.w2, np.ones(2))
    for array in (parameters.W1, parameters.w2):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        parameters.W1 = W1


def test_parameters_convert_lists_and_keep_float32():
    assert_array_equal(Parameters([[1, 2]], [3]).W1, np.array([[1.0, 2.0]]), strict=True)
    small = Parameters(np.float32([[1, 2]]), np.float32([3]))
    assert small.W1.dtype == small.w2.dtype == np.float32


def test_parameters_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match=r"w2 must fit W1, which has 2 hidden units .*\(3,\)"):
        Parameters([[1], [2]], [1, 2, 3])
    with pytest.raises(ValueError, match=r"W1 must be finite, but W1\[0, 0\] is nan"):
        Parameters([[np.nan]], [1])
