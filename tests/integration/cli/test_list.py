"""`relance list` over the store of a folder."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from relance.cli import apply, plan
from relance.cli import list_ as cli
from tests.made_store import open_made

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a store in which there are Ana and Bob."""
    database = open_made(tmp_path / "store.db")
    with database.writing() as connection:
        columns = ["profile_id", "user_id", "known", "created_at", "updated_at", "traits"]
        connection.insert_rows("profiles", columns, [(1, "ana", 1, 0, 0, "{}"), (2, "bob", 1, 0, 0, "{}")])
        connection.insert_rows("aliases", ["alias", "since_seq", "profile_id"], [("ana", 1, 1), ("bob", 2, 2)])
    database.close()
    return tmp_path


def test_make_fill_show_and_delete(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("name,user_id\nBob,bob\nZoe,zoe\n", encoding="utf-8")

    assert 0 == cli.create("beta", name="Beta testers", data=data)
    assert 0 == cli.add("beta", "ana", data=data)
    assert 1 == cli.add("beta", file=file, data=data)
    assert "1 added, 0 unchanged, 1 unknown\n  unknown: zoe\n" in capsys.readouterr().out
    assert 0 == cli.show(data=data)
    assert "beta  2  Beta testers\n" == capsys.readouterr().out
    assert 0 == cli.remove("beta", "ana", data=data, json=True)
    assert {"removed": 1, "unchanged": 0, "unknown": []} == json.loads(capsys.readouterr().out)
    assert 0 == cli.show("beta", data=data)
    assert capsys.readouterr().out.startswith("bob  20")
    assert 0 == cli.delete("beta", data=data)
    assert 2 == cli.show("beta", data=data)
    assert "there is no list 'beta'\n" == capsys.readouterr().err


def test_ids_from_standard_input(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from pathlib import Path as AnyPath

    cli.create("beta", data=data)
    monkeypatch.setattr("sys.stdin", io.StringIO("ana\nbob\n"))

    assert 0 == cli.add("beta", file=AnyPath("-"), data=data)
    assert "2 added" in capsys.readouterr().out


def test_bad_input_is_told(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == cli.create("Beta testers", data=data)
    assert 2 == cli.add("beta", "ana", data=data)
    assert 2 == cli.add("beta", data=data)
    assert 2 == cli.add("beta", file=tmp_path / "nothing.csv", data=data)
    assert 2 == cli.show(data=tmp_path / "nowhere")
    told = capsys.readouterr().err.splitlines()
    assert 5 == len(told)
    assert "'Beta testers' can not be the id of a list" in told[0]
    assert "--data" in told[4]


def test_a_list_that_is_not_there_yet_is_warned_of(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "segment.yaml"
    condition = "{type: all, of: [{type: not, of: {type: in_list, list: beta}}]}"
    file.write_text(f"{{kind: segment, id: others, where: {condition}}}", encoding="utf-8")

    assert 0 == plan.plan(file, data=data, json=True)
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert ("unknown_list", "warning", "/where/of/0/of/list") == (problem["code"], problem["severity"], problem["path"])
    assert 0 == cli.create("beta", data=data)
    assert 0 == apply.apply(file, data=data)
    assert "unknown_list" not in capsys.readouterr().err
    assert 2 == cli.delete("beta", data=data)
    assert "the list 'beta' is named by segment others: change that first\n" == capsys.readouterr().err
