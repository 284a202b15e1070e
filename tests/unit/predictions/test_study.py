"""The level of a window that nothing tells."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from relance.clock import DAY
from relance.predictions.blend import probability_of, shift_to
from relance.predictions.families import Answers
from relance.predictions.features import Outcomes
from relance.predictions.study import Study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.predictions.features import FeatureBuilder, Snapshot
    from relance.predictions.fitted import Fitted

PEOPLE = 2000


class Told(Study):
    """A study whose families have answered: what they say is the same at each cut-off, who acts is not."""

    def lessons(self, asked: int) -> list[int]:
        return list(range(asked + 3, 24))

    def snapshot(self, index: int) -> Snapshot:
        return cast("Snapshot", index)


def told(shares: Sequence[float], levels: Sequence[float], now: float) -> Told:
    """Shares of the people who acted in the windows before, three steps apart, the newest first; levels by cut-off from 3 on."""
    builder = cast("FeatureBuilder", SimpleNamespace(window=30 * DAY))
    study = Told(builder, 10 * 365 * DAY, 9 * 365 * DAY)
    ranks = np.linspace(-2, 2, PEOPLE)
    fitted = cast("Fitted", SimpleNamespace(base=-2.0))
    for index in range(24):
        share = shares[max(index // 3 - 1, 0) % len(shares)]
        happened = np.random.default_rng(index).random(PEOPLE) < probability_of(ranks + shift_to(ranks, share))
        study._outcomes[index] = Outcomes(happened, happened.astype(float))
        odds = ranks + (now if index == 0 else -2.0)
        known = np.asarray(levels[max(index, 0) : 21])
        study._answers[index] = Answers({"rfm": odds}, known, {}, fitted)
    return study


def test_where_no_level_can_be_foretold_as_many_are_expected_as_acted_on_average() -> None:
    jumps = [(-1.5) ** (1 + i // 3 % 2) for i in range(21)]  # by more than anything would tell
    study = told([0.02, 0.10, 0.06], jumps, now=-0.5)  # what people did lately makes them look eager

    build = study.build(0)

    assert build is not None
    assert "validations" == build.level.way
    assert len(build.level.errors) == 3
    shares = [study.outcomes(i).happened.mean() for i in (3, 6, 9)]
    assert pytest.approx(np.mean(shares)) == build.probability.mean()


def test_where_levels_hold_still_what_people_did_tells_how_many_will() -> None:
    study = told([0.02, 0.10, 0.06], [0.0] * 21, now=-0.5)

    build = study.build(0)

    assert build is not None
    assert "validations" != build.level.way
    assert build.probability.mean() > 0.2
