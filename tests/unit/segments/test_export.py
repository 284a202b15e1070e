"""Members as CSV and Parquet: what stands in the cells."""

from __future__ import annotations

import csv
import io
from array import array
from typing import Any

import pyarrow.parquet as pq
import pytest

from relance.errors import InvalidInput
from relance.segments import export, table_file
from relance.segments.export import as_cell, columns_of, read_traits, write_members
from relance.warehouse import ProfileRow, Warehouse, open_warehouse

NASTY: list[tuple[Any, str]] = [
    ("=1+1", "'=1+1"),
    ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
    ("+33612340300", "+33612340300"),
    ("-12,5", "-12,5"),
    ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
    ("-2+3", "'-2+3"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r\n=1", "'\r\n=1"),
    ("   =1", "'   =1"),
    ("＝1", "'＝1"),  # noqa: RUF001 - the wide form
    ("a=1", "a=1"),
    ("-", "'-"),
    (-5, "-5"),
    (-0.5, "-0.5"),
    (True, "true"),
    (None, ""),
    ("", ""),
    ("Zoë 😀 İ", "Zoë 😀 İ"),
    (["=1", 2], '["=1",2]'),
    ({"é": None}, '{"é":null}'),
]


@pytest.mark.parametrize(("value", "cell"), NASTY)
def test_a_cell_is_no_formula(value: Any, cell: str) -> None:
    assert cell == as_cell(value)


def people(*traits: dict[str, Any]) -> Warehouse:
    warehouse = open_warehouse("memory://")
    warehouse.begin(1)
    warehouse.add_profile_history(
        [
            ProfileRow(n, n, 0, told, f"u{n}", None, None, False, "+331" if n == 1 else None, True, None, 0, 1)
            for n, told in enumerate(traits, 1)
        ]
    )
    warehouse.commit()
    return warehouse


TRAITS: list[dict[str, Any]] = [
    {"plan": "=x", "a": {"b": [1, 2]}, "email": "A@X"},
    {"plan": 'say "hi"\nthere', "list": [{"k": 1}, {"k": "é"}]},
    {},
]


def test_csv_is_read_back_as_it_was() -> None:
    out = io.BytesIO()
    write_members(people(*TRAITS), array("q", [1, 2, 3]), None, out, form="csv", traits=["plan", "a.b", "list.k", "email"])
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))

    assert [
        ["user_id", "email", "phone", "plan", "a.b", "list.k", "traits.email"],
        ["u1", "", "+331", "'=x", "[1,2]", "", "A@X"],
        ["u2", "", "", 'say "hi"\nthere', "", '[1,"é"]', ""],
        ["u3", "", "", "", "", "", ""],
    ] == rows


def test_a_mark_for_excel_and_texts_that_no_encoding_has() -> None:
    out = io.BytesIO()
    write_members(people({"x": "a\ud800b"}), array("q", [1]), None, out, form="csv", traits=["x"], bom=True)

    assert out.getvalue().startswith(b'\xef\xbb\xbf"user_id"')
    assert '"a?b"' in out.getvalue().decode("utf-8-sig")


def test_parquet_has_every_text_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "ROWS_A_GROUP", 2)
    monkeypatch.setattr(export, "PEOPLE_AT_ONCE", 1)
    out = io.BytesIO()
    write_members(people(*TRAITS), array("q", [1, 2, 3]), None, out, form="parquet", traits=["plan", "a.b"])
    file = pq.ParquetFile(io.BytesIO(out.getvalue()))

    assert 2 == file.num_row_groups
    assert [
        {"user_id": "u1", "email": None, "phone": "+331", "plan": "=x", "a.b": "[1,2]"},
        {"user_id": "u2", "email": None, "phone": None, "plan": 'say "hi"\nthere', "a.b": None},
        {"user_id": "u3", "email": None, "phone": None, "plan": None, "a.b": None},
    ] == file.read().to_pylist()


def test_nobody_is_a_file_with_columns() -> None:
    out = io.BytesIO()
    write_members(people(), array("q"), None, out, form="parquet", traits=["plan"])

    assert ["user_id", "email", "phone", "plan"] == pq.ParquetFile(io.BytesIO(out.getvalue())).schema_arrow.names


def test_traits_are_paths() -> None:
    assert ["plan", "a.b"] == read_traits(" plan, a.b,plan")
    assert [] == read_traits(" ")
    assert ["user_id", "email", "phone", "traits.phone", "é x"] == columns_of(["phone", "é x"])
    for wrong in ("a,,b", "a..b", ".a", ",".join(f"t{n}" for n in range(300))):
        with pytest.raises(InvalidInput):
            read_traits(wrong)
