"""Modules import along the arrows alone; what is public is explained, tested and tied to a page.

All is read from the files, so that a new module is covered as soon as it is there.
"""

import ast
import inspect
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions
from importlib.util import resolve_name
from pathlib import Path

import pytest

import backprop_notes

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src"
MODULES = sorted(SRC.rglob("*.py"))
BOOK = [ROOT / "conf.py", *sorted(ROOT.glob("docs/_ext/*.py"))]

each_module = pytest.mark.parametrize(
    "path", MODULES, ids=[str(path.relative_to(SRC)) for path in MODULES]
)

# --- Arrows ---------------------------------------------------------------------------------------

ROOMS = {
    "backprop_notes.colours": "colours",
    "backprop_notes.figures": "figures",
    "equation_checker.language": "language",
    "equation_checker.reading": "reading",
    "equation_checker.meaning": "meaning",
    "equation_checker.judging": "judging",
    "equation_checker.sphinxext": "glue",
    "equation_checker.verdicts": "verdicts",
    "equation_checker.settings": "settings",
    "equation_checker.__main__": "command",
    "equation_checker": "engine",
    "backprop_notes": "library",
}

# Reading is directed by the notation, so it asks for shapes: it knows meaning, not the reverse.
BELOW = {
    "verdicts": (),
    "settings": ("verdicts",),
    "language": (),
    "meaning": ("language",),
    "reading": ("language", "meaning"),
    "judging": ("verdicts", "settings", "language", "meaning", "reading"),
    "engine": ("verdicts", "settings", "language", "meaning", "reading", "judging"),
    "command": ("verdicts", "settings", "engine"),
}


@cache
def engine_needs():
    """Top-level modules of the packages that the `equations` extra names, and of NumPy."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    needs = project["dependencies"] + project["optional-dependencies"]["equations"]
    names = {re.match(r"[\w.-]+", need)[0].lower() for need in needs}
    owned = packages_distributions().items()
    return {module for module, owners in owned if names & {owner.lower() for owner in owners}}


def room(module):
    """The room of one of our modules; of another's module, its top-level name."""
    for start, name in ROOMS.items():
        if f"{module}.".startswith(f"{start}."):
            return name
    return module.partition(".")[0]


def may_import(here, there):
    """The arrows between rooms, and where other packages come in."""
    if here == there or there in sys.stdlib_module_names:
        return True
    match here:
        case "library":
            return there == "numpy"
        case "colours":  # the one module that drawings and the settings of the book share
            return False
        case "figures":
            return there in {"numpy", "matplotlib", "library", "colours"}
        case "glue":
            return there not in {"library", "figures", "command", "matplotlib"}
        case "book":
            return there not in {"library", "figures", "command", "engine", *BELOW["engine"]}
    return there in BELOW[here] or there in engine_needs()


def imports(source, package):
    """Full names of all that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{base}.{name.name}" for name in node.names)


def against_the_arrows(source, here, package=""):
    return [name for name in imports(source, package) if not may_import(here, room(name))]


@each_module
def test_module_imports_along_the_arrows(path):
    *parents, name = path.relative_to(SRC).with_suffix("").parts
    here = room(".".join([*parents, name]))
    assert against_the_arrows(path.read_text(), here, package=".".join(parents)) == []


@pytest.mark.parametrize("path", BOOK, ids=[path.name for path in BOOK])
def test_settings_of_the_book_know_the_glue_alone(path):
    assert against_the_arrows(path.read_text(), "book") == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("backprop_notes.network", "import matplotlib.pyplot"),
        ("backprop_notes.network", "def f():\n    from scipy import special"),
        ("backprop_notes.training", "from backprop_notes import figures"),
        ("backprop_notes.training", "from backprop_notes.figures import network"),
        ("backprop_notes.training", "from . import figures"),
        ("backprop_notes.training", "from backprop_notes.colours import THINGS"),
        ("backprop_notes.colours", "import numpy"),
        ("backprop_notes.numerical", "from equation_checker import read"),
        ("backprop_notes.figures", "import equation_checker.sphinxext"),
        ("equation_checker.reading.expressions", "from sphinx.util import logging"),
        ("equation_checker.reading.expressions", "import docutils.nodes"),
        ("equation_checker.reading.expressions", "import backprop_notes"),
        ("equation_checker.reading.expressions", "from backprop_notes.network import sigmoid"),
        ("equation_checker.reading.expressions", "from ..gradients import gradient"),
        ("equation_checker.reading.expressions", "from equation_checker.sphinxext import domain"),
        ("equation_checker.language.tree", "from equation_checker.meaning import shapes"),
        ("equation_checker.meaning.shapes", "from equation_checker.reading.rows import rows"),
        ("equation_checker.reading.rows", "from equation_checker.judging import claims"),
        ("equation_checker.judging.claims", "from equation_checker.checker import Checker"),
        ("equation_checker", "import matplotlib"),
        ("equation_checker.sphinxext.domain", "from backprop_notes import sigmoid"),
        ("equation_checker.sphinxext.domain", "from backprop_notes.figures import network"),
        ("equation_checker.sphinxext", "from matplotlib import pyplot"),
        ("equation_checker.__main__", "import sphinx"),
        ("equation_checker.__main__", "from backprop_notes import gradient"),
    ],
)
def test_import_against_the_arrows_is_found(module, line):
    package = module.rpartition(".")[0]
    assert len(against_the_arrows(line, room(module), package)) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (
            "backprop_notes.training",
            "import numpy as np\nfrom backprop_notes.network import hidden",
        ),
        ("backprop_notes.figures", "from matplotlib.figure import Figure\nimport backprop_notes"),
        (
            "equation_checker.reading.expressions",
            "import re, mpmath, flint, sympy, numpy, markdown_it",
        ),
        ("equation_checker.reading.expressions", "from . import tokens\nfrom .tokens import Token"),
        (
            "equation_checker.sphinxext.domain",
            "from sphinx import domains\nfrom docutils import nodes",
        ),
        ("equation_checker.sphinxext.domain", "from equation_checker import Verdict"),
        ("equation_checker.__main__", "import argparse\nfrom equation_checker import check"),
    ],
)
def test_import_along_the_arrows_is_let_through(module, line):
    assert against_the_arrows(line, room(module), module.rpartition(".")[0]) == []


def test_library_loads_nothing_but_numpy():
    # NumPy's own imports, and those of the interpreter's start, are not the library's.
    code = """
