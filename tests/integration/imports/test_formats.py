"""The same rows in every format make the same events."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from relance.clock import parse_instant
from relance.errors import InvalidInput
from relance.imports import ImportOptions, convert, import_files, parse_mapping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relance.eventlog import EventLog
    from relance.events import Event
    from relance.store import Database

    Write = Callable[[str, str | bytes], Path]

MAPPING = parse_mapping(
    {
        "source": "shop",
        "time_zone": "Europe/Paris",
        "columns": {"n": "integer", "price": "number", "at": {"type": "datetime"}, "gift": "boolean", "tags": "json"},
        "events": [
            {
                "event": {"column": "what"},
                "user_id": "who",
                "timestamp": "at",
                "message_id": ["id"],
                "properties": {
                    "n": "n",
                    "price": "price",
                    "gift": "gift",
                    "tags": "tags",
                    "a.note": "note",
                    "kind": {"value": "x"},
                },
            }
        ],
    }
)
ROWS: list[dict[str, Any]] = [
    {"id": "1", "who": "u1", "what": "Bought", "at": "2024-03-01 10:00", "n": 2, "price": 1.5, "gift": True, "tags": ["a"], "note": 'é ☕ "q"'},
    {"id": "2", "who": "u2", "what": "Seen", "at": "2024-07-01 10:00", "n": None, "price": 3, "gift": None, "tags": None, "note": None},
    {"id": "3", "who": "u1", "what": "Bought", "at": "2024-07-02", "n": -1, "price": 0.1, "gift": False, "tags": {"b": 1}, "note": "two\nlines"},
]  # fmt: skip


def as_csv(rows: list[dict[str, Any]]) -> str:
    def cell(value: Any) -> str:
        if value is None:
            return ""
        text = msgspec.json.encode(value).decode() if isinstance(value, bool | list | dict) else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\n') else text

    return "\r\n".join([",".join(rows[0]), *(",".join(cell(v) for v in row.values()) for row in rows)]) + "\r\n"


def make_file(form: str, write: Write, tmp_path: Path) -> Path:
    if form.startswith("csv"):
        return write(f"rows.{form}", as_csv(ROWS))
    if form.startswith("jsonl"):
        return write(f"rows.{form}", b"\n".join(msgspec.json.encode(row) for row in ROWS))
    rows = [
        {**row, "tags": msgspec.json.encode(row["tags"]).decode() if row["tags"] else None, "at": datetime.fromisoformat(row["at"])}
        for row in ROWS
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet", row_group_size=2)
    return tmp_path / "rows.parquet"


@pytest.mark.parametrize("form", ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"])
def test_each_format_makes_the_same_events(
    form: str, write: Write, tmp_path: Path, log: EventLog, database: Database, events_in: Callable[[], list[Event]]
) -> None:
    (report,) = import_files([make_file(form, write, tmp_path)], MAPPING, log, database)

    assert (report.n_rows, report.n_events, report.n_rejected) == (3, 3, 0)
    first, second, third = events_in()
    assert (first.name, first.user_id, first.message_id, first.source) == ("Bought", "u1", "1", "shop")
    assert first.at == parse_instant("2024-03-01T09:00:00Z")
    assert (second.at, third.at) == (parse_instant("2024-07-01T08:00:00Z"), parse_instant("2024-07-01T22:00:00Z"))
    assert first.properties == {"n": 2, "price": 1.5, "gift": True, "tags": ["a"], "a": {"note": 'é ☕ "q"'}, "kind": "x"}
    assert second.properties == {"price": 3, "kind": "x"}
    assert third.properties["a"] == {"note": "two\nlines"}
    assert all(event.history and event.trusted for event in (first, second, third))


def test_live_events_may_start_journeys(
    write: Write, tmp_path: Path, log: EventLog, database: Database, events_in: Callable[[], list[Event]]
) -> None:
    import_files([make_file("csv", write, tmp_path)], MAPPING, log, database, ImportOptions(source="other", live=True))

    assert {(event.history, event.source) for event in events_in()} == {(False, "other")}


def test_segments_own_objects_need_no_mapping(
    write: Write, log: EventLog, database: Database, events_in: Callable[[], list[Event]]
) -> None:
    path = write(
        "events.jsonl",
        '\ufeff{"type":"track","event":"A","userId":"u1","timestamp":"2024-03-01T09:00:00Z","messageId":"m1"}\n'
        "\n"
        '{"type":"identify","userId":"u1","timestamp":"2024-03-01T09:00:01Z","messageId":null,"traits":{"n":"\\u0000x"}}\r\n'
        '{"type":"track","event":"B","anonymousId":7,"timestamp":"2024-03-01T09:00:02Z"}',
    )
    (report,) = import_files([path], None, log, database)

    assert (report.n_rows, report.n_events, report.n_rejected) == (3, 3, 0)
    events = events_in()
    assert [e.name for e in events] == ["A", None, "B"]
    assert events[0].message_id == "m1"
    assert len({e.message_id for e in events}) == 3


def test_a_table_with_segments_names_needs_no_mapping(
    write: Write, log: EventLog, database: Database, events_in: Callable[[], list[Event]]
) -> None:
    path = write(
        "events.csv",
        "type,userId,event,timestamp,messageId,properties.total,traits.email\n"
        "track,u1,Order Completed,2024-03-01T09:00:00Z,m1,12,\n"
        "identify,u1,,2024-03-01T08:00:00Z,m2,,a@example.com\n",
    )
    import_files([path], None, log, database)

    order, person = sorted(events_in(), key=lambda e: e.type, reverse=True)
    assert (order.name, order.properties) == ("Order Completed", {"total": "12"})
    assert (person.type, person.traits) == ("identify", {"email": "a@example.com"})


def test_profiles_alone_are_stamped_with_the_import(
    write: Write, log: EventLog, database: Database, events_in: Callable[[], list[Event]]
) -> None:
    mapping = parse_mapping({"events": [{"type": "identify", "user_id": "id", "traits": {"address.city": "city"}}]})
    (report,) = import_files([write("people.csv", "id,city\nu1,Köln\nu2,\n")], mapping, log, database)

    events = events_in()
    assert [e.traits for e in events] == [{"address": {"city": "Köln"}}, {}]
    assert {e.at for e in events} == {report.started_at}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.jsonl.gz", b"\n \n", "empty_file"),
        ("a.csv", "id,who\n".encode("utf-16"), "utf16_file"),
        ("a.csv", b"PK\x03\x04rest", "zip_file"),
        ("a.csv", b"id;who;what;at\n1;2;3;4\n", "missing_column"),
        ("a.csv", b"id,who,who,what,at,n,price,gift,tags,note\n", "doubled_column"),
        ("a.csv", b"id,wh\xff\n", "bad_encoding"),
        ("a.csv", b"id,who\r1,2\r3,4\r", "line_ends"),
        ("a.jsonl", b'[{"type":"track"}]', "json_array"),
        ("a.parquet", b"PAR1 not really", "file_unreadable"),
        ("a.txt", b"x", "unknown_format"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(write: Write, name: str, content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        convert([write(name, content)], MAPPING, None)

    assert caught.value.problems[0].code == code
    assert name in caught.value.problems[0].message


def test_all_files_are_looked_at_before_any_is_imported(
    write: Write, tmp_path: Path, log: EventLog, database: Database
) -> None:
    good = make_file("csv", write, tmp_path)
    with pytest.raises(InvalidInput) as caught:
        import_files([good, tmp_path / "gone.csv", write("b.csv", "")], MAPPING, log, database)

    assert [p.code for p in caught.value.problems] == ["file_missing", "empty_file"]
    assert log.last_position() == 0


def test_a_table_without_segments_names_asks_for_a_mapping(write: Write) -> None:
    with pytest.raises(InvalidInput, match="--mapping"):
        convert([write("a.csv", "name,price\na,1\n")], None, None)
