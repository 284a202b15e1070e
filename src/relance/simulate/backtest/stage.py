"""Read what matters out of an installation into a folder: long statements that lock nobody out, and nothing is written there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from relance.conditions.answers import MADE_BY_MACHINES
from relance.conditions.clauses import DATE_OPS, clause_of
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.read import parse_condition
from relance.consent.suppress import SUPPRESSING_EVENTS
from relance.errors import QuestionDropped, UnsupportedByEngine
from relance.events.names import JOURNEY_REQUESTED
from relance.ids import position_of_seq, seq_of_position
from relance.journeys.model import step_names
from relance.store import load_queries, open_database
from relance.warehouse.base import JourneyRow, MessageRow
from relance.warehouse.engines.duckdb_past import Past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from relance.eventlog.base import EventLog
    from relance.events.model import LoggedChunk
    from relance.journeys.model import Rule
    from relance.simulate.backtest.wanted import Wanted
    from relance.store import Connection, Database
    from relance.warehouse.base import ReadableWarehouse

READING = load_queries("relance.simulate.backtest", "reading.sql")
STORE = load_queries("relance.simulate.backtest", "store.sql")
CHUNKS_AT_ONCE = 20_000
_STATES = {1: "finished", 2: "exited", 3: "failed"}


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What the folder is to be lived for, as it stands in it."""

    journey: str
    documents: list[dict[str, Any]]
    archived: dict[str, int]
    journeys: list[str]
    start: int  # microseconds; what arrived earlier is history
    until: int  # the last instant, inclusive
    names: list[str] | None  # of the events that pass; None: all
    asked: list[str]  # of the events that conditions look at
    entries: list[str]  # of the events that let somebody in; none where others than events do
    moving: list[str]  # of those that pass whatever came before
    answers: list[str]  # of those that are answers to messages alone
    derived: list[str]
    positions: list[int]  # calls of the log that are taken out of the chunks
    silent: list[str]  # anonymous ids whose `identify` calls are taken, wherever they stand
    prefix: str  # of the installation's message ids


@dataclass(slots=True)
class Reading:
    """One reading: where from, and what is told of it."""

    warehouse: ReadableWarehouse
    database: Database
    log: EventLog
    tell: Callable[[str, int, int], None] = field(default=lambda _phase, _done, _total: None)
    dropped: Callable[[], bool] = field(default=lambda: False)

    def require(self) -> None:
        """Check that it was not taken back.

        Raises:
            QuestionDropped: it was.
        """
        if self.dropped():
            raise QuestionDropped

    def pieces(self, statement: str, people: Any | None = None, **words: Any) -> Iterator[Any]:
        """The rows of a statement of `reading.sql`."""
        of_people = " AND profile_id IN (SELECT profile_id FROM people)" if people is not None else ""
        for piece in self.warehouse.pieces(READING[statement].format(**words, of_people=of_people), people):
            self.require()
            yield piece

    def listed(self, names: Iterable[str]) -> str:
        """Texts, as a statement lists them; never none."""
        from sqlglot import exp  # every start of a server would pay for it (half a second)

        return ", ".join(exp.Literal.string(name).sql(dialect=self.warehouse.dialect) for name in sorted(names)) or "''"


