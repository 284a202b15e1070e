"""Faulty rows are left out and told, with row, column and reason; the others count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relance.errors import InvalidInput
from relance.imports import all_rejects_of, committing, convert, import_files, parse_mapping
from relance.imports.readers import csv_rows, stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relance.eventlog import EventLog
    from relance.imports import Mapping, Reject
    from relance.store import Database

    Write = Callable[[str, str | bytes], Path]

MAPPING = parse_mapping(
    {
        "columns": {"n": "integer", "at": "datetime"},
        "skip_when": [{"column": "who", "op": "eq", "value": "guest", "reason": "guest"}],
        "events": [{"event": "Bought", "user_id": "who", "timestamp": "at", "properties": {"n": "n"}}],
    }
)
AT = "2024-03-01T09:00:00Z"


def rejects_of(path: Path, mapping: Mapping | None = MAPPING) -> dict[int, tuple[str, str]]:
    return {r.row: (r.column, r.code) for _, r in convert([path], mapping, None).rejects}


def test_each_fault_of_a_csv_row_is_told(write: Write) -> None:
    lines = [
        b"who,n,at",
        b"u1,1," + AT.encode(),
        b"u2,many,yesterday",  # two faults in one row
        b"u3,1",
        b"u4,1,2024-03-01T09:00:00Z,extra",
        b"caf\xe9,1," + AT.encode(),
        b'"two\nlines",1,' + AT.encode(),
        b'"quote"x,1,' + AT.encode(),
        b"",
        b",1," + AT.encode(),
        b"u5,1,",
        b"guest,many?,",
        b"u\x01,1," + AT.encode(),
        b"x" * 600 + b",1," + AT.encode(),
        b"last,1," + AT.encode(),
        b'"open,1,',
    ]
    report = convert([write("a.csv", b"\n".join(lines))], MAPPING, None)

    found = [(r.row, r.line, r.column, r.code) for _, r in report.rejects]
    assert found == [
        (3, 3, "at", "wrong_type"),
        (3, 3, "n", "wrong_type"),
        (4, 4, "", "too_few_fields"),
        (5, 5, "", "too_many_fields"),
        (6, 6, "", "bad_encoding"),
        (7, 7, "who", "control_character"),
        (8, 9, "", "bad_csv"),
        (10, 11, "who", "missing_identity"),
        (11, 12, "at", "missing_value"),
        (12, 13, "n", "wrong_type"),
        (13, 14, "who", "control_character"),
        (14, 15, "who", "too_long"),
        (16, 17, "", "quote_not_closed"),
    ]
    assert (report.n_rows, report.n_events, report.n_rejected) == (14, 2, 12)
    messages = {r.row: r.message for _, r in reversed(report.rejects)}
    assert "0xE9" in messages[6]
    assert "cp1252" in messages[6]
    assert "'yesterday'" in messages[3]


def test_each_fault_of_a_json_line_is_told(write: Write) -> None:
    sound = b'{"type":"track","event":"A","userId":"u","timestamp":"2024-03-01T09:00:00Z"}'
    lines = [
        sound, b"{nope", b"[1]", b'"text"', b'{"type":"track","event":"A","timestamp":"2024-03-01T09:00:00Z"}',
        b'{"type":"track","event":"A","userId":"u"}', b'{"type":"x","userId":"u"}', b'{"a":"\xe9"}', b"[" * 5_000,
        b'{"type":"track","event":"A","userId":"u","timestamp":"2024-03-01T09:00:00Z","properties":{"n":NaN}}', sound,
    ]  # fmt: skip
    report = convert([write("a.jsonl", b"\n".join(lines))], None, None)

    assert report.n_events == 2
    assert [r.row for _, r in report.rejects] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert {r.row: r.code for _, r in report.rejects} == {
        2: "not_json", 3: "not_an_object", 4: "not_an_object", 5: "missing_identity", 6: "missing_timestamp", 7: "unknown_type",
        8: "bad_encoding", 9: "not_an_object", 10: "not_json",
    }  # fmt: skip


def test_other_encodings_are_read_when_named(write: Write) -> None:
    mapping = parse_mapping(
        {
            "csv": {"encoding": "cp1252", "delimiter": ";", "header": ["who", "at"]},
            "events": [{"type": "identify", "user_id": "who"}],
        }
    )
    assert rejects_of(write("a.csv", "café €;x\r\n".encode("cp1252")), mapping) == {}


def test_fields_and_lines_too_large_are_refused_alone(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MAX_FIELD_CHARACTERS", 1_000)
    monkeypatch.setattr(csv_rows, "MAX_LINE_BYTES", 5_000)
    monkeypatch.setattr(stream, "MAX_LINE_BYTES", 5_000)
    monkeypatch.setattr(stream, "BLOCK_BYTES", 1_000)
    content = f"who,n,at\nu1,1,{AT}\n{'x' * 2_000},1,{AT}\nu2,1,{AT}\n{'y,' * 5_000}\nu3,1,{AT}\n"

    assert rejects_of(write("a.csv", content)) == {3: ("", "field_too_large"), 5: ("", "line_too_long")}


def test_a_mapping_that_fits_no_row_stops_at_once(write: Write, log: EventLog, database: Database) -> None:
    path = write("a.csv", "who,n,at\n" + "".join(f"u{i},many,{AT}\n" for i in range(5_000)))
    with pytest.raises(InvalidInput) as caught:
        import_files([path], MAPPING, log, database)

    assert "column 'n': 'many' is no integer (row 2, and 999 more)" in caught.value.problems[0].message
    assert log.last_position() == 0


def test_rejects_are_kept_in_the_store(write: Write, log: EventLog, database: Database) -> None:
    (report,) = import_files([write("a.csv", f"who,n,at\nu1,1,{AT}\nu2,\0many,{AT}\nguest,,\n")], MAPPING, log, database)

    rejects: list[Reject] = report.rejects
    assert [(r.row, r.column, r.code) for r in rejects] == [(3, "n", "wrong_type")]
    assert report.skipped == {"guest": 1}
    with database.reading() as connection:
        assert connection.rows("SELECT state, n_rows, n_events, n_rejected, skipped FROM imports") == [
            ("done", 3, 1, 1, '{"guest":1}')
        ]


def test_no_more_than_so_many_rejects_are_kept(
    write: Write, log: EventLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "KEPT_REJECTS", 10_000)
    path = write("a.csv", f"who,n,at\nu1,1,{AT}\n" + "u2,x,\n" * 12_000)
    (report,) = import_files([path], MAPPING, log, database)

    assert (report.n_rejected, report.n_rejects_kept, len(report.rejects)) == (12_000, 10_000, 1_000)
    assert [r.row for r in all_rejects_of(database, report.import_id)] == list(range(3, 10_003))


def order_mapping(**group: Any) -> Mapping:
    grouping: dict[str, Any] = {"by": "order", **group}
    return parse_mapping(
        {
            "columns": {"q": "integer", "p": "number"},
            "group": grouping,
            "skip_when": [{"column": "sku", "op": "eq", "value": "FEE", "reason": "fee"}],
            "events": [
                {
                    "id": "o", "event": "Order Completed", "user_id": "who", "timestamp": "at",
                    "properties": {
                        "order_id": "order", "total": {"sum": ["q", "p"]}, "n": {"count": True},
                        "products": {"rows": {"sku": "sku", "q": "q"}},
                    },
                }
            ],
        }
    )  # fmt: skip


def test_lines_of_an_order_make_one_event(write: Write, tmp_path: Path) -> None:
    import msgspec

    content = f"order,who,at,sku,q,p\n1,u,{AT},a,3,0.1\n1,u,{AT},FEE,1,9\n1,u,{AT},b,1,2\n2,u,{AT},a,1,1\n3,u,{AT},a,x,1\n3,u,{AT},b,1,1\n"
    report = convert([write("a.csv", content)], order_mapping(), tmp_path / "out.jsonl")

    first, second = [msgspec.json.decode(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    products = [{"sku": "a", "q": 3}, {"sku": "b", "q": 1}]
    assert first["properties"] == {"order_id": "1", "total": 2.3, "n": 2, "products": products}
    assert second["properties"]["total"] == 1
    assert [(r.row, r.code) for _, r in report.rejects] == [(6, "wrong_type"), (6, "group_broken")]


def test_an_order_whose_lines_lie_apart_is_told(write: Write) -> None:
    content = f"order,who,at,sku,q,p\n1,u,{AT},a,1,1\n2,u,{AT},a,1,1\n1,u,{AT},b,1,1\n,u,{AT},b,1,1\n"
    path = write("a.csv", content)

    assert rejects_of(path, order_mapping()) == {4: ("order", "group_apart"), 5: ("order", "missing_value")}
    assert rejects_of(path, order_mapping(within_rows=2)) == {5: ("order", "missing_value")}


def test_a_damaged_file_gives_what_stands_before_the_damage(write: Write, log: EventLog, database: Database) -> None:
    path = write("a.csv.gz", "who,n,at\n" + "".join(f"u{i},{i},{AT}\n" for i in range(50_000)))
    path.write_bytes(path.read_bytes()[:-50_000])
    with pytest.raises(InvalidInput, match="cut off"):
        import_files([path], MAPPING, log, database)

    with database.reading() as connection:
        state, n_events, error = connection.rows("SELECT state, n_events, error FROM imports")[0]
    assert (state, n_events) == ("failed", log.last_position())
    assert n_events > 1_000
    assert "cut off" in error
