"""Work out ties at a page's example: the assignments of a cell, by the interpreter of ties."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from equation_checker.judging.python import Interpreter, TieError, read
from equation_checker.language.errors import Unreadable
from equation_checker.language.tree import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DIGITS = 4
"""That a reader is shown of a number."""
MOST = 24
"""Numbers of an array that are shown; of a larger one the middle is left out."""


class _NumPy(NamedTuple):
    """What an example may take from NumPy."""

    array: Callable[..., Any] = np.array


class Example:
    """Names with their values, and what can be worked out with them."""

    def __init__(self, library: Mapping[str, Any]) -> None:
        self.library = library
        self.names: dict[str, Any] = {}

    def learn(self, code: str) -> None:
        """Take over what the assignments of a cell name; a cell of an example holds nothing else.

        >>> example = Example({})
        >>> example.learn("X = np.array([[1, 2], [3, 4]]); i = k = 0")
        >>> example.value("X[i] @ X[k]")
        '5'
        """
        try:
            statements = ast.parse(code).body
        except SyntaxError as problem:
            raise TieError(f"the example is not Python: {problem}") from problem
        for each in statements:
            if not isinstance(each, ast.Assign):
                raise TieError(f"an example holds assignments alone, not {ast.unparse(each)}")
            value = self._work_out(ast.unparse(each.value))
            for target in each.targets:
                if not isinstance(target, ast.Name):
                    raise TieError(f"an example names one value at a time, not {ast.unparse(each)}")
                self.names[target.id] = value

    def knows(self, python: str) -> bool:
        """Tell whether an expression can be worked out: each of its names has a value."""
        known = {*self.names, *self.library}
        return all(
            each.id in known for each in ast.walk(read(python)) if isinstance(each, ast.Name)
        )

    def value(self, python: str) -> str:
        """Return the value of an expression, rounded for the eye."""
        return rounded(self._work_out(python))

    def _work_out(self, python: str) -> Any:
        interpreter = Interpreter(self._named, self.library)
        try:
            return interpreter.of(read(python))
        except (TieError, Unreadable):
            raise
        except Exception as problem:  # the code of others may raise anything
            raise TieError(f"{python} raises {type(problem).__name__}: {problem}") from problem

    def _named(self, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        if name == "np":
            return _NumPy()
        if name in self.library:
            return self.library[name]
        raise Unreadable(f"{name} is neither in the example nor in the library", NOWHERE)


def rounded(value: Any) -> str:
    """Return a number, or an array, as a reader takes it in.

    The largest entry has four digits, the others as many behind the point.

    >>> rounded([1 / 3, -2, 1e-9])
    '[0.333, -2.000, 0.000]'
    >>> print(rounded([[1, -2], [3, 4]]), rounded(1e-9), rounded(-12345.6))
    [[ 1, -2],
     [ 3,  4]] 1.000e-09 -12346
    """
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return np.array2string(array, separator=", ", threshold=MOST, edgeitems=2)
    largest = float(np.max(np.abs(array), initial=0))
    before = math.floor(math.log10(largest)) + 1 if 0 < largest < math.inf else 1
    behind = max(0, DIGITS - before)
    form = f".{behind}f" if before > 1 - DIGITS else f".{DIGITS - 1}e"
    width = 0

    def one(number: Any) -> str:
        return f"{number + 0.0:{form}}".rjust(width)

    if array.ndim == 2:
        width = max((len(one(each)) for each in array.flat), default=0)
    return np.array2string(
        array, separator=", ", threshold=MOST, edgeitems=2, formatter={"float_kind": one}
    )
