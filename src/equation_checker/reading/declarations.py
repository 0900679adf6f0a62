"""Read definitions and rows of the notation: what makes the notation grow."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.distributions import BY_LATEX, DISTRIBUTIONS
from equation_checker.language.errors import Mismatch, Unreadable, ambiguous
from equation_checker.language.functions import BUILT_IN
from equation_checker.language.notation import (
    SCALAR,
    TWIN,
    Definition,
    Domain,
    Entry,
    Head,
    Layout,
    Matrices,
    Notation,
)
from equation_checker.language.printing import Printer, spell
from equation_checker.language.sizes import canonical, linear
from equation_checker.meaning.shapes import Shapes, summands
from equation_checker.reading import joint
from equation_checker.reading.arguments import plain
from equation_checker.reading.clauses import (
    Clause,
    clauses,
    index_range,
    is_lone_index,
    parted,
    ranges_of,
)
from equation_checker.reading.cursor import Local
from equation_checker.reading.expressions import CONSTANTS, SPECIAL, Parser, cardinality, paired
from equation_checker.reading.overloads import family, same, signature
from equation_checker.reading.rows import (
    DEFINING,
    closing,
    cut,
    deeper,
    ended,
    split,
    words_of,
)
from equation_checker.reading.sets import SetReader
from equation_checker.reading.symbols import Item, Scripts, number_of
from equation_checker.reading.tokens import Token, tokenise
from equation_checker.reading.words import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read_definition(
    clause: Clause, notation: Notation, inherited: Notation | None = None
) -> tuple[Notation, Definition]:
    """Read ``head := body`` and return the notation with it."""
    ranges = _ranges(clause, notation)
    parser = Parser(clause.tokens, notation)
    head = _DefinitionHead(parser, notation, ranges)
    notation = head.declared(inherited)
    parser.notation = parser.printer.notation = notation
    if not parser.accept("=", *DEFINING):
        raise parser.error("expected := after the head of a definition")
    with parser.bound(**head.locals()), parser.averaging():
        tree = parser.expression()
        outside = {
            each.name for each in (*head.indices, *head.components) if isinstance(each, t.Symbol)
        }
        (tree,) = paired([tree], parser.ranges(), outside)
        (tree,) = parser.sized([tree], SCALAR if head.components else head.entry.shape)
    if parser.next.kind != "end":
        raise parser.error("cannot read on here")
    _refuse_untied(head.parameters, tree, notation)
    notation = head.notation = parser.notation.parting(parser.parted)
    hidden = head.hidden(tree)
    if hidden:
        notation = head.with_hidden(hidden)
    definition = Definition(
        head.entry.name,
        tree,
        indices=head.indices,
        components=head.components,
        parameters=head.parameters,
        shapes=tuple(Shapes(notation).parameter(each) for each in head.parameters),
        ranges=ranges,
        span=clause.span,
    )
    definition = _unmoved(definition, parser.ranges())
    try:
        known = add_definition(notation, head.entry, definition)
    except Mismatch as problem:
        raise _startless(problem, definition, notation) from None
    return _with_start(known, head.entry.name, definition), definition


def _refuse_untied(parameters: Sequence[t.Symbol], body: t.Node, notation: Notation) -> None:
    """Refuse ``f(v) := ... v_n ...`` where no row says that ``v_n`` are the entries of ``v``."""
    names = t.names(body)
    for each in parameters:
        alike = (e for e in notation.bases(each.name) if e.name in names and e.indices)
        if each.name not in names and any(alike):
            shown = Printer(notation).show(each)
            message = (
                f"the argument {shown} is not used, and {shown} with an index is another symbol"
            )
            raise Unreadable(message, each.span, f"tie them by a row such as {shown} = ({shown}_i)")


def _startless(problem: Mismatch, definition: Definition, notation: Notation) -> Mismatch:
    """Say how a family that is defined from its own members gets a first one."""
    entry = notation.entries[definition.name]
    over = entry.ranges[0] if len(entry.ranges) == 1 else None
    if over is None or definition.name not in t.names(definition.body):
        return problem
    ends = (moved(over.lower, t.number(-1)), over.upper)
    first, last = (spell(entry.name, [Printer(notation).show(each)]) for each in ends)
    hint = rf"a recursion starts from a declared member: {first}, \dots, {last} \in …"
    return Mismatch(problem.message, problem.span, hint or problem.hint)


def _unmoved(definition: Definition, ranges: Mapping[str, t.Range]) -> Definition:
    """Say ``h_{t+1} := f(t)`` for t from 0 as ``h_t := f(t - 1)`` for t from 1."""
    places = (*definition.indices, *definition.components)
    for k, each in enumerate(places):
        match each:
            case t.Add((t.Symbol(name, ()) as index, t.Number() as step)) if name in ranges:
                back = t.Add((index, t.Negative(step)))
            case _:
                continue
        over = dict(definition.ranges).get(name, ranges[name])
        later = t.Range(moved(over.lower, step), moved(over.upper, step))
        places = (*places[:k], index, *places[k + 1 :])
        definition = replace(
            definition,
            indices=places[: len(definition.indices)],
            components=places[len(definition.indices) :],
            body=t.substitute(definition.body, {name: back}),
            ranges=(*((n, r) for n, r in definition.ranges if n != name), (name, later)),
        )
    return definition


def moved(node: t.Node, step: t.Number) -> t.Node:
    """Return the end of a range that is moved by a step."""
    match node:
        case t.Number(value):
            return t.number(value + step.value)
        case t.Add((first, t.Negative(t.Number(value)))) if value == step.value:
            return first
        case _:
            return t.Add((node, step))


def _with_start(notation: Notation, name: str, definition: Definition) -> Notation:
    """Let a family that is defined from 1 on begin with ``s_0``, if that is a symbol of its own."""
    entry = notation.entries[name]
    over = entry.ranges[0] if len(entry.ranges) == 1 else None
    if over is None or not isinstance(over.lower, t.Number) or definition.components:
        return notation
    before, head = t.number(over.lower.value - 1), entry.head
    label = (str(before.value),)
    sub, sup = (label, ()) if head.sub else ((), label)
    start = notation.entries.get(Head(head.base, sub, sup, head.bracketed).name)
    if start is None or start.shape != entry.shape or len(notation.definitions[name]) > 1:
        return notation
    notation = notation.changed(replace(entry, ranges=(t.Range(before, over.upper),)))
    return notation.define(Definition(name, t.Symbol(start.name), indices=(before,)))


def _ranges(clause: Clause, notation: Notation) -> tuple[tuple[str, t.Range], ...]:
    """Return what the indices of a definition run over; it has no other premises."""
    for each in clause.premises:
        if each.word != "range" and not is_lone_index(each.tokens, notation):
            raise Unreadable("a definition with a condition", each.span, r"write \begin{cases}")
    return ranges_of(clause.premises, notation)


def add_definition(notation: Notation, entry: Entry, definition: Definition) -> Notation:
    """Add a definition whose shape has been found (or agrees with the declared one)."""
    for other in notation.definitions.get(entry.name, ()):
        if (other.indices, other.components) == (definition.indices, definition.components):
            raise Unreadable(
                f"{spell(entry.name, entry.indices)} is defined already",
                definition.span,
                "write = to claim it again, or give this one another name",
            )
    known = notation.define(definition)
    if not entry.indices and _speaks_of_itself(definition, known):
        raise Unreadable(f"{spell(entry.name, ())} is defined by itself", definition.span)
    if entry.kind == "size":
        return known
    shapes = Shapes(known)
    scope = replace(shapes.scope(definition.ranges), values=definition.bound)
    if definition.components:
        shapes.check_scalar(definition.body, scope, "the definition of an entry")
        if entry.shape is None:
            shape = _component_shape(definition, scope.ranges)
            known = known.changed(replace(entry, shape=shape))
        return known
    head = t.Symbol(entry.name, definition.indices)
    if entry.kind == "function" or entry.shape is None:
        return known.changed(replace(entry, shape=shapes.of(definition.body, scope)))
    shapes.of(head, scope)
    shape, wanted = shapes.of(definition.body, scope), shapes.of(head, scope)
    if not shapes.equal(shape, wanted):
        raise Unreadable(
            f"{shapes.printer.show(head)} is declared as {shapes.show(wanted)}, "
            f"but its definition is {shapes.show(shape)}",
            definition.body.span,
        )
    return known


def known_head(clause: Clause, notation: Notation) -> str:
    """Tell what stands on the left: a symbol that is ``new``, ``free`` or ``defined``, or none."""
    first, at = clause.tokens[0], clause.relations
    is_name = first.kind in ("letter", "text") or (
        first.kind == "command" and first.text not in SPECIAL and first.text not in CONSTANTS
    )
    if not at or not is_name:
        return ""
    try:
        parser = Parser(cut(clause.tokens, 0, at[0]), notation)
        head = _DefinitionHead(parser, notation, ranges_of(clause.premises, notation))
    except Unreadable:
        return ""
    if parser.next.kind != "end":
        return ""
    if head.entry.name not in notation.entries:
        return "" if first.text in BUILT_IN else "new"
    known = notation.definitions.get(head.entry.name, ())
    same = [e for e in known if (e.indices, e.components) == (head.indices, head.components)]
    return "defined" if same else "free"


def read_update(clause: Clause, notation: Notation) -> tuple[Notation, Definition]:
    r"""Read ``w \leftarrow e`` as the definition of the new value of ``w``; the old one stays."""
    if known_head(clause, notation) == "new":
        return read_definition(clause, notation)
    ranges = _ranges(clause, notation)
    parser = Parser(clause.tokens, notation)
    head = _DefinitionHead(parser, notation, ranges)
    sup = (*head.entry.head.sup, r"\leftarrow")
    entry = replace(head.entry, head=replace(head.entry.head, sup=sup), python="")
    parser.expect(r"\leftarrow", "after what is updated")
    with parser.bound(**head.locals()):
        (body,) = parser.sized([parser.expression()], head.entry.shape)
    if parser.next.kind != "end":
        raise parser.error("cannot read on here")
    definition = Definition(entry.name, body, indices=head.indices, components=head.components,
                            ranges=ranges, span=clause.span)  # fmt: skip
    return add_definition(notation.declare(entry), entry, definition), definition


def _speaks_of_itself(definition: Definition, notation: Notation) -> bool:
    return definition.name in notation.rests_on((definition.body,))


def _component_shape(
    definition: Definition, ranges: Mapping[str, t.Range]
) -> tuple[t.Node, t.Node]:
    """Return the shape that the entries of a definition make, from what their indices run over."""
    sizes: list[t.Node] = []
    for index in definition.components:
        over = ranges.get(index.name) if isinstance(index, t.Symbol) else None
        if over is None or over.lower != t.number(1):
            raise Unreadable("an entry is defined for an index that runs from 1", definition.span)
        sizes.append(over.upper)
    return (sizes[0], sizes[1] if len(sizes) > 1 else t.number(1))


class _DefinitionHead:
    """The left side of a definition: which symbol it gives a value to, and for which indices."""

    def __init__(
        self, parser: Parser, notation: Notation, ranges: tuple[tuple[str, t.Range], ...]
    ) -> None:
        self.parser = parser
        self.notation = notation
        self.ranges = dict(ranges)
        self.start = parser.next.start
        with parser.bound(**{name: Local(over) for name, over in ranges}):
            self.base = parser.base(parser.take())
            parser.defining = True
            scripts = parser.scripts(self.base) if not parser.is_next("(") else None
            if scripts is not None:
                self.base, scripts = parser.primed(self.base, scripts)
                known = notation.bases(self.base)
                if not any(each.kind == "function" for each in known) and not parser.is_next("("):
                    self.base, scripts = (
                        self.base + "'" * scripts.primes,
                        replace(scripts, primes=0),
                    )
            parser.defining = False
        self.sub: tuple[Item, ...] = scripts.sub if scripts else ()
        self.sup: tuple[Item, ...] = scripts.sup if scripts else ()
        self.bracketed = scripts is not None and scripts.bracketed
        self.parameters: tuple[t.Symbol, ...] = ()
        self.spelled = ""
        """The arguments, if all of them are only names."""
        self.components: tuple[t.Node, ...] = ()
        self.signs: tuple[str, ...] = ()
        self.is_new = False
        if scripts and (scripts.primes or scripts.transposed or scripts.power):
            raise Unreadable("only a symbol can be defined", parser.since(self.start))
        if parser.is_next("("):
            self.spelled = self._read_parameters()
        self.entry, self.indices = self._find(scripts)

    def _read_parameters(self) -> str:
        parser = self.parser
        parser.take()
        found, signs = list[t.Symbol](), [""]
        while not parser.accept(")"):
            if named := parser.named_argument():
                signs[-1] += named
            else:
                found.append(self._parameter())
                signs.append("")
            signs[-1] += (sign := parser.parting())
            if not sign and not parser.is_next(")"):
                raise parser.error("expected a comma between the arguments")
        if not found:
            return f"({signs[0]})"
        self.parameters, self.signs = tuple(found), plain(signs)
        if parser.is_next("_"):
            parser.take()
            self.components = tuple(
                parser.index(i, parser.since(self.start)) for i in parser.items()
            )
        return ""

    def _parameter(self) -> t.Symbol:
        parser = self.parser
        token = parser.next
        base = parser.base(token)
        if parser.peek().text not in ("_", "^"):
            parser.take()
            return t.Symbol(base, span=parser.since(token.start))
        node = parser.factor()
        if not isinstance(node, t.Symbol):
            raise Unreadable("an argument must be a symbol", node.span)
        return node

    def _find(  # noqa: C901
        self, scripts: Scripts | None
    ) -> tuple[Entry, tuple[t.Node, ...]]:
        """Return the declared symbol that is meant, or a new one."""
        parser = self.parser
        span = parser.since(self.start)
        known = scripts or Scripts()
        if self.spelled:
            new, indices = self._new(arguments=self.spelled)
            return self.notation.entries.get(new.name, new), indices
        with parser.bound(**{name: Local(over) for name, over in self.ranges.items()}):
            try:
                entry, indices, rest = parser.resolve(self.base, known, span)
            except Unreadable:
                return self._new()
        if entry is None or self._is_other(entry):
            new, indices = self._new()
            if new.name in self.notation.entries:
                new, indices = self._new(arguments=TWIN)
            return self.notation.entries.get(new.name, new), indices
        if entry.joint:
            message = f"{self.base} is declared as any law of {', '.join(entry.joint)}"
            raise Unreadable(message, span, "leave that row out to define what it is made of")
        if self.parameters and entry.kind == "function":
            names = tuple(each.name for each in self.parameters)
            others = family(entry, self.notation)
            defined = same(others, (names, self.signs), self.notation)
            if defined is None and all(signature(each, self.notation) for each in others):
                return self._new(arguments=f"{','.join(names)}|{self.signs}")
            entry = defined or entry
        if len(rest) not in (0, entry.dimensions):
            return self._new()
        if entry.kind in ("index", "indicator"):
            raise Unreadable(f"{self.base} is declared as an {entry.kind}", span)
        if rest:
            written = [parser.index(item, span) for item in rest]
            self.components = self.notation.counted(t.Symbol(entry.name), written)
        return entry, indices

    def _is_other(self, entry: Entry) -> bool:
        """Tell whether this defines a function beside a number of that letter, or the reverse."""
        is_function = entry.kind == "function"
        return not is_function if self.parameters else is_function and self.parser.is_next(":=")

    def _new(self, arguments: str = "") -> tuple[Entry, tuple[t.Node, ...]]:
        sub, sup = self._slots(self.sub), self._slots(self.sup)
        slots = [*zip(sub, self.sub, strict=True), *zip(sup, self.sup, strict=True)]
        indices = tuple(item.node for slot, item in slots if slot is None and item.node)
        names = tuple(each.name for each in indices if isinstance(each, t.Symbol))
        head = Head(
            self.base, sub, sup, bracketed=bool(sup) and self.bracketed, arguments=arguments
        )
        self.is_new = True
        return Entry(
            head, "function" if self.parameters else "variable", None,
            indices=names, ranges=tuple(self._over(name) for name in names), signs=self.signs,
        ), indices  # fmt: skip

    def _over(self, name: str) -> t.Range | None:
        entry = self.notation.entries.get(name)
        return self.ranges.get(name) or (entry.ranges[0] if entry and entry.ranges else None)

    @staticmethod
    def _slots(items: tuple[Item, ...]) -> tuple[str | None, ...]:
        return tuple(None if isinstance(item.node, t.Symbol) else item.text for item in items)

    def declared(self, inherited: Notation | None) -> Notation:
        """Return the notation in which the symbol is known, so that its body may speak of it.

        What is only inherited from earlier pages gives way.
        """
        name = self.entry.name
        old = inherited is not None and self.entry is inherited.entries.get(name)
        if old and inherited is not None and inherited.definitions.get(name):
            shape = self.entry.shape if self.entry.kind == "size" else None
            self.entry = replace(self.entry, shape=shape)
            return self.notation.declare(self.entry)
        if self.entry.name in self.notation.entries:
            return self.notation
        return self.notation.declare(self.entry)

    def hidden(self, body: t.Node) -> list[str]:
        r"""Return the indices of the body that the left side does not show.

        A new symbol may leave out a declared one, as in ``s_j := w_j^\top x_i``, unless another
        index is there for nothing, as in ``g_j := x_i``: that is a slip.
        """
        idle = any(
            isinstance(each, t.Reduce) and each.index not in t.free_names(each.of)
            for each in t.walk(body)
        ) or {e.name for e in self.indices if isinstance(e, t.Symbol)} - t.free_names(body)
        found: dict[str, None] = {}
        parts = (*self.indices, *self.components, *self.parameters)
        known = {each.name for part in parts for each in t.free(part)}
        for each in t.free(body):
            is_index = each.name in self.ranges or self.notation.kind(each.name) == "index"
            if is_index and each.name not in known:
                found[each.name] = None
                self._refuse_repeated(body, each.name)
                if self.is_new and not idle and each.name not in self.ranges:
                    continue
                shown = self.parser.printer.show(t.Symbol(self.entry.name, self.indices))
                raise Unreadable(
                    f"the index {each.name} is in the definition of {shown}, but not in {shown}",
                    each.span,
                    f"write it below a sum, or define something that has the index {each.name}",
                )
        return list(found)

    def _refuse_repeated(self, body: t.Node, name: str) -> None:
        """Refuse ``y_i := a_{ij} x_j``: some books mean a sum over j by it."""
        shapes, show = Shapes(self.notation), self.parser.printer.show
        for term in summands(body):
            if shapes.occurs(name, term) == "twice":
                each, hint = f"{show(term)} for each {name}", rf"write \sum_{{{name}}}"
                raise ambiguous(rf"\sum_{{{name}}} {show(term)}", each, term.span, hint)

    def with_hidden(self, names: Sequence[str]) -> Notation:
        """Return the notation in which the new symbol has these indices, although none is shown."""
        self.indices = (*self.indices, *(t.Symbol(name) for name in names))
        self.entry = replace(
            self.entry,
            indices=(*self.entry.indices, *names),
            ranges=(*self.entry.ranges, *(self._over(name) for name in names)),
        )
        return self.notation.declare(self.entry)

    def locals(self) -> dict[str, Local]:
        """Return what the body may speak of: running indices and arguments."""
        shapes = Shapes(self.notation)
        found = {name: Local(over) for name, over in self.ranges.items()}
        for each in self.parameters:
            if not each.indices:
                found[each.name] = Local(shape=_local_shape(shapes, each))
        return found


def _local_shape(shapes: Shapes, parameter: t.Symbol) -> tuple[t.Node, t.Node] | None:
    shape = shapes.parameter(parameter)
    return None if shapes.is_scalar(shape) else shape


ADDED = re.compile(r"\((.+)\+(.+)\)_\{(\w)(\w)\}=\1_\{\3\4\}\+\2_(\3|\4)")
"""The row of the notation that declares to what a vector beside a matrix is added."""

DIVIDED = re.compile(r"\((.+)/(.+)\)_(\w)=\1_\3/\2_\3")
"""The row that declares that columns are divided entry by entry."""


def read_row(  # noqa: PLR0911, PLR0917
    latex: str,
    notation: Notation,
    meaning: str = "",
    python: Sequence[str] = (),
    inherited: Notation | None = None,
    beside: str = "",
) -> Notation:
    r"""Read the symbol cell of a row, ``x_i \in \mathbb{R}^d``, and return the notation with it.

    A row may define anew what the notation inherited from earlier pages defines. The words beside
    the symbol count as well.
    """
    tokens = _row_tokens(latex, notation)
    texts = [token.text for token in tokens]
    kind = _said(tokens, beside)
    if ":=" in texts:
        (clause,) = clauses(tokens, notation)
        if names_a_set(clause.tokens):
            return declare_set(clause, notation, meaning)[0]
        notation, definition = read_definition(clause, notation, inherited)
        return _noted(notation, definition.name, meaning, python[:1])
    if texts[:1] == ["("] and (added := ADDED.fullmatch("".join(texts))):
        return replace(notation, broadcast="rows" if added[5] == added[4] else "columns")
    if texts[:1] == ["("] and DIVIDED.fullmatch("".join(texts)):
        return replace(notation, entrywise=True)
    if (texts[:1] == ["("] and r"\sim" not in texts) or r"\partial" in texts:
        return replace(notation, jacobian=_layout("".join(texts), tokens))
    if ":" in texts:
        made = _function_row(tokens, notation, meaning, python)
        return made.beside(notation, inherited)
    if "=" in texts and texts[texts.index("=") + 1] in ("(", "["):
        return _entries_row(tokens, notation, meaning, python)
    if {r"\in", *SUBSETS} & {*texts}:
        made = _member_row(tokens, notation, meaning, python, kind)
        return made.beside(notation, inherited)
    if r"\sim" in texts:
        return _random_row(tokens, notation, meaning)
    return _index_row(tokens, notation, meaning)


def _row_tokens(latex: str, notation: Notation) -> list[Token]:
    r"""Return the tokens of a row, a new ``X = [x_1, \dots, x_n]^\top`` as a definition."""
    tokens = [*ended(joined(tokenise(latex)[:-1], notation, defines=True))]
    texts = [token.text for token in tokens]
    at = texts.index("=") if "=" in texts and not {":=", r"\in", ":"} & {*texts} else 0
    if at and texts[at + 1] in ("(", "[") and r"\dots" in texts and not notation.bases(texts[0]):
        tokens[at] = replace(tokens[at], text=":=")
    return tokens


SUBSETS = frozenset({r"\subseteq", r"\subset"})


def names_a_set(tokens: Sequence[Token]) -> bool:
    r"""Tell whether a statement is ``S := \{1, 3, 4\}``."""
    texts = [each.text for each in tokens]
    return ":=" in texts and texts[texts.index(":=") + 1] == r"\{"


def declare_set(clause: Clause, notation: Notation, meaning: str = "") -> tuple[Notation, t.Set]:
    r"""Return the notation with a set that indices may run over, and what it holds."""
    at = next(k for k, token in enumerate(clause.tokens) if token.text == ":=")
    ((head, indices, over),) = _heads(clause.tokens[:at], notation, {})
    parser = Parser(clause.tokens[at + 1 :], notation)
    members = parser.members()
    if parser.next.kind != "end":
        raise parser.error("cannot read on here")
    entry = Entry(head, "set", None, indices=indices, ranges=over, members=members, meaning=meaning)
    return notation.declare(entry), members


def _subset_row(tokens: Sequence[Token], notation: Notation, meaning: str) -> Notation:
    r"""Read ``\mathcal{B}_t \subseteq \{1, \dots, n\}``: a vector that is 1 for each member."""
    at = next(k for k, token in enumerate(tokens) if token.text in SUBSETS)
    parser = Parser(tokens[at + 1 :], notation)
    members = parser.members()
    first = linear(members.lower) if isinstance(members, t.Range) else None
    if parser.next.kind != "end" or first is None or first.terms:
        raise Unreadable("a set is part of a range", members.span, r"B \subseteq \{1, \dots, n\}")
    below = {"(": "_{", ")": "}"}
    left = [replace(e, text=each) for e in tokens[:at] for each in below.get(e.text, [e.text])]
    domain = Domain("finite", (Fraction(0), Fraction(1)), nonempty=True)
    shape = (canonical(cardinality(members)), t.number(1))
    for head, indices, over in _heads(left, notation, {}):
        entry = Entry(head, "variable", shape, domain, indices, over, members=members,
                      first=first.constant, meaning=meaning)  # fmt: skip
        notation = notation.declare(entry)
    return notation


def _entries_row(
    tokens: Sequence[Token], notation: Notation, meaning: str, python: Sequence[str]
) -> Notation:
    r"""Read ``X = (x_{ij}) \in \mathbb{R}^{n \times d}`` or ``x = (x_0, \dots, x_d)``.

    The members of a family that is declared make the vector; else they are names of its entries.
    """
    texts = [token.text for token in tokens]
    at = texts.index("=")
    end = closing(tokens, at + 1)
    parts = [*split(tokens[at + 2 : end], lambda each: each.text == ",")]
    span = (tokens[0].start, tokens[end].end)
    if r"\in" in texts:
        row = [*tokens[:at], *tokens[texts.index(r"\in") :]]
        notation = _member_row(row, notation, meaning, python)
    ((head, _, _),) = _heads(tokens[:at], notation, {})
    entry = notation.entries.get(head.name)
    if entry is None or not entry.dimensions:
        raise Unreadable(f"{head.name} is not declared as a vector or matrix", span, r"add \in")
    base, sub, sup, _ = _written(parts[0], notation, {})
    own = len(sub) - entry.dimensions
    slots = sub[own:] if own == len(head.sub) and not sup else ()
    family = any(_is_family(e, sub, sup) for e in notation.bases(base) if e.name != entry.name)
    if len(parts) > 1 and (family or sup):
        return _made_of(tokens[:at], tokens[at + 1 : end + 1], notation)
    if not slots or family:
        hint = "X = (x_{ij}) or x = (x_1, \\dots, x_n)"
        if family:
            hint = "leave its own row out: entries live where the row of the whole says"
        raise Unreadable("expected the entries", span, hint)
    first = slots[0].node if len(parts) > 1 else t.number(1)
    last = (*_written(parts[-1], notation, {})[1], Item("", None))[own].node
    if first not in (t.number(0), t.number(1)) or (len(parts) > 1 and last is None):
        raise Unreadable("entries are counted from 1 or from 0", span)
    known = replace(entry, letter=base, first=0 if first == t.number(0) else 1)
    notation = notation.changed(known)
    if len(parts) > 1 and last is not None and entry.shape is not None:
        (count,) = notation.counted(t.Symbol(entry.name), (last,))
        shapes = Shapes(notation)
        if not shapes.equal((count, t.number(1)), entry.shape):
            listed, declared = shapes.show((count, t.number(1))), shapes.show(entry.shape)
            raise Mismatch(f"{head.name} is {declared}, but what is listed is {listed}", span)
    return notation


def _is_family(entry: Entry, sub: Sequence[Item], sup: Sequence[Item]) -> bool:
    """Tell whether a number with these scripts is a member of a family of numbers."""
    head, is_number = entry.head, entry.shape == SCALAR and entry.kind != "function"
    slots = (*head.sub[-1:], *head.sup[-1:])
    return is_number and (len(head.sub), len(head.sup)) == (len(sub), len(sup)) and None in slots


def _made_of(head: Sequence[Token], listed: Sequence[Token], notation: Notation) -> Notation:
    r"""Define a vector by the members of a family: ``y = (y_1, \dots, y_n)``."""
    sign = Token("sign", ":=", listed[0].start, listed[0].start)
    (clause,) = clauses(cut([*head, sign, *listed], 0, len(head) + 1 + len(listed)), notation)
    return read_definition(clause, notation)[0]


def _noted(notation: Notation, name: str, meaning: str, python: Sequence[str]) -> Notation:
    entry = notation.entries[name]
    return notation.changed(replace(entry, meaning=meaning, python="".join(python)))


def _layout(text: str, tokens: Sequence[Token]) -> Layout:
    r"""Read ``(\frac{\partial z}{\partial x})_{ij} = \frac{\partial z_i}{\partial x_j}``."""
    pattern = (
        r"\(\\frac\{\\partial(\w)\}\{\\partial(\w)\}\)_\{(\w)(\w)\}"
        r"=\\frac\{\\partial\1_(\w)\}\{\\partial\2_(\w)\}"
    )
    found = re.fullmatch(pattern, text)
    if found:
        _, _, row, column, above, below = found.groups()
        if (above, below) == (row, column):
            return "rows"
        if (above, below) == (column, row):
            return "columns"
    raise Unreadable(
        "this is no layout of Jacobians",
        (tokens[0].start, tokens[-1].end),
        r"(\frac{\partial z}{\partial x})_{ij} = \frac{\partial z_i}{\partial x_j}",
    )


def _index_row(tokens: Sequence[Token], notation: Notation, meaning: str) -> Notation:
    parser = Parser(parted(tokens), notation)
    found = index_range(parser)
    if found is None or parser.next.kind != "end":
        raise Unreadable(
            "this row declares nothing",
            (tokens[0].start, tokens[-1].end),
            r"write x \in \mathbb{R}^d, i = 1, \dots, n, f : \mathbb{R} \to \mathbb{R} or :=",
        )
    for name, over in found:
        notation = notation.declare(Entry(Head(name), "index", ranges=(over,), meaning=meaning))
    return notation


def _member_row(
    tokens: Sequence[Token],
    notation: Notation,
    meaning: str,
    python: Sequence[str],
    said: Matrices = "",
) -> Notation:
    if any(each.text in SUBSETS for each in tokens):
        return _subset_row(tokens, notation, meaning)
    member, *others = clauses(tokens, notation)
    conditions = [*others, *(each for each in member.premises if each.word not in ("", "range"))]
    kinds = {each: _matrix_kind(each.tokens, member.tokens) for each in conditions}
    for each in others:
        if not kinds[each]:
            raise Unreadable("a row declares one thing", each.span, "write a row for each")
    premises = [each for each in member.premises if not kinds.get(each)]
    for each in premises:
        if each.word != "range" and not is_lone_index(each.tokens, notation):
            ranges_of([replace(each, word="range")], notation)  # says what is wrong with a range
            raise Unreadable("a row cannot have a condition", each.span)
    ranges = ranges_of(premises, notation)
    kind: Matrices = max((*kinds.values(), said), key=KINDS.index)
    return declare_members(member, notation, ranges, meaning, python, kind=kind)


KINDS: tuple[Matrices, ...] = ("", "symmetric", "semidefinite", "definite", "orthogonal")
"""What a row may say of a matrix; each more than the one before it, but for the last."""
SAID: dict[str, Matrices] = {
    r"X=X^\top": "symmetric", r"X^\top=X": "symmetric", "X=X^T": "symmetric", "X^T=X": "symmetric",
    r"X\succ0": "definite", r"X\succeq0": "semidefinite",
}  # fmt: skip


WORDS: dict[str, Matrices] = {
    "positive definite": "definite", "positive semi[ -]?definite": "semidefinite",
    "symmetric": "symmetric", "orthogonal": "orthogonal",
}  # fmt: skip
MEANT = re.compile(
    rf"((an?|the|any|real) )*(?P<words>({'|'.join(WORDS)})((,| and|, and)? ({'|'.join(WORDS)}))*)"
    r"( (\w+ )?matri(x|ces)\b(?!.*\bnot\b).*|[,;:.(](?!.*\bnot\b).*)?"
)
"""A meaning that begins with such words: ``a symmetric matrix``, ``orthogonal``."""
IDLE = re.compile(
    r"\b(and|for|if|where|when|all|any|each|every|with|a|an|the|is|matrix|matrices)\b"
)


def _said(tokens: Sequence[Token], beside: str) -> Matrices:
    """Return what words say of a matrix, and refuse words that could say more than is read."""
    at = next((k for k, each in enumerate(tokens) if each.text == r"\in"), len(tokens))
    depths = accumulate(map(deeper, tokens[at:]))
    inside = [e for e, d in zip(tokens[at:], depths, strict=True) if d <= 0 and e.prose]
    words = " ".join([*map(words_of, inside), *re.findall("[a-z]+", beside.lower())])
    found: list[Matrices] = [""]
    for word, kind in WORDS.items():
        words, times = re.subn(word, "", words)
        found += [kind] * bool(times)
    kind, span = max(found, key=KINDS.index), (tokens[0].start, tokens[-1].end)
    if unread := " ".join(IDLE.sub("", words).split()):
        hint = "what is only for readers stands in the second column"
        raise Unreadable(f"the words {unread!r} beside the symbol are not read", span, hint)
    if kind and at == len(tokens):
        raise Unreadable(f"the word {kind!r} says something of a matrix", span)
    return kind


def _meant(meaning: str) -> Matrices:
    """Return what a meaning says of a matrix, where nothing else can be meant."""
    said = MEANT.fullmatch(meaning.strip().lower())
    kinds = [kind for word, kind in WORDS.items() if said and re.search(word, said["words"])]
    return max(kinds, key=KINDS.index, default="")


def _matrix_kind(condition: Sequence[Token], member: Sequence[Token]) -> Matrices:
    r"""Return of which kind a matrix is by a condition such as ``A = A^\top`` or ``A \succ 0``."""
    at = next(k for k, token in enumerate(member) if token.text == r"\in")
    name = _signs(member[:at])
    said = _signs(condition).replace(name, "X")
    identity = re.fullmatch(r"X\^(\\top|T)X=(\\mathbf\{I\}|I)(_\w+)?", said)
    return "orthogonal" if identity else SAID.get(said, "")


def _signs(tokens: Sequence[Token]) -> str:
    return "".join(each.text for each in tokens if each.text not in ("{", "}"))


def _random_row(tokens: Sequence[Token], notation: Notation, meaning: str) -> Notation:
    if (made := _joint_row(tokens, notation, meaning)) is not None:
        return made
    found = clauses(tokens, notation)
    if len(found) != 1 or any(each.word != "range" for each in found[0].premises):
        raise Unreadable("a row declares one thing", found[-1].span)
    return declare_random(found[0], notation, ranges_of(found[0].premises, notation), meaning)


def declare_random(
    clause: Clause,
    notation: Notation,
    ranges: tuple[tuple[str, t.Range], ...] = (),
    meaning: str = "",
) -> Notation:
    r"""Return the notation with the symbols before ``\sim`` as random, each independent of all."""
    tokens = clause.tokens
    at = next(k for k, token in enumerate(tokens) if token.text == r"\sim")
    heads = _heads(tokens[:at], notation, dict(ranges))
    parser = Parser(tokens[at + 1 :], notation)
    with parser.bound(**{name: Local(over) for name, over in ranges}), parser.averaging():
        law = parser.law()
    if law is None or parser.next.kind != "end":
        known = ", ".join(each.latex[0] for each in DISTRIBUTIONS)
        raise parser.error("this distribution is not known", known)
    shapes = Shapes(notation)
    shape = shapes.law(law, shapes.scope(ranges))
    for head, indices, over in heads:
        if Entry(head, "random").name in notation.random(law):
            raise Unreadable(f"{head.base} is distributed by itself", law.span)
        notation = notation.declare(
            Entry(head, "random", shape, indices=indices, ranges=over, law=law, meaning=meaning)
        )
    return notation


def _joint_row(tokens: Sequence[Token], notation: Notation, meaning: str) -> Notation | None:
    r"""Read ``(x, z) \sim p``, also ``p(x, z)``: a law of which only the letter is known."""
    texts = [each.text for each in tokens]
    at = texts.index(r"\sim")
    law = [each for each in tokens[at + 1 :] if each.kind != "end"]
    end = next((k for k, each in enumerate(law) if each.text == "("), len(law))
    left, said = texts[:at], [each.text for each in law[end:]]
    left = left if left[0] == "(" else ["(", *left, ")"]
    if said not in ([], left) or not end or law[0].kind == "text":
        return None
    if Parser(law, notation).base(law[0]) in BY_LATEX:
        return None
    ((head, _, _),) = _heads(law[:end], notation, {})
    is_list = texts[0] == "("
    names = [each.name for each, _, _ in _heads(tokens[is_list : at - is_list], notation, {})]
    span = (tokens[0].start, tokens[-1].end)
    return _noted(joint.declare(head, names, notation, span), head.name, meaning, ())


def _of_kind(
    domain: Domain,
    shape: tuple[t.Node, t.Node],
    kind: Matrices,
    meaning: str,
    span: tuple[int, int],
) -> Domain:
    """Return a domain of matrices as those of a kind alone, by a condition or by the meaning."""
    is_plain = domain.kind == "real" and not domain.matrix and shape != SCALAR
    if kind and not is_plain:
        raise Unreadable("a condition on what is no matrix of real numbers", span)
    if kind not in ("", "orthogonal") and shape[0] != shape[1]:
        raise Unreadable("this condition is one on a square matrix", span)
    if not kind and is_plain and shape[0] == shape[1]:
        kind = _meant(meaning)
    return replace(domain, matrix=kind) if kind else domain


def declare_members(
    clause: Clause,
    notation: Notation,
    ranges: tuple[tuple[str, t.Range], ...] = (),
    meaning: str = "",
    python: Sequence[str] = (),
    *,
    kind: Matrices = "",
) -> Notation:
    r"""Return the notation with the symbols before ``\in`` as members of the set behind it."""
    tokens = clause.tokens
    at = next(k for k, token in enumerate(tokens) if token.text == r"\in")
    heads = _heads(tokens[:at], notation, dict(ranges))
    if python and len(python) != len(heads):
        raise _miscounted(heads, python, clause.span)
    reader = SetReader(Parser(tokens[at + 1 :], notation), dict(ranges))
    shape, domain = reader.read()
    domain = _of_kind(domain, shape, kind, meaning, clause.span)
    for k, (head, indices, over) in enumerate(heads):
        if reader.axes:
            head, indices, over = _array(head, indices, over, reader.axes)  # noqa: PLW2901
        entry = Entry(
            head, "size" if domain.kind == "natural" else "variable", shape, domain, indices, over,
            meaning=meaning, python=python[k] if python else "",
        )  # fmt: skip
        if any(_is_entry(entry, each) for each in notation.entries.values()):
            if domain.kind != "real":
                hint = "say where they live in the row of the whole"
                raise Unreadable(f"{head.name} is an entry of a vector", clause.span, hint)
            continue
        known = notation.entries.get(entry.name)
        if meaning or known is None or (known.shape, known.domain) != (shape, domain):
            notation = notation.declare(entry)
    return notation


def _is_entry(entry: Entry, whole: Entry) -> bool:
    """Tell whether a number is declared that a row has declared as an entry of something."""
    own, slots = len(whole.head.sub), (None,) * whole.dimensions
    same = (entry.head.base, entry.shape) == (whole.letter, SCALAR) and not entry.head.sup
    return same and entry.head.sub[:own] == whole.head.sub and entry.head.sub[own:] == slots


def _array(
    head: Head,
    indices: tuple[str, ...],
    over: tuple[t.Range | None, ...],
    axes: tuple[t.Node, ...],
) -> Declared:
    """Return an array of several axes as a family of numbers, with an index for each axis."""
    names = tuple(each for each in "ijklpqrs" if each not in indices)[: len(axes)]
    ranges = tuple(t.Range(t.number(1), size) for size in axes)
    at = head.sub.count(None)
    head = replace(head, sub=(*head.sub, *(None,) * len(axes)))
    return head, (*indices[:at], *names, *indices[at:]), (*over[:at], *ranges, *over[at:])


def _function_row(
    tokens: Sequence[Token], notation: Notation, meaning: str, python: Sequence[str]
) -> Notation:
    at = next(k for k, token in enumerate(tokens) if token.text == ":")
    heads = _heads(tokens[:at], notation, {})
    rest = tokens[at + 1 :]
    to = next((k for k, token in enumerate(rest) if token.text == r"\to"), None)
    if to is None:
        raise Unreadable(r"expected \to", (tokens[at].start, tokens[at].end))
    if rest[0].kind == "text" and rest[0].text.strip() in ("condition", "conditions"):
        for head, _, _ in heads:
            notation = notation.declare(Entry(head, "indicator", meaning=meaning))
        return notation
    taken = [
        SetReader(Parser(cut(part, 0, len(part)), notation), {}).read()
        for part in split(rest[:to], lambda each: each.text == r"\times")
        if part
    ]
    arguments, takes = tuple(each for each, _ in taken), tuple(each for _, each in taken)
    shape, domain = SetReader(Parser(rest[to + 1 :], notation), {}).read()
    if python and len(python) != len(heads):
        raise _miscounted(heads, python, (tokens[0].start, tokens[-1].end))
    for k, (head, indices, over) in enumerate(heads):
        entry = Entry(head, "function", shape, domain, indices, over, arguments=arguments,
                      takes=takes, meaning=meaning, python=python[k] if python else "")  # fmt: skip
        notation = notation.declare(entry)
    return notation


def _miscounted(heads: Sequence[Declared], python: Sequence[str], span: t.Span) -> Unreadable:
    return Unreadable(f"{len(heads)} symbols but {len(python)} Python names", span)


Declared = tuple[Head, tuple[str, ...], tuple[t.Range | None, ...]]


def _heads(
    tokens: Sequence[Token], notation: Notation, ranges: dict[str, t.Range]
) -> list[Declared]:
    r"""Read ``w_{11}, w_{12}``, or ``n_0, \dots, n_L``, before ``\in``."""
    parts = [*split(tokens, lambda each: each.text == ",")]
    if len(parts) == 3 and [each.text for each in parts[1]] == [r"\dots"]:
        return [_from_first_to_last(parts[0], parts[2], notation)]
    return [_head(part, notation, ranges) for part in parts]


def _head(tokens: Sequence[Token], notation: Notation, ranges: dict[str, t.Range]) -> Declared:
    base, sub, sup, bracketed = _written(tokens, notation, ranges)
    indices, over = [], []
    for item in (*sub, *sup):
        if isinstance(item.node, t.Symbol):
            entry = notation.entries.get(item.node.name)
            indices.append(item.node.name)
            over.append(
                ranges.get(item.node.name) or (entry.ranges[0] if entry and entry.ranges else None)
            )
    slots = [
        tuple(None if isinstance(i.node, t.Symbol) else i.text for i in items)
        for items in (sub, sup)
    ]
    return Head(base, slots[0], slots[1], bracketed), tuple(indices), tuple(over)


Items = tuple[Item, ...]


def _written(
    tokens: Sequence[Token], notation: Notation, ranges: dict[str, t.Range]
) -> tuple[str, Items, Items, bool]:
    """Read a symbol that is declared: its letter, its scripts, whether these are in brackets."""
    if not tokens:
        raise Unreadable("expected a symbol", t.NOWHERE)
    parser = Parser(cut(tokens, 0, len(tokens)), notation)
    token = parser.take()
    if token.kind not in ("letter", "text") and not token.text.startswith("\\"):
        raise Unreadable(f"{token.text} cannot be a symbol", (token.start, token.end))
    base = parser.base(token)
    sub: Items = ()
    sup: Items = ()
    bracketed = False
    parser.defining = True
    with parser.bound(**{name: Local(over) for name, over in ranges.items()}):
        while parser.next.kind != "end":
            if parser.accept("'"):
                base += "'"
            elif parser.accept("_"):
                sub = parser.items()
            elif parser.accept("["):
                sub = parser.items_until("]")
                parser.expect("]", "after an index")
            elif parser.accept("^"):
                sup, bracketed = _declared_sup(parser)
            else:
                raise parser.error("expected the indices of a symbol")
    return base, sub, sup, bracketed


def _declared_sup(parser: Parser) -> tuple[tuple[Item, ...], bool]:
    braced = parser.accept("{")
    if parser.accept("("):
        items = parser.items_until(")")
        parser.expect(")", "after an index")
        bracketed = True
    else:
        items, bracketed = parser.superscript(braced=braced), False
    if braced:
        parser.expect("}", "after a superscript")
    return items, bracketed


def _from_first_to_last(
    first: Sequence[Token], last: Sequence[Token], notation: Notation
) -> Declared:
    r"""Read ``n_0, \dots, n_L``, also ``n_0^*, \dots, n_L^*``: an index that runs from 0 to L."""
    (base, *lower, bracketed), (other, *upper, _) = (
        _written(each, notation, {}) for each in (first, last)
    )
    if base != other:
        span = (last[0].start, last[0].end)
        raise Unreadable("the first and the last must be the same symbol", span)
    pairs = [[*zip(number_of(a), number_of(b), strict=False)]
             for a, b in zip(lower, upper, strict=True)]  # fmt: skip
    ends = [pair for each in pairs for pair in each if pair[0].text != pair[1].text]
    below, above = ends[0] if len(ends) == 1 else (Item("", None), Item("", None))
    if below.node is None or above.node is None:
        raise Unreadable("expected one index", (first[0].start, last[-1].end))
    sub, sup = (tuple(None if a.text != b.text else a.text for a, b in each) for each in pairs)
    return Head(base, sub, sup, bracketed), ("#",), (t.Range(below.node, above.node),)
