"""Read the messages back: what was sent, to whom, how it looked, or why it was not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import FAR_FUTURE, format_instant
from relance.store import load_queries
from relance.templates.model import is_html

if TYPE_CHECKING:
    from relance.store import Connection

UNDECIDED = frozenset({"queued", "ready", "claimed"})


def list_messages(
    connection: Connection,
    *,
    limit: int,
    source: str = "",
    profile_id: int = 0,
    status: str = "",
    before: str = "",
) -> list[dict[str, Any]]:
    """The last decided, or queued, first.

    Args:
        connection: the store, on one snapshot.
        limit: how many at most.
        source: of one journey or campaign alone.
        profile_id: of one person alone.
        status: in one status alone.
        before: the `cursor` of the last message of the page before.
    """
    at, _, number = before.partition("-")
    params = {
        "limit": limit,
        "source": source,
        "profile_id": profile_id,
        "status": status,
        "before_at": int(at) if at.isdecimal() else FAR_FUTURE,
        "before_id": int(number) if number.isdecimal() else FAR_FUTURE,
    }
    sql = load_queries("relance.outbox", "ledger.sql")
    prefix = connection.value(sql["message_prefix"]) or "m"
    return [_as_json(row, prefix) for row in connection.rows(sql["list_messages"], params)]


def _as_json(row: tuple[Any, ...], prefix: str) -> dict[str, Any]:
    (id_, queued_at, decided_at, due_at, user_id, traits, source, step, channel, to, template, variant, status, reason,
     subject, body, enrollment_id, visit) = row  # fmt: skip
    person = json.loads(traits)
    return {
        "message_id": f"{prefix}{id_}",
        "cursor": f"{decided_at or queued_at}-{id_}",
        "at": format_instant(decided_at or queued_at),
        "queued_at": format_instant(queued_at),
        "held_until": format_instant(due_at) if status in UNDECIDED and due_at > queued_at else None,
        "user_id": user_id,
        "name": " ".join(str(person[k]) for k in ("first_name", "last_name") if person.get(k)) or None,
        "source": source,
        "enrollment_id": str(enrollment_id),
        "visit": visit,
        "step": step,
        "channel": channel,
        "to": to,
        "template": template,
        "variant": variant,
        "status": status,
        "reason": reason,
        "subject": subject,
        "body": body,
        "html": channel in {"email", "in_app"} and is_html(body or ""),
    }
