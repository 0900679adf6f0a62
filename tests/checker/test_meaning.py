"""Two rooms cannot disagree: each value is held against the shape that was inferred for it."""

import pytest

from equation_checker.language.errors import Inconsistent
from equation_checker.meaning.draws import Draws
from equation_checker.meaning.fields import Float64
from equation_checker.meaning.points import Scene
from equation_checker.meaning.values import World
from equation_checker.reading.declarations import read_row
from equation_checker.reading.displays import read_display


def value(latex, notation):
    (statement,) = read_display(latex, notation).statements
    return Draws(notation, Float64(), Scene("seed")).values(statement.sides[0], 0)[0]


@pytest.mark.parametrize("latex", ["S S", r"\text{tr}(S S)", r"x^\top (S S) x", r"g(S)"])
def test_a_product_of_another_shape_than_inferred_is_a_fault_of_the_checker(
    latex, notation, monkeypatch
):
    known = read_row(r"B \in \mathbb{R}^{d \times d}", notation)
    known = read_row(r"g(B) := \text{tr}(B B)", known)
    value(latex, known)
    monkeypatch.setattr(World, "_product", lambda *given: (given[1][0] * given[1][-1]).sum())
    with pytest.raises(Inconsistent):
        value(latex, known)
