"""Judge all pages in reading order, as soon as one of them or the code behind them changed."""

import hashlib
import importlib
from pathlib import Path
from types import ModuleType

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.display import status_iterator

import equation_checker as engine
from equation_checker import Display, Settings, check, public
from equation_checker.sphinxext.domain import EquationsDomain, Judged, equations

logger = logging.getLogger(__name__)


def judge(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Judge the book if it changed, warn of what is not in order, and name the pages to write."""
    domain, library = equations(env), _library(app.config.equations_library)
    settings = Settings(strict=app.config.equations_strict, library=public(library))
    order = _reading_order(env)
    known = [
        settings.strict,
        _fingerprint(engine),
        _fingerprint(library),
        *((name, domain.pages[name]) for name in order),
    ]
    key = hashlib.sha256(repr(known).encode()).hexdigest()
    before = domain.judged
    if key != domain.data["key"]:
        _judge_all(domain, order, settings)
        domain.data["key"] = key
    for verdict in (verdict for judged in domain.judged.values() for verdict in judged.problems):
        place = f"{verdict.file}:{verdict.line}:{verdict.column}"
        logger.warning(
            verdict.complaint(), location=place, type="equations", subtype=verdict.status.slug
        )
    return [docname for docname, judged in domain.judged.items() if judged != before.get(docname)]


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


def _reading_order(env: BuildEnvironment) -> list[str]:
    """Return the pages of the notation, those of the table of contents, and then the others."""
    order = dict.fromkeys(env.config.equations_notation)

    def visit(docname: str) -> None:
        if docname not in order:
            order[docname] = None
            for below in env.toctree_includes.get(docname, ()):
                visit(below)

    visit(env.config.root_doc)
    pages = equations(env).pages
    return [
        *(docname for docname in order if docname in pages),
        *sorted(pages.keys() - order.keys()),
    ]


def _library(name: str) -> ModuleType | None:
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
