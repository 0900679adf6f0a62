"""What claims are tried at: no false claim holds because a size, a number or a case was missed."""

import pytest

from equation_checker import Settings, check, read_page

TABLE = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $n, d \in \mathbb{N}$ | | |
| $i, j = 1, \dots, n$ | | |
| $t, a, b, h \in \mathbb{R}$ | | `t`, `a`, `b`, `h` |
| $v \in \mathbb{R}_{>0}$ | | `v` |
| $y \in \{-1, +1\}$ | | |
| $x_i \in \mathbb{R}$ | | `x[i]` |
| $w, u \in \mathbb{R}^d$ | | |
| $z \in \mathbb{R}^n$ | | |
| $p := \text{softmax}(z)$ | | |
| $f : \mathbb{R} \to \mathbb{R}$ | | |
| $I : \text{condition} \to \{0, 1\}$ | | |
| $\sigma(t) := \frac{1}{1 + \exp(-t)}$ | | |
```

$$
g(t) := \begin{cases} \frac{t^2}{2} & \text{if } |t| \le 5 \\
  5 |t| - \frac{25}{2} & \text{else} \end{cases}
$$
"""


def judged(latex, options="", **settings):
    page = read_page(f"{TABLE}\n```{{math}}\n{options}\n{latex}\n```\n")
    return check([page], settings=Settings(**settings)).verdicts[-1]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(
    "latex",
    [
        r"\prod_{i=1}^n i = 2^n - 2",
        "n^2 = 5 n - 6",
        r"\frac{n (n - 1)}{2} = 2 n - 3",
        r"2^n \le 4 n",
        r"\min(\max(0, t), 6) = \max(0, t)",
        r"\max(0, \min(1, \frac{t + 3}{6})) = \frac{t + 3}{6}",
        r"\max(v, \frac{1}{20}) = v",
        r"t^2 \le 7",
        r"|\tanh t| \le 0.98",
        r"\text{relu}(t - 4) = 0",
        r"\text{sign}(t + 4) = 1",
        "|t - 6| = 6 - t",
        "g'(t) = t",
        r"\sum_{i=1}^n I(x_i > 4) = 0",
        r"I(a + b > 400) = 0",
        r"\exp t \le 1 + t + t^2",
        r"p_i \le 0.9",
        r"-\sum_{i=1}^n p_i \log p_i \le 1",
        "w^\\top u < w^\\top w + u^\\top u",
        "t < t",
        r"t \ne t",
        r"t^2 > 0",
        r"\exp t > 1 + t",
        "a = a + 10^{-40}",
    ],
)
def test_what_is_true_almost_everywhere_one_looks_is_refuted(latex, seed):
    assert judged(latex, seed=seed).status == "refuted"


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(
    "latex",
    [
        r"\exp t \ge 1 + t",
        r"\sigma(t) < 1",
        r"|\tanh t| < 1",
        r"|w^\top u| \le \lVert w \rVert \lVert u \rVert",
        r"-\sum_{i=1}^n p_i \log p_i \le \log n",
        r"a b \le \frac{a^2 + b^2}{2}",
        r"n \le 2^n",
        r"\max_i x_i \ge \frac{1}{n} \sum_{i=1}^n x_i",
    ],
)
def test_a_true_inequality_is_not_refuted_and_says_how_hard_it_was_tried(latex, seed):
    found = judged(latex, seed=seed)
    assert found.status == "not refuted"
    assert "the smallest slack is" in found.message
    assert found.points > 30


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(
    "latex",
    [
        r"\max(a, b) + \min(a, b) = a + b",
        r"g'(t) = \max(-5, \min(5, t))",
        r"\text{relu}(t) - \text{relu}(-t) = t",
        r"|a b| = |a| |b|",
        r"\text{sign}(t) \max(|t| - 4, 0) = \max(t - 4, 0) - \max(-t - 4, 0)",
        r"\sum_{i=2}^n x_i w = \sum_{i=1}^n x_i w - x_1 w",
        r"\log \sigma(t) = -\log(1 + \exp(-t))",
        r"\sum_{i=1}^n \sum_{j=1}^n I(i = j) = n",
        r"\frac{1}{n} \sum_{i=1}^n (x_i - \frac{1}{n} \sum_{j=1}^n x_j) = 0",
    ],
)
def test_large_tiny_and_near_numbers_refuse_nothing_true(latex, seed):
    found = judged(latex, seed=seed)
    assert found.status == "held", found.problem()


def test_an_outcome_that_no_point_can_show_is_named():
    found = judged(r"\max(a, b, a + b + 1 - |a| - |b| - 2) = \max(a, b)")
    assert found.status in ("under-tested", "refuted")
    found = judged("I(y = 2) a = 0")
    assert found.status == "under-tested"
    assert found.message == "no point shows I(y = 2) being true"


def test_a_condition_that_few_points_meet_is_sought():
    assert judged(r"|t| = t \quad \text{if } t > 350").status == "held"
    assert judged(r"|t| = -t \quad \text{if } t > 350").status == "refuted"


@pytest.mark.parametrize(
    ("latex", "order", "status"),
    [
        (r"\exp(h) = 1 + h", "h^2", "refuted"),
        (r"\exp(h) < 1 + h", "h^2", "refuted"),
        (r"f(a + h) = f(a) + h f'(a) \approx f(a) + h f'(a) + \frac{h^2}{2} f''(a)", "h^3",
         "refuted"),
        (r"|h| + h^2 \approx h", "h^2", "refuted"),
        (r"\exp(h) \approx 1 + h", "h^2", "held"),
        (r"\exp(h) \approx 1 + h = h + 1", "h^2", "held"),
        (r"\log(h - 1) \approx h", "h^2", "under-tested"),
    ],
)  # fmt: skip
def test_an_order_touches_approximations_alone_on_both_sides_of_0(latex, order, status):
    found = judged(latex, f":order: {order}")
    assert found.status == status
    assert found.assumption == f"to order {order}"


def test_a_tolerance_is_between_0_and_1_and_touches_approximations_alone():
    for tolerance in ("2", "inf", "nan", "0", "-1"):
        found = judged(r"a \approx b", f":tolerance: {tolerance}")
        assert found.status == "unreadable"
        assert "is not between 0 and 1" in found.message
    near = r"\exp(t) \approx \exp(t) + 10^{-9} \exp(t)"
    assert judged(near, ":tolerance: 0.02").assumption == "to within 2 %"
    assert judged(near.replace(r"\approx", "="), ":tolerance: 0.02").status == "refuted"


def test_what_is_assumed_is_said():
    found = judged(r"\sigma(t) = \frac{1}{2}", ":where: t = 0")
    assert (found.status, found.assumption) == ("held", "under the assumption t = 0")


@pytest.mark.parametrize(
    ("latex", "python", "status"),
    [
        (r"\ell := \log(-v)", "5", "refuted"),
        (r"\ell := \log(-v)", "nan()", "under-tested"),
        (r"r := \sqrt{t}", "0 * t + 7", "refuted"),
        ("q := 10^{-12} t", "2e-12 * t", "refuted"),
        ("q := 10^{-12} t", "1e-12 * t", "held"),
    ],
)
def test_a_tie_is_compared_where_there_is_something_to_compare(latex, python, status):
    library = {"nan": lambda: float("nan")}
    assert judged(latex, f":python: {python}", library=library).status == status


@pytest.mark.parametrize(
    "latex", [r"\exp(a) = a", r"\frac{1 + y}{2} = y", "a b = b", r"\frac{a}{a + b} = a"]
)
def test_a_repair_never_makes_both_sides_the_same(latex):
    found = judged(latex)
    assert found.status == "refuted"
    assert found.repair == ""


@pytest.mark.parametrize(
    "latex",
    [
        r"z_1 = 0 \text{ if } x_i = 0",
        r"x_1 = 0 \text{ if } x_i = 0",
        r"x_i = x_1 \text{ if } x_i = 1",
        r"x_1 = 0 \text{ if } x_i^2 = x_i",
        r"x_1 = 1 \text{ if } x_n = 1",
        r"\max_i x_i = 0 \text{ if } x_i = 0",
        r"x_1 = 1 \text{ if } \sum_{i=1}^n x_i = n",
        r"a = 0 \text{ if } a b = 0",
        r"a = 0 \text{ if } a x_i = 0",
    ],
)
def test_what_meets_a_condition_is_otherwise_as_ordinary_as_it_can_be(latex):
    assert judged(latex).status == "refuted"


@pytest.mark.parametrize(
    "latex",
    [
        r"x_1 x_2 = 0 \text{ if } x_2 = 0",
        r"\prod_{i=1}^n x_i = 0 \text{ if } x_i = 0",
        r"\sum_{i=1}^n (x_i - 1) = 0 \text{ if } \sum_{i=1}^n x_i = n",
        r"x_i x_1 = x_i^2 \text{ if } x_i = x_1",
    ],
)
def test_a_condition_that_ties_numbers_is_met_at_ordinary_points(latex):
    assert judged(latex).status == "held"


def test_what_meets_a_condition_at_special_points_alone_is_not_praised():
    found = judged(r"x_1 x_2 = 0 \text{ if } x_1^2 + x_2^2 = 1")
    assert found.status == "under-tested"
    assert found.message == "the condition was met at special points only"


def test_for_all_behind_a_condition_can_be_read_in_two_ways():
    found = judged(r"a = 0 \text{ if } x_i = 0 \text{ for all } i")
    assert "can be read as a condition on one i or as a condition on all i" in found.message
