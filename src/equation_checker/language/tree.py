"""The tree that a display is read into: frozen nodes, each with the span that it was read from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


@dataclass(frozen=True)
class Node:
    """Any part of a tree; two nodes are equal when they mean the same, wherever they stand."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True)
class Number(Node):
    """A number written in digits."""

    value: Fraction


@dataclass(frozen=True)
class Constant(Node):
    r"""A number with a name: ``\\pi``, ``e``."""

    name: str


@dataclass(frozen=True)
class Symbol(Node):
    r"""A declared symbol; ``name`` holds ``#`` where an index goes: ``x_{#}``, ``W^{(#)}``."""

    name: str
    indices: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Component(Node):
    """Entries of a vector or matrix: ``x_{ij}`` of ``x_i``, ``[A x]_j``."""

    of: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True)
class Add(Node):
    """A sum of terms; a difference is a sum with a ``Negative``."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Negative(Node):
    """The negative of a term."""

    of: Node


@dataclass(frozen=True)
class Product(Node):
    r"""Factors from left to right, joined by nothing, ``\cdot``, ``\times`` or ``\odot``."""

    factors: tuple[Node, ...]
    by: str = ""


@dataclass(frozen=True)
class Divide(Node):
    """A fraction."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Power(Node):
    """A power of a number or of a square matrix (-1: its inverse)."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transpose(Node):
    """A transpose."""

    of: Node


@dataclass(frozen=True)
class Apply(Node):
    """A function, built in or declared, at its arguments; ``primes`` counts its derivatives."""

    function: Symbol
    arguments: tuple[Node, ...]
    primes: int = 0


@dataclass(frozen=True)
class Range(Node):
    """Whole numbers from ``lower`` to ``upper``, both included."""

    lower: Node
    upper: Node


@dataclass(frozen=True)
class Finite(Node):
    """Some values, one by one."""

    values: tuple[Node, ...]


@dataclass(frozen=True)
class Reduce(Node):
    """A sum, product, maximum or minimum of ``of`` over an index, where ``condition`` is true."""

    operator: str
    index: str
    over: Range | Finite
    of: Node
    condition: Node | None = None


@dataclass(frozen=True)
class Expectation(Node):
    """The mean of ``of`` over an index that is distributed as a vector of probabilities."""

    index: str
    distribution: Node
    of: Node


@dataclass(frozen=True)
class Gradient(Node):
    r"""``\nabla_w``, the Hessian ``\nabla^2_w``, and ``\nabla f(x)`` by the argument of ``f``."""

    variable: Node | None
    of: Node
    order: int = 1


@dataclass(frozen=True)
class Derivative(Node):
    r"""``\frac{d}{dz}`` and ``\frac{\partial}{\partial z}``, by each of the variables in turn."""

    of: Node
    variables: tuple[Node, ...]
    sign: str = "\\partial"


@dataclass(frozen=True)
class Cases(Node):
    """Values with conditions; the last may stand without one."""

    values: tuple[Node, ...]
    conditions: tuple[Node | None, ...]


@dataclass(frozen=True)
class Indicator(Node):
    """1 where the condition is true, else 0."""

    sign: str
    condition: Node


@dataclass(frozen=True)
class Comparison(Node):
    """A condition that compares two numbers."""

    relation: str
    left: Node
    right: Node


@dataclass(frozen=True)
class And(Node):
    """Conditions that hold together."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class Matrix(Node):
    """Entries or blocks written out; ``[a, b]`` is one row."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Listing(Node):
    """``[a_1, …, a_n]``: one row of numbers or of columns, each for a value of an index."""

    index: str
    over: Range
    of: Node


@dataclass(frozen=True)
class Norm(Node):
    r"""``\lVert x \rVert`` with its kind: 2 (and Frobenius), 1 or ``\infty``."""

    of: Node
    kind: str = "2"


@dataclass(frozen=True)
class Absolute(Node):
    """An absolute value."""

    of: Node


@dataclass(frozen=True)
class Identity(Node):
    """The identity matrix of a size."""

    size: Node


@dataclass(frozen=True)
class Ones(Node):
    """The column of ones of a size."""

    size: Node


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the node with ``change`` done to each of its children."""
    values = {f.name: getattr(node, f.name) for f in fields(node) if f.name != "span"}
    changed = {name: _changed(value, change) for name, value in values.items()}
    new = {name: value for name, value in changed.items() if value is not values[name]}
    return replace(node, **new) if new else node


def _changed(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_changed(each, change) for each in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def children(node: Node) -> Iterator[Node]:
    """Yield the parts of a node, in reading order of its fields."""
    for each in fields(node):
        if each.name != "span":
            yield from _nodes(getattr(node, each.name))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes(each)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def substitute(node: Node, values: dict[str, Node]) -> Node:
    """Put trees in the place of symbols without indices."""
    if isinstance(node, Symbol) and not node.indices and node.name in values:
        return values[node.name]
    return rebuild(node, lambda child: substitute(child, values))


def generalise(first: Node, last: Node, index: str) -> tuple[Node, Node, Node] | None:
    """Return what two trees share, with an index where they differ, and the two values of it."""
    pairs: set[tuple[Node, Node]] = set()
    shared = _shared(first, last, Symbol(index), pairs)
    if shared is None or len(pairs) != 1:
        return None
    return (shared, *pairs.pop())


def _shared(a: Any, b: Any, index: Node, pairs: set[tuple[Node, Node]]) -> Any:
    if a == b:
        return a
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        parts = tuple(_shared(x, y, index, pairs) for x, y in zip(a, b, strict=True))
        return None if None in parts else parts
    if type(a) is type(b) and isinstance(a, Node) and not isinstance(a, Number):
        names = [each.name for each in fields(a) if each.name != "span"]
        if not isinstance(a, Symbol) or (isinstance(b, Symbol) and a.name == b.name):
            new = {n: _shared(getattr(a, n), getattr(b, n), index, pairs) for n in names}
            return None if any(value is None for value in new.values()) else replace(a, **new)
    if isinstance(a, (Number, Symbol)) and isinstance(b, (Number, Symbol)):
        pairs.add((a, b))
        return index
    return None


def number(value: int | Fraction) -> Number:
    """Return the node of a number."""
    return Number(Fraction(value))
