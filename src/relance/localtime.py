"""Wall-clock time: named zones, skipped and doubled hours, dates without a time, calendar recurrences.

The rules (SEMANTICS 14): a skipped hour is the next valid instant, a doubled hour the first of the two, the 31st the last
day of a shorter month; recurrences follow the calendar of a named zone, so 09:00 stays 09:00 over a change of offset.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from relance.clock import EPOCH, HOUR, MICROSECOND, MINUTE, SECOND, from_micros, parse_instant, to_micros
from relance.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

UTC_ZONE = ZoneInfo("UTC")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9+_/-]{1,64}")


@lru_cache(maxsize=2048)
def _load_zone(name: str) -> ZoneInfo | None:
    if not _ZONE.fullmatch(name) or name.startswith("/"):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or the name of a folder of zones
        return None


def find_zone(name: object) -> ZoneInfo | None:
    """The zone of an IANA name; None when `name` is none."""
    return _load_zone(name) if isinstance(name, str) else None


def resolve_local(wall: datetime, zone: ZoneInfo) -> int:
    """The instant of a wall-clock time (without zone): a skipped time is the next valid one, a doubled one the first.

    Raises:
        OverflowError: the instant lies outside the years 1 to 9999.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return to_micros(first)
    low, high = to_micros(wall.replace(tzinfo=zone, fold=1).astimezone(UTC)), to_micros(first)
    return next_offset_change(low, high, zone)


