"""Keeps the memberships of segments behind the engine, in a thread of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.segments.kept.keeper import Keeper
    from relance.warehouse.shared import SharedWarehouse
    from relance.workspace import Workspace

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.25
MOST_SECONDS = 1.0  # for a refresh and the pause behind it, unless the refresh alone takes longer
SLOW_SECONDS = 5.0


class SegmentLoop:
    """One refresh after the other, with a pause between them that shares the machine with the engine."""

    def __init__(
        self,
        keeper: Keeper,
        shared: SharedWarehouse,
        workspace: Callable[[], Workspace],
        reached: Callable[[], int],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args: `reached` tells up to when everything that was received is in the warehouse, 0 before the engine began."""
        self._keeper = keeper
        self._shared = shared
        self._workspace = workspace
        self._reached = reached
        self._pause = pause
        self._unsupported: dict[str, str] = {}
        self._took = 0.0  # seconds

    def work(self) -> bool:
        """One refresh. Answers False: there is a pause after each."""
        reached = self._reached()  # before the definitions: these may be newer than what was reached, not older
        if reached == 0:
            return False
        with self._shared.lent():
            done = self._keeper.refresh(self._workspace(), reached)
        self._took = done.seconds
        if done.seconds > SLOW_SECONDS:
            log.info("segments_refreshed", moments=done.moments, changes=done.changes, seconds=round(done.seconds, 1))
        if self._keeper.unsupported != self._unsupported:
            self._unsupported = dict(self._keeper.unsupported)
            for segment, why in self._unsupported.items():
                log.warning("segment_not_kept", segment=segment, message=why)
        return False

    def wait(self) -> None:
        """Let others work: as long as the last refresh took, within bounds.

        Most of what a refresh costs does not depend on how much happened: under load, fewer of them leave the engine more.
        """
        self._pause(max(PAUSE_SECONDS, min(self._took, MOST_SECONDS - self._took)))
