"""Reactions to messages: which message an event answers, and what a `message` condition calls it.

A reaction names its message by id, or by journey (or campaign) and step: then it is the profile's latest such message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relance.conditions.clauses import Clause
from relance.events import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CAMPAIGN_STEP = "message"  # the one step of a campaign
DECIDED = ("sent", "blocked", "expired", "failed")
REACTIONS: Mapping[str, tuple[str, ...]] = {
    "delivered": (names.EMAIL_DELIVERED, names.SMS_DELIVERED, names.PUSH_NOTIFICATION_RECEIVED),
    "opened": (names.EMAIL_OPENED, names.IN_APP_MESSAGE_SHOWN),
    "clicked": (
        names.EMAIL_LINK_CLICKED,
        names.SMS_LINK_CLICKED,
        names.PUSH_NOTIFICATION_TAPPED,
        names.IN_APP_MESSAGE_CLICKED,
    ),
    "bounced": (names.EMAIL_BOUNCED, names.PUSH_NOTIFICATION_BOUNCED),
    "replied": (names.SMS_REPLIED,),
}
STATUSES = (*DECIDED, *REACTIONS)
# Of what privacy proxies and scanners make; a condition that says nothing of `machine` means what people did (SEMANTICS 26).
MADE_BY_MACHINES = frozenset({*REACTIONS["opened"], *REACTIONS["clicked"]})
BY_PEOPLE = Clause(("machine",), "ne", value=True)


class Answer(NamedTuple):
    """The message a reaction names; all None when it names none."""

    message_id: str | None = None
    source: str | None = None
    step: str | None = None


def read_answer(properties: Mapping[str, Any]) -> Answer:
    """The message that the properties of a reaction name."""
    given = properties.get("message_id")
    if given is not None:
        return Answer(given if isinstance(given, str) else None)
    journey, campaign, step = properties.get("journey"), properties.get("campaign"), properties.get("step")
    named = step if isinstance(step, str) else None
    if isinstance(journey, str):
        return Answer(None, f"journey:{journey}", named)
    if isinstance(campaign, str):
        return Answer(None, f"campaign:{campaign}", CAMPAIGN_STEP if named is None else named)
    return Answer()


def by_people(event: str, where: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses on an event, with the one that leaves machines out where nothing is said of them."""
    if event not in MADE_BY_MACHINES or any(clause.path == BY_PEOPLE.path for clause in where):
        return where
    return (*where, BY_PEOPLE)


def reactions_of(statuses: Iterable[str]) -> list[str]:
    """The names of the events that bring a message to one of these statuses."""
    return sorted({name for status in statuses for name in REACTIONS.get(status, ())})
