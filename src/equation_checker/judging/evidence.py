"""All that is found out about one statement: many points in float64, what matters at many digits.

Float64 only raises suspicion; a relation is refuted where 50 digits say the same, and four times as
many as well. So neither rounding nor what cancels refuses a true equation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.judging.links import TOUCHING, Found, Link, Order, Where, compared, slack_of
from equation_checker.judging.search import MOST_OUTCOMES, OUTCOME_STEPS, Search, missed
from equation_checker.language import tree as t
from equation_checker.language.errors import Undefined
from equation_checker.meaning.draws import MOST, difference, value_or_reason
from equation_checker.meaning.fields import DEEP, Decimal
from equation_checker.meaning.outcomes import Outcome, Outcomes, can_tie, possible, say
from equation_checker.meaning.points import Point
from equation_checker.verdicts import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from equation_checker.judging.claims import Judge
    from equation_checker.meaning.draws import Draws
    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.values import World
    from equation_checker.reading.displays import Statement

POINTS = 8
"""Points in float64 when enough is seen by then: each size has taken five values."""
DEEP_POINTS = 6
"""Points of derivatives of derivatives, which only many digits can take."""
SLOW_POINTS = 9
"""Points of limits and integrals, each found by many values: so many that each manner comes up."""
CASE_POINTS = 40
"""Points where conditions part what is claimed: each part wants to be met."""
MOST_POINTS = 30
TIED_POINTS = 11
"""Points at which much is equal, and points between what is written, of claims with kinks."""
MORE_SIZES = (4, 6, 7, 9, 10, 11, 12, 20, 35, 100)
"""Sizes of claims that rest on nothing else."""
PRECISE_POINTS = 2
SUSPECTS = 12
"""So many differences of a link in float64 are looked at with many digits, until one is sure."""
STEPS = 400
"""Steps of the search for a point at which an inequality fails."""
TURNS = 6
"""So many times what meets a condition is moved away from special points."""
SMALL_STEP = Fraction(1, 2**40)
"""Where the order of an approximation is measured: so small that higher orders do not show."""
GROWING = (Fraction(64), Fraction(128))
"""Where it is measured for sizes that grow."""
FEW = 8
"""Combinations of free indices at one point with many digits, and at a step of a search."""


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
    point: Point | None = None
    """Where it is."""


def _parts(node: t.Node) -> bool:
    """Tell whether a node parts the numbers: one side of it says nothing of the other."""
    return isinstance(node, t.Comparison) and node.relation not in ("=", r"\ne")


class Evidence:
    """Gathers comparisons of the sides of one statement."""

    def __init__(
        self, judge: Judge, statement: Statement, links: tuple[Link, ...], numbers: Field
    ) -> None:
        self.judge = judge
        self.statement = statement
        self.links = links
        self.is_deep = isinstance(numbers, Decimal)
        self.is_slow = judge.takes_limits(statement.sides)
        plain = CASE_POINTS if judge.notation.speaks_of(statement.sides, _parts) else POINTS
        self.wanted = SLOW_POINTS if self.is_slow else DEEP_POINTS if self.is_deep else plain
        self.draws = judge.draws(statement, numbers, most=FEW if self.is_deep else MOST)
        self.draws.outcomes = self.outcomes = Outcomes()
        self.founds: list[list[Found]] = [[] for _ in links]
        self.points = 0
        self.tried = 0
        """Points of the searches."""
        self.slopes = (0.0, 0.0)
        self.is_pinned = False
        """Whether the condition was met where more numbers are special than it says."""

    def judgement(self) -> Judgement:
        """Compare, search, confirm, and say what came out."""
        self._try()
        if not self._differs():
            self._look_for_outcomes()
            self._try_sizes()
            self._try_ties()
        for k, link in enumerate(self.links):
            if link.is_inequality and not any(each.kind == "differs" for each in self.founds[k]):
                self._attack(k)
        return self._verdict(self._confirmed())

    def _differs(self) -> bool:
        return any(each.kind == "differs" for found in self.founds for each in found)

    # Points.

    def _try(self) -> None:
        """Compare at points, until enough counted or it is plain that nothing ever will."""
        number = 0
        while number < max(MOST_POINTS, self.wanted):
            # Many digits are too dear for the points with the largest sizes.
            self._compare_at(number + 2 if self.is_deep and number > 2 else number)
            number += 1
            if self.is_deep and self._differs():
                break
            counts = [
                sum(each.kind in ("agrees", "differs") for each in found)
                for link, found in zip(self.links, self.founds, strict=True)
                if not link.order
            ]
            combinations = math.prod(self.draws.scene.cycles.values())
            if number >= max(self.wanted, combinations) and all(
                count >= self.wanted for count in counts
            ):
                break
            if number >= 2 * self.wanted and not any(counts):
                break
        self.points = number

    def _compare_at(self, number: int) -> None:
        for k, found in self._found_at(self.draws, number):
            self.founds[k].append(found)

    def _found_at(self, draws: Draws, number: int) -> Iterator[tuple[int, Found]]:
        """Compare the sides of each link at one point, for all combinations of free indices."""
        _, combinations = draws.at(number)
        values = [draws.values(side, number) for side in self.statement.sides]
        for k, link in enumerate(self.links):
            if link.order is None:
                for at, bound in enumerate(combinations):
                    left, right = values[k][at], values[k + 1][at]
                    yield k, compared(link, left, right, draws.field, (number, bound))

    def _again(self, draws: Draws, k: int, where: Where) -> Found:
        """Compare the sides of a link once more, with other numbers."""
        number, bound = where
        world, _ = draws.at(number)
        try:
            bound = draws.again(number, bound)
        except Undefined as problem:
            return Found("no value", where, why=str(problem))
        left, right = self._sides(world, k, bound)
        return compared(self.links[k], left, right, draws.field, (number, bound))

    def _sides(self, world: World, k: int, bound: dict[str, Any]) -> tuple[Value, Value]:
        link = self.links[k]
        return value_or_reason(world, link.left, bound), value_or_reason(world, link.right, bound)

    def _try_sizes(self) -> None:
        """Try many sizes where a claim rests on sizes alone."""
        points = list(self.draws.points.values())
        rests_on_sizes = any(each.sizes for each in points) and not self.is_slow
        if rests_on_sizes and not any(each.values for each in points):
            for number, size in enumerate(MORE_SIZES):
                start = points[number % len(points)]
                key = start.random(f"size {size}").choice(list(start.sizes))
                if size >= start.smallest and size not in start.scene.taken:
                    self._add(replace(start, sizes={**start.sizes, key: size}))

    def _try_ties(self) -> None:
        """Compare where much is equal; there some sides have no value, or no slope."""
        speaks = partial(self.judge.notation.speaks_of, self.statement.sides)
        if self.is_slow or self.is_deep or not speaks(can_tie) or speaks(t.differentiates):
            return
        for number in range(3 * TIED_POINTS):
            special = ("tied", "between", "far")[number % 3]
            point = Point(self.draws.scene, number // 3, special=special)
            for k, found in self._found_at(self.draws, self.draws.add(point)):
                touches = self.links[k].relation in TOUCHING  # what saturates is no tie
                if found.kind == "differs" and not found.why and not touches:
                    self.founds[k].append(found)

    # Searches.

    def _look_for_outcomes(self) -> None:
        """Look for a point for each outcome that was not seen, and for one that is in scope."""
        condition = self.statement.condition
        wanted = [(condition, 1)] if condition is not None else []
        for outcome in [*wanted, *self._unseen()][:MOST_OUTCOMES]:
            if outcome not in self.outcomes.taken:
                search = self._search(partial(self._missed, outcome), OUTCOME_STEPS)
                self._add_freed(search, TURNS if outcome[0] is condition else 1)

    def _add_freed(self, search: Search, turns: int) -> None:
        """Add the point of an outcome, and such in which all else is as ordinary as it can be."""
        if search.best is None or search.lowest >= 0:
            return
        self._add(search.best)
        condition, kept = self.statement.condition, []
        for turn in range(turns):
            point, still = search.freed(search.best, turn)
            self._add(point)
            kept.append(still)
        parts = condition.conditions if isinstance(condition, t.And) else (condition,)
        self.is_pinned |= turns > 1 and min(kept) > len(parts)

    def _unseen(self) -> list[Outcome]:
        return self.outcomes.unseen(self._possible())

    def _possible(self) -> list[Outcome]:
        where = (tree for _, tree in self.statement.where)
        return list(possible((*self.statement.sides, *where), self.judge.notation))

    def _missed(self, outcome: Outcome, point: Point) -> float:
        return missed(self._finder, self.statement.sides, outcome, point)

    def _attack(self, k: int) -> None:
        """Look for a point at which an inequality fails."""
        search = self._search(partial(self._slack, k), STEPS)
        self._add(search.best if search.lowest < 0 else None)

    def _slack(self, k: int, point: Point) -> float:
        """Return the smallest slack at a point; below 0 where many digits say that it fails."""
        slack = self._slack_in(self._finder, point, k)
        if slack > self._finder.field.tolerance:
            return slack
        for draws in (self._precise, self._sharper):
            touches = self.links[k].relation in TOUCHING and point.is_modest
            edge = draws.field.tolerance * (1 if touches else -1)
            slack = self._slack_in(draws, point, k)
            if slack > edge:
                return max(slack, 0.0)
        return -1.0

    def _slack_in(self, draws: Draws, point: Point, k: int) -> float:
        slacks = [math.inf]
        world, combinations = draws.of(point)
        for bound in combinations[:FEW]:
            left, right = self._sides(world, k, bound)
            if not isinstance(left, Undefined) and not isinstance(right, Undefined):
                slacks.append(slack_of(self.links[k].relation, left, right, draws.field))
        return min(slacks)

    def _search(self, height: Callable[[Point], float], steps: int) -> Search:
        self._finder = self.judge.draws(self.statement, self.draws.field, most=FEW)
        self._precise, self._sharper = self._many_digits(1), self._many_digits(4)
        starts = [self.draws.points[number] for number in sorted(self.draws.points)[:7]]
        search = Search(
            self.judge.notation, height, steps // (5 if self.is_deep or self.is_slow else 1)
        )
        search.run(iter(starts))
        self.tried += search.tried
        return search

    def _add(self, point: Point | None) -> None:
        if point is not None:
            self._compare_at(self.draws.add(point))

    # Many digits.

    def _many_digits(self, times: int) -> Draws:
        """Return the same points with many digits."""
        if self.is_slow and self.is_deep:
            return self.draws  # nothing is found to more digits than at first
        numbers = Decimal(times * self.judge.settings.digits, DEEP if self.is_deep else 1)
        return self.judge.draws(self.statement, numbers, most=FEW, points=self.draws.points)

    def _confirmed(self) -> tuple[Link, ...]:
        """Return the links after comparisons at many digits: at some points, and all suspects."""
        precise, sharper = self._many_digits(1), self._many_digits(4)
        founds: list[list[Found]] = [[] for _ in self.links]
        for number in self._counted()[: 1 if self.is_slow else PRECISE_POINTS]:
            for k, found in self._found_at(precise, number):
                founds[k].append(found)
        for k, link in enumerate(self.links):
            if link.order is not None:
                founds[k] = list(self._orders(k))
                continue
            suspects = [
                each
                for each in (*founds[k], *self.founds[k])
                if each.kind == "differs"
                and (link.relation not in TOUCHING or self.draws.points[each.where[0]].is_modest)
            ]
            suspects.sort(key=lambda each: each.relative, reverse=not link.is_inequality)
            sure: list[Found] = []
            for each in _one_a_point(suspects)[:SUSPECTS]:
                again = self._again(precise, k, each.where)
                if again.kind == "differs" == self._again(sharper, k, each.where).kind:
                    sure = [again]
                    break
            founds[k] = [each for each in founds[k] if each.kind != "differs"] + sure
            if not any(each.kind == "agrees" for each in founds[k]):
                agreed = [each for each in self.founds[k] if each.kind == "agrees"]
                founds[k] += [self._again(precise, k, each.where) for each in agreed[:SUSPECTS]]
        return tuple(
            self._link(link, quick, found)
            for link, quick, found in zip(self.links, self.founds, founds, strict=True)
        )

    def _counted(self) -> list[int]:
        """Return the points at which something was compared."""
        return sorted({each.where[0] for found in self.founds for each in found
                       if each.kind in ("agrees", "differs", "both 0")})  # fmt: skip

    def _only_small(self, founds: list[Found]) -> bool:
        """Tell whether sides have values at sizes of 1 alone, where any matrix is symmetric."""
        small = {each.where[0]: 1 in self.draws.points[each.where[0]].sizes.values()
                 for each in founds}  # fmt: skip
        valued = {small[each.where[0]] for each in founds if each.kind != "no value"}
        lacking = {small[each.where[0]] for each in founds if each.kind == "no value"}
        return valued == {True} and False in lacking

    def _link(self, link: Link, quick: list[Found], precise: list[Found]) -> Link:
        """Return a link as many digits see it, with how often it was compared at all."""
        done, seen = link.after(precise), link.after(quick)
        undefined = sum(each.kind == "no value" for each in quick)
        known = done.counted and not self._only_small([*quick, *precise])
        return replace(
            done,
            counted=done.counted + seen.counted if known else 0,
            slack=min(done.slack, seen.slack),
            undefined=done.undefined or seen.undefined,
            rarely=f"{undefined} of {len(quick)}" if 2 * undefined > len(quick) else "",
        )

    # The order of an approximation.

    def _orders(self, k: int) -> Iterator[Found]:
        order = self.links[k].order
        if order is None:
            return
        entries = [self.judge.notation.entries.get(name) for name in order.names]
        one_sided = order.grows or any(
            each is not None and each.domain.kind in ("positive", "nonnegative") for each in entries
        )
        draws = self.judge.draws(
            self.statement,
            Decimal(self.judge.settings.digits, DEEP),
            most=FEW,
            points=self.draws.points,
        )
        for number in range(DEEP_POINTS):
            world, combinations = draws.at(number)
            for bound in combinations:
                for sign in (1,) if one_sided else (1, -1):
                    found = self._order_at(k, order, world, bound, sign)
                    if isinstance(found, Undefined):
                        yield Found("no value", (number, bound), why=str(found))
                    elif found is None:
                        yield Found("both 0", (number, bound))
                    elif _is_of_order(*found, order):
                        yield Found("agrees", (number, bound))
                    else:
                        self.slopes = found
                        yield Found("differs", (number, bound))

    def _order_at(
        self, k: int, order: Order, world: World, bound: dict[str, Any], sign: int
    ) -> tuple[float, float] | Undefined | None:
        """Return how fast a difference falls, and how fast it should; None where it is zero."""
        sizes, wanted = [], []
        steps = GROWING if order.grows else (sign * SMALL_STEP, sign * SMALL_STEP / 2)
        for step in steps:
            near = world.overriding({(n, ()): _scaled(world, n, step) for n in order.names})
            values = (*self._sides(near, k, bound), value_or_reason(near, order.of, bound))
            for each in values:
                if isinstance(each, Undefined):
                    return each
            sizes.append(difference(*values[:2], world.field.real)[0])
            wanted.append(abs(float(world.field.real(values[2]))))
        if not all(sizes) or not all(wanted):
            return None
        return math.log2(sizes[0] / sizes[1]), math.log2(wanted[0] / wanted[1])

    # The verdict.

    def _verdict(self, links: tuple[Link, ...]) -> Judgement:
        fields = dict.fromkeys(f"{each.name}, {each.method}" for each in self._fields())
        found = Judgement(
            links,
            Status.HELD,
            points=self.points + self.tried,
            method="; ".join(fields),
            branches=tuple(self._branches()),
        )
        for k, link in enumerate(links):
            if link.failed is not None:
                message = self._order_message(link) if link.order else ""
                point = self.draws.points[link.failed[0]]
                return replace(found, status=Status.REFUTED, failed=k, point=point, message=message)
        for link in links:
            if not link.counted:
                why = f": {link.undefined}" if link.undefined else ""
                why = (
                    "both sides are 0 at every point"
                    if link.vanished
                    else "no point could be tried"
                ) + why
                return replace(found, status=Status.UNDER_TESTED, message=why)
        if self.is_pinned:
            why = "the condition was met at special points only"
            return replace(found, status=Status.UNDER_TESTED, message=why)
        if self.statement.condition is None and (unseen := self._unseen()):
            shown = say(unseen[0], self.judge.printer.show(unseen[0][0]))
            return replace(found, status=Status.UNDER_TESTED, message=f"no point shows {shown}")
        return self._praised(found)

    def _praised(self, found: Judgement) -> Judgement:
        """Say how hard an inequality was tried, and where a claim mostly had no value."""
        said = [f"{each.rarely} comparisons had no value: {each.undefined}"
                for each in found.links if each.rarely]  # fmt: skip
        slacks = [each.slack for each in found.links if each.is_inequality]
        if any(each.searched for each in found.links):
            looked = "an extremum was looked for from three places, and no better one was met"
            return replace(found, status=Status.NOT_REFUTED, message="; ".join([looked, *said]))
        if not slacks:
            return replace(found, message="; ".join(said))
        tried = f"tried at {found.points} points; the smallest slack is {min(slacks):.2g}"
        return replace(found, status=Status.NOT_REFUTED, message="; ".join([tried, *said]))

    def _order_message(self, link: Link) -> str:
        found, wanted = self.slopes
        names = ", ".join(link.order.names) if link.order else ""
        if link.order is not None and link.order.grows:
            return f"the difference grows like {names}^{-found:.2g}, not {names}^{-wanted:.2g}"
        return f"the difference shrinks like {names}^{found:.2g}, not {names}^{wanted:.2g}"

    def _fields(self) -> Iterator[Field]:
        if all(link.order for link in self.links):
            yield Decimal(self.judge.settings.digits, DEEP)
            return
        yield self.draws.field
        yield Decimal(self.judge.settings.digits, DEEP if self.is_deep else 1)

    def _branches(self) -> Iterator[str]:
        """Yield each part that can turn out in several ways, with those that were seen."""
        ways: dict[Any, list[int]] = {}
        for node, way in self._possible():
            ways.setdefault(node, []).extend([way] * ((node, way) in self.outcomes.taken))
        for node, seen in ways.items():
            yield f"{self.judge.printer.show(node)}: {', '.join(map(str, seen)) or 'none'}"


def _one_a_point(suspects: list[Found]) -> list[Found]:
    """Put first the clearest difference of each point: at one point all may be of one kind."""
    first: dict[int, Found] = {}
    for each in suspects:
        first.setdefault(each.where[0], each)
    rest = [each for each in suspects if first[each.where[0]] is not each]
    return [*first.values(), *rest]


def _is_of_order(found: float, wanted: float, order: Order) -> bool:
    return found >= wanted + (0.05 if order.little else -0.05)


def _scaled(world: World, name: str, step: Fraction) -> Value:
    """Return a step in the direction of a symbol's value; of a number, the step itself."""
    value, number = world.symbol((name, ())), world.field.number(step)
    if not isinstance(value, np.ndarray):
        return number
    return value * (number / max(abs(each) for each in value.flat))
