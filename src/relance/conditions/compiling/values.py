"""Clauses, compiled: tests of the values at a path of a JSON text.

Most paths meet no list. So each test first takes the straight way, and looks into lists only where the text says there
is one; the engines evaluate the other branch on those rows alone.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis

from relance.clock import parse_instant
from relance.conditions.clauses import DATE_OPS, INSTANT_OPS, NEGATIONS, ORDER_OPS, Clause, as_number
from relance.conditions.compiling.relations import (
    anniversary_of,
    casefold,
    instant_of,
    near_anniversary,
    near_dates,
    surely_before,
    value_inside,
    value_integer,
    value_items,
    value_key,
    value_number,
    value_text,
)
from relance.conditions.patterns import read_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any  # an Ibis expression: its types say little to a checker

_PLAIN = re.compile(r"[ -~]*")
_QUOTED = re.compile(r'["\\/]')
EXACT_IN_FLOAT = 1 << 53
MANY_DIGITS = 10**37


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a test may look at besides the value: the instant of the moment, and the zone of the profile."""

    at: Value
    zone: Value


def matches(clause: Clause, document: Value, around: Surroundings) -> Value:
    """Whether a clause holds for a JSON object; true or false, never missing."""
    op = NEGATIONS.get(clause.op, clause.op)
    if op == "contains":
        found = _any_value(document, clause.path, lambda value: _contains(value, clause), lambda value: _is_part(value, clause))
    elif op == "is_set":
        found = _any_value(document, clause.path, is_set, is_set)
    else:
        test = _test_of(op, clause, around)
        found = _any_value(document, clause.path, lambda value: _any_item(value, test), test)
    return ~_sure(found) if clause.op in NEGATIONS else _sure(found)


def needs_zone(clause: Clause) -> bool:
    """Whether the clause reads wall-clock time."""
    return clause.op in DATE_OPS


def is_list(value: Value) -> Value:
    """Whether a JSON text is a list."""
    return value.startswith("[")


def is_set(value: Value) -> Value:
    """Whether there is a value: neither missing nor null."""
    return value.notin(["", "null"])


def values_at(document: Value, path: tuple[str, ...]) -> Value:
    """The JSON texts of all values at a path, as an array: lists on the way are looked into, one level."""
    values = ibis.array([value_key(document, path[0])]).filter(is_set)
    for name in path[1:]:
        values = values.map(lambda value, name=name: _values_of_key(value, name)).flatten().filter(is_set)
    return values


def _values_of_key(value: Value, name: str) -> Value:
    inside = value_items(value).filter(lambda item: item.startswith("{")).map(lambda item: value_key(item, name))
    return ibis.cases((is_list(value), inside), else_=ibis.array([value_key(value, name)]))


def _any_value(
    document: Value, path: tuple[str, ...], test: Callable[[Value], Value], plain: Callable[[Value], Value]
) -> Value:
    """Whether a test holds for some value at a path. Where the whole document has no list, `plain` does, which looks for none."""
    value = document
    for start in range(0, len(path), 2):  # a document is read once for two names
        names = path[start : start + 2]
        value = value_key(value, *names) if len(names) == 1 else value_inside(value, *names)
    return ibis.cases((document.contains("["), _any_listed(document, path, test)), else_=plain(value))


def _any_listed(document: Value, path: tuple[str, ...], test: Callable[[Value], Value]) -> Value:
    value = value_key(document, path[0])
    lists = []
    for name in path[1:]:
        lists.append(is_list(value))
        value = value_key(value, name)
    straight = test(value)
    if not lists:
        return straight
    looked_into = values_at(document, path).filter(test).length() > 0
    return ibis.cases((_sure(ibis.or_(*lists)), looked_into), else_=straight)


def _any_item(value: Value, test: Callable[[Value], Value]) -> Value:
    return ibis.cases((is_list(value), value_items(value).filter(test).length() > 0), else_=test(value))


def _sure(truth: Value) -> Value:
    return truth.fill_null(False)


def _contains(value: Value, clause: Clause) -> Value:
    element = _equals(clause)
    inside = value_items(value).filter(element).length() > 0
    return ibis.cases((is_list(value), inside), else_=_is_part(value, clause))


def _is_part(value: Value, clause: Clause) -> Value:
    return _text(value, clause).contains(clause.value) if isinstance(clause.value, str) else ibis.literal(False)


def _test_of(op: str, clause: Clause, around: Surroundings) -> Callable[[Value], Value]:
    wanted = clause.value
    if op == "eq":
        return _equals(clause)
    if op == "in":
        return _is_one_of(clause)
    if op in ORDER_OPS:
        return lambda value: _ordered(op, value, wanted, clause)
    if op == "between":
        return lambda value: _ordered("gte", value, wanted[0], clause) & _ordered("lte", value, wanted[1], clause)
    if op in ("is_true", "is_false"):
        return lambda value: value == ("true" if op == "is_true" else "false")
    if op == "starts_with":
        return lambda value: _text(value, clause).startswith(wanted)
    if op == "ends_with":
        return lambda value: _text(value, clause).endswith(wanted)
    if op == "matches":
        pattern = read_pattern(wanted, ignore_case=clause.ignore_case).re2
        return lambda value: _text(value, clause).re_search(pattern)
    return lambda value: _date_holds(clause, value, around)


