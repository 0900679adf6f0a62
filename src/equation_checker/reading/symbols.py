r"""Read names with their scripts, and find the declared symbol that is meant.

The longest declared form wins: a label ``w_{11}``, then a family ``x_i``, then an entry ``h_{i1}``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import UNREAD, Undeclared, Unreadable, ambiguous, undeclared
from equation_checker.language.functions import BUILT_IN
from equation_checker.language.notation import SCALAR, TWIN
from equation_checker.language.sizes import within
from equation_checker.meaning.shapes import Scope, Shape, Shapes
from equation_checker.reading.cursor import Reader
from equation_checker.reading.rows import outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from equation_checker.language.notation import Entry, Head
    from equation_checker.reading.tokens import Token


PSEUDO = "^+"
"""The name of the function that a plus sign or a dagger above stands for."""


@dataclass(frozen=True)
class Item:
    """One sign in a script: as it is spelled, and as an index if it can be one."""

    text: str
    node: t.Node | None


@dataclass(frozen=True)
class Scripts:
    """All that hangs on a symbol or a bracket."""

    sub: tuple[Item, ...] = ()
    sup: tuple[Item, ...] = ()
    bracketed: bool = False
    primes: int = 0
    transposed: bool = False
    power: t.Node | None = None
    pseudo: bool = False
    late: int = 0
    r"""Where what is below stands behind a power or a ``\top``, as in ``\sigma^2_k``."""

    def refuse_late(self, span: t.Span) -> None:
        r"""Refuse indices of entries behind a power: ``A^{-1}_{ij}`` may be read in two ways."""
        if self.late:
            hint = "put brackets around what has the first"
            raise Unreadable("an entry of a power, or a power of an entry", span, hint)


@dataclass(frozen=True)
class Fit:
    """How scripts fit a declared symbol."""

    score: tuple[bool, int, int]
    """Whether all indices stay in range, how many signs are spelled out, how many are taken."""
    entry: Entry
    indices: tuple[t.Node, ...]
    rest: tuple[Item, ...]
    """What is left to be indices of components."""


class NameReader(Reader):
    """The rules for letters, their scripts and what they mean."""

    # Rules that the parser has, and that those for names, calculus and probability ask for.
    expression: Callable[[], t.Node]
    _declared_range: Callable[[str, int], t.Range | t.Finite]
    term: Callable[[], t.Node]
    juxtaposition: Callable[[], t.Node]
    beside: Callable[[t.Node, int], t.Node]
    starts_factor: Callable[[], bool]
    factor: Callable[[], t.Node]
    scripted: Callable[[t.Node, int], t.Node]
    single: Callable[[], t.Node]
    argument_group: Callable[[], t.Node]
    group_text: Callable[[], str]
    outside_bars: Callable[[], AbstractContextManager[None]]
    condition: Callable[[], t.Node]
    comparison: Callable[[], t.Node]

    @staticmethod
    def base(token: Token) -> str:
        """Return the letter of a symbol: one name, however it is set upright."""
        return rf"\text{{{token.text}}}" if token.kind == "text" else token.text

    def bars_inside(self) -> int:
        """Return how many bars stand in the bracket that is open here, outside of others."""
        inside = self.tokens[self.at : self.closing()]
        return sum(each.text == "|" for _, each in outside(inside))

    def _is_known(self, base: str) -> bool:
        return base in BUILT_IN or self._is_known_here(base)

    def _is_known_here(self, base: str) -> bool:
        return base in self.locals or bool(self.notation.bases(base))

    def primed(self, base: str, scripts: Scripts) -> tuple[str, Scripts]:
        """Take primes into the name of a symbol that is declared with them."""
        name = base + "'" * scripts.primes
        if scripts.primes and self.notation.bases(name):
            return name, replace(scripts, primes=0)
        return base, scripts

    def has_shape(self, node: t.Node) -> bool:
        """Tell whether the parts of a tree fit together, as far as the notation knows them."""
        return self.shape_of(node) is not None

    def shape_of(self, node: t.Node) -> Shape | None:
        """Return the shape of a tree, if its parts fit together."""
        try:
            return self.shape(node)
        except Unreadable:
            return None

    def shape(self, node: t.Node) -> Shape:
        """Return the shape of a tree, as far as the notation knows its parts."""
        return Shapes(self.notation).of(node, self.scope())

    def scope(self) -> Scope:
        """Return what is known of the names that are bound here."""
        over = {name: each.over for name, each in self.locals.items() if each.over is not None}
        values = {
            name: each.shape or SCALAR for name, each in self.locals.items() if name not in over
        }
        scope = Shapes(self.notation).scope()
        return replace(scope, ranges={**scope.ranges, **over}, values=values)

    def ranges(self) -> dict[str, t.Range]:
        """Return what each index that is known here runs over."""
        declared = {
            e.name: e.ranges[0]
            for e in self.notation.entries.values()
            if e.kind == "index" and e.ranges
        }
        local = {name: each.over for name, each in self.locals.items()}
        both = {**declared, **local}
        return {name: over for name, over in both.items() if over is not None}

    def index(self, item: Item, span: t.Span) -> t.Node:
        """Return an item as an index."""
        if item.node is None:
            raise self._no_index(item.text, span)
        return item.node

    def entry(self, of: t.Node, indices: Sequence[t.Node], span: t.Span = t.NOWHERE) -> t.Component:
        """Return the entry of something that has these indices, as its row counts them."""
        return t.Component(of, self.notation.counted(of, indices), span=span)

    def _no_index(self, text: str, span: t.Span, of: str = "") -> Unreadable:
        """Return what is wrong with a sign that stands where an index does."""
        known = self._index_names()
        if self.notation.bases(text) or not text.strip("\\{}").isalnum():
            hint = f"indices are {', '.join(known)}" if known else "declare i = 1, \\dots, n"
            return Unreadable(f"{text} is no index", span, hint)
        return undeclared(f"the index {text}{of}", span, known)

    def _index_names(self) -> list[str]:
        declared = [e.name for e in self.notation.entries.values() if e.kind == "index"]
        return declared + [name for name, local in self.locals.items() if local.over]

    def digits(self) -> t.Node:
        """Read a number."""
        start, digits = self.next.start, self.take().text
        while self._continues_number(digits):
            digits += self.take().text
        return t.Number(Fraction(digits), span=self.since(start))

    def _continues_number(self, digits: str) -> bool:
        if self.next.start != self.tokens[self.at - 1].end:
            return False
        return self.next.kind == "digit" or ("." not in digits and self.is_point())

    def is_point(self) -> bool:
        """Tell whether a decimal point comes next: ``.5``."""
        after = self.peek()
        return self.is_next(".") and after.kind == "digit" and after.start == self.next.end

    def scripts(self, base: str, *, only_sup: bool = False) -> Scripts:
        """Read all scripts that follow."""
        found = Scripts()
        while True:
            if self.accept("'"):
                found = replace(found, primes=found.primes + 1)
            elif self.is_next("_") and not only_sup:
                if found.sub or t.names(found.power or t.number(1)):  # w^t_n may name a member
                    raise self.error("a second index", "put brackets around what has the first")
                late = self.next.start if found.transposed or found.power is not None else 0
                self.take()
                found = replace(found, sub=self.items(), late=late)
            elif self.is_next("[") and not found.sub and self._is_array(base):
                self.take()
                found = replace(found, sub=self.items_until("]"))
                self.expect("]", "after an index")
            elif self.is_next("^") and self._is_side():
                return found
            elif self.accept("^"):
                found = self._superscript(base, found)
            elif self.is_next("{") and self.peek().text == "}":
                self.take()
                self.take()
            else:
                return found

    def _is_array(self, base: str) -> bool:
        """Tell whether a symbol needs an index, so that brackets behind it hold one: ``x[i]``."""
        known = self.notation.bases(base) if base not in self.locals else []
        return bool(known) and all(e.head.sub and e.kind != "function" for e in known)

    def _is_side(self) -> bool:
        """Tell whether a sign above is the side from which a limit comes."""
        return self.limiting and self.peek().text in ("+", "-") and self.peek(2).text == "}"

    def _sign_above(self, found: Scripts, *, braced: bool) -> Scripts | None:
        r"""Read a sign above that is no number: ``\top``, ``-\top``, ``+``, ``\dagger``."""
        here = self.at
        if self._accept_transpose():
            return replace(found, transposed=True)
        if braced and self.accept("-") and self._accept_transpose():
            return replace(found, transposed=True, power=t.Negative(t.number(1)))
        self.at = here
        alone = self.is_next("+") and (not braced or self.peek().text == "}")
        if alone or self.is_next(r"\dagger"):
            self.take()
            return replace(found, pseudo=True)
        if self.is_next(r"\circ", r"\odot"):
            raise self.error("this construct is not read: a power entry by entry", r"A \odot A")
        return None

    def _superscript(self, base: str, found: Scripts) -> Scripts:
        heads = [entry.head for entry in self.notation.bases(base)]
        braced = self.accept("{")
        while True:
            if self.is_next("(") and (self.defining or any(head.bracketed for head in heads)):
                self.take()
                found = replace(found, sup=self.items_until(")"), bracketed=True)
                self.expect(")", "after an index")
            elif self._is_label(heads, braced=braced):
                found = replace(found, sup=self.superscript(braced=braced))
            elif (signed := self._sign_above(found, braced=braced)) is not None:
                found = signed
            elif self.accept("'"):
                found = replace(found, primes=found.primes + 1)
            elif braced and self.is_next("}"):
                self.take()
                return found
            elif found.power is not None:
                raise self.error("a second power", "put brackets")
            else:
                power = self.expression() if braced else self._power()
                found = replace(found, power=power)
            if not braced:
                return found

    def _is_label(self, heads: Sequence[Head], *, braced: bool) -> bool:
        r"""Tell whether a superscript is part of a name: ``w^*``, ``h^k``."""
        base = self.base(self.next)
        is_new = self.next.kind == "letter" and not self._is_known(base)
        is_new = is_new or (
            not heads and (base in self.locals or self.notation.kind(base) == "index")
        )
        if self.defining and (self.next.kind == "text" or self.is_next("*", r"\star") or is_new):
            return True
        plain = [head.sup for head in heads if head.sup and not head.bracketed]
        if not plain or self.is_next("}", "'", r"\top"):
            return False
        here = self.at
        items = self.superscript(braced=braced)
        ends = not braced or self.is_next("}", r"\top", "T")
        self.at = here
        labels = tuple(item.text for item in items)
        if ends and len(items) == 1 and labels[0].isdecimal() and int(labels[0]) > 1:
            self._refuse_power(heads, labels[0])
        return ends and (labels in plain or (len(items) == 1 and (None,) in plain))

    def _refuse_power(self, heads: Sequence[Head], number: str) -> None:
        """Refuse ``w^2`` where there is a ``w`` beside members ``w^k``."""
        if any(not e.sup and not e.sub for e in heads) and any(
            e.sup == (None,) and not e.bracketed and not e.sub for e in heads
        ):
            base = heads[0].base
            span = (self.next.start, self.next.end)
            raise ambiguous(f"({base})^{number}", f"the member {number} of {base}^k", span)

    def superscript(self, *, braced: bool) -> tuple[Item, ...]:
        """Read a superscript that is no power: an index, or a label of one sign or more."""
        start, first = self.at, self.next
        item = self._item()
        if not braced or self.is_next("}", r"\top", "T", "+", "-"):
            if self.is_next("+", "-") and braced and (item.node or first.kind == "digit"):
                self.at = start
                node = self.expression()
                return (Item(self._spelled(start), node),)
            return (item,)
        while not self.is_next("}", r"\top") and self.next.kind != "end":
            self.take()
        return (Item(self._spelled(start), None),)

    def _spelled(self, start: int) -> str:
        return "".join(self.base(each) for each in self.tokens[start : self.at])

    def _power(self) -> t.Node:
        if self.is_next("*"):
            raise self.error("expected a power", "declare the symbol with its star")
        return self.single()

    def _accept_transpose(self) -> bool:
        base = self.base(self.next)
        if (
            self.next.text in ("T", "t")
            and not self.notation.bases(base)
            and base not in self.locals
        ):
            self.take()
            return True
        return self.accept(r"\top")

    def items(self) -> tuple[Item, ...]:
        """Read the indices after ``_``."""
        if not self.accept("{"):
            return (self._item(),)
        items = self.items_until("}")
        self.expect("}", "after an index")
        return items

    def items_until(self, closing: str) -> tuple[Item, ...]:
        """Read indices up to a closing sign."""
        start, end = self.at, self.closing()
        if self.tokens[end].text != closing:
            self.at = end
            raise self.error(f"expected {closing}")
        if end == start:
            raise self.error("expected an index")
        signs = {each.text for _, each in outside(self.tokens[start:end])}
        if signs & {"+", "-", ",", "_", "/"} and end - start > 1:
            return self._compound_items(end)
        if closing == ")" and _is_number(self.tokens[start:end]):
            node = self.digits()
            return (Item("".join(each.text for each in self.tokens[start:end]), node),)
        items = []
        while self.at < end:
            items.append(self._item())
        return tuple(items)

    def _compound_items(self, end: int) -> tuple[Item, ...]:
        items = []
        while self.at < end:
            start, part = self.at, self._until_comma(end)
            if any(token.text in ("+", "-", "_", "/") for token in part) or _is_number(part):
                node = self._index_expression()
                items.append(
                    Item("".join(self.base(each) for each in self.tokens[start : self.at]), node)
                )
            else:
                items.extend(self._item() for _ in part)
            if self.at < end:
                self.expect(",", "after an index")
        return tuple(items)

    def _until_comma(self, end: int) -> Sequence[Token]:
        commas = (k for k in range(self.at, end) if self.tokens[k].text == ",")
        return self.tokens[self.at : next(commas, end)]

    def _index_expression(self) -> t.Node | None:
        if self.next.kind == "text":
            self.take()
            return None
        return self.expression()

    def _item(self) -> Item:
        token = self.take()
        span = (token.start, token.end)
        if token.kind == "digit":
            return Item(token.text, t.Number(Fraction(token.text), span=span))
        base = self.base(token)
        is_index = base in self.locals or self.notation.kind(base) in ("index", "size", "random")
        is_index = is_index or (base in self.notation.labels and not self.defining)
        return Item(base, t.Symbol(base, span=span) if is_index else None)

    def resolve(
        self, base: str, scripts: Scripts, span: t.Span
    ) -> tuple[Entry | None, tuple[t.Node, ...], tuple[Item, ...]]:
        """Return the longest declared form, its indices, and the items left for components."""
        local = self.locals.get(base)
        if local is not None and not scripts.sup and (not scripts.sub or local.shape is not None):
            return None, (), scripts.sub
        apart = replace(scripts, sub=tuple(each for item in scripts.sub for each in _digits(item)))
        whole = replace(scripts, sub=number_of(scripts.sub))
        found = [fit for each in (scripts, apart, whole) for fit in self._fitting(base, each)]
        if not found:
            raise self._unresolved(base, scripts, span)
        best = max(fit.score for fit in found)
        winners = {
            (fit.entry.name, fit.indices, len(fit.rest)): fit
            for fit in reversed(found)
            if fit.score == best
        }
        if len({fit.entry.kind == "function" for fit in winners.values()}) > 1:
            called = self.is_next("(")  # one letter of a function and of a number
            winners = {k: e for k, e in winners.items() if (e.entry.kind == "function") == called}
        if len(winners) > 1:
            first, second, *_ = (self._shown(fit) for fit in winners.values())
            hint = "put a comma between two indices, or brackets around a symbol"
            raise ambiguous(f"the declared {first}", f"the declared {second}", span, hint)
        (fit,) = winners.values()
        return fit.entry, (*fit.indices, *self._hidden(fit, span)), fit.rest

    def _shown(self, fit: Fit) -> str:
        nodes = tuple(item.node for item in fit.rest if item.node is not None)
        symbol = t.Symbol(fit.entry.name, fit.indices)
        return self.printer.show(self.entry(symbol, nodes) if nodes else symbol)

    def _hidden(self, fit: Fit, span: t.Span) -> Iterator[t.Symbol]:
        """Yield the indices that a symbol was defined with and that its name does not show."""
        for name in fit.entry.indices[len(fit.indices) :]:
            shown, local = self.printer.declared(fit.entry), self.locals.get(name)
            if local is not None and local.running:
                outer = f"{shown} for one {name} outside of the sum"
                raise ambiguous(f"{shown} for each {name} of the sum", outer, span,
                                f"define {shown} with the index {name}")  # fmt: skip
            if name not in self.ranges():
                raise Unreadable(f"{shown} is defined for each {name}, which is not known here",
                                 span, f"say what {name} runs over")  # fmt: skip
            yield t.Symbol(name, span=span)

    def _fitting(self, base: str, scripts: Scripts) -> list[Fit]:
        entries = [each for each in self.notation.bases(base) if each.head.arguments in ("", TWIN)]
        fits = [self._fit(entry, scripts) for entry in entries]
        return [
            fit
            for fit in fits
            if fit is not None and (fit.entry.head.base == base or len(fit.rest) > 0)
        ]

    def _fit(self, entry: Entry, scripts: Scripts) -> Fit | None:
        """Match scripts with a declared head; None if they do not fit."""
        head = entry.head
        if len(scripts.sub) < len(head.sub) or len(scripts.sup) != len(head.sup):
            return None
        if scripts.sup and scripts.bracketed != head.bracketed:
            return None
        slots = [
            *zip(head.sub, scripts.sub, strict=False),
            *zip(head.sup, scripts.sup, strict=True),
        ]
        indices: list[t.Node] = []
        for slot, item in slots:
            if slot is None and item.node is not None:
                indices.append(item.node)
            elif slot is None or slot != item.text:
                return None
        rest = scripts.sub[len(head.sub) :]
        in_range = self._in_range(entry, indices) and len(rest) in (0, entry.dimensions)
        literal = sum(slot is not None for slot, _ in slots)
        return Fit((in_range, literal, len(slots)), entry, tuple(indices), rest)

    def _in_range(self, entry: Entry, indices: list[t.Node]) -> bool:
        ranges = {**self.notation.labels, **self.ranges()}
        return all(
            over is None or within(self.notation.resolve(index), over, ranges)
            for index, over in zip(indices, entry.ranges, strict=False)
        )

    def _unresolved(self, base: str, scripts: Scripts, span: t.Span) -> Unreadable:
        command = base.partition("_")[0]
        if command in UNREAD:
            return Unreadable(f"this construct is not read: {command}", span, UNREAD[command])
        if rf"\text{{{command[1:]}}}" in BUILT_IN:
            return Undeclared(
                f"{base} is not declared", span, rf"write \operatorname{{{base[1:]}}}"
            )
        spelled = base + (f"_{{{''.join(i.text for i in scripts.sub)}}}" if scripts.sub else "")
        entries = self.notation.bases(base)
        strange = [item.text for item in scripts.sub if item.node is None]
        if strange and any(None in entry.head.sub for entry in entries):
            return self._no_index(strange[0], span, f" of {base}")
        if entries:
            known = ", ".join(self.printer.declared(entry) for entry in entries[:5])
            return Undeclared(f"{spelled} is not declared", span, f"declared are {known}")
        everything = [e.head.base for e in self.notation.entries.values()]
        if base.startswith(r"\text{"):
            everything += [each for each in BUILT_IN if each.startswith(r"\text{")]
        if base in ("p", "q") and self.is_next("("):
            hint = rf"a row such as (x, z) \sim {spelled} declares any law of x and z"
            return Undeclared(f"{spelled} is not declared", span, hint)
        return undeclared(spelled, span, dict.fromkeys(everything))


def _is_number(tokens: Sequence[Token]) -> bool:
    return all(token.kind == "digit" for token in tokens)


def number_of(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return digits as the one number that they are together: the 10 of ``x_{10}``."""
    text = "".join(each.text for each in items)
    return (Item(text, t.number(int(text))),) if text.isdecimal() else items


def _digits(item: Item) -> tuple[Item, ...]:
    """Return the digits of a number one by one: the 2 and 1 of ``w_{21,k}``."""
    if not item.text.isdigit():
        return (item,)
    return tuple(Item(digit, t.number(int(digit))) for digit in item.text)
