"""What each kind of definition looks like."""

from __future__ import annotations

from relance.definitions.shapes.clauses import WHERE_FIELD
from relance.definitions.shapes.conditions import CONDITION
from relance.definitions.shapes.core import Choice, ListOf, MapOf, Number, Shape, Text
from relance.definitions.shapes.entering import REENTRY_FIELD
from relance.definitions.shapes.journeys import JOURNEY, MESSAGE_FIELDS, MESSAGE_RULES
from relance.definitions.shapes.records import Either, Field, Record, Rule, Tagged, by_field, exactly_one
from relance.definitions.shapes.schedules import SCHEDULE
from relance.definitions.shapes.words import (
    CHANNEL,
    CHANNEL_NAMES,
    DURATION,
    EVENT,
    ID,
    LENGTH,
    NAME,
    PATH,
    PERCENT,
    PROFILE_OR_ZONE,
    STEP_ID,
    TEMPLATE_ID,
    TIME_OF_DAY,
    TRUTH,
    WINDOW,
    ZONE,
)

EVENT_NAME = Text("the name of an event", most=200)  # one that need not be known
LIQUID = Text("a text", least=0, most=1_000_000)


def _head(kind: str) -> dict[str, Field]:
    return {
        "kind": Field(Choice((kind,)), f"`{kind}`", required=True),
        "id": Field(ID, f"the id of the {kind}", required=True),
        "name": Field(NAME, "How people call it."),
        "description": Field(Text("a text", most=10_000, least=0), "What it is for."),
    }


SEGMENT = Record(
    "segment",
    "A segment: a condition over profiles.",
    {**_head("segment"), "where": Field(CONDITION, "the condition its members meet", required=True)},
)

EVENT_DEFINITION = Record(
    "event",
    "A registered event. With a `rule` it is a derived one, made out of others.",
    {
        **_head("event"),
        "name": Field(EVENT_NAME, "what segments and journeys call it", required=True),
        "status": Field(Choice(("draft", "published")), "A draft derives nothing.", default="published"),
        "schema": Field(
            MapOf(Choice(("string", "number", "integer", "boolean", "datetime", "date", "object", "array"))),
            "Its properties and their types.",
        ),
        "rule": Field(
            Record(
                "event_rule",
                "Which received events it is made of.",
                {"event": Field(EVENT_NAME, "Their name, or `*` for any.", default="*"), "where": WHERE_FIELD},
            ),
            "Makes it a derived event.",
        ),
        "identity": Field(
            Record(
                "event_identity",
                "Whose it is, when the raw event names no user.",
                {
                    "namespace": Field(PATH, "the trait that must have the value, such as `email`", required=True),
                    "path": Field(PATH, "the property with the value, such as `customer.email`", required=True),
                },
            ),
            "Whose it is, when the raw event names no user.",
        ),
    },
)


def _template(channel: str, fields: dict[str, Field]) -> Record:
    head = {
        **_head("template"),
        "channel": Field(Choice((channel,)), "The channel it is for.", required=True),
        "status": Field(Choice(("draft", "ready")), "Journeys and campaigns use what is ready.", default="ready"),
        "group": Field(NAME, "The subscription group whose consent it needs, beside the channel's."),
    }
    return Record(f"template_{channel}", f"A template for {channel.replace('_', '-')}.", {**head, **fields}, noun="a template")


_BODY = Field(LIQUID, "the text of the message, in Liquid", required=True)
TEMPLATES = {
    "email": _template(
        "email",
        {
            "subject": Field(LIQUID, "the subject line, in Liquid", required=True),
            "body": Field(LIQUID, "the message: Liquid in MJML, HTML or plain text", required=True),
        },
    ),
    "sms": _template("sms", {"body": _BODY}),
    "push": _template(
        "push",
        {
            "title": Field(LIQUID, "the title, in Liquid", required=True),
            "body": _BODY,
            "link": Field(LIQUID, "What a tap opens, in Liquid."),
        },
    ),
    "in_app": _template(
        "in_app",
        {
            "title": Field(LIQUID, "The title, in Liquid."),
            "body": _BODY,
            "link": Field(LIQUID, "What a click opens, in Liquid."),
        },
    ),
    "webhook": _template(
        "webhook",
        {
            "method": Field(Choice(("GET", "POST", "PUT", "PATCH", "DELETE")), "The HTTP method.", default="POST"),
            "url": Field(LIQUID, "the address, with a fixed host", required=True),
            "headers": Field(MapOf(LIQUID), "HTTP headers; their values in Liquid."),
            "body": Field(LIQUID, "The body, in Liquid."),
        },
    ),
}
TEMPLATE = Tagged(
    "template", "channel", TEMPLATES, "a template", "bad_value", "A template: what a message says, on one channel."
)

# ---------------------------------------------------------------------------------------------------------- predictions

