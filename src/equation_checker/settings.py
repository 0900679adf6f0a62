"""What an author chooses: in ``conf.py``, in ``pyproject.toml`` or on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from equation_checker.verdicts import KINDS, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from equation_checker.verdicts import Verdict

CHOICES = {
    "displays": ("all", "labelled", "off"),
    "inline": ("claims", "shapes", "off"),
    "marks": ("all", "checked", "off"),
}
SEVERITIES = ("error", "warning", "ignore")


def is_macro(value: object) -> bool:
    """Tell whether plain data is LaTeX, or a list of it, its arguments and a default."""
    match value:
        case str() | [str()] | [str(), int()] | [str(), int(), str()]:
            return True
    return False


@dataclass(frozen=True)
class Settings:
    """What the caller chooses."""

    seed: int = 0
    digits: int = 50
    mutate: bool = False
    """Whether to try every single edit."""
    prove: bool = False
    """Whether to prove what holds, at small sizes."""
    strict: bool = False
    """Whether a definition must be tied to code or pinned down by claims."""
    library: Mapping[str, Any] = field(default_factory=dict)
    """The functions that ties may call."""
    define_undeclared: bool = False
    """Whether the first `X = ...` of an undeclared X defines it."""
    displays: str = "all"
    """Which displays are judged: all, labelled ones, or none."""
    only: tuple[str, ...] = ()
    """The pages and labels that are judged, as patterns; all where none is named."""
    inline: str = "claims"
    """Whether formulas in the text are judged, read for their shapes alone, or not read."""
    marks: str = "all"
    """Which displays are marked: all, those that were checked, or none."""
    macros: Mapping[str, Any] = field(default_factory=dict)
    """What names such as `\\R` stand for: LaTeX, or a list of it, its arguments and a default."""
    severity: Mapping[str, str] = field(default_factory=dict)
    """By status or kind of verdict: error (the default), warning or ignore."""

    def __post_init__(self) -> None:
        """Refuse a value that means nothing."""
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} = {getattr(self, name)!r} is none of {', '.join(known)}")
        for name, value in self.macros.items():
            if not is_macro(value):
                raise ValueError(
                    f"macros: {name} = {value!r} is neither LaTeX nor [LaTeX, number of arguments]"
                )
        for name, value in self.severity.items():
            if name not in {*KINDS, *(each.slug for each in Status)} or value not in SEVERITIES:
                raise ValueError(
                    f"severity: {name} = {value!r} does not give a status or kind of verdict one "
                    f"of {', '.join(SEVERITIES)}"
                )

    def severity_of(self, verdict: Verdict) -> str:
        """Return how bad a verdict is; nothing for a good one."""
        if verdict.ok:
            return ""
        known = self.severity
        return known.get(verdict.kind) or known.get(verdict.status.slug) or SEVERITIES[0]
