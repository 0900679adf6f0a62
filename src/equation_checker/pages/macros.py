"""Find the macros that a book or a page gives to whatever typesets it, as plain data.

``conf.py`` is never run: what stands in it as a literal is known, and nothing else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from equation_checker.reading.macros import definitions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREAMBLES = ("latex_macros", "imgmath_latex_preamble", "latex_elements.preamble")
TABLES = (
    "mathjax_config.TeX.Macros", "mathjax2_config.TeX.Macros", "mathjax3_config.tex.macros",
    "mathjax4_config.tex.macros", "katex_macros",
)  # fmt: skip
"""Where the settings of a book hold macros; what comes later counts."""
SETTINGS = frozenset(each.partition(".")[0] for each in (*PREAMBLES, *TABLES)) | {"katex_options"}

QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
PAIR = re.compile(rf"{QUOTED}\s*:\s*{QUOTED}")


def of_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the macros in what ``conf.py`` or the like sets."""
    found: dict[str, Any] = {}
    for path in PREAMBLES:
        text = _at(settings, path)
        found |= definitions(text) if isinstance(text, str) else {}
    for path in TABLES:
        table = _at(settings, path)
        found |= _named(table) if isinstance(table, Mapping) else {}
    options = settings.get("katex_options")
    if isinstance(options, str):  # sphinxcontrib-katex: a piece of a script
        pairs = (map(ast.literal_eval, each) for each in PAIR.findall(options))
        found |= _named({name: body for name, body in pairs if name.startswith("\\")})
    return found


def of_book(path: Path) -> dict[str, Any]:
    """Return the macros that stand as literals in the settings of the book a path belongs to."""
    for folder in (path, *path.parents):
        files = [folder / each for each in READ if (folder / each).is_file()]
        if files:
            return {
                name: value
                for file in files
                for name, value in READ[file.name](file.read_text(encoding="utf-8-sig")).items()
            }
    return {}


def of_front(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the macros in the front matter of a page, or under ``project`` in ``myst.yml``."""
    table = settings.get("math")
    return _named(table) if isinstance(table, Mapping) else {}


def _at(settings: Any, path: str) -> Any:
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings


def _named(table: Mapping[Any, Any]) -> dict[str, Any]:
    bodies = {name: each.get("macro") if isinstance(each, Mapping) else each
              for name, each in table.items()}  # fmt: skip
    return {"\\" + str(name).lstrip("\\"): each for name, each in bodies.items()}


def _conf(text: str) -> dict[str, Any]:
    return of_settings(dict(_assigned(text)))


def _assigned(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the settings that may hold macros, as far as they are literals."""
    try:
        lines = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for line in lines:
        names = line.targets if isinstance(line, ast.Assign) else ()
        for name in names:
            if isinstance(line, ast.Assign) and isinstance(name, ast.Name) and name.id in SETTINGS:
                yield name.id, _literal(line.value)


def _literal(node: ast.expr) -> Any:
    """Return the value of a literal; of a dictionary, that of those of its values that are."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        found = ((_literal(key), _literal(value)) for key, value in pairs if key is not None)
        return {key: value for key, value in found if isinstance(key, str) and value is not None}
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _config(text: str) -> dict[str, Any]:
    """Read the ``_config.yml`` of a Jupyter Book."""
    config = _at(_yaml(text), "sphinx.config")
    return of_settings(config) if isinstance(config, Mapping) else {}


def _myst(text: str) -> dict[str, Any]:
    """Read the ``myst.yml`` of mystmd."""
    project = _at(_yaml(text), "project")
    return of_front(project) if isinstance(project, Mapping) else {}


def _yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


READ = {"conf.py": _conf, "_config.yml": _config, "myst.yml": _myst}
