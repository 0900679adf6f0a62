"""A table for authors: what of each page is read, what holds, and what is in the way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from equation_checker.verdicts import ASIDE, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from equation_checker.checker import Checked
    from equation_checker.verdicts import Verdict

COLUMNS = (
    Status.HELD, Status.NOT_REFUTED, Status.REFUTED, Status.UNDER_TESTED, Status.UNCHECKED,
    Status.UNREADABLE, Status.LEFT_OUT,
)  # fmt: skip
CAUSES = 3


def summary(checked: Checked) -> str:
    """Return a line a page, a line for all of them, and the main causes of what is not read."""
    pages: dict[str, list[Verdict]] = {}
    for verdict in (outcome.verdict for page in checked.pages for outcome in page):
        if verdict.kind not in ASIDE:
            pages.setdefault(verdict.file, []).append(verdict)
    head = ("page", "displays", "read", *COLUMNS)
    rows = [head, *(_row(name, found) for name, found in pages.items())]
    everything = [verdict for found in pages.values() for verdict in found]
    rows.append(_row("all", everything))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([*lines, *_causes(everything)])


def _row(name: str, found: Sequence[Verdict]) -> tuple[str, ...]:
    counts = Counter(each.status for each in found)
    counts[Status.HELD] += counts[Status.PROVED]
    read = len(found) - counts[Status.UNREADABLE] - counts[Status.LEFT_OUT]
    return (name, *map(str, (len(found), read, *(counts[each] for each in COLUMNS))))


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    name, *numbers = row
    cells = (f"{each:>{width}}" for each, width in zip(numbers, widths[1:], strict=True))
    return "  ".join([f"{name:<{widths[0]}}", *cells])


def _causes(found: Iterable[Verdict]) -> list[str]:
    """Return the commonest reasons why displays are not read."""
    unread = (each.message for each in found if each.status is Status.UNREADABLE)
    common = Counter(unread).most_common(CAUSES)
    return [f"{count} unreadable: {message}" for message, count in common]
