"""A DuckDB in memory for sums over many moments: tables made of columns, asked by statements, gone when it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import duckdb
import pyarrow as pa

from relance.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


class Scratch:
    """One connection, for one thread.

    It works with one thread of its own, so that the same statements over the same tables give the same bits.
    """

    def __init__(self, memory_limit: str | None = None) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": 1, "preserve_insertion_order": True})
        if memory_limit:
            self._connection.execute("SET memory_limit = ?", [memory_limit])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def load(self, table: str, columns: Mapping[str, Any]) -> None:
        """Make a table of columns (arrays or lists of one length), replacing one of that name."""
        batch = pa.table(dict(columns))
        self._connection.register("batch", batch)
        try:
            self.run(f'CREATE OR REPLACE TABLE "{table}" AS SELECT * FROM batch')  # noqa: S608 - our own names
        finally:
            self._connection.unregister("batch")

    def run(self, sql: str) -> None:
        """Run a statement.

        Raises:
            WarehouseError: it fails; a `Scratch` breaks for nothing else than a fault of ours or a lack of memory.
        """
        try:
            self._connection.execute(sql)
        except duckdb.Error as e:
            msg = f"figures could not be computed: {str(e).splitlines()[0]}"
            raise WarehouseError(msg) from e

    def table(self, sql: str, **given: Mapping[str, Any]) -> pa.Table:
        """The answer of a statement, as a table of columns; where it asks for no order, that of the first table's rows.

        Args:
            sql: the statement.
            given: tables made of columns that are there for this statement alone, and are not copied.
        """
        for name, columns in given.items():
            self._connection.register(name, pa.table(dict(columns)))
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as e:
            msg = f"figures could not be computed: {str(e).splitlines()[0]}"
            raise WarehouseError(msg) from e
        finally:
            for name in given:
                self._connection.unregister(name)

    def close(self) -> None:
        self._connection.close()
