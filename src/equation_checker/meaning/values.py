"""The value of a tree at a point, over any field of numbers.

A derivative by a defined symbol is an intervention: the symbol takes another value, and all that is
defined from it follows.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np

from equation_checker.language import tree as t
from equation_checker.language.errors import Undefined
from equation_checker.language.functions import BUILT_IN, is_each
from equation_checker.language.notation import SCALAR
from equation_checker.language.printing import spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from equation_checker.language.notation import Definition, Entry, Notation
    from equation_checker.meaning.fields import Field, Value
    from equation_checker.meaning.points import Key, Point

Locals = dict[str, Any]

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

    def __init__(self, notation: Notation, field: Field, point: Point) -> None:
        self.notation = notation
        self.field = field
        self.point = point
        self.overrides: dict[Key, Value] = {}
        self.memo: dict[Key, Value] = {}
        self._pending: set[Key] = set()
        self.outcomes: set[tuple[int, int]] = set()
        """Which branch (or outcome) of which node was taken."""

    def overriding(self, values: Mapping[Key, Value]) -> World:
        """Return the world in which some symbols have other values, and what follows from them."""
        names = {name for name, _ in values}
        world = World(self.notation, self.field, self.point)
        world.overrides = {**self.overrides, **values}
        world.outcomes = self.outcomes
        reach = self.notation.reach
        world.memo = {k: v for k, v in self.memo.items() if not reach[k[0]] & names}
        return world

    # Symbols.

    def symbol(self, key: Key) -> Value:
        """Return the value of a symbol: overridden, defined or drawn."""
        if key in self.overrides:
            return self.overrides[key]
        if key not in self.memo:
            if key in self._pending:
                raise Undefined(f"{spell(key[0], map(str, key[1]))} is defined by itself")
            self._pending.add(key)
            try:
                self.memo[key] = self._find(key)
            finally:
                self._pending.discard(key)
        return self.memo[key]

    def _find(self, key: Key) -> Value:
        name, indices = key
        entry = self.notation.entries[name]
        self._check_range(entry, indices)
        definitions = self.notation.definitions.get(name, ())
        for definition in definitions:
            bound = self._match(definition.indices, indices, definition)
            if bound is not None and not definition.components:
                return self.of(definition.body, bound)
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
        bound: Locals = dict(zip(entry.indices, key[1], strict=True))
        rows, columns = (self.whole(each, bound) for each in entry.shape or SCALAR)
        drawn = self.point.value(key, (rows, columns), entry.domain)
        name = spell(key[0], map(str, key[1]))
        entries = [
            [self.field.entry(f"{name}{r, c}", each, entry.domain) for c, each in enumerate(row)]
            for r, row in enumerate(drawn)
        ]
        if entry.domain.kind == "simplex":
            rest = _total([row[0] for row in entries[:-1]])
            entries[-1] = [self.field.number(Fraction(1)) - rest]
        return _array(entries)

    def _assembled(
        self, entry: Entry, definitions: tuple[Definition, ...], indices: tuple[int, ...]
    ) -> Value:
        """Put a vector or matrix together from definitions of its entries."""
        bound: Locals = dict(zip(entry.indices, indices, strict=True))
        rows, columns = (self.whole(each, bound) for each in entry.shape or SCALAR)
        return _array(
            [
                [
                    self._entry(definitions, indices, (r, c), columns == 1)
                    for c in range(1, columns + 1)
                ]
                for r in range(1, rows + 1)
            ]
        )

    def _entry(
        self,
        definitions: Iterable[Definition],
        indices: tuple[int, ...],
        at: tuple[int, int],
        column: bool,
    ) -> Value:
        wanted = at[:1] if column else at
        for definition in definitions:
            bound = self._match(
                (*definition.indices, *definition.components), (*indices, *wanted), definition
            )
            if bound is not None:
                return self.of(definition.body, bound)
        raise Undefined(f"the entry {wanted} is not defined")

    def _match(
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
        entry = self.notation.entries.get(name)
        return name in dict(definition.ranges) or (entry is not None and entry.kind == "index")

    def _index_range(self, name: str, definition: Definition) -> t.Range:
        over = dict(definition.ranges).get(name)
        return over or self.notation.index_range(name)

    def range(self, over: t.Range, bound: Locals) -> range:
        """Return the whole numbers of a range."""
        return range(self.whole(over.lower, bound), self.whole(over.upper, bound) + 1)

    def whole(self, node: t.Node, bound: Locals) -> int:
        """Return the value of an index or size."""
        if isinstance(node, t.Symbol) and isinstance(bound.get(node.name), int):
            return int(bound[node.name])
        return int(self.field.real(self.of(node, bound)))

    # Trees.

    def of(self, node: t.Node, bound: Locals) -> Value:  # noqa: C901, PLR0911, PLR0912
        """Return the value of a tree; ``bound`` holds running indices and arguments."""
        field = self.field
        match node:
            case t.Number(value):
                return field.number(value)
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
                return _total([self.of(each, bound) for each in terms])
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
                return self._apply(node, bound)
            case t.Reduce():
                return self._reduce(node, bound)
            case t.Expectation():
                return self._mean(node, bound)
            case t.Gradient():
                return self._gradient(node, bound)
            case t.Derivative(of, variables):
                return self._derivative(of, variables, bound)
            case t.Cases():
                return self._case(node, bound)
            case t.Indicator(_, condition):
                true = self.holds(condition, bound)
                self.outcomes.add((id(node), int(true)))
                return field.number(Fraction(int(true)))
            case t.Matrix(rows):
                return _blocks([[self.of(each, bound) for each in row] for row in rows])
            case t.Listing(index, over, of):
                values = [self.of(of, {**bound, index: k}) for k in self.range(over, bound)]
                return _blocks([values])
            case t.Norm(of, kind):
                return self._norm(self.of(of, bound), kind)
            case t.Absolute(of):
                return self._absolute(self.of(of, bound))
            case t.Identity(size):
                return self._identity(self.whole(size, bound))
            case t.Ones(size):
                one = field.number(Fraction(1))
                return _array([[one] for _ in range(self.whole(size, bound))])
            case t.Range() | t.Finite() | t.Comparison() | t.And():
                raise TypeError(f"{type(node).__name__} has no value")
            case _:
                assert_never(node)

    def holds(self, condition: t.Node, bound: Locals) -> bool:
        """Tell whether a condition is true."""
        match condition:
            case t.And(conditions):
                return all(self.holds(each, bound) for each in conditions)
            case t.Comparison(relation, left, right):
                a, b = (self.field.real(self.of(each, bound)) for each in (left, right))
                return COMPARE[relation](a, b)
            case _:
                raise TypeError(f"{type(condition).__name__} is no condition")

    # Arithmetic.

    def _component(self, value: Value, indices: list[int]) -> Value:
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
            elif by == r"\odot":
                result = result * factor
            elif by == r"\cdot" and result.shape == factor.shape:
                result = (result * factor).sum()
            else:
                result = _collapsed(result @ factor)
        return result

    def _divide(self, above: Value, below: Value) -> Value:
        if self.field.real(below) == 0:
            raise Undefined("division by 0")
        return above / below

    def _power(self, node: t.Power, bound: Locals) -> Value:
        exponent = self.of(node.exponent, bound)
        if node.base == t.Constant("e"):
            return self._each(lambda x: self.field.function("exp", x), exponent)
        if isinstance(node.base, t.Norm) and node.base.kind == "2" and node.exponent == TWO:
            return _total([each * each for each in _flat(self.of(node.base.of, bound))])
        base = self.of(node.base, bound)
        real = self.field.real(exponent)
        is_whole = isinstance(exponent, int) or (exponent == real and real == int(real))
        if isinstance(base, np.ndarray) and is_each(node.base):
            return self._each(lambda x: self._number_power(x, exponent, is_whole), base)
        if isinstance(base, np.ndarray):
            return self._matrix_power(base, int(real))
        return self._number_power(base, exponent, is_whole)

    def _number_power(self, base: Value, exponent: Value, is_whole: bool) -> Value:
        if is_whole:
            if self.field.real(base) == 0 and self.field.real(exponent) < 0:
                raise Undefined("division by 0")
            return self.field.power(base, int(self.field.real(exponent)))
        return self.field.function("exp", exponent * self.field.function("log", base))

    def _matrix_power(self, base: Value, exponent: int) -> Value:
        base = self._inverse(base) if exponent < 0 else base
        result = self._identity(len(base))
        for _ in range(abs(exponent)):
            result = result @ base
        return result

    def _inverse(self, matrix: Value) -> Value:
        """Eliminate by Gauss and Jordan with the largest pivot."""
        size = len(matrix)
        rows = np.hstack([matrix, self._identity(size)])
        for k in range(size):
            pivot = max(range(k, size), key=lambda r: abs(self.field.real(rows[r, k])))
            if self.field.real(rows[pivot, k]) == 0:
                raise Undefined("the inverse of a singular matrix")
            rows[[k, pivot]] = rows[[pivot, k]]
            rows[k] = rows[k] / rows[k, k]
            for r in range(size):
                if r != k:
                    rows[r] = rows[r] - rows[k] * rows[r, k]
        return rows[:, size:]

    def _identity(self, size: int) -> Value:
        one, zero = (self.field.number(Fraction(each)) for each in (1, 0))
        return _array([[one if r == c else zero for c in range(size)] for r in range(size)])

    def _each(self, function: Callable[[Value], Value], value: Value) -> Value:
        if isinstance(value, np.ndarray):
            return np.frompyfunc(function, 1, 1)(value)
        return function(value)

    def _absolute(self, value: Value) -> Value:
        return -value if self.field.real(value) < 0 else value

    def _norm(self, value: Value, kind: str) -> Value:
        entries = _flat(value)
        if kind == "2":
            return self.field.function("sqrt", _total([each * each for each in entries]))
        sizes = [self._absolute(each) for each in entries]
        return _total(sizes) if kind == "1" else max(sizes, key=self.field.real)

    # Functions.

    def _apply(self, node: t.Apply, bound: Locals) -> Value:
        name = node.function.name
        if name in BUILT_IN and name not in self.notation.entries:
            arguments = [self.of(each, bound) for each in node.arguments]
            return self._built_in(name, arguments, node.primes)
        indices = tuple(self.whole(each, bound) for each in node.function.indices)
        entry = self.notation.entries[name]
        for definition in self.notation.definitions.get(name, ()):
            own = self._match(definition.indices, indices, definition)
            if own is not None:
                return self._apply_definition(definition, own, node, bound)
        return self._abstract(entry, indices, node, bound)

    def _primed(self, function: Callable[[Value], Value], primes: int) -> Callable[[Value], Value]:
        if primes == 0:
            return function
        inner = self._primed(function, primes - 1)
        return lambda x: self.field.derivative(inner, x)

    def _built_in(self, name: str, arguments: list[Value], primes: int) -> Value:  # noqa: PLR0911
        function, value = BUILT_IN[name], arguments[0]
        if function.is_each:
            return self._each(
                self._primed(lambda x: self._elementary(function.name, x), primes), value
            )
        match function.name:
            case "max":
                return max(arguments, key=self.field.real)
            case "min":
                return min(arguments, key=self.field.real)
            case "tr":
                return _matrix(value).trace()
            case "softmax":
                powers = _matrix(self._each(lambda x: self.field.function("exp", x), value))
                return _collapsed(powers / powers.sum())
            case "diag" if _matrix(value).shape[1] == 1:
                return _collapsed(_matrix(self._identity(len(_matrix(value)))) * value)
            case "diag":
                return value.diagonal()[:, None]
            case _:
                raise TypeError(f"no value for {name}")

    def _elementary(self, name: str, x: Value) -> Value:
        sign = self.field.real(x)
        if name == "relu":
            return x if sign > 0 else x * 0
        if name == "sign":
            return self.field.number(Fraction((sign > 0) - (sign < 0)))
        return self.field.function(name, x)

    def _apply_definition(
        self, definition: Definition, own: Locals, node: t.Apply, bound: Locals
    ) -> Value:
        parameters = definition.parameters
        if len(parameters) == 1 and not parameters[0].indices:
            name = parameters[0].name
            function = self._primed(
                lambda x: self.of(definition.body, {**own, name: x}), node.primes
            )
            value = self.of(node.arguments[0], bound)
            if definition.components:
                return self._assembled_function(definition, {**own, name: value})
            is_number = definition.shapes[0] == SCALAR
            return self._each(function, value) if is_number else function(value)
        return self._apply_pattern(definition, own, node, bound)

    def _assembled_function(self, definition: Definition, own: Locals) -> Value:
        """Return all entries of a function whose definition gives one: ``softmax(z)_k := …``."""
        rows, _ = self.notation.entries[definition.name].shape or SCALAR
        entries = []
        for k in range(1, self.whole(rows, own) + 1):
            bound = self._match(definition.components, (k,), definition)
            if bound is None:
                raise Undefined(f"the entry {k} of {definition.name} is not defined")
            entries.append(self.of(definition.body, {**own, **bound}))
        return _array([[each] for each in entries])

    def _apply_pattern(
        self, definition: Definition, own: Locals, node: t.Apply, bound: Locals
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
        for parameter, argument in pairs:
            value = self.of(argument, bound)
            if not parameter.indices:
                own[parameter.name] = value
                continue
            indices = tuple(self._own_index(each, own, definition) for each in parameter.indices)
            key = (parameter.name, indices)
            if not (isinstance(argument, t.Symbol) and self.symbol(key) is value):
                overrides[key] = value
        world = self.overriding(overrides) if overrides else self
        return world.of(definition.body, own)

    def _own_index(self, pattern: t.Node, own: Locals, definition: Definition) -> int:
        """Return an index that an argument fixed; one that none did is any one, so the first."""
        if isinstance(pattern, t.Symbol) and pattern.name not in own:
            own[pattern.name] = self.range(self._index_range(pattern.name, definition), own)[0]
        return self.whole(pattern, own)

    def _abstract(
        self, entry: Entry, indices: tuple[int, ...], node: t.Apply, bound: Locals
    ) -> Value:
        """Return the value of a function that is only declared: some smooth function, drawn."""
        arguments = [self.of(each, bound) for each in node.arguments]
        own: Locals = dict(zip(entry.indices, indices, strict=True))
        rows, columns = (self.whole(each, own) for each in entry.shape or SCALAR)
        if len(arguments) == 1 and entry.arguments == (SCALAR,) and (rows, columns) == (1, 1):
            smooth = self._smooth(entry.name, indices, (1, 1))
            return self._each(self._primed(lambda x: smooth([x]), node.primes), arguments[0])
        flat = [each for value in arguments for each in _flat(value)]
        return _array(
            [
                [self._smooth(entry.name, indices, (r, c))(flat) for c in range(columns)]
                for r in range(rows)
            ]
        )

    def _smooth(
        self, name: str, indices: tuple[int, ...], at: tuple[int, int]
    ) -> Callable[[list[Value]], Value]:
        """Draw a sum of a quadratic and two tanh."""
        random = self.point.random(f"{name}{at}", indices)

        def draw() -> Value:
            return self.field.number(Fraction(random.randint(-900, 900)) / 700)

        def smooth(x: list[Value]) -> Value:
            nonlocal random
            random = self.point.random(f"{name}{at}", indices)
            lines = [_total([draw(), *(draw() * each for each in x)]) for _ in range(3)]
            bent = [self.field.function("tanh", line) * draw() for line in lines[:2]]
            return _total([*bent, lines[2] * lines[2] * draw() + lines[2]])

        return smooth

    # Running indices.

    def _reduce(self, node: t.Reduce, bound: Locals) -> Value:
        values = []
        for each in self._members(node.over, bound):
            inner = {**bound, node.index: each}
            if node.condition is None or self.holds(node.condition, inner):
                values.append(self.of(node.of, inner))
        if node.operator == "sum":
            return _total(values) if values else self.field.number(Fraction(0))
        if node.operator == "prod":
            result = self.field.number(Fraction(1))
            for value in values:
                result = result * value
            return result
        if not values:
            raise Undefined(f"the {node.operator} of nothing")
        return (max if node.operator == "max" else min)(values, key=self.field.real)

    def _members(self, over: t.Range | t.Finite, bound: Locals) -> Iterable[Value]:
        if isinstance(over, t.Finite):
            return [self.of(each, bound) for each in over.values]
        return self.range(over, bound)

    def _mean(self, node: t.Expectation, bound: Locals) -> Value:
        weights = self.of(node.distribution, bound)
        terms = [
            self.of(node.of, {**bound, node.index: k + 1}) * weights[k, 0]
            for k in range(len(weights))
        ]
        return _total(terms)

    def _case(self, node: t.Cases, bound: Locals) -> Value:
        for k, (value, condition) in enumerate(zip(node.values, node.conditions, strict=True)):
            if condition is None or self.holds(condition, bound):
                self.outcomes.add((id(node), k))
                return self.of(value, bound)
        raise Undefined("no case applies")

    # Derivatives.

    def _gradient(self, node: t.Gradient, bound: Locals) -> Value:
        match node:
            case t.Gradient(None, t.Apply(function, (argument,), primes), order):
                here = t.Symbol("the argument")
                inner = {**bound, here.name: self.of(argument, bound)}
                return self._derivative(t.Apply(function, (here,), primes), (here,) * order, inner)
            case t.Gradient(variable, of, order) if variable is not None:
                return self._derivative(of, (variable,) * order, bound)
            case _:
                raise TypeError("a gradient without a variable")

    def _derivative(self, of: t.Node, variables: tuple[t.Node, ...], bound: Locals) -> Value:
        """Differentiate by the first variable what the others have made of ``of``."""
        variable, *rest = variables

        def value(world: World, inner: Locals) -> Value:
            return world._derivative(of, tuple(rest), inner) if rest else world.of(of, inner)

        entries = [*self._entries(variable, bound)]
        slopes = [self._slope(value, variable, entry, bound) for entry in entries]
        return self._arranged(slopes, [(r, c) for r, c in entries])

    def _entries(self, variable: t.Node, bound: Locals) -> Iterable[tuple[int, int]]:
        at = self.of(variable, bound)
        shape = at.shape if isinstance(at, np.ndarray) else (1, 1)
        return product(range(shape[0]), range(shape[1]))

    def _with_listed(self, key: Key, changed: Value) -> dict[Key, Value]:
        """Return what takes another value with a symbol: where it lists others, these as well."""
        overrides = {key: changed}
        for definition in self.notation.definitions.get(key[0], ()):
            match definition.body:
                case t.Transpose(t.Listing(index, over, t.Symbol() as listed)):
                    columns = changed.T
                case t.Listing(index, over, t.Symbol() as listed):
                    columns = changed
                case _:
                    continue
            for at, number in enumerate(self.range(over, {})):
                indices = tuple(self.whole(each, {index: number}) for each in listed.indices)
                one = columns[:, at : at + 1]
                overrides[listed.name, indices] = one if len(one) > 1 else one[0, 0]
        return overrides

    def _slope(
        self,
        value: Callable[[World, Locals], Value],
        variable: t.Node,
        entry: tuple[int, int],
        bound: Locals,
    ) -> Value:
        """Return the derivative by one entry of a variable."""
        symbol, entry = self._placed(variable, entry, bound)
        name, indices = symbol.name, tuple(self.whole(each, bound) for each in symbol.indices)
        start = self.of(symbol, bound)

        def moved(x: Value) -> Value:
            changed = _changed(start, entry, x)
            if not indices and name in bound:
                return value(self, {**bound, name: changed})
            return value(self.overriding(self._with_listed((name, indices), changed)), bound)

        at = start[entry] if isinstance(start, np.ndarray) else start
        return self.field.derivative(moved, at)

    def _placed(
        self, variable: t.Node, entry: tuple[int, int], bound: Locals
    ) -> tuple[t.Symbol, tuple[int, int]]:
        """Return the symbol of a variable, and which of its entries is meant."""
        match variable:
            case t.Symbol():
                return variable, entry
            case t.Component(t.Symbol() as symbol, indices):
                row, column = (*(self.whole(each, bound) for each in indices), 1)[:2]
                return symbol, (row - 1, column - 1)
            case _:
                raise TypeError(f"{type(variable).__name__} is no variable")

    def _arranged(self, slopes: list[Value], entries: list[tuple[int, int]]) -> Value:
        """Put the derivatives by each entry into the shape of the variable, or into a Jacobian."""
        if len(slopes) == 1:
            return slopes[0]
        if isinstance(slopes[0], np.ndarray):
            jacobian = np.hstack([each.reshape(-1, 1) for each in slopes])
            return jacobian if self.notation.jacobian != "columns" else jacobian.T
        rows, columns = (1 + max(each) for each in zip(*entries, strict=True))
        result = np.empty((rows, columns), dtype=object)
        for entry, slope in zip(entries, slopes, strict=True):
            result[entry] = slope
        return result


def _array(rows: list[list[Value]]) -> Value:
    """Return rows as an array, or the one number that they hold."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    array = np.empty((len(rows), len(rows[0])), dtype=object)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            array[r, c] = value
    return array


def _blocks(rows: list[list[Value]]) -> Value:
    """Join numbers and matrices into one matrix."""
    return _collapsed(np.block([[_matrix(each) for each in row] for row in rows]))


def _matrix(value: Value) -> Value:
    """Return a number as a matrix of one entry, and a matrix as it is."""
    return np.atleast_2d(np.asarray(value, dtype=object))


def _collapsed(array: Value) -> Value:
    return array[0, 0] if array.shape == (1, 1) else array


def _flat(value: Value) -> list[Value]:
    return list(value.flat) if isinstance(value, np.ndarray) else [value]


def _changed(value: Value, entry: tuple[int, int], x: Value) -> Value:
    if not isinstance(value, np.ndarray):
        return x
    changed = value.copy()
    changed[entry] = x
    return changed


def _total(values: list[Value]) -> Value:
    """Add numbers, or matrices, or digits to each entry of a matrix."""
    first = next((k for k, each in enumerate(values) if isinstance(each, np.ndarray)), 0)
    total = values[first]
    for each in (*values[:first], *values[first + 1 :]):
        total = total + each
    return total
