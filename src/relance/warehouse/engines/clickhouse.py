"""The warehouse on ClickHouse: a cluster through `clickhouse_connect`, or the engine in this process (`chdb:///FOLDER`).

There are no transactions: rows carry their tick, and a tick that fails is deleted again, by the next start if need be. So
others can see a tick before it is committed. Before a merge the rows of both profiles are kept aside; what is taken back puts
them back, as often as it is tried.
"""

from __future__ import annotations

import threading
from array import array
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from relance.errors import QuestionDropped, WarehouseError
from relance.store import load_queries
from relance.warehouse.asking import regions_sql
from relance.warehouse.base import FACTS, FAR_SEQ, ConsentRow, EventRow, Moments, Person, ProfileRow, SuppressionRow, Warehouse
from relance.warehouse.columns import read_columns
from relance.warehouse.dialects import fill_marks
from relance.warehouse.engines.clickhouse_kept import ClickHouseMemberships
from relance.warehouse.rows import addresses_of, encode_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from relance.warehouse.asking import Asking
    from relance.warehouse.base import Fact, FactTable, Question, Shape
    from relance.warehouse.columns import Columns

_sql = load_queries("relance.warehouse.engines", "clickhouse.sql")

_TABLES: dict[str, str] = {
    "events": "events",
    "profile_history": "profile_rows",
    "consent_history": "consent_rows",
    "suppression_history": "suppression_rows",
    **dict(zip(FACTS, FACTS, strict=True)),
}
MOST_SECONDS = 60  # for a statement that may be taken back
_TOO_LONG = 159  # the code of TIMEOUT_EXCEEDED
_OF_PROFILES = ("events", "profile_rows", "consent_rows", *FACTS)  # whose rows a merge gives to another
_UNITED = ("united", *(f"united_{table}" for table in _OF_PROFILES))  # the mark goes first: without it nothing is put back
_KEPT = ("segment_history", "segment_mark", "segment_forgotten", "kept_segments", "profile_merges")
_SETTINGS = {
    "join_use_nulls": 1,  # what is not joined is missing, not 0 or ''
    "mutations_sync": 2,
    "allow_experimental_join_condition": 1,
}


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except ClickHouseError as e:
        msg = f"{what}: {(str(e).splitlines() or [type(e).__name__])[0]}"
        raise WarehouseError(msg) from e


def _fill_moments(sql: str, moments: Moments) -> str:
    ats = list(map(int, moments.ats)) or [0]
    return fill_marks(sql, first_at=min(ats), last_at=max(ats))


def open_clickhouse(url: str) -> ClickHouseWarehouse:
    """Open a warehouse on ClickHouse. `?database=NAME` names another database than that of the URL's path.

    Raises:
        WarehouseError: it does not answer.
    """
    parts = urlsplit(url)
    database = parse_qs(parts.query).get("database", [""])[0]
    plain = url.split("?", maxsplit=1)[0]
    with _translated("ClickHouse can not be reached"):
        client = clickhouse_connect.get_client(dsn=plain, settings=_SETTINGS if parts.scheme != "chdb" else None)
        if parts.scheme == "chdb":
            for name, value in _SETTINGS.items():
                client.command(f"SET {name} = {value}")
        if database:
            client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
            client.command(f"USE {database}")
    return ClickHouseWarehouse(client)


