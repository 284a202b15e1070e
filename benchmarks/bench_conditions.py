"""What each kind of condition costs beside SQL written by hand for it: 1 M profiles, 20 M events, on DuckDB or ClickHouse.

    python benchmarks/bench_conditions.py [--profiles 1000000] [--events 20000000] [--keep FILE] [--json]

Both count the same people, turn by turn, and must agree. The SQL by hand says no more than the condition needs here: it knows
that no trait is a list, that all numbers are small, and that nobody's zone differs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from bench_segments import in_turns
from segment_world import NOW, did, every, fill, not_done, trait

from relance.clock import DAY, HOUR
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.read import parse_condition
from relance.warehouse import FAR_SEQ, open_warehouse

MOST_MEDIAN = 1.5
MOST_WORST = 3.0
MOST_COUNT_MS = 300.0

PEOPLE = f"(SELECT * FROM profile_history WHERE until_seq >= {FAR_SEQ})"


def seen(name: str, within: int | None = None) -> str:
    since = f' AND "at" > {NOW - within}' if within else ""
    return f"SELECT profile_id FROM events WHERE name = '{name}' AND \"at\" <= {NOW}{since}"


CAN_RECEIVE = f"""
    profile_id IN (SELECT profile_id FROM consent_history
        WHERE channel = 'email' AND group_id = '' AND state = 'subscribed' AND until_seq >= {FAR_SEQ})
    AND email <> '' AND email_valid AND email NOT IN (
        SELECT address FROM suppression_history WHERE channel = 'email' AND suppressed AND until_seq >= {FAR_SEQ})"""

# Of each kind the condition, and the statement that counts the same people.
KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "did in 72 h": (
        did("Product Added", within="72h"),
        f'SELECT count(DISTINCT profile_id) FROM events WHERE name = \'Product Added\' AND "at" > {NOW - 72 * HOUR} AND "at" <= {NOW}',
    ),
    "did, ever, twice": (
        did("Order Completed", times={"gte": 2}),
        f"SELECT count(*) FROM ({seen('Order Completed')} GROUP BY 1 HAVING count(*) >= 2)",
    ),
    "has not done in 30 d": (
        not_done("Page Viewed", "30d"),
        f"SELECT count(*) FROM {PEOPLE} WHERE profile_id NOT IN ({seen('Page Viewed', 30 * DAY)})",
    ),
    "did with a clause in 30 d": (
        did("Order Completed", where=[{"path": "total", "op": "gt", "value": 100}], within="30d"),
        f"SELECT count(DISTINCT profile_id) FROM ({seen('Order Completed', 30 * DAY)} AND CAST(properties->>'total' AS DOUBLE) > 100)",
    ),
    "sum in 90 d": (
        did("Order Completed", aggregate={"fn": "sum", "path": "total", "gte": 200}, within="90d"),
        f"""SELECT count(*) FROM ({seen("Order Completed", 90 * DAY)}
            GROUP BY 1 HAVING sum(CAST(properties->>'total' AS DECIMAL(18, 6))) >= 200)""",
    ),
    "count_distinct in 90 d": (
        did("Product Viewed", aggregate={"fn": "count_distinct", "path": "category", "gte": 3}, within="90d"),
        f"""SELECT count(*) FROM ({seen("Product Viewed", 90 * DAY)} GROUP BY 1 HAVING count(DISTINCT properties->>'category') >= 3)""",
    ),
    "last in 90 d": (
        did("Product Viewed", aggregate={"fn": "last", "path": "category", "eq": "bags"}, within="90d"),
        f"""SELECT count(*) FROM ({seen("Product Viewed", 90 * DAY)}
            GROUP BY 1 HAVING arg_max(properties->>'category', ("at", seq)) = 'bags')""",
    ),
    "sequence in 14 d": (
        {
            "type": "sequence",
            "steps": [{"event": "Product Viewed"}, {"event": "Product Added", "within": "1d"}],
            "within": "14d",
        },
        f"""SELECT count(DISTINCT b.profile_id) FROM events a JOIN events b ON a.profile_id = b.profile_id
            AND a.name = 'Product Viewed' AND b.name = 'Product Added' AND (b."at", b.seq) > (a."at", a.seq) AND b."at" < a."at" + {DAY}
            WHERE a."at" > {NOW - 14 * DAY} AND a."at" <= {NOW} AND b."at" > {NOW - 14 * DAY} AND b."at" <= {NOW}""",
    ),
    "trait": (
        trait("country", "eq", "FR"),
        f"SELECT count(*) FROM {PEOPLE} WHERE traits->>'country' = 'FR'",
    ),
    "trait inside": (
        trait("address.city", "in", ["Paris", "Lyon"]),
        f"SELECT count(*) FROM {PEOPLE} WHERE traits->>'$.address.city' IN ('Paris', 'Lyon')",
    ),
    "trait, number": (
        trait("orders", "gte", 5),
        f"SELECT count(*) FROM {PEOPLE} WHERE CAST(traits->>'orders' AS DOUBLE) >= 5",
    ),
    "anniversary in 7 d": (
        trait("birthday", "anniversary_within", "7d"),
        f"SELECT count(*) FROM {PEOPLE} WHERE strftime(CAST(traits->>'birthday' AS DATE), '%m-%d') BETWEEN '03-10' AND '03-17'",
    ),
    "can receive email": (
        {"type": "can_receive", "channel": "email", "because": "subscribed"},
        f"SELECT count(*) FROM {PEOPLE} WHERE {CAN_RECEIVE}",
    ),
    "subscribed to a group": (
        {"type": "subscribed", "group": "newsletter"},
        f"""SELECT count(*) FROM {PEOPLE} WHERE profile_id IN (SELECT profile_id FROM consent_history
            WHERE group_id = 'newsletter' AND state = 'subscribed' AND until_seq >= {FAR_SEQ})""",
    ),
    "all of four": (
        every(
            {"type": "can_receive", "channel": "email", "because": "subscribed"},
            did("Email Opened", within="14d"),
            not_done("Order Completed", "14d"),
            trait("country", "eq", "FR"),
        ),
        f"""SELECT count(*) FROM {PEOPLE} WHERE profile_id IN ({seen("Email Opened", 14 * DAY)})
            AND profile_id NOT IN ({seen("Order Completed", 14 * DAY)}) AND traits->>'country' = 'FR' AND {CAN_RECEIVE}""",
    ),
}


def measure(warehouse: Any) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind: by hand, and asked."""
    connection, compiler = warehouse._writer, Compiler()  # noqa: SLF001 - SQL by hand goes past the port
    found = {}
    for name, (condition, by_hand) in KINDS.items():
        question = compiler.compile(parse_condition(condition))
        expected = connection.execute(by_hand).fetchall()[0][0]
        actual = warehouse.count(question, NOW)
        assert expected == actual, (name, expected, actual)
        took = in_turns(
            5,
            by_hand=lambda sql=by_hand: connection.execute(sql).fetchall(),  # type: ignore[misc]
            asked=partial(warehouse.count, question, NOW),
        )
        found[name] = took | {"people": actual, "ratio": took["asked"] / took["by_hand"]}
    return found


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
        found = measure(warehouse)
        warehouse.close()
    ratios = [figures["ratio"] for figures in found.values()]
    median, worst = statistics.median(ratios), max(ratios)
    slowest = max(figures["asked"] for figures in found.values())
    if given.json:
        print(json.dumps({"kinds": found, "median": median, "worst": worst, "slowest": slowest}))
    else:
        for name, f in found.items():
            print(f"{name:>28} {f['by_hand']:9.1f} {f['asked']:9.1f} ms {f['ratio']:6.2f} {f['people']:9}")
        print(f"{'median of the ratios':>28} {median:27.2f}   at most {MOST_MEDIAN}")
        print(f"{'worst':>28} {worst:27.2f}   at most {MOST_WORST}")
        print(f"{'slowest count':>28} {slowest:24.1f} ms   at most {MOST_COUNT_MS}")
    return int(median > MOST_MEDIAN or worst > MOST_WORST or slowest > MOST_COUNT_MS)


if __name__ == "__main__":
    sys.exit(main())
