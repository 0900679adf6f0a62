"""The lists of docs/checker.md, made from the tables of the checker: `make lists` writes them anew.

``test_lists`` compares them, so that no function is read that the page does not name.
"""

import inspect
import re
from pathlib import Path
from typing import get_args

from equation_checker.language import tree as t
from equation_checker.language.distributions import DISTRIBUTIONS
from equation_checker.language.functions import FUNCTIONS, REDUCTIONS
from equation_checker.pages.items import OPTIONS
from equation_checker.reading.rows import VAGUE
from equation_checker.reading.sets import GROUPS, SIGNED, WHOLE

PAGE = Path(__file__).parents[1] / "docs/checker.md"
OF_ARRAYS = {"value": "also over all values of a vector", "place": "likewise, and must be unique"}
TAKE = {1: "one number in brackets", 2: "two numbers", 3: "three numbers in brackets"}


def code(latex):
    latex = {"!": "n!", "^+": "A^+"}.get(latex, latex)
    name = re.sub(r"\\text\{(\w+)\}", r"\\operatorname{\1}", latex)
    return f"`{name}`"


def table(head, rows):
    lines = [head, tuple("---" for _ in head), *rows]
    cells = ((cell.replace("|", r"\|") for cell in line) for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def takes(each):
    if each.whole:
        return "a vector or matrix"
    if each.any_number:
        return "any number of numbers, or an index below"
    return TAKE[each.takes] if each.takes else "each entry"


def functions():
    rows = [(", ".join(map(code, f.latex)), f.meaning, takes(f)) for f in FUNCTIONS]
    return table(("function", "what it is", "of"), rows)


def operators():
    reach = {"term": "the next `+` or `-`", "juxtaposition": "the next sign"}
    rows = [(code(r.latex), reach[r.reach], OF_ARRAYS.get(r.extremum, "")) for r in REDUCTIONS]
    return table(("operator", "reaches to", "over real numbers"), rows)


def distributions():
    rows = [(", ".join(map(code, d.latex)), ", ".join(d.parameters)) for d in DISTRIBUTIONS]
    return table(("distribution", "takes"), rows)


def sets():
    whole = {}
    for written, kind in WHOLE.items():
        below = rf"_{{{written[1:]}}}" if written[1:] else ""
        whole.setdefault(kind, []).append(code(rf"\mathbb{{{written[0]}}}{below}"))
    says = {"natural": "from 1", "whole": "from 0", "integer": "of either sign"}
    rows = [(", ".join(written), f"whole numbers {says[kind]}") for kind, written in whole.items()]
    kinds = {kind: rf"\mathbb{{S}}_{{{sign}}}^n" for sign, kind in SIGNED.items() if sign}
    kinds = {"symmetric": r"\mathbb{S}^n", **kinds}
    rows += [(code(written), f"{kind} matrices") for kind, written in kinds.items()]
    for name, kind in GROUPS.items():
        sizes, more = ("n, k", ", of `k` orthonormal columns") if name == "St" else ("n", "")
        rows.append((code(f"{name}({sizes})"), f"{kind} matrices{more}"))
    return table(("set", "of"), rows)


def nodes(union):
    for each in get_args(union):
        yield from nodes(each) if get_args(each) else (each,)


def constructs():
    rows = []
    for node in nodes(t.Node):
        said = inspect.getdoc(node).partition("\n\n")[0].replace("\\\\", "\\")
        rows.append((node.__name__, " ".join(said.split()).replace("``", "`")))
    return table(("part", "what it is"), rows)


def vague():
    return table(("relation", "why"), [(code(sign), why) for sign, why in VAGUE.items()])


def options():
    rows = {"label": "the label, as in Sphinx"} | OPTIONS
    return table(("option", "use"), [(f"`:{name}:`", use) for name, use in rows.items()])


LISTS = (options, functions, operators, distributions, sets, vague, constructs)


def written(text):
    """The page with each list between its marks as the tables have it."""
    for each in LISTS:
        begin, end = f"% begin: {each.__name__}\n", f"% end: {each.__name__}\n"
        assert text.count(begin) == text.count(end) == 1, each.__name__
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{each()}\n{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
