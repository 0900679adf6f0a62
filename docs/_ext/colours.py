"""Show the output error, the output weights, a slope and an input in one colour each, everywhere.

What stands for a thing in LaTeX and in code is a setting; its colours are the library's, whose
drawings use them too. A line is coloured when it is typeset: what the checker reads, and what
readers copy, is the author's LaTeX.
"""

import re
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from backprop_notes.colours import THINGS

NAME = re.compile(r'(?<=<span class="n">)\w+(?=</span>)')
ANNOTATION = re.compile(r"(?<=<annotation encoding=\"application/x-tex\">).*?(?=</annotation>)")


def coloured(latex: str, config: Config) -> str:
    """Colour the things in a line of LaTeX: of all ways to write them, the longest that fits."""
    names = {way: name for name, ways in config.things_in_latex.items() for way in ways}
    longest = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(
        rf"(?<![\\A-Za-z])(?:{longest})(?![A-Za-z])" if names else "(?!)",
        lambda way: rf"\textcolor{{{THINGS[names[way[0]]].light}}}{{{way[0]}}}",
        latex,
    )


def of_the_page(html: str, latex: str) -> str:
    """Let a page say which colours these are, and give back the LaTeX as it was written."""
    for name, colour in THINGS.items():
        html = html.replace(f"color:{colour.light};", f"color:var(--{name});")
        html = html.replace(f' mathcolor="{colour.light}"', "")
    return ANNOTATION.sub(lambda _: escape(latex), html)


def in_code(html: str, config: Config) -> str:
    """Colour the names in highlighted code that stand for a thing."""
    names = {word: name for name, words in config.things_in_code.items() for word in words}

    def colour(word: re.Match[str]) -> str:
        name = names.get(word[0])
        return f'<span class="thing-{name}">{word[0]}</span>' if name else word[0]

    return NAME.sub(colour, html)


def write_style(app: Sphinx) -> None:
    if app.builder.name != "html":
        return
    style = []
    schemes = {"html": "light", 'html[data-theme="dark"]': "dark"}
    for place, scheme in schemes.items():
        said = "".join(f" --{name}: {getattr(colour, scheme)};" for name, colour in THINGS.items())
        style.append(f"{place} {{{said} }}")
    style += [f".thing-{name} {{ color: var(--{name}); }}" for name in THINGS]
    style.append(f"@media print {{ {style[0].replace('html', 'html[data-theme]')} }}")
    target = Path(app.outdir) / "_static"
    target.mkdir(parents=True, exist_ok=True)
    (target / "colours.css").write_text("\n".join(style) + "\n", encoding="utf-8")
    app.add_css_file("colours.css")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("things_in_latex", {}, "html")
    app.add_config_value("things_in_code", {}, "html")
    app.connect("builder-inited", write_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
