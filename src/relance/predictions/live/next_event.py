"""When the next event of a target is expected of somebody who does it again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relance.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relance.predictions.bgnbd import BgNbd
    from relance.predictions.features import Snapshot

    Floats = NDArray[np.float64]

REGULAR = 0.5  # spread of the gaps by their mean, up to which somebody keeps a rhythm
LEAST = 4  # occasions that show one
ALIVE = 0.5  # the chance that somebody still comes, below which no date is told
FARTHEST = 730.0  # days
_WEEK = 7.0


def days_to_next(snapshot: Snapshot, names: Sequence[str], repeat: BgNbd | None) -> Floats:
    """Days until the next occasion, one entry a person; not a number where none can be told.

    Who keeps a rhythm is expected a median gap after the last time. Of anybody else, and of those who are overdue, it is the
    median of BG/NBD, given that they still come: `(alpha + T) (2 ^ (1 / (r + x)) - 1)`.

    Args:
        snapshot: the people.
        names: of the columns of its matrix.
        repeat: the model of repeats; None where it tells nothing.
    """
    history = snapshot.history
    found = np.full(len(snapshot.person), np.nan)
    if repeat is None:
        return found
    did = history.occasions > 0
    x, t_x, age = history.occasions[did] - 1, (history.age - history.recency)[did] / _WEEK, history.age[did] / _WEEK
    comes = repeat.alive(x, t_x, age) >= ALIVE
    with np.errstate(over="ignore"):
        waits = (repeat.alpha + age) * (2 ** (1 / (repeat.r + x)) - 1) * _WEEK
    found[did] = np.where(comes, waits, np.nan)
    gap, spread = (snapshot.matrix[:, list(names).index(f"target: {column}")] for column in ("median gap", "spread of gaps"))
    with np.errstate(invalid="ignore"):
        due = gap - history.recency
        keeps = (history.occasions >= LEAST) & (spread <= REGULAR) & (due >= 0)
        found = np.where(keeps & ~np.isnan(found), due, found)
        return np.where(found <= FARTHEST, found, np.nan)


def instants_of(days: Floats, as_of: int) -> list[int | None]:
    """The same as instants."""
    return [None if np.isnan(day) else as_of + round(day * DAY) for day in days.tolist()]
