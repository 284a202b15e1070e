"""What a journey looks like, and its steps. A campaign's message is one of the steps."""

from __future__ import annotations

from typing import Any

from relance.definitions.shapes.conditions import CONDITION
from relance.definitions.shapes.core import Anything, Choice, ListOf, MapOf, Shape, Text
from relance.definitions.shapes.entering import (
    ENTRY,
    ENTRY_LIMITS,
    EVENT_SPEC,
    EXCLUDE_FIELD,
    EXIT,
    GOALS,
    REENTRY_FIELD,
    signal,
    type_field,
)
from relance.definitions.shapes.records import Either, Field, Record, Tagged, by_field, exactly_one, needs
from relance.definitions.shapes.step_examples import STEP_EXAMPLES
from relance.definitions.shapes.words import (
    CHANNEL,
    DURATION,
    EVENT,
    ID,
    INSTANT_OR_DATE,
    JOURNEY_ID,
    LENGTH,
    NAME,
    OFFSET,
    PATH,
    PERCENT,
    PROFILE_OR_ZONE,
    SEGMENT_ID,
    STEP_ID,
    TEMPLATE_ID,
    TIME_OF_DAY,
    WEEKDAYS,
)

# ---------------------------------------------------------------------------------------------------------------- steps

TARGET = Field(STEP_ID, "The step that follows, or `end`.", default="end")
MESSAGE_FIELDS = {
    "channel": Field(CHANNEL, "The channel."),
    "template": Field(TEMPLATE_ID, "What is sent on it."),
    "channels": Field(MapOf(TEMPLATE_ID, CHANNEL, 1), "Several channels, each with its template: `{email: t1, push: t2}`."),
    "strategy": Field(
        Choice(("all", "first_reachable")),
        "Of several channels: all, or the first on which the person can be reached.",
        default="all",
    ),
    "to": Field(
        Text("a path such as `profile.email`", "bad_path", r"(?:profile|event|journey)\.[^\s.]+(?:\.[^\s.]+)*"),
        "Where the address is. Without it: the channel's own.",
    ),
    "purpose": Field(
        Choice(("marketing", "transactional")),
        "Transactional messages need no consent, and neither caps nor quiet hours hold them.",
        default="marketing",
    ),
    "expires_in": Field(LENGTH, "Not sent later than this after the step was entered."),
}
MESSAGE_RULES = (
    exactly_one("channel", "channels"),
    needs("channel", "template", "`template` is missing: name what is sent on the channel"),
    needs("template", "channel", "`channel` is missing: say where the template is sent"),
    needs("strategy", "channels", "`strategy` is for several `channels`: leave it out"),
)
LISTENER_EVENT = Record(
    "listener_event",
    "Waits for an event.",
    {
        **EVENT_SPEC,
        "message": Field(STEP_ID, "The message step that the event must be a reaction to."),
        "next": TARGET,
    },
)
LISTENER_ENTERED = Record(
    "listener_segment_entered",
    "Waits until the person enters a segment.",
    {"segment_entered": Field(SEGMENT_ID, "the segment", required=True), "next": TARGET},
)
LISTENER_LEFT = Record(
    "listener_segment_left",
    "Waits until the person leaves a segment.",
    {"segment_left": Field(SEGMENT_ID, "the segment", required=True), "next": TARGET},
)
LISTENER = signal(LISTENER_EVENT, LISTENER_ENTERED, LISTENER_LEFT)

UNTIL_TIME = Record(
    "until_time",
    "The first such time of day, now or later.",
    {
        "at": Field(TIME_OF_DAY, "the time of day", required=True),
        "on": Field(WEEKDAYS, "On which weekdays. Without it: any."),
        "timezone": Field(PROFILE_OR_ZONE, "Whose clock: `profile`, or a zone by name. Without it: the workspace's."),
    },
)
UNTIL_PATH = Record(
    "until_path",
    "A date of the profile, of the event, or the entry.",
    {
        "path": Field(
            PATH,
            "Where the date is: `profile.traits.renewal`, `event.properties.due`, or `journey.entered_at`.",
            required=True,
        ),
        "offset": Field(OFFSET, "So long before (-7d) or after it (6h).", default="0s"),
    },
)
_UNTIL_SHAPES: dict[str, Shape] = {"path": UNTIL_PATH, "at": UNTIL_TIME}


def _choose_until(value: Any) -> Shape | None:
    return INSTANT_OR_DATE if isinstance(value, str) else by_field(value, _UNTIL_SHAPES)


UNTIL = Either(
    (INSTANT_OR_DATE, UNTIL_TIME, UNTIL_PATH),
    _choose_until,
    'an instant, `{at: "09:00", on, timezone}` or `{path: profile.traits.DATE, offset}`',
)

