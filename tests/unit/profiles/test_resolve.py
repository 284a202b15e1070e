"""Whose an event is: who may merge whom, and where a device belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relance.events.model import Event
from relance.events.parse import parse_item
from relance.profiles.resolve import resolve, write_people
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Database


@pytest.fixture
def people() -> Iterator[Database]:
    opened = open_made()
    yield opened
    opened.close()


def event(position: int, kind: str, *, trusted: bool = True, **ids: str) -> Event:
    raw: dict[str, Any] = {"type": kind, "messageId": f"m{position}", **ids} | ({"event": "A"} if kind == "track" else {})
    found = parse_item(raw, position=position, source="s", received_at=position, trusted=trusted, history=False)
    assert isinstance(found, Event)
    return found


def owners(people: Database, *batches: list[Event]) -> list[str]:
    """The id of whoever each event belongs to when all has been said, batch by batch."""
    found = []
    for batch in batches:
        with people.writing() as connection:
            resolution = resolve(connection, batch)
            write_people(connection, resolution)
            connection.execute_many(
                "UPDATE profiles SET merged_into = ? WHERE profile_id = ?",
                [(kept, merged) for merged, kept in resolution.merged.items()],
            )
        found += [r.person.user_id for r in resolution.events]
    return found


def check(people: Database, events: list[Event], expected: list[str]) -> None:
    """The same in one batch and in batches of one."""
    assert expected == owners(people, *([e] for e in events))
    other = open_made()
    assert expected == owners(other, events)
    other.close()


def test_an_anonymous_device_becomes_whoever_it_identifies_as(people: Database) -> None:
    events = [
        event(1, "track", anonymousId="d"),
        event(2, "identify", anonymousId="d", userId="ana"),
        event(3, "track", anonymousId="d"),
    ]

    check(people, events, ["d", "ana", "ana"])


def test_a_device_that_another_identifies_with_moves_on(people: Database) -> None:
    """What it did for the first stays the first's: two known people never merge by `identify`."""
    events = [
        event(1, "identify", anonymousId="d", userId="ana"), event(2, "identify", anonymousId="d", userId="bo"),
        event(3, "track", anonymousId="d"), event(4, "track", userId="ana"),
    ]  # fmt: skip

    check(people, events, ["ana", "bo", "bo", "ana"])


def test_a_public_source_makes_people_known_but_never_joins_one_who_was(people: Database) -> None:
    """A write key is public: with it nobody can put a history into somebody else's profile."""
    events = [
        event(1, "track", anonymousId="d"), event(2, "track", userId="ana"),
        event(3, "identify", anonymousId="d", userId="ana", trusted=False), event(4, "track", anonymousId="d"),
        event(5, "identify", anonymousId="d", userId="new", trusted=False), event(6, "track", anonymousId="d"),
        event(7, "alias", previousId="ana", userId="eve", trusted=False), event(8, "track", userId="ana"),
    ]  # fmt: skip

    check(people, events, ["d", "ana", "ana", "d", "new", "new", "eve", "ana"])


def test_two_known_people_merge_by_alias_of_a_trusted_source(people: Database) -> None:
    events = [
        event(1, "track", userId="old"),
        event(2, "track", userId="ana"),
        event(3, "alias", previousId="old", userId="ana"),
        event(4, "track", userId="old"),
    ]

    check(people, events, ["old", "ana", "ana", "ana"])


def test_merges_follow_each_other(people: Database) -> None:
    events = [
        event(1, "track", anonymousId="d"), event(2, "identify", anonymousId="d", userId="a"), event(3, "alias", previousId="a", userId="b"),
        event(4, "alias", previousId="b", userId="c"), event(5, "track", anonymousId="d"), event(6, "track", userId="a"), event(7, "alias", previousId="c", userId="c"),
    ]  # fmt: skip

    check(people, events, ["d", "a", "b", "c", "c", "c", "c"])


def test_the_id_of_a_known_person_stays_its_own(people: Database) -> None:
    """Somebody who identifies with the user id of another as its anonymous id takes nothing away."""
    events = [
        event(1, "track", userId="ana"),
        event(2, "identify", anonymousId="ana", userId="eve"),
        event(3, "track", userId="ana"),
    ]

    check(people, events, ["ana", "eve", "ana"])
