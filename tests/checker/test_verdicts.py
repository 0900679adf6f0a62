"""Verdicts as JSON: one form for the command, the ledger and the scores, and its description."""

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from equation_checker import Settings, Status, check, read_page
from equation_checker.verdicts import SCHEMA, document, scores

PAGE = r"""
```{notation}
| a | b | c |
|-|-|-|
| $a, b \in \mathbb{R}$ | | |
```

$$
(a + b)^2 = a^2 + 2 a b + b^2 = (b + a)^2
$$ (eq-held)

$$
a + b = a
$$ (eq-refuted)

$$
c = a
$$ (eq-unreadable)

$$
s := a b
$$ (eq-definition)
"""


@pytest.fixture(scope="module")
def verdicts():
    return check([read_page(PAGE, "p.md")], settings=Settings(mutate=True)).verdicts


@pytest.fixture(scope="module")
def schema():
    return json.loads(files("equation_checker").joinpath("schema/verdicts-1.json").read_text())


def test_every_verdict_is_as_the_schema_says_and_has_every_field_that_it_names(verdicts, schema):
    written = json.loads(json.dumps(document((each.plain() for each in verdicts), release="1")))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema)
    assert written["schema"] == SCHEMA
    described = schema["$defs"]["verdict"]
    assert set(written["verdicts"][0]) == set(described["required"])
    assert set(described["properties"]) - set(described["required"]) == {"page", "permalink"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**written, "verdicts": [{"label": "eq"}]}, schema)


def test_the_schema_knows_every_status(schema):
    assert schema["$defs"]["status"]["enum"] == list(Status)


def test_scores_are_found_again_by_label_and_latex(verdicts):
    written = json.loads(json.dumps(document(each.plain() for each in verdicts)))
    found = scores(written)
    held = verdicts[0]
    assert found[held.label, held.latex] == held.score
    assert ("eq-unreadable", "c = a") not in found


def test_an_older_list_of_scores_is_refused():
    with pytest.raises(ValueError, match="verdicts-1"):
        scores([{"label": "eq", "latex": "a", "score": None}])


def test_what_is_good_what_is_checked_and_which_is_the_worst():
    good = [each for each in Status if each.good]
    assert good == ["not refuted", "held", "proved", "unchecked", "left out"]
    assert [each for each in Status if each.checked] == ["not refuted", "held", "proved"]
    assert min(Status, key=lambda each: each.rank) is Status.UNREADABLE
    assert Status.NOT_REFUTED.slug == "not-refuted"


def test_the_scores_of_this_book_are_in_that_form(schema):
    written = (Path(__file__).parents[2] / "docs/mutants.json").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(written), schema)
    assert scores(json.loads(written))
