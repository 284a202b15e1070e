"""Wall-clock time over changes of offset."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

import pytest

from relance.clock import format_instant, parse_instant
from relance.localtime import (
    find_zone,
    midnight,
    next_occurrence,
    occurrences,
    parse_instant_or_date,
    parse_recurrence,
    resolve_local,
)

PARIS = find_zone("Europe/Paris")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "Europe", 3, None, "a\0b"])
def test_no_zone(name: object) -> None:
    assert find_zone(name) is None


def test_skipped_hour_is_the_next_valid_instant() -> None:
    assert "2026-03-29T01:00:00Z" == format_instant(resolve_local(datetime(2026, 3, 29, 2, 30), PARIS))  # noqa: DTZ001


def test_doubled_hour_is_the_first() -> None:
    assert "2026-10-25T00:30:00Z" == format_instant(resolve_local(datetime(2026, 10, 25, 2, 30), PARIS))  # noqa: DTZ001


def test_skipped_and_doubled_midnight() -> None:
    assert "2018-11-04T03:00:00Z" == format_instant(midnight(date(2018, 11, 4), find_zone("America/Sao_Paulo")))
    assert "2026-11-01T04:00:00Z" == format_instant(midnight(date(2026, 11, 1), find_zone("America/Havana")))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-10", "2026-03-09T23:00:00Z"),
        ("2026-03-10T00:00:00+05:30", "2026-03-09T18:30:00Z"),
        ("2026-03-10T00:00:00", None),
        ("2026-02-30", None),
        ("0001-01-01", None),
        (20260310, None),
        ("٢٠٢٦-03-10", None),
    ],
)
def test_instant_or_date(value: object, expected: str | None) -> None:
    assert expected == format_instant(parse_instant_or_date(value, PARIS))


def first(rule: dict, zone: str, start: str, n: int = 3) -> list[str]:
    found = occurrences(parse_recurrence(rule), find_zone(zone), parse_instant(start))
    return [format_instant(at) for at in islice(found, n)]


def test_nine_stays_nine_over_both_changes() -> None:
    rule = {"every": "day", "at": "09:00"}

    assert ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"] == first(rule, "Europe/Paris", "2026-03-28T08:00:00Z", 2)
    assert ["2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z"] == first(rule, "Europe/Paris", "2026-10-24T07:00:00Z", 2)


def test_month_on_the_31st_is_the_last_day() -> None:
    rule = {"every": "month", "on": [31], "at": "00:00"}

    assert ["2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"] == first(
        rule, "UTC", "2026-01-01T00:00:00Z"
    )


def test_weekdays_and_defaults() -> None:
    assert ["2026-03-02T09:00:00Z", "2026-03-05T09:00:00Z"] == first(
        {"at": "09:00", "on": ["mon", "Thursday"]}, "UTC", "2026-03-01T00:00:00Z", 2
    )
    assert ["2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"] == first({"every": "week"}, "UTC", "2026-03-01T00:00:00Z", 2)
    assert ["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"] == first({"every": "month"}, "UTC", "2026-03-01T00:00:00Z", 2)


def test_hours_where_an_offset_is_half_an_hour() -> None:
    assert ["2026-04-04T13:15:00Z", "2026-04-04T14:15:00Z", "2026-04-04T15:45:00Z"] == first(
        {"every": "hour", "at": "00:15"}, "Australia/Lord_Howe", "2026-04-04T13:00:00Z"
    )


def test_from_and_until_bound_a_recurrence() -> None:
    rule = parse_recurrence({"every": "day", "at": "09:00", "from": "2026-03-02", "until": "2026-03-03"})
    utc = find_zone("UTC")

    assert parse_instant("2026-03-02T09:00:00Z") == next_occurrence(rule, utc, 0)
    assert next_occurrence(rule, utc, parse_instant("2026-03-02T09:00:01Z")) is None


@pytest.mark.parametrize(
    "rule", [{"every": "year"}, {"at": "25:00"}, {"on": ["noday"]}, {"every": "month", "on": [32]}, {"from": "soon"}]
)
def test_bad_recurrence(rule: dict) -> None:
    with pytest.raises(ValueError, match="`"):
        parse_recurrence(rule)
