"""What each condition looks like. What it means, and the finer checks, are in `relance.conditions`."""

from __future__ import annotations

from typing import Any

from relance.definitions.shapes.clauses import SCALAR, WHERE_FIELD, Clause
from relance.definitions.shapes.condition_examples import EXAMPLES
from relance.definitions.shapes.core import Choice, Findings, ListOf, Number, Shape, Text
from relance.definitions.shapes.records import Field, Lazy, Record, Rule, Tagged, at_most_one, exactly_one
from relance.definitions.shapes.words import (
    CHANNEL,
    COUNT,
    EVENT,
    ID,
    INSTANT_OR_DATE,
    JOURNEY_ID,
    LENGTH,
    NAME,
    PATH,
    PREDICTION_ID,
    SEGMENT_ID,
    STEP_ID,
)


def _inner() -> Shape:
    return _INNER


_CONDITION = Lazy(_inner, "a condition")
_COMPARISONS = ("eq", "ne", "gt", "gte", "lt", "lte")


def _type(name: str) -> Field:
    return Field(Choice((name,)), "The type of the condition.", required=True)


_MEANINGS = {"eq": "Exactly", "ne": "Anything but", "gt": "More than", "gte": "At least", "lt": "Less than", "lte": "At most"}


def _limits(shape: Shape) -> dict[str, Field]:
    return {op: Field(shape, f"{_MEANINGS[op]} this; several limits are AND-ed.") for op in _COMPARISONS}


def _needs_a_limit(noun: str) -> Rule:
    return Rule(
        "missing_field",
        lambda body: not any(op in body for op in _COMPARISONS),
        f"{noun} needs at least one of `eq ne gt gte lt lte`",
        {"anyOf": [{"required": [op]} for op in _COMPARISONS]},
    )


_FUNCTIONS = {
    "sum": "The sum; 0 over nothing.",
    "avg": "The average.",
    "min": "The smallest value.",
    "max": "The largest value.",
    "count_distinct": "How many different values; 0 over nothing.",
    "first": "The value of the first event; a text or a truth value may be asked too.",
    "last": "The value of the last event; a text or a truth value may be asked too.",
}
_STATUSES = {
    "sent": "It was handed over.",
    "blocked": "It was held back: consent, a cap, a holdout ...",
    "expired": "It was too late to be of use.",
    "failed": "It could not be handed over.",
    "delivered": "The provider says that it arrived.",
    "opened": "A person opened it.",
    "clicked": "A person clicked in it or tapped it.",
    "bounced": "It came back.",
    "replied": "A person answered.",
}
_STATES = {
    "active": "Is inside, or at the step.",
    "finished": "Came to an end.",
    "exited": "Left before the end.",
    "ever": "Was inside at any time, or came through the step.",
    "never": "Was never inside, or never came through the step.",
}
TIMES = Record("times", "How often.", _limits(COUNT), (_needs_a_limit("`times`"),))
AGGREGATE = Record(
    "aggregate",
    "A figure over the matching events.",
    {
        "fn": Field(Choice(tuple(_FUNCTIONS), docs=_FUNCTIONS), "The function.", required=True),
        "path": Field(PATH, "The property it is taken of.", required=True),
        **_limits(SCALAR),
    },
    (_needs_a_limit("`aggregate`"),),
)
TIME_LIMITS = {
    "within": Field(LENGTH, "Only what happened in this time before now: now - within < timestamp <= now."),
    "between": Field(ListOf(INSTANT_OR_DATE, 2, 2), "Only what happened in [from, to): the end is not included."),
    "since": Field(INSTANT_OR_DATE, "Only what happened at this instant or later."),
    "before": Field(INSTANT_OR_DATE, "Only what happened before this instant."),
}
_WINDOW_RULES = (
    at_most_one("within", "between"),
    at_most_one("between", "since"),
    at_most_one("between", "before"),
)
SEQUENCE_STEP = Record(
    "sequence_step",
    "One event of a sequence.",
    {
        "event": Field(EVENT, "Which event.", required=True),
        "where": WHERE_FIELD,
        "within": Field(LENGTH, "Less than this after the step before."),
    },
)
SCORE = Record(
    "score", "Bounds of a score from 0 to 100.", _limits(Number("a number from 0 to 100", 0, 100)), (_needs_a_limit("`score`"),)
)
PERCENTILE = Record(
    "percentile",
    "Bounds of a percentile: how many in a hundred have a lower score.",
    _limits(Number("a number from 0 to 100", 0, 100)),
    (_needs_a_limit("`percentile`"),),
)
AMOUNT = Record(
    "amount",
    "Bounds of the amount that is expected.",
    _limits(Number("a number of at least 0", 0)),
    (_needs_a_limit("`value`"),),
)

