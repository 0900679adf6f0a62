"""Prove claims at small stated sizes with SymPy: every value of finite symbols, all else a symbol.

Each exponential of a sum becomes a product of powers of new symbols; then an identity of rational
functions is an identity of polynomials, which expanding decides.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from equation_checker.language.errors import Undefined
from equation_checker.language.printing import spell
from equation_checker.meaning.fields import Field, Value
from equation_checker.meaning.points import Point, Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from equation_checker.judging.claims import Judge
    from equation_checker.language.notation import Domain, Notation
    from equation_checker.meaning.draws import Draws
    from equation_checker.reading.displays import Statement

SIZE = 2
"""All sizes that are not fixed take this value in a proof."""
MOST_CASES = 64
EXPONENTIAL = (sympy.tanh, sympy.sinh, sympy.cosh, sympy.sin, sympy.cos)
"""Functions that are made of exponentials."""


class Symbols(Field):
    """SymPy expressions; the only field that differentiates by rules."""

    name = "SymPy"
    method = "symbolic rules"
    tolerance = 0.0

    def number(self, value: Fraction) -> Any:
        """Return a rational number."""
        return sympy.Rational(value.numerator, value.denominator)

    def entry(self, name: str, value: Fraction, domain: Domain) -> Any:
        """Return a symbol in the place of what other fields draw."""
        if domain.kind in ("finite", "natural"):
            return self.number(value)
        if domain.matrix in ("orthogonal", "rotation"):
            raise Undefined("no symbols stand for the entries of an orthogonal matrix")
        positive = domain.kind in ("positive", "simplex")
        return sympy.Symbol(name, real=True, positive=positive or None)

    def constant(self, name: str) -> Any:
        """Return pi or e."""
        return sympy.pi if name == r"\pi" else sympy.E

    def function(self, name: str, x: Any) -> Any:
        """Return an elementary function."""
        return getattr(sympy, name)(x)

    def derivative(self, function: Callable[[Any], Value], x: Any) -> Value:
        """Return the derivative by a symbol of its own, taken at ``x``."""
        variable = sympy.Dummy("t", real=True)
        value = function(variable)
        return np.frompyfunc(lambda each: sympy.diff(each, variable).subs(variable, x), 1, 1)(value)


def prove(statement: Statement, judge: Judge) -> str:
    """Return for which sizes a claim of equalities was proved; nothing when it was not."""
    if set(statement.relations) != {"="} or _has_abstract(statement, judge.notation):
        return ""
    try:
        points = list(_points(statement, judge))
        if all(_holds(statement, judge, point) for point in points):
            return _sizes(points[0])
    except (TypeError, Undefined, RecursionError):
        pass  # a comparison of symbols, or no value: nothing is proved
    return ""


def _holds(statement: Statement, judge: Judge, point: Point) -> bool:
    world, combinations = judge.draws(statement, Symbols()).of(point)
    for bound in combinations:
        values = [world.of(side, bound) for side in statement.sides]
        for left, right in pairwise(values):
            if not all(_is_zero(each) for each in np.ravel(np.asarray(left - right, dtype=object))):
                return False
    return True


def _points(statement: Statement, judge: Judge) -> Iterator[Point]:
    """Yield a point for each combination of the values of finite symbols."""
    point = _small(judge)
    draws: Draws = judge.draws(statement, Symbols())
    world, combinations = draws.of(point)
    for bound in combinations:
        for side in statement.sides:
            world.of(side, bound)
    entries = judge.notation.entries
    finite = [key for key in point.values if entries[key[0]].domain.kind == "finite"]
    cells = [each for each in point.cells() if each[0] in finite]
    choices = [entries[key[0]].domain.values for key, _, _ in cells]
    if not all(choices):
        raise Undefined("a range of values")
    combined = list(product(*choices))
    if len(combined) > MOST_CASES:
        raise Undefined("too many cases")
    for values in combined:
        new = _small(judge)
        new.values |= {key: point.values[key] for key in finite}
        for cell, value in zip(cells, values, strict=True):
            new.values[cell[0]] = new.put(cell, value)
        yield new


class _Small(Point):
    """A point at which all sizes are small."""

    def size(self, key: Any) -> int:
        """Return the one size of a proof."""
        return self.sizes.setdefault(key, SIZE)


def _small(judge: Judge) -> Point:
    return _Small(Scene(str(judge.settings.seed)), 0)


def _has_abstract(statement: Statement, notation: Notation) -> bool:
    """Tell whether a function without a definition occurs, for which SymPy has no symbol."""
    names = notation.rests_on(statement.sides)
    functions = {name for name in names if notation.kind(name) == "function"}
    return any(not notation.definitions.get(name) for name in functions)


def _sizes(point: Point) -> str:
    names = [spell(name, map(str, indices)) for (name, indices) in point.sizes]
    return f"proved for {', '.join(names)} = {SIZE}" if names else "proved"


def _is_zero(expression: Any) -> bool:
    """Decide whether an expression of exponentials is 0 by expanding its numerator."""
    powers: dict[Any, Any] = {}
    plain = sympy.sympify(expression).rewrite(list(EXPONENTIAL), sympy.exp)
    plain = plain.replace(sympy.exp, lambda x: _product(x, powers)).replace(sympy.log, _logarithm)
    plain = plain.subs({sympy.log(symbol): exponent for exponent, symbol in powers.items()})
    numerator, _ = sympy.fraction(sympy.together(plain))
    return bool(sympy.expand(numerator) == 0)


def _logarithm(x: Any) -> Any:
    """Return the logarithm of a fraction of products as a sum."""
    return sympy.expand_log(sympy.log(sympy.factor(sympy.together(x))), force=True)


def _product(exponent: Any, powers: dict[Any, Any]) -> Any:
    """Return ``exp`` of a sum as a product of powers of one symbol for each term."""
    result = sympy.Integer(1)
    for term in sympy.Add.make_args(sympy.expand(exponent)):
        count, rest = term.as_coeff_Mul()
        if count.is_Integer:
            result *= powers.setdefault(rest, sympy.Dummy(positive=True)) ** count
        else:
            result *= powers.setdefault(term, sympy.Dummy(positive=True))
    return result
