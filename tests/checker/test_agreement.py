"""Two independent evaluations of thousands of generated expressions agree, derivatives included.

The LaTeX is read once; then its tree is computed by the checker (in double precision and with 50
digits) and by other code (``independent.py``) from the same numbers.
"""

from collections import Counter
from random import Random

import numpy as np
import pytest

from equation_checker import Notation, read_display, read_row
from equation_checker.language import tree as t
from equation_checker.language.errors import Inconsistent, Undefined
from equation_checker.language.printing import Printer
from equation_checker.meaning import derivatives
from equation_checker.meaning.budget import allowed
from equation_checker.meaning.draws import Draws, free_indices
from equation_checker.meaning.fields import Decimal, Float64, Nested
from equation_checker.meaning.points import Scene
from equation_checker.meaning.shapes import Shapes
from equation_checker.meaning.values import World
from independent import Meaning, mp, plain

ROWS = [
    r"n, d \in \mathbb{N}",
    r"i, k = 1, \dots, n",
    r"j = 1, \dots, d",
    r"a, b, c \in \mathbb{R}",
    r"q \in \mathbb{R}_{>0}",
    r"x, u \in \mathbb{R}^n",
    r"v \in \mathbb{R}^d",
    r"g_i \in \mathbb{R}^d",
    r"y_i \in \{-1, +1\}",
    r"A \in \mathbb{R}^{n \times d}",
    r"B \in \mathbb{R}^{n \times n}",
    r"p \in \Delta^n",
    r"(\frac{\partial z}{\partial x})_{ij} = \frac{\partial z_i}{\partial x_j}",
    r"s, r \in \mathbb{R}",
    r"\sigma(s) := \frac{1}{1 + \exp(-s)}",
    r"f(s, r) := s^2 r + \sin(r)",
    r"Q(x) := x^\top B x",
    r"h := \sigma(A v)",
    r"z_i := g_i^\top v",
    r"e_i := \tanh(z_i) - y_i",
    r"L := \frac{1}{2} \sum_{i=1}^n e_i^2",
    r"G := [g_1, \dots, g_n]^\top",
    r"m(x)_k := \frac{\exp(x_k)}{\sum_{i=1}^n \exp(x_i)}",
]
NORMS = ["", "^2", "_1", r"_\infty", "_3"]
MATRIX_NORMS = ["_F", "_F^2", "_1", r"_\infty", "_2"]
CASES = r"\begin{cases} %s & \text{if } %s > 0 \\ %s & \text{otherwise} \end{cases}"
NUMBERS = ["2", "3", "0.5", r"\frac{1}{3}"]