CONDITIONS: dict[str, Record] = {
    "all": Record(
        "condition_all",
        "Every condition holds. `of: []` is everyone.",
        {"type": _type("all"), "of": Field(ListOf(_CONDITION), "The conditions.", required=True)},
        examples=EXAMPLES["all"],
    ),
    "any": Record(
        "condition_any",
        "At least one condition holds. `of: []` is nobody.",
        {"type": _type("any"), "of": Field(ListOf(_CONDITION), "The conditions.", required=True)},
        examples=EXAMPLES["any"],
    ),
    "not": Record(
        "condition_not",
        "The condition does not hold.",
        {"type": _type("not"), "of": Field(_CONDITION, "The condition.", required=True)},
        examples=EXAMPLES["not"],
    ),
    "trait": Clause(
        "condition_trait",
        "A trait of the profile compares as said.",
        {"type": _type("trait")},
        "Which trait: a dotted path; lists match on any element.",
        EXAMPLES["trait"],
    ),
    "did": Record(
        "condition_did",
        "An event happened (once or more, if nothing else is said), or a figure over such events compares as said.",
        {
            "type": _type("did"),
            "event": Field(EVENT, "Which event.", required=True),
            "where": WHERE_FIELD,
            "times": Field(
                TIMES, "How often; `{eq: 0}` is never. Beside `aggregate` nothing is asked by default.", default={"gte": 1}
            ),
            "aggregate": Field(AGGREGATE, "A figure over the matching events. With `times`, both must hold."),
            **TIME_LIMITS,
        },
        _WINDOW_RULES,
        examples=EXAMPLES["did"],
    ),
    "sequence": Record(
        "condition_sequence",
        "Events happened one after the other.",
        {
            "type": _type("sequence"),
            "steps": Field(ListOf(SEQUENCE_STEP, 1), "The events, in order.", required=True),
            **TIME_LIMITS,
        },
        _WINDOW_RULES,
        examples=EXAMPLES["sequence"],
    ),
    "can_receive": Record(
        "condition_can_receive",
        "There is a usable address on the channel, no suppression, and consent as the workspace asks for it.",
        {
            "type": _type("can_receive"),
            "channel": Field(CHANNEL, "Which channel.", required=True),
            "because": Field(Choice(("subscribed",)), "Only those who said yes, whatever the workspace's mode of consent."),
        },
        examples=EXAMPLES["can_receive"],
    ),
    "subscribed": Record(
        "condition_subscribed",
        "Subscribed to a group, or to a channel.",
        {
            "type": _type("subscribed"),
            "group": Field(NAME, "Which subscription group."),
            "channel": Field(CHANNEL, "On which channel. Without it: any."),
        },
        (
            Rule(
                "missing_field",
                lambda body: "group" not in body and "channel" not in body,
                "write `group`, `channel` or both",
                {"anyOf": [{"required": ["group"]}, {"required": ["channel"]}]},
            ),
        ),
        examples=EXAMPLES["subscribed"],
    ),
    "predicted": Record(
        "condition_predicted",
        "A prediction's score is as said: by itself, among all others, or by its age.",
        {
            "type": _type("predicted"),
            "prediction": Field(PREDICTION_ID, "Which prediction.", required=True),
            "score": Field(SCORE, "Bounds of the score."),
            "category": Field(ListOf(Choice(("low", "medium", "high")), 1), "Which categories."),
            "percentile": Field(PERCENTILE, "Bounds of the percentile: `{gte: 90}` is the upper tenth of the latest scoring."),
            "top": Field(
                Number("a whole number of at least 1", 1, whole=True), "One of so many highest scores of the latest scoring."
            ),
            "value": Field(AMOUNT, "Bounds of the amount that is expected, where the target is a `value`."),
            "within": Field(LENGTH, "How old the score may be. Without it: any."),
        },
        (exactly_one("score", "category", "percentile", "top", "value"),),
        examples=EXAMPLES["predicted"],
    ),
    "in_segment": Record(
        "condition_in_segment",
        "A member of a segment.",
        {"type": _type("in_segment"), "segment": Field(SEGMENT_ID, "Which segment.", required=True)},
        examples=EXAMPLES["in_segment"],
    ),
    "in_list": Record(
        "condition_in_list",
        "On a list of people.",
        {"type": _type("in_list"), "list": Field(ID, "Which list.", required=True)},
        examples=EXAMPLES["in_list"],
    ),
    "message": Record(
        "condition_message",
        "A journey or campaign sent a message, and this became of it.",
        {
            "type": _type("message"),
            "source": Field(
                Text("`journey:ID` or `campaign:ID`", "bad_value", r"(?:journey|campaign):[a-z0-9-]{1,64}", refers="source"),
                "Which journey or campaign.",
                required=True,
            ),
            "step": Field(STEP_ID, "Which step. Without it: any."),
            "status": Field(
                ListOf(Choice(tuple(_STATUSES), docs=_STATUSES), 1),
                "What became of it; any of these.",
                default=["sent"],
            ),
            **TIME_LIMITS,
        },
        _WINDOW_RULES,
        examples=EXAMPLES["message"],
    ),
    "journey": Record(
        "condition_journey",
        "Is, or has been, in a journey.",
        {
            "type": _type("journey"),
            "journey": Field(JOURNEY_ID, "Which journey.", required=True),
            "state": Field(Choice(tuple(_STATES), docs=_STATES), "In which state.", default="active"),
            "step": Field(STEP_ID, "At which step."),
        },
        examples=EXAMPLES["journey"],
    ),
    "near": Record(
        "condition_near",
        "A trait with `lat` and `lon` lies within a distance of a place.",
        {
            "type": _type("near"),
            "path": Field(PATH, "The trait that holds the position.", required=True),
            "lat": Field(Number("a latitude from -90 to 90", -90, 90), "Latitude of the place.", required=True),
            "lon": Field(Number("a longitude from -180 to 180", -180, 180), "Longitude of the place.", required=True),
            "km": Field(Number("a distance in km, 0 or more", 0), "How far at most.", required=True),
        },
        examples=EXAMPLES["near"],
    ),
    "bucket": Record(
        "condition_bucket",
        "In a range of 10,000 sticky buckets: from <= bucket < to.",
        {
            "type": _type("bucket"),
            "salt": Field(NAME, "Makes experiments independent of each other.", required=True),
            "from": Field(Number("a whole number from 0 to 10000", 0, 10_000, whole=True), "The first bucket.", required=True),
            "to": Field(
                Number("a whole number from 0 to 10000", 0, 10_000, whole=True), "The first bucket beyond it.", required=True
            ),
        },
        examples=EXAMPLES["bucket"],
    ),
}
_INNER = Tagged("condition", "type", CONDITIONS, "a condition")


class _Outermost(Tagged):
    """A condition that is in no other, kept for the checks of `relance.conditions`."""

    def check(self, value: Any, path: str, found: Findings) -> None:
        super().check(value, path, found)
        found.conditions.append((value, path))


CONDITION = _Outermost("condition", "type", CONDITIONS, "a condition")
