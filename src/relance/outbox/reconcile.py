"""A message whose hand-off had no known outcome turns out to have been sent (SEMANTICS 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

_UNKNOWN = """SELECT message_id, profile_id, resolved FROM messages
    WHERE message_id IN {values} AND status = 'failed' AND reason = 'unknown_outcome' ORDER BY claimed_at, message_id"""
# The claim is the hand-off: whoever found a dead worker's message decided about it later.
_SENT = """UPDATE messages SET status = 'sent', reason = NULL, decided_at = COALESCE(claimed_at, decided_at)
    WHERE message_id = ? AND status = 'failed' AND reason = 'unknown_outcome'"""


class Proven(NamedTuple):
    """A message that was sent after all."""

    message_id: int
    profile_id: int
    resolved: bool  # the journeys have taken it for failed already


def reconcile(connection: Connection, named: Mapping[int, int | None]) -> list[Proven]:
    """Take those for sent, as of their hand-off, whose outcome was unknown; from here on they count for the caps.

    Args:
        connection: in the transaction of the tick that reads the reactions.
        named: messages that somebody reacted to, and the profile that did; None when whoever tells it is trusted.

    Effects: updates `messages`.
    """
    if not named:
        return []
    proven = [
        Proven(message_id, profile_id, bool(resolved))
        for message_id, profile_id, resolved in connection.rows_in(_UNKNOWN, sorted(named), {})
        if named[message_id] in (None, profile_id)
    ]
    connection.execute_many(_SENT, [(p.message_id,) for p in proven])
    return proven
