"""A DuckDB of one backtest: what was read of an installation, put in the order in which it arrived.

The log's order and that of arrival differ where history was imported; a backtest lives what arrived, when it arrived. So
everything gets a new place. What the engine will see pass is kept apart, as its feed; the rest stands in the tables of an
ordinary warehouse, where the places of the future are not known yet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from relance.store import load_queries
from relance.warehouse.engines.duckdb import DuckDBWarehouse, _translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from relance.warehouse.base import EventRow

_sql = load_queries("relance.warehouse.engines", "duckdb_past.sql")
ROWS_A_PIECE = 20_000
MEMORY_LIMIT = "1GB"  # beyond it goes to the disk


class Past(DuckDBWarehouse):
    """The warehouse of one backtest."""

    asked: frozenset[str] | None = None  # of the events that conditions look at: no others are kept; None: all

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        super().__init__(path)
        self._writer.execute(f"SET threads = {int(threads)}")
        self._writer.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        for name, statement in _sql.items():
            if name.startswith("make_") and name != "make_feed":
                self._writer.execute(statement)

    def take(self, table: str, pieces: Iterable[pa.Table]) -> int:
        """Take what was read; answer how many rows."""
        columns = self._columns_of(table)
        n = 0
        for piece in pieces:
            if piece.num_rows:
                n += piece.num_rows
                self._take(table, piece.rename_columns(list(columns)))
        return n

    def _take(self, table: str, batch: pa.Table) -> None:  # noqa: ARG002 - DuckDB finds it here
        with _translated("a backtest can not be prepared"):
            self._writer.execute(f"INSERT INTO {table} SELECT * FROM batch")  # noqa: S608 - our own names

    def take_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same of rows of Python's."""
        if rows:
            names = self._columns_of(table)
            columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), names.values(), strict=True)]
            self._take(table, pa.table(columns, names=list(names)))

    def _columns_of(self, table: str) -> dict[str, pa.DataType]:
        schema = self._writer.sql(f"SELECT * FROM {table} LIMIT 0").to_arrow_table().schema  # noqa: S608 - our own names
        return dict(zip(schema.names, schema.types, strict=True))

    def add_events(self, rows: Sequence[EventRow]) -> None:
        super().add_events(rows if self.asked is None else [row for row in rows if row.name in self.asked])

    def perform(self, statement: str, values: Mapping[str, Any] | None = None) -> None:
        """Run one of the statements of this file."""
        sql = _sql[statement]
        given = {name: value for name, value in (values or {}).items() if re.search(rf"\${name}\b", sql)}
        with _translated("a backtest can not be prepared"):
            self._writer.execute(sql, given or None)

    def rows(self, statement: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """What one of the statements of this file answers."""
        with _translated("a backtest can not be read"):
            return self._writer.execute(_sql[statement], dict(values) if values else None).fetchall()

    def share(self, nth: int, of: int) -> None:
        """Keep one of several equal shares of the people; the first one keeps those who stand apart."""
        if of > 1:
            for name in ("states", "consents", "events", "scores", "calls", "apart"):
                self.perform(f"share_{name}", {"nth": nth, "of": of})

    def arrange(self, values: Mapping[str, Any]) -> None:
        """Put everything in its place.

        Values: `start`; `names` that pass, or `all_names`; `derived` names that are made anew; `journeys` that run, and the
        `journey` itself; of names the `entries`, those `moving` people, and the `answers` to messages alone; `may_idle`.
        """
        for name in ("keep_ids", "drop_remade", "drop_others_requests", "place", "drop_apart_states", "drop_apart_consents"):
            self.perform(name, values)
        for name in (
            "drop_apart_events",
            "find_idle",
            "put_events",
            "put_states",
            "put_consents",
            "put_suppressions",
            "put_scores",
        ):
            self.perform(name, values)
        self.perform("make_feed", values)
        self.perform("order_feed")

    def feed(self) -> Iterator[list[tuple[Any, ...]]]:
        """What passes, in its order, some rows at a time."""
        with self._root.cursor() as cursor:
            reading = cursor.execute(_sql["feed"])
            while rows := reading.fetchmany(ROWS_A_PIECE):
                yield rows
