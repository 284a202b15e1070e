"""What the engine emitted goes into the log, where everything that happened is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import format_instant
from relance.eventlog.base import NewChunk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.store import Connection, Database

OWN_SOURCE = "relance"
EVENTS_A_CHUNK = 10_000
_READ = """SELECT o.own_id, p.user_id, p.known, o.profile_id, o.seq, o.name, o.at, o.properties FROM own_events o JOIN profiles p ON p.profile_id = o.profile_id
    ORDER BY o.own_id LIMIT :most"""


def _item(row: tuple[Any, ...]) -> dict[str, Any]:
    own_id, user_id, known, profile_id, seq, name, at, properties = row
    return {
        "type": "track",
        "userId" if known else "anonymousId": user_id,
        "event": name,
        "messageId": f"own-{own_id}",
        "timestamp": format_instant(at),
        "context": {"relance": {"profile_id": profile_id, "seq": seq}},
        "properties": msgspec.Raw(properties.encode()),
    }


def relay_own_events(
    database: Database,
    commit: Callable[[NewChunk], int],
    note: Callable[[Connection, Sequence[tuple[str, int]]], None] | None = None,
) -> int:
    """Move our own events to the log; answer how many. A crash in between repeats them, and the log knows their ids.

    `note` is told of their names and instants in the transaction that deletes them, so that it is told of each once.

    Effects: adds a chunk of kind `own` to the log, then deletes from `own_events`.
    """
    with database.reading() as connection:
        rows = connection.rows(_READ, {"most": EVENTS_A_CHUNK})
    if not rows:
        return 0
    commit(
        NewChunk(
            source=OWN_SOURCE,
            body=msgspec.json.encode({"batch": list(map(_item, rows))}),
            message_ids=[f"own-{row[0]}" for row in rows],
            kind="own",
            trusted=True,
            correct_skew=False,
        )
    )
    with database.writing() as connection:
        connection.execute("DELETE FROM own_events WHERE own_id <= :last", {"last": rows[-1][0]})
        if note is not None:
            note(connection, [(name, at) for *_, name, at, _ in rows])
    return len(rows)
