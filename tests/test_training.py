"""Gradient ascent climbs, remembers its way as it was, and keeps what is symmetric symmetric."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from backprop_notes import (
    History,
    Parameters,
    blobs,
    circles,
    gradient,
    gradient_ascent,
    initial_parameters,
    log_likelihood,
    probability,
    score,
    two_moons,
    xor,
)
from problems import BY_HAND, L, problems


@given(problem=problems())
def test_small_steps_climb_without_fail(problem):
    X, y, W1, w2 = problem
    history = gradient_ascent(X, y, Parameters(W1, w2), rate=1e-3, steps=10)
    # Where the gradient is 0 nothing is gained, and rounding may show.
    assert (np.diff(history.log_likelihood) >= -1e-14).all()


@given(problem=problems(), rate=st.floats(1e-3, 1), steps=st.integers(0, 5))
def test_history_is_the_way_that_was_gone(problem, rate, steps):
    X, y, W1, w2 = problem
    history = gradient_ascent(X, y, Parameters(W1, w2), rate, steps)
    m, d = W1.shape
    assert history.W1.shape == (steps + 1, m, d)
    assert history.w2.shape == (steps + 1, m)
    assert history.log_likelihood.shape == (steps + 1,)
    assert_array_equal(history.W1[0], W1)
    assert_array_equal(history.w2[0], w2)
    for step in range(steps + 1):
        here = history.W1[step], history.w2[step]
        assert_allclose(history.log_likelihood[step], log_likelihood(X, y, *here), rtol=1e-13)
        if step < steps:
            uphill = gradient(X, y, *here)
            assert_allclose(history.W1[step + 1], here[0] + rate * uphill.W1, rtol=0, atol=1e-14)
            assert_allclose(history.w2[step + 1], here[1] + rate * uphill.w2, rtol=0, atol=1e-14)
    assert_array_equal(history.final.W1, history.W1[-1])
    assert_array_equal(history.final.w2, history.w2[-1])


def test_one_step_gives_the_numbers_worked_out_by_hand():
    # The gradients are in test_gradients.py; each step adds them, times the rate 16.
    X, y, W1, w2 = BY_HAND
    history = gradient_ascent(X, y, Parameters(W1, w2), rate=16, steps=1)
    assert_allclose(history.W1[1], np.array([[10, -8], [-24, 11]]) * L, rtol=1e-13)
    assert_allclose(history.w2[1], [-4 * L - 5, 8 * L - 4], rtol=1e-13)
    assert_allclose(history.log_likelihood[0], np.log(1 / 8), rtol=1e-14)


def test_training_learns_xor():
    X, y = xor()
    history = gradient_ascent(X, y, initial_parameters(m=4, d=2), rate=1.0, steps=3000)
    final = history.final
    assert (probability(X, y, final.W1, final.w2) > 0.9).all()
    assert history.log_likelihood[-1] == history.log_likelihood.max() > -0.2


@pytest.mark.parametrize("draw", [blobs, two_moons, circles])
def test_training_learns_the_data_sets_once_an_input_is_constant(draw):
    X, y = draw()
    X = np.column_stack([X, np.ones(len(X))])
    final = gradient_ascent(X, y, initial_parameters(m=6, d=3), rate=0.05, steps=3000).final
    assert (np.sign(score(X, final.W1, final.w2)) == y).mean() >= 0.95


@given(problem=problems(), m=st.integers(2, 3))
def test_units_that_begin_alike_stay_alike(problem, m):
    X, y, W1, w2 = problem
    start = Parameters(W1[[0] * m], w2[[0] * m])
    history = gradient_ascent(X, y, start, rate=0.1, steps=5)
    assert_allclose(history.W1, history.W1[:, :1].repeat(m, axis=1), rtol=0, atol=1e-13)
    assert_allclose(history.w2, history.w2[:, :1].repeat(m, axis=1), rtol=0, atol=1e-13)


@given(problem=problems())
def test_without_examples_nothing_moves(problem):
    X, y, W1, w2 = problem
    history = gradient_ascent(X[:0], y[:0], Parameters(W1, w2), rate=1.0, steps=2)
    assert_array_equal(history.W1, [W1] * 3)
    assert_array_equal(history.w2, [w2] * 3)
    assert_array_equal(history.log_likelihood, np.zeros(3))


@pytest.mark.parametrize("rate", [0.1, 1, np.float64(0.1), np.float32(0.1)])
def test_training_of_float32_stays_float32_whatever_the_rate(rate):
    X, y = xor()
    start = initial_parameters(m=2, d=2)
    start = Parameters(np.float32(start.W1), np.float32(start.w2))
    history = gradient_ascent(np.float32(X), y, start, rate, steps=3)
    for array in (history.W1, history.w2, history.log_likelihood, history.final.W1):
        assert array.dtype == np.float32


def test_training_takes_lists_and_changes_none_of_its_arguments():
    X, y = xor()
    start = initial_parameters(m=2, d=2)
    before = X.copy(), y.copy(), start.W1.copy(), start.w2.copy()
    history = gradient_ascent(X, y, start, rate=0.1, steps=np.int8(3))
    for array, was in zip((X, y, start.W1, start.w2), before, strict=True):
        assert_array_equal(array, was)
    again = gradient_ascent(X.astype(int).tolist(), y.astype(int).tolist(), start, 0.1, 3)
    assert_array_equal(again.log_likelihood, history.log_likelihood)


def test_history_is_a_copy_that_nobody_can_change():
    X, y = xor()
    history = gradient_ascent(X, y, initial_parameters(m=2, d=2), rate=0.1, steps=0)
    for array in (history.W1, history.w2, history.log_likelihood):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        history.W1 = history.W1


def test_history_copies_the_arrays_that_it_is_made_from():
    W1, w2, lls = np.zeros((2, 1, 1)), np.zeros((2, 1)), np.zeros(2)
    history = History(W1, w2, lls)
    W1[:] = w2[:] = lls[:] = 7
    assert_array_equal(history.W1, np.zeros((2, 1, 1)))
    assert_array_equal(history.w2, np.zeros((2, 1)))
    assert_array_equal(history.log_likelihood, np.zeros(2))


def test_history_takes_lists_and_refuses_what_is_no_array_of_numbers():
    history = History([[[1]], [[2]]], [[3], [4]], [-2, -1])
    assert_array_equal(history.W1, np.array([[[1.0]], [[2.0]]]), strict=True)
    assert_array_equal(history.log_likelihood, np.array([-2.0, -1.0]), strict=True)
    with pytest.raises(TypeError, match=r"^w2 must hold numbers, but holds <U1 values$"):
        History([[[1]]], [["3"]], [-1])


# --- Where to start -------------------------------------------------------------------------------


@given(m=st.integers(0, 5), d=st.integers(0, 5), seed=st.integers(0, 2**32))
def test_initial_parameters_have_their_shapes_and_one_seed_gives_one_start(m, d, seed):
    start, again = initial_parameters(m, d, seed), initial_parameters(m, d, seed)
    assert start.W1.shape == (m, d)
    assert start.w2.shape == (m,)
    assert start.W1.dtype == start.w2.dtype == np.float64
    assert_array_equal(start.W1, again.W1)
    assert_array_equal(start.w2, again.w2)
    assert len(np.unique(np.append(start.W1, start.w2))) == m * d + m  # no two weights are alike


def test_initial_parameters_are_normal_with_the_deviation_asked_for():
    start = initial_parameters(m=100, d=100, scale=0.3)
    for weights, error in ((start.W1, 0.02), (start.w2, 0.1)):
        assert_allclose(weights.mean(), 0, atol=error)
        assert_allclose(weights.std(), 0.3, atol=error)
    assert_array_equal(initial_parameters(2, 2, seed=0, scale=1.0).W1, initial_parameters(2, 2).W1)


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0, -0.5, np.nan, np.inf, "0.1", 1j, [0.1]])
def test_rate_that_is_no_finite_number_above_0_is_refused(rate):
    message = f"rate must be a finite number above 0, but is {rate!r}"
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        gradient_ascent(*xor(), initial_parameters(2, 2), rate, steps=1)


@pytest.mark.parametrize("steps", [-1, 1.5, "1", None])
def test_number_of_steps_that_is_no_integer_from_0_is_refused(steps):
    message = f"steps must be an integer, 0 or more, but is {steps!r}"
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        gradient_ascent(*xor(), initial_parameters(2, 2), rate=0.1, steps=steps)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("m", -1, "an integer, 0 or more"),
        ("m", "2", "an integer, 0 or more"),
        ("d", 1.5, "an integer, 0 or more"),
        ("seed", -1, "an integer, 0 or more"),
        ("seed", None, "an integer, 0 or more"),
        ("scale", -1.0, "a finite number, 0 or more"),
        ("scale", np.nan, "a finite number, 0 or more"),
        ("scale", np.inf, "a finite number, 0 or more"),
        ("scale", "1", "a finite number, 0 or more"),
    ],
)
def test_initial_parameters_refuse_what_is_out_of_range(name, value, wanted):
    message = f"{name} must be {wanted}, but is {value!r}"
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        initial_parameters(**{"m": 2, "d": 2, name: value})


def test_training_refuses_examples_that_do_not_fit_the_start():
    with pytest.raises(ValueError, match=r"^W1 must fit X, which has 2 inputs"):
        gradient_ascent(*xor(), initial_parameters(m=2, d=3), rate=0.1, steps=1)
    with pytest.raises(ValueError, match=r"for 0/1 labels use np\.where\(y, 1, -1\)$"):
        gradient_ascent([[1], [2]], [0, 1], initial_parameters(1, 1), rate=0.1, steps=1)
