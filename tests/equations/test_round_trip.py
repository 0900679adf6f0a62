"""The printed form of a tree reads back to the same tree; all kinds of numbers agree on it."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_notes.equations import Settings, read_display, read_page
from backprop_notes.equations.balls import Balls
from backprop_notes.equations.checking import Checker
from backprop_notes.equations.claims import Judge
from backprop_notes.equations.displays import Statement
from backprop_notes.equations.draws import Draws
from backprop_notes.equations.fields import Decimal, Float64
from backprop_notes.equations.messages import Undefined
from backprop_notes.equations.notation import Notation
from backprop_notes.equations.parser import Parser
from backprop_notes.equations.printing import Printer
from backprop_notes.equations.reader import Local
from backprop_notes.equations.tokens import tokenise
from backprop_notes.equations.tree import (
    Absolute,
    Add,
    Apply,
    Cases,
    Comparison,
    Derivative,
    Divide,
    Indicator,
    Negative,
    Number,
    Power,
    Product,
    Symbol,
    number,
)

HELD = sorted((Path(__file__).parents[1] / "cases" / "held").glob("*.md"))


@pytest.mark.parametrize("path", HELD, ids=lambda path: path.stem)
def test_read_as_reads_back_to_the_same_tree(path):
    checker = Checker(Notation(), Settings(digits=30))
    for item in read_page(path.read_text(encoding="utf-8")).items:
        list(checker.check_item(item))
    for _, statement, known in checker._claims:
        for side in statement.sides:
            shown = Printer(known).show(side)
            parser = Parser(tokenise(shown), known)
            parser.locals = {}
            with parser.bound(**{name: Local(over) for name, over in statement.ranges}):
                again = parser.expression()
            assert parser.next.kind == "end", shown
            assert again == side, shown


LEAVES = st.one_of(
    st.sampled_from([Symbol("t"), Symbol("z"), Symbol("q")]),
    st.builds(
        lambda n, d: Number(Fraction(n, d)), st.integers(0, 9), st.sampled_from([1, 2, 5, 10])
    ),
)


def larger(inner):
    def applied(name):
        return lambda x: Apply(Symbol(name), (x,))

    names = (r"\exp", r"\tanh", r"\sin", r"\cos", r"\sigma", "f")
    return st.one_of(
        st.builds(lambda *terms: Add(terms), inner, inner),
        st.builds(lambda a, b: Add((a, Negative(b))), inner, inner),
        st.builds(lambda a, b: Product((a, b)), inner, inner),
        st.builds(lambda a, b: Divide(a, Add((Power(b, number(2)), number(1)))), inner, inner),
        st.builds(Negative, inner),
        st.builds(Absolute, inner),
        st.builds(lambda a: Power(a, number(2)), inner),
        st.builds(lambda a, b: Indicator(r"\mathbb{1}", Comparison("<", a, b)), inner, inner),
        st.builds(lambda a, b: Cases((a, b), (Comparison(">", a, b), None)), inner, inner),
        *(st.builds(applied(name), inner) for name in names),
    )


TREES = st.recursive(LEAVES, larger, max_leaves=12)


@settings(max_examples=250, deadline=None)
@given(tree=TREES)
def test_random_trees_read_back(tree, notation):
    shown = Printer(notation).show(tree)
    again = read_display(shown, notation).statements[0].sides[0]
    assert Printer(notation).show(again) == shown
    assert Judge(notation, Settings()).shapes.of(again, Judge(notation, Settings()).shapes.scope())


def value(tree, notation, field, number_of_point=0):
    draws = Draws(notation, field, "seed")
    try:
        return draws.values(tree, number_of_point)[0]
    except (Undefined, OverflowError):
        return None


@settings(max_examples=150, deadline=None)
@given(tree=TREES)
def test_float64_and_50_digits_agree(tree, notation):
    quick, precise = value(tree, notation, Float64()), value(tree, notation, Decimal(50))
    if quick is not None and precise is not None and abs(precise) < 1e6:
        assert abs(quick - float(precise)) <= 1e-6 * max(1, abs(quick))


@settings(max_examples=80, deadline=None)
@given(tree=TREES)
def test_complex_step_central_difference_and_dual_numbers_agree(tree, notation):
    slope = Derivative(tree, (Symbol("t"),), "d")
    quick, precise = value(slope, notation, Float64()), value(slope, notation, Decimal(50))
    if quick is None or precise is None or abs(precise) > 1e6:
        return
    assert abs(quick - float(precise)) <= 1e-6 * max(1, abs(quick))
    ball = value(slope, notation, Balls())
    if ball is not None:
        assert abs(
            float(ball.mid() if hasattr(ball, "mid") else ball.value.mid()) - quick
        ) <= 1e-5 * max(1, abs(quick))


def test_a_tree_and_its_double_are_told_apart(notation):
    judge = Judge(notation, Settings())
    tree = Apply(Symbol(r"\sigma"), (Symbol("t"),))
    same = Statement((tree, tree), ("=",), ("",))
    double = Statement((tree, Product((number(2), tree))), ("=",), ("",))
    assert judge.judge(same).status == "held"
    assert judge.judge(double).status == "refuted"
