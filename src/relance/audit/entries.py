"""Entries of the audit: written, and read back by whom, what and when."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.clock import FAR_FUTURE, format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.store import Connection

_sql = load_queries("relance.audit")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act."""

    actor: str  # `key:NAME` of an API key, `cli`, or `engine` for what was asked for earlier
    action: str  # publish pause resume close stop archive restore create add remove delete revoke ...
    kind: str  # of what was changed: journey campaign segment template list source write_key api_key ...
    id: str
    version: int | None = None  # of the definition afterwards
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(connection: Connection, now: int, entries: Iterable[Entry]) -> None:
    """Write down what is being done, in the transaction that does it. Effects: adds to `audit_entries`."""
    connection.insert_rows(
        "audit_entries",
        ["at", "actor", "action", "kind", "id", "version", "detail"],
        [
            (now, e.actor, e.action, e.kind, e.id, e.version, json.dumps(e.detail, ensure_ascii=False, sort_keys=True))
            for e in entries
        ],
    )


def list_entries(
    connection: Connection,
    *,
    limit: int,
    before: int = FAR_FUTURE,
    kind: str = "",
    definition_id: str = "",
    actor: str = "",
    action: str = "",
    since: int = 0,
    until: int = FAR_FUTURE,
) -> list[dict[str, Any]]:
    """What was done, the last first.

    Args:
        connection: the store, on one snapshot.
        limit: how many at most.
        before: the `cursor` of the last entry of the page before.
        kind: of what was changed.
        definition_id: of what was changed.
        actor: who did it.
        action: what was done.
        since: not before this instant.
        until: nor after this one.
    """
    params = {
        "limit": limit, "before": before, "kind": kind, "id": definition_id, "actor": actor, "action": action,
        "since": since, "until": until,
    }  # fmt: skip
    return [
        {
            "cursor": str(entry_id),
            "at": format_instant(at),
            "actor": who,
            "action": done,
            "kind": of_kind,
            "id": name,
            "version": version,
            "detail": json.loads(detail),
        }
        for entry_id, at, who, done, of_kind, name, version, detail in connection.rows(_sql["entries"], params)
    ]
