"""Make what the launch buttons open from the executed pages: notebooks.py EXECUTED BRANCH.

EXECUTED is the folder of notebooks that MyST-NB writes at build. BRANCH gets each of them with a
first cell that installs the library, and the two files that tell Binder what to install.
"""

import shutil
import sys
import tomllib
from pathlib import Path

import nbformat

executed, branch = map(Path, sys.argv[1:])
project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
library = f"git+{project['urls']['Repository']}"

shutil.rmtree(branch, ignore_errors=True)
for source in sorted(executed.rglob("*.ipynb")):
    page = source.relative_to(executed)
    notebook = nbformat.read(source, as_version=4)
    address = f"{project['urls']['Documentation']}{page.with_suffix('.html')}"
    notebook.cells[:0] = [
        nbformat.v4.new_markdown_cell(
            f"To run and change. [Its page in the book]({address}) has numbered equations, links."
        ),
        nbformat.v4.new_code_cell(f"%pip install --quiet {library}"),
    ]
    target = branch / page
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)

(branch / "requirements.txt").write_text(f"{project['name']} @ {library}\nmatplotlib\n")
(branch / "runtime.txt").write_text("python-3.12\n")
print(f"The notebooks are in {branch}")
