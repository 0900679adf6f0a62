"""Judge what a display claims: its shapes, its values, what ties it to code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.judging.evidence import Evidence, Judgement
from equation_checker.judging.links import ORDERS, Link, Order, Where, compared
from equation_checker.judging.python import TieError
from equation_checker.judging.search import MOST_OUTCOMES, OUTCOME_STEPS, Search, missed
from equation_checker.judging.ties import TOLERANCE, Names, as_array, compare
from equation_checker.language import tree as t
from equation_checker.language.errors import Mismatch, TooLarge, Undefined, Unreadable
from equation_checker.language.printing import Printer
from equation_checker.language.sizes import SMALLEST
from equation_checker.meaning import limits
from equation_checker.meaning.draws import MOST, Draws, free_indices, scene, value_or_reason
from equation_checker.meaning.fields import DEEP, Decimal, Float64, Nested
from equation_checker.meaning.outcomes import Outcomes, possible, say
from equation_checker.meaning.points import Point
from equation_checker.meaning.shapes import Shapes, is_literal
from equation_checker.verdicts import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from equation_checker.language.notation import Notation
    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.points import Scene
    from equation_checker.meaning.values import World
    from equation_checker.reading.displays import Statement
    from equation_checker.settings import Settings

Code = Callable[["World", dict[str, Any]], Any]
TIE_POINTS = 8
FAR_POINTS = 14
"""Points of ties far out, and between the numbers that are written."""


@dataclass(frozen=True)
class Approximation:
    r"""What an author means by ``\\approx``: a relative difference, or an order in a symbol."""

    tolerance: float | None = None
    order: tuple[str, int] | None = None


EXACT = Approximation()


def _is_extremum(node: t.Node) -> bool:
    return isinstance(node, t.Extremum)


def _without_order(side: t.Node) -> tuple[t.Node, tuple[t.Landau, ...]]:
    """Take the orders out of a sum of terms."""
    terms = side.terms if isinstance(side, t.Add) else (side,)
    orders = tuple(each for each in terms if isinstance(each, t.Landau))
    rest = tuple(each for each in terms if not isinstance(each, t.Landau))
    if not orders:
        return side, ()
    return (rest[0] if len(rest) == 1 else t.Add(rest)) if rest else t.number(0), orders


class Judge:
    """Judges statements in one notation."""

    def __init__(self, notation: Notation, settings: Settings) -> None:
        self.notation = notation
        self.settings = settings
        self.shapes = Shapes(notation)
        self.printer = Printer(notation)
        self._scenes: dict[tuple[t.Node, ...], Scene] = {}

    # Shapes.

    def check_shapes(self, statement: Statement) -> None:
        """Refuse sides that cannot be equal."""
        scope = self.shapes.scope(statement.ranges)
        for side in statement.sides:
            self.shapes.check_definitions(side)
        if statement.condition is not None:
            self.shapes.of(statement.condition, scope)
        shapes = [(side, self.shapes.of(side, scope)) for side in statement.sides]
        self.shapes.check_repeated(statement.sides, {*scope.ranges} - {*dict(statement.ranges)})
        firm = [(side, shape) for side, shape in shapes if not is_literal(side)]
        for side, shape in firm[1:]:
            if not self.shapes.equal(shape, firm[0][1]):
                raise Mismatch(
                    f"the sides have different shapes: {self.printer.show(firm[0][0])} is "
                    f"{self.shapes.show(firm[0][1])}, {self.printer.show(side)} is "
                    f"{self.shapes.show(shape)}",
                    side.span,
                )
        for relation in statement.relations:
            if relation in ORDERS and firm and not self.shapes.is_scalar(firm[0][1]):
                raise Mismatch(
                    f"{relation} compares numbers, not {self.shapes.show(firm[0][1])}",
                    statement.span,
                )

    # Values.

    def draws(
        self,
        statement: Statement,
        numbers: Field,
        *,
        most: int = MOST,
        points: dict[int, Point] | None = None,
    ) -> Draws:
        """Return the points at which a statement is tried."""
        ranges = dict(self.shapes.scope(statement.ranges).ranges)
        condition = (statement.condition,) if statement.condition else ()
        nodes = (*statement.sides, *condition, *(tree for _, tree in statement.where))
        free = free_indices(nodes, ranges)
        if isinstance(numbers, Decimal) and self.takes_limits(nodes):
            numbers = Decimal(limits.DIGITS, numbers.depth, is_lossy=True)
        return Draws(
            self.notation,
            numbers,
            self._scene((*nodes, *(over for _, over in free))),
            statement.sides,
            free,
            condition=statement.condition,
            where=statement.where,
            most=most,
            points={} if points is None else points,
        )

    def _scene(self, nodes: tuple[t.Node, ...]) -> Scene:
        if nodes not in self._scenes:
            self._scenes[nodes] = scene(nodes, self.notation, str(self.settings.seed))
        return self._scenes[nodes]

    def takes_limits(self, nodes: Sequence[t.Node]) -> bool:
        """Tell whether values are found by limits and searches, each of which takes long."""
        return self.notation.speaks_of(nodes, limits.is_limit)

    def judge(self, statement: Statement, approximation: Approximation = EXACT) -> Judgement:
        """Find out whether all links of a statement hold."""
        self.check_shapes(statement)
        cut = [_without_order(side) for side in statement.sides]
        statement = replace(statement, sides=tuple(side for side, _ in cut))
        links = tuple(
            Link(left, right, relation, approximation.tolerance, self._power(approximation))
            if relation == r"\approx"
            else Link(
                left,
                right,
                relation,
                order=self._order((*first, *second), relation),
                searched=self.notation.speaks_of((left, right), _is_extremum),
            )
            for (left, first), (right, second), relation in zip(
                cut, cut[1:], statement.relations, strict=False
            )
        )
        try:
            return Evidence(self, statement, links, Float64()).judgement()
        except Nested:  # derivatives of derivatives
            deep = Decimal(self.settings.digits, DEEP)
            return Evidence(self, statement, links, deep).judgement()

    def _power(self, approximation: Approximation) -> Order | None:
        if approximation.order is None:
            return None
        name, power = approximation.order
        return Order((name,), t.Power(t.Symbol(name), t.number(power)))

    def _order(self, left_out: tuple[t.Landau, ...], relation: str) -> Order | None:
        """Return the order up to which two sides are claimed to be equal."""
        if not left_out:
            return None
        first, entries = left_out[0], self.notation.entries
        if len(left_out) > 1 or relation != "=":
            raise Unreadable("this construct is not read: several orders in one step", first.span)
        known = [entries[name] for name in t.free_names(first.of) if name in entries]
        whole = [each.name for each in known if each.kind == "size"]
        real = [each.name for each in known if each.kind == "variable"]
        if bool(whole) == bool(real):
            raise Unreadable(
                f"what goes to 0 in {self.printer.show(first)} is not clear",
                first.span,
                "an order speaks of variables that go to 0, or of sizes that grow",
            )
        return Order(tuple(whole or real), first.of, first.sign == "o", grows=bool(whole))

    # One link at one point, for counterexamples.

    def fails_at(
        self, statement: Statement, link: Link, point: Point, numbers: Field
    ) -> tuple[dict[str, Any], Value, Value] | None:
        """Return free indices and values for which a link clearly fails at a point, if any."""
        world, combinations = self.draws(statement, numbers).of(point)
        for bound in combinations:
            left, right = (value_or_reason(world, each, bound) for each in (link.left, link.right))
            found = compared(link, left, right, numbers, (0, bound))
            is_clear = found.why or link.is_inequality or found.relative > _clear(numbers)
            if found.kind == "differs" and is_clear:
                return bound, left, right
        return None

    # Ties.

    def tie(
        self, node: t.Node, python: str, ranges: Iterable[tuple[str, Any]] = ()
    ) -> tuple[Status, str]:
        """Compare an expression with code, piece by piece; return what came out, and why."""
        pieces = [self._tie(node, each, ranges) for each in python.split(";") if each.strip()]
        return min(pieces, key=lambda piece: piece[0].rank)

    def _tie(
        self, node: t.Node, python: str, ranges: Iterable[tuple[str, Any]]
    ) -> tuple[Status, str]:
        names = Names(self.notation, self.settings.library)
        free = free_indices((node,), dict(self.shapes.scope(ranges).ranges))
        known = self._scene((node, *(over for _, over in free)))
        points: dict[int, Point] = {}
        quick, exact = (
            Draws(self.notation, numbers, known, (node,), free, smallest=SMALLEST, points=points)
            for numbers in (Float64(), Decimal(30, DEEP))
        )
        try:
            return self._tied(node, python, names, quick, exact)
        except Nested:
            return self._tied(node, python, names, exact, exact)

    def _tied(
        self, node: t.Node, python: str, names: Names, draws: Draws, exact: Draws
    ) -> tuple[Status, str]:
        counted, lacking = 0, ""
        outcomes = draws.outcomes = Outcomes()
        for number in range(FAR_POINTS):
            special = ("far", "between")[number % 2]
            far = Point(draws.scene, number, SMALLEST, special=special)
            draws.points[TIE_POINTS + number] = far
        number = 0
        while number < TIE_POINTS + FAR_POINTS or self._is_found(node, draws, outcomes):
            _, combinations = draws.at(number)
            for bound, value in zip(combinations, draws.values(node, number), strict=True):
                if isinstance(value, TooLarge):
                    continue
                code = partial(names.evaluate, python)
                if wrong := _differs(node, value, code, (draws, exact), (number, bound)):
                    said = wrong.replace("the code gives", f"the code {python} gives", 1)
                    return Status.REFUTED, said
                counted += not isinstance(value, Undefined)
                lacking = str(value) if isinstance(value, Undefined) else lacking
            number += 1
        unseen = outcomes.unseen(possible([node], self.notation))
        if counted and unseen:
            shown = say(unseen[0], self.printer.show(unseen[0][0]))
            return Status.UNDER_TESTED, f"no point of the comparison with {python} shows {shown}"
        if counted:
            return Status.HELD, ""
        why = f": {lacking}" if lacking else ""
        return Status.UNDER_TESTED, f"the code {python} could be compared at no point{why}"

    def _is_found(self, node: t.Node, draws: Draws, outcomes: Outcomes) -> bool:
        """Look for points of outcomes that no point has shown; tell whether one was found."""
        for outcome in outcomes.unseen(possible([node], self.notation))[:MOST_OUTCOMES]:
            if outcome not in outcomes.sought:
                outcomes.sought.add(outcome)
                finder = replace(draws, points={})
                starts = [draws.points[number] for number in range(TIE_POINTS)]
                search = Search(
                    self.notation, partial(missed, finder, (node,), outcome), OUTCOME_STEPS
                )
                point = search.run(iter(starts))
                if point is not None:
                    draws.add(point)
                    return True
        return False


def _differs(
    node: t.Node, value: Value, code: Code, draws: tuple[Draws, Draws], where: Where
) -> str:
    """Tell how code differs from an expression at a point; so far out that it overflows, it may."""
    quick, exact = draws
    number, bound = where
    world, _ = quick.at(number)
    try:
        with np.errstate(all="ignore" if world.point.special else None):
            found = code(world, bound)
        wrong = _apart(value, found, world)
        if wrong and quick is not exact:
            again = exact.at(number)[0]
            wrong = _apart(value_or_reason(again, node, bound), found, again)
        if not wrong or (world.point.special and _overflows(found)):
            return ""
    except TieError as problem:
        return "" if world.point.special else str(problem)
    return f"the code gives {_short(found)}, {wrong}"


def _apart(value: Value, found: Any, world: World) -> str:
    """Tell what the equation has instead of what code gave; nothing where they agree.

    At points with large or tiny numbers code may lose digits to a difference from 1, as float64
    itself does; there the digits below 1 need not agree.
    """
    if isinstance(value, TooLarge):
        return ""
    if isinstance(value, Undefined):
        is_number = np.all(np.isfinite(np.asarray(found, dtype=float)))
        return f"where the equation has no value: {value}" if is_number else ""
    expected = as_array(value, world)
    floor = 0.0 if world.point.manner == "moderate" else 1.0
    if compare(expected, found, floor) <= TOLERANCE:
        return ""
    return f"the equation {_short(expected)}"


def _overflows(found: Any) -> bool:
    return not np.all(np.isfinite(np.asarray(found, dtype=float)))


def _clear(numbers: Field) -> float:
    """Return a relative difference that no rounding makes."""
    return 1e-6 if isinstance(numbers, Float64) else numbers.tolerance


def _short(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=6, threshold=6, separator=", ")
