"""The settings of Sphinx. What the extensions of docs/_ext do stands in their first lines."""

import hashlib
import platform
import sys
import tomllib
from pathlib import Path

import matplotlib

ROOT = Path(__file__).parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "docs/_ext")]

LOCK = ROOT / "requirements/book.txt"
KATEX = ROOT / "node_modules/katex"
PURGECSS = ROOT / "node_modules/purgecss"
TEXT_FACE = ROOT / "node_modules/@fontsource/stix-two-text"


def name_of(*sources: Path) -> str:
    """Name the content of files, under this version of Python."""
    name = hashlib.sha256(platform.python_version().encode())
    for source in sorted(sources):
        name.update(f"\0{source.relative_to(ROOT).as_posix()}\0".encode() + source.read_bytes())
    return name.hexdigest()[:16]


with (ROOT / "pyproject.toml").open("rb") as file:
    package = tomllib.load(file)["project"]
repository, site = package["urls"]["Repository"], package["urls"]["Documentation"]

project = "Backpropagation, step by step"
author = package["authors"][0]["name"]
version = release = package["version"]
copyright = author

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.doctest",
    "sphinxcontrib.bibtex",
    "equation_checker.sphinxext",
    "accessibility",
    "citing",
    "code_links",
    "colours",
    "derivations",
    "descriptions",
    "drawings",
    "epub",
    "fonts",
    "katex",
    "margin_notes",
    "notebooks",
    "packing",
    "pdf",
    "permalinks",
    "plain_notebooks",
    "publishing",
    "rebuild",
    "scripts",
    "search_entries",
]
exclude_patterns = ["_build", "_ext", "_static", "_templates", "decisions"]
templates_path = ["docs/_templates"]

# --- Pages --------------------------------------------------------------------------------------

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
equations_library = "backprop_notes"
equations_notation = ["notation"]
equations_scores = "docs/mutants.json"
equations_strict = True
numfig = True  # equations are numbered (6.1), (6.2), ... on the sixth page; figures as well
numfig_format = {"figure": "Figure %s"}
katex_package = KATEX
purgecss_package = PURGECSS
text_face = TEXT_FACE
things_in_latex = {
    "error": [
        r"(I(y_i = 1) - \sigma(w_{21}^\top h_i))",
        r"I(y_i = 1) - \sigma(w_{21}^\top h_i)",
        r"I(y_i = 1) - \sigma(z)",
        r"(1 - \sigma(y_i w_{21}^\top h_i)) y_i",
        r"(1 - \sigma(y_i z)) y_i",
        "e",
    ],
    "weight": ["w_{21,k}", r"w_{21}^\top", "w_{21}"],
    "slope": ["h_{ik} (1 - h_{ik})", r"H \odot (1 - H)"],
    "input": ["x_i", "X"],
}
things_in_code = {"error": ["e", "output_error"], "weight": ["w2"], "input": ["X"]}
bibtex_bibfiles = [str(ROOT / "docs/references.bib")]
bibtex_default_style = "plain"

# --- Cells --------------------------------------------------------------------------------------

# The outputs of cells depend on these as well; the cache of MyST-NB knows of the cells alone.
execution_key = name_of(LOCK, *ROOT.glob("src/backprop_notes/**/*.py"))
nb_execution_mode = "cache"
nb_execution_cache_path = str(ROOT / "docs/_build/execution" / execution_key)
nb_execution_timeout = 300  # seconds a cell, for the slowest of machines
nb_merge_streams = True
nb_code_prompt_show = nb_code_prompt_hide = "The code of this figure"
nb_output_stderr = "warn"  # a cell that warns would show a path and a number that change each time
suppress_warnings = ["mystnb.exec"]  # docs/_ext/notebooks.py tells more of a failing cell

