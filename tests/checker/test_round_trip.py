"""The printed form of a tree reads back to the same tree; all kinds of numbers agree on it."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equation_checker import Settings, check, read_display, read_page
from equation_checker.judging.claims import Judge
from equation_checker.language import tree as t
from equation_checker.language.errors import Undefined
from equation_checker.language.printing import Printer
from equation_checker.meaning.balls import Balls
from equation_checker.meaning.draws import Draws
from equation_checker.meaning.fields import Decimal, Float64
from equation_checker.meaning.points import Scene
from equation_checker.reading.cursor import Local
from equation_checker.reading.displays import Statement
from equation_checker.reading.expressions import Parser
from equation_checker.reading.tokens import tokenise

HELD = sorted((Path(__file__).parents[1] / "cases" / "held").glob("*.md"))


@pytest.mark.parametrize("path", HELD, ids=lambda path: path.stem)
def test_read_as_reads_back_to_the_same_tree(path):
    (found,) = check([read_page(path.read_text(encoding="utf-8"))]).pages
    for statement, known in (claim for outcome in found for claim in outcome.claims):
        for side in statement.sides:
            shown = Printer(known).show(side)
            parser = Parser(tokenise(shown), known)
            parser.locals = {}
            with parser.bound(**{name: Local(over) for name, over in statement.ranges}):
                again = parser.expression()
            assert parser.next.kind == "end", shown
            assert again == side, shown


LEAVES = st.one_of(
    st.sampled_from([t.Symbol("t"), t.Symbol("z"), t.Symbol("q")]),
    st.builds(
        lambda n, d: t.Number(Fraction(n, d)), st.integers(0, 9), st.sampled_from([1, 2, 5, 10])
    ),
)


def larger(inner):
    def applied(name):
        return lambda x: t.Apply(t.Symbol(name), (x,))

    names = (r"\exp", r"\tanh", r"\sin", r"\cos", r"\sigma", "f")
    return st.one_of(
        st.builds(lambda *terms: t.Add(terms), inner, inner),
        st.builds(lambda a, b: t.Add((a, t.Negative(b))), inner, inner),
        st.builds(lambda a, b: t.Product((a, b)), inner, inner),
        st.builds(
            lambda a, b: t.Divide(a, t.Add((t.Power(b, t.number(2)), t.number(1)))), inner, inner
        ),
        st.builds(t.Negative, inner),
        st.builds(t.Absolute, inner),
        st.builds(lambda a: t.Power(a, t.number(2)), inner),
        st.builds(lambda a, b: t.Indicator(r"\mathbb{1}", t.Comparison("<", a, b)), inner, inner),
        st.builds(lambda a, b: t.Cases((a, b), (t.Comparison(">", a, b), None)), inner, inner),
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
    found = Draws(notation, field, Scene("seed")).values(tree, number_of_point)[0]
    return None if isinstance(found, Undefined) else found


def largest_on_the_way(tree, notation):
    """The largest value below a tree, to which float64 rounds; None where a branch hangs on it."""
    largest = 0.0
    for node in t.walk(tree):
        if isinstance(node, t.Comparison):
            left, right = (value(each, notation, Decimal(50)) for each in (node.left, node.right))
            if left is None or right is None or abs(left - right) < 1e-9 * (1 + abs(left)):
                return None
        elif not isinstance(node, t.Symbol) or node.name in "tzq":
            found = value(node, notation, Decimal(50))
            largest = max(largest, abs(found)) if found is not None else largest
    return largest


@settings(max_examples=150, deadline=None)
@given(tree=TREES)
def test_float64_and_50_digits_agree(tree, notation):
    quick, precise = value(tree, notation, Float64()), value(tree, notation, Decimal(50))
    if quick is None or precise is None:
        return
    largest = largest_on_the_way(tree, notation)
    if largest is not None and largest < 1e6:
        assert abs(quick - float(precise)) <= 1e-6 * max(1, largest)


def test_what_rounds_on_the_way_is_no_disagreement(notation):
    huge = t.Apply(t.Symbol(r"\exp"), (t.Apply(t.Symbol(r"\exp"), (t.number(4),)),))
    tree = t.Add((huge, t.Negative(t.Add((t.Symbol("t"), huge)))))
    assert value(tree, notation, Float64()) != value(t.Symbol("t"), notation, Float64())
    assert largest_on_the_way(tree, notation) > 1e6


@settings(max_examples=80, deadline=None)
@given(tree=TREES)
def test_complex_step_central_difference_and_dual_numbers_agree(tree, notation):
    slope = t.Derivative(tree, (t.Symbol("t"),), "d")
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
    tree = t.Apply(t.Symbol(r"\sigma"), (t.Symbol("t"),))
    same = Statement((tree, tree), ("=",), ("",))
    double = Statement((tree, t.Product((t.number(2), tree))), ("=",), ("",))
    assert judge.judge(same).status == "held"
    assert judge.judge(double).status == "refuted"
