"""Rows and columns of every expression, with symbolic sizes; no number is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from equation_checker.language import tree as t
from equation_checker.language.distributions import BY_NAME as DISTRIBUTIONS
from equation_checker.language.errors import Mismatch, Unreadable, ambiguous, undeclared
from equation_checker.language.functions import BUILT_IN, BY_NAME, Function, Kind, is_each
from equation_checker.language.notation import ONE, SCALAR, VALUES
from equation_checker.language.printing import Printer
from equation_checker.language.sizes import UNSAID, canonical, linear, within
from equation_checker.meaning.budget import spend

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from equation_checker.language.notation import Definition, Entry, Notation

Shape = tuple[t.Node, t.Node]
LAYOUT = r"(\frac{\partial z}{\partial x})_{ij} = \frac{\partial z_i}{\partial x_j}"
"""The row of the notation that declares the layout of Jacobians: outputs along the rows."""

ADDED = r"(X + b)_{ij} = X_{ij} + b_j"
"""The row that declares that a vector is added to each row of a matrix."""
ENTRYWISE = "(x / y)_i = x_i / y_i"
"""The row that declares that columns are divided, raised and added to numbers by their entries."""
OF_A_MATRIX = frozenset({"exp", "log", "sqrt"})
"""Functions that have another meaning for a square matrix than of each entry."""
WANTED: dict[str, str] = {
    "number": "a number",
    "column": "a column",
    "square": "a square matrix",
    "any": "a matrix",
}


@dataclass(frozen=True)
class Scope:
    """What is known while a shape is found: what indices run over, the shapes of bound names."""

    ranges: Mapping[str, t.Range] = field(default_factory=dict)
    values: Mapping[str, Shape] = field(default_factory=dict)
    applying: frozenset[str] = frozenset()


class Shapes:
    """Finds shapes in one notation; the errors show the LaTeX that does not fit."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.printer = Printer(notation)

    def scope(self, ranges: Iterable[tuple[str, t.Range]] = ()) -> Scope:
        """Return the scope in which all declared indices run over their ranges."""
        declared = {
            e.name: e.ranges[0]
            for e in self.notation.entries.values()
            if e.kind == "index" and e.ranges and e.ranges[0] is not None
        }
        opened = Scope({**declared, **dict(ranges)})
        for over in dict(ranges).values():
            for end in (over.lower, over.upper):
                self._check_limit(end, opened)
        return opened

    def of(self, node: t.Node, scope: Scope) -> Shape:  # noqa: C901, PLR0911, PLR0912, PLR0915
        """Return the rows and columns of an expression."""
        spend(5)
        match node:
            case t.Number() | t.Constant():
                return SCALAR
            case t.Symbol():
                return self._symbol(node, scope)
            case t.Component(of, indices):
                return self._component(node, self.of(of, scope), indices, scope)
            case t.Add(terms):
                return self._sum(terms, scope)
            case t.Negative(of):
                return self.of(of, scope)
            case t.Product(factors, by):
                return self._product(factors, by, scope)
            case t.Divide(numerator, denominator):
                return self._quotient(numerator, denominator, scope)
            case t.Power():
                return self._power(node, scope)
            case t.Transpose(of):
                return self.of(of, scope)[::-1]
            case t.Apply():
                return self._application(node, scope)
            case t.Reduce():
                return self._reduction(node, scope)
            case t.Expectation():
                return self._expectation(node, scope)
            case t.Density():
                return self._density(node, scope)
            case t.Law():
                raise Mismatch("a distribution has no value", node.span)
            case t.Gradient():
                return self._gradient(node, scope)
            case t.Derivative():
                return self._derivative(node, scope)
            case t.Integral(variable, lower, upper, of):
                for end in (lower, upper):
                    self.check_scalar(end, scope, "an end of an integral")
                self.check_scalar(of, self._with(variable, SCALAR, scope), "what is integrated")
                return SCALAR
            case t.Limit(variable, to, of):
                self.check_scalar(to, scope, "what a variable goes to")
                inner = self._with(variable, SCALAR, scope)
                self.check_scalar(of, inner, "what has a limit")
                return SCALAR
            case t.Evaluated(variable, at, of):
                return self._evaluated(node, self.of(at, scope), scope)
            case t.Extremum(operator, variable, of, size):
                shape = (size, t.number(1))
                self.check_scalar(of, self._with(variable, shape, scope), f"what has a {operator}")
                return shape if BY_NAME[operator].extremum == "place" else SCALAR
            case t.Landau(_, of):
                self.check_scalar(of, scope, "an order")
                return SCALAR
            case t.Cases(values, conditions):
                for condition in conditions:
                    if condition is not None:
                        self.of(condition, scope)
                return self._equal(values, scope, "the cases")
            case t.Indicator(_, condition):
                return self.of(condition, scope)
            case t.Comparison(_, left, right):
                self.check_scalar(left, scope, "a side of a comparison")
                self.check_scalar(right, scope, "a side of a comparison")
                return SCALAR
            case t.And(conditions):
                for condition in conditions:
                    self.of(condition, scope)
                return SCALAR
            case t.Matrix(rows):
                return self._matrix(rows, scope)
            case t.Listing():
                return self._listing(node, scope)
            case t.Norm():
                return self._norm(node, scope)
            case t.Absolute(of):
                self.check_scalar(of, scope, r"the inside of |\cdot|")
                return SCALAR
            case t.Identity(size):
                return size, size
            case t.Ones(size):
                return size, t.number(1)
            case t.Range() | t.Finite():
                raise Mismatch("a set has no value", node.span)
            case _:
                assert_never(node)

    def check_definitions(self, node: t.Node) -> None:
        """Refuse symbols whose definitions do not fit what was declared anew since."""
        notation = self.notation
        symbols = [each for each in t.walk(node) if isinstance(each, t.Symbol)]
        for symbol in symbols if notation.again else ():
            for name in notation.reach.get(symbol.name, frozenset()):
                if notation.reach.get(name, frozenset()) & notation.again:
                    self._check_definition(name, symbol)

    def _check_definition(self, name: str, user: t.Symbol) -> None:
        entry = self.notation.entries[name]
        for definition in self.notation.definitions.get(name, ()):
            laws = [e for e in definition.names & self.notation.again if e.startswith(VALUES)]
            if laws:
                shown = self.printer.declared(entry)
                message = f"{shown} is a mean over other values of {laws[0].rpartition('⟩')[2]}"
                raise Mismatch(message.removesuffix("_{#}"), user.span, "name one law anew")
            scope = replace(self.scope(definition.ranges), values=definition.bound)
            try:
                shape = self.of(definition.body, scope)
            except Unreadable as problem:
                message = f"{self.printer.declared(entry)} does not fit the notation of this page: "
                raise Mismatch(message + problem.message, user.span) from None
            if entry.kind == "function" or definition.components or entry.shape is None:
                continue
            wanted = self._entry_shape(entry, t.Symbol(name, definition.indices))
            if entry.kind != "size" and not self.equal(shape, wanted):
                message = f"{self.printer.declared(entry)} has another shape on this page"
                raise Mismatch(message, user.span)

    def check_repeated(self, sides: Iterable[t.Node], indices: Iterable[str]) -> None:
        """Refuse an index that only occurs twice in products and is missing elsewhere.

        ``y_i = a_{ij} x_j`` means a sum in some books, and that it is true for all j in others.
        """
        terms = [term for side in sides for term in summands(side)]
        found = {name: [self.occurs(name, term) for term in terms] for name in sorted(indices)}
        for name, kinds in found.items():
            if len(kinds) > 1 and "twice" in kinds and "not" in kinds and "once" not in kinds:
                term = terms[kinds.index("twice")]
                raise ambiguous(
                    rf"\sum_{{{name}}} {self.printer.show(term)}",
                    f"{self.printer.show(term)} for each {name}",
                    term.span,
                    rf"write \sum_{{{name}}}, or what {name} runs over behind the claim",
                )

    def occurs(self, name: str, node: t.Node) -> str:
        """Tell whether a free index occurs twice in products of numbers, or else, or not at all."""
        if isinstance(node, t.Symbol | t.Component):
            return "once" if any(name == each.name for each in t.free(node)) else "not"
        kinds = [
            self.occurs(name, child)
            for child in t.children(node)
            if t.bound_name(node, child) != name
        ]
        if isinstance(node, t.Product):
            numbers = [
                isinstance(each, t.Component)
                or (isinstance(each, t.Symbol) and self._is_number(each))
                for each in node.factors
            ]
            once = [n for n, kind in zip(numbers, kinds, strict=True) if kind == "once"]
            if len(once) > 1 and all(once):
                return "twice"
        return next((kind for kind in ("once", "twice") if kind in kinds), "not")

    def _is_number(self, symbol: t.Symbol) -> bool:
        entry = self.notation.entries.get(symbol.name)
        return entry is not None and entry.shape == SCALAR

    # Comparing.

    def same(self, first: t.Node, second: t.Node) -> bool:
        """Tell whether two sizes are the same for all values."""
        a, b = self.notation.resolve(first), self.notation.resolve(second)
        if a == b or ((size := linear(a)) is not None and size == linear(b)):
            return True
        return any(name.startswith(UNSAID) for e in (a, b) for name in t.names(e))

    def equal(self, first: Shape, second: Shape) -> bool:
        """Tell whether two shapes are the same."""
        return all(self.same(a, b) for a, b in zip(first, second, strict=True))

    def is_scalar(self, shape: Shape) -> bool:
        """Tell whether a shape is that of a number."""
        return self.equal(shape, SCALAR)

    def show(self, shape: Shape) -> str:
        """Say a shape as an author would."""
        if self.is_scalar(shape):
            return "a number"
        rows, columns = (self.printer.show(canonical(each)) for each in shape)
        return rf"{rows} \times {columns}"

    def check_scalar(self, node: t.Node, scope: Scope, what: str) -> None:
        """Refuse an expression that is no number."""
        shape = self.of(node, scope)
        if not self.is_scalar(shape):
            shown = self.printer.show(node)
            raise Mismatch(f"{what} must be a number, but {shown} is {self.show(shape)}", node.span)

    def _equal(self, nodes: tuple[t.Node, ...], scope: Scope, what: str, hint: str = "") -> Shape:
        shapes = [self.of(each, scope) for each in nodes]
        for each, shape in zip(nodes[1:], shapes[1:], strict=True):
            if not self.equal(shape, shapes[0]):
                first, other = self.printer.show(nodes[0]), self.printer.show(each)
                raise Mismatch(
                    f"{what} have different shapes: {first} is {self.show(shapes[0])}, "
                    f"{other} is {self.show(shape)}",
                    each.span,
                    hint,
                )
        return shapes[0]

    def _sum(self, terms: tuple[t.Node, ...], scope: Scope) -> Shape:
        r"""Terms have one shape; digits stand for a vector of them, as in ``1 - \tanh^2 z``."""
        others = tuple(e for e in terms if not is_literal(e) and not isinstance(e, t.Landau))
        shapes = [self.of(each, scope) for each in others]
        wide = next((shape for shape in shapes if not any(self.same(ONE, n) for n in shape)), None)
        if wide is None or all(self.equal(shape, wide) for shape in shapes):
            return self._narrow(others, shapes, scope)
        along = wide[1] if self.notation.broadcast != "columns" else wide[0]
        flat = [(along, ONE), *([] if self.notation.broadcast == "columns" else [(ONE, along)])]
        fits = all(any(self.equal(shape, each) for each in (wide, *flat)) for shape in shapes)
        if fits and self.notation.broadcast:
            return wide
        return self._equal(others, scope, "the terms", f"or add the row {ADDED}" if fits else "")

    def _narrow(self, terms: tuple[t.Node, ...], shapes: list[Shape], scope: Scope) -> Shape:
        """Return the shape of a sum of equal shapes, or of columns and numbers."""
        thick = [shape for shape in shapes if not self.is_scalar(shape)]
        mixed = 0 < len(thick) < len(shapes) and self.same(thick[0][1], ONE)
        if mixed and self.notation.entrywise and all(self.equal(thick[0], e) for e in thick):
            return thick[0]
        hint = f"or add the row {ENTRYWISE}" if mixed else ""
        return self._equal(terms, scope, "the terms", hint) if terms else SCALAR

    def _quotient(self, above: t.Node, below: t.Node, scope: Scope) -> Shape:
        """Divide by a number, or a column entry by entry where the notation says so."""
        shapes = [self.of(each, scope) for each in (above, below)]
        if self.is_scalar(shapes[1]):
            return shapes[0]
        is_column = self.same(shapes[1][1], ONE)
        fits = is_column and (self.is_scalar(shapes[0]) or self.equal(*shapes))
        if fits and self.notation.entrywise:
            return shapes[1]
        shown = f"{self.printer.show(below)} is {self.show(shapes[1])}"
        hint = f"or add the row {ENTRYWISE}" if fits else ""
        raise Mismatch(f"a divisor must be a number, but {shown}", below.span, hint)

    # Symbols and entries.

    def _symbol(self, node: t.Symbol, scope: Scope) -> Shape:
        if not node.indices and node.name in scope.values:
            return scope.values[node.name]
        if not node.indices and node.name in scope.ranges:
            return SCALAR
        entry = self.notation.entries.get(node.name)
        if entry is None:
            raise undeclared(node.name, node.span, self.notation.entries)
        self._symbol_ranges(node, entry, scope)
        return self._entry_shape(entry, node)

    def _entry_shape(self, entry: Entry, node: t.Symbol) -> Shape:
        if entry.shape is None:
            raise Unreadable(
                f"the shape of {self.printer.declared(entry)} is not known",
                node.span,
                "declare it, or define it before it is used",
            )
        return _substituted(entry.shape, dict(zip(entry.indices, node.indices, strict=True)))

    def _inside(self, index: t.Node, over: t.Range, scope: Scope, what: str) -> None:
        if isinstance(index, t.Symbol) and index.name in scope.values:
            return
        over = t.Range(self.notation.resolve(over.lower), self.notation.resolve(over.upper))
        ranges = {
            name: t.Range(self.notation.resolve(r.lower), self.notation.resolve(r.upper))
            for name, r in self._known_ranges(index, scope).items()
        }
        if not within(self.notation.resolve(index), over, ranges):
            runs = self._running(index, scope)
            lower, upper = self.printer.show(over.lower), self.printer.show(over.upper)
            raise Mismatch(
                f"the index {self.printer.show(index)}{runs} of {what} can leave "
                f"{lower}, …, {upper}",
                index.span,
                "let it run less far, or declare it over more",
            )

    def _known_ranges(self, index: t.Node, scope: Scope) -> dict[str, t.Range]:
        """Return what indices run over, a random one among them."""
        known = {**self.notation.labels, **scope.ranges}
        entry = self.notation.entries.get(index.name) if isinstance(index, t.Symbol) else None
        if entry is not None and entry.law is not None and entry.law.name == "categorical":
            known[entry.name] = t.Range(t.number(1), self.of(entry.law.parameters[0], scope)[0])
        return known

    def _running(self, index: t.Node, scope: Scope) -> str:
        known = {**self.notation.labels, **scope.ranges}
        over = known.get(index.name) if isinstance(index, t.Symbol) else None
        if over is None:
            return ""
        return f" = {self.printer.show(over.lower)}, …, {self.printer.show(over.upper)}"

    def _component(
        self, node: t.Component, shape: Shape, indices: tuple[t.Node, ...], scope: Scope
    ) -> Shape:
        sizes = [each for each in shape if not self.same(each, t.number(1))]
        shown = self.printer.show(node.of)
        if len(indices) != len(sizes):
            raise Mismatch(
                f"{len(indices)} indices for the entries of {shown}, which is {self.show(shape)}",
                node.span,
            )
        written = self.notation.counted(node.of, indices, -1)
        for index, size in zip(written, sizes, strict=True):
            over = t.Range(*self.notation.counted(node.of, (t.number(1), size), -1))
            self._inside(index, over, scope, f"the entries of {shown}")
        return SCALAR

    # Products and powers.

    def _product(self, factors: tuple[t.Node, ...], by: str, scope: Scope) -> Shape:
        result = self.of(factors[0], scope)
        for k, factor in enumerate(factors[1:], 1):
            shape = self.of(factor, scope)
            joined = self._joined(result, shape, by)
            if joined is None:
                before = t.Product(factors[:k], by) if k > 1 else factors[0]
                raise Mismatch(
                    f"{self.printer.show(before)} ({self.show(result)}) and "
                    f"{self.printer.show(factor)} "
                    f"({self.show(shape)}) cannot be multiplied{f' by {by}' if by else ''}",
                    (factors[0].span[0], factor.span[1]),
                    self._product_hint(result, shape, by),
                )
            result = joined
        return result

    def _joined(self, left: Shape, right: Shape, by: str) -> Shape | None:
        if self.is_scalar(left):
            return right
        if self.is_scalar(right):
            return left
        if by in {r"\odot", r"\circ"}:
            return left if self.equal(left, right) else None
        if by in {r"\otimes", r"\times"}:
            product = self._times(left[0], right[0]), self._times(left[1], right[1])
            return product if by == r"\otimes" else None
        columns = self.same(left[1], t.number(1)) and self.same(right[1], t.number(1))
        if by == r"\cdot" and columns:
            return SCALAR if self.equal(left, right) else None
        return (left[0], right[1]) if self.same(left[1], right[0]) else None

    @staticmethod
    def _times(first: t.Node, second: t.Node) -> t.Node:
        return canonical(t.Product((first, second)))

    def _product_hint(self, left: Shape, right: Shape, by: str) -> str:
        if not by and self.equal(left, right):
            return r"a transpose is missing, or \odot"
        if by == r"\circ":
            return r"\circ is read as \odot, entry by entry; functions are not composed by it"
        if self._joined(right, left, by) is not None:
            return "they fit the other way round"
        if not by and self.same(left[0], right[0]):
            return "a transpose of the first is missing"
        return ""

    def _power(self, node: t.Power, scope: Scope) -> Shape:
        self.check_scalar(node.exponent, scope, "a power")
        shape = self.of(node.base, scope)
        if is_each(node.base) and not self.is_scalar(shape) and self.same(*shape):
            first, second = (
                self.printer.show(t.Product((node.base, node.base), by)) for by in ("", r"\odot")
            )
            raise ambiguous(first, second, node.span, "say which power")
        is_column = self.same(shape[1], ONE)
        if self.is_scalar(shape) or is_each(node.base) or (is_column and self.notation.entrywise):
            return shape
        known = is_literal(node.exponent) or all(
            each.name in scope.ranges or self.notation.kind(each.name) == "size"
            for each in t.walk(node.exponent)
            if isinstance(each, t.Symbol)
        )
        if not self.same(*shape) or not known:
            raise Mismatch(
                f"{self.printer.show(node.base)} is {self.show(shape)} and has no power",
                node.span,
                r"write v \odot v for the squares of entries"
                + (f", or add the row {ENTRYWISE}" if is_column else ""),
            )
        return shape

    def _norm(self, node: t.Norm, scope: Scope) -> Shape:
        r"""Take the norm of a column, or of a matrix as it is meant: 1, 2, F, ``\infty``, ``*``."""
        shape = self.of(node.of, scope)
        if node.order is not None:
            self.check_scalar(node.order, scope, "the order of a norm")
        if (self.same(shape[1], t.number(1)) and node.kind != "*") or node.kind == "F":
            return SCALAR
        shown = self.printer.show(node.of)
        if self.same(shape[0], t.number(1)) and node.kind not in ("", "2"):
            raise Mismatch(
                f"{shown} is a row, and has no norm of this kind", node.span, "transpose"
            )
        if not node.kind and not self.same(shape[0], t.number(1)):
            first, second = (self.printer.show(t.Norm(node.of, kind)) for kind in ("F", "2"))
            raise ambiguous(first, second, node.span, "say which norm of a matrix")
        if node.kind not in ("", "1", "2", r"\infty", "*"):
            raise Mismatch(f"a matrix has no norm {node.kind} that is read", node.span)
        return SCALAR

    # Functions.

    def _application(self, node: t.Apply, scope: Scope) -> Shape:
        name = node.function.name
        entry = self.notation.entries.get(name)
        if entry is None:
            return self._built_in(node, scope)
        self._symbol_ranges(node.function, entry, scope)
        return self._declared(node, entry, scope)

    def _symbol_ranges(self, symbol: t.Symbol, entry: Entry, scope: Scope) -> None:
        for index, over in zip(symbol.indices, entry.ranges, strict=False):
            if over is not None:
                self._inside(index, over, scope, self.printer.declared(entry))

    def _built_in(self, node: t.Apply, scope: Scope) -> Shape:
        name, function = node.function.name, BUILT_IN[node.function.name]
        shapes = [self.of(each, scope) for each in node.arguments]
        if function.any_number:
            for each in node.arguments:
                self.check_scalar(each, scope, f"each argument of {name}")
            return SCALAR
        listed = function.name == "diag" and len(shapes) > 1
        if not listed:
            self._check_count(node, function.takes or 1)
        if function.is_each:
            of_matrix = function.name in OF_A_MATRIX and not self.is_scalar(shapes[0])
            if of_matrix and self.same(*shapes[0]):
                raise ambiguous(
                    f"the function {self.printer.show(node)} of a matrix",
                    f"{name} of each entry",
                    node.span,
                    "write it for an entry; functions of a matrix are not read",
                )
            return shapes[0]
        if node.primes and function.takes != 1:
            raise Mismatch(f"{name} has no prime", node.span)
        if function.takes or listed:
            for each in node.arguments:
                self.check_scalar(each, scope, f"an argument of {name}")
            return (t.number(len(shapes)),) * 2 if listed else SCALAR
        return self._whole(node, function, shapes[0])

    def _whole(self, node: t.Apply, function: Function, shape: Shape) -> Shape:
        for takes, gives in function.whole:
            if self._is_kind(shape, takes):
                one = t.number(1)
                kinds: dict[Kind, Shape] = {
                    "number": SCALAR,
                    "column": (shape[0], one),
                    "square": (shape[0], shape[0]),
                    "same": shape,
                    "turned": (shape[1], shape[0]),
                    "stacked": (self._times(*shape), one),
                }
                return kinds[gives]
        wanted = " or ".join(WANTED[takes] for takes, _ in function.whole)
        raise Mismatch(f"{function.name} takes {wanted}, not {self.show(shape)}", node.span)

    def _is_kind(self, shape: Shape, kind: Kind) -> bool:
        if kind == "number":
            return self.is_scalar(shape)
        if kind == "square":
            return self.same(*shape)
        return kind == "any" or self.same(shape[1], t.number(1))

    def _declared(self, node: t.Apply, entry: Entry, scope: Scope) -> Shape:
        """Return the shape of a function of the notation; one of a number is one of each entry."""
        definition = next(iter(self.notation.definitions.get(entry.name, ())), None)
        if definition is not None:
            wanted, out = definition.shapes, SCALAR
        else:
            values = dict(zip(entry.indices, node.function.indices, strict=True))
            wanted = tuple(_substituted(each, values) for each in entry.arguments)
            out = _substituted(entry.shape or SCALAR, values)
        self._check_count(node, len(wanted))
        shapes = [self.of(each, scope) for each in node.arguments]
        if len(wanted) == 1 and self.is_scalar(wanted[0]) and self.is_scalar(out):
            return shapes[0]
        self._check_arguments(node, shapes, wanted)
        return out if definition is None else self._body_shape(node, definition, scope)

    def _check_count(self, node: t.Apply, count: int) -> None:
        name, given = self.printer.show(node.function), len(node.arguments)
        if given != count:
            counted = "1 argument" if count == 1 else f"{count} arguments"
            raise Mismatch(f"{name} takes {counted}, not {given}", node.span)

    def _check_arguments(
        self, node: t.Apply, shapes: Iterable[Shape], wanted: Iterable[Shape]
    ) -> None:
        """Refuse arguments of other shapes than a function of more than one number takes."""
        for argument, shape, want in zip(node.arguments, shapes, wanted, strict=True):
            if not self.equal(shape, want):
                raise Mismatch(
                    f"{self.printer.show(argument)} is {self.show(shape)}, but "
                    f"{self.printer.show(node.function)} takes {self.show(want)}",
                    argument.span,
                )
        if node.primes:
            raise Mismatch("a prime is read for functions of one number", node.span)

    def parameter(self, parameter: t.Symbol) -> Shape:
        """Return the shape of an argument: that of the declared variable, else a number."""
        entry = self.notation.entries.get(parameter.name)
        if entry is None or entry.shape is None or entry.kind != "variable":
            return SCALAR
        return _substituted(entry.shape, dict(zip(entry.indices, parameter.indices, strict=True)))

    def _body_shape(self, node: t.Apply, definition: Definition, scope: Scope) -> Shape:
        if node.function.name in scope.applying:
            raise Mismatch(f"{node.function.name} is defined by itself", node.span)
        if definition.components:
            return self.notation.entries[definition.name].shape or SCALAR
        applying = scope.applying | {node.function.name}
        inner = replace(self.scope(definition.ranges), values=definition.bound, applying=applying)
        return self.of(definition.body, inner)

    # Sums and means.

    def _reduction(self, node: t.Reduce, scope: Scope) -> Shape:
        inner = self._bind(node.index, node.over, scope)
        if node.condition is not None:
            self.of(node.condition, inner)
        shape = self.of(node.of, inner)
        if BY_NAME[node.operator].of_numbers and not self.is_scalar(shape):
            raise Mismatch(
                f"a {node.operator} is taken of numbers, not of {self.show(shape)}", node.span
            )
        return shape

    def _bind(self, name: str, over: t.Range | t.Finite, scope: Scope) -> Scope:
        if isinstance(over, t.Finite):
            for each in over.values:
                self.check_scalar(each, scope, "a member of a set")
            ranges = {k: v for k, v in scope.ranges.items() if k != name}
            return replace(scope, ranges=ranges, values={**scope.values, name: SCALAR})
        for end in (over.lower, over.upper):
            self._check_limit(end, scope)
        values = {k: v for k, v in scope.values.items() if k != name}
        return replace(scope, ranges={**scope.ranges, name: over}, values=values)

    def _check_limit(self, end: t.Node, scope: Scope) -> None:
        """Refuse a limit that is no whole number made of sizes and indices."""
        if end == t.Constant(r"\infty"):
            return
        size = linear(end)
        for symbol in [each for each, _ in size.terms] if size is not None else [end]:
            name = symbol.name if isinstance(symbol, t.Symbol) else ""
            if name not in scope.ranges and self.notation.kind(name) != "size":
                shown = self.printer.show(end)
                raise Mismatch(f"{shown} is no limit that an index can have", end.span)

    def _expectation(self, node: t.Expectation, scope: Scope) -> Shape:
        law = node.distribution
        if law is None:
            return self.of(node.of, scope)
        if isinstance(law, t.Law) and law.name != "categorical":
            shape = self.law(law, scope)
            entry = self.notation.entries.get(node.index)
            known = shape if entry is None else entry.shape or SCALAR
            if (entry is not None and entry.kind == "index") or not self.equal(known, shape):
                raise Mismatch(f"{node.index} is declared as something else", node.span)
            return self.of(node.of, replace(scope, values={**scope.values, node.index: shape}))
        vector = law.parameters[0] if isinstance(law, t.Law) else law
        shape = self.of(vector, scope)
        over = scope.ranges.get(node.index, t.Range(t.number(1), shape[0]))
        if not self.same(shape[1], t.number(1)) or not self.same(shape[0], over.upper):
            raise Mismatch(
                f"{self.printer.show(vector)} is {self.show(shape)}, "
                f"but {node.index} runs to {self.printer.show(over.upper)}",
                vector.span,
            )
        return self.of(node.of, self._bind(node.index, t.Range(t.number(1), shape[0]), scope))

    def _density(self, node: t.Density, scope: Scope) -> Shape:
        shape, wanted = self.of(node.at, scope), self.law(node.law, scope)
        if not self.equal(shape, wanted):
            shown = f"{self.printer.show(node.at)} is {self.show(shape)}"
            raise Mismatch(f"{shown}, but the law is one of {self.show(wanted)}", node.span)
        return SCALAR

    def law(self, law: t.Law, scope: Scope) -> Shape:
        """Return the shape of what a law distributes."""
        row = DISTRIBUTIONS[law.name]
        if len(law.parameters) != len(row.parameters):
            wanted = " and ".join(row.parameters)
            raise Mismatch(f"{row.latex[0]} takes {wanted}", law.span)
        shapes = [self.of(each, scope) for each in law.parameters]
        if law.name == "categorical":
            if not self.same(shapes[0][1], t.number(1)):
                raise Mismatch("a law of classes takes a column of probabilities", law.span)
            return SCALAR
        if row.support == "vectors":
            if self.is_scalar(shapes[-1]) or not self.same(shapes[-1][1], t.number(1)):
                raise Mismatch(f"{row.latex[0]} takes {row.parameters[-1]}", law.span)
            return shapes[-1]
        if law.name == "normal" and not self.is_scalar(shapes[1]):
            column = shapes[1][0], t.number(1)
            is_zero = is_literal(law.parameters[0])
            if not self.same(*shapes[1]) or not (is_zero or self.equal(shapes[0], column)):
                shown = " and ".join(self.show(each) for each in shapes)
                raise Mismatch(f"a mean and a covariance do not fit: {shown}", law.span)
            return column
        for each, what in zip(law.parameters, row.parameters, strict=True):
            self.check_scalar(each, scope, what)
        return SCALAR

    def _with(self, name: str, shape: Shape, scope: Scope) -> Scope:
        """Return the scope in which a name of its own has a shape; a declared one keeps its own."""
        if name in self.notation.entries:
            return scope
        return replace(scope, values={**scope.values, name: shape})

    def _evaluated(self, node: t.Evaluated, shape: Shape, scope: Scope) -> Shape:
        inner = self._with(node.variable, shape, scope)
        own = self.of(t.Symbol(node.variable), inner)
        if not self.equal(own, shape):
            raise Mismatch(
                f"{node.variable} is {self.show(own)}, but {self.printer.show(node.at)} is "
                f"{self.show(shape)}",
                node.span,
            )
        return self.of(node.of, inner)

    # Derivatives.

    def _gradient(self, node: t.Gradient, scope: Scope) -> Shape:
        if node.variable is None:
            return self._gradient_of_function(node, scope)
        self._check_variable(node.variable)
        shape = self.of(node.variable, scope)
        self.check_scalar(node.of, scope, r"what \nabla is applied to")
        if node.order == 1:
            return shape
        if not self.same(shape[1], t.number(1)):
            raise Mismatch(f"a Hessian by {self.show(shape)} is not a matrix", node.span)
        return shape[0], shape[0]

    def _gradient_of_function(self, node: t.Gradient, scope: Scope) -> Shape:
        if not isinstance(node.of, t.Apply) or len(node.of.arguments) != 1:
            raise Unreadable(r"\nabla needs to know its variable", node.span, r"write \nabla_w")
        self.check_scalar(node.of, scope, r"what \nabla is applied to")
        shape = self.of(node.of.arguments[0], scope)
        return shape if node.order == 1 else (shape[0], shape[0])

    def _check_variable(self, variable: t.Node) -> None:
        of = variable.of if isinstance(variable, t.Component) else variable
        if not isinstance(of, t.Symbol):
            raise Mismatch(
                f"{self.printer.show(variable)} is no symbol to differentiate by",
                variable.span,
                "give it a name with :=",
            )
        entry = self.notation.entries.get(of.name)
        if entry is not None and (
            entry.kind != "variable"
            or entry.domain.kind in ("finite", "natural", "integer", "whole")
        ):
            raise Mismatch(
                f"{self.printer.show(of)} takes whole values; nothing is differentiated by it",
                variable.span,
            )

    def _derivative(self, node: t.Derivative, scope: Scope) -> Shape:
        for variable in node.variables:
            self._check_variable(variable)
        top = self.of(node.of, scope)
        shapes = [self.of(each, scope) for each in node.variables]
        vectors = [shape for shape in shapes if not self.is_scalar(shape)]
        if not vectors:
            return top
        if len(vectors) == 2 and self.is_scalar(top):
            return self._second(node, shapes)
        if len(vectors) > 1:
            raise Mismatch("a derivative of this order is no matrix", node.span)
        return vectors[0] if self.is_scalar(top) else self._jacobian(node, top, vectors[0])

    def _second(self, node: t.Derivative, shapes: list[Shape]) -> Shape:
        if any(not self.same(shape[1], t.number(1)) for shape in shapes):
            raise Mismatch("a second derivative by a matrix is no matrix", node.span)
        return shapes[0][0], shapes[1][0]

    def _jacobian(self, node: t.Derivative, top: Shape, below: Shape) -> Shape:
        if not (self.same(top[1], t.number(1)) and self.same(below[1], t.number(1))):
            raise Mismatch(
                f"the derivative of {self.show(top)} by {self.show(below)} is no matrix",
                node.span,
                "write it for one entry",
            )
        if not self.notation.jacobian:
            raise Unreadable(
                "the layout of Jacobians is not declared", node.span, f"add the row {LAYOUT}"
            )
        return (top[0], below[0]) if self.notation.jacobian == "rows" else (below[0], top[0])

    # Matrices.

    def _listing(self, node: t.Listing, scope: Scope) -> Shape:
        shape = self.of(node.of, self._bind(node.index, node.over, scope))
        if not self.same(shape[1], t.number(1)):
            raise Mismatch(f"a list of {self.show(shape)}", node.span, "list numbers or columns")
        length = t.Add((node.over.upper, t.Negative(node.over.lower), t.number(1)))
        return shape[0], canonical(length)

    def _matrix(self, rows: tuple[tuple[t.Node, ...], ...], scope: Scope) -> Shape:
        """Return the shape of a matrix of numbers or of blocks."""
        heights, widths = [], [self.of(each, scope)[1] for each in rows[0]]
        for row in rows:
            shapes = [self.of(each, scope) for each in row]
            heights.append(shapes[0][0])
            for each, shape, width in zip(row, shapes, widths, strict=True):
                if not self.equal(shape, (shapes[0][0], width)):
                    raise Mismatch(
                        f"{self.printer.show(each)} is {self.show(shape)} "
                        "and does not fit beside its neighbours",
                        each.span,
                    )
        return _added(heights), _added(widths)


