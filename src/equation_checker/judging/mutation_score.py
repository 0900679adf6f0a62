"""The mutation score: how the single edits of a claim or of a definition fare."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from equation_checker.judging.claims import Judge
from equation_checker.judging.mutants import Mutant, Mutator
from equation_checker.language.errors import TooLarge, Undefined, Unreadable
from equation_checker.language.sizes import SMALLEST
from equation_checker.meaning.budget import POINTS, SEARCH, TOO_MUCH, allowed
from equation_checker.meaning.draws import Draws, difference, free_indices, scene, value_or_reason
from equation_checker.meaning.fields import DEEP, Decimal, Float64, Nested
from equation_checker.verdicts import Score, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from equation_checker.language import tree as t
    from equation_checker.language.notation import Definition, Notation
    from equation_checker.meaning.fields import Value
    from equation_checker.meaning.points import Point
    from equation_checker.reading.displays import Statement

CLEAR = 1e-6
"""A relative difference in float64 that no rounding makes."""
QUICK = (5, 6, 7, 8, 0, 1, 2, 3, 4)
"""The points at which a mutant is tried in float64: first those with small sizes."""
EQUAL = (*range(5, 17), 0, 1)
"""The points that must agree to 50 digits before a mutant counts as equivalent."""


class Trial:
    """A statement with the values of its sides, against which edited sides are held."""

    def __init__(self, statement: Statement, judge: Judge) -> None:
        self.statement = statement
        self.judge = judge
        self.quick = judge.draws(statement, Float64(), most=12)

    @cached_property
    def precise(self) -> Draws:
        """The same points with many digits, as many as derivatives of derivatives need."""
        digits = self.judge.settings.digits
        try:
            for side in self.statement.sides:
                self.quick.values(side, 0)
        except Nested:
            return self.judge.draws(self.statement, Decimal(digits, DEEP), most=6)
        points = self.quick.points
        return self.judge.draws(self.statement, Decimal(digits), most=12, points=points)

    def score(self) -> Score:
        """Try each edit of each side of a claim."""
        mutator = Mutator(self.judge.notation, self.statement.sides)
        score = Score()
        for k, side in enumerate(self.statement.sides):
            for mutant in mutator.mutants(side):
                score = score.plus(self._tried(k, mutant))
        return score

    def _tried(self, k: int, mutant: Mutant) -> Score:
        if not self.fits(mutant.tree, k):
            return Score(1, by_shapes=1)
        show = self.judge.printer.show
        try:
            with allowed(SEARCH):
                differs = self.differs(mutant.tree, k)
        except TOO_MUCH:  # nothing has noticed it
            return Score(1, survivors=(mutant.said(show),))
        return Score(1, by_values=1) if differs else Score(1, equivalent=(mutant.said(show),))

    def fits(self, tree: t.Node, k: int) -> bool:
        """Tell whether shapes let a side stand in the place of another."""
        shapes = self.judge.shapes
        scope = shapes.scope(self.statement.ranges)
        try:
            return shapes.equal(shapes.of(tree, scope), shapes.of(self.statement.sides[k], scope))
        except Unreadable:
            return False

    def differs(self, tree: t.Node, k: int) -> bool:
        """Tell whether a side put in the place of another makes the claim false."""
        neighbours = [each for each in (k - 1, k + 1) if 0 <= each < len(self.statement.sides)]
        changed = (*self.statement.sides[:k], tree, *self.statement.sides[k + 1 :])
        if _dangling(tree, self.statement.sides[k], self.judge, self.statement.ranges):
            return Trial(replace(self.statement, sides=changed), self.judge).differs(tree, k)
        relations = {self.statement.relations[min(k, each)] for each in neighbours}
        if relations - {"=", r"\approx"}:
            return _fails(replace(self.statement, sides=changed), self.judge)
        with suppress(Nested):
            if any(self.differs_at(tree, neighbours, self.quick, number, CLEAR)
                   for number in QUICK):  # fmt: skip
                return True
        precise = self.precise
        return any(
            self.differs_at(tree, neighbours, precise, number, precise.field.tolerance)
            for number in EQUAL
        )

    def differs_at(
        self, tree: t.Node, neighbours: Iterable[int], draws: Draws, number: int, tolerance: float
    ) -> bool:
        """Tell whether a side differs from its neighbours at one point."""
        world, combinations = draws.at(number)
        others = [draws.values(self.statement.sides[k], number) for k in neighbours]
        for at, bound in enumerate(combinations):
            try:
                value = value_or_reason(world, tree, bound)
            except Unreadable:
                return True
            if any(_apart(value, other[at], draws, tolerance) for other in others):
                return True
        return False


def _dangling(
    tree: t.Node, before: t.Node, judge: Judge, ranges: Iterable[tuple[str, t.Range]]
) -> bool:
    """Tell whether an edit speaks of an index that was bound, or not there, before."""
    over = dict(judge.shapes.scope(ranges).ranges)
    free, known = ({name for name, _ in free_indices((each,), over)} for each in (tree, before))
    return bool(free - known)


def _apart(value: Value, other: Value, draws: Draws, tolerance: float) -> bool:
    """Tell whether two values differ clearly, or one of them is none."""
    lacking = [each for each in (value, other) if isinstance(each, Undefined)]
    if lacking:
        return len(lacking) == 1 and not isinstance(lacking[0], TooLarge)
    if np.shape(value) != np.shape(other):
        return True
    worst, scale = difference(value, other, draws.field.real)
    return worst > tolerance * max(scale, 1e-6)


# Definitions.


Claim = tuple["Statement", "Notation"]
"""A claim and the notation that it is read in."""


def score_definition(
    definition: Definition, judge: Judge, python: str, claims: Iterable[Claim]
) -> Score:
    """Try each edit of a definition against its tie, and against the claims that use it."""
    users = [claim for claim in claims if _uses(claim, definition)]
    score = Score()
    for mutant in Mutator(judge.notation, (definition.body,)).mutants(definition.body):
        score = score.plus(_tried_definition(mutant, definition, judge, python, users))
    for other in Mutator(judge.notation, (definition.head,)).renamed(definition.head):
        said = f"renamed head: {judge.printer.show(definition.head)} -> {judge.printer.show(other)}"
        # What speaks of the old name cannot be read any more; without that nothing notices.
        refused = Score(1, by_shapes=1) if users else Score(1, survivors=(said,))
        score = score.plus(refused)
    return score


def _uses(claim: Claim, definition: Definition) -> bool:
    statement, notation = claim
    known = notation.definitions.get(definition.name, ())
    return definition in known and definition.name in notation.rests_on(statement.sides)


def _tried_definition(
    mutant: Mutant, definition: Definition, judge: Judge, python: str, users: list[Claim]
) -> Score:
    changed = replace(definition, body=mutant.tree)
    other = Judge(with_definition(judge.notation, definition, changed), judge.settings)
    scope = replace(other.shapes.scope(definition.ranges), values=definition.bound)
    try:
        same = other.shapes.equal(
            other.shapes.of(mutant.tree, scope), judge.shapes.of(definition.body, scope)
        )
    except Unreadable:
        same = False
    if not same or _dangling(mutant.tree, definition.body, judge, definition.ranges):
        return Score(1, by_shapes=1)
    said = mutant.said(judge.printer.show)
    with allowed(POINTS), suppress(*TOO_MUCH):
        tied = other.tie(definition.head, python, definition.ranges)[0] if python else None
        if tied is Status.REFUTED:
            return Score(1, by_ties=1)
        if _equivalent(definition, judge, other):
            return Score(1, equivalent=(said,))
        for claim, notation in users:
            edited = Judge(with_definition(notation, definition, changed), judge.settings)
            with allowed(SEARCH):
                if _fails(claim, edited):
                    return Score(1, by_values=1)
    return Score(1, survivors=(said,))


def _fails(claim: Statement, judge: Judge) -> bool:
    try:
        return judge.judge(claim).status is Status.REFUTED
    except Unreadable:
        return True


def _equivalent(definition: Definition, judge: Judge, other: Judge) -> bool:
    """Tell whether two notations give one symbol the same values at many points."""
    node = definition.head
    free = free_indices((node,), dict(judge.shapes.scope(definition.ranges).ranges))
    nodes = (node, *(over for _, over in free))
    known = scene(nodes, judge.notation, str(judge.settings.seed))
    points: dict[int, Point] = {}
    first, second = (
        Draws(each.notation, Decimal(judge.settings.digits), known, (node,), free, points=points,
              smallest=SMALLEST)
        for each in (judge, other)
    )  # fmt: skip
    return not any(
        _apart(value, edited, first, first.field.tolerance)
        for number in EQUAL
        for value, edited in zip(
            first.values(node, number), second.values(node, number), strict=True
        )
    )


def with_definition(notation: Notation, old: Definition, new: Definition) -> Notation:
    """Return the notation with one definition in the place of another."""
    definitions = tuple(
        new if each is old or each == old else each for each in notation.definitions[old.name]
    )
    return replace(notation, definitions={**notation.definitions, old.name: definitions})
