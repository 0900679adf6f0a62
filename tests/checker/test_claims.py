"""Verdicts on claims: what is held, refuted or under-tested, and how sure that is."""

from dataclasses import replace

import pytest

from equation_checker import Settings, read_display, read_row
from equation_checker.judging.claims import Approximation, Judge
from equation_checker.judging.proofs import prove
from equation_checker.reading.displays import read_where


def judged(latex, notation, where="", **settings):
    reading = read_display(latex, notation)
    statement = read_where(where, reading.statements[0], notation)
    return Judge(reading.notation, Settings(**settings)).judge(statement)


def test_each_link_of_a_chain_is_judged_on_its_own(notation):
    found = judged(r"\sigma(-t) = 1 - \sigma(t) = \sigma(t) = 1 - \sigma(-t)", notation)
    assert found.failed == 1
    assert [link.failed is None for link in found.links] == [True, False, True]


def test_float64_and_many_digits_both_speak(notation):
    found = judged(r"\nabla_{w_{11}} \text{ll} = \nabla_{w_{11}} \text{ll}", notation, digits=60)
    assert found.method == "float64, complex step; 60 digits, central differences"


def test_derivatives_of_derivatives_are_judged_at_many_digits_alone(notation):
    found = judged(r"\frac{d^2}{dt^2} t^3 = 6 t", notation)
    assert found.status == "held"
    assert found.method == "50 digits, central differences"


@pytest.mark.parametrize("factor", ["1.000000001", "1.0000000000000001"])
def test_a_difference_that_float64_cannot_see_is_refuted(factor, notation):
    assert judged(rf"t z = {factor} t z", notation).status == "refuted"


def test_a_difference_far_below_one_is_still_a_difference(notation):
    assert judged("0.0000000000000001 t = 0.0000000000000002 t", notation).status == "refuted"
    assert judged("0.0000000000000001 t = 0", notation).status == "refuted"


def test_one_wrong_combination_of_free_indices_is_found(notation):
    latex = r"\mathbb{1}[i = 2] \mathbb{1}[j = 1] t = 0 \quad \text{for } j = 1, \dots, n"
    assert judged(latex, notation).status == "refuted"
    for k in range(6):
        latex = rf"\mathbb{{1}}[i + 7 j + 49 k = {2 + 7 * 1 + 49 * (1 + k % 2)}] t = 0"
        latex += r" \quad \text{for } j = 1, \dots, n, \quad k = 1, \dots, n"
        assert judged(latex, notation, seed=k).status == "refuted"


def test_what_overflows_is_judged_at_many_digits(notation):
    huge = "9" * 200
    assert judged(rf"({huge} q)^2 = ({huge} q)^2", notation).status == "held"
    assert judged(rf"({huge} q)^2 = 2 ({huge} q)^2", notation).status == "refuted"


def test_rounding_alone_refutes_nothing(notation):
    latex = r"(t + 10000000)^2 - 100000000000000 - 20000000 t = t^2"
    assert judged(latex, notation).status == "held"


def test_a_relation_between_zeros_is_under_tested_not_held(notation):
    found = judged(r"t - t = 2 (z - z)", notation)
    assert found.status == "under-tested"
    assert "0 at every point" in found.message


def test_zero_as_it_is_written_can_be_claimed(notation):
    assert judged("t - t = 0", notation).status == "held"
    assert judged(r"\nabla_x \sigma(t) = 0", notation).status == "held"
    assert judged("t = 0", notation).status == "refuted"


def test_an_outcome_that_never_comes_up_is_under_tested(notation):
    found = judged(r"I(y_i = 2) = 0", notation)
    assert found.status == "under-tested"
    assert "I(y_{i} = 2)" in found.message


def test_both_outcomes_of_an_indicator_are_taken(notation):
    assert judged(r"I(y_i = 1) + I(y_i = -1) = 1", notation).branches == (
        "I(y_{i} = 1): 0, 1",
        "I(y_{i} = -1): 0, 1",
    )


def test_a_side_without_a_value_where_the_other_has_one_is_refuted(notation):
    assert judged(r"\log(t^2) = 2 \log(t)", notation).status == "refuted"
    assert judged(r"\log(q^2) = 2 \log(q)", notation).status == "held"


@pytest.mark.parametrize("relation", ["<", ">", r"\ne"])
def test_what_is_equal_is_neither_less_nor_more(relation, notation):
    assert judged(rf"t {relation} t", notation).status == "refuted"


def test_what_has_no_value_anywhere_is_under_tested(notation):
    found = judged(r"\log(-q) = \log(-q)", notation)
    assert found.status == "under-tested"
    assert "log of -" in found.message


def test_a_definition_in_a_circle_is_told(notation):
    known = read_row(r"a_i \in \mathbb{R}", notation)
    known = read_display("a_i := 1 + a_i", known).notation
    found = judged("a_i = 2", known)
    assert found.status == "under-tested"
    assert "a_{1} is defined by itself" in found.message


def test_where_gives_a_value_to_a_free_symbol(notation):
    value = r"z = w_{21}^\top h_i"
    assert judged(r"\sigma(z) = \sigma(w_{21}^\top h_i)", notation, value).status == "held"
    latex = r"\frac{d}{dz} \log \sigma(z) = 1 - \sigma(w_{21}^\top h_i)"
    assert judged(latex, notation, value).status == "held"
    assert judged(latex, notation).status == "refuted"


def test_a_condition_limits_a_claim(notation):
    latex = r"y_i t = t \quad \text{if } y_i = 1"
    assert judged(latex, notation).status == "held"
    assert judged("y_i t = t", notation).status == "refuted"


def test_order_of_an_approximation(notation):
    latex = r"\frac{\sigma(t + q) - \sigma(t)}{q} \approx \sigma'(t)"
    statement = read_display(latex, notation).statements[0]
    judge = Judge(notation, Settings())
    assert judge.judge(statement, Approximation(order=("q", 1))).status == "held"
    assert judge.judge(statement, Approximation(order=("q", 2))).status == "refuted"


def test_intervention_on_a_defined_symbol(notation):
    latex = r"\nabla_{h_i} \text{ll} = (I(y_i = 1) - \sigma(w_{21}^\top h_i)) w_{21}"
    assert judged(latex, notation).status == "held"


@pytest.mark.parametrize("seed", range(5))
def test_verdicts_do_not_hang_on_the_seed(seed, notation):
    true = r"\nabla_{w_{21}} \text{ll} = \sum_{i=1}^n (I(y_i = 1) - \sigma(w_{21}^\top h_i)) h_i"
    assert judged(true, notation, seed=seed).status == "held"
    false = true.replace("y_i = 1", "y_i = -1")
    assert judged(false, notation, seed=seed).status == "refuted"


def test_the_same_seed_gives_the_same_evidence(notation):
    first, second = (judged(r"\sigma(-t) = 1 - \sigma(t)", notation) for _ in range(2))
    assert [link.worst for link in first.links] == [link.worst for link in second.links]


def test_proofs_prove_nothing_false(notation):
    judge = Judge(notation, Settings())
    true = read_display(r"\sigma(-t) = 1 - \sigma(t)", notation).statements[0]
    assert prove(true, judge) == "proved"
    false = replace(true, sides=(true.sides[0], true.sides[0].arguments[0]))
    assert prove(false, judge) == ""


def test_a_proof_says_for_which_sizes(notation):
    latex = r"p(+1 \mid x_i) + p(-1 \mid x_i) = 1"
    statement = read_display(latex, notation).statements[0]
    assert prove(statement, Judge(notation, Settings())) == "proved for n, d = 2"
