"""Demo data: the made shop's past and its definitions are put into an empty installation, and taken out again.

What was asked for stands in the store, and a thread of its own does it behind everything else: killed at any moment, it goes
on where it was. The past goes through the log as history, which starts no journey and sends nothing.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import msgspec
import structlog

from relance.audit import Entry, record
from relance.clock import DAY, HOUR, format_instant, parse_instant
from relance.definitions.drafts import save_draft
from relance.definitions.load import load_text
from relance.definitions.publish import publish
from relance.definitions.store import load_versions
from relance.definitions.withdraw import Brought, plan_withdrawal, withdraw
from relance.demo.catalogue import SHOP_NAME
from relance.demo.made import find_people, sql, tell_apart
from relance.demo.past import LASTS, tell_past
from relance.demo.story import read_definitions
from relance.erasure.asking import ask_for_made, read_erasure
from relance.errors import Conflict, InternalError
from relance.eventlog import NewChunk
from relance.ingest.keys import ensure_source
from relance.predictions.live.forget import cancel_runs, forget_predictions
from relance.registry.seen import SQL as SEEN
from relance.registry.seen import forget_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from relance.clock import Clock
    from relance.definitions.document import Document
    from relance.definitions.load import Loaded
    from relance.eventlog import EventLog
    from relance.store import Connection, Database
    from relance.warehouse.base import ReadableWarehouse

log = structlog.get_logger(__name__)

State = Literal["none", "loading", "loaded", "removing", "removed"]
SOURCE = "demo-shop"
MOST_AHEAD = 2_000  # items that the engine has not read yet: what is sent meanwhile waits behind no more of ours
DRAFTS_START_AFTER = 7 * DAY  # from now on: what a draft says of instants still lies ahead while somebody looks around
PAUSE_SECONDS = 0.05
_AT_FIRST = frozenset({"event", "segment", "template"})  # so that segments know people from their first event on
_AT_LAST = frozenset({"prediction"})  # there is something to learn from
_DRAFTS = frozenset({"journey", "campaign"})


class KeptDefinition(TypedDict):
    """A definition that a removal left, and why: changed, published, archived or used."""

    kind: str
    id: str
    why: str


class RemovalTold(TypedDict):
    """What a removal did."""

    people: int
    people_left: int
    definitions: int
    definitions_left: list[KeptDefinition]


class WhyNot(TypedDict):
    """Why demo data can not be loaded now."""

    code: str
    message: str


class DemoDataTold(TypedDict):
    """Where demo data stands in this installation."""

    state: State
    progress: float
    events: int
    people: int | None
    asked_by: str | None
    asked_at: str | None
    ended_at: str | None
    may_load: bool
    why_not: WhyNot | None
    removal: RemovalTold | None


@dataclass(frozen=True, slots=True)
class _Row:
    """The row of `demo_data`."""

    state: State
    asked_at: int
    asked_by: str
    ended_at: int | None
    told: int
    told_until: int
    position: int
    erasure_id: int | None
    definitions: str
    outcome: str | None

    @property
    def brought(self) -> list[Brought]:
        return [Brought(**one) for one in json.loads(self.definitions)]


class DemoDesk:
    """Answers about demo data, and does what is asked. `load`, `remove` and `tell` may be called from any thread."""

    def __init__(
        self,
        database: Database,
        event_log: EventLog,
        warehouse: ReadableWarehouse,
        clock: Clock,
        append: Callable[[NewChunk], int],
        reached: Callable[[], int],
        *,
        ours: Collection[str] = (),
        look_again: Callable[[], None] = lambda: None,
    ) -> None:
        """Connect it to an installation.

        Args:
            database: the store.
            event_log: the log, for reading.
            warehouse: for asking.
            clock: the real one.
            append: writes a request to the log and waits until it is on the disk.
            reached: how far in the log the engine has come.
            ours: sources that are not outside: links, callbacks, requests.
            look_again: told when names of events were forgotten.
        """
        self._database, self._log, self._warehouse, self._clock = database, event_log, warehouse, clock
        self._append, self._reached = append, reached
        self._ours = ours
        self._look_again = look_again
        self._wake = threading.Event()
        self._stopping = threading.Event()

    # ------------------------------------------------------------------------------------------ what is asked

    def tell(self) -> DemoDataTold:
        """Where it stands."""
        with self._database.reading() as connection:
            row = _read(connection)
            why_not = _why_not(connection, row)
        outcome: Any = json.loads(row.outcome) if row is not None and row.outcome else {}
        return {
            "state": row.state if row else "none",
            "progress": self._progress(row),
            "events": row.told if row and row.state != "removed" else 0,
            "people": outcome.get("people") if row and row.state == "loaded" else None,
            "asked_by": row.asked_by if row else None,
            "asked_at": format_instant(row.asked_at) if row else None,
            "ended_at": format_instant(row.ended_at) if row else None,
            "may_load": why_not is None,
            "why_not": why_not,
            "removal": outcome if row and row.state == "removed" else None,
        }

    def load(self, *, actor: str) -> DemoDataTold:
        """Begin to load; nothing more where it is under way, or done.

        Raises:
            Conflict: the installation is not empty, or the last ones are still being removed.

        Effects: publishes definitions, saves drafts, adds a source, `demo_data`, the audit; the past follows.
        """
        now, begun = self._clock.now(), False
        with self._database.writing() as connection:
            row = _read(connection)
            if row is None or row.state not in {"loading", "loaded"}:
                why_not = _why_not(connection, row)
                if why_not is not None:
                    raise Conflict(why_not["message"])
                ensure_source(connection, SOURCE, name=f"{SHOP_NAME} (demo data)", trusted=True, now=now)
                loaded = _definitions(now)
                brought = _publish(connection, loaded, _AT_FIRST, now, actor)
                for document in _of(loaded, _DRAFTS):
                    kind, name = str(document.kind), str(document.id)
                    save_draft(connection, kind, name, document.body, now=now, actor=actor)
                    brought.append(Brought(kind, name, 0, now))
                connection.execute(sql["begin"], {"now": now, "by": actor, "definitions": _as_json(brought)})
                record(connection, now, [Entry(actor, "load", "demo_data", SOURCE)])
                begun = True
        if begun:  # and committed
            self._wake.set()
        return self.tell()

    def remove(self, *, actor: str) -> DemoDataTold:
        """Begin to take it out again; nothing more where that is under way.

        Raises:
            Conflict: there is none.

        Effects: `demo_data`, the audit; the rest follows.
        """
        with self._database.writing() as connection:
            row = _read(connection)
            if row is None or row.state == "removed":
                msg = "there is no demo data here"
                raise Conflict(msg)
            if connection.execute(sql["remove"], {"by": actor}):
                record(connection, self._clock.now(), [Entry(actor, "remove", "demo_data", SOURCE)])
        self._wake.set()
        return self.tell()

    @staticmethod
    def _progress(row: _Row | None) -> float:
        if row is None or row.state == "removed":
            return 0.0
        if row.state == "loaded":
            return 1.0
        if row.state == "removing":
            return 0.5 if row.erasure_id is not None else 0.1
        return round(min(max(0, row.told_until - row.asked_at + LASTS) / LASTS, 0.99), 3)  # the engine is close behind

    # ------------------------------------------------------------------------------------------ the thread

    def work(self) -> bool:
        """Do what was asked for. Answers whether there was anything.

        Raises:
            RelanceError: the log or a database can not be asked now; the next call goes on.
        """
        self._wake.clear()
        with self._database.reading() as connection:
            row = _read(connection)
        if row is None or self._stopping.is_set() or row.state not in {"loading", "removing"}:
            return False
        done = self._load(row) if row.state == "loading" else self._remove(row)
        if done:
            log.info("demo_data", state="loaded" if row.state == "loading" else "removed", asked_by=row.asked_by)
        return not self._stopping.is_set()

    def wait(self) -> None:
        """Wait until something is asked for."""
        self._wake.wait()

    def stop(self) -> None:
        """The process ends: the next one goes on."""
        self._stopping.set()
        self._wake.set()

    def _load(self, row: _Row) -> bool:
        of = {"asked_at": row.asked_at}
        told, position = row.told, row.position
        for part in tell_past(row.asked_at, row.told) if not position else ():
            if not self._wait_until_read(self._log.last_position() - MOST_AHEAD):
                return False
            ids = [str(event["messageId"]) for event in part]
            body = msgspec.json.encode({"batch": part})
            self._append(NewChunk(source=SOURCE, body=body, message_ids=ids, kind="history", trusted=True))
            told += len(part)
            until = parse_instant(part[-1]["timestamp"]) or 0
            with self._database.writing() as connection:
                if not connection.execute(sql["told"], {**of, "told": told, "until": until}):
                    return False  # it is to be removed
        if not position:
            position = self._log.last_position()
            with self._database.writing() as connection:
                if not connection.execute(sql["all_told"], {**of, "position": position}):
                    return False
        if not self._wait_until_read(position):
            return False
        now = self._clock.now()
        with self._database.writing() as connection:
            brought = [*row.brought, *_publish(connection, _definitions(row.asked_at), _AT_LAST, now, row.asked_by)]
            outcome = json.dumps({"people": len(find_people(connection))})
            new = {**of, "now": now, "definitions": _as_json(brought), "outcome": outcome}
            return connection.execute(sql["loaded"], new) > 0

    def _wait_until_read(self, position: int) -> bool:
        """False when the process ends, or somebody asked for something else meanwhile."""
        while self._reached() < position:
            if self._wake.is_set() or self._stopping.wait(PAUSE_SECONDS):
                return False
        return not self._stopping.is_set()

    def _remove(self, row: _Row) -> bool:
        if row.outcome is None and not self._ask_for_removal(row):
            return False
        with self._database.reading() as connection:
            row = _read(connection) or row
        while row.erasure_id is not None:
            with self._database.reading() as connection:
                if read_erasure(connection, row.erasure_id)["state"] != "waiting":
                    break
            if self._stopping.wait(PAUSE_SECONDS):
                return False
        names = self._names_of_its_own()
        with self._database.writing() as connection:
            predictions = [one.id for one in row.brought if one.kind == "prediction"]
            forget_predictions(connection, [p for p in predictions if not load_versions(connection, "prediction", p)])
            forget_names(connection, names)
            connection.execute(sql["drop_source"], {"source": SOURCE})
            connection.execute(sql["removed"], {"now": self._clock.now()})
        self._look_again()
        return True

    def _ask_for_removal(self, row: _Row) -> bool:
        """Withdraw definitions and ask that people be erased, once all that was told of them is known."""
        if not self._wait_until_read(self._log.last_position()):
            return False
        with self._database.reading() as connection:
            people = find_people(connection)
        made, shared = tell_apart(people, self._warehouse, self._log, source=SOURCE, ours=self._ours)
        now = self._clock.now()
        with self._database.writing() as connection:
            plan = plan_withdrawal(connection, row.brought)
            withdraw(connection, plan)
            cancel_runs(connection, [name for kind, name in plan.published if kind == "prediction"], now=now)
            erasure_id = ask_for_made(connection, made, now=now, actor=row.asked_by) if made else None
            outcome: RemovalTold = {
                "people": len(made),
                "people_left": len(shared),
                "definitions": len(plan.published) + len(plan.drafts),
                "definitions_left": [{"kind": kind, "id": name, "why": why} for (kind, name), why in sorted(plan.kept.items())],
            }
            done = connection.execute(sql["erasing"], {"erasure_id": erasure_id, "outcome": json.dumps(outcome)})
            if not done:
                msg = "the removal of demo data was begun twice"
                raise InternalError(msg)
        return True

    def _names_of_its_own(self) -> list[str]:
        """Names of events that the demo told last: nobody else has since."""
        with self._database.reading() as connection:
            rows = connection.rows(SEEN["last_positions"])
        found = []
        for name, position in rows:
            chunk = self._log.chunk_at(position)
            if chunk is not None and chunk.source == SOURCE:
                found.append(name)
        return found


def _read(connection: Connection) -> _Row | None:
    row = connection.row(sql["row"])
    return None if row is None else _Row(*row)


def _why_not(connection: Connection, row: _Row | None) -> WhyNot | None:
    """Only an empty installation takes demo data: what is real must not be mixed with what is made."""
    if row is not None and row.state in {"loading", "loaded"}:
        return {"code": "loaded", "message": "demo data is here already"}
    if row is not None and row.state == "removing":
        return {"code": "removing", "message": "demo data is being removed: wait until it is gone"}
    if connection.row(sql["any_person"]) is not None:
        return {"code": "people", "message": "there are people here already: demo data goes into an empty workspace only"}
    found = connection.row(sql["any_definition"])
    if found is not None:
        says = (
            f"there are definitions here already, as the {found[0]} `{found[1]}`: demo data goes into an empty workspace only"
        )
        return {"code": "definitions", "message": says}
    return None


def _definitions(now: int) -> Loaded:
    starts_at = (now + DRAFTS_START_AFTER) // HOUR * HOUR
    return load_text("\n---\n".join(text for _, text in read_definitions(starts_at)))


def _of(loaded: Loaded, kinds: Collection[str]) -> list[Document]:
    return [document for document in loaded.documents if document.kind in kinds]


def _publish(connection: Connection, loaded: Loaded, kinds: Collection[str], now: int, actor: str) -> list[Brought]:
    """Publish those of some kinds; answers what is in force of them since."""
    loaded = type(loaded)(_of(loaded, kinds), loaded.problems)
    done = publish(connection, loaded, now, by=actor)
    if done.refused:
        msg = f"the demo's definitions have errors: {[str(p) for p in done.problems]}"
        raise InternalError(msg)
    return [Brought(change.kind, change.id, change.version, now) for change in done.changes]


def _as_json(brought: Sequence[Brought]) -> str:
    return json.dumps([asdict(one) for one in brought])
