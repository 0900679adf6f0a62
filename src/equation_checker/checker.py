"""Check pages in reading order: the notation grows, each display gets its verdict.

The protocol, which the command and Sphinx share, is ``check``: judge all pages, then see whether
claims pin down what nothing ties to code, then try all single edits.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import PurePath
from typing import TYPE_CHECKING

from equation_checker import wording
from equation_checker.judging.claims import Approximation, Judge
from equation_checker.judging.counterexamples import counterexample
from equation_checker.judging.mutation_score import Trial, score_definition
from equation_checker.judging.python import read as read_python
from equation_checker.judging.repairs import repair
from equation_checker.judging.ties import is_name
from equation_checker.language import tree as t
from equation_checker.language.errors import Mismatch, Undeclared, Unreadable
from equation_checker.language.notation import Entry, Head, Notation
from equation_checker.meaning.budget import DISPLAY, EDITS, POINTS, SEARCH, TOO_MUCH, allowed, room
from equation_checker.pages import Display, Fault, Inline, Item, Page, Row, Unjudged
from equation_checker.pages.items import LATEX, NOT_IN_LABELS
from equation_checker.reading.declarations import read_row
from equation_checker.reading.displays import judged_apart, read_display, read_order, read_where
from equation_checker.reading.macros import expand, macros_of, named_by
from equation_checker.reading.rows import STATING, VAGUE
from equation_checker.reading.tokens import Source
from equation_checker.settings import Settings
from equation_checker.verdicts import Score, Status, Verdict
from equation_checker.wording import About

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from equation_checker.judging.evidence import Judgement
    from equation_checker.judging.mutation_score import Claim
    from equation_checker.language.notation import Definition
    from equation_checker.reading.clauses import Clause
    from equation_checker.reading.displays import Reading, Statement
    from equation_checker.reading.macros import Macros


@dataclass(frozen=True)
class Defined:
    """A definition, the notation it is read in, and the code it is tied to, if any."""

    definition: Definition
    notation: Notation
    tie: str = ""

    @property
    def is_choice(self) -> bool:
        """Tell whether there is nothing that it could be wrong about: a size is a choice."""
        return self.notation.entries[self.definition.name].kind == "size"

    def score(self, claims: Sequence[Claim], settings: Settings) -> Score:
        """Try all single edits against its tie and against the claims that use it."""
        judge = Judge(_with_parameters(self.notation, self.definition), settings)
        return score_definition(self.definition, judge, self.tie, claims)


@dataclass(frozen=True)
class Outcome:
    """What came out for one item of a page, and from what."""

    item: Item
    verdict: Verdict
    claims: tuple[Claim, ...] = ()
    definitions: tuple[Defined, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What came out for some pages, and the notation at their end."""

    pages: tuple[tuple[Outcome, ...], ...]
    notation: Notation

    @property
    def verdicts(self) -> list[Verdict]:
        """Return one verdict a display, and one for what else is worth a word."""
        found = (outcome.verdict for page in self.pages for outcome in page)
        return [each for each in found if each.kind != "inline" or not each.ok]

    @property
    def inline(self) -> tuple[int, int]:
        """Return how many formulas in the text could be read, and how many could not."""
        found = [each.verdict for page in self.pages for each in page if each.verdict.ok]
        looked = [each for each in found if each.status is not Status.LEFT_OUT]
        read = [bool(each.read_as) for each in looked if each.kind == "inline"]
        return sum(read), len(read) - sum(read)


def check(
    pages: Iterable[Page],
    notation: Notation | None = None,
    settings: Settings | None = None,
    progress: Callable[[Verdict], None] | None = None,
) -> Checked:
    """Judge all that some pages hold, in reading order."""
    settings = settings or Settings()
    checker = Checker(notation or Notation(), settings, progress)
    found = tuple(checker.check_page(page) for page in pages)
    if settings.strict:
        found = pinned(found, settings)
    if settings.mutate:
        found = mutated(found, settings, progress)
    return Checked(found, checker.notation)


Pages = tuple[tuple[Outcome, ...], ...]


def pinned(pages: Pages, settings: Settings) -> Pages:
    """Demand that claims notice each edit of the definitions that nothing ties to code."""
    claims = _claims(pages)

    @_safe
    def judged(outcome: Outcome) -> Outcome:
        loose = [each for each in outcome.definitions if not each.tie and not each.is_choice]
        if not loose or not outcome.verdict.status.good:
            return outcome
        score = _total(each.score(claims, settings) for each in loose)
        return replace(outcome, verdict=wording.pinned(outcome.verdict, score))

    return tuple(tuple(judged(outcome) for outcome in page) for page in pages)


