"""Everything that is known about one person, for that person: what the law calls access and portability."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.audiences.members import read_audiences_of
from relance.clock import format_instant
from relance.consent.ledger import read_ledger
from relance.journeys.trace import trace_profile
from relance.outbox.ledger import list_messages
from relance.profiles.read import read_profile

if TYPE_CHECKING:
    from relance.store import Connection
    from relance.warehouse.base import Person, ReadableWarehouse

FORMAT = "relance-profile/1"
ALL = 1 << 31


def build_dossier(connection: Connection, warehouse: ReadableWarehouse, profile_id: int, *, now: int) -> dict[str, Any]:
    """Everything, as one JSON object; lists of what happened have the newest first.

    Args:
        connection: the store, on one snapshot.
        warehouse: knows what the person did, and who they were before.
        profile_id: whose.
        now: microseconds.
    """
    remembered = _remembered(warehouse.people([profile_id]))
    memberships = [
        {"at": format_instant(at), "segment": segment, "entered": entered}
        for segment, at, entered in warehouse.kept_changes_of(profile_id, ALL)
    ]
    return {
        "format": FORMAT,
        "exported_at": format_instant(now),
        "profile": read_profile(connection, profile_id),
        "earlier_traits": remembered["traits"],
        "events": remembered["events"],
        "consents": read_ledger(connection, profile_id, ALL),
        "messages": list_messages(connection, limit=ALL, profile_id=profile_id),
        "journeys": trace_profile(connection, profile_id, ALL),
        "segments": memberships,
        "lists": remembered["lists"],
        "audiences": read_audiences_of(connection, profile_id),
        "scores": remembered["scores"],
    }


def _remembered(people: list[Person]) -> dict[str, list[dict[str, Any]]]:
    person = people[0] if people else None
    states, events = (person.states, person.events) if person else ([], [])
    lists, scores = (person.lists, person.scores) if person else ([], [])
    return {
        "traits": [
            {"since": format_instant(state.received_at), "user_id": state.user_id, "traits": _read(state.traits)}
            for state in reversed(states)
        ],
        "events": [
            {
                "at": format_instant(event.at), "received_at": format_instant(event.received_at), "name": event.name,
                "properties": _read(event.properties),
            }
            for event in sorted(events, key=lambda event: event.seq, reverse=True)
        ],
        "lists": [
            {"at": format_instant(row.at), "list": row.list_id, "member": bool(row.member)} for row in reversed(lists)
        ],
        "scores": [
            {"at": format_instant(row.at), "prediction": row.prediction, "score": row.score, "category": row.category}
            for row in reversed(scores)
        ],
    }  # fmt: skip


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
