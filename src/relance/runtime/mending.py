"""A warehouse that broke while the engine runs is opened again; one that is damaged is made again from the log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog

from relance.errors import WarehouseError, WarehouseUnavailable
from relance.warehouse.shared import is_broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.warehouse.base import Warehouse
    from relance.warehouse.shared import SharedWarehouse

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0  # to open a file again costs little
LONGEST_PAUSE_AFTER_REBUILD_SECONDS = (
    900.0  # to read the log may take minutes: a disk that keeps breaking must not be all that we do
)
SOUND_AFTER_SECONDS = 3_600.0  # what breaks later than this after it was mended is another fault


class Mender:
    """Mends for the engine's thread, which calls it between its rounds, when the store has rolled back what failed."""

    def __init__(
        self,
        warehouse: Warehouse,
        shared: SharedWarehouse,
        recover: Callable[[Callable[[int, int], None]], bool],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args: `recover` makes the warehouse agree with the store, as at a start; it is given what to tell its progress to."""
        self._warehouse = warehouse
        self._shared = shared
        self._recover = recover
        self._seconds = seconds
        self._broken: WarehouseError | None = None
        self._damaged = False
        self._pause = 0.0
        self._was_rebuilt = False  # when it was last mended, or at least begun
        self._mended_at = float("-inf")
        self._stopping = False
        self._progress = ""
        self.n_mended = 0

    def note(self, error: WarehouseError) -> None:
        """Remember an error that a round ended with, if nothing will go well before something is done about it."""
        if is_broken(error):
            self._broken = error
            self._damaged |= bool(error.context.get("damaged"))

    def trouble(self) -> str | None:
        """What is wrong with the warehouse; None when nothing is known to be."""
        broken = self._broken or self._shared.trouble
        if broken is None:
            return None
        return f"{broken.message}; it is opened again, and made again from the log if need be{self._progress}"

    def stop(self) -> None:
        """The process ends: a rebuild is cut short, and done by the next start."""
        self._stopping = True

    def mend(self) -> bool:
        """Mend what broke, if something did; answers whether. Called by the thread that writes the warehouse.

        Raises:
            WarehouseUnavailable: it broke again too soon after it was mended; another call does it, later.
            WarehouseError: it could not be mended; another call tries again.
        """
        if self._shared.trouble is not None:
            self.note(self._shared.trouble)
        if self._broken is None:
            return False
        self._wait_for_turn(self._broken)
        log.warning("warehouse_broken", message=self._broken.message, damaged=self._damaged)
        self._shared.close()
        try:
            self._bring_back()
            rebuilt = self._recover(self._tell)
        except WarehouseError as e:
            self.note(e)
            raise
        finally:
            self._mended_at, self._progress = self._seconds(), ""
        self._broken = None
        self._shared.open()
        self.n_mended += 1
        log.warning("warehouse_mended", rebuilt=rebuilt)
        return True

    def _wait_for_turn(self, broken: WarehouseError) -> None:
        """At once for the first time; then after pauses that double, until it has held for long."""
        since = self._seconds() - self._mended_at
        if since < self._pause:
            msg = f"{broken.message}; it broke before, not long ago: mended again in {self._pause - since:.0f} s"
            raise WarehouseUnavailable(msg)
        longest = LONGEST_PAUSE_AFTER_REBUILD_SECONDS if self._was_rebuilt else LONGEST_PAUSE_SECONDS
        again = self._pause and since < SOUND_AFTER_SECONDS
        self._pause = min(2 * self._pause, longest) if again else FIRST_PAUSE_SECONDS
        self._was_rebuilt = False

    def _bring_back(self) -> None:
        if not self._damaged:
            try:
                self._warehouse.reopen()
            except WarehouseError as e:
                if not e.context.get("damaged"):  # a full disk, a lock: the file may be whole
                    raise
                self._damaged = True
        if self._damaged:
            self._warehouse.start_over()
            self._damaged = False  # what is there now is new: if loading it fails, it is loaded on

    def _tell(self, done: int, total: int) -> None:
        if self._stopping:
            msg = "the warehouse is not made again: the process ends; the next start does it"
            raise WarehouseUnavailable(msg)
        self._was_rebuilt = True
        self._progress = f" (read {done} of {total} positions)"
