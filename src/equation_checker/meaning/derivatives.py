"""Derivatives of a tree by symbols, their entries, or arguments of an application.

A derivative by a defined symbol is an intervention: the symbol takes another value, and all that is
defined from it follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from equation_checker.language import tree as t
from equation_checker.language.errors import Ambiguous, ambiguous
from equation_checker.meaning import matrices
from equation_checker.meaning.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from equation_checker.language.notation import Definition
    from equation_checker.meaning.points import Key
    from equation_checker.meaning.values import Locals, World

Moved = Callable[[tuple[int, int], Value], Value]
"""What an expression becomes when an entry of a variable takes a value."""
TOTAL_DIFFERS = 1e-6
"""How far a total and a partial derivative are apart at least, in proportion, to be two."""


@dataclass(frozen=True)
class Slot:
    """Arguments of an application that are differentiated by, whatever stands there."""

    positions: tuple[int, ...]
    node: t.Node
    """The variable as it is written, perhaps one entry of what stands there."""


Variable = Slot | t.Node
"""What a derivative is taken by."""


def gradient(world: World, node: t.Gradient, bound: Locals) -> Value:
    """Differentiate by a symbol, or by the argument of an application."""
    variable: Variable = node.variable or Slot((0,), _arguments(node.of)[0])
    return _derivative(world, node.of, (variable,) * node.order, bound, {})


def derivative(world: World, node: t.Derivative, bound: Locals) -> Value:
    r"""Differentiate; ``\partial`` of an application by its argument moves that one alone."""
    of, variables = node.of, node.variables
    if node.sign != r"\partial":
        return _derivative(world, of, variables, bound, {})
    slots = tuple(_slot(of, each) for each in variables)
    value = _derivative(world, of, slots, bound, {})
    held = _held(world, of, slots[0], bound) if len(slots) == 1 else None
    if held is not None and world.field.tolerance:
        apart, scale = (
            max(abs(world.field.real(each)) for each in matrices.flat(one))
            for one in (value - held, value)
        )
        if apart > TOTAL_DIFFERS * (1 + scale):
            raise _total_or_partial(world, node)
    return value


def _held(world: World, of: t.Node, variable: Variable, bound: Locals) -> Value | None:
    """Return the slope when all that is defined from the variable is held fixed.

    None where that is no other reading: ``h := f(x, w)`` has ``f(x, w)`` for the partial one.
    """
    symbol = _symbol(variable)
    if isinstance(variable, Slot) or symbol.name in bound:
        return None
    definition, own = _defining(world, of, bound)
    body = definition.body if definition else of
    names = {each.name for each in t.free(body)}
    follows = any(
        symbol.name in world.notation.reach.get(each, ()) for each in names - {symbol.name}
    )
    inner = any(isinstance(each, (t.Gradient, t.Derivative)) for each in t.walk(body))
    if symbol.name not in names or not follows or inner or _takes(body, symbol, definition):
        return None
    value = world.of(symbol, bound)
    key = symbol.name, tuple(world.whole(each, bound) for each in symbol.indices)

    def moved(entry: tuple[int, int], x: Value) -> Value:
        other = world.overriding({key: _changed(value, entry, x)}, follow=False)
        return other.body(definition, own) if definition else other.of(of, bound)

    slopes = _slopes(world, moved, variable, value, bound)
    return _arranged(world, slopes, of, (variable,), bound)


def _defining(world: World, of: t.Node, bound: Locals) -> tuple[Definition | None, Locals]:
    """Return the definition of a symbol that has one, and what its indices are."""
    if isinstance(of, t.Symbol):
        indices = tuple(world.whole(each, bound) for each in of.indices)
        for definition in world.notation.definitions.get(of.name, ()):
            own = world.match(definition.indices, indices, definition)
            if own is not None and not definition.components:
                return definition, own
    return None, bound


def _total_or_partial(world: World, node: t.Derivative) -> Ambiguous:
    show = world.typed.printer.show
    total = show(replace(node, sign="d"))
    by = show(node.variables[0])
    return ambiguous(
        f"the total derivative {total}, where all that is defined from {by} follows",
        f"the partial one, where only the {by} that is written is moved",
        node.span,
        rf"write {total} for the total one, and \frac{{\partial f({by}, \dots)}}{{\partial "
        rf"{by}}} of a function f for the partial one",
    )


def _derivative(
    world: World,
    of: t.Node,
    variables: tuple[Variable, ...],
    bound: Locals,
    given: Mapping[int, Value],
) -> Value:
    """Differentiate by the first variable what the others have made of ``of``.

    Arguments of an application that are ``given`` have these values.
    """
    if not variables:
        return world.apply(of, bound, given) if isinstance(of, t.Apply) else world.of(of, bound)
    variable, rest = variables[0], variables[1:]
    moved, start = _moved(world, of, rest, variable, bound, given=given)
    slopes = _slopes(world, moved, variable, start, bound)
    return _arranged(world, slopes, of, variables, bound)


def _slopes(
    world: World, moved: Moved, variable: Variable, start: Value, bound: Locals
) -> list[Value]:
    """Differentiate by each entry of a variable, from where it starts."""
    return [
        world.field.derivative(partial(moved, entry), matrices.matrix(start)[entry])
        for entry in _entries(world, variable, start, bound)
    ]


def _moved(
    world: World,
    of: t.Node,
    rest: tuple[Variable, ...],
    variable: Variable,
    bound: Locals,
    *,
    given: Mapping[int, Value],
) -> tuple[Moved, Value]:
    """Return what ``of`` becomes when an entry of a variable moves, and where it starts."""
    if isinstance(variable, Slot):
        first = variable.positions[0]
        start = given[first] if first in given else world.of(_arguments(of)[first], bound)

        def argument(entry: tuple[int, int], x: Value) -> Value:
            new = dict.fromkeys(variable.positions, _changed(start, entry, x))
            return _derivative(world, of, rest, bound, {**given, **new})

        return argument, start
    symbol = _symbol(variable)
    name, indices = symbol.name, tuple(world.whole(each, bound) for each in symbol.indices)
    value = world.of(symbol, bound)

    def followed(entry: tuple[int, int], x: Value) -> Value:
        changed = _changed(value, entry, x)
        if not indices and name in bound:
            return _derivative(world, of, rest, {**bound, name: changed}, given)
        other = world.overriding(_with_listed(world, (name, indices), changed))
        return _derivative(other, of, rest, bound, given)

    return followed, value


def _entries(
    world: World, variable: Variable, start: Value, bound: Locals
) -> Iterable[tuple[int, int]]:
    """Yield which entries of a symbol (or argument) are differentiated by."""
    node = _node(variable)
    if isinstance(node, t.Component):
        row, column = (*(world.whole(each, bound) for each in node.indices), 1)[:2]
        return [(row - 1, column - 1)]
    rows, columns = matrices.matrix(start).shape
    return product(range(rows), range(columns))


def _arranged(
    world: World, slopes: list[Value], of: t.Node, variables: tuple[Variable, ...], bound: Locals
) -> Value:
    """Put the derivatives by each entry into the shape of the variable, or into a Jacobian."""
    nodes = (of, *map(_node, variables))
    top, *shapes = (world.typed.inferred(each, bound) for each in nodes)
    if shapes[0] is None:
        return slopes[0]
    if top is None and not any(shapes[1:]):
        rows, columns = (world.whole(each, bound) for each in shapes[0])
        return matrices.collapsed(np.array(slopes, dtype=object).reshape(rows, columns))
    jacobian = np.hstack([matrices.matrix(each).reshape(-1, 1) for each in slopes])
    turned = top is None or world.notation.jacobian == "columns"
    return matrices.collapsed(jacobian.T if turned else jacobian)


def _with_listed(world: World, key: Key, changed: Value) -> dict[Key, Value]:
    """Return what takes another value with a symbol: where it lists others, these as well."""
    overrides = {key: changed}
    for definition in world.notation.definitions.get(key[0], ()):
        match definition.body:
            case t.Transpose(t.Listing(index, over, t.Symbol() as listed)):
                columns = matrices.matrix(changed).T
            case t.Listing(index, over, t.Symbol() as listed):
                columns = matrices.matrix(changed)
            case _:
                continue
        for at, number in enumerate(world.range(over, {})):
            indices = tuple(world.whole(each, {index: number}) for each in listed.indices)
            one = columns[:, at : at + 1]
            overrides[listed.name, indices] = one if len(one) > 1 else one[0, 0]
    return overrides


def _arguments(of: t.Node) -> tuple[t.Node, ...]:
    if not isinstance(of, t.Apply):
        raise TypeError(f"{type(of).__name__} has no arguments")
    return of.arguments


def _node(variable: Variable) -> t.Node:
    return variable.node if isinstance(variable, Slot) else variable


def _symbol(variable: Variable) -> t.Symbol:
    """Return the symbol that a derivative is taken by, or of which it is taken by an entry."""
    node = _node(variable)
    symbol = node.of if isinstance(node, t.Component) else node
    if not isinstance(symbol, t.Symbol):
        raise TypeError(f"{type(symbol).__name__} is no variable")
    return symbol


def _slot(of: t.Node, variable: t.Node) -> Variable:
    """Return the arguments that are the variable, where an application has it as a whole."""
    given = of.arguments if isinstance(of, t.Apply) else ()
    symbol = _symbol(variable)
    positions = tuple(k for k, each in enumerate(given) if each == symbol)
    return Slot(positions, variable) if positions else variable


def _takes(body: t.Node, symbol: t.Symbol, definition: Definition | None) -> bool:
    """Tell whether a definition is an application that has the symbol as an argument."""
    given = body.arguments if isinstance(body, t.Apply) and definition else ()
    return any(isinstance(each, t.Symbol) and each.name == symbol.name for each in given)


def _changed(value: Value, entry: tuple[int, int], x: Value) -> Value:
    if not isinstance(value, np.ndarray):
        return x
    changed = value.copy()
    changed[entry] = x
    return changed
