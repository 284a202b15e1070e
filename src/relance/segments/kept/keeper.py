"""Keeps memberships up to date."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from relance.clock import DAY, SECOND
from relance.conditions.columns.bundle import Bundle
from relance.conditions.nesting import put_segments
from relance.segments.flow import body_of
from relance.segments.judge import make_compiler
from relance.segments.kept.bits import Bits, changes_between, differences, pack
from relance.segments.kept.calendar import Calendar
from relance.segments.kept.everybody import find_members, find_unsupported
from relance.segments.kept.happenings import find_passed, find_windows, line_up, reads_dates_of_events
from relance.warehouse.base import Moments
from relance.warehouse.columns import Coded, join
from relance.warehouse.kept import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.conditions.compiling.compiler import Compiler
    from relance.warehouse.base import Warehouse
    from relance.warehouse.kept import KeptMemberships
    from relance.workspace import Workspace

MOMENTS_AT_ONCE = 50_000
ENDS_AT_ONCE = 20_000  # so many stays in segments are forgotten by one refresh
LOOK_AHEAD = 5 * SECOND  # while nothing happens, nobody is asked more often than that when something will


class Counted(NamedTuple):
    """How many are in each segment, as of an instant."""

    at: int
    members: dict[str, int]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did."""

    moments: int = 0
    changes: int = 0
    at: int = 0  # memberships are those of this instant
    seconds: float = 0.0


@dataclass(slots=True)
class _Kept:
    """What is kept now: segments in the order of their bits."""

    segments: list[str]
    bodies: dict[str, str]
    bits: Bits
    nth: int  # of the refresh that it was read after, or made by
    counts: Any  # of the members of each segment
    set_aside: dict[str, Any] = field(default_factory=dict)  # the members of segments that have no bit any more


@dataclass(slots=True)
class _Changes:
    """Changes on their way into the warehouse."""

    names: dict[str, int] = field(default_factory=dict)  # the segments, each with its code
    profiles: list[Any] = field(default_factory=list)
    codes: list[Any] = field(default_factory=list)
    at: list[Any] = field(default_factory=list)
    entered: list[Any] = field(default_factory=list)

    def add(self, profiles: Any, segments: list[str], places: Any, at: Any, entered: Any) -> None:
        """Args: `places` are those of the segments of the changes among `segments`."""
        codes = np.array([self.names.setdefault(segment, len(self.names)) for segment in segments], dtype=np.int32)
        self.profiles.append(profiles)
        self.codes.append(codes[places])
        self.at.append(at)
        self.entered.append(entered)

    def rows(self) -> dict[str, Any]:
        return {
            "profile_id": np.concatenate(self.profiles),
            "segment": Coded(np.concatenate(self.codes), list(self.names)),
            "at": np.concatenate(self.at),
            "entered": np.concatenate(self.entered),
        }


