"""`relance import` as it is typed."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from relance.cli import app
from relance.eventlog import open_log
from relance.imports import records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Write = Callable[[str, str | bytes], Path]

MAPPING = """
columns: {n: integer, at: datetime}
events:
  - {event: Bought, user_id: who, timestamp: at, properties: {n: n, note: note}}
"""
ROWS = "who,n,at,note\nu1,1,2024-03-01T09:00:00Z,=1+1\n=cmd(),many,2024-03-01T09:00:00Z,x\nu3,3,2024-03-01T09:00:00Z,\n"


def run(*words: object) -> int:
    return int(app([str(word) for word in ("import", *words)]) or 0)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_file_comes_in_and_the_report_tells_all(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (write("a.csv", ROWS), "--mapping", write("m.yaml", MAPPING), "--data", tmp_path / "data")
    assert run(*words, "--rejects", tmp_path / "faults.csv", "--json") == 0

    (report,) = told(capsys)["files"]
    assert (report["rows"], report["events"], report["rejected"], report["already_done"]) == (3, 2, 1, False)
    assert report["rejects"][0] | {"message": ""} == {
        "row": 3, "line": 3, "column": "n", "code": "wrong_type", "message": "", "excerpt": "=cmd(),many,2024-03-01T09:00:00Z,x",
    }  # fmt: skip
    with (tmp_path / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = list(csv.reader(file))
    assert faults[1][-1] == "'=cmd(),many,2024-03-01T09:00:00Z,x"  # no formula for a spreadsheet
    assert run(*words, "--rejects", tmp_path / "later.csv") == 0
    said = capsys.readouterr().out
    assert "was imported to its end before" in said
    assert "row 3, column n: 'many' is no integer" in said
    assert (tmp_path / "later.csv").read_bytes() == (tmp_path / "faults.csv").read_bytes()


def test_more_rejects_than_a_page_are_written(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_PAGE", 7)
    rows = "who,n,at,note\n" + "".join(f"u{i},{'x' if i % 2 else i},2024-03-01T09:00:00Z,\n" for i in range(60))
    words = (write("a.csv", rows), "--mapping", write("m.yaml", MAPPING), "--data", tmp_path / "data")
    assert run(*words, "--rejects", tmp_path / "faults.csv", "--json") == 0

    (report,) = told(capsys)["files"]
    assert (report["rejected"], report["rejects_kept"], len(report["rejects"])) == (30, 30, 30)
    with (tmp_path / "faults.csv").open(encoding="utf-8", newline="") as file:
        assert [int(row[1]) for row in list(csv.reader(file))[1:]] == list(range(3, 62, 2))


def test_a_dry_run_writes_nothing(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write("a.csv", ROWS), "--mapping", write("m.yaml", MAPPING), "--data", tmp_path / "data", "--dry-run") == 0

    said = capsys.readouterr().out
    assert "3 rows would make 2 events" in said
    assert "row 3, column n: 'many' is no integer" in said
    assert not (tmp_path / "data").exists()


def test_a_mapped_file_becomes_json_lines(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert run(write("a.csv", ROWS), "--mapping", write("m.yaml", MAPPING), "--to-jsonl", out, "--json") == 0

    assert told(capsys)["files"][0]["events"] == 2
    assert [json.loads(line)["userId"] for line in out.read_text().splitlines()] == ["u1", "u3"]


def test_everything_wrong_with_the_input_is_said_at_once(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write("m.yaml", "events:\n  - {type: trak, user_id: who}\n  - {event: A}\n")
    assert run(tmp_path / "gone.csv", "--mapping", mapping, "--json") == 2
    problems = told(capsys)["problems"]
    assert [p["path"] for p in problems] == ["/events/0/type", "/events/0", "/events/0", "/events/1", "/events/1"]

    assert run(tmp_path / "gone.csv", write("b.csv", "who,n\n1,2\n"), "--mapping", write("ok.yaml", MAPPING)) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "gone.csv: there is no such file",
        "b.csv has no column 'at'; it has who, n",
        "b.csv has no column 'note'; it has who, n",
    ]


def test_a_log_in_use_is_not_written(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_log(f"sqlite:///{tmp_path}/data/log.db")) as log:
        log.probe()
        code = run(write("a.csv", ROWS), "--mapping", write("m.yaml", MAPPING), "--data", tmp_path / "data")

    assert code == 1
    assert "another process writes the log" in capsys.readouterr().err
