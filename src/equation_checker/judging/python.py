"""Evaluate the Python of ties: an interpreter of what a tie may hold, and of nothing else.

What a page says is never compiled. Functions are those of the caller's library, names those of the
notation; whole numbers, arrays and the expression itself are bounded.
"""

from __future__ import annotations

import ast
import inspect
import operator
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from equation_checker.language.errors import Unreadable
from equation_checker.language.tree import NOWHERE
from equation_checker.meaning.budget import spend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

LONGEST = 2000
"""Characters of an expression."""
MOST_NODES = 250
MOST_BITS = 128
"""Of a whole number."""
MOST_ENTRIES = 1_000_000
"""Of an array, and of what a product of two arrays goes through."""
MOST_ASKED = 10_000
"""What the whole numbers that one call hands to a function may multiply to."""

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.Pow: operator.pow, ast.MatMult: operator.matmul, ast.USub: operator.neg,
    ast.UAdd: operator.pos, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
ATTRIBUTES = frozenset({"T", "ndim", "shape", "size"})
METHODS = frozenset(
    "all any argmax argmin max mean min prod ravel reshape std sum trace transpose var".split()  # noqa: SIM905
)
"""What may be asked of an array; no argument of them can be a file, a type or a function."""
ALLOWED = (
    ast.Name, ast.Constant, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Tuple, ast.List,
    ast.Subscript, ast.Slice, ast.Attribute, ast.Call, ast.keyword, ast.Load, *OPERATORS,
)  # fmt: skip
CALLED = {
    ast.Lambda: "a lambda", ast.ListComp: "a comprehension", ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension", ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "an f-string", ast.NamedExpr: "an assignment", ast.Starred: "a star",
    ast.IfExp: "if … else", ast.BoolOp: "and, or", ast.Not: "not", ast.Dict: "a dictionary",
    ast.Set: "a set", ast.Await: "await", ast.Yield: "yield",
}  # fmt: skip
HINT = (
    "allowed are calls of the library's functions, names of the notation, numbers, arithmetic, "
    "one comparison, tuples, lists, positions and slices, "
    f"and of arrays {', '.join(sorted(ATTRIBUTES | METHODS))}"
)


class TieError(Exception):
    """A Python expression that cannot be evaluated or has another value."""


def public(module: ModuleType | None) -> dict[str, Any]:
    """Return what a page may call: the functions that a module lists, or else those it defines."""
    if module is None:
        return {}
    listed = getattr(module, "__all__", None)
    names = [name for name in listed or vars(module) if not name.startswith("_")]
    found = {name: getattr(module, name, None) for name in names}
    inside = f"{module.__name__}."
    return {
        name: value for name, value in found.items()
        if callable(value) and not inspect.isclass(value)
        and (listed or (inspect.isroutine(value)
                        and f"{value.__module__}.".startswith(inside)))
    }  # fmt: skip


def read(text: str) -> ast.expr:
    """Return the tree of an expression in which nothing is that may not be there."""
    if len(text) > LONGEST:
        raise Unreadable(f"Python longer than {LONGEST} characters", NOWHERE)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Unreadable(f"{_short(text)} is not Python", NOWHERE) from None
    nodes = list(ast.walk(tree))
    keys = {id(node.slice) for node in nodes if isinstance(node, ast.Subscript)}
    for node in nodes:
        problem = _problem(node, is_key=id(node) in keys)
        if problem:
            raise Unreadable(f"{problem} is not allowed in {_short(text)}", NOWHERE, HINT)
    if len(nodes) > MOST_NODES:
        raise Unreadable(f"{_short(text)} is too long", NOWHERE, "give it a name in the library")
    return tree


def _problem(node: ast.AST, *, is_key: bool) -> str:  # noqa: PLR0911
    """Name what may not be there, if it may not."""
    match node:
        case ast.Constant(value):
            is_number = value is None or type(value) in (bool, int, float)
            is_modest = not isinstance(value, int) or value.bit_length() <= MOST_BITS
            if is_number and not is_modest:
                return "a number of so many digits"
            return "" if is_number or (is_key and isinstance(value, str)) else "a text"
        case ast.Name(name) if name.startswith("_"):
            return name
        case ast.Attribute(_, name) if name.startswith("_"):
            return f".{name}"
        case ast.Call(ast.Name() | ast.Attribute()):
            return ""
        case ast.Call():
            return "a call of what is no name"
        case ast.keyword(None):
            return "a star"
        case ast.Compare(_, [_, _, *_]):
            return "a chain of comparisons"
        case _ if isinstance(node, ALLOWED):
            return ""
        case _:
            return CALLED.get(type(node), type(node).__name__.lower())


