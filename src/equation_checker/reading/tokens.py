r"""Cut LaTeX into tokens with exact positions; drop what only moves ink (``\left``, ``\,``)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from equation_checker.language.errors import Unreadable

LONGEST = 20_000

DROPPED = frozenset(
    r"""\left \right \, \; \: \! \displaystyle \textstyle \limits \nolimits \notag \nonumber
    \middle
    \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \bigm \strut \medspace
    \thinspace \thickspace \mathstrut""".split()  # noqa: SIM905
) | {"\\ "}
"""Commands that change nothing in what an equation says."""

UPRIGHT = frozenset({r"\text", r"\mathrm", r"\operatorname", r"\textrm", r"\mathit", r"\mathsf"})
"""Ways to write a name of several letters: one name, however it is set."""

STYLED = frozenset(
    r"""\mathbf \mathbb \mathcal \boldsymbol \bm \hat \tilde \bar \vec \widehat \widetilde \overline
    \mathfrak \mathscr \dot""".split()  # noqa: SIM905
)
"""Commands that make another letter of a letter."""

SAME = {
    r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\to": r"\to", r"\rightarrow": r"\to",
    r"\ldots": r"\dots", r"\cdots": r"\dots", r"\lbrace": r"\{", r"\rbrace": r"\}",
    r"\lbrack": "[", r"\rbrack": "]", r"\lVert": r"\|", r"\rVert": r"\|", r"\Vert": r"\|",
    r"\lvert": "|", r"\rvert": "|", r"\vert": "|", r"\mid": "|", r"\ast": "*", r"\dfrac": r"\frac",
    r"\tfrac": r"\frac", r"\prime": "'", r"\intercal": r"\top", r"\ln": r"\log", r"\coloneqq": ":=",
    r"\wedge": r"\land", r"\qquad": r"\quad", r"\lt": "<", r"\gt": ">",
}  # fmt: skip
"""Spellings of one sign; the second is the one that the parser knows."""

_PIECE = re.compile(
    r"(?P<space>\s+|~|%[^\n]*)|(?P<row>\\\\(?:\s*\[[^\]\n]*\])?)|(?P<command>\\(?:[A-Za-z]+\*?|.))"
    r"|(?P<define>:=)|(?P<letter>[A-Za-z])|(?P<digit>[0-9])|(?P<sign>[-+*/=<>()\[\]{}^_|,.;:!&'])",
    re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One sign: its kind (letter, digit, sign, command, row, text, end), spelling and place."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """LaTeX and where it stands in its file, to turn offsets into lines and columns."""

    latex: str
    line: int = 1
    columns: tuple[int, ...] = (1,)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column, both counted from 1, of an offset into the LaTeX."""
        starts = [0, *(m.end() for m in re.finditer("\n", self.latex))]
        row = bisect_right(starts, offset) - 1
        first = self.columns[row] if row < len(self.columns) else 1
        return self.line + row, first + offset - starts[row]


def tokenise(latex: str) -> tuple[Token, ...]:
    """Return the tokens of some LaTeX, the last of kind ``end``."""
    if len(latex) > LONGEST:
        raise Unreadable(f"longer than {LONGEST} characters", (0, LONGEST), "split the display")
    tokens: list[Token] = []
    at = 0
    while at < len(latex):
        piece = _PIECE.match(latex, at)
        if piece is None:
            raise Unreadable(f"the character {latex[at]!r} is not known", (at, at + 1))
        token = _token(latex, piece)
        at = token.end
        if token.kind != "space":
            tokens.append(token)
    return (*tokens, Token("end", "", len(latex), len(latex)))


def _token(latex: str, piece: re.Match[str]) -> Token:
    kind, text = str(piece.lastgroup), piece.group()
    start, end = piece.span()
    if kind == "command":
        return _command(latex, text, start, end)
    if kind == "define":
        return Token("sign", ":=", start, end)
    if kind == "row":
        return Token("row", r"\\", start, end)
    return Token(kind, text, start, end)


def _command(latex: str, text: str, start: int, end: int) -> Token:  # noqa: PLR0911
    if text in (r"\left", r"\right") and latex[end : end + 1] == ".":
        return Token("space", text, start, end + 1)
    if text in DROPPED:
        return Token("space", text, start, end)
    if text in (r"\tag", r"\label", r"\tag*"):
        return Token("space", text, start, _group(latex, end)[1])
    if text in ("\\begin", "\\end"):
        name, after = _group(latex, end)
        return Token("command", f"{text}{{{name}}}", start, after)
    if text.rstrip("*") in UPRIGHT:
        name, after = _group(latex, end)
        return Token("text", name, start, after)
    if text in STYLED:
        name, after = _group(latex, end)
        return Token("letter", f"{text}{{{name.strip()}}}", start, after)
    text = SAME.get(text, text)
    kind = "command" if text.startswith("\\") else "sign"
    return Token(kind, text, start, end)


def _group(latex: str, at: int) -> tuple[str, int]:
    """Return the braced group, or the one sign, that follows, and where it ends."""
    while at < len(latex) and latex[at].isspace():
        at += 1
    if at == len(latex):
        raise Unreadable("something in braces must follow", (at, at))
    if latex[at] != "{":
        sign = re.findall(r"\\[A-Za-z]+|.", latex[at:], re.DOTALL)[0]
        return sign, at + len(sign)
    depth = 0
    for brace in re.finditer(r"\\.|[{}]", latex[at:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0:
            end = at + brace.end()
            return latex[at + 1 : end - 1], end
    raise Unreadable("the brace is never closed", (at, at + 1))
