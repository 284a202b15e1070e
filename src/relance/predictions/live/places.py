"""Where each score stands among all scores of its scoring: kept with the score, so that no question looks at all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def places_of(score: Floats, profile_ids: Any) -> tuple[Ints, Floats]:
    """The places and percentiles of the scores of a whole scoring.

    A place is held by one person: of equal scores that of whoever was known first comes first, so that as many hold the
    first N places as are asked for. Equal scores have the same percentile: of all, how many in a hundred are lower.

    Shape: two arrays, one entry a person.
    """
    n = len(score)
    place = np.empty(n, np.int64)
    place[np.lexsort((np.asarray(profile_ids, np.int64), -score))] = np.arange(1, n + 1)
    lower = np.searchsorted(np.sort(score), score, side="left")
    return place, 100 * lower / max(n, 1)


def place_among(scores: Floats, before: float | None, now: float) -> tuple[int, float]:
    """The place and percentile that one more score takes among those of a scoring.

    Args:
        scores: of the scoring, in order.
        before: the person's own score in it, which counts no more; None where there was none.
        now: the new one. It comes before those that are equal.
    """
    higher = len(scores) - int(np.searchsorted(scores, now, side="right"))
    lower = int(np.searchsorted(scores, now, side="left"))
    others = len(scores)
    if before is not None and others:
        higher, lower, others = higher - (before > now), lower - (before < now), others - 1
    return 1 + higher, 100 * lower / (others + 1)
