"""Bad input gets a clear message and exit code 2, never a stack trace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RELANCE = Path(sys.executable).with_name("relance")
EVENT = '{"type": "track", "userId": "ana", "event": "A", "messageId": "m1", "timestamp": "2026-03-01T08:00:00Z"}\n'
UNKNOWN_STEP = "{kind: journey, id: x, entry: {type: event, event: A}, start: nope, steps: {a: {type: end}}}\n"
SOUND = "{kind: segment, id: all, where: {type: all, of: []}}\n"


def simulate(folder: Path, definitions: str | None, *more: str, until: str = "2026-03-02T00:00:00Z") -> tuple[int, str]:
    (folder / "events.jsonl").write_text(EVENT, encoding="utf-8")
    if definitions is not None:
        (folder / "definitions.yaml").write_text(definitions, encoding="utf-8")
    command = [str(RELANCE), "simulate", "--definitions", str(folder / "definitions.yaml"), "--out", str(folder / "out")]
    command += ["--events", str(folder / "events.jsonl"), "--until", until, *more]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("definitions", "says"),
    [(UNKNOWN_STEP, "unknown_step"), ("a: [", "yaml_syntax"), (None, "unreadable_file")],
    ids=["wrong", "not-yaml", "not-there"],
)
def test_definitions_that_cannot_be_used_are_told(tmp_path: Path, definitions: str | None, says: str) -> None:
    code, told = simulate(tmp_path, definitions)

    assert code == 2
    assert says in told
    assert "Traceback" not in told


@pytest.mark.parametrize("more", [("--from", "yesterday"), ("--from", "2027-01-01T00:00:00Z"), ("--events", "/nowhere")])
def test_arguments_that_cannot_be_used_are_told(tmp_path: Path, more: tuple[str, str]) -> None:
    code, told = simulate(tmp_path, SOUND, *more)

    assert code == 2
    assert "Traceback" not in told


def test_a_command_that_does_not_exist_is_told() -> None:
    ended = subprocess.run([str(RELANCE), "nosuch"], capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode != 0
    assert "nosuch" in ended.stdout + ended.stderr