def mutated(pages: Pages, settings: Settings, progress: Callable[[Verdict], None] | None) -> Pages:
    """Try all single edits of all claims that hold and of all definitions."""
    claims = _claims(pages)

    def scores(outcome: Outcome) -> Iterator[Score]:
        if outcome.verdict.status.good:
            for statement, notation in outcome.claims:
                yield Trial(statement, Judge(notation, settings)).score()
        for each in outcome.definitions:
            if not each.is_choice:
                yield each.score(claims, settings)

    @_safe
    def tried(outcome: Outcome) -> Outcome:
        found = list(scores(outcome))
        verdict = replace(outcome.verdict, score=_total(found)) if found else outcome.verdict
        if progress is not None:
            progress(verdict)
        return replace(outcome, verdict=verdict)

    return tuple(tuple(tried(outcome) for outcome in page) for page in pages)


def _claims(pages: Pages) -> list[Claim]:
    return [claim for page in pages for outcome in page for claim in outcome.claims]


def _total(scores: Iterable[Score]) -> Score:
    return reduce(Score.plus, scores, Score())


class Checker:
    """Goes through pages; what is declared and defined on one is known on the next."""

    def __init__(
        self,
        notation: Notation,
        settings: Settings,
        progress: Callable[[Verdict], None] | None = None,
    ) -> None:
        self.settings = settings
        self.notation = notation
        self.progress = progress
        self._inherited = notation
        """What was declared when the page began."""
        self._macros: Macros = macros_of(settings.macros)
        self._before: Clause | None = None
        """The last side of the display before, if nothing but text stands between."""

    def check_page(self, page: Page) -> tuple[Outcome, ...]:
        """Judge one page; what its tables declare anew holds on this page only."""
        before = self._inherited = self.notation
        again: set[str] = set()
        self._before = None
        self._macros = macros_of({**self.settings.macros, **dict(page.macros)})
        found: list[Outcome] = []
        for item in page.items:
            known = self.notation
            for outcome in self.check_item(item, page):
                found.append(outcome)
                if self.progress is not None:
                    self.progress(outcome.verdict)
            if isinstance(item, Row):
                self._before = None
                again |= _redeclared(before, known, self.notation)
        self.notation = _restored(self.notation, before, again)
        return tuple(found)

    def check_item(self, item: Item, page: Page | None = None) -> list[Outcome]:
        """Judge one thing on a page; whatever goes wrong in it ends there, at a place."""
        is_wanted = page is None or _is_wanted(self.settings, page, item)
        try:
            with room(), allowed(DISPLAY):
                item = self._expanded(item, is_wanted=is_wanted)
                return list(self._item(item) if is_wanted else self._left_out(item))
        except Unreadable as problem:
            return [Outcome(item, _about(item).unreadable(KINDS[type(item)], problem))]
        except Exception as problem:
            made = _about(item).verdict(KINDS[type(item)], Status.UNREADABLE)
            return [Outcome(item, wording.broken(made, problem))]

    def _expanded(self, item: Item, *, is_wanted: bool) -> Item:
        """Put what macros stand for in their place, and know those that are defined here."""
        if isinstance(item, Fault | Unjudged):
            return item
        source, macros = item.source, self._macros
        named = named_by(source.latex, macros) if isinstance(item, Row) else ""

        def is_symbol(name: str) -> bool:
            return name == named or bool(self.notation.bases(name))

        try:
            source, self._macros = expand(source, macros, is_symbol)
        except Unreadable:
            if is_wanted and not (isinstance(item, Display) and item.option("unchecked")):
                raise
        if not isinstance(item, Display):
            return replace(item, source=source)
        said = {
            name: expand(Source(text), macros, is_symbol)[0].latex if name in LATEX else text
            for name, text in item.options
        }
        return replace(item, source=source, options=tuple(said.items()))

    def _left_out(self, item: Item) -> Iterator[Outcome]:
        """Know what a display defines that is not to be judged."""
        if isinstance(item, Display):
            self._define(item)
        yield Outcome(item, _about(item).verdict(KINDS[type(item)], Status.LEFT_OUT))

    def _item(self, item: Item) -> Iterator[Outcome]:
        """Judge one thing; a row has a verdict only for a reason."""
        match item:
            case Display(source) | Inline(source) if source.origins and not source.latex.strip():
                verdict = _about(item).verdict(KINDS[type(item)], Status.LEFT_OUT, -1)
                yield Outcome(item, replace(verdict, message="it only defines macros"))
            case Display():
                yield self._display(item)
            case Row():
                yield from self._row(item)
            case Inline():
                yield Outcome(item, self._inline(item))
            case Unjudged():
                verdict = _about(item).verdict(
                    "unjudged",
                    Status.UNREADABLE,
                    message=f"this is judged by nobody: {item.how}",
                    hint="write it as a display",
                )
                yield Outcome(item, verdict)
            case Fault(message):
                verdict = _about(item).verdict("page", Status.UNREADABLE, message=message)
                yield Outcome(item, verdict)

    # Rows and inline maths.

    def _row(self, row: Row) -> Iterator[Outcome]:
        before, about = self.notation, _about(row)
        try:
            for python in row.python:
                read_python(python)
            latex, inherited = row.source.latex, self._inherited
            now = read_row(latex, before, row.meaning, row.python, inherited, row.beside)
            self.notation = now
            for name, definitions in now.definitions.items():
                for each in definitions:
                    if each not in before.definitions.get(name, ()):
                        tied = replace(about, python=now.entries[name].python)
                        verdict, defined = self._definition(tied, each, now, "row")
                        yield Outcome(row, verdict, definitions=(defined,))
        except Unreadable as problem:
            yield Outcome(row, about.unreadable("row", problem))

    def _inline(self, item: Inline) -> Verdict:
        """Judge a formula in the text where it can be read; what cannot be is no problem."""
        about = _about(item)
        try:
            reading = read_display(item.source.latex, self.notation)
            steps = [each for said in reading.statements for each in judged_apart(said, VAGUE)]
            found = [self._remark(about, each, each.notation or reading.notation) for each in steps]
        except (Undeclared, Mismatch) as problem:
            return about.unreadable("inline", problem)
        except Unreadable as problem:
            if self.settings.strict and STATES.search(item.source.latex):
                return about.unreadable("inline", problem)
            return about.verdict("inline", Status.UNCHECKED, message=problem.message)
        if not found:
            return about.verdict("inline", Status.UNCHECKED, read_as=item.source.latex)
        return wording.joined(found)

    def _remark(self, about: About, statement: Statement, notation: Notation) -> Verdict:
        """Judge what a formula in the text says; what may be a condition is not refuted."""
        judge, found = Judge(notation, self.settings), wording.said(statement, notation)
        if not statement.note:
            judge.check_shapes(statement)
        if not statement.relations or statement.note or self.settings.inline != "claims":
            return about.verdict("inline", Status.UNCHECKED, **found)
        judgement = None
        with allowed(POINTS), suppress(*TOO_MUCH):
            judgement = judge.judge(statement)
        if judgement is not None and judgement.status.good:
            return about.verdict("inline", judgement.status, **found)
        may_be_condition = statement.supposed or _may_be_condition(statement, notation)
        if judgement is None or judgement.failed is None or may_be_condition:
            found["message"] = "what it says is not always so" if may_be_condition else "not judged"
            return about.verdict("inline", Status.UNCHECKED, **found)
        shown = counterexample(statement, judgement, judge)
        message = wording.difference(shown, judgement.failed, len(judgement.links))
        return about.verdict("inline", Status.REFUTED, **found, message=message)

    # Displays.

    def _display(self, display: Display) -> Outcome:
        about = _about(display)
        reason = display.option("unchecked")
        try:
            if NOT_IN_LABELS & {*display.label}:
                why = "the label holds a sign that HTML or LaTeX reads"
                raise Unreadable(why, t.NOWHERE, "letters, digits and - : _")
            if reason == "":
                raise Unreadable(":unchecked: needs a reason", t.NOWHERE)
            if reason is not None:
                self._define(display)
                return Outcome(display, about.verdict("display", Status.UNCHECKED, message=reason))
            for python in filter(str.strip, about.python.split(";")):
                read_python(python)
            reading = self._read(display)
            outcome = self._judged(about, display, reading)
        except Unreadable as problem:
            return Outcome(display, about.unreadable("display", problem))
        self.notation = reading.notation
        if display.option("refuted") is None:
            return outcome
        return replace(outcome, verdict=wording.expected(outcome.verdict))

    def _read(self, display: Display) -> Reading:
        before, self._before = self._before, None
        reading = read_display(
            display.source.latex,
            self.notation,
            define_undeclared=self.settings.define_undeclared,
            before=before,
        )
        if not {"where", "refuted"} & {*dict(display.options)}:
            self._before = reading.last
        return reading

    def _define(self, display: Display) -> None:
        """Know what an excused display defines, if it can be read."""
        with suppress(Unreadable):
            self.notation = self._read(display).notation

    def _judged(self, about: About, display: Display, reading: Reading) -> Outcome:
        now, options = reading.notation, dict(display.options)
        defined = [self._definition(about, each, now) for each in reading.definitions]
        vague = VAGUE.keys() - ({r"\approx"} if {"order", "tolerance"} & set(options) else set())
        steps = [step for each in reading.statements for step in judged_apart(each, vague)]
        untied = replace(about, python="")
        last = next((each for each in reversed(steps) if not each.aside), None)
        stated = [
            _Stated(about if each is last else untied, display, each, each.notation or now)
            for each in steps
        ]
        found = [verdict for verdict, _ in defined]
        found += [each.verdict(self.settings) for each in stated]
        return Outcome(
            display,
            wording.joined(found),
            tuple((each.statement, each.notation) for each in stated if each.is_judged),
            tuple(each for _, each in defined),
        )

    def _definition(
        self, about: About, definition: Definition, notation: Notation, kind: str = "definition"
    ) -> tuple[Verdict, Defined]:
        found = wording.defined(definition, notation)
        known = notation if kind == "definition" else None
        if not about.python or is_name(about.python, known):
            found["message"] = "nothing ties it to code"
            return about.verdict(kind, Status.UNCHECKED, **found), Defined(definition, notation)
        judge = Judge(_with_parameters(notation, definition), self.settings)
        try:
            with allowed(POINTS):
                status, why = judge.tie(definition.head, about.python, definition.ranges)
        except TOO_MUCH as problem:
            status, why = Status.UNDER_TESTED, wording.too_large(problem)
        verdict = about.verdict(kind, status, message=why, **found)
        return verdict, Defined(definition, notation, about.python)


