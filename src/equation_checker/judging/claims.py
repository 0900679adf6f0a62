"""Judge what a display claims: shapes, values in float64 and at many digits, ties to code.

A refutation needs both: a difference in float64 is believed only when 50 digits confirm it, so
rounding never refuses a true equation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from equation_checker.judging.python import TieError
from equation_checker.judging.ties import TOLERANCE, Names, as_array, compare
from equation_checker.language import tree as t
from equation_checker.language.errors import Mismatch, Undefined
from equation_checker.language.printing import Printer
from equation_checker.meaning import limits
from equation_checker.meaning.draws import Draws, difference, free_indices
from equation_checker.meaning.fields import Decimal, Float64, Nested
from equation_checker.meaning.shapes import Shapes, is_literal
from equation_checker.verdicts import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from equation_checker.language.notation import Notation
    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.points import Point
    from equation_checker.reading.displays import Statement
    from equation_checker.settings import Settings

POINTS = 6
"""Points in float64 when all is seen by then; more when a branch is still to be taken."""
MOST_POINTS = 48
PRECISE_POINTS = 3
SMALL_STEP = Fraction(1, 2**40)
"""Where the order of an approximation is measured: so small that higher orders do not show."""
Where = tuple[int, dict[str, Any]]
"""The number of a point, and the values of the free indices there."""
ORDERS = {r"\le", r"\ge", "<", ">", r"\ne"}


@dataclass
class Link:
    """The two sides of one relation and what has been found out about them."""

    left: t.Node
    right: t.Node
    relation: str
    worst: float = 0.0
    counted: int = 0
    vanished: int = 0
    undefined: str = ""
    """Why the sides had no value at a point."""
    failed: Where | None = None
    """The point and the free indices at which the two sides differ."""
    tolerance: float | None = None

    @property
    def against_zero(self) -> bool:
        """Tell whether a side is 0 as it is written."""
        return any(
            isinstance(each, t.Number) and each.value == 0 for each in (self.left, self.right)
        )


@dataclass(frozen=True)
class Judgement:
    """What was found out about one statement."""

    links: tuple[Link, ...]
    status: Status
    message: str = ""
    points: int = 0
    method: str = ""
    branches: tuple[str, ...] = ()
    failed: int | None = None
    """The link that is refuted."""


class Judge:
    """Judges statements in one notation."""

    def __init__(self, notation: Notation, settings: Settings) -> None:
        self.notation = notation
        self.settings = settings
        self.shapes = Shapes(notation)
        self.printer = Printer(notation)

    # Shapes.

    def check_shapes(self, statement: Statement) -> None:
        """Refuse sides that cannot be equal."""
        scope = self.shapes.scope(statement.ranges)
        for side in statement.sides:
            self.shapes.check_definitions(side)
        if statement.condition is not None:
            self.shapes.of(statement.condition, scope)
        shapes = [(side, self.shapes.of(side, scope)) for side in statement.sides]
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

    def draws(self, statement: Statement, numbers: Field, *, most: int = 48) -> Draws:
        """Return the points at which a statement is tried."""
        ranges = dict(self.shapes.scope(statement.ranges).ranges)
        condition = (statement.condition,) if statement.condition else ()
        where = tuple(tree for _, tree in statement.where)
        nodes = (*statement.sides, *condition, *where)
        free = free_indices(nodes, ranges)
        if isinstance(numbers, Decimal) and self.takes_limits(nodes):
            numbers = Decimal(limits.DIGITS, numbers.depth)
        return Draws(
            self.notation,
            numbers,
            str(self.settings.seed),
            free,
            condition=statement.condition,
            where=statement.where,
            most=most,
        )

    def takes_limits(self, nodes: Sequence[t.Node]) -> bool:
        """Tell whether values are found by limits and searches, each of which takes long."""
        return self.notation.speaks_of(nodes, limits.is_limit)

    def judge(self, statement: Statement, tolerance: float | None = None) -> Judgement:
        """Find out whether all links of a statement hold."""
        self.check_shapes(statement)
        links = [
            Link(left, right, relation, tolerance=tolerance if relation == r"\approx" else None)
            for left, right, relation in zip(
                statement.sides, statement.sides[1:], statement.relations, strict=False
            )
        ]
        try:
            quick = self.draws(statement, Float64())
            points = self._try(statement, links, quick, POINTS)
            methods = [f"float64, {Float64.method}"]
        except Nested:
            quick, points, methods = None, 0, []
            for link in links:
                link.failed, link.worst, link.counted = None, 0.0, 0
        precise = self._precise(statement, quick)
        precise_points = self._confirm(
            statement, links, precise, PRECISE_POINTS if quick else POINTS
        )
        numbers = precise.field
        methods.append(f"{numbers.name}, {numbers.method}")
        return self._verdict(
            statement, links, quick or precise, max(points, precise_points), methods
        )

    def _precise(self, statement: Statement, quick: Draws | None) -> Draws:
        depth = 1 if quick is not None else 2
        return self.draws(statement, Decimal(self.settings.digits, depth), most=12)

    def _try(self, statement: Statement, links: list[Link], draws: Draws, wanted: int) -> int:
        """Compare at points until enough count and all branches were taken; return how many."""
        number = 0
        nodes = list(_branching(statement.sides))
        seen: set[tuple[int, int]] = set()
        while number < MOST_POINTS:
            self._compare_at(statement, links, draws, number)
            seen |= draws.at(number)[0].outcomes
            number += 1
            finite = math.prod(draws.cycles.values())
            enough = all(link.counted >= wanted or link.failed for link in links)
            if number >= max(wanted, finite) and enough and _all_taken(nodes, seen):
                break
            if number >= 4 * wanted and not any(link.counted for link in links) and links:
                break
        return number

    def _compare_at(
        self, statement: Statement, links: list[Link], draws: Draws, number: int
    ) -> None:
        """Compare the sides of all links at one point."""
        for bound in draws.at(number)[1]:
            self._compare_bound(statement, links, draws, (number, bound))

    def _compare_bound(
        self, statement: Statement, links: list[Link], draws: Draws, where: Where
    ) -> None:
        """Compare the sides of all links; one that has no value where the other has one differs."""
        world = draws.at(where[0])[0]
        values: list[Value] = []
        for side in statement.sides:
            try:
                values.append(world.of(side, where[1]))
            except (Undefined, ZeroDivisionError, OverflowError) as problem:
                values.append(None)
                for link in links:
                    link.undefined = str(problem)
        for link, left, right in zip(links, values, values[1:], strict=False):
            if (left is None) != (right is None) and link.failed is None:
                link.failed = where
            elif left is not None and right is not None:
                self._compare(link, left, right, world.field, where)

    def _compare(
        self,
        link: Link,
        left: Value,
        right: Value,
        numbers: Field,
        where: Where,
    ) -> None:
        worst, scale = difference(left, right, numbers.real)
        if link.relation in ORDERS:
            link.counted += 1
            if not _ordered(link.relation, left, right, numbers, scale) and link.failed is None:
                link.failed = where
            return
        if scale < numbers.tolerance and not link.against_zero:
            link.vanished += 1
            return
        relative = worst if link.against_zero else worst / scale
        link.counted += 1
        link.worst = max(link.worst, relative)
        fits = relative <= (link.tolerance or numbers.tolerance)  # False for what is no number
        if not fits and link.failed is None:
            link.failed = where

    def _confirm(self, statement: Statement, links: list[Link], draws: Draws, wanted: int) -> int:
        """Repeat at many digits: at some points, and where float64 found a difference."""
        suspects = [link.failed for link in links if link.failed]
        for link in links:
            link.failed, link.worst = None, 0.0
        for number, bound in suspects:
            self._compare_bound(statement, links, draws, (number, draws.again(number, bound)))
        for number in range(wanted):
            self._compare_at(statement, links, draws, number)
        return wanted

    def _verdict(
        self, statement: Statement, links: list[Link], draws: Draws, points: int, methods: list[str]
    ) -> Judgement:
        seen: set[tuple[int, int]] = set()
        for number in range(points):
            seen |= draws.at(number)[0].outcomes
        nodes = list(_branching(statement.sides))
        branches = tuple(self._taken(node, seen) for node in nodes)
        found = Judgement(
            tuple(links), Status.HELD, points=points, method="; ".join(methods), branches=branches
        )
        for k, link in enumerate(links):
            if link.failed is not None:
                return replace(found, status=Status.REFUTED, failed=k)
        for link in links:
            if not link.counted:
                why = (
                    "both sides are 0 at every point"
                    if link.vanished
                    else "no point could be tried"
                )
                why += f": {link.undefined}" if link.undefined else ""
                return replace(found, status=Status.UNDER_TESTED, message=why)
        if not _all_taken(nodes, seen) and statement.condition is None:
            missing = next(node for node in nodes if not _all_taken([node], seen))
            return replace(
                found,
                status=Status.UNDER_TESTED,
                message=f"not all outcomes of {self.printer.show(missing)} were seen",
            )
        return found

    def _taken(self, node: t.Node, seen: set[tuple[int, int]]) -> str:
        taken = sorted(outcome for at, outcome in seen if at == id(node))
        return f"{self.printer.show(node)}: {', '.join(map(str, taken)) or 'none'}"

    def judge_order(self, statement: Statement, symbol: str, power: int) -> Judgement:
        """Find out whether two sides draw together like a power of a symbol that goes to 0."""
        self.check_shapes(statement)
        draws = self.draws(statement, Decimal(self.settings.digits, 2), most=12)
        links = [
            Link(*sides, r"\approx")
            for sides in zip(statement.sides, statement.sides[1:], strict=False)
        ]
        for number in range(POINTS):
            world, combinations = draws.at(number)
            for bound in combinations:
                for link in links:
                    slope = self._slope(link, world, bound, symbol)
                    link.counted += slope is not None
                    if slope is not None and slope < power - 0.05 and link.failed is None:
                        link.failed, link.worst = (number, bound), slope
        method = f"{draws.field.name}, order in {symbol} at {symbol} and {symbol}/2"
        found = self._verdict(statement, links, draws, POINTS, [method])
        if found.failed is None:
            return found
        slope = links[found.failed].worst
        return replace(
            found, message=f"the difference shrinks like {symbol}^{slope:.2g}, not {symbol}^{power}"
        )

    @staticmethod
    def _slope(link: Link, world: Any, bound: dict[str, Any], symbol: str) -> float | None:
        """Return how fast a difference shrinks when the symbol is halved; None where it is zero."""
        sizes = []
        for step in (SMALL_STEP, SMALL_STEP / 2):
            near = world.overriding({(symbol, ()): world.field.number(step)})
            left, right = near.of(link.left, bound), near.of(link.right, bound)
            sizes.append(difference(left, right, world.field.real)[0])
        return math.log2(sizes[0] / sizes[1]) if all(sizes) else None

    # One link at one point, for counterexamples.

    def fails_at(
        self, statement: Statement, step: int, point: Point, numbers: Field
    ) -> tuple[dict[str, Any], Value, Value] | None:
        """Return free indices and values for which a link clearly fails at a point, if any."""
        world, combinations = self.draws(statement, numbers).of(point)
        link = Link(statement.sides[step], statement.sides[step + 1], statement.relations[step])
        for bound in combinations:
            left, right = (
                self._value_or_none(world, side, bound) for side in (link.left, link.right)
            )
            if left is None or right is None:
                if (left is None) != (right is None):
                    return bound, left, right
                continue
            worst, scale = difference(left, right, numbers.real)
            if link.relation in ORDERS:
                if not _ordered(link.relation, left, right, numbers, scale):
                    return bound, left, right
            elif worst > _clear(numbers) * max(scale, _clear(numbers)):
                return bound, left, right
        return None

    @staticmethod
    def _value_or_none(world: Any, side: t.Node, bound: dict[str, Any]) -> Value:
        try:
            return world.of(side, bound)
        except (Undefined, ZeroDivisionError, OverflowError):
            return None

    # Ties.

    def tie(self, node: t.Node, python: str, ranges: Iterable[tuple[str, Any]] = ()) -> str:
        """Compare an expression with code, piece by piece; return what is wrong, if anything."""
        pieces = (self._tie(node, each, ranges) for each in python.split(";"))
        return next((wrong for wrong in pieces if wrong), "")

    def _tie(self, node: t.Node, python: str, ranges: Iterable[tuple[str, Any]]) -> str:
        over = dict(self.shapes.scope(ranges).ranges)
        free = free_indices((node,), over)
        names = Names(self.notation, self.settings.library)
        try:
            return self._tied(
                node, python, names, Draws(self.notation, Float64(), str(self.settings.seed), free)
            )
        except Nested:
            return self._tied(
                node,
                python,
                names,
                Draws(self.notation, Decimal(30, 2), str(self.settings.seed), free),
            )

    def _tied(self, node: t.Node, python: str, names: Names, draws: Draws) -> str:
        for number in range(POINTS):
            world, combinations = draws.at(number)
            for bound in combinations:
                try:
                    expected = as_array(world.of(node, bound), world)
                    found = names.evaluate(python, world, bound)
                    worst = compare(expected, found)
                except TieError as problem:
                    return str(problem)
                except Undefined:
                    continue
                if not worst <= TOLERANCE:
                    return (
                        f"the code {python} gives {_short(found)}, the equation {_short(expected)}"
                    )
        return ""


def _clear(numbers: Field) -> float:
    """Return a relative difference that no rounding makes."""
    return 1e-6 if isinstance(numbers, Float64) else numbers.tolerance


def _short(value: Any) -> str:
    import numpy as np  # noqa: PLC0415

    return np.array2string(np.asarray(value), precision=6, threshold=6, separator=", ")


def _ordered(relation: str, left: Any, right: Any, numbers: Field, scale: float) -> bool:
    slack = numbers.tolerance * scale
    a, b = numbers.real(left), numbers.real(right)
    match relation:
        case r"\le":
            return bool(a <= b + slack)
        case r"\ge":
            return bool(a >= b - slack)
        case "<":
            return bool(a < b)
        case ">":
            return bool(a > b)
        case _:
            return bool(abs(a - b) > slack)


def _branching(sides: Iterable[t.Node]) -> Iterable[t.Node]:
    for side in sides:
        yield from (node for node in t.walk(side) if isinstance(node, (t.Indicator, t.Cases)))


def _all_taken(nodes: Iterable[t.Node], seen: set[tuple[int, int]]) -> bool:
    for node in nodes:
        outcomes = range(len(node.values)) if isinstance(node, t.Cases) else range(2)
        if any((id(node), outcome) not in seen for outcome in outcomes):
            return False
    return True
