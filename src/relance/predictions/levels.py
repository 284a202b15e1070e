"""How many will act: the level of a window that has not been, foretold from the levels of those that were.

A season or growth moves everybody up or down; what people did says little of it. The way of telling is chosen by how it
would have told the levels that are known, each from what was known one window before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_TRIALS = 3
BETTER = 0.9  # the recent levels must have at most this part of the mean's squared error


@dataclass(frozen=True)
class Level:
    """The foretold level, in log-odds against the mean of the cut-offs that were learnt from."""

    value: float
    way: str  # mean | recent | season | validations
    errors: tuple[float, ...] = ()  # by how much the same way was off, each time it could be tried

    @property
    def error(self) -> float | None:
        """Root mean square of the errors."""
        return float(np.sqrt(np.mean(np.square(self.errors)))) if self.errors else None


def foretell_level(levels: Mapping[int, float], asked: int, ahead: int, year: int) -> Level:
    """Foretell the level at a cut-off.

    Args:
        levels: by cut-off, numbered backwards in time in equal steps.
        asked: the number of the cut-off in question.
        ahead: how many steps a window takes: levels are known from `asked + ahead` on.
        year: how many steps a year takes.
    """
    trials = [i for i in sorted(levels) if i >= asked + ahead and _recent(levels, i, ahead) is not None]
    mean, recent = _mean(levels, asked + ahead), _recent(levels, asked, ahead)
    if recent is None or len(trials) < MIN_TRIALS:
        return Level(mean, "mean")
    # how much of what the recent levels tell beyond the mean came true
    plain = np.asarray([_mean(levels, t + ahead) for t in trials])
    beyond = np.asarray([_recent(levels, t, ahead) or 0.0 for t in trials]) - plain
    came = np.asarray([levels[t] for t in trials]) - plain
    trust = float(np.clip(beyond @ came / max(float(beyond @ beyond), 1e-12), 0, 1))
    least, errors = float(np.mean(came**2)), came - trust * beyond
    best = Level(mean, "mean", tuple(came.tolist()))
    if np.mean(errors**2) < BETTER * least:
        least, best = float(np.mean(errors**2)), Level(mean + trust * (recent - mean), "recent", tuple(errors.tolist()))
    season = _season(levels, asked, ahead, year)
    if season is None:
        return best
    # Few trials have a year before them, and those of a quiet part of the year say little: the other way's error is mixed in.
    # That one is measured over all of the year, as the season in question may be the one it misses.
    missed = [levels[t] - found for t in trials if (found := _season(levels, t, ahead, year)) is not None]
    error = (sum(m * m for m in missed) + least / 2) / (len(missed) + 1)
    if error >= least:
        return best
    weight = least / (least + error)
    return Level(
        float(weight * season + (1 - weight) * best.value),
        "season",
        tuple(map(float, missed)) if len(missed) >= MIN_TRIALS else (),
    )


def _mean(levels: Mapping[int, float], since: int) -> float:
    known = [v for i, v in levels.items() if i >= since]
    return float(np.mean(known)) if known else 0.0


def _at(levels: Mapping[int, float], index: int, reach: int) -> float | None:
    """The level at a cut-off, between its neighbours where it is not there itself; None where they are too far."""
    if index in levels:
        return levels[index]
    before = [i for i in levels if index - reach < i < index]
    after = [i for i in levels if index < i < index + reach]
    if not before or not after:
        return None
    low, high = max(before), min(after)
    return levels[low] + (levels[high] - levels[low]) * (index - low) / (high - low)


def _recent(levels: Mapping[int, float], asked: int, ahead: int) -> float | None:
    known = [v for i in range(asked + ahead, asked + ahead + 3) if (v := _at(levels, i, ahead + 1)) is not None]
    return float(np.mean(known)) if known else None


def _season(levels: Mapping[int, float], asked: int, ahead: int, year: int) -> float | None:
    """The level of a year ago, with half of what changed since."""
    around = [v for i in (asked + year - 1, asked + year, asked + year + 1) if (v := _at(levels, i, ahead + 1)) is not None]
    now, then = _recent(levels, asked, ahead), _recent(levels, asked + year, ahead)
    if len(around) < 2 or now is None or then is None:
        return None
    return float(np.mean(around)) + (now - then) / 2
