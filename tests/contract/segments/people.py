"""Small made people for the templates: what each did, said and is, told in a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from relance.clock import format_instant, parse_duration, parse_instant
from relance.warehouse import ConsentRow, EventRow, ProfileRow, SuppressionRow, Warehouse

NOW = parse_instant("2026-06-15T12:00:00Z")
CREATED = parse_instant("2020-01-01T00:00:00Z")


class Happened(NamedTuple):
    """An event, so long ago."""

    name: str
    ago: int
    properties: Mapping[str, Any]


class Said(NamedTuple):
    """A yes or no to a channel, or to a group on it."""

    channel: str
    state: str
    group: str
    ago: int


class Is(NamedTuple):
    """Traits."""

    traits: Mapping[str, Any]


class Dead(NamedTuple):
    """An address nothing is sent to."""

    channel: str


Fact = Happened | Said | Is | Dead


def ago(length: str | int) -> int:
    return length if isinstance(length, int) else parse_duration(length)


def just_within(length: str) -> int:
    """The longest time that is still less than a length."""
    return parse_duration(length) - 1


def event(name: str, when: str | int, **properties: Any) -> Happened:
    return Happened(name, ago(when), properties)


def often(times: int, name: str, when: str | int, **properties: Any) -> list[Happened]:
    """The same again and again, a second apart, the last of them so long ago."""
    return [Happened(name, ago(when) + n * 1_000_000, properties) for n in range(times)]


def yes(channel: str, group: str = "") -> Said:
    return Said(channel, "subscribed", group, ago("400d"))


def no(channel: str) -> Said:
    return Said(channel, "unsubscribed", "", ago("100d"))


def traits(**found: Any) -> Is:
    return Is(found)


def instant(when: str) -> str:
    """So long before now (or after it, with a minus) as a trait holds it."""
    return format_instant(NOW - parse_duration(when))


@dataclass(frozen=True)
class Case:
    """A template with parameters, and who is in and who is not."""

    template: str
    inside: Mapping[str, list[Any]]
    outside: Mapping[str, list[Any]]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def people(self) -> dict[str, list[Any]]:
        return {**self.inside, **self.outside}

    def __str__(self) -> str:
        return f"{self.template} {dict(self.parameters)}"


def flat(facts: list[Any]) -> list[Fact]:
    return [one for fact in facts for one in (fact if isinstance(fact, list) else [fact])]


class World:
    """All people of all cases in one warehouse."""

    def __init__(self, cases: list[Case]) -> None:
        self.ids: dict[tuple[int, str], int] = {}
        self.profiles: list[ProfileRow] = []
        self.events: list[EventRow] = []
        self.consents: list[ConsentRow] = []
        self.suppressions: list[SuppressionRow] = []
        self.seq = 0
        for number, case in enumerate(cases):
            assert len(case.people) == len(case.inside) + len(case.outside), case
            for name, facts in case.people.items():
                self.add(number, name, flat(facts))

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def add(self, case: int, name: str, facts: list[Fact]) -> None:
        who = self.ids[case, name] = len(self.ids) + 1
        known: dict[str, Any] = {}
        for fact in facts:
            known |= fact.traits if isinstance(fact, Is) else {}
        said = {fact.channel for fact in facts if isinstance(fact, Said)}
        email = f"u{who}@example.com" if "email" in said else None
        phone = f"+336000{who:05}" if "sms" in said else None
        push = f"token-{who}" if "push" in said else None
        row = ProfileRow(
            who, self.next_seq(), CREATED, known, f"u{who}", None, email, email is not None, phone, phone is not None, push, CREATED, 1
        )  # fmt: skip
        self.profiles.append(row)
        for fact in facts:
            if isinstance(fact, Dead):
                address = {"email": email, "sms": phone, "push": push}[fact.channel]
                self.suppressions.append(SuppressionRow(fact.channel, address, self.next_seq(), True, 1))
        timed = [fact for fact in facts if isinstance(fact, Happened | Said)]
        for fact in sorted(timed, key=lambda fact: -fact.ago):
            at, seq = NOW - fact.ago, self.next_seq()
            if isinstance(fact, Happened):
                self.events.append(EventRow(who, seq, at, at, fact.name, dict(fact.properties), seq, 1))
            else:
                self.consents.append(ConsentRow(who, seq, at, at, fact.channel, fact.group, fact.state, 1))

    def load(self, warehouse: Warehouse) -> None:
        warehouse.begin(1)
        warehouse.add_profile_history(self.profiles)
        warehouse.add_events(self.events)
        warehouse.add_consent_history(self.consents)
        warehouse.add_suppressions(self.suppressions)
        warehouse.commit()
