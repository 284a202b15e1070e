"""Rules compiled: cases → the events they make, in the form of Segment's objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.events.limits import EARLIEST, MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS, read_instant
from relance.imports.cases import Unfit, compile_choice, compile_object, compile_value, make_shape, with_gaps
from relance.imports.mapping import ColumnValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.imports.cases import Cases, Get
    from relance.imports.mapping import EventRule, Mapping, Value

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_CAMEL = {
    "user_id": "userId", "anonymous_id": "anonymousId", "previous_id": "previousId", "timestamp": "timestamp", "event": "event",
}  # fmt: skip
_NEEDED = ("previous_id", "timestamp", "event")
_EARLIEST = format_instant(EARLIEST) or ""
_TEXTS = {str}
_TEXTS_AND_GAPS = {str, type(None)}


class Made:
    """What a rule made of some cases: an item for each index that it concerns."""

    def __init__(self, indexes: Sequence[int], items: list[Any], message_ids: list[str], failed: dict[int, Unfit]) -> None:
        self.indexes, self.items, self.message_ids, self.failed = indexes, items, message_ids, failed


def compile_rules(mapping: Mapping, places: dict[str, int], default_at: str) -> list[Rule]:
    """The events of a mapping.

    Args:
        mapping: the mapping.
        places: where each column stands in a row.
        default_at: the timestamp of events whose rule names none.
    """
    return [Rule(mapping, rule, places, prefix_of(rule, i), default_at) for i, rule in enumerate(mapping.events)]


def prefix_of(rule: EventRule, index: int) -> str:
    """What tells the message ids of several events of one row apart."""
    return "" if index == 0 and rule.id == "0" else f"{rule.id}:"


class Rule:
    """One event that a case may make."""

    def __init__(self, mapping: Mapping, rule: EventRule, places: dict[str, int], prefix: str, default_at: str) -> None:
        self._has_choice, self._choose = bool(rule.when), compile_choice(rule.when, places)
        self._prefix = prefix
        self._default_at = default_at
        self._ids = [(name, places[name]) for name in rule.message_id]
        self._parts: list[tuple[str, str, Get]] = []
        for name in _CAMEL:
            value: Value | None = getattr(rule, name)
            if value is not None:
                column = value.column if isinstance(value, ColumnValue) else name
                self._parts.append((name, column, compile_value(value, places)))
        self._who = next((v.column for v in (rule.user_id, rule.anonymous_id) if isinstance(v, ColumnValue)), "user_id")
        self._needs_who = [name for name, _, _ in self._parts if name in {"user_id", "anonymous_id"}]
        objects = [
            (n, f) for n, f in (("properties", rule.properties), ("traits", rule.traits), ("context", rule.context)) if f
        ]
        self._objects = [compile_object(fields, places) for _, fields in objects]
        self._dated = rule.timestamp is not None
        stamp = rule.timestamp
        self._is_instant = isinstance(stamp, ColumnValue) and mapping.column(stamp.column).type == "datetime"
        keys = ["messageId", *(_CAMEL[name] for name, _, _ in self._parts), *(["timestamp"] if not self._dated else [])]
        self._shape = make_shape([*keys, *(name for name, _ in objects)], tag=rule.type, tag_field="type")

    @property
    def needs_identity(self) -> bool:
        """Whether the event's id is made from the row."""
        return not self._ids

    def make(self, cases: Cases, identities: Sequence[str]) -> Made:
        """The events of all cases that the rule concerns.

        Args:
            cases: the rows.
            identities: what stands for each case, where it names no id of its own.
        """
        indexes: Sequence[int] = range(len(cases))
        if self._has_choice:
            chosen = [self._choose(rows) for rows in cases.rows]
            indexes = [i for i in indexes if chosen[i]]
            cases = type(cases)([chosen[i] for i in indexes])
        failed: dict[int, Unfit] = {}
        while len(cases):
            told = [identities[i] for i in indexes] if not self._ids and len(indexes) < len(identities) else identities
            message_ids, columns = self._columns(cases, told)
            if not cases.failed:
                break
            failed |= {indexes[i]: why for i, why in cases.failed.items()}
            kept = [i for i in range(len(cases)) if i not in cases.failed]
            indexes = [indexes[i] for i in kept]
            cases = cases.chosen(kept)
        else:
            return Made((), [], [], failed)
        return Made(indexes, list(map(self._shape, message_ids, *columns)), message_ids, failed)

    def _columns(self, cases: Cases, identities: Sequence[str]) -> tuple[list[str], list[Sequence[Any]]]:
        """The message ids, and the values of the shape behind them; faults are noted with the cases."""
        message_ids = self._told_ids(cases) if self._ids else list(identities)
        if self._prefix:
            message_ids = [self._prefix + message_id for message_id in message_ids]
        columns = []
        parts: dict[str, Sequence[Any]] = {}
        for name, column, get in self._parts:
            parts[name] = _texts(cases, name, column, get(cases))
            if name == "timestamp":
                _check_instants(cases, column, parts[name], are_instants=self._is_instant)
            columns.append(with_gaps(parts[name]))
        who = [parts[name] for name in self._needs_who]
        if all(None in values for values in who):
            for i, values in enumerate(zip(*who, strict=True)):
                if not any(values):
                    cases.fail(i, Unfit(self._who, "missing_identity", "no value, and the event must be somebody's"))
        if not self._dated:
            columns.append([self._default_at] * len(cases))
        columns += [build(cases) for build in self._objects]
        return message_ids, columns

    def _told_ids(self, cases: Cases) -> list[str]:
        limit = MAX_ID_CHARACTERS - 64
        if len(self._ids) == 1:
            told = cases.column(self._ids[0][1])
            if set(map(type, told)) == _TEXTS and max(map(len, told)) <= limit and "".join(told).isprintable():
                return list(told)
        ids = []
        for i, values in enumerate(zip(*(cases.column(at) for _, at in self._ids), strict=True)):
            if None in values:
                name = self._ids[values.index(None)][0]
                cases.fail(i, Unfit(name, "missing_value", "no value, and the event's messageId needs one"))
            text = "|".join(map(str, values))
            if len(text) > limit or not text.isprintable():
                _check(cases, i, "message_id", self._ids[0][0], text, limit)
            ids.append(text)
        return ids


