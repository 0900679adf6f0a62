r"""The functions and running operators that need no declaration: one row each says all of them.

A field of numbers computes those of a number by their name; ``meaning.values`` has a rule for each
function of a whole vector or matrix and for each reduction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from equation_checker.language import tree as t

Kind = Literal["number", "column", "square", "same"]
"""What a function of a whole takes and gives; ``same`` is the shape that it takes."""


@dataclass(frozen=True)
class Function:
    r"""A function by its name: how it is written, what it takes, which are mistaken for it."""

    name: str
    latex: tuple[str, ...]
    whole: tuple[tuple[Kind, Kind], ...] = ()
    """Of a vector or matrix as a whole: what it takes, and what it then gives; else of numbers."""
    any_number: bool = False
    """Whether it takes any number of numbers, as a maximum does."""
    related: tuple[str, ...] = ()

    @property
    def is_each(self) -> bool:
        """Tell whether it is taken of each entry of a vector or matrix."""
        return not self.whole and not self.any_number


FUNCTIONS = (
    Function("exp", (r"\exp",), related=(r"\log",)),
    Function("log", (r"\log",), related=(r"\exp",)),
    Function("sqrt", (r"\sqrt",)),
    Function("tanh", (r"\tanh",), related=(r"\sinh", r"\cosh")),
    Function("sinh", (r"\sinh",), related=(r"\cosh",)),
    Function("cosh", (r"\cosh",), related=(r"\sinh",)),
    Function("sin", (r"\sin",), related=(r"\cos",)),
    Function("cos", (r"\cos",), related=(r"\sin",)),
    Function("relu", (r"\text{relu}", r"\text{ReLU}")),
    Function("sign", (r"\text{sign}", r"\text{sgn}")),
    Function("max", (r"\max",), any_number=True, related=(r"\min",)),
    Function("min", (r"\min",), any_number=True, related=(r"\max",)),
    Function("tr", (r"\text{tr}",), whole=(("square", "number"),)),
    Function("diag", (r"\text{diag}",), whole=(("column", "square"), ("square", "column"))),
    Function("softmax", (r"\text{softmax}",), whole=(("column", "same"),)),
)
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
