"""What the books are checked against: the log, read without the engine's help, and who its events belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import parse_instant

if TYPE_CHECKING:
    from relance.eventlog.base import EventLog

EVERYTHING = 1_000_000


@dataclass(slots=True)
class Logged:
    """One item of the log."""

    position: int
    received_at: int
    source: str
    own: bool
    item: dict[str, Any]
    owner: str = ""  # the id of the person it belongs to, when it was received

    @property
    def name(self) -> str | None:
        return self.item.get("event")

    @property
    def at(self) -> int:
        """When it happened: its `timestamp`, and not later than it came."""
        return min(parse_instant(self.item["timestamp"]) or 0, self.received_at)


@dataclass(slots=True)
class _Person:
    name: str
    known: bool = False
    into: _Person | None = None

    def root(self) -> _Person:
        person = self
        while person.into is not None:
            person = person.into
        return person


@dataclass
class People:
    """Who is who, told item by item (SEMANTICS 42, in plain words)."""

    by_alias: dict[str, _Person] = field(default_factory=dict)
    persons: dict[str, _Person] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)  # who took part in a merge

    def owner(self, item: dict[str, Any]) -> str:
        """The person an item belongs to, after it has changed who is who."""
        user, device, previous = item.get("userId"), item.get("anonymousId"), item.get("previousId")
        if user is None:
            return self._find_or_make(str(device)).name
        person = self._find_or_make(user)
        person.known = True
        if item["type"] == "identify" and device is not None:
            self._join(device, person, known_too=False)
        elif item["type"] == "alias" and (previous or device):
            self._join(str(previous or device), person, known_too=True)
        return person.name

    def root(self, name: str) -> str:
        """Who somebody is in the end."""
        return self.persons[name].root().name

    def _find_or_make(self, alias: str) -> _Person:
        person = self.by_alias.get(alias)
        if person is None:
            person = self.by_alias[alias] = self.persons[alias] = _Person(alias)
        return person.root()

    def _join(self, alias: str, person: _Person, *, known_too: bool) -> None:
        found = self.by_alias.get(alias)
        other = None if found is None else found.root()
        if other is None:
            self.by_alias[alias] = person
        elif other is person:
            return
        elif known_too or not other.known:
            other.into = person
            self.merged |= {other.name, person.name}
            self.by_alias[alias] = person
        elif alias != other.name:
            self.by_alias[alias] = person


def read_log(log: EventLog) -> tuple[list[Logged], People]:
    """Every item of the log in its order, without duplicates, with its owner."""
    found: list[Logged] = []
    people = People()
    for chunk in log.read_after(0, EVERYTHING).chunks:
        batch = msgspec.json.decode(chunk.body)["batch"]
        for index, item in enumerate(batch):
            if index in chunk.duplicates:
                continue
            logged = Logged(chunk.first_position + index, chunk.received_at, chunk.source, chunk.kind == "own", item)
            if not logged.own:
                logged.owner = people.owner(item)
            found.append(logged)
    return found, people
