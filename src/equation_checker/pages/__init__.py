"""Take notation tables, displays and formulas out of the pages of a book, in reading order."""

from equation_checker.pages.items import Display, Fault, Inline, Item, Page, Row, Unjudged
from equation_checker.pages.order import pages_of, read_toctree, reading_order
from equation_checker.pages.reading import read_file, read_page

__all__ = [
    "Display",
    "Fault",
    "Inline",
    "Item",
    "Page",
    "Row",
    "Unjudged",
    "pages_of",
    "read_file",
    "read_page",
    "read_toctree",
    "reading_order",
]
