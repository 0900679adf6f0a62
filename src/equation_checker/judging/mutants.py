"""Every single edit of an equation: mistakes that authors make, to try the checker, to repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from equation_checker.language import tree as t
from equation_checker.language.functions import BUILT_IN, BY_NAME, is_each
from equation_checker.language.notation import CHANCES, SCALAR, VALUES
from equation_checker.meaning.budget import spend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from equation_checker.language.notation import Entry, Notation

Each = TypeVar("Each")
Edit = tuple[str, t.Node]

MOST_INDICES = 4
"""So many indices of the notation are put in the place of others."""
OTHER_RELATION = {"=": r"\ne", r"\ne": "=", "<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}


@dataclass(frozen=True)
class Mutant:
    """An expression with one edit: of which kind, and what it puts in the place of what."""

    kind: str
    before: t.Node
    after: t.Node
    tree: t.Node

    def said(self, show: Callable[[t.Node], str]) -> str:
        """Say it as an author would."""
        return f"{self.kind}: {show(self.before)} -> {show(self.after)}"


class Mutator:
    """Makes the single edits of expressions in one notation."""

    def __init__(self, notation: Notation, statement: Sequence[t.Node]) -> None:
        self.notation = notation
        self.indices = _running([e for side in statement for e in t.walk(side)], notation)
        named = set[str]().union(*map(t.names, statement))
        near = notation.rests_on(statement)
        bases = {entry.head.base for entry in notation.entries.values() if entry.name in named}
        entries = [*notation.entries.values()]
        variables = [each for each in entries if each.kind == "variable"]
        functions = [each for each in entries if each.kind == "function" and not each.indices]
        self.near = [e for e in variables if e.name in near or e.head.base in bases]
        self.functions = [each for each in functions if each.name in near]

    def mutants(self, node: t.Node) -> Iterator[Mutant]:
        """Yield the expression with each edit in turn; no two are the same."""
        seen, size = {node}, sum(1 for _ in t.walk(node))
        for mutant in self._mutants(node, is_index=False):
            spend(3 * size)
            if mutant.tree not in seen:
                seen.add(mutant.tree)
                yield mutant

    def renamed(self, head: t.Node) -> Iterator[t.Node]:
        """Yield what the head of a definition may be mistaken for."""
        entry = self.notation.entries.get(head.name) if isinstance(head, t.Symbol) else None
        if isinstance(head, t.Symbol) and entry is not None:
            for other in self._alike(entry, head):
                if self.notation.entries[other.name].shape == entry.shape:
                    yield other

    def _mutants(self, node: t.Node, *, is_index: bool) -> Iterator[Mutant]:
        edits = self._index_edits(node) if is_index else self._edits(node)
        for kind, new in () if _is_sampled(node) else chain(edits, self._renamed(node)):
            yield Mutant(kind, node, new, new)  # one at a time: each may be large
        for child in t.children(node):
            is_name = isinstance(node, t.Apply) and child is node.function and not child.indices
            if is_name or _is_hidden(child):
                continue
            inside = is_index or isinstance(node, t.Range) or _is_index_of(node, child)
            for mutant in self._mutants(child, is_index=inside):
                yield replace(mutant, tree=_exchanged(node, child, mutant.tree))

    def _renamed(self, node: t.Node) -> Iterator[Edit]:
        """Let another index run, while what is inside still speaks of the old one."""
        if node.binds:
            for other in self.indices:
                if other != getattr(node, node.binds):
                    changed: dict[str, Any] = {node.binds: other}
                    yield "renamed index", replace(node, **changed)

    # Edits of an index or a limit.

    def _index_edits(self, node: t.Node) -> Iterator[Edit]:
        match node:
            case t.Number(value):
                yield "off by one", t.number(value + 1)
                yield "off by one", t.number(value - 1)
            case t.Symbol(name, ()):
                yield "off by one", t.Add((node, t.number(1)))
                yield "off by one", t.Add((node, t.Negative(t.number(1))))
                for other in self.indices:
                    if other != name:
                        yield "swapped index", t.Symbol(other)
            case t.Add((first, t.Negative(t.Number()))) | t.Add((first, t.Number())):
                yield "off by one", first
            case _:
                return

    # Edits of a value.

    def _edits(self, node: t.Node) -> Iterator[Edit]:  # noqa: C901, PLR0912, PLR0915
        match node:
            case t.Number(value):
                yield from self._number(value)
            case t.Symbol():
                yield from self._symbol(node)
            case t.Component(of, indices):
                yield "dropped component", of
                if len(indices) == 2:
                    yield "swapped index", t.Component(of, indices[::-1])
            case t.Add(terms):
                yield "sign", t.Negative(node)
                yield from _sum(terms)
            case t.Negative(of):
                yield "sign", of
            case t.Product(factors, by):
                yield from self._product(factors, by)
            case t.Divide(numerator, denominator):
                yield "dropped factor", numerator
                yield "dropped factor", t.Divide(t.number(1), denominator)
                yield "inverted fraction", t.Divide(denominator, numerator)
                yield "sign", t.Negative(node)
            case t.Power(base, exponent):
                yield "dropped power", base
                if isinstance(exponent, t.Number):
                    yield "power", t.Power(base, t.number(exponent.value + 1))
                if isinstance(exponent, t.Negative):
                    yield "power", t.Power(base, exponent.of)
            case t.Transpose(of):
                yield "dropped transpose", of
            case t.Apply():
                yield from self._apply(node)
            case t.Reduce():
                yield from self._reduce(node)
            case t.Expectation(index, distribution, of):
                if distribution is not None and not isinstance(distribution, t.Law):
                    yield "dropped sum", t.substitute(of, {index: t.number(1)})
            case t.Law(name, parameters):
                if len(parameters) > 1:
                    yield "other parameter", t.Law(name, parameters[::-1])
            case t.Density(law, at):
                yield "sign", t.Density(law, t.Negative(at))
            case t.Gradient(variable, of, order):
                yield from self._gradient(variable, of, order)
            case t.Derivative():
                yield from self._derivative(node)
            case t.Integral(_, lower, upper):
                yield "swapped limits", replace(node, lower=upper, upper=lower)
            case t.Limit(_, to):
                yield "sign", replace(node, to=t.Negative(to))
            case t.Evaluated(_, _, of):
                yield "dropped evaluation", of
            case t.Extremum(operator):
                yield "other reduction", replace(node, operator=BY_NAME[operator].other)
            case t.Indicator(sign, condition):
                yield from _indicator(sign, condition)
            case t.Cases(values, conditions):
                for swapped in _swapped(values):
                    yield "swapped cases", t.Cases(swapped, conditions)
            case t.Comparison(relation, left, right):
                yield "relation", t.Comparison(OTHER_RELATION[relation], left, right)
            case t.And(conditions):
                for k in range(len(conditions)):
                    yield "dropped condition", t.And(_put(conditions, k))
            case t.Matrix(lines):
                yield from _matrix(lines)
            case t.Norm(of, kind):
                yield "norm", t.Norm(of, "1" if kind in ("", "2") else "2")
                yield "power", t.Power(node, t.number(2))
            case t.Absolute(of):
                yield "dropped absolute value", of
            case t.Identity(size):
                yield "dropped factor", t.Product((t.number(2), t.Identity(size)))
            case t.Ones(size):
                yield "sign", t.Negative(t.Ones(size))
            case t.Constant() | t.Listing() | t.Range() | t.Finite() | t.Landau():
                return
            case _:
                assert_never(node)

    def _product(self, factors: tuple[t.Node, ...], by: str) -> Iterator[Edit]:
        for k, factor in enumerate(factors):
            rest = _put(factors, k)
            yield "dropped factor", rest[0] if len(rest) == 1 else t.Product(rest, by)
            yield "doubled factor", t.Product(_put(factors, k, factor, factor), by)
        for k, swapped in enumerate(_swapped(factors)):
            if not by and not any(self._is_number(each) for each in factors[k : k + 2]):
                yield "order of a product", t.Product(swapped)
        yield "sign", t.Negative(t.Product(factors, by))
        if by == r"\odot":
            yield "product", t.Product(factors)
        elif not by and not any(self._is_number(each) for each in factors):
            yield "product", t.Product(factors, r"\odot")

    def _is_number(self, node: t.Node) -> bool:
        """Tell, where that is plain to see, whether an expression is a number, which commutes."""
        match node:
            case (
                t.Number() | t.Constant() | t.Component() | t.Norm() | t.Absolute() | t.Indicator()
            ):
                return True
            case t.Symbol(name):
                entry = self.notation.entries.get(name)
                return entry is None or entry.shape == SCALAR
            case t.Negative(of) | t.Power(of) | t.Derivative(of):
                return self._is_number(of)
            case t.Apply(_, (argument,)):
                return self._is_number(argument)
            case t.Add(parts) | t.Product(parts) | t.Apply(_, parts):
                return all(self._is_number(each) for each in parts)
            case _:
                return False

    def _number(self, value: Fraction) -> Iterator[Edit]:
        yield "number", t.number(value + 1)
        if value:
            yield "number", t.number(value - 1)
            yield "sign", t.Negative(t.number(value))

    def _symbol(self, node: t.Symbol) -> Iterator[Edit]:
        entry = self.notation.entries.get(node.name)
        if entry is None or entry.kind == "size":
            yield "factor", t.Product((t.number(2), node))
        if entry is None or entry.kind != "variable":
            return
        yield "sign", t.Negative(node)
        yield "doubled factor", t.Product((t.number(2), node))
        if entry.shape != SCALAR:
            yield "transpose", t.Transpose(node)
        if entry.domain.values == (Fraction(-1), Fraction(1)):
            yield "labels 0 and 1", t.Divide(t.Add((t.number(1), node)), t.number(2))
        for other in self._alike(entry, node):
            yield "other symbol", other

    def _alike(self, entry: Entry, node: t.Symbol) -> Iterator[t.Symbol]:
        for other in self.near:
            if other.name != entry.name and len(other.indices) == len(entry.indices):
                yield t.Symbol(other.name, node.indices)

    def _apply(self, node: t.Apply) -> Iterator[Edit]:
        name = node.function.name
        built_in = BUILT_IN.get(name)
        if len(node.arguments) == 1:
            yield "dropped function", node.arguments[0]
        elif not (built_in and built_in.any_number):
            yield "swapped arguments", replace(node, arguments=node.arguments[::-1])
        yield "sign", t.Negative(node)
        is_scalar = is_each(node) or any(e.name == name for e in self.functions)
        if is_scalar and len(node.arguments) == 1:
            yield "prime", replace(node, primes=node.primes - 1 if node.primes else 1)
        for other in self._other_functions(node):
            yield "other function", replace(node, function=other)

    def _other_functions(self, node: t.Apply) -> Iterator[t.Symbol]:
        built_in = BUILT_IN.get(node.function.name)
        yield from (t.Symbol(other) for other in (built_in.related if built_in else ()))
        if node.function.name in self.notation.entries and len(node.arguments) == 1:
            others = (e for e in self.functions if e.name != node.function.name and not e.signs)
            yield from (t.Symbol(each.name) for each in others)

    def _reduce(self, node: t.Reduce) -> Iterator[Edit]:
        if self.notation.kind(node.index) == "index":
            yield "dropped sum", node.of
        if isinstance(node.over, t.Range):
            yield "dropped sum", t.substitute(node.of, {node.index: node.over.lower})
        if isinstance(node.over, t.Finite):
            for k in range(len(node.over.values)):
                if rest := _put(node.over.values, k):
                    yield "dropped value", replace(node, over=t.Finite(rest))
        yield "other reduction", replace(node, operator=BY_NAME[node.operator].other)
        if node.condition is not None:
            yield "dropped condition", replace(node, condition=None)
        if isinstance(node.of, t.Add):
            first, *others = node.of.terms
            yield "brackets after a sum", t.Add((replace(node, of=first), *others))

    def _gradient(self, variable: t.Node | None, of: t.Node, order: int) -> Iterator[Edit]:
        yield "dropped derivative", of
        yield "sign", t.Negative(t.Gradient(variable, of, order))
        for other in self._other_variables(variable):
            yield "other variable", t.Gradient(other, of, order)

    def _derivative(self, node: t.Derivative) -> Iterator[Edit]:
        yield "dropped derivative", node.of
        yield "sign", t.Negative(node)
        for k, variable in enumerate(node.variables):
            for other in self._other_variables(variable):
                yield "other variable", replace(node, variables=_put(node.variables, k, other))

    def _other_variables(self, variable: t.Node | None) -> Iterator[t.Node]:
        match variable:
            case t.Symbol(name):
                entry = self.notation.entries.get(name)
                for other in self._alike(entry, variable) if entry else ():
                    known = self.notation.entries[other.name]
                    if known.domain.kind not in ("finite", "natural", "simplex"):
                        yield other
            case t.Component(of, indices):
                yield from (t.Component(other, indices) for other in self._other_variables(of))
            case _:
                return


def _running(nodes: Iterable[t.Node], notation: Notation) -> list[str]:
    """Return the indices that an expression speaks of, and those that are declared."""
    found: dict[str, None] = {}
    for node in nodes:
        match node:
            case t.Reduce(_, index, t.Range()) | t.Expectation(index):
                if not _is_sampled(node):
                    found[index] = None
            case t.Symbol(name, ()) if notation.kind(name) == "index":
                found[name] = None
    declared = [entry.name for entry in notation.entries.values() if entry.kind == "index"]
    return list(found | dict.fromkeys(declared[:MOST_INDICES]))


def _is_hidden(node: t.Node) -> bool:
    """Tell whether a symbol is one of a law that is only named, which no text writes."""
    return isinstance(node, t.Symbol) and node.name.startswith((CHANCES, VALUES))


def _is_sampled(node: t.Node) -> bool:
    """Tell whether a node is part of a mean over a law that is only named."""
    parts = [*t.children(node)]
    if isinstance(node, t.Expectation):
        parts += t.children(node.of) if isinstance(node.of, t.Evaluated) else ()
    return any(map(_is_hidden, parts))


def _is_index_of(node: t.Node, child: t.Node) -> bool:
    """Tell whether a child of a node says which entry, not how much."""
    return (isinstance(node, t.Symbol) and child in node.indices) or (
        isinstance(node, t.Component) and child is not node.of
    )


def _exchanged(node: t.Node, child: t.Node, new: t.Node) -> t.Node:
    return t.rebuild(node, lambda each: new if each is child else each)


def _put(parts: tuple[Each, ...], k: int, *new: Each) -> tuple[Each, ...]:
    """Return some parts with others in the place of one, or with none."""
    return (*parts[:k], *new, *parts[k + 1 :])


def _swapped(parts: tuple[Each, ...]) -> Iterator[tuple[Each, ...]]:
    """Yield some parts with two neighbours swapped."""
    for k in range(len(parts) - 1):
        yield (*parts[:k], parts[k + 1], parts[k], *parts[k + 2 :])


def _sum(terms: tuple[t.Node, ...]) -> Iterator[Edit]:
    for k, term in enumerate(terms):
        is_negative = isinstance(term, t.Negative)
        bare = term.of if isinstance(term, t.Negative) else term
        double, rest = t.Product((t.number(2), bare)), _put(terms, k)
        yield "sign", t.Add(_put(terms, k, bare if is_negative else t.Negative(bare)))
        yield "dropped term", rest[0] if len(rest) == 1 else t.Add(rest)
        yield "doubled term", t.Add(_put(terms, k, t.Negative(double) if is_negative else double))


def _indicator(sign: str, condition: t.Node) -> Iterator[Edit]:
    if isinstance(condition, t.Comparison):
        yield "label for indicator", condition.left
        if isinstance(condition.right, t.Number):
            for right in (t.Negative(condition.right), t.number(0)):
                yield "indicator", t.Indicator(sign, replace(condition, right=right))


def _matrix(rows: tuple[tuple[t.Node, ...], ...]) -> Iterator[Edit]:
    for r, row in enumerate(rows):
        for swapped in _swapped(row):
            yield "swapped entries", t.Matrix(_put(rows, r, swapped))
    for order in _swapped(rows):
        yield "swapped rows", t.Matrix(order)
