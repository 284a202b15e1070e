"""What is due for a prediction: a build, a rescoring, or nothing. Missed ones are caught up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.clock import DAY, HOUR
from relance.localtime import next_occurrence, parse_recurrence
from relance.predictions.modes import ACTIVE, BUILT_ONCE

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from relance.predictions.live.definition import Prediction
    from relance.predictions.live.registry import Current, Run

AGAIN_AFTER = 6 * HOUR  # a build that failed is tried again


def what_is_due(
    prediction: Prediction, current: Current | None, last: Run | None, now: int, zone: ZoneInfo, *, drifted: bool = False
) -> str | None:
    """`build`, `rescore` or None.

    Args:
        prediction: its definition.
        current: what serves.
        last: its newest run; while one waits or runs nothing is due.
        now: the instant.
        zone: in which its times of day are.
        drifted: what it says has moved, or came true otherwise: it learns anew with the next scores.
    """
    if prediction.mode not in (ACTIVE, *BUILT_ONCE) or (last is not None and last.state in ("waiting", "running")):
        return None
    if last is not None and last.digest == prediction.digest and last.state in ("failed", "cancelled"):
        again = (last.ended_at or last.asked_at) + AGAIN_AFTER
        if last.state == "cancelled" or prediction.mode in BUILT_ONCE or now < again:
            return None if not _is_occurring(prediction, last.ended_at or last.asked_at, now, zone) else last.kind
    if current is None or current.definition_digest != prediction.digest:
        return "build"
    if prediction.mode in BUILT_ONCE:
        return None
    if now - current.trained_as_of >= prediction.retrain_after:
        return "build"
    if not _is_occurring(prediction, current.as_of, now, zone):
        return None
    return "build" if drifted and now - current.trained_as_of >= DAY else "rescore"


def next_rescore(prediction: Prediction, since: int, zone: ZoneInfo) -> int | None:
    """When it is next scored anew, if it is."""
    if prediction.mode != ACTIVE or "every" not in (prediction.rescore or {}):
        return None
    return next_occurrence(parse_recurrence(prediction.rescore or {}, zone), zone, since + 1)


def _is_occurring(prediction: Prediction, since: int, now: int, zone: ZoneInfo) -> bool:
    at = next_rescore(prediction, since, zone)
    return at is not None and at <= now
