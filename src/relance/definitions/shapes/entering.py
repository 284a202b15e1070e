"""How people enter a journey, what it is for, and how they leave it."""

from __future__ import annotations

from relance.definitions.shapes.clauses import WHERE_FIELD
from relance.definitions.shapes.core import Choice, ListOf, Number, Shape
from relance.definitions.shapes.records import Either, Field, Record, Tagged, at_most_one, by_field
from relance.definitions.shapes.schedules import CALENDAR
from relance.definitions.shapes.words import DURATION, EVENT, LENGTH, NAME, PERCENT, SEGMENT_ID, TRUTH


def type_field(name: str, noun: str) -> Field:
    """The field that says which of several a thing is."""
    return Field(Choice((name,)), f"The type of the {noun}.", required=True)


_COUNT_FROM_1 = Number("a whole number, 1 or more", 1, whole=True)
_SPANS = Choice(("minute", "hour", "day"))
RATE = Record(
    "entry_rate",
    "How fast people enter.",
    {
        "max": Field(_COUNT_FROM_1, "how many at most", required=True),
        "per": Field(
            Either(
                (_SPANS, LENGTH),
                lambda value: _SPANS if value in ("minute", "hour", "day") else LENGTH,
                "`minute`, `hour`, `day` or a duration such as 15m",
            ),
            "in which time: `minute`, `hour`, `day` or a duration",
            required=True,
        ),
    },
    examples=({"max": 10_000, "per": "hour"},),
)
ENTRIES = {
    "event": Record(
        "entry_event",
        "Whoever does something enters.",
        {
            "type": type_field("event", "entry"),
            "event": Field(EVENT, "the event that starts it", required=True),
            "where": WHERE_FIELD,
        },
    ),
    "segment": Record(
        "entry_segment",
        "The members of a segment enter, all at once or at a rate.",
        {
            "type": type_field("segment", "entry"),
            "segment": Field(SEGMENT_ID, "the segment whose members enter", required=True),
            "schedule": Field(CALENDAR, "when they enter: `{at: INSTANT}` or `{every: ...}`", required=True),
            "incremental": Field(TRUTH, "Only who became a member since the last time; the first time, all.", default=False),
            "rate": Field(RATE, "How fast they enter: `{max: 10000, per: hour}`. Without it: all at once."),
        },
    ),
    "segment_entered": Record(
        "entry_segment_entered",
        "Whoever becomes a member of a segment enters.",
        {
            "type": type_field("segment_entered", "entry"),
            "segment": Field(SEGMENT_ID, "the segment to become a member of", required=True),
        },
    ),
    "api": Record("entry_api", "People are put in over the API.", {"type": type_field("api", "entry")}),
}
ENTRY = Tagged("entry", "type", ENTRIES, "an entry")

_ONCE_OR_ALWAYS = Choice(("once", "always"))
_AFTER = Record(
    "reentry_after", "Again after a while.", {"after": Field(LENGTH, "so long after the last entry", required=True)}
)
REENTRY = Either(
    (_ONCE_OR_ALWAYS, _AFTER),
    lambda value: _ONCE_OR_ALWAYS if isinstance(value, str) else by_field(value, {"after": _AFTER}),
    "`once`, `always` or `{after: 7d}`",
)
REENTRY_FIELD = Field(REENTRY, "Who was in may enter again: `once`, `always`, or `{after: DURATION}` from the last entry.")

EVENT_SPEC = {"event": Field(EVENT, "the event", required=True), "where": WHERE_FIELD}
GOAL = Record(
    "goal",
    "What the journey is for. It measures, and never ends anyone's passage.",
    {
        "name": Field(NAME, "How people call it."),
        **EVENT_SPEC,
        "target_percent": Field(PERCENT, "How many of a hundred who entered should reach it."),
        "target_count": Field(_COUNT_FROM_1, "How many should reach it."),
        "within": Field(DURATION, "How long after the end of a passage it still counts.", default="0s"),
    },
    (at_most_one("target_percent", "target_count"),),
)
_GOALS = ListOf(GOAL, 1)
GOALS = Either((GOAL, _GOALS), lambda value: _GOALS if isinstance(value, list) else GOAL, "a goal, or a list of goals")

EXCLUSION = Record(
    "exclusion",
    "People who have no place in the journey.",
    {"segment": Field(SEGMENT_ID, "the segment whose members are kept out", required=True)},
)
EXCLUDE_FIELD = Field(
    ListOf(EXCLUSION),
    "Whose members do not enter, and leave when they become one: `[{segment: ID}]`.",
)
ENTRY_LIMITS = Record(
    "entry_limits",
    "How many may enter; starts beyond are suppressed.",
    {
        "per_run": Field(_COUNT_FROM_1, "At each occurrence of the entry's schedule."),
        "per_day": Field(_COUNT_FROM_1, "On one day of the workspace's time zone."),
        "total": Field(_COUNT_FROM_1, "Ever, over all versions."),
    },
    examples=({"per_day": 1_000, "total": 20_000},),
)
EXIT_EVENT = Record("exit_event", "An event ends the passage.", EVENT_SPEC)
EXIT_ENTERED = Record(
    "exit_segment_entered",
    "Entering a segment ends the passage.",
    {"segment_entered": Field(SEGMENT_ID, "the segment", required=True)},
)
EXIT_LEFT = Record(
    "exit_segment_left",
    "Leaving a segment ends the passage.",
    {"segment_left": Field(SEGMENT_ID, "the segment", required=True)},
)


def signal(event: Record, entered: Record, left: Record) -> Either:
    """An event, or the coming into or going out of a segment."""
    shapes: dict[str, Shape] = {"event": event, "segment_entered": entered, "segment_left": left}
    return Either(
        tuple(shapes.values()),
        lambda value: by_field(value, shapes),
        "`{event: NAME, where}`, `{segment_entered: ID}` or `{segment_left: ID}`",
    )


EXIT = signal(EXIT_EVENT, EXIT_ENTERED, EXIT_LEFT)
