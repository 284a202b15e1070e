"""What somebody did, compiled: scans of the events, and columns over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.compiling.aggregates import AggregateScan, meets_limits
from relance.conditions.compiling.relations import EVENTS, MOMENTS, instant_of
from relance.conditions.compiling.sequence import SequenceScan
from relance.conditions.compiling.values import Surroundings, compare, matches, needs_zone
from relance.conditions.figures import number_meets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from relance.conditions.clauses import Clause
    from relance.conditions.compiling.moments import Moments

    Column = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Which events count."""

    event: str
    where: tuple[Clause, ...]


@dataclass(slots=True)
class Scan:
    """One pass over the events of one window, counting for each moment."""

    name: str
    window: model.Window
    zoned: bool
    counted: dict[str, Occurrence] = field(default_factory=dict)  # by column


class Absent(NamedTuple):
    """A scan of those who must not be there: the events themselves, which need not be counted."""

    rows: Any
    column: str  # what would have been counted


class DidScans:
    """All that a condition wants to know of the events."""

    def __init__(self, moments: Moments) -> None:
        self.moments = moments
        self.scans: dict[str, Scan] = {}
        self.others: dict[str, AggregateScan | SequenceScan] = {}

    def tables(self, forbidden: Collection[str] = ()) -> Iterator[tuple[str, Any]]:
        """The relations to join, by name: one row for each moment that has any of the events; or that nobody may be in."""
        for scan in self.scans.values():
            if scan.name in forbidden and len(scan.counted) == 1:
                ((column, occurrence),) = scan.counted.items()
                rows = events_of(self.moments, [occurrence.event], scan.window, scan.zoned)
                rows = rows.filter(self.is_one(rows, occurrence)) if occurrence.where else rows
                yield scan.name, Absent(rows.select(self.moments.key), column)
            else:
                yield scan.name, self._counts(scan)
        for name, other in self.others.items():
            yield (
                name,
                other.table(events_of(self.moments, [o.event for o in other.occurrences], other.window, other.zoned), self),
            )

    def presence(self, condition: model.Did | model.Sequence) -> set[str]:
        """The scans in which somebody must be seen for a condition to hold."""
        if isinstance(condition, model.Sequence):
            return {self._other(condition).name}
        found = set()
        if condition.aggregate is not None and not self._other(condition).holds_of_nothing:
            found.add(self._other(condition).name)
        if condition.times and not number_meets(condition.times, 0):
            found.add(self._scan(condition).name)
        return found

    def absence(self, condition: model.Condition, *, happened: bool) -> set[str]:
        """The scan in which nobody may be seen for a condition to hold; or, where it tells what `happened`, not to hold."""
        if not isinstance(condition, model.Did) or condition.aggregate is not None or not condition.times:
            return set()
        limits = {(limit.op, limit.value) for limit in condition.times}
        nobody = limits <= model.ONCE_OR_MORE if happened else bool(limits & model.NOT_ONCE)
        return {self._scan(condition).name} if nobody else set()

    def column(self, condition: model.Did | model.Sequence) -> Column:
        """How the joined relation tells whether the condition holds."""
        if isinstance(condition, model.Sequence):
            name = self._other(condition).name
            return lambda t: t[f"{name}_yes"].fill_null(False)
        times = self._times(condition) if condition.times else None
        if condition.aggregate is None:
            return times or (lambda _t: ibis.literal(True))
        figure = self._other(condition)
        if times is None:
            return figure.column
        return lambda t: times(t) & figure.column(t)

    def _times(self, condition: model.Did) -> Column:
        scan = self._scan(condition)
        occurrence = Occurrence(condition.event, condition.where)
        name = next((n for n, o in scan.counted.items() if repr(o) == repr(occurrence)), None)
        if name is None:
            name = f"{scan.name}_n{len(scan.counted)}"
            scan.counted[name] = occurrence
        return lambda t: meets_limits(condition.times, t[name].fill_null(0))

    def _scan(self, condition: model.Did) -> Scan:
        zoned = reads_zone(condition.where, condition.window)
        key = f"{condition.window} {zoned}"
        if key not in self.scans:
            self.scans[key] = Scan(f"scan{len(self.scans)}", condition.window, zoned)
        return self.scans[key]

    def _other(self, condition: model.Did | model.Sequence) -> Any:
        key = repr(condition)
        for other in self.others.values():
            if other.key == key:
                return other
        name = f"figure{len(self.others)}"
        if isinstance(condition, model.Sequence):
            occurrences = [Occurrence(s.event, s.where) for s in condition.steps]
            zoned = any(reads_zone(o.where, condition.window) for o in occurrences)
            made: Any = SequenceScan(name, key, condition, occurrences, condition.window, zoned)
        else:
            zoned = reads_zone(condition.where, condition.window)
            made = AggregateScan(name, key, condition, [Occurrence(condition.event, condition.where)], condition.window, zoned)
        self.others[name] = made
        return made

    def _counts(self, scan: Scan) -> Any:
        occurrences = list(scan.counted.values())
        rows = events_of(self.moments, [o.event for o in occurrences], scan.window, scan.zoned)
        flags = {name: self.is_one(rows, o) for name, o in scan.counted.items()}
        if len(flags) == 1:
            rows = rows.filter(*flags.values()) if occurrences[0].where else rows
            return rows.group_by(self.moments.key).agg(**{name: rows.count() for name in flags})
        rows = rows.select(self.moments.key, **{f"is_{name}": flag for name, flag in flags.items()})
        return rows.group_by(self.moments.key).agg(**{name: rows.count(where=rows[f"is_{name}"]) for name in flags})

    def is_one(self, rows: Any, occurrence: Occurrence) -> Any:
        """Whether an event is one of those that count. Properties are read of events with the right name alone."""
        counts = rows.name == occurrence.event
        clauses = [clause for clause in occurrence.where if clause is not BY_PEOPLE]
        if len(clauses) < len(occurrence.where):
            counts = counts & ~rows.machine  # the same as the clause
        if not clauses:
            return counts
        around = Surroundings(self.moments.at(rows), rows.zone if "zone" in rows.columns else None)
        tests = ibis.and_(*(matches(clause, rows.properties, around) for clause in clauses))
        return ibis.cases((counts, tests), else_=False)


