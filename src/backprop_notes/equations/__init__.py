"""Read displayed equations from their LaTeX and find out whether they hold.

The engine knows neither Sphinx nor the library: a caller gives it pages (or single displays), a
notation, and the functions that ties may call, and gets a verdict for each display.
"""

from backprop_notes.equations.checking import Checked, Checker, Step, Verdict, check
from backprop_notes.equations.claims import Counterexample, Settings
from backprop_notes.equations.declarations import read_row
from backprop_notes.equations.displays import Reading, Statement, read_display
from backprop_notes.equations.messages import Ambiguous, Mismatch, Undeclared, Unreadable
from backprop_notes.equations.notation import Notation
from backprop_notes.equations.pages import (
    Display,
    Fault,
    Inline,
    Page,
    Row,
    read_page,
    read_toctree,
)
from backprop_notes.equations.tokens import Source
from backprop_notes.equations.trials import Score

__all__ = [
    "Ambiguous",
    "Checked",
    "Checker",
    "Counterexample",
    "Display",
    "Fault",
    "Inline",
    "Mismatch",
    "Notation",
    "Page",
    "Reading",
    "Row",
    "Score",
    "Settings",
    "Source",
    "Statement",
    "Step",
    "Undeclared",
    "Unreadable",
    "Verdict",
    "check",
    "read_display",
    "read_page",
    "read_row",
    "read_toctree",
]
