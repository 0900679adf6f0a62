r"""Decide what the letters of a page are: indices, sizes, functions, labels, families, entries."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from equation_checker.drafting.mentions import VECTOR
from equation_checker.drafting.unify import Shape, matrix, scalar, vector
from equation_checker.reading.expressions import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from equation_checker.drafting.mentions import Found, Item, Mention, Span

INDICES = {
    "i": "nNm", "j": "mMdk", "k": "KmM", "l": "Lq", "t": "T", "s": "ST", "n": "N", "m": "M",
    "p": "P", "q": "Q", "r": "R", r"\ell": "L", "c": "C",
}  # fmt: skip
"""Letters that are indices by custom, and the sizes that they run up to by custom."""
FUNCTIONS = frozenset(
    r"""f g h u l p q r F G H J L P Q R U V C \sigma \phi \psi \varphi \Phi \Psi \ell \mathcal{L}
    \mathcal{J} \mathcal{R} \rho \kappa \mathbf{f} \mathbf{g} \mathbf{h} \mathbf{F}""".split()  # noqa: SIM905
)
"""Letters that are functions where a bracket follows."""
ENTRYWISE = frozenset((r"\sigma", r"\phi", r"\psi", r"\varphi", r"\Phi", r"\text{sigmoid}"))
NUMBER = re.compile(r"\\?[a-z]+|\\(hat|bar|tilde|dot)\{[a-z]\}")
BOLD = re.compile(r"\\(mathbf|boldsymbol|bm|vec)\s*\{?\s*(\\?[A-Za-z]+)")
SIZES = "nmdpqrkNMKDPQRLS"


@dataclass
class Name:
    """One symbol of the draft."""

    key: str
    base: str
    sub: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()
    bracketed: bool = False
    indices: tuple[str, ...] = ()
    shape: Shape = field(default_factory=Shape)
    arguments: list[Shape] | None = None
    """Of a function: the shapes that it takes."""
    lines: list[int] = field(default_factory=list)
    shifts: list[tuple[int, Item]] = field(default_factory=list)
    """Which index, and how it is written, wherever a member of a family occurs."""
    stated: str = ""
    """The set that the author names, as LaTeX, and the line where."""
    stated_at: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    """What the draft goes by, and the line."""
    domain: str = ""

    @property
    def head(self) -> str:
        """Return how a row spells it."""
        sub, sup = (_script(each) for each in (self.sub, self.sup))
        sup = f"({sup})" if self.bracketed else sup
        return self.base + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")

    @property
    def is_function(self) -> bool:
        """Tell whether it takes arguments."""
        return self.arguments is not None


def _script(items: Iterable[str]) -> str:
    parts = [*items]
    joint = "," if any(len(each) > 1 and each.isdigit() for each in parts) else " "
    return joint.join(parts).replace(" ", "") if joint == "," else _close(parts)


def _close(parts: list[str]) -> str:
    text = ""
    for each in parts:
        text += " " if re.search(r"\\[A-Za-z]+$", text) and each[:1].isalpha() else ""
        text += each
    return text


class Names:
    """All symbols of a page, found from how they are mentioned."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.known: dict[str, Name] = {}
        self.shown = [each for each in found.mentions if not each.in_script]
        self.bare = Counter(
            e.base for e in self.shown if not e.items and not e.after and not e.primes
        )
        self.after: dict[str, Counter[str]] = defaultdict(Counter)
        for each in found.mentions:
            if each.after:
                self.after[each.base][each.after] += 1
        self.turned = {each.base for each in self.shown if each.turned}
        self.has_bold = any(VECTOR.match(each.base) for each in self.shown)
        """Whether vectors are set in bold, so that other small letters are numbers."""
        self.indices = self._indices()
        lasts = {last for _, last in found.lists}
        self.sizes = {
            each for each in found.sizes | lasts
            if each not in self.indices and not self._takes(each) and each not in self.turned
        }  # fmt: skip
        self.patterns: dict[str, set[tuple[str | None, ...]]] = defaultdict(set)
        for each in found.mentions:
            slots = self._slots(each)
            if None in slots:
                self.patterns[each.base].add((str(len(each.sub)), *slots))
        for base, _ in found.lists:
            self.patterns[base].add(("1", None))

    # Indices.

    def _indices(self) -> set[str]:
        on: dict[str, set[str]] = defaultdict(set)
        shifted: set[str] = set()
        for each in self.found.mentions:
            for item in each.items:
                if item.letter:
                    on[item.letter].add(each.base)
                    shifted |= {item.letter} if item.shift else set()
        spans = {name for name in self.found.spans if not self._takes(name)}
        last = {upper for _, upper in self.found.lists if upper not in "ijk"}
        usual = {
            letter
            for letter, bases in on.items()
            if letter in INDICES and not self._takes(letter)
            and (letter in "ijkt" or letter not in self.found.sizes)
            and (letter in "ijkt" or (not self.bare[letter] and (len(bases) > 1 or letter in "nl")))
        }  # fmt: skip
        moved = {
            each for each in shifted if each in INDICES and each not in self.found.sizes - {*"ijkt"}
        }
        return (spans | usual | moved) - (last - spans)

    def span(self, index: str) -> Span | None:
        """Return what an index runs over, as the author says it; ends of sums count least."""
        found = [each for each in self.found.spans.get(index, ()) if self._is_fixed(each, index)]
        ranked = Counter((each.lower, each.upper) for each in found if not each.is_sum)
        if not ranked:
            ranked = Counter((each.lower, each.upper) for each in found)
        if not ranked:
            return None
        best = ranked.most_common(1)[0][0]
        return next(each for each in found if (each.lower, each.upper) == best)

    def _is_fixed(self, span: Span, index: str) -> bool:
        """Tell whether the ends are numbers and sizes, and no other indices."""
        letters = re.findall(r"(?<![\\A-Za-z])[A-Za-z]", f"{span.lower} {span.upper}")
        if not span.lower.lstrip("-").isdigit() or not span.upper or r"\infty" in span.upper:
            return False
        if re.search(r"[|(\\]", span.upper.replace(r"\ell", "")):
            return False
        return index not in letters and not any(each in self.found.spans for each in letters)

    # Symbols.

    def _slots(self, each: Mention) -> tuple[str | None, ...]:
        return tuple(None if item.letter in self.indices else item.text for item in each.items)

    def is_function(self, base: str) -> bool:
        """Tell whether a bracket behind a letter holds arguments."""
        return base not in self.sizes and base not in self.indices and self._takes(base)

    def _takes(self, base: str) -> bool:
        seen = self.after.get(base, Counter())
        if self.bare[base] > sum(seen.values()):
            return False
        by_custom = base in FUNCTIONS or base.startswith((r"\text{", r"\mathcal{"))
        if seen["list"] or (seen["symbol"] and not self.bare[base]):
            return True
        return by_custom and bool(seen["symbol"] or (seen["sum"] and not self.bare[base]))

    def find(self, each: Mention) -> tuple[Name, int]:
        """Return the symbol that is mentioned, and how many indices its entry has."""
        slots = self._slots(each)
        pattern, rest = self._pattern(each, slots)
        count = int(pattern[0] or 0)
        sub, sup = pattern[1 : count + 1], pattern[count + 1 :]
        marks = ["#" if slot is None else slot for slot in pattern[1:]]
        key = f"{each.base}|{','.join(marks[:count])}|{','.join(marks[count:])}|{each.bracketed}"
        if key not in self.known:
            self.known[key] = self._new(key, each, sub, sup)
        name = self.known[key]
        kept = (*each.sub[: len(sub)], *each.sup)
        places = [item for slot, item in zip(pattern[1:], kept, strict=False) if slot is None]
        name.shifts.extend(enumerate(places))
        if each.line not in name.lines:
            name.lines.append(each.line)
        return name, rest

    def _pattern(
        self, each: Mention, slots: tuple[str | None, ...]
    ) -> tuple[tuple[str | None, ...], int]:
        own = (str(len(each.sub)), *slots)
        families = sorted(self.patterns[each.base], key=len)
        wide = len(each.sub)
        if wide == 2 and not each.sup and ("1", None) in families and own[1] is None:
            return ("1", None), 1
        if wide == 2 and not each.sup and self._is_whole(each.base):
            return ("0",), 2
        for family in families:
            if len(family) == len(own) and family[0] == own[0] and self._member(family, each):
                return family, 0
        return own, 0

    def _is_whole(self, base: str) -> bool:
        return bool(self.bare[base]) and base[-1:].isupper() and len(base) == 1

    def _member(self, family: tuple[str | None, ...], each: Mention) -> bool:
        for slot, item in zip(family[1:], each.items, strict=True):
            number = item.is_number or item.letter in self.sizes or item.letter in self.indices
            if (slot is None and not number) or (slot is not None and slot != item.text):
                return False
        return True

    def _new(
        self, key: str, each: Mention, sub: tuple[str | None, ...], sup: tuple[str | None, ...]
    ) -> Name:
        indices: list[str] = []
        items = (*each.sub[: len(sub)], *each.sup)
        for slot, item in zip((*sub, *sup), items, strict=False):
            if slot is None:
                indices.append(self._index_for(item, each, indices))
        letters = iter(indices)
        below, above = (
            tuple(next(letters) if slot is None else slot for slot in slots) for slots in (sub, sup)
        )
        name = Name(key, each.base, below, above, each.bracketed, tuple(indices))
        if self.is_function(each.base):
            return name
        if self.has_bold and each.base not in self.turned and NUMBER.fullmatch(each.base):
            name.shape = scalar()
        elif bold := BOLD.search(each.base):
            letter = bold[2].lstrip("\\")
            name.shape = matrix() if letter[:1].isupper() and bold[1] != "vec" else vector()
            name.reasons["set in bold"] = each.line
            if name.head in IDENTITIES:
                name.shape = Shape(name.shape.rows, name.shape.rows)
        return name

    def _index_for(self, item: Item, each: Mention, taken: list[str]) -> str:
        """Return the letter that a family is declared with: the one that is used most."""
        place = next(k for k, other in enumerate(each.items) if other is item)
        same = (e for e in self.found.mentions if e.base == each.base)
        letters = Counter(e.items[place].letter for e in same if len(e.items) == len(each.items))
        ranked = [letter for letter, _ in letters.most_common() if letter in self.indices]
        return next((e for e in [*ranked, *"ijklst"] if e in self.indices and e not in taken), "i")

    def fresh(self, wanted: Iterable[str]) -> str:
        """Return a letter for a size that nobody named."""
        used = {each.base for each in self.found.mentions} | self.indices | self.sizes
        pool = [*wanted, *SIZES]
        name = next((e for e in pool if e not in used), "")
        k = 1
        while not name:
            name = f"N_{k}" if f"N_{k}" not in self.sizes else ""
            k += 1
        self.sizes.add(name)
        return name
