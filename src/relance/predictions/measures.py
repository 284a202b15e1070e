"""How good probabilities are: ranking, sharpness, calibration; and the score and categories made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BINS = 10
CATEGORIES = ("low", "medium", "high")
_MEDIUM, _HIGH = 50.0, 75.0
_QUALITY = ((20.0, "poor"), (40.0, "fair"), (60.0, "good"), (float("inf"), "excellent"))


def auc(happened: NDArray[np.bool_], score: Floats) -> float | None:
    """The chance that somebody who did it stands above somebody who did not; ties count half. None with one class only."""
    n_yes = int(happened.sum())
    n_no = len(happened) - n_yes
    if not n_yes or not n_no:
        return None
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    rank = (last - (counts - 1) / 2)[inverse]
    return float((rank[happened].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def average_precision(happened: NDArray[np.bool_], score: Floats) -> float | None:
    """The mean precision over the people who did it, from the highest score down; ties are one step. None with nobody."""
    n_yes = int(happened.sum())
    if not n_yes:
        return None
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(happened[order])
    ends = np.append(np.nonzero(np.diff(score[order]))[0], len(score) - 1)
    precision = hits[ends] / (ends + 1)
    gained = np.diff(np.concatenate(([0], hits[ends])))
    return float((precision * gained).sum() / n_yes)


def brier(happened: NDArray[np.bool_], p: Floats) -> float:
    """The mean squared distance of the probabilities from what happened."""
    return float(np.mean((p - happened) ** 2))


def log_loss(happened: NDArray[np.bool_], p: Floats) -> float:
    """The mean surprise, in nats."""
    q = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(happened, np.log(q), np.log1p(-q))))


def calibration_curve(happened: NDArray[np.bool_], p: Floats, bins: int = BINS) -> list[dict[str, Any]]:
    """Bins of equal size from the lowest probability to the highest: how many, what was said, what was seen."""
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [{"n": len(part), "predicted": float(p[part].mean()), "observed": float(happened[part].mean())} for part in parts]


def calibration_error(happened: NDArray[np.bool_], p: Floats, bins: int = BINS) -> float:
    """Expected calibration error: the mean distance of said from seen over bins of equal size."""
    return float(sum(b["n"] * abs(b["predicted"] - b["observed"]) for b in calibration_curve(happened, p, bins)) / len(p))


def lift_by_decile(happened: NDArray[np.bool_], score: Floats) -> list[float | None]:
    """How many times the base rate did it, in each tenth from the highest scores down."""
    base = happened.mean()
    order = np.argsort(-score, kind="stable")
    return [float(happened[part].mean() / base) if len(part) and base else None for part in np.array_split(order, 10)]


def scores_of(p: Floats, base: float) -> Floats:
    """Scores of 0 to 100: 50 is average odds, 75 three times them (SEMANTICS 31)."""
    b = min(max(base, 1e-9), 1 - 1e-9)
    likely, unlikely = p / b, (1 - p) / (1 - b)
    found: Floats = 100 * likely / (likely + unlikely)
    return found


def categories_of(scores: Floats) -> list[str]:
    """The category of each score: low [0, 50), medium [50, 75), high [75, 100]."""
    return [CATEGORIES[i] for i in np.digitize(scores, [_MEDIUM, _HIGH])]


def quality_of(ranking: float) -> tuple[float, str]:
    """The quality of 0 to 100 and its word (SEMANTICS 32)."""
    quality = round(100 * max(0.0, 2 * ranking - 1), 9)
    return quality, next(word for limit, word in _QUALITY if quality < limit)


def category_rates(happened: NDArray[np.bool_], p: Floats, base: float) -> dict[str, dict[str, Any]]:
    """For each category how many people, what was said of them, and what was seen."""
    index = np.digitize(scores_of(p, base), [_MEDIUM, _HIGH])
    told: dict[str, dict[str, Any]] = {}
    for i, name in enumerate(CATEGORIES):
        inside = index == i
        n = int(inside.sum())
        told[name] = {
            "n": n,
            "predicted": float(p[inside].mean()) if n else None,
            "observed": float(happened[inside].mean()) if n else None,
        }
    return told


def measure(happened: NDArray[np.bool_], p: Floats) -> dict[str, Any]:
    """All of it, for one cut-off."""
    ranking = auc(happened, p)
    quality, word = quality_of(ranking) if ranking is not None else (None, None)
    return {
        "people": len(p),
        "positives": int(happened.sum()),
        "base_rate": float(happened.mean()),
        "mean_probability": float(p.mean()),
        "auc": ranking,
        "average_precision": average_precision(happened, p),
        "brier": brier(happened, p),
        "ece": calibration_error(happened, p),
        "lift_by_decile": lift_by_decile(happened, p),
        "calibration": calibration_curve(happened, p),
        "quality": quality,
        "quality_label": word,
    }


def auc_interval(ranking: float, n_yes: int, n_no: int) -> list[float]:
    """The interval that holds the ranking 95 times in 100.

    Source: Hanley, McNeil (1982), "The meaning and use of the area under a ROC curve".
    """
    q1, q2 = ranking / (2 - ranking), 2 * ranking**2 / (1 + ranking)
    spread = ranking * (1 - ranking) + (n_yes - 1) * (q1 - ranking**2) + (n_no - 1) * (q2 - ranking**2)
    error = 1.96 * max(spread / max(n_yes * n_no, 1), 0.0) ** 0.5
    return [max(0.0, ranking - error), min(1.0, ranking + error)]
