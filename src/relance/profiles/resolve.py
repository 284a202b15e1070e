"""Whose an event is: ids to profiles, in the order of the log, for a whole batch.

`userId` is the profile; an `anonymousId` alone makes an anonymous one, which `identify` or `alias` merges into the known
one. Two known profiles merge by `alias` alone (SEMANTICS 42). A source that is not trusted never merges into a profile
that was known before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from relance.events.model import Event
from relance.ids import seq_of_position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store import Connection


_READ = """SELECT a.alias, p.profile_id, p.user_id, p.known, p.created_at, p.push_token, p.email_key, p.timezone, p.merged_into
    FROM aliases a JOIN profiles p ON p.profile_id = a.profile_id WHERE a.alias IN {values} ORDER BY a.since_seq"""
_READ_KEPT = """SELECT profile_id, user_id, known, created_at, push_token, email_key, timezone, merged_into FROM profiles
    WHERE profile_id IN {values}"""
_JOINING = ("identify", "alias")  # calls by which an id may come to belong to somebody else


# Made for each event: a struct takes a quarter of a data class's time, and the garbage collector never looks at it.
class Person(msgspec.Struct, gc=False):
    """What is known of a profile while a batch is read."""

    profile_id: int
    user_id: str
    known: bool
    created_at: int
    push_token: str | None = None
    email_key: str | None = None
    timezone: str | None = None
    is_new: bool = False
    became_known: bool = False


class ResolvedEvent(msgspec.Struct, frozen=True, gc=False):
    """An event with the profile it belongs to at that point of the log."""

    event: Event
    seq: int
    person: Person
    merges: Person | None = None  # the profile that becomes part of it by this very event


@dataclass(slots=True)
class Resolution:
    """A batch of events with their profiles, and what the batch changed about identity."""

    events: list[ResolvedEvent] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    aliases: list[tuple[str, int, int]] = field(default_factory=list)  # alias, since_seq, profile_id
    merged: dict[int, int] = field(default_factory=dict)  # profile → the profile it became part of


def _load(connection: Connection, ids: Sequence[str]) -> tuple[dict[str, int], dict[int, Person]]:
    """The profiles that ids belong to now."""
    newest: dict[str, int] = {}
    people: dict[int, Person] = {}
    into: dict[int, int] = {}

    def take(row: Sequence[Any]) -> None:
        profile_id, user_id, known, created_at, token, email_key, zone, merged_into = row
        if merged_into is not None:
            into[profile_id] = merged_into
        elif profile_id not in people:
            people[profile_id] = Person(profile_id, user_id, bool(known), created_at, token, email_key, zone)

    for alias, *row in connection.rows_in(_READ, ids):
        newest[alias] = row[0]
        take(row)
    if not into:
        return newest, people
    asked: set[int] = set()
    while wanted := set(into.values()) - people.keys() - into.keys() - asked:
        asked |= wanted
        for kept in connection.rows_in(_READ_KEPT, sorted(wanted)):
            take(kept)

    def root(profile_id: int) -> int:
        while profile_id in into:
            profile_id = into[profile_id]
        return profile_id

    return {alias: root(p) for alias, p in newest.items()}, people


class Resolver:
    """Reads one batch. Whoever numbers people otherwise says so in `new_id`."""

    def __init__(self, connection: Connection, events: Sequence[Event]) -> None:
        ids = {e.user_id for e in events} | {e.anonymous_id for e in events} | {e.previous_id for e in events}
        self.by_alias, people = _load(connection, sorted(i for i in ids if i is not None))
        self.result = Resolution(people=people)
        self.next_id = 1 + int(connection.value("SELECT COALESCE(MAX(profile_id), 0) FROM profiles"))

    def new_id(self, alias: str) -> int:  # noqa: ARG002 - for others
        """The number of a new profile, of which nothing is known but an id."""
        self.next_id += 1
        return self.next_id - 1

    def find(self, alias: str) -> Person | None:
        profile_id = self.by_alias.get(alias)
        if profile_id is None:
            return None
        merged = self.result.merged
        while profile_id in merged:
            profile_id = merged[profile_id]
        return self.result.people[profile_id]

    def point(self, alias: str, person: Person, seq: int) -> None:
        if self.find(alias) is not person:
            self.by_alias[alias] = person.profile_id
            self.result.aliases.append((alias, seq, person.profile_id))

    def find_or_create(self, alias: str, event: Event, seq: int) -> Person:
        person = self.find(alias)
        if person is None:
            person = Person(self.new_id(alias), alias, known=False, created_at=event.received_at, is_new=True)
            self.result.people[person.profile_id] = person
            self.point(alias, person, seq)
        return person

    def read_all(self, events: Sequence[Event]) -> Resolution:
        """The whole batch, in its order."""
        for event in events:
            self.read(event)
        return self.result

    def read(self, event: Event) -> None:
        seq = seq_of_position(event.position)
        if event.user_id is None:
            if event.anonymous_id is not None:
                person = self.find_or_create(event.anonymous_id, event, seq)
                self.result.events.append(ResolvedEvent(event, seq, person))
            return
        person = self.find_or_create(event.user_id, event, seq)
        if person.known and event.type not in _JOINING:
            self.result.events.append(ResolvedEvent(event, seq, person))
            return
        was_known = person.known
        if not person.known:
            person.known = person.became_known = True
        other = None
        if event.trusted or not was_known:
            if event.type == "identify" and event.anonymous_id is not None:
                other = self.join(event.anonymous_id, person, seq, known_too=False)
            elif event.type == "alias" and (event.previous_id or event.anonymous_id) is not None:
                other = self.join(str(event.previous_id or event.anonymous_id), person, seq, known_too=event.trusted)
        self.result.events.append(ResolvedEvent(event, seq, person, other))

    def join(self, alias: str, person: Person, seq: int, *, known_too: bool) -> Person | None:
        other = self.find(alias)
        merges = other is not None and other is not person and (known_too or not other.known)
        if other is None or not other.known or merges:
            if merges and other is not None:
                self.result.merged[other.profile_id] = person.profile_id
            self.point(alias, person, seq)
            return other if merges else None
        if alias != other.user_id:  # a device moves on; the id of a known person stays its own
            self.point(alias, person, seq)
        return None


def resolve(connection: Connection, events: Sequence[Event]) -> Resolution:
    """Find or make the profile of each event. Writes nothing."""
    return Resolver(connection, events).read_all(events)


def write_people(connection: Connection, resolution: Resolution) -> None:
    """Effects: new rows in `profiles` and `aliases`; profiles that became known are marked so."""
    new = [p for p in resolution.people.values() if p.is_new]
    connection.insert_rows(
        "profiles",
        ["profile_id", "user_id", "known", "created_at", "updated_at", "traits"],
        [(p.profile_id, p.user_id, int(p.known), p.created_at, p.created_at, "{}") for p in new],
    )
    connection.execute_many(
        "UPDATE profiles SET known = 1 WHERE profile_id = ?",
        [(p.profile_id,) for p in resolution.people.values() if p.became_known and not p.is_new],
    )
    last: dict[tuple[str, int], int] = {(alias, seq): profile_id for alias, seq, profile_id in resolution.aliases}
    connection.insert_rows("aliases", ["alias", "since_seq", "profile_id"], [(a, s, p) for (a, s), p in last.items()])