class Writer:
    """Writes random LaTeX of a kind: a number, a column of n or d, a matrix of them."""

    def __init__(self, random):
        self.random = random
        self.bound = []

    def pick(self, *choices):
        return self.random.choice(choices)()

    def number(self, depth):
        if depth <= 0:
            entries = [f"{name}_{i}" for i in self.bound for name in "xyze"]
            return self.random.choice(
                ["a", "b", "c", "q", "L", "x_1", *NUMBERS, *entries, *entries]
            )
        n, v, w = (lambda: self.number(depth - 1)), (lambda: self.column("n", depth - 1)), (
            lambda: self.column("d", depth - 1))  # fmt: skip
        m = lambda: self.matrix("n", "n", depth - 1)  # noqa: E731
        r = lambda: self.matrix("n", "d", depth - 1)  # noqa: E731
        return self.pick(
            lambda: f"{n()} + {n()}",
            lambda: f"({n()}) - ({n()})",
            lambda: f"({n()}) ({n()})",
            lambda: rf"({n()}) \cdot ({n()})",
            lambda: rf"\frac{{{n()}}}{{1 + ({n()})^2}}",
            lambda: f"({n()})^{self.random.choice('23')}",
            lambda: rf"\exp(\tanh({n()}))",
            lambda: rf"\log(1 + ({n()})^2)",
            lambda: rf"\sqrt{{2 + ({n()})^2}}",
            lambda: rf"\{self.random.choice(['sin', 'cos', 'tanh'])}({n()})",
            lambda: rf"\text{{{self.random.choice(['relu', 'sign'])}}}({n()})",
            lambda: rf"\{self.random.choice(['max', 'min'])}({n()}, {n()})",
            lambda: f"|{n()}|",
            lambda: rf"\sigma({n()})",
            lambda: rf"\sigma'({n()})",
            lambda: rf"f({n()}, {n()})",
            lambda: f"Q({v()})",
            lambda: rf"({v()})^\top ({v()})",
            lambda: rf"({w()}) \cdot ({w()})",
            lambda: rf"({v()})^\top ({r()}) ({w()})",
            lambda: rf"\text{{tr}}({m()})",
            lambda: rf"\lVert {v()} \rVert{self.random.choice(NORMS)}",
            lambda: rf"\lVert {r()} \rVert{self.random.choice(MATRIX_NORMS)}",
            lambda: f"({v()})_{{{self.random.choice(['1', *self.bound])}}}",
            lambda: self.reduced(depth),
            lambda: CASES % (n(), n(), n()),
            lambda: rf"\mathbb{{1}}[{n()} \le {n()}]",
            lambda: rf"\frac{{d}}{{d {self.random.choice('abc')}}} ({n()})",
            lambda: rf"\frac{{d}}{{d {self.random.choice('abc')}}} ({n()})",
            lambda: rf"\frac{{d ({n()})}}{{d {self.random.choice(['v_1', 'z_1', 'a'])}}}",
            lambda: rf"\frac{{\partial^2}}{{\partial a \partial b}} ({n()})",
            lambda: r"\frac{\partial f(L, z_1)}{\partial z_1}",
            lambda: self.mean(depth),
            lambda: rf"\frac{{d^2}}{{d a^2}} ({n()})",
        )  # fmt: skip

    def reduced(self, depth):
        index = next((each for each in "ik" if each not in self.bound), None)
        if index is None:
            return self.number(depth - 1)
        self.bound.append(index)
        operator = self.random.choice(["sum", "sum", "sum", "prod", "max", "min"])
        below = self.random.choice([f"{index}=1", index, rf"{index} = 2"])
        above = "^n" if "=" in below else ""
        of = self.number(depth - 1)
        self.bound.pop()
        return rf"(\{operator}_{{{below}}}{above} ({of}))"

    def mean(self, depth):
        if "k" in self.bound:
            return self.number(depth - 1)
        self.bound.append("k")
        of = self.number(depth - 1)
        self.bound.pop()
        return rf"\mathbb{{E}}_{{k \sim p}}[{of}]"

    def column(self, size, depth):
        if depth <= 0:
            return self.random.choice({"n": ["x", "u", "h"], "d": ["v", "g_1", "g_2"]}[size])
        v, n = (lambda: self.column(size, depth - 1)), (lambda: self.number(depth - 1))
        other = "d" if size == "n" else "n"
        return self.pick(
            lambda: f"({v()}) + ({v()})",
            lambda: f"{v()} - ({v()})",
            lambda: f"({n()}) ({v()})",
            lambda: rf"\frac{{{v()}}}{{1 + ({n()})^2}}",
            lambda: rf"({v()}) \odot ({v()})",
            lambda: rf"\sigma({v()})",
            lambda: rf"\tanh({v()})",
            lambda: f"({self.matrix(size, other, depth - 1)}) ({self.column(other, depth - 1)})",
            lambda: rf"({self.matrix(size, size, depth - 1)}) \cdot ({v()})",
            lambda: rf"\text{{softmax}}({v()})" if size == "d" else f"m({v()})",
            lambda: rf"\text{{diag}}({self.matrix(size, size, depth - 1)})",
            lambda: rf"\nabla_{'x' if size == 'n' else 'v'} ({n()})",
            lambda: rf"\nabla_{'x' if size == 'n' else 'v'} ({n()})",
            lambda: rf"\frac{{d}}{{d a}} ({v()})",
            lambda: (
                self.random.choice([r"\nabla Q(x)", r"\frac{\partial Q(h)}{\partial h}"])
                if size == "n"
                else r"\sum_{i=1}^n e_i g_i"
            ),
            lambda: rf"(\mathbf{{I}}_{size} + ({v()}) ({v()})^\top)^{{-1}} ({v()})",
        )

    def matrix(self, rows, columns, depth):
        known = {("n", "d"): ["A", "G"], ("d", "n"): [r"A^\top", r"G^\top"], ("n", "n"): ["B"]}
        if depth <= 0:
            return self.random.choice(known.get((rows, columns), [r"\mathbf{I}_d"]))
        m = lambda: self.matrix(rows, columns, depth - 1)  # noqa: E731
        v, w = (self.column(each, depth - 1) for each in (rows, columns))
        by = {"n": "x", "d": "v"}[columns]
        choices = [
            lambda: f"({m()}) + ({m()})",
            lambda: f"({self.number(depth - 1)}) ({m()})",
            lambda: rf"({v}) ({w})^\top",
            lambda: rf"({m()}) \odot ({m()})",
            lambda: rf"({self.matrix(columns, rows, depth - 1)})^\top",
            lambda: f"({m()}) ({self.matrix(columns, columns, depth - 1)})",
            lambda: rf"\tanh({m()})",
            lambda: rf"\frac{{\partial ({v})}}{{\partial {by}}}",
            lambda: rf"\frac{{d}}{{d b}} ({m()})",
        ]
        if rows == columns:
            choices += [
                lambda: rf"\text{{diag}}({v})",
                lambda: rf"({m()}) \cdot ({m()})",
                lambda: f"({m()} + {m()})^2",
                lambda: rf"\nabla^2_{by} ({self.number(depth - 1)})",
            ]
        elif (rows, columns) == ("n", "d"):
            choices.append(lambda: rf"\nabla_A ({self.number(depth - 1)})")
        return self.pick(*choices)

    def expression(self):
        depth = self.random.choice([1, 2, 3, 3])
        return self.pick(
            lambda: self.number(depth),
            lambda: self.number(depth),
            lambda: self.column("n", depth),
            lambda: self.column("d", depth - 1),
            lambda: self.matrix("n", "d", depth - 1),
            lambda: self.matrix("n", "n", depth - 1),
        )


