"""A batch of received events, made ready for the waves: whose they are, what they change, which rules they match."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from relance.conditions.clauses import first_value
from relance.consent.changes import CONSENT_EVENTS, ConsentChange, read_change
from relance.consent.suppress import SUPPRESSING_EVENTS, AddressNews
from relance.events.names import REQUESTS, SUBSCRIPTION_CHANGED
from relance.journeys.reactions import TOLD_OF_MESSAGES
from relance.localtime import find_zone
from relance.profiles.addresses import normalise_email
from relance.profiles.identities import Identities
from relance.profiles.traits import TraitChange, compact
from relance.segments.flow import NOTHING_WATCHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.events.model import Event
    from relance.journeys.rules import Derivation, Rulebook
    from relance.profiles.resolve import Person, Resolution, ResolvedEvent
    from relance.segments.flow import Watched
    from relance.store import Connection

# Derived events stand behind all that the raw event itself causes, before the next position (ids.SEQ_BITS).
_DERIVED_SEQ = 1 << 19


class Effect(msgspec.Struct, frozen=True, gc=False):
    """What an event changes before any rule sees it."""

    merge_from: int | None
    traits: TraitChange | None
    consent: ConsentChange | None


class Answer(msgspec.Struct, frozen=True, gc=False):
    """Which message an event says it answers."""

    message_ref: int | None
    source: str | None
    step: str | None


NO_ANSWER = Answer(None, None, None)


@dataclass(slots=True)
class Arrivals:
    """A batch as columns: rows for the scratch tables, the store and the warehouse."""

    members: dict[int, int] = field(default_factory=dict)  # profile → lane
    items: list[tuple[int, ...]] = field(default_factory=list)  # lane, seq, profile, received_at, at, effect, touch
    hits: list[tuple[int, int, int, str]] = field(default_factory=list)  # seq, profile, rule, key
    events: list[tuple[int, int, str, int, int, str]] = field(default_factory=list)  # journey_events
    signals: list[tuple[Any, ...]] = field(default_factory=list)  # journey_signals
    derived: list[tuple[int, int, str, int, str]] = field(default_factory=list)  # profile, seq, name, at, properties
    effects: dict[tuple[int, int], Effect] = field(default_factory=dict)  # by seq and profile
    news: list[AddressNews] = field(default_factory=list)
    reactions: list[tuple[Any, ...]] = field(default_factory=list)  # profile, seq, at, kind, machine, channel, message
    marks: dict[int, int] = field(default_factory=dict)  # received_at → last seq received until then
    most_items: int = 0  # in one lane

    def add_changes(self, changes: Iterable[TraitChange], merged: Mapping[int, int]) -> None:
        """Changes that journeys made, each at its place between the events. `merged`: the merges of the batch."""
        for change in changes:
            lane = _root(merged, change.profile_id)
            self.members[change.profile_id] = lane
            self.items.append((lane, change.seq, change.profile_id, change.at, change.at, 1, 0))
            self.effects[change.seq, change.profile_id] = Effect(None, change, None)

    def add_members(self, merged: Mapping[int, int], profiles: Iterable[int]) -> None:
        """People to whom something is told in this tick."""
        for profile_id in profiles:
            self.members[profile_id] = _root(merged, profile_id)

    def numbered_items(self) -> list[tuple[int, ...]]:
        """The items, each with its number in its lane: n, lane, seq, profile, received_at, at, effect, touch."""
        counts: dict[int, int] = {}
        rows: list[tuple[int, ...]] = []
        for item in sorted(self.items, key=itemgetter(1)):
            n = counts.get(item[0], 0)
            counts[item[0]] = n + 1
            rows.append((n, *item))
        self.most_items = max(counts.values(), default=0)
        return rows


def read_answer(properties: dict[str, Any], prefix: str) -> Answer:
    """The message a reaction names: by id, or by journey (or campaign) and step."""
    given = properties.get("message_id")
    if given is not None:
        number = str(given).removeprefix(prefix)
        return Answer(int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else -1, None, None)
    journey, campaign, step = properties.get("journey"), properties.get("campaign"), properties.get("step")
    if isinstance(journey, str):
        return Answer(None, f"journey:{journey}", step if isinstance(step, str) else None)
    if isinstance(campaign, str):
        return Answer(None, f"campaign:{campaign}", step if isinstance(step, str) else "message")
    return NO_ANSWER


class ArrivalReader:
    """Reads one batch. Pure but for the look-ups of identity rules."""

    def __init__(
        self, connection: Connection, rulebook: Rulebook, zone: ZoneInfo, prefix: str, watched: Watched = NOTHING_WATCHED
    ) -> None:
        """`watched` are the segments whose coming and going is told."""
        self._watched = watched
        self._connection = connection
        self._rules = rulebook
        self._zone = zone
        self._prefix = prefix
        self._emails: dict[int, str | None] = {}  # as changed within the batch
        namespaces = {d.namespace for d in rulebook.derivations if d.namespace}
        self._names_owners = bool(namespaces)
        self._identities = Identities(connection, namespaces)

    def read(self, resolution: Resolution) -> Arrivals:
        """Make rows of a resolved batch."""
        found = Arrivals()
        lanes = self._lanes(resolution)
        tokens: dict[int, str | None] = {}
        watches, notes = self._rules.watches, self._identities.note if self._names_owners else None
        for r in resolution.events:
            event = r.event
            found.marks[event.received_at] = r.seq
            effect = self._effect(r, tokens) if _may_change(r) else None
            if notes is not None:
                notes(r)
            if event.type == "identify" or event.name in SUPPRESSING_EVENTS:
                self._note_address(found, r)
            if event.name in TOLD_OF_MESSAGES:
                self._note_reaction(found, r, resolution.merged)
            hits: list[tuple[int, str]] = []
            if event.name in watches and not event.history and (event.trusted or event.name not in REQUESTS):
                zone = find_zone(r.person.timezone) or self._zone
                hits = self._rules.match(event.name, event.properties, event.received_at, zone)
            touch = self._touches(r, effect)
            if effect is not None or hits or touch:
                lane = lanes.get(r.person.profile_id, r.person.profile_id)
                self._add(
                    found, r.person.profile_id, lane, r.seq, event.name or event.type, event, hits, effect=effect, touch=touch
                )
            if effect is not None:
                found.effects[r.seq, r.person.profile_id] = effect
                if effect.merge_from is not None:
                    found.members[effect.merge_from] = lanes[effect.merge_from]
            if event.name is not None and not event.history and self._rules.derivations:
                self._derive(found, r, lanes)
        return found

    def _lanes(self, resolution: Resolution) -> dict[int, int]:
        """Those who merge within the batch share a lane."""
        return {p: root for p in {*resolution.merged, *resolution.merged.values()} for root in [_root(resolution.merged, p)]}

    def _effect(self, r: ResolvedEvent, tokens: dict[int, str | None]) -> Effect | None:
        event, person = r.event, r.person
        device = event.context.get("device")
        token = device.get("token") if isinstance(device, dict) else None
        token = str(token) if token else None
        if token is not None and tokens.get(person.profile_id, person.push_token) == token:
            token = None  # known already
        if token is not None:
            tokens[person.profile_id] = token
        traits = None
        if (event.type == "identify" and event.traits) or token is not None:
            traits = TraitChange(
                person.profile_id, r.seq, event.received_at, event.traits if event.type == "identify" else {}, push_token=token
            )
        consent = None
        if event.name in CONSENT_EVENTS:
            consent = read_change(person.profile_id, r.seq, event.name, event)
        if r.merges is None and traits is None and consent is None:
            return None
        return Effect(r.merges.profile_id if r.merges else None, traits, consent)

    def _touches(self, r: ResolvedEvent, effect: Effect | None) -> bool:
        """Whether an event may change whether somebody is in a watched segment."""
        if not self._watched or r.event.history:
            return False
        return (
            effect is not None or r.person.is_new or r.event.name in self._watched.names or r.event.name in SUPPRESSING_EVENTS
        )

    def _note_address(self, found: Arrivals, r: ResolvedEvent) -> None:
        """Suppression goes by address, over all lanes: it is read in the order of the log, before the waves."""
        event, person = r.event, r.person
        if event.type == "identify" and "email" in event.traits:
            self._emails[person.profile_id] = normalise_email(event.traits["email"])[1]
        if event.name in SUPPRESSING_EVENTS:
            given = normalise_email(event.properties.get("email"))[1]
            address = given or self._emails.get(person.profile_id, person.email_key)
            if address is not None and event.name is not None:
                found.news.append(
                    AddressNews(address, event.name, event.properties.get("bounce_type") == "soft", event.at, r.seq)
                )

    def _note_reaction(self, found: Arrivals, r: ResolvedEvent, merged: Mapping[int, int]) -> None:
        """What an event says of a message, for the figures of reports."""
        event = r.event
        kind, channel = TOLD_OF_MESSAGES[event.name or ""]
        if event.name == SUBSCRIPTION_CHANGED and event.properties.get("state") != "unsubscribed":
            return
        answer = read_answer(event.properties, self._prefix)
        if answer != NO_ANSWER and answer.message_ref != -1:
            machine = int(event.properties.get("machine") is True)
            profile_id = _root(merged, r.person.profile_id)
            found.reactions.append(
                (profile_id, r.seq, event.at, kind, machine, channel, answer.message_ref, answer.source, answer.step)
            )

    def _add(
        self,
        found: Arrivals,
        profile_id: int,
        lane: int,
        seq: int,
        name: str,
        event: Event,
        hits: Sequence[tuple[int, str]],
        *,
        effect: Effect | None = None,
        touch: bool = False,
    ) -> None:
        found.members[profile_id] = lane
        found.items.append((lane, seq, profile_id, event.received_at, event.at, int(effect is not None), int(touch)))
        if not hits:
            return
        answer = read_answer(event.properties, self._prefix)
        found.events.append((seq, profile_id, name, event.at, event.received_at, compact(event.properties)))
        for rule_id, key in hits:
            found.hits.append((seq, profile_id, rule_id, key))
            found.signals.append(
                (profile_id, rule_id, seq, event.at, event.received_at, key, answer.message_ref, answer.source, answer.step)
            )

    def _derive(self, found: Arrivals, r: ResolvedEvent, lanes: dict[int, int]) -> None:
        event = r.event
        name = event.name or ""
        zone = find_zone(r.person.timezone) or self._zone
        for n, rule in enumerate(self._rules.derive(name, event.properties, event.received_at, zone)):
            owner = self._owner(rule, r) if event.user_id is None and rule.namespace else None
            person = owner or r.person
            lane = lanes.get(person.profile_id, person.profile_id)
            seq = r.seq + _DERIVED_SEQ + n
            hits = self._rules.match(rule.name, event.properties, event.received_at, find_zone(person.timezone) or self._zone)
            found.derived.append((person.profile_id, seq, rule.name, event.at, compact(event.properties)))
            touch = rule.name in self._watched.names or (self._watched and person.is_new)
            if hits or touch:
                self._add(found, person.profile_id, lane, seq, rule.name, event, hits, touch=bool(touch))

    def _owner(self, rule: Derivation, r: ResolvedEvent) -> Person | None:
        """Whose a derived event is: the oldest profile with the value in its namespace."""
        value = first_value(r.event.properties, rule.path)
        return (
            self._identities.find(rule.namespace, str(value).strip().casefold())
            if value is not None and rule.namespace
            else None
        )


def _may_change(r: ResolvedEvent) -> bool:
    """Whether an event may change anything about people: most do not, and need no closer look."""
    event = r.event
    return event.type == "identify" or r.merges is not None or "device" in event.context or event.name in CONSENT_EVENTS


def _root(merged: Mapping[int, int], profile_id: int) -> int:
    while profile_id in merged:
        profile_id = merged[profile_id]
    return profile_id