# --- Reference ----------------------------------------------------------------------------------

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say more: shapes and ranges
napoleon_attr_annotations = False
add_module_names = False
# The examples in docstrings, like those that pytest runs, need no imports.
doctest_global_setup = "from backprop_notes import *; from backprop_notes.figures import *"
napoleon_use_param = False  # several arguments may share one description
napoleon_use_rtype = False  # what is returned is described in words, which are no links
codeautolink_concat_default = True  # the cells of a page are one program
nitpick_ignore_regex = [("py:.*", r"numpy\..*")]  # no other site is asked at build

# --- HTML ---------------------------------------------------------------------------------------

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "docs/_static/logo.svg"
html_baseurl = site
html_static_path = ["docs/_static"]
html_css_files = ["book.css", "behaviour.css"]
html_use_index = False  # the reference is one page
html_math_renderer = "katex"
html_sidebars = {"**": ["book-title.html", "search-button-field.html", "sbt-sidebar-nav.html"]}
html_theme_options = {
    "logo": {"text": project, "image_light": "_static/logo.svg", "image_dark": "_static/logo.svg"},
    "navbar_persistent": [],  # else there is a second search field
    "footer_content_items": ["imprint.html"],
    "repository_url": repository,
    "repository_branch": "notebooks",  # what the launch buttons open; made by `make notebooks`
    "use_repository_button": True,
    "use_edit_page_button": True,
    "use_issues_button": True,
    "launch_buttons": {
        "colab_url": "https://colab.research.google.com",
        "binderhub_url": "https://mybinder.org",
        "notebook_interface": "jupyterlab",
    },
}
html_context = {
    # Not for the templates: a page is written again when what writes it changes.
    "written_by": name_of(
        LOCK,
        KATEX / "package.json",
        PURGECSS / "package.json",
        TEXT_FACE / "package.json",
        ROOT / equations_scores,
        *ROOT.glob("docs/permalinks.txt"),
        *ROOT.glob("docs/_ext/*.py"),
        *ROOT.glob("docs/_static/*.*"),
        *ROOT.glob("docs/_templates/*.html"),
        *ROOT.glob("src/equation_checker/**/*.py"),
        *ROOT.glob("src/equation_checker/**/*.css"),
    ),
    "default_mode": "light",  # without a script; docs/_static/site.js asks for the reader's own
    "edit_page_provider_name": "GitHub",
    "edit_page_url_template": f"{repository}/edit/main/docs/{{{{ file_name }}}}",
}
ogp_site_url = site
ogp_social_cards = {
    "font": "DejaVu Sans",
    "image_mini": "_static/logo.png",
    "line_color": "#1f5f99",
    "description_max_length": 200,
}

# --- Other builders -----------------------------------------------------------------------------

latex_engine = "xelatex"
latex_documents = [("index", "backprop-notes.tex", project, author.replace("_", r"\_"), "manual")]
cover_equation = "eq-hidden-gradient"
latex_use_xindy = False
latex_domain_indices = False
# matplotlib brings a typewriter face that has the Greek letters and signs of code cells.
_mono = "DejaVuSansMono"
latex_additional_files = [
    str(Path(matplotlib.get_data_path(), "fonts/ttf", f"{_mono}{face}.ttf"))
    for face in ("", "-Bold", "-Oblique", "-BoldOblique")
]
latex_elements = {
    "papersize": "a4paper",
    "extraclassoptions": "oneside",
    "fncychap": "",
    "fontpkg": rf"""\setmonofont{{{_mono}}}[Path=./, Extension=.ttf, Scale=0.82, UprightFont=*,
      BoldFont=*-Bold, ItalicFont=*-Oblique, BoldItalicFont=*-BoldOblique]""",
    "sphinxsetup": "verbatimwithframe=false, VerbatimColor={HTML}{F4F5F6}, "
    "TitleColor={HTML}{222832}, InnerLinkColor={HTML}{0B5794}, OuterLinkColor={HTML}{0B5794}",
    "printindex": "",
}
epub_show_urls = "no"
