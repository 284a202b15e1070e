"""The log as a SQLite file of its own, written by one process: the one that holds the lock file beside it.

One connection writes and makes every checkpoint; each reading thread has its own. `synchronous=FULL`: a commit that returned is
on the disk (the power-cut test shows the difference to NORMAL, which loses acknowledged requests).
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import apsw
import msgspec
import numpy as np

from relance.errors import StoreError
from relance.eventlog.base import (
    COLUMNS,
    KEY_BYTES,
    MAX_BATCH_BYTES,
    EventLog,
    LogBatch,
    LogBroken,
    LogUnavailable,
    NewChunk,
    RewrittenChunk,
    chunk_from_row,
    flags_of,
)
from relance.eventlog.id_hash import SECRET_BYTES, IdHash
from relance.eventlog.id_runs import RECORD, IdRuns, Run, records_of
from relance.events.decode import NotJSON, outline_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from relance.clock import Clock
    from relance.events.model import LoggedChunk

SOUND_ENGINE = (3, 51, 3)  # the release that mended the WAL-reset damage of 3.7.0 to 3.51.2
PAGE_BYTES = 4_096  # measured: 235,000 events/s; 142,000 with 8 KB, 208,000 with 16 KB, 82,000 with 32 KB
WAL_PAGES_BEFORE_CHECKPOINT = 1_000
BUSY_MILLISECONDS = 10_000
SCRUB_MILLISECONDS = 100  # nobody who appends waits longer for it

# One statement for many rows lets go of the interpreter once, not once a row: another thread that computes gives it back
# only after its 5 ms. Powers of two: a group of seven requests is three statements (124,000 events/s; 100,000 as seven).
ROWS_A_STATEMENT = (64, 32, 16, 8, 4, 2, 1)
_INSERT_INTO = f"INSERT INTO log_chunks ({COLUMNS}) VALUES "  # noqa: S608 - our own names
_INSERT = {n: _INSERT_INTO + ", ".join(["(?,?,?,?,?,?,?,?,?,?)"] * n) for n in ROWS_A_STATEMENT}
_SELECT = f"SELECT {COLUMNS} FROM log_chunks "  # noqa: S608 - our own names
_AFTER = _SELECT + "WHERE first_position > ? ORDER BY first_position"
_HOLDING = _SELECT + "WHERE first_position <= ? ORDER BY first_position DESC LIMIT 1"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (apsw.FullError, apsw.BusyError, apsw.ReadOnlyError, apsw.CantOpenError) as e:
        msg = f"the log file can not be written now: {e}"
        raise LogUnavailable(msg) from e
    except (apsw.IOError, apsw.CorruptError, apsw.NotADBError) as e:
        msg = f"the disk failed under the log: {e}"
        raise LogBroken(msg) from e
    except apsw.Error as e:
        raise StoreError(str(e)) from e


class _Ids(NamedTuple):
    """The message ids of a request, and at which of its items each stands."""

    ids: Sequence[Any]
    indexes: Sequence[int]


def _row_of(chunk: NewChunk, position: int, received_at: int, duplicates: Sequence[int]) -> tuple[Any, ...]:
    """A request as a row of `log_chunks`."""
    told = msgspec.json.encode(duplicates).decode() if duplicates else None
    n, flags = len(chunk.message_ids), flags_of(chunk)
    return (position, n, chunk.source, received_at, chunk.sent_at, chunk.kind, chunk.call, flags, told, chunk.body)


class SQLiteLog(EventLog):
    """The log in a SQLite file, or in memory when there is no path."""

    def __init__(self, path: Path | None, *, clock: Clock, window: int, vfs: str | None = None) -> None:
        super().__init__(clock, window)
        if tuple(map(int, apsw.sqlite_lib_version().split("."))) < SOUND_ENGINE:
            msg = f"SQLite {apsw.sqlite_lib_version()} can damage a WAL file; install an apsw of 3.51.3 or later"
            raise StoreError(msg)
        self._path, self._vfs = path, vfs
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        self._broken: LogBroken | None = None
        self._lock_file: int | None = None
        self._merging: Iterator[None] | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        with _translated():
            self._writer = self._connect()
            self._writer.execute(files("relance.eventlog").joinpath("schema_sqlite.sql").read_text(encoding="utf-8"))
            self._writer.execute("INSERT OR IGNORE INTO log_state VALUES (1, 0, 0, ?)", (os.urandom(SECRET_BYTES),))
            self._load_state()

    def _connect(self, *, read_only: bool = False) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        connection = apsw.Connection(str(self._path) if self._path else ":memory:", flags=flags, vfs=self._vfs)
        connection.set_busy_timeout(BUSY_MILLISECONDS)
        if read_only:
            connection.wal_autocheckpoint(0)
        elif self._path is not None:
            if self._vfs is not None:  # a VFS of Python has no shared memory: one connection alone
                connection.pragma("locking_mode", "exclusive")
            connection.pragma("page_size", PAGE_BYTES)
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            connection.wal_autocheckpoint(WAL_PAGES_BEFORE_CHECKPOINT)
        return connection

    def _load_state(self) -> None:
        """Find the end of the log, and read the message ids that are in no run yet."""
        self._ids = IdRuns(self._writer)
        through, secret = self._one("SELECT ids_through, hash_secret FROM log_state")
        self._hash = IdHash(secret)
        last = self._writer.execute(
            "SELECT first_position + n - 1, received_at FROM log_chunks ORDER BY first_position DESC LIMIT 1"
        ).fetchone()
        self._last: int
        self._floor: int
        self._last, self._floor = last or (0, 0)
        self._known_last = self._last
        oldest = self._floor - self.window
        for source, received_at, call, duplicates, body in self._writer.execute(
            "SELECT source, received_at, call, duplicates, body FROM log_chunks WHERE first_position > ?", (through,)
        ):
            if received_at < oldest:
                continue
            try:
                outline = outline_request(body, call)
            except NotJSON:
                continue
            skipped = set(msgspec.json.decode(duplicates)) if duplicates else ()
            ids = [i for index, i in enumerate(outline.message_ids) if i and index not in skipped]
            pairs = self._hash.keys([(source, ids)])
            new = {pair.tobytes(): received_at for pair in pairs}
            if new:
                self._ids.settle(new, records_of(new), None)

    def _one(self, sql: str) -> Any:
        return self._writer.execute(sql).fetchone()

    def claim(self) -> None:
        with self._lock:
            if self._path is None or self._lock_file is not None:
                return
            lock_file = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as e:
                os.close(lock_file)
                msg = f"another process writes the log {self._path}: stop it, or send the events to it"
                raise LogUnavailable(msg) from e
            self._lock_file = lock_file
            with _translated():
                if self._last != self._last_written():  # it wrote since we looked
                    self._load_state()
                self._ids.remove_orphans()

    def _last_written(self) -> int:
        with _translated():
            row = self._writer.execute(
                "SELECT first_position + n - 1 FROM log_chunks ORDER BY first_position DESC LIMIT 1"
            ).fetchone()
        return row[0] if row else 0

    def _is_writer(self) -> bool:
        try:
            self.claim()
        except LogUnavailable:
            return False
        return True

    # ------------------------------------------------------------------------------------------------ append

    def append(self, chunks: Sequence[NewChunk]) -> list[int]:
        with self._lock:
            if self._broken is not None:
                raise self._broken
            self.claim()
            now = max(self.clock.now(), self._floor)
            its_keys = self._keys_of(chunks)
            pairs = self._hash.keys([(chunk.source, keys.ids) for chunk, keys in zip(chunks, its_keys, strict=True)])
            if self._ids.fill_a_run(len(pairs)) and self._ids.are_new(pairs):
                return self._append_new(chunks, [len(its.ids) for its in its_keys], pairs, now)
            flat = pairs.tobytes()
            all_keys = [flat[i : i + KEY_BYTES] for i in range(0, len(flat), KEY_BYTES)]
            known = self._ids.find(pairs, all_keys)
            rows: list[tuple[Any, ...]] = []
            accepted: list[int] = []
            new: dict[bytes, int] = {}
            position, floor, start = self._last + 1, self._floor, 0
            for chunk, its in zip(chunks, its_keys, strict=True):
                received_at = now if chunk.received_at is None else chunk.received_at
                keys = all_keys[start : start + len(its.ids)]
                start += len(keys)
                duplicates = []
                if known.keys().isdisjoint(keys) and new.keys().isdisjoint(keys) and len(set(keys)) == len(keys):
                    new.update(dict.fromkeys(keys, received_at))
                else:
                    for index, key in zip(its.indexes, keys, strict=True):
                        before = new.get(key, known.get(key))
                        if before is not None and received_at - before <= self.window:
                            duplicates.append(index)
                        else:
                            new[key] = received_at
                n = len(chunk.message_ids)
                accepted.append(n - len(duplicates))
                if not accepted[-1]:
                    continue  # nothing new: a client sent again what it had no answer for
                rows.append(_row_of(chunk, position, received_at, duplicates))
                position += n
                floor = max(floor, received_at)
            if rows:
                self._take(rows, new, records_of(new), position - 1, floor)
        if rows:
            self._tell_grown(position - 1)
        return accepted

    def _append_new(self, chunks: Sequence[NewChunk], n_ids: Sequence[int], pairs: NDArray[Any], now: int) -> list[int]:
        """Append a great many items at once (an import), all of whose ids are new: without a look at each."""
        times = [now if chunk.received_at is None else chunk.received_at for chunk in chunks]
        records = np.empty(len(pairs), RECORD)
        records["high"], records["low"], records["at"] = pairs[:, 0], pairs[:, 1], np.repeat(times, n_ids)
        rows, accepted, position = [], [], self._last + 1
        for chunk, received_at in zip(chunks, times, strict=True):
            n = len(chunk.message_ids)
            accepted.append(n)
            if n:
                rows.append(_row_of(chunk, position, received_at, []))
                position += n
        self._take(rows, {}, records, position - 1, max(self._floor, *times))
        self._tell_grown(position - 1)
        return accepted

    def _take(self, rows: list[tuple[Any, ...]], new: dict[bytes, int], records: NDArray[Any], last: int, floor: int) -> None:
        """Write rows, and what `records` (and `new`, where they fill no run) says of their ids; then take them over in memory."""
        run = self._write(rows, records, last)
        self._ids.settle(new, records, run)
        self._last, self._floor = last, floor

    @staticmethod
    def _keys_of(chunks: Sequence[NewChunk]) -> list[_Ids]:
        """The message ids of each chunk that has some, and where they stand."""
        found = []
        for chunk in chunks:
            ids = chunk.message_ids
            indexes: Sequence[int] = range(len(ids))
            if not all(ids):
                indexes = [index for index, message_id in enumerate(ids) if message_id]
                ids = [message_id for message_id in ids if message_id]
            found.append(_Ids(ids, indexes))
        return found

    def _write(self, rows: list[tuple[Any, ...]], records: NDArray[Any], last: int) -> Run | None:
        with self._writing() as connection:
            start = 0
            for size in ROWS_A_STATEMENT:
                while len(rows) - start >= size:
                    connection.execute(_INSERT[size], [value for row in rows[start : start + size] for value in row])
                    start += size
            if not self._ids.is_due(len(records)):
                return None
            run = self._ids.write_fresh(records)
            connection.execute("UPDATE log_state SET ids_through = ?", (last,))
            return run

    @contextmanager
    def _writing(self) -> Iterator[apsw.Connection]:
        """One durable transaction on the writing connection."""
        with self._lock:
            try:
                with _translated():
                    self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    self._writer.execute("COMMIT")
            except BaseException as e:
                if isinstance(e, LogBroken):
                    self._broken = e
                if self._writer.in_transaction:
                    self._roll_back()
                raise

    def _roll_back(self) -> None:
        try:
            self._writer.execute("ROLLBACK")
        except apsw.Error as e:
            self._broken = LogBroken(f"the log can not be rolled back: {e}")

    def rewrite(self, chunks: Sequence[RewrittenChunk], numbers: Sequence[tuple[int, int]] = ()) -> None:
        with self._lock:
            if self._broken is not None:
                raise self._broken
            self.claim()
            rows = [(c.body, msgspec.json.encode(list(c.duplicates)).decode(), c.first_position) for c in chunks]
            nothing = np.empty(0, RECORD)
            run: Run | None = None
            with self._wiping(), self._writing() as connection:
                if self._ids.fresh and rows:  # else a start would look for the ids of what is erased in vain
                    run = self._ids.write_fresh(nothing)
                    connection.execute("UPDATE log_state SET ids_through = ?", (self._last,))
                connection.executemany("INSERT OR IGNORE INTO log_numbers (position, profile_id) VALUES (?, ?)", numbers)
                connection.executemany("UPDATE log_chunks SET body = ?, duplicates = ? WHERE first_position = ?", rows)
            if run is not None:
                self._ids.settle({}, nothing, run)

    @contextmanager
    def _wiping(self) -> Iterator[None]:
        """What is deleted or shortened meanwhile is overwritten with zeros."""
        self._writer.pragma("secure_delete", True)
        try:
            yield
        finally:
            self._writer.pragma("secure_delete", False)

    def numbers_given(self) -> list[tuple[int, int]]:
        with self._reading() as connection:
            return [
                (int(position), int(profile_id))
                for position, profile_id in connection.execute(
                    "SELECT position, profile_id FROM log_numbers ORDER BY position, profile_id"
                )
            ]

    def scrub(self) -> bool:
        """Move what was written into the file and empty the write-ahead log, in which older bytes stand."""
        with self._lock, _translated():
            if self._path is None or self._vfs is not None:
                return True
            self._writer.set_busy_timeout(SCRUB_MILLISECONDS)
            try:
                busy, _, _ = self._one("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                self._writer.set_busy_timeout(BUSY_MILLISECONDS)
            return not busy

    def probe(self) -> None:
        if self._broken is not None:
            raise self._broken
        self.claim()
        with self._writing() as connection:
            connection.execute("UPDATE log_state SET probes = probes + 1")

    def tend(self) -> bool:
        with self._lock:
            if self._broken is not None or not self._is_writer():
                return False
            if self._merging is None:
                oldest = max(self.clock.now(), self._floor) - self.window
                self._merging = self._ids.merge_steps(oldest, self._writing)
            try:
                with _translated():
                    next(self._merging)
            except StopIteration:
                self._merging = None
                return False
            except StoreError:
                self._merging = None
                raise
            return True

    def needs_tending(self) -> bool:
        return self._ids.are_many

    # ------------------------------------------------------------------------------------------------ read

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        if self._path is None or self._vfs is not None:
            with self._lock, _translated():
                yield self._writer
            return
        with _translated():
            reader: apsw.Connection | None = getattr(self._local, "reader", None)
            if reader is None:
                reader = self._local.reader = self._connect(read_only=True)
                self._readers.append(reader)
            yield reader

    def read_after(self, position: int, limit: int) -> LogBatch:
        with self._lock:
            is_writer = self._is_writer()
            # From now on nothing is stamped with an earlier instant, and all that was is committed.
            floor = self._floor = max(self._floor, self.clock.now())
        chunks: list[LoggedChunk] = []
        n_items = n_bytes = 0
        with self._reading() as connection:
            for row in connection.execute(_AFTER, (position,)):
                chunks.append(chunk_from_row(row))
                n_items += row[1]
                n_bytes += len(row[9])
                if n_items >= limit or n_bytes >= MAX_BATCH_BYTES:
                    floor = row[3]
                    break
        if not is_writer:  # only what was read is certain
            floor = chunks[-1].received_at if chunks else 0
        return LogBatch(chunks, chunks[-1].last_position if chunks else position, floor)

    def chunk_at(self, position: int) -> LoggedChunk | None:
        with self._reading() as connection:
            row = connection.execute(_HOLDING, (position,)).fetchone()
        chunk = chunk_from_row(row) if row else None
        return chunk if chunk and position <= chunk.last_position else None

    def last_position(self) -> int:
        return self._last if self._lock_file is not None or self._path is None else self._last_written()

    def close(self) -> None:
        with self._lock:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._writer.close()
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None
