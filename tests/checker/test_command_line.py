"""``equation-checker check``: what it prints and how it exits."""

import json

import pytest

from equation_checker.__main__ import main

TABLE = """```{notation}
| symbol | meaning | Python |
|---|---|---|
| $a, b \\in \\mathbb{R}$ | | |
```
"""


@pytest.fixture
def page(tmp_path):
    def write(text, name="page.md"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_all_holds(page, capsys):
    assert main(["check", page(TABLE + "\n$$\na + b = b + a\n$$\n")]) == 0
    assert capsys.readouterr().out == "1 displays: 1 held; inline maths: 0 read, 0 not\n"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("$$\na = b\n$$", "refuted"),
        ("$$\na = c\n$$", "unreadable"),
        ("$$\na - a = b - b\n$$", "under-tested"),
        ("Text $c$", "unreadable"),
    ],
)
def test_problems_have_a_place_and_exit_1(body, status, page, capsys):
    path = page(TABLE + "\n" + body + "\n")
    assert main(["check", path]) == 1
    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith(f"{path}:")
    assert f": {status}: " in line


def test_json_holds_what_other_tools_need(page, capsys):
    assert main(["check", "--json", page(TABLE + "\n$$\na = b = a\n$$ (eq-x)\n")]) == 1
    (display,) = json.loads(capsys.readouterr().out)["verdicts"]
    wanted = {"file", "line", "column", "label", "kind", "status", "latex", "read_as", "steps",
              "counterexample", "repair", "message"}  # fmt: skip
    assert wanted <= set(display)
    assert (display["label"], display["kind"], display["status"]) == ("eq-x", "claim", "refuted")
    step = display["steps"][0]
    assert {"status", "left", "right", "reason", "worst_difference"} <= set(step)
    assert display["counterexample"]["values"] == {"a": "0", "b": "1"}


