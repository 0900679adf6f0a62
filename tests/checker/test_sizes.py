"""Sizes are compared without a number put in."""

import pytest

from equation_checker.language import tree as t
from equation_checker.language.sizes import canonical, linear, within
from equation_checker.reading.expressions import Parser
from equation_checker.reading.tokens import tokenise


@pytest.fixture
def read(notation):
    return lambda latex: Parser(tokenise(latex), notation).expression()


def test_sums_are_the_same_in_any_order(read):
    assert linear(read("n + d - 1")) == linear(read("d - 1 + n"))
    assert linear(read("n - n + 2")) == linear(t.number(2))
    assert linear(read("2 n - n")) == linear(read("n"))
    assert linear(read("n d + d")) == linear(read("d (n + 1)"))
    assert linear(read("n d")) != linear(read("n n"))


def test_the_plainest_form(read):
    assert canonical(read("n + 1 - 1")) == t.Symbol("n")


def test_the_range_of_an_index_may_hang_on_another_index():
    first, size, one = t.Symbol("i"), t.Symbol("n"), t.number(1)
    ranges = {"j": t.Range(one, first), "i": t.Range(one, size)}
    assert within(t.Symbol("j"), t.Range(one, size), ranges)
    assert not within(t.Add((t.Symbol("j"), one)), t.Range(one, size), ranges)


@pytest.mark.parametrize(
    ("index", "stays"),
    [
        ("1", True),
        ("2", True),
        ("3", False),
        ("i", True),
        ("i + 1", False),
        ("n", True),
        ("n - 1", True),
        ("0", False),
        ("d", False),
    ],
)
def test_an_index_stays_inside_its_range_for_all_sizes_or_not(index, stays, read):
    over = t.Range(t.number(1), t.Symbol("n"))
    assert within(read(index), over, {"i": over}) is stays
