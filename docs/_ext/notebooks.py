"""Execute the cells of the pages, fail where one fails, and offer each page as a notebook."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from jupyter_client.kernelspec import NoSuchKernel
from myst_nb.core.execute import cache as myst_nb_cache
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.console import strip_escape_sequences
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

LONGEST = 20_000  # characters that a cell may print: a reader sees them all


def printed(cell: nbformat.NotebookNode) -> int:
    texts = [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.get("outputs", [])
    ]
    return sum(map(len, texts))


def execute(notebook: nbformat.NotebookNode, **options: Any) -> ExecutionResult:
    """Execute a page. What goes wrong is its result, with the line; so is the kernel's death."""
    at = 0

    def note(cell: nbformat.NotebookNode, cell_index: int) -> None:
        nonlocal at
        at = cell_index

    try:
        result = single_nb_execution(notebook, on_cell_start=note, **options)
    except (NoSuchKernel, RuntimeError) as error:
        said = f"{type(error).__name__}: {error}"
        result = ExecutionResult(notebook, options["cwd"], 0, error, said)
    for index, cell in enumerate(notebook.cells):
        if printed(cell) > LONGEST:
            at = index
            result.err = ValueError(f"prints {printed(cell)} characters; {LONGEST} are the most")
            result.exc_string = f"This cell {result.err}."
            cell.outputs = []
    if result.err:
        lines = dict(enumerate(notebook.metadata.get("source_map", [])))
        result.exc_string = f"{lines.get(at, 0) + 1}\n{result.exc_string}"
    return result


def prepare_kernels(app: Sphinx) -> None:
    """Let cells import the library as it stands here; keep out a reader's IPython and matplotlib.

    A list of fonts that another matplotlib made may lack those of this one.
    """
    home = Path(app.confdir) / "docs/_build/ipython"
    profile = home / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    # Each kernel would warn of talk without encryption; it does not leave the machine.
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 'ERROR'\n")
    os.environ["IPYTHONDIR"] = str(home)
    os.environ["MPLCONFIGDIR"] = str(Path(app.confdir) / "docs/_build/matplotlib")
    os.environ["PYTHONPATH"] = str(Path(app.confdir) / "src")


def fail_on_failed_cells(app: Sphinx, env: BuildEnvironment) -> None:
    """Show which cells fail and how; a build with one fails even where warnings are let pass."""
    for page, data in sorted(env.nb_metadata.items()):
        traceback = data.get("exec_data", {}).get("traceback")
        if traceback:
            line, said = strip_escape_sequences(traceback).split("\n", 1)
            error = said.split("nbclient.exceptions.")[-1]
            logger.error("%s", error, location=(page, int(line)))
            app.statuscode = 1


def complete_notebooks(app: Sphinx, env: BuildEnvironment) -> None:
    """Give the notebooks their outputs, also where no cell was executed, and lasting cell names.

    MyST-NB leaves the outputs out when it has them from its cache, and names cells by chance.
    """
    cache = get_cache(env.mystnb_config.execution_cache_path)
    for file in Path(env.mystnb_config.output_folder).rglob("*.ipynb"):
        notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
        with suppress(KeyError):  # a failing page is not in the cache
            _, notebook = cache.merge_match_into_notebook(notebook)
        for position, cell in enumerate(notebook.cells):
            cell.id = f"cell-{position}"
        nbformat.write(notebook, file)


def launch_notebooks(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let the launch buttons open page.ipynb: the theme names the file as it is named in docs/."""
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            for button in group["buttons"]:
                button["url"] = button["url"].removesuffix(".md") + ".ipynb"


def setup(app: Sphinx) -> ExtensionMetadata:
    myst_nb_cache.single_nb_execution = execute
    app.connect("builder-inited", prepare_kernels)
    app.connect("env-updated", fail_on_failed_cells)
    app.connect("env-updated", complete_notebooks)
    app.connect("html-page-context", launch_notebooks, priority=502)  # after the theme's buttons
    return {"parallel_read_safe": True, "parallel_write_safe": True}
