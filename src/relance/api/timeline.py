"""One person's life as one list: what they did, what was decided and why, what they were sent, what they agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.consent.ledger import read_ledger
from relance.journeys.trace import trace_profile
from relance.outbox.ledger import list_messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relance.store import Connection

# Events that say again what another item of the list says better.
_TOLD_ELSEWHERE = frozenset({
    "Email Sent", "SMS Sent", "Push Notification Sent", "In-App Message Shown", "Webhook Sent", "Message Blocked",
    "Journey Entered", "Journey Ended", "Journey Goal Reached", "Subscription Changed", "Unsubscribed",
})  # fmt: skip
_LAST = 1 << 30  # a visit later than any


def build_timeline(connection: Connection, profile_id: int, events: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """The last things in one person's life, the newest first.

    Args:
        connection: the store, on one snapshot.
        profile_id: whose.
        events: what they did, from whoever remembers it.
        limit: how many at most.
    """
    # Within one instant: what was told, then each passage in the order in which it was lived.
    moments: list[tuple[tuple[str, int, int, int], dict[str, Any]]] = [
        ((_comparable(event["at"]), 0, 0, 0), {"kind": "event", **event})
        for event in events
        if event["name"] not in _TOLD_ELSEWHERE
    ]
    moments += (((_comparable(c["at"]), 0, 1, 0), {"kind": "consent", **c}) for c in read_ledger(connection, profile_id, limit))
    for message in list_messages(connection, limit=limit, profile_id=profile_id):
        place = (_comparable(message["at"]), int(message["enrollment_id"]), message["visit"], 1)
        moments.append((place, {"kind": "message", **message}))
    for passage in trace_profile(connection, profile_id, limit):
        number = int(passage["enrollment_id"])
        moments += (((_comparable(item["at"]), number, visit, 0), item) for visit, item in _moments_of(passage))
    moments.sort(key=lambda moment: moment[0], reverse=True)
    return [item for _, item in moments[:limit]]


def _comparable(at: str) -> str:
    """Instants as texts that sort: one with a fraction behind the same without."""
    return at.removesuffix("Z").ljust(26, ".")


def _moments_of(passage: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    about = {name: passage[name] for name in ("enrollment_id", "source", "name", "key")}
    begun = {"at": passage["entered_at"], **about, "started_by": passage["started_by"]}
    if passage["status"] == "suppressed":
        yield -1, {"kind": "suppressed", **begun, "reason": passage["reason"]}
        return
    yield -1, {"kind": "started", **begun}
    for visit in passage["path"]:
        yield visit["visit"], {"kind": "step", **about, **visit}
    if passage["goal_at"]:
        yield _LAST, {"kind": "goal", "at": passage["goal_at"], **about}
    if passage["ended_at"]:
        ended = {"status": passage["status"], "reason": passage["reason"]}
        yield _LAST + 1, {"kind": "ended", "at": passage["ended_at"], **about, **ended}
