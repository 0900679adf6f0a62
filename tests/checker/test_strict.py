"""What strictness asks of definitions: a tie, or claims that notice every edit."""

import pytest

from equation_checker import Settings, check, read_page

NOTATION = r"""
```{notation}
| symbol | meaning | Python |
|---|---|---|
| $a, b \in \mathbb{R}$ | | `a`, `b` |
```

$$
s := a + 2 b
$$

$$
q := a b
$$
"""
PINNED = r"""
$$
s = 2 b + a
$$

$$
q = b a
$$
"""


def judged(text, **settings):
    settings = Settings(strict=True, library={"twice": lambda x: 2 * x}, **settings)
    return check([read_page(text)], settings=settings).verdicts


def test_definitions_that_no_claim_pins_down_are_under_tested():
    first, second = judged(NOTATION)
    assert (first.status, second.status) == ("under-tested", "under-tested")
    assert "no claim would notice the edit" in first.message
    assert ":unchecked:" in first.hint


def test_definitions_that_claims_pin_down_are_held():
    verdicts = judged(NOTATION + PINNED)
    assert [each.status for each in verdicts] == ["held"] * 4
    assert "claims refuse each of" in verdicts[0].message


def test_a_display_of_several_definitions_is_held_when_all_of_them_are():
    both = r"""
$$
\begin{aligned} s &:= a + 2 b \\ q &:= a b \end{aligned}
$$
"""
    text = NOTATION.split("$$", maxsplit=1)[0]
    assert judged(text + both + PINNED)[0].status == "held"
    for alone in ("$$\ns = 2 b + a\n$$\n", "$$\nq = b a\n$$\n"):
        assert judged(f"{text}{both}\n{alone}")[0].status == "under-tested"


def test_a_claim_that_is_not_judged_is_not_held_since_the_definition_beside_it_is_pinned():
    both = NOTATION.replace("q := a b", r"q := a b, \quad q \approx 7 a")
    verdicts = judged(both + PINNED)
    assert [each.status for each in verdicts] == ["held", "unchecked", "held", "held"]


def test_an_excused_definition_is_known_all_the_same():
    excused = NOTATION.replace("$$\nq := a b\n$$", "```{math}\n:unchecked: for show\nq := a b\n```")
    verdicts = judged(excused + PINNED)
    assert [each.status for each in verdicts] == ["held", "unchecked", "held", "held"]


@pytest.mark.parametrize(
    ("python", "status"), [("a + a; twice(a)", "held"), ("twice(a); a", "refuted")]
)
def test_each_of_several_expressions_must_have_the_value(python, status):
    claim = f"\n```{{math}}\n:python: {python}\na + a = 2 a\n```\n"
    assert judged(NOTATION.split("$$", maxsplit=1)[0] + claim)[0].status == status
