"""The notation: what each symbol is, its shape, range and Python name; it grows by definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from equation_checker.language import tree as t
from equation_checker.language.sizes import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Layout = Literal["", "rows", "columns"]
Kind = Literal["size", "index", "variable", "function", "indicator", "set", "random"]
DomainKind = Literal[
    "real", "positive", "nonnegative", "natural", "integer", "whole", "interval", "finite",
    "simplex",
]  # fmt: skip
Matrices = Literal["", "symmetric", "definite", "semidefinite", "orthogonal", "rotation", "lower"]


RAW, CHANCES, VALUES = "⟨raw⟩", "⟨chances⟩", "⟨values"
"""How symbols begin that no text writes: what makes a law of a function, or of a mere name."""
TWIN = "twin"
"""What tells a function apart from a number of the same letter, in the place of its arguments."""


@dataclass(frozen=True)
class Head:
    """A symbol as it is declared: its letter and its scripts, ``None`` where an index goes."""

    base: str
    sub: tuple[str | None, ...] = ()
    sup: tuple[str | None, ...] = ()
    bracketed: bool = False
    arguments: str = ""
    """Of a further function of the same letter: its arguments, which tell it apart."""

    @property
    def name(self) -> str:
        r"""Return the one name of the symbol, ``x_{#}`` or ``W^{(#)}``."""
        sub, sup = ("".join(each or "#" for each in slots) for slots in (self.sub, self.sup))
        sup = f"({sup})" if self.bracketed else sup
        mark = f"⟨{self.arguments}⟩" if self.arguments else ""
        return mark + self.base + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")


@dataclass(frozen=True)
class Domain:
    """Where the numbers of a symbol live."""

    kind: DomainKind
    values: tuple[Fraction, ...] = ()
    """The members of a finite set, or the two ends of an interval."""
    over: t.Range | None = None
    r"""Of a finite set ``\{1, \dots, K\}``: its ends."""
    matrix: Matrices = ""
    """Of which kind a matrix of real numbers is."""
    nonempty: bool = False
    """Whether the vector says what a set holds, so that not all of it is 0."""


REAL = Domain("real")
ONE = t.Number(Fraction(1))
SCALAR: tuple[t.Node, t.Node] = (ONE, ONE)


@dataclass(frozen=True)
class Entry:
    """One declared symbol."""

    head: Head
    kind: Kind
    shape: tuple[t.Node, t.Node] | None = SCALAR
    """Rows and columns; ``None`` until a definition tells."""
    domain: Domain = REAL
    """Where it lives; of a function, where its values do."""
    indices: tuple[str, ...] = ()
    """The names of the indices in its head, and below what each runs over."""
    ranges: tuple[t.Range | None, ...] = ()
    arguments: tuple[tuple[t.Node, t.Node], ...] = ()
    """Of a function without a definition: the shapes that it takes."""
    takes: tuple[Domain, ...] = ()
    """And where these live."""
    law: t.Law | None = None
    """Of a random variable: how it is distributed, independently of all others."""
    signs: tuple[str, ...] = ()
    r"""Of ``P(k = 1 \mid x; w)``: what stands before, between and behind its arguments; none
    where only commas do."""
    joint: tuple[str, ...] = ()
    r"""Of a law ``(x, z) \sim p``: the letters whose law it is."""
    members: t.Set | None = None
    """Of a set: what it holds."""
    letter: str = ""
    """Of a matrix or vector ``X = (x_{ij})``: how its entries are written as well."""
    first: int = 1
    r"""Of a vector ``x = (x_0, \dots, x_d)``: the number of its first entry."""
    python: str = ""
    meaning: str = ""
    place: str = ""

    @property
    def name(self) -> str:
        """Return the name that trees know the symbol by."""
        return self.head.name

    @property
    def dimensions(self) -> int:
        """Return how many indices a component of the symbol has."""
        return sum(size != ONE for size in self.shape or ())


@dataclass(frozen=True)
class Definition:
    """One ``:=``: for which indices and arguments it holds, and what it says."""

    name: str
    body: t.Node
    indices: tuple[t.Node, ...] = ()
    components: tuple[t.Node, ...] = ()
    parameters: tuple[t.Symbol, ...] = ()
    shapes: tuple[tuple[t.Node, t.Node], ...] = ()
    """The shapes of the arguments, as they were declared when it was read."""
    ranges: tuple[tuple[str, t.Range], ...] = ()
    span: t.Span = field(default=t.NOWHERE, compare=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the symbols that occur in what it says, beside its arguments."""
        return frozenset(t.names(self.body) - {*self.bound})

    @property
    def bound(self) -> dict[str, tuple[t.Node, t.Node]]:
        """Return the arguments that the definition names itself, with their shapes."""
        pairs = zip(self.parameters, self.shapes, strict=True)
        return {each.name: shape for each, shape in pairs if not each.indices}

    @property
    def head(self) -> t.Node:
        """Return the left side."""
        symbol = t.Symbol(self.name, self.indices)
        left = t.Apply(symbol, self.parameters) if self.parameters else symbol
        return t.Component(left, self.components) if self.components else left


@dataclass(frozen=True)
class Notation:
    """All declared symbols and their definitions; never changed, only extended into a new one."""

    entries: dict[str, Entry] = field(default_factory=dict)
    definitions: dict[str, tuple[Definition, ...]] = field(default_factory=dict)
    again: frozenset[str] = frozenset()
    """Symbols that are declared anew; older definitions from them may fit no longer."""
    jacobian: Layout = ""
    """Whether the outputs of a Jacobian run along its rows or its columns."""
    broadcast: Layout = ""
    """Whether a vector that is added to a matrix is added to its rows or its columns, if at all."""
    entrywise: bool = False
    """Whether columns are divided, raised and added to numbers entry by entry."""
    parted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What stands around the arguments of functions that are declared without their signs."""

    def declare(self, entry: Entry) -> Notation:
        """Return the notation with a symbol more; an older one of that name gives way."""
        parted = {k: v for k, v in self.parted.items() if k != entry.name}
        definitions = {k: v for k, v in self.definitions.items() if k != entry.name}
        entries = {**self.entries, entry.name: entry}
        again = self.again | {entry.name} if entry.name in self.entries else self.again
        return replace(self, entries=entries, definitions=definitions, again=again, parted=parted)

    def beside(self, older: Notation, gone: Notation | None) -> Notation:
        """Let a function and a number of one letter live side by side, but for what is gone."""
        made = self
        for name, entry in self.entries.items():
            old = older.entries.get(name)
            if old is None or old.kind == entry.kind or "function" not in (old.kind, entry.kind):
                continue
            if gone is None or gone.entries.get(name) is not old:
                twin = replace(entry, head=replace(entry.head, arguments=TWIN))
                known = {**self.definitions, name: older.definitions.get(name, ())}
                made = replace(made.changed(old), definitions=known).declare(twin)
        return made

    def parting(self, signs: Mapping[str, tuple[str, ...]]) -> Notation:
        """Return the notation that knows with which signs its functions were written."""
        return replace(self, parted={k: v for k, v in signs.items() if k in self.entries})

    def define(self, definition: Definition) -> Notation:
        """Return the notation with a definition more."""
        known = self.definitions.get(definition.name, ())
        new = (*known, definition)
        return replace(self, definitions={**self.definitions, definition.name: new})

    def changed(self, entry: Entry) -> Notation:
        """Return the notation in which more is known of a symbol; what defines it stays."""
        return replace(self, entries={**self.entries, entry.name: entry})

    def counted(self, of: t.Node, indices: Sequence[t.Node], times: int = 1) -> tuple[t.Node, ...]:
        """Return indices of entries counted from 1; with -1 times, back as they are written."""
        entry = self.entries.get(of.name) if isinstance(of, t.Symbol) else None
        if entry is None or entry.first == 1:
            return tuple(indices)
        step = t.Number(Fraction(times * (1 - entry.first)))
        return tuple(replace(canonical(t.Add((each, step))), span=each.span) for each in indices)

    def kind(self, name: str) -> str:
        """Return of which kind a symbol is declared; nothing for one that is not."""
        entry = self.entries.get(name)
        return entry.kind if entry is not None else ""

    def index_range(self, name: str) -> t.Range:
        """Return what a declared index runs over."""
        over = self.entries[name].ranges[0]
        if over is None:
            raise KeyError(name)
        return over

    def bases(self, base: str) -> tuple[Entry, ...]:
        """Return the symbols that begin with this letter, or whose entries do."""
        return tuple(e for e in self.entries.values() if base and base in (e.head.base, e.letter))

    def resolve(self, node: t.Node) -> t.Node:
        """Put the values of sizes that have one (``m := 2``, ``n_0 := d``) in their place."""
        if isinstance(node, t.Symbol) and self.kind(node.name) == "size":
            for definition in self.definitions.get(node.name, ()):
                if definition.indices == node.indices:
                    return self.resolve(definition.body)
        return t.rebuild(node, self.resolve)

    @cached_property
    def labels(self) -> dict[str, t.Range]:
        """Return between which whole numbers symbols lie that can be indices by their value."""
        found: dict[str, t.Range] = {}
        for entry in self.entries.values():
            values = entry.domain.values
            if entry.domain.over is not None:
                found[entry.name] = entry.domain.over
            elif entry.domain.kind == "finite" and all(each.denominator == 1 for each in values):
                found[entry.name] = t.Range(t.Number(min(values)), t.Number(max(values)))
        return found

    def rests_on(self, nodes: Iterable[t.Node]) -> set[str]:
        """Return the symbols in some expressions, and all that these are defined from."""
        names = set[str]().union(*map(t.names, nodes))
        return names.union(*(self.reach.get(name, frozenset()) for name in names))

    def speaks_of(self, nodes: Sequence[t.Node], is_meant: Callable[[t.Node], bool]) -> bool:
        """Tell whether some kind of node occurs in expressions, or in what these rest on."""
        known = (self.definitions.get(name, ()) for name in self.rests_on(nodes))
        bodies = [each.body for definitions in known for each in definitions]
        return any(is_meant(each) for body in (*nodes, *bodies) for each in t.walk(body))

    @cached_property
    def has_random(self) -> bool:
        """Tell whether a random variable is declared at all."""
        return any(each.kind == "random" for each in self.entries.values())

    def random(self, node: t.Node) -> list[str]:
        """Return the random variables that an expression rests on, each before what needs it."""
        found: dict[str, None] = {}
        for symbol in t.free(node) if self.has_random else ():
            self._random(symbol.name, found, set())
        return list(found)

    def _random(self, name: str, found: dict[str, None], seen: set[str]) -> None:
        entry = self.entries.get(name)
        if entry is None or name in seen:
            return
        seen.add(name)
        parts = [(each.body, each.bound) for each in self.definitions.get(name, ())]
        if entry.law is not None:
            parts.append((entry.law, {}))
        for body, bound in parts:
            for symbol in t.free(body):
                if symbol.name not in bound:
                    self._random(symbol.name, found, seen)
        if entry.kind == "random":
            found[name] = None

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """Return which symbols the value of each symbol depends on, itself among them."""
        return Reach(self)


class Reach(Mapping[str, frozenset[str]]):
    """Which symbols the value of each symbol depends on, found out for those that are asked for."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.known: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self.known:
            found, todo = {self.notation.entries[name].name}, [name]
            while todo:
                for definition in self.notation.definitions.get(todo.pop(), ()):
                    todo.extend(definition.names - found)
                    found |= definition.names
            self.known[name] = frozenset(found)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.notation.entries)

    def __len__(self) -> int:
        return len(self.notation.entries)
