"""Check the displayed equations of a Sphinx book from the LaTeX that its readers see.

Name ``equation_checker.sphinxext`` among the extensions of ``conf.py``. What happens, in order:

- directives: ``math`` takes the checker's options, ``notation`` declares, ``ledger`` lists;
- ``doctree-read``: note what a page displays and declares;
- ``env-updated``: judge all pages in reading order, and warn of what is not in order;
- ``doctree-resolved``: mark each display with its verdict, fill the ledger, link the reference;
- ``build-finished``: write ``equations.json`` beside the HTML.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from equation_checker import Settings
from equation_checker.sphinxext import build, domain, ledger, marks


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    app.require_sphinx("8.2")
    app.add_config_value("equations_library", "", "env", str)
    app.add_config_value("equations_notation", [], "env", list)
    app.add_config_value("equations_scores", "", "html", str)
    for name in build.CHOSEN:
        default = getattr(Settings(), name)
        types = (list, tuple) if name == "only" else (dict,) if isinstance(default, dict) else ()
        app.add_config_value(f"equations_{name}", default, "env", types)
    app.add_domain(domain.EquationsDomain)
    app.add_directive("math", domain.CheckedMath, override=True)
    app.add_directive("notation", domain.NotationTable)
    app.add_directive("ledger", ledger.Ledger)
    app.add_node(ledger.ledger_place)
    app.connect("builder-inited", add_style)
    app.connect("doctree-read", domain.note_page)
    app.connect("env-updated", build.judge)
    app.connect("doctree-resolved", marks.mark_displays)
    app.connect("doctree-resolved", ledger.fill)
    app.connect("build-finished", ledger.write_json)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def add_style(app: Sphinx) -> None:
    """Serve the style of the marks."""
    if marks.is_site(app):
        app.config.html_static_path.append(str(Path(__file__).parent / "static"))
        app.add_css_file("equations.css")
