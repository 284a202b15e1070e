"""One clause `{path, op, value, ignore_case}` against one JSON object, in plain Python: the hot path of event filters.

The exact meaning (CONTRACT 4.1, SEMANTICS 46): paths look into lists, one level at each step; `null` is missing; a list
at the end matches on any element; a value of another type never matches; negations are exact; nothing raises.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.conditions.patterns import compile_pattern
from relance.localtime import local_date, next_anniversary, parse_instant_or_date

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

NEGATIONS = {"ne": "eq", "not_in": "in", "not_contains": "contains", "is_not_set": "is_set"}
ORDER_OPS = ("gt", "gte", "lt", "lte")
TEXT_OPS = ("starts_with", "ends_with", "matches")
BARE_OPS = ("is_set", "is_not_set", "is_true", "is_false")
INSTANT_OPS = ("before", "after")
LENGTH_OPS = ("within_last", "within_next", "more_than_ago", "anniversary_within")
DATE_OPS = INSTANT_OPS + LENGTH_OPS
_LARGEST_FLOAT = int(sys.float_info.max)
OPERATORS = ("eq", "ne", "in", "not_in", *ORDER_OPS, "between", "contains", "not_contains", *TEXT_OPS, *BARE_OPS, *DATE_OPS)


@dataclass(frozen=True, slots=True)
class Clause:
    """One test of the values at a path. `model.read_clause` makes a checked one, `clause_of` one that is known to be good."""

    path: tuple[str, ...]
    op: str
    value: Any = None  # as written; a list is a tuple, and texts are case-folded under `ignore_case`
    ignore_case: bool = False
    length: int = 0  # of a length of time
    pattern: re.Pattern[str] | None = None  # of `matches`


def clause_of(source: Mapping[str, Any]) -> Clause:
    """The clause of a checked definition."""
    op, value, ignore_case = source["op"], source.get("value"), bool(source.get("ignore_case", False))
    if isinstance(value, list):
        value = tuple(value)
    length = (parse_duration(value) or 0) if op in LENGTH_OPS else 0
    pattern = compile_pattern(str(value), ignore_case=ignore_case) if op == "matches" else None
    if ignore_case and op != "matches":
        value = tuple(map(fold, value)) if isinstance(value, tuple) else fold(value)
    return Clause(tuple(source["path"].split(".")), op, value, ignore_case, length, pattern)


def clause_matches(clause: Clause, root: Any, at: int, zone: ZoneInfo) -> bool:
    """Whether a clause holds for the traits or properties `root` at the instant `at`.

    Args:
        clause: the test.
        root: the JSON object, as Python reads it.
        at: now, in microseconds; only date operators look at it.
        zone: the profile's, in which a date without a time is read.
    """
    positive = NEGATIONS.get(clause.op)
    if positive is not None:
        return not _holds(positive, clause, root, at, zone)
    return _holds(clause.op, clause, root, at, zone)


def all_match(clauses: Iterable[Clause], root: Any, at: int, zone: ZoneInfo) -> bool:
    """Whether every clause of a `where` holds."""
    return all(clause_matches(clause, root, at, zone) for clause in clauses)


def look_up(root: Any, path: Iterable[str]) -> list[Any]:
    """All values at a path. Lists on the way are looked into, one level; a list at the end stays one value."""
    values = [root]
    for name in path:
        found = []
        for value in values:
            if isinstance(value, dict):
                item = value.get(name)
                if item is not None:
                    found.append(item)
            elif isinstance(value, list):
                found += [e[name] for e in value if isinstance(e, dict) and e.get(name) is not None]
        values = found
        if not values:
            break
    return values


def first_value(root: Any, path: Iterable[str]) -> Any:
    """The first value at a path, or None."""
    values = look_up(root, path)
    return values[0] if values else None


def fold(value: Any) -> Any:
    """A text without its case; anything else as it is."""
    return value.casefold() if isinstance(value, str) else value


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; a truth value is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def as_number(value: float) -> float:
    """A number as relance compares it: an integer beyond 64 bits is a floating-point number, as in the warehouses."""
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        return float(max(-_LARGEST_FLOAT, min(_LARGEST_FLOAT, value)))
    return value


def same(a: Any, b: Any) -> bool:
    """Whether two scalars are of one type and equal; 1 is 1.0."""
    if isinstance(a, str):
        return isinstance(b, str) and a == b
    if isinstance(a, bool):
        return a is b
    return is_number(a) and is_number(b) and bool(as_number(a) == as_number(b))


def ordered(op: str, a: Any, b: Any) -> bool:
    """`gt gte lt lte` between two numbers or two texts; texts by code point."""
    if is_number(a) and is_number(b):
        a, b = as_number(a), as_number(b)
    elif not (isinstance(a, str) and isinstance(b, str)):
        return False
    if op == "gt":
        return bool(a > b)
    if op == "gte":
        return bool(a >= b)
    return bool(a < b) if op == "lt" else bool(a <= b)


def _holds(op: str, clause: Clause, root: Any, at: int, zone: ZoneInfo) -> bool:
    path = clause.path
    if len(path) == 1 and type(root) is dict:  # the usual case, three times as fast
        value = root.get(path[0])
        if op == "eq" and type(value) is str and not clause.ignore_case:
            return bool(value == clause.value)
        values = [] if value is None else [value]
    else:
        values = look_up(root, path)
    if op == "is_set":
        return bool(values)
    if not values:
        return False
    if op == "contains":
        return any(_contains(value, clause) for value in values)
    test = _TESTS.get(op) or _date_matches
    for value in values:
        for item in value if isinstance(value, list) else (value,):
            if test(fold(item) if clause.ignore_case else item, clause, at, zone):
                return True
    return False


def _contains(value: Any, clause: Clause) -> bool:
    wanted = clause.value
    if isinstance(value, list):
        return any(same(fold(item) if clause.ignore_case else item, wanted) for item in value)
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    return wanted in (value.casefold() if clause.ignore_case else value)


def _date_matches(value: Any, clause: Clause, at: int, zone: ZoneInfo) -> bool:
    then = parse_instant_or_date(value, zone)
    if then is None:
        return False
    op = clause.op
    if op in INSTANT_OPS:
        limit = parse_instant_or_date(clause.value, zone)
        return limit is not None and (then < limit if op == "before" else then > limit)
    if op == "within_last":
        return at - clause.length < then <= at
    if op == "within_next":
        return at < then <= at + clause.length
    if op == "more_than_ago":
        return then <= at - clause.length
    try:
        return next_anniversary(local_date(then, zone), at, zone) - at <= clause.length
    except (OverflowError, ValueError):  # after the year 9999
        return False


def _between(value: Any, clause: Clause, at: int, zone: ZoneInfo) -> bool:  # noqa: ARG001 - one shape for all tests
    low, high = clause.value
    return ordered("gte", value, low) and ordered("lte", value, high)


_TESTS: dict[str, Callable[[Any, Clause, int, ZoneInfo], bool]] = {
    "eq": lambda v, c, _at, _zone: same(v, c.value),
    "in": lambda v, c, _at, _zone: any(same(v, wanted) for wanted in c.value),
    "gt": lambda v, c, _at, _zone: ordered("gt", v, c.value),
    "gte": lambda v, c, _at, _zone: ordered("gte", v, c.value),
    "lt": lambda v, c, _at, _zone: ordered("lt", v, c.value),
    "lte": lambda v, c, _at, _zone: ordered("lte", v, c.value),
    "between": _between,
    "is_true": lambda v, _c, _at, _zone: v is True,
    "is_false": lambda v, _c, _at, _zone: v is False,
    "starts_with": lambda v, c, _at, _zone: isinstance(v, str) and v.startswith(c.value),
    "ends_with": lambda v, c, _at, _zone: isinstance(v, str) and v.endswith(c.value),
    "matches": lambda v, c, _at, _zone: isinstance(v, str) and c.pattern is not None and c.pattern.search(v) is not None,
}