STATES = re.compile(
    "|".join(rf"{re.escape(each)}(?![a-zA-Z])" if each[0] == "\\" else each for each in STATING)
)
KINDS = {Display: "display", Row: "row", Inline: "inline", Unjudged: "unjudged", Fault: "page"}


def _about(item: Item) -> About:
    if isinstance(item, Fault):
        return About(Source("", item.line, (item.column,)), item.file)
    if isinstance(item, Display):
        return About(item.source, item.file, item.label, item.option("python") or "")
    return About(item.source, item.file)


def _safe(work: Callable[[Outcome], Outcome]) -> Callable[[Outcome], Outcome]:
    """Return work on one outcome after which the others go on, whatever goes wrong."""

    def safe(outcome: Outcome) -> Outcome:
        try:
            with room(), allowed(EDITS):
                return work(outcome)
        except Exception as problem:
            return replace(outcome, verdict=wording.broken(outcome.verdict, problem))

    return safe


class _Stated:
    """One statement of a display, to be judged as the options of the display say."""

    def __init__(
        self, about: About, display: Display, statement: Statement, notation: Notation
    ) -> None:
        self.about = about
        self.options = dict(display.options)
        self.statement = read_where(self.options.get("where", ""), statement, notation)
        self.notation = notation
        self.found = wording.said(self.statement, notation)
        self.is_judged = bool(self.statement.relations) and not self.statement.note

    def verdict(self, settings: Settings) -> Verdict:
        """Return what came out."""
        judge, statement = Judge(self.notation, settings), self.statement
        if not statement.note or statement.relations in ((), (r"\approx",)):
            judge.check_shapes(statement)
        if statement.note:
            self.found["message"] = statement.note
            kind = "claim" if statement.relations else "expression"
            return self.about.verdict(kind, Status.UNCHECKED, **self.found)
        try:
            with allowed(POINTS):
                return self._judged(judge, settings)
        except TOO_MUCH as problem:
            self.found["message"] = wording.too_large(problem)
            return self.about.verdict("claim", Status.UNDER_TESTED, **self.found)

    def _judged(self, judge: Judge, settings: Settings) -> Verdict:
        statement = self.statement
        if not statement.relations:
            if self.about.python:
                return self._tied("expression", Status.HELD, judge)
            self.found["message"] = "an expression states nothing; its shape fits"
            return self.about.verdict("expression", Status.UNCHECKED, **self.found)
        judgement = self._judgement(judge)
        self.found |= wording.evidence(statement, judgement, self.notation)
        if judgement.failed is not None and statement.supposed:
            raise Unreadable(
                "this construct is not read: what follows from an equation that is not always so",
                statement.span,
                "give each equation a row of its own, or give a symbol its value",
            )
        if judgement.failed is not None:
            return self._refuted(judge, judgement, judgement.failed)
        status = judgement.status
        if settings.prove and status is Status.HELD and (proof := _proof(statement, judge)):
            status = Status.PROVED
            self.found["method"] += f"; SymPy, {proof}"
        return self._tied("claim", status, judge)

    def _judgement(self, judge: Judge) -> Judgement:
        order, tolerance = self.options.get("order"), self.options.get("tolerance")
        power = None if order is None else read_order(order, self.notation)
        approximation = Approximation(_number(tolerance), power)
        self.found["assumption"] = wording.assumption(self.options)
        return judge.judge(self.statement, approximation)

    def _refuted(self, judge: Judge, judgement: Judgement, failed: int) -> Verdict:
        """Show the simplest point at which a claim fails, and what would mend it."""
        if not judgement.links[failed].order:
            shown = None
            with allowed(SEARCH), suppress(*TOO_MUCH):
                shown = counterexample(self.statement, judgement, judge)
            self.found["counterexample"] = shown
            self.found["message"] = wording.difference(shown, failed, len(judgement.links))
            if "refuted" not in self.options:
                with allowed(SEARCH), suppress(*TOO_MUCH):
                    self.found["repair"] = repair(Trial(self.statement, judge), failed)
        at = self.statement.sides[failed + 1].span[0]
        return self.about.verdict("claim", Status.REFUTED, at, **self.found)

    def _tied(self, kind: str, status: Status, judge: Judge) -> Verdict:
        """Compare the last side with its code, if there is any."""
        last, python = self.statement.sides[-1], self.about.python
        tied, why = Status.HELD, ""
        if python:
            tied, why = judge.tie(last, python, self.statement.ranges)
        if tied.good or tied.rank > status.rank:
            return self.about.verdict(kind, status, **self.found)
        self.found["message"] = why
        return self.about.verdict(kind, tied, last.span[0], **self.found)


