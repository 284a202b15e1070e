"""Which people a treatment moves, if that can be told at all: learners judged out of fold, with an interval.

The best one is chosen by its figure; the interval allows for that choice.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.predictions.families import SEED
from relance.predictions.uplift.learners import LEARNERS, RIVALS, tell_uplift
from relance.predictions.uplift.qini import qini, qini_curve, qini_intervals

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from relance.predictions.uplift.table import Experiment

    Floats = NDArray[np.float64]

FOLDS = 5
REPEATS = 2  # the folds are drawn anew, and what is told of somebody averaged
MEAN = "mean of all"  # of the learners' ranks
NO_DIFFERENCE = "no detectable difference between customers"


@dataclass(frozen=True)
class UpliftEvaluation:
    """Scores out of fold and what can be said.

    Shape: one entry a row of the experiment.
    """

    rows: NDArray[np.int64]
    score: Floats
    report: dict[str, Any]


def evaluate_uplift(experiment: Experiment, *, repeats: int = REPEATS) -> UpliftEvaluation:
    """Compare learners on an experiment, and say whether they tell people apart.

    Args:
        experiment: one row a person.
        repeats: how often everybody is told of by models that have not seen them; more of them steady the figures.
    """
    from threadpoolctl import threadpool_limits

    treated, outcome = experiment.treated, experiment.outcome
    with threadpool_limits(1):
        told = _out_of_fold(experiment, repeats)
    figures = {name: qini(score, treated, outcome) for name, score in told.items()}
    candidates = [n for n in figures if n not in RIVALS]
    best = max(candidates, key=lambda n: (figures[n], n))
    intervals = qini_intervals(
        {n: told[n] for n in (*candidates, "by likelihood")}, treated, outcome, np.random.default_rng(SEED)
    )
    low, high = intervals[best]
    found = low > 0
    report: dict[str, Any] = {
        "people": len(outcome), "treated": int(treated.sum()), "control": int((~treated).sum()), "effect": _effect(treated, outcome),
        "verdict": "customers differ in what the treatment does to them" if found else NO_DIFFERENCE,
        "detectable": found, "chosen": best if found else None,
        "qini_x1000": figures[best], "interval": [low, high],
        "learners": {n: {"qini_x1000": v, **({"interval": list(intervals[n])} if n in intervals else {})} for n, v in figures.items()},
        "features": len(experiment.names), "notes": list(experiment.notes),
    }  # fmt: skip
    score = told[best] if found else np.zeros(len(outcome))
    if found:
        report["gain_by_share"] = _gains(told[best], treated, outcome)
    return UpliftEvaluation(experiment.rows, score, report)


def write_uplift(evaluation: UpliftEvaluation, out: Path) -> None:
    """Effects: writes report.json into a folder, and uplift.csv where people differ."""
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(evaluation.report, indent=1, ensure_ascii=False, allow_nan=False)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")
    if not evaluation.report["detectable"]:
        return
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(["row", "uplift"])
    writer.writerows((int(r), f"{s:.9g}") for r, s in zip(evaluation.rows, evaluation.score, strict=True))
    (out / "uplift.csv").write_text(rows.getvalue(), encoding="utf-8")


def _out_of_fold(experiment: Experiment, repeats: int) -> dict[str, Floats]:
    """What each learner says of everybody, never having seen them."""
    treated, outcome, features = experiment.treated, experiment.outcome, experiment.features
    told: dict[str, Floats] = {name: np.zeros(len(outcome)) for name in (*LEARNERS, *RIVALS)}
    for repeat in range(repeats):
        fold = _folds(treated, outcome, np.random.default_rng(SEED + repeat))
        for k in range(FOLDS):
            inside = fold == k
            found = tell_uplift(features[~inside], treated[~inside], outcome[~inside], features[inside])
            for name, scores in told.items():
                scores[inside] += found[name] / repeats
    told[MEAN] = np.mean([_ranks(told[n]) for n in LEARNERS], axis=0)
    return told


def _folds(treated: NDArray[np.bool_], outcome: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """Folds in which both arms, and those who acted, have the same share."""
    fold = np.zeros(len(outcome), np.int64)
    for arm in (False, True):
        for acted in (False, True):
            inside = np.nonzero((treated == arm) & ((outcome > 0) == acted))[0]
            fold[random.permutation(inside)] = np.arange(len(inside)) % FOLDS
    return fold


def _ranks(score: Floats) -> Floats:
    """Ranks in [0, 1]; ties share one."""
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    found: Floats = ((ends - (counts - 1) / 2)[inverse] - 0.5) / len(score)
    return found


def _effect(treated: NDArray[np.bool_], outcome: Floats) -> dict[str, Any]:
    """The mean difference between the arms, with its interval."""
    a, b = outcome[treated], outcome[~treated]
    difference = float(a.mean() - b.mean())
    error = 1.96 * float(np.sqrt(a.var() / len(a) + b.var() / len(b)))
    return {
        "treated": float(a.mean()),
        "control": float(b.mean()),
        "difference": difference,
        "interval": [difference - error, difference + error],
    }


def _gains(score: Floats, treated: NDArray[np.bool_], outcome: Floats) -> list[dict[str, float]]:
    """What is gained per treated person by treating the first tenths alone."""
    share, gain = qini_curve(score, treated, outcome)
    return [{"share": s / 10, "gain": float(np.interp(s / 10, share, gain))} for s in range(1, 11)]
