"""The shop's traffic: asks the made world what happened, tells it to relance, and shows the world what relance sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY
from relance.demo.reactions import SentMessage
from relance.errors import StoreUnavailable
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event as Signal

    from relance.clock import Clock
    from relance.demo.shop import ShopWorld
    from relance.store import Database

TURN_SECONDS = 0.25
EVENTS_A_REQUEST = 400
# A hand-off is written a little after the instant it is stamped with, the longer the faster time runs.
LOOK_BACK = DAY // 4


class Traffic:
    """Feeds one shop into one relance."""

    def __init__(
        self, world: ShopWorld, clock: Clock, feed: Callable[[list[dict[str, Any]]], object], database: Database, prefix: str
    ) -> None:
        """Connect a world to the product.

        Args:
            world: what happens.
            clock: when.
            feed: takes events of the tracking API; raises `StoreUnavailable` when it cannot.
            database: the store, to see what was sent.
            prefix: what stands before a message's number outside.
        """
        self._world = world
        self._clock = clock
        self._feed = feed
        self._database = database
        self._prefix = prefix
        self._looked_at = clock.now()
        self._seen: dict[int, int] = {}
        self._untold: list[dict[str, Any]] = []

    def turn(self) -> int:
        """Let the shop live until now; answer how many events it told."""
        now = self._clock.now()
        self._untold += self._world.step(now, self._read_sent(now))
        told = 0
        try:
            while self._untold:
                part = self._untold[:EVENTS_A_REQUEST]
                self._feed(part)
                del self._untold[: len(part)]
                told += len(part)
        except StoreUnavailable:
            pass  # it is told at the next turn
        return told

    def run(self, stop: Signal) -> None:
        """Turn until told to stop."""
        while not stop.wait(TURN_SECONDS):
            self.turn()

    def _read_sent(self, now: int) -> list[SentMessage]:
        since = self._looked_at - LOOK_BACK
        with self._database.reading() as connection:
            rows = connection.rows(load_queries("relance.demo")["sent_messages"], {"since": since})
        fresh = [row for row in rows if row[0] not in self._seen]
        self._seen = {number: at for number, at in self._seen.items() if at >= since} | {row[0]: row[5] for row in fresh}
        self._looked_at = now
        return [
            SentMessage(f"{self._prefix}{number}", user_id, source, step, channel, at, subject or "")
            for number, user_id, source, step, channel, at, subject in fresh
        ]


def tell_history(world: ShopWorld, live_at: int) -> Iterator[list[dict[str, Any]]]:
    """What happened until the shop changed to relance, request by request; each event says itself when it was received."""
    told = world.step(live_at)
    for start in range(0, len(told), EVENTS_A_REQUEST):
        yield [{**event, "receivedAt": event["timestamp"]} for event in told[start : start + EVENTS_A_REQUEST]]
