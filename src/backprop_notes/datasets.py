"""Small data sets in the plane, each with labels -1 and +1, drawn from a seed.

Each function returns the inputs ``X`` (n, 2) and the labels ``y`` (n,), float64. One seed gives one
data set.
"""

import numpy as np

from backprop_notes.arguments import Array, real, whole


def xor() -> tuple[Array, Array]:
    """Exclusive or: +1 where exactly one of two inputs is 1.

    Four points that no straight line separates, so that hidden units are needed.

    Returns
    -------
    X, y
        Inputs (4, 2), each 0 or 1, and labels (4,).

    Examples
    --------
    >>> X, y = xor()
    >>> for x, label in zip(X, y):
    ...     print(x, label)
    [0. 0.] -1.0
    [0. 1.] 1.0
    [1. 0.] 1.0
    [1. 1.] -1.0
    """
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.where(X[:, 0] == X[:, 1], -1.0, 1.0)


def two_moons(n: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[Array, Array]:
    """Two half circles of radius 1 that reach into one another.

    The upper one has its centre at the origin and the label +1, the lower one its centre at
    (1, 1/2) and the label -1.

    Parameters
    ----------
    n
        Number of examples, 0 or more; the labels take turns.
    noise
        Standard deviation of the normal noise on each input, 0 or more.
    seed
        Seed of the random numbers, 0 or more.

    Returns
    -------
    X, y
        Inputs (n, 2) and labels (n,).

    Raises
    ------
    TypeError, ValueError
        If an argument is no number of its kind, or out of range.

    Examples
    --------
    >>> X, y = two_moons(n=4, noise=0)
    >>> np.hypot(*X[y == +1].T)
    array([1., 1.])
    """
    y, rng = _begin(n, noise, seed)
    angle = rng.uniform(0, np.pi, y.size)
    moon = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.where(y[:, np.newaxis] == 1, moon, [1.0, 0.5] - moon)
    return X + rng.normal(0, noise, X.shape), y


def circles(n: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[Array, Array]:
    """A circle of radius 1/2 with the label +1 inside one of radius 1 with the label -1.

    Parameters and errors are those of :func:`two_moons`.

    Examples
    --------
    >>> X, y = circles(n=4, noise=0)
    >>> np.hypot(*X.T), y
    (array([0.5, 1. , 0.5, 1. ]), array([ 1., -1.,  1., -1.]))
    """
    y, rng = _begin(n, noise, seed)
    angle = rng.uniform(0, 2 * np.pi, y.size)
    radius = np.where(y == 1, 0.5, 1.0)
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return X + rng.normal(0, noise, X.shape), y


def blobs(n: int = 100, noise: float = 0.5, seed: int = 0) -> tuple[Array, Array]:
    """Two round clouds, about (1, 1) with the label +1 and about (-1, -1) with the label -1.

    Parameters and errors are those of :func:`two_moons`.

    Examples
    --------
    >>> X, y = blobs(n=2, noise=0)
    >>> X
    array([[ 1.,  1.],
           [-1., -1.]])
    """
    y, rng = _begin(n, noise, seed)
    centres = np.column_stack([y, y])
    return centres + rng.normal(0, noise, centres.shape), y


def _begin(n: int, noise: float, seed: int) -> tuple[Array, np.random.Generator]:
    """Check the arguments; return labels that take turns, +1, -1, +1, ..., and a generator."""
    real("noise", noise)
    y = np.where(np.arange(whole("n", n)) % 2 == 0, 1.0, -1.0)
    return y, np.random.default_rng(whole("seed", seed))
