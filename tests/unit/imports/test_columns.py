"""A column read at once holds what each of its cells is alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from relance.imports import columns
from relance.imports.columns import ColumnReader
from relance.imports.mapping import TYPES, Column
from relance.imports.values import compile_converter

TEXTS = st.one_of(
    st.sampled_from(["", "NULL", "1", "01", "1.0", "1.50", "1e3", "1e400", "nan", "-7", "true", "no", "{", '{"a":1}', "[1]", "x\ny", "٣"]),
    st.sampled_from(["2024-03-01T09:00:00Z", "2024-02-30T09:00:00Z", "2024-03-01", "2024-W01-1T09:00:00Z", "0001-01-01T00:00:00+09:00"]),
    st.integers().map(str),
    st.floats().map(str),
    st.text(max_size=5),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
)  # fmt: skip
NATIVE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(max_size=3),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), max_size=2),
)
SHAPES = [
    *(Column("c", kind) for kind in TYPES),
    *(Column("c", kind, null=frozenset({"", "NULL"})) for kind in TYPES),
    *(Column("c", "datetime", form) for form in ("unix", "unix_ms", "%d/%m/%Y %H:%M")),
    Column("c", "datetime", time_zone="Europe/London"),
]


def one_by_one(column: Column, cells: list[Any]) -> list[Any]:
    convert = compile_converter(column)
    found: list[Any] = []
    for cell in cells:
        try:
            found.append(convert(cell))
        except ValueError as e:
            found.append((str(e),))
    return found


def at_once(reader: ColumnReader, cells: list[Any]) -> list[Any]:
    try:
        return list(reader.convert(cells))
    except ValueError:
        values, faults = reader.faults(cells)
        for i, message in faults:
            assert values[i] is None
            values[i] = (message,)
        return values


@given(
    st.sampled_from(SHAPES),
    st.one_of(
        st.lists(TEXTS),
        st.lists(st.one_of(TEXTS, st.none())),
        st.lists(st.one_of(TEXTS, NATIVE)),
        *(st.lists(one) for one in NATIVE.original_strategies),  # type: ignore[attr-defined]
    ),
)
def test_a_column_at_once_is_its_cells_one_by_one(column: Column, cells: list[Any]) -> None:
    expected = one_by_one(column, cells)
    reader = ColumnReader(column)
    for _ in range(2):  # what was remembered the first time makes no difference
        found = at_once(reader, cells)
        assert [(type(v), v) for v in expected] == [(type(v), v) for v in found]


def test_what_is_remembered_is_bounded() -> None:
    reader = ColumnReader(Column("c", "integer"))
    for start in range(0, 5 * columns.REMEMBERED_TEXTS, 1_000):
        cells = [str(i) for i in range(start, start + 1_000)]

        assert reader.convert(cells) == list(range(start, start + 1_000))
        assert len(reader._known.__self__) <= columns.REMEMBERED_TEXTS  # type: ignore[attr-defined]


def test_only_the_faulty_cells_of_a_column_are_told() -> None:
    reader = ColumnReader(Column("c", "number"))

    assert reader.faults(["1", "x", "", "2.5"]) == ([1, None, None, 2.5], [(1, "'x' is no number")])


def test_numbers_that_look_alike_stay_what_they_are() -> None:
    reader = ColumnReader(Column("c", "json"))

    assert [type(v) for v in reader.convert([1, True, 1.5, Decimal(2), date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)])] == [
        int, bool, float, int, str, str,
    ]  # fmt: skip
