r"""Cut LaTeX into tokens with exact positions; drop what only moves ink (``\left``, ``\,``).

What shows the same becomes the same: braces that group nothing to see are dropped, and a sign set
above another (``\stackrel{\text{def}}{=}``) becomes the one sign that the two together mean.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from equation_checker.language.distributions import BY_LATEX
from equation_checker.language.errors import Unreadable
from equation_checker.language.functions import BUILT_IN, BY_SIGN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LONGEST = 20_000
DIGITS = 400
"""Of one number."""

DROPPED = frozenset(
    r"""\left \right \, \; \: \! \> \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits
    \nolimits \notag \nonumber \middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr
    \Biggl \Biggr \bigm \strut \medspace \thinspace \thickspace \negthinspace \mathstrut \allowbreak
    \boxed \fbox \smash \mathop \mathrel \mathbin \mathord \mathopen \mathclose \centering \hline
    \normalsize \small \large""".split()  # noqa: SIM905
) | {"\\ "}
"""Commands that change nothing in what an equation says; what stands in their braces is read."""

DROPPED_WITH = {
    r"\tag": 1, r"\tag*": 1, r"\label": 1, r"\color": 1, r"\textcolor": 1, r"\colorbox": 1,
    r"\phantom": 1, r"\hphantom": 1, r"\vphantom": 1, r"\vspace": 1, r"\vspace*": 1,
    r"\mspace": 1, r"\require": 1,
}  # fmt: skip
"""Commands that say nothing, nor does what stands in the braces behind them."""

WORDS = frozenset({r"\text", r"\textrm", r"\textnormal", r"\textit", r"\textbf", r"\mbox"})
"""Ways to write words, which may be prose, and hold maths between ``$`` signs."""

RELATIONS = frozenset({"=", "<", ">", r"\le", r"\ge", r"\ne", r"\approx"})

STYLED = frozenset(
    r"""\mathbf \mathbb \mathcal \boldsymbol \bm \hat \tilde \bar \vec \widehat \widetilde \overline
    \mathfrak \mathscr \dot \check \breve \mathring \ddot \dddot \acute \grave \underline
    \mathtt""".split()  # noqa: SIM905
)
"""Commands that make another letter of a letter."""

STARRED = frozenset({r"\operatorname", r"\hspace", r"\vspace", r"\tag"})

BOLD = frozenset({r"\mathbf", r"\boldsymbol", r"\bm"})

SAME = {
    r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\to": r"\to", r"\rightarrow": r"\to",
    r"\leqslant": r"\le", r"\geqslant": r"\ge", r"\ldots": r"\dots", r"\cdots": r"\dots",
    r"\hdots": r"\dots", r"\dotsc": r"\dots", r"\dotsb": r"\dots", r"\dotsm": r"\dots",
    r"\dotso": r"\dots", r"\lbrace": r"\{", r"\rbrace": r"\}",
    r"\lbrack": "[", r"\rbrack": "]", r"\lVert": r"\|", r"\rVert": r"\|", r"\Vert": r"\|",
    r"\lvert": "|", r"\rvert": "|", r"\vert": "|", r"\mid": "|", r"\ast": "*",
    r"\star": "*", r"\dfrac": r"\frac",
    r"\tfrac": r"\frac", r"\cfrac": r"\frac", r"\prime": "'", r"\intercal": r"\top",
    r"\ln": r"\log", r"\wedge": r"\land", r"\vee": r"\lor", r"\lt": "<", r"\gt": ">",
    r"\colon": ":",
    r"\coloneqq": ":=", r"\coloneq": ":=", r"\eqqcolon": "=:", r"\eqcolon": "=:",
    r"\triangleq": r"\equiv", r"\doteq": r"\equiv", r"\eqdef": r"\equiv",
    r"\gets": r"\leftarrow", r"\implies": r"\Rightarrow", r"\Longrightarrow": r"\Rightarrow",
    r"\impliedby": r"\Leftarrow", r"\Longleftarrow": r"\Leftarrow", r"\iff": r"\Leftrightarrow",
    r"\Longleftrightarrow": r"\Leftrightarrow", r"\cong": r"\approx", r"\simeq": r"\approx",
    r"\qquad": r"\quad", r"\enspace": r"\quad", r"\hfill": r"\quad", r"\cr": r"\\",
    r"\succcurlyeq": r"\succeq", r"\preccurlyeq": r"\preceq",
    r"\tbinom": r"\binom", r"\dbinom": r"\binom", r"\newline": r"\\", r"\tabularnewline": r"\\",
    r"\argmax": r"\arg\max", r"\argmin": r"\arg\min",
}  # fmt: skip
"""Spellings of one sign; the second is the one that the parser knows."""

SWITCHES = {
    r"\bf": r"\mathbf", r"\cal": r"\mathcal", r"\tt": r"\mathtt", r"\frak": r"\mathfrak",
    r"\rm": r"\mathrm", r"\sf": r"\mathrm", r"\it": r"\mathrm",
}  # fmt: skip
"""Old commands that set the rest of their group in a font, and how one does it today."""

NO_ARGUMENT = frozenset(
    r"""\le \ge \ne \approx \cdot \times \odot \quad \land \top \to \in \dots \propto \forall
    \sim \leftarrow \Rightarrow \Leftarrow \Leftrightarrow \equiv \mapsto \sum \prod \int \\ \{ \}
    \|""".split()  # noqa: SIM905
)
"""Commands behind which a brace is no argument."""

NEGATED = {"=": r"\ne", r"\in": r"\notin"}
"""What a sign means behind ``\\not``."""

PAIRS = {":=": ":=", "=:": "=:", "<=": r"\le", ">=": r"\ge"}
"""Signs that are written as two."""

DEFINING_LABEL = re.compile(
    r"\\(math|text)?(rm|it)?\s*\{?\s*def\.?\s*\}?|def\.?|\\triangle|\\Delta"
)
"""What makes a definition of the ``=`` that it is set above."""
NUMBERED = frozenset({"=", "<", ">", r"\le", r"\ge", r"\approx", ":="})
PLAIN_LABEL = re.compile(r"[(\[]?\s*(\\(text|mathrm)\s*\{[^{}]*\}|\w{0,3}|\*+)\s*[)\]]?")
"""What only numbers the ``=`` that it is set above."""

INFIX = {r"\choose": r"\binom", r"\over": r"\frac"}
"""Commands that stand between their arguments, inside of braces."""
_INFIX = re.compile(r"\{((?:[^{}\\]|\\[A-Za-z]+|\{[^{}]*\})*?)(\\choose|\\over)(?![A-Za-z])")

UNICODE = {
    "·": r"\cdot", "×": r"\times", "−": "-", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∈": r"\in",
    "…": r"\dots", "⋯": r"\dots", "∑": r"\sum", "∏": r"\prod", "∇": r"\nabla", "∂": r"\partial",
    "→": r"\to", "←": r"\leftarrow", "≈": r"\approx", "∞": r"\infty", "⊙": r"\odot", "′": "'",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon",
    "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "π": r"\pi",
    "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\phi", "ψ": r"\psi", "ω": r"\omega",
    "Δ": r"\Delta", "Σ": r"\Sigma", "Φ": r"\Phi", "Ω": r"\Omega",
}  # fmt: skip
"""Characters that mean what a command means."""

_PIECE = re.compile(
    r"(?P<space>\s+|~|%[^\n]*)"
    r"|(?P<row>\\\\\*?(?:\[\s*-?[\d.]+\s*(?:pt|em|ex|mu|mm|cm|in|bp|pc|sp)\s*\])?)"
    r"|(?P<command>\\(?:[A-Za-z]+\*?|.))|(?P<dots>\.\.\.|\.\.(?![0-9]))"
    rf"|(?P<unicode>[{''.join(UNICODE)}])"
    r"|(?P<define>:=|=:)|(?P<letter>[A-Za-z])|(?P<digit>[0-9])|(?P<sign>[-+*/=<>()\[\]{}^_|,.;:!&'])",
    re.DOTALL,
)

_THIN = r"\s|\\[,!:; ]"
_THIN_RUN = re.compile(r"(?:\\[,:; ]|\s|~)+")
WIDTHS = {r"\,": 1 / 6, r"\:": 2 / 9, r"\;": 5 / 18, "\\ ": 1 / 3, "~": 1 / 3}
"""Of thin spaces, in em; many of them are a wide one."""
WIDE = 0.95
_EXTREME = re.compile(rf"(?:{_THIN})*\\(max|min)(?![A-Za-z])")


@dataclass(frozen=True)
class Token:
    """One sign: its kind (letter, digit, sign, command, row, text, end), spelling and place."""

    kind: str
    text: str
    start: int
    end: int
    prose: bool = False
    """Of a text: whether it is set as words are, and not as the name of an operator is."""


@dataclass(frozen=True)
class Source:
    """LaTeX and where it stands in its file, to turn offsets into lines and columns."""

    latex: str
    line: int = 1
    columns: tuple[int, ...] = (1,)
    written: str = ""
    """What the author wrote, with macros, and where in it each sign comes from, and by which."""
    origins: tuple[tuple[int, str], ...] = ()

    @property
    def author(self) -> str:
        """Return the LaTeX as its author wrote it."""
        return self.written if self.origins else self.latex

    def origin(self, offset: int) -> tuple[int, str]:
        """Return where the author wrote a sign, and the macro that stands for it, if any."""
        if not self.origins or offset < 0:
            return max(offset, 0), ""
        return self.origins[min(offset, len(self.origins) - 1)]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column, both counted from 1, of an offset into the LaTeX.

        What a display goes on from stands before its start.
        """
        offset, _ = self.origin(offset)
        starts = [0, *(m.end() for m in re.finditer("\n", self.author))]
        row = bisect_right(starts, offset) - 1
        first = self.columns[row] if row < len(self.columns) else 1
        return self.line + row, first + offset - starts[row]


