"""A connection that breaks at the n-th statement, and a transaction that breaks when it is committed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.errors import StoreError
from relance.store import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.store import Database
    from relance.store.connection import ColumnType


class Broken(StoreError):
    """The connection broke, as the test wanted it."""


@dataclass
class Fuse:
    """Blows at a statement, or at the commit."""

    left: int = -1  # statements until it blows; below zero: never
    at_commit: bool = False

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Broken


class BreakingConnection(Connection):
    """Another connection, behind a fuse."""

    def __init__(self, inner: Connection, fuse: Fuse) -> None:
        self.inner = inner
        self.fuse = fuse
        self.dialect = inner.dialect

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        self.fuse.burn()
        return self.inner.execute(sql, params)

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        self.fuse.burn()
        return self.inner.rows(sql, params)

    def keep_rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        self.fuse.burn()
        return self.inner.keep_rows(sql, params)

    def rows_in(self, sql: str, values: Sequence[Any], params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        self.fuse.burn()
        return self.inner.rows_in(sql, values, params)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self.fuse.burn()
        self.inner.execute_many(sql, rows)

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.fuse.burn()
        self.inner.insert_rows(table, columns, rows)

    def change_rows(self, table: str, key: str, columns: Mapping[str, ColumnType], rows: Sequence[Sequence[Any]]) -> None:
        self.fuse.burn()
        self.inner.change_rows(table, key, columns, rows)

    def begin(self) -> None:
        self.inner.begin()

    def commit(self) -> None:
        self.inner.commit()

    def rollback(self) -> None:
        self.inner.rollback()

    def close(self) -> None:
        self.inner.close()


class BreakingStore:
    """The transactions of a store, behind one fuse."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.fuse = Fuse()
        self._connection: BreakingConnection | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.database.writing() as inner:
            if self._connection is None or self._connection.inner is not inner:
                self._connection = BreakingConnection(inner, self.fuse)
            yield self._connection
            if self.fuse.at_commit:
                self.fuse.at_commit = False
                raise Broken
