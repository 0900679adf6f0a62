"""Check the equations of a book: ``equation-checker check docs``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    from equation_checker import Display, Score, Settings, check, public
    from equation_checker.drafting import draft
    from equation_checker.pages import pages_of, read_file
    from equation_checker.pages.macros import of_book
    from equation_checker.summary import summary
    from equation_checker.verdicts import ASIDE, document
except ModuleNotFoundError as missing:
    print(f"{missing.name} is missing: pip install 'backprop-notes[equations]'", file=sys.stderr)
    raise SystemExit(2) from None

if TYPE_CHECKING:
    from collections.abc import Sequence

    from equation_checker import Checked, Page, Verdict

REPORTS = frozenset({"command", "json", "summary"})
"""What can be asked of the command alone."""
FILES = frozenset({"notation", "paths"})
"""Settings of `pyproject.toml` that name files; they are relative to its folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 when all holds, 1 if something does not, 2 for wrong usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "notation":
        given = tuple(of_book(options.paths[0].resolve()).items())
        found = [read_file(file) for file in _files(options.paths)]
        pages = [replace(page, macros=given + page.macros) for page in found]
        for each in [pages] if options.shared else [[page] for page in pages]:
            print(*(f"% {page.file}\n" for page in each), draft(each), sep="")
        return 0
    try:
        chosen = _chosen(options)
        settings = _settings(chosen)
    except ValueError as problem:
        parser.error(str(problem))
    files = dict.fromkeys([*chosen.get("notation", ()), *_files(chosen["paths"])])
    pages = [read_file(file) for file in files]
    checked = check(pages, settings=settings, progress=_Progress(pages, settings))
    if options.json:
        print(json.dumps(document(each.plain() for each in _shown(checked)), indent=2))
    else:
        _report(checked, settings)
        if options.summary:
            print(summary(checked))
    wrong = any(settings.severity_of(each) == "error" for each in checked.verdicts)
    return 1 if wrong or _survivors(checked) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="equation-checker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "check",
        help="check the equations of pages or folders of pages",
        epilog="All but the reports may be set in [tool.equation_checker] of pyproject.toml.",
        argument_default=argparse.SUPPRESS,
    )
    add = command.add_argument
    add("paths", nargs="*", type=_path, metavar="PATH", help="a page, or a folder of pages")
    add("--json", action="store_true", default=False, help="print the verdicts as JSON")
    add("--summary", action="store_true", default=False,
        help="print how many displays of each page are read and hold")  # fmt: skip
    add("--prove", action="store_true", help="prove what holds, at small sizes")
    add("--mutate", action="store_true", help="try every single edit of every equation")
    add("--strict", action="store_true",
        help="demand that a tie or claims pin down each definition")  # fmt: skip
    add("--seed", type=int, metavar="N", help="which points are drawn (0)")
    add("--digits", type=_digits, metavar="N", help="of the precise values (50)")
    add("--notation", type=_file, action="append", metavar="FILE",
        help="a page that is read before all others, for its notation")  # fmt: skip
    add("--library", metavar="MODULE", help="whose functions the option :python: may name")
    add("--only", action="append", metavar="PATTERN", help="pages or labels to be judged")
    add("--displays", metavar="WHICH", help="all, labelled or off")
    add("--inline", metavar="HOW", help="of formulas in the text: claims, shapes or off")
    command = commands.add_parser("notation", help="print a first draft of the notation of pages")
    command.add_argument("paths", nargs="+", type=_path, metavar="PATH",
        help="a page, or a folder of pages")  # fmt: skip
    command.add_argument("--shared", action="store_true", help="print one table for all pages")
    return parser


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


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings of the command line, and below them those of the nearest project."""
    given = {name: value for name, value in vars(options).items() if name not in REPORTS}
    paths = given.pop("paths", [])
    chosen = {**_project((paths or [Path()])[0].resolve()), **given}
    chosen["paths"] = paths or chosen.get("paths")
    if not chosen["paths"]:
        raise ValueError("name a page or a folder of pages")
    chosen["macros"] = {**of_book(chosen["paths"][0].resolve()), **chosen.get("macros", {})}
    return chosen


def _project(path: Path) -> dict[str, Any]:
    """Return what the nearest `pyproject.toml` says of the checker."""
    folders = (folder for folder in (path, *path.parents) if (folder / "pyproject.toml").is_file())
    folder = next(folders, None)
    if folder is None:
        return {}
    table = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    found = dict(table.get("tool", {}).get("equation_checker", {}))
    for name in FILES & found.keys():
        found[name] = [Path(os.path.relpath(folder / each)) for each in found[name]]
        missing = [str(each) for each in found[name] if not each.exists()]
        if missing:
            raise ValueError(f"{name} in {folder / 'pyproject.toml'}: there is no {missing[0]}")
    return found


def _settings(chosen: dict[str, Any]) -> Settings:
    fields = {name: value for name, value in chosen.items() if name not in FILES}
    unknown = fields.keys() - Settings.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"the setting {min(unknown)} is not known")
    fields["only"] = tuple(fields.get("only", ()))
    fields["library"] = _module(fields.get("library", ""))
    return Settings(**fields)


def _module(name: str) -> dict[str, Any]:
    try:
        return public(importlib.import_module(name)) if name else {}
    except ModuleNotFoundError as missing:
        raise ValueError(f"{missing.name} cannot be imported") from None


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (pages_of(path) if path.is_dir() else [path])]


class _Progress:
    """Counts verdicts on the terminal, if one is watching."""

    def __init__(self, pages: Sequence[Page], settings: Settings) -> None:
        displays = sum(isinstance(item, Display) for page in pages for item in page.items)
        self.total = displays * (1 + settings.mutate)
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


def _report(checked: Checked, settings: Settings) -> None:
    for verdict in checked.verdicts:
        match settings.severity_of(verdict):
            case "error":
                print(verdict.problem())
            case "warning":
                print(f"warning: {verdict.problem()}")
        for survivor in verdict.score.survivors if verdict.score else ():
            print(f"{verdict.file}:{verdict.line}:{verdict.column}: survived: {survivor}")
    displays = [each for each in checked.verdicts if each.kind not in ASIDE]
    counts = Counter(verdict.status for verdict in displays)
    listed = ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
    read, unread = checked.inline
    print(f"{len(displays)} displays: {listed}; inline maths: {read} read, {unread} not")
    scores = [each.score for each in displays if each.score]
    if scores:
        print(reduce(Score.plus, scores))


def _survivors(checked: Checked) -> int:
    return sum(len(each.score.survivors) for each in checked.verdicts if each.score)


if __name__ == "__main__":
    sys.exit(main())
