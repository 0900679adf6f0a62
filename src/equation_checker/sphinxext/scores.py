"""How the single edits of each equation fared, as ``check --mutate --json`` wrote it to a file."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from equation_checker import Score, Verdict
from equation_checker.verdicts import scores


def scored(app: Sphinx, verdict: Verdict) -> Verdict:
    """Return a verdict with the score of its display, unless that was edited since."""
    if not app.config.equations_scores:
        return verdict
    known = _read(Path(app.confdir) / app.config.equations_scores)
    return replace(verdict, score=known.get((verdict.label, verdict.latex)))


@cache
def _read(file: Path) -> dict[tuple[str, str], Score]:
    try:
        return scores(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as problem:
        raise ExtensionError(f"equations_scores = {str(file)!r}: {problem}") from problem
