r"""Macros: where a book can define them, and that ``conf.py`` is never run for them."""

import json

import pytest

from equation_checker import Settings, check, read_page
from equation_checker.__main__ import main
from equation_checker.drafting import draft
from equation_checker.pages.macros import of_book, of_settings

TABLE = r"""```{notation}
| symbol | meaning | Python |
|---|---|---|
| $n \in \mathbb{N}$ | | |
| $x \in \mathbb{R}^n$ | | |
| $s \in \mathbb{R}$ | | |
```
"""
TRUE = r"$$\norm{x}^2 = x^\top x$$"
SLIP = r"$$\norm{x} = x^\top x$$"
MATHJAX = r'{"tex": {"macros": {"norm": ["\\lVert #1\\rVert", 1]}}}'


def statuses(text, **settings):
    checked = check([read_page(TABLE + text, "page.md")], settings=Settings(**settings))
    return [each.status for each in checked.verdicts]


def complaints(text):
    checked = check([read_page(text, "page.md")])
    return [each.problem() for each in checked.verdicts if not each.ok]


FILES = {
    "conf.py": [
        f"mathjax3_config = {MATHJAX}",
        f"mathjax4_config = {MATHJAX}",
        f"mathjax3_config = {MATHJAX[:-1]}, 'loader': later()}}",
        r'katex_macros = {r"\norm": r"\lVert #1\rVert"}',
        r"""katex_options = r'macros: {"\\norm": "\\lVert #1\\rVert", "\\R": "\\mathbb{R}"}'""",
        r"""latex_elements = {"preamble": r'\x{y} \newcommand{\norm}[1]{\lVert #1\rVert}'}""",
        r"""imgmath_latex_preamble = r'\def\norm#1{\lVert #1\rVert}'""",
    ],
    "_config.yml": [
        r"""sphinx: {config: {mathjax3_config: {tex: {macros: {norm: ['\lVert #1\rVert', 1]}}}}}"""
    ],
    "myst.yml": [r"""project: {math: {'\norm': '\lVert #1\rVert'}}"""],
    "pyproject.toml": [r"tool.equation_checker.macros.norm = ['\lVert #1\rVert', 1]"],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in FILES.items() for text in texts]
)
def test_the_command_knows_what_the_settings_of_a_book_give(name, text, tmp_path, capsys):
    (tmp_path / name).write_text(text)
    page = tmp_path / "chapters" / "page.md"
    page.parent.mkdir()
    page.write_text(TABLE + TRUE + "\n\n" + SLIP)
    assert main(["check", "--json", str(page)]) == 1
    found = json.loads(capsys.readouterr().out)["verdicts"]
    assert [each["status"] for each in found] == ["held", "refuted"]


@pytest.mark.parametrize(
    "front",
    [
        "---\nmath:\n  '\\norm': '\\lVert #1\\rVert'\n---\n",
        "---\nmath:\n  norm:\n    macro: '\\lVert #1\\rVert'\n---\n",
    ],
)
def test_the_front_matter_of_a_page_gives_macros_to_this_page_alone(front):
    pages = [read_page(front + TABLE + TRUE, "a.md"), read_page(SLIP, "b.md")]
    first, second = check(pages).verdicts
    assert first.status == "held"
    assert (
        second.problem()
        == r"b.md:1:3: unreadable: \norm is not declared (add a row to the notation)"
    )


def test_front_matter_that_is_no_macro_is_a_fault_of_the_page():
    assert complaints("---\nmath:\n  '\\norm': [1, 2]\n---\n") == [
        r"page.md:1:1: unreadable: the macro \norm in the front matter is not LaTeX"
    ]


def test_conf_py_is_never_run(tmp_path):
    trap = tmp_path / "trap"
    conf = f"open({str(trap)!r}, 'w')\nkatex_macros = dict(a=open({str(trap)!r}, 'w'))\n"
    (tmp_path / "conf.py").write_text(conf + "x = (\n")
    assert of_book(tmp_path) == {}
    (tmp_path / "conf.py").write_text(conf)
    assert of_book(tmp_path) == {}
    assert not trap.exists()


def test_a_preamble_may_hold_what_is_no_macro():
    preamble = r"\def\a{\b} \newcommand{\c \DeclareMathOperator{\tr}{tr} \def\pair(#1){#1}"
    found = of_settings({"imgmath_latex_preamble": preamble})
    assert found == {r"\a": [r"\b", 0], r"\tr": [r"\operatorname{tr}", 0]}


def test_a_macro_that_is_no_latex_is_refused():
    with pytest.raises(ValueError, match="is neither LaTeX nor"):
        Settings(macros={"a": 3})


