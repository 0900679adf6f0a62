"""A second reading of what trees mean, which shares no arithmetic with the checker's.

Values are always rows of numbers; derivatives follow the rules of calculus by dual numbers, where
the checker steps into the complex plane or takes differences. The leaves are given.
"""

from itertools import chain, count

import mpmath

from equation_checker.language import tree as t

mp = mpmath.mp.clone()
mp.dps = 40
TAGS = count(1)


class Dual:
    """A number and its slope in the direction of a tag; the newest tag is outside."""

    def __init__(self, tag, value, slope):
        self.tag, self.value, self.slope = tag, value, slope

    def __add__(self, other):
        return both(self, other, lambda a, b, da, db: (a + b, da + db))

    def __mul__(self, other):
        return both(self, other, lambda a, b, da, db: (a * b, da * b + a * db))

    def __truediv__(self, other):
        return both(self, other, lambda a, b, da, db: (a / b, (da * b - a * db) / (b * b)))

    def __rtruediv__(self, other):
        return Dual(self.tag, other, 0) / self

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return self * -1 + other

    __radd__, __rmul__ = __add__, __mul__


def both(x, y, rule):
    """Apply a rule to two numbers, of which one may be constant in the newer direction."""
    tag = max(each.tag for each in (x, y) if isinstance(each, Dual))
    (a, da), (b, db) = (
        (each.value, each.slope) if isinstance(each, Dual) and each.tag == tag else (each, 0)
        for each in (x, y)
    )
    return Dual(tag, *rule(a, b, da, db))


def plain(x):
    while isinstance(x, Dual):
        x = x.value
    return x


SLOPES = {
    "exp": lambda x: of_number("exp", x),
    "log": lambda x: 1 / x,
    "sqrt": lambda x: 1 / (2 * of_number("sqrt", x)),
    "sin": lambda x: of_number("cos", x),
    "cos": lambda x: -of_number("sin", x),
    "sinh": lambda x: of_number("cosh", x),
    "cosh": lambda x: of_number("sinh", x),
    "tanh": lambda x: 1 / (of_number("cosh", x) * of_number("cosh", x)),
    "relu": lambda x: mp.mpf(plain(x) > 0),
    "sign": lambda x: 0 * x,
    "abs": lambda x: mp.sign(plain(x)),
}
PLAIN = {"relu": lambda x: max(x, mp.mpf(0)), "sign": mp.sign, "abs": abs}


def of_number(name, x):
    if isinstance(x, Dual):
        return Dual(x.tag, of_number(name, x.value), SLOPES[name](x.value) * x.slope)
    if name == "log" and x <= 0:
        raise ValueError(name)
    return (PLAIN.get(name) or getattr(mp, name))(x)


def mapped(function, *matrices):
    return [[function(*each) for each in zip(*rows, strict=True)]
            for rows in zip(*matrices, strict=True)]  # fmt: skip


def turned(matrix):
    return [list(column) for column in zip(*matrix, strict=True)]


def total(numbers):
    numbers = list(numbers)
    result = numbers[0] if numbers else mp.mpf(0)
    for each in numbers[1:]:
        result = result + each
    return result


def times(a, b, by):
    if len(a) == len(a[0]) == 1:
        return mapped(lambda x: a[0][0] * x, b)
    if len(b) == len(b[0]) == 1:
        return mapped(lambda x: x * b[0][0], a)
    if by == r"\odot":
        return mapped(lambda x, y: x * y, a, b)
    if by == r"\cdot" and len(a[0]) == 1 and len(b[0]) == 1:
        a = turned(a)
    if len(a[0]) != len(b):
        raise TypeError("shapes")
    return [[total(x * y for x, y in zip(row, column, strict=True)) for column in turned(b)]
            for row in a]  # fmt: skip


def determinant(matrix):
    if len(matrix) == 1:
        return matrix[0][0]
    return total(
        (-1) ** k * matrix[0][k] * determinant([row[:k] + row[k + 1 :] for row in matrix[1:]])
        for k in range(len(matrix))
    )


