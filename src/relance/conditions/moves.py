"""When the passing of time alone changes what a condition says of somebody."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from relance.clock import DAY
from relance.conditions import model
from relance.conditions.answers import reactions_of
from relance.conditions.clauses import LENGTH_OPS, Clause, look_up
from relance.conditions.evaluate import View, holds, properties_of
from relance.localtime import local_date, midnight, next_anniversary, next_midnight, parse_instant_or_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any
    from zoneinfo import ZoneInfo

MAX_EDGES = 2000
_AT = attrgetter("at")


def next_change(condition: model.Condition, view: View) -> int | None:
    """The first instant after `view.at` at which the answer is another one if nothing more happens, None if there is none."""
    now = holds(condition, view)
    later = sorted({at for at in edges(condition, view) if at > view.at})
    return next((at for at in later[:MAX_EDGES] if holds(condition, replace(view, at=at)) != now), None)


def edges(condition: model.Condition, view: View) -> Iterator[int]:
    """Every later instant at which a condition may change by itself; some are not later."""
    for part in model.walk(condition):
        if isinstance(part, model.InSegment):
            yield from edges(view.segments[part.segment], view)
        elif isinstance(part, (model.Earlier, model.Frozen)):
            yield part.at
        elif isinstance(part, model.Trait):
            yield from clause_edges(part.clause, view.traits(), view.at, view.zone())
        elif isinstance(part, model.Did):
            yield from _event_edges(part.window, {part.event}, part.where, view)
        elif isinstance(part, model.Sequence):
            where = tuple(clause for step in part.steps for clause in step.where)
            yield from _event_edges(part.window, {step.event for step in part.steps}, where, view)
        elif isinstance(part, model.Message):
            yield from _event_edges(part.window, set(reactions_of(part.statuses)), (), view)
            yield from _fact_edges(view.person.messages, view, part.window)
        elif isinstance(part, model.Journey):
            yield from _fact_edges(view.person.journeys, view)
        elif isinstance(part, model.InList):
            yield from _fact_edges(view.person.lists, view)
        elif isinstance(part, model.Predicted):
            yield from _fact_edges(view.person.scores, view, model.Window(within=part.within))


def _fact_edges(rows: Iterable[Any], view: View, window: model.Window = model.ALL_TIME) -> Iterator[int]:
    for row in rows:
        if row.seq <= view.seq:
            yield row.at
            if window.within is not None:
                yield row.at + window.within


def _event_edges(window: model.Window, names: set[str], where: tuple[Clause, ...], view: View) -> Iterator[int]:
    for edge in (window.since, window.before):
        if edge is not None:
            yield midnight(edge, view.zone()) if isinstance(edge, date) else edge
    for name in names:
        events = view.named(name)
        yield from (event.at for event in events[bisect_right(events, view.at, key=_AT) :])
        if window.within is not None:
            yield from (event.at + window.within for event in events[bisect_right(events, view.at - window.within, key=_AT) :])
        for clause in where:
            if clause.op in LENGTH_OPS:
                for event in events:
                    yield from clause_edges(clause, properties_of(event), view.at, view.zone())


def clause_edges(clause: Clause, root: Any, now: int, zone: ZoneInfo) -> Iterator[int]:
    """Every later instant at which a clause may change by itself; some are not later."""
    return path_edges(clause.path, [clause], root, now, zone)


def path_edges(path: tuple[str, ...], clauses: Iterable[Clause], root: Any, now: int, zone: ZoneInfo) -> Iterator[int]:
    """The same of clauses that read one path."""
    asked = [clause for clause in clauses if clause.op in LENGTH_OPS]
    lengths = {clause.length for clause in asked if clause.op != "anniversary_within"}
    before = {clause.length for clause in asked if clause.op == "anniversary_within"}
    for value in look_up(root, path) if asked else ():
        for item in value if isinstance(value, list) else [value]:
            at = parse_instant_or_date(item, zone)
            if at is not None and lengths:
                yield from (at, at + 1)
                for length in lengths:
                    yield from (at - length, at + length)
            if at is not None and before:
                yield from _anniversary_edges(local_date(at, zone), before, now, zone)


def _anniversary_edges(born: date, before: set[int], now: int, zone: ZoneInfo) -> Iterator[int]:
    for then in (now, now + 366 * DAY):
        try:
            begin = next_anniversary(born, then, zone)
            yield from (begin, next_midnight(begin, zone))
        except (OverflowError, ValueError):  # after the year 9999
            return
        yield from (begin - length for length in before)
