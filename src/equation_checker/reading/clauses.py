r"""Cut a row into clauses, each with the premises under which it stands.

Every token ends up in a clause or in a premise: nothing that is shown is passed over. Only ``if``,
``for``, ``where`` and their like, ``\forall`` and the range of an index are premises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Ambiguous, Unreadable
from equation_checker.language.functions import BUILT_IN
from equation_checker.reading.expressions import Parser
from equation_checker.reading.rows import (
    ARROWS,
    OPERATORS,
    PREMISE,
    STATING,
    deeper,
    ended,
    outside,
    words_of,
)
from equation_checker.reading.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.language.notation import Notation

UNREAD = frozenset({r"\to", r"\mapsto", r"\notin", r"\subset", r"\subseteq", r"\because"})
LOCAL = re.compile(r"(and )?(where|with|given)\b")
BOTH_WAYS = re.compile(r"(if and only if|iff|is equivalent to|which is equivalent to)")
TURNING = re.compile(
    r"\b(not|unless|except|otherwise|else|never|or|either|neither|nor|false|fails|wrong|no|cannot"
    r"|versus|vs|instead|rather|without|only|than|but|wrongly|contradicts|times|plus|minus|over)\b"
)
CONNECTIVES = frozenset(
    "so hence thus then therefore since because as that also we also note".split()  # noqa: SIM905
)
SIGNS = re.compile(r"[=<>+*/^\\]|-\s*\d")


@dataclass(frozen=True)
class Clause:
    """A statement, or an expression, and what is said of when it holds."""

    tokens: tuple[Token, ...]
    """What is stated, with a token that ends it."""
    premises: tuple[Clause, ...] = ()
    word: str = ""
    """Of a premise: ``if``, ``where``, ``with``, or ``range`` for what an index runs over."""

    @property
    def span(self) -> t.Span:
        """Return where it stands."""
        return self.tokens[0].start, self.tokens[-1].end

    def under(self, *premises: Clause) -> Clause:
        """Return the clause under premises more."""
        return replace(self, premises=(*self.premises, *premises))

    @property
    def relations(self) -> list[int]:
        """Return which tokens relate its sides."""
        return [k for k, each in outside(self.tokens) if each.text in STATING]


def _joint(token: Token) -> str:
    """Return how some words join what stands before and behind them."""
    words = words_of(token)
    if BOTH_WAYS.fullmatch(words):
        return "<=>"
    if PREMISE.match(words):
        return "if"
    if words in ("implies", "which implies", "implying"):
        return "=>"
    return "and" if words == "and" else "words"


def _read(token: Token) -> Token:
    """Refuse words that could turn what a claim says, and signs among words."""
    words = re.sub(r"or equivalently|equivalently or|but also|not only", "", words_of(token))
    if not BOTH_WAYS.fullmatch(words) and (TURNING.search(words) or SIGNS.search(token.text)):
        raise Unreadable(
            f"the words {token.text.strip()!r} are not read",
            (token.start, token.end),
            "they can turn what a claim says; give each claim a row of its own",
        )
    return token


def _is_name(tokens: Sequence[Token], k: int, begin: int, notation: Notation) -> bool:
    """Tell whether a text is the name of something, and not words between statements."""
    token = tokens[k]
    base = rf"\text{{{token.text}}}"
    if base in BUILT_IN or notation.bases(base):
        return True
    if _joint(token) != "words":
        return False
    before = tokens[k - 1].text if k > begin else ""
    after = tokens[k + 1] if k + 1 < len(tokens) else Token("end", "", 0, 0)
    if before in STATING or before in OPERATORS or not token.prose:
        return True
    if after.text in ("_", "^", "'") or (not before and after.text in (*STATING, *OPERATORS)):
        return True
    if re.search(r"^$|\s|^\(.*\)$|[,.:;]$", token.text) or words_of(token) in CONNECTIVES:
        return False
    joints = (",", ";", ".", r"\quad", "")
    return before not in joints or after.text not in joints


@dataclass(frozen=True)
class _Part:
    """What stands between two joints of a row."""

    joint: str
    start: int
    stop: int
    word: str = "if"


def clauses(tokens: Sequence[Token], notation: Notation) -> list[Clause]:
    """Return what a row states, each with the premises under which it is stated."""
    return _Clauses(tokens, notation).read()


class _Clauses:
    """Goes through the parts of a row, and tells premises from claims."""

    def __init__(self, tokens: Sequence[Token], notation: Notation) -> None:
        self.tokens = tokens
        self.notation = notation
        self.parts = self._listed([*self._cut()])
        self.found: list[Clause] = []
        self.open: list[int] = []
        """Which clauses still take premises."""
        self.leading: list[Clause] = []
        self.inside = False
        """Whether what was read last was a premise."""

    def read(self) -> list[Clause]:
        """Return the clauses."""
        for k, part in enumerate(self.parts):
            joint, clause = part.joint, self._clause(part)
            after = self.parts[k + 1].joint if k + 1 < len(self.parts) else ""
            is_range = bool(self.found or joint == "if") and is_index_range(
                clause.tokens, self.notation
            )
            if self.found and goes_to(clause.tokens):
                self._premise(replace(clause, word="to"))
            elif joint in ARROWS.values():
                self._implied(joint, clause)
            elif joint == "if" or is_range or (self.inside and self._goes_on(joint, clause, after)):
                self._premise(replace(clause, word="range" if is_range else part.word))
            else:
                self._claim(clause.under(*self._supposed()) if clause.relations else clause)
        if self.leading and not self.found:
            raise Unreadable("a condition of nothing", self._clause(self.parts[0]).span)
        return [each.under(*self.leading) for each in self.found]

    def _clause(self, part: _Part) -> Clause:
        tokens = self.tokens[part.start : part.stop]
        ink = {k for k, each in outside(tokens) if each.text == r"\quad"}
        return Clause(ended([each for k, each in enumerate(tokens) if k not in ink]))

    def _claim(self, clause: Clause) -> None:
        if self.inside:
            self.open, self.inside = [], False
        self.open.append(len(self.found))
        self.found.append(clause)

    def _goes_on(self, joint: str, clause: Clause, after: str) -> bool:
        """Tell whether a premise goes on: ``if a > 0 and b > 0``, ``for all i, j``."""
        if is_lone_index(clause.tokens, self.notation):
            return True
        if after == "if" or joint not in ("and", ",") or not self.found:
            return False
        if joint == ",":
            shown = _spelled(clause.tokens)
            message = f"{shown} can be read as a condition or as a claim of its own"
            hint = r"write \text{and} before a condition, \quad or a row before a claim"
            raise Ambiguous(message, clause.span, hint)
        return True

    def _premise(self, clause: Clause) -> None:
        self.inside = True
        if not self.found:
            self.leading.append(clause)
            return
        if clause.word == "if" and len(self.open) > 1:
            others = [self.found[k] for k in self.open[:-1]]
            if any(_letters(each) & _letters(clause) for each in others):
                shown = _spelled(clause.tokens)
                message = f"the condition {shown} can be read of the last claim or of all"
                raise Ambiguous(message, clause.span, "give each claim a row of its own")
            self.open = self.open[-1:]
        for k in self.open:
            self.found[k] = self.found[k].under(clause)

    def _implied(self, joint: str, clause: Clause) -> None:
        r"""Read ``A \Rightarrow B`` as B where A holds."""
        if not self.found or self.inside:
            raise Unreadable("expected a claim before the arrow", clause.span)
        before = self.found[-1]
        given = [replace(each, premises=(), word="=>") for each in (before, clause)]
        if joint in ("<=", "<=>"):
            self.found[-1] = before.under(given[1])
        elif not any(each.word == "=>" for each in before.premises):
            self.found.pop()
        if joint in ("=>", "<=>"):
            self.found.append(clause.under(given[0]))
        self.open = [len(self.found) - 1]

    def _supposed(self) -> list[Clause]:
        """Return the equations from which the last claim follows: the next one does too."""
        given = self.found[-1].premises if self.found and not self.inside else ()
        signs = [{each.tokens[k].text for k in each.relations} for each in given]
        return [e for e, of in zip(given, signs, strict=True) if e.word == "=>" and of == {"="}]

    # Parts.

    def _cut(self) -> Iterator[_Part]:
        """Yield what stands between commas, words, wide spaces and arrows."""
        tokens, begin, joint, word, depth = self.tokens, 0, "", "if", 0
        given = False
        for k, token in enumerate(tokens):
            depth += deeper(token)
            found = "" if depth > 0 or token.kind == "end" else self._joint_at(k, begin, given)
            if not found:
                continue
            if begin < k:
                yield _Part(joint, begin, k, word)
                joint = ""
            given = given or found == "if"
            if STRENGTH.index(found) >= STRENGTH.index(joint):
                joint = found
                local = LOCAL.match(words_of(token)) if token.kind == "text" else None
                word = local[2] if local else "if"
            begin = k + 1
        stop = len(tokens) - (tokens[-1].kind == "end")
        if begin < stop:
            yield _Part(joint, begin, stop, word)

    def _joint_at(self, k: int, begin: int, given: bool) -> str:
        token = self.tokens[k]
        if token.kind == "text":
            return "" if _is_name(self.tokens, k, begin, self.notation) else _joint(_read(token))
        if token.text in (r"\quad", ".", ":"):
            apart = {
                r"\quad": not self._is_ink(k, begin),
                ".": not self._is_point(k),
                ":": given or begin == k,
            }
            return token.text if apart[token.text] else ""
        if token.text == r"\to" and self._stated(0, k) and self._stated(k + 1, len(self.tokens)):
            return "=>"
        return JOINTS.get(token.text, "")

    def _stated(self, start: int, stop: int) -> bool:
        return any(each.text in STATING for _, each in outside(self.tokens[start:stop]))

    def _is_point(self, k: int) -> bool:
        after = self.tokens[min(k + 1, len(self.tokens) - 1)]
        return after.kind == "digit" and after.start == self.tokens[k].end

    def _is_ink(self, k: int, begin: int) -> bool:
        """Tell whether a wide space stands inside a claim: before its ``=``, behind its ``+``."""
        rest = self.tokens[k + 1 :]
        before = self.tokens[k - 1].text if k > begin else ""
        after = next((each for each in rest if each.text != r"\quad"), None)
        if after is None or before in OPERATORS or before in STATING or after.text in STATING:
            return after is not None
        return after.text in OPERATORS

    def _listed(self, parts: list[_Part]) -> list[_Part]:
        r"""Join again what belongs to one list: ``t = 0, 1, \dots, T``, ``a, b \in \mathbb{R}``."""
        k = 0
        while k < len(parts):
            text = [each.text for each in self.tokens[parts[k].start : parts[k].stop]]
            first = last = k
            if text[0] == r"\dots" and k and parts[k].joint == ",":
                ends = len(text) == 1 and k + 1 < len(parts) and parts[k + 1].joint == ","
                last = k + ends
                first = self._first_of_list(parts, k, stated=ends and self._states(parts[last]))
            elif r"\in" in text and self._states(parts[k], first=r"\in"):
                first = self._first_of_list(parts, k, stated=True)
            if first < last or first < k:
                parts[first : last + 1] = [replace(parts[first], stop=parts[last].stop)]
                k = first
            k += 1
        for before, after in pairwise(parts):
            self._refuse_decimal_comma(before, after)
        return parts

    def _first_of_list(self, parts: list[_Part], k: int, *, stated: bool) -> int:
        while k and parts[k].joint == "," and not self._states(parts[k - 1]):
            k -= 1
        if stated or not k or parts[k].joint != ",":
            return k
        k -= 1
        while k and parts[k].joint == "," and parts[k - 1].stop - parts[k - 1].start == 1:
            k -= 1
        return k

    def _states(self, part: _Part, first: str = "") -> bool:
        found = [
            e.text for _, e in outside(self.tokens[part.start : part.stop]) if e.text in STATING
        ]
        return bool(found) and (not first or found[0] == first)

    def _refuse_decimal_comma(self, before: _Part, after: _Part) -> None:
        last, first = (
            self.tokens[before.stop - 1],
            self.tokens[after.start],
        )
        if (
            after.joint == ","
            and last.kind == first.kind == "digit"
            and last.end == first.start - 1
        ):
            span = (last.start, first.end)
            message = (
                "a comma between digits can be read as a decimal point or as the end of a claim"
            )
            runs = [each.text for each in self.tokens[after.start :]]
            behind = "".join(takewhile(str.isdigit, runs))
            whole = f" or {last.text}{behind}" if len(behind) == len("000") else ""
            hint = f"write {last.text}.{behind}{whole}"
            raise Ambiguous(message, span, hint)


JOINTS = {**ARROWS, r"\forall": "if", r"\therefore": "words", ",": ",", ";": ";"}
"""How signs join what stands before and behind them."""
STRENGTH = ["", ",", ";", ".", ":", r"\quad", "words", "and", "if", *ARROWS.values()]
"""Which of two joints in a row counts: the later one of these."""


def _letters(clause: Clause) -> set[str]:
    return {each.text for each in clause.tokens if each.kind in ("letter", "text")}


def _spelled(tokens: Sequence[Token]) -> str:
    return " ".join(each.text for each in tokens).strip()


# Premises.


def is_lone_index(tokens: Sequence[Token], notation: Notation) -> bool:
    """Tell whether a premise only names an index that the notation declares."""
    return len(tokens) == 2 and notation.kind(tokens[0].text) == "index"


def goes_to(tokens: Sequence[Token]) -> tuple[str, str] | None:
    r"""Return which letter goes where, if that is all that is said: ``(h \to 0)``."""
    inner = [each.text for each in tokens[:-1]]
    inner = inner[1:-1] if inner[:1] == ["("] and inner[-1:] == [")"] else inner
    return (inner[0], inner[2]) if len(inner) == 3 and inner[1] == r"\to" else None


def is_index_range(tokens: Sequence[Token], notation: Notation) -> bool:
    """Tell whether a clause says what an index runs over."""
    try:
        parser = Parser(parted(tokens), notation)
        return index_range(parser) is not None and parser.next.kind == "end"
    except Unreadable:
        return False


def parted(tokens: Sequence[Token]) -> list[Token]:
    r"""Put commas around the dots of a range, where an author left them out: ``i = 1 \dots n``."""
    found: list[Token] = []
    for token, after in pairwise(tokens):
        comma = Token("sign", ",", token.start, token.start)
        if token.text != r"\dots":
            found.append(token)
            continue
        found += [comma] if found and found[-1].text != "," else []
        found += [token] if after.text in (",", "") else [token, comma]
    return [*found, tokens[-1]]


def ranges_of(premises: Sequence[Clause], notation: Notation) -> tuple[tuple[str, t.Range], ...]:
    """Read what indices run over."""
    found = (
        index_range(Parser(parted(each.tokens), notation))
        for each in premises
        if each.word == "range"
    )
    return tuple(pair for each in found for pair in each or ())


def index_range(parser: Parser) -> list[tuple[str, t.Range]] | None:
    r"""Read ``l = 1, \dots, L``, ``l \in \{1, \dots, L\}``, ``0 \le i < n``."""
    start = parser.at
    found = _listed_range(parser) or _bounded_range(parser)
    if found is None:
        parser.at = start
    return found


def _listed_range(parser: Parser) -> list[tuple[str, t.Range]] | None:
    names = [parser.take().text]
    while parser.is_next(",") and parser.peek(2).text in (",", "=", r"\in"):
        parser.take()
        names.append(parser.take().text)
    begin = parser.next.start
    if parser.accept("="):
        values = [parser.expression()]
        while parser.accept(","):
            if not parser.accept(r"\dots"):
                values.append(parser.expression())
                continue
            if not _count(values):
                raise parser.error("a range goes on by 1", r"write t = 0, 1, \dots, T")
            upper = parser.expression() if parser.accept(",") else _last(parser, names[0])
            over = t.Range(values[0], upper, span=parser.since(begin))
            return [(name, over) for name in names]
        if len(values) > 1 and _count(values) and _may_run(parser, names):
            over = t.Range(values[0], values[-1], span=parser.since(begin))
            return [(name, over) for name in names]
    elif parser.is_next(r"\in") and parser.peek().text in (r"\{", "[") and _may_run(parser, names):
        parser.take()
        numbers = _whole_numbers(parser)
        return None if numbers is None else [(name, numbers) for name in names]
    return None


def _whole_numbers(parser: Parser) -> t.Range | None:
    r"""Read ``\{1, \dots, n\}``, ``\{0, 1\}`` or ``[n]``."""
    begin = parser.next.start
    if parser.accept("["):
        upper = parser.expression()
        return t.Range(t.number(1), upper, span=parser.since(begin)) if parser.accept("]") else None
    members = parser.members()
    if isinstance(members, t.Range):
        return members
    if not _count(members.values):
        raise Unreadable("an index runs over whole numbers from … to …", members.span)
    return t.Range(members.values[0], members.values[-1], span=members.span)


def _count(values: Sequence[t.Node]) -> bool:
    """Tell whether values that are written out go on by 1."""
    if len(values) == 1:
        return True
    numbers = [each.value for each in values if isinstance(each, t.Number)]
    steps = {b - a for a, b in pairwise(numbers)}
    return len(numbers) == len(values) and steps == {1}


def _last(parser: Parser, name: str) -> t.Node:
    r"""Return the end of ``t = 0, 1, 2, \dots``: where the declared index ends."""
    over = parser.ranges().get(name)
    if over is None:
        raise parser.error("the range has no end", rf"write {name} = 1, \dots, T")
    return over.upper


def _may_run(parser: Parser, names: Sequence[str]) -> bool:
    """Tell whether letters are declared as indices, or not at all."""
    entries = [each for name in names for each in parser.notation.bases(name)]
    return all(each.kind == "index" for each in entries)


def _bounded_range(parser: Parser) -> list[tuple[str, t.Range]] | None:
    r"""Read ``1 \le i \le n`` and ``0 \le i < n`` of an index."""
    parser.at = 0
    signs = [(k, each.text) for k, each in outside(parser.tokens) if each.text in (r"\le", "<")]
    if len(signs) != 2 or signs[1][0] != signs[0][0] + 2:
        return None
    name = parser.tokens[signs[0][0] + 1]
    if name.kind != "letter" or not _may_run(parser, [name.text]):
        return None
    lower = parser.expression()
    parser.at = signs[1][0] + 1
    upper = parser.expression()
    if signs[0][1] == "<":
        lower = t.Add((lower, t.number(1)))
    if signs[1][1] == "<":
        upper = t.Add((upper, t.Negative(t.number(1))))
    return [(name.text, t.Range(lower, upper, span=parser.since(parser.tokens[0].start)))]
