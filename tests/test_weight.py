"""A page that is too heavy fails the build, which says what makes it so."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from building import Build, sphinx_build, tiny_book

pytestmark = pytest.mark.build


def test_a_page_that_is_too_heavy_fails_the_build_and_is_named(tmp_path: Path) -> None:
    docs = tiny_book("tiny", tmp_path)
    noise = "\n".join(sha256(str(n).encode()).hexdigest() for n in range(4_000))
    page = docs / "second.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n\n```text\n{noise}\n```\n", "utf-8")
    built = sphinx_build(docs, tmp_path / "out")
    assert built.status != 0
    said = re.search(r"second\.html weighs (\d+)\.\d kB in \d+ requests", built.printed)
    assert said
    assert int(said[1]) > 100
    assert "The heaviest: second.html" in built.printed
    assert "index.html weighs" not in built.printed


def test_the_whole_book_is_within_its_budget(book: Build) -> None:
    assert "weighs" not in book.printed
