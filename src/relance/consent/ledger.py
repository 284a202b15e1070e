"""The ledger of consent: who said what, when, and how. Never rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.store import Connection


def read_ledger(connection: Connection, profile_id: int, limit: int = 100) -> list[dict[str, Any]]:
    """The consent changes told about one person, in force or not, the last first."""
    rows = connection.rows(
        load_queries("relance.consent", "ledger.sql")["ledger_of_profile"], {"profile_id": profile_id, "limit": limit}
    )
    return [
        {
            "channel": channel,
            "group": group or None,
            "state": state,
            "at": format_instant(at),
            "received_at": format_instant(received_at),
            "source": source,
            "applied": bool(applied),
        }
        for channel, group, state, at, received_at, source, applied in rows
    ]
