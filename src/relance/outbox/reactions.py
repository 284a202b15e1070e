"""What people do with messages, and what providers tell of them, as ordinary events for the log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from relance.clock import format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.store import Connection, Database

SQL = load_queries("relance.outbox", "delivery.sql")
_MERGES_FOLLOWED = 20


class EventSink(Protocol):
    """Where our events go: the log's front door, as a trusted source."""

    def append_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Put events (items of the tracking API) into the log; returns once they are durable.

        Raises:
            StoreUnavailable: the log can not be written now.
        """
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an event is about."""

    profile_id: int
    user_id: str
    known: bool

    def as_ids(self) -> dict[str, str]:
        """The person in the words of the tracking API."""
        return {"userId" if self.known else "anonymousId": self.user_id}


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A message that somebody reacts to."""

    message_id: int
    person: Person
    source: str
    step_id: str
    channel: str
    template: str
    address: str | None
    decided_at: int | None


def find_message(connection: Connection, message_id: int) -> MessageFacts | None:
    """The message of a link, or None when it is not kept any more."""
    row = connection.row(SQL["message_facts"], {"message_id": message_id})
    if row is None:
        return None
    person = find_person(connection, row[1]) or Person(row[1], row[2], bool(row[3]))
    return MessageFacts(row[0], person, *row[4:])


def find_person(connection: Connection, profile_id: int) -> Person | None:
    """A person by profile; after a merge, the one it became part of."""
    for _ in range(_MERGES_FOLLOWED):
        row = connection.row(SQL["person"], {"profile_id": profile_id})
        if row is None:
            return None
        if row[4] is None:
            return Person(row[0], row[1], bool(row[2]))
        profile_id = row[4]
    return None


def build_event(
    name: str,
    person: Person,
    *,
    at: int,
    facts: MessageFacts | None = None,
    prefix: str = "m",
    properties: Mapping[str, Any] | None = None,
    event_id: str | None = None,
) -> dict[str, Any]:
    """A reaction as an item of the tracking API.

    Args: `prefix`: before the number of a message; `event_id`: makes the event count once however often it is told.
    """
    about: dict[str, Any] = {}
    if facts is not None:
        kind, _, source_id = facts.source.partition(":")
        about = {
            "message_id": f"{prefix}{facts.message_id}",
            kind: source_id,
            "step": facts.step_id,
            "channel": facts.channel,
            "template": facts.template,
        }
    return {
        "type": "track",
        "event": name,
        **person.as_ids(),
        "messageId": event_id or f"relance-{secrets.token_hex(12)}",
        "timestamp": format_instant(at),
        "properties": {**about, **(properties or {})},
        "context": {"library": {"name": "relance"}},
    }


def find_target(database: Database, target_id: int) -> str | None:
    """Where a short link leads."""
    with database.reading() as connection:
        found = connection.value(SQL["target"], {"target_id": target_id})
    return None if found is None else str(found)