_CHURN_ITEM = Record(
    "churn_event",
    "What a person did, or did not do.",
    {
        "did": Field(EVENT, "An event that happened."),
        "did_not": Field(EVENT, "An event that did not happen."),
        "where": WHERE_FIELD,
    },
    (exactly_one("did", "did_not"),),
)
_CHURN = Record(
    "churn",
    "What counts as gone.",
    {"all": Field(ListOf(_CHURN_ITEM, 1), "All of these."), "any": Field(ListOf(_CHURN_ITEM, 1), "Any of these.")},
    (exactly_one("all", "any"),),
)
_VALUE = Record(
    "predicted_value",
    "How much.",
    {
        "event": Field(EVENT, "Of which event.", required=True),
        "where": WHERE_FIELD,
        "path": Field(PATH, "Which property is summed.", required=True),
    },
)
_TARGETS: dict[str, Shape] = {
    "event": Record(
        "target_event", "Who will do something.", {"event": Field(EVENT, "the event", required=True), "where": WHERE_FIELD}
    ),
    "churn": Record("target_churn", "Who will stay away.", {"churn": Field(_CHURN, "what counts as gone", required=True)}),
    "value": Record("target_value", "How much will come.", {"value": Field(_VALUE, "what is summed", required=True)}),
}
PREDICTION = Record(
    "prediction",
    "A prediction: who is likely to act.",
    {
        **_head("prediction"),
        "target": Field(
            Either(
                tuple(_TARGETS.values()),
                lambda value: by_field(value, _TARGETS),
                "`{event: NAME, where}`, `{churn: {...}}` or `{value: {event, path}}`",
            ),
            "what is predicted",
            required=True,
        ),
        "window": Field(WINDOW, "in what time from now, at most 365d", required=True),
        "audience": Field(CONDITION, "Whom it is about. Without it: everyone."),
        "mode": Field(Choice(("draft", "preview", "demo", "active", "archived")), "How far it is.", default="draft"),
        "rescore": Field(
            Record(
                "rescore",
                "When scores are made anew.",
                {
                    "every": Field(Choice(("hour", "day", "week", "month")), "How often everybody is."),
                    "at": Field(TIME_OF_DAY, "At what time of day.", default="00:00"),
                    "on_event": Field(TRUTH, "Whoever does something is scored anew within a second.", default=False),
                },
                (
                    Rule(
                        "missing_field",
                        lambda body: "every" not in body and "on_event" not in body,
                        "write `every`, `on_event` or both",
                        {"anyOf": [{"required": ["every"]}, {"required": ["on_event"]}]},
                    ),
                ),
            ),
            "When scores are made anew.",
        ),
        "retrain_after": Field(LENGTH, "After what time it learns anew, with the next scores.", default="14d"),
    },
)

# ------------------------------------------------------------------------------------------------------------ campaigns

CAMPAIGN = Record(
    "campaign",
    "A campaign: one message to an audience, sent by the engine of journeys.",
    {
        **_head("campaign"),
        "audience": Field(CONDITION, "Who gets it. Without it: everyone."),
        "schedule": Field(SCHEDULE, "When it is sent. Without it: over the API."),
        "message": Field(
            Record("campaign_message", "The one message, the step `message`.", MESSAGE_FIELDS, MESSAGE_RULES),
            "what is sent",
            required=True,
        ),
        "variants": Field(
            ListOf(
                Record(
                    "variant",
                    "Another content for some.",
                    {
                        "id": Field(STEP_ID, "the id of the variant", required=True),
                        "template": Field(TEMPLATE_ID, "its template", required=True),
                        "percent": Field(
                            PERCENT,
                            "how many get it, of those who get a message; the last one takes what is left to 100",
                            required=True,
                        ),
                    },
                )
            ),
            "Contents that are compared with each other.",
        ),
        "control_percent": Field(
            PERCENT, "How many of all get nothing, for comparison. Drawn apart from the variants.", default=0
        ),
        "holdout_percent": Field(PERCENT, "How many are kept out of it.", default=0),
        "conversions": Field(
            ListOf(
                Record(
                    "conversion",
                    "What counts as success.",
                    {
                        "event": Field(EVENT, "the event", required=True),
                        "where": WHERE_FIELD,
                        "within": Field(LENGTH, "In what time after the message."),
                    },
                )
            ),
            "What counts as success.",
        ),
        "reentry": REENTRY_FIELD,
    },
)

# ------------------------------------------------------------------------------------------------------------- settings

_MODE = Choice(("opt_in", "opt_out", "none"))
SETTINGS = Record(
    "settings",
    "What holds for the whole workspace.",
    {
        "kind": Field(Choice(("settings",)), "`settings`", required=True),
        "timezone": Field(ZONE, "The zone of who has none of their own.", default="UTC"),
        "lateness": Field(
            DURATION,
            "How long past its deadline a timer waits for events that happened before it; the step is stamped with the deadline.",
            default="0s",
        ),
        "consent": Field(
            MapOf(_MODE, Choice(CHANNEL_NAMES)),
            "What marketing needs on each channel. Default: `opt_in` for email, sms and push, `none` for in_app and webhook.",
        ),
        "frequency_caps": Field(
            ListOf(
                Record(
                    "frequency_cap",
                    "At most so many marketing messages in any such time.",
                    {
                        "channel": Field(Choice(("any", *CHANNEL_NAMES)), "On which channel, or `any`.", default="any"),
                        "max": Field(Number("a whole number, 0 or more", 0, whole=True), "how many", required=True),
                        "per": Field(LENGTH, "in what time", required=True),
                    },
                )
            ),
            "How many marketing messages a person may get.",
        ),
        "quiet_hours": Field(
            Record(
                "quiet_hours",
                "When marketing is not sent: from <= local time < to, which may lie past midnight.",
                {
                    "channels": Field(ListOf(CHANNEL), "On which channels. Without it: all."),
                    "from": Field(TIME_OF_DAY, "when they begin", required=True),
                    "to": Field(TIME_OF_DAY, "when they end", required=True),
                    "timezone": Field(PROFILE_OR_ZONE, "Whose clock: `profile`, or a zone by name.", default="profile"),
                    "when_hit": Field(Choice(("hold", "discard")), "Send afterwards, or not at all.", default="hold"),
                },
            ),
            "When marketing is not sent.",
        ),
    },
)

KINDS: dict[str, Record | Tagged] = {
    "settings": SETTINGS,
    "event": EVENT_DEFINITION,
    "segment": SEGMENT,
    "template": TEMPLATE,
    "journey": JOURNEY,
    "campaign": CAMPAIGN,
    "prediction": PREDICTION,
}
