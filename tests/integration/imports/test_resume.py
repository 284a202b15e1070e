"""An import that was killed goes on where it stopped; memory stays flat."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from relance.eventlog import open_log
from relance.events import Event, parse_chunk
from relance.imports import ImportOptions, ImportReport, committing, import_files, load, load_mapping, parse_mapping, records
from relance.imports.readers import stream
from relance.store import open_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relance.eventlog import EventLog
    from relance.store import Database

    Write = Callable[[str, str | bytes], Path]

RUN = """if True:
    import sys
    from cyclopts import App
    from relance.cli.import_ import import_files
    sys.exit(App(default_command=import_files, result_action="return_value")(sys.argv[1:]))
"""
MAPPING = """
columns: {q: integer, p: number, at: {type: datetime, format: unix}}
group: {by: [order], within_rows: 8}
skip_when: [{column: sku, op: eq, value: FEE, reason: fee}]
events:
  - {id: who, type: identify, user_id: who, timestamp: at, traits: {name: who}}
  - {id: order, event: Order Completed, user_id: who, timestamp: at, properties: {order: order, total: {sum: [q, p]}, n: {count: true}}}
"""


def orders(n: int, seed: int = 7) -> str:
    """Orders whose lines are a little mixed, with fees and faults among them."""
    random_ = random.Random(seed)
    lines = []
    for order in range(n):
        for line in range(random_.randint(1, 5)):
            sku = "FEE" if random_.random() < 0.1 else f"s{line}"
            quantity = "x" if random_.random() < 0.002 else str(random_.randint(1, 9))
            key = (order * 4 + line + random_.random() * 3, order)
            lines.append((key, f"{order},u{order % 97},{1_700_000_000 + order},{sku},{quantity},{random_.randint(1, 99) / 4}"))
    return "order,who,at,sku,q,p\n" + "\n".join(text for _, text in sorted(lines)) + "\n"


def events_of(log: EventLog) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    position = 0
    while (batch := log.read_after(position, 10_000)).chunks:
        for chunk in batch.chunks:
            for event in parse_chunk(chunk):
                assert isinstance(event, Event)
                found.append((event.message_id, event.name, event.user_id, event.at, str(event.properties)))
        position = batch.last_position
    return found


class Stopped(Exception):
    """The import was stopped here."""


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("lost", [False, True])
def test_an_import_goes_on_where_it_stopped(
    name: str, *, lost: bool, write: Write, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after each commit; `lost`: the log has the batch, and the store does not know it."""
    mapping = load_mapping(write("m.yaml", MAPPING))
    path = write(name, orders(3_000))
    whole = open_log(f"sqlite:///{tmp_path}/whole.db")
    other = open_database(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    (expected,) = import_files([path], mapping, whole, other)
    other.close()
    monkeypatch.setattr(stream, "BLOCK_BYTES", 20_000)
    monkeypatch.setattr(committing, "ITEMS_A_COMMIT", 1)
    monkeypatch.setattr(load, "TOLD_AFTER", 0)
    advance, n_calls = records.advance_import, 0

    def advance_and_stop(*args: Any) -> None:
        nonlocal n_calls
        n_calls += 1
        if lost and n_calls % 2:
            raise Stopped
        advance(*args)

    n_settled = 0

    def stop(_path: Path, _done: int, _total: int, report: ImportReport) -> None:
        nonlocal n_settled
        if report.n_rows > n_settled:
            n_settled = report.n_rows
            raise Stopped

    monkeypatch.setattr(records, "advance_import", advance_and_stop)
    log = open_log(f"sqlite:///{tmp_path}/log.db")
    n_stops, report = 0, None
    while report is None:
        try:
            (report,) = import_files([path], mapping, log, database, on_progress=None if lost else stop)
        except Stopped:
            n_stops += 1

    assert n_stops >= 4
    assert events_of(log) == events_of(whole)
    with database.reading() as connection:
        row = connection.rows("SELECT state, n_rows, n_events, n_rejected, skipped FROM imports")
    assert row == [("done", expected.n_rows, expected.n_events, expected.n_rejected, f'{{"fee":{expected.skipped["fee"]}}}')]
    if not lost:
        assert report.n_known == 0
    log.close()
    whole.close()


def test_an_import_killed_at_any_moment_loses_and_doubles_nothing(write: Write, tmp_path: Path) -> None:
    path = write("a.csv.gz", orders(10_000))
    (tmp_path / "m.yaml").write_text(MAPPING)
    command = [
        sys.executable, "-c", RUN, str(path),
        "--mapping", str(tmp_path / "m.yaml"), "--json", "--data",
    ]  # fmt: skip
    began = time.monotonic()
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    usual = time.monotonic() - began
    kills, random_ = 0, random.Random(3)
    while True:
        running = subprocess.Popen([*command, str(tmp_path / "killed")], stdout=subprocess.DEVNULL)
        try:
            running.wait(usual * random_.uniform(0.1, 0.6) if kills < 5 else 60)
            break
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            kills += 1

    assert running.returncode == 0
    logs = [open_log(f"sqlite:///{tmp_path}/{name}/log.db") for name in ("whole", "killed")]
    whole, killed = [events_of(log) for log in logs]
    for log in logs:
        log.close()
    assert sorted(killed) == sorted(whole)
    assert kills >= 1


def test_a_file_is_imported_once(write: Write, log: EventLog, database: Database) -> None:
    mapping = parse_mapping({"events": [{"event": "A", "user_id": "who", "timestamp": "at"}]})
    first = write("a.csv", "who,at\n" + "".join(f"u{i},2024-03-01T09:00:00Z\n" for i in range(2_000)))
    import_files([first], mapping, log, database)
    (again,) = import_files([first], mapping, log, database)
    (forced,) = import_files([first], mapping, log, database, ImportOptions(again=True))
    (grown,) = import_files(
        [write("b.csv", first.read_text() + "u2,2024-03-02T09:00:00Z\n")], mapping, log, database
    )  # the same file a day later, with one row more

    assert again.already_done
    assert (forced.n_events, forced.n_known) == (2_000, 2_000)
    assert (grown.n_events, grown.n_known) == (2_001, 2_000)
    assert len(events_of(log)) == 2_001


def test_memory_is_flat(write: Write, tmp_path: Path) -> None:
    """Ten times the rows take no more memory."""
    code = """if True:
        import resource, sys
        from pathlib import Path
        from relance.imports import convert, load_mapping
        report = convert([Path(sys.argv[1])], load_mapping(Path(sys.argv[2])), Path(sys.argv[1] + ".out"))
        print(report.n_rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
    (tmp_path / "m.yaml").write_text(MAPPING)
    peaks = []
    for n in (2_000, 20_000):
        path = write(f"{n}.csv.gz", orders(n))
        out = subprocess.run(
            [sys.executable, "-c", code, str(path), str(tmp_path / "m.yaml")], check=True, capture_output=True, text=True
        )
        peaks.append(int(out.stdout.split()[1]))

    assert peaks[1] < peaks[0] + 40_000  # kilobytes; what Python and the machine keep back varies
