"""Rows on their way into DuckDB: gathered in a tick, loaded by column when somebody asks or the tick ends.

A statement costs DuckDB some milliseconds, a row next to nothing. So a tick of many small waves loads few, larger batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from relance.store import load_queries
from relance.warehouse.base import FACTS
from relance.warehouse.rows import columns_of, encode_objects, ends

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from duckdb import DuckDBPyConnection

_sql = load_queries("relance.warehouse.engines", "duckdb.sql")
_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}


def _schema(**columns: type) -> pa.Schema:
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])


class _Table(NamedTuple):
    """How rows become a batch, and what is done with it."""

    schema: pa.Schema
    json: int | None = None  # which column of the rows is JSON
    key: Callable[[Any], Hashable] | None = None  # whose rows end each other
    until: int = 0  # where in the batch it says when a row ends
    ending: str = ""  # the statement that ends rows which were in force
    owner: int | None = None  # the column of the profile, whose ids grow
    mark: str = ""  # in the JSON, of batches that another statement loads


_TABLES = {
    "events": _Table(
        _schema(profile_id=int, seq=int, at=int, received_at=int, name=str, properties=str, position=int, tick=int),
        json=5, mark='"machine"',
    ),
    "profile_history": _Table(
        _schema(
            profile_id=int, seq=int, until_seq=int, received_at=int, traits=str, user_id=str, timezone=str, email=str,
            email_valid=bool, phone=str, phone_valid=bool, push_token=str, created_at=int, tick=int,
        ),
        json=3, key=lambda row: row.profile_id, until=2, ending="end_profiles", owner=0,
    ),
    "consent_history": _Table(
        _schema(
            profile_id=int, seq=int, until_seq=int, at=int, received_at=int, channel=str, group_id=str, state=str, tick=int
        ),
        key=lambda row: (row.profile_id, row.channel, row.group_id), until=2, ending="end_consents", owner=0,
    ),
    "suppression_history": _Table(
        _schema(channel=str, address=str, seq=int, until_seq=int, suppressed=bool, tick=int),
        key=lambda row: (row.channel, row.address), until=3, ending="end_suppressions",
    ),
    "message_history": _Table(
        _schema(profile_id=int, seq=int, at=int, message_id=str, source=str, step=str, status=str, tick=int)
    ),
    "journey_history": _Table(
        _schema(
            profile_id=int, seq=int, at=int, enrollment_id=int, journey=str, step=str, previous=str, state=str, tick=int
        )
    ),
    "list_history": _Table(_schema(profile_id=int, seq=int, at=int, list_id=str, member=bool, tick=int)),
    "score_history": _Table(
        _schema(
            profile_id=int, seq=int, at=int, prediction=str, score=float, category=str, tick=int, place=int, percentile=float,
            value=float,
        )
    ),
}  # fmt: skip
_PAIRS = _schema(merged=int, kept=int)


class Batches:
    """The rows of a tick that are not loaded yet."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[Any]] = {table: [] for table in _TABLES}
        self._highest: dict[str, int] = {}  # of the profile ids a table has: those above have no rows to end

    def add(self, table: str, rows: Sequence[Any]) -> None:
        self._waiting[table].extend(rows)

    def forget(self) -> None:
        """The tick is taken back."""
        for rows in self._waiting.values():
            rows.clear()
        self._highest.clear()

    def load(self) -> None:
        """Load what waits."""
        for table, rows in self._waiting.items():
            if rows:
                self._load_table(table, rows)
                rows.clear()

    def unite(self, merged: int, kept: int) -> None:
        """Give the rows of one profile to another."""
        self.load()
        self._run(
            pa.table([[merged], [kept]], schema=_PAIRS),
            "drop_merged_states", "unite_events", "unite_profile_history", "unite_consent_history",
            "touched_by_merge", "link_profile_history", "link_consent_history",
            *(f"unite_{table}" for table in FACTS),
        )  # fmt: skip

    def _load_table(self, name: str, rows: list[Any]) -> None:
        table = _TABLES[name]
        columns: list[Sequence[Any]] = list(columns_of(rows))
        if table.json is not None:
            columns[table.json] = encode_objects(columns[table.json])
        if table.key is not None:
            columns.insert(table.until, ends(rows, table.key))
        for place, kind in enumerate(table.schema.types):
            if kind == pa.bool_():
                columns[place] = list(map(bool, columns[place]))
        batch = pa.table([pa.array(c, t) for c, t in zip(columns, table.schema.types, strict=True)], schema=table.schema)
        new = table.owner is not None and self._are_new(name, columns[table.owner])
        marked = table.json is not None and table.mark and any(table.mark in text for text in columns[table.json])
        inserting = f"insert_marked_{name}" if marked else f"insert_{name}"
        self._run(batch, *([table.ending] if table.ending and not new else []), inserting)

    def _are_new(self, name: str, owners: Sequence[int]) -> bool:
        """Whether a table has no rows of any of these profiles."""
        if name not in self._highest:
            found = self._connection.execute(f"SELECT coalesce(max(profile_id), 0) FROM {name}").fetchall()  # noqa: S608
            self._highest[name] = found[0][0]
        highest = self._highest[name]
        self._highest[name] = max(highest, *owners)
        return min(owners) > highest

    def _run(self, batch: pa.Table, *statements: str) -> None:  # noqa: ARG002 - DuckDB finds it here
        # The statements say "FROM batch", and DuckDB looks for a variable of this name in the frame that calls it: to register it
        # is to create a view and to drop it, three times a tick, at a fifth of a small tick's time.
        for statement in statements:
            self._connection.execute(_sql[statement])
