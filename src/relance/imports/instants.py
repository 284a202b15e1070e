"""Dates and times of files → instants as relance writes them (`2026-03-01T09:00:00Z`).

A file holds millions of them, nearly all in one of a few forms: those are read without a call of Python for each (`all_canonical`), or
by a pattern of digits (`compile_pattern`). Everything else takes the way that says what is wrong.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from relance.clock import from_micros
from relance.localtime import UTC_ZONE, find_zone, resolve_local

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from relance.imports.mapping import Column

UNIX = {"unix": 1_000_000, "unix_ms": 1_000}
_HOUR = timedelta(hours=1)
# As `format_instant` writes one that has no fraction; several of them, a line each.
_CANONICAL = r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ"
_ALL_CANONICAL = re.compile(rf"{_CANONICAL}(?:\n{_CANONICAL})*", re.ASCII)
# The directives of strptime that are a fixed number of digits, and which part of a datetime each is.
_DIGITS = {"%Y": (4, "year"), "%m": (2, "month"), "%d": (2, "day"), "%H": (2, "hour"), "%M": (2, "minute"), "%S": (2, "second")}
_INSTANT = r"(?:19\d\d|2\d{3})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)"
_ALL_INSTANTS = re.compile(rf"{_INSTANT}(?:\n{_INSTANT})*", re.ASCII)
_MEANT = {
    "iso": "a date and time such as 2026-03-01T09:00:00Z",
    "unix": "a number of seconds since 1970",
    "unix_ms": "a number of milliseconds since 1970",
}


def all_canonical(cells: Sequence[str]) -> bool:
    """Whether all texts are instants that stand for themselves: they exist, and `format_instant` would write them so."""
    return _all_match(_ALL_CANONICAL, cells)


def all_instants(texts: Sequence[str]) -> bool:
    """Whether all texts are instants, from 1900 on, in the form that the log's readers know best."""
    return _all_match(_ALL_INSTANTS, texts) and min(texts) >= "1900-01-02"


def _all_match(form: re.Pattern[str], texts: Sequence[str]) -> bool:
    joined = "\n".join(texts)
    if form.fullmatch(joined) is None or joined.count("\n") != len(texts) - 1:
        return False
    try:
        for _ in map(datetime.fromisoformat, texts):
            pass
    except ValueError:  # 30 February
        return False
    return True


def compile_text_instant(column: Column, shown: Callable[[Any], str]) -> Callable[[str], str]:
    """What reads the text of one cell; raises ValueError with a sentence that tells what is wrong."""
    to_instant = _compile_zone(find_zone(column.time_zone) or UTC_ZONE)
    parse: Callable[[str], datetime]
    if column.format == "iso":
        parse = datetime.fromisoformat
    elif column.format in UNIX:
        units = UNIX[column.format]

        def parse(text: str) -> datetime:
            return from_unix(Decimal(text), units)

    else:
        parse = compile_pattern(column.format)

    def convert(text: str) -> str:
        try:
            return to_instant(parse(text.strip()))
        except (ValueError, ArithmeticError):
            msg = f"{shown(text)} is not {_MEANT.get(column.format, f'of the form {column.format}')}"
            raise ValueError(msg) from None

    return convert


def compile_native_instant(column: Column, shown: Callable[[Any], str]) -> Callable[[Any], str]:
    """What reads a value that is a date or a number already."""
    to_instant = _compile_zone(find_zone(column.time_zone) or UTC_ZONE)

    def convert(cell: Any) -> str:
        try:
            if isinstance(cell, datetime | date):
                return to_instant(cell)
            units = UNIX.get(column.format)
            if units and isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and math.isfinite(cell):
                return to_instant(from_unix(cell, units))
        except ArithmeticError:  # outside of the years 1 to 9999
            pass
        msg = f"{shown(cell)} is no date and time"
        raise ValueError(msg)

    return convert


def from_unix(number: Decimal | float, units: int) -> datetime:
    """The instant that a number of seconds (or parts of one) since 1970 is."""
    return from_micros(round(number * units))


def utc_instant(value: datetime | date) -> str:
    """An instant as text; one that names no offset is in UTC."""
    return _instant_in_utc(value)


def compile_pattern(pattern: str) -> Callable[[str], datetime]:
    """`datetime.strptime` for one pattern, several times as fast for texts whose numbers have all their digits.

    What is out of the ordinary (a single digit, a name, a pattern that has more than digits) is left to `strptime`.
    """
    parts = re.split(r"(%.)", pattern)
    directives = parts[1::2]

    def patiently(text: str) -> datetime:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone follows

    is_plain = (
        len(set(directives)) == len(directives) and set(directives) <= _DIGITS.keys() and {"%Y", "%m", "%d"} <= set(directives)
    )
    if not is_plain or any(char.isspace() and char != " " for char in pattern):
        return patiently
    places: dict[str, tuple[int, int]] = {}
    at = 0
    form = ""
    for i, part in enumerate(parts):
        if i % 2 == 0:
            form += re.escape(part)
            at += len(part)
            continue
        n, name = _DIGITS[part]
        places[name] = (at, at + n)
        form += rf"\d{{{n}}}"
        at += n
    match = re.compile(form, re.ASCII).fullmatch
    (y0, y1), (m0, m1), (d0, d1) = places["year"], places["month"], places["day"]
    (h0, h1), (i0, i1), (s0, s1) = (places.get(name, (0, 0)) for name in ("hour", "minute", "second"))

    def convert(text: str) -> datetime:
        if match(text) is None:
            return patiently(text)
        try:
            return datetime(  # noqa: DTZ001 - the zone follows
                int(text[y0:y1]), int(text[m0:m1]), int(text[d0:d1]),
                int(text[h0:h1] or 0), int(text[i0:i1] or 0), int(text[s0:s1] or 0),
            )  # fmt: skip
        except ValueError:
            return patiently(text)  # says no, unless it reads the digits in another way

    return convert


def _compile_zone(zone: ZoneInfo) -> Callable[[datetime | date], str]:
    """What makes the text of an instant out of a wall-clock time in a zone, or of a time that names its offset."""
    if zone is UTC_ZONE or zone.key == "UTC":
        return _instant_in_utc
    ahead = _HoursAhead(zone).ahead

    def to_instant(value: datetime | date) -> str:
        wall = value if isinstance(value, datetime) else datetime.combine(value, time())
        if wall.tzinfo is not None:
            return _instant_in_utc(wall)
        offset = ahead(wall.replace(minute=0, second=0, microsecond=0, fold=0))
        if offset is None:
            return _instant_in_utc(from_micros(resolve_local(wall, zone)))
        return (wall - offset).isoformat() + "Z"

    return to_instant


def _instant_in_utc(value: datetime | date) -> str:
    """As `format_instant`, without the way over microseconds."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        return value.isoformat() + "Z"
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()[:-6] + "Z"


class _HoursAhead:
    """How far a zone's wall clock is ahead of UTC in an hour of it; None where that changes, or is doubled."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.ahead = lru_cache(maxsize=16_384)(self._ahead)

    def _ahead(self, hour: datetime) -> timedelta | None:
        try:
            first, last = resolve_local(hour, self._zone), resolve_local(hour + _HOUR, self._zone)
        except OverflowError:
            return None
        if last - first != 3_600_000_000:
            return None
        return hour - from_micros(first).replace(tzinfo=None)
