"""Sums and products of sizes and indices, ``n_{l-1} + 1``, compared without a number put in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from equation_checker.language import tree as t

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSAID = "size…"
"""How the name of a size begins that is still to be found, because nobody said it."""
SMALLEST = 2
"""No size is drawn smaller; so ``w_{12}`` is an entry of any vector."""


@dataclass(frozen=True)
class Size:
    """A whole number of each symbol, or product of symbols, and a constant."""

    terms: frozenset[tuple[t.Symbol | t.Product, int]]
    constant: int = 0

    def plus(self, other: Size, times: int = 1) -> Size:
        """Return the sum with a multiple of another size."""
        counts = dict(self.terms)
        for symbol, count in other.terms:
            counts[symbol] = counts.get(symbol, 0) + times * count
        terms = frozenset((s, c) for s, c in counts.items() if c)
        return Size(terms, self.constant + times * other.constant)

    def times(self, other: Size) -> Size:
        """Return the product with another size."""
        product = Size(frozenset(), self.constant * other.constant)
        rest = [*self.terms, (None, self.constant)]
        for first, count in rest:
            for second, number in [*other.terms, (None, other.constant)]:
                factors = [*_symbols(first), *_symbols(second)]
                if factors and count * number:
                    joint = t.Product(tuple(sorted(factors, key=repr)))
                    key = factors[0] if len(factors) == 1 else joint
                    product = product.plus(Size(frozenset({(key, 1)})), count * number)
        return product

    def is_at_least(self, other: Size) -> bool:
        """Tell whether it is so for all sizes; False when it is not certain."""
        difference = self.plus(other, -1)
        counts = [count for _, count in difference.terms]
        return all(c > 0 for c in counts) and SMALLEST * sum(counts) + difference.constant >= 0


def linear(node: t.Node) -> Size | None:
    """Return a tree of sizes and indices as a sum, or None where it is none."""
    match node:
        case t.Number(value) if value.denominator == 1:
            return Size(frozenset(), int(value))
        case t.Symbol(name, indices):
            return Size(
                frozenset({(t.Symbol(name, tuple(canonical(each) for each in indices)), 1)})
            )
        case t.Negative(of):
            size = linear(of)
            return size and Size(frozenset()).plus(size, -1)
        case t.Add(parts) | t.Product(parts):
            sizes = [size for each in parts if (size := linear(each)) is not None]
            if len(sizes) < len(parts):
                return None
            return reduce(Size.plus if isinstance(node, t.Add) else Size.times, sizes)
        case _:
            return None


def _symbols(node: t.Node | None) -> tuple[t.Symbol, ...]:
    parts = node.factors if isinstance(node, t.Product) else (node,)
    return tuple(each for each in parts if isinstance(each, t.Symbol))


def canonical(node: t.Node) -> t.Node:
    """Return the plainest tree of a sum of sizes: ``l`` for ``(l + 1) - 1``; others as they are."""
    size = linear(node)
    if size is None:
        return node
    terms: list[t.Node] = []
    for symbol, count in sorted(size.terms, key=repr):
        factors: tuple[t.Node, ...] = (t.number(abs(count)), *_symbols(symbol))
        term: t.Node = symbol if abs(count) == 1 else t.Product(factors)
        terms.append(term if count > 0 else t.Negative(term))
    if size.constant or not terms:
        constant = t.number(abs(size.constant))
        terms.append(t.Negative(constant) if size.constant < 0 else constant)
    return terms[0] if len(terms) == 1 else t.Add(tuple(terms))


def extreme(size: Size, ranges: Mapping[str, t.Range], *, upper: bool) -> Size:
    """Return the largest (or smallest) value of a sum in which indices run over their ranges.

    An index goes before those that its range hangs on: ``i`` before ``t`` where it runs from ``t``.
    """
    for _ in range(len(ranges) + 1):
        present = {e.name for e, _ in size.terms if isinstance(e, t.Symbol) and e.name in ranges}
        awaited = {name for each in present for name in t.names(ranges[each])} & present
        for symbol, count in sorted(size.terms, key=repr):
            if not isinstance(symbol, t.Symbol) or symbol.name not in present - awaited:
                continue
            over = ranges[symbol.name]
            end = linear(over.upper if (count > 0) == upper else over.lower)
            if end is not None:
                size = size.plus(Size(frozenset({(symbol, 1)})), -count).plus(end, count)
                break
        else:
            break
    return size


def within(node: t.Node, over: t.Range, ranges: Mapping[str, t.Range]) -> bool:
    """Tell whether an index surely stays inside a range."""
    size, lower, upper = linear(node), linear(over.lower), linear(over.upper)
    if size is None or lower is None or upper is None:
        return False
    smallest, largest = (extreme(size, ranges, upper=end) for end in (False, True))
    return smallest.is_at_least(lower) and upper.is_at_least(largest)
