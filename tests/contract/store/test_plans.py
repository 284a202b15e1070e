"""What the engines plan for the statements of a tick: SQLite looks people up, PostgreSQL knows how many it will find."""

from __future__ import annotations

import re
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from relance.store import open_database
from relance.store.postgresql import PostgreSQLConnection
from relance.store.sqlite import SQLiteConnection
from relance.store.sqlite_sizes import LARGE
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import END, Run, make_definitions, make_events
from tests.contract.journeys.world import World, person
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from relance.store import Database

# What these hold is on its way: a tick reads all of it.
_EMPTIED = {"own_events", "message_outcomes"}
_FEW = "_untold"  # ends the names of indexes of what is on its way
_NAMED = re.compile(
    r"\b(?:FROM|JOIN|UPDATE|,)\s+(\w+)(?:\s+(?:AS\s+)?(?!WHERE\b|JOIN\b|SET\b|LEFT\b|CROSS\b|ON\b|GROUP\b|ORDER\b)(\w+))?"
)


@pytest.fixture
def store() -> Iterator[Database]:
    opened = open_made()
    yield opened
    opened.close()


def test_a_tick_reads_no_large_table_whole(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Mapping[str, Any] | None] = {}
    plain = {name: getattr(SQLiteConnection, name) for name in ("execute", "rows")}

    def note(name: str) -> Any:
        def noted(self: SQLiteConnection, sql: str, params: Mapping[str, Any] | None = None) -> Any:
            asked[sql] = params
            return plain[name](self, sql, params)

        return noted

    r = Random(5)
    events = make_events(r, 120)
    run = Run(store, open_warehouse("memory://"), make_definitions(r))
    for name in plain:
        monkeypatch.setattr(SQLiteConnection, name, note(name))
    run.feed(events, until=END)
    monkeypatch.undo()

    assert len(asked) > 100
    with store.writing() as connection:
        assert isinstance(connection, SQLiteConnection)
        compiled = connection.raw.cache_stats()
        assert compiled["hits"] > 4 * compiled["misses"]  # a tick's statements are kept compiled
        large = {name for (name,) in connection.rows("SELECT tbl FROM main.sqlite_stat1 WHERE stat = :n", {"n": str(LARGE)})}
        assert {"enrollments", "messages", "profiles", "timers", "journey_signals"} <= large
        read_whole = []
        for sql, params in asked.items():
            if not sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                continue
            names = {alias or table: table for table, alias in _NAMED.findall(sql)}
            for *_, step in connection.rows(f"EXPLAIN QUERY PLAN {sql}", params):
                found = re.match(r"SCAN (\w+)", step)
                table = names.get(found[1], found[1]) if found else None
                if table in large - _EMPTIED and not step.endswith(_FEW):
                    read_whole.append((step, sql))
    assert read_whole == []


PEOPLE = 400
CROWD = """
{kind: settings, frequency_caps: [{channel: any, max: 3, per: 1h}], quiet_hours: {channels: [sms], from: "21:00", to: "08:00", timezone: UTC}}
---
{kind: event, id: noted, name: Noted, status: published}
---
kind: journey
id: other
entry: {type: event, event: Noted}
reentry: always
start: rest
steps:
  rest: {type: wait, for: 1h, next: end}
---
kind: journey
id: hello
entry: {type: event, event: Signed Up}
goal: {event: Order Completed, within: 7d}
exit_on: [{event: Account Closed}]
holdout_percent: 10
start: rest
steps:
  rest: {type: wait, for: 1h, next: mail}
  mail: {type: message, channels: {email: mail, sms: text}, next: way}
  way: {type: branch, when: [{where: {type: trait, path: plan, op: eq, value: pro}, next: note}], otherwise: noted}
  note: {type: update_profile, set: {noted: true}, next: noted}
  noted: {type: track, event: Noted, properties: {a: 1}, next: parts}
  parts: {type: split, paths: [{percent: 50, next: other}, {percent: 50, next: more}]}
  other: {type: start_journey, journey: other, next: more}
  more: {type: listen, for: [{event: Order Completed, next: text}], timeout: 1d, on_timeout: text}
  text: {type: message, channel: sms, template: text, next: end}
"""
_READ_WHOLE = {"w_doing", "w_try", "w_walker"}
# What the samples do not tell, and need not: here nothing is joined, or by a whole key.
_NOT_TOLD = ("w.round = :round", "w.due_at IS NOT NULL")


def test_postgresql_knows_how_many_of_a_tick_it_will_find(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody counts temporary tables: without the samples a whole crowd at one step is taken for one person, and joined so."""
    found: dict[str, tuple[int, int]] = {}
    most: dict[str, int] = {}
    plain = {name: getattr(PostgreSQLConnection, name) for name in ("execute", "rows")}

    def look(name: str) -> Any:
        def looked(self: PostgreSQLConnection, sql: str, params: Mapping[str, Any] | None = None) -> Any:
            if sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                self.raw.execute("SAVEPOINT looked")
                ((plan,),) = plain["rows"](self, f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
                self.raw.execute("ROLLBACK TO looked")
                for node in _nodes(plan[0]["Plan"]):
                    expected, actual, times = node["Plan Rows"], node["Actual Rows"], node["Actual Loops"]
                    most[sql] = max(most.get(sql, 0), times * (actual + node.get("Rows Removed by Filter", 0)))
                    if times == 1 and actual >= PEOPLE // 2 and (table := node.get("Relation Name")) in _READ_WHOLE:
                        found[f"{table}: {sql}"] = min(found.get(f"{table}: {sql}", (expected, actual)), (expected, actual))
            return plain[name](self, sql, params)

        return looked

    people = [f"u{n}" for n in range(PEOPLE)]
    told = [fact for n, user in enumerate(people) for fact in person(user, plan="pro" if n % 2 else "free")]
    told += [
        (f"03-02 {hour}", user, event)
        for hour, event in (("08:00", "Signed Up"), ("12:00", "Order Completed"))
        for user in people
    ]
    with closing(open_database(postgres_url)) as store:
        for name in plain:
            monkeypatch.setattr(PostgreSQLConnection, name, look(name))
        World(store, tmp_path).play(CROWD, told, until="03-04")
        monkeypatch.undo()

    assert len(found) > 10
    far_off = {statement: rows for statement, rows in found.items() if rows[0] * 20 < rows[1]}
    assert {} == {statement: rows for statement, rows in far_off.items() if not any(part in statement for part in _NOT_TOLD)}
    # what reads everybody once a person reads the square of them
    assert {} == {statement: rows for statement, rows in most.items() if rows > PEOPLE * PEOPLE // 4}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)
