"""What happened to people in journeys, to their messages, and on which lists they are, for conditions that ask about it.

The store knows it all; the warehouse is told of those journeys and campaigns alone that some condition names, so that
nobody else pays for it. When one is named for the first time its past is told, too. Of lists it is told everything.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.errors import WarehouseError
from relance.journeys.model import step_names
from relance.journeys.wave import PEOPLE
from relance.store import load_queries
from relance.warehouse.base import JourneyRow, ListRow, MessageRow, ScoreRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relance.store import Connection
    from relance.warehouse.base import Warehouse

_sql = load_queries("relance.journeys", "history.sql")

# Of people in this tick, or of everybody, some passages at a time; of nobody who was erased (their numbers are below zero).
_IN_TICK = {
    "passages": f"{PEOPLE} w JOIN enrollments e ON e.profile_id = w.profile_id"  # noqa: S608 - our own names
    " AND e.source IN (SELECT k.source FROM told_sources k WHERE k.kind = 'journey')",
    "messages": f"{PEOPLE} w JOIN messages m ON m.profile_id = w.profile_id"  # noqa: S608 - our own names
    " AND m.source IN (SELECT k.source FROM told_sources k WHERE k.kind = 'message')",
}
_IN_PAST = {
    "passages": "(SELECT * FROM enrollments WHERE source = :source AND profile_id > 0 AND enrollment_id > :low AND enrollment_id <= :high) e",
    "messages": "(SELECT * FROM messages WHERE source = :source AND profile_id > 0 AND message_id > :low AND message_id <= :high) m",
}
_AT_ONCE = 50_000
_STATES = {1: "finished", 2: "exited", 3: "failed"}
# What relance does itself is known from its instant on. So `at` alone says from when on a row counts.
_SEQ = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The sources (`journey:ID`, `campaign:ID`) that conditions ask about."""

    journeys: frozenset[str] = frozenset()  # by conditions of the type `journey`
    messages: frozenset[str] = frozenset()  # and of the type `message`

    def pairs(self) -> set[tuple[str, str]]:
        """As they are kept in `told_sources`."""
        return {("journey", source) for source in self.journeys} | {("message", source) for source in self.messages}


def find_asked(definitions: Iterable[Any]) -> Asked:
    """What the conditions in some definitions ask about, wherever they stand in them."""
    journeys, messages = set(), set()
    for part in find_objects(definitions):
        if part.get("type") == "journey" and "journey" in part:
            journeys.add(f"journey:{part['journey']}")
        elif part.get("type") == "message" and "source" in part:
            messages.add(str(part["source"]))
    return Asked(frozenset(journeys), frozenset(messages))


def find_objects(value: Any) -> Iterator[Any]:
    """Every object in some definitions, however deep."""
    todo = [value]
    while todo:
        part = todo.pop()
        if hasattr(part, "items"):
            yield part
            todo += part.values()
        elif not isinstance(part, str) and hasattr(part, "__iter__"):
            todo += part


def drop_unasked(connection: Connection, asked: Asked) -> None:
    """Tell nothing more of what no condition asks about. Effects: deletes from `told_sources`."""
    gone = [pair for pair in connection.rows("SELECT kind, source FROM told_sources") if tuple(pair) not in asked.pairs()]
    connection.execute_many("DELETE FROM told_sources WHERE kind = ? AND source = ?", gone)


