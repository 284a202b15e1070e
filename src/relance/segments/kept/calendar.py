"""When dates among the traits will change memberships: birthdays, renewals, whatever a condition compares with now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY
from relance.conditions.columns.dates import DateEdges, date_clauses
from relance.warehouse.base import FAR_SEQ, Moments

if TYPE_CHECKING:
    from relance.conditions.columns.bundle import Bundle
    from relance.conditions.columns.frame import Frame
    from relance.warehouse.base import Warehouse
    from relance.warehouse.columns import Columns

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

    def note(self, frame: Frame) -> None:
        """Remember the edges of people who were looked at."""
        if self._edges is not None:
            self._add(frame, self._edges)

    def _add(self, frame: Frame, edges: DateEdges) -> None:
        moments, at = edges.of(frame)
        if len(moments):
            self._profiles = np.concatenate([self._profiles, frame.profiles[moments]])
            self._at = np.concatenate([self._at, at])

    def take(self, bundle: Bundle, warehouse: Warehouse, low: int, high: int) -> Columns:
        """The edges in `low < at <= high`: `profile_id` and `at`. They are forgotten."""
        if date_clauses(bundle.needs) and (self._edges is None or self._edges.until < high):
            self._read_everybody(bundle, warehouse, low if self._edges is None else max(low, self._edges.until), high + HORIZON)
        due = self._at <= high
        found = {"profile_id": self._profiles[due], "at": self._at[due]}
        self._profiles, self._at = self._profiles[~due], self._at[~due]
        return found

    def next_at(self) -> list[int]:
        """The first edge that is left, or the end of the calendar."""
        if self._edges is None:
            return []
        return [min(self._edges.until, int(self._at.min(initial=self._edges.until)))]

    def _read_everybody(self, bundle: Bundle, warehouse: Warehouse, low: int, until: int) -> None:
        assert warehouse.kept is not None  # noqa: S101 - else there is nothing to keep
        self._edges = DateEdges(bundle.needs, low, until)
        people = warehouse.kept.everybody()
        for start in range(0, len(people), PEOPLE_AT_ONCE):
            some = people[start : start + PEOPLE_AT_ONCE]
            moments = Moments(some, np.full(len(some), low), np.full(len(some), FAR_SEQ - 1))
            self._add(bundle.look_at_states(warehouse, moments), self._edges)
