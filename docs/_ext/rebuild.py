"""Make a second build give what a build from nothing gives, warnings included."""

from collections.abc import Collection

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata


def ask_once(app: Sphinx) -> None:
    """Keep the first answer to what is outdated; it is asked for three times.

    Sphinx tells only the first time that a setting changed, and sphinx-codeautolink asks first.
    """
    answer = app.builder.get_outdated_docs()
    answer = answer if isinstance(answer, str) else list(answer)
    app.builder.get_outdated_docs = lambda: answer  # type: ignore[method-assign]


def read_all_or_none(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Collection[str]:
    """Read every page again as soon as one changed or is missing from the site.

    Numbers, navigation and code links reach across pages. Cells are not executed again for it.
    """
    site_is_old = app.builder.name == "html" and bool(app.builder.get_outdated_docs())
    return env.found_docs if added or changed or removed or site_is_old else ()


def forget_after_warnings(app: Sphinx, exception: Exception | None) -> None:
    """Forget what was read: Sphinx warns only of pages that it reads or writes."""
    if app._warncount:
        (app.doctreedir / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", ask_once, priority=400)
    app.connect("env-get-outdated", read_all_or_none)
    app.connect("build-finished", forget_after_warnings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
