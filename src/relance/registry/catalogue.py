"""Events by their names, for screens: what is registered, what was seen, what stood in it, and what is not as the schema says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.conditions.clauses import look_up
from relance.errors import NotFound
from relance.events.model import Event
from relance.events.parse import parse_chunk
from relance.registry.schema import Mismatch, mismatches, type_of
from relance.registry.seen import SQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relance.eventlog import EventLog
    from relance.store import Connection

MOST_EXAMPLE_CHARACTERS = 200
LAST_POSITION = 2**62
_SHOWN = ("id", "name", "description", "status", "schema", "rule", "identity")

Answer = dict[str, Any]


def list_event_types(connection: Connection, registered: Iterable[Mapping[str, Any]], name: str = "") -> list[Answer]:
    """Every name that is registered or was seen, the last seen first, then those that never were.

    Args:
        connection: the store.
        registered: the definitions of the kind `event` in force.
        name: this one alone.
    """
    of_name: dict[str, list[Answer]] = {}
    for body in registered:
        of_name.setdefault(str(body["name"]), []).append(_definition(body))
    faults = _faults(connection, name)
    found = []
    for seen_name, n, _, first_at, last_at, _ in connection.rows(SQL["seen"], {"name": name}):
        seen = {"count": n, "first_at": format_instant(first_at), "last_at": format_instant(last_at)}
        found.append(_event_type(seen_name, of_name.pop(seen_name, []), seen, faults))
    return found + [_event_type(other, of_name[other], None, faults) for other in sorted(of_name) if name in ("", other)]


def show_event_type(connection: Connection, log: EventLog | None, registered: Sequence[Mapping[str, Any]], name: str) -> Answer:
    """One name: its definitions, what was seen, its properties with an example of each type, and values that are of another.

    Args:
        connection: the store.
        log: where examples are read; without one there are none.
        registered: the definitions of the kind `event` in force.
        name: the name of the event, or the id of its definition.

    Raises:
        NotFound: it is neither registered nor was ever seen.
    """
    by_id = next((str(body["name"]) for body in registered if body["id"] == name), name)
    found = list_event_types(connection, registered, by_id)
    if not found:
        msg = f"no event {name!r} is registered, and none was seen"
        raise NotFound(msg)
    shown = found[0]
    looked_at = next((row[2] for row in connection.rows(SQL["seen"], {"name": by_id})), 0)
    rows = connection.rows(SQL["properties"], {"name": by_id})
    schema = _schema_of(shown["definitions"])
    examples = _Examples(log)
    properties: dict[str, Answer] = {
        path: {"path": path, "expected": schema.get(path), "types": []} for path in sorted({*schema, *(row[0] for row in rows)})
    }
    for path, kind, n, position in rows:
        properties[path]["types"].append(
            {
                "type": kind,
                "count": n,
                "share": round(n / looked_at, 4) if looked_at else None,
                "example": examples.find(position, path, kind),
            }
        )
    faulty = list_faulty_events(connection, name=by_id, limit=20)
    return {**shown, "looked_at": looked_at, "properties": list(properties.values()), "faulty_events": faulty}


def list_faulty_events(connection: Connection, *, name: str = "", before: int = LAST_POSITION, limit: int = 50) -> list[Answer]:
    """The latest events with a value of another type than their schema says; they count like any other."""
    rows = connection.rows(SQL["faulty"], {"name": name, "before": before, "n": limit})
    return [
        {
            "position": str(position),
            "event": event,
            "source": source,
            "received_at": format_instant(received_at),
            **_fault(path, expected, found),
        }
        for position, path, event, source, received_at, expected, found in rows
    ]


def count_seen(connection: Connection) -> dict[str, int]:
    """How often each event was seen, by name."""
    return {name: n for name, n, *_ in connection.rows(SQL["seen"], {"name": ""})}


def schema_problems(registered: Iterable[Mapping[str, Any]], name: str, properties: Mapping[str, Any]) -> list[Answer]:
    """What in an event is not as its schema says; drafts are asked too."""
    found = (m for body in registered if body["name"] == name for m in mismatches(body.get("schema") or {}, properties))
    return [_fault(*one) for one in dict.fromkeys(found)]


def _definition(body: Mapping[str, Any]) -> Answer:
    return {"status": "published", **{name: body[name] for name in _SHOWN if body.get(name) is not None}}


def schema_of(shown: Mapping[str, Any]) -> Mapping[str, str]:
    """The types of an event's properties, as `show_event_type` answered it."""
    return _schema_of(shown["definitions"])


def schema_of_name(registered: Iterable[Mapping[str, Any]], name: str) -> Mapping[str, str]:
    """The same by the name of the event; nothing where it is not registered."""
    return _schema_of([_definition(body) for body in registered if body["name"] == name])


def last_position_of(connection: Connection, name: str) -> int | None:
    """Where the last event of a name stands in the log, as far as it was read."""
    rows = connection.rows(SQL["seen"], {"name": name})
    return int(rows[0][-1]) or None if rows else None


def _schema_of(definitions: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """The types of all definitions of a name; what is published counts before drafts."""
    schema: dict[str, str] = {}
    for definition in sorted(definitions, key=lambda d: d["status"] == "published"):
        schema.update(definition.get("schema") or {})
    return schema


def _event_type(name: str, definitions: list[Answer], seen: Answer | None, faults: Mapping[str, list[Answer]]) -> Answer:
    return {
        "name": name,
        "registered": bool(definitions),
        "published": any(d["status"] == "published" for d in definitions),
        "derived": any(d.get("rule") for d in definitions),
        "seen": seen,
        "definitions": definitions,
        "faults": faults.get(name, []),
    }


def _fault(path: str, expected: str, found: str) -> Answer:
    says = Mismatch(path, expected, found).as_sentence()
    return {"code": "wrong_type", "path": path, "expected": expected, "found": found, "message": says}


def _faults(connection: Connection, name: str) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for event, path, expected, kind, n, first_at, last_at in connection.rows(SQL["faults"], {"name": name}):
        told = {"count": n, "first_at": format_instant(first_at), "last_at": format_instant(last_at)}
        found.setdefault(event, []).append({**_fault(path, expected, kind), **told})
    return found


class _Examples:
    """Values of events that stand in the log; each request of the log is read once."""

    def __init__(self, log: EventLog | None) -> None:
        self._log = log
        self._read: dict[int, Mapping[str, Any]] = {}

    def find(self, position: int, path: str, kind: str) -> Any:
        """The first value of a type at a path of the event at a position; None when it is not there any more."""
        values = [value for value in look_up(self._properties(position), path.split(".")) if type_of(value) == kind]
        if not values:
            return None
        value = values[0]
        if isinstance(value, str):
            return value if len(value) <= MOST_EXAMPLE_CHARACTERS else f"{value[:MOST_EXAMPLE_CHARACTERS]}…"
        text = json.dumps(value, ensure_ascii=False)
        return value if len(text) <= MOST_EXAMPLE_CHARACTERS else f"{text[:MOST_EXAMPLE_CHARACTERS]}…"

    def _properties(self, position: int) -> Mapping[str, Any]:
        if position not in self._read and self._log is not None and position > 0:
            chunk = self._log.chunk_at(position)
            for item in parse_chunk(chunk) if chunk is not None else ():
                if isinstance(item, Event):
                    self._read[item.position] = item.properties
        return self._read.get(position, {})
