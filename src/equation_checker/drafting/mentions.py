r"""Collect how each letter of a page is written: with which indices, labels, arguments and sets.

A scan never fails on a display: it looks at the tokens alone, not at what they mean together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from equation_checker.language.functions import BUILT_IN
from equation_checker.reading.expressions import CONSTANTS
from equation_checker.reading.rows import STATING, deeper, split
from equation_checker.reading.symbols import NameReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from equation_checker.reading.tokens import Token

base_of = NameReader.base
STOPS = STATING | {",", ".", ";", ")", "]", r"\}", r"\quad", ":", "&"}
"""What ends the end of a range."""
USUAL = frozenset("ijklmnst")
"""Letters that are indices wherever nothing else is said."""
RUNNING = frozenset({r"\sum", r"\prod", r"\max", r"\min"})
TRANSPOSES = ([r"\top"], ["T"])
VECTOR = re.compile(r"\\(mathbf|boldsymbol|bm|vec)\{[a-z]")
"""Vectors, which have no powers: what stands above them is an index."""
STARS = frozenset({"*", r"\star", r"\dagger"})
NO_NAME = frozenset(
    r"""\frac \sqrt \nabla \partial \mathbb{E} \mathbb{R} \mathbb{N} \mathbb{Z} \mathbb{C}
    \mathbb{P} \mathbb{1} \mathbf{1} \infty \dots \top \quad \binom \lim \sup \inf \int \det \arg
    \vdots \ddots \langle \rangle \lfloor \rfloor \lceil \rceil \mathcal{N} \mathcal{O} \text{Var}
    \text{Cov} \text{argmax} \text{argmin} \text{arg} \forall \exists \Pr \odot \circ \otimes
    \cdot \times \cap \cup \subset \subseteq \notin \setminus \emptyset \pm \mp \perp \mapsto \to
    \propto \land \lor \arctan \arccos \arcsin \tan \cosh \sinh \gcd \bmod \leftarrow \text{s.t.}
    \text{tr} \text{d} \text{e} \text{max} \text{min} \text{log} \text{exp} \text{sin} \text{cos}
    \text{T} \choose \text{E} \text{def} \bigcup \bigcap \oint \because \therefore""".split()  # noqa: SIM905
)
"""Signs that nobody declares."""


@dataclass(frozen=True)
class Item:
    """One index or label: as it is spelled, the letter that may run in it, how far off it is."""

    text: str
    letter: str = ""
    shift: int = 0
    plain: bool = True
    """Whether it is no more than a letter and a shift, or a number."""

    @property
    def is_number(self) -> bool:
        """Tell whether it is a number."""
        return re.fullmatch(r"-?\d+", self.text) is not None


@dataclass(frozen=True)
class Mention:
    """A letter as it is written at one place."""

    base: str
    sub: tuple[Item, ...] = ()
    sup: tuple[Item, ...] = ()
    bracketed: bool = False
    turned: bool = False
    """Whether it is transposed."""
    power: tuple[Token, ...] = ()
    primes: int = 0
    after: str = ""
    """What the bracket behind it holds: nothing, a ``list``, a ``symbol`` or a ``sum``."""
    line: int = 0
    in_script: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """Return all indices and labels."""
        return (*self.sub, *self.sup)


def is_name(tokens: Sequence[Token], k: int) -> bool:
    """Tell whether a token is a letter or word that may need a declaration."""
    token, base = tokens[k], base_of(tokens[k])
    if base in CONSTANTS:
        return [each.text for each in tokens[k + 1 : k + 2]] == ["_"]
    if base in NO_NAME:
        return False
    match token.kind:
        case "letter":
            return True
        case "command":
            is_word = re.fullmatch(r"\\[A-Za-z]+", base) is not None
            return is_word and base not in {*BUILT_IN, *STATING, *RUNNING}
        case "text":
            is_word = re.fullmatch(r"[A-Za-z][\w-]*", token.text) is not None
            is_free = is_word and base not in BUILT_IN
            return is_free and (not token.prose or _is_word_of_maths(tokens, k))
        case _:
            return False


def _is_word_of_maths(tokens: Sequence[Token], k: int) -> bool:
    joints = {*STATING, "+", "-", "/", r"\cdot", r"\times", r"\odot", "_", "^"}
    before = tokens[k - 1].text if k else ""
    after = tokens[k + 1].text if k + 1 < len(tokens) else ""
    words = {"and", "or", "for", "if", "where", "when", "so", "with", "otherwise", "is", "such"}
    is_joined = before in joints or after in {*joints, "("}
    return before in ("_", "^") or (tokens[k].text not in words and is_joined)


def enclosed(tokens: Sequence[Token], at: int) -> tuple[Sequence[Token], int]:
    """Return the tokens inside the bracket that opens at a place, and where it is over."""
    depth = 0
    for k in range(at, len(tokens)):
        depth += deeper(tokens[k])
        if depth == 0 or tokens[k].kind == "end":
            return tokens[at + 1 : k], k + (depth == 0)
    return tokens[at + 1 :], len(tokens)


def group(tokens: Sequence[Token], at: int) -> tuple[Sequence[Token], int]:
    """Return the tokens of a braced group, or the one token there, and where they end."""
    if at >= len(tokens) or tokens[at].kind == "end":
        return (), at
    return enclosed(tokens, at) if tokens[at].text == "{" else (tokens[at : at + 1], at + 1)


def mention(tokens: Sequence[Token], at: int, line: int = 0) -> tuple[Mention, int]:
    """Return the letter at a place with all that hangs on it, and where that ends."""
    found = Mention(base_of(tokens[at]), line=line)
    at += 1
    while at < len(tokens):
        sign = tokens[at].text
        if sign == "'" and tokens[at].kind != "text":
            found, at = replace(found, primes=found.primes + 1), at + 1
        elif sign == "_" and not found.sub and at + 1 < len(tokens):
            inner, at = group(tokens, at + 1)
            found = replace(found, sub=tuple(_items(inner)))
        elif sign == "^" and at + 1 < len(tokens):
            inner, at = group(tokens, at + 1)
            found = _raised(found, inner)
        else:
            break
    return replace(found, after=_after(tokens, at)), at


def _raised(found: Mention, inner: Sequence[Token]) -> Mention:
    """Return a mention with what stands above it: a transpose, an index, a star or a power."""
    texts = [each.text for each in inner]
    while texts[-1:] in TRANSPOSES and found.base != r"\mathbb{R}":
        found, inner, texts = replace(found, turned=True), inner[:-1], texts[:-1]
    if not texts:
        return found
    if (texts[0], texts[-1]) == ("(", ")"):
        return replace(found, sup=tuple(_items(inner[1:-1])), bracketed=True)
    if len(inner) == 1 and (texts[0] in STARS or inner[0].kind == "text"):
        return replace(found, sup=(Item(base_of(inner[0])),))
    if set(texts) == {"'"}:
        return replace(found, primes=found.primes + len(texts))
    if VECTOR.match(found.base) and inner[0].kind in ("letter", "digit"):
        return replace(found, sup=tuple(_items(inner)))
    return replace(found, power=tuple(inner))


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    """Yield the indices in a script: between commas, or sign by sign."""
    for part in filter(None, split(tokens, lambda each: each.text == "," and each.kind != "text")):
        texts = [each.text for each in part]
        text, letter = "".join(texts), part[0].text if part[0].kind == "letter" else ""
        is_long = {*texts} & {"+", "-", "_", "/", "(", "{", "=", "^"}
        if re.fullmatch(r"-?\d+", text):
            yield Item(text)
        elif not is_long:
            yield from map(_item, part)
        elif len(part) == 3 and letter and texts[1] in "+-" and texts[2].isdigit():
            yield Item(text, letter, int(texts[1] + texts[2]))
        else:
            yield Item("".join(map(base_of, part)), letter, plain=False)


def _item(token: Token) -> Item:
    letter = token.text if token.kind == "letter" and re.fullmatch(r"\w|\\ell", token.text) else ""
    return Item(base_of(token), letter)


def _after(tokens: Sequence[Token], at: int) -> str:
    """Tell what a bracket at a place holds: see `Mention`."""
    if at >= len(tokens) or tokens[at].text != "(":
        return ""
    inner, _ = enclosed(tokens, at)
    first, *others = split(inner, lambda each: each.text in (",", ";", "|") and each.kind != "text")
    if first and others:
        return "list"
    is_name_first = bool(inner) and is_name(inner, 0)
    end = mention(inner, 0)[1] if is_name_first else 1
    is_symbol = is_name_first or (inner and inner[0].kind == "digit")
    return "symbol" if is_symbol and end >= len(inner) else "sum"


@dataclass
class Span:
    """What an index runs over, as it is written, and where."""

    lower: str
    upper: str
    line: int
    is_sum: bool = False


@dataclass
class Found:
    """What the displays and formulas of a page mention."""

    mentions: list[Mention] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    lists: set[tuple[str, str]] = field(default_factory=set)
    """Letters that occur as ``x_1, \\dots, x_n``, with the last index."""
    sizes: set[str] = field(default_factory=set)
    """Letters that count something."""
    marked: set[str] = field(default_factory=set)
    """Letters of parameters: what is differentiated by, minimised over or updated."""

    def read(self, tokens: Sequence[Token], line: int) -> None:
        """Collect the mentions in a row."""
        start = len(self.mentions)
        self.scan(tokens, line)
        if any(each.text in (r"\dots", r"\vdots") for each in tokens):
            self._listed(self.mentions[start:])

    def _listed(self, mentions: Sequence[Mention]) -> None:
        r"""Note ``w_1 x_1 + \dots + w_d x_d`` as lists of w and of x."""
        single = [each for each in mentions if len(each.items) == 1]
        counted = {each.base for each in single if each.items[0].is_number}
        for each in single:
            last = each.items[0]
            if each.base in counted and last.letter and not last.shift and last.plain:
                self.lists.add((each.base, last.letter))

    def scan(self, tokens: Sequence[Token], line: int, *, in_script: bool = False) -> None:
        """Collect the mentions in some tokens."""
        at = 0
        while at < len(tokens):
            text = tokens[at].text
            if text in RUNNING and tokens[at].kind == "command":
                at = self._running(tokens, at + 1, line)
            elif text == r"\in" and tokens[at + 1 : at + 2]:
                at = self._set(tokens, at, line)
            elif is_name(tokens, at):
                self._range(tokens, at, line)
                found, at = mention(tokens, at, line)
                self.mentions.append(replace(found, in_script=in_script))
                letters = [each.letter for each in found.items if each.letter and not each.plain]
                self.mentions += [Mention(each, line=line, in_script=True) for each in letters]
                self.scan(found.power, line, in_script=True)
            elif text in ("_", "^"):
                inner, at = group(tokens, at + 1)
                if [each.text for each in inner] not in TRANSPOSES:
                    self.scan(inner, line, in_script=True)
            else:
                at += 1

    def _running(self, tokens: Sequence[Token], at: int, line: int) -> int:
        scripts: dict[str, Sequence[Token]] = {"_": (), "^": ()}
        while at < len(tokens) and tokens[at].text in scripts:
            sign = tokens[at].text
            scripts[sign], at = group(tokens, at + 1)
        lower, upper = scripts["_"], scripts["^"]
        texts = [each.text for each in lower]
        begin = texts.index("=") + 1 if "=" in texts else 0
        for k, each in enumerate(lower):
            is_letter = each.kind == "letter" and (k == 0 or texts[k - 1] == ",")
            if not is_letter or not (begin or each.text in USUAL):
                break
            start = "".join(texts[begin:]) if begin else ""
            self.spans[each.text].append(Span(start, spelled(upper), line, is_sum=True))
        self._count(upper)
        self.scan(upper, line, in_script=True)
        self.scan(lower[begin:] if begin else (), line, in_script=True)
        return at

    def _count(self, tokens: Sequence[Token]) -> None:
        """Note the letter of an upper end as a size."""
        if tokens and is_name(tokens, 0) and tokens[0].text not in self.spans:
            found, end = mention(tokens, 0)
            if not found.items and (end == len(tokens) or tokens[end].text in "+-"):
                self.sizes.add(found.base)

    def _range(self, tokens: Sequence[Token], at: int, line: int) -> None:
        r"""Note ``i = 1, \dots, n`` and ``x_1, \dots, x_n``."""
        texts = [each.text for each in tokens[at : at + 12]]
        k = texts.index(r"\dots") if r"\dots" in texts else -1
        if k < 2 or texts[k - 1] not in (",", r"\}"):
            return
        end = at + k + 1 + (texts[k + 1 : k + 2] == [","])
        upper = next(split(tokens[end:], lambda e: e.kind in ("text", "row") or e.text in STOPS))
        if texts[1] in ("=", r"\in") and len(texts[0]) == 1:
            start = 3 if texts[2] in (r"\{", "[") else 2
            if texts[start].isdigit() and {*texts[start:k]} <= {*"0123456789,"} and upper:
                self.spans[texts[0]].append(Span(texts[start], spelled(upper), line))
                self._count(upper)
        elif upper and is_name(tokens, at) and is_name(upper, 0):
            first, last = mention(tokens, at)[0], mention(upper, 0)[0]
            index = (*last.items, Item(""))[0]
            if first.base == last.base and first.items and index.letter and not index.shift:
                self.lists.add((first.base, index.letter))
                self.sizes.add(index.letter)

    def _set(self, tokens: Sequence[Token], at: int, line: int) -> int:
        r"""Note the sizes in ``\mathbb{R}^{n \times d}`` and what is in ``\mathbb{N}``."""
        name = tokens[at + 1].text
        if name in (r"\mathbb{N}", r"\mathbb{Z}"):
            before = tokens[max(0, at - 7) : at]
            self.sizes.update(each.text for each in before if each.kind == "letter")
        if name != r"\mathbb{R}" or [each.text for each in tokens[at + 2 : at + 3]] != ["^"]:
            return at + 1
        inner, end = group(tokens, at + 3)
        for k in range(len(inner)):
            if is_name(inner, k) and (k == 0 or inner[k - 1].text not in ("_", "^")):
                found, _ = mention(inner, k, line)
                self.mentions.append(replace(found, in_script=True))
                self.sizes |= set() if found.items else {found.base}
        return end


def spelled(tokens: Iterable[Token]) -> str:
    """Return tokens as LaTeX."""
    return joined(map(base_of, tokens))


def joined(parts: Iterable[str]) -> str:
    """Return signs as LaTeX, with a space behind each command."""
    return "".join(f"{e} " if re.fullmatch(r"\\[A-Za-z]+", e) else e for e in parts).strip()
