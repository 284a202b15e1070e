"""The shop's past, told to an installation by the real clock: the same story, moved so that it ends at an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR
from relance.demo.shop import ShopWorld
from relance.demo.traffic import EVENTS_A_REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator

LASTS = 12 * DAY
PREFIX = "demo-"  # of every id: nobody's own people are called so
SEED = 1


def tell_past(ends_at: int, told: int = 0) -> Iterator[list[dict[str, Any]]]:
    """What happened in the twelve days until an instant, request by request. For the same instant the same, id by id.

    Args:
        ends_at: microseconds; the last events come before it.
        told: how many events to leave out: they were told before.
    """
    start = ends_at - LASTS
    world = ShopWorld(SEED, start, live_at=ends_at)
    untold: list[dict[str, Any]] = []
    for until in range(start + HOUR, ends_at + 1, HOUR):  # a piece at a time: others have work too
        happened = world.step(min(until, ends_at - 1))
        left_out = min(told, len(happened))
        told -= left_out
        untold += (_as_demo(event, ends_at) for event in happened[left_out:])
        while len(untold) >= EVENTS_A_REQUEST:
            yield untold[:EVENTS_A_REQUEST]
            del untold[:EVENTS_A_REQUEST]
    if untold:
        yield untold


def _as_demo(event: dict[str, Any], ends_at: int) -> dict[str, Any]:
    """The event with ids that belong to the demo, and to this telling of it: after a removal it may be told again."""
    ids: dict[str, Any] = {name: PREFIX + event[name] for name in ("userId", "anonymousId") if name in event}
    return {**event, **ids, "messageId": f"{PREFIX}{ends_at}-{event['messageId']}", "receivedAt": event["timestamp"]}
