r"""Decide what the letters of a page are: indices, sizes, functions, labels, families, entries."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from equation_checker.drafting.mentions import VECTOR, joined
from equation_checker.drafting.unify import Shape, matrix, scalar, vector
from equation_checker.reading.expressions import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from equation_checker.drafting.mentions import Found, Item, Mention, Span

Slots = tuple[str | None, ...]
Pattern = tuple[Slots, Slots]
"""The labels below and above a letter; None where an index goes."""
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
        return self._written(_script(self.sub), _script(self.sup))

    @property
    def entry(self) -> str:
        """Return its name in a notation, which has ``#`` where an index goes."""
        marked = ("".join("#" if e in self.indices else e for e in s) for s in (self.sub, self.sup))
        return self._written(*marked)

    def _written(self, sub: str, sup: str) -> str:
        sup = f"({sup})" if self.bracketed else sup
        return self.base + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")

    @property
    def letter(self) -> str:
        r"""Return the letter without its style, or its first sign: ``x`` of ``\mathbf{x}``."""
        letters = re.findall(r"(?<![\\A-Za-z])[A-Za-z]+|\\[A-Z]?[a-z]+\b", self.base)
        return (letters[-1] if letters else self.base).lstrip("\\")[:1]

    @property
    def is_function(self) -> bool:
        """Tell whether it takes arguments."""
        return self.arguments is not None


def _script(items: Iterable[str]) -> str:
    """Return indices and labels as one script; a comma parts numbers of several digits."""
    parts = [*items]
    if any(len(each) > 1 and each.isdigit() for each in parts):
        return ",".join(parts)
    return joined(parts)


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
        counted = found.sizes | {last for _, last in found.lists}
        self.sizes = {
            each for each in counted - self.indices - self.turned if not self._takes(each)
        }
        self.families: dict[str, set[Pattern]] = defaultdict(set)
        """How the members of a family are written: no label stands where an index goes."""
        for each in found.mentions:
            pattern = self._pattern(each)
            if None in (*pattern[0], *pattern[1]):
                self.families[each.base].add(pattern)
        for base, _ in found.lists:
            self.families[base].add(((None,), ()))

    # Indices.

    def _indices(self) -> set[str]:
        """Return the letters that run: said so by a range, or taken so by custom."""
        on: dict[str, set[str]] = defaultdict(set)
        shifted: set[str] = set()
        for each in self.found.mentions:
            for item in each.items:
                on[item.letter].add(each.base)
                shifted |= {item.letter} if item.shift else set()
        spans = {name for name in self.found.spans if not self._takes(name)}
        last = {upper for _, upper in self.found.lists if upper not in "ijk"}
        customary = {e for e in on if e in INDICES and (e in "ijkt" or e not in self.found.sizes)}
        usual = {
            each for each in customary if not self._takes(each)
            and (each in "ijkt" or (not self.bare[each] and (len(on[each]) > 1 or each in "nl")))
        }  # fmt: skip
        return (spans | usual | (customary & shifted)) - (last - spans)

    def span(self, index: str) -> Span | None:
        """Return what an index runs over, as the author says it; ends of sums count least."""
        found = [each for each in self.found.spans.get(index, ()) if self._is_fixed(each, index)]
        found = [each for each in found if not each.is_sum] or found
        ranked = Counter((each.lower, each.upper) for each in found).most_common(1)
        return next((e for e in found if (e.lower, e.upper) == ranked[0][0]), None)

    def _is_fixed(self, span: Span, index: str) -> bool:
        """Tell whether the ends are numbers and sizes, and no other indices."""
        letters = re.findall(r"(?<![\\A-Za-z])[A-Za-z]", f"{span.lower} {span.upper}")
        is_plain = not re.search(r"[|(\\]", span.upper.replace(r"\ell", ""))
        is_said = span.lower.lstrip("-").isdigit() and span.upper and is_plain
        return bool(is_said) and not {index, *self.found.spans} & {*letters}

    # Symbols.

    def _pattern(self, each: Mention) -> Pattern:
        def slots(items: Iterable[Item]) -> Slots:
            return tuple(None if item.letter in self.indices else item.text for item in items)

        return slots(each.sub), slots(each.sup)

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
        (sub, sup), rest = self._family(each)
        below, above = (",".join(e or "#" for e in slots) for slots in (sub, sup))
        key = f"{each.base}|{below}|{above}|{each.bracketed}"
        if key not in self.known:
            self.known[key] = self._new(key, each, sub, sup)
        name = self.known[key]
        items = (*each.sub[: len(sub)], *each.sup)
        places = [item for e, item in zip((*sub, *sup), items, strict=False) if e is None]
        name.shifts.extend(enumerate(places))
        if each.line not in name.lines:
            name.lines.append(each.line)
        return name, rest

    def _family(self, each: Mention) -> tuple[Pattern, int]:
        """Return how the symbol is written that is meant, and how many indices are left over."""
        own, families = self._pattern(each), self.families[each.base]
        if len(each.sub) == 2 and not each.sup:
            if ((None,), ()) in families and own[0][0] is None:
                return ((None,), ()), 1
            if self.bare[each.base] and re.fullmatch("[A-Z]", each.base):
                return ((), ()), 2
        for family in sorted(families, key=repr):
            if [*map(len, family)] == [*map(len, own)] and self._is_member(family, each):
                return family, 0
        return own, 0

    def _is_member(self, family: Pattern, each: Mention) -> bool:
        for slot, item in zip((*family[0], *family[1]), each.items, strict=True):
            number = item.is_number or item.letter in self.sizes or item.letter in self.indices
            if (slot is None and not number) or (slot is not None and slot != item.text):
                return False
        return True

    def _new(self, key: str, each: Mention, sub: Slots, sup: Slots) -> Name:
        indices: list[str] = []
        items = (*each.sub[: len(sub)], *each.sup)
        for slot, item in zip((*sub, *sup), items, strict=False):
            if slot is None:
                indices.append(self._index_for(item, each, indices))
        letters = iter(indices)
        below, above = (tuple(e or next(letters) for e in slots) for slots in (sub, sup))
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
        pool = itertools.chain(wanted, SIZES, (f"N_{k}" for k in itertools.count(1)))
        name = next(each for each in pool if each not in used)
        self.sizes.add(name)
        return name
