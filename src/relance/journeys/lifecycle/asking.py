"""Acts are asked for: written down with their instant, and heeded by the drain at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.audit import Entry, record
from relance.clock import FAR_FUTURE, format_instant, parse_instant
from relance.errors import Conflict, InvalidInput, NotFound
from relance.journeys.lifecycle.model import PUBLISHED, Act, State, explain_refusal, find_way
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

sql = load_queries("relance.journeys.lifecycle")


def require_published(connection: Connection, source: str) -> tuple[State, int]:
    """What was last asked of a journey or campaign, and its newest version.

    Raises:
        NotFound: it was never published.
    """
    row = connection.row(sql["newest"], {"source": source})
    if row is None:
        kind, _, name = source.partition(":")
        msg = f"there is no published {kind} {name!r}"
        raise NotFound(msg)
    return row[0], int(row[1])


def ask(
    connection: Connection,
    source: str,
    action: str,
    *,
    now: int,
    actor: str,
    at: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Ask for an act, now or at a later instant.

    Asked for now, it holds from the commit of the caller's transaction on: the drain hands nothing over for what is paused or
    stopped. The engine does the rest when it has applied what was received before.

    Args:
        connection: for writing.
        source: `journey:ID` or `campaign:ID`.
        action: pause, resume, close, stop, migrate or publish.
        now: microseconds.
        actor: who asks.
        at: a later instant; whether the act fits then is found out then.
        detail: what the act needs: `clocks` and `entries` of a pause, the `map` of a migration, the `body` to publish.

    Raises:
        NotFound: nothing is published under that name.
        Conflict: the act does not lead on from the state it is in, or it is archived.
        InvalidInput: `at` is no instant, or past.

    Effects: adds to `journey_acts` and the audit; sets the state of `journey_versions`.
    """
    due = now if at is None else _later(at, now)
    kind, _, name = source.partition(":")
    told: dict[str, Any] = dict(detail or {})
    version: int | None = None
    connection.execute(sql["next_revision"])  # first: from here on no message is claimed before this is committed
    if action != "publish":  # a first version may be what is scheduled
        state, version = require_published(connection, source)
        if connection.value(sql["is_archived"], {"source": source}):
            msg = f"the {kind} {name!r} is archived: restore it first"
            raise Conflict(msg)
        if at is None and action != "migrate":
            following = find_way(action, state, _before_pause(connection, source))
            if following is None:
                raise Conflict(explain_refusal(action, source, state))
            connection.execute(sql["set_state"], {"source": source, "state": following})
        told["from"] = state
    act_id = _add(connection, source, action, at=due, detail=told, actor=actor, now=now)
    shown = {k: v for k, v in told.items() if k != "body"} | ({"at": format_instant(due)} if at is not None else {})
    record(connection, now, [Entry(actor, action, kind, name, version, shown)])
    return {**describe_act(connection, act_id), "in_flight": connection.value(sql["in_flight"], {"source": source})}


def _later(at: str, now: int) -> int:
    due = parse_instant(at)
    if due is None or due <= now:
        msg = f"{at!r} is {'past' if due else 'no instant'}: write one that is to come, with its offset: 2026-03-01T09:00:00Z"
        raise InvalidInput(msg, problems=[msg], path="/at")
    return due


def _before_pause(connection: Connection, source: str) -> State:
    """What a journey was before it was paused last."""
    found = connection.value(sql["last_pause"], {"source": source})
    return json.loads(found).get("from", PUBLISHED) if found else PUBLISHED


def _add(connection: Connection, source: str, action: str, *, at: int, detail: Mapping[str, Any], actor: str, now: int) -> int:
    values = {
        "source": source, "action": action, "at": at, "detail": json.dumps(detail, ensure_ascii=False), "actor": actor, "now": now,
    }  # fmt: skip
    return int(connection.rows(sql["add_act"], values)[0][0])


def cancel(connection: Connection, source: str, act_id: int, *, now: int, actor: str) -> dict[str, Any]:
    """Take back an act whose instant has not come.

    Raises:
        NotFound: there is no such act, or it was done already.
    """
    if not connection.execute(sql["cancel_act"], {"source": source, "act_id": act_id, "now": now}):
        msg = f"no act {act_id} waits for its instant"
        raise NotFound(msg)
    kind, _, name = source.partition(":")
    record(connection, now, [Entry(actor, "cancel", kind, name, None, {"act_id": act_id})])
    return describe_act(connection, act_id)


def archive(connection: Connection, source: str, *, now: int, actor: str) -> dict[str, Any]:
    """Take a journey or campaign that has come to its end out of lists. It can be read as before.

    Raises:
        NotFound: nothing is published under that name.
        Conflict: it is archived already, or people may still come in or are inside.
    """
    state, version = require_published(connection, source)
    kind, _, name = source.partition(":")
    inside = int(connection.value(sql["n_inside"], {"source": source}))
    if connection.value(sql["is_archived"], {"source": source}):
        msg = f"the {kind} {name!r} is archived already"
        raise Conflict(msg)
    if state not in ("closed", "stopped") or (inside and state != "stopped"):
        why = f"{inside} people are inside" if state == "closed" else f"it is {state}"
        msg = f"the {kind} {name!r} can not be archived: {why}; stop it, or close it and wait until everybody has finished"
        raise Conflict(msg)
    connection.execute(sql["next_revision"])
    connection.execute(sql["archive"], {"source": source, "at": now, "by": actor})
    record(connection, now, [Entry(actor, "archive", kind, name, version)])
    return {"source": source, "archived_at": format_instant(now)}


def restore(connection: Connection, source: str, *, now: int, actor: str) -> dict[str, Any]:
    """Bring an archived journey or campaign back into lists. It stays closed or stopped until it is resumed.

    Raises:
        NotFound: nothing is published under that name.
        Conflict: it is not archived.
    """
    _, version = require_published(connection, source)
    kind, _, name = source.partition(":")
    if not connection.execute(sql["restore"], {"source": source}):
        msg = f"the {kind} {name!r} is not archived"
        raise Conflict(msg)
    connection.execute(sql["next_revision"])
    record(connection, now, [Entry(actor, "restore", kind, name, version)])
    return {"source": source, "archived_at": None}


def load_due(connection: Connection, until: int = FAR_FUTURE) -> Act | None:
    """The first act that waits and whose instant has come by `until`."""
    row = connection.row(sql["due_act"], {"until": until})
    if row is None:
        return None
    act_id, source, action, at, detail, actor, asked_at = row
    return Act(act_id, source, action, at, actor, asked_at, json.loads(detail))


def describe_act(connection: Connection, act_id: int) -> dict[str, Any]:
    """One act, as the management interface shows it."""
    return _as_json(connection.rows(sql["act"], {"act_id": act_id})[0])


def list_acts(connection: Connection, source: str, limit: int = 20) -> list[dict[str, Any]]:
    """What was asked of a journey or campaign, the last first."""
    return [_as_json(row) for row in connection.rows(sql["acts"], {"source": source, "limit": limit})]


def _as_json(row: tuple[Any, ...]) -> dict[str, Any]:
    act_id, source, action, at, detail, actor, asked_at, state, outcome, ended_at = row
    return {
        "act_id": act_id,
        "source": source,
        "action": action,
        "at": format_instant(at),
        "state": state,
        "actor": actor,
        "asked_at": format_instant(asked_at),
        "ended_at": format_instant(ended_at),
        "detail": {k: v for k, v in json.loads(detail).items() if k not in ("body", "from")},
        "outcome": json.loads(outcome) if outcome else None,
    }