def inverse(matrix):
    """By Cramer's rule."""
    size, below = range(len(matrix)), determinant(matrix)

    def minor(r, c):
        kept = [row[:c] + row[c + 1 :] for k, row in enumerate(matrix) if k != r]
        return determinant(kept) if kept else mp.mpf(1)

    return [[(-1) ** (r + c) * minor(c, r) / below for c in size] for r in size]


def identity(size):
    return [[mp.mpf(r == c) for c in range(size)] for r in range(size)]


def spectral(matrix):
    """The largest singular value, and its slope between its two vectors."""
    tag = max((x.tag for row in matrix for x in row if isinstance(x, Dual)), default=0)
    if not tag:
        return max(mp.svd_r(mp.matrix(matrix), compute_uv=False))
    parts = mapped(lambda x: (x.value, x.slope) if isinstance(x, Dual) else (x, 0), matrix)
    value = mapped(lambda x: x[0], parts)
    left, sizes, right = mp.svd_r(mp.matrix(value))
    best = max(range(len(sizes)), key=lambda k: sizes[k])
    slope = total(
        left[r, best] * x[1] * right[best, c]
        for r, row in enumerate(parts)
        for c, x in enumerate(row)
    )
    return Dual(tag, sizes[best], slope)


COMPARE = {
    "=": lambda a, b: a == b,
    r"\ne": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
}
OF_NUMBERS = {
    r"\exp": "exp", r"\log": "log", r"\sqrt": "sqrt", r"\tanh": "tanh", r"\sinh": "sinh",
    r"\cosh": "cosh", r"\sin": "sin", r"\cos": "cos", r"\text{relu}": "relu",
    r"\text{sign}": "sign",
}  # fmt: skip


