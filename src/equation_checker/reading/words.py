r"""Join what is one name, ``MSE``, ``log95`` or ``\Delta t``, where the notation declares it so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from equation_checker.language.errors import ambiguous
from equation_checker.reading.rows import STATING, deeper
from equation_checker.reading.tokens import BOLD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import Notation
    from equation_checker.reading.tokens import Token

DECLARES = frozenset({r"\in", ":=", ":", r"\equiv", r"\leftarrow"})
NAME = re.compile(r"[A-Za-z]{2,30}[0-9]{0,9}|\\Delta (\\?[A-Za-z]+)")
"""What is one name of several signs, if it is declared."""
IN_BOLD = re.compile(r"\\(mathbf|boldsymbol|bm)(\{.*\})")


def joined(tokens: Sequence[Token], notation: Notation, *, defines: bool = False) -> list[Token]:
    """Join each run of signs that is a declared name, and those that a statement declares."""
    bases = {each.head.base for each in notation.entries.values()}
    known = {*filter(NAME.fullmatch, bases), *(_declared(tokens) if defines else ())}
    longest = max(map(len, known), default=1)
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        is_script = bool(found) and found[-1].text in ("_", "^")
        stop = at + 1 if is_script else _stop(tokens, at, min(len(tokens), at + longest))
        while stop > at + 1 and _word(tokens[at:stop]) not in known:
            stop -= 1
        word = _word(tokens[at:stop])
        if stop > at + 1:
            _refuse_product(tokens[at:stop], word, bases)
            found.append(replace(tokens[at], kind="letter", text=word, end=tokens[stop - 1].end))
        else:
            found.append(_in_bold(tokens[at], bases))
        at = stop
    return found


def _stop(tokens: Sequence[Token], at: int, end: int) -> int:
    """Return where the signs end that may be one name with the first of them."""
    stop = at + 1
    if tokens[at].text == r"\Delta" and tokens[at].kind == "command":
        is_name = stop < len(tokens) and NAME.fullmatch(_word(tokens[at : at + 2]))
        return stop + bool(is_name and tokens[stop].kind in ("letter", "command"))
    while stop < end and tokens[stop - 1].end == tokens[stop].start:
        kinds = [tokens[stop - 1].kind, tokens[stop].kind]
        if len(tokens[stop].text) > 1 or kinds not in (
            ["letter", "letter"], ["letter", "digit"], ["digit", "digit"],
        ):  # fmt: skip
            break
        stop += 1
    return stop if len(tokens[at].text) == 1 and tokens[at].kind == "letter" else at + 1


def _word(tokens: Sequence[Token]) -> str:
    joint = " " if tokens[0].text == r"\Delta" else ""
    return joint.join(each.text for each in tokens)


def _declared(tokens: Sequence[Token]) -> set[str]:
    """Return the names that a statement declares: those outside of all brackets on its left."""
    end = next((k for k, each in enumerate(tokens) if each.text in DECLARES), 0)
    found, depth, at = set[str](), 0, 0
    while at < end:
        depth += deeper(tokens[at])
        if tokens[at].kind == "text" or tokens[at].text in (*STATING, r"\quad"):
            found = set()
        is_free = depth == 0 and (at == 0 or tokens[at - 1].text not in ("_", "^"))
        stop = min(_stop(tokens, at, end), end) if is_free else at + 1
        if NAME.fullmatch(word := _word(tokens[at:stop])):
            found.add(word)
        at = stop
    return found


def _refuse_product(tokens: Sequence[Token], word: str, bases: set[str]) -> None:
    """Refuse a name that is a product of declared letters as well."""
    letters = [each.text for each in tokens]
    if all(each in bases for each in letters):
        span = (tokens[0].start, tokens[-1].end)
        hint = rf"write \mathrm{{{word}}} in both places, or a \cdot in the product"
        raise ambiguous(f"the declared {word}", f"the product {' '.join(letters)}", span, hint)


def _in_bold(token: Token, bases: set[str]) -> Token:
    r"""Let ``\boldsymbol{x}`` and ``\mathbf{x}`` be one letter, where only one is declared."""
    form = IN_BOLD.fullmatch(token.text) if token.text not in bases else None
    forms = [f"{each}{form[2]}" for each in sorted(BOLD)] if form else []
    known = [each for each in forms if each in bases]
    return replace(token, text=known[0]) if len(known) == 1 else token
