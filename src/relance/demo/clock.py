"""A clock that runs faster than the machine's, so that a timer of a day fires within a minute or two."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from relance.clock import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable


class _Pace(NamedTuple):
    """From which instant on, and from when on the machine's clock (None: it stands still), time goes how fast."""

    at: int
    since: float | None
    speed: float


class AcceleratedClock:
    """Time that starts at `start` and goes `speed` times as fast as the machine's.

    It stands still until it is released: what was told as history belongs before its start. It never goes back.
    """

    def __init__(self, start: int, speed: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._pace = _Pace(start, None, speed)  # one name, so that other threads never see half a change

    def now(self) -> int:
        at, since, speed = self._pace
        return at if since is None else at + round((self._monotonic() - since) * speed * SECOND)

    @property
    def speed(self) -> float:
        return self._pace.speed

    def move_to(self, at: int) -> None:
        """While it stands still: go on to an instant; not back."""
        pace = self._pace
        if pace.since is None and at > pace.at:
            self._pace = pace._replace(at=at)

    def release(self, speed: float | None = None) -> None:
        """Let time run from here, or go on faster or slower."""
        self._pace = _Pace(self.now(), self._monotonic(), self._pace.speed if speed is None else speed)