def _proof(statement: Statement, judge: Judge) -> str:
    from equation_checker.judging.proofs import prove  # noqa: PLC0415 - SymPy is heavy

    return prove(statement, judge)


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        raise Unreadable(f":tolerance: {text} is no number", (0, 0)) from None
    if not 0 < number < 1:
        raise Unreadable(f":tolerance: {text} is not between 0 and 1", (0, 0),
                         "it is a relative difference, 0.01 for one in a hundred")  # fmt: skip
    return number


def _may_be_condition(statement: Statement, notation: Notation) -> bool:
    """Tell whether `t = 0` or `a < b` is said of the symbols, rather than for all their values."""

    def is_given(side: t.Node) -> bool:
        symbol = side.of if isinstance(side, t.Component) else side
        is_free = isinstance(symbol, t.Symbol) and symbol.name not in notation.definitions
        return is_free or isinstance(side, t.Number)

    kinds = {notation.kind(name) for side in statement.sides for name in t.names(side)}
    is_of_shapes = kinds - {""} == {"size"}  # $(m \times n) n = m$ multiplies no numbers
    is_equation = set(statement.relations) == {"="}
    return is_of_shapes or not is_equation or any(map(is_given, statement.sides))


def _is_wanted(settings: Settings, page: Page, item: Item) -> bool:
    """Tell whether the settings, or the page itself, ask for something to be judged."""
    if not isinstance(item, Display | Inline):
        return True
    label = item.label if isinstance(item, Display) else ""
    displays = page.equations or settings.displays
    path = PurePath(page.file or "page")
    is_named = (
        page.equations
        or not settings.only
        or any(
            path.match(each) or path.with_suffix("").match(each) or fnmatchcase(label, each)
            for each in settings.only
        )
    )
    if not is_named or displays == "off":
        return False
    if isinstance(item, Display):
        return displays == "all" or bool(label)
    return settings.inline != "off"


# Pages that declare a symbol anew.


def _redeclared(before: Notation, known: Notation, now: Notation) -> set[str]:
    return {
        name for name, entry in now.entries.items()
        if name in before.entries and entry is not known.entries.get(name)
    }  # fmt: skip


def _restored(now: Notation, before: Notation, names: set[str]) -> Notation:
    entries = {**now.entries, **{name: before.entries[name] for name in names}}
    definitions = {name: each for name, each in now.definitions.items() if name not in names}
    old = {name: before.definitions[name] for name in names if name in before.definitions}
    return replace(now, entries=entries, definitions={**definitions, **old}, again=before.again)


def _with_parameters(notation: Notation, definition: Definition) -> Notation:
    """Declare the arguments of a function as numbers whose Python names are their letters."""
    for each in definition.parameters:
        known = notation.entries.get(each.name)
        if each.indices or (known is not None and known.kind == "variable" and known.python):
            continue
        name = each.name.lstrip("\\")
        if known is None or known.kind != "variable":
            notation = notation.declare(Entry(Head(each.name), "variable", python=name))
        else:
            notation = notation.changed(replace(known, python=name))
    return notation
