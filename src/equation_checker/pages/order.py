"""The order in which a book is read: that of its tables of contents, which may be nested."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from equation_checker.pages import markdown, restructured
from equation_checker.pages.reading import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

ENTRY = re.compile(r"^[\s-]*(root|file|glob):\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
ROOT = re.compile(r"^(?:root:|(?:root_doc|master_doc)\s*=)\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
ASIDE = frozenset({"_build", "jupyter_execute", "node_modules"})
"""Folders that hold no pages."""


def reading_order(
    first: Iterable[str], root: str, below: Callable[[str], Iterable[str]], pages: Collection[str]
) -> list[str]:
    """Return pages by name: some before all others, those of the contents, and then the rest."""
    order = dict.fromkeys(first)

    def visit(name: str) -> None:
        if name not in order:
            order[name] = None
            for each in below(name):
                visit(each)

    visit(root)
    return [*(each for each in order if each in pages), *sorted(set(pages) - order.keys())]


def pages_of(folder: Path) -> list[Path]:
    """Return the pages of a folder in their reading order."""
    found = (each for each in folder.rglob("*") if each.suffix in SUFFIXES and not each.is_dir())
    inside = {each.relative_to(folder): each for each in sorted(found)}
    files = {
        path.with_suffix("").as_posix(): file
        for path, file in inside.items()
        if not any(part in ASIDE or part.startswith(".") for part in path.parts)
    }
    listed, root = [*_toc(folder, files)], _root(folder)

    def below(name: str) -> Iterator[str]:
        yield from listed if name == root and listed else ()
        if name in files:
            yield from _contents(name, files)

    return [files[name] for name in reading_order((), root, below, files)]


def read_toctree(text: str, suffix: str = ".md") -> list[str]:
    """Return the documents that the tables of contents of a page name, in their order."""
    tables = restructured.directives if suffix == ".rst" else markdown.fences
    bodies = (body for _, body in tables(text, "toctree"))
    lines = (line.strip() for body in bodies for line in body.splitlines())
    return [re.sub(r".*<(.+)>", r"\1", line) for line in lines if line]


def _contents(name: str, files: dict[str, Path]) -> Iterator[str]:
    """Yield the pages that the tables of contents of a page name."""
    if files[name].suffix == ".ipynb" or not files[name].is_file():
        return
    text = files[name].read_text(encoding="utf-8-sig", errors="replace")
    for entry in read_toctree(text, files[name].suffix):
        path = entry[1:] if entry.startswith("/") else normpath(join(dirname(name), entry))
        yield from _matching(path, files)


def _matching(path: str, files: Collection[str]) -> list[str]:
    if any(sign in path for sign in "*?["):
        return sorted(each for each in files if fnmatchcase(each, path))
    for suffix in SUFFIXES:
        path = path.removesuffix(suffix)
    return [path] if path in files else []


def _toc(folder: Path, files: Collection[str]) -> Iterator[str]:
    """Yield the pages that the `_toc.yml` of a Jupyter Book lists."""
    file = folder / "_toc.yml"
    if file.is_file():
        for _, path in ENTRY.findall(file.read_text(encoding="utf-8")):
            yield from _matching(path, files)


def _root(folder: Path) -> str:
    """Return the first page: what `conf.py` or `_toc.yml` says, or index."""
    for name in ("_toc.yml", "conf.py"):
        file = folder / name
        found = ROOT.search(file.read_text(encoding="utf-8")) if file.is_file() else None
        if found:
            return found[1]
    return "index"
