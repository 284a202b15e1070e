"""One face for both engines of the store: what a `Connection` and a `Database` can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

Dialect = Literal["sqlite", "postgresql"]
ColumnType = Literal["BIGINT", "TEXT"]


class Connection(ABC):
    """A connection that speaks the SQL subset both engines share, with `:name` placeholders."""

    dialect: Dialect

    @abstractmethod
    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        """Run one statement and answer how many rows it changed."""

    @abstractmethod
    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query (or of a statement with `RETURNING`)."""

    @abstractmethod
    def rows_in(self, sql: str, values: Sequence[Any], params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query in which `IN {values}` stands for a list of texts or of numbers."""

    @abstractmethod
    def keep_rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query over one table, once nobody is changing them; nobody does before this transaction ends."""

    @abstractmethod
    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement with `?` placeholders once for each row."""

    @abstractmethod
    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add many rows to a table by the engine's fastest way."""

    @abstractmethod
    def change_rows(self, table: str, key: str, columns: Mapping[str, ColumnType], rows: Sequence[Sequence[Any]]) -> None:
        """Set `columns` of the rows of a table that a number `key` names; `rows` are the key and the values of each."""

    def wipe_deleted(self, *, on: bool) -> None:  # noqa: B027 - not every engine can
        """Have what is deleted from now on overwritten, where the engine can."""

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def commit(self) -> None: ...

    @abstractmethod
    def rollback(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def row(self, sql: str, params: Mapping[str, Any] | None = None) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        found = self.rows(sql, params)
        return found[0] if found else None

    def value(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row of a query, or None."""
        found = self.row(sql, params)
        return found[0] if found else None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is committed together, or not at all."""
        self.begin()
        try:
            yield self
        except BaseException:
            self.rollback()
            raise
        self.commit()


class Database(ABC):
    """One store. There is a single writer at a time; readers never wait for it."""

    dialect: Dialect

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """The writing connection, alone and in a transaction."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A read-only connection on one consistent snapshot."""

    def scrub(self, tables: Sequence[str]) -> bool:  # noqa: ARG002 - an engine may have nothing to do
        """Free the files of rows of these tables that were deleted, as far as the engine can. False when it must be tried again."""
        return True

    @abstractmethod
    def close(self) -> None: ...

    def migrate(self) -> list[str]:
        """Bring the schema up to date and answer the names of the migrations that were applied."""
        from relance.store.migrate import apply_migrations

        return apply_migrations(self)
