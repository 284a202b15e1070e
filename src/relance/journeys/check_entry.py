"""What is wrong with how people enter a journey, beyond the shape of each part: dates, limits, rates, exclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.localtime import UTC_ZONE, parse_instant_or_date
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def check_entry(body: Mapping[str, Any], *, now: int | None = None) -> Iterator[Problem]:
    """Problems of a journey's entry. Fields of a wrong shape are passed over: they are reported by their shape.

    Args:
        body: the definition.
        now: microseconds; when given, an end that is past is warned of.
    """
    entry = _mapping(body.get("entry"))
    yield from _check_dates(body, entry, now)
    yield from _check_limits(body, entry)
    yield from _check_exclusions(body, entry)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _instant(value: object) -> int | None:
    return parse_instant_or_date(value, UTC_ZONE)  # a few hours off for a date alone, which no warning hangs on


def _check_dates(body: Mapping[str, Any], entry: Mapping[str, Any], now: int | None) -> Iterator[Problem]:
    begins, ends = _instant(body.get("starts_at")), _instant(body.get("ends_at"))
    if begins is not None and ends is not None and ends <= begins:
        says = f"it ends ({body['ends_at']}) before it begins ({body['starts_at']}), so nobody enters: make `ends_at` later"
        yield Problem("ends_before_start", says, "/ends_at")
        return
    if now is not None and ends is not None and ends <= now:
        says = f"{body['ends_at']} is past, so nobody enters any more: make it later, or leave it out"
        yield Problem("journey_over", says, "/ends_at", "warning")
    schedule = _mapping(entry.get("schedule"))
    at = _instant(schedule.get("at")) if "every" not in schedule else None
    first = at if at is not None else _instant(schedule.get("from"))
    last = at if at is not None else _instant(schedule.get("until"))
    if (ends is not None and first is not None and first >= ends) or (
        begins is not None and last is not None and last < begins
    ):
        says = "the schedule never fires between `starts_at` and `ends_at`: change one of them"
        yield Problem("never_fires", says, "/entry/schedule")


def _check_limits(body: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    limits = _mapping(body.get("entry_limits"))
    scheduled = entry.get("type") == "segment"
    if "per_run" in limits and not scheduled:
        says = "`per_run` counts at an occurrence of a schedule, and this entry has none: limit it `per_day` or in `total`"
        yield Problem("per_run_without_schedule", says, "/entry_limits/per_run")
    schedule = _mapping(entry.get("schedule"))
    if scheduled and entry.get("incremental") is True and "at" in schedule and "every" not in schedule:
        says = "a schedule that fires once takes in all members: `incremental` makes no difference, leave it out or recur"
        yield Problem("incremental_once", says, "/entry/incremental", "warning")


def _check_exclusions(body: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    exclude = body.get("exclude")
    for n, one in enumerate(exclude if isinstance(exclude, list) else ()):
        if isinstance(one, dict) and one.get("segment") is not None and one["segment"] == entry.get("segment"):
            says = f"`{one['segment']}` is the segment that enters, so nobody would: exclude another"
            yield Problem("excludes_its_entry", says, pointer("exclude", n, "segment"))
