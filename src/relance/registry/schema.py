"""Whether the properties of an event are of the types that its registration says. A property that is missing is of every type."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from relance.clock import parse_instant
from relance.conditions.clauses import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Mismatch(NamedTuple):
    """A value that is not of the type it should be."""

    path: str
    expected: str
    found: str  # the type of what stands there

    def as_sentence(self) -> str:
        return f"`{self.path}` is {_ARTICLES[self.found]}; the schema says {self.expected}"


_ARTICLES: Mapping[str, str] = {
    "string": "a text", "number": "a number", "integer": "a whole number", "boolean": "a truth value", "datetime": "an instant",
    "date": "a date", "object": "an object", "array": "a list", "null": "missing",
}  # fmt: skip


def type_of(value: Any) -> str:
    """The type of a JSON value, in the words of a schema."""
    if isinstance(value, str):
        if len(value) < 10 or value[4] != "-" or not _DAY.match(value):
            return "string"
        return "date" if _is_date(value) else "datetime" if _is_instant(value) else "string"
    return _PLAIN.get(type(value), "null")


_PLAIN: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and (parse_instant(value) is not None or _is_date(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and float(value).is_integer(),
    "boolean": lambda value: isinstance(value, bool),
    "datetime": _is_instant,
    "date": _is_date,
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def mismatches(schema: Mapping[str, str], properties: Mapping[str, Any]) -> Iterator[Mismatch]:
    """The properties of an event that are not of their type, one a path: with several values at it the first that is not counts."""
    for path, expected in schema.items():
        test = _TESTS[expected]
        if "." not in path or path in properties:
            value = properties.get(path)
            if value is not None and not test(value):
                yield Mismatch(path, expected, type_of(value))
            continue
        wrong = next((value for value in look_up(properties, path.split(".")) if not test(value)), None)
        if wrong is not None:
            yield Mismatch(path, expected, type_of(wrong))
