"""The tree that a display is read into: frozen nodes, each with the span that it was read from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Frozen:
    """Makes each class below it a frozen dataclass.

    ``__match_args__`` are then the fields that say what a node means: all but its span.
    """

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True)(cls)


class Part(Frozen):
    """Any part of a tree; two are equal when they mean the same, wherever they stand."""

    binds: ClassVar[str] = ""
    """The field with the name that is bound in some of the others, if there is one."""
    inside: ClassVar[tuple[str, ...]] = ()
    """The fields in which that name means what is bound."""
    span: Span = field(default=NOWHERE, compare=False, kw_only=True, repr=False)


class Number(Part):
    """A number written in digits."""

    value: Fraction


class Constant(Part):
    r"""A number with a name: ``\\pi``, ``e``."""

    name: str


class Symbol(Part):
    r"""A declared symbol; ``name`` holds ``#`` where an index goes: ``x_{#}``, ``W^{(#)}``."""

    name: str
    indices: tuple[Node, ...] = ()


class Component(Part):
    """Entries of a vector or matrix: ``x_{ij}`` of ``x_i``, ``[A x]_j``."""

    of: Node
    indices: tuple[Node, ...]


class Add(Part):
    """A sum of terms; a difference is a sum with a ``Negative``."""

    terms: tuple[Node, ...]


class Negative(Part):
    """The negative of a term."""

    of: Node


class Product(Part):
    r"""Factors from left to right, joined by nothing, ``\cdot``, ``\times`` or ``\odot``."""

    factors: tuple[Node, ...]
    by: str = ""


class Divide(Part):
    """A fraction."""

    numerator: Node
    denominator: Node


class Power(Part):
    """A power of a number or of a square matrix (-1: its inverse)."""

    base: Node
    exponent: Node


class Transpose(Part):
    """A transpose."""

    of: Node


class Apply(Part):
    """A function, built in or declared, at its arguments; ``primes`` counts its derivatives."""

    function: Symbol
    arguments: tuple[Node, ...]
    primes: int = 0


class Range(Part):
    """Whole numbers from ``lower`` to ``upper``, both included."""

    lower: Node
    upper: Node


class Finite(Part):
    """Some values, one by one."""

    values: tuple[Node, ...]


class Reduce(Part):
    """A sum, product, maximum or minimum of ``of`` over an index, where ``condition`` is true."""

    binds, inside = "index", ("of", "condition")

    operator: str
    index: str
    over: Range | Finite
    of: Node
    condition: Node | None = None
    pair: str = ""
    """Of a sum below which ``i < j`` stands: the index that may run as well, see ``paired``."""


class Expectation(Part):
    """The mean of ``of`` over a variable: by a vector of probabilities, a law, or as declared."""

    binds, inside = "index", ("of",)

    index: str
    distribution: Node | None
    of: Node


class Law(Part):
    """A distribution by the name of its row in the table, with its parameters."""

    name: str
    parameters: tuple[Node, ...]


class Density(Part):
    """The density of a law, or the probability of one value, at a place."""

    law: Law
    at: Node


class Gradient(Part):
    r"""``\nabla_w``, the Hessian ``\nabla^2_w``, and ``\nabla f(x)`` by the argument of ``f``."""

    variable: Node | None
    of: Node
    order: int = 1


class Derivative(Part):
    r"""``\frac{d}{dz}`` and ``\frac{\partial}{\partial z}``, by each of the variables in turn."""

    of: Node
    variables: tuple[Node, ...]
    sign: str = "\\partial"


class Integral(Part):
    """A definite integral over a variable of its own."""

    binds, inside = "variable", ("of",)
    variable: str
    lower: Node
    upper: Node
    of: Node


class Limit(Part):
    """Where ``of`` goes as a variable of its own goes to a value, from both sides or from one."""

    binds, inside = "variable", ("of",)
    variable: str
    to: Node
    of: Node
    side: str = ""


class Evaluated(Part):
    """An expression in which a symbol takes a value: what stands before an evaluation bar."""

    binds, inside = "variable", ("of",)
    variable: str
    at: Node
    of: Node


class Extremum(Part):
    """The largest or smallest value over all values of a variable, or where it is."""

    binds, inside = "variable", ("of",)
    operator: str
    variable: str
    of: Node
    size: Node
    """How many numbers the variable is made of."""
    positive: bool = False


class Landau(Part):
    """What is left out of a side, and is of the order of an expression: ``O(h^2)``, ``o(h)``."""

    sign: str
    of: Node


class Cases(Part):
    """Values with conditions; the last may stand without one."""

    values: tuple[Node, ...]
    conditions: tuple[Node | None, ...]


class Indicator(Part):
    """1 where the condition is true, else 0."""

    sign: str
    condition: Node


