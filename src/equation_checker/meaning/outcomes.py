"""Which outcome of each part that can turn out in several ways was seen, and which was missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.functions import BUILT_IN, BY_NAME
from equation_checker.meaning.bounds import Bounds, never

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from equation_checker.language.notation import Notation

Outcome = tuple[t.Node, int]
"""A part of a tree, and in which way it turned out."""


KINKED = frozenset(
    {"relu", "sign", "clip", "max", "min", "floor", "ceil", "sqrt", "atan", "asin", "acos"}
)
"""Functions that jump, have a kink, or undo another function in one of its branches only."""


@dataclass
class Outcomes:
    """What was seen at some points."""

    taken: set[Outcome] = field(default_factory=set)
    missed: dict[Outcome, float] = field(default_factory=dict)
    """By how little each other outcome was missed."""
    sought: set[Outcome] = field(default_factory=set)
    """What was searched for."""

    def note(self, node: t.Node, outcome: int, others: Mapping[int, float]) -> None:
        """Note in which way a part turned out, and how far off the other ways were."""
        self.taken.add((node, outcome))
        for other, by in others.items():
            if by < self.missed.get((node, other), float("inf")):
                self.missed[node, other] = by

    def unseen(self, wanted: Iterable[Outcome]) -> list[Outcome]:
        """Return outcomes that no point has shown, but of what is 0 everywhere, which has none."""
        seen = {node for node, _ in self.taken}
        return [
            (node, way)
            for node, way in wanted
            if (node, way) not in self.taken and (node in seen or not isinstance(node, t.Absolute))
        ]


def possible(nodes: Iterable[t.Node], notation: Notation) -> Iterator[Outcome]:
    """Yield what parts of some expressions, and of all that they are defined from, can turn out."""
    seen: set[t.Node] = set()
    bodies = list(reached(nodes, notation))
    bounds = Bounds(notation, bodies)
    for body in bodies:
        for node in _open(body, frozenset()):
            ways = _ways(node, notation)
            of = node.condition if isinstance(node, t.Reduce) and node.condition else node
            if ways and of not in seen:
                seen.add(of)
                yield from ((of, way) for way in range(ways) if not never(node, way, bounds))


def _open(node: t.Node, through: frozenset[str]) -> Iterator[t.Node]:
    """Yield the parts of a tree, but of none that a mean takes through all that it can be."""
    if not through or not through & t.names(node):
        yield node
    if isinstance(node, t.Expectation) and isinstance(node.distribution, t.Law | None):
        through |= {node.index}
    for child in t.children(node):
        yield from _open(child, through)


def _ways(node: t.Node, notation: Notation) -> int:
    """Return in how many ways a part can turn out; 0 where there is but one."""
    match node:
        case t.Cases(values):
            return len(values)
        case t.Indicator() | t.Absolute():
            return 2
        case t.Reduce(operator, condition=condition):
            return 2 if condition is not None or BY_NAME[operator].extremum else 0
        case t.Apply(t.Symbol(name), arguments) if name not in notation.entries:
            short = BUILT_IN[name].name if name in BUILT_IN else ""
            many = len(arguments)
            return {"relu": 2, "sign": 2, "clip": 3, "max": many, "min": many}.get(short, 0)
        case _:
            return 0


def can_tie(node: t.Node) -> bool:
    """Tell whether what a part is may change at once, or its slope, where two numbers are equal."""
    match node:
        case t.Absolute() | t.Cases() | t.Indicator() | t.Comparison():
            return True
        case t.Reduce(operator):
            return bool(BY_NAME[operator].extremum)
        case t.Apply(t.Symbol(name)) if name in BUILT_IN:
            return BUILT_IN[name].name in KINKED
        case _:
            return False


def reached(nodes: Iterable[t.Node], notation: Notation) -> Iterator[t.Node]:
    """Yield some expressions, the bodies of all that they are defined from, and their sizes."""
    found: set[str] = set()
    todo = list(nodes)
    while todo:
        body = todo.pop()
        yield body
        for name in sorted(t.names(body) - found):
            found.add(name)
            todo += [each.body for each in notation.definitions.get(name, ())]
            if name in notation.entries:
                entry = notation.entries[name]
                todo += [*(over for over in entry.ranges if over), *(entry.shape or ())]


def say(outcome: Outcome, show: str) -> str:
    """Say an outcome in words."""
    node, way = outcome
    match node:
        case t.Cases():
            return f"case {way + 1} of {show}"
        case t.Absolute() | t.Apply(_, (_,)):
            return f"{show} where what stands in it is {('negative', 'positive')[way]}"
        case t.Apply():
            return f"{show} where argument {way + 1} wins"
        case t.Reduce():
            return f"{show} where {('the first', 'another than the first')[way]} wins"
        case _:
            return f"{show} being {('false', 'true')[way]}"
