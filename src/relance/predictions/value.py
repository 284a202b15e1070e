"""What people will spend in the window: chances times amounts, boosted trees on sums, purchases times their mean; the best of them.

Source: Fader, Hardie (2013), "The Gamma-Gamma Model of Monetary Value", equation 5 for the expected mean; Tweedie
deviance for amounts of which most are zero.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY, format_instant
from relance.predictions.bgnbd import BgNbd, fit_bgnbd
from relance.predictions.blend import mixed
from relance.predictions.families import SEED
from relance.predictions.study import STEPS_A_WINDOW
from relance.predictions.tickets import Tickets, fit_tickets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightgbm import Booster
    from numpy.typing import NDArray

    from relance.predictions.features import History, Snapshot
    from relance.predictions.study import Study

    Floats = NDArray[np.float64]

_WEEK = 7.0
_TAIL = 0.999  # one order like no other must not set the price for all
_TWEEDIE_POWER = 1.5
CATCH_UP, MOST_CAUGHT_UP = 0.75, 1.25
TWO_STAGES = "chance_times_amount"


@dataclass(frozen=True)
class ValueModel:
    """What was learnt about amounts, and nothing of whom: it answers for any snapshot with the same features, and lasts as text."""

    chosen: str  # chance_times_amount, tweedie, bgnbd_gamma_gamma or average
    booster: str  # "" where nobody ever spent anything
    scale: float  # of the trees: what was capped, and how much likelier people are now
    repeat: BgNbd | None
    price: tuple[float, float, float] | None  # p, q and v of Gamma-Gamma
    weeks: float  # of the window
    factor: float = 1.0  # most of what the newest known total was off by
    tickets: Tickets | None = None  # what is spent by whoever acts

    def amounts(self, snapshot: Snapshot, chances: Floats) -> Floats:
        """What each person of a snapshot is expected to spend, one entry each, at least 0; `chances` are theirs to act."""
        if not len(snapshot.person):
            return np.zeros(0)
        if self.chosen == TWO_STAGES and self.tickets is not None:
            return self.tickets.amounts(snapshot) * chances * self.factor
        return np.maximum(self.rivals(snapshot, chances)[self.chosen] * self.factor, 0)

    def rivals(self, snapshot: Snapshot, chances: Floats) -> dict[str, Floats]:
        """What each kind of model says."""
        told = {"tweedie": self._by_trees(snapshot)}
        if self.tickets is not None:
            told[TWO_STAGES] = self.tickets.amounts(snapshot) * chances
        if self.repeat is not None and self.price is not None:
            told["bgnbd_gamma_gamma"] = self._bought_times_mean(snapshot.history, self.repeat, self.price)
            told["average"] = (told["tweedie"] + told["bgnbd_gamma_gamma"]) / 2
        return told

    @cached_property
    def _booster(self) -> Booster:
        import lightgbm

        return lightgbm.Booster(model_str=self.booster)

    def _by_trees(self, snapshot: Snapshot) -> Floats:
        if not self.booster:
            return np.zeros(len(snapshot.person))
        found: Floats = np.asarray(self._booster.predict(snapshot.matrix, num_threads=1), np.float64) * self.scale
        return found

    def _bought_times_mean(self, history: History, repeat: BgNbd, price: tuple[float, float, float]) -> Floats:
        did, x, t_x, age = _repeat_figures(history)
        n, mean = history.occasions[did], history.spent[did] / np.maximum(history.occasions[did], 1)
        p, q, v = price
        weight = p * n / (p * n + q - 1)
        means = (1 - weight) * (v * p / (q - 1)) + weight * np.maximum(mean, 0)
        found = np.zeros(len(did))
        found[did] = np.nan_to_num(repeat.expected(x, t_x, age, self.weeks)) * means
        return found

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "chosen": self.chosen, "booster": self.booster, "scale": self.scale, "price": self.price, "weeks": self.weeks,
            "repeat": None if self.repeat is None else asdict(self.repeat), "factor": self.factor,
            "tickets": None if self.tickets is None else self.tickets.as_json(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> ValueModel:
        repeat, price, tickets = told["repeat"], told["price"], told.get("tickets")
        return cls(
            told["chosen"], told["booster"], told["scale"], None if repeat is None else BgNbd(**repeat),
            None if price is None else (price[0], price[1], price[2]), told["weeks"], told["factor"],
            None if tickets is None else Tickets.from_json(tickets),
        )  # fmt: skip


@dataclass(frozen=True)
class Values:
    """Expected amounts, and how such amounts did one window earlier.

    Shape: one entry a person of the study's first snapshot.
    """

    expected: Floats
    report: dict[str, Any]
    model: ValueModel


def foretell_value(study: Study) -> Values:
    """Expected spend of everybody known at the study's instant; the kind of model is chosen by earlier windows."""
    tried: dict[str, list[tuple[float, float, float]]] = {}
    for index in range(STEPS_A_WINDOW, 3 * STEPS_A_WINDOW + 1, STEPS_A_WINDOW):
        if len(study.lessons(index)) < 2:
            break
        actual = study.outcomes(index).value
        if not actual.sum() > 0:
            continue
        for name, told in _told(study, fit_amounts(study, index), index).items():
            tried.setdefault(name, []).append((float(np.abs(told - actual).mean()), float(told.sum()), float(actual.sum())))
    rivals = {
        name: {
            "mean_absolute_error": float(np.mean([f[0] for f in figures])),
            "predicted_to_actual": [p / a for _, p, a in figures],
        }
        for name, figures in tried.items()
    }
    fitted = fit_amounts(study, 0)
    now = _told(study, fitted, 0)

    def fault(name: str) -> float:
        """How far the totals were off; a small mean error alone flatters whoever says too little."""
        return float(np.mean([abs(np.log(max(p, 1e-9) / a)) for _, p, a in tried[name]])) if name in tried else 1.0

    chosen = min(now, key=lambda name: (fault(name), name))
    known = [] if chosen == TWO_STAGES else tried.get(chosen, [])  # both its stages have levels that were foretold
    factor = _catch_up(known, 0)
    report: dict[str, Any] = {
        "chosen_model": chosen, "rivals": rivals, "predicted_total": float(now[chosen].sum() * factor), "factor": factor, "holdout": None,
    }  # fmt: skip
    if chosen in tried:
        error, predicted, actual_total = tried[chosen][0]
        then = predicted * _catch_up(known, 1)
        report["holdout"] = {
            "at": format_instant(study.cutoff(STEPS_A_WINDOW)), "predicted": then, "actual": actual_total,
            "ratio": then / actual_total, "mean_absolute_error": error,
        }  # fmt: skip
    return Values(now[chosen] * factor, report, replace(fitted, chosen=chosen, factor=factor))


