"""Which factors go with a high likelihood, and how sure that is: the table of the prediction's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relance.predictions.features import Snapshot

    Floats = NDArray[np.float64]

SHOWN = 20  # on each side
MIN_WITH = 30  # people with a factor
MIN_SHARE, MAX_SHARE = 0.01, 0.99


def correlations_of(snapshot: Snapshot, probability: Floats, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Factors with the mean likelihood of those who have them over that of all (SEMANTICS 34).

    A factor is a feature that is there at all (a trait with a value, an event that was done), or one that is above its
    median. Its interval is that of a mean, 95 times in 100; what covers 1 is left out.
    """
    n, base = len(probability), float(probability.mean()) if len(probability) else 0.0
    found: list[dict[str, Any]] = []
    for i, name in enumerate(names):
        factor = _factor(snapshot.matrix[:, i], name)
        if factor is None:
            continue
        label, has = factor
        n_has = int(has.sum())
        if n_has < MIN_WITH or not MIN_SHARE <= n_has / n <= MAX_SHARE or not base:
            continue
        with_it = probability[has]
        ratio = float(with_it.mean()) / base
        error = 1.96 * float(with_it.std()) / n_has**0.5 / base
        low, high = ratio - error, ratio + error
        if low <= 1 <= high:
            continue
        found.append({"factor": label, "people": n_has, "ratio": ratio, "interval": [low, high]})
    more = sorted((f for f in found if f["ratio"] > 1), key=lambda f: (-f["ratio"], f["factor"]))[:SHOWN]
    less = sorted((f for f in found if f["ratio"] < 1), key=lambda f: (f["ratio"], f["factor"]))[:SHOWN]
    return {"more_likely": more, "less_likely": less}


def _factor(column: Floats, name: str) -> tuple[str, NDArray[np.bool_]] | None:
    there = ~np.isnan(column)
    if not there.any():
        return None
    if name.startswith("trait ") and " = " in name:
        return name, column == 1
    if ": times in " in name or name.endswith(": times ever"):
        return f"{name}: at least once", there & (column > 0)
    if name.endswith((": mean", ": largest", ": distinct values", ": sum ever")) or name.startswith("trait "):
        middle = float(np.median(column[there]))
        return f"{name}: above {middle:.6g}", there & (column > middle)
    if name.endswith(": last"):
        middle = float(np.median(column[there]))
        return f"{name}: less than {middle:.3g} days ago", there & (column < middle)
    return None
