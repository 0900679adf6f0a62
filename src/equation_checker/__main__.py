"""Check the equations of MyST Markdown pages: ``python -m equation_checker check docs/``."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections import Counter
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    from equation_checker import Display, Score, Settings, check, public, read_page, read_toctree
    from equation_checker.verdicts import document
except ModuleNotFoundError as missing:
    print(f"{missing.name} is missing: pip install 'backprop-notes[equations]'", file=sys.stderr)
    raise SystemExit(2) from None

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker import Checked, Page, Verdict

ASIDE = frozenset({"row", "inline", "page"})
"""Kinds of verdicts that are not of a display or a definition."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 when all holds, 1 if something does not, 2 for wrong usage."""
    options = _options(arguments)
    files = dict.fromkeys([*options.notation, *(f for path in options.paths for f in _files(path))])
    pages = [read_page(file.read_text(encoding="utf-8"), str(file)) for file in files]
    checked = _check(pages, options)
    if options.json:
        print(json.dumps(document(each.plain() for each in _shown(checked)), indent=2))
    else:
        _report(checked)
    return 0 if all(verdict.ok for verdict in checked.verdicts) and _survivors(checked) == 0 else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m equation_checker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="check the equations of pages or folders of pages")
    add = command.add_argument
    add("paths", nargs="+", type=_path, metavar="PATH", help="a .md file or a folder of them")
    add("--json", action="store_true", help="print a list of displays with their verdicts")
    add("--prove", action="store_true", help="prove what holds, at small sizes")
    add("--mutate", action="store_true", help="try every single edit of every equation")
    add("--strict", action="store_true",
        help="demand that a tie or claims pin down each definition")  # fmt: skip
    add("--seed", type=int, default=0, metavar="N", help="which points are drawn (0)")
    add("--digits", type=_digits, default=50, metavar="N", help="of the precise values (50)")
    add("--notation", type=_file, action="append", default=[], metavar="FILE",
        help="a page that is read before all others, for its notation")  # fmt: skip
    add("--library", type=_module, default=None, metavar="MODULE",
        help="whose functions the option :python: may name")  # fmt: skip
    return parser.parse_args(arguments)


def _path(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text} does not exist")
    return path


def _file(text: str) -> Path:
    path = _path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text} is a folder, not a file")
    return path


def _digits(text: str) -> int:
    if not text.isdigit() or not 30 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is no number from 30 to 1000")
    return int(text)


def _module(text: str) -> dict[str, Any]:
    try:
        module = importlib.import_module(text)
    except ModuleNotFoundError as missing:
        raise argparse.ArgumentTypeError(f"{missing.name} cannot be imported") from None
    return public(module)


def _files(path: Path) -> list[Path]:
    """Return the pages of a folder in reading order: as index.md lists them, then all others."""
    if path.is_file():
        return [path]
    found = sorted(each for each in path.rglob("*.md") if "_build" not in each.parts)
    index = path / "index.md"
    if index not in found:
        return found
    names = read_toctree(index.read_text(encoding="utf-8"))
    listed = [index, *(path / f"{name.removesuffix('.md')}.md" for name in names)]
    return list(dict.fromkeys([*(each for each in listed if each in found), *found]))


def _check(pages: list[Page], options: argparse.Namespace) -> Checked:
    settings = Settings(
        options.seed,
        options.digits,
        options.mutate,
        options.prove,
        options.strict,
        options.library or {},
    )
    total = sum(isinstance(item, Display) for page in pages for item in page.items)
    return check(pages, settings=settings, progress=_Progress(total * (1 + options.mutate)))


class _Progress:
    """Counts verdicts on the terminal, if one is watching."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.is_watched = sys.stderr.isatty()

    def __call__(self, verdict: Verdict) -> None:
        if verdict.kind in ASIDE or not self.is_watched:
            return
        self.done = min(self.done + 1, self.total)
        filled = 30 * self.done // max(self.total, 1)
        bar = "#" * filled + "." * (30 - filled)
        end = "\r\033[K" if self.done == self.total else ""
        print(f"\r[{bar}] {self.done}/{self.total}{end}", end="", file=sys.stderr, flush=True)


def _shown(checked: Checked) -> list[Verdict]:
    return [each for each in checked.verdicts if each.kind not in ASIDE or not each.ok]


def _report(checked: Checked) -> None:
    for verdict in checked.verdicts:
        if not verdict.ok:
            print(verdict.problem())
        for survivor in verdict.score.survivors if verdict.score else ():
            print(f"{verdict.file}:{verdict.line}:{verdict.column}: survived: {survivor}")
    displays = [each for each in checked.verdicts if each.kind not in ASIDE]
    counts = Counter(verdict.status for verdict in displays)
    summary = ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
    read, unread = checked.inline
    print(f"{len(displays)} displays: {summary}; inline maths: {read} read, {unread} not")
    scores = [each.score for each in displays if each.score]
    if scores:
        print(reduce(Score.plus, scores))


def _survivors(checked: Checked) -> int:
    return sum(len(each.score.survivors) for each in checked.verdicts if each.score)


if __name__ == "__main__":
    sys.exit(main())
