"""Whether what a person costs stays the same when many do the same at once, through every kind of step.

    python benchmarks/bench_crowd.py [--people 5000] [--times 4] [--stores sqlite,postgresql] [--json]

Everybody is at the same step at the same instant: messages over two channels with caps and quiet hours, a track, an update, listeners, a split,
another journey that is started, waits, a hold-out. A crowd and one that is some times larger run on stores of their own; a statement that
looks through what others have added for each person shows as a growth with the square. There is no bare statement for it: the limit is the
smaller crowd.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_journeys import START, Everybody, add_people, move_on, settle, stores, timed_tick

from relance.clock import HOUR
from relance.definitions.load import load_definitions
from relance.definitions.store import apply, load_workspace
from relance.journeys.engine import Engine
from relance.journeys.schedule import Start
from relance.store import open_database
from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from relance.store import Database

MOST_GROWTH = 1.3
HOURS = 28
DEFINITIONS = """
kind: settings
consent: {email: none, sms: none}
frequency_caps: [{channel: any, max: 5, per: 12h}]
quiet_hours: {channels: [sms], from: "21:00", to: "08:00", timezone: UTC}
---
{kind: segment, id: all, where: {type: all, of: []}}
---
{kind: template, id: mail, channel: email, status: ready, subject: Hello, body: Hello}
---
{kind: template, id: text, channel: sms, status: ready, body: Hello}
---
kind: journey
id: second
entry: {type: event, event: Go}
reentry: always
start: rest
steps:
  rest: {type: wait, for: 1h, next: finish}
  finish: {type: end}
---
kind: journey
id: bench
entry: {type: segment, segment: all, schedule: {at: 2026-03-01T09:00:00Z}}
holdout_percent: 10
reentry: always
goal: {event: Journey Ended, within: 7d}
start: first
steps:
  first: {type: wait, for: 1h, next: both}
  both: {type: message, channels: {email: mail, sms: text}, next: went, on_blocked: went}
  went: {type: track, event: Went, properties: {a: 1}, next: kept}
  kept: {type: update_profile, set: {x: 1}, next: ear}
  ear: {type: listen, for: [{event: Email Opened, message: both, next: last}, {event: Journey Ended, next: last}], timeout: 1h, on_timeout: ways}
  ways: {type: split, paths: [{percent: 50, next: other}, {percent: 50, next: last}]}
  other: {type: start_journey, journey: second, next: ended}
  ended: {type: listen, for: [{event: Journey Ended, next: last}], timeout: 5h, on_timeout: last}
  last: {type: wait, until: {time: "22:00", timezone: UTC}, next: night}
  night: {type: message, channel: sms, template: text, next: finish, on_blocked: finish}
  finish: {type: end}
"""


def run(database: Database, n: int, folder: Path) -> float:
    """Seconds that the engine's ticks take to bring `n` people to the end, but for those whom quiet hours hold."""
    path = folder / "definitions.yaml"
    path.write_text(DEFINITIONS)
    warehouse = open_warehouse(f"duckdb:///{folder}/warehouse-{database.dialect}-{n}.duckdb")
    engine = Engine(warehouse, lambda _: Everybody(n))
    with database.writing() as connection:
        add_people(connection, n)
        connection.execute("UPDATE profiles SET phone = '+3361' || CAST(profile_id AS TEXT), phone_valid = 1")
        apply(connection, load_definitions(path).require(), START - HOUR)
        engine.use(connection, load_workspace(connection))
        version = int(connection.value("SELECT version_id FROM journey_versions WHERE source = 'journey:bench'"))
    settle(database)
    seconds = timed_tick(database, engine, START, [Start(START, "journey:bench", "", version)])
    seconds += sum(move_on(database, engine, START + hour * HOUR) for hour in range(1, HOURS))
    warehouse.close()
    with database.reading() as connection:
        ended = connection.value("SELECT count(*) FROM enrollments WHERE source = 'journey:bench' AND status = 1")
        inside = connection.value("SELECT count(*) FROM enrollments WHERE status = 0")
    if inside or ended < n * 0.85:
        sys.exit(f"the crowd did not come to its end: {ended} of {n}, {inside} still inside")
    return seconds


def measure(dialect: str, n: int, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name, stores(dialect, Path(name)) as urls:
        seconds = []
        for url, people in zip(urls, (n, n * times), strict=True):
            database = open_database(url)
            database.migrate()
            seconds.append(run(database, people, Path(name)))
            database.close()
    small, large = seconds
    return {
        "store": dialect, "people": n, "more_people": n * times, "microseconds_a_person": round(small / n * 1e6),
        "microseconds_a_person_of_more": round(large / (n * times) * 1e6), "growth": round(large / small / times, 2),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--stores", default="sqlite,postgresql")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    passed = True
    for dialect in options.stores.split(","):
        found = measure(dialect, options.people, options.times)
        if options.json:
            print(json.dumps(found), flush=True)
            continue
        reached = found["growth"] <= MOST_GROWTH
        passed &= reached
        print(
            f"{'ok ' if reached else 'NOT'} {dialect}: {found['microseconds_a_person']:,} µs a person among {found['people']:,}, "
            f"{found['microseconds_a_person_of_more']:,} among {found['more_people']:,}: {found['growth']} x (at most {MOST_GROWTH})",
            flush=True,
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
