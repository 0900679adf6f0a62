r"""Put what an author's macros stand for in their place, and note where it was written.

The rules are TeX's: a macro takes the groups, or the single signs, that follow it; what it stands
for may use other macros. Every sign that is put in counts, so that no macro goes on for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from equation_checker.language.errors import Unreadable
from equation_checker.language.functions import BUILT_IN
from equation_checker.meaning.budget import spend
from equation_checker.reading.tokens import (
    DROPPED,
    DROPPED_WITH,
    LONGEST,
    READ,
    SAME,
    STYLED,
    UNICODE,
    WORDS,
    Source,
    tokenise,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEFINING = frozenset(
    r"""\newcommand \renewcommand \providecommand \def \gdef \DeclareMathOperator \let""".split()  # noqa: SIM905
)
PREFIXES = frozenset({r"\global", r"\long"})
"""What may stand before ``\\def`` and changes nothing here."""
TAKING = {
    **dict.fromkeys((*STYLED, *WORDS, r"\sqrt", r"\mathrm", r"\operatorname"), 1),
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\binom"), 2),
}
"""How many arguments commands take that may be macros without braces: ``\\hat\\vx``."""
MOST = 9
"""Arguments of a macro."""

_PIECE = re.compile(r"(?P<comment>%[^\n]*)|\\[A-Za-z]+|\\.|#[1-9]|\s+|.", re.DOTALL)
_WORD = re.compile(r"\\[A-Za-z]+")
_DEFINITION = re.compile(r"\\(?:(?:re|provide)?newcommand|providecommand|g?def|let"
                         r"|DeclareMathOperator)(?![A-Za-z])")  # fmt: skip


@dataclass(frozen=True)
class Macro:
    """What a name stands for; an argument is written ``#1``."""

    body: tuple[str, ...]
    pattern: tuple[str, ...] = ()
    """The arguments, and the signs that must stand around them."""
    default: tuple[str, ...] | None = None
    """What the first argument is where it is not given in square brackets."""
    is_final: bool = False
    """Whether it stands for a command itself, whatever that is made to mean later."""


Macros = Mapping[str, Macro]


@dataclass(frozen=True)
class _Piece:
    """A command, a sign or white space; where it was written, and which macro put it there."""

    text: str
    at: int
    macro: str = ""


def expand(
    source: Source, macros: Macros, is_symbol: Callable[[str], bool] = lambda _: False
) -> tuple[Source, Macros]:
    """Return LaTeX in which no macro stands, but those that are symbols, and all that are known."""
    if not macros and not _DEFINITION.search(source.latex):
        return source, macros
    expansion = _Expansion(source.latex, macros, is_symbol)
    expansion.run()
    latex, origins, before = "", list[tuple[int, str]](), ""
    for piece in expansion.made:
        if _WORD.fullmatch(before) and piece.text[0].isalpha():
            latex += " "
            origins.append((piece.at, piece.macro))
        latex += piece.text
        step = 0 if piece.macro else 1
        origins += [(piece.at + step * k, piece.macro) for k in range(len(piece.text))]
        before = piece.text
    origins.append((len(source.latex), ""))
    made = Source(latex, source.line, source.columns, source.latex, tuple(origins))
    return made, expansion.macros


def named_by(latex: str, macros: Macros) -> str:
    """Return the macro that a row declares by its name, as it stands for more than one symbol."""
    name = "".join(_WORD.findall(latex.strip())[:1])
    is_first = latex.strip().startswith(name)
    is_whole = not name or not is_first or name not in macros or macros[name].pattern
    return "" if is_whole or _is_one_symbol(name, macros) else name


def _is_one_symbol(name: str, macros: Macros) -> bool:
    """Tell whether a macro stands for one letter or sign, with or without scripts."""
    try:
        tokens = tokenise(expand(Source(name), macros)[0].latex)[:-1]
    except Unreadable:
        return False
    depth, at = 0, 1
    while at < len(tokens) and (depth or tokens[at].text in ("^", "_", "'", "{")):
        depth += {"{": 1, "}": -1}.get(tokens[at].text, 0)
        at += 2 if tokens[at].text in ("^", "_") and tokens[at + 1].text != "{" else 1
    return at == len(tokens) > 0