def notation():
    known = Notation()
    for latex in ROWS:
        known = read_row(latex, known)
    return known


KNOWN = notation()


def rows_of(value):
    return [[mp.mpf(each) for each in row] for row in np.atleast_2d(np.asarray(value, object))]


def computed(node, numbers, seed):
    """Return the world and the rows of a value; nothing where there is none."""
    draws = Draws(
        KNOWN, numbers, Scene(seed), (), free_indices((node,), dict(Shapes(KNOWN).scope().ranges))
    )
    world, _ = draws.at(0)
    try:
        return world, rows_of(world.of(node, {}))
    except (Undefined, Nested, OverflowError, ZeroDivisionError):
        return world, None


def difference(ours, theirs):
    """Return the largest difference of two values, relative to the larger of them and 1."""
    assert [len(row) for row in ours] == [len(row) for row in theirs]
    pairs = [(x, plain(y)) for a, b in zip(ours, theirs, strict=True)
             for x, y in zip(a, b, strict=True)]  # fmt: skip
    scale = max(1, *(abs(each) for pair in pairs for each in pair))
    return max(abs(x - y) for x, y in pairs) / scale


def disagreement(latex, seed, seen):
    """Return how the evaluations of an expression disagree; count what was compared."""
    (node,) = read_display(latex, KNOWN).statements[0].sides
    Shapes(KNOWN).of(node, Shapes(KNOWN).scope())
    world, precise = computed(node, Decimal(50, 2), seed)
    _, quick = computed(node, Float64(), seed)
    if precise is None:
        seen["without a value"] += 1
        return ""
    theirs = Meaning(KNOWN, lambda *key: rows_of(world.symbol(key))).of(node, {}, {})
    seen["compared"] += 1
    seen.update({type(each).__name__ for each in t.walk(node)})
    if difference(precise, theirs) > 1e-25:
        return f"{latex}: {precise} is not {theirs}, read as {Printer(KNOWN).show(node)}"
    if quick is not None:
        seen["in double precision"] += 1
        if difference(quick, theirs) > 1e-6:
            return f"{latex}: {quick} in double precision is not {theirs}"
    return ""


def agree(numbers):
    """Compare numbered expressions; the first that disagrees is shown."""
    seen = Counter()
    for number in numbers:
        with allowed():
            wrong = disagreement(Writer(Random(number)).expression(), str(number), seen)
        assert not wrong, f"expression {number}: {wrong}"
    return seen


def entrywise_dot(world, factors, by):
    """Sum the products of entries, as if two matrices were columns."""
    if by == r"\cdot" and all(np.shape(each) for each in factors):
        return (factors[0] * factors[1]).sum()
    return original["_product"](world, factors, by)


original = dict(vars(World))
FAULTS = {
    "_product": entrywise_dot,
    "_norm": lambda world, matrix, *_: original["_norm"](world, matrix, "F"),
    "_divide": lambda _, above, below: above * below,
    "_absolute": lambda _, value: value,
    "_primed": lambda *given: given[1],
    "_case": lambda world, node, bound: world.of(node.values[0], bound),
    "_mean": lambda world, node, bound: original["_reduce"](
        world, t.Reduce("sum", node.index, KNOWN.entries["k"].ranges[0], node.of), bound
    ),
    "_with_listed": lambda _, key, changed: {key: changed * 2},
    "_matrix_power": lambda *given: given[1].T,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name, monkeypatch):
    monkeypatch.setattr(World if name in original else derivatives, name, FAULTS[name])
    with pytest.raises((AssertionError, Inconsistent)):
        agree(range(2200))


@pytest.mark.parametrize("start", range(0, 2200, 220))
def test_two_evaluations_agree(start):
    seen = agree(range(start, start + 220))
    assert seen["compared"] >= 200
    assert seen["in double precision"] >= 150
