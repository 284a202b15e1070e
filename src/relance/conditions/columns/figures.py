"""Figures over events, at each moment: `sum avg min max count_distinct first last`.

What can be done for all moments at once, exactly, is; the rest is asked of the plain reading, moment by moment.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions.clauses import as_number, is_number, look_up
from relance.conditions.figures import aggregate_meets, identity, in_millionths, wanted_millionths

if TYPE_CHECKING:
    from relance.conditions.columns.frame import Array, Frame, Pairs, Texts
    from relance.conditions.model import Aggregate, Limit

_SAFE_SUM = float(1 << 61)
_EXACT = 4e9  # below it, millionths of integers, too, are exact in floating point
_FAR = 1 << 62  # farther than any sum that is formed here


def figure_holds(aggregate: Aggregate, pairs: Pairs, frame: Frame) -> Array:
    """Whether the figure over the events of each moment meets its limits."""
    values = _values_at(aggregate.path, frame)
    pairs = pairs.only(values.there[pairs.row])
    holds = np.full(frame.n, aggregate_meets(aggregate, []))
    if not len(pairs.row):
        return holds
    if aggregate.function in ("first", "last"):
        _at_the_end(aggregate, values, pairs, holds)
    elif aggregate.function == "count_distinct" and values.single:
        _distinct(aggregate, values, pairs, holds)
    elif not (aggregate.function == "sum" and values.millionths is not None and _sum(aggregate, values, pairs, holds)):
        _one_by_one(aggregate, values, pairs, holds)
    return holds


def _values_at(path: tuple[str, ...], frame: Frame) -> _Values:
    key = ("values", path)
    if key not in frame.cache:
        frame.cache[key] = _Values(path, frame.properties(path[0]))
    found: _Values = frame.cache[key]
    return found


class _Values:
    """The values at the path of a figure, for each distinct text of its first key."""

    def __init__(self, path: tuple[str, ...], texts: Texts) -> None:
        self._texts = texts if len(path) == 1 else None
        if len(path) == 1:
            self.found: list[list[Any]] = [[] if value is None else [value] for value in texts.values]
        else:
            self.found = [look_up({path[0]: value}, path) for value in texts.values]
        self.codes = texts.coded.codes
        self.there: Array = np.array([bool(found) for found in self.found])[self.codes]
        self.single = all(len(found) < 2 for found in self.found)

    @cached_property
    def millionths(self) -> Array | None:
        """What each text adds to a sum; None where 64 bits do not hold it."""
        small = np.zeros(len(self.found), dtype=bool)
        made = np.zeros(len(self.found), dtype=np.int64)
        if self._texts is not None:
            small = np.abs(self._texts.numbers) < _EXACT  # and is a number
            made[small] = np.floor(self._texts.numbers[small] * 1e6 + 0.5)
        for place in np.flatnonzero(~small).tolist():
            total = sum(in_millionths(as_number(value)) for value in self.found[place] if is_number(value))
            if abs(total) >= 1 << 61:
                return None
            made[place] = total
        return made

    @cached_property
    def identities(self) -> tuple[Array, int]:
        """A number for each text, the same for values that count as one; and how many numbers there are."""
        numbers: dict[str, int] = {}
        made = [numbers.setdefault(identity(found[0]), len(numbers)) if found else 0 for found in self.found]
        return np.array(made, dtype=np.int64), max(len(numbers), 1)

    def at(self, row: int) -> list[Any]:
        """The values of one event."""
        return self.found[self.codes[row]]


def _starts(pairs: Pairs) -> Array:
    """Where the pairs of each moment begin."""
    return np.flatnonzero(np.append(True, pairs.moment[1:] != pairs.moment[:-1]))


def _at_the_end(aggregate: Aggregate, values: _Values, pairs: Pairs, holds: Array) -> None:
    starts = _starts(pairs)
    chosen = starts if aggregate.function == "first" else np.append(starts[1:], len(pairs.row)) - 1
    met = np.array([bool(found) and aggregate_meets(aggregate, found) for found in values.found])
    holds[pairs.moment[chosen]] = met[values.codes[pairs.row[chosen]]]


def _distinct(aggregate: Aggregate, values: _Values, pairs: Pairs, holds: Array) -> None:
    of_text, width = values.identities
    both = np.unique(pairs.moment * width + of_text[values.codes[pairs.row]])
    moments, counts = np.unique(both // width, return_counts=True)
    most = int(counts.max())
    met = np.array([aggregate_meets(aggregate, list(range(n))) for n in range(most + 1)])
    holds[moments] = met[counts]


def _sum(aggregate: Aggregate, values: _Values, pairs: Pairs, holds: Array) -> bool:
    """Answers whether it could be done exactly."""
    assert values.millionths is not None  # noqa: S101 - as the caller saw
    amounts = values.millionths[values.codes[pairs.row]]
    if np.abs(amounts.astype(np.float64)).sum() >= _SAFE_SUM:
        return False
    starts = _starts(pairs)
    totals = np.add.reduceat(amounts, starts)
    holds[pairs.moment[starts]] = np.logical_and.reduce([_sums_meet(limit, totals) for limit in aggregate.limits])
    return True


def _sums_meet(limit: Limit, totals: Array) -> Array:
    """Whether sums of millionths meet a limit, which may lie between two of them."""
    wanted = wanted_millionths(limit.value)
    whole = wanted.denominator == 1
    low, high = (max(-_FAR, min(_FAR, edge)) for edge in (math.floor(wanted), math.ceil(wanted)))
    answers = {
        "eq": (totals == low) & whole,
        "ne": (totals != low) | (not whole),
        "gt": totals > low,
        "gte": totals >= high,
        "lt": totals < high,
        "lte": totals <= low,
    }
    found: Array = answers[limit.op]
    return found


def _one_by_one(aggregate: Aggregate, values: _Values, pairs: Pairs, holds: Array) -> None:
    starts = _starts(pairs)
    ends = np.append(starts[1:], len(pairs.row))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        found = [value for row in pairs.row[start:end].tolist() for value in values.at(row)]
        holds[pairs.moment[start]] = aggregate_meets(aggregate, found)
