"""A condition asked of one person in plain Python: slow and plain.

It explains why somebody is in a segment or not, it serves small worlds in memory, and it is what the compiled statements
are compared with.
"""

from __future__ import annotations

import hashlib
import json
import math
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from relance.clock import FAR_FUTURE
from relance.conditions import model
from relance.conditions.answers import reactions_of, read_answer
from relance.conditions.clauses import all_match, clause_matches, is_number, look_up
from relance.conditions.figures import aggregate_meets, number_meets
from relance.localtime import UTC_ZONE, find_zone, midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from relance.conditions.clauses import Clause
    from relance.warehouse.base import EventRow, JourneyRow, MessageRow, Person, ProfileRow, ScoreRow

EARTH_KM = 6371.0088  # mean radius
_AT = attrgetter("at")


@dataclass(frozen=True, slots=True)
class View:
    """One person at one moment: nothing later is to be seen."""

    person: Person
    at: int
    seq: int
    settings: model.ConditionSettings
    segments: Mapping[str, model.Condition]
    _named: dict[str, list[EventRow]] = field(default_factory=dict, repr=False, compare=False)

    def named(self, event: str) -> list[EventRow]:
        """All events of one name that are known, by time."""
        if not self._named:
            for row in self.person.events:
                if row.seq <= self.seq:
                    self._named.setdefault(row.name, []).append(row)
            for rows in self._named.values():
                rows.sort(key=by_time)
            self._named.setdefault("", [])  # so that nothing known is not looked for again
        return self._named.get(event, [])

    def state(self) -> ProfileRow | None:
        """The profile's row in force."""
        return next((row for row in reversed(self.person.states) if row.seq <= self.seq), None)

    def traits(self) -> Any:
        state = self.state()
        if state is None:
            return {}
        return json.loads(state.traits) if isinstance(state.traits, str) else state.traits

    def zone(self) -> ZoneInfo:
        """The profile's zone, else the workspace's."""
        state = self.state()
        return find_zone(state.timezone if state else None) or find_zone(self.settings.timezone) or UTC_ZONE

    def consent(self, channel: str, group: str) -> str | None:
        rows = (r for r in reversed(self.person.consents) if r.seq <= self.seq)
        return next((r.state for r in rows if r.channel == channel and r.group_id == group), None)

    def suppressed(self, channel: str, address: str) -> bool:
        rows = self.person.suppressions.get((channel, address), ())
        return next((r.suppressed for r in reversed(rows) if r.seq <= self.seq), False)

    def address(self, channel: str) -> tuple[str | None, bool]:
        """Where a channel reaches the person, and whether that is well formed."""
        state = self.state()
        if state is None:
            return None, False
        if channel == "email":
            return state.email, bool(state.email_valid)
        if channel == "sms":
            return state.phone, bool(state.phone_valid)
        address = state.push_token if channel == "push" else state.user_id
        return address, bool(address)

    def known(self, rows: Iterable[Any]) -> list[Any]:
        """Those of some rows that are seen at the moment."""
        return [row for row in rows if row.seq <= self.seq and row.at <= self.at]

    def occurrences(self, event: str, where: Iterable[Clause], window: model.Window) -> list[EventRow]:
        """The events that count, by time."""
        zone = self.zone()
        begin, end = bounds(window, self.at, zone)
        rows = self.named(event)
        found = rows[bisect_left(rows, begin, key=_AT) : bisect_left(rows, end, key=_AT)]
        return [row for row in found if all_match(where, properties_of(row), self.at, zone)] if where else found


def by_time(row: Any) -> tuple[int, int]:
    """The order of rows of which the last one counts."""
    return row.at, row.seq


def properties_of(row: EventRow) -> Any:
    """The properties of an event as an object."""
    return json.loads(row.properties) if isinstance(row.properties, str) else row.properties


def bounds(window: model.Window, at: int, zone: ZoneInfo) -> tuple[int, int]:
    """From when (inclusive) to when (exclusive) something counts at an instant. Nothing later than it does."""
    begin, end = -FAR_FUTURE, at + 1
    if window.within is not None:
        begin = at - window.within + 1
    if window.since is not None:
        begin = max(begin, _instant(window.since, zone))
    if window.before is not None:
        end = min(end, _instant(window.before, zone))
    return begin, end


def _instant(edge: int | date, zone: ZoneInfo) -> int:
    return midnight(edge, zone) if isinstance(edge, date) else edge


def holds(condition: model.Condition, view: View) -> bool:
    """Whether a condition holds at a moment."""
    return _READERS[type(condition)](condition, view)