class Comparison(Part):
    """A condition that compares two numbers."""

    relation: str
    left: Node
    right: Node


class And(Part):
    """Conditions that hold together."""

    conditions: tuple[Node, ...]


class Matrix(Part):
    """Entries or blocks written out; ``[a, b]`` is one row."""

    rows: tuple[tuple[Node, ...], ...]


class Listing(Part):
    """``[a_1, …, a_n]``: one row of numbers or of columns, each for a value of an index."""

    binds, inside = "index", ("of",)

    index: str
    over: Range
    of: Node


class Norm(Part):
    r"""``\lVert x \rVert_2`` with its kind as it is written: 2, F, ``\infty``, ``*``, ``p``."""

    of: Node
    kind: str = ""
    order: Node | None = None
    """The number ``p``, if the kind is a symbol."""


class Absolute(Part):
    """An absolute value."""

    of: Node


class Identity(Part):
    """The identity matrix of a size."""

    size: Node


class Ones(Part):
    """The column of ones of a size."""

    size: Node


Set = Range | Finite
"""What an index runs over."""

Condition = Comparison | And

Node = (
    Number | Constant | Symbol | Component | Add | Negative | Product | Divide | Power | Transpose
    | Apply | Reduce | Expectation | Law | Density | Gradient | Derivative | Integral | Limit
    | Evaluated | Extremum | Landau | Cases | Indicator | Matrix | Listing | Norm | Absolute
    | Identity | Ones | Set | Condition
)  # fmt: skip
"""Every kind of part. A ``match`` over it ends with ``assert_never``: mypy names a kind that a rule
forgot."""


def _is_node(value: Any) -> TypeGuard[Node]:
    return isinstance(value, Part)


def differentiates(node: Node) -> bool:
    """Tell whether a node takes a derivative, be it written with a sign or with primes."""
    return isinstance(node, (Gradient, Derivative)) or (isinstance(node, Apply) and node.primes > 0)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the node with ``change`` done to each of its children."""
    values = {name: getattr(node, name) for name in node.__match_args__}
    changed = {name: _changed(value, change) for name, value in values.items()}
    new = {name: value for name, value in changed.items() if value is not values[name]}
    return replace(node, **new) if new else node


def _changed(value: Any, change: Callable[[Node], Node]) -> Any:
    if _is_node(value):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_changed(each, change) for each in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def children(node: Node) -> Iterator[Node]:
    """Yield the parts of a node, in reading order of its fields."""
    for name in node.__match_args__:
        yield from _nodes(getattr(node, name))


def _nodes(value: Any) -> Iterator[Node]:
    if _is_node(value):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes(each)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def bound_name(node: Node, child: Node) -> str:
    """Return the name that a node binds in one of its children; empty where it binds none."""
    if not node.binds or not any(
        child is each for name in node.inside for each in _nodes(getattr(node, name))
    ):
        return ""
    return str(getattr(node, node.binds))


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Put trees in the place of symbols without indices; a name that is bound stays as it is."""
    if isinstance(node, Symbol) and not node.indices and node.name in values:
        return values[node.name]
    if node.binds:
        name = str(getattr(node, node.binds))
        values = {each: value for each, value in values.items() if each != name}
        if any(name in names(value) for value in values.values()):
            node, name = _renamed(node, name)
    return rebuild(node, lambda child: substitute(child, values)) if values else node


def _renamed(node: Node, name: str) -> tuple[Node, str]:
    """Bind another name, so that a tree that is put in may speak of an outer one of this name."""
    new = name + "'"
    changed: dict[str, Any] = {
        each: _changed(getattr(node, each), lambda part: substitute(part, {name: Symbol(new)}))
        for each in node.inside
    }
    changed[node.binds] = new
    return replace(node, **changed), new


def free_names(node: Node) -> set[str]:
    """Return the names of the symbols without indices that nothing in a tree binds."""
    own = {node.name} if isinstance(node, Symbol) and not node.indices else set()
    pair = {node.pair} if isinstance(node, Reduce) else set()
    below = (free_names(child) - {bound_name(node, child)} for child in children(node))
    return own.union(*below) - pair


def names(node: Node) -> set[str]:
    """Return the names of all symbols in a tree."""
    return {each.name for each in walk(node) if isinstance(each, Symbol)}


def free(node: Node) -> Iterator[Symbol]:
    """Yield the symbols in a tree whose names are not bound there."""
    if isinstance(node, Symbol):
        yield node
    for child in children(node):
        bound = bound_name(node, child)
        for each in free(child):
            if each.name != bound or (each.indices and "#" not in bound):
                yield each


def number(value: int | Fraction) -> Number:
    """Return the node of a number."""
    return Number(Fraction(value))
