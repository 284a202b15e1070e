"""What an event did, or would do: which rules it matched, and where it did not, the first clause that failed with the value it saw.

The rules are those in force now: of registered events with a rule, drafts too, and of journeys and campaigns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.conditions.clauses import clause_matches, clause_of, look_up
from relance.conditions.tell import make_teller
from relance.events.model import Event, RejectedItem
from relance.events.names import REQUESTS
from relance.events.parse import parse_chunk
from relance.journeys.model import read_version
from relance.journeys.trace import STATUSES
from relance.localtime import UTC_ZONE, find_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.conditions.clauses import Clause
    from relance.conditions.tell import Teller
    from relance.eventlog import EventLog
    from relance.journeys.model import Rule, Version
    from relance.store import Connection

POSITIONS_A_LOOK = 500
MOST_POSITIONS = 20_000  # that are looked through for events of one name or person
MOST_RAW_CHARACTERS = 4_000
_NEWEST = """SELECT v.version_id, v.kind, v.version, v.body FROM journey_versions v WHERE v.state = 'published'
    AND v.version = (SELECT MAX(w.version) FROM journey_versions w WHERE w.source = v.source) ORDER BY v.source"""
_ZONES = """SELECT a.alias, p.timezone, p.profile_id FROM aliases a JOIN profiles p ON p.profile_id = a.profile_id
    WHERE a.alias IN {values} ORDER BY a.since_seq"""
_STARTS = """SELECT event_seq, source, status, reason FROM enrollments
    WHERE profile_id IN {values} AND event_seq >= :first AND event_seq <= :last ORDER BY enrollment_id"""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """An event, as rules see it."""

    name: str
    properties: Mapping[str, Any]
    at: int  # when it was received: dates are compared with that
    zone: ZoneInfo  # the person's


class Inspector:
    """The rules in force, ready to be asked about single events."""

    def __init__(
        self, connection: Connection, registered: Iterable[Mapping[str, Any]], *, timezone: str = "UTC", language: str = "en"
    ) -> None:
        """`registered` are the definitions of the kind `event` in force, `timezone` is the workspace's."""
        self._derived = [body for body in registered if body.get("rule")]
        self._versions: list[tuple[int, Version]] = [
            (number, read_version(version_id, kind, json.loads(body), {}))
            for version_id, kind, number, body in connection.rows(_NEWEST)
        ]
        self._language = language
        self.zone = find_zone(timezone) or UTC_ZONE

    def ask(self, asked: Asked) -> Answer:
        """What rules say of one event: `derives`, each rule that would make another event of it, and `waited_for`, by journeys."""
        derives = []
        for body in self._derived:
            rule = body["rule"]
            if rule.get("event", "*") not in ("*", asked.name):
                continue
            found = self._clauses(asked, rule.get("where") or ())
            published = body.get("status", "published") == "published"
            told = {"id": body["id"], "event": body["name"], "published": published, **found, "owner": _owner(body, asked)}
            if found["matched"]:
                told["waited_for"] = self._waited_for(Asked(str(body["name"]), asked.properties, asked.at, asked.zone))
            derives.append(told)
        return {"derives": derives, "waited_for": self._waited_for(asked)}

    def _waited_for(self, asked: Asked) -> list[Answer]:
        return [
            {
                "source": version.source,
                "version": number,
                "role": rule.role,
                "step": None if rule.step is None else version.steps[rule.step].step_id,
                **self._rule(asked, rule),
            }
            for number, version in self._versions
            for rule in version.rules
            if rule.event == asked.name
        ]

    def _rule(self, asked: Asked, rule: Rule) -> Answer:
        found = self._clauses(asked, rule.where)
        by_machine = asked.properties.get("machine") is True and rule.role == "listen"
        if by_machine and not any(clause["path"] == "machine" for clause in found["clauses"]):
            return {**found, "matched": False, "refused": "machine"}
        return found

    def _clauses(self, asked: Asked, where: Sequence[Mapping[str, Any]]) -> Answer:
        tell = make_teller(self._language, asked.at, asked.zone)
        clauses = [_clause(clause_of(spec), spec, asked, tell) for spec in where]
        failed = next((clause for clause in clauses if not clause["holds"]), None)
        return {"matched": failed is None, "failed": failed, "clauses": clauses}


def _clause(clause: Clause, spec: Mapping[str, Any], asked: Asked, tell: Teller) -> Answer:
    values = look_up(asked.properties, clause.path)
    return {
        **spec,
        "holds": clause_matches(clause, asked.properties, asked.at, asked.zone),
        "seen": values[0] if len(values) == 1 else values or None,
        "sentence": tell.seen_by(clause, values[0] if len(values) == 1 else values or None),
    }


def _owner(body: Mapping[str, Any], asked: Asked) -> Answer | None:
    """By which value an identity rule looks for the person, where the event names no user."""
    identity = body.get("identity")
    if not identity:
        return None
    values = look_up(asked.properties, identity["path"].split("."))
    return {"namespace": identity["namespace"], "path": identity["path"], "value": values[0] if values else None}


# ------------------------------------------------------------------------------------------------------- the last events


