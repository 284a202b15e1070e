"""A model that is kept: what to look at and what was learnt, as one JSON text that gives the same bits on every machine alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from relance.predictions.bgnbd import BgNbd
from relance.predictions.blend import mixed
from relance.predictions.families import SEED, repeat_odds
from relance.predictions.fitted import Fitted
from relance.predictions.layout import Layout, Property, Trait
from relance.predictions.levels import Level
from relance.predictions.study import expected
from relance.predictions.value import ValueModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from relance.predictions.features import Snapshot

    Floats = NDArray[np.float64]

FORMAT = 1


@dataclass(frozen=True)
class Model:
    """Everything that makes a probability out of a snapshot."""

    layout: Layout
    windows: tuple[int, ...]
    window: int
    told_later: bool  # most of the past was received long after it happened: timestamps count as arrivals
    fitted: Fitted
    repeat: BgNbd | None
    chosen: tuple[str, ...]
    slope: float
    shift: float
    level: Level
    seed: int = SEED
    values: ValueModel | None = None  # of amounts, where such are foretold
    weights: tuple[float, ...] | None = None  # of what was chosen; none in models that were kept when all counted alike
    edges: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # of the buckets in which features are watched

    def repeat_odds(self, snapshot: Snapshot) -> Floats:
        """The chance of a repeat, as the families read it."""
        return repeat_odds(snapshot.history, self.window, self.repeat)

    def probability(self, snapshot: Snapshot) -> Floats:
        """The chances of the people of a snapshot, one entry each."""
        if not len(snapshot.person):
            return np.zeros(0)
        told = self.fitted.log_odds(snapshot, self.repeat_odds(snapshot))
        return expected(self.slope * mixed(told, self.chosen, self.weights) + self.shift + self.level.value, self.level)

    def to_text(self) -> str:
        """As JSON, the same bytes for the same model."""
        told = {
            "format": FORMAT, "layout": msgspec.to_builtins(self.layout), "windows": self.windows, "window": self.window,
            "told_later": self.told_later, "fitted": self.fitted.as_json(), "repeat": msgspec.to_builtins(self.repeat),
            "chosen": self.chosen, "weights": self.weights, "slope": self.slope, "shift": self.shift, "level": msgspec.to_builtins(self.level), "seed": self.seed,
            "edges": [[name, bounds] for name, bounds in self.edges.items()],
            "values": None if self.values is None else self.values.as_json(),
        }  # fmt: skip
        return msgspec.json.encode(told, order="sorted").decode()

    @classmethod
    def from_text(cls, text: str) -> Model:
        told = msgspec.json.decode(text)
        layout = told["layout"]
        return cls(
            Layout(
                tuple(layout["names"]), tuple(_property(p) for p in layout["properties"]), tuple(_trait(t) for t in layout["traits"]),
                tuple(layout["notes"]),
            ),
            tuple(told["windows"]), told["window"], told["told_later"], Fitted.from_json(told["fitted"]),
            None if told["repeat"] is None else BgNbd(**told["repeat"]), tuple(told["chosen"]), told["slope"], told["shift"],
            Level(told["level"]["value"], told["level"]["way"], tuple(told["level"]["errors"])), told["seed"],
            None if told.get("values") is None else ValueModel.from_json(told["values"]),
            None if told.get("weights") is None else tuple(told["weights"]), {name: tuple(bounds) for name, bounds in told.get("edges", ())},
        )  # fmt: skip


def digest_of(text: str) -> str:
    """What two models with the same bits share."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _property(told: dict[str, Any]) -> Property:
    return Property(told["name"], told["path"], told["kind"], tuple(told["values"]))


def _trait(told: dict[str, Any]) -> Trait:
    return Trait(told["key"], told["kind"], tuple(told["values"]))
