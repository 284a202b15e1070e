"""A plan that fails, made smaller as long as it fails alike: fewer faults, fewer events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.testing.simulation.plan import Plan
    from relance.testing.simulation.run import Report

Part = TypeVar("Part")
MOST_TRIES = 300


def shrink(plan: Plan, report: Report, play: Callable[[Plan], Report]) -> tuple[Plan, Report]:
    """The smallest plan that was found which breaks the same rule."""
    rule = report.violations[0].rule
    best, found = plan, report
    left = MOST_TRIES

    def fails(candidate: Plan) -> bool:
        nonlocal best, found, left
        left -= 1
        tried = play(candidate)
        if left < 0 or not any(v.rule == rule for v in tried.violations):
            return False
        best, found = candidate, tried
        return True

    before = None
    while before != best and left > 0:
        before = best
        _shrink_list(best.faults, lambda faults: fails(replace(best, faults=faults)), lambda: left > 0)
        _shrink_list(best.events, lambda events: fails(replace(best, events=events)), lambda: left > 0)
        if any(e.again_at for e in best.events):
            fails(replace(best, events=tuple(replace(e, again_at=()) for e in best.events)))
        for simpler in ({"reactions": 0.0}, {"slow": False}, {"workers": 1}, {"changed": None}):
            candidate = replace(best, **simpler)
            if candidate != best and left > 0:
                fails(candidate)
    return best, found


def _shrink_list(parts: tuple[Part, ...], fails: Callable[[tuple[Part, ...]], bool], go_on: Callable[[], bool]) -> None:
    """Leave out halves, then quarters, down to single ones."""
    size = max(1, len(parts) // 2)
    while parts and go_on():
        start = 0
        while start < len(parts) and go_on():
            fewer = parts[:start] + parts[start + size :]
            if fails(fewer):
                parts = fewer
            else:
                start += size
        if size == 1:
            return
        size //= 2
