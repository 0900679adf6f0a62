r"""The distributions that are read by their names: one row each says all but their arithmetic.

``meaning.expectations`` has their densities, and how means over them are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Support = Literal["line", "interval", "half-line", "counts", "members"]
"""Where the values lie: all numbers, between two, above 0, whole numbers from 0, 1 to K."""


@dataclass(frozen=True)
class Distribution:
    """A distribution: how it is written, what it takes, and where its values lie."""

    name: str
    latex: tuple[str, ...]
    parameters: tuple[str, ...]
    support: Support

    @property
    def is_continuous(self) -> bool:
        """Tell whether its values fill a line, so that its means are integrals."""
        return self.support in ("line", "interval", "half-line")


DISTRIBUTIONS = (
    Distribution("normal", (r"\mathcal{N}", r"\text{Normal}", r"\text{N}", "N"),
                 ("a mean", "a variance"), "line"),
    Distribution("uniform", (r"\mathcal{U}", r"\text{Uniform}", r"\text{Unif}", r"\text{U}", "U"),
                 ("a lower end", "an upper end"), "interval"),
    Distribution("exponential", (r"\text{Exp}", r"\text{Exponential}", r"\text{Expo}"),
                 ("a rate",), "half-line"),
    Distribution("Bernoulli", (r"\text{Bernoulli}", r"\text{Ber}", r"\text{Bern}"),
                 ("a probability",), "counts"),
    Distribution("binomial", (r"\text{Binomial}", r"\text{Bin}", r"\text{Binom}"),
                 ("a number of trials", "a probability"), "counts"),
    Distribution("Poisson", (r"\text{Poisson}", r"\text{Pois}", r"\text{Poi}"),
                 ("a mean",), "counts"),
    Distribution("categorical", (r"\text{Categorical}", r"\text{Cat}"),
                 ("a vector of probabilities",), "members"),
)  # fmt: skip
BY_NAME = {each.name: each for each in DISTRIBUTIONS}
BY_LATEX = {latex: each for each in DISTRIBUTIONS for latex in each.latex}
"""Every name of a distribution; a declaration of the same name goes first."""
