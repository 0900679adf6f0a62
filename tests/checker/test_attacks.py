"""A page of a stranger: what it writes in a tie or in the Python column does nothing of its own."""

import os
import types
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from equation_checker import Settings, check, public, read_page

TABLE = r"""```{{notation}}
| symbol | meaning | Python |
|---|---|---|
| $n \in \mathbb{{N}}$ | | |
| $i = 1, \dots, n$ | | |
| $t \in \mathbb{{R}}$ | | `t` |
| $x_i \in \mathbb{{R}}$ | | `x[i]` |
| $A \in \mathbb{{R}}^{{n \times n}}$ | | `A` |
{row}
```
"""
WRITES = [
    "open('CANARY', 'w')",
    "(lambda: open('CANARY', 'w'))()",
    "(lambda f=open('CANARY', 'w'): 0)()",
    "[open('CANARY', 'w') for _ in [0]][0]",
    "{open('CANARY', 'w') for _ in [0]}",
    "{0: open('CANARY', 'w') for _ in [0]}[0]",
    "sum(open('CANARY', 'w').write('') for _ in [0])",
    'f\'{open("CANARY", "w")}\'',
    'f\'{0:{open("CANARY", "w")}}\'',
    "(o := open('CANARY', 'w'))",
    "0 if open('CANARY', 'w') else 1",
    "open('CANARY', 'w') and 0",
    "not open('CANARY', 'w')",
    "{0: open('CANARY', 'w')}[0]",
    "{open('CANARY', 'w')}",
    "max(*[open('CANARY', 'w')])",
    "sigmoid(**{'t': open('CANARY', 'w')})",
    "x[(lambda: open('CANARY', 'w'))():]",
    "sigmoid(t=open('CANARY', 'w'))",
    "0 in [open('CANARY', 'w')]",
    "open('CANARY', 'w') is None",
    "0 < (lambda: open('CANARY', 'w'))() < 1",
    "eval(\"open('CANARY', 'w')\")",
    "exec(\"open('CANARY', 'w')\")",
    "eval(compile(\"open('CANARY', 'w')\", '', 'eval'))",
    "__import__('os').system('touch CANARY')",
    "__import__('os').system('touch CANARY') or t.__import__",
    "__builtins__['open']('CANARY', 'w')",
    "globals()['__builtins__']['open']('CANARY', 'w')",
    "getattr(__builtins__, 'open')('CANARY', 'w')",
    "sigmoid.__globals__['__builtins__']['open']('CANARY', 'w')",
    "sigmoid.__globals__['os'].system('touch CANARY')",
    "().__class__.__base__.__subclasses__()[0]",
    "[c for c in ().__class__.__mro__[1].__subclasses__()]",
    "().__ｃlass__",
    "𝐨𝐩𝐞𝐧('CANARY', 'w')",
    "np.save('CANARY', t)",
    "np.memmap('CANARY', mode='w+', shape=(1,))",
    "os.system('touch CANARY')",
    "os * 1",
    "x.tofile('CANARY')",
    "A.dump('CANARY')",
    "A[0].tofile('CANARY')",
    "(await open('CANARY', 'w'))",
    "(yield open('CANARY', 'w'))",
    "0; open('CANARY', 'w')",
    "write('CANARY')",
    "Writer('CANARY')",
    "_hidden()",
    "import os",
    "0\nimport os",
]
REACHES = [
    "sigmoid.__code__",
    "sigmoid.__call__(t)",
    "x.__reduce__()",
    "x.__getitem__(0)",
    "x.__array_interface__",
    "x.ctypes",
    "x.data",
    "x.base",
    "x.dtype",
    "x.view()",
    "x.astype(sigmoid)",
    "x.fill(0)",
    "x.dumps()",
    "x.setflags()",
    "x.sum.im_self",
    "t.hex()",
    "t.as_integer_ratio()",
    "sigmoid.func",
    "'{0.__globals__}'.format(sigmoid)",
    "'%s' % sigmoid",
    "b'0'",
    "(0j).real",
    "...",
    "sum(x, start=0)",
    "sigmoid(*x)",
    "(sigmoid)(t)(t)",
    "[sigmoid][0](t)",
]
BOMBS = [
    "9**9**9",
    "9**9**9**9",
    "(n + 9)**9**9",
    "((((9**9)**9)**9)**9)**9",
    "1 << 10**11",
    "9" * 2000,
    "9" * 5000,
    "[0] * 10**9",
    "(0,) * 10**9",
    "'a' * 10**10",
    "([0] + [0])[0]",
    "x" + "[:, None]" * 30 + "[0]",
    "A" + " * A[:, :, None, None]" * 20,
    "A[[0] * 9]",
    "zeros(10**5, 10**5)",
    "zeros(100000)",
    "zeros((1000, 1000))",
    "sigmoid(" * 300 + "t" + ")" * 300,
    "(" * 500 + "t" + ")" * 500,
    "-" * 1900 + "t",
    "-" * 50000 + "t",
    "t" + "+t" * 900,
    "t\0",
]


