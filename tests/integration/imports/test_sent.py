"""`relance import` of files that a running server takes."""

from __future__ import annotations

import csv
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from relance.api.server import ServerThread
from relance.app import Installation
from relance.cli import app
from relance.imports import desk
from relance.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Write = Callable[[str, str | bytes], Path]

MAPPING = "columns: {n: integer}\nevents: [{event: Bought, user_id: who, timestamp: at, properties: {n: n}}]\n"
ROWS = "who,n,at\nu1,1,2024-03-01T09:00:00Z\nu2,many,2024-03-01T09:00:00Z\nu3,3,2024-03-01T09:00:00Z\n"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A whole server on the embedded stores, which the environment names."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    monkeypatch.setattr(desk, "log", structlog.wrap_logger(structlog.ReturnLogger()))  # what is printed is the command's
    made = Installation(Settings(data=tmp_path / "served", port=port))
    server = ServerThread(made.make_api(), "127.0.0.1", port)
    made.start()
    server.start()
    monkeypatch.setenv("RELANCE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("RELANCE_KEY", made.admin_key or "")
    yield made
    server.stop()
    made.stop()


def run(*words: object) -> int:
    return int(app([str(word) for word in ("import", *words)]) or 0)


def test_a_server_takes_a_file_and_imports_it(
    installation: Installation, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (write("a.csv", ROWS), "--mapping", write("m.yaml", MAPPING), "--source", "shop", "--json")
    assert run(*words, "--rejects", tmp_path / "faults.csv") == 0

    report: dict[str, Any] = json.loads(capsys.readouterr().out)["files"][0]
    assert {n: report[n] for n in ("file", "rows", "events", "rejected", "already_done")} == {
        "file": "a.csv", "rows": 3, "events": 2, "rejected": 1, "already_done": False,
    }  # fmt: skip
    assert [r["column"] for r in report["rejects"]] == ["n"]
    with (tmp_path / "faults.csv").open(encoding="utf-8", newline="") as file:
        assert [row[:5] for row in csv.reader(file)][1] == ["a.csv", "3", "3", "n", "wrong_type"]
    assert {chunk.source for chunk in installation.log.read_after(0, 10).chunks} == {"shop"}
    assert run(*words) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["already_done"]


def test_what_the_server_refuses_is_told(
    installation: Installation, write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(write("b.csv", "who\nu1\n"), "--mapping", write("m.yaml", MAPPING)) == 2
    assert "b.csv has no column 'n'" in capsys.readouterr().err
    monkeypatch.setenv("RELANCE_KEY", "nobody's")
    assert run(write("a.csv", ROWS), "--mapping", write("m.yaml", MAPPING)) == 1
    assert installation.log.last_position() == 0
