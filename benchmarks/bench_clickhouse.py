"""What each kind of condition costs on ClickHouse, in this process, beside SQL written by hand for it: 1 M profiles, 20 M events.

    python benchmarks/bench_clickhouse.py [--profiles 1000000] [--events 20000000] [--json]

Both count the same people, turn by turn, and must agree. The SQL by hand knows that no trait is a list and all numbers are small.
Dates in the zone of a profile are left out: ClickHouse can not read them exactly, so conditions on them are refused there.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from functools import partial
from typing import Any

from bench_segments import in_turns
from segment_world import CATEGORIES, DAYS, NAMES, NOW, did, every, not_done, trait

from relance.clock import DAY, HOUR
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.read import parse_condition
from relance.warehouse import open_warehouse

MOST_WORST = 2.0

PEOPLE = "(SELECT profile_id, argMax(traits, (seq, tick, nth)) AS traits, argMax((email, email_valid), (seq, tick, nth)) AS mail FROM profile_rows GROUP BY profile_id)"
NOW_CONSENTED = (
    "SELECT profile_id FROM consent_rows WHERE {} GROUP BY profile_id HAVING argMax(state, (seq, tick, nth)) = 'subscribed'"
)
EMAIL = NOW_CONSENTED.format("channel = 'email' AND group_id = ''")
CAN_RECEIVE = f"""profile_id IN ({EMAIL}) AND mail.1 <> '' AND mail.2 AND mail.1 NOT IN (
    SELECT address FROM suppression_rows WHERE channel = 'email' GROUP BY address HAVING argMax(suppressed, (seq, tick, nth)))"""


def seen(name: str, within: int = 0) -> str:
    since = f" AND at > {NOW - within}" if within else ""
    return f"SELECT profile_id FROM events WHERE name = '{name}' AND at <= {NOW}{since}"


KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "did in 72 h": (
        did("Product Added", within="72h"),
        f"SELECT uniqExact(profile_id) FROM ({seen('Product Added', 72 * HOUR)})",
    ),
    "did, ever, twice": (
        did("Order Completed", times={"gte": 2}),
        f"SELECT count() FROM ({seen('Order Completed')} GROUP BY profile_id HAVING count() >= 2)",
    ),
    "has not done in 30 d": (
        not_done("Page Viewed", "30d"),
        f"SELECT count() FROM (SELECT DISTINCT profile_id FROM profile_rows) WHERE profile_id NOT IN ({seen('Page Viewed', 30 * DAY)})",
    ),
    "did with a clause in 30 d": (
        did("Order Completed", where=[{"path": "total", "op": "gt", "value": 100}], within="30d"),
        f"SELECT uniqExact(profile_id) FROM ({seen('Order Completed', 30 * DAY)} AND JSONExtractFloat(properties, 'total') > 100)",
    ),
    "sum in 90 d": (
        did("Order Completed", aggregate={"fn": "sum", "path": "total", "gte": 200}, within="90d"),
        f"""SELECT count() FROM ({seen("Order Completed", 90 * DAY)}
            GROUP BY profile_id HAVING sum(toDecimal128(JSONExtractRaw(properties, 'total'), 6)) >= 200)""",
    ),
    "count_distinct in 90 d": (
        did("Product Viewed", aggregate={"fn": "count_distinct", "path": "category", "gte": 3}, within="90d"),
        f"""SELECT count() FROM ({seen("Product Viewed", 90 * DAY)}
            GROUP BY profile_id HAVING uniqExact(JSONExtractString(properties, 'category')) >= 3)""",
    ),
    "last in 90 d": (
        did("Product Viewed", aggregate={"fn": "last", "path": "category", "eq": "bags"}, within="90d"),
        f"""SELECT count() FROM ({seen("Product Viewed", 90 * DAY)}
            GROUP BY profile_id HAVING argMax(JSONExtractString(properties, 'category'), (at, seq)) = 'bags')""",
    ),
    "sequence in 14 d": (
        {
            "type": "sequence",
            "steps": [{"event": "Product Viewed"}, {"event": "Product Added", "within": "1d"}],
            "within": "14d",
        },
        f"""SELECT uniqExact(b.profile_id) FROM (SELECT profile_id, at, seq FROM events WHERE name = 'Product Viewed'
                AND at > {NOW - 14 * DAY} AND at <= {NOW}) AS a
            JOIN (SELECT profile_id, at, seq FROM events WHERE name = 'Product Added' AND at > {NOW - 14 * DAY} AND at <= {NOW}) AS b
            ON a.profile_id = b.profile_id WHERE (b.at, b.seq) > (a.at, a.seq) AND b.at < a.at + {DAY}""",
    ),
    "trait": (
        trait("country", "eq", "FR"),
        f"SELECT count() FROM {PEOPLE} WHERE JSONExtractString(traits, 'country') = 'FR'",
    ),
    "trait inside": (
        trait("address.city", "in", ["Paris", "Lyon"]),
        f"SELECT count() FROM {PEOPLE} WHERE JSONExtractString(traits, 'address', 'city') IN ('Paris', 'Lyon')",
    ),
    "trait, number": (
        trait("orders", "gte", 5),
        f"SELECT count() FROM {PEOPLE} WHERE JSONExtractFloat(traits, 'orders') >= 5",
    ),
    "can receive email": (
        {"type": "can_receive", "channel": "email", "because": "subscribed"},
        f"SELECT count() FROM {PEOPLE} WHERE {CAN_RECEIVE}",
    ),
    "subscribed to a group": (
        {"type": "subscribed", "group": "newsletter"},
        f"SELECT count() FROM ({NOW_CONSENTED.format('group_id = ' + repr('newsletter'))})",
    ),
    "all of four": (
        every(
            {"type": "can_receive", "channel": "email", "because": "subscribed"},
            did("Email Opened", within="14d"),
            not_done("Order Completed", "14d"),
            trait("country", "eq", "FR"),
        ),
        f"""SELECT count() FROM {PEOPLE} WHERE profile_id IN ({seen("Email Opened", 14 * DAY)})
            AND profile_id NOT IN ({seen("Order Completed", 14 * DAY)}) AND JSONExtractString(traits, 'country') = 'FR' AND {CAN_RECEIVE}""",
    ),
}


def fill(client: Any, profiles: int, events: int) -> None:
    """The same shop as `segment_world.fill` makes, by statements of ClickHouse."""
    start = NOW - DAYS * DAY
    traits = """concat('{"plan":"', ['free','pro','team'][1 + n % 3], '","country":"', ['FR','DE','US','GB'][1 + n % 4], '","address":{"city":"',
        ['Paris','Lyon','Lille','Nantes','Nice','Atlanta','Seattle','Berlin'][1 + n * 7 % 8], '"},"orders":', toString(n % 13), '}')"""
    columns = """concat('u', toString(n)), 'Europe/Paris', if(n % 20 = 0, NULL, concat('u', toString(n), '@example.com')), n % 20 <> 0,
        if(n % 3 = 0, concat('+3361', toString(1000000 + n)), NULL), n % 3 = 0, if(n % 4 = 0, concat('token', toString(n)), NULL)"""
    client.command(
        f"INSERT INTO profile_rows SELECT n, n, {start}, {traits}, {columns}, {start}, 1, n FROM (SELECT number AS n FROM numbers({profiles}))"
    )
    client.command(f"""INSERT INTO profile_rows SELECT n, {profiles} + n, {start}, replaceAll({traits}, 'free', 'pro'), {columns}, {start}, 1, {profiles} + n
        FROM (SELECT number * 5 AS n FROM numbers({profiles // 5}))""")
    for channel, share in (("email", 70), ("sms", 30), ("push", 40)):
        client.command(f"""INSERT INTO consent_rows SELECT number, number, {start}, {start}, '{channel}', '',
            if(cityHash64(number, '{channel}') % 100 < {share}, 'subscribed', 'unsubscribed'), 1, number FROM numbers({profiles})""")
    client.command(f"""INSERT INTO consent_rows SELECT number * 3, number, {start}, {start}, 'email', 'newsletter', 'subscribed', 1, number
        FROM numbers({profiles // 3})""")
    client.command(f"""INSERT INTO suppression_rows SELECT 'email', concat('u', toString(number * 100), '@example.com'), number, true, 1, number
        FROM numbers({profiles // 100})""")
    step = DAYS * DAY / events
    client.command(f"""INSERT INTO events (profile_id, seq, at, received_at, name, properties, position, tick)
        SELECT cityHash64(number, 1) % {profiles}, {2 * profiles} + number, {start} + toInt64(number * {step}), {start} + toInt64(number * {step}),
            {NAMES!r}[1 + cityHash64(number, 2) % {len(NAMES)}],
            concat('{{"total":', toString(number % 20000 / 100), ',"currency":"EUR","category":"', {CATEGORIES!r}[1 + number % 5], '"}}'),
            {2 * profiles} + number, 1 FROM numbers({events})""")
    client.command("INSERT INTO loaded VALUES (1, 1)")


def measure(warehouse: Any, rounds: int = 5) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind: by hand, and asked."""
    client, compiler = warehouse._client, Compiler()  # noqa: SLF001 - SQL by hand goes past the port
    found = {}
    for name, (condition, by_hand) in KINDS.items():
        question = compiler.compile(parse_condition(condition))
        expected = client.query(by_hand).result_rows[0][0]
        actual = warehouse.count(question, NOW)
        assert expected == actual, (name, expected, actual)
        took = in_turns(
            rounds,
            by_hand=lambda sql=by_hand: client.query(sql).result_rows,  # type: ignore[misc]
            asked=partial(warehouse.count, question, NOW),
        )
        found[name] = took | {"people": actual, "ratio": took["asked"] / took["by_hand"]}
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        warehouse = open_warehouse(f"chdb:///{folder}/warehouse")
        fill(warehouse._client, given.profiles, given.events)  # type: ignore[attr-defined]  # noqa: SLF001
        found = measure(warehouse)
        warehouse.close()
    ratios = [figures["ratio"] for figures in found.values()]
    median, worst = statistics.median(ratios), max(ratios)
    if given.json:
        print(json.dumps({"kinds": found, "median": median, "worst": worst}))
    else:
        for name, f in found.items():
            print(f"{name:>28} {f['by_hand']:9.1f} {f['asked']:9.1f} ms {f['ratio']:6.2f} {f['people']:9}")
        print(f"{'median of the ratios':>28} {median:27.2f}")
        print(f"{'worst':>28} {worst:27.2f}   at most {MOST_WORST}")
    return int(worst > MOST_WORST)


if __name__ == "__main__":
    sys.exit(main())
