"""The value of a tree at a point, over any field of numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np

from equation_checker.language import tree as t
from equation_checker.language.errors import Inconsistent, TooLarge, Undefined
from equation_checker.language.functions import BUILT_IN, BY_NAME, is_each
from equation_checker.language.notation import SCALAR
from equation_checker.language.printing import spell
from equation_checker.meaning import (
    analysis,
    declared,
    densities,
    derivatives,
    expectations,
    matrices,
    special,
)
from equation_checker.meaning.budget import SMALL, TooMuch, spend
from equation_checker.meaning.domains import SYMMETRIC, constrained
from equation_checker.meaning.shapes import Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from equation_checker.language.notation import Definition, Entry, Notation
    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.outcomes import Outcomes
    from equation_checker.meaning.points import Key, Point

Locals = dict[str, Any]

NOTHING: Mapping[int, Value] = {}
TWO = t.Number(Fraction(2))

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    r"\ne": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
}


class World:
    """All symbols with their values at one point, some of them overridden."""

    def __init__(
        self,
        notation: Notation,
        field: Field,
        point: Point,
        typed: Typed | None = None,
        outcomes: Outcomes | None = None,
    ) -> None:
        self.notation = notation
        self.typed = typed or Typed(notation)
        self.field = field
        self.point = point
        self.outcomes = outcomes
        """Where it is noted which branch, or which outcome, was taken."""
        self.overrides: dict[Key, Value] = {}
        self.memo: dict[Key, Value] = {}
        self.base: World | None = None
        """Where all other symbols have their values, if nothing follows from the overrides."""
        self._pending: set[Key] = set()
        self.sizes: dict[str, int] = {}
        self.gaps: list[Value] | None = None
        """The numbers whose signs decided branches, while somebody asks for them."""

    def overriding(self, values: Mapping[Key, Value], *, follow: bool = True) -> World:
        """Return the world in which some symbols have other values, and what follows from them.

        If nothing is to follow, all that is defined from them keeps the value that it has here.
        """
        spend(5 * self.field.cost)
        names = {name for name, _ in values}
        world = World(self.notation, self.field, self.point, self.typed, self.outcomes)
        world.overrides, world.sizes = {**self.overrides, **values}, self.sizes
        world.gaps = self.gaps
        reach = self.notation.reach
        world.base = None if follow else self
        world.memo = {k: v for k, v in self.memo.items() if not reach[k[0]] & names}
        return world

    def forgetting(self, names: set[str]) -> World:
        """Return the world in which some symbols have no other values than their own."""
        world = self.overriding({})
        world.overrides = {k: v for k, v in self.overrides.items() if k[0] not in names}
        if len(world.overrides) < len(self.overrides):
            reach = self.notation.reach
            world.memo = {k: v for k, v in self.memo.items() if not reach[k[0]] & names}
        return world

    # Symbols.

    def symbol(self, key: Key) -> Value:
        """Return the value of a symbol: overridden, defined or drawn."""
        if key in self.overrides:
            return self.overrides[key]
        if self.base is not None:
            return self.base.symbol(key)
        if key not in self.memo:
            if key in self._pending:
                raise TooLarge(f"{spell(key[0], map(str, key[1]))} is defined by itself")
            self._pending.add(key)
            try:
                self.memo[key] = self._find(key)
            finally:
                self._pending.discard(key)
        return self.memo[key]

    def _find(self, key: Key) -> Value:
        name, indices = key
        entry = self.notation.entries[name]
        if entry.kind == "index":
            raise Undefined(f"the index {name} has no value")
        self._check_range(entry, indices)
        if entry.kind == "random":
            raise expectations.Unfixed(key)
        definitions = self.notation.definitions.get(name, ())
        for definition in definitions:
            bound = self.match(definition.indices, indices, definition)
            if bound is not None and not definition.components:
                return self.body(definition, bound)
        if any(definition.components for definition in definitions):
            return self._assembled(entry, definitions, indices)
        if entry.kind == "size":
            return self.field.number(Fraction(self.point.size(key)))
        return self._drawn(entry, key)

    def _check_range(self, entry: Entry, indices: tuple[int, ...]) -> None:
        for index, over in zip(indices, entry.ranges, strict=False):
            if over is not None and index not in self.range(over, {}):
                raise Undefined(f"{spell(entry.name, map(str, indices))} does not exist")

    def _drawn(self, entry: Entry, key: Key) -> Value:
        def place(row: int, column: int) -> tuple[int, int]:
            mirrored = row < column and domain.matrix in SYMMETRIC
            return (column, row) if mirrored else (row, column)

        bound: Locals = dict(zip(entry.indices, key[1], strict=True))
        rows, columns = self._size(entry, bound)
        domain = entry.domain
        if domain.over is not None:
            members = self.range(domain.over, bound)
            domain = replace(domain, values=tuple(map(Fraction, members)))
        drawn = self.point.value(key, (rows, columns), domain)
        if domain.matrix:
            drawn = constrained(domain.matrix, drawn)
        name = spell(key[0], map(str, key[1]))
        entries = [
            [self.field.entry(f"{name}{place(r, c)}", each, domain) for c, each in enumerate(row)]
            for r, row in enumerate(drawn)
        ]
        if entry.domain.kind == "simplex":
            rest = [row[0] for row in entries[:-1]]
            one = self.field.number(Fraction(1))
            entries[-1] = [one - matrices.total(rest) if rest else one]
        return matrices.array(entries)

    def _size(self, entry: Entry, bound: Locals) -> tuple[int, int]:
        """Return how many rows and columns a symbol has."""
        rows, columns = (self.whole(each, bound) for each in entry.shape or SCALAR)
        if min(rows, columns) < 1:
            raise Undefined(f"{entry.name} has no entry")
        spend(5 * self.field.cost * rows * columns)
        return rows, columns

    def _assembled(
        self, entry: Entry, definitions: tuple[Definition, ...], indices: tuple[int, ...]
    ) -> Value:
        """Put a vector or matrix together from definitions of its entries."""
        bound: Locals = dict(zip(entry.indices, indices, strict=True))
        rows, columns = self._size(entry, bound)
        kept = 1 if columns == 1 else 2  # an entry of a column has one index
        places = [[(r + 1, c + 1)[:kept] for c in range(columns)] for r in range(rows)]
        return matrices.array(
            [[self._entry(definitions, indices, each) for each in row] for row in places]
        )

    def _entry(
        self, definitions: Iterable[Definition], indices: tuple[int, ...], at: tuple[int, ...]
    ) -> Value:
        for definition in definitions:
            patterns = (*definition.indices, *definition.components)
            bound = self.match(patterns, (*indices, *at), definition)
            if bound is not None:
                return self.body(definition, bound)
        raise Undefined(f"the entry {at} is not defined")

    def match(
        self, patterns: tuple[t.Node, ...], indices: tuple[int, ...], definition: Definition
    ) -> Locals | None:
        """Return what the indices of a definition stand for, or None if it is not meant."""
        bound: Locals = {}
        for pattern, index in zip(patterns, indices, strict=True):
            if isinstance(pattern, t.Symbol) and self._is_index(pattern.name, definition):
                over = self._index_range(pattern.name, definition)
                if bound.get(pattern.name, index) != index or index not in self.range(over, bound):
                    return None
                bound[pattern.name] = index
            elif self.whole(pattern, bound) != index:
                return None
        return bound

    def _is_index(self, name: str, definition: Definition) -> bool:
        return name in dict(definition.ranges) or self.notation.kind(name) == "index"

    def _index_range(self, name: str, definition: Definition) -> t.Range:
        over = dict(definition.ranges).get(name)
        return over or self.notation.index_range(name)

    def range(self, over: t.Range, bound: Locals) -> range:
        """Return the whole numbers of a range."""
        return range(self.whole(over.lower, bound), self.whole(over.upper, bound) + 1)

    def whole(self, node: t.Node, bound: Locals) -> int:
        """Return the value of an index or size."""
        if isinstance(node, t.Number):
            return int(node.value)
        name = node.name if isinstance(node, t.Symbol) and not node.indices else ""
        known = bound.get(name, self.sizes.get(name))
        if isinstance(known, int):
            return known
        real = self.field.real(self._of(node, bound))
        if not abs(real) < SMALL:  # also for what is no number
            raise TooMuch("an index or a size is too large")
        found = int(real)
        if name and name not in bound and self.notation.entries[name].kind == "size":
            self.sizes[name] = found
        return found

    # Trees.

    def of(self, node: t.Node, bound: Locals) -> Value:
        """Return the value of a tree; ``bound`` holds running indices and arguments.

        It must have the rows and columns that were inferred for the tree, each time.
        """
        shape = self.typed.inferred(node, bound)  # of all that is below it, too, with what it binds
        value = self._of(node, bound)
        if shape is not None:
            rows, columns = (self.whole(each, bound) for each in shape)
            if getattr(value, "shape", (1, 1)) != (rows, columns):
                shown = self.typed.printer.show(node)
                raise Inconsistent(f"{shown} is not {rows} by {columns}, but {np.shape(value)}")
        elif isinstance(value, np.ndarray):
            raise Inconsistent(f"{self.typed.printer.show(node)} is no number")
        return value

    def body(self, definition: Definition, bound: Locals) -> Value:
        """Return the value of what a definition says."""
        self.typed.learn(definition)
        return self.of(definition.body, bound)

    def _of(self, node: t.Node, bound: Locals) -> Value:  # noqa: C901, PLR0911, PLR0912
        field = self.field
        spend(field.cost)
        match node:
            case t.Number(value):
                return field.number(value)
            case t.Constant(r"\infty"):
                raise Undefined("infinity is no number")
            case t.Constant(name):
                return field.constant(name)
            case t.Symbol(name, indices):
                if not indices and name in bound:
                    value = bound[name]
                    return field.number(Fraction(value)) if isinstance(value, int) else value
                return self.symbol((name, tuple(self.whole(each, bound) for each in indices)))
            case t.Component(of, indices):
                return self._component(
                    self.of(of, bound), [self.whole(each, bound) for each in indices]
                )
            case t.Add(terms):
                values = [self.of(each, bound) for each in terms]
                return matrices.total(self._widened(node, values, bound))
            case t.Negative(of):
                return -self.of(of, bound)
            case t.Product(factors, by):
                return self._product([self.of(each, bound) for each in factors], by)
            case t.Divide(numerator, denominator):
                return self._divide(self.of(numerator, bound), self.of(denominator, bound))
            case t.Power():
                return self._power(node, bound)
            case t.Transpose(of):
                value = self.of(of, bound)
                return value.T if isinstance(value, np.ndarray) else value
            case t.Apply():
                return self.apply(node, bound)
            case t.Reduce():
                return self._reduce(node, bound)
            case t.Expectation():
                return self._mean(node, bound)
            case t.Gradient():
                return derivatives.gradient(self, node, bound)
            case t.Derivative():
                return derivatives.derivative(self, node, bound)
            case t.Integral():
                with field.sampling():
                    return analysis.integral(self, node, bound)
            case t.Limit():
                with field.sampling():
                    return analysis.limit(self, node, bound)
            case t.Evaluated(variable, at, of):
                return self.where(variable, self.of(at, bound), of, bound)
            case t.Extremum():
                with field.sampling():
                    return analysis.extremum(self, node, bound)
            case t.Cases():
                return self._case(node, bound)
            case t.Indicator(_, condition):
                return field.number(Fraction(int(self.holds(condition, bound, node))))
            case t.Matrix(rows):
                return matrices.blocks([[self.of(each, bound) for each in row] for row in rows])
            case t.Listing(index, over, of):
                values = [self.of(of, {**bound, index: k}) for k in self.range(over, bound)]
                return matrices.blocks([values])
            case t.Norm(of, kind, order):
                value = matrices.matrix(self.of(of, bound))
                return self._norm(value, kind, order and self.of(order, bound))
            case t.Absolute(of):
                value = self.of(of, bound)
                self._note_sign(node, value)
                return self._absolute(value)
            case t.Identity(size):
                return matrices.collapsed(matrices.identity(field, self.whole(size, bound)))
            case t.Ones(size):
                one = field.number(Fraction(1))
                return matrices.array([[one] for _ in range(self.whole(size, bound))])
            case t.Density():
                return self._density(node, bound)
            case t.Range() | t.Finite() | t.Comparison() | t.And() | t.Law() | t.Landau():
                raise TypeError(f"{type(node).__name__} has no value")
            case _:
                assert_never(node)

    def holds(self, condition: t.Node, bound: Locals, node: t.Node | None = None) -> bool:
        """Tell whether a condition is true; of which part it is one, for the notes."""
        true, by = self._truth(condition, bound)
        if node is not None:
            self._note(node, int(true), {int(not true): by})
        return true

    def _truth(self, condition: t.Node, bound: Locals) -> tuple[bool, float]:
        """Tell whether a condition is true, and how far it is from being otherwise."""
        match condition:
            case t.And(conditions):
                found = [self._truth(each, bound) for each in conditions]
                true = all(each for each, _ in found)
                away = [by for each, by in found if each is true]
                return true, min(away) if true else max(away)
            case t.Comparison(relation, left, right):
                a, b = (self.field.real(self.of(each, bound)) for each in (left, right))
                if self.gaps is not None:
                    self.gaps.append(a - b)
                by = 0.0 if self.outcomes is None else abs(float(a) - float(b))
                return COMPARE[relation](a, b), by
            case _:
                raise TypeError(f"{type(condition).__name__} is no condition")

    def _note(self, node: t.Node, outcome: int, others: Mapping[int, float]) -> None:
        if self.outcomes is not None:
            self.outcomes.note(node, outcome, others)

    def _note_sign(self, node: t.Node, value: Value) -> None:
        if self.outcomes is not None:
            for each in matrices.flat(value):
                real = float(self.field.real(each))
                if real:
                    self.outcomes.note(node, int(real > 0), {int(real < 0): abs(real)})

    def _extreme(self, node: t.Node, values: list[Value], name: str, ways: int) -> Value:
        """Return the largest or smallest of some values, and note which of them won."""
        self._compared(values)
        real = [self.field.real(each) for each in values]
        at = (max if name in ("max", "sup", "argmax") else min)(
            range(len(values)), key=real.__getitem__
        )
        if self.outcomes is not None:
            away = [abs(float(each) - float(real[at])) for each in real]
            if ways == 2:  # the first or another
                away = [away[0], min(away[1:], default=1.0)]
            self.outcomes.note(node, min(at, ways - 1), dict(enumerate(away)))
        return values[at]

    # Arithmetic.

    def _component(self, value: Value, indices: list[int]) -> Value:
        value = matrices.matrix(value)
        if len(indices) == 1:
            indices = [indices[0], 1] if value.shape[1] == 1 else [1, indices[0]]
        row, column = indices
        if not (1 <= row <= value.shape[0] and 1 <= column <= value.shape[1]):
            raise Undefined(f"no entry {indices} in a matrix of {value.shape}")
        return value[row - 1, column - 1]

    def _product(self, factors: list[Value], by: str) -> Value:
        result = factors[0]
        for factor in factors[1:]:
            if not (isinstance(result, np.ndarray) and isinstance(factor, np.ndarray)):
                result = result * factor if isinstance(result, np.ndarray) else factor * result
                continue
            spend(self.field.cost * result.size * max(factor.shape))
            if by in (r"\odot", r"\circ"):
                result = result * factor
            elif by == r"\otimes":
                result = np.kron(result, factor)
            elif by == r"\cdot" and result.shape[1] == factor.shape[1] == 1:
                result = (result * factor).sum()
            else:
                result = matrices.collapsed(result @ factor)
        return result

    def _widened(self, node: t.Node, values: list[Value], bound: Locals) -> list[Value]:
        """Repeat a vector beside a matrix along its rows or columns, as the notation declares."""
        shape = self.typed.inferred(node, bound) if self.notation.broadcast else None
        if shape is None:
            return values
        whole = tuple(self.whole(each, bound) for each in shape)
        thin = (1, -1) if self.notation.broadcast == "rows" else (-1, 1)
        return [
            np.broadcast_to(each.reshape(thin), whole)
            if isinstance(each, np.ndarray) and each.shape != whole
            else each
            for each in values
        ]

    def _divide(self, above: Value, below: Value) -> Value:
        if any(self.field.real(each) == 0 for each in matrices.flat(below)):
            raise Undefined("division by 0")
        return above / below

    def _power(self, node: t.Power, bound: Locals) -> Value:
        exponent = self.of(node.exponent, bound)
        if node.base == t.Constant("e"):
            return self._each(lambda x: self.field.function("exp", x), exponent)
        if isinstance(node.base, t.Norm) and node.exponent == TWO:
            inside = matrices.matrix(self.of(node.base.of, bound))
            if _is_euclidean(inside, node.base.kind):  # no root, so that it has a slope at 0
                return _squares(inside)
        base = self.of(node.base, bound)
        real = self.field.real(exponent)
        if not abs(real) < SMALL:
            raise TooMuch("an exponent is too large")
        is_whole = isinstance(exponent, int) or (exponent == real and real == int(real))
        is_column = isinstance(base, np.ndarray) and base.shape[1] == 1
        if isinstance(base, np.ndarray) and (is_column or is_each(node.base)):
            return self._each(lambda x: self._number_power(x, exponent, is_whole), base)
        if isinstance(base, np.ndarray):
            return self._matrix_power(base, real)
        return self._number_power(base, exponent, is_whole)

    def _number_power(self, base: Value, exponent: Value, is_whole: bool) -> Value:
        if is_whole:
            if self.field.real(base) == 0 and self.field.real(exponent) < 0:
                raise Undefined("division by 0")
            return self.field.power(base, int(self.field.real(exponent)))
        return self.field.function("exp", exponent * self.field.function("log", base))

    def _matrix_power(self, base: Value, exponent: Any) -> Value:
        if exponent == int(exponent):
            return matrices.power(self.field, base, int(exponent))
        if exponent * 2 == int(exponent * 2):
            return matrices.half_power(self.field, base, int(exponent * 2))
        raise Undefined("a power of a matrix that is neither whole nor half")

    def _each(self, function: Callable[[Value], Value], value: Value) -> Value:
        if isinstance(value, np.ndarray):
            return np.frompyfunc(function, 1, 1)(value)
        return function(value)

    def _compared(self, values: Sequence[Value]) -> None:
        """Note what decides which of some numbers is the largest."""
        if self.gaps is not None:
            real = [self.field.real(each) for each in values]
            self.gaps.extend(a - b for k, a in enumerate(real) for b in real[:k])

    def _absolute(self, value: Value) -> Value:
        if self.gaps is not None:
            self.gaps.append(self.field.real(value))
        return -value if self.field.real(value) < 0 else value

    def _norm(self, matrix: Value, kind: str, order: Value = None) -> Value:
        r"""Return a norm: 1 is the largest sum of a column, ``\infty`` that of a row."""
        if _is_euclidean(matrix, kind):
            return self.field.function("sqrt", _squares(matrix))
        if kind == "2":
            return matrices.spectral(self.field, matrix)
        if kind == "*":
            return matrices.nuclear(self.field, matrix)
        sizes = self._each(self._absolute, matrix)
        if kind in ("1", r"\infty"):
            sums = sizes.sum(axis=0 if kind == "1" else 1)
            self._compared(sums)
            return max(sums, key=self.field.real)
        if order is None:
            order = self.field.number(Fraction(kind))
        is_whole = kind.isdigit()
        powers = [self._number_power(each, order, is_whole) for each in sizes.flat]
        return self._number_power(matrices.total(powers), 1 / order, is_whole=False)

    # Functions.

    def apply(self, node: t.Apply, bound: Locals, given: Mapping[int, Value] = NOTHING) -> Value:
        """Return the value of an application; some arguments may be given another value."""
        name = node.function.name
        arguments = [
            given[k] if k in given else self.of(each, bound)
            for k, each in enumerate(node.arguments)
        ]
        if name in BUILT_IN and name not in self.notation.entries:
            return self._built_in(node, arguments)
        indices = tuple(self.whole(each, bound) for each in node.function.indices)
        entry = self.notation.entries[name]
        for definition in self.notation.definitions.get(name, ()):
            own = self.match(definition.indices, indices, definition)
            if own is not None and [each.indices for each in definition.parameters] == [()]:
                return self._of_one(definition, own, arguments[0], node.primes)
            if own is not None:
                return self._of_pattern(definition, own, node, arguments, bound)
        return self._abstract(entry, indices, node, arguments)

    def _primed(self, function: Callable[[Value], Value], primes: int) -> Callable[[Value], Value]:
        if primes == 0:
            return function
        inner = self._primed(function, primes - 1)
        return lambda x: self.field.derivative(inner, x)

    def _built_in(self, node: t.Apply, arguments: list[Value]) -> Value:
        function, value = BUILT_IN[node.function.name], arguments[0]
        if function.name in ("relu", "sign"):
            self._note_sign(node, value)
            if self.gaps is not None:
                self.gaps += map(self.field.real, matrices.flat(value))
        if function.name in ("floor", "ceil") and self.gaps is not None:
            raise TooLarge("means of whole parts are not computed")
        if function.is_each or function.takes == 1:
            computed = partial(special.of_numbers, self.field, function.name)
            return self._each(self._primed(computed, node.primes), value)
        if function.name == "clip":
            self._compared(arguments)
        if function.any_number:
            return self._extreme(node, arguments, function.name, len(arguments))
        if function.name == "clip":
            self._note_clipped(node, *map(self.field.real, arguments))
        if function.takes:
            return special.of_numbers(self.field, function.name, *arguments)
        if len(arguments) > 1:
            value = matrices.array([[each] for each in arguments])
        return special.of_array(self.field, function.name, value)

    def _note_clipped(self, node: t.Node, x: Any, lower: Any, upper: Any) -> None:
        if self.outcomes is not None and lower <= upper:
            away = {1: abs(float(x) - float(lower)), 2: abs(float(x) - float(upper))}
            way = 1 if x < lower else 2 if x > upper else 0
            self.outcomes.note(node, way, {0: min(away.values()), **away})

    def _of_one(self, definition: Definition, own: Locals, value: Value, primes: int) -> Value:
        """Apply a function of one argument: of a number to each entry of an array."""
        name = definition.parameters[0].name
        if definition.components:
            return self._assembled_function(definition, own, {name: value})
        function = self._primed(lambda x: self._of_arguments(definition, own, {name: x}), primes)
        return self._each(function, value) if definition.shapes[0] == SCALAR else function(value)

    def _of_arguments(self, definition: Definition, own: Locals, arguments: Locals) -> Value:
        """Return what a definition says of its arguments; what is defined from them follows."""
        spend(3 * self.field.cost)
        followed = self.typed.followed(definition)
        moved: dict[Key, Value] = {
            (name, ()): x for name, x in arguments.items() if name in followed
        }
        world = self.overriding(moved) if moved else self
        return world.body(definition, {**own, **arguments})

    def _assembled_function(self, definition: Definition, own: Locals, arguments: Locals) -> Value:
        """Return all entries of a function whose definition gives one: ``softmax(z)_k := …``."""
        rows, _ = self.notation.entries[definition.name].shape or SCALAR
        entries = []
        for k in range(1, self.whole(rows, {**own, **arguments}) + 1):
            bound = self.match(definition.components, (k,), definition)
            if bound is None:
                raise Undefined(f"the entry {k} of {definition.name} is not defined")
            entries.append(self._of_arguments(definition, {**own, **bound}, arguments))
        return matrices.array([[each] for each in entries])

    def _of_pattern(
        self,
        definition: Definition,
        own: Locals,
        node: t.Apply,
        arguments: list[Value],
        bound: Locals,
    ) -> Value:
        r"""Apply a function of family members, ``p(y_i \mid x_i)``, to anything in their place."""
        own = dict(own)
        pairs = [*zip(definition.parameters, node.arguments, strict=True)]
        for parameter, argument in pairs:
            if isinstance(argument, t.Symbol) and argument.name == parameter.name:
                for pattern, index in zip(parameter.indices, argument.indices, strict=True):
                    if isinstance(pattern, t.Symbol):
                        own[pattern.name] = self.whole(index, bound)
        overrides: dict[Key, Value] = {}
        plain: Locals = {}
        for (parameter, argument), value in zip(pairs, arguments, strict=True):
            if not parameter.indices:
                plain[parameter.name] = value
                continue
            indices = tuple(self._own_index(each, own, definition) for each in parameter.indices)
            key = (parameter.name, indices)
            if not (isinstance(argument, t.Symbol) and self.symbol(key) is value):
                overrides[key] = value
        world = self.overriding(overrides) if overrides else self
        return world._of_arguments(definition, own, plain)

    def _own_index(self, pattern: t.Node, own: Locals, definition: Definition) -> int:
        """Return an index that an argument fixed; one that none did is any one, so the first."""
        if isinstance(pattern, t.Symbol) and pattern.name not in own:
            own[pattern.name] = self.range(self._index_range(pattern.name, definition), own)[0]
        return self.whole(pattern, own)

    def _abstract(
        self, entry: Entry, indices: tuple[int, ...], node: t.Apply, arguments: list[Value]
    ) -> Value:
        """Return the value of a function that is only declared: some smooth function, drawn."""
        own: Locals = dict(zip(entry.indices, indices, strict=True))
        rows, columns = self._size(entry, own)
        if len(arguments) == 1 and entry.arguments == (SCALAR,) and (rows, columns) == (1, 1):
            smooth = declared.smooth(self, entry.name, indices, (1, 1))
            number = self._primed(
                lambda x: declared.into(self, entry.domain, [[smooth([x])]])[0][0], node.primes
            )
            return self._each(number, arguments[0])
        flat = [each for value in arguments for each in matrices.flat(value)]
        drawn = [
            [declared.smooth(self, entry.name, indices, (r, c))(flat) for c in range(columns)]
            for r in range(rows)
        ]
        return matrices.array(declared.into(self, entry.domain, drawn))

    def where(self, name: str, value: Value, of: t.Node, bound: Locals) -> Value:
        """Return a value where a symbol has another; a declared one takes along what it defines."""
        if name in self.notation.entries and name not in bound:
            return self.overriding({(name, ()): value}).of(of, bound)
        return self.of(of, {**bound, name: value})

    # Running indices.

    def _reduce(self, node: t.Reduce, bound: Locals) -> Value:
        if isinstance(node.over, t.Range) and node.over.upper == t.Constant(r"\infty"):
            return analysis.series(self, node, self.whole(node.over.lower, bound), bound)
        values, members = [], []
        for each in self._members(node.over, bound):
            inner = {**bound, node.index: each}
            if node.condition is None or self.holds(node.condition, inner, node.condition):
                values.append(self.of(node.of, inner))
                members.append(each)
        if node.operator == "sum":
            return matrices.total(values) if values else self._zero(node, bound)
        if node.operator == "prod":
            result = self.field.number(Fraction(1))
            for value in values:
                result = result * value
            return result
        if not values:
            raise Undefined(f"the {node.operator} of nothing")
        best = self._extreme(node, values, node.operator, 2)
        if BY_NAME[node.operator].extremum != "place":
            return best
        places = [at for at, each in zip(members, values, strict=True) if each == best]
        if len(places) != 1:  # none where numbers are balls, which no other number equals
            raise Undefined(f"{node.operator} is not at one place")
        return self.field.number(Fraction(places[0])) if isinstance(places[0], int) else places[0]

    def _zero(self, node: t.Reduce, bound: Locals) -> Value:
        """Return the sum of nothing, in the shape that its terms would have."""
        rows, columns = (
            self.whole(each, bound) for each in self.typed.inferred(node, bound) or SCALAR
        )
        return matrices.array([[self.field.number(Fraction(0))] * columns for _ in range(rows)])

    def _members(self, over: t.Range | t.Finite, bound: Locals) -> Iterable[Value]:
        if isinstance(over, t.Finite):
            return [self.of(each, bound) for each in over.values]
        return self.range(over, bound)

    def _mean(self, node: t.Expectation, bound: Locals) -> Value:
        if node.distribution is None or isinstance(node.distribution, t.Law):
            return expectations.Mean(self, node, bound).value()
        weights = matrices.matrix(self.of(node.distribution, bound))
        terms = [
            self.of(node.of, {**bound, node.index: k + 1}) * weights[k, 0]
            for k in range(len(weights))
        ]
        return matrices.total(terms)

    def _density(self, node: t.Density, bound: Locals) -> Value:
        name, at = node.law.name, self.of(node.at, bound)
        parameters = [self.of(each, bound) for each in node.law.parameters]
        if self.gaps is not None:
            self.gaps.extend(at - each for each in densities.edges(name, parameters))
        return densities.density(self.field, name, parameters, at)

    def _case(self, node: t.Cases, bound: Locals) -> Value:
        away: dict[int, float] = {}
        for k, (value, condition) in enumerate(zip(node.values, node.conditions, strict=True)):
            true, by = (True, 0.0) if condition is None else self._truth(condition, bound)
            if true:
                self._note(node, k, away | dict.fromkeys(range(k + 1, len(node.values)), by))
                return self.of(value, bound)
            away[k] = by
        raise Undefined("no case applies")


def _is_euclidean(matrix: Value, kind: str) -> bool:
    """Tell whether a norm is the root of the squares of all entries."""
    return kind in ("", "F") or (kind == "2" and 1 in matrix.shape)


def _squares(matrix: Value) -> Value:
    return matrices.total([each * each for each in matrix.flat])
