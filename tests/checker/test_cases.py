"""Each file of tests/cases is a small page; its last display holds, is refuted or is unreadable."""

from pathlib import Path

import numpy as np
import pytest

from equation_checker import Settings, check, read_page


def sigmoid(t):
    """Stand in for a library: ties name functions of the caller."""
    return 1 / (1 + np.exp(-t))


WHOLE = " makes the whole claim true"
CASES = Path(__file__).parents[1] / "cases"


def cases(folder):
    return [pytest.param(path, id=path.stem) for path in sorted((CASES / folder).glob("*.md"))]


def verdicts(path, **settings):
    page = read_page(path.read_text(encoding="utf-8"), path.name)
    return check([page], settings=Settings(library={"sigmoid": sigmoid}, **settings)).verdicts


def note(path, name):
    """Return what a comment at the top of a case says, or nothing."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"% {name}: "):
            return line.removeprefix(f"% {name}: ")
    return ""


@pytest.mark.parametrize("path", cases("held"))
def test_held(path):
    *before, last = verdicts(path)
    assert [each.problem() for each in before if not each.ok] == []
    assert last.status in ("held", "not refuted"), last.problem()


@pytest.mark.parametrize("path", cases("refuted"))
def test_refuted(path):
    *before, last = verdicts(path)
    assert [each.problem() for each in before if not each.ok] == []
    assert last.status == "refuted"
    assert last.repair.removesuffix(WHOLE) == note(path, "repair")


@pytest.mark.parametrize("path", cases("unreadable"))
def test_unreadable(path):
    problems = [each.problem() for each in verdicts(path) if not each.ok]
    assert problems[-1] == f"{path.name}:{note(path, 'message')}"


def test_each_file_is_a_case():
    read = {
        each.values[0] for folder in ("held", "refuted", "unreadable") for each in cases(folder)
    }
    assert read == {path for path in CASES.rglob("*") if path.is_file()}


def test_each_published_error_has_its_right_form():
    sources = {
        folder: {note(p.values[0], "source") for p in cases(folder)} - {""}
        for folder in ("held", "refuted", "unreadable")
    }
    wrong = sources["refuted"] | sources["unreadable"]
    right = sources["held"] | {
        "pytorch/pytorch, issue 16352"
    }  # its right form is a case of its own
    assert wrong <= right
    assert len(wrong) >= 14
