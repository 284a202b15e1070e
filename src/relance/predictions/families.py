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
from relance.predictions.fitted import CLIP as _CLIP
from relance.predictions.fitted import Fitted, Linear, Wide
from relance.predictions.fitted import simple_features as _simple
from relance.predictions.fitted import with_repeat as _with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relance.predictions.bgnbd import BgNbd
    from relance.predictions.features import History, Snapshot

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SEED = 20_26
FAMILIES = ("rfm", "bgnbd", "logit", "boosted")
MAX_ROWS = 40_000  # to learn from; more of them cost time and bring no more
MAX_FITTED = 5_000  # customers that the model of repeat purchases, with its four numbers, is fitted to
SMALL = 400  # people who act, up to which trees stay small
_PULLED = 0.001  # how freely a regression on all features is fitted: most of them say the same in other words
_LOOKED_AT, _AT_LEAST = 0.2, 6  # share and number of the features that one tree may look at
_DUMMY = 3.0  # how freely the level of a cut-off is fitted
_WEEK = 7.0


@dataclass(frozen=True)
class Answers:
    """What each family says of the people of one snapshot.

    Shape: log-odds, one entry a person. `levels` has one entry a cut-off that was learnt from, in their order.
    """

    log_odds: dict[str, Floats]
    levels: Floats
    gains: dict[str, float]  # by feature, of the boosted trees
    fitted: Fitted


@dataclass(frozen=True)
class Lesson:
    """One cut-off to learn from."""

    snapshot: Snapshot
    happened: NDArray[np.bool_]
    repeat: Floats  # `repeat_odds` of the snapshot


def answer(
    lessons: Sequence[Lesson], asked: Snapshot, repeat_asked: Floats, names: Sequence[str], *, plain: bool = True
) -> Answers:
    """Fit every family on past cut-offs and ask each about one snapshot, whose `repeat_odds` are given.

    `plain`: what is foretold is that one event happens, which is what the model of repeat purchases tells.
    """
    fitted = fit(lessons, names, with_repeat=plain and repeats_matter(asked.history))
    return Answers(fitted.log_odds(asked, repeat_asked), fitted.levels, fitted.gains, fitted)


def fit(lessons: Sequence[Lesson], names: Sequence[str], *, with_repeat: bool) -> Fitted:
    """Fit every family on past cut-offs; that of repeat purchases needs no more than `repeat_odds`."""
    repeat = [lesson.repeat for lesson in lessons]
    kept = [_thin(len(lesson.happened), MAX_ROWS // len(lessons)) for lesson in lessons]
    happened = np.concatenate([lesson.happened[k] for lesson, k in zip(lessons, kept, strict=True)])
    which = np.concatenate([np.full(len(k), i) for i, k in enumerate(kept)])
    matrix = np.vstack([_with(lesson.snapshot.matrix[k], r[k]) for lesson, k, r in zip(lessons, kept, repeat, strict=True)])
    simple = np.vstack([_simple(lesson.snapshot.history, r)[k] for lesson, k, r in zip(lessons, kept, repeat, strict=True)])
    rfm, levels = _fit_logit(simple, happened, which, strength=1.0)
    rate = None
    if with_repeat:
        rate = _rate_of_the_new([lesson.happened[lesson.snapshot.history.occasions == 0] for lesson in lessons], happened)
    usable = _worth_a_look(matrix)
    wide = _fit_wide(matrix[:, usable])
    logit, _ = _fit_logit(wide.of(matrix[:, usable]), happened, which, strength=_PULLED)
    named = tuple((*names, "chance of a repeat")[i] for i in np.nonzero(usable)[0])
    booster, base, gains = _boost(matrix[:, usable], happened, levels[which], named)
    return Fitted(rfm, rate, usable, wide, logit, booster, base, levels, gains, named)


def repeats_matter(history: History) -> bool:
    """Whether enough people did it again for a model of repeat purchases."""
    return bool((history.occasions > 1).sum() >= 50 and (history.occasions > 1).sum() >= 0.05 * (history.occasions > 0).sum())


def fit_repeat(history: History) -> BgNbd | None:
    """BG/NBD as of a cut-off, fitted to what was known at it; None where too few came back."""
    x, t_x, age = _repeat_figures(history)
    few = _thin(len(x), MAX_FITTED)
    return fit_bgnbd(x[few], t_x[few], age[few])


def repeat_odds(history: History, window: int, model: BgNbd | None) -> Floats:
    """Log-odds of at least one more occasion by BG/NBD, low for the new. It looks at no outcome, so it may be a feature."""
    did = history.occasions > 0
    odds = np.full(len(did), -7.0)
    if model is not None:
        p = np.clip(model.at_least_one(*_repeat_figures(history), window / DAY / _WEEK), 1e-4, 1 - 1e-4)
        odds[did] = np.log(p / (1 - p))
    return odds


def _repeat_figures(history: History) -> tuple[Floats, Floats, Floats]:
    did = history.occasions > 0
    return history.occasions[did] - 1, (history.age - history.recency)[did] / _WEEK, history.age[did] / _WEEK


def _rate_of_the_new(happened: Sequence[NDArray[np.bool_]], everybody: NDArray[np.bool_]) -> float:
    new = np.concatenate(happened)
    return float(np.clip((new.sum() + everybody.mean()) / (len(new) + 1), 1e-4, 1 - 1e-4))


def _thin(n: int, room: int) -> Ints:
    """Which of n rows are kept: all, or so many at even distances."""
    return np.arange(n) if n <= room else np.linspace(0, n - 1, max(room, 1)).astype(np.int64)


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


def _fit_wide(matrix: Floats) -> Wide:
    gaps = np.isnan(matrix)
    told = gaps.mean(axis=0) > 0.01
    pulled = np.sign(matrix) * np.log1p(np.abs(matrix))
    middle = np.zeros(matrix.shape[1])
    some = ~gaps.all(axis=0)
    middle[some] = np.nanmedian(pulled[:, some], axis=0)
    return Wide(middle, told)


def _fit_logit(matrix: Floats, happened: NDArray[np.bool_], which: Ints, *, strength: float) -> tuple[Linear, Floats]:
    """A logistic regression in which each cut-off has a level of its own.

    Returns: the regression at the mean level, and the level of each cut-off against that mean.
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
    return Linear(mean, spread, weights[: scaled.shape[1]], float(model.intercept_[0]) + middle), levels - middle


def _boost(
    matrix: Floats, happened: NDArray[np.bool_], offset: Floats, names: Sequence[str]
) -> tuple[str, float, dict[str, float]]:
    """Boosted trees, small ones; the level of each cut-off is given to them. Answers their text, the base and the gains."""
    import lightgbm

    small = happened.sum() < SMALL
    base = float(np.log(happened.mean() / (1 - happened.mean())))
    settings: dict[str, Any] = {
        "objective": "binary", "learning_rate": 0.035, "num_leaves": 4 if small else 7, "min_data_in_leaf": 40,
        "feature_fraction": min(1.0, max(_LOOKED_AT, _AT_LEAST / max(matrix.shape[1], 1))), "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 10.0, "max_bin": 63, "verbose": -1, "num_threads": 1, "deterministic": True,
        "force_row_wise": True, "seed": SEED,
    }  # fmt: skip
    data = lightgbm.Dataset(matrix, happened.astype(float), init_score=offset + base)
    booster = lightgbm.train(settings, data, 250)
    gains = dict(zip(names, booster.feature_importance("gain").tolist(), strict=True))
    return booster.model_to_string(), base, gains
