"""The functions that need no declaration, and how each treats shapes."""

from __future__ import annotations

from equation_checker.language import tree as t

EACH = {
    r"\exp": "exp", r"\log": "log", r"\tanh": "tanh", r"\sin": "sin", r"\cos": "cos",
    r"\sinh": "sinh", r"\cosh": "cosh", r"\sqrt": "sqrt",
    r"\text{relu}": "relu", r"\text{ReLU}": "relu", r"\text{sign}": "sign", r"\text{sgn}": "sign",
}  # fmt: skip
"""Functions of a number; of a vector or matrix they take each entry."""

WHOLE = {r"\text{diag}": "diag", r"\text{tr}": "tr", r"\text{softmax}": "softmax"}
"""Functions of a vector or matrix as a whole."""

EXTREMES = {r"\max": "max", r"\min": "min"}
"""Functions of any number of numbers, or of a running index."""

BUILT_IN = EACH | WHOLE | EXTREMES
"""Every function that the parser knows by itself; a declaration of the same name goes first."""


def is_each(node: t.Node) -> bool:
    r"""Tell whether a power is taken of each entry, as in ``\tanh^2 z``."""
    return isinstance(node, t.Apply) and node.function.name in EACH
