"""Time as relance keeps it: instants are UTC, in whole microseconds since 1970 (`int`), everywhere inside.

Aware `datetime` objects and texts exist at the edges only. Time is always injected: whoever needs "now" is given a
`Clock`.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol, overload

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR_FUTURE = 1 << 62  # later than any instant

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)")
_DURATION = re.compile(r"([+-]?)(\d+(?:\.\d+)?)([smhdw])")
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}


class Clock(Protocol):
    """Where "now" comes from."""

    def now(self) -> int:
        """Microseconds since 1970, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        return time.time_ns() // 1000


def parse_instant(text: object) -> int | None:
    """Read an RFC 3339 instant with offset; None when `text` is none.

    Units: microseconds since 1970, UTC.
    """
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        return None
    try:
        return to_micros(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):
        return None


def to_micros(at: datetime) -> int:
    """An aware datetime as microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def from_micros(at: int) -> datetime:
    """Microseconds since 1970 as an aware UTC datetime."""
    return EPOCH + timedelta(microseconds=at)


@overload
def format_instant(at: int) -> str: ...


@overload
def format_instant(at: None) -> None: ...


@overload
def format_instant(at: int | None) -> str | None: ...


def format_instant(at: int | None) -> str | None:
    """An instant as text: ends in `Z`, no fraction when it is zero, else six digits."""
    if at is None:
        return None
    moment = from_micros(at)
    text = moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def parse_duration(text: object) -> int | None:
    """Read `90s 15m 72h 1d 2w`, with an optional sign; None when `text` is none.

    Units: microseconds; `1d` is exactly 24 h.
    """
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    sign, number, unit = found.groups()
    return (-1 if sign == "-" else 1) * round(float(number) * _UNITS[unit])
