"""One prediction, built as of an instant: cut-offs, rivals, the choice among them, calibration.

Cut-offs are numbered backwards from the instant in equal steps. What is measured is always told by models that were
trained on windows that had ended before the cut-off they are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY
from relance.predictions.blend import mixed, probability_of, shift_to, weigh
from relance.predictions.families import FAMILIES, Answers, Lesson, answer, fit_repeat, repeat_odds
from relance.predictions.levels import Level, foretell_level
from relance.predictions.measures import auc, log_loss

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from relance.predictions.bgnbd import BgNbd
    from relance.predictions.features import FeatureBuilder, Outcomes, Snapshot
    from relance.predictions.fitted import Fitted

    Floats = NDArray[np.float64]

STEPS_A_WINDOW = 3
MAX_LESSONS = 24
CLOSE = 9  # the newest cut-offs, one step apart
MIN_POSITIVES = 10  # a cut-off with fewer teaches nothing
VALIDATIONS = 3
UNFORESEEABLE = 1.0  # log-odds by which a foretold level is usually off, from which on it is not trusted


@dataclass(frozen=True)
class Build:
    """A finished prediction at one cut-off."""

    snapshot: Snapshot
    probability: Floats
    chosen: tuple[str, ...]
    weights: tuple[float, ...]  # of those that were chosen, adding up to one
    slope: float
    level: Level
    shift: float
    rivals: dict[str, dict[str, float]]  # by name: mean figures over the validations
    validations: tuple[int, ...]  # their cut-offs
    gains: dict[str, float]
    n_lessons: int
    n_rows: int
    n_positives: int
    fitted: Fitted


@dataclass
class Study:
    """Snapshots and answers of one stream, each made once.

    Args:
        builder: makes the snapshots.
        as_of: the instant; nothing later is looked at.
        start: when the stream begins.
        known_before: outcomes are those received before this.
    """

    builder: FeatureBuilder
    as_of: int
    start: int
    _snapshots: dict[int, Snapshot] = field(default_factory=dict)
    _repeats: dict[int, Floats] = field(default_factory=dict)
    repeat_models: dict[int, BgNbd | None] = field(default_factory=dict)
    _outcomes: dict[int, Outcomes] = field(default_factory=dict)
    _answers: dict[int, Answers | None] = field(default_factory=dict)

    @property
    def step(self) -> int:
        return max(self.builder.window // STEPS_A_WINDOW, 1)

    def cutoff(self, index: int) -> int:
        return self.as_of - index * self.step

    def snapshot(self, index: int) -> Snapshot:
        if index not in self._snapshots:
            self._snapshots[index] = self.builder.snapshot(self.cutoff(index))
        return self._snapshots[index]

    def repeat(self, index: int) -> Floats:
        if index not in self._repeats:
            model = self.repeat_models[index] = fit_repeat(self.snapshot(index).history)
            self._repeats[index] = repeat_odds(self.snapshot(index).history, self.builder.window, model)
        return self._repeats[index]

    def outcomes(self, index: int) -> Outcomes:
        if index not in self._outcomes:
            self._outcomes[index] = self.builder.outcomes(self.snapshot(index), self.as_of)
        return self._outcomes[index]

    def lessons(self, asked: int) -> list[int]:
        """The cut-offs to learn from for one that is asked about: their windows had ended by then."""
        window = self.builder.window
        found: list[int] = []
        for least in (max(window, 60 * DAY if window > 7 * DAY else 4 * window), window, window // 2):
            last = int((self.as_of - self.start - least) // self.step)
            found = []
            for index in _spread(asked + STEPS_A_WINDOW, last):
                if len(found) == MAX_LESSONS:
                    break
                happened = self.outcomes(index).happened
                if MIN_POSITIVES <= happened.sum() < len(happened):
                    found.append(index)
            if len(found) >= 2:
                return found
        return found

    def answers(self, index: int) -> Answers | None:
        """What each family says about a cut-off; None where there is nothing to learn from."""
        if index not in self._answers:
            lessons = self.lessons(index)
            told = None
            if lessons:
                taught = [Lesson(self.snapshot(i), self.outcomes(i).happened, self.repeat(i)) for i in lessons]
                plain = self.builder.rule.is_plain
                told = answer(taught, self.snapshot(index), self.repeat(index), self.builder.names, plain=plain)
            self._answers[index] = told
        return self._answers[index]

    def build(self, asked: int = 0) -> Build | None:
        """The prediction at a cut-off; None where there is nothing to learn from."""
        now = self.answers(asked)
        if now is None:
            return None
        lessons = self.lessons(asked)
        tried = self._validations(asked)
        weights, slope, rivals = self._weigh(now, tried)
        chosen, shares = tuple(weights), tuple(weights.values())
        shift, level = self._calibrate(asked, weights, slope, now, tried)
        odds = slope * mixed(now.log_odds, chosen, shares) + shift + level.value
        happened = [self.outcomes(i).happened for i in lessons]
        return Build(
            self.snapshot(asked), expected(odds, level), chosen, shares, slope, level, shift, rivals, tuple(self.cutoff(i) for i in tried),
            now.gains, len(lessons), sum(map(len, happened)), int(sum(h.sum() for h in happened)), now.fitted,
        )  # fmt: skip

    def _validations(self, asked: int) -> list[int]:
        """Cut-offs to compare the rivals at: a window apart while the history reaches so far back, else closer."""
        last = int((self.as_of - self.start) // self.step)
        roomy = asked + STEPS_A_WINDOW * (VALIDATIONS + 4) <= last
        apart = STEPS_A_WINDOW if roomy else 1
        candidates = [asked + STEPS_A_WINDOW + n * apart for n in range(VALIDATIONS)]
        return [
            i for i in candidates
            if i <= last and len(self.lessons(i)) >= 2 and self.answers(i) is not None
            and MIN_POSITIVES <= self.outcomes(i).happened.sum() < len(self.outcomes(i).happened)
        ]  # fmt: skip

    def _weigh(self, now: Answers, tried: Sequence[int]) -> tuple[dict[str, float], float, dict[str, dict[str, float]]]:
        """The weight of each family, the slope of their mean, and how each did by itself and with the others."""
        told = [(answers, self.outcomes(i).happened) for i in tried if (answers := self.answers(i)) is not None]
        there = [f for f in FAMILIES if all(f in a.log_odds for a in (now, *(a for a, _ in told)))]
        weights, slope = weigh([(a.log_odds, happened) for a, happened in told], there)
        rivals: dict[str, dict[str, float]] = {}
        mixes = [(tuple(weights), tuple(weights.values())), *(((f,), (1.0,)) for f in there)] if told else []
        for mix, shares in mixes:
            figures = []
            for answers, happened in told:
                odds = mixed(answers.log_odds, mix, shares)
                figures.append(
                    (
                        auc(happened, odds) or 0.5,
                        log_loss(happened, probability_of(odds + shift_to(odds, float(happened.mean())))),
                    )
                )
            means = np.mean(figures, axis=0)
            rivals["+".join(mix)] = {"auc": float(means[0]), "log_loss": float(means[1])}
        return weights, slope, rivals

    def _calibrate(
        self, asked: int, weights: Mapping[str, float], slope: float, now: Answers, tried: Sequence[int]
    ) -> tuple[float, Level]:
        """The shift and the level that turn the mix's log-odds into chances."""
        levels = dict(zip(self.lessons(asked), now.levels.tolist(), strict=True))
        level = foretell_level(levels, asked, STEPS_A_WINDOW, round(365 * DAY / self.step))
        told = [(answers, self.outcomes(i).happened) for i in tried if (answers := self.answers(i)) is not None]
        if level.error is not None and level.error > UNFORESEEABLE and told:
            # campaigns that come and go: as many as then will act, on average; the level may be off as it was at any of the validations
            mix, shares, rates = tuple(weights), tuple(weights.values()), [float(h.mean()) for _, h in told]
            needed = [shift_to(slope * mixed(a.log_odds, mix, shares), rate) for (a, _), rate in zip(told, rates, strict=True)]
            errors = tuple(n - float(np.mean(needed)) for n in needed)
            shift = shift_to(slope * mixed(now.log_odds, mix, shares), float(np.mean(rates)), errors)
            return shift, Level(0.0, "validations", errors)
        return (1 - slope) * now.fitted.base, level  # the slope turns about the mean chance


