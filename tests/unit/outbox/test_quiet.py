"""Quiet hours against a search that looks at the clock minute by minute, around the changes of clocks."""

from __future__ import annotations

from datetime import time
from random import Random

import pytest

from relance.clock import DAY, HOUR, MINUTE, parse_instant
from relance.localtime import find_zone, local_time
from relance.outbox.quiet import QuietClock
from relance.workspace import QuietHours

# a zone, and an instant in a week in which its clocks change
CHANGES = [
    ("Europe/Paris", "2026-03-26T00:00:00Z"),
    ("Europe/Paris", "2026-10-22T00:00:00Z"),
    ("America/Havana", "2026-03-06T00:00:00Z"),  # midnight is skipped
    ("America/Havana", "2026-10-30T00:00:00Z"),  # and doubled
    ("Australia/Lord_Howe", "2026-04-02T00:00:00Z"),  # half an hour
    ("America/St_Johns", "2026-03-06T00:00:00Z"),
    ("Asia/Kathmandu", "2026-03-06T00:00:00Z"),  # never
]
HOURS = [
    (time(21), time(8)),
    (time(2), time(3)),
    (time(0), time(0, 30)),
    (time(23, 30), time(0)),
    (time(1, 30), time(2, 30)),
    (time(9), time(17)),
]


def is_quiet(at: int, zone: str, start: time, end: time) -> bool:
    wall = local_time(at, find_zone(zone) or pytest.fail(zone)).time()
    return start <= wall < end if start <= end else wall >= start or wall < end


def search(at: int, zone: str, start: time, end: time) -> int | None:
    """The first minute that is not quiet. All bounds, offsets and changes lie on whole minutes."""
    if not is_quiet(at, zone, start, end):
        return None
    at -= at % MINUTE
    while is_quiet(at, zone, start, end):
        at += MINUTE
    return at


@pytest.mark.parametrize(("zone", "week"), CHANGES)
def test_the_end_is_the_first_instant_at_which_the_clock_shows_no_quiet_hour(zone: str, week: str) -> None:
    random, begin = Random(zone + week), parse_instant(week) or 0
    for start, end in HOURS:
        quiet = QuietClock(QuietHours(("sms",), start, end), "UTC")
        for _ in range(60):
            at = begin + random.randrange(5 * DAY // (10 * MINUTE)) * 10 * MINUTE + random.choice([0, 0, 1, -1, 7 * MINUTE])
            expected = search(at, zone, start, end)

            found = quiet.ends_at(at, zone)

            assert expected == found, (start, end, at)


def test_a_zone_that_is_missing_or_wrong_is_the_workspaces() -> None:
    quiet = QuietClock(QuietHours(("sms",), time(21), time(8)), "Asia/Tokyo")
    at = parse_instant("2026-03-01T13:00:00Z") or 0  # 22:00 in Tokyo

    assert [at + 10 * HOUR] * 3 == [quiet.ends_at(at, zone) for zone in (None, "Nowhere/At_All", "Asia/Tokyo")]
    assert quiet.ends_at(at, "UTC") is None


def test_quiet_hours_in_a_named_zone_are_everybodys() -> None:
    quiet = QuietClock(QuietHours(("sms",), time(21), time(8), "Europe/Paris"), "UTC")
    at = parse_instant("2026-03-01T21:00:00Z") or 0

    assert [at + 10 * HOUR] * 2 == [quiet.ends_at(at, zone) for zone in (None, "Asia/Tokyo")]


def test_no_hours_at_all_when_both_bounds_are_one() -> None:
    quiet = QuietClock(QuietHours(("sms",), time(8), time(8)), "UTC")

    assert {None} == {quiet.ends_at(hour * HOUR, "UTC") for hour in range(24)}
