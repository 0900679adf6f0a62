"""The model: a two-layer sigmoid network without biases, and its log-likelihood.

An input x_i with d entries goes through m hidden units to one probability. Rows of ``X`` (n, d)
are the inputs, entries of ``y`` (n,) their labels -1 or +1, rows of ``W1`` (m, d) the hidden
weights w_11, w_12, ..., and ``w2`` (m,) holds the output weights w_21. In a weight's name the first
index is the layer, the second the unit.

Every function takes lists, integer and float arrays; float32 stays float32. The equations are those
of Bert Huang, "Notes on backprop slides" (2019), where no other source is given.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_notes.arguments import Array, Numbers, checked, floating, product


@dataclass(frozen=True, eq=False)
class Parameters:
    """The weights of a network, or a gradient with respect to them. Its arrays are read-only.

    Parameters
    ----------
    W1
        Hidden weights, shape (m, d): row ``k`` holds w_1k.
    w2
        Output weights w_21, shape (m,).

    Raises
    ------
    TypeError, ValueError
        If the two do not fit together or hold anything but finite numbers.

    Examples
    --------
    >>> start = Parameters(W1=[[0.5, -1.0], [1.5, 1.0]], w2=[2.0, -1.0])
    >>> hidden([[1, 1]], start.W1).round(3)
    array([[0.378, 0.924]])
    """

    W1: Array
    w2: Array

    def __init__(self, W1: Numbers, w2: Numbers) -> None:
        for name, array in zip(("W1", "w2"), checked(W1=W1, w2=w2), strict=True):
            own = array.copy()
            own.setflags(write=False)
            object.__setattr__(self, name, own)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.W1, self.w2)  # so that a copy is read-only as well


def sigmoid(t: Numbers) -> Any:
    """Logistic function: a probability from a score, without overflow.

    Implements :eq:`eq-sigmoid`.

    Parameters
    ----------
    t
        Scores, of any shape; infinities are welcome.

    Returns
    -------
    array or scalar
        Values in [0, 1], of the shape of ``t``.

    Raises
    ------
    TypeError
        If ``t`` does not consist of numbers.
    ValueError
        If ``t`` holds NaN.

    Examples
    --------
    >>> sigmoid(0)
    np.float64(0.5)
    >>> sigmoid([-10_000, -2, 2, 10_000]).round(4)
    array([0.    , 0.1192, 0.8808, 1.    ])
    """
    t, e = _scores(t)
    return np.where(t.real < 0, e, 1) / (1 + e)


def log_sigmoid(t: Numbers) -> Any:
    """Logarithm of the logistic function, right where the function itself is rounded to 0 or 1.

    Implements :eq:`eq-log-sigmoid`.

    Parameters
    ----------
    t
        Scores, of any shape; infinities are welcome.

    Returns
    -------
    array or scalar
        Values in [-inf, 0], of the shape of ``t``.

    Raises
    ------
    TypeError
        If ``t`` does not consist of numbers.
    ValueError
        If ``t`` holds NaN.

    Examples
    --------
    >>> log_sigmoid([-10_000, 0, 40])
    array([-1.00000000e+04, -6.93147181e-01, -4.24835426e-18])
    """
    t, e = _scores(t)
    return np.where(t.real < 0, t, 0) - np.log1p(e)


def _scores(t: Numbers) -> tuple[Array, Array]:
    """Return t as an array, and exp(-|t|), which cannot overflow."""
    t = floating("t", t)
    if np.isnan(t).any():
        raise ValueError("t must not hold NaN")
    # For a complex step |t| is the analytic continuation of the real absolute value.
    return t, np.exp(np.where(t.real < 0, t, -t))


def hidden(X: Numbers, W1: Numbers) -> Array:
    """Values of the hidden units: row ``i`` is h_i.

    Implements :eq:`eq-hidden`.

    Parameters
    ----------
    X, W1
        Inputs (n, d), hidden weights (m, d).

    Returns
    -------
    array
        Shape (n, m), values in (0, 1).

    Raises
    ------
    TypeError, ValueError
        If the arguments do not fit together or hold anything but finite numbers.

    Examples
    --------
    >>> hidden(X=[[1, 2], [0, 0]], W1=[[1, 0], [0, 1], [1, -1]]).round(3)
    array([[0.731, 0.881, 0.269],
           [0.5  , 0.5  , 0.5  ]])
    """
    X, W1 = checked(X=X, W1=W1)
    return np.asarray(sigmoid(product("X @ W1.T", X, W1.T)))


def score(X: Numbers, W1: Numbers, w2: Numbers) -> Array:
    """Input z_i = w_21^T h_i of the final logistic function.

    Implements :eq:`eq-score`.

    Parameters
    ----------
    X, W1, w2
        Inputs (n, d), hidden weights (m, d), output weights (m,).

    Returns
    -------
    array
        Shape (n,). The network says +1 where it is positive.

    Raises
    ------
    TypeError, ValueError
        If the arguments do not fit together or hold anything but finite numbers.

    Examples
    --------
    >>> score(X=[[0, 0]], W1=[[1, 0], [0, 1]], w2=[3, -1])
    array([1.])
    """
    X, W1, w2 = checked(X=X, W1=W1, w2=w2)
    return hidden(X, W1) @ w2


def probability(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers) -> Array:
    """Probability p(y_i | x_i) that the network gives to the label of each example.

    Implements :eq:`eq-probability`.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).

    Returns
    -------
    array
        Shape (n,), values in [0, 1].

    Raises
    ------
    TypeError, ValueError
        If the arguments do not fit together, hold anything but finite numbers, or if a label is
        neither -1 nor +1.

    Examples
    --------
    The two labels of one input share the probability 1:

    >>> p = probability(X=[[1, 2], [1, 2]], y=[-1, +1], W1=[[1, 0], [0, 1]], w2=[3, -1])
    >>> p.round(4)
    array([0.2121, 0.7879])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    return np.asarray(sigmoid(y * score(X, W1, w2)))


def log_likelihood(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers) -> Any:
    """Log-likelihood ll: the sum over the examples of log p(y_i | x_i).

    Implements :eq:`eq-log-likelihood`; the notes use it without writing it down.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).

    Returns
    -------
    scalar
        At most 0; exactly 0 when there are no examples.

    Raises
    ------
    TypeError, ValueError
        If the arguments do not fit together, hold anything but finite numbers, or if a label is
        neither -1 nor +1.

    Examples
    --------
    Weights of 0 give every label the probability 1/2:

    >>> ll = log_likelihood(X=[[1, 2], [3, 4]], y=[-1, +1], W1=[[0, 0]], w2=[0])
    >>> ll == 2 * np.log(1 / 2)
    np.True_
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    return log_sigmoid(y * score(X, W1, w2)).sum()
