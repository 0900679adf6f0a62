r"""The functions and running operators that need no declaration: one row each says all of them.

A field of numbers computes those of a number by their name; ``meaning.values`` has a rule for each
function of a whole vector or matrix and for each reduction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from equation_checker.language import tree as t

Kind = Literal["number", "column", "square", "any", "same", "turned", "stacked"]
"""What a function of a whole takes and gives: ``same``, ``turned`` and ``stacked`` say how what it
gives comes from what it takes."""


@dataclass(frozen=True)
class Function:
    r"""A function by its name: how it is written, what it means, what it takes."""

    name: str
    latex: tuple[str, ...]
    meaning: str
    whole: tuple[tuple[Kind, Kind], ...] = ()
    """Of a vector or matrix as a whole: what it takes, and what it then gives; else of numbers."""
    any_number: bool = False
    """Whether it takes any number of numbers, as a maximum does."""
    takes: int = 0
    """How many numbers it takes, if it is taken of no vector."""
    closed: bool = False
    """Whether brackets behind it hold its argument alone: a power behind them is one of it all."""
    related: tuple[str, ...] = ()
    """What it is mistaken for."""

    @property
    def is_each(self) -> bool:
        """Tell whether it is taken of each entry of a vector or matrix."""
        return not self.whole and not self.any_number and not self.takes


def _upright(*names: str) -> tuple[str, ...]:
    return tuple(rf"\text{{{name}}}" for name in names)


FUNCTIONS = (
    Function("exp", (r"\exp",), "the exponential", related=(r"\log",)),
    Function("log", (r"\log", r"\lg"), "the natural logarithm; `\\log_b` is that of the base b, "
             "`\\lg` that of the base 10", related=(r"\exp",)),
    Function("sqrt", (r"\sqrt",), "the square root"),
    Function("tanh", (r"\tanh",), "the hyperbolic tangent", related=(r"\sinh", r"\cosh")),
    Function("sinh", (r"\sinh",), "the hyperbolic sine", related=(r"\cosh",)),
    Function("cosh", (r"\cosh",), "the hyperbolic cosine", related=(r"\sinh",)),
    Function("sin", (r"\sin",), "the sine", related=(r"\cos",)),
    Function("cos", (r"\cos",), "the cosine", related=(r"\sin",)),
    Function("tan", (r"\tan",), "the sine over the cosine", related=(r"\cot",)),
    Function("cot", (r"\cot",), "the cosine over the sine", related=(r"\tan",)),
    Function("sec", (r"\sec",), "1 over the cosine", related=(r"\csc",)),
    Function("csc", (r"\csc",), "1 over the sine", related=(r"\sec",)),
    Function("coth", (r"\coth",), "1 over the hyperbolic tangent", related=(r"\tanh",)),
    Function("asin", (r"\arcsin", *_upright("arcsin", "asin")), "the angle that has this sine",
             related=(r"\arccos",)),
    Function("acos", (r"\arccos", *_upright("arccos", "acos")), "the angle that has this cosine",
             related=(r"\arcsin",)),
    Function("atan", (r"\arctan", *_upright("arctan", "atan")), "the angle that has this tangent",
             related=(r"\tan",)),
    Function("asinh", _upright("arsinh", "arcsinh", "asinh"), "the inverse of the hyperbolic sine"),
    Function("acosh", _upright("arcosh", "arccosh", "acosh"),
             "the inverse of the hyperbolic cosine, 0 or more"),
    Function("atanh", _upright("artanh", "arctanh", "atanh"),
             "the inverse of the hyperbolic tangent"),
    Function("erf", _upright("erf"), "the error function", closed=True, related=_upright("erfc")),
    Function("erfc", _upright("erfc"), "1 minus the error function", closed=True,
             related=_upright("erf")),
    Function("normal", (r"\Phi",), "the distribution function of the standard normal distribution",
             takes=1, closed=True, related=_upright("erf")),
    Function("gamma", (r"\Gamma",), "the gamma function", takes=1, closed=True),
    Function("factorial", ("!",), "the factorial of a whole number", takes=1),
    Function("binomial", (r"\binom",), "the binomial coefficient; what is below is a whole number",
             takes=2),
    Function("floor", (r"\lfloor", *_upright("floor")), "the next whole number below",
             related=(r"\lceil",)),
    Function("ceil", (r"\lceil", *_upright("ceil")), "the next whole number above",
             related=(r"\lfloor",)),
    Function("sigmoid", _upright("sigmoid", "sigm"), "`1 / (1 + e^{-x})`", closed=True),
    Function("logit", _upright("logit"), r"`\log(x / (1 - x))`", closed=True),
    Function("softplus", _upright("softplus"), r"`\log(1 + e^x)`", closed=True),
    Function("relu", _upright("relu", "ReLU"), "x where it is positive, else 0"),
    Function("sign", _upright("sign", "sgn"), "1, 0 or -1"),
    Function("clip", _upright("clip"), "x, or the end of [a, b] that it is beyond", takes=3),
    Function("max", (r"\max",), "the largest of some numbers", any_number=True, related=(r"\min",)),
    Function("min", (r"\min",), "the smallest of some numbers", any_number=True,
             related=(r"\max",)),
    Function("tr", _upright("tr", "Tr", "trace"), "the sum of the diagonal of a square matrix",
             whole=(("square", "number"),)),
    Function("det", (r"\det", *_upright("det")), "the determinant of a square matrix, also `|A|`",
             whole=(("square", "number"),), closed=True, related=_upright("tr")),
    Function("rank", _upright("rank", "rk"), "the rank of a matrix", whole=(("any", "number"),)),
    Function("pinv", ("^+",), "the pseudo-inverse `A^+` of a matrix whose rows or columns are "
             "independent: `(A^\\top A)^{-1} A^\\top`, or `A^\\top (A A^\\top)^{-1}` if wide",
             whole=(("any", "turned"),)),
    Function("largest", (r"\lambda_{\max}",), "the largest eigenvalue of a symmetric matrix",
             whole=(("square", "number"),), closed=True, related=(r"\lambda_{\min}",)),
    Function("smallest", (r"\lambda_{\min}",), "the smallest eigenvalue of a symmetric matrix",
             whole=(("square", "number"),), closed=True, related=(r"\lambda_{\max}",)),
    Function("diag", _upright("diag"), "the diagonal matrix of a column or of some numbers; "
             "of a square matrix its diagonal, as a column",
             whole=(("column", "square"), ("square", "column"))),
    Function("vec", _upright("vec"), "the columns of a matrix below each other",
             whole=(("any", "stacked"),), closed=True),
    Function("softmax", _upright("softmax"), "`e^{z_k}` over the sum of all of them, of a column",
             whole=(("column", "same"),), closed=True),
    Function("logsumexp", _upright("logsumexp", "LSE"), r"`\log \sum_k e^{z_k}` of a column",
             whole=(("column", "number"),), closed=True),
)  # fmt: skip
BUILT_IN = {latex: each for each in FUNCTIONS for latex in each.latex}
"""Every function that the parser knows by itself; a declaration of the same name goes first."""


@dataclass(frozen=True)
class Reduction:
    r"""An operator with a running index: its sign, how far it reaches, what is mistaken for it."""

    name: str
    latex: str
    other: str
    reach: Literal["term", "juxtaposition"] = "term"
    of_numbers: bool = True
    extremum: Literal["", "value", "place"] = ""
    """Whether it may run over all values of a variable, and what it then gives."""


REDUCTIONS = (
    Reduction("sum", r"\sum", other="prod", of_numbers=False),
    Reduction("prod", r"\prod", other="sum"),
    Reduction("max", r"\max", "min", "juxtaposition", extremum="value"),
    Reduction("min", r"\min", "max", "juxtaposition", extremum="value"),
    Reduction("sup", r"\sup", "inf", "juxtaposition", extremum="value"),
    Reduction("inf", r"\inf", "sup", "juxtaposition", extremum="value"),
    Reduction("argmax", r"\arg\max", "argmin", "juxtaposition", extremum="place"),
    Reduction("argmin", r"\arg\min", "argmax", "juxtaposition", extremum="place"),
)
BY_SIGN = {each.latex: each for each in REDUCTIONS}
BY_NAME = {each.name: each for each in REDUCTIONS}


def is_each(node: t.Node) -> bool:
    r"""Tell whether a power is taken of each entry, as in ``\tanh^2 z``."""
    function = BUILT_IN.get(node.function.name) if isinstance(node, t.Apply) else None
    return function is not None and function.is_each
