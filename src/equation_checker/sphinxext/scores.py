"""How the single edits of each equation fared, as ``check --mutate --json`` wrote it to a file."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from equation_checker import Verdict

Score = dict[str, Any]


def score(app: Sphinx, verdict: Verdict) -> Score | None:
    """Return the score of a display, unless it was edited since."""
    if not app.config.equations_scores:
        return None
    file = Path(app.confdir) / app.config.equations_scores
    if not file.exists():
        raise ExtensionError(f"equations_scores = {str(file)!r}: there is no such file")
    written = _read(file)
    found: Score | None = written.get((verdict.label, verdict.latex))
    return found


@cache
def _read(file: Path) -> dict[tuple[str, str], Score | None]:
    displays = json.loads(file.read_text(encoding="utf-8"))
    return {(each["label"], each["latex"]): each["score"] for each in displays}


def words(scores: Iterable[Score]) -> str:
    """Say how the edits of some displays fared together.

    >>> tried = {"mutants": 9, "equivalent": ["a + b -> b + a"], "survivors": []}
    >>> words([tried, tried])
    '16 of 16 single edits that change the meaning are refused; 2 more change nothing'
    """
    tried = list(scores)
    same = sum(len(each["equivalent"]) for each in tried)
    survived = sum(len(each["survivors"]) for each in tried)
    edits = sum(each["mutants"] for each in tried) - same
    text = f"{edits - survived} of {edits} single edits that change the meaning are refused"
    return f"{text}; {same} more change nothing" if same else text
