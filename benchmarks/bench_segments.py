"""How long it takes to say who is in a segment: 1 M profiles, 20 M events, the email espresso segment.

    python benchmarks/bench_segments.py [--profiles 1000000] [--events 20000000] [--keep FILE] [--json]

`members` is compared with SQL written by hand over the same tables, in the same run, turn by turn. `moments` are 100,000
moments, each with its own instant.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY, HOUR, parse_instant
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.read import parse_condition
from relance.warehouse import FAR_SEQ, Moments, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.warehouse import Warehouse

BUDGET_RATIO = 1.5
NOW = parse_instant("2026-03-10T12:00:00Z") or 0
DAYS = 90
NAMES = "['Page Viewed','Page Viewed','Page Viewed','Page Viewed','Product Viewed','Product Viewed','Email Sent','Email Opened','Email Link Clicked','Order Completed']"

ESPRESSO = {
    "type": "all",
    "of": [
        {"type": "can_receive", "channel": "email", "because": "subscribed"},
        {
            "type": "any",
            "of": [{"type": "did", "event": name, "within": "72h"} for name in ("Email Opened", "Email Link Clicked")],
        },
        {"type": "did", "event": "Order Completed", "times": {"eq": 0}, "within": "72h"},
    ],
}
OPENED_OR_CLICKED = ESPRESSO["of"][1]  # type: ignore[index]
BY_HAND = f"""
SELECT p.profile_id
FROM profile_history p
JOIN (
    SELECT profile_id FROM events
    WHERE "at" > {NOW} - {72 * HOUR} AND "at" <= {NOW} AND name IN ('Email Opened', 'Email Link Clicked', 'Order Completed')
    GROUP BY profile_id
    HAVING count(*) FILTER (name = 'Order Completed') = 0
) e ON e.profile_id = p.profile_id
JOIN consent_history c ON c.profile_id = p.profile_id
WHERE p.until_seq >= {FAR_SEQ} AND p.email <> '' AND p.email_valid
    AND c.channel = 'email' AND c.group_id = '' AND c.state = 'subscribed' AND c.until_seq >= {FAR_SEQ}
    AND NOT EXISTS (
        SELECT 1 FROM suppression_history s
        WHERE s.channel = 'email' AND s.address = p.email AND s.suppressed AND s.until_seq >= {FAR_SEQ}
    )
"""


def fill(connection: Any, profiles: int, events: int) -> None:
    """Make a shop's year, in order of time."""
    start = NOW - DAYS * DAY
    connection.execute("SELECT setseed(0.5)")
    connection.execute(f"""
        INSERT INTO profile_history
        SELECT i, i, CASE WHEN i % 5 = 0 THEN {profiles} + i ELSE {FAR_SEQ} END, {start}, '{{"plan":"free","country":"FR"}}', 'u' || i, 'Europe/Paris',
            CASE WHEN i % 20 = 0 THEN NULL ELSE 'u' || i || '@example.com' END, i % 20 <> 0, NULL, false, NULL, {start}, 1
        FROM range({profiles}) t(i)""")
    connection.execute(f"""
        INSERT INTO profile_history
        SELECT profile_id, {profiles} + profile_id, {FAR_SEQ}, received_at, '{{"plan":"pro","country":"FR"}}', user_id, timezone, email, email_valid,
            phone, phone_valid, push_token, created_at, 1
        FROM profile_history WHERE profile_id % 5 = 0""")
    for channel, share in (("email", 0.7), ("sms", 0.3)):
        connection.execute(f"""
            INSERT INTO consent_history
            SELECT i, i, {FAR_SEQ}, {start}, {start}, '{channel}', '', CASE WHEN random() < {share} THEN 'subscribed' ELSE 'unsubscribed' END, 1
            FROM range({profiles}) t(i)""")
    connection.execute(f"""
        INSERT INTO suppression_history SELECT 'email', 'u' || i || '@example.com', i, {FAR_SEQ}, true, 1 FROM range(0, {profiles}, 100) t(i)""")
    connection.execute(f"""
        INSERT INTO events
        SELECT (random() * {profiles})::BIGINT % {profiles}, {2 * profiles} + i, {start} + (i * {DAYS * DAY / events})::BIGINT,
            {start} + (i * {DAYS * DAY / events})::BIGINT, {NAMES}[1 + (random() * 9.999)::INTEGER % 10],
            '{{"total":' || (i % 20000) / 100.0 || ',"currency":"EUR"}}', {2 * profiles} + i, 1, false
        FROM range({events}) t(i)""")
    connection.execute("CHECKPOINT")


def in_turns(rounds: int, **work: Callable[[], object]) -> dict[str, float]:
    """The median time of each, one after the other, so that what disturbs one disturbs the others.

    Units: milliseconds.
    """
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds + 1):
        for name, do in work.items():
            begun = time.perf_counter()
            do()
            times[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(took[1:]) for name, took in times.items()}


def moments_of(n: int, profiles: int, events: int) -> Moments:
    random = np.random.default_rng(1)
    ats = NOW - random.integers(0, 30 * DAY, n)
    seqs = 2 * profiles + ((ats - (NOW - DAYS * DAY)) * (events / (DAYS * DAY))).astype(np.int64)
    return Moments(random.integers(0, profiles, n), ats, seqs)


def measure(warehouse: Warehouse, profiles: int, events: int) -> dict[str, float]:
    connection = warehouse._writer  # type: ignore[attr-defined]  # noqa: SLF001 - SQL by hand goes past the port
    compiler = Compiler()
    begun = time.perf_counter()
    espresso = compiler.compile(parse_condition(ESPRESSO))
    espresso.sql("duckdb", "members")
    figures = {"compile, with the import of Ibis": (time.perf_counter() - begun) * 1000}
    by_hand = sorted(connection.execute(BY_HAND).fetchnumpy()["profile_id"].tolist())
    assert by_hand == warehouse.members(espresso, NOW)
    assert by_hand == warehouse.members(espresso, NOW, FAR_SEQ - 1)
    figures |= in_turns(
        9,
        by_hand=lambda: connection.execute(BY_HAND).fetchnumpy(),
        members=lambda: warehouse.members(espresso, NOW),
        members_as_known=lambda: warehouse.members(espresso, NOW, FAR_SEQ - 1),
        count=lambda: warehouse.count(espresso, NOW),
    )
    interest = compiler.compile(parse_condition(OPENED_OR_CLICKED))
    for n in (10, 2_000, 100_000):
        asked = moments_of(n, profiles, events)
        work = {
            f"moments_{n}": partial(warehouse.ask, interest, asked),
            f"espresso_moments_{n}": partial(warehouse.ask, espresso, asked),
        }
        figures |= in_turns(5, **work)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--keep", type=Path, help="the file to make, or to use again")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "warehouse.duckdb"
        made = not path.exists()
        warehouse = open_warehouse(f"duckdb:///{path}")
        if made:
            fill(warehouse._writer, given.profiles, given.events)  # type: ignore[attr-defined]  # noqa: SLF001
        figures = measure(warehouse, given.profiles, given.events)
        warehouse.close()
    ratio = figures["members"] / figures["by_hand"]
    if given.json:
        print(json.dumps({"milliseconds": figures, "ratio": ratio}))
    else:
        for name, took in figures.items():
            print(f"{name:>36} {took:10.1f} ms")
        print(f"{'members / by hand':>36} {ratio:10.2f}    (at most {BUDGET_RATIO})")
    return int(ratio > BUDGET_RATIO)


if __name__ == "__main__":
    sys.exit(main())
