"""Make a second build give what a build from nothing gives, warnings included.

Where anything changed, the whole site is made again in an empty folder: numbers, navigation and
code links reach across pages. Cells are not executed again for it. Two builds at once wait for each
other, and what a broken one left is not built upon.
"""

import fcntl
import shutil
from collections.abc import Collection
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import CONFIG_OK, BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

WHOLE = (
    ".whole"  # this file is in a site that was built to its end, without a warning; no ePub has it
)


def wait_for_other_builds(app: Sphinx) -> None:
    """Hold a lock until the process ends; the system then frees it, however it ends."""
    app.doctreedir.mkdir(parents=True, exist_ok=True)
    app.build_lock = (app.doctreedir / "lock").open("w")  # type: ignore[attr-defined]
    try:
        fcntl.flock(app.build_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined]
    except BlockingIOError:
        logger.info("Another build is under way; this one waits for its end.")
        fcntl.flock(app.build_lock, fcntl.LOCK_EX)  # type: ignore[attr-defined]


def empty(folder: Path, keep: Path) -> None:
    for child in folder.glob("*"):
        if child.is_file():
            child.unlink()
        elif child != keep:
            shutil.rmtree(child)


def begin(app: Sphinx) -> None:
    """Find out once what is outdated, and empty the site if anything is.

    Sphinx tells only the first time that a setting changed, and sphinx-codeautolink asks first.
    """
    app.env.find_files(app.config, app.builder)
    changed = app.env.get_outdated_files(app.env.config_status != CONFIG_OK)
    answer = app.builder.get_outdated_docs()
    answer = answer if isinstance(answer, str) else list(answer)
    if app.builder.name in {"html", "epub"}:
        if any(changed) or not (app.outdir / WHOLE).exists():
            answer = list(app.env.found_docs)
        if answer:
            empty(app.outdir, keep=app.doctreedir)
            empty(app.outdir.parent / "jupyter_execute", keep=app.doctreedir)
        else:
            # Sphinx would write the search page and half its index anew, and copy what was packed.
            app.builder.finish = lambda: None  # type: ignore[method-assign]
            app.builder.copy_assets = lambda: None  # type: ignore[method-assign]
    app.builder.get_outdated_docs = lambda: answer  # type: ignore[method-assign]


def read_all_or_none(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Collection[str]:
    site_is_old = app.builder.name == "html" and bool(app.builder.get_outdated_docs())
    return env.found_docs if added or changed or removed or site_is_old else ()


def end(app: Sphinx, exception: Exception | None) -> None:
    """Publish a good site; forget what was read in a bad build, since Sphinx warns only then."""
    if exception or app._warncount or app.statuscode:
        (app.doctreedir / "environment.pickle").unlink(missing_ok=True)
        (app.outdir / WHOLE).unlink(missing_ok=True)
    elif app.builder.name == "html":
        (app.outdir / WHOLE).touch()
        if app.config.publish_to:
            publish(Path(app.outdir), Path(app.confdir) / app.config.publish_to)


def publish(site: Path, target: Path) -> None:
    """Put a copy of the site in the place of the published one, by two renamings."""
    new, old = (target.with_name(f"{target.name}.{name}") for name in ("new", "old"))
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site, new, ignore=shutil.ignore_patterns(WHOLE))
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("publish_to", "", "", types=frozenset({str}))
    wait_for_other_builds(app)
    app.connect("builder-inited", begin, priority=100)  # before others write into the site
    app.connect("env-get-outdated", read_all_or_none)
    app.connect("build-finished", end, priority=999)  # after others wrote into it
    return {"parallel_read_safe": True, "parallel_write_safe": True}
