"""A repair: one edit of the step that failed, with which the whole claim holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from equation_checker.judging.mutants import Mutator
from equation_checker.judging.mutation_score import CLEAR, Trial
from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.meaning.fields import Nested

if TYPE_CHECKING:
    from equation_checker.judging.mutants import Mutant


def repair(trial: Trial, failed: int) -> str:
    """Return a single edit of the failing step that makes the whole claim hold, or nothing."""
    if trial.judge.takes_limits(trial.statement.sides):
        return ""
    mutator = Mutator(trial.judge.notation, trial.statement.sides)
    for k in (failed + 1, failed):
        found = sorted(mutator.mutants(trial.statement.sides[k]), key=lambda m: _rank(m.kind))
        plausible = (m for m in found if _is_plausible(trial, m) and trial.fits(m.tree, k))
        mutant = next((each for each in plausible if _holds_with(trial, k, each)), None)
        if mutant is not None:
            show = trial.judge.printer.show
            return f"{show(mutant.before)} -> {show(mutant.after)} makes the whole claim true"
    return ""


def _is_plausible(trial: Trial, mutant: Mutant) -> bool:
    """Tell whether an author may have meant it: no other shape, no product of equal factors."""
    before, after = mutant.before, mutant.after
    if isinstance(before, t.Symbol) and isinstance(after, t.Symbol):
        entries = trial.judge.notation.entries
        shapes = [entries[e.name].shape for e in (before, after) if e.name in entries]
        return len(set(shapes)) < 2
    if isinstance(before, t.Reduce) and isinstance(after, t.Reduce):
        return before.operator == after.operator or before.index in t.names(before.of)
    return True


def _plain(node: t.Node) -> t.Node:
    """Take away what changes nothing: two minus signs, the power 1."""
    match t.rebuild(node, _plain):
        case t.Negative(t.Negative(of)) | t.Power(of, t.Number(1)):
            return of
        case made:
            return made


def _holds_with(trial: Trial, k: int, mutant: Mutant) -> bool:
    changed = (*trial.statement.sides[:k], mutant.tree, *trial.statement.sides[k + 1 :])
    if len(set(map(_plain, changed))) == 1:
        return False  # it would say nothing any more
    neighbours = [each for each in (k - 1, k + 1) if 0 <= each < len(changed)]
    try:
        if _differs(trial, mutant.tree, neighbours):
            return False
        return trial.judge.judge(replace(trial.statement, sides=changed)).status.good
    except Unreadable:
        return False


def _differs(trial: Trial, tree: t.Node, neighbours: list[int]) -> bool:
    """Tell at a point or two, which is quick, whether an edit mends nothing."""
    try:
        return any(trial.differs_at(tree, neighbours, trial.quick, n, CLEAR) for n in (0, 1))
    except Nested:
        return trial.differs_at(tree, neighbours, trial.precise, 0, CLEAR)


REPAIRS = (
    "sign", "dropped transpose", "transpose", "off by one", "swapped index", "prime", "number",
    "inverted fraction",
)  # fmt: skip
"""The mistakes that are looked for first."""


def _rank(kind: str) -> int:
    return REPAIRS.index(kind) if kind in REPAIRS else len(REPAIRS)