def _texts(cases: Cases, name: str, column: str, values: Sequence[Any]) -> Sequence[str | None]:
    """The values of an id, a name or a time, which are texts (or missing); the limits are those of `events.parse`."""
    kinds = set(map(type, values))
    if kinds == _TEXTS_AND_GAPS and name not in _NEEDED:
        there = [value for value in values if value is not None]
    else:
        there = list(values) if kinds == _TEXTS else []
    if not there or max(map(len, there)) > MAX_NAME_CHARACTERS or not "".join(there).isprintable():
        values = [_text(cases, i, name, column, value) for i, value in enumerate(values)]
    return values


def _text(cases: Cases, index: int, name: str, column: str, value: Any) -> str | None:
    if value is None:
        if name in _NEEDED:
            cases.fail(index, Unfit(column, "missing_value", f"no value, and the event needs one for its {_CAMEL[name]}"))
        return None
    if isinstance(value, bool | list | dict):
        cases.fail(index, Unfit(column, "wrong_type", "an id, a name and a time are texts or numbers"))
        return None
    text = str(value)
    _check(cases, index, name, column, text, MAX_NAME_CHARACTERS if name == "event" else MAX_ID_CHARACTERS)
    return text


def _check(cases: Cases, index: int, name: str, column: str, text: str, limit: int) -> None:
    if len(text) > limit:
        cases.fail(index, Unfit(column, "too_long", f"{len(text)} characters; at most {limit} are taken"))
    elif name != "event" and _CONTROL.search(text):
        cases.fail(index, Unfit(column, "control_character", "an id holds a control character"))


def _check_instants(cases: Cases, column: str, values: Sequence[str | None], *, are_instants: bool) -> None:
    """What a column of type datetime gave is an instant; what a template, a constant or another column gave need not be."""
    if are_instants and min((value for value in values if value is not None), default=_EARLIEST) >= _EARLIEST:
        return
    for i, value in enumerate(values):
        if value is None:
            continue
        at = read_instant(value)
        if at is None:
            cases.fail(i, Unfit(column, "wrong_type", f"{value[:60]!r} is no instant; give the column the type datetime"))
        elif at < EARLIEST:
            cases.fail(i, Unfit(column, "too_early", f"{value[:60]!r} is before 1900"))
