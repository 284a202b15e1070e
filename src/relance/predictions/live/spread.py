"""How the features that weigh most are spread at each scoring, so that it can be told which of them moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Edges = Mapping[str, Sequence[float]]

MOST = 30  # features
MOST_ROWS = 20_000  # people of a part that are looked at
BUCKETS = 10  # at most, and one for what is missing
ENOUGH = 500  # people: of fewer, chance alone moves a feature
SHOWN = 10


def choose_edges(names: Sequence[str], matrix: Floats, gains: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """The tenths of the features with the most weight; fewer where many people share a value.

    Args:
        names: of the columns.
        matrix: the people to learn from, a row each.
        gains: what the trees took from each feature.
    """
    wanted = sorted((name for name in names if gains.get(name, 0) > 0), key=lambda name: (-gains[name], name))[:MOST]
    found = {}
    for name in wanted:
        column = matrix[:, names.index(name)]
        there = column[np.isfinite(column)]
        edges = np.unique(np.quantile(there, np.arange(1, BUCKETS) / BUCKETS)) if len(there) else np.zeros(0)
        found[name] = tuple(edges.tolist())
    return found


def rows_watched(n: int) -> slice:
    """Which of so many people are looked at."""
    return slice(None, None, max(1, n // MOST_ROWS))


def count_spread(edges: Edges, names: Sequence[str], matrix: Floats) -> Ints:
    """How many people stand in each bucket: at or above one edge and below the next.

    Shape: (features, buckets): the last column counts those who have no value.
    """
    found = np.zeros((len(edges), BUCKETS + 1), np.int64)
    for row, (name, bounds) in enumerate(edges.items()):
        column = matrix[:, list(names).index(name)]
        missing = np.isnan(column)
        found[row, :BUCKETS] = np.bincount(np.searchsorted(bounds, column[~missing], side="right"), minlength=BUCKETS)
        found[row, BUCKETS] = missing.sum()
    return found


def as_json(edges: Edges, counts: Ints) -> dict[str, Any]:
    """As it is kept with a scoring."""
    return {
        name: {"edges": list(bounds), "people": [*row[: len(bounds) + 1], row[BUCKETS]]}
        for (name, bounds), row in zip(edges.items(), counts.tolist(), strict=True)
    }


def find_moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The features that moved most between two scorings of one version.

    Shape: one entry a feature: `feature`, its stability `index`, the `edges` of its buckets, and of both scorings the shares of
        the people in each, those without a value last.
    """
    found = []
    for name in before.keys() & after.keys():
        then, now = (np.asarray(told[name]["people"], np.float64) for told in (before, after))
        if then.shape != now.shape or not then.sum() or not now.sum():
            continue
        found.append(
            {
                "feature": name, "index": stability_index(then, now), "edges": before[name]["edges"],
                "before": (then / then.sum()).tolist(), "now": (now / now.sum()).tolist(),
            }
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one["index"], one["feature"]))[:SHOWN]


def stability_index(before: Sequence[float] | Floats, after: Sequence[float] | Floats) -> float:
    """The population stability index of two histograms with the same buckets: 0 for the same shares."""
    a, b = (np.asarray(counts, np.float64) + 0.5 for counts in (before, after))
    a, b = a / a.sum(), b / b.sum()
    return float(((b - a) * np.log(b / a)).sum())