def reads_zone(where: tuple[Clause, ...], window: model.Window) -> bool:
    """Whether the events that count depend on the profile's zone."""
    return any(map(needs_zone, where)) or isinstance(window.since, date) or isinstance(window.before, date)


def events_of(moments: Moments, names: list[str], window: model.Window, zoned: bool) -> Any:  # noqa: FBT001
    """The events of some names that are seen at each moment in its window.

    Shape:
        one row for each moment and event: the moment's key and `at`, `event_at`, `event_seq`, `name`, `properties`, `machine`,
        and `zone` if asked for.
    """
    events = EVENTS.filter(EVENTS.name.isin(sorted(set(names))))
    return seen_in_window(moments, events, ("name", "properties", "machine"), window, zoned)


def seen_in_window(
    moments: Moments,
    events: Any,
    columns: tuple[str, ...],
    window: model.Window,
    zoned: bool,  # noqa: FBT001
) -> Any:
    """The rows that are seen at each moment in its window, of a relation with `profile_id`, `seq` and `at`.

    Shape:
        one row for each moment and row: the moment's key and `at`, `event_at`, `event_seq`, the columns asked for, and
        `zone` if asked for.
    """
    events = events.filter([events.at <= moments.latest(), *([] if moments.given else moments.known(events))])
    if window.within is not None:
        events = events.filter(events.at > moments.earliest() - window.within)
    if isinstance(window.since, int):
        events = events.filter(events.at >= window.since)
    if isinstance(window.before, int):
        events = events.filter(events.at < window.before)
    if not moments.given and not zoned:
        return events.select("profile_id", *columns, event_at=events.at, event_seq=events.seq)
    events = events.select(*columns, owner=events.profile_id, event_at=events.at, event_seq=events.seq)
    asked = moments.zoned if zoned else MOMENTS
    rows = asked.join(events, asked.profile_id == events.owner)
    if moments.given:
        rows = rows.filter([rows.event_at <= rows["at"], rows.event_seq <= rows.seq])
        if window.within is not None:
            rows = rows.filter(rows.event_at > rows["at"] - window.within)
    for edge, op in ((window.since, "gte"), (window.before, "lt")):
        if isinstance(edge, date):
            rows = rows.filter(compare(op, rows.event_at, instant_of(edge.isoformat(), rows.zone)))
    return rows.drop("owner")
