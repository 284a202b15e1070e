"""What SQLite plans for the statements of a tick: it looks people up, and reads no table that grows with them whole."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest

from relance.store.sqlite import SQLiteConnection
from relance.store.sqlite_sizes import LARGE
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import END, Run, make_definitions, make_events
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
