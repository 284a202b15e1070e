"""A made world twice: as a file that is simulated, and as an installation whose past is lived again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import format_instant
from relance.definitions.store import apply, load_workspace
from relance.eventlog import NewChunk, open_log
from relance.events.model import Event
from relance.events.parse import parse_chunk
from relance.journeys.advance import advance
from relance.journeys.engine import Engine
from relance.journeys.report import journey_report
from relance.segments.judge import WarehouseJudge
from relance.simulate.backtest.replay import Replay
from relance.simulate.backtest.stage import Reading, stage
from relance.simulate.backtest.wanted import find_wanted
from relance.simulate.carrier import RecordingCarrier
from relance.simulate.run import simulate
from relance.simulate.write import read_enrollments, read_messages
from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.definitions.document import Document
    from relance.eventlog.base import EventLog
    from relance.simulate.backtest.wanted import Wanted
    from relance.store import Database
    from relance.warehouse.base import Warehouse


def line_of(event: Event) -> dict[str, Any]:
    """An event as a line of a file."""
    line: dict[str, Any] = {
        "type": event.type, "messageId": event.message_id, "timestamp": format_instant(event.at), "receivedAt": format_instant(event.received_at),
        "userId": event.user_id, "anonymousId": event.anonymous_id, "context": event.context,
    }  # fmt: skip
    more = {"event": event.name, "properties": event.properties} if event.type == "track" else {}
    if event.type == "alias":
        more = {"previousId": event.previous_id}
    return line | more | ({"traits": event.traits} if event.type == "identify" else {})


def write_log(lines: Iterable[dict[str, Any]], log: EventLog) -> None:
    """Put lines into a log, a request each, in their order."""
    for line in lines:
        body = msgspec.json.encode({"batch": [line]})
        log.append([NewChunk(source="file", body=body, message_ids=[line["messageId"]], kind="simulated", trusted=True)])


@dataclass
class Installation:
    """A store, a warehouse and a log, as an engine without the journey leaves them."""

    database: Database
    warehouse: Warehouse
    log: EventLog

    def live(self, documents: Sequence[Document], start: int, until: int) -> None:
        """Apply the log in its own order, with definitions published at the start."""
        engine = Engine(self.warehouse, lambda workspace: WarehouseJudge(self.warehouse, workspace), RecordingCarrier)
        events = [e for c in self.log.read_after(0, 1 << 30).chunks for e in parse_chunk(c) if isinstance(e, Event)]
        past = [msgspec.structs.replace(e, history=True) for e in events if e.received_at < start]
        future = [e for e in events if e.received_at >= start]
        with self.database.writing() as connection:
            engine.use(connection, load_workspace(connection))
        advance(engine, self.database.writing, past, position=len(past), until=start - 1, timezone="UTC")
        with self.database.writing() as connection:
            apply(connection, documents, start)
            workspace = load_workspace(connection)
            engine.use(connection, workspace)
        zone = workspace.settings.timezone
        advance(engine, self.database.writing, future, position=len(events), until=until, timezone=zone)

    def reading(self) -> Reading:
        return Reading(self.warehouse, self.database, self.log)


def make_installation(database: Database, warehouse_url: str, lines: Iterable[dict[str, Any]]) -> Installation:
    """An installation with lines in its log, of which nothing was applied yet."""
    log = open_log("sqlite://")
    write_log(lines, log)
    return Installation(database, open_warehouse(warehouse_url), log)


Outcome = dict[str, Any]


def simulated(wanted: Wanted, lines: Iterable[dict[str, Any]], start: int, until: int, folder: Path) -> Outcome:
    """What `relance simulate` makes of the same events."""
    file = folder / "events.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    simulate(wanted.documents, file, start=start, until=until, out=folder, warehouse=open_warehouse("memory://"))
    messages, enrollments = (
        [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
        for name in ("messages", "enrollments")
    )
    return _plain(messages, enrollments, json.loads((folder / "summary.json").read_text())["journeys"])


def lived_again(wanted: Wanted, reading: Reading, start: int, until: int, folder: Path) -> Outcome:
    """What a backtest makes of them."""
    staged = folder / "staged"
    staged.mkdir()
    stage(staged, reading, wanted, start, until)
    past = Replay(staged, keeps=True)
    past.live(lambda _done, _total: None, past.arrange())
    with past.database.reading() as connection:
        reports = {name: journey_report(connection, f"journey:{name}") for name in sorted(wanted.journeys)}
        found = _plain(read_messages(connection), read_enrollments(connection), reports)
    past.close()
    return found


def _plain(messages: list[dict[str, Any]], enrollments: list[dict[str, Any]], reports: Any) -> Outcome:
    """Without the numbers that messages get in the order of work."""
    told = [{name: value for name, value in message.items() if name != "message_id"} for message in messages]
    return {"messages": _sorted(told), "enrollments": _sorted(enrollments), "reports": reports}


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def split(documents: Sequence[Document], journey: str) -> tuple[list[Document], list[Document]]:
    """What is published, and the draft: all other journeys and campaigns are left out of the installation, but may be named."""
    drafts = [d for d in documents if d.kind == "journey" and d.id == journey]
    return [d for d in documents if d not in drafts], drafts


def running(documents: Sequence[Document]) -> list[Document]:
    """Definitions without journeys and campaigns: nothing moves anybody."""
    return [d for d in documents if d.kind not in {"journey", "campaign"}]


__all__ = ["find_wanted", "line_of", "lived_again", "make_installation", "running", "simulated", "split"]
