"""A whole simulation: definitions applied at its start, events fed in their order, every timer on time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from relance.definitions.store import apply, load_workspace
from relance.journeys.advance import advance
from relance.journeys.engine import Engine
from relance.segments.judge import WarehouseJudge
from relance.simulate.carrier import RecordingCarrier
from relance.simulate.read import read_events
from relance.simulate.write import write_results
from relance.store import open_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from relance.definitions.document import Document
    from relance.events.model import Event
    from relance.simulate.read import EventsFile
    from relance.store import Database
    from relance.warehouse.base import Warehouse
    from relance.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """What was read."""

    file: EventsFile
    start: int
    until: int


def _numbered(events: Sequence[Event]) -> list[Event]:
    """Positions in the order of arrival."""
    return [msgspec.structs.replace(event, position=n) for n, event in enumerate(events, start=1)]


def simulate(
    documents: Sequence[Document],
    events_file: Path,
    *,
    start: int | None,
    until: int,
    out: Path,
    warehouse: Warehouse,
    database: Database | None = None,
) -> SimulationReport:
    """Run checked definitions over an events file and write what happened.

    Args:
        documents: checked definitions.
        events_file: JSON Lines.
        start: when the definitions are applied; the first arrival when it is None. What arrived earlier is history.
        until: the last instant, inclusive.
        out: the folder to write to.
        warehouse: an empty one, in memory.
        database: an empty, migrated store; one in memory when there is none.

    Effects: writes messages.jsonl, enrollments.jsonl, memberships.jsonl and summary.json into `out`.
    """
    file = read_events(events_file)
    events = _numbered(file.events)
    if start is None:
        start = events[0].received_at if events else until
    past = [msgspec.structs.replace(e, history=True) for e in events if e.received_at < start]
    future = [e for e in events if start <= e.received_at <= until]
    if database is None:
        database = open_database("sqlite://")
        database.migrate()

    def judge(workspace: Workspace) -> WarehouseJudge:
        return WarehouseJudge(warehouse, workspace)

    engine = Engine(warehouse, judge, RecordingCarrier)
    with database.writing() as connection:
        empty = load_workspace(connection)
        engine.use(connection, empty)
    advance(engine, database.writing, past, position=len(past), until=start - 1, timezone=empty.settings.timezone)
    with database.writing() as connection:
        apply(connection, documents, start)
        workspace = load_workspace(connection)
        engine.use(connection, workspace)
    advance(
        engine, database.writing, future, position=len(past) + len(future), until=until, timezone=workspace.settings.timezone
    )
    with database.reading() as connection:
        write_results(connection, workspace, judge(workspace), until, out)
    return SimulationReport(file, start, until)