def _text(value: Value, clause: Clause) -> Value:
    text = value_text(value)
    return casefold(text) if clause.ignore_case else text


def _plain_json(text: str) -> str | None:
    """The JSON text of a text, if it can be written in one way only."""
    return f'"{text}"' if _PLAIN.fullmatch(text) and not _QUOTED.search(text) else None


def _equals(clause: Clause) -> Callable[[Value], Value]:
    wanted = clause.value
    if isinstance(wanted, bool):
        return lambda value: value == ("true" if wanted else "false")
    if isinstance(wanted, str):
        quoted = None if clause.ignore_case else _plain_json(wanted)
        return lambda value: value == quoted if quoted is not None else _text(value, clause) == wanted
    return lambda value: number_test("eq", value, wanted)


def _is_one_of(clause: Clause) -> Callable[[Value], Value]:
    words = [w for w in clause.value if isinstance(w, str)]
    plain = [] if clause.ignore_case else [q for w in words if (q := _plain_json(w)) is not None]
    odd = words if clause.ignore_case else [w for w in words if _plain_json(w) is None]
    truths = [json.dumps(w) for w in clause.value if isinstance(w, bool)]
    numbers = [as_number(w) for w in clause.value if not isinstance(w, (str, bool))]
    small = [float(n) for n in numbers if abs(n) < EXACT_IN_FLOAT]

    def test(value: Value) -> Value:
        parts = [value.isin(plain + truths)] if plain or truths else []
        if odd:
            parts.append(_sure(_text(value, clause).isin(odd)))
        if small:
            parts.append(_sure(value_number(value).isin(small)))
        parts += [_sure(number_test("eq", value, n)) for n in numbers if abs(n) >= EXACT_IN_FLOAT]
        return ibis.or_(*map(_sure, parts)) if parts else ibis.literal(False)

    return test


def _ordered(op: str, value: Value, wanted: Any, clause: Clause) -> Value:
    if isinstance(wanted, str):
        return compare(op, _text(value, clause), wanted)
    return number_test(op, value, wanted)


def compare(op: str, left: Value, right: Any) -> Value:
    """`eq ne gt gte lt lte` of two expressions."""
    if op == "eq":
        return left == right
    if op == "ne":
        return left != right
    if op in ("gt", "gte"):
        return left > right if op == "gt" else left >= right
    return left < right if op == "lt" else left <= right


def number_test(op: str, value: Value, wanted: float) -> Value:
    """A comparison of a JSON number with a constant, exact even where floating point is not."""
    wanted = as_number(wanted)
    if abs(wanted) < EXACT_IN_FLOAT:  # rounding a 64-bit integer can not carry it over such a number
        return compare(op, value_number(value), float(wanted))
    whole = max(-MANY_DIGITS, min(MANY_DIGITS, wanted if isinstance(wanted, int) or math.isinf(wanted) else int(wanted)))
    integer = compare(op, value_integer(value), ibis.literal(Decimal(int(whole)), "decimal(38, 0)"))
    return ibis.cases((value_integer(value).notnull(), integer), else_=_float_test(op, value_number(value), wanted))


def _float_test(op: str, number: Value, wanted: float) -> Value:
    nearest = float(wanted)
    if nearest == wanted:
        return compare(op, number, nearest)
    if op == "eq":
        return ibis.literal(False)
    above = nearest > wanted  # then every float over `wanted` is at least `nearest`
    if op in ("gt", "gte"):
        return number >= nearest if above else number > nearest
    return number < nearest if above else number <= nearest


def _date_holds(clause: Clause, value: Value, around: Surroundings) -> Value:
    """A date operator. Dates are read exactly, which costs a microsecond and more, only where they may be near enough."""
    exact = _date_matches(clause, instant_of(value_text(value), around.zone), around)
    at, length = around.at, clause.length
    if clause.op == "anniversary_within":
        return ibis.cases((near_anniversary(value, at, length), exact), else_=False)
    if clause.op in ("within_last", "within_next"):
        low, high = (at - length, at) if clause.op == "within_last" else (at, at + length)
        return ibis.cases((near_dates(value, low, high), exact), else_=False)
    if clause.op == "more_than_ago":
        return ibis.cases((surely_before(value, at - length), True), else_=exact)
    return exact


def _date_matches(clause: Clause, then: Value, around: Surroundings) -> Value:
    op, at, length = clause.op, around.at, clause.length
    if op in INSTANT_OPS:
        instant = parse_instant(clause.value)
        limit = instant_of(ibis.literal(clause.value), around.zone) if instant is None else ibis.literal(instant, "int64")
        return then < limit if op == "before" else then > limit
    if op == "within_last":
        return (then > at - length) & (then <= at)
    if op == "within_next":
        return (then > at) & (then <= at + length)
    if op == "more_than_ago":
        return then <= at - length
    return anniversary_of(then, at, around.zone) - at <= length
