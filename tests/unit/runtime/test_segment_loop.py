"""How long the engine is left alone between two refreshes of memberships."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from relance.runtime.segment_loop import SegmentLoop
from relance.segments.kept.keeper import Refreshed


@pytest.mark.parametrize(("took", "pause"), [(0.01, 0.25), (0.4, 0.4), (0.7, 0.3), (0.9, 0.25), (5.0, 0.25)])
def test_the_pause_is_as_long_as_the_refresh_within_a_second_for_both(took: float, pause: float) -> None:
    """Nobody is told much later that a segment was left because refreshes cost more."""
    keeper: Any = SimpleNamespace(refresh=lambda *_: Refreshed(seconds=took), unsupported={})
    shared: Any = SimpleNamespace(lent=nullcontext)
    workspace: Any = object
    paused: list[float] = []
    loop = SegmentLoop(keeper, shared, workspace, lambda: 1, paused.append)

    loop.work()
    loop.wait()

    assert paused == [pytest.approx(pause)]
