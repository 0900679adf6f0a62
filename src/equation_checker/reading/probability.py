r"""Read means, variances, probabilities, densities, divergences and entropies.

All are means: ``\operatorname{Var}(X)`` is read as the mean of the square less the square of the
mean, ``P(A)`` as the mean of an indicator, a divergence as the mean of a difference of logarithms.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.distributions import BY_LATEX, BY_NAME
from equation_checker.language.errors import Unreadable, ambiguous, undeclared
from equation_checker.meaning.shapes import Shapes
from equation_checker.reading import joint, named
from equation_checker.reading.calculus import CLOSING, CalculusReader
from equation_checker.reading.cursor import Local
from equation_checker.reading.rows import closing, outside
from equation_checker.reading.symbols import Scripts
from equation_checker.reading.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from equation_checker.language.distributions import Distribution
    from equation_checker.language.notation import Entry, Notation

Binder = Callable[[t.Node], t.Node]
"""What takes the mean of a tree over a variable."""
INDICATOR = r"\mathbb{1}"
TWO = t.number(2)
FREE = ("k", "j", "i", "x", "t", "u", "v", "z")
"""Names for the variable of a mean that a text does not name."""


class ProbabilityReader(CalculusReader):
    """The rules of random variables; an operator of a declared name is not one of these."""

    def _is_known(self, base: str) -> bool:
        return super()._is_known(base) or base in OPERATORS or base in BY_LATEX

    def measured(self, base: str) -> t.Node | None:
        """Read one of the operators of probability, unless the notation gives its name away."""
        read = OPERATORS.get(base)
        if read is None and base in BY_LATEX and len(base) > 1:
            read = ProbabilityReader._density
        opens = self.peek().text in CLOSING or (base == "E" and self._is_mean())
        bare = base in BARE and self.peek().kind != "end" and self.peek().text != "^"
        if read is None or not (opens or bare):
            return None
        start = self.take().start
        return self.scripted(read(self, start), start)

    def _is_mean(self) -> bool:
        r"""Tell whether a bare ``E`` is a mean: ``E_{x \sim p}``, ``E_x[…]``."""
        if self.peek().text != "_" or self.peek(2).kind == "end":
            return False
        end = closing(self.tokens, self.at + 2)
        inside, after = self.tokens[self.at + 1 : end], self.tokens[end + 1]
        return after.text in CLOSING or any(each.text == r"\sim" for each in inside)

    # Means.

    def _mean(self, start: int) -> t.Node:
        r"""Read ``\mathbb{E}[g]`` over all random variables, or over those that it names."""
        over = self._variables_below() if self.accept("_") else None
        names = {name: local for name, _, local in over or () if local is not None}
        with self.bound(**names), self.averaging():
            of, event = self._averaged()
        if over is None:
            return self._given(lambda each: self._settled_mean(each, start), of, event, start)

        def mean(each: t.Node) -> t.Node:
            for name, law, _ in reversed(over):
                if callable(law):
                    each = law(each)
                else:
                    each = t.Expectation(name, law, each, span=self.since(start))
            return each

        node = self._given(mean, of, event, start)
        self._check_settled(node)
        return node

    def _variables_below(self) -> list[tuple[str, t.Node | Binder | None, Local | None]]:
        """Read what a mean is taken over: variables that are declared, or that get a law here."""
        braced, start = self.accept("{"), self.next.start
        found: list[tuple[str, t.Node | Binder | None, Local | None]] = []
        if (law := self._whole_law()) is not None:
            found = [("", self._mean_by(law), None)]
            if not braced or self.accept("}"):
                return found
            self.expect(",", "after a law")
        while True:
            names = self._names_of_mean(braced=braced)
            sampled = self._sampled(names, start) if braced and self.accept(r"\sim") else None
            if callable(sampled):
                found.append((names[0], sampled, None))
            else:
                found.append(self._variable_of_mean(names[0], sampled, start))
            if not braced:
                return found
            if not self.accept(","):
                self.expect("}", "after what a mean is taken over")
                return found

    def _names_of_mean(self, *, braced: bool) -> list[str]:
        """Read the variable of a mean, or several in brackets that have one law together."""
        closing, names = ")" if self.accept("(") else "", list[str]()
        while not names or (closing and self.accept(",")):
            token = self.take()
            base = self.base(token)
            base, scripts = self.primed(base, self.scripts(base) if braced else Scripts())
            entry = self._entry_of(base, scripts, token)
            if entry is not None and entry.kind in ("variable", "random") and not entry.indices:
                base = entry.name
            elif (scripts.sub or scripts.sup) and (entry is None or entry.kind != "random"):
                raise Unreadable(f"how {base} is distributed is not said", self.since(token.start))
            names.append(base)
        if closing:
            self.expect(closing, "after the variables of a mean")
        return names

    def _entry_of(self, base: str, scripts: Scripts, token: Token) -> Entry | None:
        try:
            entry, _, rest = self.resolve(base, scripts, self.since(token.start))
            return None if rest else entry
        except Unreadable:
            return None

    def _sampled(self, names: list[str], start: int) -> t.Node | Binder:
        r"""Read a law behind ``\sim``: one of the table, a vector, a function, or only a name."""
        at, span = self.at, (start, self.next.end)
        with self.averaging():
            if (law := self.law()) is not None:
                return law
            close = self.closing()
            commas = (k for k, e in outside(self.tokens[at:close]) if e.text == ",")
            end = at + next(commas, close - at)
            token = self.take()
            base = self.base(token)
            try:
                entry = self._entry_of(base, self.scripts(base), token)
            except Unreadable:
                entry = None
            if entry is not None and entry.joint:
                return self._by_joint(entry, names, token, end)
            if entry is not None and entry.kind == "function":
                return self._by_function(names[0], entry, at, end, start)
            own = self.notation.entries.get(names[0])
            plain = own is not None and own.kind == "variable" and own.domain.kind != "finite"
            if entry is None or (entry.domain.kind == "simplex" and (plain or names[1:])):
                self.at, spelled = end, "".join(self.base(e) for e in self.tokens[at:end])
                spelled = spelled.removesuffix(f"({','.join(names)})")
                if "(" not in spelled:
                    name = spelled if entry is None else entry.name
                    known = self.parted.setdefault(rf"\sim {name}", tuple(names))
                    self.notation = named.sampled(name, names, known, self.notation, span)
                    notation = self.notation
                    return lambda of: named.mean(name, names, notation, of, span)
            self.at = at
            return self.expression()

    def _by_joint(self, law: Entry, names: list[str], token: Token, end: int) -> Binder:
        r"""Read ``p``, ``p(z)`` or ``p(\cdot \mid x)`` as the law of some letters."""
        span = self.since(token.start)
        if self.is_next("("):
            letter = [replace(token, kind="letter", text=",".join(names))]
            signs = self.tokens[self.at : end]
            if any(each.text == r"\cdot" for each in signs) and len(names) == 1:
                signs = [letter[0] if each.text == r"\cdot" else each for each in signs]
                self.tokens = [*self.tokens[: self.at], *signs, *self.tokens[end:]]
            chance = self.chance(law, token)
        else:
            places = {joint.slot(law, each, self.notation): t.Symbol(each) for each in names}
            if "" in places:
                message = f"{law.head.base} is a law of {', '.join(law.joint)}"
                raise Unreadable(message, span, "add it to the row of the law")
            chance = self._chance(law, [*places], (), places, span)
        if {*self._over(chance)} != {*names} and self._over(chance):
            raise Unreadable(f"this is no law of {', '.join(names)}", span)
        return self._mean_by(chance)

    def _mean_by(self, chance: t.Apply) -> Binder:
        names = self._over(chance)
        return lambda of: joint.summed(names, t.Product((chance, of)), self.notation, chance.span)

    def _by_function(self, name: str, entry: Entry, at: int, end: int, start: int) -> Binder:
        r"""Read ``P``, ``\pi(\cdot \mid x)`` or ``\pi(y \mid x)`` as the chances of a variable."""
        over = self._declared_range(name, start)
        variable: t.Node = t.Symbol(name)
        if self.at == end:
            chance: t.Node = t.Apply(t.Symbol(entry.name), (variable,))
        else:
            letter = Token("letter", name, self.next.start, self.next.end)
            tokens = [letter if each.text == r"\cdot" else each for each in self.tokens[at:end]]
            self.tokens = [*self.tokens[:at], *tokens, *self.tokens[end:]]
            self.at = at
            with self.bound(**{name: Local(over if isinstance(over, t.Range) else None)}):
                chance = self.factor()
        is_law = isinstance(chance, t.Apply) and variable in chance.arguments
        if not isinstance(chance, t.Apply) or not is_law or self.at != end:
            raise Unreadable(f"this is no law of {name}", self.since(start))
        if not self.notation.definitions.get(entry.name) or entry.arguments:
            place, span = chance.arguments.index(variable), self.since(start)
            made = named.normalised(entry.name, place, over, self.notation, span)
            self.notation = made

        def total(of: t.Node) -> t.Node:
            self.notation = named.alike(chance, name, over, of, self.notation)
            return t.Reduce("sum", name, over, t.Product((chance, of)), span=self.since(start))

        return total

    def _variable_of_mean(
        self, base: str, law: t.Node | None, start: int
    ) -> tuple[str, t.Node | None, Local | None]:
        entries = self.notation.bases(base)
        random = [each.name for each in entries if each.kind == "random"]
        if law is None:
            if len(random) != 1:
                raise Unreadable(
                    f"how {base} is distributed is not said", self.since(start),
                    rf"write \mathbb{{E}}_{{{base} \sim \dots}}, or declare {base} \sim \dots",
                )  # fmt: skip
            return random[0], None, None
        if random and self.notation.entries[random[0]].law == law:
            return random[0], None, None
        if any(each.kind in ("variable", "random") and each.name == base for each in entries):
            return base, law, None
        if isinstance(law, t.Law) and law.name != "categorical":
            return base, law, Local(shape=Shapes(self.notation).law(law, self.scope()))
        vector = law.parameters[0] if isinstance(law, t.Law) else law
        over = t.Range(t.number(1), self.shape(vector)[0])
        return base, law, Local(self.ranges().get(base, over), running=True)

    def _averaged(self) -> tuple[t.Node, t.Node | None]:
        r"""Read ``[g]``, ``[g \mid c = k]``, or one factor."""
        if not self.is_next(*CLOSING):
            start = self.next.start
            of = self.factor()
            if self.starts_factor():
                inner, rest = self.printer.show(of), self.next.text
                raise ambiguous(
                    rf"\mathbb{{E}}[{inner}] {rest}", rf"\mathbb{{E}}[{inner} {rest}]",
                    self.since(start),
                )  # fmt: skip
            return of, None
        with self._brackets() as bar:
            of = self.expression()
            event = self._event() if bar and self.accept("|") else None
        return of, event

    @contextmanager
    def _brackets(self) -> Iterator[bool]:
        """Read brackets; tell whether a bar between them stands alone, and is no absolute value."""
        opening, close = self.take().text, self.closing()
        if self.tokens[close].kind == "end":
            raise self.error(f"{opening} is never closed")
        is_lone = self.bars_inside() % 2
        with self.nested(), self.outside_bars():
            self.bars = is_lone
            yield bool(is_lone)
            self.bars = 0
            self.expect(CLOSING[opening], f"to close {opening}")

    @contextmanager
    def averaging(self) -> Iterator[None]:
        """Let random variables stand for their values."""
        self.averages += 1
        yield
        self.averages -= 1

    def _over_all(self, of: t.Node) -> t.Node:
        """Return the mean over every random variable that an expression rests on."""
        for name in reversed(self.notation.random(of)):
            of = t.Expectation(name, None, of, span=of.span)
        return of

    def _given(
        self, mean: Callable[[t.Node], t.Node], of: t.Node, event: t.Node | None, start: int
    ) -> t.Node:
        if event is None:
            return mean(of)
        sign = t.Indicator(INDICATOR, event)
        return t.Divide(mean(t.Product((of, sign))), mean(sign), span=self.since(start))

    def _check_settled(self, node: t.Node) -> None:
        left = [] if self.averages else self.notation.random(node)
        if left:
            raise Unreadable(f"{left[0]} is random too, and has no mean taken", node.span)

    # Variances, covariances, probabilities.

    def _variance(self, start: int) -> t.Node:
        r"""Read ``\operatorname{Var}(X)``, and ``\operatorname{Cov}(X, Y)``."""
        with self.averaging(), self._brackets() as bar:
            first = self.expression()
            second = self.expression() if self.accept(",") else first
            event = self._event() if bar and self.accept("|") else None
        if not self.averages and not any(map(self.notation.random, (first, second))):
            raise self._nothing_random(start)

        def mean(of: t.Node) -> t.Node:
            return self._given(self._over_all, of, event, start)

        def times(a: t.Node, b: t.Node) -> t.Node:
            if is_number:
                return t.Power(a, TWO) if a == b else t.Product((a, b))
            return t.Product((a, t.Transpose(b)))

        shapes = Shapes(self.notation)
        is_number = all(shapes.is_scalar(self.shape(each)) for each in (first, second))
        product = times(mean(first), mean(second))
        span = self.since(start)
        return t.Add((mean(times(first, second)), t.Negative(product)), span=span)

    def _probability(self, start: int) -> t.Node:
        r"""Read ``P(A)`` and ``P(A \mid B)``, where events are comparisons."""
        with self.averaging(), self._brackets() as bar:
            event = self._event() or t.And(())
            given = self._event() if bar and self.accept("|") else None
        sign = t.Indicator(INDICATOR, event)
        if given is None:
            return self._settled_mean(sign, start)
        return self._given(lambda each: self._settled_mean(each, start), sign, given, start)

    def _settled_mean(self, of: t.Node, start: int) -> t.Node:
        is_fixed = not self.notation.random(of) and not self.averages
        if is_fixed and not any(isinstance(each, t.Expectation) for each in t.walk(of)):
            raise self._nothing_random(start)
        return self._over_all(of)

    def _nothing_random(self, start: int) -> Unreadable:
        hint = r"declare z \sim \dots in the notation, or write \mathbb{E}_{z \sim \dots}"
        return Unreadable("nothing is random here", self.since(start), hint)

    def _event(self) -> t.Node | None:
        r"""Read comparisons joined by a comma, ``\land`` or ``\cap``; what is fixed is no event."""
        braced = self.accept(r"\{")
        parts = [self._fixed() or self.condition()]
        while self.accept(",", r"\cap"):
            braced = self.accept(r"\{") or braced
            parts.append(self._fixed() or self.condition())
        if braced:
            self.expect(r"\}", "after an event")
        events = [each for each in parts if isinstance(each, t.Comparison | t.And)]
        return t.And(tuple(events)) if len(events) > 1 else events[0] if events else None

    def _fixed(self) -> t.Node | None:
        r"""Read the parameter in ``\mathbb{E}[T \mid \lambda]``: it has its value all the same."""
        at = self.at
        try:
            node = self.expression()
        except Unreadable:
            node = None
        if node is None or not self.is_next(",", *CLOSING.values()):
            self.at = at
            return None
        if self.notation.random(node):
            shown = self.printer.show(node)
            raise self.error(
                f"a mean given the value of {shown} is read only of a law of both",
                rf"write {shown} = x, or declare their law together: ({shown}, y) \sim p",
            )
        return node

    # Laws of several letters.

    def chance(self, law: Entry, token: Token) -> t.Apply:
        r"""Read ``(x \mid z)`` behind the letter of a law."""
        if not self.is_next("(", "["):
            raise self.error(f"expected the arguments of {token.text}")
        with self.averaging(), self._brackets() as bar:
            left = self._letters(law)
            given = self._letters(law) if self.accept(*("|;" if bar else ";")) else {}
            given |= self._letters(law) if self.accept(";") else {}
        places = {**left, **given}
        if len(places) < len(left) + len(given):
            raise Unreadable("one letter of a law stands here twice", self.since(token.start))
        return self._chance(law, [*left], [*given], places, self.since(token.start))

    def _chance(
        self, law: Entry, left: Sequence[str], given: Sequence[str],
        places: Mapping[str, t.Node], span: t.Span,
    ) -> t.Apply:  # fmt: skip
        name, self.notation = joint.function(law, left, given, self.notation, span)
        self.printer.notation = self.notation
        order = law.joint.index
        names = (*sorted(left, key=order), *sorted(given, key=order))
        return t.Apply(t.Symbol(name), tuple(places[each] for each in names), span=span)

    def _letters(self, law: Entry) -> dict[str, t.Node]:
        """Read some letters of a law, or their values: ``y = 1``."""
        found, start = dict[str, t.Node](), self.next.start
        while not found or self.accept(","):
            at, name = self.at, ""
            if self.peek().text == "=":
                self.take()
            else:
                value = self.expression()
                name = value.name if isinstance(value, t.Symbol) else ""
            if self.accept("="):
                name = "".join(map(self.base, self.tokens[at : self.at - 1]))
                value = self.expression()
            letter = joint.slot(law, name, self.notation) if name else ""
            if not letter:
                known, shown = ", ".join(law.joint), self.printer.show(value)
                message = f"{law.head.base} is a law of {known}, and {shown} is none of these"
                raise Unreadable(message, self.since(start), "add it to the row of the law")
            if letter in found:
                raise Unreadable("one letter of a law stands here twice", self.since(start))
            found[letter] = value
        return found

    def _joint_here(self) -> Entry | None:
        """Return the law of several letters whose name stands here, and read the name."""
        at, token = self.at, self.next
        base = self.base(token)
        if not any(each.joint for each in self.notation.bases(base)):
            return None
        self.take()
        entry = self._entry_of(base, self.scripts(base), token)
        if entry is not None and entry.joint:
            return entry
        self.at = at
        return None

    def _whole_law(self) -> t.Apply | None:
        r"""Read a law of letters by its name: ``p``, or ``p(z \mid x)``."""
        token = self.next
        law = self._joint_here()
        if law is None:
            return None
        if self.is_next("("):
            return self.chance(law, token)
        places = {each: t.Symbol(each) for each in law.joint}
        return self._chance(law, law.joint, (), places, self.since(token.start))

    def _over(self, chance: t.Apply) -> tuple[str, ...]:
        """Return the letters that stand before the bar of a law."""
        signs = self.notation.entries[chance.function.name].signs
        count = signs.index("|") if "|" in signs else len(chance.arguments)
        names = [each.name for each in chance.arguments[:count] if isinstance(each, t.Symbol)]
        if len(names) < count or not {*names} <= self.notation.entries.keys():
            raise Unreadable("a law at values has no mean", chance.span)
        if any(self.notation.entries[each].indices for each in names):
            message = "this construct is not read: a mean over a member of a family by such a law"
            raise Unreadable(message, chance.span, "give the variable a letter of its own")
        return tuple(names)

    # Laws, densities, divergences, entropies.

    def law(self, *, judged: bool = True) -> t.Law | None:
        r"""Read ``\mathcal{N}(\mu, \sigma^2)``, if a distribution stands here."""
        row = BY_LATEX.get(self.base(self.next))
        if (
            row is None
            or self.peek().text not in ("(", "[")
            or self._is_known_here(self.base(self.next))
        ):
            return None
        start = self.take().start
        closing = CLOSING[self.take().text]
        with self.nested(), self.outside_bars():
            parameters = [self.expression()]
            while self.accept(",", ";"):
                parameters.append(self.expression())
            self.expect(closing, "after the parameters of a distribution")
        return _made(row, parameters, self.since(start), judged=judged)

    def named_law(self) -> str:
        r"""Read a law of which only the name is known, with what it takes: ``\text{LKJ}(2)``."""
        token, at = self.next, self.at
        base = self.base(token)
        kinds = {each.kind for each in self.notation.bases(base)}
        if token.kind not in ("letter", "text", "command") or not kinds <= {"function"}:
            return ""
        self.take()
        self.scripts(base)
        if self.is_next("(", "["):
            with self._brackets():
                while not self.is_next(")", "]"):
                    if self.peek().text == "=":
                        self.at += 2
                    self.expression()
                    self.accept(",", ";", "|")
        if self.next.kind == "end" and not (kinds and self.at == at + 1):
            return base
        self.at = at
        return ""

    def _density(self, start: int) -> t.Node:
        r"""Read ``\mathcal{N}(x \mid \mu, \Sigma)`` as the density at ``x``."""
        base = self.base(self.tokens[self.at - 1])
        row = BY_LATEX[base]
        with self._brackets() as bar:
            at = self.expression()
            if not (self.accept("|") if bar else self.accept(";")):
                raise Unreadable(
                    "a distribution has no value", self.since(start),
                    rf"write the density, {base}(x \mid \dots), or a mean of it",
                )  # fmt: skip
            parameters = [self.expression()]
            while self.accept(",", ";"):
                parameters.append(self.expression())
        span = self.since(start)
        return t.Density(_made(row, parameters, span), at, span=span)

    def _divergence(self, start: int) -> t.Node:
        r"""Read ``\operatorname{KL}(p \| q)`` as the mean of ``\log p - \log q`` over ``p``."""
        if self.accept("_"):
            text = self.group_text()
            if text != "KL":
                raise Unreadable(f"the divergence {text} is not read", self.since(start))
        first, second = self._pair(r"\|")
        if second is None:
            raise Unreadable("a divergence is one of two distributions", self.since(start))
        return self._mean_of_logarithms(first, (first, second), start)

    def _entropy(self, start: int) -> t.Node:
        r"""Read ``H(p)``, the cross entropy ``H(p, q)``, and ``H(X, Y \mid Z)`` of letters."""
        if (found := self._letters_of_a_law()) is not None:
            law, (left, _, given) = found
            return self._mean_of_chances(law, [*left, *given], [(-1, left, given)], start)
        first, second = self._pair(",")
        return t.Negative(
            self._mean_of_logarithms(first, (second or first,), start), span=self.since(start)
        )

    def _information(self, start: int) -> t.Node:
        r"""Read ``I(X; Y)``, ``I(X, Y)`` and ``I(X; Y \mid Z)`` of letters of one law."""
        if (found := self._letters_of_a_law()) is None:
            raise undeclared("I", (start, start + 1), self.notation.entries)
        law, (left, right, given) = found
        if not right and len(left) == 2:
            left, right = left[:1], left[1:]
        if not right:
            raise self.error("expected two letters of a law", "I(X; Y)")
        both = [(1, [*left, *right], given), (-1, left, given), (-1, right, given)]
        return self._mean_of_chances(law, [*left, *right, *given], both, start)

    def _letters_of_a_law(self) -> tuple[Entry, list[list[str]]] | None:
        r"""Read ``(X, Y; Z \mid W)``, if these are letters of one law: all between the signs."""
        here, self.at = self.at, self.at + 1
        close = self.closing()
        inside, self.at = self.tokens[self.at : close], here
        names, signs = [self.base(e) for e in inside[::2]], [e.text for e in inside[1::2]]
        laws = [e for e in self.notation.entries.values() if e.joint
                and all(joint.slot(e, name, self.notation) for name in names)]  # fmt: skip
        kinds = {e.domain.kind for name in names for e in self.notation.bases(name)}
        if len(laws) != 1 or len(inside) % 2 == 0 or "simplex" in kinds:
            return None
        groups: list[list[str]] = [[], [], []]
        place = 0
        for name, sign in zip(names, ["", *signs], strict=True):
            place = {"": 0, ";": 1, "|": 2}.get(sign, place if sign == "," else 3)
            if place == 3:
                return None
            groups[place].append(joint.slot(laws[0], name, self.notation))
        self.at = close + 1
        return laws[0], groups

    def _mean_of_chances(
        self, law: Entry, names: list[str], logs: list[tuple[int, list[str], list[str]]], start: int
    ) -> t.Node:
        """Return the mean of logarithms of the chances of some letters, with their signs."""
        span = self.since(start)
        if len({*names}) < len(names):
            raise Unreadable("one letter of a law stands here twice", span)

        def chance(left: list[str], given: list[str]) -> t.Node:
            places = {each: t.Symbol(each) for each in (*left, *given)}
            return self._chance(law, left, given, places, span)

        made = [(sign, t.Apply(t.Symbol(r"\log"), (chance(left, given),)))
                for sign, left, given in logs]  # fmt: skip
        terms = tuple(t.Negative(each) if sign < 0 else each for sign, each in made)
        of = t.Add(terms) if terms[1:] else terms[0]
        return joint.summed(names, t.Product((chance(names, []), of)), self.notation, span)

    def _pair(self, between: str) -> tuple[t.Node, t.Node | None]:
        """Read one or two distributions, each a law or a vector of probabilities."""
        if not self.is_next(*CLOSING):
            raise self.error("expected two distributions in brackets")
        opening = self.take().text
        with self.nested(), self.outside_bars(), self.averaging():
            self.bars = 1
            first, second = self._whole_law() or self.law() or self.expression(), None
            if self.accept(between, r"\|", "|", r"\parallel"):
                self.accept("|")
                second = self._whole_law() or self.law() or self.expression()
            self.bars = 0
            self.expect(CLOSING[opening], f"to close {opening}")
        return first, second

    def _mean_of_logarithms(self, over: t.Node, of: tuple[t.Node, ...], start: int) -> t.Node:
        """Return the mean of a logarithm of probabilities, or of the difference of two."""
        if isinstance(over, t.Apply) and self.notation.kind(over.function.name) == "function":
            if len({self._over(each) for each in of if isinstance(each, t.Apply)}) != 1:
                raise Unreadable("these are laws of different letters", self.since(start))
            logs = [t.Apply(t.Symbol(r"\log"), (each,)) for each in of]
            mean = t.Add((logs[0], *map(t.Negative, logs[1:]))) if logs[1:] else logs[0]
            return self._mean_by(over)(mean)
        for each in (over, *of):
            if not isinstance(each, t.Law) and self.notation.random(each):
                raise Unreadable(
                    "this construct is not read: the law of a random variable by its name",
                    self.since(start),
                    "write the law itself",
                )
        used = {name for each in (over, *of) for name in t.names(each)}
        taken = {*self.notation.entries, *self.locals, *used}
        name = next((each for each in FREE if each not in taken), "x'")
        at = t.Symbol(name)

        def chance(law: t.Node) -> t.Node:
            where = t.Density(law, at) if isinstance(law, t.Law) else t.Component(law, (at,))
            return t.Apply(t.Symbol(r"\log"), (where,))

        first, *rest = (chance(each) for each in of)
        difference = t.Add((first, *(t.Negative(each) for each in rest))) if rest else first
        return t.Expectation(name, over, difference, span=self.since(start))


def _made(
    row: Distribution, parameters: Sequence[t.Node], span: t.Span, *, judged: bool = True
) -> t.Law:
    r"""Return a law; ``\text{normal}`` takes a standard deviation where others take a variance.

    What looks like the one in the place of the other can be read in two ways.
    """
    name = row.name.removeprefix("scaled ")
    if name not in ("normal", "lognormal") or len(parameters) != 2:
        return t.Law(name, tuple(parameters), span=span)
    first, spread = parameters
    is_scaled, is_square = name != row.name, isinstance(spread, t.Power)
    if is_scaled and is_square:
        message = f"{row.latex[0]} takes a standard deviation, and this is a square"
        raise Unreadable(message, span, rf"write {BY_NAME[name].latex[0]} for a variance")
    if not is_scaled and judged and isinstance(spread, t.Symbol) and _is_sigma(spread.name):
        sigma = spread.name.replace("_{#}", "")
        raise ambiguous(
            f"the variance {sigma}",
            f"the standard deviation {sigma}",
            span,
            rf"write {sigma}^2, or \text{{{name}}} for a standard deviation",
        )
    return t.Law(name, (first, t.Power(spread, TWO) if is_scaled else spread), span=span)


def _is_sigma(name: str) -> bool:
    return name == r"\sigma" or name.startswith((r"\sigma_", r"\sigma^"))


def check_fixed(name: str, notation: Notation, span: t.Span) -> None:
    """Refuse a random symbol where a value is wanted."""
    found = notation.random(t.Symbol(name))
    if found:
        message = f"{name.replace('_{#}', '')} is random, and has no one value"
        raise Unreadable(
            message, span, r"write \mathbb{E}[…], \operatorname{Var}(…) or \mathbb{P}(…) of it"
        )


OPERATORS: dict[str, Callable[[ProbabilityReader, int], t.Node]] = {
    **dict.fromkeys((r"\mathbb{E}", r"\mathbf{E}", r"\text{E}", "E"), ProbabilityReader._mean),
    **dict.fromkeys(
        (r"\text{Var}", r"\text{var}", r"\mathbb{V}", r"\text{V}", r"\text{Cov}", r"\text{cov}"),
        ProbabilityReader._variance,
    ),
    **dict.fromkeys(
        (r"\mathbb{P}", r"\mathbf{P}", r"\text{P}", r"\text{Pr}", r"\Pr", "P"),
        ProbabilityReader._probability,
    ),
    **dict.fromkeys((r"\text{KL}", "D", r"\text{D}"), ProbabilityReader._divergence),
    **dict.fromkeys((r"\text{H}", r"\mathbb{H}", "H"), ProbabilityReader._entropy),
    **dict.fromkeys((r"\text{I}", r"\text{MI}", "I"), ProbabilityReader._information),
}
"""The operators, as they are written."""
BARE = frozenset({r"\mathbb{E}", r"\mathbf{E}", r"\text{E}", "D", r"\text{D}"})
"""What a script or an argument without brackets can follow."""
