"""Made worlds: a few people, journeys that cover what steps can do, events on a coarse grid so that much falls together."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import DAY, HOUR, MINUTE
from relance.definitions.store import apply, load_workspace
from relance.events.model import Event
from relance.events.parse import parse_item
from relance.journeys.advance import advance
from relance.journeys.engine import Engine
from relance.segments.judge import WarehouseJudge
from relance.simulate.carrier import RecordingCarrier
from tests.contract.journeys.world import Told, instant, item, load, person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from relance.store import Connection, Database
    from relance.warehouse import Warehouse
    from relance.workspace import Workspace

START = instant("03-27")  # clocks change in Paris two days later
END = START + 6 * DAY
USERS = ("ana", "bo", "cy")
DEVICES = ("anon-1", "anon-2", "anon-3")

JOURNEYS = """
kind: segment
id: buyers
where: {type: did, event: Order, times: {gte: 1}, within: 2d}
---
kind: segment
id: shoppers
where: {type: all, of: [{type: did, event: Cart, within: 12h}, {type: not, of: {type: in_segment, segment: buyers}}]}
---
kind: event
id: gift
name: Gift
status: published
rule: {event: "*", where: [{path: gift, op: is_true}]}
identity: {namespace: email, path: email}
---
kind: journey
id: cart
entry: {type: event, event: Cart, where: [{path: n, op: lt, value: 9}]}
REENTRY
exit_on: [{event: Order}, {event: Left}]
goal: [{event: Order, target_percent: 10, within: 12h}, {event: Email Opened, target_count: 3}]
lifetime: 4d
start: who
steps:
  who: {type: branch, when: [{where: {type: in_segment, segment: buyers}, next: note}, {where: {type: did, event: Cart, times: {gte: 2}}, next: mail}], otherwise: hour}
  hour: {type: wait, for: 1h, next: mail}
  mail: {type: message, channel: email, template: mail, MORE next: heard}
  heard:
    type: listen
    for: [{event: Email Opened, message: mail, next: note}, {event: Email Link Clicked, message: mail, next: morning}]
    timeout: 6h
    on_timeout: text
  text: {type: message, channels: {sms: text, push: note}, strategy: STRATEGY, on_blocked: morning, next: bought}
  bought: {type: listen, for: [{event: Gift, next: note}, {event: Cart, next: morning}], since: SINCE, timeout: 12h, on_timeout: note}
  morning: {type: wait, until: {at: "02:30", timezone: profile}, next: note}
  note: {type: message, channel: push, template: note, next: end}
---
kind: journey
id: after
entry: {type: event, event: Journey Ended, where: [{path: journey, op: eq, value: cart}, {path: reason, op: is_not_set}]}
start: wait
steps:
  wait: {type: wait, for: 30m, next: text}
  text: {type: message, channel: sms, template: text, purpose: transactional, next: end}
---
kind: journey
id: gifts
entry: {type: event, event: Gift}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, to: event.properties.email, next: way}
  way: {type: split, paths: [{percent: 60, next: mark}, {percent: 40, next: tell}]}
  mark: {type: update_profile, set: {plan: gold, timezone: Asia/Kolkata}, unset: [timezone.x], next: open}
  tell: {type: track, event: Cart, properties: {n: 3, key: 2}, next: open}
  open: {type: start_journey, journey: after, next: thanks}
  thanks: {type: branch, when: [{where: {type: trait, path: plan, op: eq, value: gold}, next: note}], otherwise: end}
  note: {type: message, channel: push, template: note, next: end}
---
kind: journey
id: lost
entry: {type: segment_entered, segment: shoppers}
REENTRY
exit_on: [{segment_entered: buyers}]
start: gone
steps:
  gone: {type: listen, for: [{segment_left: shoppers, next: note}], timeout: 1d, on_timeout: end}
  note: {type: message, channel: push, template: note, purpose: transactional, next: end}
