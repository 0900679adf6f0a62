"""Every single edit of an equation: mistakes that authors make, to try the checker, to repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from backprop_notes.equations.functions import BUILT_IN, EACH, EXTREMES
from backprop_notes.equations.notation import SCALAR
from backprop_notes.equations.tree import (
    Absolute,
    Add,
    And,
    Apply,
    Cases,
    Comparison,
    Component,
    Constant,
    Derivative,
    Divide,
    Expectation,
    Finite,
    Gradient,
    Identity,
    Indicator,
    Matrix,
    Negative,
    Node,
    Norm,
    Number,
    Ones,
    Power,
    Product,
    Range,
    Reduce,
    Symbol,
    Transpose,
    children,
    number,
    rebuild,
    substitute,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backprop_notes.equations.notation import Entry, Notation

Edit = tuple[str, Node]

RELATED = {
    "exp": ("log",), "log": ("exp",), "tanh": ("sinh", "cosh"), "sin": ("cos",), "cos": ("sin",),
    "max": ("min",),
    "min": ("max",),
    "sinh": ("cosh",), "cosh": ("sinh",), "sqrt": (), "relu": (), "sign": (),
}  # fmt: skip
OTHER_RELATION = {"=": r"\ne", r"\ne": "=", "<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
OTHER_REDUCTION = {"sum": "prod", "prod": "sum", "max": "min", "min": "max"}


@dataclass(frozen=True)
class Mutant:
    """An expression with one edit: of which kind, and what it puts in the place of what."""

    kind: str
    before: Node
    after: Node
    tree: Node


class Mutator:
    """Makes the single edits of expressions in one notation."""

    def __init__(self, notation: Notation, statement: Iterable[Node]) -> None:
        self.notation = notation
        nodes = [node for side in statement for node in walk(side)]
        self.indices = _running(nodes, notation)
        named = {node.name for node in nodes if isinstance(node, Symbol)}
        near = set(named).union(*(notation.reach.get(name, frozenset()) for name in named))
        bases = {entry.head.base for entry in notation.entries.values() if entry.name in named}
        self.near = [
            e
            for e in notation.entries.values()
            if e.kind == "variable" and (e.name in near or e.head.base in bases)
        ]
        self.functions = [
            e
            for e in notation.entries.values()
            if e.kind == "function" and e.name in near and not e.indices
        ]

    def mutants(self, node: Node) -> Iterator[Mutant]:
        """Yield the expression with each edit in turn; no two are the same."""
        seen = {node}
        for mutant in self._mutants(node, is_index=False):
            if mutant.tree not in seen:
                seen.add(mutant.tree)
                yield mutant

    def _mutants(self, node: Node, *, is_index: bool) -> Iterator[Mutant]:
        edits = self._index_edits(node) if is_index else self._edits(node)
        for kind, new in edits:
            yield Mutant(kind, node, new, new)
        for child in children(node):
            if isinstance(node, Apply) and child is node.function and not child.indices:
                continue
            inside = is_index or isinstance(node, Range) or _is_index_of(node, child)
            for mutant in self._mutants(child, is_index=inside):
                yield replace(mutant, tree=_exchanged(node, child, mutant.tree))

    # Edits of an index or a limit.

    def _index_edits(self, node: Node) -> Iterator[Edit]:
        match node:
            case Number(value):
                yield "off by one", number(value + 1)
                yield "off by one", number(value - 1)
            case Symbol(name, ()):
                yield "off by one", Add((node, number(1)))
                yield "off by one", Add((node, Negative(number(1))))
                for other in self.indices:
                    if other != name:
                        yield "swapped index", Symbol(other)
            case Add((first, Negative(Number()))) | Add((first, Number())):
                yield "off by one", first
            case _:
                return

    # Edits of a value.

    def _edits(self, node: Node) -> Iterator[Edit]:  # noqa: C901, PLR0912, PLR0915
        match node:
            case Number(value):
                yield from self._number(value)
            case Symbol():
                yield from self._symbol(node)
            case Component(of, indices):
                yield "dropped component", of
                if len(indices) == 2:
                    yield "swapped index", Component(of, indices[::-1])
            case Add(terms):
                yield "sign", Negative(node)
                yield from _sum(terms)
            case Negative(of):
                yield "sign", of
            case Product(factors, by):
                yield from self._product(factors, by)
            case Divide(numerator, denominator):
                yield "dropped factor", numerator
                yield "dropped factor", Divide(number(1), denominator)
                yield "inverted fraction", Divide(denominator, numerator)
                yield "sign", Negative(node)
            case Power(base, exponent):
                yield "dropped power", base
                if isinstance(exponent, Number):
                    yield "power", Power(base, number(exponent.value + 1))
                if isinstance(exponent, Negative):
                    yield "power", Power(base, exponent.of)
            case Transpose(of):
                yield "dropped transpose", of
            case Apply():
                yield from self._apply(node)
            case Reduce():
                yield from self._reduce(node)
            case Expectation(index, _, of):
                yield "dropped sum", substitute(of, {index: number(1)})
            case Gradient(variable, of, order):
                yield from self._gradient(variable, of, order)
            case Derivative():
                yield from self._derivative(node)
            case Indicator(sign, condition):
                yield from _indicator(sign, condition)
            case Cases(values, conditions):
                for k in range(len(values) - 1):
                    swapped = (*values[:k], values[k + 1], values[k], *values[k + 2 :])
                    yield "swapped cases", Cases(swapped, conditions)
            case Comparison(relation, left, right):
                yield "relation", Comparison(OTHER_RELATION[relation], left, right)
            case And(conditions):
                for k in range(len(conditions)):
                    yield "dropped condition", And((*conditions[:k], *conditions[k + 1 :]))
            case Matrix(lines):
                yield from _matrix(lines)
            case Norm(of, kind):
                yield "norm", Norm(of, "1" if kind == "2" else "2")
                yield "power", Power(node, number(2))
            case Absolute(of):
                yield "dropped absolute value", of
            case Identity(size):
                yield "dropped factor", Product((number(2), Identity(size)))
            case Ones(size):
                yield "sign", Negative(Ones(size))
            case _:
                return

    def _product(self, factors: tuple[Node, ...], by: str) -> Iterator[Edit]:
        for k, factor in enumerate(factors):
            rest = (*factors[:k], *factors[k + 1 :])
            yield "dropped factor", rest[0] if len(rest) == 1 else Product(rest, by)
            yield "doubled factor", Product((*factors[:k], factor, *factors[k:]), by)
        for k in range(len(factors) - 1):
            swapped = (*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :])
            if not by and not any(self._is_number(each) for each in factors[k : k + 2]):
                yield "order of a product", Product(swapped)
        yield "sign", Negative(Product(factors, by))
        if by == r"\odot":
            yield "product", Product(factors)
        elif not by and not any(self._is_number(each) for each in factors):
            yield "product", Product(factors, r"\odot")

    def _is_number(self, node: Node) -> bool:
        """Tell, where that is plain to see, whether an expression is a number, which commutes."""
        match node:
            case Number() | Constant() | Component() | Norm() | Absolute() | Indicator():
                return True
            case Symbol(name):
                entry = self.notation.entries.get(name)
                return entry is None or entry.shape == SCALAR
            case Negative(of) | Power(of) | Derivative(of):
                return self._is_number(of)
            case Apply(_, (argument,)):
                return self._is_number(argument)
            case Add(parts) | Product(parts) | Apply(_, parts):
                return all(self._is_number(each) for each in parts)
            case _:
                return False

    def _number(self, value: Fraction) -> Iterator[Edit]:
        yield "number", number(value + 1)
        if value:
            yield "number", number(value - 1)
            yield "sign", Negative(number(value))

    def _symbol(self, node: Symbol) -> Iterator[Edit]:
        entry = self.notation.entries.get(node.name)
        if entry is None or entry.kind == "size":
            yield "factor", Product((number(2), node))
        if entry is None or entry.kind != "variable":
            return
        yield "sign", Negative(node)
        yield "doubled factor", Product((number(2), node))
        if entry.shape != SCALAR:
            yield "transpose", Transpose(node)
        if entry.domain.values == (Fraction(-1), Fraction(1)):
            yield "labels 0 and 1", Divide(Add((number(1), node)), number(2))
        for other in self._alike(entry, node):
            yield "other symbol", other

    def _alike(self, entry: Entry, node: Symbol) -> Iterator[Symbol]:
        for other in self.near:
            if other.name != entry.name and len(other.indices) == len(entry.indices):
                yield Symbol(other.name, node.indices)

    def _apply(self, node: Apply) -> Iterator[Edit]:
        name = node.function.name
        if len(node.arguments) == 1:
            yield "dropped function", node.arguments[0]
        elif name not in EXTREMES:
            yield "swapped arguments", replace(node, arguments=node.arguments[::-1])
        yield "sign", Negative(node)
        is_scalar = name in EACH or any(e.name == name for e in self.functions)
        if is_scalar and len(node.arguments) == 1:
            yield "prime", replace(node, primes=node.primes - 1 if node.primes else 1)
        for other in self._other_functions(node):
            yield "other function", replace(node, function=other)

    def _other_functions(self, node: Apply) -> Iterator[Symbol]:
        short = BUILT_IN.get(node.function.name, "")
        yield from (Symbol(f"\\{other}") for other in RELATED.get(short, ()))
        if node.function.name in self.notation.entries and len(node.arguments) == 1:
            yield from (
                Symbol(e.name)
                for e in self.functions
                if e.name != node.function.name and e.bar is None
            )

    def _reduce(self, node: Reduce) -> Iterator[Edit]:
        entry = self.notation.entries.get(node.index)
        if entry is not None and entry.kind == "index":
            yield "dropped sum", node.of
        if isinstance(node.over, Range):
            yield "dropped sum", substitute(node.of, {node.index: node.over.lower})
        if isinstance(node.over, Finite):
            for k in range(len(node.over.values)):
                rest = (*node.over.values[:k], *node.over.values[k + 1 :])
                if rest:
                    yield "dropped value", replace(node, over=Finite(rest))
        yield "other reduction", replace(node, operator=OTHER_REDUCTION[node.operator])
        if node.condition is not None:
            yield "dropped condition", replace(node, condition=None)
        if isinstance(node.of, Add):
            first, *others = node.of.terms
            yield "brackets after a sum", Add((replace(node, of=first), *others))

    def _gradient(self, variable: Node | None, of: Node, order: int) -> Iterator[Edit]:
        yield "dropped derivative", of
        yield "sign", Negative(Gradient(variable, of, order))
        for other in self._other_variables(variable):
            yield "other variable", Gradient(other, of, order)

    def _derivative(self, node: Derivative) -> Iterator[Edit]:
        yield "dropped derivative", node.of
        yield "sign", Negative(node)
        for k, variable in enumerate(node.variables):
            for other in self._other_variables(variable):
                changed = (*node.variables[:k], other, *node.variables[k + 1 :])
                yield "other variable", replace(node, variables=changed)

    def _other_variables(self, variable: Node | None) -> Iterator[Node]:
        match variable:
            case Symbol(name):
                entry = self.notation.entries.get(name)
                for other in self._alike(entry, variable) if entry else ():
                    known = self.notation.entries[other.name]
                    if known.domain.kind not in ("finite", "natural", "simplex"):
                        yield other
            case Component(of, indices):
                yield from (Component(other, indices) for other in self._other_variables(of))
            case _:
                return


def _running(nodes: Iterable[Node], notation: Notation) -> list[str]:
    """Return the indices that an expression speaks of."""
    found: dict[str, None] = {}
    for node in nodes:
        match node:
            case Reduce(_, index, Range()) | Expectation(index):
                found[index] = None
            case Symbol(name, ()) if (
                name in notation.entries and notation.entries[name].kind == "index"
            ):
                found[name] = None
    return list(found)


def _is_index_of(node: Node, child: Node) -> bool:
    """Tell whether a child of a node says which entry, not how much."""
    return (isinstance(node, Symbol) and child in node.indices) or (
        isinstance(node, Component) and child is not node.of
    )


def _exchanged(node: Node, child: Node, new: Node) -> Node:
    return rebuild(node, lambda each: new if each is child else each)


def _sum(terms: tuple[Node, ...]) -> Iterator[Edit]:
    for k, term in enumerate(terms):
        flipped = term.of if isinstance(term, Negative) else Negative(term)
        yield "sign", Add((*terms[:k], flipped, *terms[k + 1 :]))
        rest = (*terms[:k], *terms[k + 1 :])
        yield "dropped term", rest[0] if len(rest) == 1 else Add(rest)
        doubled = (
            Negative(Product((number(2), term.of)))
            if isinstance(term, Negative)
            else Product((number(2), term))
        )
        yield "doubled term", Add((*terms[:k], doubled, *terms[k + 1 :]))


def _indicator(sign: str, condition: Node) -> Iterator[Edit]:
    if isinstance(condition, Comparison):
        yield "label for indicator", condition.left
        if isinstance(condition.right, Number):
            yield "indicator", Indicator(sign, replace(condition, right=Negative(condition.right)))
            yield "indicator", Indicator(sign, replace(condition, right=number(0)))


def _matrix(rows: tuple[tuple[Node, ...], ...]) -> Iterator[Edit]:
    for r, row in enumerate(rows):
        for c in range(len(row) - 1):
            swapped = (*row[:c], row[c + 1], row[c], *row[c + 2 :])
            yield "swapped entries", Matrix((*rows[:r], swapped, *rows[r + 1 :]))
    for r in range(len(rows) - 1):
        yield "swapped rows", Matrix((*rows[:r], rows[r + 1], rows[r], *rows[r + 2 :]))
