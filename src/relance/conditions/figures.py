"""Figures over the values of events: sums and averages, and how they meet their limits.

A sum is exact, whatever the order: numbers are added in millionths (half up), as a warehouse does it, so 0.1 + 0.2 is
0.3. A number beyond 10^20 counts as 10^20. An average is that sum, divided in floating point.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relance.conditions.clauses import as_number, is_number, ordered, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.conditions.model import Aggregate, Limit

MILLION = 1_000_000
LARGEST = 10**20


def in_millionths(value: float) -> int:
    """A number as a whole number of millionths."""
    if value >= LARGEST:
        return LARGEST * MILLION
    if value <= -LARGEST:
        return -LARGEST * MILLION
    return value * MILLION if isinstance(value, int) else math.floor(value * 1e6 + 0.5)


def wanted_millionths(value: float) -> Fraction:
    """A limit in millionths, read as the decimal number it was written as."""
    return Fraction(Decimal(repr(value))) * MILLION


def number_meets(limits: Iterable[Limit], number: float) -> bool:
    """Whether a number meets all limits."""
    return all(_meets(limit.op, number, limit.value) for limit in limits)


def _meets(op: str, value: Any, wanted: Any) -> bool:
    if op == "eq":
        return same(value, wanted)
    return not same(value, wanted) if op == "ne" else ordered(op, value, wanted)


def aggregate_meets(aggregate: Aggregate, values: Sequence[Any]) -> bool:
    """Whether the figure over `values`, in the order of their events, meets the aggregate's limits."""
    figure = figure_of(aggregate, values)
    if figure is None:
        return False
    if aggregate.function == "sum":
        return all(_sum_meets(limit, figure) for limit in aggregate.limits)
    return all(_meets(limit.op, figure, limit.value) for limit in aggregate.limits)


def _sum_meets(limit: Limit, millionths: int) -> bool:
    wanted = wanted_millionths(limit.value)
    return {
        "eq": millionths == wanted,
        "ne": millionths != wanted,
        "gt": millionths > wanted,
        "gte": millionths >= wanted,
        "lt": millionths < wanted,
        "lte": millionths <= wanted,
    }[limit.op]


def figure_of(aggregate: Aggregate, values: Sequence[Any]) -> Any:
    """The figure itself, None when it is missing.

    Units: a sum is in millionths.
    """
    function = aggregate.function
    if function == "count_distinct":
        return len(set(map(identity, values)))
    if function in ("first", "last"):
        return values[0 if function == "first" else -1] if values else None
    numbers = [as_number(v) for v in values if is_number(v)]
    if function == "sum":
        return sum(map(in_millionths, numbers))
    if not numbers:
        return None
    if function == "avg":
        return float(sum(map(in_millionths, numbers))) / float(len(numbers)) / 1e6
    return min(numbers) if function == "min" else max(numbers)


def identity(value: Any) -> str:
    """A text that two values share if, and only if, they count as one: 1 and 1.0 do, 1 and "1" do not."""
    if is_number(value):
        number = as_number(value)
        if isinstance(number, float) and number.is_integer() and -(1 << 63) <= number < 1 << 64:
            number = int(number)
        return f"n{number!r}"
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
