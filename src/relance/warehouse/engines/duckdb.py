"""The embedded warehouse: one DuckDB file, opened by one process.

One thread writes, on its own connection, in ticks; the others read what is committed, each on its own cursor. A fatal
error of DuckDB takes all connections with it: `reopen` brings them back, and what was not committed is taken from the log
again. A damaged file is moved aside and rebuilt.
"""

from __future__ import annotations

import hashlib
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa

from relance.errors import QuestionDropped, WarehouseError
from relance.store import load_queries
from relance.warehouse.asking import regions_sql
from relance.warehouse.base import FACTS, FAR_SEQ, ConsentRow, EventRow, Person, ProfileRow, SuppressionRow, Warehouse
from relance.warehouse.columns import read_columns
from relance.warehouse.dialects import fill_marks
from relance.warehouse.engines.duckdb_batches import Batches
from relance.warehouse.engines.duckdb_functions import define_missing
from relance.warehouse.engines.duckdb_kept import DuckDBMemberships
from relance.warehouse.rows import addresses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from relance.warehouse.asking import Asking
    from relance.warehouse.base import Fact, FactTable, Moments, Question, Shape
    from relance.warehouse.columns import Columns

_sql = load_queries("relance.warehouse.engines", "duckdb.sql")

# Fibonacci hashing in 31 bits: a third of the time that DuckDB's own hash takes, which it joins by: of that a sample would
# fill one bucket in many.
_HASHED = "(((profile_id & 2147483647) * 1640531527) & 2147483647)"
_LINKED = ("profile_history", "consent_history", "suppression_history")  # whose rows end each other
ROWS_A_PIECE = 250_000
_TABLES = ("events", *_LINKED, *FACTS)
_OF_PROFILES = ("events", "profile_history", "consent_history", *FACTS)  # whose rows a merge gives to another
_BY_TICK = (*_TABLES, "segment_history", "profile_merges")
_DAMAGED = ("corrupt", "could not read enough bytes", "checksum", "serialization error")
_NOT_DAMAGED = ("lock on file", "permission denied", "version number", "newer version", "no space left", "read-only")


def open_duckdb(path: Path | None, *, quarantine: bool = False) -> DuckDBWarehouse:
    """Open a DuckDB file, or one in memory.

    Raises:
        WarehouseError: another process has it open, it can not be read, or it is damaged and `quarantine` is not asked for.
    """
    try:
        return DuckDBWarehouse(path)
    except WarehouseError as e:
        if not e.context.get("damaged"):
            raise
        if not quarantine or path is None:
            msg = f"{e.message}; `relance doctor` moves it aside and rebuilds it from the log"
            raise WarehouseError(msg, **e.context) from e
    move_aside(path)
    return DuckDBWarehouse(path)


