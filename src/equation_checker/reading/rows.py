"""Cut a display into rows, for reading and for showing; take reasons and labels of braces apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.reading.tokens import RELATIONS, Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

OPENING = frozenset({"(", "[", "{", r"\{", r"\langle", r"\lfloor", r"\lceil"})
CLOSING = frozenset({")", "]", "}", r"\}", r"\rangle", r"\rfloor", r"\rceil"})
VAGUE = {
    r"\approx": "alone states nothing that can be checked: add :tolerance: or :order:",
    r"\propto": "leaves a factor open",
    r"\sim": "is not judged",
    r"\ll": "says nothing of how much smaller",
    r"\gg": "says nothing of how much larger",
}
"""Relations that are read but not judged, and why."""
DEFINING = frozenset({":=", "=:", r"\equiv", r"\leftarrow"})
DEFINITE = frozenset({r"\succ", r"\succeq", r"\prec", r"\preceq"})
STATING = RELATIONS | DEFINITE | DEFINING | frozenset(VAGUE) | {r"\in"}
"""What makes a statement of expressions."""
ARROWS = {r"\Rightarrow": "=>", r"\Leftarrow": "<=", r"\Leftrightarrow": "<=>"}
OPERATORS = frozenset({"+", "-", "/", r"\times", r"\cdot", r"\odot"})
PREMISE = re.compile(
    r"(and |but |valid |holds )?(for|if|when|whenever|where|with|given|provided|assuming|assume"
    r"|suppose|as long as|such that|s t|subject to)\b(?! (example|instance|short|this|that reason))"
)
ENVIRONMENTS = re.compile(
    r"\\(begin|end)\{(aligned|align|split|gather|gathered|equation|alignat|alignedat|eqnarray"
    r"|multline|displaymath|flalign)\*?\}"
)


@dataclass
class Line:
    """The tokens of one row, up to which token each reason is given, and the maths in reasons."""

    tokens: list[Token]
    reasons: list[tuple[int, str]] = field(default_factory=list)
    asides: list[list[Token]] = field(default_factory=list)
    of_brace: bool = False
    """Whether the label of a brace says it."""


def lines(latex: str) -> Iterator[Line]:
    """Join rows that go on, and take the reasons apart."""
    line: Line | None = None
    for row, reason, aside in _rows(latex):
        if line is not None and _goes_on(row, line.tokens):
            again = row[0].text == line.tokens[-1].text and row[0].text in RELATIONS
            line.tokens.extend(row[again:])  # a sign before a break may stand behind it as well
        else:
            if line is not None:
                yield from _labelled(line)
            line = Line(list(row))
        if reason:
            line.reasons.append((line.tokens[-1].end, reason))
        if aside:
            line.asides.append(aside)
    if line is not None:
        yield from _labelled(line)


@dataclass(frozen=True)
class Shown:
    """The LaTeX of a line as readers see it: up to its relation, from there on, and the reason."""

    left: str
    right: str
    reason: str = ""


def shown(latex: str) -> list[Shown]:
    r"""Cut a display into the lines that readers see, and a chain within a row into its links.

    >>> for line in shown(r"\begin{aligned} a &= b = c \\ &= d && \text{why} \end{aligned}"):
    ...     print(line)
    Shown(left='a', right='= b = c', reason='')
    Shown(left='', right='= d', reason='\\text{why}')
    >>> [line.right for line in shown(r"a = b < c \quad \text{if } d = 0")]
    ['= b', '< c \\quad \\text{if } d = 0']

    What cannot be cut is one line.
    """
    try:
        found = [*_shown(latex)]
    except Unreadable:
        found = []
    kept = "".join(part for each in found for part in (each.left, each.right, each.reason))
    return found if kept and not ENVIRONMENTS.search(kept) else [Shown("", latex.strip())]


def _shown(latex: str) -> Iterator[Shown]:
    tokens = [*_without_breaks(_outside_environments(tokenise(latex)[:-1]))]
    begin = ENVIRONMENTS.match(latex, len(latex) - len(latex.lstrip()))
    ends = [each.start() for each in ENVIRONMENTS.finditer(latex)]
    inside = (begin.end(), ends[-1]) if begin else (0, len(latex))
    for row, *span in _spans(tokens, lambda each: each.kind == "row", *inside):
        cells = _spans(row, lambda each: each.text == "&" and each.kind == "sign", *span)
        formulas, _ = _reason([tokens for tokens, _, _ in cells])
        texts = [latex[start:stop].strip() for _, start, stop in cells]
        reason = " ".join(filter(None, texts[len(formulas) :]))
        if len(formulas) > 1:
            links = [(texts[0], " ".join(filter(None, texts[1 : len(formulas)])))]
        else:
            links = _links(latex, *cells[0])
        for left, right in links:
            if left or right:
                yield Shown(left, right, reason if right == links[-1][1] else "")


def _spans(
    tokens: Sequence[Token], at: Callable[[Token], bool], start: int, stop: int
) -> list[tuple[list[Token], int, int]]:
    """Return the tokens between separators, with the places between which they stand."""
    cuts: list[Token] = []
    parts = [*split(tokens, lambda each: at(each) and not cuts.append(each))]  # type: ignore[func-returns-value]
    starts, stops = (each.end for each in cuts), (each.start for each in cuts)
    return [*zip(parts, (start, *starts), (*stops, stop), strict=True)]


def _links(latex: str, row: list[Token], start: int, stop: int) -> list[tuple[str, str]]:
    """Cut a row without ``&`` at its relations, up to where another statement begins."""
    signs = (token for _, token in outside(row) if not is_condition(token))
    plain = takewhile(lambda each: each.text not in (",", ";", r"\quad", *ARROWS), signs)
    places = [each.start for each in plain if each.text in STATING]
    bounds = [start, *(places or [start]), stop]
    parts = [latex[a:b].strip() for a, b in pairwise(bounds)]
    return [(parts[0] if k == 0 else "", part) for k, part in enumerate(parts[1:])]


def _goes_on(row: Sequence[Token], before: Sequence[Token]) -> bool:
    starts = row[0].text
    arrows = (*ARROWS, r"\to")
    if starts in STATING or starts in arrows or before[-1].text in (*OPERATORS, *RELATIONS):
        return True
    if is_condition(row[0]) and row[0].text.strip("( ")[:1].islower():
        return not any(words_of(each) == "then" for each in row if each.kind == "text")
    return starts in ("+", "-") and not any(each.text in STATING for _, each in outside(row))


def cut(tokens: Sequence[Token], start: int, stop: int) -> tuple[Token, ...]:
    """Return some of the tokens, with one that ends them."""
    if not tokens[start:stop]:
        place = tokens[0].start if tokens else 0
        raise Unreadable("expected an expression", (place, place))
    end = tokens[stop - 1].end
    return (*tokens[start:stop], Token("end", "", end, end))


def ended(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Drop the punctuation around a statement, and mark where it ends."""
    kept = list(tokens)
    while kept and kept[-1].kind != "text" and kept[-1].text in (".", ",", ";", r"\quad", ":"):
        kept.pop()
    while kept and kept[0].text == r"\quad":
        kept.pop(0)
    if not kept:
        raise Unreadable(
            "nothing to read", (tokens[0].start, tokens[-1].end) if tokens else t.NOWHERE
        )
    return cut(kept, 0, len(kept))


