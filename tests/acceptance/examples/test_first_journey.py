"""The README's tour says what happens to three people; this is it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "first-journey"


def test_the_tour_of_the_readme_comes_out_as_told(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("relance")), "simulate", "--until", "2026-03-05T00:00:00Z"]
    files = ["--definitions", str(EXAMPLE / "definitions.yaml"), "--events", str(EXAMPLE / "events.jsonl")]
    subprocess.run([*command, *files, "--out", str(tmp_path)], check=True, capture_output=True, timeout=60)
    messages = [json.loads(line) for line in (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines()]
    passages = [json.loads(line) for line in (tmp_path / "enrollments.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [
        ("2026-03-02T20:30:00Z", "ana", "remind", "sent"),
        ("2026-03-02T20:30:00Z", "ben", "remind", "sent"),
        ("2026-03-04T07:00:00Z", "ana", "text", "sent"),  # not at 21:30 in Paris, but at eight the next morning
    ] == [(m["at"], m["user_id"], m["step"], m["status"]) for m in messages]
    assert [("ana", "finished", None), ("ben", "exited", "Order Completed")] == [
        (p["user_id"], p["status"], p["reason"]) for p in passages
    ]