class Keeper:
    """Keeps the memberships of all segments of a workspace. Called by one thread at a time."""

    def __init__(
        self, warehouse: Warehouse, *, seconds: Callable[[], float] = time.perf_counter, keep_ended: int | None = None
    ) -> None:
        """Args: `keep_ended` is how long a stay in a segment is remembered after its end; None: for ever."""
        self._warehouse = warehouse
        self._keep_ended = keep_ended
        self._forgotten: int | None = None  # up to when stays that ended are; None before that was looked up
        self._seconds = seconds
        self._workspace: Workspace | None = None
        self._compiler: Compiler | None = None
        self._bundle: Bundle | None = None
        self.unsupported: dict[str, str] = {}  # segments that the engine can not keep, and why
        self._bundled: list[str] = []
        self._bodies: dict[str, str] = {}
        self._whole: set[str] = set()  # of segments that are asked of everybody at each refresh
        self._windows = find_windows(())
        self._next_at = 0
        self._calendar = Calendar()
        self._kept: _Kept | None = None
        self._quiet = (-1, -1)  # the last tick that was looked at, and the instant before which nothing changes by itself
        self.counted = Counted(0, {})

    def refresh(self, workspace: Workspace, reached: int) -> Refreshed:
        """Bring memberships up to an instant.

        Args:
            workspace: the definitions in force.
            reached: up to when everything that was received is in the warehouse.

        Effects: writes the warehouse's memberships, in one transaction where the engine has them.
        """
        begun = self._seconds()
        kept = self._warehouse.kept
        if kept is None:
            return Refreshed()
        try:
            with kept.transaction():
                done = self._run(kept, workspace, reached)
                self._forget(kept, done.at)
        except BaseException:
            self._kept = self._forgotten = None  # what is in memory may be ahead of what was kept
            raise
        return Refreshed(done.moments, done.changes, done.at, self._seconds() - begun)

    def _run(self, kept: KeptMemberships, workspace: Workspace, reached: int) -> Refreshed:
        tick = self._warehouse.last_tick()
        if self._kept is not None and workspace is self._workspace and tick == self._quiet[0] and reached < self._quiet[1]:
            self.counted = self.counted._replace(at=max(reached, self.counted.at))
            return Refreshed(at=reached)
        mark = kept.mark()
        anew = mark is None or mark.tick > tick  # nothing is kept, or ticks were taken back that it knew
        if anew:
            self._kept = None
        state = self._load(kept, mark)
        wanted = self._wanted(workspace)
        changes = _Changes()
        if mark is None or anew:
            at, seq = kept.latest()
            mark = Mark(mark.nth if mark else 0, max(reached, at), seq, tick)
            state.bodies = dict.fromkeys(state.segments, "")
        same = [s for s in state.segments if wanted.get(s) == state.bodies[s] and s not in self._whole]
        moments, high, seq = 0, max(reached, mark.at), mark.seq
        self._next_at = high
        if same or tick > mark.tick:
            moments, high, seq = self._advance(kept, state, same, mark, tick, high, changes)
        if same != list(wanted) or same != state.segments:  # the last one may be gone: nobody looks at its members any more
            state = self._settle(kept, state, same, wanted, high, changes)
        n = sum(map(len, changes.profiles))
        nth = mark.nth + 1
        if n:
            kept.add(changes.rows(), nth, tick)
        if anew or n or moments or high > mark.at or tick > mark.tick:
            kept.set_mark(Mark(nth, high, seq, tick))
            state.nth = nth
        self._kept = state
        self._quiet = (tick, high if self._whole else max(high, self._next_at))
        self.counted = Counted(high, dict(zip(state.segments, state.counts.tolist(), strict=True)))
        return Refreshed(moments, n, high)

    def _forget(self, kept: KeptMemberships, at: int) -> None:
        """Forget stays that ended long ago: a few at each refresh, once a day."""
        if self._keep_ended is None:
            return
        if self._forgotten is None:
            self._forgotten = kept.forgotten_until()
        until = (at - self._keep_ended) // DAY * DAY
        if until > self._forgotten:
            self._forgotten = kept.forget_ended(until, ENDS_AT_ONCE)

    def _load(self, kept: KeptMemberships, mark: Mark | None) -> _Kept:
        """What was kept by the last refresh, from memory if it is still the same."""
        if self._kept is not None and mark is not None and self._kept.nth == mark.nth:
            return self._kept
        self._calendar = Calendar()
        bodies = kept.bodies()
        state = _Kept(list(bodies), bodies, Bits(len(bodies)), mark.nth if mark else 0, np.zeros(len(bodies), dtype=np.int64))
        for place, segment in enumerate(state.segments):
            found = kept.members(segment)
            state.bits.set_members(place, found)
            state.counts[place] = len(found)
        return state

    def _wanted(self, workspace: Workspace) -> dict[str, str]:
        """The segments of the workspace, with the texts of what they mean."""
        if workspace is not self._workspace:
            compiler = make_compiler(workspace)
            for segment in compiler.segments:  # a circle, or a name that is not there, is told here
                compiler.segment(segment)
            conditions, settings = compiler.segments, compiler.settings
            self._bodies = {segment: body_of(segment, conditions, settings) for segment in sorted(conditions)}
            self._whole = {s for s in conditions if reads_dates_of_events(put_segments(conditions[s], conditions))}
            self.unsupported = find_unsupported(self._warehouse.dialect, compiler)
            for segment in self.unsupported:
                del self._bodies[segment]
            self._workspace, self._compiler, self._bundle = workspace, compiler, None
        return self._bodies

    def _bundle_of(self, segments: list[str]) -> Bundle:
        assert self._compiler is not None  # noqa: S101 - `_wanted` was called
        if self._bundle is None or self._bundled != segments:
            conditions = self._compiler.segments
            self._bundle, self._bundled = Bundle([conditions[segment] for segment in segments], self._compiler), segments
            self._windows = find_windows([*self._bundle.needs.leaves.values(), *self._bundle.needs.others.values()])
            self._calendar = Calendar()
        return self._bundle

    def _advance(
        self, kept: KeptMemberships, state: _Kept, same: list[str], mark: Mark, tick: int, high: int, changes: _Changes
    ) -> tuple[int, int, int]:
        """Look at all moments at which something happened; answers how many, up to when, and the last place in the log."""
        touched = kept.touched(mark.tick, tick)
        high = max(high, int(touched["at"].max(initial=high)))
        seq = max(mark.seq, int(touched["seq"].max(initial=0)))
        if not same:
            self._next_at = high + LOOK_AHEAD
            return 0, high, seq
        merged = kept.merged(mark.tick, tick)["merged"]
        gone = {"profile_id": merged, "at": np.full(len(merged), -1), "seq": np.zeros(len(merged), dtype=np.int64)}
        bundle = self._bundle_of(same)
        if same != state.segments:
            places = [state.segments.index(s) for s in same]
            before = {s: state.bits.members(n) for n, s in enumerate(state.segments) if s not in same}
            state.bits, state.segments, state.counts = state.bits.only(places), same, state.counts[places]
            state.set_aside |= before
        happened = join([touched, gone])
        passed = find_passed(kept, self._windows, mark.at, high + LOOK_AHEAD)
        passed.append(self._calendar.take(bundle, self._warehouse, mark, high, line_up(happened, (), mark, high)))
        later = [int(at.min()) for part in passed if len(at := part["at"][part["at"] > high])]
        self._next_at = min([high + LOOK_AHEAD, *later, *self._calendar.next_at()])
        passed = [{name: column[part["at"] <= high] for name, column in part.items()} for part in passed]
        found = line_up(happened, passed, mark, high)
        for start in range(0, len(found.profiles), MOMENTS_AT_ONCE):
            some = Moments(*(column[start : start + MOMENTS_AT_ONCE] for column in found))
            self._look(bundle, state, some, changes)
        return len(found.profiles), high, seq

    def _look(self, bundle: Bundle, state: _Kept, moments: Moments, changes: _Changes) -> None:
        frame = bundle.look(self._warehouse, moments)
        after = pack(bundle.answer(self._warehouse, moments, frame) & frame.known)
        profiles = frame.profiles
        first = np.append(True, profiles[1:] != profiles[:-1])
        before = np.roll(after, 1, axis=0)
        before[first] = state.bits.get(profiles[first])
        rows, places, entered = changes_between(before, after, len(state.segments))
        state.counts += np.bincount(places[entered], minlength=len(state.counts))
        state.counts -= np.bincount(places[~entered], minlength=len(state.counts))
        last = np.append(first[1:], True)
        state.bits.put(profiles[last], after[last])
        changes.add(profiles[rows], state.segments, places, frame.at[rows], entered)

    def _settle(
        self, kept: KeptMemberships, state: _Kept, same: list[str], wanted: dict[str, str], high: int, changes: _Changes
    ) -> _Kept:
        """Find the members of segments that are new, or mean something else now, and forget those that are gone."""
        assert self._compiler is not None  # noqa: S101 - `_wanted` was called
        made = _Kept(list(wanted), dict(wanted), Bits(len(wanted)), state.nth, np.zeros(len(wanted), dtype=np.int64))
        before = state.set_aside | {segment: state.bits.members(place) for place, segment in enumerate(state.segments)}
        for segment in set(kept.bodies()) - wanted.keys():
            kept.drop(segment)
        places = {segment: place for place, segment in enumerate(wanted)}
        for segment in same:
            made.bits.set_members(places[segment], before[segment])
            made.counts[places[segment]] = len(before[segment])
        anew = [segment for segment in wanted if segment not in same]
        for segment, now in find_members(self._warehouse, self._compiler, anew, high):
            was = before[segment] if segment in before else kept.members(segment)
            for profiles, entered in differences(was, now):
                n = len(profiles)
                changes.add(profiles, [segment], np.zeros(n, dtype=np.int64), np.full(n, high), np.full(n, entered))
            made.bits.set_members(places[segment], now)
            made.counts[places[segment]] = len(now)
            if state.bodies.get(segment) != wanted[segment]:
                kept.set_body(segment, wanted[segment])
        return made
