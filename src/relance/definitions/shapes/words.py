"""The small words of every definition: ids, durations, instants, zones, paths, filters."""

from __future__ import annotations

from relance.clock import DAY, parse_duration
from relance.definitions.shapes.core import Choice, ListOf, Number, Text, Truth
from relance.definitions.shapes.records import Either
from relance.definitions.shapes.sentences import is_number
from relance.events import names
from relance.localtime import UTC_ZONE, find_zone, parse_clock_time, parse_instant_or_date

LONGEST = 36_525 * DAY  # a hundred years: a longer one is a slip
CHANNEL_NAMES = ("email", "sms", "push", "in_app", "webhook")
_WEEKDAYS = (
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)


def _is_duration(text: str) -> bool:
    return len(text) <= 20 and abs(parse_duration(text) or 0) <= LONGEST


ID = Text("an id: 1 to 64 of a-z, 0-9 and `-`", "bad_id", r"[a-z0-9-]{1,64}")
STEP_ID = Text("a step's name: 1 to 64 letters, digits, `-` and `_`", "bad_id", r"[A-Za-z0-9_-]{1,64}")
NAME = Text("a text", most=500)
LONG_TEXT = Text("a text", most=10_000)
_OFTEN = (names.ORDER_COMPLETED, "Product Viewed", "Product Added", names.EMAIL_OPENED, names.EMAIL_LINK_CLICKED)
_OTHERS = (*names.SEGMENT_SPEC, names.PAGE_VIEWED, names.SCREEN_VIEWED, *sorted(names.REACTIONS), names.SUBSCRIPTION_CHANGED)
EVENT = Text(
    "the name of an event",
    most=200,
    refers="event",
    examples=(*_OFTEN, *dict.fromkeys(n for n in _OTHERS if n not in _OFTEN)),
    name="event_name",
)


def id_of(kind: str) -> Text:
    """The id of something else that is defined."""
    return Text(ID.says, ID.code, ID.pattern, refers=kind)


SEGMENT_ID = id_of("segment")
TEMPLATE_ID = id_of("template")
JOURNEY_ID = id_of("journey")
PREDICTION_ID = id_of("prediction")
CHANNEL = Choice(CHANNEL_NAMES)
PATH = Text(
    "a dotted path such as `address.city`", "bad_path", r"[^.\s](?:[^.]*[^.\s])?(?:\.[^.\s](?:[^.]*[^.\s])?)*", most=500
)
DURATION = Text(
    "a duration such as 90s, 15m, 72h, 1d or 2w", "bad_duration", r"[0-9]+(?:\.[0-9]+)?[smhdw]", _is_duration, examples=("1d",)
)
LENGTH = Text(
    "a duration longer than none, such as 90s, 15m, 72h, 1d or 2w",
    "bad_duration",
    r"[0-9]+(?:\.[0-9]+)?[smhdw]",
    lambda text: _is_duration(text) and (parse_duration(text) or 0) > 0,
    examples=("72h", "7d", "30d"),
)
WINDOW = Text(
    "a duration longer than none and at most 365d, such as 30d",
    "bad_duration",
    r"[0-9]+(?:\.[0-9]+)?[smhdw]",
    lambda text: _is_duration(text) and 0 < (parse_duration(text) or 0) <= 365 * DAY,
    examples=("30d", "7d"),
)
OFFSET = Text(
    "a duration such as -7d or 6h", "bad_duration", r"[+-]?[0-9]+(?:\.[0-9]+)?[smhdw]", _is_duration, examples=("-7d",)
)
INSTANT_OR_DATE = Text(
    "an instant such as 2026-03-01T09:00:00Z, or a date such as 2026-03-01",
    "bad_instant",
    test=lambda text: parse_instant_or_date(text, UTC_ZONE) is not None,
    examples=("2026-03-01T09:00:00Z", "2026-03-01"),
)
ZONE = Text("the IANA name of a time zone, such as Europe/Paris", "bad_timezone", test=lambda text: find_zone(text) is not None)
PROFILE_OR_ZONE = Text(
    "`profile` or the IANA name of a time zone, such as Europe/Paris",
    "bad_timezone",
    test=lambda text: text == "profile" or find_zone(text) is not None,
    examples=("profile", "Europe/Paris"),
)
TIME_OF_DAY = Text(
    'a time of day such as "09:00"',
    "bad_time_of_day",
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?",
    lambda text: parse_clock_time(text) is not None,
    examples=("09:00",),
)
PERCENT = Number("a number from 0 to 100", 0, 100)
COUNT = Number("a whole number, 0 or more", 0, whole=True)

WEEKDAY = Choice(_WEEKDAYS)
MONTH_DAY = Number("a day of the month, 1 to 31", 1, 31, whole=True)
DAYS = ListOf(
    Either(
        (WEEKDAY, MONTH_DAY),
        lambda value: MONTH_DAY if is_number(value) else WEEKDAY,
        "a weekday such as mon, or a day of the month",
    ),
    least=1,
)
WEEKDAYS = ListOf(WEEKDAY, least=1)
TRUTH = Truth()
