"""How much each family counts: weights that say best what happened at later cut-offs, pulled towards the plain mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

PULL = 100.0  # towards the plain mean: small against thousands of people, much against a hundred
_DIGITS = 3


def probability_of(odds: Floats) -> Floats:
    """The chances that log-odds stand for."""
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -12, 12)))
    return found


def mixed(log_odds: Mapping[str, Floats], mix: Sequence[str], weights: Sequence[float] | None = None) -> Floats:
    """The weighted mean of the families of a mix; the plain mean where there are no weights."""
    if weights is None:
        return np.asarray(np.mean([log_odds[f] for f in mix], axis=0))
    found = weights[0] * log_odds[mix[0]]
    for family, weight in zip(mix[1:], weights[1:], strict=True):
        found = found + weight * log_odds[family]
    return np.asarray(found)


def shift_to(odds: Floats, share: float, errors: Sequence[float] = (0.0,)) -> float:
    """What must be added to the log-odds so that this share of the people is expected to act, within four; by `errors` they may be off."""
    low, high = -4.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        if np.mean([probability_of(odds + middle + error).mean() for error in errors]) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def weigh(samples: Sequence[tuple[Mapping[str, Floats], Flags]], families: Sequence[str]) -> tuple[dict[str, float], float]:
    """The weights of families, and the slope of their mix.

    Args:
        samples: for some later cut-offs, what each family said of the people and who acted. How many acted is no fault of
            theirs: each sample has a level of its own.
        families: those that count.

    Returns: by family a weight above nought, all adding up to one; and what their mean's log-odds are to be multiplied with.
    """
    from scipy.optimize import minimize

    n = len(families)
    equal = np.full(n, 1 / n)
    if not samples:
        return dict(zip(families, equal.tolist(), strict=True)), 1.0
    told = [(np.column_stack([odds[f] for f in families]), happened) for odds, happened in samples]

    def surprise(at: Floats) -> tuple[float, Floats]:
        weights, loss, slopes = at[:n], 0.0, np.zeros(len(at))
        for i, (odds, happened) in enumerate(told):
            mix = odds @ weights + at[n + i]
            loss += float(np.logaddexp(0, mix).sum() - mix[happened].sum())
            off = probability_of(mix) - happened
            slopes[:n] += odds.T @ off
            slopes[n + i] = off.sum()
        slopes[:n] += 2 * PULL * (weights - equal)
        return loss + PULL * float(((weights - equal) ** 2).sum()), slopes

    start = np.concatenate([equal, [shift_to(odds @ equal, float(happened.mean())) for odds, happened in told]])
    bounds = [(0.0, None)] * n + [(-8.0, 8.0)] * len(told)
    found = minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    slope = round(float(found.x[:n].sum()), _DIGITS)
    if not np.isfinite(found.fun) or slope <= 0:
        return dict(zip(families, equal.tolist(), strict=True)), 1.0
    shares = np.round(found.x[:n] / found.x[:n].sum(), _DIGITS)
    return {f: float(w) for f, w in zip(families, (shares / shares.sum()).tolist(), strict=True) if w > 0}, slope
