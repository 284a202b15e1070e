"""Ways to tell how much a treatment moves somebody, and two that do not try: everyone, and the likeliest first.

Source: Künzel, Sekhon, Bickel, Yu (2019), "Metalearners for estimating heterogeneous treatment effects" (S, T, X);
Kennedy (2023), "Towards optimal doubly robust estimation of heterogeneous causal effects" (DR).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.predictions.families import SEED

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Fitted = Callable[[Floats], Floats]

LEARNERS = ("S", "T", "X", "DR", "T logistic")
RIVALS = ("by likelihood", "everyone")


def tell_uplift(features: Floats, treated: NDArray[np.bool_], outcome: Floats, asked: Floats) -> dict[str, Floats]:
    """What each learner says of the people asked about, having seen the others.

    Shape: one entry a person asked about; higher is more moved.
    """
    yes_no = bool(np.isin(outcome, (0.0, 1.0)).all())
    share = float(treated.mean())
    both = _boosted(np.column_stack([features, treated]), outcome, yes_no=yes_no, always=features.shape[1])
    one, none = np.ones(len(asked)), np.zeros(len(asked))
    of_treated = _boosted(features[treated], outcome[treated], yes_no=yes_no)
    of_others = _boosted(features[~treated], outcome[~treated], yes_no=yes_no)
    # X: what each was moved by, as far as the other arm's model tells
    moved = _boosted(features[treated], outcome[treated] - of_others(features[treated]), yes_no=False)
    unmoved = _boosted(features[~treated], of_treated(features[~treated]) - outcome[~treated], yes_no=False)
    found = {
        "S": both(np.column_stack([asked, one])) - both(np.column_stack([asked, none])),
        "T": of_treated(asked) - of_others(asked),
        "X": share * unmoved(asked) + (1 - share) * moved(asked),
        "DR": _doubly_robust(features, treated, outcome, asked, yes_no=yes_no),
        "by likelihood": _boosted(features, outcome, yes_no=yes_no)(asked),
        "everyone": none,
    }
    linear_treated, linear_others = _linear(features[treated], outcome[treated]), _linear(features[~treated], outcome[~treated])
    found["T logistic"] = linear_treated(asked) - linear_others(asked)
    return found


def _doubly_robust(features: Floats, treated: NDArray[np.bool_], outcome: Floats, asked: Floats, *, yes_no: bool) -> Floats:
    """Differences cleared of what either model gets wrong; the halves tell of each other, so that none flatters itself."""
    share = float(treated.mean())
    half = np.arange(len(outcome)) % 2 == 0
    effect = np.zeros(len(outcome))
    for known, open_ in ((half, ~half), (~half, half)):
        t, o = known & treated, known & ~treated
        one, none = (_boosted(features[a], outcome[a], yes_no=yes_no)(features[open_]) for a in (t, o))
        y, is_treated = outcome[open_], treated[open_]
        effect[open_] = one - none + np.where(is_treated, (y - one) / share, -(y - none) / (1 - share))
    return _boosted(features, effect, yes_no=False)(asked)


def _boosted(features: Floats, outcome: Floats, *, yes_no: bool, always: int | None = None) -> Fitted:
    import lightgbm

    settings: dict[str, Any] = {
        "objective": "binary" if yes_no else "regression", "learning_rate": 0.05, "num_leaves": 7,
        "min_data_in_leaf": max(20, min(200, len(outcome) // 50)), "feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1,
        "lambda_l2": 10.0, "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": SEED,
    }  # fmt: skip
    if always is not None:
        settings["feature_fraction"] = 1.0  # the treatment is in every tree's sight
    booster = lightgbm.train(settings, lightgbm.Dataset(features, outcome), 100)
    return lambda asked: np.asarray(booster.predict(asked), np.float64)


def _linear(features: Floats, outcome: Floats) -> Fitted:
    """A logistic regression (of an amount: a ridge regression) on scaled columns, gaps at the middle."""
    from sklearn.linear_model import LogisticRegression, Ridge

    pulled = _pulled(features)
    middle = np.nan_to_num(np.nanmedian(pulled, axis=0))
    filled = np.where(np.isnan(pulled), middle, pulled)
    mean, spread = filled.mean(axis=0), filled.std(axis=0)
    spread[spread < 1e-9] = 1.0

    def scaled(asked: Floats) -> Floats:
        p = _pulled(asked)
        found: Floats = np.clip((np.where(np.isnan(p), middle, p) - mean) / spread, -6, 6)
        return found

    if np.isin(outcome, (0.0, 1.0)).all():
        logistic = LogisticRegression(C=0.02, solver="newton-cholesky").fit(scaled(features), outcome)
        return lambda asked: np.asarray(logistic.predict_proba(scaled(asked))[:, 1], np.float64)
    ridge = Ridge(alpha=100.0).fit(scaled(features), outcome)
    return lambda asked: np.asarray(ridge.predict(scaled(asked)), np.float64)


def _pulled(features: Floats) -> Floats:
    found: Floats = np.sign(features) * np.log1p(np.abs(features))
    return found
