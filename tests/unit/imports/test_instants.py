"""The quick ways of reading times give what the plain ones give."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.clock import format_instant, parse_instant
from relance.events.limits import EARLIEST, read_instant
from relance.imports.instants import all_canonical, all_instants, compile_native_instant, compile_pattern, utc_instant
from relance.imports.mapping import Column
from relance.localtime import find_zone, resolve_local

PATTERNS = [
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%m/%d/%y",
    "%d.%m.%Y",
    "%b %d %Y",
    "at %H h, %Y/%m/%d",
    "%Y-%m-%dT%H:%M:%S.%f",
]


@given(
    st.sampled_from(PATTERNS),
    st.datetimes(datetime(1900, 1, 1)),  # noqa: DTZ001
    st.integers(-1, 30),
    st.sampled_from("0159/: xé٣"),
)
def test_a_pattern_is_read_as_strptime_reads_it(pattern: str, at: datetime, place: int, sign: str) -> None:
    text = at.strftime(pattern)
    if 0 <= place < len(text):
        text = text[:place] + sign + text[place + 1 :]
    try:
        expected: datetime | str = datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError as e:
        expected = str(e)
    try:
        found: datetime | str = compile_pattern(pattern)(text)
    except ValueError as e:
        found = str(e)

    assert expected == found


@pytest.mark.parametrize(("pattern", "text"), [("%d/%m/%Y", "1/2/2024"), ("%d/%m/%Y", " 1/2/2024"), ("%d%m%Y", "3112024")])
def test_single_digits_are_read_too(pattern: str, text: str) -> None:
    try:
        expected: datetime | None = datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        expected = None
    try:
        found: datetime | None = compile_pattern(pattern)(text)
    except ValueError:
        found = None

    assert expected == found


ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Monrovia",
    "Pacific/Apia",
    "Asia/Kathmandu",
]


@given(
    st.sampled_from(ZONES),
    st.one_of(
        st.datetimes(datetime(1902, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001
        st.builds(  # around changes of the clocks
            lambda day, minute: day + timedelta(minutes=minute),
            st.sampled_from([datetime(2024, 3, 31), datetime(2024, 10, 27), datetime(2024, 3, 10), datetime(2024, 4, 7), datetime(2011, 12, 30)]),  # noqa: DTZ001
            st.integers(-180, 1_600),
        ),
    ),
)  # fmt: skip
def test_a_local_time_is_the_instant_that_it_was_before_it_was_remembered(name: str, wall: datetime) -> None:
    zone = find_zone(name)
    assert zone is not None
    convert = compile_native_instant(Column("c", "datetime", time_zone=name), repr)

    assert format_instant(resolve_local(wall, zone)) == convert(wall)


@given(st.lists(st.one_of(
    st.datetimes().map(lambda at: at.isoformat() + "Z"), st.datetimes().map(lambda at: at.isoformat(timespec="seconds") + "Z"),
    st.sampled_from(["2024-02-30T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:60Z", "a\nb", "2024-01-01T00:00:00Z\n2024-01-01T00:00:00Z",
                     "2024-01-01T00:00:00+05:00", "1899-12-31T00:00:00Z", "1900-01-01T00:00:00+14:00"]),
), min_size=1, max_size=3))  # fmt: skip
def test_nothing_passes_that_is_no_instant(texts: list[str]) -> None:
    if all_canonical(texts):
        for text in texts:
            at = parse_instant(text)
            assert at is not None
            assert format_instant(at) == text == utc_instant(datetime.fromisoformat(text))
    if all_instants(texts):
        for text in texts:
            at = read_instant(text)
            assert at is not None
            assert at >= EARLIEST


def test_the_usual_forms_are_found_quickly() -> None:
    assert all_canonical(["2024-02-29T23:59:59Z", "1850-01-01T00:00:00Z"])
    assert all_instants(["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.123Z", "2024-02-29T23:59:59.5+02:00"])
    assert not all_canonical(["2024-02-29T23:59:59.5Z"])
