"""Items that are no events: filed with what is wrong and where, so that users see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.events import RejectedItem
    from relance.store import Connection

_QUERIES = load_queries("relance.ingest")
LAST_POSITION = 2**62
KEPT_ITEMS = 100_000  # a public key must not be able to fill the store with nonsense


def record_rejected(connection: Connection, items: Sequence[RejectedItem]) -> None:
    """File items in the caller's transaction. An item that is filed already changes nothing; only the latest are kept.

    Effects: writes `rejected_events`.
    """
    if not items:
        return
    connection.execute_many(
        _QUERIES["add_rejected"],
        [(i.position, i.source, i.received_at, i.code, i.pointer, i.message, _as_text(i.raw)) for i in items],
    )
    connection.execute(_QUERIES["prune_rejected"], {"kept": KEPT_ITEMS})


def list_rejected(
    connection: Connection, *, limit: int = 50, before: int = LAST_POSITION, source: str = "", code: str = ""
) -> list[dict[str, Any]]:
    """The latest filed items before a position, the newest first, as the HTTP interface shows them."""
    rows = connection.rows(_QUERIES["rejected"], {"before": before, "source": source, "code": code, "n": limit})
    return [
        {
            "position": str(position),
            "source": source,
            "received_at": format_instant(received_at),
            "code": code,
            "pointer": pointer,
            "message": message,
            "raw": raw,
        }
        for position, source, received_at, code, pointer, message, raw in rows
    ]


def count_rejected(connection: Connection, *, since: int = 0) -> list[dict[str, Any]]:
    """How many items were filed from an instant on, by source and code, most first."""
    return [
        {"source": source, "code": code, "count": count, "last_at": format_instant(last_at)}
        for source, code, count, last_at in connection.rows(_QUERIES["count_rejected"], {"since": since})
    ]


def _as_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\x00", "\ufffd")
