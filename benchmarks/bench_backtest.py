"""How long a backtest takes: a journey of six steps over a year of 10 M events that lets 200,000 in.

    python benchmarks/bench_backtest.py [--events 10000000] [--profiles 1000000] [--json]

Beside it, in the same run, the SQL by hand that finds the entries alone, and the bare rate: what passes, divided by the time.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from segment_world import DAYS, NOW, fill

from relance.clock import DAY
from relance.definitions.document import Document
from relance.definitions.load import load_text
from relance.eventlog import open_log
from relance.simulate.backtest.apart import live_apart
from relance.simulate.backtest.run import backtest
from relance.simulate.backtest.stage import Reading
from relance.simulate.backtest.wanted import find_wanted
from relance.store import open_database
from relance.warehouse import open_warehouse

MOST_SECONDS = 60.0
DEFINITIONS = """
{kind: template, id: mail, channel: email, status: ready, subject: "Hello {{ profile.plan }}", body: "<p>{{ event.properties.category }}</p>"}
---
{kind: template, id: note, channel: push, status: ready, title: "Hello", body: "there"}
---
{kind: settings, timezone: Europe/Paris, frequency_caps: [{channel: any, max: 3, per: 7d}]}
---
kind: journey
id: cart
entry: {type: event, event: Product Added, where: [{path: total, op: gte, value: 120}]}
exit_on: [{event: Order Completed}]
goal: {event: Order Completed, within: 3d}
start: pause
steps:
  pause: {type: wait, for: 1h, next: who}
  who: {type: branch, when: [{where: {type: did, event: Order Completed, within: 90d}, next: note}], otherwise: mail}
  mail: {type: message, channel: email, template: mail, next: opened}
  opened: {type: listen, for: [{event: Email Opened, message: mail, next: end}], timeout: 1d, on_timeout: note}
  note: {type: message, channel: push, template: note, next: rest}
  rest: {type: wait, for: 2d, next: end}
"""
ADDRESSES = """UPDATE profile_history SET traits = '{"email":"' || email || '",' || traits[2:] WHERE email IS NOT NULL"""
BY_HAND = f"""SELECT count(*) FROM events WHERE name = 'Product Added' AND received_at >= {NOW - (DAYS - 1) * DAY} AND received_at <= {NOW}
    AND CAST(properties->>'total' AS DOUBLE) >= 120"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the made world, to use it again")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        made = (folder / "warehouse.duckdb").exists()
        warehouse: Any = open_warehouse(f"duckdb:///{folder}/warehouse.duckdb")
        database = open_database(f"sqlite:///{folder}/store.db")
        if not made:
            fill(warehouse._writer, given.profiles, given.events)  # noqa: SLF001 - a world is made
            warehouse._writer.execute(ADDRESSES)  # noqa: SLF001 - a world is made
            database.migrate()
            with database.writing() as c:
                for statement in (
                    "INSERT INTO profiles (profile_id, user_id, known, created_at, updated_at, traits) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :n - 1) SELECT i, 'u' || i, 1, 0, 0, '{}' FROM n",
                    "INSERT INTO aliases SELECT user_id, 0, profile_id FROM profiles WHERE profile_id < :n",
                ):
                    c.execute(statement, {"n": given.profiles})
        documents = [Document(d.body) for d in load_text(DEFINITIONS).documents]
        phases: dict[str, float] = {}
        begun = time.perf_counter()

        def tell(phase: str, _done: int, _total: int) -> None:
            phases[phase] = round(time.perf_counter() - begun, 2)

        by_hand = time.perf_counter()
        entries = warehouse._writer.execute(BY_HAND).fetchall()[0][0]  # noqa: SLF001 - the SQL by hand
        by_hand = time.perf_counter() - by_hand
        begun, used = time.perf_counter(), time.process_time()
        reading = Reading(warehouse, database, open_log("sqlite://"), tell)
        figures = backtest(
            reading, find_wanted("cart", documents, []), start=NOW - (DAYS - 1) * DAY, until=NOW, live_again=live_apart
        )
        seconds, used = time.perf_counter() - begun, time.process_time() - used
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        database.close()
        warehouse.close()
    starts = figures["entered"] + figures["suppressed"]
    assert entries == starts, (entries, starts)
    told = {
        "events": given.events, "starts": starts, "entered": figures["entered"], "seconds": round(seconds, 1), "processor_seconds": round(used, 1),
        "processor_seconds_of_shares": round(children.ru_utime + children.ru_stime, 1), "peak_mb_of_a_share": children.ru_maxrss // 1024,
        "by_hand_seconds": round(by_hand, 3), "ratio": round(seconds / by_hand, 1), "sent": figures["sent"], "blocked": figures["blocked"],
        "phases": phases, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    if given.json:
        print(json.dumps(told))
    else:
        print(
            f"backtest of {given.events:,} events, {starts:,} starts, {figures['entered']:,} entries: {seconds:.1f} s (budget {MOST_SECONDS:.0f}), "
            f"{used:.1f} s of a processor to read and {told['processor_seconds_of_shares']:.1f} s in the processes that live it\nthe SQL that finds the starts alone: {by_hand:.2f} s (ratio {seconds / by_hand:.0f})\n"
            f"phases end at {phases}, {told['peak_mb']} MB"
        )
    return 0 if seconds <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
