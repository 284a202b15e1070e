"""When dates among the traits will change memberships: birthdays, renewals, whatever a condition compares with now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY
from relance.conditions.columns.dates import DateEdges, date_clauses
from relance.segments.kept.happenings import Happenings
from relance.warehouse.base import Moments

if TYPE_CHECKING:
    from relance.conditions.columns.bundle import Bundle
    from relance.conditions.columns.frame import Frame
    from relance.warehouse.base import Warehouse
    from relance.warehouse.columns import Columns
    from relance.warehouse.kept import Mark

Array = np.ndarray[Any, Any]

HORIZON = DAY
PEOPLE_AT_ONCE = 200_000
_NOBODY = np.zeros(0, dtype=np.int64)


class Calendar:
    """The edges of a day ahead. Some of them are void by now: a look too many does no harm."""

    def __init__(self) -> None:
        self._edges: DateEdges | None = None  # everybody's are known up to its end
        self._profiles: Array = _NOBODY
        self._at: Array = _NOBODY

    def take(self, bundle: Bundle, warehouse: Warehouse, mark: Mark, high: int, changed: Happenings) -> Columns:
        """The edges up to an instant: `profile_id` and `at`. They are forgotten.

        Args:
            bundle: the conditions.
            warehouse: whom to ask.
            mark: how far memberships are kept.
            high: up to when they will be.
            changed: what happened to people since the mark. What a date said before it was changed counts until then.
        """
        if date_clauses(bundle.needs):
            if self._edges is None or self._edges.until < high:
                self._edges = DateEdges(bundle.dates.needs, mark.at, high + HORIZON)
                self._read_everybody(bundle.dates, warehouse, self._edges)
                before = np.unique(changed.profiles)
                self._read(bundle.dates, warehouse, _all_at(before, mark.at, mark.seq), self._edges)
            self._read(bundle.dates, warehouse, changed, self._edges)
        due = self._at <= high
        found = {"profile_id": self._profiles[due], "at": self._at[due]}
        self._profiles, self._at = self._profiles[~due], self._at[~due]
        return found

    def next_at(self) -> list[int]:
        """The first edge that is left, or the end of the calendar."""
        if self._edges is None:
            return []
        return [min(self._edges.until, int(self._at.min(initial=self._edges.until)))]

    def _read_everybody(self, dates: Bundle, warehouse: Warehouse, edges: DateEdges) -> None:
        """What everybody's dates say now."""
        assert warehouse.kept is not None  # noqa: S101 - else there is nothing to keep
        people = warehouse.kept.everybody()
        for start in range(0, len(people), PEOPLE_AT_ONCE):
            some = people[start : start + PEOPLE_AT_ONCE]
            self._add(dates.look_at_members(warehouse, edges.low, (int(some[0]), int(some[-1]))), edges)

    def _read(self, dates: Bundle, warehouse: Warehouse, asked: Happenings, edges: DateEdges) -> None:
        """What some people's dates said at some moments."""
        for start in range(0, len(asked.profiles), PEOPLE_AT_ONCE):
            some = Moments(*(column[start : start + PEOPLE_AT_ONCE] for column in asked))
            self._add(dates.look(warehouse, some), edges)

    def _add(self, frame: Frame, edges: DateEdges) -> None:
        moments, at = edges.of(frame)
        if len(moments):
            self._profiles = np.concatenate([self._profiles, frame.profiles[moments]])
            self._at = np.concatenate([self._at, at])


def _all_at(profiles: Array, at: int, seq: int) -> Happenings:
    return Happenings(profiles, np.full(len(profiles), at), np.full(len(profiles), seq))