def stage(folder: Path, reading: Reading, wanted: Wanted, start: int, until: int) -> Task:
    """Read what a backtest needs into an empty folder.

    Effects: writes `past.duckdb`, `store.db`, `calls.msgpack` and `task.json` into the folder.

    Raises:
        QuestionDropped: it was taken back.
    """
    past = Past(folder / "past.duckdb", threads=2)
    try:
        reading.tell("reading", 0, 6)
        people = None if wanted.everybody else _find_entrants(reading, wanted, start, until)
        reading.tell("reading", 1, 6)
        _read_warehouse(past, reading, wanted, people, start, until)
        reading.tell("reading", 3, 6)
        with reading.database.reading() as connection:
            merged, spoke = _read_merged(connection, people)
            past.take_rows("s_merged", merged)
            past.perform("note_unordered")
            past.perform("note_merged", {"start": start})
            if wanted.updates:
                past.perform("note_told_again", {"start": start})
            apart = np.array([row[0] for row in past.rows("apart")], dtype=np.int64)
            positions, silent = _find_calls(past, reading, connection, apart, merged, spoke, until)
            prefix = str(connection.value(STORE["message_prefix"]) or "m")
            _write_store(folder, past, connection, wanted, people, start=start, until=until, prefix=prefix)
        reading.tell("reading", 4, 6)
        _copy_calls(folder, reading, positions, _silent_bounds(reading, silent))
        past.take_rows("s_trusted", _read_trusted(reading, wanted, people, start, until))
        reading.tell("reading", 6, 6)
    finally:
        past.close()
    task = Task(
        journey=wanted.journey, documents=[dict(d.body) for d in wanted.documents], archived=dict(wanted.archived),
        journeys=sorted(wanted.journeys), start=start, until=until,
        names=None if wanted.names is None else sorted(wanted.names), derived=sorted(wanted.derived),
        entries=[] if wanted.everybody else sorted({rule.event for rule in wanted.entry}), answers=sorted(wanted.answers), asked=sorted(wanted.asked),
        moving=sorted(wanted.moving),
        positions=positions, silent=silent, prefix=prefix,
    )  # fmt: skip
    (folder / "task.json").write_bytes(msgspec.json.encode(task))
    return task


def _find_entrants(reading: Reading, wanted: Wanted, start: int, until: int) -> Any:
    """The people who did what may let them in; perhaps some more. All of it is asked of the warehouse."""
    found: list[Any] = []
    for rule in wanted.entry:
        words = {"names": reading.listed([rule.event]), "start": start, "until": until}
        came = [piece.column("profile_id").to_numpy() for piece in reading.pieces("entrants", **words)]
        ids = np.unique(np.concatenate(came)) if came else np.array([], dtype=np.int64)
        found.append(_with_properties(reading, rule, ids, until))
    return np.unique(np.concatenate(found)) if found else np.array([], dtype=np.int64)


def _with_properties(reading: Reading, rule: Rule, ids: Any, until: int) -> Any:
    """Those among them who ever did it with the properties that a rule wants, where that can be asked of all at once."""
    # What dates mean hangs on the instant; opens by machines let in, but do not count for conditions.
    if not rule.where or rule.event in MADE_BY_MACHINES or any(clause_of(w).op in DATE_OPS for w in rule.where):
        return ids
    question = Compiler().compile(parse_condition({"type": "did", "event": rule.event, "where": [dict(w) for w in rule.where]}))
    try:
        did = np.asarray(reading.warehouse.member_ids(question, until), dtype=np.int64)
    except UnsupportedByEngine:
        return ids
    return np.intersect1d(ids, did)


def _read_warehouse(past: Past, reading: Reading, wanted: Wanted, people: Any, start: int, until: int) -> None:
    past.take("s_states", reading.pieces("states", people, until=until))
    past.take("s_consents", reading.pieces("consents", people, until=until))
    asked = f"name IN ({reading.listed(wanted.asked)})"
    passing = "1 = 1" if wanted.names is None else f"name IN ({reading.listed(wanted.names)})"
    chosen = f"{asked} OR ({passing} AND received_at >= {start})"
    past.take("s_events", reading.pieces("events", people, chosen=chosen, until=until))
    names = reading.listed(SUPPRESSING_EVENTS)
    past.take("s_suppressions", reading.pieces("suppressions", names=names, until=until))
    if wanted.predictions:
        names = reading.listed(wanted.predictions)
        past.take("s_scores", reading.pieces("scores", people, names=names, until=until))


