"""What checking costs: reading, float64, many digits; growth with number and length of equations.

    PYTHONPATH=src python benchmarks/equations.py [FOLDER]

Times are of one machine; the ratios beside them are what can be compared. With the folder of a
book, such as docs, the whole book is checked too.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import backprop_notes
from equation_checker import (
    Checker,
    Notation,
    Settings,
    check,
    read_display,
    read_file,
    read_page,
)
from equation_checker.judging.claims import Judge
from equation_checker.meaning.fields import Decimal, Float64, Nested
from equation_checker.pages import pages_of

CASES = Path(__file__).parents[1] / "tests" / "cases" / "held"


def seconds(action):
    """Return the best of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def claims():
    """Return the claims of all cases that hold: LaTeX, notation, statement."""
    found = []
    for path in sorted(CASES.glob("*.md")):
        checker = Checker(Notation(), Settings(digits=30))
        *_, last = read_page(path.read_text(encoding="utf-8")).items
        for item in read_page(path.read_text(encoding="utf-8")).items:
            list(checker.check_item(item))
        reading = (
            read_display(last.source.latex, checker.notation)
            if ":=" not in last.source.latex
            else None
        )
        if reading is not None:
            found += [(last.source.latex, checker.notation, each) for each in reading.statements]
    return found


def evaluate(statement, notation, field):
    """Draw one point and find all sides."""
    draws = Judge(notation, Settings()).draws(statement, field, most=12)
    try:
        for side in statement.sides:
            draws.values(side, 0)
    except Nested:
        pass


def per_equation():
    """Print what each stage costs for one claim."""
    known = claims()
    reading = seconds(lambda: [read_display(latex, notation) for latex, notation, _ in known])
    shapes = seconds(lambda: [Judge(n, Settings()).check_shapes(s) for _, n, s in known])
    quick = seconds(lambda: [evaluate(s, n, Float64()) for _, n, s in known])
    precise = seconds(lambda: [evaluate(s, n, Decimal(50)) for _, n, s in known])
    verdict = seconds(
        lambda: [
            Judge(n, Settings()).judge(s) for _, n, s in known if r"\approx" not in s.relations
        ]
    )
    print(f"{len(known)} claims, milliseconds each (ratio to reading)")
    for name, time_ in (
        ("reading", reading),
        ("shapes", shapes),
        ("one point, float64", quick),
        ("one point, 50 digits", precise),
        ("a whole verdict", verdict),
    ):
        print(f"  {name:22} {1000 * time_ / len(known):8.2f}  ({time_ / reading:.1f})")


def growth():
    """Print how the cost grows."""
    table = "```{notation}\n| a | b | c |\n|-|-|-|\n| $a, b \\in \\mathbb{R}$ | | |\n```\n"
    one = "\n$$\n(a + b)^2 = a^2 + 2 a b + b^2\n$$\n"
    base = None
    print("number of equations: seconds, ratio to 50")
    for number in (50, 100, 200, 400):
        page = read_page(table + one * number)
        taken = seconds(lambda page=page: check([page]))
        base = base or taken
        print(f"  {number:5} {taken:8.3f}  ({taken / base:.2f})")
    print("terms of one equation: reading in seconds, ratio to 100")
    base = None
    notation = check([read_page(table)]).notation
    for terms in (100, 200, 400, 800):
        latex = " + ".join(["a b"] * terms)
        taken = seconds(lambda latex=latex: read_display(latex, notation))
        base = base or taken
        print(f"  {terms:5} {taken:8.4f}  ({taken / base:.2f})")


def book(folder):
    """Print what a book costs whose contents list the notation before what uses it."""
    pages = [read_file(file) for file in pages_of(Path(folder))]
    library = {name: getattr(backprop_notes, name) for name in backprop_notes.__all__}
    settings = Settings(library=library)
    assert all(verdict.ok for verdict in check(pages, settings=settings).verdicts)
    taken = seconds(lambda: check(pages, settings=settings))
    print(f"{folder}: {taken:.1f} s")


if __name__ == "__main__":
    per_equation()
    growth()
    for folder in sys.argv[1:]:
        book(folder)
