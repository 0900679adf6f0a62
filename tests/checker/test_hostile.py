"""What no author means to write ends in a verdict with a place, in few steps, on every machine."""

import os
import time

import pytest

from equation_checker import Settings, check, checker, read_page
from equation_checker.__main__ import main
from equation_checker.pages import read_file

ROWS = [
    r"n, d \in \mathbb{N}",
    r"i, j = 1, \dots, n",
    r"a, b, t \in \mathbb{R}",
    r"x_i \in \mathbb{R}",
    r"A, B \in \mathbb{R}^{n \times n}",
    r"\sigma(s) := \frac{1}{1 + \exp(-s)}",
]
TABLE = "```{{notation}}\n| a | b | c |\n|-|-|-|\n{}\n```\n\n"


def verdicts(latex, rows=ROWS, options=""):
    table = TABLE.format("\n".join(f"| ${row}$ | | |" for row in rows))
    text = f"{table}```{{math}}\n:label: h\n{options}{latex}\n```\n"
    found = check([read_page(text, "page.md")]).verdicts
    return [each for each in found if each.kind != "row"]


TOO_LARGE = {
    "tower": "a = 9^{9^{9^9}}",
    "exponential of exponentials": r"a = \exp(\exp(\exp(10)))",
    "sum": r"\sum_{q=1}^{1000000000} q = a",
    "sum of sums": r"\sum_{p=1}^{3000} \sum_{q=1}^{3000} p q = a",
    "many sums": "".join(rf"\sum_{{{c}=1}}^{{40}} " for c in "pqrsuv") + "1 = a",
    "product": r"\prod_{q=1}^{10000000} (1 + \frac{a}{q}) = b",
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_takes_too_many_steps_is_under_tested_and_says_so(name, monkeypatch):
    monkeypatch.setattr(checker, "POINTS", 50_000)
    (found,) = verdicts(TOO_LARGE[name])
    assert found.status == "under-tested"
    assert "too large" in found.message


@pytest.mark.parametrize(
    "rows",
    [
        [r"N \in \mathbb{N}", r"N := 10^9", r"v \in \mathbb{R}^N"],
        [r"v \in \mathbb{R}^{100000 \times 100000}"],
    ],
)
def test_a_large_array_is_never_made(rows):
    (found,) = verdicts("v + v = 2 v", rows)
    assert found.message == "too large to be tried: it takes too many steps"


def test_the_steps_of_a_display_do_not_depend_on_the_clock(monkeypatch):
    first = verdicts(r"\sum_{q=1}^{100} q = 5050")
    monkeypatch.setattr(time, "perf_counter", lambda: 0.0)
    assert verdicts(r"\sum_{q=1}^{100} q = 5050") == first


def test_an_error_of_the_checker_itself_is_the_verdict_of_one_display(monkeypatch):
    def fail(*_, **__):
        raise KeyError("no such thing")

    monkeypatch.setattr(checker, "read_display", fail)
    first, second = verdicts("a = a\n```\n```{math}\nb = b")
    assert first.problem() == (
        "page.md:14:1: unreadable: internal error (KeyError: 'no such thing'), please report"
    )
    assert second.line == 17


@pytest.mark.parametrize("number", ["7" * 5000, "0." + "7" * 5000, "x_{" + "7" * 5000 + "}"])
def test_a_number_of_thousands_of_digits_is_an_error_at_its_place(number):
    (found,) = verdicts(f"a + {number} = a")
    assert found.problem().endswith("unreadable: a number of more than 400 digits")
    assert found.column == 5 + number.index("7")


DEEP = {
    "brackets": "(" * 3000 + "a" + ")" * 3000,
    "fractions": r"\frac{1}{1 + " * 1500 + "a" + "}" * 1500,
    "signs": "-" * 5000 + "a",
    "functions": r"\sigma(" * 1500 + "t" + ")" * 1500,
    "primes": r"\sigma" + "'" * 2000 + "(t)",
    "derivatives": r"\frac{d}{dt} " * 1000 + "t",
    "bars": "|" * 3000 + "a",
    "powers": "a^{" * 2000 + "2" + "}" * 2000,
    "indices": "x_{" * 2000 + "i" + "}" * 2000,
    "braces": "{" * 9000,
    "closing": "}" * 9000,
    "cases": r"\begin{cases} 1 & \text{if } t > 0 \\ " * 300 + "t",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_too_deeply_is_told(name):
    (found,) = verdicts(f"{DEEP[name]} = a")
    assert found.status in ("unreadable", "under-tested")
    assert "internal error" not in found.message


def test_a_verdict_does_not_depend_on_how_deep_the_caller_stands():
    def below(depth):
        return below(depth - 1) if depth else verdicts(r"\sigma(" * 35 + "t" + ")" * 35 + " = t")

    assert below(0) == below(600)


@pytest.mark.parametrize("suffix", [".md", ".rst", ".ipynb"])
def test_a_file_that_is_no_text_is_told_with_its_line(suffix, tmp_path):
    file = tmp_path / f"page{suffix}"
    file.write_bytes(b"one\ntwo \xff\n")
    (fault,) = read_file(file).items
    assert (fault.line, fault.message) == (2, "this is no UTF-8: invalid start byte")


def test_files_that_cannot_be_read_end_no_run(tmp_path, capsys):
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "circle.md").symlink_to(tmp_path / "circle.md")
    (tmp_path / "again").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo.md")
    (tmp_path / "index.md").write_bytes(
        b"\xef\xbb\xbf```{toctree}\ndangling\n```\n\n$$\n1 = 2\n$$\n"
    )
    assert main(["check", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert printed.count("there is no such file") == 3
    assert f"{tmp_path}/index.md:6:5: refuted" in printed


def test_what_is_printed_moves_no_cursor(tmp_path, capsys):
    file = tmp_path / "page.md"
    file.write_bytes(
        b"```{math}\n:python: \x1b[2J\n1 = 1\n```\n\n```{math}\n:\x1b[2J:\n1 = 2\n```\n"
    )
    assert main(["check", str(file)]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_a_condition_without_a_value_does_not_hold():
    (found,) = verdicts(r"a = a \text{ if } \log(b) > 0")
    assert found.status == "held"


def test_edits_of_a_definition_may_leave_a_condition_without_a_value():
    text = TABLE.format("\n".join(f"| ${row}$ | | |" for row in ROWS))
    text += "$$\n\\sigma(-t) = 1 - \\sigma(t) \\text{ if } \\log \\sigma(t) > -9\n$$\n"
    settings = Settings(strict=True, mutate=True)
    found = check([read_page(text, "page.md")], settings=settings).verdicts
    assert not any("internal error" in each.message for each in found)


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\begin{aligned} a &= a", r"\begin{aligned} is never closed"),
        (r"a &= a \end{aligned}", r"\end{aligned} closes nothing"),
        (r"\begin{align} a &= a \end{aligned}", r"\end{aligned} closes nothing"),
    ],
)
def test_an_environment_is_closed_by_its_own_end(latex, message):
    (found,) = verdicts(latex)
    assert (found.status, found.message) == ("unreadable", message)


OPTIONS = [
    ":tolerance: nan", ":tolerance: inf", ":tolerance: -1", ":tolerance: 0." + "0" * 5000 + "1",
    ":order: t^{1000000}", ":order: t = t, a = a", ":order: " + "t" * 5000, ":order:",
    ":where: a = 9^{9^{9^9}}", ":where: a = a", ":where: " + "(" * 3000, ":where: a",
    ":python: " + "(" * 5000, ":python: " + "9" * 100000, ":python: " + "-" * 50000 + "1",
    ":unchecked:",
]  # fmt: skip


@pytest.mark.parametrize("option", OPTIONS, ids=[each[:24] for each in OPTIONS])
def test_an_option_may_hold_anything(option):
    relation = r"\approx" if option.startswith((":tolerance", ":order")) else "="
    (found,) = verdicts(f"a {relation} b", options=f"{option}\n")
    assert not found.ok
    assert "internal error" not in found.message