def macros_of(plain: Mapping[str, Any]) -> dict[str, Macro]:
    """Return macros from plain data: LaTeX, or a list of it, its arguments and a default."""
    return {"\\" + name.lstrip("\\"): _macro_of(value) for name, value in plain.items()}


def _macro_of(value: str | Sequence[Any]) -> Macro:
    body, *rest = (value,) if isinstance(value, str) else tuple(value)
    found = max(map(int, re.findall(r"#([1-9])", body)), default=0)
    return _macro(_texts(body), rest[0] if rest else found, _texts(rest[1]) if rest[1:] else None)


def definitions(latex: str) -> dict[str, list[Any]]:
    """Return, as plain data, the macros that a preamble defines; all else in it is passed over."""
    found: dict[str, list[Any]] = {}
    for each in _DEFINITION.finditer(latex):
        line = _Expansion(latex[each.start() :], {}, lambda _: False)
        try:
            line.define(line.todo.pop())
        except Unreadable:
            continue
        for name, macro in line.macros.items():
            if all(part.startswith("#") for part in macro.pattern):
                default = ["".join(macro.default)] if macro.default is not None else []
                found[name] = ["".join(macro.body), len(macro.pattern), *default]
    return found


def _macro(body: Sequence[str], count: int, default: Sequence[str] | None) -> Macro:
    pattern = tuple(f"#{k}" for k in range(1, count + 1))
    return Macro(tuple(body), pattern, default if default is None else tuple(default))


def _texts(latex: str) -> tuple[str, ...]:
    return tuple(each.text for each in _cut(latex))


def _cut(latex: str) -> Iterator[_Piece]:
    for each in _PIECE.finditer(latex):
        if each["comment"] is None:
            yield _Piece(each.group(), each.start())


