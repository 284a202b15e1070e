"""How well an order of people finds those whom the treatment moves.

Source: Radcliffe (2007), "Using control groups to target on predicted lift"; the coefficient here is the area between the
curve of incremental outcomes per treated and the straight line of a random order, times 1000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SCALE = 1000.0
RESAMPLES = 400


def qini_curve(
    score: Floats, treated: NDArray[np.bool_], outcome: Floats, weight: Floats | None = None
) -> tuple[Floats, Floats]:
    """Incremental outcomes per treated, by the share of people taken from the highest score down; ties are one step.

    Returns: shares and gains, both beginning with 0.
    """
    w = np.ones(len(score)) if weight is None else weight
    order = np.argsort(-score, kind="stable")
    s, t, y, w = score[order], treated[order], outcome[order], w[order]
    n_t, n_c = np.cumsum(w * t), np.cumsum(w * ~t)
    y_t, y_c = np.cumsum(w * y * t), np.cumsum(w * y * ~t)
    ends = np.append(np.nonzero(np.diff(s))[0], len(s) - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = (y_t - np.where(n_c > 0, y_c * n_t / n_c, 0.0)) / max(float(n_t[-1]), 1e-12)
    share = np.cumsum(w) / w.sum()
    return np.concatenate(([0.0], share[ends])), np.concatenate(([0.0], gain[ends]))


def qini(score: Floats, treated: NDArray[np.bool_], outcome: Floats, weight: Floats | None = None) -> float:
    """The coefficient x 1000 per treated; a random order has 0."""
    share, gain = qini_curve(score, treated, outcome, weight)
    return float(SCALE * np.trapezoid(gain - share * gain[-1], share))


def qini_intervals(
    scores: Mapping[str, Floats],
    treated: NDArray[np.bool_],
    outcome: Floats,
    random: np.random.Generator,
    resamples: int = RESAMPLES,
) -> dict[str, tuple[float, float]]:
    """Intervals that hold the coefficients of all orders at once 95 times in 100, by drawing the people of each arm anew.

    The best of several orders was picked because it looked best: an interval of its own would be too sure of it. How far
    the figures of all stray together, upwards and downwards, in their own measures, says how wide each must be.
    """
    arms = [np.nonzero(treated)[0], np.nonzero(~treated)[0]]
    drawn = np.zeros((resamples, len(scores)))
    for i in range(resamples):
        weight = np.zeros(len(treated))
        for arm in arms:
            weight[arm] = np.bincount(random.integers(0, len(arm), len(arm)), minlength=len(arm))
        drawn[i] = [qini(score, treated, outcome, weight) for score in scores.values()]
    told = np.asarray([qini(score, treated, outcome) for score in scores.values()])
    spread = np.maximum(drawn.std(axis=0), 1e-12)
    strayed = (drawn - told) / spread
    up, down = np.quantile(strayed.max(axis=1), 0.975), np.quantile(-strayed.min(axis=1), 0.975)
    return {name: (float(told[i] - up * spread[i]), float(told[i] + down * spread[i])) for i, name in enumerate(scores)}
