"""Read whole displays: definitions, and claims with their steps and reasons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.meaning.shapes import Shapes
from equation_checker.reading.cursor import Local
from equation_checker.reading.expressions import RELATIONS, Parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from equation_checker.language.notation import (
        Definition,
        Notation,
    )

from equation_checker.reading.declarations import read_definition
from equation_checker.reading.rows import Line, conditions, lines, without_conditions


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
    span: t.Span = t.NOWHERE


@dataclass(frozen=True)
class Reading:
    """What a display says, and the notation after it."""

    statements: tuple[Statement, ...]
    definitions: tuple[Definition, ...]
    notation: Notation = field(repr=False)


def read_display(latex: str, notation: Notation) -> Reading:
    """Read a display; its definitions are known from then on."""
    statements: list[Statement] = []
    definitions: list[Definition] = []
    for line in lines(latex):
        if any(token.text == ":=" for token in line.tokens):
            notation, definition = read_definition(line.tokens, notation)
            definitions.append(definition)
        else:
            statements.append(_statement(line, notation))
    if not statements and not definitions:
        raise Unreadable("nothing to read", (0, len(latex)))
    return Reading(tuple(statements), tuple(definitions), notation)


def _statement(line: Line, notation: Notation) -> Statement:
    body, trailing = without_conditions(line.tokens)
    parser = Parser(body, notation)
    ranges, condition = conditions(trailing, notation)
    with parser.bound(**{name: Local(over) for name, over in ranges}):
        sides, relations, ends = [parser.expression()], [], []
        while parser.is_next(*RELATIONS, r"\quad"):
            if parser.accept(r"\quad"):
                continue
            relations.append(parser.take().text)
            while parser.accept(r"\quad"):
                pass
            sides.append(parser.expression())
            ends.append(parser.tokens[parser.at - 1].end)
        if parser.next.kind != "end":
            raise parser.error("cannot read on here")
    reasons = _placed(line.reasons, ends)
    span = (line.tokens[0].start, line.tokens[-1].end)
    return Statement(tuple(sides), tuple(relations), reasons, ranges, condition, span=span)


def _placed(reasons: list[tuple[int, str]], ends: list[int]) -> tuple[str, ...]:
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
    (statement,) = read_display(text.strip(" $"), notation).statements
    match statement.sides:
        case (t.Symbol(name, ()),):
            return name, 1
        case (t.Power(t.Symbol(name, ()), t.Number(power)),) if power.denominator == 1:
            return name, int(power)
        case _:
            raise Unreadable(f":order: {text} is no power of a symbol", t.NOWHERE, "write h^2")
