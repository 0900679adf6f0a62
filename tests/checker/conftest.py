"""The notation of the source notes, which most tests of the engine speak."""

import numpy as np
import pytest

from equation_checker import Notation, read_display, read_row

ROWS = [
    (r"n, d \in \mathbb{N}", ()),
    (r"i = 1, \dots, n", ()),
    (r"x \in \mathbb{R}^d", ()),
    (r"t, z \in \mathbb{R}", ()),
    (r"q \in \mathbb{R}_{>0}", ()),
    (r"x_i \in \mathbb{R}^d", ("X[i]",)),
    (r"y_i \in \{-1, +1\}", ("y[i]",)),
    (r"w_{11}, w_{12} \in \mathbb{R}^d", ("W1[0]", "W1[1]")),
    (r"w_{21} \in \mathbb{R}^2", ("w2",)),
    (r"S \in \mathbb{R}^{d \times d}", ()),
    (r"I : \text{condition} \to \{0, 1\}", ()),
    (r"f : \mathbb{R} \to \mathbb{R}", ()),
    (r"\sigma(t) := \frac{1}{1 + \exp(-t)}", ("sigmoid(t)",)),
]
DISPLAYS = [
    r"h_i := [\sigma(w_{11}^\top x_i), \sigma(w_{12}^\top x_i)]^\top",
    r"p(y_i \mid x_i) := \sigma(y_i w_{21}^\top h_i)",
    r"\text{ll} := \sum_{i=1}^n \log p(y_i \mid x_i)",
]


@pytest.fixture(scope="session")
def notation():
    known = Notation()
    for latex, python in ROWS:
        known = read_row(latex, known, python=python)
    for latex in DISPLAYS:
        known = read_display(latex, known).notation
    return known


def sigmoid(t):
    return 1 / (1 + np.exp(-np.asarray(t)))


def hidden(X, W1):
    return sigmoid(X @ W1.T)


def probability(X, y, W1, w2):
    return sigmoid(y * (hidden(X, W1) @ w2))


def log_likelihood(X, y, W1, w2):
    return np.log(probability(X, y, W1, w2)).sum()


@pytest.fixture(scope="session")
def library():
    functions = (sigmoid, hidden, probability, log_likelihood)
    return {each.__name__: each for each in functions}
