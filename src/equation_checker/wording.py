"""Put what was found into words and plain data: the fields of a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from equation_checker.language import tree as t
from equation_checker.language.printing import Printer
from equation_checker.meaning.budget import TOO_MUCH
from equation_checker.meaning.shapes import Shapes
from equation_checker.verdicts import Status, Step, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from equation_checker.judging.evidence import Judgement
    from equation_checker.language.errors import Unreadable
    from equation_checker.language.notation import Definition, Notation
    from equation_checker.reading.displays import Statement
    from equation_checker.reading.tokens import Source
    from equation_checker.verdicts import Counterexample, Score


@dataclass(frozen=True)
class About:
    """What a verdict is about: some LaTeX, its place, its label and its tie."""

    source: Source
    file: str
    label: str = ""
    python: str = ""

    def verdict(self, kind: str, status: Status, at: int = 0, **found: Any) -> Verdict:
        """Return a verdict that points at a place in the LaTeX."""
        return Verdict(self.file, *self.source.place(at), self.label, kind, status,
                       self.source.author, **{"python": self.python, **found})  # fmt: skip

    def unreadable(self, kind: str, problem: Unreadable) -> Verdict:
        """Return the verdict of what cannot be read, at the place where it cannot."""
        _, macro = self.source.origin(problem.span[0])
        message = f"{problem.message}, in what {macro} stands for" if macro else problem.message
        return self.verdict(kind, Status.UNREADABLE, problem.span[0], message=message,
                            hint=problem.hint)  # fmt: skip


def joined(found: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a display of several statements: that of the worst."""
    worst = min(found, key=lambda each: each.status.rank)
    left_open = [e for e in found if e.kind == "claim" and e.status is Status.UNCHECKED]
    worst = left_open[0] if left_open and worst.status.good else worst
    symbols = dict(pair for each in found for pair in each.symbols)
    return replace(
        worst,
        steps=tuple(step for each in found for step in each.steps),
        read_as=r" \\ ".join(each.read_as for each in found),
        symbols=tuple(symbols.items()),
    )


def expected(verdict: Verdict) -> Verdict:
    """Return the verdict of a display that is shown because it is wrong."""
    why = "is shown as wrong, but no difference was found"
    message = why if verdict.status.good else verdict.message
    return replace(verdict, expected=True, message=message)


def pinned(verdict: Verdict, score: Score) -> Verdict:
    """Return the verdict of what nothing ties to code, by what claims refuse of its edits."""
    if score.survivors:
        why = f"nothing ties it to code, and no claim would notice the edit {score.survivors[0]}"
        hint = ":python: ties it, :unchecked: excuses it"
        return replace(verdict, status=Status.UNDER_TESTED, message=why, hint=hint)
    if verdict.status is not Status.UNCHECKED or verdict.kind == "claim":
        return verdict
    refused = score.mutants - len(score.equivalent)
    message = f"nothing ties it to code, but claims refuse each of {refused} single edits of it"
    return replace(verdict, status=Status.HELD, message=message)


def too_large(problem: Exception) -> str:
    """Say that a claim or a tie cost more than it may."""
    deep, big = "it is nested too deeply", "it takes too much memory"
    said = {RecursionError: deep, MemoryError: big}.get(type(problem), str(problem))
    return f"too large to be tried: {said}"


def broken(verdict: Verdict, problem: Exception) -> Verdict:
    """Return the verdict of what the checker itself failed at."""
    if isinstance(problem, TOO_MUCH):
        return replace(verdict, status=Status.UNDER_TESTED, message=too_large(problem), hint="")
    said = " ".join(f"{type(problem).__name__}: {problem}".split())[:200]
    why = f"internal error ({said}), please report"
    return replace(verdict, status=Status.UNREADABLE, message=why, hint="")


# Fields.


def said(statement: Statement, notation: Notation) -> dict[str, Any]:
    """Return how a statement was read."""
    printer = Printer(notation)
    shown = printer.show(statement.sides[0])
    for relation, side in zip(statement.relations, statement.sides[1:], strict=False):
        shown += f" {relation} {printer.show(side)}"
    if statement.condition is not None:
        shown += rf" \text{{ if }} {printer.show(statement.condition)}"
    for each in statement.assumed:
        shown += rf" \text{{ where }} {each}"
    return {"read_as": shown, "symbols": symbols(statement.sides, notation)}


def defined(definition: Definition, notation: Notation) -> dict[str, Any]:
    """Return how a definition was read."""
    printer, head = Printer(notation), definition.head
    return {
        "read_as": f"{printer.show(head)} := {printer.show(definition.body)}",
        "symbols": symbols((head, definition.body), notation),
    }


def evidence(statement: Statement, judgement: Judgement, notation: Notation) -> dict[str, Any]:
    """Return what a judgement rests on."""
    numbers = range(len(statement.relations))
    return {
        "steps": tuple(_step(k, statement, judgement, Printer(notation)) for k in numbers),
        "message": judgement.message,
        "points": judgement.points,
        "method": judgement.method,
        "branches": judgement.branches,
    }


def _step(k: int, statement: Statement, judgement: Judgement, printer: Printer) -> Step:
    link = judgement.links[k]
    good = Status.NOT_REFUTED if link.is_at_best_not_refuted else Status.HELD
    status = good if link.counted else Status.UNDER_TESTED
    status = Status.REFUTED if link.failed else status
    return Step(status, printer.show(link.left), link.relation, printer.show(link.right),
                statement.reasons[k], link.worst)  # fmt: skip


def assumption(options: Mapping[str, str]) -> str:
    """Say what the options of a display let be assumed."""
    said = []
    if options.get("where"):
        said.append(f"under the assumption {options['where']}")
    if "tolerance" in options:
        said.append(f"to within {100 * float(options['tolerance']):g} %")
    if "order" in options:
        said.append(f"to order {options['order']}")
    return ", ".join(said)


def difference(shown: Counterexample | None, failed: int, steps: int) -> str:
    """Say which step of a claim does not hold, and where."""
    step = f"step {failed + 1} of {steps}" if steps > 1 else "the claim"
    if shown is None:
        return f"{step} does not hold"
    point = ", ".join(f"{name} = {value}" for name, value in shown.values)
    where = f" at {point}" if point else ""
    return (
        f"{step} does not hold: the left side is {shown.left}, the right side {shown.right}{where}"
    )


def symbols(sides: Iterable[t.Node], notation: Notation) -> tuple[tuple[str, str], ...]:
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
