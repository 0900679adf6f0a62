r"""The distributions that are read by their names: one row each says all but their arithmetic.

``meaning.densities`` has their densities, and ``meaning.expectations`` how means are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Support = Literal["line", "interval", "half-line", "counts", "members", "vectors"]
"""Where the values lie: all numbers, between two, above 0, whole numbers, 1 to K, columns."""


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


def _named(*names: str) -> tuple[str, ...]:
    """Return names as they are set; whole words have a small letter in some books."""
    small = [each.lower() for each in names if len(each) > 3]
    return tuple(rf"\text{{{each}}}" for each in dict.fromkeys((*names, *small)))


SCALE = "a standard deviation"
DISTRIBUTIONS = (
    Distribution("normal", (r"\mathcal{N}", r"\text{Normal}", r"\text{N}", "N"),
                 ("a mean", "a variance"), "line"),
    Distribution("scaled normal", (r"\text{normal}",), ("a mean", SCALE), "line"),
    Distribution("uniform", (r"\mathcal{U}", *_named("Uniform", "Unif", "U"), "U"),
                 ("a lower end", "an upper end"), "interval"),
    Distribution("exponential", _named("Exp", "Exponential", "Expo"), ("a rate",), "half-line"),
    Distribution("gamma", _named("Gamma", "Gam", "Ga"), ("a shape", "a rate"), "half-line"),
    Distribution("inverse gamma", _named("InvGamma", "InverseGamma", "IG", r"inv\_gamma"),
                 ("a shape", "a scale"), "half-line"),
    Distribution("beta", _named("Beta"), ("a shape", "a second shape"), "interval"),
    Distribution("lognormal", (r"\text{LogNormal}", r"\text{Lognormal}"),
                 ("a mean of the logarithm", "its variance"), "half-line"),
    Distribution("scaled lognormal", (r"\text{lognormal}",),
                 ("a mean of the logarithm", SCALE), "half-line"),
    Distribution("half-normal", (r"\mathcal{HN}", *_named("HalfNormal")), (SCALE,), "half-line"),
    Distribution("Weibull", _named("Weibull"), ("a shape", "a scale"), "half-line"),
    Distribution("Laplace", _named("Laplace", "Lap"), ("a centre", "a scale"), "line"),
    Distribution("Cauchy", _named("Cauchy"), ("a centre", "a scale"), "line"),
    Distribution("Student", _named("StudentT", r"student\_t"),
                 ("degrees of freedom", "a centre", "a scale"), "line"),
    Distribution("Dirichlet", _named("Dirichlet", "Dir"), ("a vector of shapes",), "vectors"),
    Distribution("Bernoulli", _named("Bernoulli", "Ber", "Bern"), ("a probability",), "counts"),
    Distribution("binomial", _named("Binomial", "Bin", "Binom"),
                 ("a number of trials", "a probability"), "counts"),
    Distribution("geometric", _named("Geometric", "Geom", "Geo"),
                 ("the probability that a trial is the last",), "counts"),
    Distribution("Poisson", _named("Poisson", "Pois", "Poi"), ("a mean",), "counts"),
    Distribution("categorical", _named("Categorical", "Cat"), ("a vector of probabilities",),
                 "members"),
    Distribution("multinomial", _named("Multinomial", "Mult", "Multi"),
                 ("a number of trials", "a vector of probabilities"), "vectors"),
)  # fmt: skip
BY_NAME = {each.name: each for each in DISTRIBUTIONS}
BY_LATEX = {latex: each for each in DISTRIBUTIONS for latex in each.latex}
"""Every name of a distribution; a declaration of the same name goes first."""
