"""How fast files come into the log: `relance import` of events, against a bare loop over the same files.

    python benchmarks/bench_import.py [--events 1000000] [--rounds 3] [--formats jsonl csv parquet] [--json]

Makes a file of each format with the same events, and imports it with the command itself (start and report included). In the same round a bare
loop reads the same file with the plainest reader there is, makes the same objects, and commits bodies of the same bytes to a SQLite file with
the statements alone, in commits as large: no ids, no checks, no resuming. The ratio is the median of the rounds'. "Imported" means durable in
the log; the engine takes the events from there (see bench_pipeline.py for its rate).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ("jsonl", "csv", "parquet")
TARGET_EVENTS_A_SECOND = 56_000  # 10 M in three minutes
TARGET_RATIO = 0.4
TARGET_MB = 400
ITEMS_A_BODY = 1_000
BODIES_A_COMMIT = 50
NAMES = ("Page Viewed", "Product Viewed", "Product Viewed", "Product Added", "Cart Viewed", "Order Completed")
MAPPING = """
columns: {at: datetime, price: number, quantity: integer}
events:
  - event: {column: what}
    user_id: user
    timestamp: at
    properties: {sku: sku, category: category, price: price, quantity: quantity}
"""


def make_files(folder: Path, n: int) -> None:
    """The same events as JSON Lines, CSV and Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = ("user", "what", "at", "sku", "category", "price", "quantity")
    with (folder / "events.jsonl").open("w") as lines, (folder / "events.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        writer: Any = None
        rows = make_rows(n)
        number = 0
        while some := list(islice(rows, 100_000)):
            for row in some:
                user, what, at, *_ = row
                stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
                table.writerow([user, what, stamp, *row[3:]])
                item = {"type": "track", "event": what, "userId": user, "timestamp": stamp, "messageId": f"m{number:012d}"}
                lines.write(json.dumps({**item, "properties": dict(zip(columns[3:], row[3:], strict=True))}) + "\n")
                number += 1
            part = pa.table(dict(zip(columns, (list(column) for column in zip(*some, strict=True)), strict=True)))
            writer = writer or pq.ParquetWriter(folder / "events.parquet", part.schema)
            writer.write_table(part)
        writer.close()
    (folder / "mapping.yaml").write_text(MAPPING)


def make_rows(n: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(1)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for i in range(n):
        yield (
            f"u{chance.randrange(max(n // 10, 10))}", chance.choice(NAMES), start + timedelta(seconds=3 * i), f"p{chance.randrange(5_000)}",
            f"c{chance.randrange(40)}", chance.randrange(100, 20_000) / 100, chance.randrange(1, 5),
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the two ways


def measured(words: list[str]) -> dict[str, float]:
    """Run a command; its seconds on the clock, of the processor, and its memory at most."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    told = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "busy": busy, **json.loads(told.stdout)}


def run_import(folder: Path, form: str, data: Path) -> None:
    """`relance import`, and what it took."""
    from contextlib import redirect_stdout
    from io import StringIO

    from relance.cli import app

    mapping = [] if form == "jsonl" else ["--mapping", str(folder / "mapping.yaml")]
    report = StringIO()
    with redirect_stdout(report):
        app(["import", str(folder / f"events.{form}"), *mapping, "--data", str(data), "--json"])
    print(json.dumps({"events": json.loads(report.getvalue())["files"][0]["events"], "mb": peak_mb()}))


def run_bare(folder: Path, form: str, data: Path) -> None:
    """Read, make the objects, commit."""
    import apsw
    import msgspec

    encode = msgspec.json.encode
    data.mkdir()
    connection = apsw.Connection(str(data / "bare.db"))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    n = 0
    items = bare_items(folder / f"events.{form}", form)
    while some := list(islice(items, ITEMS_A_BODY * BODIES_A_COMMIT)):
        connection.execute("BEGIN IMMEDIATE")
        for start in range(0, len(some), ITEMS_A_BODY):
            body = encode({"batch": some[start : start + ITEMS_A_BODY]})
            connection.execute("INSERT INTO log (body) VALUES (?)", (body,))
        connection.execute("COMMIT")
        n += len(some)
    connection.close()
    print(json.dumps({"events": n, "mb": peak_mb()}))


def bare_items(path: Path, form: str) -> Iterator[Any]:
    """What anyone would write first."""
    import msgspec

    if form == "jsonl":
        with path.open("rb") as file:
            yield from map(msgspec.json.decode, file)
    elif form == "csv":
        with path.open(newline="") as text:
            for i, row in enumerate(csv.DictReader(text)):
                at = datetime.fromisoformat(row["at"])
                yield bare_item(i, {**row, "price": float(row["price"]), "quantity": int(row["quantity"])}, at)
    else:
        import pyarrow.parquet as pq

        i = 0
        for batch in pq.ParquetFile(path).iter_batches(4_096):
            for found in batch.to_pylist():
                yield bare_item(i, found, found["at"])
                i += 1


def bare_item(i: int, row: dict[str, Any], at: datetime) -> dict[str, Any]:
    properties = {key: row[key] for key in ("sku", "category", "price", "quantity")}
    item = {"type": "track", "event": row["what"], "userId": row["user"], "timestamp": at, "messageId": f"{i:020d}"}
    return {**item, "properties": properties}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


# ------------------------------------------------------------------------------------------------ the comparison


def measure(n: int, rounds: int, formats: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"events": n}
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, __file__, "--make", name, str(n)], check=True
        )  # a child begins with its parent's peak of memory
        for form in formats:
            full, bare = [], []
            for turn in range(rounds):
                for way, kept in (("--import", full), ("--bare", bare)):
                    data = folder / f"data-{form}-{turn}{way}"
                    kept.append(measured([__file__, way, name, form, str(data)]))
                    for file in data.glob("*"):
                        file.unlink()
                if full[-1]["events"] != n:
                    sys.exit(f"{full[-1]['events']} of {n} events came in")
            found[form] = {
                "events_per_second": round(n / statistics.median(f["seconds"] for f in full)),
                "bare_events_per_second": round(n / statistics.median(b["seconds"] for b in bare)),
                "busy_us": round(1e6 * statistics.median(f["busy"] for f in full) / n, 2),
                "ratio": round(statistics.median(b["seconds"] / f["seconds"] for f, b in zip(full, bare, strict=True)), 2),
                "mb": round(max(f["mb"] for f in full)),
            }
    return found


def main() -> int:
    if sys.argv[1:2] == ["--make"]:
        make_files(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    if sys.argv[1:2] in (["--import"], ["--bare"]):
        (run_import if sys.argv[1] == "--import" else run_bare)(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.events, options.rounds, options.formats)
    if options.json:
        print(json.dumps(found))
        return 0
    is_reached = True
    for form in options.formats:
        one = found[form]
        passed = {
            f"{form}: {one['events_per_second']:,} events/s durable in the log (at least {TARGET_EVENTS_A_SECOND:,}), {one['busy_us']} us of the processor each": one[
                "events_per_second"
            ]
            >= TARGET_EVENTS_A_SECOND,
            f"{form}: {one['ratio']:.0%} of a bare loop at {one['bare_events_per_second']:,} (at least {TARGET_RATIO:.0%})": one[
                "ratio"
            ]
            >= TARGET_RATIO,
            f"{form}: {one['mb']} MB at most (below {TARGET_MB})": one["mb"] < TARGET_MB,
        }
        for told, holds in passed.items():
            print(f"{'ok ' if holds else 'NOT'} {told}")
            is_reached = is_reached and holds
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
