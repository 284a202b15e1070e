"""Who is inside a journey, and where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.errors import NotFound
from relance.journeys.model import step_names
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.store import Connection

_sql = load_queries("relance.journeys.lifecycle", "people.sql")
STEPS_PER_VERSION = 1 << 20  # a step's number is below that: with its version it makes one number


def count_people(connection: Connection, source: str) -> list[dict[str, Any]]:
    """How many are inside, by version and step, the newest version first."""
    names = _names(connection, source)
    rows = connection.rows(_sql["count"], {"source": source})
    return [{"version": names[v][0], "step": names[v][1][step], "people": n} for v, step, n in rows]


def list_people(connection: Connection, source: str, *, step: str, limit: int, after: int) -> dict[str, Any]:
    """A page of those inside.

    Args:
        connection: the store, on one snapshot.
        source: `journey:ID` or `campaign:ID`.
        step: who stands at the step of this name, in any version; "" for all.
        limit: how many at most.
        after: the `next` of the page before.

    Raises:
        NotFound: no version has such a step.
    """
    names = _names(connection, source)
    places = [
        version_id * STEPS_PER_VERSION + n
        for version_id, (_, steps) in names.items()
        for n, s in enumerate(steps)
        if step in ("", s)
    ]
    if not places:
        msg = f"{source} has no step {step!r}"
        raise NotFound(msg)
    params = {"source": source, "after": after, "limit": limit, "steps": STEPS_PER_VERSION}
    rows = connection.rows_in(_sql["people"], places, params)
    items = [
        {
            "user_id": user_id,
            "enrollment_id": str(enrollment_id),
            "key": json.loads(key) if key else None,
            "version": names[version_id][0],
            "step": names[version_id][1][number],
            "entered_at": format_instant(entered_at),
            "since": format_instant(step_at),
            "due_at": format_instant(due_at),
        }
        for enrollment_id, user_id, key, version_id, number, entered_at, step_at, due_at in rows
    ]
    return {"items": items, "next": items[-1]["enrollment_id"] if len(items) == limit else None}


def _names(connection: Connection, source: str) -> dict[int, tuple[int, list[str]]]:
    rows = connection.rows(_sql["versions"], {"source": source})
    return {version_id: (version, step_names(json.loads(body))) for version_id, version, body in rows}
