"""One person's passages through journeys: every step taken, and why.

What a decision rests on stands beside it: the event that was heard, the limit that passed, the condition that held.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from relance.clock import format_instant
from relance.journeys.model import step_names
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

sql = load_queries("relance.journeys", "trace.sql")


class Visit(TypedDict):
    """A step that somebody entered, and why."""

    visit: int
    step: str
    type: str
    at: str
    why: dict[str, Any]


class Passage(TypedDict):
    """One passage of somebody through a journey or campaign."""

    enrollment_id: str
    source: str
    name: str
    key: Any
    status: str
    reason: str | None
    entered_at: str
    ended_at: str | None
    goal_at: str | None
    step: str | None
    due_at: str | None
    started_by: dict[str, Any]
    path: list[Visit]


STATUSES = ("active", "finished", "exited", "failed", "suppressed")


def trace_profile(connection: Connection, profile_id: int, limit: int = 100) -> list[Passage]:
    """The passages of one person, the newest first; each with its path, each step with its `why`."""
    of = {"profile_id": profile_id, "limit": limit}
    paths: dict[int, list[tuple[Any, ...]]] = {}
    older: dict[int | None, dict[str, Any] | None] = {None: None}
    for enrollment_id, *visit, version_id in connection.rows(sql["trace_paths"], {"profile_id": profile_id}):
        if version_id not in older:
            older[version_id] = json.loads(connection.value(sql["trace_version"], {"version_id": version_id}))
        paths.setdefault(enrollment_id, []).append((*visit, older[version_id]))
    return [_passage(row, paths.get(row[0], [])) for row in connection.rows(sql["trace_enrollments"], of)]


def _passage(row: tuple[Any, ...], path: list[tuple[Any, ...]]) -> Passage:
    (id_, _, text, source, key, status, reason, entered_at, ended_at, step, due_at, name, event_at, properties, goal_at) = row
    body = json.loads(text)
    names = step_names(body)
    return {
        "enrollment_id": str(id_),
        "source": source,
        "name": body.get("name") or body["id"],
        "key": read_key(key),
        "status": STATUSES[status],
        "reason": reason,
        "entered_at": format_instant(entered_at),
        "ended_at": format_instant(ended_at),
        "goal_at": format_instant(goal_at),
        "step": names[step] if status == 0 and step is not None and 0 <= step < len(names) else None,
        "due_at": format_instant(due_at) if status == 0 else None,
        "started_by": (
            {"event": name, "at": format_instant(event_at), "properties": json.loads(properties)} if name else _entry_of(body)
        ),
        "path": [_visit(body, path, n) for n in range(len(path)) if path[n][1] >= 0],
    }


def read_key(key: str) -> Any:
    if not key:
        return None
    try:
        return json.loads(key)
    except ValueError:
        return key


def _entry_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What lets people in where no event did: the segment that a schedule reads, or a campaign's audience."""
    entry = body.get("entry") or {"audience": body.get("audience"), "schedule": body.get("schedule")}
    return {k: entry[k] for k in ("segment", "schedule", "audience") if entry.get(k)}


def _visit(newest: Mapping[str, Any], path: list[tuple[Any, ...]], n: int) -> Visit:
    """One step; `path` has with each the version's body, where that is older than the one the passage is of now."""
    visit, step, at, cause, ref, heard, heard_at, older = path[n]
    body = older or newest
    name = step_names(body)[step]
    body_before = (path[n - 1][-1] or newest) if n else body
    before = step_names(body_before)[path[n - 1][1]] if n else None
    return {
        "visit": visit,
        "step": name,
        "type": _step_body(body, name).get("type", "message"),
        "at": format_instant(at),
        "why": _why(_step_body(body_before, before), before, cause, ref, heard, heard_at),
    }


def _step_body(body: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (body.get("steps") or {}).get(name) or {}
    return found


def _why(
    before: Mapping[str, Any], name: str | None, cause: str, ref: int | None, heard: str | None, heard_at: int | None
) -> dict[str, Any]:
    """Why a step was entered: the cause, and what it rests on."""
    why: dict[str, Any] = {"cause": cause, "from": name}
    if cause == "heard":
        why |= {"event": heard, "event_at": format_instant(heard_at)}
    elif cause == "timeout":
        why |= {"limit": before.get("timeout"), "unheard": [_listened(spec) for spec in before.get("for", ())]}
    elif cause == "waited":
        why |= {"waited": before.get("for") or before.get("until")}
    elif cause == "branch" and ref is not None and 0 <= ref < len(before.get("when", ())):
        why |= {"number": ref, "condition": before["when"][ref]["where"]}
    elif cause == "split" and ref is not None and 0 <= ref < len(before.get("paths", ())):
        why |= {"number": ref, "percent": before["paths"][ref]["percent"]}
    elif cause == "otherwise":
        why |= {"conditions": [choice["where"] for choice in before.get("when", ())]}
    return why


def _listened(spec: Mapping[str, Any]) -> str:
    return str(next((spec[k] for k in ("event", "segment_entered", "segment_left") if k in spec), ""))


def list_journey_events(connection: Connection, profile_id: int, limit: int = 200) -> list[dict[str, Any]]:
    """What one person did as far as journeys wait for it, and what the engine told about them; the last first."""
    rows = connection.rows(sql["trace_events"], {"profile_id": profile_id, "limit": limit})
    return [
        {"seq": str(seq), "name": name, "at": format_instant(at), "properties": json.loads(properties), "own": bool(own)}
        for seq, name, at, properties, own in rows
    ]
