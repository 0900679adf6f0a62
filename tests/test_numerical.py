"""Numerical derivatives are right to their promised digits, and a comparison can't be fooled."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from backprop_notes import (
    GradientCheck,
    central_difference,
    complex_step,
    gradient_check,
    relative_difference,
)

both_methods = pytest.mark.parametrize("derivative", [central_difference, complex_step])

# --- Derivatives ----------------------------------------------------------------------------------


@both_methods
@given(
    inner=array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3),
    outer=array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3),
    seed=st.integers(0, 99),
)
def test_derivative_has_the_shape_of_the_value_and_then_of_the_point(
    derivative, inner, outer, seed
):
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=outer + inner)
    w = rng.normal(size=inner)
    # A linear map, whose derivative is the map itself.
    found = derivative(lambda w: np.tensordot(slopes, w, axes=w.ndim), w)
    assert_allclose(found, slopes, rtol=0, atol=1e-9, strict=True)


@given(w=st.floats(-20, 20))
def test_complex_step_is_as_exact_as_the_function(w):
    assert_allclose(complex_step(np.exp, w), np.exp(w), rtol=1e-14)
    slope = complex_step(lambda w: np.sin(w) ** 3, w)
    assert_allclose(slope, 3 * np.sin(w) ** 2 * np.cos(w), rtol=1e-13, atol=1e-30)


@given(w=st.floats(-20, 20))
def test_central_difference_keeps_two_thirds_of_the_digits(w):
    assert_allclose(central_difference(np.exp, w), np.exp(w), rtol=1e-7)


def test_error_of_central_difference_falls_with_the_square_of_the_step():
    errors = [central_difference(np.exp, 1.0, step=step) - np.e for step in (1e-1, 1e-2, 1e-3)]
    # The next term of the series: step^2 / 6 times the third derivative.
    assert_allclose(errors, np.e / 6 * np.array([1e-2, 1e-4, 1e-6]), rtol=1e-2)


def test_error_of_the_complex_step_falls_with_the_square_of_the_step_and_never_turns():
    errors = [np.e - complex_step(np.exp, 1.0, step=step) for step in (1e-1, 1e-2, 1e-3)]
    assert_allclose(errors, np.e / 6 * np.array([1e-2, 1e-4, 1e-6]), rtol=1e-2)
    small = [complex_step(np.exp, 1.0, step=step) for step in (1e-9, 1e-30, 1e-300)]
    assert_allclose(small, np.e, rtol=1e-15)


@given(w=st.floats(-1e300, 1e300))
def test_central_difference_divides_by_the_distance_that_rounding_leaves(w):
    assert central_difference(lambda w: w, w) == 1


@both_methods
def test_derivative_at_float32_is_float32(derivative):
    w = np.float32([0.5, -2])
    found = derivative(lambda w: np.exp(w).sum(), w)
    assert found.dtype == np.float32
    assert_allclose(found, np.exp(w), rtol=1e-6 if derivative is complex_step else 1e-3)


@both_methods
def test_point_may_be_a_list_of_integers_and_is_not_changed(derivative):
    assert_allclose(derivative(lambda w: w @ w, [1, 2]), [2, 4], rtol=1e-9)
    w = np.array([[1.0, 2.0]])
    derivative(lambda w: w.sum(), w)
    assert_array_equal(w, [[1, 2]])


@pytest.mark.parametrize("step", [0, -1e-3, np.nan, np.inf, "1", [1.0]])
@both_methods
def test_step_that_is_no_finite_number_above_zero_is_refused(derivative, step):
    message = f"step must be a finite number above 0, but is {step!r}"
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        derivative(np.exp, 1.0, step=step)


def test_complex_step_that_the_precision_cannot_hold_is_refused():
    with pytest.raises(
        ValueError, match=r"^step must be a normal number in float32, but is 1e-50$"
    ):
        complex_step(np.exp, np.float32(1), step=1e-50)


@pytest.mark.parametrize("w", [1.0, [0.0, 1.0], np.float32(1e-20), np.float32(0)])
def test_step_that_is_lost_in_rounding_is_refused(w):
    with pytest.raises(ValueError, match=r"^step must be large enough to change w, but is 1e-50$"):
        central_difference(lambda w: w, w, step=1e-50)
    assert central_difference(lambda w: w, 0.0, step=1e-50) == 1  # nothing to be lost beside


@both_methods
def test_point_that_is_no_real_number_is_refused(derivative):
    with pytest.raises(TypeError, match=r"^w must be real, but is complex$"):
        derivative(np.exp, 1j)
    with pytest.raises(TypeError, match=r"^w must hold numbers, but holds <U1 values$"):
        derivative(np.exp, ["1"])
    with pytest.raises(ValueError, match=r"^w must be an array, but its rows differ in length$"):
        derivative(np.exp, [[1], [1, 2]])


# --- Comparisons ----------------------------------------------------------------------------------

# Scaled by 2^-1000 they still differ by ordinary numbers, not by subnormal ones.
NUMBERS = st.just(0.0) | st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)
PAIRS = array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3).flatmap(
    lambda shape: st.tuples(*[arrays(np.float64, shape, elements=NUMBERS)] * 2)
)


@given(pair=PAIRS)
def test_relative_difference_is_symmetric_from_0_to_2_and_blind_to_scale(pair):
    a, b = pair
    difference = relative_difference(a, b)
    assert 0 <= difference <= 2
    assert (difference == 0) == np.array_equal(a, b)
    assert difference == relative_difference(b, a)
    for scale in (2.0**-1000, 2.0**1000):
        assert difference == relative_difference(a * scale, b * scale)


@pytest.mark.parametrize(
    ("a", "b", "difference"),
    [
        ([1, 2], [1, 2], 0),
        ([0, 0], [0, 0], 0),
        ([], [], 0),
        ([1, -2], [-1, 2], 2),  # a wrong sign
        ([4, 2], [2, 1], 1 / 2),  # a lost factor
        ([0, 8], [0, 7], 1 / 8),
        ([1e-300], [-1e-300], 2),  # tiny values are values
        ([5e-324], [0], 1),
    ],
)
def test_relative_difference_gives_the_numbers_worked_out_by_hand(a, b, difference):
    assert relative_difference(a, b) == difference


@pytest.mark.parametrize("a", [np.nan, np.inf, -np.inf, 1e308])
@pytest.mark.parametrize("b", [np.nan, np.inf, -1e308, 0.0])
def test_relative_difference_of_what_is_not_finite_is_never_small(a, b):
    assert not relative_difference([a, 1], [b, 1]) < 1


@pytest.mark.parametrize(("a", "b"), [([[1, 1]], [1, 1]), ([1], [[1]]), (1, [1, 1]), ([], [[]])])
def test_relative_difference_refuses_to_stretch_a_shape(a, b):
    message = f"a and b must have one shape, but have {np.shape(a)} and {np.shape(b)}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        relative_difference(a, b)


# --- Checks ---------------------------------------------------------------------------------------

# The derivative of sum_ij a_ij w_ij^2 is 2 a_ij w_ij: square, so that a transpose fits.
A = np.array([[1.0, 2.0], [-3.0, 0.5]])
W = np.array([[0.3, -0.7], [1.1, 0.4]])


def passes(check):
    """Whether a check is below the bounds that GradientCheck gives."""
    return check.central_difference < 1e-7 and check.complex_step < 1e-12


@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e12])
def test_check_passes_the_right_gradient_of_any_size(scale):
    assert passes(gradient_check(lambda w: scale * (A * w**2).sum(), W, scale * 2 * A * W))


@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e12])
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(-2 * A * W, id="sign"),
        pytest.param(A * W, id="factor"),
        pytest.param((2 * A * W).T, id="transpose"),
        pytest.param(2 * A * W[::-1], id="index"),
        pytest.param(2 * A * W + np.diag([0, 1e-6]), id="a millionth in one entry"),
        pytest.param(2 * A * W * np.nan, id="NaN"),
        pytest.param(np.zeros((2, 2)), id="zeros"),
    ],
)
def test_check_refuses_a_wrong_gradient_of_any_size(scale, wrong):
    check = gradient_check(lambda w: scale * (A * w**2).sum(), W, scale * wrong)
    assert not passes(check)
    assert not check.central_difference < 1e-7
    assert not check.complex_step < 1e-12


def test_check_refuses_a_gradient_of_another_shape():
    with pytest.raises(ValueError, match=r"must have one shape, but have \(\) and \(2,\)"):
        gradient_check(lambda w: w @ w, [1.0, 2.0], gradient=2.0)


def test_check_shows_that_a_function_does_not_carry_a_complex_step():
    check = gradient_check(lambda w: np.abs(w).sum(), [1.0, -2.0], gradient=[1.0, -1.0])
    assert check.central_difference < 1e-7
    assert check.complex_step == 1  # an absolute value has no imaginary part: derivative 0


def test_check_is_frozen():
    check = GradientCheck(central_difference=0.0, complex_step=0.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        check.complex_step = 1.0
