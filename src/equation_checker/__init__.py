"""Read displayed equations from their LaTeX and find out whether they hold.

The engine knows neither Sphinx nor the library: a caller gives it pages (or single displays), a
notation, and the functions that ties may call, and gets a verdict for each display.
"""

from equation_checker.checker import Checked, Checker, Outcome, check
from equation_checker.judging.python import public
from equation_checker.language.errors import Ambiguous, Mismatch, Undeclared, Unreadable
from equation_checker.language.notation import Notation
from equation_checker.pages import Display, Fault, Inline, Page, Row, Unjudged, read_file, read_page
from equation_checker.reading.declarations import read_row
from equation_checker.reading.displays import Reading, Statement, read_display
from equation_checker.reading.tokens import Source
from equation_checker.settings import Settings
from equation_checker.verdicts import Counterexample, Score, Status, Step, Verdict

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
    "Outcome",
    "Page",
    "Reading",
    "Row",
    "Score",
    "Settings",
    "Source",
    "Statement",
    "Status",
    "Step",
    "Undeclared",
    "Unjudged",
    "Unreadable",
    "Verdict",
    "check",
    "public",
    "read_display",
    "read_file",
    "read_page",
    "read_row",
]