def _rows(latex: str) -> Iterator[tuple[list[Token], str, list[Token]]]:
    """Yield the tokens of each row without its ``&``, and the reason behind ``&&``."""
    tokens = [*_without_breaks(_outside_environments(tokenise(latex)[:-1]))]
    for row in split(tokens, lambda each: each.kind == "row"):
        cells = [*split(row, lambda each: each.text == "&" and each.kind == "sign")]
        shown, aside = _reason(cells)
        flat = [*_side_by_side(shown)]
        while flat and flat[0].text == r"\quad":
            flat.pop(0)
        if flat:
            yield flat, latex[aside[0].start : aside[-1].end] if aside else "", aside


def _side_by_side(cells: list[list[Token]]) -> Iterator[Token]:
    """Yield the tokens of cells; a wide space stands before one that begins a statement."""
    before = Token("", "", 0, 0)
    has_stated = False
    for cell in filter(None, cells):
        joins = (*STATING, *OPERATORS, r"\quad")
        if has_stated and before.text not in joins and cell[0].text not in joins:
            yield Token("command", r"\quad", cell[0].start, cell[0].start)
        yield from cell
        before = cell[-1]
        has_stated = has_stated or any(each.text in STATING for _, each in outside(cell))


def _without_breaks(tokens: Iterable[Token]) -> Iterator[Token]:
    """Drop new rows and wide spaces inside brackets."""
    depth, inside = 0, 0
    for token in tokens:
        inside += token.text.startswith(r"\begin{") - token.text.startswith(r"\end{")
        depth += deeper(token)
        if inside or depth <= 0 or (token.kind != "row" and token.text not in ("&", r"\quad")):
            yield token


