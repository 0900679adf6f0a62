"""One colour for one thing: in formulas, code and drawings, on light pages and on dark ones."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """A colour for each scheme, and one between for where the scheme is not known."""

    light: str
    dark: str
    between: str


THINGS = {
    "error": Colour("#b0243c", "#ff8a94", "#d0455a"),
    "weight": Colour("#7340b0", "#c3a1f2", "#9a6ad0"),
    "slope": Colour("#0a6e4f", "#5ccaa2", "#0f8a6a"),
    "input": Colour("#7d5a00", "#dcb45a", "#a37a1e"),
}
"""The output error, the weights of the output, the slope of a hidden unit, an input."""
