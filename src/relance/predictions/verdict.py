"""What is said of a build in words: how far it can be used, what it looked at, why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY
from relance.errors import RelanceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.predictions.study import Build

USABLE, INDICATIVE = 200, 50  # people who acted in the windows that were learnt from
SHOWN_FEATURES = 25


class NothingToLearn(RelanceError):
    """The history does not hold what a prediction needs; nothing was trained."""

    code = "nothing_to_learn"


def use_of(acted: int) -> str:
    """How far a prediction can be used that so many positives taught (SEMANTICS 37)."""
    return "usable" if acted >= USABLE else "indicative" if acted >= INDICATIVE else "not usable"


def why_nothing(history: int, length: int) -> str:
    """Why nothing could be learnt.

    Args:
        history: how long it is, in microseconds.
        length: of the window, likewise.
    """
    days, window = history / DAY, length / DAY
    if days < 2 * window:
        return (
            f"the history is {days:.0f} days long; a window of {window:g} days needs at least twice as much: one window to learn "
            f"from, and something before it"
        )
    return (
        "in no window of the past did at least 10 people act while others did not: there is one class only, and nothing to learn; "
        "take a longer window or a more frequent event"
    )


def features_of(build: Build, names: Sequence[str]) -> dict[str, Any]:
    """The features with the most weight in the trees."""
    total = sum(build.gains.values()) or 1.0
    top = sorted(build.gains.items(), key=lambda g: (-g[1], g[0]))[:SHOWN_FEATURES]
    return {"count": len(names), "weightiest": [{"feature": name, "share": gain / total} for name, gain in top if gain > 0]}
