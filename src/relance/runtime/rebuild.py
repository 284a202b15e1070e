"""The warehouse is derived: it can be made again from the log, as it was.

The log is played through the engine without any journey, into a store that is thrown away: profiles get the same
numbers, for they are counted in the order of the log. What journeys changed about people stands in the log behind its
place, in what the engine told of itself; it is looked up first, and applied where it was.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from relance.consent.returned import SECRET
from relance.events.model import Event
from relance.events.names import PROFILE_UPDATED
from relance.events.parse import parse_chunk
from relance.ids import position_of_seq
from relance.journeys.engine import Engine, Seams
from relance.journeys.history import tell_anew
from relance.profiles.resolve import Resolver
from relance.profiles.traits import TraitChange
from relance.runtime.relay import relay_own_events
from relance.segments.judge import WarehouseJudge
from relance.store import open_database
from relance.warehouse.base import EventRow
from relance.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.eventlog.base import EventLog, NewChunk
    from relance.store import Connection, Database
    from relance.warehouse.base import Warehouse

EVENTS_A_BATCH = 20_000
_MASKED = ("channel", "mask", "kind", "group_id", "reason", "since_seq")


class Masks(NamedTuple):
    """What the store keeps of addresses that were erased: whoever comes with one has left what was left with it."""

    secret: Sequence[tuple[str, str]]
    addresses: Sequence[tuple[Any, ...]]


class CountingResolver(Resolver):
    """Gives profiles the numbers that they were given, though the calls with which some began were erased since."""

    def __init__(self, connection: Connection, events: Sequence[Event], numbers: Sequence[tuple[int, int]]) -> None:
        """`numbers`: positions that were erased, and which profile began there."""
        super().__init__(connection, events)
        self._positions = [position for position, _ in numbers]
        self._highest = list(accumulate((profile_id for _, profile_id in numbers), max))

    def read(self, event: Event) -> None:
        place = bisect_left(self._positions, event.position)
        if place:
            self.next_id = max(self.next_id, self._highest[place - 1] + 1)
        super().read(event)


def read_masks(database: Database) -> Masks:
    """What a rebuild needs to know of people who were erased."""
    with database.reading() as connection:
        secret = connection.rows("SELECT name, value FROM installation WHERE name = :name", {"name": SECRET})
        return Masks(secret, connection.rows(f"SELECT {', '.join(_MASKED)} FROM erased_addresses"))  # noqa: S608 - our own names


def make_agree(
    database: Database,
    log: EventLog,
    warehouse: Warehouse,
    commit: Callable[[NewChunk], int],
    *,
    note_own: Callable[[Connection, Sequence[tuple[str, int]]], None] | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> bool:
    """Make the log and the warehouse agree with the store, after a start or a repair. Answers whether the warehouse had to be rebuilt.

    Args: `commit` writes to the log and waits until it is on the disk; `note_own` is told of our own events as the relay does;
        `tell` is called with positions done and in all.
    """

    def tell_all_anew() -> None:
        with database.writing() as connection:
            tell_anew(connection)

    with database.reading() as connection:
        row = connection.row("SELECT tick, position FROM engine_state WHERE id = 1")
    tick, position = row or (0, 0)
    while relay_own_events(database, commit, note_own):  # what a crash kept from the log: a rebuild reads it there
        pass
    return recover(log, warehouse, tick=tick, position=position, before=tell_all_anew, tell=tell, masks=read_masks(database))


def recover(
    log: EventLog,
    warehouse: Warehouse,
    *,
    tick: int,
    position: int,
    before: Callable[[], None] | None = None,
    tell: Callable[[int, int], None] | None = None,
    masks: Masks | None = None,
) -> bool:
    """Make the warehouse agree with the store after a start, or after it was mended. Answers whether it had to be rebuilt.

    Args:
        log: what everything comes from.
        warehouse: as it was found, or empty.
        tick: the store's last.
        position: how far the store has come in the log.
        before: called before it is rebuilt, when that must be: a rebuild that is cut short must find it done.
        tell: called with positions done and in all, while it is rebuilt.
        masks: of addresses of people who were erased.

    Effects: rows of ticks that the store never committed go; what is missing is made again.
    """
    warehouse.forget_after(tick)  # where there are no transactions, of a tick that never came to its end too
    if warehouse.last_tick() == tick:  # each tick is committed here before it is in the store: nothing is missing
        return False
    if any(warehouse.counts().values()):  # of another store, or of a rebuild that was cut short
        warehouse.forget_after(-1)
    if before is not None:
        before()
    rebuild(log, warehouse, tick=tick, position=position, tell=tell, masks=masks)
    return True


def rebuild(
    log: EventLog,
    warehouse: Warehouse,
    *,
    tick: int,
    position: int,
    tell: Callable[[int, int], None] | None = None,
    masks: Masks | None = None,
) -> None:
    """Fill an empty warehouse with the log up to a position. Only at its end is the warehouse at the store's tick.

    What the engine told of itself is taken wherever it stands: it is of ticks that the store knows.
    """
    database = open_database("sqlite://")
    database.migrate()
    if masks is not None:
        with database.writing() as connection:
            connection.insert_rows("installation", ["name", "value"], masks.secret)
            connection.insert_rows("erased_addresses", _MASKED, masks.addresses)
    nothing = Workspace()
    numbers = log.numbers_given()
    engine = Engine(
        warehouse,
        lambda workspace: WarehouseJudge(warehouse, workspace),
        fixed_tick=tick - 1,
        seams=Seams(resolve=lambda connection, events: CountingResolver(connection, events, numbers).read_all(events)),
    )
    with database.writing() as connection:
        engine.use(connection, nothing)
    changes = deque(_read_changes(log))
    read = 0
    while (batch := log.read_after(read, EVENTS_A_BATCH)).chunks:
        read = batch.last_position
        events: list[Event] = []
        own: list[EventRow] = []
        for chunk in batch.chunks:
            if chunk.kind == "own":
                own += [_own_row(item) for item in parse_chunk(chunk) if isinstance(item, Event)]
            elif chunk.first_position <= position:
                events += [item for item in parse_chunk(chunk) if isinstance(item, Event) and item.position <= position]
        now: list[TraitChange] = []
        while changes and position_of_seq(changes[0].seq) <= read:
            now.append(changes.popleft())
        until = max((e.received_at for e in events), default=0)
        with database.writing() as connection:  # nobody is in a journey: all that happens in a batch is one tick
            engine.tick(connection, events, position=read, until=until, changes=now)
        _add_own(database, warehouse, own, tick - 1)
        if tell is not None:
            tell(min(read, position), position)
    database.close()
    warehouse.begin(tick)
    warehouse.commit()


def _read_changes(log: EventLog) -> list[TraitChange]:
    """What journeys changed about people, in the order in which it was applied."""
    found: list[TraitChange] = []
    read = 0
    while (batch := log.read_after(read, EVENTS_A_BATCH)).chunks:
        read = batch.last_position
        for chunk in batch.chunks:
            if chunk.kind == "own" and PROFILE_UPDATED.encode() in chunk.body:
                found += [
                    _change(item) for item in parse_chunk(chunk) if isinstance(item, Event) and item.name == PROFILE_UPDATED
                ]
    return sorted(found, key=attrgetter("seq"))


def _change(event: Event) -> TraitChange:
    row = _own_row(event)
    told = event.properties
    return TraitChange(row.profile_id, row.seq, event.at, paths=told.get("set") or {}, unset=tuple(told.get("unset") or ()))


def _own_row(event: Event) -> EventRow:
    place: dict[str, Any] = event.context.get("relance") or {}
    seq = int(place.get("seq", 0))
    return EventRow(
        int(place.get("profile_id", 0)), seq, event.at, event.at, event.name or "", event.properties, position_of_seq(seq), 0
    )


def _add_own(database: Database, warehouse: Warehouse, own: list[EventRow], tick: int) -> None:
    """Our own events carry their profile and place; those of merged profiles belong to the kept ones by now."""
    if not own:
        return
    with database.reading() as connection:
        merged = dict(connection.rows("SELECT profile_id, merged_into FROM profiles WHERE merged_into IS NOT NULL"))

    def kept(profile_id: int) -> int:
        while profile_id in merged:
            profile_id = merged[profile_id]
        return profile_id

    warehouse.begin(tick)
    warehouse.add_events([row._replace(profile_id=kept(row.profile_id), tick=tick) for row in own])
    warehouse.commit()
