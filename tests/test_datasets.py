"""Data sets have the shapes, labels and geometry that they promise; a seed gives just one."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from backprop_notes import blobs, circles, two_moons, xor

drawn = pytest.mark.parametrize("draw", [two_moons, circles, blobs])


def test_xor_is_plus_one_where_exactly_one_input_is_one():
    X, y = xor()
    assert_array_equal(X, np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), strict=True)
    assert_array_equal(y, np.array([-1.0, 1.0, 1.0, -1.0]), strict=True)


def test_xor_gives_new_arrays_each_time():
    X, y = xor()
    X[:], y[:] = 7, 7
    assert_array_equal(xor()[1], [-1, 1, 1, -1])
    assert xor()[0].max() == 1


@drawn
@given(n=st.integers(0, 30), noise=st.floats(0, 2), seed=st.integers(0, 2**32))
def test_data_set_has_n_examples_whose_labels_take_turns(draw, n, noise, seed):
    X, y = draw(n, noise=noise, seed=seed)
    assert X.shape == (n, 2)
    assert X.dtype == y.dtype == np.float64
    assert np.isfinite(X).all()
    assert_array_equal(y, ([1.0, -1.0] * n)[:n])


@drawn
@given(seed=st.integers(0, 2**32))
def test_one_seed_gives_one_data_set(draw, seed):
    (X, y), (again, labels) = draw(20, seed=seed), draw(20, seed=seed)
    assert_array_equal(X, again)
    assert_array_equal(y, labels)
    assert not np.isin(draw(20, seed=seed + 1)[0], X).any()


@drawn
def test_defaults_are_a_hundred_examples_from_seed_0(draw):
    assert_array_equal(draw()[0], draw(100, seed=0)[0])


@given(seed=st.integers(0, 2**32))
def test_moons_without_noise_are_half_circles(seed):
    X, y = two_moons(40, noise=0, seed=seed)
    upper, lower = X[y == 1], X[y == -1]
    assert_allclose(np.hypot(*upper.T), 1, rtol=1e-14)
    assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-14)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_moons_reach_into_one_another_and_are_wholly_drawn():
    X, y = two_moons(2000, noise=0)
    upper, lower = X[y == 1], X[y == -1]
    assert_allclose([upper.min(axis=0), upper.max(axis=0)], [[-1, 0], [1, 1]], atol=0.01)
    assert_allclose([lower.min(axis=0), lower.max(axis=0)], [[0, -0.5], [2, 0.5]], atol=0.01)


@given(seed=st.integers(0, 2**32))
def test_circles_without_noise_have_radius_one_half_inside_one(seed):
    X, y = circles(40, noise=0, seed=seed)
    assert_allclose(np.hypot(*X.T), np.where(y == 1, 0.5, 1), rtol=1e-14)


def test_circles_are_wholly_drawn():
    X, y = circles(2000, noise=0)
    for label, radius in ((1, 0.5), (-1, 1)):
        circle = X[y == label]
        corners = [-circle.min(axis=0), circle.max(axis=0)]
        assert_allclose(corners, np.full((2, 2), radius), atol=0.01)


def test_blobs_without_noise_are_their_centres():
    X, y = blobs(6, noise=0)
    assert_array_equal(X, np.column_stack([y, y]))


@drawn
def test_noise_is_the_standard_deviation_of_each_input(draw):
    # The same seed draws the same points under the noise.
    off = draw(20_000, noise=0.3)[0] - draw(20_000, noise=0)[0]
    # 20 000 draws give a mean and a deviation to about 0.3 / sqrt(20 000) = 0.002.
    assert_allclose(off.mean(axis=0), 0, atol=0.01)
    assert_allclose(off.std(axis=0), 0.3, atol=0.01)
    assert abs(np.corrcoef(off.T)[0, 1]) < 0.04


@drawn
@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("n", -1, "an integer, 0 or more"),
        ("n", 2.5, "an integer, 0 or more"),
        ("n", "2", "an integer, 0 or more"),
        ("noise", -0.5, "a finite number, 0 or more"),
        ("noise", np.nan, "a finite number, 0 or more"),
        ("noise", np.inf, "a finite number, 0 or more"),
        ("noise", "1", "a finite number, 0 or more"),
        ("seed", -1, "an integer, 0 or more"),
        ("seed", None, "an integer, 0 or more"),
    ],
)
def test_arguments_of_the_wrong_type_or_out_of_range_are_refused(draw, name, value, wanted):
    message = f"{name} must be {wanted}, but is {value!r}"
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        draw(**{"n": 2, name: value})
