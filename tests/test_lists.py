"""docs/checker.md names all that is read or chosen, ARCHITECTURE.md the files that are there."""

import re
from dataclasses import fields

import pytest

import lists
from equation_checker import Settings, Status
from equation_checker.sphinxext.build import CHOSEN

TEXT = lists.PAGE.read_text(encoding="utf-8")
ROOT = lists.PAGE.parents[1]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CHECKER = ROOT / "src/equation_checker"


def test_the_lists_are_those_of_the_tables():
    assert lists.written(TEXT) == TEXT, "run: make lists"


def test_the_lists_notice_a_row_that_was_changed_by_hand():
    changed = TEXT.replace("the hyperbolic tangent", "the tangent")
    assert lists.written(changed) == TEXT


def test_each_status_is_explained_in_the_order_of_the_page():
    part = TEXT.split("## What a verdict means")[1].split("\n## ")[0]
    explained = re.findall(r"^([A-Z][\w -]+)\n: ", part, re.MULTILINE)
    assert sorted(each.lower() for each in explained) == sorted(Status)


def test_each_setting_is_explained():
    table = TEXT.split("| setting | use |")[1].split("\n\n")[0]
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(named) == sorted({*CHOSEN, "library", "notation", "scores"})
    of_the_command = {"seed", "digits", "mutate", "prove"}
    assert {each.name for each in fields(Settings)} - of_the_command <= {*named}


def test_each_room_of_the_checker_is_in_the_page_on_its_architecture():
    for file in CHECKER.rglob("*.py"):
        if file.name != "__init__.py":
            name = file.relative_to(CHECKER).with_suffix("").as_posix()
            assert re.search(rf"`{re.escape(name)}`", ARCHITECTURE), name


@pytest.mark.parametrize("name", re.findall(r"`([\w-]+(?:/[\w-]+)+)`", ARCHITECTURE))
def test_each_file_that_it_names_is_there(name):
    places = (CHECKER / f"{name}.py", CHECKER / name, ROOT / f"{name}.md", ROOT / name)
    assert any(place.exists() for place in places)


@pytest.mark.parametrize(
    ("room", "names"), re.findall(r"`([\w/]+)`: (`[\w.]+`(?:, `[\w.]+`)*)", ARCHITECTURE)
)
def test_each_function_that_it_names_is_in_its_room(room, names):
    text = (CHECKER / f"{room}.py").read_text(encoding="utf-8")
    for name in re.findall(r"\w+", names):
        assert re.search(rf"^ *(?:class|def) {name}\b|^{name}\b", text, re.MULTILINE), name
