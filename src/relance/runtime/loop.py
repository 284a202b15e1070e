"""A loop in a thread of its own: it works while there is work, waits when there is none, and tells when it failed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from relance.errors import RelanceError

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

PAUSE_AFTER_FAILURE_SECONDS = (0.1, 0.5, 2.0, 5.0)


class Loop:
    """Calls `work` again and again. `work` answers whether it found something to do; if not, `wait` is called."""

    def __init__(self, name: str, work: Callable[[], bool], wait: Callable[[], None]) -> None:
        self.name = name
        self.failure: BaseException | None = None  # of the last round; None when it went well
        self._work = work
        self._wait = wait
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the loop still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_seconds: float = 10.0) -> None:
        """End after the round that is under way."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                worked = self._work()
            except RelanceError as e:
                # A full disk, a database that restarts: nothing was committed, so the same round is tried again.
                self.failure = e
                pause = PAUSE_AFTER_FAILURE_SECONDS[min(failures, len(PAUSE_AFTER_FAILURE_SECONDS) - 1)]
                failures += 1
                log.warning("loop_failed", loop=self.name, code=e.code, message=e.message, retry_in_seconds=pause)
                self._stopping.wait(pause)
            except Exception as e:  # the edge: a bug stops this loop, is told, and never loops hot
                self.failure = e
                failures += 1
                log.exception("loop_broken", loop=self.name)
                self._stopping.wait(PAUSE_AFTER_FAILURE_SECONDS[-1])
            else:
                self.failure = None
                failures = 0
                if not worked:
                    self._wait()
