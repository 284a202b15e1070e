"""The log as tables of a PostgreSQL database, written by any number of processes.

Whoever appends holds the one row of `log_state` until the commit. So positions appear in their order and without gaps that fill
later, which a sequence can not promise: it may show a higher position before a lower one commits.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg

from relance.errors import StoreError
from relance.eventlog.base import (
    COLUMNS,
    MAX_BATCH_BYTES,
    EventLog,
    LogBatch,
    LogUnavailable,
    NewChunk,
    RewrittenChunk,
    chunk_from_row,
    flags_of,
    keys_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relance.clock import Clock
    from relance.events.model import LoggedChunk

PRUNED_IDS = 10_000  # in one step
POLL_SECONDS = 0.05
READ_ROWS = 1_000
_INSERT = f"COPY log_chunks ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
_TYPES = ("int8", "int8", "text", "int8", "int8", "text", "text", "int8", "text", "bytea")
_CLAIM_IDS = """
    INSERT INTO log_ids (key, received_at) SELECT * FROM unnest(%s::bytea[], %s::bigint[])
    ON CONFLICT (key) DO UPDATE SET received_at = excluded.received_at WHERE excluded.received_at - log_ids.received_at > %s
    RETURNING key
"""
_SELECT = f"SELECT {COLUMNS} FROM log_chunks "  # noqa: S608 - our own names
_AFTER = _SELECT + f"WHERE first_position > %s ORDER BY first_position LIMIT {READ_ROWS}"
_HOLDING = _SELECT + "WHERE first_position <= %s ORDER BY first_position DESC LIMIT 1"
_PRUNE = f"DELETE FROM log_ids WHERE key IN (SELECT key FROM log_ids WHERE received_at < %s LIMIT {PRUNED_IDS})"  # noqa: S608 - our own number
_NUMBERS = """CREATE TABLE IF NOT EXISTS log_numbers (
    position BIGINT NOT NULL, profile_id BIGINT NOT NULL, PRIMARY KEY (position, profile_id))"""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as e:
        msg = f"PostgreSQL can not be used now: {e}"
        raise LogUnavailable(msg) from e
    except psycopg.Error as e:
        raise StoreError(str(e)) from e


class PostgreSQLLog(EventLog):
    """The log in a PostgreSQL database. Connections that broke are replaced at the next use."""

    def __init__(self, url: str, *, clock: Clock, window: int) -> None:
        super().__init__(clock, window)
        self._url = url
        self._lock = threading.RLock()
        self._local = threading.local()
        self._connections: list[psycopg.Connection[tuple[Any, ...]]] = []
        self._writer: psycopg.Connection[tuple[Any, ...]] | None = None
        with self._writing() as writer:
            # Two processes that start at once must not both make the tables.
            writer.execute("SELECT pg_advisory_xact_lock(hashtext('relance log schema'))")
            if writer.execute("SELECT to_regclass('log_ids')").fetchone() == (None,):
                writer.execute(files("relance.eventlog").joinpath("schema_postgresql.sql").read_bytes())
            else:  # of an earlier release
                writer.execute(_NUMBERS)

    @contextmanager
    def _writing(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """One durable transaction on the writing connection."""
        with self._lock, _translated():
            if self._writer is None or self._writer.closed or self._writer.broken:
                self._writer = psycopg.connect(self._url, autocommit=True)
                self._writer.execute("SET synchronous_commit TO on")
                self._connections.append(self._writer)
            with self._writer.transaction():
                yield self._writer

    @contextmanager
    def _reading(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with _translated():
            reader: psycopg.Connection[tuple[Any, ...]] | None = getattr(self._local, "reader", None)
            if reader is None or reader.closed or reader.broken:
                reader = self._local.reader = psycopg.connect(self._url, autocommit=True)
                # A reader writes only the floor, which may be lost: a restart raises it by the clock.
                reader.execute("SET synchronous_commit TO off")
                self._connections.append(reader)
            yield reader

    # ------------------------------------------------------------------------------------------------ append

    def append(self, chunks: Sequence[NewChunk]) -> list[int]:
        with self._writing() as writer:
            last, floor = writer.execute("SELECT last_position, floor FROM log_state FOR UPDATE").fetchone() or (0, 0)
            now = max(self.clock.now(), floor)
            rows: list[tuple[Any, ...]] = []
            accepted: list[int] = []
            position = last + 1
            for chunk, duplicates in self._without_duplicates(writer, chunks, now):
                n = len(chunk.message_ids)
                accepted.append(n - len(duplicates))
                if not accepted[-1]:
                    continue
                received_at = now if chunk.received_at is None else chunk.received_at
                floor = max(floor, received_at)
                told = msgspec.json.encode(duplicates).decode() if duplicates else None
                row = (chunk.source, received_at, chunk.sent_at, chunk.kind, chunk.call, flags_of(chunk), told, chunk.body)
                rows.append((position, n, *row))
                position += n
            if rows:
                with writer.cursor() as cursor, cursor.copy(_INSERT) as copy:
                    copy.set_types(_TYPES)
                    for row in rows:
                        copy.write_row(row)
                writer.execute("UPDATE log_state SET last_position = %s, floor = %s", (position - 1, floor))
        if rows:
            self._tell_grown(position - 1)
        return accepted

    def _without_duplicates(
        self, writer: psycopg.Connection[tuple[Any, ...]], chunks: Sequence[NewChunk], now: int
    ) -> Iterator[tuple[NewChunk, list[int]]]:
        """Each chunk with the indexes of its items that were received before. Effects: writes `log_ids`."""
        start = 0
        while start < len(chunks):
            # Within a part no id can come twice with more than the window between, so that each is asked for once.
            first = self._received(chunks[start], now)
            end = start + 1
            while end < len(chunks) and abs(self._received(chunks[end], now) - first) <= self.window:
                end += 1
            part = [(chunk, keys_of(chunk.source, chunk.message_ids)) for chunk in chunks[start:end]]
            earliest: dict[bytes, int] = {}
            for chunk, keys in part:
                for key in keys:
                    if key is not None:
                        earliest.setdefault(key, self._received(chunk, now))
            new: set[bytes] = set()
            if earliest:
                # In one order, so that two writers never wait for each other.
                asked = sorted(earliest)
                times = [earliest[key] for key in asked]
                new = {bytes(key) for (key,) in writer.execute(_CLAIM_IDS, (asked, times, self.window)).fetchall()}
            for chunk, keys in part:
                duplicates = []
                for index, key in enumerate(keys):
                    if key is None:
                        continue
                    if key in new:
                        new.discard(key)
                    else:
                        duplicates.append(index)
                yield chunk, duplicates
            start = end

    @staticmethod
    def _received(chunk: NewChunk, now: int) -> int:
        return now if chunk.received_at is None else chunk.received_at

    def rewrite(self, chunks: Sequence[RewrittenChunk], numbers: Sequence[tuple[int, int]] = ()) -> None:
        rows = [(c.body, msgspec.json.encode(list(c.duplicates)).decode(), c.first_position) for c in chunks]
        with self._writing() as writer, writer.cursor() as cursor:
            if numbers:
                cursor.executemany(
                    "INSERT INTO log_numbers (position, profile_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", numbers
                )
            if rows:
                cursor.executemany("UPDATE log_chunks SET body = %s, duplicates = %s WHERE first_position = %s", rows)

    def numbers_given(self) -> list[tuple[int, int]]:
        with self._reading() as reader:
            return reader.execute("SELECT position, profile_id FROM log_numbers ORDER BY position, profile_id").fetchall()

    def scrub(self) -> bool:
        with self._lock, _translated():
            with self._writing():
                pass  # the connection is sound, or a new one
            assert self._writer is not None  # noqa: S101 - it was made above
            self._writer.execute("VACUUM log_chunks")
        return True

    def probe(self) -> None:
        with self._writing() as writer:
            writer.execute("UPDATE log_state SET floor = floor")

    def tend(self) -> bool:
        with self._writing() as writer:
            gone = writer.execute(_PRUNE, (self.clock.now() - self.window,)).rowcount
        return gone == PRUNED_IDS

    # ------------------------------------------------------------------------------------------------ read

    def read_after(self, position: int, limit: int) -> LogBatch:
        with self._reading() as reader:
            chunks, is_cut = self._read(reader, position, limit)
            if is_cut:
                return LogBatch(chunks, chunks[-1].last_position, chunks[-1].received_at)
            # From now on nothing is stamped with an earlier instant; what was stamped before is read below.
            ((floor,),) = reader.execute(
                "UPDATE log_state SET floor = greatest(floor, %s) RETURNING floor", (self.clock.now(),)
            ).fetchall()
            last = chunks[-1].last_position if chunks else position
            more, is_cut = self._read(reader, last, limit)
            chunks += more
            return LogBatch(
                chunks, chunks[-1].last_position if chunks else position, chunks[-1].received_at if is_cut else floor
            )

    def _read(self, reader: psycopg.Connection[tuple[Any, ...]], position: int, limit: int) -> tuple[list[LoggedChunk], bool]:
        """Chunks after a position, and whether there may be more."""
        chunks: list[LoggedChunk] = []
        n_items = n_bytes = 0
        rows = reader.execute(_AFTER, (position,), binary=True).fetchall()
        for row in rows:
            chunks.append(chunk_from_row(row))
            n_items += chunks[-1].n
            n_bytes += len(chunks[-1].body)
            if n_items >= limit or n_bytes >= MAX_BATCH_BYTES:
                return chunks, True
        return chunks, len(rows) == READ_ROWS

    def chunk_at(self, position: int) -> LoggedChunk | None:
        with self._reading() as reader:
            row = reader.execute(_HOLDING, (position,)).fetchone()
        chunk = chunk_from_row(row) if row else None
        return chunk if chunk and position <= chunk.last_position else None

    def last_position(self) -> int:
        with self._reading() as reader:
            row = reader.execute("SELECT last_position FROM log_state").fetchone()
        return row[0] if row else 0

    def wait_after(self, position: int, seconds: float) -> bool:
        # Another process may have written: look at least each 50 ms.
        return super().wait_after(position, min(seconds, POLL_SECONDS)) or self.last_position() > position

    def close(self) -> None:
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._writer = None
