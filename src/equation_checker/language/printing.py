"""Print a tree back as LaTeX with every bracket in place: what was read, for its author to see."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, assert_never

from equation_checker.language import tree as t
from equation_checker.language.distributions import BY_NAME as DISTRIBUTIONS
from equation_checker.language.functions import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from equation_checker.language.notation import Entry, Notation

CLOSED = (
    t.Number, t.Constant, t.Symbol, t.Apply, t.Divide, t.Norm, t.Absolute, t.Matrix, t.Listing,
    t.Indicator, t.Cases, t.Ones, t.Density, t.Expectation,
)  # fmt: skip
"""What needs no bracket around it as a factor."""

SPELLED = {
    r"\sqrt": r"\sqrt{{{}}}", r"\binom": r"\binom{{{}}}{{{}}}", "!": "{}!", "^+": "{}^{{+}}",
    r"\lfloor": r"\lfloor {} \rfloor", r"\lceil": r"\lceil {} \rceil",
}  # fmt: skip
"""Functions that are not written as a name with brackets behind it."""

OPEN = (t.Add, t.Reduce, t.Limit, t.Extremum, t.Integral)
"""What a plus sign behind it would cut off."""


class Printer:
    """Prints trees whose symbols one notation declares."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def declared(self, entry: Entry) -> str:
        """Spell a symbol as it was declared."""
        return spell(entry.name, entry.indices)

    def show(self, node: t.Node) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915
        """Return the LaTeX of a tree, fully bracketed; it reads back to the same tree."""
        match node:
            case t.Number(value):
                return _decimal(value)
            case t.Constant(name):
                return name
            case t.Symbol(name, indices):
                return spell(name, [self.show(each) for each in indices])
            case t.Component(of, indices):
                shown = self._inner(of)
                shown = shown if shown[-1] == ")" or "_" not in shown else f"({shown})"
                indices = self.notation.counted(of, indices, -1)
                return f"{shown}_{{{','.join(self.show(each) for each in indices)}}}"
            case t.Add(terms):
                return self._sum(terms)
            case t.Negative(of):
                return f"-{self.factor(of)}"
            case t.Product(factors, by):
                joint = f" {by} " if by else r" "
                return joint.join(self.factor(each) for each in factors)
            case t.Divide(numerator, denominator):
                return rf"\frac{{{self.show(numerator)}}}{{{self.show(denominator)}}}"
            case t.Power(base, exponent):
                return f"{self._inner(base)}^{{{self.show(exponent)}}}"
            case t.Transpose(of):
                return rf"{self._inner(of)}^\top"
            case t.Apply():
                return self._application(node)
            case t.Reduce():
                return self._reduction(node)
            case t.Expectation():
                return self._mean(node)
            case t.Law(name, parameters):
                listed = ", ".join(self.show(each) for each in parameters)
                return f"{DISTRIBUTIONS[name].latex[0]}({listed})"
            case t.Density(law, at):
                return self.show(law).replace("(", rf"({self.show(at)} \mid ", 1)
            case t.Gradient(variable, of, order):
                power = f"^{order}" if order > 1 else ""
                below = f"_{{{self.show(variable)}}}" if variable is not None else ""
                return rf"\nabla{power}{below} {self.operand(of)}"
            case t.Derivative():
                return self._derivative(node)
            case t.Integral(variable, lower, upper, of):
                limits = f"_{{{self.show(lower)}}}^{{{self.show(upper)}}}"
                return rf"\int{limits} {self.factor(of)} \, \mathrm{{d}}{variable}"
            case t.Limit(variable, to, of, side):
                goes = rf"{variable} \to {self.show(to)}" + (f"^{side}" if side else "")
                return rf"\lim_{{{goes}}} {self.factor(of)}"
            case t.Evaluated(variable, at, of):
                return rf"\left.{self.factor(of)}\right|_{{{variable} = {self.show(at)}}}"
            case t.Extremum(operator, variable, of, size, positive):
                over = r"\mathbb{R}" + (f"^{{{self.show(size)}}}" if size != t.number(1) else "")
                below = f"{variable} > 0" if positive else rf"{variable} \in {over}"
                return f"{BY_NAME[operator].latex}_{{{below}}} ({self.show(of)})"
            case t.Landau(sign, of):
                return f"{sign}({self.show(of)})"
            case t.Cases(values, conditions):
                rows = zip(values, conditions, strict=True)
                inside = r" \\ ".join(self._case(*row) for row in rows)
                return rf"\begin{{cases}} {inside} \end{{cases}}"
            case t.Indicator(sign, condition):
                return f"{sign}({self.show(condition)})"
            case t.Comparison(relation, left, right):
                return f"{self.show(left)} {relation} {self.show(right)}"
            case t.And(conditions):
                return r" \land ".join(self.show(each) for each in conditions)
            case t.Matrix(rows):
                return self._matrix(rows)
            case t.Listing(index, over, of):
                ends = [
                    self.show(t.substitute(of, {index: end})) for end in (over.lower, over.upper)
                ]
                return rf"[{ends[0]}, \dots, {ends[1]}]"
            case t.Norm(of, kind):
                return rf"\lVert {self._barred(of)} \rVert" + (f"_{{{kind}}}" if kind else "")
            case t.Absolute(of):
                return f"|{self._barred(of)}|"
            case t.Identity(size):
                return rf"\mathbf{{I}}_{{{self.show(size)}}}"
            case t.Ones(size):
                return rf"\mathbf{{1}}_{{{self.show(size)}}}"
            case t.Range(lower, upper):
                return rf"\{{{self.show(lower)}, \dots, {self.show(upper)}\}}"
            case t.Finite(values):
                return rf"\{{{', '.join(self.show(each) for each in values)}\}}"
            case _:
                assert_never(node)

    def _barred(self, node: t.Node) -> str:
        """Return a tree ready to stand between bars."""
        shown = self.show(node)
        return f"({shown})" if "|" in shown or r"\lVert" in shown else shown

    def _inner(self, node: t.Node) -> str:
        """Return a tree ready for scripts."""
        shown = self.show(node)
        whole = isinstance(
            node, (t.Number, t.Constant, t.Absolute, t.Norm, t.Matrix, t.Listing, t.Indicator)
        )
        if whole or (isinstance(node, t.Symbol) and "^" not in shown):
            return shown
        plain = isinstance(node, t.Apply) and node.function.name in self.notation.entries
        return shown if plain else f"({shown})"

    def factor(self, node: t.Node) -> str:
        """Return a tree ready to be multiplied."""
        shown = self.show(node)
        if isinstance(node, t.Number):
            return shown if node.value >= 0 and node.value.denominator == 1 else f"({shown})"
        plain = isinstance(node, (CLOSED, t.Transpose, t.Power, t.Component))
        return shown if plain else f"({shown})"

    def operand(self, node: t.Node) -> str:
        """Return a tree ready to be differentiated."""
        shown = self.show(node)
        return shown if isinstance(node, (t.Symbol, t.Apply)) else f"({shown})"

    def _sum(self, terms: tuple[t.Node, ...]) -> str:
        first, *rest = (self._term(each) for each in terms)
        return first + "".join(
            f" - {each[1:]}" if each[0] == "-" else f" + {each}" for each in rest
        )

    def _term(self, node: t.Node) -> str:
        shown = self.show(node)
        return f"({shown})" if isinstance(node, OPEN) else shown

    def _application(self, node: t.Apply) -> str:
        name = spell(node.function.name, [self.show(each) for each in node.function.indices])
        arguments = [self.show(each) for each in node.arguments]
        if name in SPELLED and len(arguments) == SPELLED[name].count("{}"):
            shown = [self.factor(each) for each in node.arguments] if name == "!" else arguments
            shown = [self._inner(each) for each in node.arguments] if name == "^+" else shown
            return SPELLED[name].format(*shown)
        entry = self.notation.entries.get(node.function.name)
        signs = self.notation.parted.get(node.function.name, ())
        if entry is not None and not entry.signs and len(signs) == len(arguments) + 1:
            entry = replace(entry, signs=signs)
        return f"{name}{chr(39) * node.primes}({parted(arguments, entry)})"

    def _reduction(self, node: t.Reduce) -> str:
        below, above = f"{node.index}", ""
        if isinstance(node.over, t.Range):
            below += f"={self.show(node.over.lower)}"
            above = f"^{{{self.show(node.over.upper)}}}"
        else:
            below += rf" \in {self.show(node.over)}"
        if node.condition is not None:
            below += f" : {self.show(node.condition)}"
        return f"{BY_NAME[node.operator].latex}_{{{below}}}{above} ({self.show(node.of)})"

    def _mean(self, node: t.Expectation) -> str:
        below, of = node.index.replace("_{#}", ""), node.of
        if isinstance(node.distribution, t.Symbol) and below == f"{self.show(node.distribution)}'":
            names = list[str]()
            while isinstance(of, t.Evaluated) and below in t.names(of.at):
                names.append(spell(of.variable, ()))
                of = of.of
            below = names[0] if len(names) == 1 else f"({', '.join(names)})"
        if node.distribution is not None:
            below += rf" \sim {self.show(node.distribution)}"
        return rf"\mathbb{{E}}_{{{below}}}[{self.show(of)}]"

    def _derivative(self, node: t.Derivative) -> str:
        order = f"^{len(node.variables)}" if len(node.variables) > 1 else ""
        below = " ".join(f"{node.sign} {self.show(each)}" for each in node.variables)
        return rf"\frac{{{node.sign}{order}}}{{{below}}} {self.operand(node.of)}"

    def _case(self, value: t.Node, condition: t.Node | None) -> str:
        when = r"\text{otherwise}" if condition is None else rf"\text{{if }} {self.show(condition)}"
        return f"{self.show(value)} & {when}"

    def _matrix(self, rows: tuple[tuple[t.Node, ...], ...]) -> str:
        if len(rows) == 1 and len(rows[0]) > 1:
            return f"[{', '.join(self.show(each) for each in rows[0])}]"
        inside = r" \\ ".join(" & ".join(self.show(each) for each in row) for row in rows)
        return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"