def test_wrong_usage_exits_2(page, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # away from the settings of this project
    path = page(TABLE)
    wrong_usages = (
        [],
        ["check"],
        ["check", "nowhere.md"],
        ["check", path, "--digits", "5"],
        ["check", path, "--faster"],
        ["check", path, "--library", "no_such_module"],
    )
    for wrong in wrong_usages:
        with pytest.raises(SystemExit) as stopped:
            main(wrong)
        assert stopped.value.code == 2
    capsys.readouterr()


def test_notation_may_stand_in_a_file_of_its_own(page, capsys):
    body = page("$$\na + b = b + a\n$$\n", "body.md")
    assert main(["check", body]) == 1
    assert main(["check", body, "--notation", page(TABLE, "notation.md")]) == 0
    capsys.readouterr()


def test_a_folder_is_read_as_its_table_of_contents_says(page, capsys, tmp_path):
    page("```{toctree}\nz-first\na-second\n```\n", "index.md")
    page(TABLE, "z-first.md")
    page("$$\na + b = b + a\n$$\n", "a-second.md")
    assert main(["check", str(tmp_path)]) == 0
    capsys.readouterr()


def test_ties_name_functions_of_a_module(page, capsys):
    text = TABLE.replace("| $a, b", "| $q \\in \\mathbb{R}_{>0}$ | | `q` |\n| $a, b")
    text += "\n```{math}\n:python: sqrt(q)\nr := q^{1/2}\n```\n"
    assert main(["check", page(text), "--library", "math"]) == 0
    assert main(["check", page(text.replace("sqrt(q)", "cbrt(q)")), "--library", "math"]) == 1
    assert "the code cbrt(q) gives" in capsys.readouterr().out


def test_proofs_mutants_seeds_and_digits(page, capsys):
    path = page(TABLE + "\n$$\n(a + b)^2 = a^2 + 2 a b + b^2\n$$\n")
    assert main(["check", path, "--prove", "--mutate", "--seed", "7", "--digits", "60"]) == 0
    out = capsys.readouterr().out
    assert "1 proved" in out
    assert " 0 survived" in out


def test_survivors_are_listed_and_exit_1(page, capsys):
    assert main(["check", page(TABLE + "\n$$\nc := a + b\n$$\n"), "--mutate"]) == 1
    assert "survived: sign" in capsys.readouterr().out


@pytest.fixture
def project(page, tmp_path):
    def write(settings):
        (tmp_path / "pyproject.toml").write_text(f"[tool.equation_checker]\n{settings}")
        (tmp_path / "docs").mkdir()
        page(TABLE, "docs/notation.md")
        return page("$$\na + b = b + a\n$$\n\n$$\nr := a + b\n$$\n", "docs/body.md")

    return write


def test_settings_come_from_the_nearest_project(project, tmp_path, capsys):
    body = project(
        'notation = ["docs/notation.md"]\nstrict = true\nseverity = {inline = "ignore"}\n'
    )
    assert main(["check", str(tmp_path / "docs")]) == 1
    assert "no claim would notice the edit" in capsys.readouterr().out
    assert main(["check", body, "--only", "no-label"]) == 0
    assert "2 left out" in capsys.readouterr().out


def test_the_paths_may_stand_in_the_project(project, tmp_path, monkeypatch, capsys):
    project('paths = ["docs"]\nnotation = ["docs/notation.md"]\n')
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0
    assert "2 displays" in capsys.readouterr().out


@pytest.mark.parametrize(
    "settings",
    [
        'inline = "maybe"',
        "faster = true",
        'notation = ["nowhere.md"]',
        'severity = {bad = "error"}',
    ],
)
def test_a_wrong_setting_of_a_project_exits_2(settings, project, capsys):
    body = project(settings)
    with pytest.raises(SystemExit) as stopped:
        main(["check", body])
    assert stopped.value.code == 2
    assert settings.split(" ", maxsplit=1)[0] in capsys.readouterr().err


def test_a_warning_is_printed_and_fails_nothing(project, page, capsys):
    body = project('severity = {refuted = "warning", unreadable = "ignore"}\n')
    page(TABLE + "\n$$\na = b\n$$\n\n$$\na = c\n$$\n", body)
    assert main(["check", body]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith(f"warning: {body}:")
    assert len(others) == 1


def test_a_summary_counts_by_page_and_names_the_causes(page, capsys):
    first = page(TABLE + "\n$$\na + b = b + a\n$$\n", "1.md")
    second = page("$$\na = b\n$$\n\n$$\na = c\n$$\n", "2.md")
    assert main(["check", "--summary", first, second]) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [first, "1", "1", "1", *"000000"] in lines
    assert [second, "2", "1", "0", "0", "1", "0", "0", "1", "0"] in lines
    assert ["all", "3", "2", "1", "0", "1", "0", "0", "1", "0"] in lines
    assert ["1", "unreadable:", "c", "is", "not", "declared"] in lines


def test_what_was_built_is_not_read(page, tmp_path, capsys):
    (tmp_path / "_build").mkdir()
    page("$$\na = b\n$$\n", "_build/copy.md")
    page(TABLE)
    assert main(["check", str(tmp_path)]) == 0
    assert "0 displays" in capsys.readouterr().out


def test_files_that_are_no_pages_end_in_a_verdict_or_are_not_read(page, tmp_path, capsys):
    (tmp_path / "folder.md").mkdir()
    assert main(["check", str(tmp_path)]) == 0
    (tmp_path / "latin.md").write_bytes("é".encode("latin-1"))
    assert main(["check", str(tmp_path)]) == 1
    assert "latin.md:1:1: unreadable: this is no UTF-8" in capsys.readouterr().out
    (tmp_path / "latin.md").write_bytes(b"\xef\xbb\xbf" + TABLE.encode())
    page("$$\na + b = b + a\n$$\n", "z.md")
    assert main(["check", str(tmp_path)]) == 0
