"""`relance check`, `plan` and `apply`: what they tell, how they exit, what they leave behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relance.cli.apply import apply
from relance.cli.check import check
from relance.cli.plan import plan
from relance.definitions.store import load_workspace
from relance.store import open_database

SOUND = """\
kind: segment
id: vip
where: {type: trait, path: vip, op: is_true}
---
kind: journey
id: hello
entry: {type: event, event: Order Completed}
start: done
steps: {done: {type: end}}
"""
FAULTY = """\
kind: segment
id: vip
where: {type: trait, path: vip, op: "=="}
---
{kind: segment, id: other, where: {type: in_segment, segment: vap}}
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.yaml"
    path.write_text(SOUND)
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.yaml"
    path.write_text(FAULTY)
    return path


def test_check_of_sound_definitions(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(sound) == 0
    assert capsys.readouterr().out == "2 definitions, 0 errors, 0 warnings\n"


def test_check_lists_every_problem_with_its_place(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(faulty) == 2
    assert capsys.readouterr().out == (
        f'{faulty}:3:33: error: segment vip /where/op: `op` can not be the text "==": did you mean `eq`? [bad_operator]\n'
        f"{faulty}:5:54: error: segment other /where/segment: there is no segment `vap`: did you mean `vip`? [unknown_segment]\n"
        "2 definitions, 2 errors, 0 warnings\n"
    )


def test_check_for_machines(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(faulty, json=True) == 2
    problems = json.loads(capsys.readouterr().out)

    assert problems[0] == {
        "code": "bad_operator",
        "severity": "error",
        "kind": "segment",
        "id": "vip",
        "path": "/where/op",
        "message": '`op` can not be the text "==": did you mean `eq`?',
        "file": str(faulty),
        "line": 3,
        "column": 33,
    }
    assert [p["code"] for p in problems] == ["bad_operator", "unknown_segment"]


def test_warnings_do_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(SOUND.replace("{type: end}}", "{type: end}, lost: {type: end}}"))

    assert check(tmp_path) == 0
    assert "warning: journey hello /steps/lost" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["missing.yaml", "empty"])
def test_nothing_to_check_is_bad_input(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()

    assert check(tmp_path / name) == 2
    assert "0 definitions, 1 error" in capsys.readouterr().out


def test_a_plan_of_an_empty_workspace_makes_no_file(sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(sound, data=tmp_path / "data") == 0
    assert (
        capsys.readouterr().out
        == "created  segment vip    version 1\ncreated  journey hello  version 1\n2 created, 0 changed, 0 unchanged\n"
    )
    assert not (tmp_path / "data").exists()


def test_apply_publishes_once(sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"

    assert apply(sound, data=data) == 0
    sound.write_text(SOUND.replace("is_true", "is_set"))
    assert plan(sound, data=data) == 0
    capsys.readouterr()
    assert apply(sound, data=data, json=True) == 0
    told = json.loads(capsys.readouterr().out)

    assert [(c["id"], c["action"], c["version"]) for c in told["changes"]] == [("vip", "changed", 2), ("hello", "unchanged", 1)]
    database = open_database(f"sqlite:///{data}/store.db")
    with database.reading() as connection:
        assert load_workspace(connection).segments["vip"]["op"] == "is_set"
    database.close()


def test_apply_publishes_nothing_when_something_is_wrong(
    sound: Path, faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = tmp_path / "both"
    both.mkdir()
    for file in (sound, faulty):
        (both / file.name).write_text(file.read_text().replace("id: vip", f"id: {file.stem}"))

    assert apply(both, data=tmp_path / "data") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "[bad_operator]" in told.err
    assert told.err.endswith("nothing was published\n")
    assert plan(sound, data=tmp_path / "data") == 0
    assert "2 created" in capsys.readouterr().out


def test_what_is_published_may_be_named(sound: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("{kind: segment, id: more, where: {type: in_segment, segment: vip}}")

    assert check(more) == 2
    assert apply(more, data=tmp_path / "data") == 2
    assert apply(sound, data=tmp_path / "data") == 0
    assert apply(more, data=tmp_path / "data") == 0


def test_a_store_that_can_not_be_reached(sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")

    assert apply(sound, store=f"sqlite:///{tmp_path}/file/store.db") == 2
    assert apply(sound, store="mysql://somewhere") == 2
    assert "no store URL" in capsys.readouterr().err
