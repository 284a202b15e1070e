"""Figures over events, compiled: `sum avg min max count_distinct first last`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis

from relance.conditions.compiling.relations import value_identity, value_key, value_millionths, value_number, value_text
from relance.conditions.compiling.values import compare, is_set, number_test, values_at
from relance.conditions.figures import LARGEST, MILLION, wanted_millionths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.conditions import model
    from relance.conditions.compiling.did import DidScans, Occurrence

_MOST_MILLIONTHS = LARGEST * MILLION * 10**11  # more than any sum, and still of 38 digits
_NO = False


def meets_limits(limits: Iterable[model.Limit], number: Any) -> Any:
    """Whether a number that is always there meets all limits."""
    tests = [compare(limit.op, number, limit.value) for limit in limits]
    return ibis.and_(*tests) if tests else ibis.literal(True)


@dataclass(slots=True)
class AggregateScan:
    """One figure for each moment that has any of its events."""

    name: str
    key: str
    condition: model.Did
    occurrences: list[Occurrence]
    window: model.Window
    zoned: bool

    @property
    def aggregate(self) -> model.Aggregate:
        assert self.condition.aggregate is not None  # noqa: S101 - else there is no such scan
        return self.condition.aggregate

    @property
    def holds_of_nothing(self) -> bool:
        """Whether the figure over no events meets its limits: a sum and a count are 0 then, the others are missing."""
        limits = self.aggregate.limits
        if self.aggregate.function == "count_distinct":
            return all(_of_constants(limit.op, 0, limit.value) for limit in limits)
        return self.aggregate.function == "sum" and all(
            _of_constants(lim.op, 0, wanted_millionths(lim.value)) for lim in limits
        )

    def column(self, table: Any) -> Any:
        """Whether the figure meets its limits."""
        return table[f"{self.name}_yes"].fill_null(self.holds_of_nothing)

    def table(self, rows: Any, scans: DidScans) -> Any:
        """The figure's relation: the key of the moments, and `{name}_yes`."""
        key, path = scans.moments.key, self.aggregate.path
        rows = rows.filter(scans.is_one(rows, self.occurrences[0]))
        if self.aggregate.function in ("first", "last"):
            return self._at_the_end(rows, key)
        if len(path) == 1:
            values = rows.select(key, value=value_key(rows.properties, path[0]))
        else:
            values = rows.select(key, value=values_at(rows.properties, path).unnest())
        if self.aggregate.function == "count_distinct":  # the same text twice is the same value twice
            values = values.distinct()
        # Other figures pass over what is missing, as they do over what is no number: a test of each value would read it twice.
        return values.group_by(key).agg(**{f"{self.name}_yes": self._test})

    def _at_the_end(self, rows: Any, key: str) -> Any:
        """The first or last value: by time, then by place in the log; in one event as it lists them."""
        last = self.aggregate.function == "last"
        if len(self.aggregate.path) == 1:
            value = value_key(rows.properties, self.aggregate.path[0])
        else:
            values = values_at(rows.properties, self.aggregate.path)
            value = values[values.length() - 1 if last else 0]
        rows = rows.select(key, "event_at", "event_seq", value=value)
        order = [rows.event_at.desc(), rows.event_seq.desc()] if last else [rows.event_at, rows.event_seq]
        missing = ~is_set(rows.value).fill_null(
            _NO
        )  # these come after all others: to leave them out would read each value twice
        rows = rows.mutate(place=ibis.row_number().over(group_by=key, order_by=[missing, *order]))
        rows = rows.filter((rows.place == 0) & is_set(rows.value).fill_null(_NO))
        tests = [_value_meets(limit, rows.value) for limit in self.aggregate.limits]
        return rows.select(key, **{f"{self.name}_yes": ibis.and_(*tests)})

    def _test(self, rows: Any) -> Any:
        function, limits = self.aggregate.function, self.aggregate.limits
        if function == "count_distinct":
            return meets_limits(limits, value_identity(rows.value).nunique(where=is_set(rows.value).fill_null(_NO)))
        if function == "sum":
            total = value_millionths(rows.value).sum().fill_null(ibis.literal(Decimal(0), "decimal(38, 0)"))
            return ibis.and_(*(_sum_meets(limit, total) for limit in limits))
        numbers = value_number(rows.value).count()
        if function == "avg":
            mean = value_millionths(rows.value).sum().cast("float64") / numbers.cast("float64") / 1e6
            return (ibis.and_(*(compare(limit.op, mean, float(limit.value)) for limit in limits))).fill_null(_NO)
        return (numbers > 0) & ibis.and_(*(_extreme_meets(function == "max", limit, rows) for limit in limits))


def _of_constants(op: str, number: int, wanted: Any) -> bool:
    return {
        "eq": number == wanted, "ne": number != wanted, "gt": number > wanted,
        "gte": number >= wanted, "lt": number < wanted, "lte": number <= wanted,
    }[op]  # fmt: skip


def _sum_meets(limit: model.Limit, total: Any) -> Any:
    wanted = wanted_millionths(limit.value)
    if limit.op in ("eq", "ne") and wanted.denominator != 1:
        return ibis.literal(limit.op == "ne")
    whole = math.ceil(wanted) if limit.op in ("gte", "lt") else math.floor(wanted)
    whole = max(-_MOST_MILLIONTHS, min(_MOST_MILLIONTHS, whole))
    return compare(limit.op, total, ibis.literal(Decimal(whole), "decimal(38, 0)"))


def _extreme_meets(largest: bool, limit: model.Limit, rows: Any) -> Any:  # noqa: FBT001
    """What is true of a maximum (or minimum) is true of some value, or of all: so no extreme of mixed types is formed."""

    def some(op: str) -> Any:
        return rows.count(where=number_test(op, rows.value, limit.value).fill_null(_NO)) > 0

    outward, inward = ("gt", "lt") if largest else ("lt", "gt")
    op = limit.op
    if op in ("eq", "ne"):
        equal = some("eq") & ~some(outward)
        return equal if op == "eq" else ~equal
    if op.startswith(outward):
        return some(op)
    return ~some(outward + ("e" if op == inward else ""))


def _value_meets(limit: model.Limit, value: Any) -> Any:
    wanted, op = limit.value, limit.op
    if isinstance(wanted, bool):
        test = value == ("true" if wanted else "false")
        return test if op == "eq" else ~test
    positive = "eq" if op == "ne" else op
    test = compare(positive, value_text(value), wanted) if isinstance(wanted, str) else number_test(positive, value, wanted)
    test = test.fill_null(_NO)
    return ~test if op == "ne" else test
