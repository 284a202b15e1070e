"""Whom the demo made: its people, told from those of whom a real source has spoken too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.demo.past import PREFIX
from relance.ids import position_of_seq
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from relance.eventlog import EventLog
    from relance.store import Connection
    from relance.warehouse.base import Person, ReadableWarehouse

sql = load_queries("relance.demo", "data.sql")
PEOPLE_AT_ONCE = 200


def find_people(connection: Connection) -> list[int]:
    """Everybody who has an id of the demo, by the number they go by now."""
    places = {alias: profile_id for alias, profile_id in connection.rows(sql["made_ids"]) if alias.startswith(PREFIX)}
    found, new = set[int](), set(places.values())
    while new:
        became = dict(connection.rows_in(sql["became"], sorted(new)))
        found |= new - became.keys()
        new = set(became.values()) - found - {0}
    return sorted(found)


def tell_apart(
    people: list[int], warehouse: ReadableWarehouse, log: EventLog, *, source: str, ours: Collection[str]
) -> tuple[list[int], list[int]]:
    """Those whom the demo alone has told of, and those of whom another source has told something too.

    Args:
        people: their numbers.
        warehouse: knows at which places of the log they were told of.
        log: knows what told it there.
        source: of the demo.
        ours: other sources that speak of nobody who does not exist already: our own events and links.

    Raises:
        WarehouseUnavailable: it is being mended; ask again.
    """
    sources = _Sources(log)
    made: list[int] = []
    shared: list[int] = []
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        for person in warehouse.people(people[start : start + PEOPLE_AT_ONCE]):
            told_by = sources.of(_positions(person))
            if source not in told_by:
                continue  # somebody real whose id happens to begin like theirs
            (made if told_by <= {source, *ours} else shared).append(person.profile_id)
    return made, shared


def _positions(person: Person) -> Iterator[int]:
    yield from (event.position for event in person.events if event.position > 0)
    yield from (position_of_seq(state.seq) for state in person.states)
    yield from (position_of_seq(consent.seq) for consent in person.consents)


class _Sources:
    """What came from which source, by its place in the log."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known: dict[int, str] = {}  # of positions, of all chunks that were looked at

    def of(self, positions: Iterable[int]) -> set[str]:
        found = set()
        for position in positions:
            if position not in self._known:
                chunk = self._log.chunk_at(position)
                if chunk is None:
                    continue
                self._known |= dict.fromkeys(range(chunk.first_position, chunk.last_position + 1), chunk.source)
            found.add(self._known[position])
        return found
