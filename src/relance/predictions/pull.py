"""What takes properties out of JSON texts: each text is read once, however many properties are wanted of it.

A property becomes JSON text first (`12.5`, `"web"`), so that what is missing, what is null and what is a text stay apart;
words are made of it for each different text alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from relance.predictions.layout import Property

if TYPE_CHECKING:
    from collections.abc import Sequence

    Shape = dict[str, Any]  # by key: a shape, a list of one shape, or _LEAF

_READ = "r"
_LEAF = "JSON"
_AMOUNT = "DECIMAL(18, 4)"
_QUOTE = "'\"'"


class Pulled(NamedTuple):
    """Terms of two statements: `reading` over events with `code`, `target` and `properties`, `columns` over its answer.

    Properties of one path and kind share a column, whichever events they are of; `places` has the place of each property's.
    """

    reading: list[str]
    columns: list[str]
    places: list[int]


def pulling(properties: Sequence[Property], names: Sequence[str]) -> Pulled:
    """How properties are taken out.

    Amounts are exact to the ten-thousandth, words come as JSON texts or lists of those (`word_of` reads them). An event may
    hold what was wanted of another name; whoever looks at a name sees its events alone.

    Args:
        properties: what is wanted.
        names: of the events, by their code.
    """
    shared = list(dict.fromkeys((p.path, p.kind) for p in properties))
    owners = [[p.name for p in properties if (p.path, p.kind) == one] for one in shared]
    shape: Shape = {}
    columns, read_of = [], set()
    for i, ((path, kind), of) in enumerate(zip(shared, owners, strict=True)):
        p, which = Property(None, path, kind), _which(of, names)
        fits = [_add(shape, way) for way in _ways(p)]
        if any(fits):
            read_of |= set(of)
        columns.append(f"{_term(p, _READ, which) if all(fits) else _alone(p, which)} AS p{i}")
    reading = []
    if shape:
        which = _which(list(read_of), names)
        reading = [f"CASE WHEN {which} THEN json_transform(properties, {_text(json.dumps(shape))}) END AS {_READ}"]
    return Pulled(reading, columns, [shared.index((p.path, p.kind)) for p in properties])


def word_of(text: str) -> str | None:
    """The word that a JSON text stands for: a text without its quotes, all else as it is written."""
    if text == "null":
        return None
    return str(json.loads(text)) if text.startswith('"') else text


def _ways(p: Property) -> list[tuple[str, ...]]:
    """Where a property may be: step by step, or under a key with dots in it."""
    outer, _, inner = p.path.partition("[]")
    end = ("[]", inner[1:]) if inner else ("[]",) if p.kind == "length" else ()
    steps = tuple(outer.split("."))
    ways = [(*steps, *end)]
    if len(steps) > 1 and not end:
        ways.append((outer,))
    return ways


def _add(shape: Shape, way: tuple[str, ...]) -> bool:
    """Whether a way has room in a shape; it is put there."""
    key, rest = way[0], way[1:]
    if not key or any(key != k and key.lower() == k.lower() for k in shape):
        return False  # the columns of a struct differ by more than capitals
    if not rest:
        return bool(shape.setdefault(key, _LEAF) == _LEAF)
    if rest[0] == "[]":
        there = shape.setdefault(key, [_LEAF])
        if not isinstance(there, list) or len(rest) == 1:
            return isinstance(there, list)
        if there == [_LEAF]:
            there[0] = {}
        return _add(there[0], rest[1:])
    inner = shape.setdefault(key, {})
    return isinstance(inner, dict) and _add(inner, rest)


def _term(p: Property, read: str, which: str) -> str:
    """A property of what was read."""
    columns = [_column(read, way) for way in _ways(p)]
    if p.kind == "length":
        outside = f"CASE WHEN {which} THEN json_array_length(properties, {_path(p.path)}) END"  # nought of what is no list
        return f"CAST(coalesce(len({columns[0]}), {outside}) AS DOUBLE)"
    if "[]" in p.path:
        told = f"list_transform({columns[0]}, lambda e: e.{_name(p.path.partition('[].')[2])})"
        # an element without the key and one with null under it look alike here, and are not the same
        gaps = f"list_count({told}) < len({columns[0]})"
        return _many(p, f"CASE WHEN {gaps} THEN json_extract(properties, {_path(p.path)}) ELSE {told} END")
    return _one(p, columns)


def _alone(p: Property, which: str) -> str:
    """A property that is read by itself, where it does not go with the others."""
    if p.kind == "length":
        found = f"CAST(json_array_length(properties, {_path(p.path)}) AS DOUBLE)"
    elif "[]" in p.path:
        found = _many(p, f"json_extract(properties, {_path(p.path)})")
    else:
        steps = "".join(_step(part) for part in p.path.split("."))
        found = _one(p, [f"json_extract(properties, {_text('$' + way)})" for way in dict.fromkeys((steps, _step(p.path)))])
    return f"CASE WHEN {which} THEN {found} END"


def _one(p: Property, columns: Sequence[str]) -> str:
    there = [f"nullif(CAST({c} AS VARCHAR), 'null')" for c in columns]
    told = f"coalesce({', '.join(there)})" if len(there) > 1 else there[0]
    return told if p.kind == "word" else f"CAST({_amount(told)} AS DOUBLE)"


def _many(p: Property, texts: str) -> str:
    there = f"list_filter({texts}, lambda t: t IS NOT NULL)"
    if p.kind == "word":
        return f"CAST({there} AS VARCHAR[])"
    return f"CAST(list_sum(list_transform({there}, lambda t: {_amount('CAST(t AS VARCHAR)')})) AS DOUBLE)"


def _amount(text: str) -> str:
    return f"TRY_CAST(trim({text}, {_QUOTE}) AS {_AMOUNT})"


def _column(read: str, way: tuple[str, ...]) -> str:
    steps = way[: way.index("[]")] if "[]" in way else way
    return read + "".join(f".{_name(step)}" for step in steps)


def _path(path: str) -> str:
    outer, brackets, inner = path.partition("[]")
    steps = "".join(_step(part) for part in outer.split("."))
    return _text("$" + steps + (f"[*]{_step(inner[1:])}" if brackets and inner else ""))


def _which(of: Sequence[str | None], names: Sequence[str]) -> str:
    """Which events are of some names, None being those that are foretold."""
    codes = sorted(names.index(name) for name in of if name is not None)
    terms = ["target"] if None in of else []
    return "(" + " OR ".join([*terms, *([f"code IN ({', '.join(map(str, codes))})"] if codes else [])]) + ")"


def _step(key: str) -> str:
    return f'."{key}"'


def _name(key: str) -> str:
    return '"' + key.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
