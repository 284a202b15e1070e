"""One person out of two: what the merged profile had becomes the kept one's (SEMANTICS 42)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store import Connection

SQL = load_queries("relance.profiles", "merge.sql")
SCRATCH = "CREATE TEMP TABLE IF NOT EXISTS w_merge (merged_id {{key}}, kept_id BIGINT NOT NULL, at BIGINT NOT NULL, seq BIGINT NOT NULL) {{scratch}};"

# In this order. Twins (open passages with one source and key on both sides) must be ended before.
_STATEMENTS = (
    "consent_unsubscribed",
    "consent_filled",
    "ledger",
    "timers",
    "enrollments",
    "held_entries",
    "memberships",
    "no_memberships",
    "considered",
    "not_considered",
    "queue_twins",
    "queue",
    "audience_twins",
    "no_audiences",
    "audience_changes",
    "messages",
    "lists",
    "events",
    "signals",
    "reactions",
    "own_events",
    "profiles",
)


def merge_people(connection: Connection, pairs: Sequence[tuple[int, int, int, int]]) -> None:
    """Move all rows of merged profiles to the kept ones.

    Args:
        connection: in the tick's transaction.
        pairs: (merged profile, kept profile, at, seq), each profile in one pair at most.

    Effects: re-keys consent, enrollments, messages, list changes, kept events; `profiles.merged_into` names the kept one.
    """
    connection.execute("DELETE FROM w_merge")
    connection.insert_rows("w_merge", ["merged_id", "kept_id", "at", "seq"], pairs)
    for name in _STATEMENTS:
        connection.execute(SQL[name])
