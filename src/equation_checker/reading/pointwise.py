r"""Read functions without their arguments, ``f' = g' h + g h'``, as their values at every one.

A function that was defined stands at the letters that it was defined with; one that is only
declared, at the only letter that the statement can mean, or at one that stands nowhere else. Where
a statement can mean two, both are shown.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Ambiguous, Unreadable, ambiguous
from equation_checker.language.functions import BUILT_IN
from equation_checker.language.notation import REAL, Entry, Head, Notation
from equation_checker.language.printing import Printer
from equation_checker.meaning.shapes import Shapes
from equation_checker.reading.overloads import family
from equation_checker.reading.rows import closing, split
from equation_checker.reading.symbols import NameReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.language.notation import Domain
    from equation_checker.meaning.shapes import Shape
    from equation_checker.reading.tokens import Token

LETTERS = "xtuzvsabc"
"""Names for the arguments of functions that are only declared."""


def places(entry: Entry, notation: Notation) -> list[tuple[str, Shape, Domain]]:
    """Return the name, if there is one, the shape and the domain of each argument of a function.

    There are none where a function has several lists of arguments, or its indices tell their shape.
    """
    known = notation.definitions.get(entry.name, ())
    if len(family(entry, notation)) > 1 or len(known) > 1 or entry.signs:
        return []
    found = [("", *pair) for pair in zip(entry.arguments, entry.takes, strict=False) if not known]
    for parameter, shape in zip(known[0].parameters, known[0].shapes, strict=True) if known else ():
        own = notation.entries.get(parameter.name)
        domain = own.domain if own is not None and own.kind == "variable" else REAL
        found.append((parameter.name, shape, domain))
        if parameter.indices:
            return []
    sizes = {name for _, shape, _ in found for size in shape for name in t.free_names(size)}
    return [] if sizes & {*entry.indices} else found


def with_letters(tokens: Sequence[Token], notation: Notation) -> Notation:
    """Return the notation that knows the letters that stand for arguments, though no row does.

    The ``t`` of ``f'(t) = …`` may be anything that the argument of ``f`` may be; so may the
    letters that a function without arguments was defined with.
    """
    for k, token in enumerate(tokens[:-1]):
        found = [e for e in notation.bases(NameReader.base(token)) if e.kind == "function"]
        slots = places(found[0], notation) if len(found) == 1 else []
        given = (_arguments(tokens, k + 1) if slots else []) or [name for name, _, _ in slots]
        for name, (_, shape, domain) in zip(given, slots, strict=False):
            if name and len(given) == len(slots) and not notation.bases(name):
                notation = notation.declare(Entry(Head(name), "variable", shape, domain))
    return notation


def _arguments(tokens: Sequence[Token], at: int) -> list[str]:
    """Return the arguments that stand behind a name; nothing in the place of what is no letter."""
    try:
        while tokens[at].text in ("'", "_", "^"):
            at = at + 1 if tokens[at].text == "'" else closing(tokens, at + 1) + 1
        inside = tokens[at + 1 : closing(tokens, at)] if tokens[at].text == "(" else []
    except Unreadable:
        return []
    parts = split(inside, lambda each: each.text == ",") if inside else []
    return [_letter(part[0]) if len(part) == 1 else "" for part in parts]


def _letter(token: Token) -> str:
    is_letter = token.kind in ("letter", "command") and token.text not in BUILT_IN
    return token.text if is_letter else ""


def refuse_twins(sides: Sequence[t.Node], notation: Notation) -> None:
    """Refuse a free number whose letter is one of a function, where this could be meant.

    That is where it is a side of its own, or differentiated, or stands beside that function.
    """
    parts = [each for side in sides for each in t.walk(side)]
    derived = [each.of for each in parts if isinstance(each, t.Derivative | t.Gradient)]
    meant = {*sides, *(symbol for of in derived for symbol in t.free(of))}
    applied = {each.function.name for each in parts if isinstance(each, t.Apply)}
    for each in (symbol for side in sides for symbol in t.free(side)):
        entry = notation.entries.get(each.name)
        if entry is None or entry.kind != "variable" or notation.definitions.get(each.name):
            continue
        for twin in notation.bases(entry.head.base):
            same = (twin.head.sub, twin.head.sup) == (entry.head.sub, entry.head.sup)
            if twin.kind == "function" and same and (each in meant or twin.name in applied):
                shown = Printer(notation).show(each)
                hint = "write the argument of the function, or give the two different letters"
                raise ambiguous(f"the number {shown}", f"the function {shown}", each.span, hint)


class Alone:
    """The functions of a statement that stand without their arguments."""

    def __init__(self) -> None:
        self.found: list[t.Apply] = []
        self.hidden: dict[tuple[int, Shape], str] = {}
        """The letters that no text names: one for each place and shape of an argument."""

    def at(self, symbol: t.Symbol, notation: Notation) -> tuple[Notation, tuple[t.Symbol, ...]]:
        """Return what a function stands at, and the notation that knows it."""
        found = list[t.Symbol]()
        for place, (named, shape, domain) in enumerate(
            places(notation.entries[symbol.name], notation)
        ):
            letter = named or self.hidden.get((place, shape), "")
            if not letter:
                letter = next((e for e in LETTERS if not notation.bases(e)), "x'")
                self.hidden[place, shape] = letter
            if letter not in notation.entries:
                notation = notation.declare(Entry(Head(letter), "variable", shape, domain))
            found.append(t.Symbol(letter, span=symbol.span))
        known = [notation.entries[each.name] for each in found]
        if not known or any(each.kind != "variable" or each.indices for each in known):
            shown = Printer(notation).show(symbol)
            message = f"the argument of {shown} is not said"
            raise Unreadable(message, symbol.span, f"write {shown}(…)")
        return notation, tuple(found)

    def settled(self, sides: list[t.Node], notation: Notation) -> list[t.Node]:
        """Return the sides with each function at the argument that is meant, if only one can be."""
        return _Meant(self, sides, notation).sides if self.found else sides


class _Meant:
    """What functions without arguments can mean beside all else in a statement."""

    def __init__(self, alone: Alone, sides: list[t.Node], notation: Notation) -> None:
        self.notation, self.sides, self.found = notation, sides, alone.found
        self.shapes, self.show = Shapes(notation), Printer(notation).show
        lists = [{*self._letters(each)} - {*alone.hidden.values()} for each in alone.found]
        named = set[str]().union(*lists)
        for a, b in combinations(sorted(named), 2):
            if self._alike(a, b) and not any({a, b} <= each for each in lists):
                raise self._either(t.Symbol(a), t.Symbol(b))
        by = {*self._beside()}
        for letter in alone.hidden.values():
            meant = sorted(each for each in by | named if self._alike(each, letter))
            if len(meant) > 1:
                raise self._either(*(t.Symbol(each) for each in meant[:2]))
            values: dict[str, t.Node] = {letter: t.Symbol(meant[0])} if meant else {}
            self.sides = [t.substitute(each, values) for each in self.sides]
            self.found = [replace(each, arguments=tuple(t.substitute(a, values)
                          for a in each.arguments)) for each in self.found]  # fmt: skip
            named |= {*meant} or {letter}
        self.bare = {(each.function, each.arguments) for each in self.found}
        self._refuse_other_arguments()
        self._refuse_leibniz()
        if not named <= by:
            self._refuse_other_letters(named)

    def _is_bare(self, node: t.Node) -> bool:
        """Tell whether a node is a function at the argument at which it stands without one."""
        return isinstance(node, t.Apply) and (node.function, node.arguments) in self.bare

    def _parts(self) -> Iterator[t.Node]:
        return (each for side in self.sides for each in t.walk(side))

    def _letters(self, of: t.Node) -> Iterator[str]:
        return (each.name for each in t.free(of) if self.notation.kind(each.name) == "variable")

    def _alike(self, a: str, b: str) -> bool:
        first, second = (self.notation.entries[each].shape for each in (a, b))
        return first is None or second is None or self.shapes.equal(first, second)

    def _either(self, a: t.Node, b: t.Node) -> Ambiguous:
        function = self.found[0].function
        first, second = (self.show(t.Apply(function, (each,))) for each in (a, b))
        return ambiguous(first, second, function.span, "write its argument")

    def _beside(self) -> Iterator[str]:
        """Yield the letters that are differentiated by."""
        for each in self._parts():
            found: tuple[t.Node | None, ...] = ()
            if isinstance(each, t.Derivative):
                found = each.variables
            elif isinstance(each, t.Gradient):
                found = (each.variable,)
            yield from (e.name for e in found if isinstance(e, t.Symbol) and not e.indices)

    def _refuse_other_arguments(self) -> None:
        """Refuse ``f(a)`` beside ``f``: it could be that value, or the function."""
        applied = [each for each in self._parts() if isinstance(each, t.Apply)]
        pointwise = [each for each in applied if any(map(self._is_bare, t.walk(each)))]
        for each in applied:
            for other in pointwise:
                if each.function == other.function and each not in pointwise:
                    raise ambiguous(self.show(each), self.show(other), other.span, "write both")

    def _refuse_leibniz(self) -> None:
        """Refuse ``f'(A) A'(B)``: some write so what is the derivative of ``f`` by ``A``."""
        primed = [each for each in self._parts() if isinstance(each, t.Apply) and each.primes]
        inner = {a.function for each in primed for a in each.arguments
                 if isinstance(a, t.Apply) and self._is_bare(a)}  # fmt: skip
        for each in primed:
            if each.function in inner and not self._is_bare(each):
                by, name = self.show(each.arguments[0]), self.show(each.function)
                first, second = f"the value {self.show(each)}", f"the derivative of {name} by {by}"
                raise ambiguous(first, second, each.span, r"write \frac for the derivative")

    def _refuse_other_letters(self, named: set[str]) -> None:
        """Refuse another letter that the functions could be functions of."""
        reach = self.notation.reach
        known = named.union(*(reach[each.function.name] for each in self.found))
        for each in (each for side in self.sides for each in t.free(side)):
            if self.notation.kind(each.name) != "variable" or each.name in known:
                continue
            for letter in sorted(named):
                if self._alike(each.name, letter) and not named & reach[each.name]:
                    raise self._either(each, t.Symbol(letter))
