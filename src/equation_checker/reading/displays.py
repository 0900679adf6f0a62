"""Read whole displays: definitions, and claims with their steps, reasons and premises."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Mismatch, Undeclared, Unreadable, ambiguous
from equation_checker.language.notation import SCALAR
from equation_checker.meaning.shapes import Shapes
from equation_checker.reading.arguments import PARTING
from equation_checker.reading.clauses import (
    UNREAD,
    Clause,
    clauses,
    goes_to,
    is_lone_index,
    ranges_of,
)
from equation_checker.reading.cursor import Local
from equation_checker.reading.declarations import (
    declare_members,
    declare_set,
    known_head,
    names_a_set,
    read_definition,
    read_update,
)
from equation_checker.reading.expressions import Parser, cardinality, paired
from equation_checker.reading.overloads import arity
from equation_checker.reading.pointwise import Alone, refuse_twins, with_letters
from equation_checker.reading.recursions import read_recursion, starts_recursion
from equation_checker.reading.rows import DEFINITE, STATING, VAGUE, Line, cut, lines, outside, split
from equation_checker.reading.sets import bounds, definite
from equation_checker.reading.tokens import RELATIONS
from equation_checker.reading.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from equation_checker.language.notation import (
        Definition,
        Notation,
    )
    from equation_checker.reading.tokens import Token

CLOSED = {
    **dict.fromkeys((")", "]", "}", r"\}"), "no bracket is open"),
    "*": r"write a product as a b, \cdot or \odot",
}
"""What to do about a sign that ends what can be read."""
BETWEEN = frozenset({r"\vdots", r"\dots", r"\quad"})
"""What a row is made of that only leaves rows out."""
Reasons = list[tuple[int, str]]


@dataclass(frozen=True)
class Statement:
    """A claim (several sides with relations), or a bare expression (one side)."""

    sides: tuple[t.Node, ...]
    relations: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """The reason given for each relation, as LaTeX; empty where none is given."""
    ranges: tuple[tuple[str, t.Range], ...] = ()
    condition: t.Node | None = None
    where: tuple[tuple[str, t.Node], ...] = ()
    """Values of otherwise free symbols."""
    assumed: tuple[str, ...] = ()
    """What is defined or declared for this statement alone, as it is written."""
    aside: bool = False
    """Whether a reason states it, and not the display itself."""
    supposed: bool = False
    """Whether something follows from it, so that it is a condition unless it always holds."""
    note: str = ""
    """Why there is nothing to judge, if it is not that an expression states nothing."""
    span: t.Span = t.NOWHERE
    notation: Notation | None = field(default=None, repr=False, compare=False)
    """The notation that it is read in, where that is not the one after its display."""


@dataclass(frozen=True)
class Reading:
    """What a display says, and the notation after it."""

    statements: tuple[Statement, ...]
    definitions: tuple[Definition, ...]
    notation: Notation = field(repr=False)
    last: Clause | None = field(default=None, repr=False)
    """The last side, from which a display that begins with a relation goes on."""


def read_display(
    latex: str,
    notation: Notation,
    *,
    define_undeclared: bool = False,
    before: Clause | None = None,
) -> Reading:
    """Read a display; its definitions are known from then on."""
    rows = [*lines(latex)]
    display = _Display(notation, [each for row in rows for each in row.tokens], define_undeclared)
    display.last = before
    for row in rows:
        display.read(row)
    if not display.statements and not display.definitions:
        raise Unreadable("nothing to read", (0, len(latex)))
    return Reading(
        tuple(display.statements), tuple(display.definitions), display.notation, display.last
    )


class _Display:
    """Goes through the rows of a display; the notation grows with each."""

    def __init__(self, notation: Notation, tokens: list[Token], define_undeclared: bool) -> None:
        self.notation = notation
        self.tokens = tokens
        self.define_undeclared = define_undeclared
        self.statements: list[Statement] = []
        self.definitions: list[Definition] = []
        self.last: Clause | None = None
        """What the next row, or display, goes on from if it begins with a relation."""

    def read(self, line: Line) -> None:
        """Read a row and the reasons in it."""
        if all(each.text in BETWEEN for each in line.tokens):
            made = Statement((t.number(0),), note="what dots stand for is not judged")
            self.statements.append(made)
            return
        tokens = joined(line.tokens, self.notation, defines=True)
        found = clauses(tokens, self.notation)
        if self.last is not None and not self.statements and not self.definitions:
            found[:1] = [_going_on(self.last, each) for each in found[:1]]
        if not line.of_brace:
            self.last = _last_side(found[-1]) if found else None
        for clause in found:
            _refuse(clause, alone=len(found) == 1)
        for clause in sorted(found, key=lambda each: not self._starts(each)):
            after = [each.span[0] for each in found if each.span[0] > clause.span[0]]
            end = min(after, default=line.tokens[-1].end + 1)
            self._clause(clause, [each for each in line.reasons if clause.span[0] <= each[0] < end])
        for aside in line.asides:
            self._aside(aside)

    def _starts(self, clause: Clause) -> bool:
        return starts_recursion(clause, self.tokens, self.notation)

    def _clause(self, clause: Clause, reasons: Reasons) -> None:
        at = clause.relations
        signs = [clause.tokens[k].text for k in at]
        if r"\in" in signs:
            self._member(clause)
        elif names_a_set(clause.tokens):
            self.notation, members = declare_set(clause, self.notation)
            made = Statement((cardinality(members),), note="names a set", span=clause.span)
            self.statements.append(made)
        elif signs == [r"\sim"] and (found := self._distributed(clause)):
            self.statements.extend(found)
        elif signs[-1:] == ["=:"]:
            whole = clause.tokens
            if len(at) > 1:
                self._claim(replace(clause, tokens=cut(whole, 0, at[-1])), reasons)
            body = whole[at[-2] + 1 if len(at) > 1 else 0 : at[-1]]
            turned = (*whole[at[-1] + 1 : -1], whole[at[-1]], *body, cut(whole, 0, at[-1])[-1])
            self._define(replace(clause, tokens=turned), reasons)
        elif signs and (signs[0] == r"\leftarrow" or self._defines(clause, signs[0])):
            self._define(clause, reasons)
        else:
            self._claim(clause, reasons)

    def _defines(self, clause: Clause, sign: str) -> bool:
        """Tell whether an equation gives a symbol its value, as the first one of it may do."""
        if sign not in ("=", ":=", r"\equiv"):
            return False
        known = known_head(clause, self.notation)
        if sign == ":=":
            return known != "" or len(clause.relations) == 1
        if sign == r"\equiv":
            return known in ("new", "free")
        undeclared = self.define_undeclared and not _may_be_known(clause, self.notation)
        return known == "new" and (undeclared or self._starts(clause))

    def _define(self, clause: Clause, reasons: Reasons) -> None:
        """Read a definition, and what its value is then claimed to be."""
        at, tokens = clause.relations, clause.tokens
        first = replace(clause, tokens=cut(tokens, 0, at[1]) if len(at) > 1 else tokens)
        first = self._with_locals_defined(first)
        read = read_update if tokens[at[0]].text == r"\leftarrow" else read_definition
        self.notation, definition = read(first, self.notation)
        self.definitions.append(definition)
        if len(at) > 1:
            self._claim(replace(clause, tokens=tokens[at[0] + 1 :]), reasons)

    def _with_locals_defined(self, clause: Clause) -> Clause:
        """Define what a definition says to be defined ``where`` it stands."""
        kept = []
        for each in clause.premises:
            is_local = each.word != "range" and _equates(each)
            if is_local and known_head(each, self.notation) == "new":
                self.notation, definition = read_definition(each, self.notation)
                self.definitions.append(definition)
            else:
                kept.append(each)
        return replace(clause, premises=tuple(kept))

    # Claims.

    def _claim(
        self, clause: Clause, reasons: Reasons, *, aside: bool = False, supposed: bool = False
    ) -> None:
        at, tokens = clause.relations, clause.tokens
        first = replace(clause, tokens=cut(tokens, 0, at[1])) if len(at) > 1 else clause
        found = None if aside else read_recursion(first, self.notation)
        if found is not None:
            self.notation, definition = found
            self.definitions.append(definition)
            self._check_orders(clause, ())
            if len(at) == 1:
                return
            clause = replace(clause, tokens=tokens[at[0] + 1 :])
        statement, parser = self._premises(clause)
        parser.notation = parser.printer.notation = with_letters(tokens, parser.notation)
        parser.alone = Alone()
        with parser.bound(**{name: Local(over) for name, over in statement.ranges}):
            try:
                sides, relations, ends = _chain(parser)
                sides = parser.sized(sides)
            except Undeclared as problem:
                raise self._explained(problem, clause) from None
        sides = parser.alone.settled(sides, parser.notation)
        refuse_twins(sides, parser.notation)
        if parser.notation is not (statement.notation or self.notation):
            statement = replace(statement, notation=parser.notation)
        self.notation = self.notation.parting(parser.parted)
        self._check_orders(clause, sides)
        made = replace(
            statement,
            sides=tuple(sides),
            relations=tuple(relations),
            reasons=_placed(reasons, ends),
            aside=aside,
            supposed=supposed,
            span=clause.span,
        )
        self.statements += _definite(made) if DEFINITE & {*relations} else [made]

    def _check_orders(self, clause: Clause, sides: Sequence[t.Node]) -> None:
        r"""Refuse ``h \to 0`` where it is not what each ``O(h)`` is read to say."""
        orders = [e.of for side in sides for e in t.walk(side) if isinstance(e, t.Landau)]
        for each in clause.premises:
            if each.word != "to":
                continue
            name, to = goes_to(each.tokens) or ("", "")
            entry = self.notation.entries.get(name)
            end = r"\infty" if entry is not None and entry.kind == "size" else "0"
            if to != end or not orders or any(t.free_names(of) != {name} for of in orders):
                message = rf"{name} \to {to} is read only of an order: O({name}^2)"
                raise Unreadable(message, each.span)

    def _explained(self, problem: Undeclared, clause: Clause) -> Undeclared:
        """Say how a symbol that stands on the left alone is defined."""
        is_head = problem.span[0] == clause.span[0] and clause.relations
        if not is_head or known_head(clause, self.notation) != "new":
            return problem
        if self.notation.bases(clause.tokens[0].text) or "add a row" not in problem.hint:
            return problem
        hint = f"{problem.hint}, or write := if this defines it"
        return Undeclared(problem.message, problem.span, hint)

    def _premises(self, clause: Clause) -> tuple[Statement, Parser]:
        """Return a statement that has only its premises yet, and the parser for the rest."""
        notation, assumed = self.notation, []
        ranges = ranges_of(clause.premises, notation)
        conditions: list[t.Node] = []
        for each in clause.premises:
            if is_lone_index(each.tokens, notation):
                _refuse_two_scopes(each, clause)
                continue
            if each.word in ("range", "to"):
                continue
            local = self._local(each, notation, ranges)
            if local is not None:
                notation = local
                assumed.append(" ".join(token.text for token in each.tokens).strip())
            elif each.word in ("where", "with", "given") and _equates(each):
                self._claim(replace(each, premises=()), [])
            elif each.word == "=>" and _is_equation(each):
                self._claim(replace(each, premises=()), [], supposed=True)
            else:
                parser = Parser(each.tokens, notation)
                with parser.bound(**{name: Local(over) for name, over in ranges}):
                    conditions.append(_whole(parser, parser.comparison()))
                _refuse_implication(each, conditions[-1])
        condition = conditions[0] if len(conditions) == 1 else t.And(tuple(conditions))
        statement = Statement(
            (),
            ranges=ranges,
            condition=condition if conditions else None,
            assumed=tuple(assumed),
            notation=None if notation is self.notation else notation,
        )
        return statement, Parser(clause.tokens, notation)

    def _local(
        self, premise: Clause, notation: Notation, ranges: tuple[tuple[str, t.Range], ...]
    ) -> Notation | None:
        """Return the notation in which a premise is true, if it gives a symbol its set or value."""
        signs = [premise.tokens[k].text for k in premise.relations]
        if signs == [r"\in"]:
            return declare_members(premise, notation, ranges)
        if not _equates(premise):
            return None
        known = known_head(premise, notation)
        if known == "new" or (known == "free" and premise.word in ("where", "=>")):
            return read_definition(premise, notation)[0]
        entry = notation.entries.get(premise.tokens[0].text)
        is_choice = premise.word == "if" and premise.relations == [1] and known == "free"
        if not is_choice or entry is None or entry.domain.kind not in ("real", "natural"):
            return None
        return read_definition(premise, notation)[0]

    def _member(self, clause: Clause) -> None:
        r"""Read ``x \in \mathbb{R}^d``: what can be false of it, else that it restates a shape."""
        at = next(k for k in clause.relations if clause.tokens[k].text == r"\in")
        earlier = [k for k in clause.relations if k < at]
        if earlier:
            self._clause(replace(clause, tokens=cut(clause.tokens, 0, at)), [])
            clause = replace(clause, tokens=clause.tokens[earlier[-1] + 1 :])
            at -= earlier[-1] + 1
        statement, _ = self._premises(clause)
        notation = statement.notation or self.notation
        for part in split(clause.tokens[:at], lambda each: each.text == ","):
            if [each.text for each in part] == [r"\dots"]:
                continue
            parser = Parser(cut(part, 0, len(part)), notation)
            with parser.bound(**{name: Local(over) for name, over in statement.ranges}):
                (side,) = paired(
                    [_whole(parser, parser.expression())], parser.ranges(), frozenset()
                )
                inside = Parser(clause.tokens[at + 1 :], notation)
                for sides, relations, note in bounds(side, inside, dict(statement.ranges)):
                    reasons = ("",) * len(relations)
                    made = replace(statement, sides=sides, relations=relations, reasons=reasons)
                    self.statements.append(replace(made, note=note, span=clause.span))

    def _distributed(self, clause: Clause) -> list[Statement]:
        r"""Read ``z \sim \mathcal{N}(\mu, \sigma^2)``: it restates a law, or claims another one."""
        statement, _ = self._premises(clause)
        at, notation = clause.relations[0], statement.notation or self.notation
        side, right = Parser(cut(clause.tokens, 0, at), notation), clause.tokens[at + 1 :]
        inside = Parser(right, notation)
        bound = {name: Local(over) for name, over in statement.ranges}
        with inside.bound(**bound), inside.averaging(), side.bound(**bound), side.averaging():
            law = inside.law(judged=False) or inside.named_law()
            if law is None or inside.next.kind != "end":
                return []
            of = _whole(side, side.expression())
        statement = replace(statement, span=clause.span)
        if isinstance(law, str):
            note = f"what a law is that is only named, {law}, is not judged"
            return [replace(statement, sides=(t.number(0),), note=note)]
        entry = notation.entries.get(of.name) if isinstance(of, t.Symbol) else None
        if entry is None or entry.law is None or not isinstance(of, t.Symbol):
            note = "the law of what is computed from random variables is not judged"
            if isinstance(of, t.Symbol) and entry is not None:
                note = f"{inside.printer.show(of)} is not declared as random"
            return [replace(statement, sides=(t.number(0),), note=note)]
        known = t.substitute(entry.law, dict(zip(entry.indices, of.indices, strict=True)))
        if known == law:
            return [replace(statement, sides=(t.number(0),), note="restates the notation")]
        if not isinstance(known, t.Law) or known.name != law.name:
            shown = inside.printer.show(known)
            raise Mismatch(f"the notation says {inside.printer.show(of)} \\sim {shown}", law.span)
        return [
            replace(statement, sides=pair, relations=("=",), reasons=("",))
            for pair in zip(known.parameters, law.parameters, strict=True)
        ]

    # Reasons.

    def _aside(self, tokens: list[Token]) -> None:
        """Read what a reason states; what it only mentions, or supposes, is passed over."""
        try:
            found = clauses(tokens, self.notation)
        except Unreadable:
            if any(each.text in STATING for _, each in outside(tokens)):
                raise
            return
        for clause in found:
            if clause.relations:
                self._claim(clause, [], aside=True)


def _last_side(clause: Clause) -> Clause | None:
    """Return the last side of a claim with its premises; None where it is a set, or turned."""
    at = clause.relations
    if names_a_set(clause.tokens) or {clause.tokens[k].text for k in at} & {r"\in", r"\sim", "=:"}:
        return None
    return replace(clause, tokens=clause.tokens[at[-1] + 1 if at else 0 :])


def _going_on(before: Clause, clause: Clause) -> Clause:
    """Put the side before it in front of a clause that begins with a relation."""
    if clause.tokens[0].text not in RELATIONS:
        return clause
    end = before.tokens[-1].end + 1
    moved = [replace(e, start=e.start - end, end=e.end - end) for e in before.tokens[:-1]]
    return replace(clause, tokens=(*moved, *clause.tokens)).under(*before.premises)


def _may_be_known(clause: Clause, notation: Notation) -> bool:
    r"""Tell whether a left side that names no symbol may still speak of one that is declared.

    ``p(1 \mid x)`` is a value of the ``p(y \mid x)`` that is known, ``A^T`` a matrix turned.
    """
    head = cut(clause.tokens, 0, clause.relations[0])
    known = notation.bases(Parser.base(head[0]))
    texts = [each.text for each in head]
    if "(" in texts:
        wanted = sum(each in PARTING for each in texts) + 1
        functions = [each for each in known if each.kind == "function"]
        at_number = any(each.kind == "digit" for each in head[texts.index("(") :])
        plain = texts[1] == "("
        alike = (each for each in known if plain == (not each.head.sub and not each.head.sup))
        if any(each.kind == "variable" and each.name in notation.definitions for each in alike):
            return True
        return at_number and any(arity(each, notation) == wanted for each in functions)
    turned = {"T", r"\top", r"\intercal"} & {*texts[texts.index("^") :]} if "^" in texts else set()
    return bool(turned) and any(each.shape not in (None, SCALAR) for each in known)


def _refuse(clause: Clause, *, alone: bool) -> None:
    """Refuse what would be passed over: an expression beside claims, a sign without a meaning."""
    for _, token in outside(clause.tokens):
        if token.text in UNREAD:
            raise Unreadable(
                f"this construct is not read: {token.text}",
                (token.start, token.end),
                ":unchecked: excuses the display",
            )
    first = clause.tokens[0]
    if first.text in STATING:
        message = "a claim without a left side"
        raise Unreadable(message, (first.start, first.end), "repeat the side that it goes on from")
    if not alone and not clause.relations:
        shown = " ".join(each.text for each in clause.tokens).strip()
        message = f"{shown} stands beside a claim and states nothing"
        raise Unreadable(message, clause.span, "write a relation, or give it a display of its own")


def _refuse_implication(premise: Clause, condition: t.Node) -> None:
    parts = condition.conditions if isinstance(condition, t.And) else (condition,)
    equations = [e for e in parts if isinstance(e, t.Comparison) and e.relation == "="]
    if premise.word == "=>" and equations:
        raise Unreadable(
            "this construct is not read: what follows from an equation",
            premise.span,
            "give each equation a row of its own, or give a symbol its value",
        )


def _equates(premise: Clause) -> bool:
    return [premise.tokens[k].text for k in premise.relations] in (["="], [":="], [r"\equiv"])


def _is_equation(premise: Clause) -> bool:
    return {premise.tokens[k].text for k in premise.relations} == {"="}


def _whole(parser: Parser, node: t.Node) -> t.Node:
    if parser.next.kind != "end":
        raise parser.error("cannot read on here")
    return node


def _definite(statement: Statement) -> Iterator[Statement]:
    r"""Yield the steps of a chain, with what ``\succ`` says of eigenvalues."""
    steps = zip(statement.sides, statement.relations, statement.sides[1:], strict=False)
    for (left, relation, right), reason in zip(steps, statement.reasons, strict=True):
        sides = (left, right)
        if relation in DEFINITE:
            sides, relation = definite(left, relation, right)  # noqa: PLW2901
        yield replace(statement, sides=sides, relations=(relation,), reasons=(reason,))


def _refuse_two_scopes(index: Clause, clause: Clause) -> None:
    """Refuse ``a = 0 if x_i = 0 for all i``: for each i where it is 0, or where all of x are."""
    name = index.tokens[0].text
    before = [each for each in clause.premises if each.span[0] < index.span[0]]
    inside = any(token.text == name for each in before for token in each.tokens)
    if inside and not any(token.text == name for token in clause.tokens):
        first, second = f"a condition on one {name}", f"a condition on all {name} together"
        hint = f"for one leave out the words for all {name}; for all write a sum or a maximum"
        raise ambiguous(first, second, index.span, hint)


def _chain(parser: Parser) -> tuple[list[t.Node], list[str], list[int]]:
    """Read sides with relations between them, and where each side ends."""
    sides, relations, ends = [parser.expression()], [], []
    while parser.is_next(*RELATIONS, *DEFINITE, *VAGUE, r"\equiv", ":="):
        relation = parser.take().text
        relations.append("=" if relation in (r"\equiv", ":=") else relation)
        sides.append(parser.expression())
        ends.append(parser.tokens[parser.at - 1].end)
    if parser.next.kind != "end":
        raise parser.error("cannot read on here", CLOSED.get(parser.next.text, ""))
    for name in sorted(parser.unwritten & {*()}.union(*map(t.free_names, sides))):
        first, second = rf"\sum_{{{name}}}", f"a sum over something else, for each {name}"
        raise ambiguous(first, second, (parser.tokens[0].start, ends[-1] if ends else 0))
    return paired(sides, parser.ranges(), frozenset()), relations, ends


def judged_apart(statement: Statement, vague: Iterable[str]) -> Iterator[Statement]:
    """Yield the steps that can be judged, and each that cannot, with the reason why."""
    start = 0
    for k, relation in enumerate((*statement.relations, "")):
        if relation and relation not in vague:
            continue
        if start < k or not statement.relations:
            yield _steps(statement, start, k)
        if relation:
            note = f"{relation} {VAGUE[relation]}"
            yield replace(_steps(statement, k, k + 1), note=note)
        start = k + 1


def _steps(statement: Statement, start: int, stop: int) -> Statement:
    return replace(
        statement,
        sides=statement.sides[start : stop + 1],
        relations=statement.relations[start:stop],
        reasons=statement.reasons[start:stop],
    )


def _placed(reasons: Reasons, ends: list[int]) -> tuple[str, ...]:
    """Give each reason to the last relation that stands before it."""
    found = [""] * len(ends)
    for at, reason in reasons:
        links = [k for k, end in enumerate(ends) if end <= at]
        if links:
            found[links[-1]] = reason
    return tuple(found)


def read_where(text: str, statement: Statement, notation: Notation) -> Statement:
    r"""Read ``z = w^\\top h_i; t = 0`` and give the free symbols of a statement these values.

    A symbol that is differentiated by keeps its place and takes the value; others are replaced.
    """
    variables = set(_variables(statement.sides))
    for part in filter(None, (each.strip(" $") for each in text.split(";"))):
        found = read_display(part, notation).statements
        symbol, value = found[0].sides if found and found[0].relations == ("=",) else (None, None)
        if not isinstance(symbol, t.Symbol) or value is None or len(found) > 1:
            raise Unreadable(f":where: {part} gives no symbol a value", t.NOWHERE, "write z = …")
        Shapes(notation).of(value, Shapes(notation).scope(statement.ranges))
        if symbol in variables:
            statement = replace(statement, where=(*statement.where, (symbol.name, value)))
        else:
            sides = tuple(t.substitute(side, {symbol.name: value}) for side in statement.sides)
            statement = replace(statement, sides=sides)
    return statement


def _variables(sides: Iterable[t.Node]) -> Iterator[t.Node]:
    for node in (each for side in sides for each in t.walk(side)):
        if isinstance(node, t.Derivative):
            yield from node.variables
        if isinstance(node, t.Gradient) and node.variable is not None:
            yield node.variable


def read_order(text: str, notation: Notation) -> tuple[str, int]:
    """Read the order of an approximation, ``h^2``."""
    match [each.sides for each in read_display(text.strip(" $"), notation).statements]:
        case [(t.Symbol(name, ()),)]:
            return name, 1
        case [(t.Power(t.Symbol(name, ()), t.Number(power)),)] if power.denominator == 1:
            return name, int(power)
        case _:
            raise Unreadable(f":order: {text} is no power of a symbol", t.NOWHERE, "write h^2")