class Typed(Shapes):
    """Remembers the shape of each node, so that each value can be held against it."""

    def __init__(self, notation: Notation, ranges: Iterable[tuple[str, t.Range]] = ()) -> None:
        super().__init__(notation)
        self.base = self.scope(ranges)
        self.found: dict[int, tuple[t.Node, Shape | None]] = {}
        """By the identity of a node that is kept with it; no shape stands for a number."""
        self.following: dict[int, tuple[Definition, frozenset[str]]] = {}

    def of(self, node: t.Node, scope: Scope) -> Shape:
        """Return the rows and columns of an expression."""
        shape = super().of(node, scope)
        self.found[id(node)] = node, None if self.is_scalar(shape) else shape
        return shape

    def learn(self, definition: Definition) -> None:
        """Find the shapes in the body of a definition, where its arguments have their own."""
        if id(definition.body) not in self.found:
            scope = replace(self.scope(definition.ranges), values=definition.bound)
            self.of(definition.body, scope)

    def followed(self, definition: Definition) -> frozenset[str]:
        """Return the arguments from which something else in a definition is defined."""
        if id(definition) not in self.following:
            names = {each.name for each in definition.parameters if not each.indices}
            others = {each.name for each in t.free(definition.body)} - names
            reach = self.notation.reach
            found = frozenset(
                name for name in names if any(name in reach.get(each, ()) for each in others)
            )
            self.following[id(definition)] = definition, found
        return self.following[id(definition)][1]

    def inferred(self, node: t.Node, bound: Iterable[str]) -> Shape | None:
        """Return the shape of a node; None for a number."""
        if id(node) not in self.found:
            known = {*self.base.ranges, *self.notation.entries}
            values = {name: SCALAR for name in bound if name not in known}
            self.of(node, replace(self.base, values=values))
        return self.found[id(node)][1]


def _substituted(shape: Shape, values: Mapping[str, t.Node]) -> Shape:
    return t.substitute(shape[0], values), t.substitute(shape[1], values)


def _added(sizes: list[t.Node]) -> t.Node:
    if all(isinstance(each, t.Number) for each in sizes):
        return t.number(sum(int(each.value) for each in sizes if isinstance(each, t.Number)))
    return sizes[0] if len(sizes) == 1 else t.Add(tuple(sizes))


def summands(side: t.Node) -> tuple[t.Node, ...]:
    """Return the terms of a sum, without the number 0."""
    terms = side.terms if isinstance(side, t.Add) else (side,)
    bare = (each.of if isinstance(each, t.Negative) else each for each in terms)
    return tuple(each for each in bare if each != t.number(0))


def is_literal(node: t.Node) -> bool:
    """Tell whether an expression is made of digits alone."""
    return all(
        isinstance(each, (t.Number, t.Negative, t.Divide, t.Add, t.Product))
        for each in t.walk(node)
    )