def read_back(
    log: EventLog, wanted: Callable[[Event | RejectedItem], bool], limit: int, *, last: int | None = None
) -> tuple[list[Event | RejectedItem], int]:
    """The last items of the log that are wanted, the newest first, and the position before which nothing was looked at.

    Args:
        log: the log.
        wanted: whether an item is.
        limit: how many at most.
        last: look from this position back; from the end of the log without one.
    """
    top = log.last_position() if last is None else min(last, log.last_position())
    found: list[Event | RejectedItem] = []
    looked_to = top + 1
    while looked_to > 1 and len(found) < limit and top - looked_to < MOST_POSITIONS:
        first = max(1, looked_to - POSITIONS_A_LOOK)
        begin = log.chunk_at(first)
        after = begin.first_position - 1 if begin is not None else first - 1
        items = [
            item
            for chunk in log.read_after(after, looked_to - after).chunks
            if chunk.first_position < looked_to
            for item in parse_chunk(chunk)
            if item.position < looked_to
        ]
        found += (item for item in reversed(items) if wanted(item))
        looked_to = after + 1
    kept = found[:limit]
    return kept, (kept[-1].position if len(found) > limit else looked_to)


def inspect_log(
    connection: Connection,
    log: EventLog,
    inspector: Inspector,
    problems: Callable[[str, Mapping[str, Any]], list[Answer]],
    wanted: Callable[[Event | RejectedItem], bool],
    limit: int,
    *,
    last: int | None = None,
) -> Answer:
    """The last items of the log, the newest first, each with what became of it.

    Args:
        connection: the store.
        log: the log.
        inspector: the rules in force.
        problems: what in an event of a name is not as its schema says.
        wanted: whether an item is to be shown.
        limit: how many at most.
        last: look from this position back.
    """
    items, looked_to = read_back(log, wanted, limit, last=last)
    events = [item for item in items if isinstance(item, Event)]
    people = _people(connection, events)
    starts = _starts(connection, events, people)
    shown = [
        _rejected(item)
        if isinstance(item, RejectedItem)
        else _inspected(item, inspector, people.get(_id_of(item)), starts.get(item.position, []), problems)
        for item in items
    ]
    return {"items": shown, "next": str(looked_to) if looked_to > 1 else None}


def _id_of(event: Event) -> str:
    return event.user_id or event.anonymous_id or ""


def _people(connection: Connection, events: Iterable[Event]) -> dict[str, tuple[str | None, int]]:
    """The zone and profile of each id."""
    ids = sorted({_id_of(event) for event in events} - {""})
    return {alias: (zone, profile) for alias, zone, profile in connection.rows_in(_ZONES, ids)} if ids else {}


def _starts(
    connection: Connection, events: Sequence[Event], people: Mapping[str, tuple[str | None, int]]
) -> dict[int, list[Answer]]:
    """What events started, or would have, by position."""
    from relance.ids import last_seq_of_position, position_of_seq, seq_of_position

    if not events or not people:
        return {}
    bounds = {
        "first": seq_of_position(min(event.position for event in events)),
        "last": last_seq_of_position(max(event.position for event in events)),
    }
    found: dict[int, list[Answer]] = {}
    for seq, source, status, reason in connection.rows_in(_STARTS, sorted({p for _, p in people.values()}), bounds):
        told = {"source": source, "started": status != STATUSES.index("suppressed")}
        found.setdefault(position_of_seq(seq), []).append(told | ({} if told["started"] else {"reason": reason}))
    return found


def _inspected(
    event: Event,
    inspector: Inspector,
    person: tuple[str | None, int] | None,
    starts: list[Answer],
    problems: Callable[[str, Mapping[str, Any]], list[Answer]],
) -> Answer:
    name = event.name or event.type
    zone = (find_zone(person[0]) if person is not None else None) or inspector.zone
    is_own = event.source == "relance"
    ignored = "history" if event.history else "untrusted" if name in REQUESTS and not event.trusted else None
    found = inspector.ask(Asked(name, event.properties, event.received_at, zone))
    if is_own:
        found["derives"] = []  # rules see received events alone
    return {
        "position": str(event.position),
        "at": format_instant(event.at),
        "received_at": format_instant(event.received_at),
        "type": event.type,
        "name": name,
        "user_id": event.user_id,
        "anonymous_id": event.anonymous_id,
        "source": event.source,
        "message_id": event.message_id,
        "properties": event.properties or event.traits,
        "rejected": None,
        "ignored": ignored,  # why it starts nothing, whatever it matches
        "problems": problems(name, event.properties),
        **found,
        "starts": starts,
    }


def _rejected(item: RejectedItem) -> Answer:
    raw = item.raw.decode("utf-8", "replace")
    return {
        "position": str(item.position),
        "received_at": format_instant(item.received_at),
        "source": item.source,
        "rejected": {"code": item.code, "pointer": item.pointer, "message": item.message, "raw": raw[:MOST_RAW_CHARACTERS]},
    }


def dry_run(
    connection: Connection, inspector: Inspector, name: str, properties: Mapping[str, Any], at: int, user_id: str
) -> Answer:
    """What an event that was not sent would do."""
    rows = connection.rows_in(_ZONES, [user_id]) if user_id else []
    zone = (find_zone(rows[-1][1]) if rows else None) or inspector.zone
    return {
        "event": name,
        "properties": properties,
        "at": format_instant(at),
        **inspector.ask(Asked(name, properties, at, zone)),
    }


def by_name(name: str, source: str, ids: Iterator[str] | Iterable[str]) -> Callable[[Event | RejectedItem], bool]:
    """Items of a name, of a source, of a person with any of these ids; everything for nothing."""
    wanted_ids = frozenset(ids)

    def wanted(item: Event | RejectedItem) -> bool:
        if source and item.source != source:
            return False
        if isinstance(item, RejectedItem):
            return not name and not wanted_ids
        if name and name != (item.name or item.type):
            return False
        return not wanted_ids or bool(wanted_ids & {item.user_id or "", item.anonymous_id or ""} - {""})

    return wanted