class Meaning:
    """Trees of one notation at one point, whose leaves a function gives."""

    def __init__(self, notation, leaf):
        self.notation, self.leaf = notation, leaf

    def number(self, node, local, moved):
        ((value,),) = self.of(node, local, moved)
        return value

    def whole(self, node, local, moved):
        return int(plain(self.number(node, local, moved)))

    def holds(self, node, local, moved):
        if isinstance(node, t.And):
            return all(self.holds(each, local, moved) for each in node.conditions)
        a, b = (plain(self.number(each, local, moved)) for each in (node.left, node.right))
        return COMPARE[node.relation](a, b)

    def of(self, node, local, moved):  # noqa: C901
        def inner(each):
            return self.of(each, local, moved)

        match node:
            case t.Number(value):
                return [[mp.mpf(value.numerator) / value.denominator]]
            case t.Constant(name):
                return [[mp.pi if name == r"\pi" else mp.e]]
            case t.Symbol(name, indices):
                if not indices and name in local:
                    return local[name]
                return self.symbol(
                    name, tuple(self.whole(each, local, moved) for each in indices), moved
                )
            case t.Component(of, indices):
                at = [self.whole(each, local, moved) - 1 for each in indices]
                matrix = inner(of)
                at = at if len(at) == 2 else [*at, 0] if len(matrix[0]) == 1 else [0, *at]
                return [[matrix[at[0]][at[1]]]]
            case t.Add(terms):
                matrices = [inner(each) for each in terms]
                rows, columns = (max(map(len, each)) for each in (
                    matrices, [each[0] for each in matrices]))  # fmt: skip
                widened = [
                    [[each[0][0]] * columns] * rows if len(each) == len(each[0]) == 1 else each
                    for each in matrices
                ]
                return mapped(lambda *each: total(each), *widened)
            case t.Negative(of):
                return mapped(lambda x: -x, inner(of))
            case t.Product(factors, by):
                result = inner(factors[0])
                for each in factors[1:]:
                    result = times(result, inner(each), by)
                return result
            case t.Divide(above, below):
                divisor = self.number(below, local, moved)
                return mapped(lambda x: x / divisor, inner(above))
            case t.Power(base, exponent):
                return self.power(inner(base), self.number(exponent, local, moved))
            case t.Transpose(of):
                return turned(inner(of))
            case t.Apply():
                return self.apply(node, local, moved)
            case t.Reduce(operator, index, over, of, condition):
                values = [
                    self.of(of, new, moved)
                    for new in self.running(index, over, local, moved)
                    if condition is None or self.holds(condition, new, moved)
                ]
                return self.reduced(operator, values)
            case t.Expectation(index, distribution, of):
                weights = inner(distribution)
                return [[total(
                    weights[k][0] * self.number(of, {**local, index: [[mp.mpf(k + 1)]]}, moved)
                    for k in range(len(weights))
                )]]  # fmt: skip
            case t.Gradient(variable, of, order):
                if variable is None:
                    return self.by_argument(of, of.arguments[0], order, local, moved)
                return self.slopes(of, [variable] * order, local, moved)
            case t.Derivative(t.Apply() as of, (by,), r"\partial") if by in of.arguments:
                return self.by_argument(of, by, 1, local, moved)
            case t.Derivative(of, variables):
                return self.slopes(of, list(variables), local, moved)
            case t.Cases(values, conditions):
                for value, condition in zip(values, conditions, strict=True):
                    if condition is None or self.holds(condition, local, moved):
                        return inner(value)
                raise ValueError("no case")
            case t.Indicator(_, condition):
                return [[mp.mpf(self.holds(condition, local, moved))]]
            case t.Matrix(rows):
                blocks = [[inner(each) for each in row] for row in rows]
                return [[*chain(*parts)] for row in blocks for parts in zip(*row, strict=True)]
            case t.Listing(index, over, of):
                columns = [
                    self.of(of, new, moved) for new in self.running(index, over, local, moved)
                ]
                return [[*chain(*parts)] for parts in zip(*columns, strict=True)]
            case t.Norm(of, kind):
                return [[self.norm(inner(of), kind)]]
            case t.Absolute(of):
                return [[of_number("abs", self.number(of, local, moved))]]
            case t.Identity(size):
                return identity(self.whole(size, local, moved))
            case t.Ones(size):
                return [[mp.mpf(1)]] * self.whole(size, local, moved)
        raise TypeError(type(node).__name__)

    def running(self, index, over, local, moved):
        if isinstance(over, t.Finite):
            values = [self.number(each, local, moved) for each in over.values]
        else:
            ends = (self.whole(each, local, moved) for each in (over.lower, over.upper))
            values = map(mp.mpf, range(next(ends), next(ends) + 1))
        return [{**local, index: [[each]]} for each in values]

    def reduced(self, operator, values):
        if operator == "sum":
            return mapped(lambda *each: total(each), *values) if values else [[mp.mpf(0)]]
        numbers = [each[0][0] for each in values]
        if operator == "prod":
            result = mp.mpf(1)
            for each in numbers:
                result = result * each
            return [[result]]
        return [[{"max": max, "min": min}[operator](numbers, key=plain)]]

    def power(self, base, exponent):
        if isinstance(exponent, Dual) or exponent != int(exponent):
            return mapped(lambda x: of_number("exp", exponent * of_number("log", x)), base)
        result = identity(len(base))
        for _ in range(abs(int(exponent))):
            result = times(result, base if exponent > 0 else inverse(base), "")
        return result

    def norm(self, matrix, kind):
        sizes = mapped(lambda x: of_number("abs", x), matrix)
        if kind == "2" and min(len(matrix), len(matrix[0])) > 1:
            return spectral(matrix)
        if kind in ("", "2", "F"):
            return of_number("sqrt", total(x * x for row in matrix for x in row))
        if kind in ("1", r"\infty"):
            rows = turned(sizes) if kind == "1" else sizes
            return max((total(row) for row in rows), key=plain)
        powers = total(self.power([[x]], int(kind))[0][0] for row in sizes for x in row)
        return self.power([[powers]], mp.mpf(1) / int(kind))[0][0]

    # Symbols, functions, slopes.

    def symbol(self, name, indices, moved):
        if (name, indices) in moved:
            return moved[name, indices]
        for definition in self.notation.definitions.get(name, ()):
            if definition.components:
                size = self.whole(self.notation.entries[name].shape[0], {}, moved)
                return self.entries(definition, {}, size, moved)
            own = {
                each.name: [[mp.mpf(k)]]
                for each, k in zip(definition.indices, indices, strict=True)
                if isinstance(each, t.Symbol)
            }
            return self.of(definition.body, own, moved)
        return self.leaf(name, indices)

    def entries(self, definition, own, size, moved):
        """Return a column whose definition gives each entry."""
        (index,) = (each.name for each in definition.components)
        numbers = [{**own, index: [[mp.mpf(k + 1)]]} for k in range(size)]
        return [self.of(definition.body, each, moved)[0] for each in numbers]

    def apply(self, node, local, moved):
        name, values = node.function.name, [self.of(each, local, moved) for each in node.arguments]
        if name in OF_NUMBERS:
            rule = lambda x: of_number(OF_NUMBERS[name], x)  # noqa: E731
            return mapped(lambda x: self.primed(rule, node.primes, x), values[0])
        if name in (r"\max", r"\min"):
            return self.reduced(name[1:], values)
        if name == r"\text{tr}":
            return [[total(row[k] for k, row in enumerate(values[0]))]]
        if name == r"\text{diag}" and len(values[0][0]) == 1:
            entries = [row[0] for row in values[0]]
            return [[x if r == c else x * 0 for c in range(len(entries))]
                    for r, x in enumerate(entries)]  # fmt: skip
        if name == r"\text{diag}":
            return [[row[k]] for k, row in enumerate(values[0])]
        if name == r"\text{softmax}":
            below = total(of_number("exp", row[0]) for row in values[0])
            return mapped(lambda x: of_number("exp", x) / below, values[0])
        (definition,) = self.notation.definitions[name]
        if len(values) == 1 and definition.shapes[0] == (t.number(1), t.number(1)):
            parameter = definition.parameters[0].name
            rule = lambda x: self.number(definition.body, {parameter: [[x]]}, moved)  # noqa: E731
            return mapped(lambda x: self.primed(rule, node.primes, x), values[0])
        own = {each.name: value for each, value in zip(definition.parameters, values, strict=True)}
        if definition.components:
            return self.entries(definition, own, len(values[0]), moved)
        return self.of(definition.body, own, moved)

    def primed(self, rule, primes, x):
        if not primes:
            return rule(x)
        tag = next(TAGS)
        value = self.primed(rule, primes - 1, Dual(tag, x, mp.mpf(1)))
        return slope_of(value, tag)

    def by_argument(self, of, argument, order, local, moved):
        """Differentiate an application by one of its arguments, whatever follows from it."""
        here = t.Symbol("here")
        given = tuple(here if each == argument else each for each in of.arguments)
        start = {"here": self.of(argument, local, moved)}
        of = t.Apply(of.function, given, of.primes)
        return self.slopes(of, [here] * order, {**local, **start}, moved)

    def slopes(self, of, variables, local, moved):
        if not variables:
            return self.of(of, local, moved)
        variable, rest = variables[0], variables[1:]
        symbol = variable.of if isinstance(variable, t.Component) else variable
        indices = tuple(self.whole(each, local, moved) for each in symbol.indices)
        start = self.of(symbol, local, moved)
        found = {}
        for r, row in enumerate(start):
            for c, x in enumerate(row):
                tag = next(TAGS)
                new = [list(each) for each in start]
                new[r][c] = Dual(tag, x, mp.mpf(1))
                is_local = not indices and symbol.name in local
                inner = {**local, symbol.name: new} if is_local else local
                other = moved if is_local else {**moved, (symbol.name, indices): new}
                value = self.slopes(of, rest, inner, other)
                found[r, c] = mapped(lambda each, tag=tag: slope_of(each, tag), value)
        if len(found) == 1:
            return found[0, 0]
        if isinstance(variable, t.Component):
            at = [self.whole(each, local, moved) - 1 for each in variable.indices]
            return found[at[0], at[1] if len(at) > 1 else 0]
        if all(len(each) == len(each[0]) == 1 for each in found.values()):
            return [[found[r, c][0][0] for c in range(len(start[0]))] for r in range(len(start))]
        columns = [[x for row in each for x in row] for each in found.values()]
        top = self.of(of, local, moved)
        return columns if len(top) == len(top[0]) == 1 else turned(columns)


def slope_of(x, tag):
    """The slope in one direction, within those that are outside of it."""
    if not isinstance(x, Dual) or x.tag < tag:
        return mp.mpf(0)
    if x.tag == tag:
        return x.slope
    return Dual(x.tag, slope_of(x.value, tag), slope_of(x.slope, tag))
