"""Check the equations of MyST Markdown pages: ``python -m backprop_notes check docs/``."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_notes.equations.checking import Checked, Verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 when all holds, 1 if something does not, 2 for wrong usage."""
    options = _options(arguments)
    try:
        from backprop_notes.equations import pages  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        print(
            f"{missing.name} is not installed: pip install 'backprop-notes[equations]'",
            file=sys.stderr,
        )
        return 2
    files = [file for path in options.paths for file in _files(path)]
    read = [pages.read_page(file.read_text(encoding="utf-8"), str(file)) for file in files]
    checked = _check(read, options)
    if options.json:
        print(json.dumps([_plain(each) for each in _displays(checked)], indent=2))
    else:
        _report(checked)
    return 0 if all(verdict.ok for verdict in checked.verdicts) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backprop_notes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check the equations of pages or folders of pages")
    check.add_argument(
        "paths", nargs="+", type=_path, metavar="PATH", help="a .md file or a folder of them"
    )
    check.add_argument(
        "--json", action="store_true", help="print a list of displays with their verdicts"
    )
    check.add_argument("--prove", action="store_true", help="prove what holds at small sizes")
    check.add_argument(
        "--mutate", action="store_true", help="try every single edit of every equation"
    )
    check.add_argument("--seed", type=int, default=0, help="where the drawn points come from")
    check.add_argument(
        "--digits", type=_digits, default=50, help="digits of the second evaluation (30 to 1000)"
    )
    check.add_argument("--notation", type=_path, action="append", default=[], metavar="FILE",
                       help="a page whose notation table holds for all others")  # fmt: skip
    check.add_argument("--library", default="backprop_notes", metavar="MODULE",
                       help="the module whose public names :python: may use")  # fmt: skip
    return parser.parse_args(arguments)


def _path(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text} does not exist")
    return path


def _digits(text: str) -> int:
    digits = int(text)
    if not 30 <= digits <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not between 30 and 1000")
    return digits


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(each for each in path.rglob("*.md") if "_build" not in each.parts)


def _check(pages: list[Any], options: argparse.Namespace) -> Checked:
    from backprop_notes.equations.checking import check  # noqa: PLC0415
    from backprop_notes.equations.claims import Settings  # noqa: PLC0415

    module = importlib.import_module(options.library)
    library = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    return check(
        pages,
        settings=Settings(options.seed, options.digits, options.mutate, options.prove, library),
    )


def _displays(checked: Checked) -> list[Verdict]:
    return [each for each in checked.verdicts if each.kind not in ("row", "inline", "page")]


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {**asdict(verdict), "ok": verdict.ok}


def _report(checked: Checked) -> None:
    for verdict in checked.verdicts:
        if not verdict.ok:
            print(verdict.problem())
    displays = _displays(checked)
    counts: dict[str, int] = {}
    for verdict in displays:
        counts[verdict.status] = counts.get(verdict.status, 0) + 1
    summary = ", ".join(f"{count} {status}" for status, count in counts.items())
    if any(verdict.score for verdict in displays):
        _report_mutants(displays)
    inline = f"inline maths: {checked.inline_read} read, {checked.inline_unread} not"
    print(f"{len(displays)} displays: {summary or 'none'}; {inline}")


def _report_mutants(displays: list[Verdict]) -> None:
    from backprop_notes.equations.trials import Score  # noqa: PLC0415

    total = Score()
    for verdict in displays:
        if verdict.score is not None:
            total = total.plus(verdict.score)
            for survivor in verdict.score.survivors:
                print(f"{verdict.file}:{verdict.line}:{verdict.column}: survived: {survivor}")
    print(
        f"{total.mutants} mutants: {total.by_shapes} refused by shapes, "
        f"{total.by_values} by values, {total.by_ties} by ties, "
        f"{len(total.equivalent)} equivalent, {len(total.survivors)} survived"
    )


if __name__ == "__main__":
    sys.exit(main())
