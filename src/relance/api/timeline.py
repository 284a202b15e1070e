"""One person's life as one list: what they did, what was decided and why, what they were sent, what they agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.consent.ledger import read_ledger
from relance.journeys.trace import trace_profile
from relance.outbox.ledger import list_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Connection

# Among equals of one instant, what caused stands before what followed.
_ORDER = ("event", "consent", "started", "suppressed", "step", "message", "goal", "ended")


def build_timeline(connection: Connection, profile_id: int, events: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """The last things in one person's life, the newest first.

    Args:
        connection: the store, on one snapshot.
        profile_id: whose.
        events: what they did, from whoever remembers it.
        limit: how many at most.
    """
    items: list[dict[str, Any]] = [{"kind": "event", **event} for event in events]
    items += ({"kind": "consent", **change} for change in read_ledger(connection, profile_id, limit))
    items += ({"kind": "message", **message} for message in list_messages(connection, limit=limit, profile_id=profile_id))
    for passage in trace_profile(connection, profile_id, limit):
        items += _moments_of(passage)
    items.sort(key=lambda item: (_comparable(item["at"]), _ORDER.index(item["kind"])), reverse=True)
    return items[:limit]


def _comparable(at: str) -> str:
    """Instants as texts that sort: one with a fraction behind the same without."""
    return at.removesuffix("Z").ljust(26, ".")


def _moments_of(passage: dict[str, Any]) -> Iterator[dict[str, Any]]:
    about = {name: passage[name] for name in ("enrollment_id", "source", "name", "key")}
    if passage["status"] == "suppressed":
        yield {"kind": "suppressed", "at": passage["entered_at"], **about, "reason": passage["reason"],
               "started_by": passage["started_by"]}  # fmt: skip
        return
    yield {"kind": "started", "at": passage["entered_at"], **about, "started_by": passage["started_by"]}
    for visit in passage["path"]:
        yield {"kind": "step", **about, **visit}
    if passage["goal_at"]:
        yield {"kind": "goal", "at": passage["goal_at"], **about}
    if passage["ended_at"]:
        yield {"kind": "ended", "at": passage["ended_at"], **about, "status": passage["status"], "reason": passage["reason"]}
