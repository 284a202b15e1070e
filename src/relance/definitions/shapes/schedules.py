"""When something starts: at an instant, by the calendar, on an event, or when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.definitions.shapes.clauses import WHERE_FIELD
from relance.definitions.shapes.core import Choice, Shape, Truth
from relance.definitions.shapes.records import Either, Field, Record, Rule, by_field
from relance.definitions.shapes.sentences import is_number
from relance.definitions.shapes.words import DAYS, EVENT, INSTANT_OR_DATE, PROFILE_OR_ZONE, TIME_OF_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

AT = Record(
    "schedule_at",
    "Once.",
    {
        "at": Field(
            INSTANT_OR_DATE, "the instant at which it starts; a date is its midnight in the workspace's zone", required=True
        )
    },
)


def _days(body: Mapping[str, Any]) -> list[Any]:
    return body["on"] if isinstance(body.get("on"), list) else []


def _if_monthly(*, monthly: bool, items: Mapping[str, Any]) -> dict[str, Any]:
    every = {"const": "month"} if monthly else {"not": {"const": "month"}}
    return {"if": {"properties": {"every": every}}, "then": {"properties": {"on": {"items": items}}}}


_DAYS_OF_MONTH = Rule(
    "bad_days",
    lambda body: body.get("every") == "month" and not all(is_number(day) for day in _days(body)),
    "`on` of a month names days of the month, 1 to 31: write `on: [1]`, or `every: week` for weekdays",
    _if_monthly(monthly=True, items={"type": "integer"}),
    "on",
)
_DAYS_OF_WEEK = Rule(
    "bad_days",
    lambda body: body.get("every") != "month" and any(is_number(day) for day in _days(body)),
    "`on` names weekdays here: write `on: [mon]`, or `every: month` for days of the month",
    _if_monthly(monthly=False, items={"type": "string"}),
    "on",
)
EVERY = Record(
    "schedule_every",
    "Again and again, by the calendar of a time zone.",
    {
        "every": Field(Choice(("hour", "day", "week", "month")), "How often.", required=True),
        "on": Field(DAYS, "Which days: weekdays, or days of a month (31 is the last day). Without it: Monday, or the 1st."),
        "at": Field(TIME_OF_DAY, "At what time of day; of an hour only the minutes count.", default="00:00"),
        "timezone": Field(PROFILE_OR_ZONE, "Whose clock: `profile`, or a zone by name. Without it: the workspace's."),
        "from": Field(INSTANT_OR_DATE, "Not before."),
        "until": Field(INSTANT_OR_DATE, "Not after."),
    },
    (_DAYS_OF_MONTH, _DAYS_OF_WEEK),
)
ON_EVENT = Record(
    "schedule_event",
    "Whenever an event happens.",
    {"event": Field(EVENT, "the event that starts it", required=True), "where": WHERE_FIELD},
)
BY_API = Record(
    "schedule_api", "When it is called over the API.", {"api": Field(Truth(only=True), "write `api: true`", required=True)}
)


def _choose(*shapes: Record) -> Any:
    by_name: dict[str, Shape] = {name: shape for shape in shapes for name, field in shape.fields.items() if field.required}
    # `every` is asked before `at`, which it may have as well
    order = sorted(by_name, key=lambda name: name != "every")
    return lambda value: by_field(value, {name: by_name[name] for name in order})


CALENDAR = Either((AT, EVERY), _choose(AT, EVERY), "`{at: INSTANT}` or `{every: hour | day | week | month, ...}`")
SCHEDULE = Either(
    (AT, EVERY, ON_EVENT, BY_API),
    _choose(AT, EVERY, ON_EVENT, BY_API),
    "`{at: INSTANT}`, `{every: ..., on, at, timezone}`, `{event: NAME, where}` or `{api: true}`",
)
