"""The kinds of models that compete for a prediction: simple ones that are hard to beat on orders, and a learner for the rest.

Each learns from snapshots at many past cut-offs and answers log-odds for another snapshot. How many act at all differs
from cut-off to cut-off (a season, a campaign); that level is kept out of the answers and foretold apart (`levels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY
from relance.predictions.bgnbd import fit_bgnbd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relance.predictions.features import History, Snapshot

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SEED = 20_26
FAMILIES = ("rfm", "bgnbd", "logit", "boosted")
MAX_ROWS = 40_000  # to learn from; more of them cost time and bring no more
MAX_FITTED = 5_000  # customers that the model of repeat purchases, with its four numbers, is fitted to
SMALL = 400  # people who act, up to which trees stay small
_DUMMY = 3.0  # how freely the level of a cut-off is fitted
_WEEK = 7.0
_CLIP = 6.0


@dataclass(frozen=True)
class Answers:
    """What each family says of the people of one snapshot.

    Shape: log-odds, one entry a person. `levels` has one entry a cut-off that was learnt from, in their order.
    """

    log_odds: dict[str, Floats]
    levels: Floats
    gains: dict[str, float]  # by feature, of the boosted trees


@dataclass(frozen=True)
class Lesson:
    """One cut-off to learn from."""

    snapshot: Snapshot
    happened: NDArray[np.bool_]
    repeat: Floats  # `repeat_odds` of the snapshot


def answer(lessons: Sequence[Lesson], asked: Snapshot, repeat_asked: Floats, names: Sequence[str]) -> Answers:
    """Fit every family on past cut-offs and ask each about one snapshot, whose `repeat_odds` are given."""
    repeat = [lesson.repeat for lesson in lessons]
    kept = [_thin(len(lesson.happened), MAX_ROWS // len(lessons)) for lesson in lessons]
    happened = np.concatenate([lesson.happened[k] for lesson, k in zip(lessons, kept, strict=True)])
    which = np.concatenate([np.full(len(k), i) for i, k in enumerate(kept)])
    matrix = np.vstack([_with(lesson.snapshot.matrix[k], r[k]) for lesson, k, r in zip(lessons, kept, repeat, strict=True)])
    matrix_asked = _with(asked.matrix, repeat_asked)
    simple = np.vstack([_simple(lesson.snapshot.history, r)[k] for lesson, k, r in zip(lessons, kept, repeat, strict=True)])
    found: dict[str, Floats] = {}
    found["rfm"], levels = _logit(simple, _simple(asked.history, repeat_asked), happened, which, strength=1.0)
    if repeats_matter(asked.history):
        never = asked.history.occasions == 0
        rate = _rate_of_the_new([lesson.happened[lesson.snapshot.history.occasions == 0] for lesson in lessons], happened)
        found["bgnbd"] = np.where(never, np.log(rate / (1 - rate)), repeat_asked)
    usable = _worth_a_look(matrix)
    found["logit"], _ = _logit(*_wide(matrix[:, usable], matrix_asked[:, usable]), happened, which, strength=0.03)
    found["boosted"], gains = _boosted(
        matrix[:, usable],
        matrix_asked[:, usable],
        happened,
        levels[which],
        [(*names, "chance of a repeat")[i] for i in np.nonzero(usable)[0]],
    )
    return Answers(found, levels, gains)


def repeats_matter(history: History) -> bool:
    """Whether enough people did it again for a model of repeat purchases."""
    return bool((history.occasions > 1).sum() >= 50 and (history.occasions > 1).sum() >= 0.05 * (history.occasions > 0).sum())


def repeat_odds(history: History, window: int) -> Floats:
    """Log-odds of at least one more occasion by BG/NBD, fitted to what was known at this very cut-off; low for the new.

    It looks at no outcome, so it may be a feature.
    """
    did = history.occasions > 0
    odds = np.full(len(did), -7.0)
    x, t_x, age = history.occasions[did] - 1, (history.age - history.recency)[did] / _WEEK, history.age[did] / _WEEK
    few = _thin(len(x), MAX_FITTED)
    model = fit_bgnbd(x[few], t_x[few], age[few])
    if model is not None:
        p = np.clip(model.at_least_one(x, t_x, age, window / DAY / _WEEK), 1e-4, 1 - 1e-4)
        odds[did] = np.log(p / (1 - p))
    return odds


def _rate_of_the_new(happened: Sequence[NDArray[np.bool_]], everybody: NDArray[np.bool_]) -> float:
    new = np.concatenate(happened)
    return float(np.clip((new.sum() + everybody.mean()) / (len(new) + 1), 1e-4, 1 - 1e-4))


def _thin(n: int, room: int) -> Ints:
    """Which of n rows are kept: all, or so many at even distances."""
    return np.arange(n) if n <= room else np.linspace(0, n - 1, max(room, 1)).astype(np.int64)


def _with(matrix: Floats, repeat: Floats) -> Floats:
    return np.column_stack([matrix, repeat])


def _simple(history: History, repeat: Floats) -> Floats:
    did = (history.occasions > 0).astype(float)
    return np.column_stack([
        np.log1p(history.recency) * did, np.log1p(history.occasions), np.log1p(history.age) * did, np.log1p(history.spent), did,
        np.log1p(history.tenure), repeat,
    ])  # fmt: skip


def _worth_a_look(matrix: Floats) -> NDArray[np.bool_]:
    """Columns that say anything, each said once."""
    filled = np.nan_to_num(matrix, nan=-1.0)
    varied: NDArray[np.bool_] = filled.std(axis=0) > 1e-9
    seen: set[bytes] = set()
    for i in np.nonzero(varied)[0]:
        content = filled[:, i].tobytes()
        if content in seen:
            varied[i] = False
        seen.add(content)
    return varied


def _wide(matrix: Floats, asked: Floats) -> tuple[Floats, Floats]:
    """All features for a linear model: pulled together by a logarithm, gaps filled and told."""
    gaps = np.isnan(matrix)
    told = gaps.mean(axis=0) > 0.01
    pulled = np.sign(matrix) * np.log1p(np.abs(matrix))
    middle = np.zeros(matrix.shape[1])
    some = ~gaps.all(axis=0)
    middle[some] = np.nanmedian(pulled[:, some], axis=0)

    def filled(m: Floats) -> Floats:
        missing = np.isnan(m)
        values = np.where(missing, middle, np.sign(m) * np.log1p(np.abs(m)))
        return np.column_stack([values, missing[:, told]])

    return filled(matrix), filled(asked)


def _logit(
    matrix: Floats, asked: Floats, happened: NDArray[np.bool_], which: Ints, *, strength: float
) -> tuple[Floats, Floats]:
    """A logistic regression in which each cut-off has a level of its own.

    Returns: the log-odds of those asked at the mean level, and the level of each cut-off against that mean.
    """
    from sklearn.linear_model import LogisticRegression

    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    spread[spread < 1e-9] = 1.0
    scaled = np.clip((matrix - mean) / spread, -_CLIP, _CLIP)
    n_cutoffs = int(which.max()) + 1
    model = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=100)
    model.fit(np.column_stack([scaled, _DUMMY * np.eye(n_cutoffs)[which]]), happened)
    weights = model.coef_[0]
    levels = _DUMMY * weights[scaled.shape[1] :]
    share = np.bincount(which, minlength=n_cutoffs) / len(which)
    middle = float(levels @ share)
    odds: Floats = np.clip((asked - mean) / spread, -_CLIP, _CLIP) @ weights[: scaled.shape[1]] + model.intercept_[0] + middle
    return odds, levels - middle


def _boosted(
    matrix: Floats, asked: Floats, happened: NDArray[np.bool_], offset: Floats, names: Sequence[str]
) -> tuple[Floats, dict[str, float]]:
    """Boosted trees, small ones; the level of each cut-off is given to them."""
    import lightgbm

    small = happened.sum() < SMALL
    base = float(np.log(happened.mean() / (1 - happened.mean())))
    settings: dict[str, Any] = {
        "objective": "binary", "learning_rate": 0.04, "num_leaves": 4 if small else 7, "min_data_in_leaf": 40, "feature_fraction": 0.5,
        "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "max_bin": 63, "verbose": -1, "num_threads": 1, "deterministic": True,
        "force_row_wise": True, "seed": SEED,
    }  # fmt: skip
    data = lightgbm.Dataset(matrix, happened.astype(float), init_score=offset + base)
    booster = lightgbm.train(settings, data, 200)
    gains = dict(zip(names, booster.feature_importance("gain").tolist(), strict=True))
    odds = np.asarray(booster.predict(asked, raw_score=True), np.float64) + base
    return odds, gains