def bucket_of(salt: str, user_id: str) -> int:
    """The sticky bucket of a person: a salted hash."""
    digest = hashlib.sha256(f"bucket:{salt}\x1f{user_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % model.NUMBER_OF_BUCKETS


def did(condition: model.Did, view: View) -> bool:
    found = view.occurrences(condition.event, condition.where, condition.window)
    if not number_meets(condition.times, len(found)):
        return False
    wanted = condition.aggregate
    return wanted is None or aggregate_meets(wanted, [v for row in found for v in look_up(properties_of(row), wanted.path)])


def sequence(condition: model.Sequence, view: View) -> bool:
    """Each step later than the one before it, and less than its limit after it."""
    ends: list[EventRow] = []
    for i, step in enumerate(condition.steps):
        found = view.occurrences(step.event, step.where, condition.window)
        if i:
            limit = step.within if step.within is not None else 2 * FAR_FUTURE
            found = [e for e in found if any((p.at, p.seq) < (e.at, e.seq) and e.at - p.at < limit for p in ends)]
        ends = found
    return bool(ends)


def can_receive(condition: model.CanReceive, view: View) -> bool:
    channel = condition.channel
    address, valid = view.address(channel)
    if not address or not valid or view.suppressed(channel, address):
        return False
    consent, mode = view.consent(channel, ""), view.settings.mode(channel)
    if condition.because_subscribed or mode == "opt_in":
        return consent == "subscribed"
    return mode == "none" or consent != "unsubscribed"


def subscribed(condition: model.Subscribed, view: View) -> bool:
    channels = [condition.channel] if condition.channel else model.CHANNELS
    return any(view.consent(channel, condition.group) == "subscribed" for channel in channels)


def in_list(condition: model.InList, view: View) -> bool:
    """As the last change says."""
    changes = [row for row in view.known(view.person.lists) if row.list_id == condition.list_id]
    return bool(changes) and max(changes, key=by_time).member


def last_score(prediction: str, view: View) -> ScoreRow | None:
    """What a prediction last said."""
    found = [row for row in view.known(view.person.scores) if row.prediction == prediction]
    return max(found, key=by_time, default=None)


def predicted(condition: model.Predicted, view: View) -> bool:
    last = last_score(condition.prediction, view)
    if last is None or not last.category:  # one without a category took the one before away
        return False
    if condition.within is not None and last.at <= view.at - condition.within:
        return False
    return (
        number_meets(condition.score, last.score)
        and (not condition.categories or last.category in condition.categories)
        and (not condition.percentile or (last.percentile >= 0 and number_meets(condition.percentile, last.percentile)))
        and (condition.top is None or 0 < last.place <= condition.top)
        and (not condition.value or (last.value >= 0 and number_meets(condition.value, last.value)))
    )


def message_instants(condition: model.Message, view: View) -> list[int]:
    """When messages came to the wanted ends or were answered, whatever the window."""
    decided = [
        row
        for row in view.known(view.person.messages)
        if row.source == condition.source and row.step == (row.step if condition.step is None else condition.step)
    ]
    sent = [row for row in decided if row.status == "sent"]
    names = reactions_of(condition.statuses)
    reactions = [row for row in view.known(view.person.events) if row.name in names] if sent and names else []
    return [row.at for row in decided if row.status in condition.statuses] + [
        row.at for row in reactions if any(_answers(row, properties_of(row), each) for each in sent)
    ]


def _answers(reaction: EventRow, properties: Mapping[str, Any], sent: MessageRow) -> bool:
    """Whether a reaction is one to a message; what a privacy proxy or a scanner does is none (SEMANTICS 26)."""
    if properties.get("machine") is True:
        return False
    answer = read_answer(properties)
    if answer.message_id is not None:
        return answer.message_id == sent.message_id
    return (answer.source, answer.step) == (sent.source, sent.step) and sent.at <= reaction.at


def message(condition: model.Message, view: View) -> bool:
    begin, end = bounds(condition.window, view.at, view.zone())
    return any(begin <= at < end for at in message_instants(condition, view))


def passages(condition: model.Journey, view: View) -> list[list[JourneyRow]]:
    """The moves of each passage through a journey."""
    found: dict[int, list[JourneyRow]] = {}
    for row in view.known(view.person.journeys):
        if row.journey == condition.journey:
            found.setdefault(row.enrollment_id, []).append(row)
    return list(found.values())


def journey(condition: model.Journey, view: View) -> bool:
    state, step = condition.state, condition.step
    found = passages(condition, view)
    if state == "active":
        return any(_is_at(moves, step) for moves in found)
    by_way = [moves for moves in found if step is None or any(row.step == step for row in moves)]
    if state in ("ever", "never"):
        return bool(by_way) == (state == "ever")
    return any(row.state == state for moves in by_way for row in moves)


def _is_at(moves: list[JourneyRow], step: str | None) -> bool:
    if step is None:
        return all(row.state == "active" for row in moves)
    return sum((row.step == step) - (row.previous == step) for row in moves) > 0


def is_near(condition: model.Near, traits: Any) -> bool:
    """Whether some place in the traits is near enough."""
    for value in look_up(traits, condition.path):
        for place in value if isinstance(value, list) else [value]:
            if isinstance(place, dict) and is_number(place.get("lat")) and is_number(place.get("lon")):
                distance = distance_km(condition.lat, condition.lon, float(place["lat"]), float(place["lon"]))
                if distance <= condition.km:
                    return True
    return False


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance on the sphere, by the haversine formula."""
    a, b = math.radians(lat), math.radians(other_lat)
    part = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(part)))


def bucket(condition: model.Bucket, view: View) -> bool:
    state = view.state()
    return state is not None and condition.start <= bucket_of(condition.salt, state.user_id) < condition.end


_READERS: dict[type, Callable[[Any, View], bool]] = {
    model.All: lambda c, view: all(holds(part, view) for part in c.of),
    model.AnyOf: lambda c, view: any(holds(part, view) for part in c.of),
    model.Not: lambda c, view: not holds(c.of, view),
    model.Trait: lambda c, view: clause_matches(c.clause, view.traits(), view.at, view.zone()),
    model.Did: did,
    model.Sequence: sequence,
    model.CanReceive: can_receive,
    model.Subscribed: subscribed,
    model.InSegment: lambda c, view: holds(view.segments[c.segment], view),
    model.InList: in_list,
    model.Predicted: predicted,
    model.Message: message,
    model.Journey: journey,
    model.Near: lambda c, view: is_near(c, view.traits()),
    model.Bucket: bucket,
    model.Earlier: lambda c, view: view.at < c.at,
    model.Frozen: lambda c, view: holds(c.live if view.at < c.at else c.kept, view),
}
