"""Recursions and updates: they define new values, and claims about these are judged."""

import pytest

from equation_checker import check, read_page

NOTATION = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $T, d \in \mathbb{N}$ | | |
| $t = 0, \dots, T$ | | |
| $\mu_t, p_t \in \mathbb{R}$ | | |
| $c \in \mathbb{R}$ | | |
| $k_0, \dots, k_T \in \mathbb{R}$ | | |
| $m_0, \dots, m_{T+1} \in \mathbb{R}$ | | |
| $m_{t+1} := m_t + \mu_t$ | | |
| $w^{(0)} \in \mathbb{R}^d$ | | |
| $b, s_0 \in \mathbb{R}$ | | |
| $g_t \in \mathbb{R}^d$ | | |
```
"""

DEFINED = r"""
p_{t+1} = 2 p_t = p_t + p_t, \quad t = 0, \ldots, T - 1
k_{t+1} = c k_t
w^{(t+1)} = w^{(t)} - c w^{(t)}, \quad t = 0, \ldots, T - 1
s^{(t+1)} = b s^{(t)} + (1 - b) c, \quad s^{(0)} = s_0
v_0 = 0, \quad v_{t+1} = b v_t + g_t, \quad t = 0, \dots, T - 1
s_t := b^t s_0, \quad t = 1, \ldots, T
c \leftarrow c - b \mu_0 = c - \mu_0 b
u \gets c - b
""".strip().splitlines()

HELD = r"""
m_t = m_0 + \sum_{s=0}^{t-1} \mu_s, \quad t = 1, \ldots, T+1
m_{t+1} = m_t + \mu_t, \quad t = 0, 1, \ldots, T
p_T = 2^T p_0
\frac{d p_T}{d p_0} = 2^T
k_T = c^T k_0
w^{(T)} = (1 - c)^T w^{(0)}
s^{(t+1)} - c = b (s^{(t)} - c), \quad t = 0, \ldots, T - 1
v_T = \sum_{t=0}^{T-1} b^{T-1-t} g_t
s_t = b s_{t-1}, \quad t = 1, \ldots, T
u + b = c
""".strip().splitlines()

REFUTED = r"""
p_T = 2^{T+1} p_0
k_T = c^{T+1} k_0
v_T = \sum_{t=0}^{T-1} b^{T-t} g_t
s_t = b^t s_{t-1}, \quad t = 1, \ldots, T
u - b = c
c \leftarrow c - b = c + b
""".strip().splitlines()


def verdicts(*displays):
    blocks = "".join(f"\n```{{math}}\n{each}\n```\n" for each in (*DEFINED, *displays))
    return check([read_page(NOTATION + blocks, "page.md")]).verdicts


def test_recursions_and_updates_are_definitions():
    found = verdicts()
    assert [each.problem() for each in found if not each.ok] == []
    assert [each.kind for each in found if each.kind != "row"][1] == "definition"


@pytest.mark.parametrize("latex", HELD)
def test_what_follows_from_a_recursion_holds(latex):
    found = verdicts(latex)[-1]
    assert found.status in ("held", "not refuted"), found.problem()


@pytest.mark.parametrize("latex", REFUTED)
def test_what_a_recursion_contradicts_is_refuted(latex):
    found = verdicts(latex)[-1]
    assert found.status == "refuted", found.problem()


def test_a_recursion_that_starts_nowhere_says_how_to_declare_it():
    found = verdicts(r"q_{t+1} = 2 q_t, \quad t = 0, \dots, T - 1")[-1]
    assert found.status == "unreadable"
    assert "does not say where it starts" in found.message
    assert r"declare q_0, \dots, q_" in found.hint
