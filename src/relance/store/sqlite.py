"""The store on SQLite, through apsw."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import apsw

from relance.errors import StoreError, StoreUnavailable
from relance.store.connection import Connection, Database
from relance.store.sqlite_sizes import tell_sizes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from relance.store.connection import ColumnType

# WAL corruption when two connections write or checkpoint: in 3.7.0 to 3.51.2 (sqlite.org, release notes of 3.51.3).
SOUND_ENGINE = (3, 51, 3)
BUSY_MILLISECONDS = 10_000
SCRUB_MILLISECONDS = 100  # no tick waits longer for it
WAL_PAGES_BEFORE_CHECKPOINT = 4_000
# The most it keeps. A tick asks some 200; with the usual room for 100 most were compiled anew each time.
COMPILED_STATEMENTS = 512

_UNAVAILABLE = (apsw.FullError, apsw.BusyError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError)


class _Translation:
    """Says what the engine raised as one of our errors. One object for all: a tick asks hundreds of statements, and a generator each is felt."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(e, _UNAVAILABLE):
            msg = f"the SQLite file can not be used now: {e}"
            raise StoreUnavailable(msg) from e
        if isinstance(e, apsw.Error):
            raise StoreError(str(e)) from e


_TRANSLATED = _Translation()


class SQLiteConnection(Connection):
    """A connection to one SQLite file."""

    dialect = "sqlite"

    def __init__(self, path: Path | str, *, read_only: bool = False, uri: bool = False) -> None:
        flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        with _TRANSLATED:
            flags |= apsw.SQLITE_OPEN_URI if uri else 0
            raw = apsw.Connection(str(path), flags=flags, statementcachesize=COMPILED_STATEMENTS)
            raw.set_busy_timeout(BUSY_MILLISECONDS)
            raw.pragma("foreign_keys", True)
            raw.pragma("cache_size", -64_000)
            raw.pragma("temp_store", 2)
            if not read_only and not uri:
                raw.pragma("journal_mode", "wal")
                raw.pragma("synchronous", "full")
                raw.wal_autocheckpoint(WAL_PAGES_BEFORE_CHECKPOINT)
            elif not uri:
                raw.wal_autocheckpoint(0)
        self.raw = raw

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        with _TRANSLATED:
            before = self.raw.total_changes()
            self.raw.execute(sql, params or None).fetchall()
            return self.raw.total_changes() - before

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with _TRANSLATED:
            return self.raw.execute(sql, params or None).fetchall()

    def rows_in(self, sql: str, values: Sequence[Any], params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        listed = json.dumps(list(values))
        return self.rows(
            sql.replace("{values}", "(SELECT value FROM json_each(:listed))"), {**(params or {}), "listed": listed}
        )

    def keep_rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.rows(sql, params)  # whoever writes is alone

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _TRANSLATED:
            self.raw.executemany(sql, rows)

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.execute_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own names

    def change_rows(self, table: str, key: str, columns: Mapping[str, ColumnType], rows: Sequence[Sequence[Any]]) -> None:
        changes = ", ".join(f"{name} = ?" for name in columns)
        self.execute_many(f"UPDATE {table} SET {changes} WHERE {key} = ?", ((*values, of) for of, *values in rows))  # noqa: S608 - our own names

    def wipe_deleted(self, *, on: bool) -> None:
        self.raw.pragma("secure_delete", on)

    def begin(self) -> None:
        with _TRANSLATED:
            self.raw.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        try:
            with _TRANSLATED:
                self.raw.execute("COMMIT")
        except StoreError:
            self.rollback()
            raise

    def rollback(self) -> None:
        if self.raw.in_transaction:
            with _TRANSLATED:
                self.raw.execute("ROLLBACK")

    def close(self) -> None:
        self.raw.close()


class SQLiteDatabase(Database):
    """A SQLite file: one writing connection behind a lock, one reading connection a thread.

    Without a path the store lives in memory and is gone when it is closed.
    """

    dialect = "sqlite"
    _memory_names = 0

    def __init__(self, path: Path | None) -> None:
        if apsw.sqlite_lib_version() and tuple(map(int, apsw.sqlite_lib_version().split("."))) < SOUND_ENGINE:
            msg = f"SQLite {apsw.sqlite_lib_version()} can damage a WAL file; install an apsw of 3.51.3 or later"
            raise StoreError(msg)
        self.path = path
        if path is None:
            SQLiteDatabase._memory_names += 1
            self._uri: str | None = f"file:relance-{id(self)}-{SQLiteDatabase._memory_names}?mode=memory&cache=shared"
            self._writer = SQLiteConnection(self._uri, uri=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._uri = None
            self._writer = SQLiteConnection(path)
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[SQLiteConnection] = []

    def migrate(self) -> list[str]:
        applied = super().migrate()
        with self.writing() as connection:
            tell_sizes(connection)
        return applied

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._lock, self._writer.transaction() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self.path is None:  # a shared cache has table locks: readers take turns with the writer
            with self._lock:
                yield self._writer
            return
        reader: SQLiteConnection | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = SQLiteConnection(self.path, read_only=True)
            self._readers.append(reader)
        with _TRANSLATED:
            reader.raw.execute("BEGIN")
        try:
            yield reader
        finally:
            reader.rollback()

    def scrub(self, tables: Sequence[str]) -> bool:  # noqa: ARG002 - the file is one
        with self._lock, _TRANSLATED:
            if self.path is None:
                return True
            self._writer.raw.set_busy_timeout(SCRUB_MILLISECONDS)
            try:
                busy, _, _ = next(iter(self._writer.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
            finally:
                self._writer.raw.set_busy_timeout(BUSY_MILLISECONDS)
            return not busy

    def close(self) -> None:
        with self._lock:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._writer.close()
