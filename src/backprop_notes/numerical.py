"""Derivatives by numbers alone, to check the formulas: central differences and the complex step.

Both take any function of an array, know nothing of the network, and share nothing with the
derivation that they check.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_notes.arguments import Array, Numbers, floating, real

Function = Callable[[Array], Any]


def central_difference(f: Function, w: Numbers, step: float | None = None) -> Array:
    r"""Derivative of ``f`` at ``w`` from values on both sides, see :eq:`eq-central-difference`.

    The error falls with the square of the step until rounding takes over, so that about two thirds
    of the digits can be had.

    Parameters
    ----------
    f
        Function of an array of the shape of ``w``, with a value of any shape.
    w
        Point, of any shape.
    step
        Distance to each side, above 0. Without it, each entry takes the cube root of the machine
        precision, times its size where that is above 1.

    Returns
    -------
    array
        The derivative with respect to each entry of ``w``: the shape of ``f(w)``, then that of
        ``w``.

    Raises
    ------
    TypeError
        If ``w`` does not consist of real numbers, or ``step`` is not one.
    ValueError
        If ``step`` is not above 0, not finite, or so small that rounding leaves nothing of it.

    Examples
    --------
    >>> central_difference(lambda w: w @ w, [1.0, -2.0]).round(8)
    array([ 2., -4.])
    """
    w = _real(w)
    if step is None:
        steps = np.cbrt(np.spacing(np.ones_like(w))) * np.maximum(np.abs(w), 1)
    else:
        steps = np.full(w.shape, real("step", step, positive=True), w.dtype)
        if (w - steps == w + steps).any():
            raise ValueError(f"step must be large enough to change w, but is {step}")

    def slope(entry: tuple[int, ...]) -> Any:
        right, left = w.copy(), w.copy()
        right[entry] += steps[entry]
        left[entry] -= steps[entry]
        # Not 2 * step: the distance that is left after rounding.
        return (f(right) - f(left)) / (right[entry] - left[entry])

    return _by_entry(slope, f, w)


def complex_step(f: Function, w: Numbers, step: float = 1e-20) -> Array:
    r"""Derivative of ``f`` at ``w`` from one step into the complex plane.

    See :eq:`eq-complex-step`. The error falls with the square of the step. No difference is taken,
    so no digit is lost however small the step is: the result is as exact as ``f`` itself.

    Parameters
    ----------
    f
        Function of an array of the shape of ``w`` that can be computed with complex numbers (no
        ``abs``, ``max``, or comparison but of the real part), with a value of any shape.
    w
        Point, of any shape.
    step
        Length of the step, above 0. The square of the default vanishes beside any number, in
        float32 as well.

    Returns
    -------
    array
        The derivative with respect to each entry of ``w``: the shape of ``f(w)``, then that of
        ``w``.

    Raises
    ------
    TypeError
        If ``w`` is complex: the step must be the only imaginary part; or ``step`` is no number.
    ValueError
        If ``step`` is not above 0, not finite, or too small for the precision of ``w``.

    Examples
    --------
    >>> complex_step(lambda w: np.exp(w).sum(), [0.0, 1.0]) == [1, np.e]
    array([ True,  True])
    """
    w = _real(w)
    length = np.asarray(real("step", step, positive=True), w.dtype)
    if length < np.finfo(w.dtype.name).tiny:
        raise ValueError(f"step must be a normal number in {w.dtype}, but is {step}")

    def slope(entry: tuple[int, ...]) -> Any:
        aside = w.astype(np.result_type(w, np.complex64))
        aside[entry] += 1j * length
        return np.imag(f(aside)) / length

    return _by_entry(slope, f, w)


def _real(w: Numbers) -> Array:
    """Return the point as an array, if the imaginary part is free for a step."""
    w = floating("w", w)
    if np.iscomplexobj(w):
        raise TypeError("w must be real, but is complex")
    return w


def _by_entry(slope: Callable[[tuple[int, ...]], Any], f: Function, w: Array) -> Array:
    """Collect the slopes along each entry of w, with the axes of w last."""
    if w.size == 0:
        return np.zeros(np.shape(f(w)) + w.shape, w.dtype)
    slopes = np.stack([slope(entry) for entry in np.ndindex(w.shape)], axis=-1)
    return slopes.reshape(slopes.shape[:-1] + w.shape)


def relative_difference(a: Numbers, b: Numbers) -> float:
    """Largest difference between two arrays, relative to the largest value in them.

    Parameters
    ----------
    a, b
        Arrays of one shape.

    Returns
    -------
    float
        0 for equal arrays, zeros too; 2 for arrays that differ in sign alone; NaN or infinity,
        below no bound, where a value or the difference is not finite.

    Raises
    ------
    ValueError
        If the shapes differ. NumPy would stretch one over the other and compare wrongly.

    Examples
    --------
    >>> relative_difference([1.0, 1e-9], [1.0, 0.0])
    1e-09
    """
    a, b = floating("a", a), floating("b", b)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have one shape, but have {a.shape} and {b.shape}")
    largest = max(np.max(np.abs(a), initial=0), np.max(np.abs(b), initial=0))
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.max(np.abs(a - b), initial=0) / largest) if largest else 0.0


@dataclass(frozen=True, repr=False)
class GradientCheck:
    """How far a gradient is from two numerical ones, as relative differences.

    Parameters
    ----------
    central_difference
        Should be below 1e-7 for float64: central differences keep about two thirds of the digits.
    complex_step
        Should be below 1e-12 for float64.

    Examples
    --------
    >>> check = gradient_check(lambda w: w @ w, [1.0, -2.0], gradient=[2.0, -4.0])
    >>> check.central_difference < 1e-7, check.complex_step < 1e-12
    (True, True)
    """

    central_difference: float
    complex_step: float

    def __repr__(self) -> str:
        # Two digits: of the size of rounding, no more of them mean anything.
        numbers = f"{self.central_difference:.1e}, complex_step={self.complex_step:.1e}"
        return f"GradientCheck(central_difference={numbers})"


def gradient_check(f: Function, w: Numbers, gradient: Numbers) -> GradientCheck:
    """Compare a gradient with the two numerical ones.

    Parameters
    ----------
    f
        Function that ``gradient`` is said to differentiate, as for :func:`complex_step`.
    w
        Point, of any shape.
    gradient
        Claimed gradient of ``f`` at ``w``: the shape of ``f(w)``, then that of ``w``.

    Returns
    -------
    GradientCheck
        Relative differences.

    Raises
    ------
    ValueError
        If the gradient does not have the shape that it must have.

    Examples
    --------
    A lost factor 2 is not a matter of rounding:

    >>> gradient_check(lambda w: w @ w, [1.0, -2.0], gradient=[1.0, -2.0])
    GradientCheck(central_difference=5.0e-01, complex_step=5.0e-01)
    """
    return GradientCheck(
        relative_difference(gradient, central_difference(f, w)),
        relative_difference(gradient, complex_step(f, w)),
    )
