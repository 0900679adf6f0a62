"""What every test shares: random cases that can be drawn again, and the book, built once."""

import os

import pytest
from hypothesis import settings

from building import ROOT, Build, sphinx_build

# No deadline: a busy machine is not a fault. The blob repeats the very case that failed. On a
# server the cases are the same each time: a change is judged by what it changed.
settings.register_profile(
    "book", max_examples=50, deadline=None, print_blob=True, derandomize="CI" in os.environ
)
settings.load_profile("book")


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The whole book, built from nothing into a fresh folder by two processes."""
    target = tmp_path_factory.mktemp("book")
    options = ["-W", "-j", "2", "-D", f"nb_execution_cache_path={target / 'execution'}"]
    built = sphinx_build(ROOT / "docs", target, *options)
    assert built.status == 0, built.printed
    return built
