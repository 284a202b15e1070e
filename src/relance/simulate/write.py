"""What a simulation writes: messages, passages, memberships, a summary. The same input gives the same bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.journeys.model import step_names
from relance.journeys.report import journey_report
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from relance.journeys.wave import Judge
    from relance.store import Connection
    from relance.workspace import Workspace

SQL = load_queries("relance.simulate")
_STATUS = ("active", "finished", "exited", "failed", "suppressed")
_ALL_OF_LOG = (1 << 62) - 1


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read_messages(connection: Connection) -> list[dict[str, Any]]:
    """All messages that were decided, in the order of `messages.jsonl`."""
    rows = [
        {
            "at": at, "user_id": user_id, "source": source, "step": step, "channel": channel, "to": to, "template": template,
            "variant": variant, "status": status, "reason": reason, "message_id": f"m{number}", "subject": subject, "body": body, "key": key,
        }
        for at, user_id, source, step, channel, to, template, variant, status, reason, number, subject, body, key in connection.rows(SQL["messages"])
    ]  # fmt: skip
    rows.sort(key=lambda r: (r["at"], r["user_id"], r["source"], r["step"], r["channel"], r["key"]))
    for row in rows:
        row["at"] = format_instant(row["at"])
        del row["key"]
    return rows


def read_enrollments(connection: Connection) -> list[dict[str, Any]]:
    """All passages of journeys, in the order of `enrollments.jsonl`."""
    names = {v: step_names(json.loads(body)) for v, body in connection.rows(SQL["versions"])}
    paths: dict[int, list[dict[str, Any]]] = {}
    for enrollment_id, version_id, step, at in connection.rows(SQL["paths"]):
        paths.setdefault(enrollment_id, []).append({"step": names[version_id][step], "at": format_instant(at)})
    return [
        {
            "journey": source.partition(":")[2],
            "user_id": user_id,
            "key": json.loads(key) if key else None,
            "entered_at": format_instant(entered_at),
            "ended_at": format_instant(ended_at),
            "status": _STATUS[status],
            "reason": reason,
            "goal_at": format_instant(goal_at),
            "path": paths.get(enrollment_id, []),
        }
        for enrollment_id, source, user_id, key, entered_at, ended_at, status, reason, goal_at in connection.rows(
            SQL["enrollments"]
        )
    ]


def _memberships(connection: Connection, workspace: Workspace, judge: Judge, until: int) -> list[dict[str, Any]]:
    users = dict(connection.rows("SELECT profile_id, user_id FROM profiles WHERE merged_into IS NULL"))
    return [
        {"segment": segment, "user_id": user_id}
        for segment in sorted(workspace.segments)
        for user_id in sorted(
            users[p] for p in judge.members({"type": "in_segment", "segment": segment}, until, _ALL_OF_LOG) if p in users
        )
    ]


def write_results(connection: Connection, workspace: Workspace, judge: Judge, until: int, out: Path) -> None:
    """Effects: writes four files into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    _write_lines(out / "messages.jsonl", read_messages(connection))
    _write_lines(out / "enrollments.jsonl", read_enrollments(connection))
    _write_lines(out / "memberships.jsonl", _memberships(connection, workspace, judge, until))
    summary = {"journeys": {j: journey_report(connection, f"journey:{j}") for j in sorted(workspace.journeys)}}
    (out / "summary.json").write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