class Interpreter:
    """Evaluates what was read."""

    def __init__(self, names: Callable[[str], Any], functions: Mapping[str, Any]) -> None:
        self.names = names
        self.functions = functions

    def of(self, node: ast.expr | None) -> Any:  # noqa: C901, PLR0911
        """Return the value of an expression."""
        match node:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self.names(name)
            case ast.UnaryOp(op, operand):
                return OPERATORS[type(op)](_number(self.of(operand)))
            case ast.BinOp(left, op, right) | ast.Compare(left, [op], [right]):
                return _operated(op, _number(self.of(left)), _number(self.of(right)))
            case ast.Tuple(elements):
                return tuple(self.of(each) for each in elements)
            case ast.List(elements):
                return [self.of(each) for each in elements]
            case ast.Slice(lower, upper, step):
                return slice(self.of(lower), self.of(upper), self.of(step))
            case ast.Subscript(value, index):
                return _taken(self.of(value), self.of(index))
            case ast.Attribute(value, name):
                return self._attribute(self.of(value), name, ATTRIBUTES)
            case ast.Call():
                return self._call(node)
            case _:  # a bound of a slice that is not there
                return None

    def _call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Attribute):
            function = self._attribute(self.of(node.func.value), node.func.attr, METHODS)
        elif isinstance(node.func, ast.Name) and node.func.id in self.functions:
            function = self.functions[node.func.id]
        else:
            problem = f"{ast.unparse(node.func)} is neither in the Python column nor in the library"
            raise Unreadable(problem, NOWHERE)
        arguments = [self.of(each) for each in node.args]
        named = {each.arg or "": self.of(each.value) for each in node.keywords}
        asked = prod(max(1, abs(each)) for each in _wholes([*arguments, *named.values()]))
        if asked > MOST_ASKED:
            raise TieError(f"{ast.unparse(node)} is too large to be tried")
        spend(100 + asked)
        return function(*arguments, **named)

    @staticmethod
    def _attribute(value: Any, name: str, allowed: frozenset[str]) -> Any:
        fields = getattr(
            value, "_fields" if isinstance(value, tuple) else "__dataclass_fields__", ()
        )
        if name in fields:  # of a named tuple or a dataclass
            return getattr(value, name)
        if name not in allowed:
            raise Unreadable(f".{name} is not allowed in Python here", NOWHERE, HINT)
        return getattr(np.asarray(_number(value)), name)


def _number(value: Any) -> Any:
    """Return what can be reckoned with: a number or an array; no list, which would be repeated."""
    if type(value) in (bool, int, float) or isinstance(value, np.ndarray | np.number | np.bool_):
        return value
    if hasattr(type(value), "__array__"):
        return np.asarray(value)
    raise TieError(f"{type(value).__name__} is neither a number nor an array")


def _operated(op: ast.AST, left: Any, right: Any) -> Any:
    """Return the value of an operation, if no number and no array gets too large by it."""
    if isinstance(left, int) and isinstance(right, int):
        bits = max(left.bit_length(), right.bit_length())
        if isinstance(op, ast.Pow):
            bits = left.bit_length() * abs(right)
        if bits > MOST_BITS and left not in (-1, 0, 1):
            raise TieError("a whole number is too large to be tried")
    shapes = np.shape(left), np.shape(right)
    if isinstance(op, ast.MatMult):
        entries = prod((*shapes[0], *shapes[1]))
    else:
        entries = prod(np.broadcast_shapes(*shapes))
    if entries > MOST_ENTRIES:
        raise TieError("an array is too large to be tried")
    return OPERATORS[type(op)](left, right)


def _taken(value: Any, index: Any) -> Any:
    """Return a part of an array, of a list, or of what a function returned."""
    if isinstance(value, list | tuple | dict):
        return value[index]
    parts = index if isinstance(index, tuple) else (index,)
    if np.size(value) * prod(max(1, np.size(each)) for each in parts) > MOST_ENTRIES:
        raise TieError("an array is too large to be tried")
    return _number(value)[index]


def _wholes(values: Any) -> list[int]:
    found = []
    for each in values:
        if isinstance(each, list | tuple):
            found += _wholes(each)
        elif isinstance(each, int | np.integer):
            found.append(int(each))
    return found


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
