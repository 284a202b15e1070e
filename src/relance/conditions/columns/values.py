"""Clauses over columns of JSON texts: asked of the plain reading, once for each distinct value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions.clauses import (
    DATE_OPS,
    INSTANT_OPS,
    ORDER_OPS,
    clause_matches,
    is_number,
    look_up,
)
from relance.localtime import UTC_ZONE, local_date, next_anniversary, next_midnight, parse_instant_or_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from relance.conditions.clauses import Clause
    from relance.conditions.columns.frame import Array, Frame, Texts

_NEVER = -(1 << 62)
_COMPARE = {"gt": np.greater, "gte": np.greater_equal, "lt": np.less, "lte": np.less_equal, "eq": np.equal, "ne": np.not_equal}


def clause_holds(clause: Clause, texts: Texts) -> Array:
    """Whether a clause that does not look at the clock holds, row by row."""
    key, values = clause.path[0], texts.values
    if _is_numeric(clause):
        found = _COMPARE[clause.op](texts.numbers, float(clause.value))
        odd = np.flatnonzero(np.isnan(texts.numbers))
    else:
        found = np.zeros(len(values), dtype=bool)
        odd = np.arange(len(values))
    for place in odd.tolist():
        found[place] = clause_matches(clause, {key: values[place]}, 0, UTC_ZONE)
    answer: Array = found[texts.coded.codes]
    return answer


def _is_numeric(clause: Clause) -> bool:
    wanted = clause.value
    return len(clause.path) == 1 and clause.op in (*ORDER_OPS, "eq", "ne") and is_number(wanted) and abs(wanted) < 1 << 53


def trait_holds(clause: Clause, frame: Frame) -> Array:
    """Whether a clause holds of the traits at each moment."""
    texts = frame.traits(clause.path[0])
    if clause.op not in DATE_OPS:
        return clause_holds(clause, texts)
    return _Dates(clause, texts, frame).hold()


class _Dates:
    """A date operator at each moment: what depends on value and zone alone is found once for both."""

    def __init__(self, clause: Clause, texts: Texts, frame: Frame) -> None:
        self.clause, self.texts, self.frame = clause, texts, frame
        self.sources, self.of = frame.in_zones(texts)

    def hold(self) -> Array:
        clause, frame = self.clause, self.frame
        if clause.op in INSTANT_OPS:
            answers = [clause_matches(clause, self._root(value), 0, self._zone(zone)) for value, zone in self.sources]
            found: Array = np.array(answers, dtype=bool)[self.of]
            return found
        singles = self._once("single", lambda: [self._single(value, zone) for value, zone in self.sources])
        then = np.array([_NEVER if at is None else at for at in singles], dtype=np.int64)[self.of]
        at, length = frame.at, clause.length
        if clause.op == "within_last":
            result = (then > at - length) & (then <= at)
        elif clause.op == "within_next":
            result = (then > at) & (then <= at + length)
        elif clause.op == "more_than_ago":
            result = (then <= at - length) & (then != _NEVER)
        else:
            result = self._anniversaries(singles)
        many = self._once("many", lambda: np.array([self._is_many(value) for value, _ in self.sources], dtype=bool)[self.of])
        for moment in np.flatnonzero(many).tolist():
            value, zone = self.sources[self.of[moment]]
            result[moment] = clause_matches(clause, self._root(value), int(at[moment]), self._zone(zone))
        return result

    def _once(self, what: str, make: Callable[[], Any]) -> Any:
        """What all date operators on one path share."""
        key = (what, self.clause.path)
        if key not in self.frame.cache:
            self.frame.cache[key] = make()
        return self.frame.cache[key]

    def _zone(self, code: int) -> ZoneInfo:
        zones = self.frame.states["zone"]
        return self.frame.zone(zones.values[code])

    def _root(self, code: int) -> dict[str, Any]:
        return {self.clause.path[0]: self.texts.values[code]}

    def _found(self, code: int) -> list[Any]:
        return look_up(self._root(code), self.clause.path)

    def _is_many(self, code: int) -> bool:
        found = self._found(code)
        return len(found) > 1 or (len(found) == 1 and isinstance(found[0], list))

    def _single(self, code: int, zone: int) -> int | None:
        if code < 0:
            return None
        key = (self.clause.path, self.texts.coded.values[code], self.frame.states["zone"].values[zone])
        if key not in self.frame.memory:
            found = self._found(code)
            one = found[0] if len(found) == 1 and not isinstance(found[0], list) else None
            self.frame.memory[key] = parse_instant_or_date(one, self._zone(zone))
        single: int | None = self.frame.memory[key]
        return single

    def _anniversaries(self, singles: list[int | None]) -> Array:
        """An anniversary is found once for all moments up to the end of its day."""
        frame, length = self.frame, self.clause.length
        begins, ends = self._once("anniversary", lambda: self._days(singles))
        found: Array = begins[self.of] - frame.at <= length
        there = np.array([then is not None for then in singles], dtype=bool)[self.of]
        for moment in np.flatnonzero(there & (frame.at >= ends[self.of])).tolist():
            value, zone_code = self.sources[self.of[moment]]
            root = self._root(value)
            found[moment] = clause_matches(self.clause, root, int(frame.at[moment]), self._zone(zone_code))
        return found & there

    def _days(self, singles: list[int | None]) -> tuple[Array, Array]:
        """From when to when the next anniversary lasts, seen from the earliest moment of each."""
        first = np.full(len(singles), np.iinfo(np.int64).max)
        np.minimum.at(first, self.of, self.frame.at)
        begins, ends = np.zeros(len(singles), dtype=np.int64), np.full(len(singles), _NEVER)
        for place, (then, (_, zone)) in enumerate(zip(singles, self.sources, strict=True)):
            if then is not None:
                begins[place], ends[place] = self._next_day(then, int(first[place]), zone)
        return begins, ends

    def _next_day(self, then: int, at: int, zone: int) -> tuple[int, int]:
        """From when to when the next anniversary lasts; found once for all instants between two of them."""
        key = (then, self.frame.states["zone"].values[zone])
        since, begin, end = self.frame.memory.get(key, (0, 0, _NEVER))
        if not since <= at < end:
            begin, end = _next_day(then, at, self._zone(zone))
            self.frame.memory[key] = (at, begin, end)
        return begin, end


def _next_day(then: int, at: int, zone: ZoneInfo) -> tuple[int, int]:
    """From when to when the next anniversary lasts; a time long past where there is none any more."""
    try:
        begin = next_anniversary(local_date(then, zone), at, zone)
        return begin, next_midnight(begin, zone)
    except (OverflowError, ValueError):  # after the year 9999
        return 1 << 62, _NEVER
