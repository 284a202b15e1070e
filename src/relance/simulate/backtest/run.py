"""A whole backtest: read, live again, count."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.errors import QuestionDropped
from relance.simulate.backtest.figures import add_up, read_overlap, tell_figures
from relance.simulate.backtest.replay import replay
from relance.simulate.backtest.stage import Reading, stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.simulate.backtest.wanted import Wanted


def backtest(
    reading: Reading,
    wanted: Wanted,
    *,
    start: int,
    until: int,
    live_again: Callable[[Path, Reading, Wanted], list[dict[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Let a journey run over a part of an installation's past.

    Args:
        reading: the installation.
        wanted: what matters to the journey.
        start: when it would have been published; what arrived earlier is history.
        until: the last instant, inclusive; the installation has come so far.
        live_again: what lives a staged folder, when it is not this thread; answers what `replay` does, share by share.

    Raises:
        QuestionDropped: it was taken back.
    """
    with tempfile.TemporaryDirectory(prefix="relance-backtest-") as name:
        folder = Path(name)
        task = stage(folder, reading, wanted, start, until)
        shares = (live_again or _live_here)(folder, reading, wanted)
    reading.tell("comparing", 0, 1)
    people = sorted({user_id for share in shares for user_id in share["people"]})
    overlap = read_overlap(reading.database, people, source=wanted.source, since=start, until=until)
    return {**tell_figures(add_up([share["figures"] for share in shares]), task), "overlap": overlap}


def _live_here(folder: Path, reading: Reading, _wanted: Wanted) -> list[dict[str, Any]]:
    def tell(phase: str, done: int, total: int) -> None:
        if reading.dropped():
            raise QuestionDropped
        reading.tell(phase, done, total)

    return [replay(folder, tell)]
