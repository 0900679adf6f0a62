"""Gradient ascent: climb the log-likelihood, and remember the way."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_notes.arguments import Array, Numbers, checked, finite, floating, real, whole
from backprop_notes.gradients import gradient
from backprop_notes.network import Parameters, log_likelihood


@dataclass(frozen=True, eq=False)
class History:
    """Way of a training run, from the start (index 0) to the last step. Its arrays are read-only.

    Parameters
    ----------
    W1
        Hidden weights after each step, shape (steps + 1, m, d).
    w2
        Output weights after each step, shape (steps + 1, m).
    log_likelihood
        Log-likelihood after each step, shape (steps + 1,).

    Raises
    ------
    TypeError, ValueError
        If one of them is no array of numbers.

    Examples
    --------
    >>> way = History(W1=[[[0.0]], [[0.5]]], w2=[[1.0], [1.5]], log_likelihood=[-0.7, -0.6])
    >>> way.final
    Parameters(W1=array([[0.5]]), w2=array([1.5]))
    """

    W1: Array
    w2: Array
    log_likelihood: Array

    def __init__(self, W1: Numbers, w2: Numbers, log_likelihood: Numbers) -> None:
        for name, value in {"W1": W1, "w2": w2, "log_likelihood": log_likelihood}.items():
            own = floating(name, value).copy()
            own.setflags(write=False)
            object.__setattr__(self, name, own)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.W1, self.w2, self.log_likelihood)

    @property
    def final(self) -> Parameters:
        """Weights after the last step."""
        return Parameters(self.W1[-1], self.w2[-1])


def initial_parameters(m: int, d: int, seed: int = 0, scale: float = 1.0) -> Parameters:
    """Draw weights to start from: normal numbers, so that no two hidden units begin alike.

    Units that begin alike have the same gradient and stay alike for ever.

    Parameters
    ----------
    m, d
        Number of hidden units and of inputs, 0 or more.
    seed
        Seed of the random numbers, 0 or more.
    scale
        Their standard deviation, 0 or more; with 0 all units begin alike.

    Returns
    -------
    Parameters (W1, w2)
        Weights of float64.

    Raises
    ------
    TypeError, ValueError
        If an argument is no number of its kind, or out of range.

    Examples
    --------
    >>> initial_parameters(m=3, d=2).W1.shape
    (3, 2)
    """
    m, d, scale = whole("m", m), whole("d", d), real("scale", scale)
    rng = np.random.default_rng(whole("seed", seed))
    return Parameters(rng.normal(0, scale, (m, d)), rng.normal(0, scale, m))


def gradient_ascent(X: Numbers, y: Numbers, start: Parameters, rate: float, steps: int) -> History:
    """Climb the log-likelihood along its gradient, :eq:`eq-ascent`.

    Parameters
    ----------
    X, y
        Inputs (n, d) and labels -1 or +1 (n,).
    start
        Weights to start from.
    rate
        Step size above 0 by which the gradient is multiplied. The log-likelihood is a sum, so that
        twice as many examples call for half the rate.
    steps
        Number of steps, 0 or more.

    Returns
    -------
    History
        The way, the start included.

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.log_likelihood`, or if ``rate`` or ``steps`` is no number of its
        kind, or out of range.

    Examples
    --------
    >>> from backprop_notes.datasets import blobs
    >>> X, y = blobs(n=20)
    >>> history = gradient_ascent(X, y, initial_parameters(m=2, d=2), rate=0.1, steps=50)
    >>> history.log_likelihood[[0, -1]].round(2)
    array([-13.29,  -0.56])
    """
    # As a plain float: a NumPy number would make float64 of float32.
    rate, steps = real("rate", rate, positive=True), whole("steps", steps)
    if not isinstance(start, Parameters):
        raise TypeError(f"start must be Parameters, but is {start!r}")
    X, y, W1, w2 = checked(X=X, y=y, W1=start.W1, w2=start.w2)
    W1s, w2s, lls = [W1], [w2], [log_likelihood(X, y, W1, w2)]
    for step in range(steps):
        uphill = gradient(X, y, W1, w2)
        with np.errstate(over="ignore"):
            W1, w2 = W1 + rate * uphill.W1, w2 + rate * uphill.w2
        finite(f"W1 at step {step + 1}", W1)
        finite(f"w2 at step {step + 1}", w2)
        W1s.append(W1)
        w2s.append(w2)
        lls.append(log_likelihood(X, y, W1, w2))
    return History(W1s, w2s, lls)
