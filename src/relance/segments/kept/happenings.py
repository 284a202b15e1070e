"""At which moments memberships may have changed since the last refresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from relance.conditions import model
from relance.conditions.answers import reactions_of
from relance.conditions.clauses import LENGTH_OPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.warehouse.columns import Columns
    from relance.warehouse.kept import KeptMemberships, Mark

Array = np.ndarray[Any, Any]

# Where more happened than this since the last refresh (after a long stop, in a large import), people are looked at once, at
# the last instant at which something happened to them: they are in the right segments, but may have come a little earlier.
MOST_MOMENTS = 400_000


class Windows(NamedTuple):
    """The windows of some conditions: what leaves them changes memberships by the passing of time."""

    events: dict[int, set[str]]  # by length, the names of events
    messages: set[int]
    scores: set[int]  # how old they may be


class Happenings(NamedTuple):
    """Moments, by profile, then by time: one a profile and instant."""

    profiles: Array
    at: Array
    seq: Array


def find_windows(leaves: Iterable[model.Condition]) -> Windows:
    """The windows that leaves look back through."""
    events: dict[int, set[str]] = {}
    messages: set[int] = set()
    scores: set[int] = set()
    for leaf in leaves:
        if isinstance(leaf, model.Did) and leaf.window.within is not None:
            events.setdefault(leaf.window.within, set()).add(leaf.event)
        elif isinstance(leaf, model.Sequence) and leaf.window.within is not None:
            events.setdefault(leaf.window.within, set()).update(step.event for step in leaf.steps)
        elif isinstance(leaf, model.Message) and leaf.window.within is not None:
            events.setdefault(leaf.window.within, set()).update(reactions_of(leaf.statuses))
            messages.add(leaf.window.within)
        elif isinstance(leaf, model.Predicted) and leaf.within is not None:
            scores.add(leaf.within)
    return Windows(events, messages, scores)


def reads_dates_of_events(tree: model.Condition) -> bool:
    """Whether a condition compares dates in events with now: no window tells when that changes."""
    for leaf in model.walk(tree):
        where = leaf.where if isinstance(leaf, model.Did) else ()
        if isinstance(leaf, model.Sequence):
            where = tuple(clause for step in leaf.steps for clause in step.where)
        if any(clause.op in LENGTH_OPS for clause in where):
            return True
    return False


def find_passed(kept: KeptMemberships, windows: Windows, low: int, high: int) -> list[Columns]:
    """Whose events left a window in `low < at <= high`."""
    events = {within: names for within, names in windows.events.items() if names}
    found = [kept.passed(low, high, events)] if events else []
    found += [kept.passed_messages(low, high, within) for within in sorted(windows.messages)]
    return found + [kept.passed_scores(low, high, within) for within in sorted(windows.scores)]


def line_up(touched: Columns, passed: Iterable[Columns], mark: Mark, high: int) -> Happenings:
    """Moments of what happened and of what passed.

    Args:
        touched: `profile_id`, `at`, `seq`, as `KeptMemberships.touched` tells.
        passed: `profile_id`, `at`.
        mark: how far memberships are kept. What is told of an earlier instant counts from there on.
        high: up to when everything is known.
    """
    came = np.where(touched["at"] < 0, high, np.maximum(touched["at"], mark.at))
    order = np.lexsort((touched["seq"], came))
    instants, places = came[order], np.maximum.accumulate(np.maximum(touched["seq"][order], mark.seq)) if len(order) else came
    profiles = np.concatenate([touched["profile_id"], *(part["profile_id"] for part in passed)])
    at = np.concatenate([came, *(part["at"] for part in passed)])
    order = np.lexsort((at, profiles))
    profiles, at = profiles[order], at[order]
    new = np.append(True, (profiles[1:] != profiles[:-1]) | (at[1:] != at[:-1]))[: len(profiles)]
    profiles, at = profiles[new], at[new]
    if len(profiles) > MOST_MOMENTS:
        last = np.append(profiles[1:] != profiles[:-1], True)
        profiles, at = profiles[last], np.full(int(last.sum()), high)
    known = np.searchsorted(instants, at, side="right") - 1  # all that came up to that instant is known at it
    seq = np.where(known >= 0, places[np.maximum(known, 0)] if len(places) else mark.seq, mark.seq)
    return Happenings(profiles, at, seq.astype(np.int64))
