r"""Read LaTeX by recursive descent, directed by the notation.

Juxtaposition binds tightest, then ``\cdot``, ``\times`` and ``\odot``, then ``+`` and ``-``. A sum
reaches over ``\times`` to the next ``+``; ``\nabla_w`` takes the juxtaposition that follows. What
could still be read in two ways is an error that shows both.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, takewhile
from typing import TYPE_CHECKING, cast

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable, ambiguous, undeclared
from equation_checker.language.functions import BUILT_IN, BY_NAME, BY_SIGN
from equation_checker.language.notation import SCALAR
from equation_checker.reading import dots, overloads, pointwise
from equation_checker.reading.algebra import AlgebraReader
from equation_checker.reading.arguments import BARS, ArgumentReader, plain
from equation_checker.reading.calculus import CLOSING
from equation_checker.reading.cursor import Local
from equation_checker.reading.overloads import family
from equation_checker.reading.probability import ProbabilityReader, check_fixed
from equation_checker.reading.symbols import Scripts
from equation_checker.reading.tokens import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from equation_checker.language.notation import Entry
    from equation_checker.reading.tokens import Token

OPERATORS = frozenset({r"\cdot", r"\times", r"\odot", r"\otimes", r"\circ"})
OF_ARRAYS = frozenset({r"\odot", r"\otimes", r"\circ"})
"""Signs that no rule orders beside others."""
CONSTANTS = frozenset({r"\pi", r"\infty"})
ORDERS = frozenset({"O", "o", r"\mathcal{O}"})
LETTERS = frozenset({r"\Gamma", r"\Phi"})
"""Functions that need brackets, since their letters may mean anything else."""
DEEPEST_SUM = 4
"""Sums within sums that are read to see what their indices run over."""
LISTED = "…"
"""The name of the index of a list, which has none in the LaTeX."""
INDICATORS = frozenset({r"\mathbb{1}", r"\mathbf{1}", r"\mathbb{I}"})
SETS = frozenset({r"\mathbb{R}", r"\mathbb{N}", r"\mathbb{Z}", r"\mathbb{C}"})
IDENTITIES = frozenset({r"\mathbf{I}", r"\mathbb{I}", "I"})
UNSIZED = frozenset({r"\mathbf{I}", "I", r"\mathbf{1}", r"\mathbf{0}"})
"""What may stand without its size, where one size alone fits."""
NOT_A_FACTOR = OPERATORS | set(
    r"""+ - / = < > , . ; : := ! & ) ] } ^ _ ' * \} \le \ge \ne \approx \quad
    \cap \parallel \land \notin \top \to \in \dots \propto \forall \sim \leftarrow \gets \Rightarrow
    \implies \iff \equiv \triangleq \mapsto \subset \ll \gg \rfloor \rceil
    \rangle \succ \succeq \prec \preceq""".split()  # noqa: SIM905
)
"""Signs that end a juxtaposition."""
Running = t.Reduce | t.Gradient | t.Derivative
"""What reaches over a juxtaposition, where brackets do not say how far."""


@dataclass(frozen=True)
class Below:
    """What stands below a running operator."""

    running: Sequence[tuple[str, t.Set | t.Node | None]]
    """Each index, and its set; else where it starts, or nothing."""
    condition: tuple[int, int] | t.Condition | None = None
    """The place of a condition that is read once the indices are known, or the condition."""
    pair: str = ""


@dataclass(frozen=True)
class Named:
    """A set by its name: what it may hold, and the vector that is 1 for what it holds."""

    members: t.Set
    vector: t.Symbol | None = None


class Parser(ProbabilityReader, AlgebraReader, ArgumentReader):
    """Reads expressions and conditions; the methods are the rules of the grammar."""

    _listings = 0
    """How many lists with dots were read by now."""
    alone: pointwise.Alone | None = None
    """Where functions without their arguments are noted, if they may stand here."""
    sums_ahead = 0
    """Sums around the place that are read to see what their indices are indices of."""

    # Sums, terms, factors.

    def expression(self) -> t.Node:
        """Read a sum of terms."""
        with self.nested():
            start = self.next.start
            terms = [self._signed_term()]
            while self.is_next("+", "-"):
                if self.peek().text == r"\dots":
                    terms = self._running_sum(terms)
                else:
                    terms.append(self._signed_term())
            return terms[0] if len(terms) == 1 else t.Add(tuple(terms), span=self.since(start))

    def _running_sum(self, terms: list[t.Node]) -> list[t.Node]:
        r"""Read ``+ \dots + a_n``, which goes on with the terms before it."""
        start, sign = self.next.start, self.take()
        self.take()
        if not self.starts_factor() and not self.is_next("+", "-"):
            return [dots.series(terms, self._fresh(), self.since(start))]
        if not self.is_next(sign.text):
            self.at -= 2 if sign.text != "+" else 0
            raise self.error(r"expected + before and after \dots", r"write it with \sum")
        last, index = self._signed_term(), self._fresh()
        before, found = dots.run(terms, last, index, self.since(start))
        return [*before, t.Reduce("sum", *found, span=self.since(start))]

    def _running_product(self, left: t.Node, start: int) -> t.Node:
        r"""Read ``\cdots a_n``, which goes on with the factors before it."""
        self.take()
        by = self.take().text if self.is_next(*OPERATORS) else ""
        factors = left.factors if isinstance(left, t.Product) else (left,)
        index = self._fresh()
        before, found = dots.run(factors, self.factor(), index, self.since(start))
        product = t.Reduce("prod", *found, span=self.since(start))
        return t.Product((*before, product), by, span=self.since(start)) if before else product

    def _signed_term(self) -> t.Node:
        start = self.next.start
        if self.accept("-"):
            return t.Negative(self.term(), span=self.since(start))
        self.accept("+")
        return self.term()

    def term(self) -> t.Node:
        r"""Read juxtaposed factors joined by ``\cdot``, ``\times``, ``\odot`` or ``/``."""
        start = self.next.start
        first = left = self.juxtaposition()
        while self.is_next(*OPERATORS, "/", r"\dots"):
            if self.peek(self.is_next(*OPERATORS)).text == r"\dots":
                self.accept(*OPERATORS)
                left = self._running_product(left, start)
                continue
            running, operator = self._running_on(left), self.take().text
            right = self._divisor() if operator == "/" else self.juxtaposition()
            factors = left.factors if isinstance(left, t.Product) else (left,)
            if operator == r"\cdot" and self._by_entries(*factors, right):
                operator = r"\odot"
            if left is not first:
                self._check_mixed(left, operator, right, start)
            if running is not None and operator in (r"\cdot", "/"):
                inner = replace(running, of=self._joined(running.of, operator, right, start))
                left = self._settled(
                    self._joined(left, operator, right, start), _with_last(left, inner)
                )
            else:
                left = self._joined(left, operator, right, start)
        return left

    def _running_on(self, left: t.Node) -> Running | None:
        r"""Return the ``\max_i`` or ``\frac{d}{dt}`` that could take in what comes next."""
        end = self.tokens[self.at - 1].end
        while isinstance(left, t.Product):
            left = left.factors[-1]
        if isinstance(left, t.Reduce) and BY_NAME[left.operator].reach == "term":
            return None
        if isinstance(left, Running) and left.span[1] == left.of.span[1] == end:
            return left
        return None

    def _settled(self, first: t.Node, second: t.Node) -> t.Node:
        """Return the reading that has a shape; where both have one, the author must say which."""
        fitting = [each for each in (first, second) if self.has_shape(each)]
        if len(fitting) > 1:
            raise ambiguous(self.printer.show(first), self.printer.show(second), first.span)
        return fitting[0] if fitting else first

    def _joined(self, left: t.Node, operator: str, right: t.Node, start: int) -> t.Node:
        span = self.since(start)
        if operator == "/":
            return t.Divide(left, right, span=span)
        if isinstance(left, t.Product) and left.by == operator:
            return t.Product((*left.factors, right), operator, span=span)
        return t.Product((left, right), operator, span=span)

    def _check_mixed(self, left: t.Node, operator: str, right: t.Node, start: int) -> None:
        r"""Refuse ``\odot`` or ``\otimes`` beside another sign without a bracket."""
        mixed = isinstance(left, t.Product) and left.by != operator
        if mixed and isinstance(left, t.Product) and OF_ARRAYS & {left.by, operator}:
            rest = t.Product((left.factors[-1], right), operator)
            first = t.Product((left, right), operator)
            second = t.Product((*left.factors[:-1], rest), left.by)
            raise ambiguous(self.printer.show(first), self.printer.show(second), self.since(start))

    def _divisor(self) -> t.Node:
        start = self.next.start
        divisor = self.factor()
        if self.starts_factor():
            a, b = self.printer.show(divisor), self.next.text
            raise ambiguous(rf"(\dots / {a}) {b}", rf"\dots / ({a} {b})", self.since(start))
        return divisor

    def juxtaposition(self) -> t.Node:
        """Read factors that stand side by side."""
        start = self.next.start
        of = self.beside(self.factor(), start)
        is_bar = self.is_next("|") and self.peek().text == "_" and self.at != self.stop
        return self.barred(of, start) if is_bar and not self.bars else of

    def beside(self, first: t.Node, start: int) -> t.Node:
        """Read the factors that stand beside one."""
        factors = [first]
        while self.starts_factor():
            factors.append(self.factor())
        if len(factors) == 1:
            return first
        by = r"\odot" if self._by_entries(*factors) else ""
        return t.Product(tuple(factors), by, span=self.since(start))

    def _by_entries(self, *factors: t.Node) -> bool:
        """Tell whether one divides by a column, so that all are multiplied entry by entry."""
        divisors = (each.denominator for each in factors if isinstance(each, t.Divide))
        by_column = any(self.shape_of(each) not in (None, SCALAR) for each in divisors)
        return by_column and self.has_shape(t.Product(factors, r"\odot"))

    def starts_factor(self) -> bool:
        """Tell whether a factor can start at the next token."""
        token = self.next
        if token.kind in ("end", "row"):
            return False
        if token.kind == "text":
            base = self.base(token)
            return self._is_known(base) or self._is_constant(base)
        if self.at == self.stop or (token.text == "|" and self.peek().text == "_"):
            return False
        if token.text in {"|", r"\|"}:
            return self.bars == 0
        return token.text not in NOT_A_FACTOR and not token.text.startswith(r"\end{")

    def factor(self) -> t.Node:
        """Read one factor with its scripts."""
        token = self.next
        read = SPECIAL.get(token.text)
        if token.kind == "digit" or self.is_point():
            node = self.scripted(self.digits(), token.start)
        elif token.kind == "text" or read is None or self.notation.bases(token.text):
            node = self._named(token)
        else:
            node = read(self)
        return self.factorial(node, token.start) if self.is_next("!") else node

    # Brackets.

    def _bracket(self) -> t.Node:
        r"""Read ``(a)`` as a group, ``[a, b]`` as one row of a matrix."""
        if self.integrated and self.is_next("[") and (gain := self.between_limits()) is not None:
            return gain
        before, opening = self.tokens[max(self.at - 1, 0)], self.take()
        functions = len(self.alone.found) if self.alone else 0
        with self.nested(), self.outside_bars():
            parts = [self.expression()]
            listed = self._listed(parts)
            self.expect(CLOSING[opening.text], f"to close {opening.text}")
        span = self.since(opening.start)
        if listed is None and len(parts) == 1:
            return self.scripted(self._function(parts[0], functions), opening.start)
        row: t.Node = t.Matrix((tuple(parts),), span=span)
        if listed is not None:
            row = dots.listed(parts, [listed], self._fresh(), span)
        if opening.text == r"\{":
            raise Unreadable("a set has no value", span)
        if opening.text == "(" and before.kind in ("letter", "text") and self.at > 1:
            raise Unreadable(
                f"{before.text} is not declared as a function", span, r"or write a \cdot (b, c)"
            )
        is_column = opening.text == "(" and not self._is_transposed()
        return self.scripted(t.Transpose(row, span=span) if is_column else row, opening.start)

    def _function(self, of: t.Node, before: int) -> t.Node:
        r"""Read what stands behind brackets around functions: ``(f g)'``, ``(f + g)(x)``."""
        inside = self.alone.found[before:] if self.alone else []
        letters = {e for each in inside for e in each.arguments if isinstance(e, t.Symbol)}
        if self.alone is None or len(letters) != 1:
            return of
        letter, start = letters.pop(), of.span[0]
        while self.accept("'"):
            of = t.Derivative(of, (letter,), "d", span=self.since(start))
        here, count = self.at, len(self.alone.found)
        if not self.accept("("):
            return of
        with self.nested(), self.outside_bars():
            at = self.expression()
        self.expect(")", "to close (")
        if len(self.alone.found) > count:
            self.at, self.alone.found[count:] = here, []
            return of
        if not isinstance(at, t.Symbol | t.Number):
            shown, inner = self.printer.show(of), self.printer.show(at)
            hint = "write the arguments of the functions"
            raise ambiguous(f"({shown}) at {inner}", rf"({shown}) \cdot ({inner})", at.span, hint)
        self.alone.found[before:] = []
        return t.Evaluated(letter.name, at, of, span=self.since(start))

    def _is_transposed(self) -> bool:
        ahead = self.peek().text if self.peek().text != "{" else self.peek(2).text
        return self.is_next("^") and ahead in (r"\top", "T", r"\mathsf{T}")

    def _listed(self, parts: list[t.Node]) -> t.Node | None:
        r"""Read the rest of a list; where there are ``\dots`` in it, return what is behind them."""
        while self.accept(","):
            if self.accept(*dots.DOTS):
                self.expect(",", r"after \dots")
                return self.expression()
            parts.append(self.expression())
        return None

    def _fresh(self) -> str:
        """Return a letter for the index of a list, which has none in the LaTeX."""
        self._listings += 1
        letters = (each for each in "klmjpqsr" if not self._is_known_here(each))
        return next(islice(letters, self._listings - 1, None), f"k_{{{self._listings}}}")

    def _braces(self) -> t.Node:
        start = self.take().start
        with self.nested():
            inner = self.expression()
            self.expect("}", "to close {")
        return self.scripted(inner, start)

    @contextmanager
    def outside_bars(self) -> Iterator[None]:
        """Let a bar open an absolute value again, inside of brackets."""
        bars, self.bars = self.bars, 0
        yield
        self.bars = bars

    def _absolute(self) -> t.Node:
        start = self.take().start
        here, found = self.at, self._set_here()
        if found is not None and self.accept("|"):
            count = cardinality(found.members)
            if found.vector is not None:
                inside = self._belongs(found.vector, t.Symbol(LISTED))
                count = t.Reduce("sum", LISTED, found.members, t.number(1), inside)
            return self.scripted(count, start)
        self.at = here
        if self.is_next("|") and self._is_doubled():
            return self._norm(start)
        self.bars += 1
        with self.nested():
            inner = self.expression()
        self.expect("|", "to close |")
        self.bars -= 1
        return self.scripted(self.determinant(inner, start), start)

    def _is_doubled(self) -> bool:
        """Tell whether the bar after two bars is one of two as well: ``||x||``."""
        bars = [k for k in range(self.at + 1, len(self.tokens)) if self.tokens[k].text == "|"]
        return len(bars) > 1 and bars[1] == bars[0] + 1

    def _norm(self, outer: int | None = None) -> t.Node:
        """Read a norm, or the rest of one behind the first of two bars."""
        start, closing = self.take().start, r"\|"
        if outer is not None:
            start, closing = outer, "|"
        self.bars += 1
        with self.nested():
            array = self.unfolded()
            inner = self.expression() if array is None else array
        self.expect(closing, r"to close \lVert")
        self.expect(closing, r"to close ||") if outer is not None else None
        self.bars -= 1
        kind = self._norm_kind()
        norm = t.Norm(inner, *kind, span=self.since(start))
        scripts = self.scripts("", only_sup=not kind[0])
        if not kind[0]:  # as TeX does, \rVert^2_2 is read like \rVert_2^2
            norm = t.Norm(inner, *self._norm_kind(), span=self.since(start))
        if scripts.sub or scripts.primes:
            raise Unreadable("a norm has no entries", self.since(start))
        if array is not None and norm.kind != "F":
            raise Unreadable("an array of several axes has the norm F alone", self.since(start))
        return self._raised(norm, scripts, start)

    def _norm_kind(self) -> tuple[str, t.Node | None]:
        r"""Read what stands below a norm, and the number that a symbol there is."""
        if not self.is_next("_"):
            return "", None
        start = self.take().start
        at = self.at
        kind = self.group_text()
        if kind in ("F", "*", r"\infty") or (kind.isdigit() and kind != "0"):
            return kind, None
        entry = self.notation.entries.get(kind)
        if entry is None or entry.kind != "variable" or entry.domain.kind == "real":
            hint = rf"1, 2, F, * or \infty; or declare {kind} in \mathbb{{R}}_{{>0}} or an interval"
            raise Unreadable(f"the norm {kind} is not known", self.since(start), hint)
        self.at = at
        return kind, self.argument_group()

    def group_text(self) -> str:
        """Read a sign, or all signs between braces, as they are spelled."""
        if not self.accept("{"):
            return self.take().text
        texts = []
        while not self.is_next("}"):
            if self.next.kind == "end":
                raise self.error("expected }")
            texts.append(self.take().text)
        self.take()
        return "".join(texts)

    # Commands with arguments in braces.

    def _fraction(self) -> t.Node:
        start = self.take().start
        derivative = self.derivative(start)
        if derivative is not None:
            return self.scripted(derivative, start)
        above, below = self.argument_group(), self.argument_group()
        return self.scripted(t.Divide(above, below, span=self.since(start)), start)

    def argument_group(self) -> t.Node:
        """Read a braced group, or the one sign that TeX takes in its place."""
        if not self.is_next("{"):
            return self.single()
        self.take()
        with self.nested(), self.outside_bars():
            inner = self.expression()
            self.expect("}", "to close {")
        return inner

    def single(self) -> t.Node:
        r"""Read one sign without scripts, as TeX does: the ``n`` of ``x^n_k``."""
        token = self.next
        if token.kind == "digit":
            self.take()
            return t.Number(Fraction(token.text), span=self.since(token.start))
        base = self.base(token)
        if not self.starts_factor():
            raise self._nothing()
        if token.text in SPECIAL or (base in BUILT_IN and not self._is_known_here(base)):
            return self.factor()
        self.take()
        span = self.since(token.start)
        if base in CONSTANTS and not self._is_known_here(base):
            return t.Constant(base, span=span)
        entry, indices, _ = self.resolve(base, Scripts(), span)
        if entry is not None and not self.averages:
            check_fixed(entry.name, self.notation, span)
        return t.Symbol(base if entry is None else entry.name, indices, span=span)

    def _root(self) -> t.Node:
        start = self.take().start
        root = t.Symbol(r"\sqrt", span=self.since(start))
        if self.is_next("["):
            raise self.error("only square roots are read", r"write a power: x^{1/3}")
        inner = self.argument_group()
        return self.scripted(t.Apply(root, (inner,), span=self.since(start)), start)

    def _matrix(self) -> t.Node:
        opening = self.take()
        name = opening.text.removeprefix(r"\begin")
        rows: dots.Grid = []
        with self.nested(), self.outside_bars():
            while not self.accept(rf"\end{name}"):
                row = [self._cell()]
                while self.accept("&"):
                    row.append(self._cell())
                rows.append(row)
                if self.next.kind == "row":
                    self.take()
                elif not self.is_next(rf"\end{name}"):
                    raise self.error(f"expected & or \\\\ in {name}")
        span = self.since(opening.start)
        widest = max(map(len, rows))
        rows = [[None] * widest if row == [None] else row for row in rows]  # \vdots alone
        if len({len(row) for row in rows}) != 1:
            raise Unreadable("the rows have different lengths", span)
        cells = tuple(tuple(cell for cell in row if cell is not None) for row in rows)
        has_dots = any(cell is None for row in rows for cell in row)
        made = (
            dots.matrix(rows, self._fresh(), span)
            if has_dots
            else t.Matrix(self.with_zeros(cells), span=span)
        )
        if name == "{vmatrix}":
            made = self.determinant(made, opening.start)
        return self.scripted(made, opening.start)

    def _cell(self) -> t.Node | None:
        """Read a cell of a matrix; None where there are dots, or nothing."""
        self._skip_spaces()
        is_empty = self.is_next("&") or self.next.kind == "row"
        cell = None if is_empty or self.accept(*dots.DOTS) else self.expression()
        self._skip_spaces()
        return cell

    def _cases(self) -> t.Node:
        start = self.take().start
        values: list[t.Node] = []
        conditions: list[t.Node | None] = []
        with self.nested(), self.outside_bars():
            while not self.accept(r"\end{cases}"):
                values.append(self.expression())
                self.accept(",")
                conditions.append(self._case_condition(conditions))
                self.accept(".", ",", ";")
                if self.next.kind == "row":
                    self.take()
                elif not self.is_next(r"\end{cases}"):
                    raise self.error(r"expected \\ or \end{cases}")
        if None in conditions[:-1] or not values:
            raise Unreadable("only the last case may stand without a condition", self.since(start))
        return t.Cases(tuple(values), tuple(conditions), span=self.since(start))

    def _case_condition(self, before: Sequence[t.Node | None]) -> t.Node | None:
        """Read the condition of a case; None for what the cases before it leave over."""
        self._skip_spaces()
        if not self.accept("&") and self.next.kind != "text":
            self.expect("&", "after a value in cases", r"write b & \text{if } a > 0")
        self._skip_spaces()
        word = self._case_word()
        if word in ("otherwise", "else"):
            return None
        if word not in ("", "if", "for", "when", "where"):
            raise Unreadable(
                f"{word!r} is not a condition",
                self.since(self.tokens[self.at - 1].start),
                r"write \text{if } or \text{otherwise}",
            )
        return self.condition() if not self._leaves_out(before) else None

    def _leaves_out(self, before: Sequence[t.Node | None]) -> bool:
        r"""Read ``x \notin [a, b]`` behind the one case ``x \in [a, b]``."""
        signs = [each.text for each in self.tokens[self.at :]]
        if r"\notin" not in [*takewhile(r"\\".__ne__, signs)]:
            return False
        left = self.expression()
        start = self.expect(r"\notin", "after a side").start
        if [self._member_of(left, start)] != list(before):
            raise self.error(r"\notin is read of the one case before it", r"\text{otherwise}")
        return True

    def _skip_spaces(self) -> None:
        while self.accept(r"\quad"):
            pass

    def _case_word(self) -> str:
        r"""Read the word before a condition, be it set as words are or not: ``if``."""
        if self.next.kind == "text":
            return self.take().text.strip().rstrip(",.;:")
        spelled, end = "", self.next.start
        for token in self.tokens[self.at :]:
            if token.kind != "letter" or token.start != end:
                break
            spelled, end = spelled + token.text, token.end
        if spelled not in ("if", "for", "when", "where", "otherwise", "else"):
            return ""
        self.at += len(spelled)
        return spelled

    # Conditions.

    def condition(self) -> t.Node:
        r"""Read comparisons joined by ``and``, ``with`` or ``\land``, and these by ``or``."""
        start = self.next.start
        ways = [self._all_of()]
        while self._accept_word(r"\lor", "or"):
            ways.append(self._all_of())
        if len(ways) == 1:
            return ways[0]
        held = tuple(t.Indicator(r"\mathbb{1}", each) for each in ways)
        any_of = t.Apply(t.Symbol(r"\max"), held)
        return t.Comparison("=", any_of, t.number(1), span=self.since(start))

    def _all_of(self) -> t.Node:
        start = self.next.start
        parts = [self.comparison()]
        while self._accept_word(r"\land", "and", "with"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else t.And(tuple(parts), span=self.since(start))

    def _accept_word(self, sign: str, *words: str) -> bool:
        if self.next.kind == "text" and self.next.text.strip() in words:
            self.take()
            return True
        return self.accept(sign)

    def comparison(self) -> t.Node:
        """Read ``a < b``, and ``a < b < c`` as both."""
        start = self.next.start
        left = self.expression()
        if self.accept(r"\in"):
            return self._member_of(left, start)
        parts: list[t.Node] = []
        while self.is_next("=", "<", ">", r"\le", r"\ge", r"\ne"):
            relation = self.take().text
            right = self.expression()
            if relation == "=" and self.is_next(",") and self.peek().text == r"\dots":
                self.take()
                self.take()
                self.expect(",", r"after \dots")
                return self._between(left, right, self.expression(), start)
            parts.append(t.Comparison(relation, left, right, span=self.since(start)))
            left = right
        if not parts:
            raise self.error("expected a comparison such as y = 1")
        return parts[0] if len(parts) == 1 else t.And(tuple(parts), span=self.since(start))

    def _member_of(self, side: t.Node, start: int) -> t.Node:
        r"""Read the set behind ``x \in``: an interval, or numbers from … to …."""
        if (named := self._set_here()) is not None and named.vector is not None:
            return self._belongs(named.vector, side)
        if named is not None or not self.is_next("(", "["):
            members = self.members() if named is None else named.members
            if isinstance(members, t.Range):
                return self._between(side, members.lower, members.upper, start)
            hint = "give each number a case of its own, or say from where to where it runs"
            raise Unreadable("a condition that lists numbers is not read", members.span, hint)
        opens = self.take().text
        low = self.expression()
        self.expect(",", "after the lower end")
        high = self.expression()
        closes = self.next.text
        if not self.accept(")", "]"):
            raise self.error("expected ) or ] after the upper end")
        ends = [
            t.Comparison("<" if sign in "()" else r"\le", left, right, span=self.since(start))
            for sign, left, right in ((opens, low, side), (closes, side, high))
            if t.Constant(r"\infty") not in t.walk(t.And((left, right)))
        ]
        return ends[0] if len(ends) == 1 else t.And(tuple(ends), span=self.since(start))

    def _between(self, side: t.Node, lower: t.Node, upper: t.Node, start: int) -> t.Node:
        """Return what it means that a whole number lies between two others."""
        entry = self.notation.entries.get(side.name) if isinstance(side, t.Symbol) else None
        local = self.locals.get(side.name) if isinstance(side, t.Symbol) else None
        is_index = local.over is not None if local else entry is not None and entry.kind == "index"
        kind = entry.domain.kind if entry is not None and not local else ""
        if not is_index and kind not in ("natural", "integer", "whole"):
            shown = self.printer.show(side)
            raise Unreadable(f"{shown} is not declared as a whole number", self.since(start))
        span = self.since(start)
        ends = ((lower, side), (side, upper))
        return t.And(tuple(t.Comparison(r"\le", *pair, span=span) for pair in ends), span=span)

    # Sums, products, maxima, expectations.

    def _reduction(self) -> t.Node:
        token = self.take()
        operator = BY_SIGN[token.text]
        if not self.is_next("_"):
            if operator.reach == "term":
                return self._over_its_index(operator.name, token.start)
            if token.text in BUILT_IN:
                return self._built_in(token, token.text)
            shown = token.text + ("_w" if operator.extremum else "_{i=1}^n")
            raise self.error(f"expected an index under {token.text}", f"write {shown}")
        self.take()
        if operator.extremum and (free := self._free_variable()) is not None:
            name, size, positive = free
            own = {} if self.notation.bases(name) else {name: Local(shape=(size, t.number(1)))}
            with self.bound(**own):
                of = self.juxtaposition()
            return t.Extremum(operator.name, name, of, size, positive, span=self.since(token.start))
        below = self._running()
        indices, condition = self._completed(below.running), below.condition
        names = {
            name: Local(over if isinstance(over, t.Range) else None, running=True)
            for name, over in indices
        }
        if below.pair:
            names[below.pair] = Local(self.ranges()[below.pair], running=True)
        with self.bound(**names), self.nested():
            found = self._replay(condition) if isinstance(condition, tuple) else condition
            of = self._summand() if operator.reach == "term" else self.juxtaposition()
        span = self.since(token.start)
        if operator.name == "prod":
            self._refuse_second_product([name for name, _ in indices], of, span)
        for name, over in reversed(indices):
            of = t.Reduce(operator.name, name, over, of, found, below.pair, span=span)
            found = None
        return of

    def _refuse_second_product(self, names: Sequence[str], of: t.Node, span: t.Span) -> None:
        r"""Refuse ``\prod_n a_n \prod_n b_n``, which is no product of products if nested."""
        inner = [each.index for each in t.walk(of) if isinstance(each, t.Reduce)]
        again = [name for name in names if name in inner]
        if again:
            message = f"{again[0]} runs in two products, one behind the other"
            raise Unreadable(message, span, "put the first product in brackets, or the second one")

    def _summand(self) -> t.Node:
        r"""Read what a sum reaches over, which may begin with a minus: ``\sum_i -p_i \log p_i``."""
        start = self.next.start
        return t.Negative(self.term(), span=self.since(start)) if self.accept("-") else self.term()

    def _ahead(self, names: Sequence[str]) -> t.Node | None:
        """Return what stands behind a sum, before it is known what its indices run over."""
        here = self.at
        self.sums_ahead += 1
        try:
            with self.bound(**dict.fromkeys(names, Local())), self.nested():
                return self._summand() if self.sums_ahead < DEEPEST_SUM else None
        except Unreadable:
            return None
        finally:
            self.at = here
            self.sums_ahead -= 1

    def _completed(
        self, running: Sequence[tuple[str, t.Set | t.Node | None]]
    ) -> list[tuple[str, t.Set]]:
        """Let an index that nothing else is said of run over all that it is an index of."""
        found: list[tuple[str, t.Set]] = []
        of: t.Node | None = None
        for name, over in running:
            if isinstance(over, t.Range | t.Finite):
                found.append((name, over))
                continue
            of = of or self._ahead([name for name, _ in running])
            ranges = {*self._indexed_by(name, of)} if of is not None else set()
            if over is not None:
                ranges = {each for each in ranges if each.lower == over}
            if len(ranges) != 1:
                if over is None:
                    self._declared_range(name, self.tokens[self.at - 1].start)
                raise self.error("expected the upper limit")
            found.append((name, ranges.pop()))
        return found

    def _indexed_by(self, name: str, of: t.Node) -> Iterator[t.Range]:
        """Yield the ranges of what an index is an index of, as the notation declares them."""
        for node in t.walk(of):
            if isinstance(node, t.Symbol):
                entry = self.notation.entries.get(node.name)
                ranges, indices = entry.ranges if entry is not None else (), node.indices
            elif isinstance(node, t.Component):
                ends = [self.notation.counted(node.of, (t.number(1), size), -1)
                        for size in self.shape_of(node.of) or ()]  # fmt: skip
                ranges = tuple(t.Range(*each) for each in ends)
                indices = self.notation.counted(node.of, node.indices, -1)
            else:
                continue
            for over, index in zip(ranges, indices, strict=False):
                if index == t.Symbol(name) and over is not None:
                    yield over

    def _over_its_index(self, operator: str, start: int) -> t.Node:
        r"""Read ``\sum x_i`` over the one declared index that occurs in it."""
        of = self._ahead([])
        names = {n for n in (t.free_names(of) if of is not None else ()) if n not in self.locals}
        names &= {n for n, each in self.notation.entries.items() if each.kind == "index"}
        if len(names) != 1:
            sign = self.tokens[self.at - 1].text
            raise self.error(f"expected an index under {sign}", f"write {sign}_{{i=1}}^n")
        (name,) = names
        self.unwritten.add(name)
        over = self._declared_range(name, start)
        with (
            self.bound(**{name: Local(over if isinstance(over, t.Range) else None)}),
            self.nested(),
        ):
            of = self._summand()
        return t.Reduce(operator, name, over, of, span=self.since(start))

    def _free_variable(self) -> tuple[str, t.Node, bool] | None:
        """Read the variable over all of whose values an extremum runs: name, size, whether > 0."""
        braced, here = self.accept("{"), self.at
        name = self.base(self.take())
        entry = self.notation.entries.get(name)
        found = self._free_set(entry) if braced and not self.is_next("}") else self._own_set(entry)
        if found is None or name in self.locals or (braced and not self.is_next("}")):
            self.at = here - braced
            return None
        self.accept("}") if braced else None
        return name, *found

    def _own_set(self, entry: Entry | None) -> tuple[t.Node, bool] | None:
        kinds = ("real", "positive", "nonnegative")
        if entry is None or entry.kind != "variable" or entry.indices:
            return None
        if entry.domain.kind not in kinds or entry.shape is None or entry.shape[1] != t.number(1):
            return None
        return entry.shape[0], entry.domain.kind != "real"

    def _free_set(self, entry: Entry | None) -> tuple[t.Node, bool] | None:
        r"""Read ``\in \mathbb{R}^d`` or ``> 0`` behind the variable of an extremum."""
        if self.accept(">"):
            return (t.number(1), True) if self.next.text == "0" and self.take() else None
        if not self.accept(r"\in") or not self.accept(r"\mathbb{R}"):
            return None
        positive = self.accept("_")
        if positive and self.group_text() not in (">0", "+", r"\ge0"):
            return None
        size = self.argument_group() if self.accept("^") else t.number(1)
        own = entry is not None and entry.kind == "variable"
        return None if own and self._own_set(entry) != (size, positive) else (size, positive)

    def _running(self) -> Below:
        """Read what stands below and above a sum: its indices, and the place of a condition."""
        braced = self.accept("{")
        start = self.next.start
        if braced and (chain := self._chain(start)) is not None:
            return chain
        names = self._names_below(braced=braced)
        over: t.Set | None = None
        condition: tuple[int, int] | t.Condition | None = None
        lower, pair = None, ""
        if braced:
            begin = self.at - 1
            if self.accept("=") and not (over := self._listed_limits()):
                lower = self.expression()
            if self.is_next(r"\in", r"\notin"):
                over, condition = self._set_below(names)
            if self.is_next(r"\ne", "<", ">", r"\le", r"\ge"):
                pair = self._other_index(names[0])
                condition = self._skip_to_brace(begin)
            elif condition is None and self.accept(":", ",", "|"):
                condition = self._skip_to_brace(self.at)
            self.expect("}", "after the index of a sum")
        declared = [self._declared(name) for name in names]
        if lower is None and over is None and self.is_next("^"):
            lower = declared[0].lower if isinstance(declared[0], t.Range) else t.number(1)
        if lower is not None and self.accept("^"):
            over = t.Range(lower, self.argument_group(), span=self.since(start))
        elif isinstance(lower, t.Number) and isinstance(declared[0], t.Range):
            over = t.Range(lower, declared[0].upper, span=self.since(start))
        running = [
            (name, over or known or lower) for name, known in zip(names, declared, strict=True)
        ]
        return Below(running, condition, pair)

    def _names_below(self, *, braced: bool) -> list[str]:
        names = [self._index_name()]
        while braced and (
            (self.is_next(",") and self.peek(2).text in (",", "}", "=", r"\in"))
            or (self.next.kind == "letter" and self._next_kind() in ("", "index"))
        ):
            self.accept(",")
            names.append(self._index_name())
        return names

    def _set_below(self, names: Sequence[str]) -> tuple[t.Set, t.Condition | None]:
        """Read the set below a sum, and when all its indices belong to it, or none does."""
        is_in, named = self.take().text == r"\in", self._set_here()
        if named is None and is_in:
            return self.members(), None
        if named is None or (named.vector is None and not is_in):
            raise self.error(r"\notin is read of a set that is part of a range")
        if named.vector is None:
            return named.members, None
        found = [self._belongs(named.vector, t.Symbol(name), really=is_in) for name in names]
        return named.members, found[0] if len(found) == 1 else t.And(tuple(found))

    def _listed_limits(self) -> t.Range | None:
        r"""Read ``1, \dots, n`` or ``1..n`` below a sum."""
        start, dots_at = self.next.start, 1 + (self.peek().text == ",")
        if self.peek(dots_at).text != r"\dots":
            return None
        lower = self.single()
        while self.accept(",", r"\dots"):
            pass
        return t.Range(lower, self.expression(), span=self.since(start))

    def _other_index(self, name: str) -> str:
        r"""Return the other index of ``\sum_{i \ne j}`` if it is declared and runs nowhere else."""
        other = self.base(self.peek())
        is_alone = self.peek(2).text == "}" and other != name and other not in self.locals
        return other if is_alone and self.notation.kind(other) == "index" else ""

    def _chain(self, start: int) -> Below | None:
        r"""Read ``1 \le i \le n`` and ``1 \le i < j \le n``."""
        here = self.at
        first_is_index = self.peek().text in (",", "=", r"\in", r"\ne", ":", "|", "}")
        if first_is_index or (self.next.kind == "letter" and self._next_kind() in ("", "index")):
            return None
        lower = self.expression()
        relations, names = [], list[str]()
        while self.is_next("<", r"\le"):
            relations.append(self.take().text)
            names.append(self.base(self.next))
            if self.peek().text not in ("<", r"\le"):
                break
            self.take()
        if len(relations) not in (2, 3):
            self.at = here
            return None
        upper = self.expression()
        self.expect("}", "after the index of a sum")
        one = t.number(1)
        lower = t.Add((lower, one)) if relations[0] == "<" else lower
        upper = t.Add((upper, t.Negative(one))) if relations[-1] == "<" else upper
        over = t.Range(lower, upper, span=self.since(start))
        running = list[tuple[str, t.Set]]((name, over) for name in names[:-1])
        if len(relations) == 2:
            return Below(running)
        inner = t.Comparison(relations[1], t.Symbol(names[0]), t.Symbol(names[1]))
        return Below(running, inner)

    def _next_kind(self) -> str:
        return self.notation.kind(self.base(self.next))

    def _skip_to_brace(self, start: int) -> tuple[int, int]:
        self.at = self.closing()
        if not self.is_next("}"):
            raise self.error("expected }")
        return start, self.at

    def _replay(self, place: tuple[int, int]) -> t.Node:
        """Read a condition under a sum, now that its index is known."""
        here, self.at = self.at, place[0]
        condition = self.condition()
        if self.at != place[1]:
            raise self.error("expected the end of the condition")
        self.at = here
        return condition

    def _set_here(self) -> Named | None:
        """Read the name of a set, ``S``, ``B_t`` or ``N(i)``, if one stands here."""
        here, token = self.at, self.next
        known = [e for e in self.notation.bases(self.base(token)) if e.members is not None]
        if not known:
            return None
        self.take()
        scripts = self.scripts(self.base(token))
        if not scripts.sub and self.accept("("):  # N(i) is N_i
            scripts = replace(scripts, sub=self.items_until(")"))
            self.expect(")", "after an index")
        span = self.since(token.start)
        entry, indices, rest = self.resolve(self.base(token), scripts, span)
        if entry is None or entry.members is None or rest:
            self.at = here
            return None
        values = dict(zip(entry.indices, indices, strict=True))
        members = cast("t.Set", t.substitute(entry.members, values))
        is_part = entry.kind == "variable"
        return Named(members, t.Symbol(entry.name, indices, span=span) if is_part else None)

    def _belongs(self, vector: t.Symbol, index: t.Node, *, really: bool = True) -> t.Comparison:
        """Return that an index belongs to a set, or that it does not."""
        entry = self.entry(vector, (index,), vector.span)
        return t.Comparison("=", entry, t.number(int(really)), span=vector.span)

    def members(self) -> t.Finite | t.Range:
        r"""Read the set behind ``\in``."""
        if (found := self._set_here()) is not None:
            if found.vector is not None:
                raise self.error("what this set holds is not known")
            return found.members
        start = self.expect(r"\{", r"after \in").start
        values = [self.expression()]
        while self.accept(","):
            if self.accept(r"\dots"):
                self.expect(",", r"after \dots")
                upper = self.expression()
                self.expect(r"\}", "after the last value")
                _, over, of = dots.whole_run(values, upper, LISTED, self.since(start))
                if of != t.Symbol(LISTED):
                    raise Unreadable("a set goes on by 1", self.since(start))
                return replace(over, span=self.since(start))
            values.append(self.expression())
        self.expect(r"\}", "after the values of a set")
        return t.Finite(tuple(values), span=self.since(start))

    def _index_name(self) -> str:
        if self.next.kind != "letter" and not self.next.text.startswith("\\"):
            raise self.error("expected an index")
        name = self.take().text
        while self.accept("'"):
            name += "'"
        return name

    def _declared_range(self, name: str, start: int) -> t.Range | t.Finite:
        known = self._declared(name)
        if known is None:
            raise Unreadable(
                f"what {name} runs over is not said",
                self.since(start),
                rf"write \sum_{{{name}=1}}^n or declare {name} = 1, \dots, n",
            )
        return known

    def _declared(self, name: str) -> t.Range | t.Finite | None:
        local, entry = self.locals.get(name), self.notation.entries.get(name)
        if local is not None and local.over is not None:
            return local.over
        if entry is not None and entry.kind == "variable" and entry.domain.kind == "finite":
            if entry.domain.over is not None:
                return entry.domain.over
            return t.Finite(tuple(_number(each) for each in entry.domain.values))
        return entry.ranges[0] if entry is not None and entry.ranges else None

    # Names: functions, symbols, constants.

    def _named(self, token: Token) -> t.Node:
        base = self.base(token)
        declared = self._is_known_here(base) and not self._is_constant(base)
        declared = declared and not (base in IDENTITIES and self._is_sized(base))
        if not declared and base in BUILT_IN:
            return self._built_in(self.take(), base)
        if name := self.eigenvalue(token):
            while not self.is_next("(", "["):
                self.take()
            return self._built_in(token, name)
        if not declared and (special := self._undeclared_sign(token, base)) is not None:
            return special
        if base in SETS:
            raise self.error("a set has no value")
        if token.text.startswith(r"\begin{"):
            raise self.error("an environment that is not read")
        is_name = token.kind in ("letter", "text") or (
            token.kind == "command" and base not in NOT_A_FACTOR
        )
        if not is_name or token.text.startswith(r"\end{"):
            raise self._nothing()
        self.take()
        return self._symbol(base, token)

    def _nothing(self) -> Unreadable:
        """Say what is missing where nothing can be read."""
        before = self.tokens[self.at - 1].text if self.at else ""
        hint = f"nothing stands behind {before}" if before else "nothing stands before it"
        if self.tokens[max(self.at - 1, 0)].text == self.next.text == "=":
            hint = "write one ="
        return self.error("expected a number, a symbol or a bracket", hint)

    def _is_constant(self, base: str) -> bool:
        """Tell whether a letter is a constant, although there is an ``e_0`` beside it."""
        if (
            base not in ("e", r"\text{e}", *CONSTANTS)
            or self.peek().text == "_"
            or base in self.locals
        ):
            return False
        return all(each.head.sub and not each.head.sup for each in self.notation.bases(base))

    def _undeclared_sign(self, token: Token, base: str) -> t.Node | None:
        """Read what has a meaning as long as the notation gives it no other."""
        if base in CONSTANTS or self._is_constant(base):
            self.take()
            base = "e" if base == r"\text{e}" else base
            return self.scripted(t.Constant(base, span=self.since(token.start)), token.start)
        if base in ORDERS and self.peek().text == "(":
            self.take()
            self.take()
            of = self.expression()
            self.expect(")", "after an order")
            sign = "o" if base == "o" else "O"
            return t.Landau(sign, of, span=self.since(token.start))
        if base in INDICATORS and self.peek().text in CLOSING:
            self.take()
            return self._indicator(base, token.start)
        if (base in IDENTITIES or base == r"\mathbf{1}") and self.peek().text == "_":
            self.take()
            self.take()
            size = self._size(token)
            made = t.Ones if base == r"\mathbf{1}" else t.Identity
            return self.scripted(made(size, span=self.since(token.start)), token.start)
        applied = base == "I" and self.peek().text in CLOSING
        if base in UNSIZED and not applied and not self.notation.bases(base + "'"):
            self.take()
            return self.scripted(self.unsized(base, token), token.start)
        return self.measured(base)

    def _is_sized(self, base: str) -> bool:
        """Tell whether a size stands below an identity that has no members and few entries."""
        size = self.base(self.peek(2))
        plain = all(not e.head.sub and (e.shape is None or e.shape[1] != t.number(1))
                    for e in self.notation.bases(base))  # fmt: skip
        return plain and self.peek().text == "_" and self.notation.kind(size) == "size"

    def _size(self, token: Token) -> t.Node:
        """Read the size of an identity or of a column of ones."""
        items = self.items()
        if [each.text for each in items[1:]] == [r"\times", items[0].text]:
            items = items[:1]
        if len(items) != 1 or items[0].node is None:
            raise Unreadable(f"{token.text} needs one declared size", self.since(token.start))
        return items[0].node

    def _indicator(self, sign: str, start: int) -> t.Node:
        opening = self.take()
        with self.nested(), self.outside_bars():
            condition = self.condition()
            self.expect(CLOSING[opening.text], "after a condition")
        return self.scripted(t.Indicator(sign, condition, span=self.since(start)), start)

    def _built_in(self, token: Token, name: str) -> t.Node:
        function, base = BUILT_IN[name], self._log_base(token)
        symbol = t.Symbol(function.latex[0] if base else name, span=(token.start, token.end))
        scripts = self.scripts(name, only_sup=True)
        arguments = self._arguments(name, token.start)
        node = self._applied(symbol, arguments, scripts, token)
        if base is not None:
            if isinstance(node, t.Power):
                raise Unreadable("a power of such a logarithm", node.span, "put brackets around it")
            below = t.Apply(t.Symbol(r"\log"), (base,), span=base.span)
            return t.Divide(node, below, span=self.since(token.start))
        return (
            self.scripted(node, token.start) if function.closed or self.is_next("_", "^") else node
        )

    def _log_base(self, token: Token) -> t.Node | None:
        r"""Read the base of ``\log_2``; ``\lg`` has the base 10."""
        if token.text == r"\lg":
            return t.number(10)
        return self.argument_group() if token.text == r"\log" and self.accept("_") else None

    def _arguments(self, base: str, start: int) -> tuple[t.Node, ...]:
        """Read the argument of a named function, with or without brackets around it."""
        name, function = base.removeprefix(r"\text{").rstrip("}"), BUILT_IN[base]
        if self.is_next(*CLOSING):
            opening = self.take()
            with self.nested(), self.outside_bars():
                arguments = [self.expression()]
                listed = self._listed(arguments)
                self.expect(CLOSING[opening.text], f"after the argument of {name}")
            if listed is not None:
                if function.name not in BY_NAME:
                    raise Unreadable(rf"{name} does not take \dots", self.since(opening.start))
                span = self.since(opening.start)
                before, found = dots.run(arguments, listed, self._fresh(), span)
                arguments = [*before, t.Reduce(function.name, *found, span=span)]
            if self.is_next("^") and len(arguments) == 1 and not function.closed:
                inner = self.printer.show(arguments[0])
                raise ambiguous(f"({name}({inner}))^…", f"{name}(({inner})^…)", self.since(start))
            return tuple(arguments)
        if base in LETTERS:
            hint = f"put its argument in brackets, or declare {base} if it means something else"
            raise self.error(f"{base} is {function.meaning}", hint)
        if not self.starts_factor():
            raise self.error(f"expected the argument of {name}", "put brackets")
        argument = self.factor()
        if self._is_function(self.peek() if self.is_next(r"\cdot") else self.next):
            return (argument,)
        closed = isinstance(argument, (t.Apply, t.Number, t.Reduce))
        if self.starts_factor() or (self.is_next(r"\cdot") and not closed):
            inner, sign = (
                self.printer.show(argument),
                "" if self.starts_factor() else self.take().text,
            )
            rest = f"{sign} {self.printer.show(self.factor())}".strip()
            raise ambiguous(
                f"({name} {inner}) {rest}", f"{name} ({inner} {rest})", self.since(start)
            )
        return (argument,)

    def _is_function(self, token: Token) -> bool:
        r"""Tell whether a token is a function, before which an argument ends: ``\sin t \cos t``."""
        base = self.base(token)
        return base in BUILT_IN and base != r"\sqrt" and not self._is_known_here(base)

    def _symbol(self, base: str, token: Token) -> t.Node:
        base, scripts = self.primed(base, self.scripts(base))
        if (known := self.spelled_out(base, scripts)) is not None:
            return self.scripted(known, token.start)
        span = self.since(token.start)
        entry, indices, rest = self.resolve(base, scripts, span)
        if entry is not None and not self.averages:
            check_fixed(entry.name, self.notation, span)
        if entry is not None and entry.members is not None:
            raise Unreadable("a set has no value", span)
        if entry is not None and entry.kind == "indicator":
            if not self.is_next(*CLOSING):
                raise self.error(f"expected a condition in brackets after {base}")
            return self._indicator(entry.name, token.start)
        symbol = t.Symbol(base if entry is None else entry.name, indices, span=span)
        if entry is not None and entry.joint and not rest:
            return self.scripted(self.chance(entry, token), token.start)
        if entry is not None and entry.kind == "function" and not rest:
            return self._application(symbol, entry, scripts, token)
        if entry is not None and not rest and self._stands_for_itself(symbol, entry):
            return self._raised(symbol, self._turned(symbol, scripts, token.start), token.start)
        indices = tuple(self.index(item, span) for item in rest)
        if rest and (self.shape_of(symbol) or SCALAR)[1] != t.number(1):
            scripts.refuse_late(span)
        node = self.entry(symbol, indices, span) if rest else symbol
        return self._raised(node, self._turned(node, scripts, token.start), token.start)

    def _turned(self, node: t.Node, scripts: Scripts, start: int) -> Scripts:
        """Read a prime on a vector or a matrix as its transpose, where it can be nothing else."""
        if not scripts.primes:
            return scripts
        span = self.since(start)
        shape = self.shape_of(node)
        applied = any(isinstance(each, t.Apply) for each in t.walk(node))
        if shape in (None, SCALAR) or applied or scripts.primes > 1 or scripts.transposed:
            hint = f"{self.printer.show(node)} is not declared as one"
            raise Unreadable("a prime stands for the derivative of a function", span, hint)
        before = next((e for e in reversed(self.tokens) if e.end <= start), None)
        alone = self.next.kind == "end" or self.next.text in (")", "]", ",", *RELATIONS)
        if alone and (before is None or before.text in ("(", "[", ",", *RELATIONS)):
            shown = self.printer.factor(node)
            raise ambiguous(rf"{shown}^\top", f"a symbol {shown}' of its own", span)
        return replace(scripts, primes=0, transposed=True)

    def _application(
        self, symbol: t.Symbol, entry: Entry, scripts: Scripts, token: Token
    ) -> t.Node:
        here, entries = self.at, family(entry, self.notation)
        if not self.is_next("(", "["):
            return self._without_arguments(symbol, entries, scripts, token)
        closing = CLOSING[self.take().text]
        before = len(self.alone.found) if self.alone else 0
        with self.nested(), self.outside_bars():
            arguments, signs = self._separated(entries)
        inside = self.alone.found[before:] if self.alone else []
        if self.alone and any(e.function == symbol for e in inside) and arguments[0] not in inside:
            self.at, self.alone.found[before:] = here, []
            return self._without_arguments(symbol, entries, scripts, token)
        if inside and len(arguments) == 1 and not isinstance(arguments[0], t.Apply):
            inner = self.printer.show(arguments[0])
            first, second = f"{token.text}({inner})", rf"{token.text} \cdot ({inner})"
            raise ambiguous(first, second, self.since(token.start), "write the arguments")
        self.expect(closing, f"after the arguments of {token.text}")
        self._refuse_product(entry, arguments, token)
        if len(entries) > 1 or entry.signs:
            span = self.since(token.start)
            entry = overloads.meant(entries, arguments, signs, self.notation, span)
            symbol = replace(symbol, name=entry.name)
        node = self._applied(symbol, arguments, scripts, token)
        if scripts.transposed:
            node = t.Transpose(node, span=self.since(token.start))
        return self.scripted(node, token.start)

    def _refuse_product(self, entry: Entry, arguments: tuple[t.Node, ...], token: Token) -> None:
        """Refuse ``y(a + b)`` where ``y`` is a number as well."""
        twins = [e for e in self.notation.bases(entry.head.base) if e.kind != "function"]
        is_twin = any((e.head.sub, e.head.sup) == (entry.head.sub, entry.head.sup) for e in twins)
        texts = [each.text for each in self.tokens]
        calls = (k for k, text in enumerate(texts) if text == token.text)
        called = any((*texts[k + 1 : k + 2], *texts[k + 3 : k + 4]) == ("(", ")") for k in calls)
        if is_twin and not called and isinstance(arguments[0], t.Add | t.Negative):
            first = self.printer.show(t.Apply(t.Symbol(entry.name), arguments))
            second = rf"{token.text} \cdot ({self.printer.show(arguments[0])})"
            hint = "give the function and the number two letters"
            raise ambiguous(first, second, self.since(token.start), hint)

    def _stands_for_itself(self, symbol: t.Symbol, entry: Entry) -> bool:
        r"""Read the ``(w)`` of ``L(w)`` behind an ``L`` that is defined from ``w``."""
        if not self.is_next("(") or entry.kind != "variable":
            return False
        reach, here, found = self.notation.reach[entry.name] - {entry.name}, self.at, list[t.Node]()
        try:
            while self.accept("(") or (found and self.parting()):
                found.append(self.factor())
        except Unreadable:
            found = []
        names = {each.name if isinstance(each, t.Symbol) else "" for each in found}
        whole = found and self.is_next(")") and self.peek().text not in ("^", "_", "'")
        whole = whole and (entry.shape == SCALAR or not self.has_shape(t.Product((symbol, *found))))
        if whole and names <= reach:
            self.take()
            return True
        if whole and "" not in names and reach:
            name, at = self.printer.declared(entry), ", ".join(map(self.printer.show, found))
            first, second = f"the value of {name} at {at}", rf"{name} \cdot ({at})"
            hint = f"define {name} as a function of what it is taken at"
            raise ambiguous(first, second, (self.tokens[here].start, self.next.end), hint)
        self.at = here
        return False

    def _without_arguments(
        self, symbol: t.Symbol, entries: Sequence[Entry], scripts: Scripts, token: Token
    ) -> t.Node:
        r"""Read ``f`` as its value at every argument; so ``f(1 - f)`` is a product."""
        plain = scripts.primes == 0 and not scripts.transposed
        if self.alone is None or len(entries) > 1 or (plain and self._takes_next(token)):
            hint = f"write {token.text}(…)"
            raise self.error(f"expected the argument of {token.text} in brackets", hint)
        arguments: tuple[t.Node, ...]
        if self.accept(r"\circ"):
            arguments = (self.factor(),)
            if not isinstance(arguments[0], t.Apply):
                raise Unreadable(r"\circ joins functions", arguments[0].span, "write f(…)")
        else:
            self.notation, arguments = self.alone.at(symbol, self.notation)
            self.printer.notation = self.notation
            self.alone.found.append(t.Apply(symbol, arguments))
        node = self._applied(symbol, arguments, scripts, token)
        return self._raised(node, replace(scripts, primes=0, power=None), token.start)

    def _takes_next(self, token: Token) -> bool:
        r"""Tell whether what stands behind a function may be its argument: ``\sigma t``."""
        before = self.tokens[self.tokens.index(token) - 1]
        known = self.notation.bases(self.base(self.next))
        is_name = self.next.kind == "digit" or any(each.kind != "function" for each in known)
        return is_name and self.starts_factor() and before.text != r"\nabla"

    def _applied(
        self, function: t.Symbol, arguments: tuple[t.Node, ...], scripts: Scripts, token: Token
    ) -> t.Node:
        """Return an application, or its power: ``f^2(x)``."""
        span = self.since(token.start)
        node = t.Apply(function, arguments, scripts.primes, span=span)
        if isinstance(scripts.power, t.Negative):
            shown = self.printer.show(node)
            raise ambiguous(
                f"the inverse function of {token.text}",
                rf"\frac{{1}}{{{shown}}}",
                span,
                "write the fraction, or declare the inverse function by a name of its own",
            )
        return node if scripts.power is None else t.Power(node, scripts.power, span=span)

    def _separated(self, entries: Sequence[Entry]) -> tuple[tuple[t.Node, ...], tuple[str, ...]]:
        """Read arguments, and the signs around them if the function was defined with such."""
        known, start = {each.signs for each in entries}, self.next.start
        are_bars = any(BARS[0] in sign for signs in known for sign in signs) or self._lone_bar()
        self.bars += are_bars
        arguments, signs = list[t.Node](), [""]
        while True:
            here, named = self.at, self.named_argument()
            if any(named in sign for each in known for sign in each) and named:
                signs[-1] += named
            else:
                self.at = here
                if "=" in named:
                    self._check_place(entries, self._name_of_value(), len(arguments), start)
                arguments.append(self.expression())
                signs.append("")
            if not (sign := self.parting()):
                break
            signs[-1] += sign
        self.bars -= are_bars
        found = plain(signs)
        if known == {()}:
            self._check_alike(entries, found, len(arguments), start)
            return tuple(arguments), ()
        if found not in known:
            raise self.error("expected the arguments as they are declared")
        return tuple(arguments), found

    def _name_of_value(self) -> str:
        """Read the ``y =`` of ``P(y = 1)``, and return the name."""
        start = self.at
        while not self.accept("="):
            self.take()
        return "".join(self.base(each) for each in self.tokens[start : self.at - 1])

    def _check_place(self, entries: Sequence[Entry], name: str, place: int, start: int) -> None:
        """Refuse a value under another name than that of the argument in its place."""
        own = {overloads.parameter(each, place, self.notation) for each in entries} - {""}
        before = self.parted.setdefault(f"{entries[0].name} {place}", (name,))
        if before != (name,) or (own and own != {name}):
            shown = ", ".join(overloads.shown(each, self.notation) for each in entries)
            message = f"no argument of {entries[0].head.base} that is named {name} stands here"
            raise Unreadable(message, self.since(start), f"declared are {shown}" if own else "")

    def _check_alike(
        self, entries: Sequence[Entry], signs: tuple[str, ...], count: int, start: int
    ) -> None:
        """Refuse a function that is declared without signs, and written with one and another."""
        name = entries[0].name
        is_defined = any(overloads.signature(each, self.notation) for each in entries)
        if is_defined and BARS[0] in "".join(signs):
            raise self.error("expected the arguments as they are declared")
        alike = plain([sign.replace(";", ",") for sign in signs])
        if count > 1 and self.parted.setdefault(name, alike) != alike:
            message = f"{name} with a comma and {name} with a bar may be two functions"
            raise Unreadable(message, self.since(start), "declare each with := and its sign")

    def _lone_bar(self) -> bool:
        """Tell whether a bar stands here without a second one, so that it can only part."""
        return self.bars_inside() == 1

    # Scripts.

    def scripted(self, node: t.Node, start: int) -> t.Node:
        """Read the scripts of a bracket: an entry, a transpose, a power."""
        scripts = self.scripts("")
        scripts = self._turned(node, scripts, start)
        if scripts.sub:
            span = self.since(start)
            scripts.refuse_late(span)
            indices = tuple(self.index(item, span) for item in scripts.sub)
            node = self.entry(node, indices, span)
        return self._raised(node, scripts, start)

    def _raised(self, node: t.Node, scripts: Scripts, start: int) -> t.Node:
        if scripts.pseudo:
            node = self.pseudo_inverse(node, start)
        if scripts.transposed:
            above = next(e for e in reversed(self.tokens[: self.at]) if e.text != "}")
            if above.text == "t" and self.shape_of(node) == SCALAR:
                raise undeclared("t", (above.start, above.end), self.notation.entries)
            node = t.Transpose(node, span=self.since(start))
        if scripts.power is not None:
            node = t.Power(node, scripts.power, span=self.since(start))
        return node


def _with_last(node: t.Node, last: t.Node) -> t.Node:
    """Put another factor in the place of the last one."""
    if not isinstance(node, t.Product):
        return last
    return replace(node, factors=(*node.factors[:-1], _with_last(node.factors[-1], last)))


def _number(value: Fraction) -> t.Node:
    return t.number(value) if value >= 0 else t.Negative(t.number(-value))


def cardinality(members: t.Set) -> t.Node:
    """Return how many members a set has."""
    if isinstance(members, t.Finite):
        return t.number(len(members.values))
    return t.Add((members.upper, t.Negative(members.lower), t.number(1)))


def paired(
    nodes: Sequence[t.Node], ranges: Mapping[str, t.Range], outside: Set[str]
) -> list[t.Node]:
    r"""Let both indices of ``\sum_{i < j}`` run, unless a statement speaks of the other outside."""
    known = {*outside}.union(*(t.free_names(each) for each in nodes))

    def closed(node: t.Node) -> t.Node:
        node = t.rebuild(node, closed)
        if not isinstance(node, t.Reduce) or not node.pair:
            return node
        inner = replace(node, pair="")
        if node.pair in known:
            return inner
        return t.Reduce(node.operator, node.pair, ranges[node.pair], inner, span=node.span)

    return [closed(each) for each in nodes]


SPECIAL = {
    "(": Parser._bracket,
    "[": Parser._bracket,
    r"\{": Parser._bracket,
    "{": Parser._braces,
    "|": Parser._absolute,
    r"\|": Parser._norm,
    r"\frac": Parser._fraction,
    r"\sqrt": Parser._root,
    r"\lfloor": Parser.rounded,
    r"\lceil": Parser.rounded,
    r"\binom": Parser.binomial,
    r"\langle": Parser.inner_product,
    r"\nabla": Parser.nabla,
    r"\partial": Parser.partial,
    r"\int": Parser.integral,
    r"\lim": Parser.limit,
    r"\left.": Parser.evaluated_group,
    r"\begin{cases}": Parser._cases,
    **dict.fromkeys(BY_SIGN, Parser._reduction),
    **{rf"\begin{{{kind}matrix}}": Parser._matrix for kind in ("b", "p", "v", "")},
}
"""The signs that open a factor of their own kind."""