class _Expansion:
    """Goes through pieces; what a macro stands for is put before those that are left."""

    def __init__(self, latex: str, macros: Macros, is_symbol: Callable[[str], bool]) -> None:
        self.todo = [*_cut(latex)][::-1]
        self.made: list[_Piece] = []
        self.macros = dict(macros)
        self.is_symbol = is_symbol
        self.steps = 0
        self.end = len(latex)

    def run(self) -> None:
        """Expand what is there."""
        while self.todo:
            piece = self.todo.pop()
            macro = self.macros.get(piece.text)
            if piece.text in DEFINING:
                self.define(piece)
            elif macro is not None and not self.is_symbol(piece.text):
                self._use(piece, macro)
            elif piece.text not in PREFIXES:
                self.made.append(piece)
                self._brace(piece)

    # Uses.

    def _use(self, use: _Piece, macro: Macro) -> None:
        """Put what a macro stands for in its place."""
        arguments = self._arguments(use, macro)
        body = list[_Piece]()
        for text in macro.body:
            mark = _Piece(text, use.at, use.macro or use.text)
            body += arguments.get(text, [mark])
        self.steps += 1 + len(body)
        if self.steps > LONGEST:
            why = f"{use.macro or use.text} stands for more than {LONGEST} signs"
            raise Unreadable(why, (use.at, use.at), "does it call itself?")
        if macro.is_final:
            self.made += body
        else:
            self.todo += body[::-1]

    def _arguments(self, use: _Piece, macro: Macro) -> dict[str, list[_Piece]]:
        """Take the arguments of a macro, and the signs around them."""
        if _WORD.fullmatch(use.text):
            self._skip_space()
        found: dict[str, list[_Piece]] = {}
        pattern = list(macro.pattern)
        if macro.default is not None:
            given = self._bracketed()
            usual = [_Piece(each, use.at, use.macro or use.text) for each in macro.default]
            found[pattern.pop(0)] = usual if given is None else given
        for k, each in enumerate(pattern):
            until = pattern[k + 1 : k + 2]
            if not each.startswith("#"):
                if not self.todo or self.todo.pop().text != each:
                    raise Unreadable(f"expected {each} behind {use.text}", (use.at, use.at))
            elif until and not until[0].startswith("#"):
                found[each] = self._up_to(use, until[0])
            else:
                found[each] = self._argument(use)
        return found

    def _argument(self, of: _Piece) -> list[_Piece]:
        """Take a group without its braces, or the one sign that comes next."""
        self._skip_space()
        if not self.todo or self.todo[-1].text == "}":
            hint = "each is a group in braces, or one sign"
            raise Unreadable(f"an argument of {of.text} is missing", (of.at, of.at), hint)
        first = self.todo.pop()
        return self._group(of, "}") if first.text == "{" else [first]

    def _group(self, of: _Piece, end: str) -> list[_Piece]:
        """Take what comes before the sign that closes a group."""
        found = self._up_to(of, end)
        self.todo.pop()
        return found

    def _up_to(self, of: _Piece, end: str) -> list[_Piece]:
        found, depth = list[_Piece](), 0
        while self.todo and (depth or self.todo[-1].text != end):
            found.append(self.todo.pop())
            depth += {"{": 1, "}": -1}.get(found[-1].text, 0)
        if not self.todo:
            raise Unreadable(f"expected {end} behind {of.text}", (of.at, of.at))
        return found

    def _bracketed(self) -> list[_Piece] | None:
        self._skip_space()
        if not self.todo or self.todo[-1].text != "[":
            return None
        return self._group(self.todo.pop(), "]")

    def _skip_space(self) -> None:
        while self.todo and self.todo[-1].text.isspace():
            self.todo.pop()

    def _brace(self, command: _Piece) -> None:
        r"""Put braces around macros that are arguments: ``\hat\vx`` has a hat over all of it."""
        found = list[_Piece]()
        for _ in range(TAKING.get(command.text, 0)):
            self._skip_space()
            if not self.todo or self.todo[-1].text in ("}", "[", "&"):
                break
            at = self.todo[-1]
            inside = self._argument(command)
            found += [_Piece("{", at.at, at.macro), *inside, _Piece("}", at.at, at.macro)]
        spend(len(found))
        self.todo += found[::-1]

    # Definitions.

    def define(self, by: _Piece) -> None:
        r"""Read ``\newcommand{\name}[2][default]{body}`` and its like."""
        self._skip_space()
        if self.todo and self.todo[-1].text == "*":
            self.todo.pop()
        name = self._name(by)
        if by.text == r"\let":
            self._let(name, by)
            return
        if by.text in (r"\def", r"\gdef"):
            pattern = tuple(each.text for each in self._up_to(by, "{") if not each.text.isspace())
            macro = Macro(self._body(by), pattern)
        elif by.text == r"\DeclareMathOperator":
            macro = Macro((r"\operatorname", "{", *self._body(by), "}"))
        else:
            count = self._count(by)
            given = self._bracketed() if count else None
            default = None if given is None else [each.text for each in given]
            macro = _macro(self._body(by), count, default)
        if by.text != r"\providecommand" or not self._is_known(name):
            self.macros[name] = macro

    def _name(self, by: _Piece) -> str:
        name = [each.text for each in self._argument(by) if not each.text.isspace()]
        if len(name) != 1 or not name[0].startswith("\\"):
            raise Unreadable(f"expected the name of a macro behind {by.text}", (by.at, by.at))
        return name[0]

    def _body(self, by: _Piece) -> tuple[str, ...]:
        return tuple(each.text for each in self._argument(by))

    def _count(self, by: _Piece) -> int:
        given = self._bracketed()
        digits = "".join(each.text for each in given or ()).strip()
        if given is not None and (not digits.isdigit() or int(digits) > MOST):
            raise Unreadable(f"{digits} is no number of arguments from 0 to 9", (by.at, by.at))
        return int(digits or 0)

    def _let(self, name: str, by: _Piece) -> None:
        self._skip_space()
        if self.todo and self.todo[-1].text == "=":
            self.todo.pop()
        (meant,) = self._argument(by)[:1] or [by]
        self.macros[name] = self.macros.get(meant.text, Macro((meant.text,), is_final=True))

    def _is_known(self, name: str) -> bool:
        tables = (self.macros, DROPPED, DROPPED_WITH, READ, SAME, BUILT_IN, UNICODE.values())
        return any(name in each for each in tables)
