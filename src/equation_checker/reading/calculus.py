r"""Read derivatives, integrals, limits, extrema and evaluation bars."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable, ambiguous
from equation_checker.language.notation import REAL, SCALAR
from equation_checker.reading import joint
from equation_checker.reading.cursor import Local
from equation_checker.reading.overloads import family
from equation_checker.reading.rows import closing, deeper
from equation_checker.reading.symbols import NameReader
from equation_checker.reading.tokens import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from equation_checker.reading.tokens import Token

INFINITY = t.Constant(r"\infty")
CLOSING = {"(": ")", "[": "]", r"\{": r"\}"}


class CalculusReader(NameReader):
    """The rules of calculus; those of sums, products and brackets are the parser's."""

    # Derivatives.

    def nabla(self) -> t.Node:
        r"""Read ``\nabla_w f``, the Hessian ``\nabla_w^2 f`` and ``\nabla f(x)``."""
        start = self.take().start
        variable, order = self._by()
        if variable is None and (named := self._of_number(order, start)) is not None:
            return named
        if variable is None and not isinstance(self._peek_function(), t.Symbol):
            raise self.error(r"\nabla needs to know its variable", r"write \nabla_w")
        end = self.tokens[self.at - 1].end
        gradient = partial(t.Gradient, variable, order=order)
        of = self.factor() if variable is None else self.operand(start, end, gradient)
        return t.Gradient(variable, of, order, span=self.since(start))

    def _of_number(self, order: int, start: int) -> t.Node | None:
        r"""Read ``\nabla L(w)`` of a number ``L`` that is defined from ``w``."""
        here = self.at
        if self.peek().text != "(" or self.peek(3).text != ")":
            return None
        if all(each.kind != "variable" for each in self.notation.bases(self.base(self.next))):
            return None
        self.at += 2
        variable, self.at = self.factor(), here
        of = self.factor()
        if isinstance(of, t.Symbol) and self.at == here + 4:
            return t.Gradient(variable, of, order, span=self.since(start))
        self.at = here
        return None

    def _by(self) -> tuple[t.Node | None, int]:
        """Read the variable below the sign of a derivative, and the order above it."""
        variable, order = None, 1
        while self.is_next("_", "^"):
            if self.take().text == "_":
                variable = self.argument_group()
            else:
                order = self._order()
        return variable, order

    def _peek_function(self) -> t.Symbol | None:
        entries = self.notation.bases(self.base(self.next))
        return next((t.Symbol(e.name) for e in entries if e.kind == "function"), None)

    def _order(self) -> int:
        start = self.next.start
        text = self.group_text()
        if text not in ("1", "2", "3"):
            raise Unreadable(
                f"derivatives of order {text} are not read", self.since(start), "1, 2 or 3"
            )
        return int(text)

    def operand(self, start: int, after: int, made: Callable[[t.Node], t.Node]) -> t.Node:
        r"""Read the juxtaposition that ``\nabla_w`` or ``\frac{d}{dz}`` is applied to."""
        if not self.starts_factor():
            raise self.error("expected what is differentiated")
        closed = self.is_next("(", "[", r"\{")
        here = self.next.start
        first, end = self.factor(), self.at
        of = self.beside(first, here)
        is_closed = closed or isinstance(first, t.Apply)
        if of is first or not is_closed or not isinstance(of, t.Product):
            return of
        alone = self.has_shape(t.Product((made(first), *of.factors[1:])))
        if alone != self.has_shape(made(of)):  # the one reading that has a shape is meant
            self.at = end if alone else self.at
            return first if alone else of
        sign, show = self._latex(start, after), self.printer
        rest = " ".join(show.factor(each) for each in of.factors[1:])
        raise ambiguous(
            f"({sign} {show.operand(first)}) {rest}",
            f"{sign} ({show.factor(first)} {rest})",
            self.since(here),
        )

    def _latex(self, start: int, end: int) -> str:
        """Return the signs between two offsets as one may quote them."""
        inside = [
            each
            for each in self.tokens
            if start <= each.start and each.end <= end and each.kind != "end"
        ]
        text = ""
        for token in inside:
            text += " " if re.search(r"\\[A-Za-z]+$", text) and token.kind == "letter" else ""
            text += self.base(token)
        return text

    def derivative(self, start: int) -> t.Node | None:
        r"""Read ``\frac{d a}{d z}`` and its kin after ``\frac``; None for a plain fraction."""
        sign = self.peek()
        if not self.is_next("{") or sign.text not in ("d", r"\partial"):
            return None
        below = closing(self.tokens, self.at) + 1
        if self.tokens[below].text != "{" or not self._same_sign(sign, self.tokens[below + 1]):
            return None
        self.take()
        self.take()
        order = self._order() if self.accept("^") else 1
        bare = self._bare_function()
        of = None if self.is_next("}") or bare is not None else self.term()
        if self.is_next("+", "-"):
            raise self.error("the numerator of a derivative must be one term", "put brackets")
        self.expect("}", "after the numerator of a derivative")
        variables = self._variables(order)
        if bare is not None:
            of = self._of_its_argument(bare, variables, self.since(start))
        elif of is None:
            by = partial(t.Derivative, variables=variables, sign=sign.text)
            of = self.operand(start, self.tokens[self.at - 1].end, by)
        return t.Derivative(of, variables, sign.text, span=self.since(start))

    def _bare_function(self) -> t.Symbol | None:
        r"""Read the letter of a function that stands alone in ``\frac{\partial C}{\partial w}``."""
        name = self.base(self.next)
        entry = self.notation.entries.get(name)
        if self.peek().text != "}" or entry is None or entry.kind != "function" or entry.indices:
            return None
        token = self.take()
        return t.Symbol(name, span=(token.start, token.end))

    def _of_its_argument(
        self, function: t.Symbol, variables: tuple[t.Node, ...], span: t.Span
    ) -> t.Node:
        """Apply a function to the arguments that it is defined with, or to its only variable."""
        known = self.notation.definitions.get(function.name, ())
        takes = self.notation.entries[function.name].arguments
        arguments: tuple[t.Node, ...] = ()
        if len(family(self.notation.entries[function.name], self.notation)) > 1:
            pass
        elif len(known) == 1:
            arguments = known[0].parameters
        elif len(takes) == 1:
            arguments = tuple(dict.fromkeys(variables))
        names = [each.name for each in arguments if isinstance(each, t.Symbol)]
        named = len(names) == len(arguments) and {*names} <= self.notation.entries.keys()
        if not arguments or not named or not {*variables} <= {*arguments}:
            hint = f"write {self.printer.show(function)}(…)"
            raise Unreadable(
                f"the argument of {self.printer.show(function)} is not said", span, hint
            )
        return t.Apply(function, arguments, span=span)

    @staticmethod
    def _same_sign(first: Token, second: Token) -> bool:
        return first.text == second.text and first.kind == second.kind

    def _variables(self, order: int) -> tuple[t.Node, ...]:
        """Read the denominator of a derivative: as many variables as the order says."""
        start = self.expect("{", "after the numerator").start
        sign = self.next
        variables: list[t.Node] = []
        while not self.accept("}"):
            if not self._same_sign(sign, self.next):
                raise self.error(f"expected {sign.text} before each variable")
            self.take()
            variables.extend(self._variable())
        if len(variables) != order:
            raise Unreadable(
                f"the numerator says order {order}, the denominator {len(variables)}",
                self.since(start),
            )
        return tuple(variables)

    def _variable(self) -> list[t.Node]:
        variable = self.factor()
        match variable:
            case t.Power(base, t.Number(value)) if value in (2, 3):
                return [base] * int(value)
            case _:
                return [variable]

    def partial(self) -> t.Node:
        r"""Read ``\partial_x f`` and ``\partial_x^2 f``."""
        start = self.take().start
        variable, order = self._by()
        if variable is None:
            raise self.error(r"\partial needs to know its variable", r"write \partial_x")
        by = partial(t.Derivative, variables=(variable,) * order)
        of = self.operand(start, self.tokens[self.at - 1].end, by)
        return t.Derivative(of, (variable,) * order, span=self.since(start))

    # Integrals, limits, values at a place.

    def integral(self) -> t.Node:
        r"""Read ``\int_a^b f(x) \, dx``, with all terms up to its differential.

        Where the differential comes first, as in ``\int_a^b dx \, f(x)``, a term follows it.
        """
        start = self.take().start
        lower: t.Node | None = None
        upper: t.Node | None = None
        while self.is_next("_", "^"):
            if self.take().text == "^":
                upper = self.argument_group()
            elif self._accept_line():
                lower, upper = t.Negative(INFINITY), INFINITY
            else:
                lower = self.argument_group()
        at = self._differential(start)
        variable = self.base(self.tokens[at + 1])
        everywhere = upper is None and (lower is None or lower == t.Symbol(variable))
        if everywhere and (ends := joint.limits(self.notation.entries.get(variable))) is not None:
            lower, upper = ends
        if lower is None or upper is None:
            raise self._unlimited(start)
        of: t.Node = t.number(1)
        is_first = self.at == at
        if not is_first:
            with self.bound(**{variable: Local(shape=SCALAR)}), self.up_to(at), self.nested():
                of = self.expression()
        if self.at != at:
            raise self.error(f"expected the differential d{variable}")
        self.take()
        self.take()
        if is_first and self.starts_factor():
            with self.bound(**{variable: Local(shape=SCALAR)}), self.nested():
                of = self.term()
        if everywhere and not self.notation.speaks_of([of], lambda e: isinstance(e, t.Density)):
            raise self._unlimited(start)
        self.integrated.append(variable)
        return t.Integral(variable, lower, upper, of, span=self.since(start))

    def _unlimited(self, start: int) -> Unreadable:
        return Unreadable(
            "an integral without limits is not read, unless it is one of a density over a number",
            self.since(start),
            r"write \int_a^b, or \int_{-\infty}^{\infty} over all numbers",
        )

    def between_limits(self) -> t.Node | None:
        r"""Read ``[F(x)]_a^b`` behind an integral over ``x``: what ``F`` gains from a to b."""
        here, start = self.at, self.take().start
        close = self.closing()
        inside = [self.base(each) for each in self.tokens[here:close]]
        signs = [each.text for each in self.tokens[close + 1 : close + 2]]
        over = {each for each in self.integrated if each in inside and each not in self.locals}
        if len(over) != 1 or signs != ["_"]:
            self.at = here
            return None
        variable = over.pop()
        with self.bound(**self.own(variable)), self.nested(), self.outside_bars():
            of = self.expression()
            is_number = self.shape_of(of) == SCALAR
        self.expect("]", "to close [")
        self.take()
        lower = self.argument_group()
        if self.at < close or not is_number or not self.accept("^"):
            self.at = here
            return None
        upper, span = self.argument_group(), self.since(start)
        gain = [t.Evaluated(variable, each, of, span=span) for each in (upper, lower)]
        return t.Add((gain[0], t.Negative(gain[1])), span=span)

    def _accept_line(self) -> bool:
        r"""Read ``\mathbb{R}`` below an integral."""
        braced = self.is_next("{")
        if self.peek(int(braced)).text != r"\mathbb{R}":
            return False
        if braced and self.peek(2).text != "}":
            raise self.error("integrals are read over intervals of numbers")
        for _ in range(3 if braced else 1):
            self.take()
        return True

    def _differential(self, start: int) -> int:
        """Return where the differential of an integral stands: its ``d``."""
        found = list(self._differentials())
        if len(found) > 1 and self.notation.bases("d"):
            first, last = (self.tokens[at + 1] for at in (found[0], found[-1]))
            raise ambiguous(
                f"the differential d{first.text}",
                f"the product of d and {first.text}",
                (first.start, last.end),
            )
        if not found:
            raise Unreadable(
                "an integral has no differential", self.since(start), r"write \, d x behind it"
            )
        return found[0]

    def _differentials(self) -> Iterator[int]:
        """Yield where a differential of this integral may stand."""
        depth, integrals = 0, 0
        for at in range(self.at, self.stop if self.stop >= 0 else len(self.tokens) - 1):
            token, after = self.tokens[at], self.tokens[at + 1]
            depth += deeper(token)
            if depth < 0 or token.text in RELATIONS:
                return
            integrals += token.text == r"\int"
            greek = after.kind == "command" and re.fullmatch(r"\\[A-Za-z]+", after.text)
            if depth or token.text != "d" or not (after.kind == "letter" or greek):
                continue
            if integrals == 0:
                yield at
            integrals = max(0, integrals - 1)

    def limit(self) -> t.Node:
        r"""Read ``\lim_{h \to 0} f(h)``, with ``0^+`` or ``0^-`` for one side."""
        start = self.take().start
        self.expect("_", r"after \lim", r"write \lim_{h \to 0}")
        self.expect("{", r"after \lim_", r"write \lim_{h \to 0}")
        variable = self.base(self.take())
        way = self.take().text
        if way not in (r"\to", r"\downarrow", r"\uparrow", r"\searrow", r"\nearrow"):
            raise Unreadable("expected where a limit goes", self.since(start), r"\lim_{h \to 0}")
        self.limiting = True
        to, side = self.expression(), ""
        self.limiting = False
        if self.accept("^"):
            side = self.take().text
        side = side or {r"\downarrow": "+", r"\searrow": "+", r"\to": ""}.get(way, "-")
        self.expect("}", "after where a limit goes")
        side = side or self._inner_side(variable, to)
        with self.bound(**self.own(variable)):
            of = self.juxtaposition()
        return t.Limit(variable, to, of, side, span=self.since(start))

    def _inner_side(self, variable: str, to: t.Node) -> str:
        """Return the side from which a variable comes that is declared to live on one side."""
        entries = self.notation.bases(variable)
        domain = entries[0].domain if len(entries) == 1 else REAL
        if not isinstance(to, t.Number):
            return ""
        if domain.kind in ("positive", "nonnegative"):
            return "+" if to.value == 0 else ""
        ends = domain.values if domain.kind == "interval" else ()
        return dict(zip(ends, "+-", strict=True)).get(to.value, "") if ends else ""

    def own(self, name: str) -> dict[str, Local]:
        """Return the binding of a variable of a limit or a bar; a declared one needs none."""
        return {} if self.notation.bases(name) else {name: Local(shape=SCALAR)}

    def evaluated_group(self) -> t.Node:
        r"""Read ``\left. f(t) \right|_{t = 0}``."""
        start, here = self.take().start, self.at
        depth = 0
        while depth or not (self.is_next("|") and self.peek().text == "_"):
            if self.next.kind == "end":
                raise Unreadable(
                    r"\left. without a bar", self.since(start), r"\right|_{t = 0} closes it"
                )
            depth += deeper(self.take())
        bar = self.at
        values = self.bar()
        after, self.at = self.at, here
        own = {name: each for variable, _ in values if variable
               for name, each in self.own(variable).items()}  # fmt: skip
        with self.bound(**own), self.up_to(bar), self.nested(), self.outside_bars():
            of = self.expression()
        if self.at != bar:
            raise self.error("expected the bar")
        self.at = after
        return self.scripted(self._valued(of, values, start), start)

    def _valued(self, of: t.Node, values: list[tuple[str, t.Node]], start: int) -> t.Node:
        for variable, at in values:
            name = variable or self._differentiated(of, start)
            of = t.Evaluated(name, at, of, span=self.since(start))
        return of

    def _differentiated(self, of: t.Node, start: int) -> str:
        """Return the one variable by which an expression differentiates."""
        found = set[t.Node | None]()
        for each in t.walk(of):
            found |= {each.variable} if isinstance(each, t.Gradient) else set()
            found |= {*each.variables} if isinstance(each, t.Derivative) else set()
        variable = found.pop() if len(found) == 1 else None
        if not isinstance(variable, t.Symbol) or variable.indices:
            raise Unreadable("a bar says no value", self.since(start), "write |_{t = 0}")
        return variable.name

    def bar(self) -> list[tuple[str, t.Node]]:
        """Read an evaluation bar: which symbols take which values."""
        start = self.take().start
        self.take()
        if not self.is_next("{"):
            return [("", self.single())]
        self.take()
        values: list[tuple[str, t.Node]] = []
        while not values or self.accept(","):
            named = self.peek().text == "="
            if not named and values:
                raise Unreadable("a bar says no value", self.since(start), "write |_{t = 0}")
            variable = self.base(self.take()) if named else ""
            if named:
                self.take()
            values.append((variable, self.expression()))
            if not named:
                break
        self.expect("}", "after the value at a bar")
        return values

    def barred(self, of: t.Node, start: int) -> t.Node:
        """Read a bar behind factors: their value where a declared symbol takes another one."""
        values = self.bar()
        variable = values[0][0] or self._differentiated(of, start)
        if variable not in self.notation.entries and variable not in self.locals:
            raise Unreadable(
                f"what the bar reaches over is not clear: {variable} is not declared",
                self.since(start),
                r"put \left. before it",
            )
        if isinstance(of, t.Product) and any(variable in t.names(each) for each in of.factors[:-1]):
            last, bar = self.printer.factor(of.factors[-1]), f"|_{{{variable} = …}}"
            raise ambiguous(f"(… {last}){bar}", f"… ({last}{bar})", self.since(start))
        return self._valued(of, values, start)