DEFINITIONS = {
    r"\newcommand{\norm}[1]{\lVert #1\rVert}": ["held", "refuted"],
    r"\renewcommand*\norm[1]{\lVert #1\rVert}": ["held", "refuted"],
    r"\providecommand{\norm}[1]{\lVert #1\rVert}": ["held", "refuted"],
    r"\newcommand{\norm}[2][2]{\lVert #2\rVert_{#1}}": ["held", "refuted"],
    r"\def\norm#1{\lVert #1\rVert}": ["held", "refuted"],
    r"\def\size#1{\lVert #1\rVert} \let\norm=\size": ["held", "refuted"],
    r"\newcommand{\bars}{\|} \newcommand{\norm}[1]{\bars{#1}\bars}": ["held", "refuted"],
    r"\newcommand{\norm}[1]{2 \lVert #1\rVert} \providecommand{\norm}[1]{\lVert #1\rVert}": [
        "refuted",
        "refuted",
    ],
}


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("around", ["$${}$$", "${}$", "```{{math}}\n{}\n```"])
def test_a_definition_in_a_formula_is_in_force_from_there_on(definition, around):
    text = around.format(definition) + "\n\n" + TRUE + "\n\n" + SLIP
    for seed in range(5):
        found = [each for each in statuses(text, seed=seed) if each != "left out"]
        assert found == DEFINITIONS[definition]


def test_an_operator_is_declared():
    given = r"$$\DeclareMathOperator{\Trace}{tr} \DeclareMathOperator*{\biggest}{max}$$"
    true = r"$$\Trace(x x^\top) = x^\top x$$"
    assert statuses(f"{given}\n\n{true}") == ["left out", "held"]


def test_a_command_under_another_name_stays_what_it_was():
    given = r"\let\hatted\hat \renewcommand{\hat}[1]{\hatted{\mathbf{#1}}}"
    claim = r"\hat x := 2 x, \quad \hat x^\top \hat{x} = 4 x^\top x"
    assert statuses(f"$${given}$$\n\n$${claim}$$") == ["left out", "held"]


def test_an_error_points_to_where_the_macro_is_used():
    text = TABLE + "\n$$\\newcommand{\\a}[1]{#1 + q}$$\n\n$$\nx^\\top x = \\a{x^\\top x}\n$$\n"
    why = r"q is not declared, in what \a stands for (add a row to the notation)"
    assert complaints(text) == [f"page.md:12:12: unreadable: {why}"]


def test_an_argument_is_pointed_to_where_it_is_written():
    text = TABLE + "\n$$\\newcommand{\\a}[1]{2 #1}$$\n\n$$\nx^\\top x = \\a{q}\n$$\n"
    assert complaints(text) == [
        "page.md:12:15: unreadable: q is not declared (add a row to the notation)"
    ]


@pytest.mark.parametrize(
    "definition",
    [
        r"\newcommand{\a}{\a}",
        r"\newcommand{\a}{\b\b} \newcommand{\b}{\a\a}",
        r"\newcommand{\a}[1]{\a{#1#1}}",
        "".join(
            rf"\def\{c}{{\{d}\{d}\{d}\{d}}}" for c, d in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ],
)
def test_a_macro_without_an_end_is_an_error_with_a_place(definition):
    (problem,) = complaints(f"$${definition}$$\n\n$$\n1 = \\a{{2}}\n$$\n")
    assert problem.startswith(r"page.md:4:5: unreadable: \a stands for more than")


def test_fractions_within_fractions_come_to_an_end():
    text = r"\newcommand{\a}{1} " + r"\frac{" * 2500 + r"\a" + "}2" * 2500
    assert statuses(f"$$\n{text}\n$$") == ["under-tested"]


def test_an_excused_display_may_hold_a_broken_macro():
    given = r"$$\newcommand{\a}{\a}$$"
    excused = "```{math}\n:unchecked: it never ends\n\\a\n```"
    assert statuses(f"{given}\n\n{excused}") == ["left out", "unchecked"]


def test_options_know_the_macros_of_the_page():
    given = r"$$\newcommand{\number}{s}$$"
    claim = "```{math}\n:where: \\number = 2\n\\number^2 = 4\n```"
    assert statuses(f"{given}\n\n{claim}") == ["left out", "held"]


def test_a_draft_knows_macros():
    page = read_page(r"$$\newcommand{\w}{\mathbf{w}}$$" + "\n\n" + r"$$L = \w^\top \w$$", "page.md")
    assert r"\mathbf{w}" in draft([page])
