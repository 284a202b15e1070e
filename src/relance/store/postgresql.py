"""The store on PostgreSQL, through psycopg 3."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg

from relance.errors import InvalidInput, StoreError, StoreUnavailable
from relance.store.connection import Connection, Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.store.connection import ColumnType

_PLACEHOLDER = re.compile(r"'(?:[^']|'')*'|(?<!:):([a-z_][a-z0-9_]*)")


# A tick works on a few or on tens of thousands of rows in temporary tables: a plan is made for what they hold now, and not compiled. What does
# not fit into their buffers is written to files and read again, a third of the time of a large tick; memory is taken when it is needed.
_SESSION = (
    "client_min_messages TO warning",
    "temp_buffers TO '256MB'",
    "work_mem TO '64MB'",
    "default_statistics_target TO 20",
    "plan_cache_mode TO force_custom_plan",
    "jit TO off",
)


@lru_cache(maxsize=2_000)
def _translate(sql: str) -> str:
    """`:name` becomes `%(name)s`; texts in quotes and `::casts` stay."""

    def one(found: re.Match[str]) -> str:
        return f"%({found[1]})s" if found[1] else found[0].replace("%", "%%")

    parts, end = [], 0
    for found in _PLACEHOLDER.finditer(sql):
        parts += [sql[end : found.start()].replace("%", "%%"), one(found)]
        end = found.end()
    return "".join([*parts, sql[end:].replace("%", "%%")])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as e:
        msg = f"PostgreSQL can not be used now: {e}"
        raise StoreUnavailable(msg) from e
    except psycopg.DataError as e:
        if "NUL" not in str(e):
            raise StoreError(str(e)) from e
        msg = "a text holds the character NUL, which nothing that is kept does"  # events are told without: it is replaced as they are read
        raise InvalidInput(msg, problems=[msg]) from e
    except psycopg.Error as e:
        raise StoreError(str(e)) from e


class PostgreSQLConnection(Connection):
    """A connection to one PostgreSQL database."""

    dialect = "postgresql"

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        with _translated():
            self.raw = psycopg.connect(url, autocommit=True, prepare_threshold=3)
            self.raw.execute(
                "SET default_transaction_isolation TO " + ("'repeatable read'" if read_only else "'read committed'")
            )
            for setting in _SESSION:
                self.raw.execute(f"SET {setting}")
            if read_only:
                self.raw.execute("SET default_transaction_read_only TO on")

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        with _translated():
            return self._run(sql, params).rowcount

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with _translated():
            return self._run(sql, params).fetchall()

    def _run(self, sql: str, params: Mapping[str, Any] | None) -> psycopg.Cursor[tuple[Any, ...]]:
        """A statement without parameters is not prepared: PostgreSQL would keep its first plan, made for a few rows, for tens of thousands."""
        return self.raw.execute(_translate(sql), params) if params else self.raw.execute(sql, prepare=False)

    def rows_in(self, sql: str, values: Sequence[Any], params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        if not values:
            return []
        kind = "text[]" if isinstance(values[0], str) else "bigint[]"
        return self.rows(
            sql.replace("{values}", f"(SELECT unnest(:listed::{kind}))"), {**(params or {}), "listed": list(values)}
        )

    def keep_rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.rows(f"{sql} FOR SHARE", params)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _translated(), self.raw.cursor() as cursor:
            cursor.executemany(sql.replace("%", "%%").replace("?", "%s"), rows)

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        with _translated(), self.raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def change_rows(self, table: str, key: str, columns: Mapping[str, ColumnType], rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        types = {key: "BIGINT", **columns}
        changes = ", ".join(f"{name} = x.{name}" for name in columns)
        values = ", ".join(f"unnest(:{name}::{kind}[]) AS {name}" for name, kind in types.items())
        self.execute(
            f"UPDATE {table} SET {changes} FROM (SELECT {values}) x WHERE x.{key} = {table}.{key}",  # noqa: S608 - our own names
            dict(zip(types, map(list, zip(*rows, strict=True)), strict=True)),
        )

    def begin(self) -> None:
        with _translated():
            self.raw.execute("BEGIN")

    def commit(self) -> None:
        with _translated():
            self.raw.execute("COMMIT")

    def rollback(self) -> None:
        if not self.raw.closed and self.raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            with _translated():
                self.raw.execute("ROLLBACK")

    def close(self) -> None:
        self.raw.close()


class PostgreSQLDatabase(Database):
    """A PostgreSQL database: one writing connection behind a lock, one reading connection a thread.

    Connections that broke (a restart, a failover) are replaced at the next use.
    """

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._lock = threading.RLock()
        self._writer: PostgreSQLConnection | None = None
        self._depth = 0
        self._local = threading.local()
        self._readers: list[PostgreSQLConnection] = []
        with self.reading() as connection:
            connection.rows("SELECT 1")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._lock:
            if self._writer is None or self._writer.raw.closed or self._writer.raw.broken:
                self._writer = PostgreSQLConnection(self.url)
            with self._writer.transaction() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        reader: PostgreSQLConnection | None = getattr(self._local, "reader", None)
        if reader is None or reader.raw.closed or reader.raw.broken:
            reader = self._local.reader = PostgreSQLConnection(self.url, read_only=True)
            self._readers.append(reader)
        reader.begin()
        try:
            yield reader
        finally:
            reader.rollback()

    def scrub(self, tables: Sequence[str]) -> bool:
        with self.writing():
            pass  # the connection is sound, or a new one
        with self._lock, _translated():
            assert self._writer is not None  # noqa: S101 - it was made above
            self._writer.raw.execute(f"VACUUM {', '.join(tables)}")
        return True

    def close(self) -> None:
        with self._lock:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            if self._writer is not None:
                self._writer.close()
