"""Who is refused a start although nothing in their own life forbids it: excluded segments, and limits on entries.

A limit hangs on everybody's starts: they count in the order of their instants, those of one instant in the order of the
log, and whom one instant lets in at once by their ids. Waves do not go in that order. While all who come fit, no order
matters; where a limit is reached within a tick of several instants, that tick is taken back and tried in parts (`advance`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from relance.clock import FAR_FUTURE
from relance.localtime import local_date, midnight, next_midnight
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.journeys.model import Limits
    from relance.journeys.wave import Wave
    from relance.store import Connection

_SQL = load_queries("relance.journeys", "limits.sql")


class LimitReachedError(Exception):
    """Who is let in hangs on the order within the tick: it must be tried in parts."""


class Window(NamedTuple):
    """What a limit counts: the entries of a journey within some time, or of one occurrence of its schedule."""

    source: str
    since: int
    until: int
    zone: str | None  # of the occurrence at `since`; None where it is some time
    most: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What lets people in at this instant: one occurrence of a version's schedule."""

    version_id: int
    source: str
    at: int
    zone: str

    def window(self, most: int) -> Window:
        """Its entries."""
        return Window(self.source, self.at, self.at, self.zone, most)


class EntryBook:
    """How many have entered, of what is limited. Counted once, then kept up."""

    def __init__(self) -> None:
        self._before: dict[Window, int] = {}  # up to the last tick
        self._now: dict[Window, int] = {}  # in this one

    def begin(self) -> None:
        """A tick begins. What one that failed had counted never happened."""
        self._now = {}

    def keep(self) -> None:
        """The tick is done."""
        for window, n in self._now.items():
            self._before[window] = self._before.get(window, 0) + n
        self._now = {}

    def forget(self) -> None:
        """Count anew."""
        self._before, self._now = {}, {}

    def free(self, connection: Connection, window: Window) -> int:
        """How many more may enter."""
        if window not in self._before:
            self._before[window] = _count(connection, window)
        return max(0, window.most - self._before[window] - self.entered(window))

    def entered(self, window: Window) -> int:
        """How many have in this tick."""
        return self._now.get(window, 0)

    def was_full(self, window: Window) -> bool:
        """Whether nobody could enter when the tick began."""
        return self._before.get(window, 0) >= window.most

    def add(self, window: Window, n: int) -> None:
        """So many enter."""
        self._now[window] = self.entered(window) + n


def _count(connection: Connection, window: Window) -> int:
    if window.zone is not None:
        found = connection.value(_SQL["count_run"], {"source": window.source, "at": window.since, "zone": window.zone})
    else:
        found = connection.value(_SQL["count"], {"source": window.source, "since": window.since, "until": window.until})
    return int(found or 0)


def refuse_excluded(wave: Wave) -> None:
    """Members of excluded segments do not start."""
    found = _excluded(wave, wave.connection.rows(_SQL["starting"]))
    wave.connection.execute_many(_SQL["refuse"], [("excluded", lane) for lane in found])


def find_excluded(wave: Wave, whose: str) -> bool:
    """Those who are about to be handed a message although they are in an excluded segment by now. Answers whether there are any.

    An exit comes with the change of a membership; this finds those whose membership no change was told of: by an event of
    this very instant, another condition, a merge.

    Args:
        wave: of the tick.
        whose: `at_messages`, who entered a message step, or `at_held`, whose hold is over.

    Effects: fills `w_left`.
    """
    wave.clear("w_left")
    found = _excluded(wave, wave.connection.rows(_SQL[whose]))
    wave.connection.execute_many(_SQL["leave"], [(segment, lane) for lane, segment in found.items()])
    return bool(found)


def _excluded(wave: Wave, people: Iterable[tuple[int, int, int, int, int]]) -> dict[int, str]:
    """Of people (version, lane, profile, at, seq), the lanes of those who are in an excluded segment, and which."""
    groups: dict[int, list[tuple[int, tuple[int, int, int]]]] = {}
    for version_id, lane, profile_id, at, seq in people:
        if version_id in wave.rules.excluding:
            groups.setdefault(version_id, []).append((lane, (profile_id, at, seq)))
    found: dict[int, str] = {}
    for version_id, group in groups.items():
        left = group
        for segment in wave.rules.excluding[version_id]:
            if not left:
                break
            truth = wave.judge.ask({"type": "in_segment", "segment": segment}, [moment for _, moment in left])
            found |= {lane: segment for (lane, _), yes in zip(left, truth, strict=True) if yes}
            left = [person for person, yes in zip(left, truth, strict=True) if not yes]
    return found


def refuse_beyond_limits(wave: Wave) -> None:
    """Starts beyond a limit do not happen.

    Raises:
        LimitReachedError: the tick can be divided, and must be.
    """
    for version_id, n, first, last in wave.connection.rows(_SQL["count_starting"]):
        limits = wave.rules.limited.get(version_id)
        if limits is None:
            continue
        windows = _windows(wave, version_id, limits, first)
        if windows == _windows(wave, version_id, limits, last) and all(
            wave.entries.free(wave.connection, w) >= n for w in windows
        ):
            for window in windows:
                wave.entries.add(window, n)
        else:
            _take_turns(wave, version_id, limits)


def _take_turns(wave: Wave, version_id: int, limits: Limits) -> None:
    refused = []
    people = [(at, user_id, lane) for lane, at, user_id in wave.connection.rows(_SQL["starters"], {"version_id": version_id})]
    for at, _, lane in sorted(people):
        windows = _windows(wave, version_id, limits, at)
        full = [w for w in windows if not wave.entries.free(wave.connection, w)]
        if not full:
            for window in windows:
                wave.entries.add(window, 1)
            continue
        if wave.divisible and not any(wave.entries.was_full(w) for w in full):
            raise LimitReachedError
        refused.append(("entry_limit", lane))
    wave.connection.execute_many(_SQL["refuse"], refused)


def _windows(wave: Wave, version_id: int, limits: Limits, at: int) -> list[Window]:
    """What an entry at an instant counts for."""
    source = wave.rules.versions[version_id].source
    found = []
    if limits.total is not None:
        found.append(Window(source, 0, FAR_FUTURE, None, limits.total))
    if limits.per_day is not None:
        found.append(
            Window(source, midnight(local_date(at, wave.zone), wave.zone), next_midnight(at, wave.zone), None, limits.per_day)
        )
    if limits.per_run is not None and wave.occurrence is not None and wave.occurrence.version_id == version_id:
        found.append(wave.occurrence.window(limits.per_run))
    return found
