"""What people spend who act: boosted trees on the amounts of those who did, and a season where one is known.

How much an act is worth differs from window to window, as how many act does. Where a season can be told, the level of each
window is taken out before the trees are fitted, and the one to come put in; elsewhere the trees do better by themselves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY
from relance.predictions.families import SEED, SMALL
from relance.predictions.levels import Level, foretell_level
from relance.predictions.study import STEPS_A_WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightgbm import Booster
    from numpy.typing import NDArray

    from relance.predictions.features import History, Snapshot
    from relance.predictions.study import Study

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST = 50  # who spent anything, over all windows learnt from
_TAIL = 0.99  # amounts above it count as if they were it, and what that takes away is spread over all
_PULLED = 10.0  # how much a regression of few numbers is held back, in people
_ROUNDS = 150


@dataclass(frozen=True)
class Tickets:
    """What was learnt of amounts, and nothing of whom."""

    booster: str
    base: float  # logarithm of an amount, to which the trees add
    level: Level
    scale: float  # what was capped, and that some act without an amount

    def amounts(self, snapshot: Snapshot) -> Floats:
        """What each person of a snapshot would spend if they act, one entry each."""
        if not len(snapshot.person):
            return np.zeros(0)
        told = np.asarray(self._booster.predict(snapshot.matrix, raw_score=True, num_threads=1), np.float64)
        found: Floats = np.exp(told + self.base + self.level.value) * self.scale
        return found

    @cached_property
    def _booster(self) -> Booster:
        import lightgbm

        return lightgbm.Booster(model_str=self.booster)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"booster": self.booster, "base": self.base, "level": asdict(self.level), "scale": self.scale}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Tickets:
        level = Level(told["level"]["value"], told["level"]["way"], tuple(told["level"]["errors"]))
        return cls(told["booster"], told["base"], level, told["scale"])


def fit_tickets(study: Study, asked: int) -> Tickets | None:
    """Fit on the windows that had ended before a cut-off; None where too few spent anything."""
    import lightgbm

    lessons = study.lessons(asked)
    spent = [study.outcomes(i).value > 0 for i in lessons]
    which = np.concatenate([np.full(int(s.sum()), n) for n, s in enumerate(spent)]) if lessons else np.zeros(0, np.int64)
    if len(which) < LEAST:
        return None
    amounts = np.concatenate([study.outcomes(i).value[s] for i, s in zip(lessons, spent, strict=True)])
    known = np.vstack([_known(study.snapshot(i).history)[s] for i, s in zip(lessons, spent, strict=True)])
    levels = _levels(known, np.log(amounts), which, len(lessons))
    level = foretell_level(
        dict(zip(lessons, levels.tolist(), strict=True)), asked, STEPS_A_WINDOW, round(365 * DAY / study.step)
    )
    if level.way != "season":
        level, levels = Level(0.0, "mean"), np.zeros(len(levels))
    matrix = np.vstack([study.snapshot(i).matrix[s] for i, s in zip(lessons, spent, strict=True)])
    capped = np.minimum(amounts, np.quantile(amounts, _TAIL))
    base = float(np.log(capped.sum() / np.exp(levels[which]).sum()))
    settings: dict[str, Any] = {
        "objective": "gamma", "learning_rate": 0.04, "num_leaves": 4 if len(amounts) < SMALL else 7, "min_data_in_leaf": 40,
        "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "max_bin": 63, "verbose": -1,
        "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": SEED,
    }  # fmt: skip
    booster = lightgbm.train(settings, lightgbm.Dataset(matrix, capped, init_score=levels[which] + base), _ROUNDS)
    told = np.asarray(booster.predict(matrix, raw_score=True, num_threads=1), np.float64)
    acted = sum(int(study.outcomes(i).happened.sum()) for i in lessons)
    scale = float(amounts.sum() / np.exp(told + base + levels[which]).sum()) * len(amounts) / max(acted, len(amounts))
    return Tickets(booster.model_to_string(), base, level, scale)


def _known(history: History) -> Floats:
    """The handful of numbers that tell most of an amount."""
    did = (history.occasions > 0).astype(float)
    mean = np.maximum(history.spent, 0) / np.maximum(history.occasions, 1)
    return np.column_stack([
        np.log1p(mean) * did, (mean > 0) * did, np.log1p(history.recency) * did, np.log1p(history.occasions), np.log1p(history.age) * did,
        np.log1p(np.maximum(history.spent, 0)), did, np.log1p(history.tenure),
    ])  # fmt: skip


def _levels(known: Floats, logs: Floats, which: Ints, n: int) -> Floats:
    """By how much the logarithms of amounts in each of n windows were above what is known of the people, against the mean of all."""
    middle, spread = known.mean(axis=0), known.std(axis=0)
    spread[spread < 1e-9] = 1.0
    columns = np.column_stack([(known - middle) / spread, np.eye(n)[which]])
    pulled = columns.T @ columns + _PULLED * np.eye(columns.shape[1])
    levels: Floats = np.linalg.solve(pulled, columns.T @ (logs - logs.mean()))[known.shape[1] :]
    return levels - float(levels[which].mean())