def _outside_environments(tokens: Iterable[Token]) -> Iterator[Token]:
    """Leave out what opens and closes an environment of rows, if each is closed."""
    opened: list[Token] = []
    for token in tokens:
        found = ENVIRONMENTS.fullmatch(token.text)
        if found is None:
            yield token
        elif found[1] == "begin":
            opened.append(token)
        elif not opened or opened.pop().text[6:] != token.text[4:]:
            raise Unreadable(f"{token.text} closes nothing", (token.start, token.end))
    if opened:
        raise Unreadable(f"{opened[-1].text} is never closed", (opened[-1].start, opened[-1].end))


def split(tokens: Sequence[Token], at: Callable[[Token], bool]) -> Iterator[list[Token]]:
    """Cut tokens where a test says so, outside of all brackets."""
    depth = 0
    part: list[Token] = []
    for token in tokens:
        depth += deeper(token)
        if depth <= 0 and at(token):
            yield part
            part = []
        else:
            part.append(token)
    yield part


def deeper(token: Token) -> int:
    """Return 1 for a bracket that opens, -1 for one that closes."""
    if token.kind == "text":
        return 0
    opens = token.text in OPENING or token.text.startswith(r"\begin{")
    closes = token.text in CLOSING or token.text.startswith(r"\end{")
    return opens - closes


def outside(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the tokens outside of all brackets that are no words, with their places."""
    depth = 0
    for k, token in enumerate(tokens):
        depth += deeper(token)
        if depth <= 0 and token.kind != "text":
            yield k, token


def _reason(cells: list[list[Token]]) -> tuple[list[list[Token]], list[Token]]:
    for k in range(1, len(cells) - 1):
        if not cells[k] and _is_reason(cells[k + 1]):
            return cells[:k], [token for cell in cells[k + 1 :] for token in cell]
    return cells, []


def _is_reason(cell: Sequence[Token]) -> bool:
    """Tell whether a cell is prose, perhaps with maths in it, and not another equation."""
    words = [token for token in cell if token.kind == "text"]
    if not words or is_condition(cell[0]) or cell[0].text in RELATIONS:
        return False
    return cell[0].kind == "text" or any(" " in word.text for word in words)


def _labelled(line: Line) -> Iterator[Line]:
    r"""Yield a row without its ``\underbrace``, and what the labels of the braces say of them."""
    tokens = line.tokens
    at = next((k for k, e in enumerate(tokens) if e.text in (r"\underbrace", r"\overbrace")), None)
    if at is None:
        yield line
        return
    close = closing(tokens, at + 1)
    rest = close + 1
    label: list[Token] = []
    if rest < len(tokens) and tokens[rest].text in ("_", "^"):
        end = closing(tokens, rest + 1)
        braced = tokens[rest + 1].text == "{"
        label, rest = tokens[rest + 1 + braced : end + (not braced)], end + 1
    inner = tokens[at + 2 : close]
    yield from _labelled(replace(line, tokens=[*tokens[:at], *inner, *tokens[rest:]]))
    said = [each for each in label if each.kind != "text"]
    states = any(each.text in STATING for _, each in outside(said))
    if said and (states or len(said) == len(label)):
        yield from _labelled(Line([*inner, *_said(said)], of_brace=True))


def _said(label: list[Token]) -> list[Token]:
    r"""Return what a label says as the end of a claim: ``= z``, ``\in \mathbb{R}^{m \times n}``."""
    place = label[0].start
    if label[0].text in STATING:
        return label
    if any(each.text == r"\times" for each in label):
        kinds = {r"\in": "command", r"\mathbb{R}": "letter", "^": "sign", "{": "sign"}
        shape = [Token(kind, text, place, place) for text, kind in kinds.items()]
        return [*shape, *label, Token("sign", "}", place, place)]
    return [Token("sign", "=", place, place), *label]


def closing(tokens: Sequence[Token], at: int) -> int:
    """Return where the group, or the one sign, that starts at a token ends."""
    depth = 0
    for k in range(at, len(tokens)):
        depth += deeper(tokens[k])
        if depth == 0:
            return k
    raise Unreadable("something in braces must follow", (tokens[-1].start, tokens[-1].end))


def words_of(token: Token) -> str:
    """Return the words of a text, in small letters."""
    return " ".join(re.findall(r"[a-z]+", token.text.lower()))


def is_condition(token: Token) -> bool:
    """Tell whether a word opens a condition: ``for``, ``if``."""
    return token.kind == "text" and PREMISE.match(words_of(token)) is not None