def move_aside(path: Path) -> Path:
    """Give a damaged file (and what belongs to it) another name, and answer that name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        wal.rename(aside.with_name(aside.name + ".wal"))
    return aside


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as e:
        fatal = isinstance(e, (duckdb.FatalException, duckdb.InternalException)) or "invalidated" in str(e)
        msg = f"{what}: {str(e).splitlines()[0]}"
        # an error about values may quote somebody's text
        of_values = isinstance(e, (duckdb.DataError, duckdb.ProgrammingError))
        damaged = not of_values and any(word in str(e).lower() for word in _DAMAGED)
        raise WarehouseError(msg, fatal=fatal, damaged=damaged) from e


def _ask_moments(connection: DuckDBPyConnection, sql: str, moments: dict[str, Any]) -> DuckDBPyConnection:  # noqa: ARG001 - DuckDB finds it here
    """The answer of a statement about moments.

    It reads from "moments", and DuckDB looks for a variable of this name in the frame that calls it, of any thread: to
    register it is to create a view and to drop it, at some milliseconds a question.
    """
    return connection.execute(sql)


def _fetch_moments(connection: DuckDBPyConnection, sql: str, moments: dict[str, Any]) -> Any:  # noqa: ARG001 - as above
    """The same as an Arrow table."""
    return connection.sql(sql).to_arrow_table()


def _read_pieces(cursor: DuckDBPyConnection, statement: str, people: dict[str, Any]) -> Iterator[pa.Table]:  # noqa: ARG001 - as above
    """The rows of a statement that may read from "people"."""
    reader = cursor.sql(statement).to_arrow_reader(ROWS_A_PIECE)
    for batch in reader:
        yield pa.Table.from_batches([batch])


def _columns_of(moments: Moments) -> dict[str, Any]:
    profile_ids, ats, seqs = (np.asarray(column, dtype=np.int64) for column in moments)
    return {"moment": np.arange(len(ats)), "profile_id": profile_ids, "at": ats, "seq": np.minimum(seqs, FAR_SEQ - 1)}


def _fill_moments(sql: str, asked: dict[str, Any]) -> str:
    ats = asked["at"]
    return fill_marks(sql, first_at=int(ats.min(initial=FAR_SEQ)), last_at=int(ats.max(initial=-FAR_SEQ)))


class DuckDBWarehouse(Warehouse):
    """A DuckDB file, or memory."""

    dialect = "duckdb"

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._local = threading.local()
        self._cursors: list[DuckDBPyConnection] = []
        self._defined: set[str] = set()
        self._lock = threading.Lock()
        self._tick = self._position = 0
        self._in_tick = False
        self._saved: set[int] | None = None  # whose rows of before this tick are kept; None before its first merge
        self.kept = DuckDBMemberships(self._connection, _translated)
        self._open()

    # ------------------------------------------------------------------ connections

    def _open(self) -> None:
        name = ":memory:" if self.path is None else str(self.path)
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self._root = duckdb.connect(name)  # runs nothing: cursors are made of it from any thread
            self._cursors.append(self._root)
            self._writer = self._root.cursor()
            self._cursors.append(self._writer)
            self._batches = Batches(self._writer)
            self._writer_thread = threading.get_ident()
            self._prepare()
            for table in _TABLES:
                self._writer.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608 - our own names
        except (duckdb.Error, OSError) as e:
            self.close()
            text = str(e)
            damaged = self.path is not None and not any(word in text.lower() for word in _NOT_DAMAGED)
            first = text.splitlines()[0] if text else type(e).__name__
            state = "is damaged" if damaged else "can not be opened"
            locked = "lock on file" in text.lower()
            if locked:
                first = "another process has it open, such as `relance serve`"
            msg = f"the warehouse {name} {state}: {first}"
            raise WarehouseError(msg, damaged=damaged, locked=locked) from e

    def _prepare(self) -> None:
        """Make tables and functions, unless they are those of this release: opening writes nothing then."""
        statements = [_sql[name] for name in _sql if name.startswith(("create_", "define_", "fill_"))]
        wanted = hashlib.sha256("".join(statements).encode()).hexdigest()
        found = self._writer.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'loaded'").fetchall()
        if found and found[0][0] == wanted:
            return
        self._writer.execute("BEGIN")
        for statement in [*statements, f"COMMENT ON TABLE loaded IS '{wanted}'"]:
            self._writer.execute(statement)
        self._writer.execute("COMMIT")

    def reopen(self) -> None:
        """Close everything and open the file again, after a fatal error. What was not committed is gone."""
        self.close()
        self._local = threading.local()
        self._defined.clear()
        self._in_tick = False
        self._open()

    def start_over(self) -> None:
        self.close()
        if self.path is not None and self.path.exists():
            move_aside(self.path)
        self.reopen()

    def verify(self) -> None:
        for table in _TABLES:  # the hash of a row reads all of it, and DuckDB checks what it reads
            self._value(f"SELECT bit_xor(hash(t)) FROM {table} AS t")  # noqa: S608 - our own names

    def close(self) -> None:
        while self._cursors:
            with suppress(duckdb.Error):
                self._cursors.pop().close()

    def _connection(self) -> DuckDBPyConnection:
        """The writing connection, with all that was added, for the thread that writes; a cursor for every other."""
        if self._writer_thread == threading.get_ident():
            with _translated("the warehouse can not take rows"):
                self._batches.load()
            return self._writer
        cursor: DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            with self._lock:
                cursor = self._local.cursor = self._root.cursor()
                self._cursors.append(cursor)
        return cursor

    # ------------------------------------------------------------------ writing

    def begin(self, tick: int) -> None:
        self._writer_thread = threading.get_ident()
        with _translated("the warehouse can not begin a tick"):
            self._writer.execute("BEGIN")
        self._tick, self._position, self._in_tick, self._saved = tick, 0, True, None

    def commit(self) -> None:
        with _translated("the warehouse can not commit"):
            self._batches.load()
            self._writer.execute(_sql["save_loaded"], [self._tick, self._position])
            self._writer.execute("COMMIT")
        self._in_tick = False

    def rollback(self) -> None:
        self._batches.forget()
        if self._in_tick:
            self._in_tick = False
            with _translated("the warehouse can not roll back"), suppress(duckdb.TransactionException):
                self._writer.execute("ROLLBACK")  # there may be none any more: a commit that failed took it away

    def add_events(self, rows: Sequence[EventRow]) -> None:
        self._position = max([self._position, *(row.position for row in rows)])
        self._batches.add("events", rows)

    def add_profile_history(self, rows: Sequence[ProfileRow]) -> None:
        self._batches.add("profile_history", rows)

    def add_consent_history(self, rows: Sequence[ConsentRow]) -> None:
        self._batches.add("consent_history", rows)

    def add_suppressions(self, rows: Sequence[SuppressionRow]) -> None:
        self._batches.add("suppression_history", rows)

    def add_facts(self, table: FactTable, rows: Sequence[Fact]) -> None:
        self._batches.add(table, rows)

    def unite(self, pairs: Sequence[tuple[int, int]]) -> None:
        with _translated("the warehouse can not unite profiles"):
            self._save({profile_id for pair in pairs for profile_id in pair})
            for merged, kept in pairs:  # one by one: a kept profile may itself be merged by the next pair
                self._batches.unite(merged, kept)
                self._writer.execute(_sql["note_merge"], [merged, kept, self._tick])

    def _save(self, profile_ids: set[int]) -> None:
        """Keep rows as they were before this tick; what was kept for an earlier one is not needed any more."""
        self._batches.load()
        if self._saved is None:
            self._saved = set()
            self._drop_saved()
        new = sorted(profile_ids - self._saved)
        if not new:
            return
        self._saved.update(new)
        for table in _OF_PROFILES:
            keep = f"INSERT INTO united_{table} FROM {table} WHERE profile_id IN (SELECT unnest($ids)) AND tick < $tick ORDER BY rowid"
            self._writer.execute(keep, {"ids": new, "tick": self._tick})
        self._writer.execute("INSERT INTO united SELECT unnest($ids), $tick", {"ids": new, "tick": self._tick})

    def _drop_saved(self) -> None:
        for table in ("united", *(f"united_{name}" for name in _OF_PROFILES)):
            self._writer.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def erase(self, profile_ids: Sequence[int], addresses: Sequence[tuple[str, str]]) -> None:
        ids = sorted(profile_ids)
        with _translated("the warehouse can not erase"):
            self._batches.load()
            self._drop_saved()
            for table in (*_OF_PROFILES, "segment_history"):
                self._writer.execute(f"DELETE FROM {table} WHERE profile_id IN (SELECT unnest(?))", [ids])  # noqa: S608
            for channel, address in addresses:
                self._writer.execute(_sql["erase_address"], [channel, address])
            for (
                profile_id
            ) in ids:  # who keeps memberships looks at them once more; what is taken back finds nothing to put back
                self._writer.execute(_sql["note_merge"], [profile_id, 0, self._tick])
            self._writer.execute("INSERT INTO united SELECT unnest($ids), $tick", {"ids": ids, "tick": self._tick})

    def scrub(self) -> bool:
        with closing(self._root.cursor()) as cursor:
            try:
                cursor.execute("CHECKPOINT")
            except duckdb.TransactionException:  # somebody else writes
                return False
            except duckdb.Error as e:
                msg = f"the warehouse can not be written to its file: {str(e).splitlines()[0]}"
                raise WarehouseError(msg) from e
        return True

    def forget_after(self, tick: int) -> None:
        with _translated("the warehouse can not take back ticks"):
            if self.last_tick() <= tick:
                return
            if tick >= 0 and self._value(_sql["merges_lost"], {"tick": tick}):
                tick = -1
            self._writer.execute("BEGIN")
            self._writer.execute(_sql["touched_after"], [tick, tick])
            if tick >= 0 and self._value(_sql["unites_after"], [tick]):
                for table in _OF_PROFILES:
                    self._writer.execute(f"DELETE FROM {table} WHERE profile_id IN (SELECT profile_id FROM united)")  # noqa: S608
                    self._writer.execute(f"INSERT INTO {table} FROM united_{table} ORDER BY rowid")
                self._drop_saved()
            elif tick < 0:
                self._drop_saved()
            for table in _BY_TICK:
                self._writer.execute(f"DELETE FROM {table} WHERE tick > ?", [tick])  # noqa: S608 - our own names
            for table in _LINKED:
                self._writer.execute(_sql[f"link_{table}"])
            self._writer.execute(_sql["reload"], [tick])
            self._writer.execute("COMMIT")

    # ------------------------------------------------------------------ where it is

    def _value(self, sql: str, params: Any = None) -> Any:
        with _translated("the warehouse can not be read"):
            found = self._connection().execute(sql, params).fetchall()
        return found[0][0] if found else None

    def last_tick(self) -> int:
        return int(self._value(_sql["last_tick"]))

    def position(self) -> int:
        return int(self._value(_sql["position"]))

    def seq_known_at(self, at: int) -> int:
        return int(self._value(_sql["seq_known_at"], {"at": at}))

    def counts(self) -> dict[str, int]:
        return {table: int(self._value(f"SELECT count(*) FROM {table}")) for table in _TABLES}  # noqa: S608

    # ------------------------------------------------------------------ asking

    def ask(self, question: Question, moments: Moments) -> list[bool]:
        n = len(moments.profile_ids)
        if n == 0:
            return []
        asked = _columns_of(moments)
        sql = _fill_moments(question.sql(self.dialect, "moments"), asked)
        answer = np.zeros(n, dtype=bool)
        connection = self._connection()
        with _translated("the warehouse can not answer"):
            self._define(connection, sql)
            answer[_ask_moments(connection, sql, asked).fetchnumpy()["moment"]] = True
        return answer.tolist()

    def fetch(self, statements: Mapping[str, str], moments: Moments) -> dict[str, Columns]:
        asked = _columns_of(moments)
        connection = self._connection()
        found = {}
        with _translated("the warehouse can not answer"):
            for name, statement in statements.items():
                sql = _fill_moments(statement, asked)
                self._define(connection, sql)
                found[name] = read_columns(_fetch_moments(connection, sql, asked))
        return found

    def fetch_members(self, statements: Mapping[str, str], at: int, profiles: tuple[int, int]) -> dict[str, Columns]:
        connection = self._connection()
        found = {}
        with _translated("the warehouse can not answer"), ThreadPoolExecutor(1) as pool:  # that reads while the next is asked
            for name, statement in statements.items():
                sql = fill_marks(statement, first_at=at, last_at=at, profiles=profiles)
                self._define(connection, sql)
                found[name] = pool.submit(read_columns, connection.sql(sql).to_arrow_table())
        return {name: columns.result() for name, columns in found.items()}

    def pieces(self, statement: str, people: Sequence[int] | Any | None = None) -> Iterator[pa.Table]:
        with closing(self._root.cursor()) as cursor, _translated("the warehouse can not be read"):
            yield from _read_pieces(
                cursor, statement, {"profile_id": np.asarray([] if people is None else people, dtype=np.int64)}
            )

    def read_table(self, statement: str) -> Any:
        with _translated("the warehouse can not answer"):
            return self._connection().sql(statement).to_arrow_table()

    def members(self, question: Question, at: int, seq: int | None = None) -> list[int]:
        with _translated("the warehouse can not answer"):
            found = self._ask_everybody("{}", question, at, seq).fetchnumpy()["profile_id"]
        return np.sort(np.asarray(found)).tolist()

    def count(self, question: Question, at: int, seq: int | None = None) -> int:
        with _translated("the warehouse can not answer"):
            return int(self._ask_everybody("SELECT count(*) FROM ({}) AS members", question, at, seq).fetchall()[0][0])

    def _of_everybody(self, question: Question, at: int, seq: int | None) -> str:
        shape: Shape = "members" if seq is None or seq >= FAR_SEQ else "members_known"
        return fill_marks(question.sql(self.dialect, shape), at=at, seq=seq or 0)

    def _ask_everybody(self, form: str, question: Question, at: int, seq: int | None) -> DuckDBPyConnection:
        sql = self._of_everybody(question, at, seq)
        connection = self._connection()
        self._define(connection, sql)
        return connection.execute(form.format(sql))

    def member_ids(self, question: Question, at: int, seq: int | None = None, asking: Asking | None = None) -> array[int]:
        sql = self._of_everybody(question, at, seq)
        with self._asked(sql, asking) as connection:
            found = np.sort(np.asarray(connection.fetchnumpy()["profile_id"], dtype=np.int64))
        return array("q", found.tobytes())

    def regions(
        self,
        questions: Sequence[Question],
        at: int,
        seq: int | None = None,
        *,
        halvings: int = 0,
        asking: Asking | None = None,
    ) -> dict[int, int]:
        def part(table: str) -> str:
            return f"SELECT * FROM {table} WHERE {_HASHED} < {(1 << 31) >> halvings}"  # noqa: S608 - our own names

        sql = regions_sql([self._of_everybody(question, at, seq) for question in questions], part if halvings else None)
        with self._asked(sql, asking) as connection:
            return {int(bits): int(n) for bits, n in connection.fetchall()}

    @contextmanager
    def _asked(self, sql: str, asking: Asking | None) -> Iterator[DuckDBPyConnection]:
        """Around the reading of an answer. What may be taken back has a cursor of its own: no other statement is interrupted."""
        with _translated("the warehouse can not answer"):
            if asking is None:
                connection = self._connection()
                self._define(connection, sql)
                yield connection.execute(sql)
                return
            with closing(self._root.cursor()) as cursor, asking.running(cursor.interrupt):
                self._define(cursor, sql)
                try:
                    yield cursor.execute(sql)
                except duckdb.InterruptException as e:
                    raise QuestionDropped from e

    def _define(self, connection: DuckDBPyConnection, sql: str) -> None:
        with self._lock:
            define_missing(connection, sql, self._defined)

    # ------------------------------------------------------------------ people

    def _rows(self, statement: str, params: Any) -> list[tuple[Any, ...]]:
        with _translated("the warehouse can not be read"):
            return self._connection().execute(_sql[statement], params).fetchall()

    def people(self, profile_ids: Iterable[int]) -> list[Person]:
        found = {p: Person(p, [], [], [], {}) for p in dict.fromkeys(profile_ids)}
        ids = [list(found)]
        for event in map(EventRow._make, self._rows("events_of", ids)):
            found[event.profile_id].events.append(event)
        for state in map(ProfileRow._make, self._rows("states_of", ids)):
            found[state.profile_id].states.append(state)
        for consent in map(ConsentRow._make, self._rows("consents_of", ids)):
            found[consent.profile_id].consents.append(consent)
        for table, kind in FACTS.items():
            for fact in map(kind._make, self._rows(f"{table}_of", ids)):
                found[fact.profile_id].facts(table).append(fact)
        people = [p for p in found.values() if p.states or p.events or p.consents]
        suppressions: dict[tuple[str, str], list[SuppressionRow]] = {}
        for row in map(SuppressionRow._make, self._rows("suppressions_of", [addresses_of(people)])):
            suppressions.setdefault((row.channel, row.address), []).append(row)
        for person in people:
            person.suppressions = suppressions
        return people

    def states(self, profile_ids: Sequence[int], seq: int | None = None) -> list[ProfileRow]:
        if not len(profile_ids):
            return []
        limit = FAR_SEQ - 1 if seq is None else min(seq, FAR_SEQ - 1)
        bounds = {"low": min(profile_ids), "high": max(profile_ids), "seq": limit}
        return [ProfileRow._make(row) for row in self._rows("states_at", {"ids": list(profile_ids), **bounds})]

    def find_profiles(self, user_id: str) -> list[int]:
        return [row[0] for row in self._rows("find_profiles", [user_id])]