def cutoffs_looked_at(as_of: int, start: int, window: int) -> list[int]:
    """All cut-offs that a study may learn from or ask about, the newest first."""
    step = max(window // STEPS_A_WINDOW, 1)
    last = int((as_of - start) // step)
    asked = range(STEPS_A_WINDOW * (VALIDATIONS + 2) + 1)
    spreads = (_spread(index + STEPS_A_WINDOW, last)[: 2 * MAX_LESSONS] for index in asked)
    found = {0, *(i for i in asked if i <= last), *(i for spread in spreads for i in spread)}
    return [as_of - index * step for index in sorted(found)]


def _spread(first: int, last: int) -> list[int]:
    """Cut-offs to learn from: close together where they are new, a window apart further back, so that a year is reached."""
    if last - first < MAX_LESSONS:
        return list(range(first, last + 1))
    close = first + CLOSE
    return [*range(first, close), *range(close + STEPS_A_WINDOW - 1, last + 1, STEPS_A_WINDOW)]


def expected(odds: Floats, level: Level) -> Floats:
    """The chances, over all that the level may come to be."""
    if not level.errors:
        return probability_of(odds)
    found: Floats = np.mean([probability_of(odds + error) for error in level.errors], axis=0)
    return found


def figures_of(build: Build) -> dict[str, Any]:
    """What a report says of a build."""
    return {
        "model": "+".join(build.chosen), "weights": dict(zip(build.chosen, build.weights, strict=True)), "slope": build.slope, "shift": build.shift,
        "level": {"value": build.level.value, "way": build.level.way, "trials": len(build.level.errors), "error": build.level.error},
        "rivals": build.rivals, "cutoffs": build.n_lessons, "rows": build.n_rows, "positives": build.n_positives,
    }  # fmt: skip
