"""The checker stands alone and loads what is heavy only where it is used."""

import subprocess
import sys

FAR = ("sphinx", "docutils", "matplotlib", "backprop_notes", "sympy", "flint")


def test_the_checker_loads_neither_sphinx_nor_the_library_nor_what_only_proofs_need():
    code = f"import sys, equation_checker\nprint([n for n in {FAR} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
