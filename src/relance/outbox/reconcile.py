"""A message whose hand-off had no known outcome turns out to have been sent (SEMANTICS 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

_DOUBTED = "EXISTS (SELECT 1 FROM message_faults f WHERE f.message_id = m.message_id AND f.outcome = 'unknown_outcome')"
# Failed for good; still with the provider; or waiting to go again because nobody knew of an attempt.
_NAMED = f"""SELECT m.message_id, m.profile_id, m.status, NOT EXISTS (SELECT 1 FROM message_outcomes o WHERE o.message_id = m.message_id)
    FROM messages m
    WHERE m.message_id IN {{values}} AND m.profile_id > 0 AND (
        (m.status = 'failed' AND m.reason = 'unknown_outcome') OR m.status = 'claimed' OR (m.status = 'ready' AND {_DOUBTED}))
    ORDER BY m.claimed_at, m.message_id"""  # noqa: S608 - our own text
# The claim is the hand-off: whoever found a dead worker's message decided about it later.
_SENT = """UPDATE messages SET status = 'sent', reason = NULL, decided_at = COALESCE(claimed_at, decided_at)
    WHERE message_id = ? AND status = 'failed' AND reason = 'unknown_outcome'"""
# Of a message that waits the attempt is known by the fault that it left.
_NOT_AGAIN = """UPDATE messages SET status = 'sent', reason = NULL, decided_at = (
        SELECT MAX(f.at) FROM message_faults f WHERE f.message_id = messages.message_id AND f.outcome = 'unknown_outcome')
    WHERE message_id = ? AND status = 'ready'"""
# The journeys are yet to hear of both.
_TOLD_EARLIER = """UPDATE message_outcomes SET decided_at = m.decided_at
    FROM messages m WHERE m.message_id = message_outcomes.message_id AND message_outcomes.message_id = ?"""
_TOLD = "INSERT INTO message_outcomes (message_id, decided_at) SELECT message_id, decided_at FROM messages WHERE message_id = ? AND status = 'sent'"
_REMEMBERED = "UPDATE messages SET proven = 1 WHERE message_id = ? AND status = 'claimed'"


class Proven(NamedTuple):
    """A message that was sent after all."""

    message_id: int
    profile_id: int
    resolved: bool  # the journeys have taken it for failed already


def reconcile(connection: Connection, named: Mapping[int, int | None]) -> list[Proven]:
    """Take those for sent, as of their hand-off, whose outcome was unknown; from here on they count for the caps.

    Answers those that had failed. Of one that is still with its provider it is remembered, for the worker or for whoever
    finds it abandoned; one that waits to go again, because nobody knew, does not go.

    Args:
        connection: in the transaction of the tick that reads the reactions.
        named: messages that somebody reacted to, and the profile that did; None when whoever tells it is trusted.

    Effects: updates `messages` and, where the journeys know of no outcome yet, `message_outcomes`.
    """
    if not named:
        return []
    found: dict[str, list[Proven]] = {"failed": [], "claimed": [], "ready": []}
    for message_id, profile_id, status, resolved in connection.rows_in(_NAMED, sorted(named), {}):
        if named[message_id] in (None, profile_id):
            found[status].append(Proven(message_id, profile_id, bool(resolved)))
    steps = {"failed": (_SENT, _TOLD_EARLIER), "claimed": (_REMEMBERED,), "ready": (_NOT_AGAIN, _TOLD)}
    for status, statements in steps.items():
        for statement in statements:
            connection.execute_many(statement, [(p.message_id,) for p in found[status]])
    return found["failed"]
