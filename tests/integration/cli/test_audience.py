"""`relance audience` over the store of a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relance.cli import audience as cli
from tests.made_store import open_made

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_show_and_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_made(tmp_path / "store.db")
    with database.writing() as connection:
        columns = ["profile_id", "user_id", "known", "created_at", "updated_at", "traits"]
        connection.insert_rows("profiles", columns, [(1, "ana", 1, 0, 0, "{}")])
        connection.insert_rows("audience_members", ["audience", "profile_id", "since_at"], [("ads", 1, 7_000_000)])
        columns = ["audience", "profile_id", "member", "at", "enrollment_id", "source", "step_id"]
        connection.insert_rows("audience_changes", columns, [("ads", 1, 1, 7_000_000, 1, "journey:j", "add")])
    database.close()

    assert 0 == cli.show(data=tmp_path)
    assert "ads  1  last changed 1970-01-01T00:00:07Z\n" == capsys.readouterr().out
    assert 0 == cli.show("ads", data=tmp_path)
    assert "ana  1970-01-01T00:00:07Z\n" == capsys.readouterr().out
    assert 0 == cli.changes("ads", data=tmp_path, json=True)
    assert [("1", "add", "ana")] == [
        (c["change"], c["action"], c["user_id"]) for c in json.loads(capsys.readouterr().out)["changes"]
    ]
    assert 0 == cli.changes("ads", after=1, data=tmp_path)
    assert "no change\n" == capsys.readouterr().out
    assert 2 == cli.show("none", data=tmp_path)
    assert "there is no audience 'none'" in capsys.readouterr().err
