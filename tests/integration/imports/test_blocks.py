"""A file gives the same events however it is cut into blocks, packed or written."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from relance.errors import InvalidInput
from relance.imports import convert, parse_mapping
from relance.imports.readers import csv_rows, parquet_rows, stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relance.imports import Mapping

    Write = Callable[[str, str | bytes], Path]

AT = "2024-03-01T09:00:00Z"
MAPPING = parse_mapping(
    {
        "columns": {"n": "integer"},
        "skip_when": [{"column": "who", "op": "eq", "value": "guest", "reason": "guest"}],
        "events": [
            {"id": "seen", "event": "Seen", "user_id": "who", "timestamp": "at", "properties": {"n": "n", "note": "note"}},
            {
                "id": "who",
                "type": "identify",
                "user_id": "who",
                "timestamp": "at",
                "when": [{"column": "n", "op": "gt", "value": 5}],
                "traits": {"address.city": "note", "label": {"template": "{who}/{n}"}},
            },
        ],
    }
)


def outcome(path: Path, mapping: Mapping | None, out: Path) -> tuple[Any, ...]:
    report = convert([path], mapping, out)
    events = [msgspec.json.decode(line) for line in out.read_bytes().splitlines()]
    rejects = [(r.row, r.line, r.column, r.code, r.message, r.excerpt) for _, r in report.rejects]
    return events, rejects, report.skipped, report.n_rows


def rough_csv(seed: int) -> str:
    """Rows with quotes, breaks, gaps and faults."""
    chance = random.Random(seed)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["who", "n", "at", "note"])
    for i in range(120):
        note = chance.choice(["", "plain", 'a "quote"', "two\nlines", "a\r\nb", "é☕", "a,b"])
        who = chance.choice(["guest", "", f"u{i}", f"u{i}"])
        writer.writerow([who, chance.choice(["x", "7", "3", "", "12"]), chance.choice([AT, AT, "", "soon"]), note])
        if chance.random() < 0.08:
            out.write(chance.choice(["\n", "too,few\n", 'bad"quote,1,2,3\n', '"bad"quote,1,2,3\n', "\r\n", "a,b,c,d,e\n"]))
    if chance.random() < 0.3:
        out.write('"open,1,2,3\nand on')
    return out.getvalue()


@pytest.mark.parametrize("seed", range(12))
def test_a_csv_file_is_the_same_in_blocks_of_any_size(
    seed: int, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.csv", rough_csv(seed))
    expected = outcome(path, MAPPING, tmp_path / "whole")
    assert len(expected[0]) > 20
    assert len(expected[1]) > 10
    for size in (1, 7, 50, 333):
        monkeypatch.setattr(stream, "BLOCK_BYTES", size)

        assert outcome(path, MAPPING, tmp_path / "parts") == expected


@pytest.mark.parametrize("seed", range(4))
def test_what_the_quick_way_reads_is_what_the_patient_one_reads(
    seed: int, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.csv", rough_csv(seed).replace("\n", "\r\n"))
    monkeypatch.setattr(stream, "BLOCK_BYTES", 100)
    expected = outcome(path, MAPPING, tmp_path / "quick")
    monkeypatch.setattr(csv_rows.CsvRows, "_read_plain", lambda *_: None)

    assert outcome(path, MAPPING, tmp_path / "patient") == expected


@pytest.mark.parametrize("size", [1, 30, 100_000])
def test_json_lines_are_the_same_in_blocks_of_any_size(
    size: int, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        *(f'{{"type":"track","event":"A","userId":"u{i}","timestamp":"{AT}"}}' for i in range(9)),
        "", "{nope", f' {{"type":"track","event":"A","anonymousId":7,"messageId":"m","timestamp":"{AT}"}} \r', "[1]", "   ",
        '{"type":"track","userId":"u"}', '{"who":"u1","n":7,"at":"2024-03-01T09:00:00+02:00","note":["x"]}',
    ]  # fmt: skip
    path = write("a.jsonl", "\ufeff" + "\n".join(lines))
    as_events, mapped = (outcome(path, mapping, tmp_path / "whole") for mapping in (None, MAPPING))
    assert [r[0] for r in as_events[1]] == [11, 13, 15, 16]
    assert [event["messageId"] for event in as_events[0]][9] == "m"
    assert [event["properties"] for event in mapped[0] if event["type"] == "track"] == [{"n": 7, "note": '["x"]'}]
    monkeypatch.setattr(stream, "BLOCK_BYTES", size)
    for mapping, expected in ((None, as_events), (MAPPING, mapped)):
        assert outcome(path, mapping, tmp_path / "parts") == expected


def test_line_ends_may_be_mixed(write: Write, tmp_path: Path) -> None:
    path = write("a.csv", f"who,n,at,note\r\nu1,1,{AT},a\nu2,2,{AT},b\r\nu3,3,{AT},")
    events, rejects, _, n_rows = outcome(path, MAPPING, tmp_path / "out")

    assert [event["properties"] for event in events] == [{"n": 1, "note": "a"}, {"n": 2, "note": "b"}, {"n": 3}]
    assert (rejects, n_rows) == ([], 3)


@pytest.mark.parametrize("name", ["a.csv.zst", "a.jsonl.zst"])
def test_a_file_may_be_packed_by_zstd(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"who": f"u{i}", "n": str(i), "at": AT, "note": "x" * (i % 90)} for i in range(5_000)]
    text = (
        "who,n,at,note\n" + "".join(",".join(row.values()) + "\n" for row in rows)
        if "csv" in name
        else "".join(msgspec.json.encode(row).decode() + "\n" for row in rows)
    ).encode()
    (tmp_path / name.removesuffix(".zst")).write_bytes(text)
    half = len(text) // 2
    frames = [pa.compress(part, codec="zstd", asbytes=True) for part in (text[:half], text[half:])]
    (tmp_path / name).write_bytes(b"".join(frames))
    expected = outcome(tmp_path / name.removesuffix(".zst"), MAPPING, tmp_path / "whole")
    monkeypatch.setattr(stream, "BLOCK_BYTES", 10_000)

    assert outcome(tmp_path / name, MAPPING, tmp_path / "out") == expected
    (tmp_path / name).write_bytes(b"".join(frames)[:-200])
    with pytest.raises(InvalidInput) as caught:
        convert([tmp_path / name], MAPPING, None)
    assert caught.value.problems[0].code in {"file_cut_off", "file_damaged"}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris"])
@pytest.mark.parametrize("kind", ["us", "ns", "ms", "aware", "text", "date"])
def test_instants_of_parquet_are_those_of_csv(kind: str, zone: str, write: Write, tmp_path: Path) -> None:
    chance = random.Random(3)
    base = datetime(1969, 12, 25, 1, 30)  # noqa: DTZ001
    times = [base + timedelta(milliseconds=chance.randrange(2 * 10**12)) for _ in range(40)] + [base, base + timedelta(days=3)]
    if kind == "date":
        times = [datetime(at.year, at.month, at.day) for at in times]  # noqa: DTZ001
    mapping = parse_mapping(
        {"time_zone": zone, "events": [{"event": "A", "user_id": "who", "timestamp": "at", "message_id": ["who"]}]}
    )
    texts = [at.isoformat() + ("+00:00" if kind == "aware" else "") for at in times]
    path = write("a.csv", "who,at\n" + "".join(f"u{i},{text}\n" for i, text in enumerate(texts)))
    column = {
        "text": lambda: pa.array(texts),
        "date": lambda: pa.array([at.date() for at in times]),
        "aware": lambda: pa.array([at.replace(tzinfo=UTC) for at in times], pa.timestamp("us", "Asia/Tokyo")),
    }.get(kind, lambda: pa.array(times, pa.timestamp(kind)))()
    pq.write_table(pa.table({"at": column, "who": [f"u{i}" for i in range(len(times))]}), tmp_path / "a.parquet")

    expected = outcome(path, mapping, tmp_path / "csv")
    assert len(expected[0]) == len(times)
    assert outcome(tmp_path / "a.parquet", mapping, tmp_path / "parquet")[0] == expected[0]


def test_parquet_gaps_and_odd_types_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_rows, "ROWS_AT_ONCE", 2)
    rows = [
        {"who": "u1", "n": 7.0, "at": datetime(2024, 3, 1, 9, tzinfo=UTC), "note": "a"},
        {"who": None, "n": 1.0, "at": datetime(2024, 3, 1, 9, tzinfo=UTC), "note": None},
        {"who": "u3", "n": None, "at": None, "note": "b"},
        {"who": "guest", "n": 1.0, "at": None, "note": None},
        {"who": "u5", "n": 1.5, "at": datetime(2024, 3, 1, 9, tzinfo=UTC), "note": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=3)
    events, rejects, skipped, n_rows = outcome(tmp_path / "a.parquet", MAPPING, tmp_path / "out")

    assert [(e["type"], e.get("properties", e.get("traits"))) for e in events] == [
        ("track", {"n": 7, "note": "a"}), ("identify", {"address": {"city": "a"}, "label": "u1/7"}),
    ]  # fmt: skip
    assert [r[:4] for r in rejects] == [
        (2, 2, "who", "missing_identity"), (3, 3, "at", "missing_value"), (5, 5, "n", "wrong_type"),
    ]  # fmt: skip
    assert (skipped, n_rows) == ({"guest": 1}, 5)


def test_times_that_are_none_are_told(write: Write) -> None:
    mapping = parse_mapping(
        {"events": [{"event": "A", "user_id": "who", "timestamp": {"template": "{day}T00:00:00Z"}, "message_id": ["who"]}]}
    )
    path = write("a.csv", "who,day\nu1,2024-03-01\nu2,yesterday\nu3,1850-01-01\nu4,\n")
    report = convert([path], mapping, None)

    assert report.n_events == 1
    assert [(r.row, r.code) for _, r in report.rejects] == [(3, "wrong_type"), (4, "too_early"), (5, "missing_value")]