def _told(study: Study, fitted: ValueModel, index: int) -> dict[str, Floats]:
    """What each kind of model says of the people at a cut-off."""
    build = study.build(index)
    snapshot = study.snapshot(index)
    if build is None:
        return replace(fitted, tickets=None).rivals(snapshot, np.zeros(len(snapshot.person)))
    return fitted.rivals(snapshot, build.probability)


def _catch_up(figures: Sequence[tuple[float, float, float]], known_from: int) -> float:
    """Most of what the total of the newest known window was off by; growth is told late by models of many windows."""
    if len(figures) <= known_from:
        return 1.0
    _, predicted, actual = figures[known_from]
    return float(np.clip((actual / max(predicted, 1e-9)) ** CATCH_UP, 1 / MOST_CAUGHT_UP, MOST_CAUGHT_UP))


def fit_amounts(study: Study, asked: int) -> ValueModel:
    """Fit every kind of model on the windows that had ended before a cut-off."""
    booster, scale = _fit_trees(study, asked)
    repeat, price = _fit_repeat(study.snapshot(asked).history)
    weeks = study.builder.window / DAY / _WEEK
    return ValueModel("tweedie", booster, scale, repeat, price, weeks, tickets=fit_tickets(study, asked))


def _fit_trees(study: Study, asked: int) -> tuple[str, float]:
    import lightgbm

    lessons = study.lessons(asked)
    matrix = np.vstack([study.snapshot(i).matrix for i in lessons])
    amounts = np.maximum(np.concatenate([study.outcomes(i).value for i in lessons]), 0)
    positive = amounts[amounts > 0]
    if not len(positive):
        return "", 0.0
    capped = np.minimum(amounts, np.quantile(positive, _TAIL))
    settings: dict[str, Any] = {
        "objective": "tweedie", "tweedie_variance_power": _TWEEDIE_POWER, "learning_rate": 0.04, "num_leaves": 7, "min_data_in_leaf": 60,
        "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "num_threads": 1,
        "deterministic": True, "force_row_wise": True, "seed": SEED,
    }  # fmt: skip
    booster = lightgbm.train(settings, lightgbm.Dataset(matrix, capped), 200)
    # what was capped is spread over all
    return booster.model_to_string(), float(amounts.sum() / max(capped.sum(), 1e-9)) * _level(study, asked)


def _level(study: Study, asked: int) -> float:
    """How much more the likely buyers are now than in the windows learnt from, by the calibrated chances."""
    build = study.build(asked)
    answers = study.answers(asked)
    if build is None or answers is None:
        return 1.0
    odds = mixed(answers.log_odds, build.chosen, build.weights) * build.slope + build.shift
    plain = 1 / (1 + np.exp(-np.clip(odds, -12, 12)))
    return float(np.clip(build.probability.mean() / max(float(plain.mean()), 1e-9), 0.4, 2.5))


def _repeat_figures(history: History) -> tuple[NDArray[np.bool_], Floats, Floats, Floats]:
    """Who ever bought; of those how often again, from the first to the last purchase, and from the first to now, in weeks."""
    did = history.occasions > 0
    return did, history.occasions[did] - 1, (history.age - history.recency)[did] / _WEEK, history.age[did] / _WEEK


def _fit_repeat(history: History) -> tuple[BgNbd | None, tuple[float, float, float] | None]:
    did, x, t_x, age = _repeat_figures(history)
    model, price = fit_bgnbd(x, t_x, age), _gamma_gamma(history, did)
    if model is None or price is None or model.a <= 1.0001:
        return None, None
    return model, price


def _gamma_gamma(history: History, did: NDArray[np.bool_]) -> tuple[float, float, float] | None:
    """How the mean amounts of purchases are spread; None where there is too little to fit."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    n, mean = history.occasions[did], history.spent[did] / np.maximum(history.occasions[did], 1)
    fit = (mean > 0) & (n > 1)
    if fit.sum() < 20:
        return None
    x, m = n[fit], mean[fit]

    def surprise(logs: Floats) -> float:
        p, q, v = np.exp(logs)
        told = (
            gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(m)
            + p * x * np.log(x) - (p * x + q) * np.log(v + x * m)
        )  # fmt: skip
        return -float(told.mean())

    found = minimize(surprise, np.log([2.0, 3.0, float(m.mean())]), method="L-BFGS-B", bounds=[(-4, 6), (0.05, 6), (-4, 14)])
    p, q, v = (float(a) for a in np.exp(found.x))
    return p, q, v