def _read_merged(connection: Connection, people: Any) -> tuple[list[tuple[int, int, str]], set[int]]:
    """Profiles that became part of those who matter, and which of them had said something about themselves."""
    rows = connection.rows(STORE["merged"])
    into = {profile_id: kept for profile_id, kept, _, _ in rows}

    def root(profile_id: int) -> int:
        while profile_id in into:
            profile_id = into[profile_id]
        return profile_id

    chosen = None if people is None else set(people.tolist())
    merged = [(p, root(p), user_id) for p, _, user_id, _ in rows if chosen is None or root(p) in chosen]
    return merged, {profile_id for profile_id, _, _, spoke in rows if spoke}


def _find_calls(
    past: Past,
    reading: Reading,
    connection: Connection,
    apart: Any,
    merged: Sequence[tuple[int, int, str]],
    spoke: set[int],
    until: int,
) -> tuple[list[int], list[str]]:
    """The positions of all calls of people who are lived again from their first on; ids whose calls are to be searched for."""
    if not len(apart):
        return [], []
    alone = set(apart.tolist())
    found = {int(position) for (position,) in past.rows("positions")}
    for piece in reading.pieces("calls", apart, until=until):
        found.update(piece.column("position").to_pylist())
    ids = sorted(alone | {p for p, kept, _ in merged if kept in alone})
    found.update(position_of_seq(seq) for (seq,) in connection.rows_in(STORE["alias_seqs"], ids))
    # what was said before a merge the warehouse may have dropped
    silent = [user_id for p, kept, user_id in merged if kept in alone and p in spoke]
    return sorted(found), silent


def _silent_bounds(reading: Reading, silent: Sequence[str]) -> tuple[int, int] | None:
    """Between which positions calls are to be searched for."""
    if not silent:
        return None
    with reading.database.reading() as connection:
        seqs = [seq for _, seq in connection.rows_in(STORE["first_seqs"], sorted(silent))]
    return (position_of_seq(min(seqs, default=0)), reading.log.last_position())


def _copy_calls(folder: Path, reading: Reading, positions: Sequence[int], search: tuple[int, int] | None) -> None:
    """Copy the requests that hold some calls, as they stand in the log."""
    with (folder / "calls.msgpack").open("wb") as out:
        encoder = msgspec.msgpack.Encoder()
        for chunk in _chunks(reading, positions, search):
            row = encoder.encode(chunk)
            out.write(len(row).to_bytes(4, "big") + row)


def _chunks(reading: Reading, positions: Sequence[int], search: tuple[int, int] | None) -> Iterator[LoggedChunk]:
    copied: set[int] = set()
    if search is not None:
        read, last = max(0, search[0] - 1), search[1]
        first = reading.log.chunk_at(read) if read else None
        read = first.first_position - 1 if first is not None else read
        while read < last and (batch := reading.log.read_after(read, CHUNKS_AT_ONCE)).chunks:
            reading.require()
            read = batch.last_position
            for chunk in batch.chunks:
                if chunk.kind != "own" and (chunk.call == "identify" or b"identify" in chunk.body):
                    copied.add(chunk.first_position)
                    yield chunk
    end = 0
    for position in positions:
        if position <= end:
            continue
        reading.require()
        found = reading.log.chunk_at(position)
        if found is None:
            continue
        end = found.last_position
        if found.first_position not in copied and found.kind != "own":
            yield found


def _read_trusted(reading: Reading, wanted: Wanted, people: Any, start: int, until: int) -> list[tuple[int]]:
    """Requests to start, of sources that may ask."""
    if not any(rule.event == JOURNEY_REQUESTED for rule in wanted.entry):
        return []
    found: list[tuple[int]] = []
    chunk: LoggedChunk | None = None
    request = reading.listed([JOURNEY_REQUESTED])
    seqs = [s for p in reading.pieces("requests", people, request=request, start=start, until=until) for s in p[0].to_pylist()]
    for seq in sorted(seqs):
        position = position_of_seq(seq)
        if chunk is None or position > chunk.last_position:
            chunk = reading.log.chunk_at(position)
        if chunk is not None and chunk.trusted and seq == seq_of_position(position):
            found.append((seq,))
    return found


