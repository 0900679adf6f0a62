"""One relation of a claim: its two sides compared at points, and what all comparisons found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any, Literal

from equation_checker.language import tree as t
from equation_checker.language.errors import TooLarge, Undefined
from equation_checker.meaning.draws import difference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from equation_checker.meaning.fields import Field, Value

Where = tuple[int, dict[str, Any]]
"""The number of a point, and the values of the free indices there."""
ORDERS = {r"\le", r"\ge", "<", ">", r"\ne"}
TOUCHING = {"<", ">", r"\ne"}
"""Relations that fail where both sides are equal."""


@dataclass(frozen=True)
class Found:
    """What one comparison found."""

    kind: Literal["agrees", "differs", "both 0", "no value"]
    where: Where
    relative: float = 0.0
    """The relative difference; of an inequality its slack, which is negative where it fails."""
    why: str = ""


@dataclass(frozen=True)
class Order:
    """The order of an error: it falls as fast as an expression when some symbols go to 0.

    Of symbols for whole numbers: it grows no faster when they grow.
    """

    names: tuple[str, ...]
    of: t.Node
    little: bool = False
    """Whether the error must fall faster."""
    grows: bool = False


@dataclass(frozen=True)
class Link:
    """The two sides of one relation, and what has been found out about them."""

    left: t.Node
    right: t.Node
    relation: str
    tolerance: float | None = None
    order: Order | None = None
    """Of an approximation: how its error vanishes."""
    searched: bool = False
    """Whether a side is an extremum over all numbers, which was only looked for."""
    worst: float = 0.0
    counted: int = 0
    vanished: int = 0
    slack: float = inf
    """Of an inequality: the smallest relative slack that was met."""
    undefined: str = ""
    """Why the sides had no value at a point."""
    rarely: str = ""
    """How many comparisons had no value, where that is most of them."""
    failed: Where | None = None
    """The point and the free indices at which the relation does not hold."""

    @property
    def is_inequality(self) -> bool:
        """Tell whether it can only be refuted."""
        return self.relation in ORDERS

    @property
    def is_at_best_not_refuted(self) -> bool:
        """Tell whether agreement at points says only that no counterexample was found."""
        return self.is_inequality or self.searched

    @property
    def against_zero(self) -> bool:
        """Tell whether a side is 0 as it is written."""
        return any(
            isinstance(each, t.Number) and each.value == 0 for each in (self.left, self.right)
        )

    def after(self, founds: Iterable[Found]) -> Link:
        """Return the link with what some comparisons found."""
        founds = list(founds)
        count = {kind: sum(each.kind == kind for each in founds) for kind in ("agrees", "both 0")}
        failed = [each for each in founds if each.kind == "differs"]
        values = [each.relative for each in founds if each.kind in ("agrees", "differs")]
        return replace(
            self,
            counted=self.counted + count["agrees"] + len(failed),
            vanished=self.vanished + count["both 0"],
            worst=0.0 if self.is_inequality else max([self.worst, *values]),
            slack=min([self.slack, *values]) if self.is_inequality else inf,
            undefined=next((each.why for each in founds if each.why), self.undefined),
            failed=self.failed or (failed[0].where if failed else None),
        )


def compared(link: Link, left: Value, right: Value, numbers: Field, where: Where) -> Found:
    """Compare two sides; one that has no value where the other has one differs."""
    lacking = [each for each in (left, right) if isinstance(each, Undefined)]
    if lacking:
        differs = len(lacking) == 1 and not isinstance(lacking[0], TooLarge)
        return Found("differs" if differs else "no value", where, why=str(lacking[0]))
    worst, scale = difference(left, right, numbers.real)
    if link.is_inequality:
        slack = slack_of(link.relation, left, right, numbers)
        edge = numbers.tolerance if link.relation in TOUCHING else -numbers.tolerance
        return Found("agrees" if slack > edge or slack == edge == 0 else "differs", where, slack)
    if scale < numbers.tolerance and not link.against_zero:
        return Found("both 0", where)
    relative = worst if link.against_zero else worst / scale
    fits = relative <= (link.tolerance or numbers.tolerance)  # False for what is no number
    return Found("agrees" if fits else "differs", where, relative)


def slack_of(relation: str, left: Value, right: Value, numbers: Field) -> float:
    """Return how far an inequality is from failing, relative to the larger side."""
    a, b = numbers.real(left), numbers.real(right)
    scale = max(abs(a), abs(b))
    if scale == 0:
        return 0.0
    by = {"<": b - a, r"\le": b - a, ">": a - b, r"\ge": a - b}.get(relation, abs(a - b))
    return float(by / scale)
