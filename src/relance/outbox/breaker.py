"""When to try again: the pause after a failure, and the circuit that holds messages back from a dead provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relance.clock import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    import random


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How often and how patiently a message is tried. Units: microseconds."""

    attempts: int = 8
    first_pause: int = 5 * SECOND
    longest_pause: int = HOUR

    def pause_after(self, attempt: int, retry_after_seconds: float | None, randomness: random.Random) -> int:
        """How long to wait after a failed attempt: full jitter under a bound that doubles; never less than we are told."""
        bound = min(self.longest_pause, self.first_pause << min(attempt - 1, 30))
        told = round((retry_after_seconds or 0) * SECOND)
        # One that was told a time comes after it, not at it with all the others.
        return told + round(randomness.uniform(0, bound))


class Pace:
    """At most so many messages a second, with a second's worth at once: a morning's held messages leave as a stream."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second
        self._left = 0.0 if per_second is None else max(1.0, per_second)
        self._at: int | None = None

    def room(self, now: int, wanted: int) -> int:
        """How many messages may go now, of `wanted`."""
        if self._per_second is None:
            return wanted
        if self._at is not None:
            gained = self._per_second * max(0, now - self._at) / SECOND
            self._left = min(max(1.0, self._per_second), self._left + gained)
        self._at = now
        return min(wanted, int(self._left))

    def take(self, n: int) -> None:
        """So many went."""
        self._left -= n


class Breaker:
    """Opens after failures in a row; then one message at a time tells whether the provider is back."""

    def __init__(self, *, failures: int = 5, first_pause: int = 5 * SECOND, longest_pause: int = 5 * MINUTE) -> None:
        self._limit = failures
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._failures = 0
        self._openings = 0
        self._closed_until_now = True
        self.open_until = 0

    @property
    def is_open(self) -> bool:
        """Whether messages are held back."""
        return not self._closed_until_now

    def room(self, now: int, wanted: int, in_flight: int) -> int:
        """How many messages may be handed over now, of `wanted`."""
        if self._closed_until_now:
            return wanted
        return 1 if now >= self.open_until and in_flight == 0 and wanted > 0 else 0

    def note_success(self) -> None:
        """The provider answered (even if it refused a message)."""
        self._failures = self._openings = 0
        self._closed_until_now = True

    def note_failure(self, now: int, retry_after_seconds: float | None = None) -> None:
        """The provider did not take a message, or did not answer."""
        self._failures += 1
        told = round((retry_after_seconds or 0) * SECOND)
        if self._failures >= self._limit or told:
            if self._closed_until_now or now >= self.open_until:
                pause = min(self._longest_pause, self._first_pause << min(self._openings, 20))
                self._openings += 1
                self.open_until = now + max(pause, told)
            else:
                self.open_until = max(self.open_until, now + told)
            self._closed_until_now = False
