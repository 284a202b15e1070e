"""Rules compiled: the typed rows of a group → the events they make, as Segment's objects."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from relance.events.limits import MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS
from relance.imports.filters import compile_clauses
from relance.imports.mapping import (
    ColumnValue,
    ConstantValue,
    CountValue,
    RowsValue,
    SumValue,
    TemplateValue,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.imports.filters import Test
    from relance.imports.mapping import Clause, EventRule, Fields, Mapping, Value

    Rows = Sequence[Sequence[Any]]
    Get = Callable[[Rows], Any]
    Make = Callable[[Rows, str], dict[str, Any] | None]

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_CAMEL = {
    "user_id": "userId", "anonymous_id": "anonymousId", "previous_id": "previousId", "timestamp": "timestamp", "event": "event",
}  # fmt: skip


class Unfit(ValueError):
    """A row lacks what its event needs."""

    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.code, self.message = column, code, message


def compile_rules(mapping: Mapping, places: dict[str, int], default_at: str) -> list[Make]:
    """One function for each event of the mapping: (rows, their stable id) → an item, or None when it concerns none of them.

    Args:
        mapping: the mapping.
        places: where each column stands in a typed row.
        default_at: the timestamp of events whose rule names none.
    """
    return [_Rule(rule, places, prefix_of(rule, i), default_at).make for i, rule in enumerate(mapping.events)]


def prefix_of(rule: EventRule, index: int) -> str:
    """What tells the message ids of several events of one row apart."""
    return "" if index == 0 and rule.id == "0" else f"{rule.id}:"


class _Rule:
    def __init__(self, rule: EventRule, places: dict[str, int], prefix: str, default_at: str) -> None:
        self._type = rule.type
        self._test = compile_clauses(rule.when, places)
        self._prefix = prefix
        self._default_at = default_at
        self._ids = [places[name] for name in rule.message_id]
        self._id_names = rule.message_id
        self._parts: list[tuple[str, str, Get, bool]] = []
        for name, wire in _CAMEL.items():
            value: Value | None = getattr(rule, name)
            if value is not None:
                needed = name in {"timestamp", "event", "previous_id"}
                self._parts.append(
                    (wire, value.column if isinstance(value, ColumnValue) else name, _compile(value, places), needed)
                )
        self._who = next((v.column for v in (rule.user_id, rule.anonymous_id) if isinstance(v, ColumnValue)), "user_id")
        self._dated = rule.timestamp is not None
        self._objects = [
            (name, _compile_fields(fields, places))
            for name, fields in (("properties", rule.properties), ("traits", rule.traits), ("context", rule.context))
            if fields
        ]

    def make(self, rows: Rows, identity: str) -> dict[str, Any] | None:
        if self._test is not None:
            rows = [row for row in rows if self._test(row)]
            if not rows:
                return None
        item: dict[str, Any] = {
            "type": self._type,
            "messageId": self._prefix + (self._told_id(rows[0]) if self._ids else identity),
        }
        for name, column, get, needed in self._parts:
            value = get(rows)
            if value is None:
                if needed:
                    raise Unfit(column, "missing_value", f"no value, and the event needs one for its {name}")
                continue
            if value.__class__ is not str:
                value = _as_id(value, column)
            elif len(value) > MAX_NAME_CHARACTERS or not value.isprintable():
                _refuse_text(name, column, value)
            item[name] = value
        if "userId" not in item and "anonymousId" not in item:
            raise Unfit(self._who, "missing_identity", "no value, and the event must be somebody's")
        if not self._dated:
            item["timestamp"] = self._default_at
        for name, build in self._objects:
            item[name] = build(rows)
        return item

    def _told_id(self, row: Sequence[Any]) -> str:
        parts = []
        for at, name in zip(self._ids, self._id_names, strict=True):
            if row[at] is None:
                raise Unfit(name, "missing_value", "no value, and the event's messageId needs one")
            parts.append(str(row[at]))
        told = "|".join(parts)
        if len(told) > MAX_ID_CHARACTERS - 64 or not told.isprintable():
            _refuse_text("message_id", self._id_names[0], told + " " * 64)
        return told


def _refuse_text(name: str, column: str, value: str) -> None:
    """The limits that `events.parse` has."""
    limit = MAX_NAME_CHARACTERS if name == "event" else MAX_ID_CHARACTERS
    if len(value) > limit:
        raise Unfit(column, "too_long", f"{len(value)} characters; at most {limit} are taken")
    if name != "event" and _CONTROL.search(value):
        raise Unfit(column, "control_character", "an id holds a control character")


def _as_id(value: Any, column: str) -> str:
    if isinstance(value, bool | list | dict):
        raise Unfit(column, "wrong_type", "an id, a name and a time are texts or numbers")
    return str(value)


def _compile(value: Value, places: dict[str, int]) -> Get:
    """What gets a value out of the rows of a group."""
    match value:
        case ColumnValue(column):
            at = places[column]
            return lambda rows: rows[0][at]
        case ConstantValue(constant):
            return lambda _: constant
        case TemplateValue(text, columns):
            return _compile_template(text, [(f"{{{name}}}", places[name]) for name in columns])
        case RowsValue(fields, when):
            build, chosen = _compile_fields(fields, places), _compile_choice(when, places)
            return lambda rows: [build((row,)) for row in chosen(rows)]
        case SumValue(columns, when, digits, negate):
            return _compile_sum(
                [places[name] for name in columns], _compile_choice(when, places), columns, digits, -1 if negate else 1
            )
        case CountValue(when):
            counted = _compile_choice(when, places)
            return lambda rows: len(counted(rows))


def _compile_choice(when: Sequence[Clause], places: dict[str, int]) -> Callable[[Rows], Rows]:
    test: Test | None = compile_clauses(when, places)
    if test is None:
        return lambda rows: rows
    return lambda rows: [row for row in rows if test(row)]


def _compile_template(text: str, parts: list[tuple[str, int]]) -> Get:
    def fill(rows: Rows) -> str | None:
        made = text
        for mark, at in parts:
            value = rows[0][at]
            if value is None:
                return None
            made = made.replace(mark, str(value))
        return made

    return fill


def _compile_sum(at: list[int], chosen: Callable[[Rows], Rows], names: Sequence[str], digits: int, sign: int) -> Get:
    def total(rows: Rows) -> int | float:
        products = []
        for row in chosen(rows):
            factors = [row[i] for i in at]
            for name, factor in zip(names, factors, strict=True):
                if not isinstance(factor, int | float):
                    raise Unfit(name, "wrong_type", "no number, and a sum needs one; give the column the type number")
            products.append(math.prod(factors))
        result = round(sign * math.fsum(products), digits)
        return int(result) if result.is_integer() else result

    return total


def _compile_fields(fields: Fields, places: dict[str, int]) -> Callable[[Rows], dict[str, Any]]:
    """What builds an object; a dotted name makes objects within it, a missing value leaves its field out."""
    plain = [(name, places[v.column]) for name, v in fields if isinstance(v, ColumnValue) and "." not in name]
    other = [(name.split("."), _compile(v, places)) for name, v in fields if not isinstance(v, ColumnValue) or "." in name]

    def build(rows: Rows) -> dict[str, Any]:
        first = rows[0]
        made = {name: first[at] for name, at in plain if first[at] is not None}
        for path, get in other:
            value = get(rows)
            if value is not None:
                inner = made
                for key in path[:-1]:
                    inner = inner.setdefault(key, {})
                inner[path[-1]] = value
        return made

    return build