class ClickHouseWarehouse(Warehouse):
    """Tables of a ClickHouse database."""

    dialect = "clickhouse"
    _numbers = count()

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.RLock()  # a client runs one query at a time
        self._tick = self._position = self._nth = 0
        self._written: set[str] = set()
        self._saved: set[int] | None = None  # whose rows of before this tick are kept; None before its first merge
        self._open = False  # whether a tick was begun and is neither committed nor taken back
        self.kept = ClickHouseMemberships(client, self._lock, _translated)
        with _translated("ClickHouse can not be prepared"):
            for name, statement in _sql.items():
                if name.startswith(("create_", "define_")):
                    client.command(statement)

    def close(self) -> None:
        self._client.close()

    def start_over(self) -> None:
        with self._lock, _translated("ClickHouse can not be emptied"):
            for table in (*_UNITED, *_TABLES.values(), *_KEPT, "loaded"):
                self._client.command(f"TRUNCATE TABLE {table}")

    # ------------------------------------------------------------------ writing

    def begin(self, tick: int) -> None:
        if self._open and tick > self.last_tick():  # one that failed could not be taken back then
            self.forget_after(tick - 1)
        self._tick, self._position, self._nth = tick, 0, 0
        self._saved, self._open = None, True
        self._written.clear()

    def commit(self) -> None:
        self._insert("loaded", [(self._tick, max(self._position, self.position()))], ["tick", "position"])
        self._written.clear()
        self._open = False

    def rollback(self) -> None:
        # What was added to a tick that was committed before stays: it can not be told from the rest, and is told again alike.
        if self._tick > self.last_tick():
            if self._saved:
                self._put_back()
            for table in self._written:
                self._command("forget", table=table, tick=self._tick - 1)
        self._written.clear()
        self._open = False

    def _command(self, statement: str, **params: Any) -> None:
        with self._lock, _translated("ClickHouse can not change rows"):
            self._client.command(_sql[statement], parameters=params)

    def _insert(self, table: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        if rows:
            self._written.add(table)
            with self._lock, _translated("ClickHouse can not take rows"):
                self._client.insert(table, rows, column_names=columns)

    def _numbered(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        numbered = [(*row, self._nth + i) for i, row in enumerate(rows)]
        self._nth += len(numbered)
        return numbered

    def add_events(self, rows: Sequence[EventRow]) -> None:
        self._position = max([self._position, *(row.position for row in rows)])
        encoded = [(*row[:5], encode_json(row.properties), *row[6:]) for row in rows]
        self._insert("events", encoded, EventRow._fields)

    def add_profile_history(self, rows: Sequence[ProfileRow]) -> None:
        encoded = (
            row._replace(traits=encode_json(row.traits), email_valid=bool(row.email_valid), phone_valid=bool(row.phone_valid))
            for row in rows
        )
        self._insert("profile_rows", self._numbered(encoded), [*ProfileRow._fields, "nth"])

    def add_consent_history(self, rows: Sequence[ConsentRow]) -> None:
        self._insert("consent_rows", self._numbered(rows), [*ConsentRow._fields, "nth"])

    def add_suppressions(self, rows: Sequence[SuppressionRow]) -> None:
        plain = (row._replace(suppressed=bool(row.suppressed)) for row in rows)
        self._insert("suppression_rows", self._numbered(plain), [*SuppressionRow._fields, "nth"])

    def add_facts(self, table: FactTable, rows: Sequence[Fact]) -> None:
        self._insert(table, rows, FACTS[table]._fields)

    def unite(self, pairs: Sequence[tuple[int, int]]) -> None:
        self._save({profile_id for pair in pairs for profile_id in pair})
        for merged, kept in pairs:
            self._command("drop_merged_states", merged=merged, kept=kept)
            for table in _OF_PROFILES:
                self._command("unite", table=table, merged=merged, kept=kept)
            self._insert("profile_merges", [(merged, kept, self._tick)], ["merged", "kept", "tick"])

    def _save(self, profile_ids: set[int]) -> None:
        """Keep rows as they were before this tick; what was kept for an earlier one is not needed any more."""
        if self._saved is None:
            self._saved = set()
            for table in _UNITED:
                self._command("empty", table=table)
        new = sorted(profile_ids - self._saved)
        if not new:
            return
        for table in _OF_PROFILES:
            self._command("keep_united", table=table, kept=f"united_{table}", ids=new, tick=self._tick)
        self._saved.update(new)
        with self._lock, _translated("ClickHouse can not take rows"):
            self._client.insert("united", [(profile_id, self._tick) for profile_id in new], column_names=["profile_id", "tick"])

    def erase(self, profile_ids: Sequence[int], addresses: Sequence[tuple[str, str]]) -> None:
        ids = sorted(profile_ids)
        for table in _UNITED:
            self._command("empty", table=table)
        for table in (*_OF_PROFILES, "segment_history"):
            self._command("erase_people", table=table, ids=ids)
        for channel, address in addresses:
            self._command("erase_address", channel=channel, address=address)
        self._insert("profile_merges", [(profile_id, 0, self._tick) for profile_id in ids], ["merged", "kept", "tick"])
        self._insert("united", [(profile_id, self._tick) for profile_id in ids], ["profile_id", "tick"])

    def _put_back(self) -> None:
        """Undo the merges of the last tick that had some."""
        for table in _OF_PROFILES:
            self._command("drop_united", table=table)
            self._command("restore_united", table=table, kept=f"united_{table}")
        for table in _UNITED:
            self._command("empty", table=table)

    def forget_after(self, tick: int) -> None:
        if tick >= 0 and self._rows(_sql["merges_lost"], tick=tick)[0][0]:
            tick = -1
        if any(row[1] > tick for row in self._rows(_sql["united"])):
            self._put_back()
        # A tick that never came to its end has rows and no mark; the mark of one that did goes last.
        for table in (*_TABLES.values(), "segment_history", "profile_merges", "loaded"):
            if self._rows(_sql["newest"], table=table)[0][0] > tick:
                self._command("forget", table=table, tick=tick)

    # ------------------------------------------------------------------ asking

    def _rows(self, sql: str, **params: Any) -> Sequence[Sequence[Any]]:
        with self._lock, _translated("ClickHouse can not answer"):
            found: Sequence[Sequence[Any]] = self._client.query(sql, parameters=params or None).result_rows
        return found

    def last_tick(self) -> int:
        return int(self._rows(_sql["last_tick"])[0][0])

    def position(self) -> int:
        return int(self._rows(_sql["position"])[0][0])

    def seq_known_at(self, at: int) -> int:
        return int(self._rows(_sql["seq_known_at"], at=at)[0][0])

    def counts(self) -> dict[str, int]:
        return {name: int(self._rows(f"SELECT count() FROM {table}")[0][0]) for name, table in _TABLES.items()}  # noqa: S608

    def ask(self, question: Question, moments: Moments) -> list[bool]:
        n = len(moments.profile_ids)
        if n == 0:
            return []
        sql = _fill_moments(question.sql(self.dialect, "moments"), moments)
        answer = [False] * n
        with self._moments(moments) as table:
            for (moment,) in self._client.query(sql.replace('"moments"', table)).result_rows:
                answer[moment] = True
        return answer

    def fetch(self, statements: Mapping[str, str], moments: Moments) -> dict[str, Columns]:
        with self._moments(moments) as table:
            return {
                name: read_columns(self._client.query_arrow(_fill_moments(sql, moments).replace('"moments"', table)))
                for name, sql in statements.items()
            }

    def fetch_members(self, statements: Mapping[str, str], at: int, profiles: tuple[int, int]) -> dict[str, Columns]:
        filled = {name: fill_marks(sql, first_at=at, last_at=at, profiles=profiles) for name, sql in statements.items()}
        with self._lock, _translated("ClickHouse can not answer"):
            return {name: read_columns(self._client.query_arrow(sql)) for name, sql in filled.items()}

    def read_table(self, statement: str) -> Any:
        with self._lock, _translated("ClickHouse can not answer"):
            return self._client.query_arrow(statement, use_strings=True)

    @contextmanager
    def _moments(self, moments: Moments) -> Iterator[str]:
        """A table of moments, by its name."""
        table = f"moments_{next(self._numbers)}_{threading.get_ident()}"
        with self._lock, _translated("ClickHouse can not answer"):
            self._client.command(f"CREATE TABLE {table} (moment Int64, profile_id Int64, at Int64, seq Int64) ENGINE = Memory")
            try:
                seqs = (min(int(seq), FAR_SEQ - 1) for seq in moments.seqs)
                n = len(moments.profile_ids)
                rows = list(zip(range(n), map(int, moments.profile_ids), map(int, moments.ats), seqs, strict=True))
                self._client.insert(table, rows, column_names=["moment", "profile_id", "at", "seq"])
                yield table
            finally:
                self._client.command(f"DROP TABLE {table}")

    def pieces(self, statement: str, people: Sequence[int] | Any | None = None) -> Iterator[pa.Table]:
        ids = [] if people is None else people
        with self._moments(Moments(ids, [0] * len(ids), [0] * len(ids))) as table:
            yield self._client.query_arrow(statement.replace("FROM people", f"FROM {table}"))

    def members(self, question: Question, at: int, seq: int | None = None) -> list[int]:
        return sorted(row[0] for row in self._rows(self._of_everybody(question, at, seq)))

    def count(self, question: Question, at: int, seq: int | None = None) -> int:
        return int(self._rows(f"SELECT count() FROM ({self._of_everybody(question, at, seq)})")[0][0])  # noqa: S608 - compiled

    def _of_everybody(self, question: Question, at: int, seq: int | None) -> str:
        shape: Shape = "members" if seq is None or seq >= FAR_SEQ else "members_known"
        return fill_marks(question.sql(self.dialect, shape), at=at, seq=seq or 0)

    def member_ids(self, question: Question, at: int, seq: int | None = None, asking: Asking | None = None) -> array[int]:
        return array("q", sorted(row[0] for row in self._asked(self._of_everybody(question, at, seq), asking)))

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
            columns = "*, machine" if table == "events" else "*"  # `*` leaves out what is made of other columns
            return f"SELECT {columns} FROM {table} WHERE cityHash64(profile_id) % {1 << halvings} = 0"  # noqa: S608 - our own names

        sql = regions_sql([self._of_everybody(question, at, seq) for question in questions], part if halvings else None)
        return {int(bits): int(n) for bits, n in self._asked(sql, asking)}

    def _asked(self, sql: str, asking: Asking | None) -> Sequence[Sequence[Any]]:
        """An answer. The client runs one statement at a time, so what is taken back is not begun, and what began has a limit."""
        if asking is None:
            return self._rows(sql)
        with self._lock, asking.running(None):
            try:
                return self._rows(f"{sql} SETTINGS max_execution_time = {MOST_SECONDS}")
            except WarehouseError as e:
                if getattr(e.__cause__, "code", None) == _TOO_LONG:
                    raise QuestionDropped from e
                raise

    # ------------------------------------------------------------------ people

    def people(self, profile_ids: Iterable[int]) -> list[Person]:
        found = {p: Person(p, [], [], [], {}) for p in dict.fromkeys(profile_ids)}
        ids = list(found)
        for event in map(EventRow._make, self._rows(_sql["events_of"], ids=ids)):
            found[event.profile_id].events.append(event)
        for state in map(ProfileRow._make, self._rows(_sql["states_of"], ids=ids)):
            found[state.profile_id].states.append(state)
        for consent in map(ConsentRow._make, self._rows(_sql["consents_of"], ids=ids)):
            found[consent.profile_id].consents.append(consent)
        for table, kind in FACTS.items():
            for fact in map(kind._make, self._rows(_sql[f"{table}_of"], ids=ids)):
                found[fact.profile_id].facts(table).append(fact)
        people = [p for p in found.values() if p.states or p.events or p.consents]
        suppressions: dict[tuple[str, str], list[SuppressionRow]] = {}
        for row in map(SuppressionRow._make, self._rows(_sql["suppressions_of"], addresses=addresses_of(people))):
            suppressions.setdefault((row.channel, row.address), []).append(row)
        for person in people:
            person.suppressions = suppressions
        return people

    def states(self, profile_ids: Sequence[int], seq: int | None = None) -> list[ProfileRow]:
        if not len(profile_ids):
            return []
        limit = FAR_SEQ - 1 if seq is None else min(seq, FAR_SEQ - 1)
        bounds = {"low": min(profile_ids), "high": max(profile_ids), "seq": limit}
        return [ProfileRow._make(row) for row in self._rows(_sql["states_at"], ids=list(profile_ids), **bounds)]

    def find_profiles(self, user_id: str) -> list[int]:
        return [row[0] for row in self._rows(_sql["find_profiles"], user_id=user_id)]
