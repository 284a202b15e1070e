"""What stands in people's traits and in events, for screens that suggest it: paths, types and usual values.

Read from those who changed last, and from the last events of a name: what is suggested is a help, not an answer.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.conditions.clauses import look_up
from relance.registry.schema import type_of
from relance.registry.seen import SQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relance.store import Connection
    from relance.warehouse.base import ReadableWarehouse

PEOPLE_LOOKED_AT = 2_000
EVENTS_LOOKED_AT = 2_000
MOST_PATHS = 300
MOST_LEVELS = 4
MOST_ELEMENTS = 5  # of a list that are looked into
MOST_TEXT = 80  # longer texts are told, not chosen
USUAL = 8  # values shown with a path
_SCALARS = (str, int, float, bool)

Answer = dict[str, Any]
Scalar = str | int | float | bool


@dataclass(slots=True)
class _Path:
    """What was seen at one path."""

    n: int = 0
    types: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, Scalar]] = field(default_factory=Counter)


def list_traits(connection: Connection) -> Answer:
    """The paths of traits, the commonest first: `path`, `share` of those looked at, `types`, and usual `values`.

    A path whose values hardly ever come twice, such as an address, has none.
    """
    found: dict[str, _Path] = {}
    people = 0
    for traits in _last_traits(connection):
        people += 1
        for path, values in _leaves(traits):
            seen = found.setdefault(path, _Path()) if len(found) < MOST_PATHS else found.get(path)
            if seen is not None:
                seen.n += 1
                _count(values, seen)
    items = [
        {
            "path": path,
            "share": round(seen.n / people, 4),
            "types": [kind for kind, _ in seen.types.most_common()],
            "values": [value for (_, value), n in seen.values.most_common(USUAL)] if _repeats(seen) else [],
        }
        for path, seen in sorted(found.items(), key=lambda item: (-item[1].n, item[0]))
    ]
    return {"looked_at": people, "items": items}


def list_trait_values(connection: Connection, path: str, text: str = "", limit: int = 30) -> Answer:
    """The values at a path that hold a text, the commonest first: `value` and `count`."""
    return _values(_last_traits(connection), path, text, limit)


def list_event_values(warehouse: ReadableWarehouse, event: str, path: str, text: str = "", limit: int = 30) -> Answer:
    """The values at a path of an event's properties that hold a text, the commonest first."""
    if "\\" in event or "\0" in event:  # engines do not agree on how that is written
        return {"looked_at": 0, "items": []}
    statement = SQL["last_properties"].format(name=event.replace("'", "''"), n=EVENTS_LOOKED_AT)
    table = warehouse.read_table(statement)
    return _values((json.loads(row) for row in table["properties"].to_pylist() if row), path, text, limit)


def _last_traits(connection: Connection) -> Iterator[Mapping[str, Any]]:
    for (traits,) in connection.rows(SQL["last_traits"], {"n": PEOPLE_LOOKED_AT}):
        yield json.loads(traits)


def _values(roots: Iterable[Mapping[str, Any]], path: str, text: str, limit: int) -> Answer:
    seen = _Path()
    looked_at = 0
    for root in roots:
        looked_at += 1
        _count(look_up(root, path.split(".")), seen)
    wanted = text.casefold()
    chosen = [(value, n) for (_, value), n in seen.values.most_common() if wanted in str(value).casefold()]
    return {"looked_at": looked_at, "items": [{"value": value, "count": n} for value, n in chosen[:limit]]}


def _count(values: Iterable[Any], seen: _Path) -> None:
    for value in values:
        kind = type_of(value)
        seen.types[kind] += 1
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, _SCALARS) and (not isinstance(part, str) or len(part) <= MOST_TEXT):
                seen.values[type(part).__name__, part] += 1


def _repeats(seen: _Path) -> bool:
    """Whether values come often enough to be chosen from."""
    return len(seen.values) <= max(USUAL, seen.n // 4)


def _leaves(root: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Every path of one person's traits, each once, with all values there; lists stand for their elements."""
    paths: dict[str, None] = {}

    def walk(value: Any, path: str, level: int) -> None:
        if isinstance(value, dict) and level < MOST_LEVELS:
            for name, inner in value.items():
                if name and "." not in name:
                    walk(inner, f"{path}.{name}" if path else name, level + 1)
        elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
            for part in value[:MOST_ELEMENTS]:
                walk(part, path, level)
        elif path and value is not None:
            paths[path] = None

    walk(root, "", 0)
    for path in paths:
        yield path, look_up(root, path.split("."))