def tokenise(latex: str) -> tuple[Token, ...]:
    """Return the tokens of some LaTeX, the last of kind ``end``."""
    if len(latex) > LONGEST:
        raise Unreadable(f"longer than {LONGEST} characters", (0, LONGEST), "split the display")
    if long := re.search(rf"[0-9]{{{DIGITS + 1}}}", latex):
        raise Unreadable(f"a number of more than {DIGITS} digits", long.span())
    tokens = list(_pieces(latex, 0, len(latex)))
    for change in (_joined, _without_braces, _arranged):
        tokens = list(change(tokens))
    return (*tokens, Token("end", "", len(latex), len(latex)))


def _pieces(latex: str, at: int, end: int) -> Iterator[Token]:
    while at < end:
        piece = _PIECE.match(latex, at, end)
        if piece is None:
            raise Unreadable(f"the character {latex[at]!r} is not known", (at, at + 1))
        kind, text, after = str(piece.lastgroup), piece.group(), piece.end()
        if kind == "command":
            if text.endswith("*") and text[:-1] not in STARRED:
                text, after = text[:-1], after - 1
            made, after = _command(latex, text, at, after)
            yield from made
        elif kind == "row":
            yield Token("row", r"\\", at, after)
        elif kind == "unicode":
            kind = "command" if UNICODE[text].startswith("\\") else "sign"
            yield Token(kind, UNICODE[text], at, after)
        elif text == "{" and (parted := _infix(latex, at)):
            made, after = parted
            yield from made
        elif kind == "dots":
            yield Token("command", r"\dots", at, after)
        elif kind != "space":
            yield Token("sign" if kind == "define" else kind, text, at, after)
        at = after


