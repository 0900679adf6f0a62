r"""Cut a display into statements: rows, cells, reasons, and the conditions that stand behind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.reading.expressions import RELATIONS, Parser
from equation_checker.reading.tokens import Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.language.notation import (
        Notation,
    )

OPENING = frozenset({"(", "[", "{", r"\{"})
CLOSING = frozenset({")", "]", "}", r"\}"})
CONDITION_WORDS = (
    "for all",
    "for every",
    "for each",
    "for",
    "if",
    "where",
    "when",
    "with",
    "and",
    "all",
)
ENVIRONMENTS = re.compile(
    r"\\(begin|end)\{(aligned|align|split|gather|gathered|equation|alignat)\*?\}"
)


@dataclass
class Line:
    """The tokens of one statement, and up to which token each reason is given."""

    tokens: list[Token]
    reasons: list[tuple[int, str]]


def lines(latex: str) -> Iterator[Line]:
    """Join rows that go on, and take the reasons apart."""
    line: Line | None = None
    for row, reason in _rows(latex):
        if line is not None and _goes_on(row, line.tokens):
            line.tokens.extend(row)
        else:
            if line is not None:
                yield ended(line)
            line = Line(list(row), [])
        if reason:
            line.reasons.append((line.tokens[-1].end, reason))
    if line is not None:
        yield ended(line)


def _goes_on(row: Sequence[Token], before: Sequence[Token]) -> bool:
    starts = row[0].text
    if (
        starts in RELATIONS
        or starts == ":="
        or before[-1].text in ("+", "-", "=", r"\times", r"\cdot")
    ):
        return True
    return starts in ("+", "-") and not any(
        each.text in RELATIONS or each.text == ":=" for each in row
    )


def ended(line: Line) -> Line:
    """Drop the full stop at the end of a statement, and mark where it ends."""
    tokens = line.tokens
    while tokens[-1].text in (".", ",", ";", r"\quad") and tokens[-1].kind != "text":
        tokens.pop()
        if not tokens:
            raise Unreadable("nothing to read", t.NOWHERE)
    end = tokens[-1].end
    tokens.append(Token("end", "", end, end))
    return line


def _rows(latex: str) -> Iterator[tuple[list[Token], str]]:
    """Yield the tokens of each row without its ``&``, and the reason behind ``&&``."""
    tokens = [each for each in tokenise(latex)[:-1] if not ENVIRONMENTS.fullmatch(each.text)]
    for row in split(tokens, lambda each: each.kind == "row"):
        cells = [*split(row, lambda each: each.text == "&" and each.kind == "sign")]
        shown, reason = _reason(cells, latex)
        flat = [token for cell in shown for token in cell]
        while flat and flat[0].text == r"\quad":
            flat.pop(0)
        if flat:
            yield flat, reason


def split(tokens: Sequence[Token], at: object) -> Iterator[list[Token]]:
    """Cut tokens where a test says so, outside of all brackets."""
    depth = 0
    part: list[Token] = []
    for token in tokens:
        inside = token.text in OPENING or token.text.startswith(r"\begin{")
        outside = token.text in CLOSING or token.text.startswith(r"\end{")
        depth += (inside - outside) if token.kind != "text" else 0
        if depth <= 0 and at(token):  # type: ignore[operator]
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _reason(cells: list[list[Token]], latex: str) -> tuple[list[list[Token]], str]:
    for k in range(1, len(cells) - 1):
        if not cells[k] and _is_reason(cells[k + 1]):
            rest = [token for cell in cells[k + 1 :] for token in cell]
            return cells[:k], latex[rest[0].start : rest[-1].end]
    return cells, ""


def _is_reason(cell: Sequence[Token]) -> bool:
    """Tell whether a cell is prose, perhaps with maths in it, and not another equation."""
    words = [token for token in cell if token.kind == "text"]
    if not words or is_condition(cell[0]) or cell[0].text in RELATIONS:
        return False
    return cell[0].kind == "text" or any(" " in word.text for word in words)


def is_condition(token: Token) -> bool:
    """Tell whether a word opens a condition: ``for``, ``if``."""
    return token.kind == "text" and token.text.strip().rstrip(",") in CONDITION_WORDS


def without_conditions(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Cut off ``for l = 1, …, L`` and the like; what is left ends with an end token."""
    depth = 0
    for k, token in enumerate(tokens):
        after = tokens[min(k + 1, len(tokens) - 1)]
        if token.kind == "text":
            starts = is_condition(token)
        else:
            depth += (token.text in OPENING or token.text.startswith(r"\begin{")) - (
                token.text in CLOSING or token.text.startswith(r"\end{")
            )
            space = token.text == r"\quad" and after.text not in (*RELATIONS, r"\quad", ":=")
            starts = token.text in (",", ";", r"\forall") or space
        if depth == 0 and starts:
            end = Token("end", "", token.start, token.start)
            return [*tokens[:k], end], list(tokens[k:])
    return list(tokens), [tokens[-1]]


def conditions(
    tokens: Sequence[Token], notation: Notation
) -> tuple[tuple[tuple[str, t.Range], ...], t.Node | None]:
    """Read ranges of indices and conditions behind a statement."""
    parser = Parser(tokens, notation)
    ranges: list[tuple[str, t.Range]] = []
    conditions: list[t.Node] = []
    while parser.next.kind != "end":
        if (
            is_condition(parser.next)
            or parser.is_next(",", ";", ".", r"\quad", r"\forall")
            or _is_lone_index(parser, notation)
        ):
            parser.take()
        else:
            found = index_range(parser)
            if found is None:
                conditions.append(parser.comparison())
            else:
                ranges.extend(found)
    condition = (
        None
        if not conditions
        else conditions[0]
        if len(conditions) == 1
        else t.And(tuple(conditions))
    )
    return tuple(ranges), condition


def _is_lone_index(parser: Parser, notation: Notation) -> bool:
    entry = notation.entries.get(parser.next.text)
    ends = parser.peek()
    is_index = entry is not None and entry.kind == "index"
    return is_index and (
        ends.kind == "end" or is_condition(ends) or ends.text in (",", r"\quad", ".")
    )


def index_range(parser: Parser) -> list[tuple[str, t.Range]] | None:
    r"""Read ``l = 1, \dots, L`` or ``j, k = 1, \dots, n`` or ``l \in \{1, \dots, L\}``."""
    start = parser.at
    names = [parser.take().text]
    while parser.is_next(",") and parser.peek(2).text in (",", "=", r"\in"):
        parser.take()
        names.append(parser.take().text)
    begin = parser.next.start
    if parser.accept("="):
        lower = parser.expression()
        if parser.is_next(",") and parser.peek().text == r"\dots":
            parser.take()
            parser.take()
            parser.accept(",")
            over = t.Range(lower, parser.expression(), span=parser.since(begin))
            return [(name, over) for name in names]
    elif parser.accept(r"\in"):
        members = parser.members()
        if isinstance(members, t.Range):
            return [(name, members) for name in names]
        raise Unreadable("an index runs over whole numbers from … to …", members.span)
    parser.at = start
    return None
