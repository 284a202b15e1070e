"""A first mapping for a file whose columns do not have Segment's names: somebody looks at it before anything is imported."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import parse_instant
from relance.errors import InvalidInput
from relance.imports.mapping import CsvOptions, Mapping
from relance.imports.opening import mapping_of_columns
from relance.imports.readers import open_rows
from relance.imports.readers.choose import format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SHOWN_ROWS = 10
LOOKED_AT = 500
_DELIMITERS = (";", "\t", "|")
_PEOPLE = (
    "userid",
    "customerid",
    "clientid",
    "contactid",
    "memberid",
    "profileid",
    "externalid",
    "idclient",
    "customer",
    "client",
    "user",
)
_ADDRESSES = ("email", "emailaddress", "mail", "courriel", "adresseemail")
_TIMES = (
    "timestamp",
    "datetime",
    "date",
    "time",
    "occurredat",
    "createdat",
    "eventtime",
    "orderdate",
    "invoicedate",
    "datecommande",
)
_EVENTS = ("event", "eventname", "action", "activity", "eventtype")
_NAMES = ("firstname", "lastname", "prenom", "nom", "name", "fullname", "surname", "givenname")
_ORDERS = re.compile(r"order|purchase|invoice|sale|commande|achat|vente|facture", re.IGNORECASE)
_PATTERNS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
             "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d")  # fmt: skip
_SEGMENT = frozenset({"userId", "anonymousId", "user_id", "anonymous_id"})


@dataclass
class Guess:
    """What a file holds, and what its columns may mean.

    Shape:
        columns: their names; rows: the first ones, as texts. `mapping` is None where the file tells what its rows are, or where
        nobody can be found in them.
    """

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    mapping: dict[str, Any] | None = None


def guess_mapping(path: Path) -> Guess:
    """Look at the beginning of a file.

    Raises:
        InvalidInput: it can not be read.
    """
    form, options = format_of(path), CsvOptions()
    given: dict[str, Any] = {}
    columns, rows = _read(path, options)
    if form == "csv" and len(columns) == 1:
        delimiter = max(_DELIMITERS, key=columns[0].count)
        if delimiter in columns[0]:
            options, given = CsvOptions(delimiter=delimiter), {"csv": {"delimiter": delimiter}}
            columns, rows = _read(path, options)
    guess = Guess(columns, [[_text(value) for value in row] for row in rows[:SHOWN_ROWS]])
    if (form == "jsonl" and _SEGMENT & set(columns)) or (form != "jsonl" and not given and _tells(columns, path)):
        return guess
    guess.mapping = _guess(path, columns, rows)
    if guess.mapping is not None:
        guess.mapping = given | guess.mapping
    return guess


def _read(path: Path, options: CsvOptions) -> tuple[list[str], list[list[Any]]]:
    source = open_rows(path, None, options)
    try:
        if format_of(path) == "jsonl":
            lines = [line for block in islice(source.blocks(), 1) for line in block.columns[0][:LOOKED_AT]]
            objects = [found for line in lines if isinstance(found := _decode(line), dict)]
            names = list(dict.fromkeys(name for one in objects for name in one))
            return names, [[one.get(name) for name in names] for one in objects]
        names = list(getattr(source, "columns", []))
        source.ask(Mapping((), ""), names)
        for block in source.blocks():
            return names, [list(row) for row in islice(zip(*block.columns, strict=True), LOOKED_AT)]
        return names, []
    finally:
        source.close()


def _decode(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _tells(columns: Sequence[str], path: Path) -> bool:
    try:
        mapping_of_columns(columns, path)
    except InvalidInput:
        return False
    return True


def _guess(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any] | None:
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in reversed(columns)}
    person, address = _first(_PEOPLE, plain), _first(_ADDRESSES, plain)
    user_id = person or address
    if user_id is None:
        return None
    values = {name: [row[place] for row in rows if _text(row[place])] for place, name in enumerate(columns)}
    types = {name: kind for name in columns if name != user_id and (kind := _type_of(values[name])) is not None}
    times = [name for name, kind in types.items() if _is_time(kind)]
    time = _first(_TIMES, {key: name for key, name in plain.items() if name in times}) or next(iter(times), None)
    kind = _first(_EVENTS, plain)
    rest = [name for name in columns if name not in {user_id, kind}]
    if time is None or (kind is None and address is not None and _first(_NAMES, plain) is not None):
        rule: dict[str, Any] = {"id": "person", "type": "identify", "user_id": user_id, "traits": {n: n for n in rest}}
        if address == user_id:
            rule["traits"] = {"email": user_id} | rule["traits"]
    else:
        stem = re.sub(r"[^\w]+|_", " ", path.name.split(".")[0]).strip().title() or "Imported"
        event: Any = {"column": kind} if kind else "Order Completed" if _ORDERS.search(path.name) else stem
        properties = {n: n for n in rest if n != time}
        rule = {"id": "event", "type": "track", "event": event, "user_id": user_id, "timestamp": time, "properties": properties}
    return {"columns": types, "events": [rule]} if types else {"events": [rule]}


def _first(wanted: Iterable[str], plain: dict[str, str]) -> str | None:
    return next((plain[name] for name in wanted if name in plain), None)


def _is_time(kind: Any) -> bool:
    return kind == "datetime" or (isinstance(kind, dict) and kind["type"] == "datetime")


def _type_of(values: Sequence[Any]) -> Any:
    """What a column's values all are; None for text."""
    if not values:
        return None
    if not all(isinstance(value, str) for value in values):
        return "datetime" if all(isinstance(value, datetime) for value in values) else None
    if all(re.fullmatch(r"-?(0|[1-9]\d{0,17})", v) for v in values):
        return "integer"
    if all(re.fullmatch(r"-?\d+([.]\d+)?", v) and not re.match(r"-?0\d", v) for v in values):
        return "number"
    if all(re.fullmatch(r"-?\d+(,\d+)?", v) and not re.match(r"-?0\d", v) for v in values):
        return {"type": "number", "decimal": ","}
    if all(v.lower() in {"true", "false"} for v in values):
        return "boolean"
    if all(re.match(r"\d{4}-\d\d-\d\d", v) and parse_instant(_with_zone(v)) is not None for v in values):
        return "datetime"
    for pattern in _PATTERNS:
        if all(_reads(v, pattern) for v in values):
            return {"type": "datetime", "format": pattern}
    return None


def _with_zone(text: str) -> str:
    """An ISO time, whole."""
    day, _, clock = text.replace(" ", "T", 1).partition("T")
    if not clock:
        return f"{day}T00:00:00Z"
    clock = f"{clock}:00" if re.fullmatch(r"\d\d:\d\d", clock) else clock
    return f"{day}T{clock}" if re.search(r"(Z|[+-]\d\d:?\d\d)$", clock) else f"{day}T{clock}Z"


def _reads(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)