---
kind: campaign
id: news
audience: {type: not, of: {type: in_segment, segment: buyers}}
schedule: {every: day, at: "09:00", timezone: ZONE}
message: {channel: email, template: mail}
"""


def make_definitions(r: Random) -> str:
    """Settings and journeys."""
    settings = ["timezone: Europe/Paris", f"lateness: {r.choice(['0s', '30m'])}"]
    if r.random() < 0.6:
        settings.append("frequency_caps: [{channel: any, max: 2, per: 12h}, {channel: push, max: 1, per: 1d}]")
    if r.random() < 0.6:
        hit = r.choice(["hold", "hold", "discard"])
        settings.append(
            f'quiet_hours: {{channels: [sms, push], from: "21:00", to: "08:00", timezone: profile, when_hit: {hit}}}'
        )
    rules = r.choice(["reentry: always", "reentry: {after: 1d}", "key: properties.key", "key: properties.key\nreentry: once"])
    text = JOURNEYS.replace("REENTRY", rules).replace("MORE", r.choice(["", "expires_in: 2h,", "purpose: transactional,"]))
    text = text.replace("STRATEGY", r.choice(["all", "first_reachable"])).replace("SINCE", r.choice(["step", "enrollment"]))
    return f"{{kind: settings, {', '.join(settings)}}}\n---\n" + text.replace("ZONE", r.choice(["profile", "UTC"]))


def make_events(r: Random, n: int) -> list[Event]:
    """Events in the order of their arrival, with positions."""
    told: list[Told] = []
    for user, zone in zip(USERS, ("Europe/Paris", "America/New_York", None), strict=True):
        told += person(user, at="03-27", timezone=zone)
    lines = [item(t, i) for i, t in enumerate(told)]
    lines += [{"messageId": f"x{i}", **_make_line(r)} for i in range(n)]
    parsed = []
    for i, line in enumerate(lines):
        found = parse_item(line, position=i, source="file", received_at=0, trusted=True, history=False, from_file=True)
        assert isinstance(found, Event), found
        parsed.append(found)
    parsed.sort(key=lambda e: e.received_at)
    return [msgspec.structs.replace(e, position=i) for i, e in enumerate(parsed, start=1)]


def _stamp(at: int) -> str:
    from relance.clock import format_instant

    return format_instant(at) or ""


def _make_line(r: Random) -> dict[str, Any]:
    at = START + r.randrange(5 * 48) * 30 * MINUTE + r.choice([0, 0, 0, 0, 1, -1, 10 * MINUTE])
    line: dict[str, Any] = {"timestamp": _stamp(at)}
    if r.random() < 0.15:
        line["receivedAt"] = _stamp(at + r.choice([1, 20 * MINUTE, HOUR, DAY]))
    who = r.choice([*USERS, *USERS, *DEVICES])
    line["anonymousId" if who in DEVICES else "userId"] = who
    kind = r.choices(
        ["Cart", "Order", "Left", "Email Opened", "Email Link Clicked", "gift", "identify", "consent", "bounce", "alias"],
        [9, 3, 1, 4, 3, 3, 3, 2, 1, 1],
    )[0]
    properties: dict[str, Any] = {"n": r.randrange(10)}
    if r.random() < 0.7:
        properties["key"] = r.choice([1, "1", 2])
    if kind == "identify":
        line |= {"type": "identify", "traits": {r.choice(["plan", "timezone"]): r.choice(["Asia/Tokyo", "pro"])}}
        if "userId" in line and r.random() < 0.5:
            line["anonymousId"] = r.choice(DEVICES)
        return line
    if kind == "alias" and "userId" in line:
        return line | {"type": "alias", "previousId": r.choice([*USERS, *DEVICES])}
    if kind in {"Email Opened", "Email Link Clicked"}:
        properties |= {"journey": "cart", "step": "mail"}
    elif kind == "gift":
        kind, properties = "Thanks", properties | {"gift": True, "email": f"{r.choice(USERS)}@example.com"}
    elif kind == "consent":
        kind, properties = (
            "Subscription Changed",
            {"channel": r.choice(["email", "sms"]), "state": r.choice(["subscribed", "unsubscribed"])},
        )
    elif kind == "bounce":
        kind, properties = "Email Bounced", {"bounce_type": r.choice(["soft", "hard"])}
    return line | {"type": "track", "event": kind if kind != "alias" else "Cart", "properties": properties}


@dataclass
class Run:
    """One engine over one store and warehouse, with definitions applied at the start."""

    database: Database
    warehouse: Warehouse
    definitions: str
    due_people: int = 50_000
    writing: Callable[[], AbstractContextManager[Connection]] | None = None
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        with self.write() as connection:
            apply(connection, load(self.definitions), START)
        self.restart()

    def restart(self) -> None:
        """A new engine, as a new process would have it."""

        def judge(workspace: Workspace) -> WarehouseJudge:
            return WarehouseJudge(self.warehouse, workspace)

        self.engine = Engine(self.warehouse, judge, RecordingCarrier, due_people=self.due_people)
        with self.write() as connection:
            self.engine.use(connection, load_workspace(connection))

    def write(self) -> AbstractContextManager[Connection]:
        return (self.writing or self.database.writing)()

    def feed(self, events: Sequence[Event], *, until: int, position: int | None = None) -> None:
        last = events[-1].position if events else position or self.position()
        advance(self.engine, self.write, events, position=last, until=until, timezone="Europe/Paris")

    def feed_slices(self, events: Sequence[Event], cuts: Sequence[int], between: Random | None = None) -> None:
        """Feed batch by batch; `between` lets time pass by itself now and then."""
        for first, last in pairwise([0, *cuts, len(events)]):
            following = events[last].received_at - 1 if last < len(events) else END
            self.feed(
                events[first:last],
                until=following
                if between is None or last == len(events)
                else max(events[last - 1].received_at - 1, following - HOUR),
            )
            if between is not None and between.random() < 0.3:
                self.feed((), until=following)
        self.feed((), until=END)

    def position(self) -> int:
        with self.database.reading() as connection:
            return self.engine.read_state(connection).position

    def tick(self) -> int:
        with self.database.reading() as connection:
            return self.engine.read_state(connection).tick

    def state(self) -> dict[str, list[str]]:
        """All that people could tell apart.

        Numbers that are given in the order of work are left out, and so is where in the order our own events stand behind
        their cause: people who merge within a batch count theirs together.
        """
        with self.database.reading() as c:
            return {name: sorted(json.dumps([_plain(v) for v in row]) for row in c.rows(sql)) for name, sql in _STATE.items()}

    def known(self) -> list[Any]:
        """What the warehouse knows, but for ticks."""
        with self.database.reading() as c:
            ids = [p for (p,) in c.rows("SELECT profile_id FROM profiles ORDER BY profile_id")]
        found: list[Any] = []
        for p in sorted(self.warehouse.people(ids), key=lambda person: person.profile_id):
            states = {state.seq: state for state in p.states}.values()  # of two with one place the later counts
            rows = [sorted(_known_row(row) for row in part) for part in (p.events, states, p.consents)]
            found.append((p.profile_id, *rows))
        return found


def _known_row(row: Any) -> str:
    """A row of the warehouse without its tick; `seq` is cut down to its position."""
    return json.dumps([_plain(v) for v in row._replace(seq=row.seq >> 20)[:-1]])


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return {k: v for k, v in value.items() if k != "message_id"} if isinstance(value, dict) else value


_STATE = {
    "profiles": "SELECT profile_id, user_id, known, created_at, traits, timezone, email, push_token, merged_into FROM profiles",
    "aliases": "SELECT alias, since_seq, profile_id FROM aliases",
    "consent": "SELECT profile_id, channel, group_id, state, at FROM consent",
    "ledger": "SELECT profile_id, channel, state, at, seq, applied FROM consent_ledger",
    "suppressions": "SELECT address, reason, at, since_seq, soft_bounces, suppressed FROM suppressions",
    "passages": """SELECT profile_id, source, key, entered_at, mark_at, mark_seq >> 20, status, reason, ended_at, step, step_at, step_seq >> 20, visit,
        deadline, due_at, event_seq >> 20 FROM enrollments""",
    "paths": """SELECT e.profile_id, e.source, e.key, e.entered_at, h.visit, h.step, h.at, h.cause, CASE WHEN h.cause = 'branch' THEN h.cause_ref ELSE h.cause_ref >> 20 END, h.seq >> 20
        FROM enrollment_path h JOIN enrollments e ON e.enrollment_id = h.enrollment_id""",
    "goals": """SELECT e.profile_id, e.source, e.key, e.entered_at, g.goal, g.seq, g.at FROM enrollment_goals g
        JOIN enrollments e ON e.enrollment_id = g.enrollment_id""",
    "messages": """SELECT m.profile_id, m.source, m.step_id, m.channel, m.visit, e.entered_at, m.template, m.status, m.reason, m.address, m.queued_at, m.due_at,
        m.decided_at, m.decided_seq >> 20, m.subject, m.body FROM messages m JOIN enrollments e ON e.enrollment_id = m.enrollment_id""",
    "reactions": "SELECT profile_id, seq >> 20, at, kind, machine, channel, source, step_id FROM named_reactions",
    "signals": "SELECT profile_id, rule_id, seq >> 20, at, received_at, key FROM journey_signals",
    "own": "SELECT profile_id, seq >> 20, name, at, properties FROM own_events",
    "members": "SELECT profile_id, segment, since_at FROM segment_members",
    "schedules": "SELECT source, at, zone, started FROM schedule_runs WHERE started > 0",
}
