"""Judge all pages in reading order, as soon as one of them or the code behind them changed."""

import hashlib
import importlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.display import status_iterator

import equation_checker as engine
from equation_checker import Display, Settings, Verdict, check, public
from equation_checker.pages import reading_order
from equation_checker.pages.macros import SETTINGS, of_settings
from equation_checker.sphinxext.domain import EquationsDomain, Judged, equations

logger = logging.getLogger(__name__)

CHOSEN = ("strict", "define_undeclared", "displays", "only", "inline", "marks", "severity",
          "macros")  # fmt: skip
"""The fields of the settings that ``conf.py`` gives, each behind ``equations_``."""


def judge(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Judge the book if it changed, say what is not in order, and name the pages to write."""
    domain, functions = equations(env), library(app.config.equations_library)
    settings = settings_of(app.config, functions)
    order = reading_order(
        env.config.equations_notation,
        env.config.root_doc,
        lambda docname: env.toctree_includes.get(docname, ()),
        domain.pages,
    )
    known = [
        replace(settings, library={}, severity={}, marks="all"),
        _fingerprint(engine),
        _fingerprint(functions),
        *((name, domain.pages[name]) for name in order),
    ]
    key = hashlib.sha256(repr(known).encode()).hexdigest()
    before = domain.judged
    if key != domain.data["key"]:
        _judge_all(domain, order, settings)
        domain.data["key"] = key
    for verdict in (each for judged in domain.judged.values() for each in judged.problems):
        _say(verdict, settings.severity_of(verdict))
    return [docname for docname, judged in domain.judged.items() if judged != before.get(docname)]


def settings_of(config: Config, library: ModuleType | None = None) -> Settings:
    """Return the settings that ``conf.py`` gives."""
    chosen = {name: config[f"equations_{name}"] for name in CHOSEN}
    chosen["only"] = tuple(chosen["only"])
    chosen["macros"] = {**of_settings({each: getattr(config, each, None) for each in SETTINGS}),
                        **chosen["macros"]}  # fmt: skip
    try:
        return Settings(library=public(library), **chosen)
    except ValueError as problem:
        raise ExtensionError(f"conf.py: equations_{problem}") from problem


def _say(verdict: Verdict, severity: str) -> None:
    """Warn of what is not in order; a warning that shall fail no build is only printed."""
    place = f"{verdict.file}:{verdict.line}:{verdict.column}"
    if severity == "error":
        subtype = verdict.kind if verdict.kind == "unjudged" else verdict.status.slug
        logger.warning(verdict.complaint(), location=place, type="equations", subtype=subtype)
    elif severity == "warning":
        logger.info("%s: %s", place, verdict.complaint(), color="darkred")


def _judge_all(domain: EquationsDomain, order: list[str], settings: Settings) -> None:
    """Judge all pages, the notation growing from one to the next."""
    told = status_iterator(order, "checking equations... ", "brown", len(order))
    checked = check((domain.pages[docname] for docname in told), settings=settings)
    domain.data["inline"] = checked.inline
    domain.data["judged"] = {
        docname: Judged(
            tuple(each.verdict for each in page if isinstance(each.item, Display)),
            tuple(each.verdict for each in page if not each.verdict.ok),
        )
        for docname, page in zip(order, checked.pages, strict=True)
    }


def library(name: str) -> ModuleType | None:
    """Import the module whose public names ``:python:`` may use."""
    if not name:
        return None
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise ExtensionError(
            f"equations_library = {name!r} cannot be imported: {problem}"
        ) from problem


def _fingerprint(module: ModuleType | None) -> str:
    """Name the content of a package: what a function does may depend on any line of it."""
    if module is None or module.__file__ is None:
        return ""
    file = Path(module.__file__)
    sources = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()