def _command(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    """Return the tokens that a command and its arguments make, and where they end."""
    if text in (r"\left", r"\right") and latex[end : end + 1] == ".":
        return ([] if text == r"\right" else [Token("sign", f"{text}.", start, end + 1)]), end + 1
    if text == r"\arg" and (extreme := _EXTREME.match(latex, end)):
        return [Token("command", rf"\arg\{extreme[1]}", start, extreme.end())], extreme.end()
    read = READ.get(text)
    if read is not None:
        return read(latex, text, start, end)
    if text in DROPPED:
        return [], end
    if text in DROPPED_WITH:
        return [], _argument(latex, end)[2]
    text = SAME.get(text, text)
    kind = "row" if text == r"\\" else "command" if text.startswith("\\") else "sign"
    return [Token(kind, text, start, end)], end


def _not(latex: str, _: str, start: int, end: int) -> tuple[list[Token], int]:
    sign, after = _group(latex, end)
    if sign not in NEGATED:
        raise Unreadable(r"this construct is not read: \not", (start, after))
    return [Token("command", NEGATED[sign], start, after)], after


def _infix(latex: str, at: int) -> tuple[list[Token], int] | None:
    r"""Read ``{n \choose k}`` as ``\binom{n}{k}``, and ``{a \over b}`` as a fraction."""
    found = _INFIX.match(latex, at)
    if found is None:
        return None
    _, stop, end = _argument(latex, at)
    opening, closing = Token("sign", "{", at, at), Token("sign", "}", end, end)
    above, below = _pieces(latex, at + 1, found.end(1)), _pieces(latex, found.end(), stop)
    inner = [opening, *above, closing, opening, *below, closing]
    return [opening, Token("command", INFIX[found[2]], at, end), *inner, closing], end


def _environment(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    name, after = _group(latex, end)
    return [Token("command", f"{text}{{{name}}}", start, after)], after


def _name(latex: str, _: str, start: int, end: int) -> tuple[list[Token], int]:
    name, after = _group(latex, end)
    return _named(name, start, after), after


def _extreme(name: str) -> str:
    r"""Return what ``arg max`` and ``\max`` are, however they are set; else nothing."""
    found = re.fullmatch(r"\\?(arg)?\\?(max|min|sup|inf)", re.sub(_THIN, "", name))
    if found is None:
        return ""
    return rf"\arg\{found[2]}" if found[1] else rf"\{found[2]}"


def _named(name: str, start: int, after: int) -> list[Token]:
    """Return the one token of a name that is set upright."""
    if extreme := _extreme(name):
        return [Token("command", extreme, start, after)]
    is_law = rf"\text{{{name}}}" in BY_LATEX
    if (rf"\{name}" in BUILT_IN and not is_law) or rf"\{name}" in BY_SIGN:
        return [Token("command", rf"\{name}", start, after)]
    return [Token("text", _spaced(name), start, after)]


def _thin(latex: str, _: str, start: int, end: int) -> tuple[list[Token], int]:
    """Read many thin spaces as a wide one; a few move ink only."""
    run = _THIN_RUN.match(latex, start)
    end = run.end() if run else end
    pieces = re.findall(r"\\.|.", latex[start:end], re.DOTALL)
    is_wide = sum(WIDTHS.get(each, 0) for each in pieces) > WIDE
    return [Token("command", r"\quad", start, end)] if is_wide else [], end


def _space(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    r"""Read a wide space as ``\quad``; what goes back moves ink only."""
    if text.startswith(r"\hspace"):
        length, end = _group(latex, end)
    else:
        found = re.compile(r"\s*(-?[\d.]+\s*[a-z]{2})").match(latex, end)
        length, end = (found[1], found.end()) if found else ("", end)
    return ([] if length.strip().startswith("-") else [Token("command", r"\quad", start, end)]), end


def _stacked(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    """Read two signs one above the other: a relation with its number, a maximum with its index."""
    first, last, middle = _argument(latex, end)
    begin, stop, after = _argument(latex, middle)
    signs, label = [*_pieces(latex, begin, stop)], latex[first:last].strip()
    if text == r"\underset":
        if len(signs) == 1 and (extreme := _extreme(signs[0].text)):
            signs = [replace(signs[0], kind="command", text=extreme)]
        opening, closing = Token("sign", "{", first, first), Token("sign", "}", last, last)
        script = Token("sign", "_", first, first)
        return [*signs, script, opening, *_pieces(latex, first, last), closing], after
    if not list(_pieces(latex, first, last)):
        return signs, after
    if len(signs) == 1 and signs[0].text in ("=", ":=") and DEFINING_LABEL.fullmatch(label):
        return [Token("command", r"\equiv", start, after)], after
    if len(signs) == 1 and signs[0].text in NUMBERED and PLAIN_LABEL.fullmatch(label):
        return signs, after
    what = latex[start:after]
    raise Unreadable(f"this construct is not read: {what}", (start, after), "write the plain sign")


def _substack(latex: str, _text: str, _start: int, end: int) -> tuple[list[Token], int]:
    """Read what is stacked below a sum as conditions between commas."""
    at, stop, after = _argument(latex, end)
    comma = [replace(each, kind="sign", text=",") if each.kind == "row" else each
             for each in _pieces(latex, at, stop)]  # fmt: skip
    return comma, after


def _struck(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    r"""Read what is struck out as it stands; a sum in it would lose what holds it together."""
    at, stop, after = _argument(latex, end)
    depth, inside = 0, [*_pieces(latex, at, stop)]
    for k, token in enumerate(inside):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0)
        if k and not depth and token.text in ("+", "-", "="):
            message = f"how far a sum that is struck out reaches is not said, found {text}"
            raise Unreadable(message, (start, after), "put brackets around the sum")
    return inside, after


def _words(latex: str, _: str, start: int, end: int) -> tuple[list[Token], int]:
    """Return words, and the maths between ``$`` signs among them."""
    at, stop, after = _argument(latex, end)
    name = latex[at:stop].strip()
    is_law = rf"\text{{{name}}}" in BY_LATEX
    if rf"\{name}" in BUILT_IN and not is_law and re.match(r"\s*(\\left\s*)?[(\[]", latex[after:]):
        return [Token("command", rf"\{name}", start, after)], after
    if (extreme := _extreme(name)) and re.match(r"\s*(\\limits\s*)?_", latex[after:]):
        return [Token("command", extreme, start, after)], after
    parts = latex[at:stop].split("$")
    if len(parts) == 1:
        return [Token("text", _spaced(parts[0]), start, after, prose=True)], after
    tokens: list[Token] = []
    for k, part in enumerate(parts):
        if k % 2:
            tokens += _pieces(latex, at, at + len(part))
        else:
            tokens.append(Token("text", _spaced(part), at, at + len(part), prose=True))
        at += len(part) + 1
    return tokens, after


def _spaced(text: str) -> str:
    return re.sub(r"\\[ ,;:!]|\\q?quad(?![A-Za-z])|~", " ", text)


def _styled(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    r"""Read a letter in a style; a subscript inside, ``\mathbf{v_i}``, hangs on the letter."""
    first, stop, after = _argument(latex, end)
    name = latex[first:stop].strip()
    inner = re.fullmatch(r"\\(boldsymbol|bm|mathbf)\s*\{(.*)\}", name) if text in BOLD else None
    name = inner[2].strip() if inner else name
    if re.fullmatch(r"(\\[A-Za-z]+|[A-Za-z])\s*_\s*(\{[^{}]*\}|\\[A-Za-z]+|\w)", name) is None:
        return [Token("letter", f"{text}{{{name}}}", start, after)], after
    at = latex.index("_", first)
    letter = Token("letter", f"{text}{{{name.partition('_')[0].strip()}}}", start, at)
    return [letter, *_pieces(latex, at, stop)], after


def _switched(latex: str, text: str, start: int, end: int) -> tuple[list[Token], int]:
    r"""Read an old switch of fonts: ``{\bf x}`` is ``\mathbf{x}``, and so is ``\bf{x}``."""
    if latex[end:].lstrip().startswith("{"):
        first, stop, after = _argument(latex, end)
    else:
        after = _closing_brace(latex, end, depth=1)
        first, stop = end, after
    style, inner = SWITCHES[text], latex[first:stop].strip()
    if style == r"\mathrm" and re.fullmatch(r"[A-Za-z]+", inner):
        return _named(inner, start, after), after
    letters = [*_pieces(latex, first, stop)]
    if style == r"\mathrm":
        return letters, after
    return [
        replace(each, kind="letter", text=f"{style}{{{each.text}}}")
        if each.kind in ("letter", "digit")
        else each
        for each in letters
    ], after


def _joined(tokens: list[Token]) -> Iterator[Token]:
    r"""Join signs that only ink kept apart: ``\colon=``, ``:\!=``, ``\mathrel{:}=``, ``>=``."""
    before: Token | None = None
    for token in tokens:
        both = before.text + token.text if before else ""
        if before is not None and both in PAIRS:
            before = Token("sign", PAIRS[both], before.start, token.end)
            continue
        if before is not None:
            yield before
        before = token
    if before is not None:
        yield before


def _without_braces(tokens: Iterable[Token]) -> Iterator[Token]:
    """Drop braces that are no argument: they do not show, so they group nothing for a reader."""
    opened: list[tuple[str, Token]] = []
    before, closed = Token("end", "", 0, 0), ""
    for token in tokens:
        use = ""
        if token.kind == "sign" and token.text == "{":
            use = _use(before, closed)
            opened.append((use, token))
        elif token.kind == "sign" and token.text == "}" and opened:
            use = closed = opened.pop()[0]
        else:
            use = "shown"
        if use:
            before = token
            yield token
    if opened:
        brace = opened[-1][1]
        raise Unreadable("the brace is never closed", (brace.start, brace.end))


def _arranged(tokens: Iterable[Token]) -> Iterator[Token]:
    r"""Read ``array`` as the matrix, the cases or the aligned rows that it is used for.

    Scripts that hold nothing are dropped, and what stands above a sum comes behind what is below.
    """
    found: list[Token] = []
    kinds: list[str] = []
    rest = list(tokens)[::-1]
    while rest:
        token = rest.pop()
        if token.text in ("_", "^") and [each.text for each in rest[-2:]] == ["}", "{"]:
            del rest[-2:]
            continue
        if token.text == r"\left." and not _has_bar(rest):
            continue
        if token.text in (r"\begin{array}", r"\begin{matrix}"):
            before = found[-1].text if found else ""
            is_array = token.text == r"\begin{array}"
            plain = "aligned" if is_array and before not in OPEN else "matrix"
            kinds.append("cases" if before == r"\{" else plain)
            if kinds[-1] == "cases":
                found.pop()
            if is_array:
                _take_group(rest)
            token = replace(token, text=rf"\begin{{{kinds[-1]}}}")
        elif token.text in (r"\end{array}", r"\end{matrix}") and kinds:
            token = replace(token, text=rf"\end{{{kinds.pop()}}}")
        elif token.text == "^" and found and found[-1].text in BY_SIGN:
            above = _take_group(rest)
            if rest and rest[-1].text == "_":
                found += [rest.pop(), *_take_group(rest)]
            rest += above[::-1]
        found.append(token)
    return iter(found)


OPEN = frozenset({"(", "[", "|", r"\|"})


def _has_bar(rest: list[Token]) -> bool:
    r"""Tell whether a ``\left.`` is closed by an evaluation bar; else it only moves ink."""
    return any((a.text, b.text) == ("_", "|") for a, b in pairwise(rest))


def _take_group(rest: list[Token]) -> list[Token]:
    """Take the group, or the one sign, that comes next from the end of a list."""
    group: list[Token] = []
    depth = 0
    while rest:
        group.append(rest.pop())
        depth += {"{": 1, "}": -1}.get(group[-1].text, 0)
        if depth <= 0:
            break
    return group


def _use(before: Token, closed: str) -> str:
    """Return what an opening brace holds: a script, the argument of a command, or nothing."""
    if before.text in ("_", "^") and before.kind == "sign":
        return "script"
    if before.text == "]" or (before.kind == "command" and before.text not in NO_ARGUMENT):
        return "argument"
    return "second argument" if before.text == "}" and closed == "argument" else ""


def _group(latex: str, at: int) -> tuple[str, int]:
    """Return the braced group, or the one sign, that follows, and where it ends."""
    start, stop, end = _argument(latex, at)
    return latex[start:stop], end


def _argument(latex: str, at: int) -> tuple[int, int, int]:
    """Return where the inside of the next group, or the one sign, starts, ends, and is over."""
    while at < len(latex) and latex[at].isspace():
        at += 1
    if at == len(latex):
        raise Unreadable("something in braces must follow", (at, at))
    if latex[at] != "{":
        end = at + len(re.findall(r"\\[A-Za-z]+|\\.|.", latex[at:], re.DOTALL)[0])
        return at, end, end
    end = _closing_brace(latex, at, depth=0)
    if end == len(latex):
        raise Unreadable("the brace is never closed", (at, at + 1))
    return at + 1, end, end + 1


def _closing_brace(latex: str, at: int, *, depth: int) -> int:
    """Return where the brace is that closes the group in which a place is so deep, or the end."""
    for brace in re.finditer(r"\\.|[{}]", latex[at:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0 and brace.group() == "}":
            return at + brace.start()
    return len(latex)


READ: dict[str, Callable[[str, str, int, int], tuple[list[Token], int]]] = {
    **dict.fromkeys((r"\begin", r"\end"), _environment),
    **dict.fromkeys((r"\hspace", r"\hspace*", r"\hskip", r"\kern", r"\mkern", r"\mskip"), _space),
    **dict.fromkeys((r"\stackrel", r"\overset", r"\underset"), _stacked),
    **dict.fromkeys(WIDTHS, _thin),
    r"\not": _not,
    **dict.fromkeys((r"\cancel", r"\bcancel", r"\xcancel"), _struck),
    r"\substack": _substack,
    **dict.fromkeys(WORDS, _words),
    **dict.fromkeys(
        (r"\mathrm", r"\operatorname", r"\operatorname*", r"\mathit", r"\mathsf", r"\textsf"), _name
    ),
    **dict.fromkeys(STYLED, _styled),
    **dict.fromkeys(SWITCHES, _switched),
}
"""Commands whose arguments are read here."""