def parted(arguments: Sequence[str], entry: Entry | None) -> str:
    """Put the signs that a function was defined with around its arguments."""
    if entry is None or not entry.signs:
        return ", ".join(arguments)
    shown = {",": ", ", "|": r" \mid ", r"\succ": r" \succ ", ">": " > "}
    first, *rest = (reduce(lambda a, b: a.replace(*b), shown.items(), e) for e in entry.signs)
    return first + "".join(a + b for a, b in zip(arguments, rest, strict=True))


def spell(name: str, indices: Iterable[str]) -> str:
    r"""Put indices into the places of a name: ``x_{#}`` with ``i`` is ``x_{i}``."""
    rest = list(indices)
    mark, _, name = name.rpartition("⟩")  # what tells functions of one letter apart is not shown
    behind = mark.removeprefix("⟨").replace("|", r" \| ") if mark.startswith("⟨(") else ""
    head, _, sup = name.partition("^{")
    sub_count = head.count("#")
    sub, over = rest[:sub_count], rest[sub_count:]
    apart = any(_is_compound(each) for each in sub)
    if apart and "_{" in head:
        base, _, slots = head.partition("_{")
        listed = [sub.pop(0) if slot == "#" else slot for slot in slots.removesuffix("}")]
        head = f"{base}_{{{','.join(listed)}}}"
    else:
        for each in sub:
            head = head.replace("#", each, 1)
    for each in over:
        sup = sup.replace("#", each, 1)
    return (f"{head}^{{{sup}" if sup else head) + behind


def _is_compound(text: str) -> bool:
    return any(sign in text for sign in "+-_ ") or (text.isdigit() and len(text) > 1)


def _decimal(value: Fraction) -> str:
    """Spell a number in digits if it has an end, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    twos = value.denominator
    for prime in (2, 5):
        while twos % prime == 0:
            twos //= prime
    if twos == 1:
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
