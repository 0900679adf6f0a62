"""Gather the notebooks that the launch buttons open, and what Binder needs: notebooks.py BUILD.

They are those that BUILD/html offers for download.
"""

import shutil
import sys
import tomllib
from pathlib import Path

BUILD = Path(sys.argv[1])
PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]

shutil.rmtree(BUILD / "notebooks", ignore_errors=True)
(BUILD / "notebooks").mkdir()
for notebook in sorted((BUILD / "html/_sources").glob("*.ipynb")):
    shutil.copy(notebook, BUILD / "notebooks")
library = f"{PROJECT['name']} @ git+{PROJECT['urls']['Repository']}"
(BUILD / "notebooks/requirements.txt").write_text(f"{library}\nmatplotlib\n")
(BUILD / "notebooks/runtime.txt").write_text("python-3.12\n")
print(f"The notebooks are in {BUILD / 'notebooks'}")