def tell_anew(connection: Connection) -> None:
    """Have everything told again, to a warehouse that was made anew. Effects: empties the `told_` tables, marks list changes."""
    connection.execute("UPDATE list_changes SET told = 0 WHERE told = 1")
    connection.execute("UPDATE prediction_scores SET told = 0 WHERE told = 1")
    for table in ("told_sources", "told_passages", "told_messages"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def tell_archived(connection: Connection, warehouse: Warehouse) -> int | None:
    """Tell who was in segments when they were archived, in a tick of its own. Answers its number, None when there was nothing to tell.

    Effects: adds to the warehouse and commits it; marks list changes; counts the tick in `engine_state`.
    """
    changes = connection.rows(_sql["archived_changes"], {"most": _AT_ONCE})
    if not changes:
        return None
    with own_tick(connection, warehouse) as tick:
        while changes:
            warehouse.add_facts("list_history", [ListRow(p, _SEQ, at, name, bool(m), tick) for _, p, at, name, m in changes])
            connection.execute(_sql["told_archived_changes"], {"last": changes[-1][0]})
            changes = connection.rows(_sql["archived_changes"], {"most": _AT_ONCE})
    return tick


@contextmanager
def own_tick(connection: Connection, warehouse: Warehouse) -> Iterator[int]:
    """A tick in which the warehouse is told what the store knows already.

    The warehouse commits first, the store last, like any tick: where the store never heard of it, it is taken back by its
    number. What was told under the number of a tick that is over could not be told from that tick.
    """
    connection.execute("UPDATE engine_state SET tick = tick + 1 WHERE id = 1")
    tick = int(connection.value("SELECT tick FROM engine_state WHERE id = 1"))
    if warehouse.last_tick() >= tick:  # left by a process that ended between its two commits
        warehouse.forget_after(tick - 1)
    if warehouse.last_tick() < tick - 1:
        msg = f"the warehouse is at tick {warehouse.last_tick()}, the store at {tick - 1}: the next start of `relance serve` makes them agree"
        raise WarehouseError(msg)
    warehouse.begin(tick)
    try:
        yield tick
        warehouse.commit()
    except BaseException:
        warehouse.rollback()
        raise


def tell_scores(connection: Connection, warehouse: Warehouse) -> None:
    """Tell all that predictions say of people since, in a tick of its own, where no engine runs.

    Effects: adds to the warehouse and commits it; marks them in `prediction_scores`; counts the tick in `engine_state`.
    """
    with own_tick(connection, warehouse) as tick:
        while _tell_scores(connection, warehouse, tick):
            pass


def _tell_scores(connection: Connection, warehouse: Warehouse, tick: int) -> list[tuple[int, int]]:
    scores = connection.rows(_sql["untold_scores"], {"most": _AT_ONCE})
    if scores:
        rows = [ScoreRow(p, _SEQ, at, name, score, category, tick, *among) for name, p, at, score, category, *among in scores]
        warehouse.add_facts("score_history", rows)
        connection.execute_many(_sql["told_scores"], [(name, p) for name, p, *_ in scores])
    return [(p, at) for _, p, at, *_ in scores]


class History:
    """Tells a warehouse what is new."""

    def __init__(self, connection: Connection, warehouse: Warehouse, asked: Asked, prefix: str) -> None:
        """`prefix` is that of the ids of messages, as others see them."""
        self._connection = connection
        self._warehouse = warehouse
        self._asked = asked
        self._prefix = prefix
        self._steps: dict[int, list[str]] = {}  # the names of the steps of each version

    def catch_up(self) -> int | None:
        """Tell the past of what is asked about for the first time. Answers the number of the last tick that it took, if any.

        Effects: adds to the warehouse and commits it; writes the `told_` tables; counts its ticks in `engine_state`.
        """
        last = tell_archived(self._connection, self._warehouse)  # before anybody is asked about who was in a segment
        told = set(map(tuple, self._connection.rows("SELECT kind, source FROM told_sources")))
        new = sorted(self._asked.pairs() - told)
        if new:
            with own_tick(self._connection, self._warehouse) as last:
                for kind, source in new:
                    self._tell_past(kind, source, last)
        return last

    def _tell_past(self, kind: str, source: str, tick: int) -> None:
        table, column = ("enrollments", "enrollment_id") if kind == "journey" else ("messages", "message_id")
        last = int(self._connection.value(f"SELECT COALESCE(MAX({column}), 0) FROM {table}"))  # noqa: S608 - our own names
        for low in range(0, last, _AT_ONCE):
            of = {"source": source, "low": low, "high": low + _AT_ONCE}
            (self._tell_passages if kind == "journey" else self._tell_messages)(tick, _IN_PAST, of)
        self._connection.insert_rows("told_sources", ["kind", "source"], [(kind, source)])

    def tell(self, tick: int) -> None:
        """Tell what a tick has done so far. Effects: adds to the warehouse; writes the `told_` tables."""
        self._tell_list_changes(tick)
        if self._asked.journeys:
            self._tell_passages(tick, _IN_TICK, {})
        if self._asked.messages:
            self._tell_messages(tick, _IN_TICK, {})

    def _tell_passages(self, tick: int, scope: dict[str, str], of: dict[str, Any]) -> None:
        moves = self._connection.rows(_sql["moves"].format(**scope), of)
        ends = self._connection.rows(_sql["ends"].format(**scope), of)
        rows = [
            JourneyRow(
                profile_id, _SEQ, at, enrollment_id, _id(source), self._step(version, step), self._step(before, previous),
                "active", tick,
            )
            for enrollment_id, profile_id, source, version, at, step, previous, _, before in moves
        ] + [
            JourneyRow(
                profile_id, _SEQ, at, enrollment_id, _id(source), "", self._step(version, previous), _STATES[status], tick
            )
            for enrollment_id, profile_id, source, version, at, status, previous in ends
        ]  # fmt: skip
        if moves:
            self._connection.execute_many(_sql["told_moves"], list({row[0]: (row[0], row[7]) for row in moves}.values()))
        if ends:
            self._connection.execute_many(_sql["told_ends"], [(row[0],) for row in ends])
        if rows:
            self._warehouse.add_facts("journey_history", rows)

    def _tell_messages(self, tick: int, scope: dict[str, str], of: dict[str, Any]) -> None:
        decided = self._connection.rows(_sql["decided"].format(**scope), of)
        if not decided:
            return
        self._connection.insert_rows("told_messages", ["message_id"], [(row[0],) for row in decided])
        rows = [
            MessageRow(profile_id, _SEQ, at, f"{self._prefix}{message_id}", source, step, status, tick)
            for message_id, profile_id, source, step, at, status in decided
        ]
        self._warehouse.add_facts("message_history", rows)

    def _tell_list_changes(self, tick: int) -> None:
        while changes := self._connection.rows(_sql["list_changes"], {"most": _AT_ONCE}):
            rows = [ListRow(p, _SEQ, at, list_id, bool(member), tick) for _, p, at, list_id, member in changes]
            self._warehouse.add_facts("list_history", rows)
            self._connection.execute(_sql["told_list_changes"], {"last": changes[-1][0]})

    def tell_scores(self, tick: int) -> list[tuple[int, int]]:
        """Tell what predictions say of people since, of some at a time, so that no tick waits for millions.

        Returns: of whom, and from when on.

        Effects: adds to the warehouse; marks them in `prediction_scores`.
        """
        return _tell_scores(self._connection, self._warehouse, tick)

    def _step(self, version_id: int, number: int) -> str:
        """The name of a step, "" for none."""
        if number < 0:
            return ""
        if version_id not in self._steps:
            body = self._connection.value("SELECT body FROM journey_versions WHERE version_id = :v", {"v": version_id})
            self._steps[version_id] = step_names(json.loads(body))
        return self._steps[version_id][number]


def _id(source: str) -> str:
    return source.partition(":")[2]
