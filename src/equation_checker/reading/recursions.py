r"""Read recursions, ``h_{t+1} = f(h_t)``: they define what their start leaves open.

The start is a symbol of its own (``\theta_0``), a row of the same display (``v_0 = 0``), or the
first member of a declared family that has no definition yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from equation_checker.language import tree as t
from equation_checker.language.errors import Unreadable
from equation_checker.language.notation import SCALAR, Definition, Entry, Head, Notation
from equation_checker.meaning.shapes import Shapes
from equation_checker.reading.clauses import ranges_of
from equation_checker.reading.cursor import Local
from equation_checker.reading.declarations import add_definition, known_head, moved
from equation_checker.reading.expressions import Parser, paired
from equation_checker.reading.rows import closing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from equation_checker.reading.clauses import Clause
    from equation_checker.reading.tokens import Token

ONE = t.number(1)


def starts_recursion(clause: Clause, tokens: Sequence[Token], notation: Notation) -> bool:
    """Tell whether ``v_0 = …`` says where a recursion in the same display starts."""
    base = clause.tokens[0].text
    if known_head(clause, notation) != "new" or clause.tokens[1].text not in ("_", "^"):
        return False
    own = next(_indices(base, clause.tokens), True)
    return not own and any(_indices(base, tokens))


def _indices(base: str, tokens: Sequence[Token], *, back: bool = False) -> Iterator[bool]:
    """Yield, for each time that a letter has an index, whether it has a letter in it, or a -."""
    for k, token in enumerate(tokens[:-2]):
        if token.text == base and tokens[k + 1].text in ("_", "^"):
            group = tokens[k + 2 : closing(tokens, k + 2) + 1]
            yield any(each.text == "-" if back else each.kind == "letter" for each in group)


@dataclass(frozen=True)
class _Left:
    """The left side of a recursion: ``h_{t+1}`` (a step of 1) or ``h_t`` (a step of 0)."""

    head: Head
    index: str
    step: int
    over: t.Range
    is_given: bool
    """Whether the display itself says what the index runs over."""


def _left(clause: Clause, notation: Notation) -> _Left | None:  # noqa: PLR0911
    at = clause.relations
    token = clause.tokens[0]
    if len(at) != 1 or clause.tokens[at[0]].text not in ("=", r"\equiv", ":="):
        return None
    ranges = dict(ranges_of(clause.premises, notation))
    parser = Parser(clause.tokens, notation)
    base = parser.base(parser.take())
    if not parser.is_next("_", "^"):
        return None
    right = clause.tokens[at[0] :]
    goes_round = _rests_on(base, right, notation)
    if not list(_indices(token.text, right)) and not goes_round:
        return None
    parser.defining = not any(None in each.head.sup for each in notation.bases(base))
    try:
        with parser.bound(**{name: Local(over) for name, over in ranges.items()}):
            scripts = parser.scripts(base)
    except Unreadable:
        return None
    items = (*scripts.sub, *scripts.sup)
    if parser.at != at[0] or len(items) != 1 or scripts.power or scripts.transposed:
        return None
    match items[0].node:
        case t.Symbol(name, ()) if goes_round or any(_indices(token.text, right, back=True)):
            index, step = name, 0
        case t.Add((t.Symbol(name, ()), t.Number(value))) if value == 1:
            index, step = name, 1
        case _:
            return None
    over = ranges.get(index) or parser.ranges().get(index)
    if over is None:
        return None
    slots: tuple[tuple[None, ...], tuple[None, ...]] = (
        ((None,), ()) if scripts.sub else ((), (None,))
    )
    head = Head(base, *slots, bracketed=scripts.bracketed)
    return _Left(head, index, step, over, index in ranges)


def _rests_on(base: str, right: Sequence[Token], notation: Notation) -> bool:
    """Tell whether the right is defined from earlier members alone: ``O_t`` from ``H_{t-1}``."""
    own = {each.name for each in notation.bases(base)}
    others = (each for token in right for each in notation.bases(Parser.base(token)))
    names = set[str]().union(*(notation.reach[each.name] for each in others)) - own
    bodies = (each.body for name in names for each in notation.definitions.get(name, ()))
    found = [e for body in bodies for e in t.walk(body) if isinstance(e, t.Symbol)]
    steps = [each.indices for each in found if each.name in own]
    return bool(steps) and all(
        isinstance(index, t.Add) and isinstance(index.terms[-1], t.Negative)
        for indices in steps
        for index in indices
    )


def read_recursion(clause: Clause, notation: Notation) -> tuple[Notation, Definition] | None:
    """Return the notation with a recursion, or None where a clause is none or is only a claim."""
    left = _left(clause, notation)
    if left is None or notation.definitions.get(left.head.name):
        return None
    entry = notation.entries.get(left.head.name)
    if entry is None and any(
        each.head.sub == each.head.sup == () and each.shape != SCALAR
        for each in notation.bases(left.head.base)
    ):
        return None  # an entry of a vector
    lower, upper = left.over.lower, left.over.upper
    if left.step:
        lower, upper = _more(lower), _more(upper)
    if entry is not None and not left.is_given and entry.ranges[0] is not None:
        lower, upper = _more(entry.ranges[0].lower), entry.ranges[0].upper
    over = t.Range(lower, upper)
    start = None
    if entry is None:
        start = _start(left, lower, clause, notation)
        entry = Entry(left.head, "variable", start.shape, indices=(left.index,),
                      ranges=(t.Range(_less(lower), upper),))  # fmt: skip
        notation = notation.declare(entry)
    body = _body(left, clause, notation)
    if body is None:
        return None
    definition = Definition(entry.name, body, indices=(t.Symbol(left.index),),
                            ranges=((left.index, over),), span=clause.span)  # fmt: skip
    if start is not None:
        notation, entry = _started(notation, entry, start, definition)
    return add_definition(notation, entry, definition), definition


def _body(left: _Left, clause: Clause, notation: Notation) -> t.Node | None:
    """Return the right side for the index of the left side; None if it does not go back."""
    parser = Parser(clause.tokens[clause.relations[0] + 1 :], notation)
    over = left.over
    with parser.bound(**{left.index: Local(over)}):
        (body,) = paired([parser.expression()], parser.ranges(), {left.index})
        known = notation.entries.get(left.head.name)
        (body,) = parser.sized([body], known.shape if known else None)
    if parser.next.kind != "end":
        raise parser.error("cannot read on here")
    index = t.Symbol(left.index)
    if left.step:
        return t.substitute(body, {left.index: t.Add((index, t.Negative(ONE)))})
    own = [e for e in t.walk(body) if isinstance(e, t.Symbol) and e.name == left.head.name]
    return None if any(each.indices == (index,) for each in own) else body


def _start(left: _Left, lower: t.Node, clause: Clause, notation: Notation) -> Entry:
    first = _less(lower)
    label = str(first.value) if isinstance(first, t.Number) else ""
    sub, sup = ((label,), ()) if left.head.sub else ((), (label,))
    head = Head(left.head.base, sub, sup, left.head.bracketed)
    entry = notation.entries.get(head.name)
    if entry is None or not label:
        base, last = left.head.base, notation.resolve(left.over.upper)
        last_shown = Shapes(notation).printer.show(last)
        raise Unreadable(
            f"{base} is not declared, and the recursion does not say where it starts",
            clause.span,
            rf"declare {base}_0, \dots, {base}_{last_shown} \in …, or write {head.name} = …",
        )
    return entry


def _started(
    notation: Notation, entry: Entry, start: Entry, definition: Definition
) -> tuple[Notation, Entry]:
    """Define the first member, in the shape that the recursion keeps."""
    known = notation.definitions.get(start.name, ())
    shape = start.shape or SCALAR
    if [each.body for each in known] == [t.number(0)]:
        shape = _kept_shape(notation, entry, definition) or shape
        if shape != SCALAR:
            zeros = t.Product((t.number(0), t.Ones(shape[0])))
            known = (replace(known[0], body=zeros),)
    start, entry = replace(start, shape=shape), replace(entry, shape=shape)
    first = entry.ranges[0].lower if entry.ranges[0] else t.number(0)
    notation = replace(
        notation,
        entries={**notation.entries, start.name: start, entry.name: entry},
        definitions={**notation.definitions, **({start.name: known} if known else {})},
    )
    return notation.define(Definition(entry.name, t.Symbol(start.name), indices=(first,))), entry


def _kept_shape(
    notation: Notation, entry: Entry, definition: Definition
) -> tuple[t.Node, t.Node] | None:
    """Return the shape that is that of a step if it is that of what it starts from."""
    for each in t.walk(definition.body):
        if not isinstance(each, t.Symbol) or each.name == entry.name:
            continue
        shapes = Shapes(notation)
        scope = shapes.scope(definition.ranges)
        try:
            shape = shapes.of(each, scope)
            shapes = Shapes(notation.changed(replace(entry, shape=shape)))
            if shape[1] == ONE and shapes.equal(shapes.of(definition.body, scope), shape):
                return shape
        except Unreadable:
            continue
    return None


def _more(node: t.Node) -> t.Node:
    return moved(node, ONE)


def _less(node: t.Node) -> t.Node:
    return (
        t.number(node.value - 1) if isinstance(node, t.Number) else t.Add((node, t.Negative(ONE)))
    )
