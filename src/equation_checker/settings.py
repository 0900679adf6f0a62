"""What the author of a book chooses: in ``conf.py``, ``pyproject.toml`` or on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