import sys, numpy, numpy.random
before = set(sys.modules)
import backprop_notes
print(*set(sys.modules) - before)
"""
    run = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(SRC)}
    output = subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout
    loaded = output.split()
    assert {room(name) for name in loaded} - {"numpy", *sys.stdlib_module_names} == {"library"}


# --- Modules --------------------------------------------------------------------------------------


@each_module
def test_module_says_in_its_first_lines_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


@each_module
def test_module_has_a_name_that_tells_its_job(path):
    nothing_said = {"utils", "util", "core", "helpers", "helper", "misc", "common", "tools"}
    assert not nothing_said & set(path.relative_to(SRC).with_suffix("").parts)


# --- Public names ---------------------------------------------------------------------------------

PUBLIC = {name: getattr(backprop_notes, name) for name in backprop_notes.__all__}
EQUATION = re.compile(r":eq:`([^`]+)`")


def docstring(name):
    return inspect.getdoc(PUBLIC[name]) or ""


def named_parameters(name):
    """Parameters that a docstring explains, itself or by naming the function that does."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?:\n\n\w+\n-+\n|\Z)", docstring(name), re.M | re.S)
    if section is None:
        elsewhere = re.search(
            r"(?:Arguments|Parameters)\b.*?\bare those\s+of\s+:func:`(\w+)`", docstring(name), re.S
        )
        return named_parameters(elsewhere[1]) if elsewhere else set()
    heads = re.findall(r"^\w.*$", section[1], re.M)
    return {parameter for head in heads for parameter in re.split(r",\s*", head)}


def test_everything_public_is_importable_from_the_package():
    # The checks of arguments are the library's own business.
    names = {path.stem for path in SRC.glob("backprop_notes/*.py")} - {"__init__", "arguments"}
    modules = {f"backprop_notes.{name}" for name in names}
    public = {
        name
        for module in modules
        if room(module) == "library"
        for name, value in vars(import_module(module)).items()
        if (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module
        and not name.startswith("_")
    }
    assert public == set(backprop_notes.__all__)


@pytest.mark.parametrize("name", PUBLIC)
def test_docstring_names_every_parameter_and_no_other(name):
    assert named_parameters(name) == set(inspect.signature(PUBLIC[name]).parameters)


@pytest.fixture(scope="module")
def collected():
    """Names of the doctests that pytest finds in the source."""
    options = ["-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    run = [sys.executable, *options, SRC]
    listed = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {line.rpartition("::")[2] for line in listed.splitlines()}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_has_an_example_that_pytest_runs(name, collected):
    assert f"{PUBLIC[name].__module__}.{name}" in collected
    assert "+SKIP" not in docstring(name)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, value in PUBLIC.items()
        if inspect.isfunction(value) and value.__module__.endswith((".network", ".gradients"))
    ],
)
def test_function_of_the_derivation_names_its_equation(name):
    assert EQUATION.search(docstring(name))


def test_every_equation_named_in_the_source_is_on_a_page():
    pages = "".join(page.read_text() for page in sorted(ROOT.glob("docs/*.md")))
    labels = set(re.findall(r"^:label: (eq-\S+)$|^\$\$ *\((eq-\S+)\)$", pages, re.M))
    labels = {label for pair in labels for label in pair}
    named = {name for path in MODULES for name in EQUATION.findall(path.read_text())}
    assert named
    assert named - labels == set()
