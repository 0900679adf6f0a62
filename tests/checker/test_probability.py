"""Means, variances, probabilities, densities and divergences mean what the field means by them."""
# ruff: noqa: E501

import pytest

from equation_checker import check, read_page

NOTATION = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $K, n, d \in \mathbb{N}$ | | |
| $k = 1, \dots, K$ | | |
| $i, j = 1, \dots, n$ | | |
| $p, r \in \Delta^K$ | | |
| $g_k \in \mathbb{R}$ | | |
| $q \in (0, 1)$ | | |
| $a, e_0, t, \mu, m \in \mathbb{R}$ | | |
| $s, \lambda, v \in \mathbb{R}_{>0}$ | | |
| $w, y \in \mathbb{R}^d$ | | |
| $A \in \mathbb{R}^{d \times d}$ | | |
| $z \sim \mathcal{N}(\mu, s^2)$ | | |
| $\epsilon \sim \mathcal{N}(0, 1)$ | | |
| $u \sim \mathcal{U}(0, 1)$ | | |
| $T \sim \operatorname{Exp}(\lambda)$ | | |
| $b \sim \operatorname{Bernoulli}(q)$ | | |
| $N \sim \operatorname{Poisson}(\lambda)$ | | |
| $B \sim \operatorname{Bin}(n, q)$ | | |
| $c \sim \text{Categorical}(p)$ | | |
| $x_i \sim \mathcal{N}(\mu, s^2)$ | | |
| $h \sim \mathcal{N}(0, \mathbf{I}_d)$ | | |
| $\bar x := \frac{1}{n} \sum_{i=1}^n x_i$ | | |
| $o := a z + \epsilon$ | | |
| $\sigma(t) := \frac{1}{1 + e^{-t}}$ | | |
```
"""


def verdict(latex):
    page = read_page(NOTATION + "\n```{math}\n" + latex + "\n```\n", "page.md")
    *before, last = check([page]).verdicts
    assert [each.problem() for each in before if not each.ok] == []
    return last


PAIRS = r"""
\mathbb{E}[z] = \mu                                     | \mathbb{E}[z] = s
\mathbb{E} z = \mu                                      | \mathbb{E} z = \mu^2
E[z] = \mu                                              | E[z] = a
\mathbb{E}_{z}[z^2] = \mu^2 + s^2                       | \mathbb{E}_{z}[z^2] = \mu^2
\mathbb{E}[z]^2 = \mu^2                                 | \mathbb{E}[z]^2 = \mu^2 + s^2
\mathbb{E}[(z - \mathbb{E}[z])^2] = s^2                 | \mathbb{E}[(z - \mathbb{E}[z])^2] = s
\operatorname{Var}(o) = a^2 s^2 + 1                     | \operatorname{Var}(o) = a s^2 + 1
\operatorname{Cov}(o, z) = a s^2                        | \operatorname{Cov}(o, z) = a^2 s^2
\mathbb{V}[b] = q - q^2                                 | \mathbb{V}[b] = q + q^2
\mathrm{Var}(\bar x) = s^2 / n                          | \mathrm{Var}(\bar x) = s^2
\mathbb{E}[\bar x] = \mu                                | \mathbb{E}[\bar x] = n \mu
\operatorname{Cov}(x_i, x_j) = s^2 \mathbb{1}(i = j)    | \operatorname{Cov}(x_i, x_j) = s^2
\mathbb{E}[\sigma(\epsilon)] = \frac{1}{2}              | \mathbb{E}[\sigma(\epsilon)] = \frac{1}{3}
\mathbb{E}[e^{a z}] = e^{a \mu + a^2 s^2 / 2}           | \mathbb{E}[e^{a z}] = e^{a \mu + a s^2 / 2}
\mathbb{E}_{\epsilon \sim \mathcal{N}(0, 1)}[\mu + s \epsilon] = \mathbb{E}[z] | \mathbb{E}_{\epsilon \sim \mathcal{N}(0, 1)}[\mu + s \epsilon] = \mathbb{E}[z^2]
\mathbb{E}_{X \sim \mathcal{N}(m, v)}[X^2] = m^2 + v    | \mathbb{E}_{X \sim \mathcal{N}(m, v)}[X^2] = m^2 + v^2
\mathbb{E}[|\epsilon|] = \sqrt{2 / \pi}                 | \mathbb{E}[|\epsilon|] = \sqrt{1 / \pi}
\mathbb{E}[\max(0, \epsilon)] = \frac{1}{\sqrt{2 \pi}}  | \mathbb{E}[\max(0, \epsilon)] = \frac{1}{2}
\mathbb{E}[T] = \frac{1}{\lambda}                       | \mathbb{E}[T] = \lambda
\operatorname{Var}(T) = \lambda^{-2}                    | \operatorname{Var}(T) = \lambda^{-1}
\mathbb{E}[N] = \lambda                                 | \mathbb{E}[N] = \lambda^2
\operatorname{Var}(B) = n q (1 - q)                     | \operatorname{Var}(B) = n q
P(b = 1) = q                                            | P(b = 1) = 1 - q
\Pr[u > t \mid u > 0] = \min(1, \max(0, 1 - t))         | \Pr[u > t] = 1 - t
\mathbb{P}(T > t \mid T > 1) = e^{-\lambda (t - 1)} \text{ if } t > 1 | \mathbb{P}(T > t \mid T > 1) = e^{-\lambda t} \text{ if } t > 1
\mathbb{P}(|\epsilon| \le t) = 2 \mathbb{P}(\epsilon \le t) - 1 \text{ if } t > 0 | \mathbb{P}(|\epsilon| \le t) = \mathbb{P}(\epsilon \le t) \text{ if } t > 0
P(c = k) = p_k                                          | P(c = k) = \frac{1}{K}
P(b = 1, u \le q) = q^2                                 | P(b = 1, u \le q) = q
P(b = 1 \cap u \le q) = P(b = 1) P(u \le q)             | P(b = 1 \cap u \le q) = P(b = 1) + P(u \le q)
\mathbb{E}[g_c] = \sum_k p_k g_k                        | \mathbb{E}[g_c] = \sum_k g_k
\mathbb{E}[g_c \mid c = k] = g_k                        | \mathbb{E}[g_c \mid c = k] = p_k g_k
\mathbb{E}[b z] = q \mu                                 | \mathbb{E}[b z] = \mu
\mathbb{E}[u \epsilon^2] = \frac{1}{2}                  | \mathbb{E}[u \epsilon^2] = 1
\mathbb{E}[h^\top A h] = \operatorname{tr}(A)           | \mathbb{E}[h^\top A h] = \operatorname{tr}(A A)
\mathbb{E}[h h^\top] = \mathbf{I}_d                     | \mathbb{E}[h h^\top] = 2 \mathbf{I}_d
\operatorname{Cov}(A h) = A A^\top                      | \operatorname{Cov}(A h) = A^\top A
\operatorname{Var}(w^\top h) = \|w\|^2                  | \operatorname{Var}(w^\top h) = \|w\|
\mathcal{N}(t; \mu, v) = \frac{1}{\sqrt{2 \pi v}} e^{-(t - \mu)^2 / (2 v)} | \mathcal{N}(t; \mu, v) = \frac{1}{\sqrt{2 \pi} v} e^{-(t - \mu)^2 / (2 v)}
\mathcal{N}(y \mid w, v \mathbf{I}_d) = (2 \pi v)^{-d / 2} e^{-\|y - w\|^2 / (2 v)} | \mathcal{N}(y \mid w, v \mathbf{I}_d) = (2 \pi v)^{-1 / 2} e^{-\|y - w\|^2 / (2 v)}
\text{Poisson}(2 \mid \lambda) = \frac{\lambda^2}{2} e^{-\lambda} | \text{Poisson}(2 \mid \lambda) = \lambda^2 e^{-\lambda}
D_{KL}(p \,\|\, r) = \sum_k p_k \log \frac{p_k}{r_k}     | D_{KL}(p \,\|\, r) = \sum_k r_k \log \frac{p_k}{r_k}
\mathrm{KL}[\mathcal{N}(\mu, s^2) \,||\, \mathcal{N}(m, s^2)] = \frac{(\mu - m)^2}{2 s^2} | \mathrm{KL}[\mathcal{N}(\mu, s^2) \,||\, \mathcal{N}(m, s^2)] = \frac{(\mu - m)^2}{s^2}
\operatorname{KL}(\text{Bernoulli}(q) \| \text{Bernoulli}(1/2)) = \log 2 + q \log q + (1 - q) \log(1 - q) | \operatorname{KL}(\text{Bernoulli}(q) \| \text{Bernoulli}(1/2)) = \log 2 - q \log q - (1 - q) \log(1 - q)
H(p) = -\sum_k p_k \log p_k                             | H(p) = \sum_k p_k \log p_k
H(p, r) = H(p) + \operatorname{KL}(p \| r)              | H(p, r) = H(p) - \operatorname{KL}(p \| r)
H[\mathcal{N}(\mu, v)] = \frac{1}{2} \log(2 \pi e v)    | H[\mathcal{N}(\mu, v)] = \frac{1}{2} \log(2 \pi v)
\mathbb{E}_u[\mathbb{E}[\mathbb{1}(b \le 2 u)]] = 1 - \frac{q}{2} | \mathbb{E}_u[\mathbb{E}[\mathbb{1}(b \le 2 u)]] = 1 - q
\nabla_\mu \mathbb{E}[z^2] = 2 \mu                      | \nabla_\mu \mathbb{E}[z^2] = 2
\mathbb{E}[h_1^2 h_1] = 0 \text{ if } d = 3             | \mathbb{E}[h_1^4] = 1 \text{ if } d = 3
"""
TRUE, WRONG = zip(*(each.split(" | ") for each in PAIRS.strip().splitlines()), strict=True)


@pytest.mark.parametrize("latex", TRUE)
def test_what_is_true_holds(latex):
    found = verdict(latex)
    assert found.status.value == "held", found.problem()


@pytest.mark.parametrize("latex", WRONG)
def test_what_is_wrong_is_refuted(latex):
    found = verdict(latex)
    assert found.status.value == "refuted", found.problem()


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"z = \mu", "z is random, and has no one value"),
        (r"o = 1", "o is random, and has no one value"),
        (r"\mathbb{E}[a] = a", "nothing is random here"),
        (r"\mathbb{E}_z[z u] = 1", "u is random too"),
        (r"\mathcal{N}(0, 1) = 1", "a distribution has no value"),
        (r"z \sim \mathcal{U}(0, 1)", "the notation says z"),
    ],
)
def test_what_has_no_one_value_is_not_read(latex, message):
    assert verdict(latex).status.value == "unreadable"
    assert message in verdict(latex).problem()


def test_a_law_that_the_notation_says_is_not_judged_and_another_is_refuted():
    assert verdict(r"z \sim \mathcal{N}(\mu, s^2)").status.value == "unchecked"
    assert verdict(r"z \sim \mathcal{N}(\mu, s)").status.value == "refuted"


@pytest.mark.parametrize("latex", [r"\mathbb{E}[e^{\epsilon^2}] = 2"])
def test_a_mean_that_was_not_found_refutes_nothing(latex):
    assert verdict(latex).status.value == "under-tested"


def test_events_that_are_narrow_are_found():
    assert verdict(r"P(\epsilon^2 \le 10^{-6}) > 0.0007").ok


@pytest.mark.parametrize(
    "latex",
    [
        r"y \sim \textsf{student\_t}(4, \mu, s)",
        r"g_k \sim \mathcal{HN}",
        r"a \sim \operatorname{HalfCauchy}(2)",
        r"a \sim D_{\text{data}}",
        r"a \sim \operatorname{HalfCauchy}(\beta=2)",
    ],
)
def test_a_law_of_what_is_not_random_is_read_and_not_judged(latex):
    assert str(verdict(latex).status) == "unchecked"


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"a \sim \operatorname{HalfCauchy}(\xi)", "is not declared"),
        (r"\textsf{normal}(a \mid \mu, s^2) = 1", "takes a standard deviation"),
        (r"\mathcal{N}(a \mid \mu, \sigma) = 1", "standard deviation"),
        (r"\mathbb{E}[o \mid z] = a z", "is read only of a law of both"),
    ],
)
def test_a_law_that_can_be_read_in_two_ways_or_not_at_all_says_so(latex, said):
    notation = NOTATION.replace(r"| $s, ", r"| $\sigma, s, ").replace("$\\sigma(t) :=", "$S(t) :=")
    page = read_page(notation + "\n```{math}\n" + latex + "\n```\n", "page.md")
    last = check([page]).verdicts[-1]
    assert str(last.status) == "unreadable"
    assert said in last.problem()


LETTERS = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $K \in \mathbb{N}$ | | |
| $x, w \in \mathbb{R}$ | | |
| $z \in \{1, \dots, K\}$ | | |
| $f : \mathbb{R} \to \mathbb{R}$ | | |
| $(x, z) \sim p$ | | |
| $(x, z) \sim q(x, z)$ | | |
```
"""


def told(notation, latex):
    page = read_page(notation + "\n```{math}\n" + latex + "\n```\n", "page.md")
    return next(each.problem() for each in check([page]).verdicts if not each.ok)


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"p(x) = p(w)", "w is none of these"),
        (r"p(x \mid x) = 1", "stands here twice"),
        (r"p(0 \mid z) = 1", "0 is none of these"),
        (r"\operatorname{KL}(p(x) \| q(z)) = 0", "laws of different letters"),
        (r"\int f(x) \, dx = 1", "an integral without limits"),
        (r"\int p(z) \, dz = 1", "an integral without limits"),
        (r"\mathbb{E}_{w \sim p}[f(w)] = 1", "p is a law of x, z"),
        (r"p(x \mid z) := f(x)", "any law of x, z"),
        (r"r(x) = 1", "r is not declared"),
    ],
)
def test_a_law_of_letters_is_one_of_those_letters(latex, said):
    assert said in told(LETTERS, latex)


def test_a_law_of_letters_whose_values_are_not_known_is_refused():
    row = LETTERS.replace("(x, z) \\sim p$", "(x, v) \\sim p$")
    assert "what values v takes is not said" in told(row, "x = x")


def test_the_message_of_an_undeclared_p_says_how_it_is_declared():
    row = LETTERS.replace("| $(x, z) \\sim p$ | | |\n", "")
    assert r"(x, z) \sim p declares" in told(row, r"p(x, z) = p(x \mid z) p(z)")


def test_no_class_but_those_that_there_are_has_a_probability():
    assert str(verdict(r"\mathrm{Cat}(k \mid p) = p_k").status) == "held"
    assert str(verdict(r"\mathrm{Cat}(k - 1 \mid p) = p_K \text{ if } k = 1").status) == "refuted"


def test_a_law_follows_where_a_letter_lives_on_a_later_page():
    later = LETTERS.replace(r"$x, w \in \mathbb{R}$", r"$x, w \in \mathbb{R}_{>0}$")
    claim = "\n```{math}\n\\int_{0}^{\\infty} p(x \\mid z) \\, dx = 1\n```\n"
    first = "\n```{math}\n\\int p(x \\mid z) \\, dx = 1\n```\n"
    pages = [read_page(LETTERS + first, "one.md"), read_page(later + claim, "two.md")]
    assert [str(e.status) for e in check(pages).verdicts if e.kind == "claim"] == ["held", "held"]


@pytest.mark.parametrize(
    ("row", "latex", "said"),
    [
        (r"(x, z) \sim p_i", "x = x", "a family of laws"),
        (r"(y_i, z) \sim p", r"\mathbb{E}_{p(y_i)}[y_i] = 1", "a member of a family by such a law"),
    ],
)
def test_families_of_laws_and_means_over_members_are_refused(row, latex, said):
    rows = "| $i = 1, \\dots, K$ | | |\n| $y_i \\in \\{0, 1\\}$ | | |\n| $" + row + "$ | | |\n"
    assert said in told(LETTERS.replace("| $(x, z) \\sim p$ | | |\n", rows), latex)
