"""Check arguments: arrays and numbers of the right shape, type and range, or a clear error."""

from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

# What a caller may bring: a number, a list, an array.
Numbers = npt.ArrayLike

# Complex numbers are let through, so that the complex step can differentiate the model.
Array = npt.NDArray[np.inexact[Any]]

# The axes of each argument, in the letters of the notes.
AXES = {"X": "nd", "y": "n", "W1": "md", "w2": "m"}
SIZES = {"n": "examples", "d": "inputs", "m": "hidden units"}

# Right for lists and arrays, of integers, floats and booleans.
ADVICE = "for 0/1 labels use np.where(y, 1, -1)"


def checked(**arguments: Numbers) -> tuple[Array, ...]:
    """Return the named arguments as arrays that fit together, in the order given.

    Lists and integers become float64. float32 stays float32, and labels take the type of the
    other arguments.

    Parameters
    ----------
    **arguments
        ``X`` (n, d) or ``W1`` (m, d), and any other of ``X``, ``y`` (n,), ``W1`` and ``w2`` (m,).

    Returns
    -------
    tuple of arrays
        One array an argument, all of one floating type (complex where one was given complex).

    Raises
    ------
    TypeError
        If an argument does not consist of numbers, or if labels are booleans.
    ValueError
        If an argument has the wrong number of axes, does not fit the size of an earlier one, holds
        NaN or an infinity, or if a label is neither -1 nor +1.

    Examples
    --------
    >>> X, y = checked(X=[[0, 1], [1, 1]], y=[1, -1])
    >>> X.dtype, y
    (dtype('float64'), array([ 1., -1.]))

    The commonest mistake is to bring labels 0 and 1:

    >>> checked(X=[[0, 1], [1, 1]], y=[1, 0])
    Traceback (most recent call last):
        ...
    ValueError: y must hold labels -1 and +1, but y[1] is 0; for 0/1 labels use np.where(y, 1, -1)
    """
    arrays = {name: floating(name, value) for name, value in arguments.items()}
    sizes: dict[str, tuple[int, str]] = {}
    for name, array in arrays.items():
        _check_shape(name, array, sizes)
        if name == "y" and np.asarray(arguments[name]).dtype == bool:
            raise TypeError(f"y must hold labels -1 and +1, but holds bool values; {ADVICE}")
        _check_values(name, array)
        if name == "y" and np.iscomplexobj(array):
            raise TypeError("y must hold labels -1 and +1, but holds complex values")
    dtype = np.result_type(*(array.dtype for name, array in arrays.items() if name != "y"))
    return tuple(array.astype(dtype, copy=False) for array in arrays.values())


def floating(name: str, value: Numbers) -> Array:
    """Return ``value`` as an array of a floating (or complex) type, float32 at least.

    >>> floating("t", [1, 2])
    array([1., 2.])
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must not be masked: leave out what the mask hides, or fill it")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be an array, but its rows differ in length") from None
    if array.dtype == np.float16:  # too narrow for sums and for a complex step
        return array.astype(np.float32)
    if array.dtype.kind in "fc":
        return array
    is_numbers = array.dtype.kind in "biu" or all(isinstance(each, Integral) for each in array.flat)
    if is_numbers:  # the latter: integers beyond 64 bits
        return array.astype(np.float64)
    raise TypeError(f"{name} must hold numbers, but holds {array.dtype} values")


def finite(name: str, computed: Array) -> Array:
    """Return what was computed from finite numbers, if it did not overflow.

    >>> finite("X @ W1.T", np.array([np.inf]))
    Traceback (most recent call last):
        ...
    OverflowError: X @ W1.T is too large for float64: scale down the inputs, the weights or the rate
    """
    if not np.isfinite(computed).all():
        what = f"{name} is too large for {computed.dtype}"
        raise OverflowError(f"{what}: scale down the inputs, the weights or the rate")
    return computed


def product(name: str, a: Array, b: Array) -> Array:
    """Return a matrix product of finite numbers, if it does not overflow.

    >>> product("H.T @ e", np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    np.float64(11.0)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return finite(name, a @ b)


def whole(name: str, value: int) -> int:
    """Return ``value`` as an integer, if it is one and not below 0.

    >>> whole("steps", 1.5)
    Traceback (most recent call last):
        ...
    TypeError: steps must be an integer, 0 or more, but is 1.5
    """
    refusal = f"{name} must be an integer, 0 or more, but is {value!r}"
    if not isinstance(value, Integral):
        raise TypeError(refusal)
    if value < 0:
        raise ValueError(refusal)
    return int(value)


def real(name: str, value: float, positive: bool = False) -> float:
    """Return ``value`` as a float, if it is a finite number and not below 0.

    >>> real("rate", 0, positive=True)
    Traceback (most recent call last):
        ...
    ValueError: rate must be a finite number above 0, but is 0
    """
    least = " above 0" if positive else ", 0 or more"
    refusal = f"{name} must be a finite number{least}, but is {value!r}"
    if not isinstance(value, Real):
        raise TypeError(refusal)
    if not 0 <= value < np.inf or (positive and value == 0):
        raise ValueError(refusal)
    return float(value)


def unit(k: int, m: int) -> int:
    """Return the index of a hidden unit, counted from 0, if there is such a unit.

    >>> unit(2, m=2)
    Traceback (most recent call last):
        ...
    ValueError: k must be below m = 2, the number of hidden units, but is 2
    """
    k = whole("k", k)
    if k >= m:
        raise ValueError(f"k must be below m = {m}, the number of hidden units, but is {k}")
    return k


def _check_shape(name: str, array: Array, sizes: dict[str, tuple[int, str]]) -> None:
    """Compare the shape with the sizes seen so far, and note new ones: axis -> (size, name)."""
    axes = AXES[name]
    wanted = ", ".join(f"{axis} {SIZES[axis]}" for axis in axes)
    if array.ndim != len(axes):
        raise ValueError(
            f"{name} must have {len(axes)} {'axis' if len(axes) == 1 else 'axes'} ({wanted}), "
            f"but has shape {array.shape}"
        )
    for axis, size in zip(axes, array.shape, strict=True):
        known, where = sizes.setdefault(axis, (size, name))
        if size != known:
            raise ValueError(
                f"{name} must fit {where}, which has {known} {SIZES[axis]} ({axis} = {known}), "
                f"but has shape {array.shape} ({wanted})"
            )


def _check_values(name: str, array: Array) -> None:
    """Refuse NaN and infinities, and labels other than -1 and +1."""
    wrong = ~np.isin(array, (-1, 1)) if name == "y" else ~np.isfinite(array)
    if not wrong.any():
        return
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    found = f"{name}[{', '.join(map(str, first))}] is {array[first]:g}"
    if name != "y":
        raise ValueError(f"{name} must be finite, but {found}")
    hint = f"; {ADVICE}" if np.isin(array, (0, 1)).all() else ""
    raise ValueError(f"y must hold labels -1 and +1, but {found}{hint}")
