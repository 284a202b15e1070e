"""Clauses of `skip_when` and `when`, with the words of the condition language and their meaning.

`ne`, `not_in` and `not_contains` match what is missing; no other operator does, but `is_not_set`. None ever raises.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from relance.clock import parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.imports.mapping import Clause

    Row = Sequence[Any]
    Test = Callable[[Row], bool]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
}  # fmt: skip
LISTS = ("in", "not_in")
ALONE = ("is_set", "is_not_set", "is_true", "is_false")
TEXTS = ("starts_with", "ends_with", "matches")
OPERATORS = ("eq", "ne", *LISTS, *_ORDER, "contains", "not_contains", *TEXTS, *ALONE)


def compile_clauses(clauses: Sequence[Clause], places: dict[str, int]) -> Test | None:
    """A test that holds when all the clauses hold; None when there are none."""
    tests = [compile_clause(clause, places[clause.column]) for clause in clauses]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def compile_clause(clause: Clause, at: int) -> Test:
    """A test of one value of a row."""
    op, wanted = clause.op, clause.value
    match op:
        case "is_set":
            return lambda row: row[at] is not None
        case "is_not_set":
            return lambda row: row[at] is None
        case "is_true":
            return lambda row: row[at] is True
        case "is_false":
            return lambda row: row[at] is False
        case "in" | "not_in":
            inside = op == "in"
            if all(isinstance(v, str) for v in wanted):
                texts = frozenset(wanted)
                return lambda row: (row[at].__class__ is str and row[at] in texts) is inside
            choice = {(_kind(v), v) for v in wanted}
            return lambda row: ((_kind(row[at]), _hashable(row[at])) in choice) is inside
        case "eq":
            return lambda row: row[at] == wanted and _kind(row[at]) is _kind(wanted)
        case "ne":
            return lambda row: row[at] != wanted or _kind(row[at]) is not _kind(wanted)
        case "gt" | "gte" | "lt" | "lte":
            return _compile_order(_ORDER[op], at, wanted)
        case _:
            return _compile_text(op, at, wanted)


def _compile_order(compare: Callable[[Any, Any], bool], at: int, wanted: Any) -> Test:
    instant = parse_instant(wanted)
    if instant is None:
        kinds = (int, float) if _kind(wanted) is float else (type(wanted),)
        return lambda row: row[at].__class__ in kinds and compare(row[at], wanted)

    def test(row: Row) -> bool:
        found = parse_instant(row[at])
        return found is not None and compare(found, instant)

    return test


def _compile_text(op: str, at: int, wanted: Any) -> Test:
    def contains(row: Row) -> bool:
        value = row[at]
        return isinstance(value, str | list) and wanted in value

    match op:
        case "contains":
            return contains
        case "not_contains":
            return lambda row: not contains(row)
        case "starts_with":
            return lambda row: isinstance(row[at], str) and row[at].startswith(wanted)
        case "ends_with":
            return lambda row: isinstance(row[at], str) and row[at].endswith(wanted)
        case _:
            pattern = re.compile(wanted)
            return lambda row: isinstance(row[at], str) and pattern.search(row[at]) is not None


def _kind(value: Any) -> type:
    """`1` and `1.0` are of one kind; `1`, `"1"` and `true` are not."""
    return float if type(value) is int else type(value)


def _hashable(value: Any) -> Any:
    return value if value.__hash__ else None