def _write_store(
    folder: Path,
    past: Past,
    live: Connection,
    wanted: Wanted,
    people: Any,
    *,
    start: int,
    until: int,
    prefix: str,
) -> None:
    """What the store knows that the log does not tell: lists, what others sent, what became of it."""
    chosen = None if people is None else set(people.tolist())
    database = open_database(f"sqlite:///{folder}/store.db")
    database.migrate()
    with database.writing() as connection:
        if wanted.lists:
            rows = live.rows_in(STORE["lists"], sorted(wanted.lists), {"until": until})
            connection.insert_rows("list_changes", ["change_id", "list_id", "profile_id", "member", "at"], rows)
        archived = [(name, at, 0, "") for name, at in sorted(wanted.archived.items())]
        connection.insert_rows("archived_segments", ["segment_id", "at", "members", "archived_by"], archived)
        caps = _longest_cap(wanted)
        if caps:
            own = {f"journey:{name}" for name in wanted.journeys}
            rows = live.rows(STORE["live_messages"], {"since": start - caps, "until": until})
            connection.insert_rows("messages", _MESSAGE_COLUMNS, _others_messages(rows, own, chosen, start))
    database.close()
    for source in sorted(wanted.others.messages):
        rows = live.rows(STORE["decided"], {"source": source, "until": until})
        facts = [MessageRow(p, 0, at, f"{prefix}{number}", s, step, status, 0) for p, at, number, s, step, status in rows]
        past.take_rows("message_history", [f for f in facts if _is_past(f.at, source, wanted, start)])
    for source in sorted(wanted.others.journeys):
        moves = _journey_rows(live, source, until)
        past.take_rows("journey_history", [f for f in moves if _is_past(f.at, source, wanted, start)])


_MESSAGE_COLUMNS = (
    "message_id", "enrollment_id", "profile_id", "version_id", "source", "step", "step_id", "visit", "channel", "channel_rank", "template",
    "marketing", "status", "queued_at", "due_at", "decided_at",
)  # fmt: skip


def _others_messages(
    rows: Iterable[tuple[Any, ...]], own: set[str], chosen: set[int] | None, start: int
) -> Iterator[tuple[Any, ...]]:
    """Messages that were really sent, as caps count them; what the journey itself sent since the start it sends anew, or not."""
    for number, profile_id, version, source, step, step_id, visit, channel, rank, template, marketing, *times in rows:
        if (chosen is None or profile_id in chosen) and (source not in own or times[-1] < start):
            yield (
                number, -number, profile_id, version, f"live:{source}", step, step_id, visit, channel, rank, template, marketing, "sent",
                *times,
            )  # fmt: skip


def _longest_cap(wanted: Wanted) -> int:
    from relance.workspace import build_workspace

    return max((cap.per for cap in build_workspace(wanted.documents).settings.frequency_caps), default=0)


def _is_past(at: int, source: str, wanted: Wanted, start: int) -> bool:
    """Whether a fact is one that stays as it was: what runs here does its own from the start on."""
    return at < start or source.partition(":")[2] not in wanted.journeys


def _journey_rows(live: Connection, source: str, until: int) -> list[JourneyRow]:
    of = {"source": source, "until": until}
    names: Mapping[int, list[str]] = {v: step_names(json.loads(body)) for v, body in live.rows(STORE["bodies"], of)}
    name = source.partition(":")[2]

    def step(version: int, number: int) -> str:
        return names[version][number] if number >= 0 else ""

    moves = [
        JourneyRow(p, 0, at, e, name, step(v, to), step(v, before), "active", 0)
        for p, at, e, v, to, before in live.rows(STORE["moves"], of)
    ]
    return moves + [
        JourneyRow(p, 0, at, e, name, "", step(v, before), _STATES[status], 0)
        for p, at, e, v, status, before in live.rows(STORE["ends"], of)
    ]
