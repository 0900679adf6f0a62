"""Check pages in reading order: the notation grows, each display gets its verdict."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from backprop_notes.equations.claims import Judge, Judgement, Settings, Status
from backprop_notes.equations.displays import Reading, Statement, read_display, read_row
from backprop_notes.equations.messages import Mismatch, Undeclared, Unreadable
from backprop_notes.equations.notation import Definition, Entry, Notation
from backprop_notes.equations.pages import Display, Fault, Inline, Page, Row
from backprop_notes.equations.printing import Printer
from backprop_notes.equations.shapes import Shapes
from backprop_notes.equations.ties import TieError, pattern
from backprop_notes.equations.tree import Apply, Component, Node, Symbol, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from backprop_notes.equations.claims import Counterexample
    from backprop_notes.equations.tokens import Source

GOOD = frozenset({"held", "proved", "unchecked"})


@dataclass(frozen=True)
class Step:
    """One relation of a claim."""

    status: Status
    left: str
    relation: str
    right: str
    reason: str
    worst_difference: float | None


@dataclass(frozen=True)
class Verdict:
    """All that was found out about one display (or one row that defines something)."""

    file: str
    line: int
    column: int
    label: str
    kind: str
    status: Status
    latex: str
    read_as: str = ""
    steps: tuple[Step, ...] = ()
    counterexample: Counterexample | None = None
    repair: str = ""
    message: str = ""
    hint: str = ""
    points: int = 0
    method: str = ""
    branches: tuple[str, ...] = ()
    symbols: tuple[tuple[str, str], ...] = ()
    """Each symbol with its shape."""
    python: str = ""
    expected: bool = False
    """Whether the author shows it because it is wrong."""

    @property
    def ok(self) -> bool:
        """Tell whether nothing is to be put right."""
        return (self.status == "refuted") == self.expected and (
            self.status in GOOD or self.status == "refuted"
        )

    def problem(self) -> str:
        """Return the line for the author: place, status, what and how to put it right."""
        hint = f" ({self.hint})" if self.hint else ""
        repair = f"; fix? {self.repair}" if self.repair else ""
        return f"{self.file}:{self.line}:{self.column}: {self.status}: {self.message}{hint}{repair}"


@dataclass
class Checked:
    """Verdicts of some pages, and the notation at their end."""

    verdicts: list[Verdict] = field(default_factory=list)
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
    checked = Checked(notation=notation or Notation())
    for page in pages:
        for verdict in check_page(page, checked, settings or Settings()):
            checked.verdicts.append(verdict)
            if progress is not None:
                progress(verdict)
    return checked


def check_page(page: Page, checked: Checked, settings: Settings) -> Iterator[Verdict]:
    """Judge one page; what its tables declare anew holds on this page only."""
    before = checked.notation
    again: set[str] = set()
    for item in page.items:
        match item:
            case Row():
                known = checked.notation
                yield from _check_row(item, checked, settings)
                again |= _redeclared(before, known, checked.notation)
            case Display():
                yield check_display(item, checked, settings)
            case Inline():
                yield from _check_inline(item, checked)
            case Fault():
                yield Verdict(item.file, item.line, item.column, "", "page", "unreadable", "",
                              message=item.message)  # fmt: skip
    checked.notation = _restored(checked.notation, before, again)


def _redeclared(before: Notation, known: Notation, now: Notation) -> set[str]:
    return {name for name, entry in now.entries.items()
            if name in before.entries and entry is not known.entries.get(name)}


def _restored(now: Notation, before: Notation, names: set[str]) -> Notation:
    entries = {**now.entries, **{name: before.entries[name] for name in names}}
    definitions = {name: each for name, each in now.definitions.items() if name not in names}
    old = {name: before.definitions[name] for name in names if name in before.definitions}
    return replace(now, entries=entries, definitions={**definitions, **old})


# Rows and inline maths.


def _check_row(row: Row, checked: Checked, settings: Settings) -> Iterator[Verdict]:
    latex = row.source.latex
    try:
        notation = read_row(latex, checked.notation, row.meaning, row.python)
    except Unreadable as problem:
        yield _unreadable(row.source, row.file, "", "row", problem)
        return
    new = [each for name, definitions in notation.definitions.items()
           for each in definitions if each not in checked.notation.definitions.get(name, ())]
    checked.notation = notation
    for definition in new:
        python = notation.entries[definition.name].python
        yield _judged_definition(row.source, row.file, "", definition, python, notation, settings)


def _check_inline(item: Inline, checked: Checked) -> Iterator[Verdict]:
    """Read inline maths where it can be read; a symbol that is not declared is a problem."""
    try:
        reading = read_display(item.source.latex, checked.notation)
        judge = Judge(reading.notation, Settings())
        for statement in reading.statements:
            judge.check_shapes(statement)
        checked.inline_read += 1
    except (Undeclared, Mismatch) as problem:
        yield _unreadable(item.source, item.file, "", "inline", problem)
    except Unreadable:
        checked.inline_unread += 1


# Displays.


def check_display(display: Display, checked: Checked, settings: Settings) -> Verdict:
    """Judge a display; what it defines is known from then on."""
    reason = display.option("unchecked")
    if reason is not None:
        return _waived(display, reason)
    try:
        reading = read_display(display.source.latex, checked.notation)
        verdict = _judged(display, reading, settings)
    except Unreadable as problem:
        return _unreadable(display.source, display.file, display.label, "display", problem)
    checked.notation = reading.notation
    return _expected(verdict, display)


def _waived(display: Display, reason: str) -> Verdict:
    status: Status = "unchecked" if reason else "unreadable"
    message = reason or ":unchecked: needs a reason"
    return _verdict(display.source, display.file, display.label, "display", status, message=message)


def _expected(verdict: Verdict, display: Display) -> Verdict:
    if display.option("refuted") is None:
        return verdict
    verdict = replace(verdict, expected=True)
    if verdict.status in GOOD:
        return replace(verdict, message="is shown as wrong, but no difference was found")
    return verdict


def _judged(display: Display, reading: Reading, settings: Settings) -> Verdict:
    python = display.option("python") or ""
    found = [
        _judged_definition(display.source, display.file, display.label, each, python, reading.notation, settings)
        for each in reading.definitions
    ] + [_judged_statement(display, each, python, reading.notation, settings) for each in reading.statements]
    return _joined(found)


def _joined(found: list[Verdict]) -> Verdict:
    """Return the verdict of a display of several statements: that of the worst."""
    order = ["unreadable", "refuted", "under-tested", "held", "proved", "unchecked"]
    worst = min(found, key=lambda each: order.index(each.status))
    steps = tuple(step for each in found for step in each.steps)
    read_as = r" \\ ".join(each.read_as for each in found)
    symbols = tuple(dict(pair for each in found for pair in each.symbols).items())
    return replace(worst, steps=steps, read_as=read_as, symbols=symbols)


def _judged_statement(
    display: Display, statement: Statement, python: str, notation: Notation, settings: Settings
) -> Verdict:
    judge = Judge(notation, settings)
    made = _verdict(display.source, display.file, display.label, "claim", "held", python=python)
    made = replace(made, symbols=_symbols(statement.sides, notation), read_as=_shown(statement, notation))
    if len(statement.sides) == 1:
        return _judged_expression(made, statement, judge, display.source)
    if r"\approx" in statement.relations and display.option("tolerance") is None:
        raise Unreadable(r"\approx states nothing that can be checked", statement.span, "add :tolerance:")
    judgement = judge.judge(statement, _tolerance(display))
    steps = tuple(_step(k, statement, judgement, notation) for k in range(len(statement.relations)))
    made = replace(
        made, status=judgement.status, steps=steps, message=judgement.message, points=judgement.points,
        method=judgement.method, branches=judgement.branches,
    )  # fmt: skip
    if judgement.failed is not None:
        line, column = display.source.place(statement.sides[judgement.failed + 1].span[0])
        return replace(made, line=line, column=column)
    if python and (wrong := judge.tie(statement.sides[-1], python, statement.ranges)):
        return replace(made, status="refuted", message=wrong)
    return made


def _tolerance(display: Display) -> float | None:
    text = display.option("tolerance")
    try:
        return None if text is None else float(text)
    except ValueError:
        raise Unreadable(f":tolerance: {text} is no number", (0, 0)) from None


def _judged_expression(made: Verdict, statement: Statement, judge: Judge, source: Source) -> Verdict:
    judge.check_shapes(statement)
    made = replace(made, kind="expression")
    if not made.python:
        return replace(made, status="unchecked", message="an expression states nothing; its shape was checked")
    wrong = judge.tie(statement.sides[0], made.python, statement.ranges)
    if wrong:
        line, column = source.place(statement.span[0])
        return replace(made, status="refuted", message=wrong, line=line, column=column)
    return made


def _step(k: int, statement: Statement, judgement: Judgement, notation: Notation) -> Step:
    link, printer = judgement.links[k], Printer(notation)
    status: Status = "refuted" if link.failed else "held" if link.counted else "under-tested"
    return Step(status, printer.show(link.left), link.relation, printer.show(link.right),
                statement.reasons[k], link.worst)  # fmt: skip


def _judged_definition(
    source: Source, file: str, label: str, definition: Definition, python: str, notation: Notation,
    settings: Settings,
) -> Verdict:  # fmt: skip
    head = _head(definition)
    printer = Printer(notation)
    made = _verdict(source, file, label, "definition", "held", python=python)
    made = replace(made, read_as=f"{printer.show(head)} := {printer.show(definition.body)}",
                   symbols=_symbols((head, definition.body), notation))  # fmt: skip
    if not python or _is_name(python):
        return replace(made, status="unchecked", message="nothing ties this definition to code")
    judge = Judge(_with_parameters(notation, definition), settings)
    wrong = judge.tie(head, python, definition.ranges)
    return replace(made, status="refuted", message=wrong) if wrong else made


def _is_name(python: str) -> bool:
    try:
        return pattern(python) is not None
    except TieError:
        return False


def _head(definition: Definition) -> Node:
    """Return the left side of a definition."""
    head: Node = Symbol(definition.name, definition.indices)
    if definition.parameters:
        head = Apply(Symbol(definition.name, definition.indices), definition.parameters)
    return Component(head, definition.components) if definition.components else head


def _with_parameters(notation: Notation, definition: Definition) -> Notation:
    """Declare the arguments of a function as numbers of the same Python name."""
    from backprop_notes.equations.notation import Head  # noqa: PLC0415

    for each in definition.parameters:
        known = notation.entries.get(each.name)
        if not each.indices and (known is None or known.kind != "variable"):
            name = each.name.lstrip("\\")
            notation = notation.declare(Entry(Head(each.name), "variable", python=name))
        elif not each.indices and known is not None and not known.python:
            entries = {**notation.entries, each.name: replace(known, python=each.name.lstrip("\\"))}
            notation = replace(notation, entries=entries)
    return notation


# What a verdict shows.


def _verdict(source: Source, file: str, label: str, kind: str, status: Status, **rest: Any) -> Verdict:
    line, column = source.place(0)
    return Verdict(file, line, column, label, kind, status, source.latex, **rest)


def _unreadable(source: Source, file: str, label: str, kind: str, problem: Unreadable) -> Verdict:
    line, column = source.place(problem.span[0])
    made = _verdict(source, file, label, kind, "unreadable", message=problem.message, hint=problem.hint)
    return replace(made, line=line, column=column)


def _shown(statement: Statement, notation: Notation) -> str:
    printer = Printer(notation)
    shown = printer.show(statement.sides[0])
    for relation, side in zip(statement.relations, statement.sides[1:], strict=False):
        shown += f" {relation} {printer.show(side)}"
    return shown


def _symbols(sides: Iterable[Node], notation: Notation) -> tuple[tuple[str, str], ...]:
    """Return the symbols of some expressions, as they are declared, with their shapes."""
    shapes, printer = Shapes(notation), Printer(notation)
    found: dict[str, str] = {}
    for side in sides:
        for node in walk(side):
            entry = notation.entries.get(node.name) if isinstance(node, Symbol) else None
            if entry is not None:
                shape = shapes.show(entry.shape) if entry.shape else ""
                found[printer.declared(entry)] = shape if entry.kind == "variable" else entry.kind
    return tuple(found.items())
