"""Quiet hours: whether a person's clock is in them, and when they end."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from relance.clock import to_micros
from relance.localtime import UTC_ZONE, find_zone, local_time, resolve_local

if TYPE_CHECKING:
    from datetime import time
    from zoneinfo import ZoneInfo

    from relance.workspace import QuietHours

_DAYS_TO_LOOK_AHEAD = 4


class QuietClock:
    """Quiet hours as the clock of each person shows them.

    A person without a usable time zone has the workspace's: a missing zone never disables the rule (SEMANTICS 14).
    """

    def __init__(self, quiet: QuietHours, workspace_zone: str) -> None:
        self.channels = quiet.channels
        self.discards = quiet.when_hit == "discard"
        self._start, self._end = quiet.start, quiet.end
        self._default = find_zone(workspace_zone) or UTC_ZONE
        self._fixed = None if quiet.timezone == "profile" else find_zone(quiet.timezone) or self._default
        self.ends_at = lru_cache(maxsize=65_536)(self._ends_at)

    def _is_quiet(self, wall: time) -> bool:
        if self._start <= self._end:
            return self._start <= wall < self._end
        return wall >= self._start or wall < self._end

    def _ends_at(self, at: int, zone_name: str | None) -> int | None:
        """None outside of quiet hours, else the first instant at which they are over."""
        zone = self._fixed or find_zone(zone_name) or self._default
        wall = local_time(at, zone)
        if not self._is_quiet(wall.time()):
            return None
        return min(end for end in self._ends_from(wall, zone) if end > at and not self._is_quiet(local_time(end, zone).time()))

    def _ends_from(self, wall: datetime, zone: ZoneInfo) -> list[int]:
        """Each instant of the next days at which the clock shows the end; a doubled hour shows it twice."""
        found = []
        for days in range(_DAYS_TO_LOOK_AHEAD):
            end = datetime.combine(wall.date() + timedelta(days=days), self._end)
            found += [resolve_local(end, zone), to_micros(end.replace(tzinfo=zone, fold=1))]
        return found