STEPS = {
    "message": Record(
        "step_message",
        "Sends a message. A message that is held keeps the person here.",
        {
            "type": type_field("message", "step"),
            **MESSAGE_FIELDS,
            "next": TARGET,
            "on_blocked": Field(STEP_ID, "The step that follows when no channel sent. Without it: `next`."),
            "on_failed": Field(STEP_ID, "The step that follows when the provider failed. Without it: `next`."),
        },
        MESSAGE_RULES,
        examples=STEP_EXAMPLES["message"],
    ),
    "wait": Record(
        "step_wait",
        "Waits. A past instant is no wait.",
        {
            "type": type_field("wait", "step"),
            "for": Field(DURATION, "How long."),
            "until": Field(UNTIL, "Until when."),
            "next": TARGET,
        },
        (exactly_one("for", "until"),),
        examples=STEP_EXAMPLES["wait"],
    ),
    "listen": Record(
        "step_listen",
        "Waits for the first of several events, or for the timeout.",
        {
            "type": type_field("listen", "step"),
            "for": Field(
                ListOf(LISTENER, 1, empty_code="no_listeners", empty_says="needs at least one event to listen for"),
                "What is listened for; the first that happens decides.",
                required=True,
                missing_code="no_listeners",
                missing_says="`for` is missing: list the events to listen for",
            ),
            "timeout": Field(DURATION, "How long. Without it: until the lifetime ends."),
            "on_timeout": Field(STEP_ID, "The step that follows when nothing came in time."),
            "since": Field(
                Choice(("step", "message", "enrollment")),
                "What may have happened before: since the step, the message's hand-off, or the entry."
                " Default: `message` when every listener names one, else `step`.",
            ),
        },
        (
            needs("timeout", "on_timeout", "`timeout` needs `on_timeout`: say where to go then", "timeout_without_on_timeout"),
            needs("on_timeout", "timeout", "`on_timeout` needs `timeout`: say after how long", "on_timeout_without_timeout"),
        ),
        examples=STEP_EXAMPLES["listen"],
    ),
    "branch": Record(
        "step_branch",
        "Goes the way of the first condition that holds.",
        {
            "type": type_field("branch", "step"),
            "when": Field(
                ListOf(
                    Record(
                        "branch_choice",
                        "One way.",
                        {"where": Field(CONDITION, "The condition.", required=True), "next": TARGET},
                    ),
                    1,
                ),
                "The ways, tried in order.",
                required=True,
            ),
            "otherwise": Field(
                STEP_ID,
                "The way when none holds: a step, or `end`.",
                required=True,
                missing_code="branch_without_otherwise",
                missing_says="`otherwise` is missing: say where those go for whom nothing matches, a step or `end`",
            ),
        },
        examples=STEP_EXAMPLES["branch"],
    ),
    "split": Record(
        "step_split",
        "Goes one of several ways by chance, the same one for a profile each time.",
        {
            "type": type_field("split", "step"),
            "paths": Field(
                ListOf(
                    Record(
                        "split_path",
                        "One way.",
                        {"percent": Field(PERCENT, "how many go this way", required=True), "next": TARGET},
                    ),
                    1,
                ),
                "The ways; their percents make 100.",
                required=True,
            ),
        },
        examples=STEP_EXAMPLES["split"],
    ),
    "update_profile": Record(
        "step_update_profile",
        "Changes traits.",
        {
            "type": type_field("update_profile", "step"),
            "set": Field(MapOf(Anything(), PATH), "Traits, by path, and their new values."),
            "unset": Field(ListOf(PATH), "Traits to take away, by path."),
            "next": TARGET,
        },
        examples=STEP_EXAMPLES["update_profile"],
    ),
    "track": Record(
        "step_track",
        "Emits an event.",
        {
            "type": type_field("track", "step"),
            "event": Field(EVENT, "the name of the event", required=True),
            "properties": Field(MapOf(Anything()), "Its properties."),
            "next": TARGET,
        },
        examples=STEP_EXAMPLES["track"],
    ),
    "audience": Record(
        "step_audience",
        "Adds to or removes from an ad audience.",
        {
            "type": type_field("audience", "step"),
            "audience": Field(ID, "which audience", required=True),
            "action": Field(Choice(("add", "remove")), "add or remove", required=True),
            "next": TARGET,
        },
        examples=STEP_EXAMPLES["audience"],
    ),
    "start_journey": Record(
        "step_start_journey",
        "Puts the person into another journey.",
        {
            "type": type_field("start_journey", "step"),
            "journey": Field(JOURNEY_ID, "which journey", required=True),
            "next": TARGET,
        },
        examples=STEP_EXAMPLES["start_journey"],
    ),
    "end": Record("step_end", "The passage is finished.", {"type": type_field("end", "step")}, examples=STEP_EXAMPLES["end"]),
}
STEP = Tagged("step", "type", STEPS, "a step", "unknown_type")

JOURNEY = Record(
    "journey",
    "A journey: people enter, go from step to step, and leave.",
    {
        "kind": Field(Choice(("journey",)), "`journey`", required=True),
        "id": Field(ID, "the id of the journey", required=True),
        "name": Field(NAME, "How people call it."),
        "description": Field(Text("a text", most=10_000, least=0), "What it is for."),
        "entry": Field(ENTRY, "how people enter", required=True),
        "reentry": REENTRY_FIELD,
        "entry_limits": Field(ENTRY_LIMITS, "How many may enter: `per_run`, `per_day`, in `total`."),
        "starts_at": Field(INSTANT_OR_DATE, "Nobody enters before. A date is its midnight in the workspace's zone."),
        "ends_at": Field(INSTANT_OR_DATE, "Nobody enters from then on; people inside go on."),
        "key": Field(
            Text(
                "a path into the starting event, such as `properties.cart_id`",
                "bad_path",
                r"(?:event\.)?properties\.[^\s.]+(?:\.[^\s.]+)*",
            ),
            "What tells passages of one profile apart: one open at a time for each value. Without it: one for each profile.",
        ),
        "holdout_percent": Field(PERCENT, "How many are kept out of it, for comparison.", default=0),
        "goal": Field(GOALS, "What it is for: a goal, or a list of them; the first is the main one."),
        "exclude": EXCLUDE_FIELD,
        "exit_on": Field(ListOf(EXIT), "What ends a passage at once, wherever the person is."),
        "lifetime": Field(LENGTH, "How long a passage may last.", default="365d"),
        "start": Field(STEP_ID, "the first step", required=True),
        "steps": Field(MapOf(STEP, STEP_ID, 1), "the steps, by name", required=True),
    },
)
