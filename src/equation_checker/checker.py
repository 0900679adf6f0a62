"""Check pages in reading order: the notation grows, each display gets its verdict."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from equation_checker.judging.claims import Judge, Settings
from equation_checker.judging.counterexamples import counterexample
from equation_checker.judging.mutation_score import Trial, score_definition
from equation_checker.judging.python import read as read_python
from equation_checker.judging.repairs import repair
from equation_checker.judging.ties import is_name
from equation_checker.language import tree as t
from equation_checker.language.errors import Mismatch, Undeclared, Unreadable
from equation_checker.language.notation import Definition, Entry, Head, Notation
from equation_checker.language.printing import Printer
from equation_checker.meaning.shapes import Shapes
from equation_checker.pages import Display, Fault, Inline, Item, Page, Row
from equation_checker.reading.declarations import read_row
from equation_checker.reading.displays import read_display, read_order, read_where
from equation_checker.verdicts import Score, Status, Step, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from equation_checker.judging.claims import Judgement
    from equation_checker.reading.displays import Reading, Statement
    from equation_checker.reading.tokens import Source
    from equation_checker.verdicts import Counterexample


@dataclass
class Checked:
    """Verdicts of some pages, and the notation at their end."""

    items: list[Item] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    """What came out for each item: one verdict a display, and one for what else is worth a word."""
    notation: Notation = field(default_factory=Notation)
    inline_read: int = 0
    inline_unread: int = 0


def check(
    pages: Iterable[Page],
    notation: Notation | None = None,
    settings: Settings | None = None,
    progress: Callable[[Verdict], None] | None = None,
) -> Checked:
    """Judge all that some pages hold, in reading order."""
    checker = Checker(notation or Notation(), settings or Settings(), progress)
    for page in pages:
        checker.check_page(page)
    if checker.settings.strict:
        checker.pin()
    if checker.settings.mutate:
        checker.mutate()
    return checker.checked


class Checker:
    """Goes through pages; what is declared and defined on one is known on the next."""

    def __init__(
        self,
        notation: Notation,
        settings: Settings,
        progress: Callable[[Verdict], None] | None = None,
    ) -> None:
        self.settings = settings
        self.checked = Checked(notation=notation)
        self.progress = progress
        self._inherited = notation
        """What was declared when the page began."""
        self._claims: list[tuple[int, Statement, Notation]] = []
        """Of each claim and definition: where its verdict is, and the notation it is read in."""
        self._definitions: list[tuple[int, Definition, Notation]] = []

    @property
    def notation(self) -> Notation:
        """Return what is declared by now."""
        return self.checked.notation

    def check_page(self, page: Page) -> None:
        """Judge one page; what its tables declare anew holds on this page only."""
        before = self._inherited = self.notation
        again: set[str] = set()
        for item in page.items:
            known = self.notation
            for verdict in self.check_item(item):
                self.checked.verdicts.append(verdict)
                self.checked.items.append(item)
                if self.progress is not None:
                    self.progress(verdict)
            if isinstance(item, Row):
                again |= _redeclared(before, known, self.notation)
        self.checked.notation = _restored(self.notation, before, again)

    def check_item(self, item: Item) -> Iterator[Verdict]:
        """Judge one thing on a page; rows and inline maths have a verdict only for a reason."""
        match item:
            case Display():
                yield self._display(item)
            case Row():
                yield from self._row(item)
            case Inline():
                yield from self._inline(item)
            case Fault(message, line, column, file):
                yield Verdict(
                    file, line, column, "", "page", Status.UNREADABLE, "", message=message
                )

    # Rows and inline maths.

    def _row(self, row: Row) -> Iterator[Verdict]:
        before = self.notation
        made = _verdict(row.source, row.file, "row")
        try:
            for python in row.python:
                read_python(python)
            notation = read_row(row.source.latex, before, row.meaning, row.python, self._inherited)
            self.checked.notation = notation
            for name, definitions in notation.definitions.items():
                for each in definitions:
                    if each not in before.definitions.get(name, ()):
                        yield self._definition(made, each, notation.entries[name].python)
        except Unreadable as problem:
            yield _unreadable(made, row.source, problem)

    def _inline(self, item: Inline) -> Iterator[Verdict]:
        """Read inline maths where it can be; undeclared symbols and wrong shapes are problems."""
        try:
            reading = read_display(item.source.latex, self.notation)
            judge = Judge(reading.notation, self.settings)
            for statement in reading.statements:
                judge.check_shapes(statement)
            self.checked.inline_read += 1
        except (Undeclared, Mismatch) as problem:
            yield _unreadable(_verdict(item.source, item.file, "inline"), item.source, problem)
        except Unreadable:
            self.checked.inline_unread += 1

    # Displays.

    def _display(self, display: Display) -> Verdict:
        made = _verdict(display.source, display.file, "display", label=display.label)
        made = replace(made, python=display.option("python") or "")
        reason = display.option("unchecked")
        if reason is not None:
            if reason:
                self._define(display)
                return replace(made, status=Status.UNCHECKED, message=reason)
            return replace(made, status=Status.UNREADABLE, message=":unchecked: needs a reason")
        try:
            reading = read_display(display.source.latex, self.notation)
            verdict = self._judged(made, display, reading)
        except Unreadable as problem:
            return _unreadable(made, display.source, problem)
        self.checked.notation = reading.notation
        return _expected(verdict) if display.option("refuted") is not None else verdict

    def _define(self, display: Display) -> None:
        """Know what an excused display defines, if it can be read."""
        with suppress(Unreadable):
            self.checked.notation = read_display(display.source.latex, self.notation).notation

    def _judged(self, made: Verdict, display: Display, reading: Reading) -> Verdict:
        found = [
            self._definition(made, each, made.python, reading.notation)
            for each in reading.definitions
        ]
        found += [
            self._statement(made, display, each, reading.notation) for each in reading.statements
        ]
        return _joined(found)

    def _statement(
        self, made: Verdict, display: Display, statement: Statement, notation: Notation
    ) -> Verdict:
        statement = read_where(display.option("where") or "", statement, notation)
        judge = Judge(notation, self.settings)
        made = replace(
            made,
            kind="claim" if statement.relations else "expression",
            symbols=_symbols(statement.sides, notation),
            read_as=_shown(statement, notation),
        )
        judge.check_shapes(statement)
        if not statement.relations:
            return self._tied(made, judge, statement, display.source)
        judgement = self._judgement(judge, statement, display)
        self._claims.append((len(self.checked.verdicts), statement, notation))
        made = _evidence(made, statement, judgement, notation)
        if judgement.failed is not None:
            line, column = display.source.place(statement.sides[judgement.failed + 1].span[0])
            made = replace(made, line=line, column=column)
            if display.option("order") is not None:
                return made
            shown = counterexample(statement, judgement, judge)
            wanted = display.option("refuted") is None
            mended = repair(Trial(statement, judge), judgement.failed) if wanted else ""
            message = _difference(shown, judgement.failed, len(judgement.links))
            return replace(made, counterexample=shown, repair=mended, message=message)
        if (
            self.settings.prove
            and made.status is Status.HELD
            and (proof := _proof(statement, judge))
        ):
            made = replace(made, status=Status.PROVED, method=f"{made.method}; SymPy, {proof}")
        return self._tied(made, judge, statement, display.source) if made.python else made

    def _judgement(self, judge: Judge, statement: Statement, display: Display) -> Judgement:
        order, tolerance = display.option("order"), display.option("tolerance")
        if r"\approx" in statement.relations and order is None and tolerance is None:
            raise Unreadable(r"\approx alone states nothing that can be checked", statement.span,
                             "add :tolerance: or :order:")  # fmt: skip
        if order is not None:
            return judge.judge_order(statement, *read_order(order, judge.notation))
        return judge.judge(statement, _number(tolerance))

    def _tied(self, made: Verdict, judge: Judge, statement: Statement, source: Source) -> Verdict:
        """Compare the last side of a statement with its code."""
        if not made.python:
            return replace(
                made,
                status=Status.UNCHECKED,
                message="an expression states nothing; its shape fits",
            )
        wrong = judge.tie(statement.sides[-1], made.python, statement.ranges)
        if not wrong:
            return made
        line, column = source.place(statement.sides[-1].span[0])
        return replace(made, status=Status.REFUTED, message=wrong, line=line, column=column)

    def _definition(
        self, made: Verdict, definition: Definition, python: str, notation: Notation | None = None
    ) -> Verdict:
        notation = notation or self.notation
        printer, head = Printer(notation), definition.head
        kind = made.kind if made.kind == "row" else "definition"
        made = replace(made, kind=kind, status=Status.HELD, python=python,
                       read_as=f"{printer.show(head)} := {printer.show(definition.body)}",
                       symbols=_symbols((head, definition.body), notation))  # fmt: skip
        is_tied = bool(python) and not is_name(python)
        judge = Judge(_with_parameters(notation, definition), self.settings)
        wrong = judge.tie(head, python, definition.ranges) if is_tied else ""
        self._definitions.append((len(self.checked.verdicts), definition, notation))
        if not is_tied:
            return replace(made, status=Status.UNCHECKED, message="nothing ties it to code")
        return replace(made, status=Status.REFUTED, message=wrong) if wrong else made

    # Definitions without a tie.

    def pin(self) -> None:
        """Demand that claims notice each edit of the definitions that nothing ties to code."""
        claims = [(statement, notation) for _, statement, notation in self._claims]
        scores: dict[int, Score] = {}
        for at, definition, notation in self._definitions:
            is_size = notation.entries[definition.name].kind == "size"
            if self.checked.verdicts[at].status is Status.UNCHECKED and not is_size:
                judge = Judge(_with_parameters(notation, definition), self.settings)
                score = score_definition(definition, judge, "", claims)
                scores[at] = scores.get(at, Score()).plus(score)
        for at, score in scores.items():
            self.checked.verdicts[at] = _pinned(self.checked.verdicts[at], score)

    # Mutants.

    def mutate(self) -> None:
        """Try all single edits of all claims that hold and of all definitions."""
        claims = [(statement, notation) for _, statement, notation in self._claims]
        for at, statement, notation in self._claims:
            if (
                self.checked.verdicts[at].ok
                and self.checked.verdicts[at].status is not Status.REFUTED
            ):
                self._scored(at, Trial(statement, Judge(notation, self.settings)).score())
        for at, definition, notation in self._definitions:
            if notation.entries[definition.name].kind == "size":
                continue  # a size is a choice; there is nothing that it could be wrong about
            python = self.checked.verdicts[at].python
            judge = Judge(_with_parameters(notation, definition), self.settings)
            tie = "" if not python or is_name(python) else python
            self._scored(at, score_definition(definition, judge, tie, claims))

    def _scored(self, at: int, score: Score) -> None:
        verdict = self.checked.verdicts[at]
        verdict = replace(verdict, score=(verdict.score or Score()).plus(score))
        self.checked.verdicts[at] = verdict
        if self.progress is not None:
            self.progress(verdict)


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


# What a verdict shows.


def _pinned(verdict: Verdict, score: Score) -> Verdict:
    if score.survivors:
        why = f"nothing ties it to code, and no claim would notice the edit {score.survivors[0]}"
        hint = ":python: ties it, :unchecked: excuses it"
        return replace(verdict, status=Status.UNDER_TESTED, message=why, hint=hint)
    refused = score.mutants - len(score.equivalent)
    message = f"nothing ties it to code, but claims refuse each of {refused} single edits of it"
    return replace(verdict, status=Status.HELD, message=message)


def _proof(statement: Statement, judge: Judge) -> str:
    from equation_checker.judging.proofs import prove  # noqa: PLC0415 - SymPy is heavy

    return prove(statement, judge)


def _verdict(source: Source, file: str, kind: str, label: str = "") -> Verdict:
    line, column = source.place(0)
    return Verdict(file, line, column, label, kind, Status.HELD, source.latex)


def _unreadable(made: Verdict, source: Source, problem: Unreadable) -> Verdict:
    line, column = source.place(problem.span[0])
    return replace(made, line=line, column=column, status=Status.UNREADABLE,
                   message=problem.message, hint=problem.hint)  # fmt: skip


def _expected(verdict: Verdict) -> Verdict:
    if verdict.status.good:
        return replace(
            verdict, expected=True, message="is shown as wrong, but no difference was found"
        )
    return replace(verdict, expected=True)


def _joined(found: list[Verdict]) -> Verdict:
    """Return the verdict of a display of several statements: that of the worst."""
    worst = min(found, key=lambda each: each.status.rank)
    symbols = dict(pair for each in found for pair in each.symbols)
    return replace(
        worst,
        steps=tuple(step for each in found for step in each.steps),
        read_as=r" \\ ".join(each.read_as for each in found),
        symbols=tuple(symbols.items()),
    )


def _evidence(
    made: Verdict, statement: Statement, judgement: Judgement, notation: Notation
) -> Verdict:
    steps = tuple(_step(k, statement, judgement, notation) for k in range(len(statement.relations)))
    return replace(
        made,
        status=judgement.status,
        steps=steps,
        message=judgement.message,
        points=judgement.points,
        method=judgement.method,
        branches=judgement.branches,
    )


def _step(k: int, statement: Statement, judgement: Judgement, notation: Notation) -> Step:
    link, printer = judgement.links[k], Printer(notation)
    counted = Status.HELD if link.counted else Status.UNDER_TESTED
    status = Status.REFUTED if link.failed else counted
    return Step(status, printer.show(link.left), link.relation, printer.show(link.right),
                statement.reasons[k], link.worst)  # fmt: skip


def _difference(shown: Counterexample | None, failed: int, steps: int) -> str:
    step = f"step {failed + 1} of {steps}" if steps > 1 else "the claim"
    if shown is None:
        return f"{step} does not hold"
    point = ", ".join(f"{name} = {value}" for name, value in shown.values)
    where = f" at {point}" if point else ""
    return (
        f"{step} does not hold: the left side is {shown.left}, the right side {shown.right}{where}"
    )


def _shown(statement: Statement, notation: Notation) -> str:
    printer = Printer(notation)
    shown = printer.show(statement.sides[0])
    for relation, side in zip(statement.relations, statement.sides[1:], strict=False):
        shown += f" {relation} {printer.show(side)}"
    return shown


def _symbols(sides: Iterable[t.Node], notation: Notation) -> tuple[tuple[str, str], ...]:
    """Return the symbols of some expressions, as they are declared, with their shapes."""
    shapes, printer = Shapes(notation), Printer(notation)
    found: dict[str, str] = {}
    for side in sides:
        for node in t.walk(side):
            entry = notation.entries.get(node.name) if isinstance(node, t.Symbol) else None
            if entry is not None:
                shape = shapes.show(entry.shape) if entry.shape else ""
                found[printer.declared(entry)] = shape if entry.kind == "variable" else entry.kind
    return tuple(found.items())


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        raise Unreadable(f":tolerance: {text} is no number", (0, 0)) from None


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
            entries = {**notation.entries, each.name: replace(known, python=name)}
            notation = replace(notation, entries=entries)
    return notation
