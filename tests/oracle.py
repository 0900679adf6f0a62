"""The model as the notes write it, sum by sum at 50 digits, and its derivatives by differences.

No formula of a derivative stands here, and no NumPy arithmetic: nothing is shared with the library.
"""

import mpmath
import numpy as np

mp = mpmath.mp.clone()
mp.dps = 50

STEP = mp.mpf("1e-15")  # its square leaves 30 digits of a central difference


def exact(array):
    return np.vectorize(mp.mpf, otypes=[object])(np.asarray(array, float))


def sigma(t):
    return 1 / (1 + mp.exp(-t))


def hidden(X, W1):
    return [[sigma(mp.fdot(w, x)) for w in W1] for x in X]


def score(X, W1, w2):
    return [mp.fdot(w2, h) for h in hidden(X, W1)]


def probability(X, y, W1, w2):
    return [sigma(label * z) for label, z in zip(y, score(X, W1, w2), strict=True)]


def log_likelihood(X, y, W1, w2):
    return mp.fsum(mp.log(p) for p in probability(X, y, W1, w2))


def derivative(f, w):
    """The derivative of ``f`` with respect to each entry of ``w``."""
    w = exact(w)
    slopes = np.empty(w.shape)
    for entry in np.ndindex(w.shape):
        right, left = w.copy(), w.copy()
        right[entry] += STEP
        left[entry] -= STEP
        slopes[entry] = (f(right) - f(left)) / (2 * STEP)
    return slopes
