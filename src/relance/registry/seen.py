"""Which events were seen, counted while the engine reads them, in the transaction of the tick: each once.

Events are counted all. Properties are those of the first 50 events of a name in each tick: everything where little comes, a
sample where much does. A value is not copied: what is kept is the position of the last event that had one of its path and type.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.registry.schema import mismatches, type_of
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from relance.events.model import Event
    from relance.registry.schema import Mismatch
    from relance.store import Connection

SQL = load_queries("relance.registry")
# A write key is public: nobody must fill the store with names.
MOST_NAMES = 5_000
MOST_PROPERTIES = 300  # of one name
MOST_PATH_CHARACTERS = 200
MOST_LEVELS = 3
MOST_ELEMENTS = 3  # of a list that are looked into
KEPT_FAULTY = 10_000
LOOKED_AT = 50  # events of a name in a tick whose properties are noted: to look at all took 18 µs an event
_SCALARS = (str, int, float, bool)


@dataclass(slots=True)
class _Name:
    """What a batch says of one name."""

    n: int = 0
    looked_at: int = 0
    first_at: int = 0
    last_at: int = 0
    last_position: int = 0
    properties: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # path and type: how many, the last position


class Recorder:
    """Notes what a batch of the log holds. Used by one thread."""

    def __init__(self, schemas: Callable[[], Mapping[str, Mapping[str, str]]] = dict) -> None:
        """`schemas` gives those in force, by the name of the event."""
        self._schemas = schemas
        self._known: dict[str, set[tuple[str, str]]] | None = None  # names, with the paths and types told of each

    def note(self, connection: Connection, events: Sequence[Event]) -> None:
        """Count received events. Effects: writes `events_seen`, `properties_seen`, `schema_faults`, `faulty_events`."""
        schemas = self._schemas()
        names: dict[str, _Name] = {}
        wrong: list[tuple[Event, Mismatch]] = []
        for event in events:
            name = event.name
            if name is None:
                continue
            told = names.get(name)
            if told is None:
                told = names[name] = _Name(first_at=event.received_at)
            told.n += 1
            at = event.received_at
            if at > told.last_at:
                told.last_at = at
            elif at < told.first_at:
                told.first_at = at
            told.last_position = event.position
            if told.n <= LOOKED_AT:
                told.looked_at += 1
                _note_properties(told.properties, event.properties, event.position)
            schema = schemas.get(name)
            if schema is not None:
                wrong += ((event, mismatch) for mismatch in mismatches(schema, event.properties))
        if names:
            self._write(connection, names)
        if wrong:
            _write_wrong(connection, wrong)

    def note_own(self, connection: Connection, events: Iterable[tuple[str, int]]) -> None:
        """Count events of our own, by name and instant. Effects: writes `events_seen`."""
        names: dict[str, _Name] = {}
        for name, at in events:
            told = names.setdefault(name, _Name(first_at=at))
            told.n += 1
            told.first_at, told.last_at = min(told.first_at, at), max(told.last_at, at)
        self._write(connection, names)

    def look_again(self) -> None:
        """Names were forgotten: ask the store before the next are told."""
        self._known = None

    def _write(self, connection: Connection, names: Mapping[str, _Name]) -> None:
        known = self._load(connection)
        seen, properties = [], []
        for name in sorted(names):  # in one order: two writers of PostgreSQL can not wait for each other
            told = names[name]
            if name not in known and len(known) >= MOST_NAMES:
                continue
            kept = known.setdefault(name, set())
            seen.append((name, told.n, told.looked_at, told.first_at, told.last_at, told.last_position))
            for key in sorted(told.properties):
                if key not in kept and len(kept) >= MOST_PROPERTIES:
                    continue
                kept.add(key)
                properties.append((name, *key, *told.properties[key]))
        connection.execute_many(SQL["add_seen"], seen)
        if properties:
            connection.execute_many(SQL["add_properties"], properties)

    def _load(self, connection: Connection) -> dict[str, set[tuple[str, str]]]:
        if self._known is None:
            self._known = {name: set() for (name,) in connection.rows(SQL["names"])}
            for name, path, kind in connection.rows(SQL["count_properties"]):
                self._known.setdefault(name, set()).add((path, kind))
        return self._known


def forget_names(connection: Connection, names: Iterable[str]) -> None:
    """Nothing is known of events of these names any more. Effects: `events_seen`, `properties_seen`, `schema_faults`."""
    rows = [(name,) for name in names]
    for statement in ("drop_seen", "drop_properties", "drop_faults"):
        connection.execute_many(SQL[statement], rows)


def _note_properties(
    found: dict[tuple[str, str], list[int]], value: Mapping[str, Any], position: int, above: str = "", level: int = 1
) -> None:
    """Count the values of an object, and of what is in it."""
    for name, item in value.items():
        if item is None:
            continue
        path = above + name
        key = (path, type_of(item))
        kept = found.get(key)
        if kept is None:
            if len(path) > MOST_PATH_CHARACTERS or len(found) >= 4 * MOST_PROPERTIES or "\x00" in path:
                continue
            found[key] = [1, position]
        else:
            if kept[1] != position or not above:  # elements of one list count once
                kept[0] += 1
            kept[1] = position
        if level < MOST_LEVELS and not isinstance(item, _SCALARS):
            inner = item[:MOST_ELEMENTS] if isinstance(item, list) else (item,)
            for part in inner:
                if isinstance(part, dict):
                    _note_properties(found, part, position, f"{path}.", level + 1)


def _write_wrong(connection: Connection, wrong: Sequence[tuple[Event, Mismatch]]) -> None:
    counts: Counter[tuple[str, ...]] = Counter()
    bounds: dict[tuple[str, ...], tuple[int, int, int]] = {}
    rows = []
    for event, (path, expected, found) in wrong:
        name = event.name or ""
        key = (name, path, expected, found)
        counts[key] += 1
        first, last, _ = bounds.get(key, (event.received_at, event.received_at, 0))
        bounds[key] = (min(first, event.received_at), max(last, event.received_at), event.position)
        rows.append((event.position, path, name, event.source, event.received_at, expected, found))
    connection.execute_many(SQL["add_faults"], [(*key, n, *bounds[key]) for key, n in sorted(counts.items())])
    connection.execute_many(SQL["add_faulty"], rows[-KEPT_FAULTY:])
    connection.execute(SQL["prune_faulty"], {"kept": KEPT_FAULTY})
