"""What was learnt, and nothing of whom: it answers log-odds for any snapshot with the same features, and lasts as text.

One person's answer is the same to the bit whoever is asked about beside them.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightgbm import Booster
    from numpy.typing import NDArray

    from relance.predictions.features import History, Snapshot

    Floats = NDArray[np.float64]

CLIP = 6.0
_ROWS = 16_384  # at once


@dataclass(frozen=True)
class Linear:
    """A logistic regression on scaled columns."""

    mean: Floats
    spread: Floats
    weights: Floats
    intercept: float

    def log_odds(self, matrix: Floats) -> Floats:
        """One entry a row. Each is summed by itself: a matrix product adds in an order that depends on the number of rows."""
        found = np.empty(len(matrix))
        for start in range(0, len(matrix), _ROWS):
            part = np.clip((matrix[start : start + _ROWS] - self.mean) / self.spread, -CLIP, CLIP)
            found[start : start + _ROWS] = (np.ascontiguousarray(part) * self.weights).sum(axis=1)
        return found + self.intercept


@dataclass(frozen=True)
class Wide:
    """All features for a linear model: pulled together by a logarithm, gaps filled and told."""

    middle: Floats
    told: NDArray[np.bool_]

    def of(self, matrix: Floats) -> Floats:
        """The columns of a matrix, and then whether those are missing that often are."""
        missing = np.isnan(matrix)
        values = np.where(missing, self.middle, np.sign(matrix) * np.log1p(np.abs(matrix)))
        return np.column_stack([values, missing[:, self.told]])


@dataclass(frozen=True)
class Fitted:
    """Every family, fitted."""

    rfm: Linear
    rate_of_the_new: float | None  # of those who never did it; None where repeats are no model of their own
    usable: NDArray[np.bool_]  # columns of the matrix, the chance of a repeat being the last
    wide: Wide
    logit: Linear
    booster: str
    base: float  # log-odds to which the trees add
    levels: Floats
    gains: dict[str, float]
    names: tuple[str, ...]  # of the usable columns

    def log_odds(self, snapshot: Snapshot, repeat: Floats) -> dict[str, Floats]:
        """What each family says of the people of a snapshot; `repeat` are its `repeat_odds`."""
        matrix = with_repeat(snapshot.matrix, repeat)[:, self.usable]
        found = {"rfm": self.rfm.log_odds(simple_features(snapshot.history, repeat))}
        if self.rate_of_the_new is not None:
            never = snapshot.history.occasions == 0
            found["bgnbd"] = np.where(never, np.log(self.rate_of_the_new / (1 - self.rate_of_the_new)), repeat)
        found["logit"] = self.logit.log_odds(self.wide.of(matrix))
        found["boosted"] = self._trees(matrix) + self.base
        return found

    @cached_property
    def _booster(self) -> Booster:
        import lightgbm

        return lightgbm.Booster(model_str=self.booster)

    def _trees(self, matrix: Floats) -> Floats:
        if not len(matrix):
            return np.zeros(0)
        return np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=1), np.float64)

    def reasons(self, snapshot: Snapshot, repeat: Floats) -> Floats:
        """How much each usable column adds to the log-odds of each person, by the trees (SHAP values).

        Shape: (people, usable columns).
        """
        matrix = with_repeat(snapshot.matrix, repeat)[:, self.usable]
        return np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=1), np.float64)[:, :-1]

    def as_json(self) -> dict[str, Any]:
        """As plain values; arrays keep every bit."""
        return {
            "rfm": _linear_json(self.rfm), "rate_of_the_new": self.rate_of_the_new, "usable": pack(self.usable),
            "wide": {"middle": pack(self.wide.middle), "told": pack(self.wide.told)}, "logit": _linear_json(self.logit),
            "booster": self.booster, "base": self.base, "levels": pack(self.levels), "gains": self.gains, "names": list(self.names),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Fitted:
        return cls(
            _linear(told["rfm"]), told["rate_of_the_new"], unpack(told["usable"], bool),
            Wide(unpack(told["wide"]["middle"]), unpack(told["wide"]["told"], bool)), _linear(told["logit"]), told["booster"],
            told["base"], unpack(told["levels"]), dict(told["gains"]), tuple(told["names"]),
        )  # fmt: skip


def with_repeat(matrix: Floats, repeat: Floats) -> Floats:
    """The matrix with the chance of a repeat as its last column."""
    return np.column_stack([matrix, repeat])


def simple_features(history: History, repeat: Floats) -> Floats:
    """The handful of numbers of the simplest model: recency, frequency, money."""
    did = (history.occasions > 0).astype(float)
    return np.column_stack([
        np.log1p(history.recency) * did, np.log1p(history.occasions), np.log1p(history.age) * did, np.log1p(history.spent), did,
        np.log1p(history.tenure), repeat,
    ])  # fmt: skip


def pack(array: NDArray[Any]) -> str:
    """An array as text, with every bit."""
    kind = np.uint8 if array.dtype == bool else np.float64
    return base64.b64encode(np.ascontiguousarray(array, dtype=kind).tobytes()).decode()


def unpack(text: str, kind: type = float) -> NDArray[Any]:
    """What `pack` made a text of."""
    raw = np.frombuffer(base64.b64decode(text), np.uint8 if kind is bool else np.float64)
    return raw.astype(bool) if kind is bool else raw.copy()


def _linear_json(model: Linear) -> dict[str, Any]:
    return {
        "mean": pack(model.mean),
        "spread": pack(model.spread),
        "weights": pack(model.weights),
        "intercept": model.intercept,
    }


def _linear(told: Mapping[str, Any]) -> Linear:
    return Linear(unpack(told["mean"]), unpack(told["spread"]), unpack(told["weights"]), told["intercept"])
