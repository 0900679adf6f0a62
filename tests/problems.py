"""Random small problems for the network: examples, their labels, and weights."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

# Half-precision numbers are the same in float32 and float64. With 4 units and 4 inputs at most, no
# sigmoid is so flat that 1 - sigma has lost its digits: its argument is at most 4.
VALUES = st.floats(-1, 1, width=16)


class Problem(NamedTuple):
    """Arguments of a function of the network, in the order in which it takes them."""

    X: np.ndarray
    y: np.ndarray
    W1: np.ndarray
    w2: np.ndarray


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Any number of examples from 0, of hidden units and of inputs from 1."""
    n, m, d = (draw(st.integers(least, 4)) for least in (0, 1, 1))
    return Problem(
        X=draw(arrays(np.float64, (n, d), elements=VALUES)),
        y=draw(arrays(np.float64, n, elements=st.sampled_from([-1.0, 1.0]))),
        W1=draw(arrays(np.float64, (m, d), elements=VALUES)),
        w2=draw(arrays(np.float64, m, elements=VALUES)),
    )


def problem(n: int, m: int, d: int, seed: int = 0) -> Problem:
    """One fixed problem of a given size, with labels of both kinds and nothing symmetric."""
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
    return Problem(rng.normal(size=(n, d)), y, rng.normal(size=(m, d)), rng.normal(size=m))


# By hand: log 3 makes a sigmoid 3/4, since 1 / (1 + 1/3) = 3/4; -log 3 makes it 1/4, and 0 makes
# it 1/2. With L = log 3:
#   W1 x_1 = (L, 0), so h_1 = (3/4, 1/2);  z_1 = -4L * 3/4 + 8L * 1/2 = L, sigma(z_1) = 3/4
#   W1 x_2 = (0, -L), so h_2 = (1/2, 1/4); z_2 = -4L * 1/2 + 8L * 1/4 = 0, sigma(z_2) = 1/2
L = np.log(3)
BY_HAND = Problem(
    X=np.array([[1.0, 0.0], [0.0, 1.0]]),
    y=np.array([-1.0, 1.0]),
    W1=np.array([[L, 0.0], [0.0, -L]]),
    w2=np.array([-4 * L, 8 * L]),
)
