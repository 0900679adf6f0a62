"""Points: sizes that differ, uneven weights, all values of finite symbols."""

from collections import Counter

from equation_checker import Settings, read_display, read_row
from equation_checker.judging.claims import Judge
from equation_checker.language.notation import Domain
from equation_checker.meaning.fields import Float64
from equation_checker.meaning.points import Point, Scene
from equation_checker.meaning.values import World


def test_sizes_differ_pairwise_and_from_those_written_as_numbers(notation):
    for seed in range(20):
        statement = read_display(r"w_{21}^\top h_i = \lVert x_i \rVert", notation).statements[0]
        judge = Judge(notation, Settings(seed=seed))
        world, _ = judge.draws(statement, Float64()).at(0)
        sizes = [world.point.size((name, ())) for name in ("n", "d")]
        assert len({*sizes, 2}) == 3


def test_what_is_drawn_does_not_hang_on_the_order_of_asking(notation):
    first, second = (World(notation, Float64(), Point(Scene("s"), 3)) for _ in range(2))
    a, b = first.symbol(("t", ())), first.symbol(("z", ()))
    assert (second.symbol(("z", ())), second.symbol(("t", ()))) == (b, a)


def test_each_combination_of_finite_symbols_comes_up():
    values = Domain("finite", (0, 1))
    scene = Scene("s")
    seen = Counter()
    for number in range(8):
        point = Point(scene, number)
        pair = tuple(point.value((name, ()), (1, 1), values)[0][0] for name in "ab")
        seen[pair] += 1
    assert set(seen) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_finite_family_takes_all_its_values_at_one_point():
    values = Domain("finite", (-1, 1))
    point = Point(Scene("s"), 0)
    assert {point.value(("y", (i,)), (1, 1), values)[0][0] for i in (1, 2)} == {-1, 1}


def test_probabilities_are_positive_and_add_up_to_one():
    rows = Point(Scene("s"), 0).value(("p", ()), (4, 1), Domain("simplex"))
    assert sum(row[0] for row in rows) == 1
    assert min(row[0] for row in rows) > 0


def test_a_number_of_units_that_is_fixed_stays_fixed(notation):
    known = read_row(r"m \in \mathbb{N}", notation)
    known = read_row("m := 3", known)
    known = read_row(r"v \in \mathbb{R}^m", known)
    statement = read_display(r"v_1 + v_2 + v_3 = \mathbf{1}_m^\top v", known).statements[0]
    assert Judge(known, Settings()).judge(statement).status == "held"