def next_offset_change(low: int, high: int, zone: ZoneInfo) -> int:
    """The instant in (low, high] at which the zone's offset stops being that of `low`."""
    before = offset_at(low, zone)
    while high - low > MICROSECOND:
        middle = (low + high) // 2
        if offset_at(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def offset_at(at: int, zone: ZoneInfo) -> int:
    """How far the zone's wall clock is ahead of UTC at an instant.

    Units: microseconds.
    """
    offset = from_micros(at).astimezone(zone).utcoffset()
    return offset // timedelta(microseconds=1) if offset else 0


def local_time(at: int, zone: ZoneInfo) -> datetime:
    """The wall-clock time (without zone) of an instant."""
    return from_micros(at).astimezone(zone).replace(tzinfo=None)


def local_date(at: int, zone: ZoneInfo) -> date:
    """The day on the calendar of `zone` at an instant."""
    return from_micros(at).astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo) -> int:
    """The instant at which a day begins in `zone`."""
    return resolve_local(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - wall-clock time


def next_midnight(at: int, zone: ZoneInfo) -> int:
    """The instant at which the day after that of `at` begins in `zone`."""
    return midnight(date.fromordinal(local_date(at, zone).toordinal() + 1), zone)


def parse_instant_or_date(value: object, zone: ZoneInfo) -> int | None:
    """Read an RFC 3339 instant, or a date, which is its midnight in `zone`; None when `value` is neither."""
    if not isinstance(value, str):
        return None
    if not _DATE.fullmatch(value):
        return parse_instant(value)
    try:
        return midnight(date.fromisoformat(value), zone)
    except (ValueError, OverflowError):
        return None


def require_instant(text: str) -> int:
    """The instant that somebody names.

    Raises:
        InvalidInput: the text names none.
    """
    at = parse_instant(text)
    if at is None:
        msg = f"{text!r} is no instant: write it as 2026-03-01T09:00:00Z"
        raise InvalidInput(msg, problems=[msg])
    return at


def parse_clock_time(text: object) -> time | None:
    """Read `09:00` or `09:00:30`; None when `text` is none."""
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def anniversary_in(year: int, born: date) -> date:
    """The anniversary of a day in a year; of 29 February, 28 February in a common year."""
    return date(year, born.month, min(born.day, calendar.monthrange(year, born.month)[1]))


def next_anniversary(born: date, at: int, zone: ZoneInfo) -> int:
    """When the anniversary of a day begins that is now or comes next; it is past when that day is today."""
    today = local_date(at, zone)
    day = anniversary_in(today.year, born)
    return midnight(day if day >= today else anniversary_in(today.year + 1, born), zone)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`{every, on, at, from, until}`, or `{at, on}`, which is every day."""

    every: Literal["hour", "day", "week", "month"]
    at: time  # of the day; of an hour only minutes and seconds count
    weekdays: frozenset[int]  # 0 is Monday; empty: every day
    month_days: frozenset[int]  # 31 is the last day
    from_at: int | None = None  # no occurrence earlier
    until_at: int | None = None  # none later

    def falls_on(self, day: date) -> bool:
        if self.every == "month":
            last = calendar.monthrange(day.year, day.month)[1]
            return day.day in {min(d, last) for d in self.month_days}
        return not self.weekdays or day.weekday() in self.weekdays


def parse_recurrence(rule: Mapping[str, Any], zone: ZoneInfo = UTC_ZONE) -> Recurrence:
    """Read `{every: hour | day | week | month, on, at, from, until}` or `{at: "09:00", on: [mon]}`.

    Args:
        rule: the definition; `timezone` is the caller's to resolve.
        zone: in which `from` and `until` without a time are read.

    Raises:
        ValueError: what is wrong, in a sentence.
    """
    every = rule.get("every", "day")
    if every not in ("hour", "day", "week", "month"):
        msg = "`every` is hour, day, week or month"
        raise ValueError(msg)
    at = parse_clock_time(rule.get("at", "00:00"))
    if at is None:
        msg = '`at` is a time of day such as "09:00"'
        raise ValueError(msg)
    on = rule.get("on")
    on = on if isinstance(on, (list, tuple)) else [] if on is None else [on]
    weekdays: set[int] = set()
    month_days: set[int] = set()
    for day in on:
        if every == "month":
            if isinstance(day, bool) or not str(day).isdecimal() or not 1 <= int(day) <= 31:
                msg = "`on` of a month is a list of days, 1 to 31"
                raise ValueError(msg)
            month_days.add(int(day))
        else:
            name = str(day).lower()[:3]
            if name not in WEEKDAYS:
                msg = "`on` is a list of weekdays: mon tue wed thu fri sat sun"
                raise ValueError(msg)
            weekdays.add(WEEKDAYS.index(name))
    bounds = {}
    for edge in ("from", "until"):
        bounds[edge] = parse_instant_or_date(rule[edge], zone) if rule.get(edge) is not None else None
        if rule.get(edge) is not None and bounds[edge] is None:
            msg = f"`{edge}` is an instant such as 2026-03-01T09:00:00Z, or a date"
            raise ValueError(msg)
    if every == "month" and not month_days:
        month_days = {1}
    if every == "week" and not weekdays:
        weekdays = {0}
    return Recurrence(every, at, frozenset(weekdays), frozenset(month_days), bounds["from"], bounds["until"])


def occurrences(rule: Recurrence, zone: ZoneInfo, start: int) -> Iterator[int]:
    """The instants of a recurrence at or after `start`, in order, without end but for `until`.

    For those strictly later than an instant, start a microsecond after it.
    """
    start = start if rule.from_at is None else max(start, rule.from_at)
    for at in _hours(rule, zone, start) if rule.every == "hour" else _days(rule, zone, start):
        if rule.until_at is not None and at > rule.until_at:
            return
        yield at


def next_occurrence(rule: Recurrence, zone: ZoneInfo, start: int) -> int | None:
    """The first instant of a recurrence at or after `start`; None when there is none any more."""
    return next(occurrences(rule, zone, start), None)


def _days(rule: Recurrence, zone: ZoneInfo, start: int) -> Iterator[int]:
    day = local_date(start, zone) - timedelta(days=1)  # a doubled hour can reach over midnight
    while day < date.max - timedelta(days=2):
        if rule.falls_on(day):
            at = resolve_local(datetime.combine(day, rule.at), zone)
            if at >= start:
                yield at
        day += timedelta(days=1)


def _hours(rule: Recurrence, zone: ZoneInfo, start: int) -> Iterator[int]:
    into_hour = rule.at.minute * MINUTE + rule.at.second * SECOND
    limit = to_micros(EPOCH.replace(year=9998))
    at = start
    while at < limit:
        wall = at + offset_at(at, zone)
        at += (into_hour - wall) % HOUR
        if (at + offset_at(at, zone) - into_hour) % HOUR:  # the offset changed by part of an hour on the way
            continue
        if rule.falls_on(local_date(at, zone)):
            yield at
        at += MICROSECOND
