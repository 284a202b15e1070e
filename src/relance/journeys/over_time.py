"""How what was sent was answered as time went by: by the hour at first, then by the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from relance.clock import DAY, HOUR, format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.store import Connection

HOURS = 48  # told one by one, from the hour of the first message on
MOST_DAYS = 90  # after these hours
_HOURS_A_DAY = DAY // HOUR


class TimeBucket(TypedDict):
    """A stretch of time: how many messages were sent in it, and how many were first opened and first clicked by people."""

    since: str
    hours: int  # how long it is: 1 or 24
    sent: int
    opened: int
    clicked: int


class OverTime(TypedDict):
    """From the hour of the first message on: stretches without a gap, up to the last in which something was."""

    items: list[TimeBucket]
    later: int  # opens and clicks after these stretches


def read_over_time(connection: Connection, source: str) -> OverTime:
    """What a journey or campaign sent and how people answered, by time.

    Args:
        connection: the store.
        source: `journey:ID` or `campaign:ID`.
    """
    queries = load_queries("relance.journeys", "report.sql")
    first = connection.value(queries["report_first_sent"], {"source": source})
    if first is None:
        return {"items": [], "later": 0}
    start = int(first) // HOUR * HOUR
    asked = {"source": source, "start": start, "hour": HOUR}
    told = [
        *(("sent", hour, n) for hour, n in connection.rows(queries["report_sent_hours"], asked)),
        *connection.rows(queries["report_reaction_hours"], asked),
    ]
    figures: dict[int, dict[str, int]] = {}
    later = 0
    for kind, hour, n in told:
        # Whoever reacts by a clock that is slow did so in the first hour.
        bucket = max(0, hour) if hour < HOURS else HOURS + (hour - HOURS) // _HOURS_A_DAY
        if bucket >= HOURS + MOST_DAYS:
            later += 0 if kind == "sent" else n
            continue
        counts = figures.setdefault(bucket, {})
        counts[kind] = counts.get(kind, 0) + n
    return {"items": [_bucket(start, number, figures.get(number, {})) for number in range(max(figures) + 1)], "later": later}


def _bucket(start: int, number: int, counts: dict[str, int]) -> TimeBucket:
    is_hour = number < HOURS
    since = start + (number * HOUR if is_hour else HOURS * HOUR + (number - HOURS) * DAY)
    return {
        "since": format_instant(since),
        "hours": 1 if is_hour else _HOURS_A_DAY,
        "sent": counts.get("sent", 0),
        "opened": counts.get("opened", 0),
        "clicked": counts.get("clicked", 0),
    }
