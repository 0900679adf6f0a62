"""Put the drawings of cells into files of their own, which a page loads when they come into sight.

In the page such a drawing took the colour of the text for its ink. As a file it says both colours,
and a browser chooses by the colour scheme of the page around it, whether a script set that or not.
"""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from backprop_notes.colours import THINGS

INK = {"light": "#1a1c1f", "dark": "#dedcd7"}  # of the text
DRAWING = re.compile(r'(?<=<div class="output text_html">)(<svg\b[^>]*>)(.*?</svg>)', re.DOTALL)
OF_THE_PAGE = re.compile(r"<a\b|<style\b|\bclass=")
PATH = re.compile(r'(?<=\bd=")[MLQCz\d\s.-]+(?=")')
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}  # that follow a command
PIECE = re.compile(r"[MLQCz]|-?[\d.]+")


def colours(scheme: str) -> str:
    things = "".join(f";--{name}:{getattr(each, scheme)}" for name, each in THINGS.items())
    return f"svg{{color:{INK[scheme]}{things}}}"


STYLE = f"<style>{colours('light')}@media(prefers-color-scheme:dark){{{colours('dark')}}}</style>"


def tenths(number: int) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", f"{number / 10:g}")


def relative(path: str) -> str:
    """Write each point of a path from the one before it: the numbers are short, and often alike."""
    said, command = "", ""
    here = start = (0, 0)
    numbers: list[int] = []
    for piece in PIECE.findall(path):
        if piece == "z":
            said, here = said + piece, start
        elif piece.isalpha():
            command = piece
        else:
            numbers.append(round(float(piece) * 10))
        if command and len(numbers) == POINTS[command] * 2:
            steps = [number - here[i % 2] for i, number in enumerate(numbers)]
            said += command.lower() + " ".join(map(tenths, steps)).replace(" -", "-")
            here = (numbers[-2], numbers[-1])
            start = here if command == "M" else start
            numbers = []
    return said


def attribute(tag: str, name: str) -> str:
    (value,) = re.findall(rf'\b{name}="([^"]*)"', tag)
    return str(value)


def put_into_files(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if app.builder.name != "html" or "body" not in context:
        return
    folder = Path(app.outdir) / "_images"
    folder.mkdir(parents=True, exist_ok=True)

    def moved(drawing: re.Match[str]) -> str:
        tag, inside = drawing.groups()
        if OF_THE_PAGE.search(inside):
            return drawing[0]
        box = attribute(tag, "viewBox")
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{STYLE}'
        joins = "".join(re.findall(r"stroke-linejoin: \w+", tag))
        inside = PATH.sub(lambda path: relative(path[0]), inside)
        file = f'{head}<g style="{joins}">{inside.removesuffix("</svg>")}</g></svg>\n'
        name = f"drawing-{sha256(file.encode()).hexdigest()[:12]}.svg"
        (folder / name).write_text(file, encoding="utf-8")
        width, height = (round(float(side) * 4 / 3) for side in box.split()[2:])  # points, pixels
        style = attribute(tag, "style").partition("; stroke-linejoin")[0]
        return (
            f'<img class="drawing dark-light" loading="lazy" width="{width}" height="{height}" '
            f'src="{context["pathto"](f"_images/{name}", 1)}" alt="{attribute(tag, "aria-label")}" '
            f'style="{style}">'
        )

    context["body"] = DRAWING.sub(moved, context["body"])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_css_file("drawings.css")
    app.connect("html-page-context", put_into_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
