"""One prediction, built as of an instant: cut-offs, rivals, the choice among them, calibration.

Cut-offs are numbered backwards from the instant in equal steps. What is measured is always told by models that were
trained on windows that had ended before the cut-off they are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY
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
_MIXES = (
    ("boosted", "logit", "rfm", "bgnbd"), ("boosted", "logit", "bgnbd"), ("boosted", "logit", "rfm"), ("boosted", "logit"), ("logit", "bgnbd"),
)  # fmt: skip


@dataclass(frozen=True)
class Build:
    """A finished prediction at one cut-off."""

    snapshot: Snapshot
    probability: Floats
    chosen: tuple[str, ...]
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
        mixes = self._mixes(now, tried)
        chosen, rivals = self._choose(mixes, tried)
        slope, shift, level = self._calibrate(asked, chosen, lessons, now, tried)
        odds = slope * mixed(now.log_odds, chosen) + shift + level.value
        happened = [self.outcomes(i).happened for i in lessons]
        return Build(
            self.snapshot(asked), expected(odds, level), chosen, slope, level, shift, rivals, tuple(self.cutoff(i) for i in tried),
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

    def _mixes(self, now: Answers, tried: Sequence[int]) -> list[tuple[str, ...]]:
        there = set(now.log_odds)
        for i in tried:
            there &= set((self.answers(i) or now).log_odds)
        singles: list[tuple[str, ...]] = [(f,) for f in FAMILIES if f in there]
        return [m for m in _MIXES if set(m) <= there] + singles

    def _choose(
        self, mixes: Sequence[tuple[str, ...]], tried: Sequence[int]
    ) -> tuple[tuple[str, ...], dict[str, dict[str, float]]]:
        """The mix with the least surprise once the level is set right; a broad mix where nothing was tried or all are even."""
        rivals: dict[str, dict[str, float]] = {}
        for mix in mixes:
            figures = []
            for i in tried:
                answers = self.answers(i)
                if answers is not None:
                    happened, odds = self.outcomes(i).happened, mixed(answers.log_odds, mix)
                    centred = probability_of(odds + _shift(odds, happened))
                    figures.append((auc(happened, centred) or 0.5, log_loss(happened, centred)))
            if figures:
                means = np.mean(figures, axis=0)
                rivals["+".join(mix)] = {"auc": float(means[0]), "log_loss": float(means[1])}
        if not rivals:
            return mixes[0], rivals
        best = min(mixes, key=lambda m: rivals["+".join(m)]["log_loss"] - 0.02 * rivals["+".join(m)]["auc"])
        return best, rivals

    def _calibrate(
        self, asked: int, chosen: tuple[str, ...], lessons: Sequence[int], now: Answers, tried: Sequence[int]
    ) -> tuple[float, float, Level]:
        """The slope, the shift and the level that turn the mix's log-odds into chances."""
        levels = dict(zip(lessons, now.levels.tolist(), strict=True))
        year = round(365 * DAY / self.step)
        level = foretell_level(levels, asked, STEPS_A_WINDOW, year)
        samples = []
        for i in tried:
            answers = self.answers(i)
            if answers is not None and i in levels:
                # an older model's mean level is that of the cut-offs it knew
                known = [levels[k] for k in self.lessons(i) if k in levels]
                samples.append(
                    (
                        mixed(answers.log_odds, chosen),
                        self.outcomes(i).happened,
                        levels[i] - (float(np.mean(known)) if known else 0.0),
                    )
                )
        if not samples:
            return 1.0, 0.0, level
        slope = 1.0
        if len(samples) >= 2:
            # fitted on the older ones, kept only if it helps on the newest
            older = _slope(samples[1:])
            odds, happened, _ = samples[0]
            plain = log_loss(happened, probability_of(odds + _shift(odds, happened)))
            sloped = log_loss(happened, probability_of(older * odds + _shift(older * odds, happened)))
            if sloped < plain:
                slope = _slope(samples)
        if level.error is not None and level.error > UNFORESEEABLE:
            # campaigns that come and go: as many as acted in the validations together are expected
            pooled = np.concatenate([slope * odds for odds, _, _ in samples])
            return slope, _shift(pooled, np.concatenate([happened for _, happened, _ in samples])), Level(0.0, "validations")
        shift = float(np.mean([_shift(slope * odds, happened) - at for odds, happened, at in samples]))
        return slope, shift, level


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


def mixed(log_odds: Mapping[str, Floats], mix: Sequence[str]) -> Floats:
    """The mean of the families of a mix."""
    found: Floats = np.mean([log_odds[f] for f in mix], axis=0)
    return found


def probability_of(odds: Floats) -> Floats:
    """The chances that log-odds stand for."""
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -12, 12)))
    return found


def expected(odds: Floats, level: Level) -> Floats:
    """The chances, over all that the level may come to be."""
    if not level.errors:
        return probability_of(odds)
    found: Floats = np.mean([probability_of(odds + error) for error in level.errors], axis=0)
    return found


def _shift(odds: Floats, happened: NDArray[np.bool_]) -> float:
    """What must be added to the log-odds so that as many are expected as acted, within four."""
    low, high, wanted = -4.0, 4.0, float(happened.mean())
    for _ in range(60):
        middle = (low + high) / 2
        if probability_of(odds + middle).mean() < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _slope(samples: Sequence[tuple[Floats, NDArray[np.bool_], float]]) -> float:
    """The slope of the log-odds that fits best, each sample at its own level; pulled towards one where people are few."""

    def surprise(slope: float) -> float:
        return float(np.mean([log_loss(h, probability_of(slope * o + _shift(slope * o, h))) for o, h, _ in samples]))

    tried = np.arange(0.7, 1.41, 0.05)
    best = float(tried[int(np.argmin([surprise(s) for s in tried]))])
    n = sum(int(h.sum()) for _, h, _ in samples)
    return 1 + (best - 1) * n / (n + 200)


def figures_of(build: Build) -> dict[str, Any]:
    """What a report says of a build."""
    return {
        "model": "+".join(build.chosen), "slope": build.slope, "shift": build.shift,
        "level": {"value": build.level.value, "way": build.level.way, "trials": len(build.level.errors), "error": build.level.error},
        "rivals": build.rivals, "cutoffs": build.n_lessons, "rows": build.n_rows, "positives": build.n_positives,
    }  # fmt: skip
