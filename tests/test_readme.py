"""The README: its example runs, and the files and targets that it names are there."""

import doctest
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_gives_what_it_shows():
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    test = doctest.DocTestParser().get_doctest(example, {}, "README.md", "README.md", 0)
    ran = doctest.DocTestRunner().run(test)
    assert (ran.failed, ran.attempted) == (0, 5)


def test_what_it_links_to_or_names_as_a_place_is_there():
    links = re.findall(r"\]\((?!http)([^)]+)\)", README)
    places = re.findall(r"`([\w.-]+/[\w./-]*)`", README)
    assert links
    assert places
    for name in {*links, *places} - {".venv/", "node_modules/", "docs/my-page.md"}:
        assert any((ROOT / folder / name).exists() for folder in ("", "docs", "tests")), name


def test_its_picture_shows_on_pypi_as_well():
    (picture,) = re.findall(r"!\[.*\]\((.*)\)", README)
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert picture.startswith(urls["Documentation"])
    assert (ROOT / "docs" / picture.removeprefix(urls["Documentation"])).is_file()


def test_each_target_that_it_names_is_one_of_make():
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = README.split("lists the other targets:")[1].split("Everything")[0]
    named = {*re.findall(r"`([a-z-]+)`", listed), *re.findall(r"make ([a-z]+) +#", README)}
    assert named | {"help"} == set(targets)
