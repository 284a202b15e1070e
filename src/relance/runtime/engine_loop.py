"""The engine on the real log: read, tick, relay."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from relance.definitions.drafts import publish_at_its_instant
from relance.definitions.store import load_revision, load_workspace
from relance.erasure.model import Erasure
from relance.errors import WarehouseError
from relance.events.model import Event, RejectedItem
from relance.events.parse import parse_chunk
from relance.journeys.advance import advance
from relance.journeys.lifecycle.asking import load_due
from relance.journeys.lifecycle.performing import perform_due
from relance.runtime.relay import relay_own_events
from relance.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relance.erasure.performing import Eraser
    from relance.eventlog.base import EventLog, NewChunk
    from relance.journeys.engine import Engine
    from relance.runtime.mending import Mender
    from relance.store import Connection, Database

EVENTS_A_BATCH = 20_000
WAIT_SECONDS = 0.05  # a timer is at most that late
_HAS_WORK = """SELECT 1 FROM timers WHERE due_at <= :until
    UNION ALL SELECT 1 FROM segment_edges WHERE at <= :until
    UNION ALL SELECT 1 FROM message_outcomes WHERE decided_at <= :until
    UNION ALL SELECT 1 FROM own_events UNION ALL SELECT 1 FROM list_changes WHERE told = 0 UNION ALL SELECT 1 FROM prediction_scores WHERE told = 0 LIMIT 1"""


class EngineLoop:
    """Moves what is new in the log through the engine, and lets time pass."""

    def __init__(
        self,
        database: Database,
        log: EventLog,
        engine: Engine,
        commit: Callable[[NewChunk], int],
        record_rejected: Callable[[Connection, Sequence[RejectedItem]], object],
        *,
        mender: Mender,
        eraser: Eraser,
        note_own: Callable[[Connection, Sequence[tuple[str, int]]], None] | None = None,
    ) -> None:
        """`commit` writes a chunk to the log and waits until it is on the disk; `note_own` is told of what we emit, see the relay."""
        self._note_own = note_own
        self._mender = mender
        self._eraser = eraser
        self._database = database
        self._log = log
        self._engine = engine
        self._commit = commit
        self._record_rejected = record_rejected
        self._revision = -1
        self._loaded = False
        self.workspace = Workspace()  # the definitions in force
        self.position = 0  # of the log, as far as the engine has come
        self._read_after = 0  # the same, or the end of the chunk before the one in which the engine stopped
        self.reached = 0  # the instant up to which everything that was received is in the warehouse
        self.lag = 0  # positions that are still to be read
        self.n_events = 0
        self.n_ticks = 0

    def refresh(self) -> None:
        """Take up definitions that were published since."""
        with self._database.reading() as connection:
            revision = load_revision(connection)
        if self._loaded and revision == self._revision:
            return
        with self._database.writing() as connection:
            revision = load_revision(connection)
            workspace = load_workspace(connection)
            self._engine.use(connection, workspace)
            self.workspace = workspace  # others ask by it from now on, of a warehouse that knows who was archived
            self.position = self._engine.read_state(connection).position
        chunk = self._log.chunk_at(self.position)
        inside = chunk is not None and chunk.first_position <= self.position < chunk.last_position
        self._read_after = chunk.first_position - 1 if chunk is not None and inside else self.position
        self._revision, self._loaded = revision, True

    def work(self) -> bool:
        """One round. Answers whether there was anything to do.

        A round that ends because the warehouse broke has committed nothing to the store; the next one mends first.
        """
        if self._mender.mend():
            self._loaded = False  # a warehouse that was made again is told again of what journeys did
        try:
            self.refresh()
            self._loaded = False  # unless all goes well, the store says how far we came
            with _collector_at_rest():
                worked = self._read_and_apply()
        except WarehouseError as e:
            self._mender.note(e)
            raise
        self._loaded = True
        return worked

    def _read_and_apply(self) -> bool:
        workspace = self.workspace
        batch = self._log.read_after(self._read_after, EVENTS_A_BATCH)
        events: list[Event] = []
        rejected: list[RejectedItem] = []
        for chunk in batch.chunks:
            if chunk.kind != "own":  # what we emitted was applied when it was emitted
                for item in parse_chunk(chunk):
                    if item.position <= self.position:
                        continue
                    if isinstance(item, Event):
                        events.append(item)
                    else:
                        rejected.append(item)
        until = batch.complete_until - 1
        reads_ahead = self._eraser.read_ahead(until)
        if not batch.chunks and not self._has_work(workspace, until):
            self.reached = max(self.reached, until)
            self._eraser.finish(until)
            return reads_ahead
        if rejected:
            with self._database.writing() as connection:
                self._record_rejected(connection, rejected)
        self.n_events += len(events)
        events = self._eraser.refuse(events)
        events = self._do_acts(events, until)
        self._advance(events, batch.last_position, until)
        self.reached = max(self.reached, until)
        self.position = self._read_after = batch.last_position
        while relay_own_events(self._database, self._commit, self._note_own):
            pass
        self.lag = max(0, self._log.last_position() - self.position)
        return True

    def _advance(self, events: Sequence[Event], position: int, until: int) -> None:
        self.n_ticks += advance(
            self._engine,
            self._database.writing,
            events,
            position=position,
            until=until,
            timezone=self.workspace.settings.timezone,
        )

    def _do_acts(self, events: list[Event], until: int) -> list[Event]:
        """Do what was asked to be done with journeys and people, each act in its place; answers the events that come after all of them."""
        while True:
            with self._database.reading() as connection:
                act, state = load_due(connection, until), self._engine.read_state(connection)
                erasure = self._eraser.find_due(connection, until)
            first = act if erasure is None or (act is not None and act.at <= erasure.at) else erasure
            if first is None:
                return events
            at = max(first.at, state.at + 1)  # it was committed while the engine had come further
            n = next((n for n, event in enumerate(events) if event.received_at >= at), len(events))
            if n or state.at < at - 1:
                self._advance(events[:n], events[n - 1].position if n else state.position, at - 1)
            events = events[n:]
            if isinstance(first, Erasure):
                self._eraser.perform(first, at)
                events = self._eraser.refuse(events)
            elif first.action == "publish":
                with self._database.writing() as connection:
                    publish_at_its_instant(connection, first, at)
            else:
                perform_due(self._engine, self._database.writing, first, at)
            self.refresh()
            self._loaded = False

    def wait(self) -> None:
        """Wait for something new in the log, but not for long: time passes too."""
        self._log.wait_after(self.position, WAIT_SECONDS)

    def _has_work(self, workspace: Workspace, until: int) -> bool:
        from relance.journeys.schedule import next_starts

        with self._database.reading() as connection:
            if connection.row(_HAS_WORK, {"until": until}) is not None or load_due(connection, until) is not None:
                return True
            if self._eraser.find_due(connection, until) is not None:
                return True
            if self._engine.rules is None or not self._engine.rules.scheduled:
                return False
            state = self._engine.read_state(connection)
            starts = next_starts(connection, self._engine.rules, workspace.settings.timezone, state.at)
        return bool(starts) and starts[0].at <= until


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No search for cycles while a tick makes hundreds of thousands of objects that end with it: a fifth of its time, for none found."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
