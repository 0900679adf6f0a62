"""Mutants, repairs and counterexamples."""

import pytest

from equation_checker import Settings, check, read_display, read_page
from equation_checker.judging.claims import Judge
from equation_checker.judging.counterexamples import counterexample
from equation_checker.judging.mutants import Mutator
from equation_checker.judging.mutation_score import Trial, score_definition
from equation_checker.judging.repairs import repair

SLIDE = (
    r"\nabla_{w_{11}} \text{ll} = "
    r"\sum_{i=1}^n \frac{1}{p(y_i|x_i)} \times \nabla_{w_{11}} p(y_i|x_i)"
)


def trial(latex, notation, **settings):
    statement = read_display(latex, notation).statements[0]
    return Trial(statement, Judge(notation, Settings(**settings)))


def edits(latex, notation):
    tree = read_display(latex, notation).statements[0].sides[0]
    judge = Judge(notation, Settings())
    return {judge.printer.show(m.tree) for m in Mutator(notation, (tree,)).mutants(tree)}


def test_the_mistakes_that_authors_make_are_among_the_edits(notation):
    assert {r"t - z", "t", "z", "2 t + z", "-t + z"} <= edits("t + z", notation)
    assert {r"\sigma'(t)", "t", r"\sigma(-t)", r"-\sigma(t)"} <= edits(r"\sigma(t)", notation)
    wanted = {r"w_{12}^\top x_{i}", r"w_{11} x_{i}", r"-(w_{11}^\top x_{i})", r"x_{i} w_{11}^\top"}
    assert wanted <= edits(r"w_{11}^\top x_i", notation)
    assert r"\nabla_{w_{12}} \text{ll}" in edits(r"\nabla_{w_{11}} \text{ll}", notation)
    assert r"\frac{1 + y_{i}}{2}" in edits("y_i", notation)
    sums = edits(r"\sum_{i=1}^n h_i", notation)
    assert {r"\sum_{i=2}^{n} (h_{i})", r"\sum_{i=1}^{n - 1} (h_{i})", r"h_{i}"} <= sums
    assert "S x" in edits(r"S^\top x", notation)
    assert "x S" not in edits("t z", notation)


def test_no_edit_is_made_twice(notation):
    tree = read_display(SLIDE, notation).statements[0].sides[1]
    made = [m.tree for m in Mutator(notation, (tree,)).mutants(tree)]
    assert len(made) == len(set(made))
    assert tree not in made


@pytest.mark.parametrize(
    "latex",
    [
        r"\sigma'(t) = \sigma(t) (1 - \sigma(t))",
        r"\sigma(-t) = 1 - \sigma(t)",
        r"\nabla_x (w_{11}^\top x) = w_{11}",
        r"\frac{d \log \sigma(y_i z)}{d z} = I(y_i = 1) - \sigma(z)",
    ],
)
def test_all_mutants_are_refused_or_proved_equal(latex, notation):
    score = trial(latex, notation).score()
    assert score.survivors == ()
    assert score.mutants == score.by_shapes + score.by_values + len(score.equivalent)
    assert len(score.equivalent) <= score.mutants // 5
    assert score.by_values > 5


def test_an_equivalent_mutant_is_told_as_such(notation):
    score = trial(r"\sigma'(t) = \sigma(t) (1 - \sigma(t))", notation).score()
    assert "sign: t -> -t" in score.equivalent  # the slope is symmetric


def test_a_definition_that_nothing_ties_has_survivors(notation, library):
    (definition,) = notation.definitions["h_{#}"]
    judge = Judge(notation, Settings(library=library))
    loose = score_definition(definition, judge, "", [])
    tied = score_definition(definition, judge, "hidden(X, W1)[i]", [])
    assert loose.survivors
    assert tied.survivors == ()
    assert tied.by_ties > 5


def test_claims_pin_a_definition_down(notation):
    (definition,) = notation.definitions[r"\sigma"]
    judge = Judge(notation, Settings())
    claim = read_display(r"\sigma(t) = \frac{e^t}{1 + e^t}", notation).statements[0]
    assert score_definition(definition, judge, "", [(claim, notation)]).survivors == ()


@pytest.mark.parametrize(
    ("latex", "mend"),
    [
        (r"\frac{d \log \sigma(y_i z)}{d z} = I(y_i = 1) + \sigma(z)",
         r"I(y_{i} = 1) + \sigma(z) -> I(y_{i} = 1) - \sigma(z)"),
        (r"\nabla_x (x^\top S x) = (S + S) x", r"S -> S^\top"),
        (r"\sigma'(t) = \sigma(t) (1 - \sigma(z))", "z -> t"),
        (r"\text{ll} = \sum_{i=2}^n \log p(y_i \mid x_i)", "2 -> 1"),
        (r"t = \sigma(z)", ""),
    ],
)  # fmt: skip
def test_a_single_edit_repairs(latex, mend, notation):
    found = trial(latex, notation)
    failed = found.judge.judge(found.statement).failed
    assert repair(found, failed).removesuffix(" makes the whole claim true") == mend


def test_a_counterexample_is_small_whole_and_certified(notation):
    found = trial(r"(t + z)^2 = t^2 + z^2", notation)
    judgement = found.judge.judge(found.statement)
    shown = counterexample(found.statement, judgement, found.judge)
    assert (shown.left, shown.right) == ("4", "2")
    assert dict(shown.values) == {"t": "1", "z": "1"}
    assert shown.certified


@pytest.mark.parametrize("latex", ["t < z", r"t = (1 + 10^{-30}) t"])
def test_a_counterexample_that_balls_cannot_tell_is_not_certified(latex, notation):
    found = trial(latex, notation)
    shown = counterexample(found.statement, found.judge.judge(found.statement), found.judge)
    assert shown is not None
    assert not shown.certified


def test_a_counterexample_names_sizes_and_indices(notation):
    found = trial(r"p(y_i \mid x_i) = \sigma(w_{21}^\top h_i)", notation)
    shown = counterexample(found.statement, found.judge.judge(found.statement), found.judge)
    values = dict(shown.values)
    assert values["n"] == values["d"] == "2"
    assert values["i"] in ("1", "2")


def test_mutating_pages_scores_each_display():
    text = "```{notation}\n| a | b | c |\n|-|-|-|\n| $a, b \\in \\mathbb{R}$ | | |\n```\n"
    text += "$$\n(a + b)^2 = a^2 + 2 a b + b^2\n$$\n\n$$\nc := a b\n$$\n"
    claim, definition = check([read_page(text)], settings=Settings(mutate=True)).verdicts
    assert claim.score.survivors == ()
    assert claim.score.mutants > 30
    assert definition.score.survivors  # nothing ties c to anything


def test_a_size_is_a_choice_that_no_edit_makes_wrong():
    text = "```{notation}\n| a | b | c |\n|-|-|-|\n| $m \\in \\mathbb{N}$ | | |\n| $m := 2$ | | |\n"
    text += "| $v \\in \\mathbb{R}^m$ | | |\n```\n$$\nm v = v + v\n$$\n"
    verdicts = check([read_page(text)], settings=Settings(mutate=True, strict=True)).verdicts
    assert all(each.ok and not (each.score and each.score.survivors) for each in verdicts)
    assert [each.status for each in verdicts if each.kind == "claim"] == ["held"]
