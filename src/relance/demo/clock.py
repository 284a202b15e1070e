"""A clock that runs faster than the machine's, so that a timer of a day fires within a minute or two."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from relance.clock import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable


class AcceleratedClock:
    """Time that starts at `start` and goes `speed` times as fast as the machine's.

    Until it is released it stands still and is moved by hand (`move_to`): the warm-up lives through its weeks that way.
    It never goes back.
    """

    def __init__(self, start: int, speed: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.speed = speed
        self._monotonic = monotonic
        self._at = start
        self._released_at: float | None = None

    def now(self) -> int:
        if self._released_at is None:
            return self._at
        return self._at + round((self._monotonic() - self._released_at) * self.speed * SECOND)

    def move_to(self, at: int) -> None:
        """Go to a later instant while standing still; an earlier one changes nothing."""
        if self._released_at is None:
            self._at = max(self._at, at)

    def release(self) -> None:
        """Let time run from here."""
        if self._released_at is None:
            self._released_at = self._monotonic()

    def real_seconds(self, micros: int) -> float:
        """How long a stretch of this clock's time lasts on the wall."""
        return micros / SECOND / self.speed
