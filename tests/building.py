"""Build the book, or a tiny book with the settings of the book, by Sphinx's command line."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOTS = Path(__file__).parent / "roots"


@dataclass(frozen=True)
class Build:
    """A run of sphinx-build: what it made, what it printed and its exit status."""

    site: Path
    printed: str
    status: int

    @property
    def executed(self) -> int:
        return len(re.findall("Executing notebook", self.printed))

    def files(self) -> dict[str, bytes]:
        """The pages and notebooks, without what Sphinx keeps for itself."""
        return {
            file.relative_to(self.site).as_posix(): file.read_bytes()
            for file in sorted(self.site.rglob("*"))
            if file.is_file() and not file.name.startswith((".buildinfo", ".whole"))
        }


def sphinx_build(docs: Path, target: Path, *options: str, builder: str = "html") -> Build:
    """Build `docs` with the conf.py beside it, strictly; what it keeps stays in `target`."""
    site = target / builder
    command = [sys.executable, "-m", "sphinx", "-c", docs.parent, "-b", builder, "-n"]
    command += ["--keep-going", "-d", target / "doctrees", *options, docs, site]
    run = subprocess.run(
        [str(part) for part in command],
        cwd=docs.parent,
        env=os.environ | {"NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Build(site, run.stdout, run.returncode)


def tiny_book(name: str, folder: Path) -> Path:
    """Copy the project, with the pages of a tiny book in place of its own, and return its docs."""
    docs = folder / "docs"
    for part in ("src", "requirements", "docs/_ext", "docs/_static", "docs/_templates"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in (
        "conf.py",
        "pyproject.toml",
        "CITATION.cff",
        "docs/references.bib",
        "docs/mutants.json",
    ):
        shutil.copyfile(ROOT / part, folder / part)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return shutil.copytree(ROOTS / name, docs, dirs_exist_ok=True)
