"""A stream of tokens with a place in it, and the names that are known there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equation_checker.language.errors import Unreadable
from equation_checker.language.printing import Printer
from equation_checker.reading.rows import deeper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.language import tree as t
    from equation_checker.language.notation import Notation
    from equation_checker.reading.tokens import Token

DEEPEST = 40
"""Brackets within brackets that are still read."""


@dataclass(frozen=True)
class Local:
    """What a sum or a definition's argument binds: a running index, or a value of a shape."""

    over: t.Range | None = None
    shape: tuple[t.Node, t.Node] | None = None
    running: bool = False
    """Whether a sum or a mean binds it, and not the statement as a whole."""


class Reader:
    """Goes through tokens; errors know where it stands."""

    def __init__(self, tokens: Sequence[Token], notation: Notation) -> None:
        self.tokens = tokens
        self.notation = notation
        self.at = 0
        self.locals: dict[str, Local] = {}
        self.depth = 0
        self.bars = 0
        self.stop = -1
        """A token that no factor starts at: the differential of an integral, a bar."""
        self.averages = 0
        """Means around the place, inside of which random variables stand for their values."""
        self.defining = False
        """Whether a symbol is read that need not be declared: ``^{(l)}`` is an index of it."""
        self.parted = dict(notation.parted)
        """What stands around the arguments of functions that are declared without their signs."""
        self.unwritten: set[str] = set()
        """The indices of sums that are written without one."""
        self.integrated: list[str] = []
        """The variables of the integrals that were read by now."""
        self.limiting = False
        """Whether what is read is where a limit goes: a sign above it is the side."""
        self.printer = Printer(notation)

    @property
    def next(self) -> Token:
        """Return the token that is read next."""
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        """Return a token further on."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def is_next(self, *texts: str) -> bool:
        """Tell whether one of these signs comes next."""
        return self.next.kind != "text" and self.next.text in texts

    def take(self) -> Token:
        """Read a token."""
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def accept(self, *texts: str) -> bool:
        """Read a sign if it comes next."""
        if self.is_next(*texts):
            self.take()
            return True
        return False

    def expect(self, text: str, after: str, hint: str = "") -> Token:
        """Read a sign that must come next."""
        if not self.is_next(text):
            raise self.error(f"expected {text} {after}", hint)
        return self.take()

    def error(self, message: str, hint: str = "") -> Unreadable:
        """Return an error at the next token that says what stands there."""
        found = {"end": "the end", "row": "a new row"}.get(self.next.kind, self.next.text)
        return Unreadable(f"{message}, found {found}", (self.next.start, self.next.end), hint)

    def since(self, start: int) -> t.Span:
        """Return the span from an offset to what was read last, which ``=:`` may have turned."""
        end = self.tokens[max(self.at - 1, 0)].end
        return min(start, end), max(start, end)

    def closing(self) -> int:
        """Return where the bracket closes that is open here, or where the tokens end."""
        depth = 0
        for at in range(self.at, len(self.tokens)):
            depth += deeper(self.tokens[at])
            if depth < 0:
                return at
        return len(self.tokens) - 1

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count a level of brackets."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(
                f"nested deeper than {DEEPEST} levels",
                (self.next.start, self.next.end),
                "name a part",
            )
        yield
        self.depth -= 1

    @contextmanager
    def up_to(self, stop: int) -> Iterator[None]:
        """Read factors up to a token only."""
        before, self.stop = self.stop, stop
        yield
        self.stop = before

    @contextmanager
    def bound(self, **names: Local) -> Iterator[None]:
        """Know some names inside a block only."""
        before = self.locals
        self.locals = {**before, **names}
        yield
        self.locals = before
