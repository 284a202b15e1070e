from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from relance.imports.mapping import Column
from relance.imports.values import compile_converter, to_json


def convert(cell: Any, **shape: Any) -> Any:
    return compile_converter(Column("c", **shape))(cell)


@pytest.mark.parametrize(
    ("cell", "shape", "expected"),
    [
        ("", {}, None),
        ("NULL", {}, "NULL"),
        ("NULL", {"null": frozenset({"", "NULL"})}, None),
        ("NULL", {"null": frozenset({"", "NULL"}), "type": "number"}, None),
        ("=1+1", {}, "=1+1"),  # a formula is text like any other
        ("café ☕", {}, "café ☕"),
        (True, {}, "true"),
        (12, {}, "12"),
        (["a"], {}, '["a"]'),
        (date(2024, 2, 29), {}, "2024-02-29T00:00:00Z"),
        ("12", {"type": "integer"}, 12),
        (" -7 ", {"type": "integer"}, -7),
        ("12.0", {"type": "integer"}, 12),
        ("1,234", {"type": "integer", "thousands": ","}, 1234),
        ("9223372036854775807", {"type": "integer"}, 2**63 - 1),
        (3.0, {"type": "integer"}, 3),
        ("1.50", {"type": "number"}, 1.5),
        ("2.00", {"type": "number"}, 2),
        ("1e3", {"type": "number"}, 1000),
        ("1.234,56", {"type": "number", "decimal": ",", "thousands": "."}, 1234.56),
        (Decimal("2.25"), {"type": "number"}, 2.25),
        (None, {"type": "number"}, None),
        ("Yes", {"type": "boolean"}, True),
        ("0", {"type": "boolean"}, False),
        (1, {"type": "boolean"}, True),
        ('{"a": [1, null]}', {"type": "json"}, {"a": [1, None]}),
        ([1, date(2024, 1, 1)], {"type": "json"}, [1, "2024-01-01T00:00:00Z"]),
    ],
)
def test_a_cell_becomes_a_value(cell: Any, shape: dict[str, Any], expected: Any) -> None:
    found = convert(cell, **shape)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("cell", "shape", "words"),
    [
        ("12.5", {"type": "integer"}, "'12.5' is no integer"),
        ("abc", {"type": "integer"}, "'abc' is no integer"),
        ("1_000", {"type": "integer"}, "is no integer"),
        ("92233720368547758080", {"type": "integer"}, "64 bits"),
        ("٣x", {"type": "integer"}, "is no integer"),
        ("12,5", {"type": "number"}, "'12,5' is no number"),
        ("nan", {"type": "number"}, "is no number"),
        ("1e999", {"type": "number"}, "is no number"),
        (float("inf"), {"type": "number"}, "is no number"),
        (True, {"type": "number"}, "is no number"),
        ("maybe", {"type": "boolean"}, "neither true nor false"),
        ("{", {"type": "json"}, "is not JSON"),
        ("yesterday", {"type": "datetime"}, "is not a date and time"),
        ("2024-13-01", {"type": "datetime", "format": "%Y-%m-%d"}, "is not of the form %Y-%m-%d"),
        ("soon", {"type": "datetime", "format": "unix"}, "seconds since 1970"),
        (12, {"type": "datetime"}, "no date and time"),
        ("x" * 5_000, {"type": "number"}, "…"),
    ],
)
def test_a_wrong_cell_is_refused_with_a_sentence(cell: Any, shape: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        convert(cell, **shape)

    assert words in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("cell", "shape", "expected"),
    [
        ("2024-03-01T09:00:00Z", {}, "2024-03-01T09:00:00Z"),
        ("2024-03-01T09:00:00.123456+02:00", {}, "2024-03-01T07:00:00.123456Z"),
        ("2024-07-01 09:00", {"time_zone": "Europe/London"}, "2024-07-01T08:00:00Z"),
        ("2024-07-01", {"time_zone": "Europe/Paris"}, "2024-06-30T22:00:00Z"),
        ("01/02/2024 10:30", {"format": "%d/%m/%Y %H:%M"}, "2024-02-01T10:30:00Z"),
        ("1709283600", {"format": "unix"}, "2024-03-01T09:00:00Z"),
        ("1709283600.25", {"format": "unix"}, "2024-03-01T09:00:00.250000Z"),
        ("1709283600250", {"format": "unix_ms"}, "2024-03-01T09:00:00.250000Z"),
        (1709283600, {"format": "unix"}, "2024-03-01T09:00:00Z"),
        (datetime(2024, 3, 1, 9, tzinfo=UTC), {}, "2024-03-01T09:00:00Z"),
        (datetime(2024, 7, 1, 9), {"time_zone": "Europe/London"}, "2024-07-01T08:00:00Z"),  # noqa: DTZ001
        ("2024-03-31 01:30", {"time_zone": "Europe/London"}, "2024-03-31T01:00:00Z"),  # skipped: the next instant there is
        ("2024-10-27 01:30", {"time_zone": "Europe/London"}, "2024-10-27T00:30:00Z"),  # doubled: the first
    ],
)
def test_a_time_becomes_an_instant(cell: Any, shape: dict[str, Any], expected: str) -> None:
    assert convert(cell, type="datetime", **shape) == expected


def test_json_values_lose_what_json_has_not() -> None:
    assert to_json({"a": float("nan"), "b": (1, Decimal(2)), 3: None}) == {"a": None, "b": [1, 2], "3": None}
