"""What a display states: each of its claims is judged, and nothing that is shown is passed over."""
# ruff: noqa: E501

import pytest

from equation_checker import check, read_page

NOTATION = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $n, d \in \mathbb{N}$ | | |
| $i, j = 1, \dots, n$ | | |
| $a, b, c, t, u, e_0 \in \mathbb{R}$ | | |
| $v \in \mathbb{R}_{>0}$ | | |
| $y \in \{-1, +1\}$ | | |
| $\mathring{t} \in \mathbb{R}$ | | |
| $x_i \in \mathbb{R}$ | | |
| $w \in \mathbb{R}^d$ | | |
| $A, B \in \mathbb{R}^{d \times d}$ | | |
| $\sigma(s) := \frac{1}{1 + \exp(-s)}$ | | |
```
"""


def verdict(latex):
    page = read_page(NOTATION + "\n```{math}\n" + latex + "\n```\n", "page.md")
    *before, last = check([page]).verdicts
    assert [each.problem() for each in before if not each.ok] == []
    return last


HELD = r"""
y^2 = 1, \quad (-y)^2 = 1
y^2 = 1; (-y)^2 = 1.
a + b = b + a \textrm{ and } 2 a = a + a
\sigma(-t) = 1 - \sigma(t) \quad\text{and}\quad \sigma(t) \le 1
|a - b| = a - b \text{ if } a \ge b
|t| = t \text{ whenever } t \ge 0
|a| = a \text{ if } a \ge 0, \quad |b| = -b \text{ if } b < 0
\text{If } t > 0 \text{, then } |t| = t
|a b| = a b \text{ if } a > 0 \text{ and } b > 0
x_i + x_i = 2 x_i, \quad i = 1, \dots, n
x_i + x_i = 2 x_i, \quad x_i - x_i = 0, \quad 1 \le i \le n
x_i + x_j = x_j + x_i \quad \text{for all } i, j
x_k + x_k = 2 x_k, \quad k \in \{1, 2, \dots, n\}
x_k + x_k = 2 x_k, \quad k = 1, 2, \ldots, n
\text{Since } a + a = 2 a \text{, we have } a + a + a = 3 a
a + b = b + a \text{, or equivalently, } b + a = a + b
\sigma(t) = \frac{u}{1 + u} \quad \text{where } u = e^t
t^2 = 4 \text{ if } t = 2
\begin{aligned} a &= a & 2 b &= b + b \end{aligned}
\begin{aligned} a &= a && 2 b = b + b \\ 2 a &= a & &+ a \end{aligned}
\begin{eqnarray} a + b & = & b + a \\ & = & a + b \end{eqnarray}
\sigma(t) = q \text{ with } q = \frac{1}{1 + e^{-t}}
|t| = t \text{ with } t > 0
\sigma(t) = q \quad \text{where } q = \frac{1}{1 + e^{-t}}
\text{For } t > 0, \quad |t| = t
a < b \implies e^a < e^b
a < b \iff b > a
e^t \ge 1 + t \qquad \forall t \in \mathbb{R}
t^2 \ge 0 \text{ for all $t \in \mathbb{R}$}
\boxed{a + b = b + a}
\underbrace{(a + b)^2}_{\text{a square}} = a^2 + \underbrace{2 a b}_{= a b + b a} + b^2
{\color{red} a} (b + c) = a b + \textcolor{blue}{a} c
a + \phantom{b} b \hspace{1em} = b + a \hspace{-1em} {}
\begin{align*} a &= a \nonumber \\[4pt] b &= b \tag{3} \cr c &= c \end{align*}
2 a \stackrel{(1)}{=} a + a \overset{(b)}{=} 2 a
\max_{i} x_i = \underset{i}{\max} x_i
a \not= a + 1
\begin{aligned} a + b &= b + a && \text{as $2 b = b + b$} \end{aligned}
\begin{aligned} a + a &= 2 a && \text{$a$ is a number} \end{aligned}
\begin{aligned} a + a &= 2 a \\ \text{so that} \quad a + a + a &= 3 a \end{aligned}
(a + b)(a - b) = a^2 \hspace{1em} - a b + b a - b^2 = a^2 - b^2
e_0 + e^{-t} = e^{-t} + e_0
x_1 + x_2 + \cdots + x_n = \sum_{i=1}^n x_i
a + x_1^2 + \ldots + x_n^2 = a + \sum_{i=1}^n x_i^2
1^2 + 2^2 + \dots + n^2 = \frac{n (n + 1) (2 n + 1)}{6}
1 + v + v^2 + \cdots + v^n = \sum_{i=0}^n v^i
2 x_1 x_2 \cdots x_n = 2 \prod_{i=1}^n x_i
1 \cdot 2 \cdot 3 \cdots n = \prod_{i=1}^n i
\max(x_1, \dots, x_n) = \max_i x_i
(x_1, x_2, \dots, x_n) = [x_1, \dots, x_n]^\top
(a, b, c)^\top = [a, b, c]^\top
[w_1, \dots, w_d] A = w^\top A
\begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix} = (x_1, \dots, x_n)
x_1 + \cdots + x_{n-1} = \sum_{i=1}^{n-1} x_i
w w^\top = \begin{pmatrix} w_1 w_1 & \cdots & w_1 w_d \\ \vdots & \ddots & \vdots \\ w_d w_1 & \cdots & w_d w_d \end{pmatrix}
\text{diag}(w) = \begin{pmatrix} w_1 & 0 & \cdots & 0 \\ 0 & w_2 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \cdots & w_d \end{pmatrix}
\begin{bmatrix} 1 & x_1 \\ \vdots & \vdots \\ 1 & x_n \end{bmatrix} (a, b) = (a + b x_1, \ldots, a + b x_n)
\sigma(t) \in (0, 1)
t + t = 2 t \in \mathbb{R}
\mathring{t} = \mathring{t}
\overset{\,}{t}_{\,}^{\,} + t = 2 t
\sum^n_{i=1} x_i = \sum_i x_i
\operatorname{tanh}(t) = \mathrm{tanh}(t)
1 \ge t \text{ if } t <= 1
\left[ \begin{array}{c} a \\ b \end{array} \right] = (a, b)
\begin{array}{rcl} a + b &=& b + a \\ a + a &=& 2 a \end{array}
|t| = \left\{ \begin{array}{ll} t & \text{if } t > 0 \\ -t & \text{otherwise} \end{array} \right.
\begin{aligned} 2 a + 2 b &= \left( a + a + \right. \\ & \left. \quad 2 b \right) \end{aligned}
\frac{1 + y}{2} \in \{0, 1\}
v + \frac{1}{v} \in [2, \infty)
e^t \in \mathbb{R}_{>0}
\frac{n (n + 1)}{2} \in \mathbb{N}
\frac{d}{d t} e^{\mathbf{t}} = 0
""".strip().splitlines()[:-1]

REFUTED = r"""
y^2 = 1, \quad y = 1
\sigma(-t) = 1 - \sigma(t) \quad\text{and}\quad \sigma(t) \ge \frac{1}{2}
(a + b)^2 = a^2 + 2 a b + b^2, \quad a \ge b
y^2 = 1; y = 1
a + b = b + a \textrm{ and } a^2 = -1
(a + b)^2 = a^2 + 2 a b + b^2 \textrm{ and } a = 2 a + 1
\text{Since } a = 2 a \text{, we have } a + a + a = 3 a
a + a = 2 a \text{ so } b = 2 b
\text{since $b = 2 b$, } a + a = 2 a
\begin{aligned} a + b &= b + a && \text{so } b = 2 b \end{aligned}
\begin{aligned} a + b &= b + a && \text{so $b = 2 b$} \end{aligned}
\underbrace{a + a}_{= 3 a} = 2 a
\underbrace{a + a}_{3 a} = 2 a
a < b \implies a^2 < b^2
t > 1 \iff t > 2
\begin{aligned} a &= a \\ [2] b &= b \end{aligned}
{a + b} c = a c + b c
a {- b} = -a b
2 a \stackrel{(1)}{=} a + a \overset{(b)}{=} 3 a
x_1 + x_2 + \cdots + x_n = \sum_{i=1}^{n-1} x_i
1 + v + v^2 + \cdots + v^n = \sum_{i=1}^n v^i
A w w^\top = \begin{pmatrix} w_1 w_1 & \cdots & w_d w_1 \\ \vdots & \ddots & \vdots \\ w_1 w_d & \cdots & w_d w_d \end{pmatrix}
[x_1, x_2, \dots, x_n]^\top = 2 (x_1, \dots, x_n)
\sigma(t) \in (0, \tfrac12)
\frac{1 + y}{2} \in \{-1, 1\}
1 + v \in [2, \infty)
\frac{n (n + 1)}{4} \in \mathbb{N}
\text{where } \sigma(t) = \frac{1}{1 + e^t}, \quad a = a
t^2 = 3 \text{ if } t = 2
\begin{aligned} a &= a & b &= 2 b \end{aligned}
(a + b)^2 = a^2 + 2 a b + b^2 \text{ with } a = b + 1
""".strip().splitlines()

UNREADABLE = {
    r"a, b = 2 b": "a stands beside a claim and states nothing",
    r"t \quad t = t": "t stands beside a claim and states nothing",
    r"a; b = b": "a stands beside a claim and states nothing",
    r"a \text{ and } b = b": "a stands beside a claim and states nothing",
    r"a \text{ plus } b = b": "the words 'plus' are not read",
    r"0,5 t = \frac{t}{2}": "a comma between digits can be read as a decimal point",
    r"a = b \text{ or } b = b": "the words 'or' are not read",
    r"a = a \text{ unless } b = b": "the words 'unless' are not read",
    r"|a b| = a b \text{ if } a > 0, b > 0": "b > 0 can be read as a condition or as a claim",
    r"a^2 = 1, \quad |a| = a \text{ if } a > 0": "the condition a > 0 can be read of the last",
    r"a^2 = b^2 \implies |a| = |b|": "this construct is not read: what follows from an equation",
    r"2 a \stackrel{!}{=} a + a": r"this construct is not read: \stackrel{!}{=}",
    r"a \to b": r"this construct is not read: \to",
    r"w \in \mathbb{R}": r"w is d \times 1, but the set holds a number",
    r"a = \overset{2}{a}": r"this construct is not read: \overset{2}{a}",
    r"a = a \text{err}": "cannot read on here, found err",
    r"q = a": "q is not declared",
    r"a (b, c) = a (b, c)": "a is not declared as a function",
    r"= a + a": "a claim without a left side",
    r"1 + 3 + 5 + \dots + n = n": r"the terms before \dots do not go on by 1",
    r"x_1 + x_3 + \dots + x_n = a": r"the terms before \dots do not go on by 1",
    r"[x_1, x_3, \dots, x_n] = a": r"before \dots do not go on by 1",
    r"1 + v + \cdots = v": "this construct is not read: a sum that ends in",
    r"a = \begin{bmatrix} a & \cdots \\ b & c \end{bmatrix}": "the dots of this matrix are not read",
}

UNCHECKED = {
    r"a \approx b": r"\approx alone states nothing that can be checked",
    r"a + a = 2 a \approx b": r"\approx alone states nothing that can be checked",
    r"a \propto b": r"\propto leaves a factor open",
    r"w \in \mathbb{R}^d": "restates the notation",
    r"A w \in \mathbb{R}^d": "its shape",
    r"x_1, \dots, x_n \in \mathbb{R}": "restates the notation",
    r"w \leftarrow w - t A w": "nothing ties it to code",
    r"q \triangleq a + b": "nothing ties it to code",
    r"q \stackrel{\text{def}}{=} a + b": "nothing ties it to code",
    r"q \overset{\triangle}{=} a + b": "nothing ties it to code",
    r"q \equiv a + b": "nothing ties it to code",
    r"q \coloneqq a + b": "nothing ties it to code",
    r"q \mathrel{:=} a + b": "nothing ties it to code",
    r"q :\!= a + b": "nothing ties it to code",
    r"a + b =: q": "nothing ties it to code",
}


@pytest.mark.parametrize("latex", HELD)
def test_every_claim_of_a_display_is_judged_and_holds(latex):
    found = verdict(latex)
    assert found.status in ("held", "not refuted"), found.problem()


@pytest.mark.parametrize("latex", REFUTED)
def test_a_display_with_one_false_claim_is_refuted(latex):
    found = verdict(latex)
    assert found.status == "refuted", found.problem()


@pytest.mark.parametrize("latex", UNREADABLE)
def test_what_can_be_read_in_two_ways_or_is_passed_over_is_an_error(latex):
    found = verdict(latex)
    assert found.status == "unreadable", found.problem()
    assert UNREADABLE[latex] in found.message


@pytest.mark.parametrize("latex", UNCHECKED)
def test_what_states_nothing_that_can_be_false_is_unchecked(latex):
    found = verdict(latex)
    assert found.status == "unchecked", found.problem()
    assert UNCHECKED[latex] in found.message
