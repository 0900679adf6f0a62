"""Join letters that are one name, ``MSE`` or ``Radio``, where the notation declares them so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.language.notation import Notation
    from equation_checker.reading.tokens import Token

DECLARES = frozenset({r"\in", ":=", ":", r"\equiv", r"\leftarrow"})


def joined(tokens: Sequence[Token], notation: Notation, *, defines: bool = False) -> list[Token]:
    """Join each run of letters that is a declared name, and those that a statement declares."""
    head = _head_length(tokens) if defines else 0
    known = {each.head.base for each in notation.entries.values() if each.head.base.isalpha()}
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        run = _run(tokens, at)
        word = "".join(each.text for each in tokens[at:run])
        is_script = at > 0 and tokens[at - 1].text in ("_", "^")
        is_name = word in known or (run <= head and not is_script)
        if run - at > 1 and is_name:
            found.append(replace(tokens[at], text=word, end=tokens[run - 1].end))
        else:
            found += tokens[at:run]
        at = max(run, at + 1)
    return found


def _run(tokens: Sequence[Token], at: int) -> int:
    """Return where the letters that stand close together end."""
    end = at + 1
    for before, token in pairwise(tokens[at:]):
        is_close = before.end == token.start and _is_letter(before) and _is_letter(token)
        if not is_close:
            break
        end += 1
    return end


def _is_letter(token: Token) -> bool:
    return token.kind == "letter" and len(token.text) == 1


def _head_length(tokens: Sequence[Token]) -> int:
    """Return how many tokens before what declares or defines stand outside of all brackets."""
    texts = [each.text for each in tokens]
    declares = next((k for k, text in enumerate(texts) if text in DECLARES), 0)
    bracket = next((k for k, text in enumerate(texts) if text in ("(", "[", "{")), declares)
    return min(declares, bracket)
