"""Live a staged past again: the engine of simulations over what passes, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import MICROSECOND
from relance.definitions.document import Document
from relance.definitions.store import apply, load_workspace
from relance.events.model import Event, LoggedChunk
from relance.events.parse import parse_chunk
from relance.ids import seq_of_position
from relance.journeys.advance import advance
from relance.journeys.engine import Engine, Seams
from relance.outbox.handoff import PastHandOff
from relance.profiles.addresses import read_addresses
from relance.profiles.resolve import Resolver
from relance.segments.judge import WarehouseJudge
from relance.simulate.backtest.figures import count
from relance.simulate.backtest.stage import STORE, Task
from relance.simulate.carrier import ForgettingCarrier, RecordingCarrier
from relance.store import open_database
from relance.warehouse.engines.duckdb_past import Past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.profiles.resolve import Resolution
    from relance.store import Connection, Database
    from relance.workspace import Workspace

EVENTS_A_BATCH = 20_000
PREFIX = "backtest-"  # of the messages that would have gone: no reaction of the log names one
CALLS_AT_ONCE = 50_000
_decode = msgspec.json.Decoder().decode


class Replay:
    """One folder, staged before, and the engine that lives in it."""

    def __init__(self, folder: Path, share: tuple[int, int] = (0, 1), *, keeps: bool = False) -> None:
        """`share`: which of how many equal shares of the people live here; `keeps`: whether what messages say is kept."""
        self._folder = folder
        self._keeps = keeps
        self._share = share
        self.task = msgspec.json.decode((folder / "task.json").read_bytes(), type=Task)
        self.database: Database = open_database(f"sqlite:///{folder}/store.db")
        self.past = Past(folder / "past.duckdb")
        self.past.asked = frozenset(self.task.asked)
        self._numbers: dict[str, int] = {}
        self._known: set[str] = set()  # ids that the feed has named so far
        self._apart: set[str] = set()

    def close(self) -> None:
        self.past.close()
        self.database.close()

    # ------------------------------------------------------------------------------------------ before time begins

    def arrange(self) -> int:
        """Put everything in its place, and the people of the beginning into the store. Answers how much will pass."""
        task = self.task
        if self._share[0] == 0:
            self._load_calls()
        self.past.share(*self._share)
        self.past.arrange(
            {
                "start": task.start, "names": task.names or [], "all_names": task.names is None, "derived": task.derived,
                "journeys": task.journeys, "journey": task.journey, "entries": task.entries, "answers": task.answers,
                "moving": task.moving, "may_idle": bool(task.entries) and task.names is not None,
            }
        )  # fmt: skip
        self._numbers = dict(self.past.rows("ids"))
        self._apart = {user_id for (user_id,) in self.past.rows("apart_ids")}
        with self.database.writing() as connection:
            self._put_people(connection)
        return int(self.past.rows("count_feed")[0][0])

    def _load_calls(self) -> None:
        """The calls of those who are lived again, out of the requests they came in."""
        wanted, silent = set(self.task.positions), set(self.task.silent)
        encoder = msgspec.msgpack.Encoder()
        rows: list[tuple[int, int, bytes]] = []
        for chunk in _read_chunks(self._folder):
            for item in parse_chunk(chunk):
                if not isinstance(item, Event) or item.received_at > self.task.until:
                    continue
                if item.position in wanted or _is_silent(item, silent):
                    rows.append((seq_of_position(item.position), item.received_at, encoder.encode(item)))
            if len(rows) >= CALLS_AT_ONCE:
                self.past.take_rows("s_calls", rows)
                rows = []
        self.past.take_rows("s_calls", rows)

    def _put_people(self, connection: Connection) -> None:
        people, aliases = [], []
        for profile_id, user_id, traits, token, created_at, received_at in self.past.rows("people_then"):
            a = read_addresses(_decode(traits))
            people.append(
                (
                    profile_id, user_id, created_at, received_at, traits, a.timezone, a.email, a.email_key, int(a.email_valid), a.phone,
                    int(a.phone_valid), token,
                )
            )  # fmt: skip
            aliases.append((user_id, 0, profile_id))
        connection.execute_many(STORE["people_before"], people)
        connection.insert_rows("aliases", ["alias", "since_seq", "profile_id"], aliases)
        consents = self.past.rows("consents_then")
        connection.insert_rows("consent", ["profile_id", "channel", "group_id", "state", "at"], consents)
        told = [(channel, address, "", 0, seq, 1) for channel, address, seq in self.past.rows("suppressions_then")]
        connection.insert_rows("suppressions", ["channel", "address", "reason", "at", "since_seq", "suppressed"], told)

    # ------------------------------------------------------------------------------------------ the time

    def live(self, tell: Callable[[int, int], None], total: int) -> None:
        """Let time pass from the beginning to the end. `tell` is called with what has passed and the total.

        Raises:
            QuestionDropped: `tell` raised it: nobody wants the answer any more.
        """
        task, past = self.task, self.past

        def judge(workspace: Workspace) -> WarehouseJudge:
            return WarehouseJudge(past, workspace)

        seams = Seams(resolve=self._resolve, apply_news=lambda _connection, _news: [], hand_off=PastHandOff)
        carrier = RecordingCarrier if self._keeps else ForgettingCarrier
        engine = Engine(past, judge, carrier, prefix=PREFIX, seams=seams)
        with self.database.writing() as connection:
            workspace = load_workspace(connection)
            engine.use(connection, workspace)
        begun, done = False, 0
        for batch, until in self._batches():
            if not begun and batch[0].received_at >= task.start:
                workspace, begun = self._begin(engine), True
            self._advance(engine, workspace, batch, until)
            done += len(batch)
            tell(done, total)
        if not begun:
            workspace = self._begin(engine)
        self._advance(engine, workspace, (), task.until)

    def _begin(self, engine: Engine) -> Workspace:
        """The definitions are published: whatever came before is history."""
        task = self.task
        with self.database.writing() as connection:
            timezone = load_workspace(connection).settings.timezone
        position = self._position(engine)
        advance(engine, self.database.writing, (), position=position, until=task.start - MICROSECOND, timezone=timezone)
        with self.database.writing() as connection:
            apply(connection, [Document(body) for body in task.documents], task.start, by="backtest")
            connection.execute("UPDATE list_changes SET told = 0 WHERE at >= :start", {"start": task.start})
            workspace = load_workspace(connection)
            engine.use(connection, workspace)
        return workspace

    def _advance(self, engine: Engine, workspace: Workspace, batch: Sequence[Event], until: int) -> None:
        position = batch[-1].position if batch else self._position(engine)
        zone = workspace.settings.timezone
        advance(engine, self.database.writing, batch, position=position, until=until, timezone=zone)

    def _position(self, engine: Engine) -> int:
        with self.database.reading() as connection:
            return engine.read_state(connection).position

    def _batches(self) -> Iterator[tuple[list[Event], int]]:
        """What passes, cut between two instants, and between what is history and what is not."""
        batch: list[Event] = []
        for event in self._events():
            last = batch[-1].received_at if batch else event.received_at
            if last < event.received_at and (len(batch) >= EVENTS_A_BATCH or last < self.task.start <= event.received_at):
                yield batch, last
                batch = []
            batch.append(event)
        if batch:
            yield batch, batch[-1].received_at

    def _events(self) -> Iterator[Event]:
        decoder = msgspec.msgpack.Decoder(Event)
        start = self.task.start
        for rows in self.past.feed():
            for (
                place,
                received_at,
                user_id,
                at,
                name,
                properties,
                traits,
                before,
                token,
                token_before,
                trusted,
                own,
                call,
            ) in rows:
                if call is not None:
                    event = decoder.decode(call)
                    if self._apart:
                        self._known.update(i for i in (event.user_id, event.anonymous_id) if i is not None)
                    yield msgspec.structs.replace(event, position=place, history=received_at < start)
                    continue
                if user_id is None or (own and user_id in self._apart and user_id not in self._known):
                    continue  # nobody is known by this id yet
                changed = _changes(before, traits) if traits is not None else {}
                is_named = name is not None and not changed
                yield Event(
                    position=place,
                    source="log",
                    type="track" if is_named else "identify",
                    name=name if is_named else None,
                    user_id=user_id,
                    anonymous_id=None,
                    previous_id=None,
                    at=at if at is not None else received_at,
                    received_at=received_at,
                    properties=_decode(properties) if is_named else {},
                    traits=changed,
                    context={"device": {"token": token}} if token is not None and token != token_before else {},
                    message_id="",
                    trusted=bool(trusted) or name == "Journey Requested",
                    history=False,
                )

    def _resolve(self, connection: Connection, events: Sequence[Event]) -> Resolution:
        return _Numbered(connection, events, self._numbers).read_all(events)


class _Numbered(Resolver):
    """Gives people the numbers that they have in the installation."""

    def __init__(self, connection: Connection, events: Sequence[Event], numbers: dict[str, int]) -> None:
        super().__init__(connection, events)
        self._numbers = numbers
        self.next_id = max(self.next_id, 1 << 50)  # of somebody the installation has no number for

    def new_id(self, alias: str) -> int:
        found = self._numbers.get(alias)
        return super().new_id(alias) if found is None else found


def replay(folder: Path, tell: Callable[[str, int, int], None], share: tuple[int, int] = (0, 1)) -> dict[str, Any]:
    """Live what is staged in a folder, and answer the `figures` that were counted, and the `people` who entered, by their ids.

    Raises:
        QuestionDropped: `tell` raised it.
    """
    past = Replay(folder, share)
    try:
        tell("arranging", 0, 1)
        total = past.arrange()
        past.live(lambda done, of: tell("replaying", done, of), total)
        tell("counting", 0, 1)
        with past.database.reading() as connection:
            entrants = connection.rows(STORE["entrants"], {"source": f"journey:{past.task.journey}"})
            return {"figures": count(connection, past.task), "people": [user_id for (user_id,) in entrants]}
    finally:
        past.close()


def _read_chunks(folder: Path) -> Iterator[LoggedChunk]:
    decoder = msgspec.msgpack.Decoder(LoggedChunk)
    with (folder / "calls.msgpack").open("rb") as file:
        while size := file.read(4):
            yield decoder.decode(file.read(int.from_bytes(size, "big")))


def _is_silent(event: Event, silent: set[str]) -> bool:
    return event.type == "identify" and event.user_id is None and event.anonymous_id in silent


def _changes(before: str | None, after: str) -> dict[str, Any]:
    """What became of traits between two snapshots; what went is null, which is missing."""
    old: dict[str, Any] = _decode(before) if before is not None else {}
    new: dict[str, Any] = _decode(after)
    gone = dict.fromkeys(old.keys() - new.keys())
    # by their texts: 1 is not True, nor 1.0
    return {name: value for name, value in new.items() if name not in old or repr(old[name]) != repr(value)} | gone
