"""When the passing of time alone may change what leaves say, next: for many moments at once.

The same instants as `moves.edges` tells of one person. Nothing is known at a moment that happens after it, as is so where
moments are those of arrivals.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from relance.clock import DAY
from relance.conditions import model
from relance.conditions.columns.dates import DateEdges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.conditions.columns.frame import Array, Frame
    from relance.conditions.columns.needs import Needs

NEVER = 1 << 62
MOST_APART = 300 * DAY  # of the moments asked about together: anniversaries are found from the first of them on, for a year


def turns_by_columns(needs: Needs) -> bool:
    """Whether columns tell when the leaves of some conditions may change."""
    windows = (leaf.window for leaf in needs.leaves.values() if isinstance(leaf, (model.Did, model.Sequence)))
    by_date = any(isinstance(edge, date) for window in windows for edge in (window.since, window.before))
    return not needs.others and not by_date


def next_turns(needs: Needs, frame: Frame) -> Array:
    """The next instant after each moment at which some leaf may change by itself; `NEVER` where there is none."""
    turns = np.full(frame.n, NEVER)
    for edge in _fixed(needs):
        np.minimum(turns, np.where(edge > frame.at, edge, NEVER), out=turns)
    for name, lengths in _windows(needs).items():
        pairs = frame.pairs_of(name)
        at, now = frame.events["event_at"][pairs.row], frame.at[pairs.moment]
        for length in sorted(lengths):
            later = at + length > now
            np.minimum.at(turns, pairs.moment[later], at[later] + length)
    for prediction, age in sorted(_ages(needs)):
        pairs = frame.pair_up(frame.scores, np.flatnonzero(frame.scores["of"].tested(lambda name, p=prediction: name == p)))
        at = frame.scores["event_at"][pairs.row] + age
        later = at > frame.at[pairs.moment]
        np.minimum.at(turns, pairs.moment[later], at[later])
    if frame.n:
        moments, instants = DateEdges(needs, int(frame.at.min()), NEVER).of(frame)
        np.minimum.at(turns, moments, instants)
    return turns


def _fixed(needs: Needs) -> Iterator[int]:
    for leaf in needs.leaves.values():
        if isinstance(leaf, model.Earlier):
            yield leaf.at
        elif isinstance(leaf, (model.Did, model.Sequence)):
            yield from (edge for edge in (leaf.window.since, leaf.window.before) if isinstance(edge, int))


def _ages(needs: Needs) -> set[tuple[str, int]]:
    """The predictions whose scores must not be older than something."""
    leaves = (leaf for leaf in needs.leaves.values() if isinstance(leaf, model.Predicted))
    return {(leaf.prediction, leaf.within) for leaf in leaves if leaf.within is not None}


def _windows(needs: Needs) -> dict[str, set[int]]:
    """The lengths of the windows that events of each name leave."""
    found: dict[str, set[int]] = {}
    for leaf in needs.leaves.values():
        if isinstance(leaf, (model.Did, model.Sequence)) and leaf.window.within is not None:
            names = [leaf.event] if isinstance(leaf, model.Did) else [step.event for step in leaf.steps]
            for name in names:
                found.setdefault(name, set()).add(leaf.window.within)
    return found
