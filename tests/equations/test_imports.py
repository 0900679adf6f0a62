"""The engine stands alone: neither the library nor Sphinx is loaded with it."""

import subprocess
import sys


def test_the_engine_loads_neither_the_library_nor_sphinx():
    code = (
        "import sys, backprop_notes.equations\n"
        "far = ('sphinx', 'docutils', 'matplotlib')\n"
        "names = [n for n in sys.modules if n.split('.')[0] in far]\n"
        "names += [n for n in sys.modules if n.startswith('backprop_notes.')\n"
        "          and not n.startswith('backprop_notes.equations')]\n"
        "print([n for n in names if n not in LIBRARY])\n"
    )
    # Importing any part of a package runs its __init__, which is the library's own.
    before = "import sys, backprop_notes\nLIBRARY = set(sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", before + code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
