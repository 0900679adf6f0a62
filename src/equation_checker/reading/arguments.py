r"""Read what stands between the arguments of a function, and arguments that are only names.

``P(y = 1 \mid x; w)`` is a function of ``x`` and ``w``; ``\operatorname{KL}(P \| Q)`` of functions
has one value, and is known by its spelling.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.reading.rows import outside
from equation_checker.reading.symbols import NameReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker.reading.symbols import Item, Scripts

BARS = ("|", r"\|", r"\parallel")
PARTING = (",", ";", ">", r"\succ", *BARS)
"""What may stand between the arguments of a function."""
NAME = re.compile(r"(\\[A-Za-z]+|[A-Za-z])(_(\w|\{[\w,]+\}))?")
"""What may stand before the sign of ``y_i = 1``."""


class ArgumentReader(NameReader):
    """The rules for what stands between the brackets behind the name of a function."""

    def parting(self) -> str:
        """Read what parts two arguments; the bars are one sign."""
        if not self.is_next(*PARTING):
            return ""
        sign = self.take().text
        if sign not in BARS:
            return sign
        self.accept("|")
        return "|"

    def named_argument(self) -> str:
        r"""Read ``y = 1``, or a function without its arguments, as it is spelled."""
        start, close = self.at, self.closing()
        parting = (k for k, each in outside(self.tokens[start:close]) if each.text in PARTING)
        end = start + next(parting, close - start)
        name, sign, _ = "".join(each.text for each in self.tokens[start:end]).partition("=")
        is_equation = sign and (self.tokens[start].kind == "text" or NAME.fullmatch(name))
        if self.tokens[end].kind != "end" and (is_equation or self._is_function_alone(end)):
            self.at = end
            return self._spelled(start)
        return ""

    def _is_function_alone(self, end: int) -> bool:
        start, token = self.at, self.next
        base = self.base(token)
        if not any(each.kind == "function" for each in self.notation.bases(base)):
            return False
        self.take()
        try:
            entry, _, rest = self.resolve(base, self.scripts(base), self.since(token.start))
        except Unreadable:
            entry, rest = None, ()
        ends, self.at = self.at == end, start
        return ends and entry is not None and entry.kind == "function" and not rest

    def spelled_out(self, base: str, scripts: Scripts) -> t.Symbol | None:
        """Read what is defined by the whole spelling of its arguments."""
        start, at = self.next.start, self.at
        known = [e for e in self.notation.bases(base) if e.head.arguments and e.kind != "function"]
        known = [e for e in known if _fits(e.head.sub, scripts.sub)]
        known = [e for e in known if _fits(e.head.sup, scripts.sup)]
        if not known or not self.accept("("):
            return None
        spelled = f"({self.spelling()})"
        found = [e for e in known if e.head.arguments == spelled]
        if not found or not self.accept(")"):
            self.at = at
            return None
        return t.Symbol(found[0].name, span=self.since(start))

    def spelling(self) -> str:
        """Read arguments that are all names, as they are spelled; else nothing."""
        spelled = ""
        while named := self.named_argument():
            spelled += named + self.parting()
        return spelled if self.is_next(")") else ""


def _fits(slots: Sequence[str | None], items: Sequence[Item]) -> bool:
    return list(slots) == [each.text for each in items]


def plain(signs: Sequence[str]) -> tuple[str, ...]:
    """Return the signs around arguments; none where only commas part them."""
    return () if {*signs} <= {"", ","} else tuple(signs)
