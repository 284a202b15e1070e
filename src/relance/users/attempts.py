"""How often somebody may try to sign in: failures are counted, by account and address, over some minutes."""

from __future__ import annotations

import threading
from collections import deque

from relance.clock import MINUTE

WINDOW = 15 * MINUTE
OF_ONE_AT_ONE_ADDRESS = 8
OF_AN_ADDRESS = 60  # a whole office may stand behind one
OF_AN_ACCOUNT = 100  # from everywhere: high, so that nobody is locked out by others
MOST_KEPT = 50_000


class Attempts:
    """Failures of the last minutes, in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], deque[int]] = {}
        self._lock = threading.Lock()

    def wait(self, email: str, address: str, now: int) -> int:
        """How long nobody may try, in microseconds; 0 when they may now."""
        with self._lock:
            return max(self._wait_of(key, most, now) for key, most in _counted(email, address))

    def note_failure(self, email: str, address: str, now: int) -> None:
        with self._lock:
            if len(self._failures) >= MOST_KEPT:
                self._forget_old(now)
            for key, most in _counted(email, address):
                self._failures.setdefault(key, deque(maxlen=most)).append(now)

    def note_success(self, email: str, address: str) -> None:
        with self._lock:
            self._failures.pop((email, address), None)

    def _wait_of(self, key: tuple[str, str], most: int, now: int) -> int:
        found = self._failures.get(key)
        if found is None or len(found) < most:
            return 0
        return max(0, found[0] + WINDOW - now)

    def _forget_old(self, now: int) -> None:
        for key in [key for key, found in self._failures.items() if found[-1] + WINDOW <= now]:
            del self._failures[key]
        if len(self._failures) >= MOST_KEPT:
            self._failures.clear()


def _counted(email: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    return (((email, address), OF_ONE_AT_ONE_ADDRESS), (("", address), OF_AN_ADDRESS), ((email, ""), OF_AN_ACCOUNT))
