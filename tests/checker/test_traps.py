"""Equations that look right and are wrong somewhere: none is let pass, and nothing true refused.

Each page of tests/traps declares a notation and states what is ``true-…`` and what is ``wrong-…``:
at ties, beyond a kink, at one size, off the diagonal, in a branch that code forgets.
"""

from pathlib import Path

import numpy as np
import pytest

from equation_checker import Settings, check, read_page

PAGES = sorted((Path(__file__).parents[1] / "traps").glob("*.md"))
SLOW = {"analysis"}
PASSED = {"held", "not refuted", "proved", "unchecked"}


def huber(t):
    return np.where(np.abs(t) <= 1, t * t / 2, np.abs(t) - 0.5)


def huber_wrong(t):
    return np.where(np.abs(t) <= 1, t * t / 2, t - 0.5)


CODE = {
    "relu": lambda t: np.maximum(t, 0), "clip": lambda t: np.clip(t, -5, 5), "huber": huber,
    "huber_wrong": huber_wrong, "hinge_wrong": lambda t: 1 - t if t < 8 else 0,
    "loss_wrong": lambda _, p: -np.log(p), "mean0": lambda x: x.sum() / len(x),
    "xent": lambda y, p: -y * np.log(p) - (1 - y) * np.log(1 - p), "argsum": np.sum,
    "layer": lambda W, x: W @ x, "layerT": lambda W, x: W.T @ x, "square": np.square,
    "leaky": lambda t: np.where(t > 0, t, 0.01 * t), "norm": np.linalg.norm,
    "var1": np.var, "tanh": np.tanh,
}  # fmt: skip
MARKED = [
    pytest.param(each, marks=pytest.mark.slow if each.stem in SLOW else (), id=each.stem)
    for each in PAGES
]


@pytest.mark.parametrize("path", MARKED)
def test_no_trap_is_let_pass_and_nothing_true_is_refuted(path):
    page = read_page(path.read_text(encoding="utf-8"), path.name)
    found = check([page], settings=Settings(library=CODE)).verdicts
    status = {each.label: str(each.status) for each in found if each.label}
    assert {k for k, each in status.items() if k.startswith("wrong-") and each in PASSED} == set()
    assert {k for k, each in status.items() if k.startswith("true-") and each == "refuted"} == set()
    held = [k for k, each in status.items() if k.startswith("true-") and each in PASSED]
    assert len(held) >= 0.9 * sum(k.startswith("true-") for k in status)


BEYOND = r"""```{notation}
| symbol | meaning | Python |
|---|---|---|
| $x \in \mathbb{R}$ | | |
| $q \in (0, 1)$ | | |
```

$$
\sum_{k=1}^\infty k q^{k-1} = \frac{1}{(1 - q)^2}
$$

$$
\sum_{k=0}^\infty x^k = \frac{1}{1 - x}
$$

$$
\int_0^\infty \exp(-x s) \, ds = \frac1x
$$
"""


@pytest.mark.parametrize("seed", [*range(14), 59])
def test_a_series_and_an_integral_are_tried_where_they_have_no_value(seed):
    found = check([read_page(BEYOND, "p.md")], settings=Settings(seed=seed)).verdicts
    assert [each.status for each in found] == ["held", "refuted", "refuted"]
