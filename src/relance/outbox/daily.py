"""How many messages were decided each day, by channel and outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY, format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.store import Connection

_sql = load_queries("relance.outbox", "daily.sql")


def count_days(connection: Connection, now: int, days: int) -> list[dict[str, Any]]:
    """Messages of the last days, today's among them, the oldest first.

    Shape: one item per (day in UTC, channel, status), days without any left out: `on`, `channel`, `status` (sent, blocked, expired,
    failed), `messages`.

    Args:
        connection: the store, on one snapshot.
        now: microseconds.
        days: how many days back, today counted.
    """
    since = (now // DAY - days + 1) * DAY
    return [
        {"on": str(format_instant(day * DAY))[:10], "channel": channel, "status": status, "messages": n}
        for day, channel, status, n in connection.rows(_sql["days"], {"since": since, "until": now, "day": DAY})
    ]