def sigmoid(t):
    return 1 / (1 + np.exp(-np.asarray(t)))


class Pair(NamedTuple):
    left: float
    right: float


@pytest.fixture(scope="module")
def library():
    """A module as a careless author could have it: it holds more than what a page needs."""
    module = types.ModuleType("careless")
    module.__all__ = ["sigmoid", "pair", "zeros", "gradients", "os", "Writer"]
    module.os, module.np, module.write, module.Writer = os, np, os.mknod, Path
    module.sigmoid, module._hidden = sigmoid, lambda: 0
    module.pair = lambda t: Pair(t, 2 * t)
    module.zeros = lambda *shape: np.zeros(shape)
    module.gradients = lambda t: {"left": t}
    return module


def verdict(python, library, latex="g := 0", row=""):
    text = TABLE.format(row=row) + f"\n```{{math}}\n:python: {python}\n{latex}\n```\n"
    return check([read_page(text, "page.md")], settings=Settings(library=public(library))).verdicts


@pytest.mark.parametrize("attack", [*WRITES, *REACHES, *BOMBS])
@pytest.mark.parametrize("place", ["with a library", "without", "column"])
def test_an_attack_is_refused_and_does_nothing(attack, place, library, tmp_path):
    canary = tmp_path / "canary"
    attack = attack.replace("CANARY", str(canary)).replace("\n", " ")
    if place == "column":
        found = verdict("t", library, "q := t", row=rf"| $g(u) := 0$ | | ` {attack} ` |")
    else:
        found = verdict(attack, library if place == "with a library" else None)
    assert found[0].status in ("unreadable", "refuted")
    assert attack in BOMBS or "the code" not in found[0].message
    assert not canary.exists()


def test_an_error_names_what_is_not_allowed_and_what_is(library):
    (found,) = verdict("sum(x for x in [0])", library)
    assert found.message.startswith("a comprehension is not allowed")
    assert "calls of the library's functions" in found.hint


@pytest.mark.parametrize(
    ("python", "latex"),
    [
        ("sigmoid(t)", r"\frac{1}{1 + \exp(-t)} = \frac{1}{1 + \exp(-t)}"),
        ("sigmoid(t=t)", r"\frac{1}{1 + \exp(-t)} = \frac{1}{1 + \exp(-t)}"),
        ("pair(t).right", "2 t = t + t"),
        ("pair(t)[1]", "2 t = t + t"),
        ("gradients(t)['left']", "t = t"),
        ("x[0]", "x_1 = x_1"),
        ("x[i]", "x_i = x_i"),
        ("x[::-1][n - 1 - i] * 1.0", "x_i = x_i"),
        ("x[x == x][i]", "x_i = x_i"),
        ("(x[:, None] @ x[None, :])[i, i]", "x_i^2 = x_i x_i"),
        ("A.T", r"A^\top = A^\top"),
        ("A @ A", "A A = A^2"),
        ("A.shape[0]", "n = n"),
        ("A.sum(axis=0)[0] - A[:, 0].sum()", "t - t = 0"),
        ("2 * t + 1 - t / 2 + t**2", r"2 t + 1 - \frac{t}{2} + t^2 = 2 t + 1 - \frac{t}{2} + t^2"),
        ("(t > 0) * 1.0 + (t <= 0)", "1 = 1"),
        ("2**10 - 10**3 // 1 - 24 % 25", "0 = 0"),
        ("x.sum()", r"\sum_{i=1}^n x_i = \sum_{i=1}^n x_i"),
        ("[t, 2 * t]", r"[t, 2 t]^\top = [t, 2 t]^\top"),
        ("(t, -t)", r"[t, -t]^\top = [t, -t]^\top"),
        ("t * 2; 2 * t", "2 t = 2 t"),
    ],
)
def test_what_a_tie_is_for_still_works(python, latex, library):
    (found,) = verdict(python, library, latex)
    assert found.status == "held", found.problem()


def test_public_is_what_a_module_lists_or_the_functions_that_it_defines(library):
    assert set(public(library)) == {"sigmoid", "pair", "zeros", "gradients"}
    import backprop_notes.network as network  # noqa: PLC0415

    assert "sigmoid" in public(network)
    assert {"np", "Parameters", "NamedTuple"}.isdisjoint(public(network))
    assert public(None) == {}
