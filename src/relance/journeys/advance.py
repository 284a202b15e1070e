"""Time moves on: a batch of the log becomes ticks, cut where schedules fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.clock import MICROSECOND
from relance.journeys.limits import LimitReachedError
from relance.journeys.schedule import next_starts
from relance.localtime import find_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from relance.events.model import Event
    from relance.journeys.engine import Engine
    from relance.journeys.schedule import Start
    from relance.store import Connection

EVENTS_A_TICK = 20_000


def advance(
    engine: Engine,
    writing: Callable[[], AbstractContextManager[Connection]],
    events: Sequence[Event],
    *,
    position: int,
    until: int,
    timezone: str,
) -> int:
    """Apply a batch and let time pass until an instant. Answer how many ticks it took.

    Args:
        engine: ready for the definitions in force.
        writing: the store's writing connection in a transaction; one for each tick.
        events: in the order of the log; those received after `until` are applied too, with no timer of theirs.
        position: the last position of the log that the batch covers.
        until: everything received up to here is in this batch or an earlier one.
        timezone: the workspace's.
    """
    ticks = taken = 0
    while True:
        starts = _due_starts(engine, writing, events[taken:], timezone, until)
        cut = starts[0].at if starts else until
        # the clock of the store reaches the instant of a schedule with the tick that fires it, so that none is lost between ticks
        before = cut - MICROSECOND if starts else cut
        end = taken
        # What was received at the very instant that the log could not promise yet is in the batch all the same.
        while end < len(events) and (not starts or events[end].received_at <= cut):
            end += 1
        known = position if end == len(events) else events[end - 1].position
        ticks += _apply(engine, writing, events[taken:end], known, before)
        taken = end
        if not starts:
            return ticks + _tick(engine, writing, (), position, cut)
        ticks += _tick(engine, writing, (), None, before) + _tick(engine, writing, (), None, cut, starts)


def _apply(
    engine: Engine,
    writing: Callable[[], AbstractContextManager[Connection]],
    events: Sequence[Event],
    position: int,
    until: int,
) -> int:
    """Apply events in ticks of their own; timers fire up to `until`. Answers how many ticks it took."""
    ticks = taken = 0
    while taken < len(events):
        stop = min(len(events), taken + EVENTS_A_TICK)
        # of an instant that the next tick goes on with, no timer fires yet
        reached = until if stop == len(events) else min(until, events[stop].received_at - MICROSECOND)
        with writing() as connection:
            crowded = engine.crowded_at(connection, reached)
        if crowded is not None:  # what is received later must not be known to those who do not fit into one tick
            stop = next((n for n in range(taken, stop) if events[n].received_at > crowded), stop)
            reached = crowded - MICROSECOND
        if stop > taken:
            known = position if stop == len(events) else events[stop - 1].position
            ticks += _tick(engine, writing, events[taken:stop], known, reached)
        if crowded is not None:
            ticks += _tick(engine, writing, (), None, crowded)
        taken = stop
    return ticks


def _due_starts(
    engine: Engine,
    writing: Callable[[], AbstractContextManager[Connection]],
    coming: Sequence[Event],
    timezone: str,
    until: int,
) -> list[Start]:
    """The schedules that fire at the earliest instant up to `until`."""
    if engine.rules is None or not engine.rules.scheduled:
        return []
    zones: set[str] = set()
    if engine.rules.scheduled_by_zone:
        told = (str(e.traits["timezone"]) for e in coming if e.type == "identify" and find_zone(e.traits.get("timezone")))
        zones = {*engine.rules.zones_set, *told}
    with writing() as connection:
        found = next_starts(connection, engine.rules, timezone, engine.read_state(connection).at, sorted(zones))
    return [s for s in found if s.at <= until and s.at == found[0].at]


def _tick(
    engine: Engine,
    writing: Callable[[], AbstractContextManager[Connection]],
    events: Sequence[Event],
    position: int | None,
    until: int,
    starts: Sequence[Start] = (),
    *,
    divisible: bool = True,
) -> int:
    """Ticks until nobody is due any more; schedules fire when the timers of their instant have."""
    ticks = 0
    while True:
        try:
            with writing() as connection:
                at = engine.read_state(connection).position if position is None else position
                report = engine.tick(
                    connection, events, position=at, until=until, starts=starts, divisible=divisible and not starts
                )
        except LimitReachedError:
            return ticks + _in_parts(engine, writing, events, position, until)
        ticks += 1
        if not report.due_left:
            return ticks
        events = ()


def _in_parts(
    engine: Engine,
    writing: Callable[[], AbstractContextManager[Connection]],
    events: Sequence[Event],
    position: int | None,
    until: int,
) -> int:
    """The same in two halves or more, down to one event, or to one instant's timers: there the order is plain."""
    with writing() as connection:
        reached, due = engine.read_state(connection).at, engine.next_due(connection)
    if len(events) > 1 and position is not None:
        half = len(events) // 2
        before = max(reached, min(until, events[half].received_at - MICROSECOND))
        ticks = _apply(engine, writing, events[:half], events[half - 1].position, before)
        return ticks + _apply(engine, writing, events[half:], position, until)
    if events:
        before = max(reached, min(until, events[0].received_at - MICROSECOND))
        ticks = _tick(engine, writing, (), None, before) if due is not None and due <= before else 0
        ticks += _tick(engine, writing, events, position, before, divisible=False)
        return ticks + _tick(engine, writing, (), position, until)
    middle = max(due or 0, (reached + until) // 2)
    if middle >= until:
        return _tick(engine, writing, (), position, until, divisible=False)
    return _tick(engine, writing, (), None, middle) + _tick(engine, writing, (), position, until)
