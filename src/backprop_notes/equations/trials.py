"""What edits do to an equation: the score of its mutants, a repair; the simplest counterexample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_notes.equations.balls import Balls, apart
from backprop_notes.equations.claims import Counterexample, Judge, Judgement
from backprop_notes.equations.draws import Draws, difference, free_indices
from backprop_notes.equations.fields import Decimal, Float64, Nested
from backprop_notes.equations.messages import Undefined, Unreadable
from backprop_notes.equations.mutations import Mutant, Mutator
from backprop_notes.equations.printing import spell
from backprop_notes.equations.tree import Node, Symbol, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backprop_notes.equations.displays import Statement
    from backprop_notes.equations.fields import Field
    from backprop_notes.equations.notation import Definition, Notation
    from backprop_notes.equations.sampling import Key, Point

CLEAR = 1e-6
"""A relative difference in float64 that no rounding makes."""
QUICK_POINTS = 6
EQUAL_POINTS = 25
"""So many further points must agree to 50 digits before a mutant counts as equivalent."""


@dataclass(frozen=True)
class Score:
    """How the mutants of a display fared."""

    mutants: int = 0
    by_shapes: int = 0
    by_values: int = 0
    by_ties: int = 0
    equivalent: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the score as one line."""
        return (
            f"{self.mutants} mutants: {self.by_shapes} refused by shapes, "
            f"{self.by_values} by values, {self.by_ties} by ties, "
            f"{len(self.equivalent)} equivalent, {len(self.survivors)} survived"
        )

    def plus(self, other: Score) -> Score:
        """Return the score of both."""
        return Score(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


class Trial:
    """A statement with the values of its sides, against which edited sides are held."""

    def __init__(self, statement: Statement, judge: Judge) -> None:
        self.statement = statement
        self.judge = judge
        self.quick = judge.draws(statement, Float64(), most=12)
        self._values: dict[tuple[int, int, int], list[Any]] = {}

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
        if self.differs(mutant.tree, k):
            return Score(1, by_values=1)
        return Score(1, equivalent=(self.describe(mutant),))

    def describe(self, mutant: Mutant) -> str:
        """Say an edit as an author would."""
        show = self.judge.printer.show
        return f"{mutant.kind}: {show(mutant.before)} -> {show(mutant.after)}"

    def fits(self, tree: Node, k: int) -> bool:
        """Tell whether shapes let a side stand in the place of another."""
        shapes = self.judge.shapes
        scope = shapes.scope(self.statement.ranges)
        try:
            return shapes.equal(shapes.of(tree, scope), shapes.of(self.statement.sides[k], scope))
        except Unreadable:
            return False

    def differs(self, tree: Node, k: int) -> bool:
        """Tell whether a side put in the place of another makes the claim false."""
        neighbours = [each for each in (k - 1, k + 1) if 0 <= each < len(self.statement.sides)]
        relations = {self.statement.relations[min(k, each)] for each in neighbours}
        if relations - {"=", r"\approx"}:
            changed = (*self.statement.sides[:k], tree, *self.statement.sides[k + 1 :])
            return self._order_fails(replace(self.statement, sides=changed))
        try:
            for number in range(QUICK_POINTS):
                if self._differs_at(tree, neighbours, self.quick, number, CLEAR):
                    return True
            precise = self.judge.draws(self.statement, Decimal(self.judge.settings.digits), most=12)
        except Nested:
            precise = self.judge.draws(
                self.statement, Decimal(self.judge.settings.digits, 2), most=6
            )
        return any(
            self._differs_at(tree, neighbours, precise, number, precise.field.tolerance)
            for number in range(EQUAL_POINTS)
        )

    def _order_fails(self, statement: Statement) -> bool:
        try:
            return self.judge.judge(statement).status == "refuted"
        except Unreadable:
            return True

    def _differs_at(
        self, tree: Node, neighbours: Iterable[int], draws: Draws, number: int, tolerance: float
    ) -> bool:
        world, combinations = draws.at(number)
        for at, bound in enumerate(combinations):
            try:
                value = world.of(tree, bound)
            except (Undefined, ZeroDivisionError, OverflowError):
                value = None
            for k in neighbours:
                other = self._value(k, draws, number, at)
                if (value is None) != (other is None):
                    return True
                if value is None:
                    continue
                if np.shape(value) != np.shape(other):
                    return True
                worst, scale = difference(value, other, draws.field.real)
                if worst > tolerance * max(scale, 1e-6):
                    return True
        return False

    def _value(self, k: int, draws: Draws, number: int, at: int) -> Any:
        """Return the value of an unedited side; each is found once."""
        key = (k, id(draws.field), number)
        if key not in self._values:
            self._values[key] = [
                _or_none(draws, self.statement.sides[k], number, b) for b in draws.at(number)[1]
            ]
        return self._values[key][at]

    # Repairs.

    def repair(self, failed: int) -> str:
        """Return a single edit of the failing step that makes the whole claim hold, or nothing."""
        mutator = Mutator(self.judge.notation, self.statement.sides)
        for k in (failed + 1, failed):
            found = sorted(mutator.mutants(self.statement.sides[k]), key=lambda m: _rank(m.kind))
            for mutant in found:
                if self.fits(mutant.tree, k) and self._holds_with(k, mutant):
                    show = self.judge.printer.show
                    return (
                        f"{show(mutant.before)} -> {show(mutant.after)} makes the whole claim true"
                    )
        return ""

    def _holds_with(self, k: int, mutant: Mutant) -> bool:
        neighbours = [each for each in (k - 1, k + 1) if 0 <= each < len(self.statement.sides)]
        try:
            if any(
                self._differs_at(mutant.tree, neighbours, self.quick, n, CLEAR) for n in range(2)
            ):
                return False
        except Nested:
            pass
        changed = (*self.statement.sides[:k], mutant.tree, *self.statement.sides[k + 1 :])
        try:
            return self.judge.judge(replace(self.statement, sides=changed)).status == "held"
        except Unreadable:
            return False


REPAIRS = (
    "sign",
    "dropped transpose",
    "transpose",
    "off by one",
    "swapped index",
    "prime",
    "number",
    "inverted fraction",
)
"""The mistakes that are looked for first."""


def _rank(kind: str) -> int:
    return REPAIRS.index(kind) if kind in REPAIRS else len(REPAIRS)


def _or_none(draws: Draws, node: Node, number: int, bound: dict[str, Any]) -> Any:
    try:
        return draws.at(number)[0].of(node, bound)
    except (Undefined, ZeroDivisionError, OverflowError):
        return None


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
    return score


def _uses(claim: Claim, definition: Definition) -> bool:
    statement, notation = claim
    return definition in notation.definitions.get(definition.name, ()) and any(
        definition.name in notation.reach.get(node.name, ())
        for side in statement.sides
        for node in walk(side)
        if isinstance(node, Symbol)
    )


def _tried_definition(
    mutant: Mutant, definition: Definition, judge: Judge, python: str, users: list[Claim]
) -> Score:
    changed = replace(definition, body=mutant.tree)
    other = Judge(with_definition(judge.notation, definition, changed), judge.settings)
    scope = replace(
        other.shapes.scope(definition.ranges),
        values=definition.bound,
    )
    try:
        same = other.shapes.equal(
            other.shapes.of(mutant.tree, scope), judge.shapes.of(definition.body, scope)
        )
    except Unreadable:
        same = False
    if not same:
        return Score(1, by_shapes=1)
    if python and other.tie(definition.head, python, definition.ranges):
        return Score(1, by_ties=1)
    if any(
        _fails(claim, Judge(with_definition(notation, definition, changed), judge.settings))
        for claim, notation in users
    ):
        return Score(1, by_values=1)
    show = judge.printer.show
    said = f"{mutant.kind}: {show(mutant.before)} -> {show(mutant.after)}"
    return (
        Score(1, equivalent=(said,))
        if _equivalent(definition, judge, other)
        else Score(1, survivors=(said,))
    )


def _fails(claim: Statement, judge: Judge) -> bool:
    try:
        return judge.judge(claim).status == "refuted"
    except Unreadable:
        return True


def _equivalent(definition: Definition, judge: Judge, other: Judge) -> bool:
    """Tell whether two notations give one symbol the same values at many points."""
    node = definition.head
    free = free_indices((node,), dict(judge.shapes.scope(definition.ranges).ranges))
    seed = str(judge.settings.seed)
    both = [
        Draws(each.notation, Decimal(judge.settings.digits), seed, free) for each in (judge, other)
    ]
    for number in range(EQUAL_POINTS):
        (world, bounds), (edited, _) = (each.at(number) for each in both)
        for bound in bounds:
            try:
                worst, scale = difference(
                    world.of(node, bound), edited.of(node, bound), world.field.real
                )
            except (Undefined, ZeroDivisionError, OverflowError, ValueError):
                return False
            if worst > world.field.tolerance * scale:
                return False
    return True


def with_definition(notation: Notation, old: Definition, new: Definition) -> Notation:
    """Return the notation with one definition in the place of another."""
    definitions = tuple(
        new if each is old or each == old else each for each in notation.definitions[old.name]
    )
    return replace(notation, definitions={**notation.definitions, old.name: definitions})


# Counterexamples.


def counterexample(
    statement: Statement, judgement: Judgement, judge: Judge
) -> Counterexample | None:
    """Return the simplest point found at which a step fails: small sizes, whole numbers."""
    step = judgement.failed
    failed = judgement.links[step].failed if step is not None else None
    if step is None or failed is None:
        return None
    for numbers in (Float64(), Decimal(judge.settings.digits, 2)):
        point = judge.draws(statement, numbers).at(failed[0])[0].point
        try:
            if judge.fails_at(statement, step, point, numbers) is not None:
                return _shrunk(statement, step, judge, numbers, point)
        except Nested:
            continue
    return None


def _shrunk(
    statement: Statement, step: int, judge: Judge, numbers: Field, point: Point
) -> Counterexample | None:
    point = _Shrinker(statement, step, judge, numbers).shrunk(point)
    found = judge.fails_at(statement, step, point, numbers)
    if found is None:
        return None
    bound, left, right = found
    values = tuple(_pairs(point, bound))
    certified = _certified(statement, step, judge, point, bound)
    return Counterexample(
        step, _spelled(left, numbers), _spelled(right, numbers), values, certified=certified
    )


def _certified(
    statement: Statement, step: int, judge: Judge, point: Point, bound: dict[str, Any]
) -> bool:
    """Tell whether two sides differ beyond doubt: as balls that do not touch."""
    if statement.relations[step] not in ("=", r"\approx") or statement.where:
        return False
    world, _ = judge.draws(statement, Balls()).of(point)
    try:
        left, right = (world.of(statement.sides[k], bound) for k in (step, step + 1))
    except (Undefined, Nested, TypeError, ValueError):
        return False
    return apart(left, right)


class _Shrinker:
    """Makes a failing point simpler as long as it fails."""

    def __init__(self, statement: Statement, step: int, judge: Judge, numbers: Field) -> None:
        self.statement = statement
        self.step = step
        self.judge = judge
        self.numbers = numbers
        self.left = 200
        self.has_values = True

    def shrunk(self, point: Point) -> Point:
        """Return a simpler point that fails too."""
        self.has_values = self._fails(point)
        small = replace(point, sizes=dict.fromkeys(point.sizes, 2), values={})
        if self._fails(small):
            point = small
        point = self._tried(
            point, {key: _rounded(rows) for key, rows in point.values.items() if self._is_free(key)}
        )
        for key in list(point.values):
            if self._is_free(key):
                point = self._simplified(point, key)
        return point

    def _is_free(self, key: Key) -> bool:
        return self.judge.notation.entries[key[0]].domain.kind in (
            "real",
            "positive",
            "nonnegative",
        )

    def _simplified(self, point: Point, key: Key) -> Point:
        rows = point.values[key]
        lowest = 1 if self.judge.notation.entries[key[0]].domain.kind == "positive" else 0
        for r, row in enumerate(rows):
            for c in range(len(row)):
                for value in (lowest, 1, -1, 2):
                    if value < lowest == 1 or point.values[key][r][c] == value:
                        break
                    changed = _with_entry(point.values[key], r, c, Fraction(value))
                    new = self._tried(point, {key: changed})
                    if new is not point:
                        point = new
                        break
        return point

    def _tried(self, point: Point, values: dict[Key, Any]) -> Point:
        new = replace(point, values={**point.values, **values})
        return new if self._fails(new) else point

    def _fails(self, point: Point) -> bool:
        self.left -= 1
        if self.left < 0:
            return False
        try:
            found = self.judge.fails_at(self.statement, self.step, point, self.numbers)
            return found is not None and not (
                self.has_values and (found[1] is None or found[2] is None)
            )
        except (Undefined, Nested, ZeroDivisionError, OverflowError):
            return False


def _rounded(rows: Any) -> Any:
    return tuple(tuple(Fraction(round(each) or 1) for each in row) for row in rows)


def _with_entry(rows: Any, r: int, c: int, value: Fraction) -> Any:
    changed = [list(row) for row in rows]
    changed[r][c] = value
    return tuple(tuple(row) for row in changed)


def _spelled(value: Any, numbers: Field) -> str:
    if value is None:
        return "no value"
    if not isinstance(value, np.ndarray):
        return _digits(value, numbers)
    rows = [[_digits(each, numbers) for each in row] for row in value]
    if value.shape[1] == 1:
        return f"[{', '.join(row[0] for row in rows)}]"
    return f"[{'; '.join(', '.join(row) for row in rows)}]"


def _digits(value: Any, numbers: Field) -> str:
    digits = 6 if isinstance(numbers, Float64) else 12
    return f"{float(numbers.real(value)) + 0.0:.{digits}g}"


def _pairs(point: Point, bound: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for (name, indices), size in point.sizes.items():
        yield spell(name, map(str, indices)), str(size)
    for name, value in bound.items():
        yield name, str(value)
    for (name, indices), rows in point.values.items():
        flat = [str(each) for row in rows for each in row]
        if len(rows[0]) > 1 and len(rows) > 1:
            shown = f"[{'; '.join(', '.join(map(str, row)) for row in rows)}]"
        else:
            shown = flat[0] if len(flat) == 1 else f"[{', '.join(flat)}]"
        yield spell(name, map(str, indices)), shown
