"""Verdicts: what came out for one display, as plain data that is never changed, and as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA, VERSION = "equation_checker/schema/verdicts-1.json", 1
"""The description of the JSON, which stands in the package."""

KINDS = tuple("claim definition expression display row inline unjudged page".split())  # noqa: SIM905
"""What a verdict can be about; display, row, inline, unjudged and page are what cannot be read."""
ASIDE = frozenset({"row", "inline", "unjudged", "page"})
"""Those that are not of a display."""


class Status(StrEnum):
    """What came out, in one word; the worst comes first."""

    UNREADABLE = "unreadable"
    REFUTED = "refuted"
    UNDER_TESTED = "under-tested"
    NOT_REFUTED = "not refuted"
    HELD = "held"
    PROVED = "proved"
    UNCHECKED = "unchecked"
    LEFT_OUT = "left out"
    """The settings say that it is not to be looked at."""

    @property
    def rank(self) -> int:
        """Return its place among all, that of the worst being 0."""
        return list(Status).index(self)

    @property
    def good(self) -> bool:
        """Tell whether nothing is to be put right."""
        return self.rank > Status.UNDER_TESTED.rank

    @property
    def checked(self) -> bool:
        """Tell whether something was found out that speaks for the display."""
        return Status.UNDER_TESTED.rank < self.rank < Status.UNCHECKED.rank

    @property
    def sign(self) -> str:
        """Return the sign of its mark."""
        return {"refuted": "✗", "not refuted": "~", "held": "✓", "proved": "✓"}.get(
            self, "–" if self.good else "?"
        )

    @property
    def slug(self) -> str:
        """Return its name in style sheets and as a type of warnings."""
        return self.replace(" ", "-")


@dataclass(frozen=True)
class Step:
    """One relation of a claim."""

    status: Status
    left: str
    relation: str
    right: str
    reason: str
    worst_difference: float


@dataclass(frozen=True)
class Counterexample:
    """A point at which two sides differ."""

    step: int
    left: str
    right: str
    values: tuple[tuple[str, str], ...]
    certified: bool = False


@dataclass(frozen=True)
class Score:
    """How the mutants of a display fared."""

    mutants: int = 0
    by_shapes: int = 0
    by_values: int = 0
    by_ties: int = 0
    equivalent: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()

    def words(self) -> str:
        """Say it to a reader.

        >>> Score(9, by_values=8, equivalent=("a + b -> b + a",)).words()
        '8 of 8 single edits that change the meaning are refused; 1 more change nothing'
        """
        edits = self.mutants - len(self.equivalent)
        refused = edits - len(self.survivors)
        text = f"{refused} of {edits} single edits that change the meaning are refused"
        return f"{text}; {len(self.equivalent)} more change nothing" if self.equivalent else text

    def __str__(self) -> str:
        """Return the score as one line for an author."""
        return (
            f"{self.mutants} mutants: {self.by_shapes} refused by shapes, "
            f"{self.by_values} by values, {self.by_ties} by ties, "
            f"{len(self.equivalent)} equivalent, {len(self.survivors)} survived"
        )

    def plus(self, other: Score) -> Score:
        """Return the score of both."""
        return Score(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


@dataclass(frozen=True)
class Verdict:
    """All that was found out about one display, or about a row or inline maths with a problem."""

    file: str
    line: int
    column: int
    label: str
    kind: str
    """One of `KINDS`."""
    status: Status
    latex: str
    read_as: str = ""
    steps: tuple[Step, ...] = ()
    counterexample: Counterexample | None = None
    repair: str = ""
    message: str = ""
    hint: str = ""
    assumption: str = ""
    """What the author lets be assumed: values, a tolerance, an order."""
    points: int = 0
    method: str = ""
    branches: tuple[str, ...] = ()
    symbols: tuple[tuple[str, str], ...] = ()
    """Each symbol with its shape."""
    python: str = ""
    expected: bool = False
    """Whether the author shows it because it is wrong."""
    score: Score | None = None
    """How its single edits fared, if they were tried."""

    @property
    def ok(self) -> bool:
        """Tell whether nothing is to be put right."""
        return self.status is Status.REFUTED if self.expected else self.status.good

    def complaint(self) -> str:
        """Return what is wrong and how to put it right."""
        hint = f" ({self.hint})" if self.hint else ""
        repair = f"; fix? {self.repair}" if self.repair else ""
        return _printable(f"{self.status}: {self.message}{hint}{repair}")

    def problem(self) -> str:
        """Return the line for the author: the place, and what is wrong there."""
        return f"{_printable(self.file)}:{self.line}:{self.column}: {self.complaint()}"

    @property
    def evidence(self) -> str:
        """Say in a line what it rests on."""
        if self.points:
            return f"{self.points} points, {self.method}"
        return self.message or ("equal to the code at random points" if self.python else "")

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        plain = {**asdict(self), "ok": self.ok, "evidence": self.evidence}
        plain["symbols"] = dict(self.symbols)
        for step in plain["steps"]:  # JSON knows no infinity
            if not math.isfinite(step["worst_difference"]):
                step["worst_difference"] = None
        if self.counterexample is not None:
            plain["counterexample"]["values"] = dict(self.counterexample.values)
        return plain


def document(verdicts: Iterable[dict[str, Any]], **about: str) -> dict[str, Any]:
    """Return verdicts, as they are in JSON, with what says how to read them."""
    return {"schema": SCHEMA, "version": VERSION, **about, "verdicts": list(verdicts)}


def scores(document: Any) -> dict[tuple[str, str], Score]:
    """Return the scores in a document by label and LaTeX: an edit of a display ends its score."""
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError(f"this is no document of {SCHEMA}")
    return {
        (each["label"], each["latex"]): _score(each["score"])
        for each in document["verdicts"]
        if each["score"]
    }


def _score(plain: dict[str, Any]) -> Score:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()}
    return Score(**fields)


def _printable(text: str) -> str:
    """Spell out what would move a terminal's cursor, or cannot be printed at all."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
