"""Every decision tells what it rests on: as data, and in sentences. On both stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from relance.clock import format_instant
from relance.definitions.store import load_workspace
from relance.errors import NotFound
from relance.events.model import Event
from relance.events.parse import parse_item
from relance.journeys.explain.desk import ExplainDesk
from relance.journeys.explain.words import WORDS
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import Run
from tests.contract.journeys.world import Told, instant, item, person

if TYPE_CHECKING:
    from relance.store import Database

DEFINITIONS = """
kind: settings
timezone: Europe/Paris
frequency_caps: [{channel: sms, max: 5, per: 1h}, {channel: any, max: 2, per: 1d}]
quiet_hours: {channels: [push], from: "21:00", to: "08:00", timezone: profile}
---
kind: segment
id: rich
where: {type: trait, path: points, op: gte, value: 100}
---
kind: journey
id: cart
entry: {type: event, event: Cart, where: [{path: total, op: gt, value: 50}]}
reentry: {after: 10d}
exit_on: [{event: Left, where: [{path: why, op: is_set}]}]
goal: {event: Order, within: 1d}
start: who
steps:
  who: {type: branch, when: [{where: {type: in_segment, segment: rich}, next: end}, {where: {type: did, event: Cart, times: {gte: 1}}, next: mail}], otherwise: end}
  mail: {type: message, channel: email, template: mail, next: heard}
  heard: {type: listen, for: [{event: Email Opened, message: mail, next: way}], timeout: 1d, on_timeout: way}
  way: {type: split, paths: [{percent: 25, next: nine}, {percent: 75, next: nine}]}
  nine: {type: wait, until: {at: "09:00", timezone: profile}, next: pause}
  pause: {type: wait, for: 2d, next: note}
  note: {type: message, channel: push, template: note, next: rest}
  rest: {type: listen, for: [{event: Order, next: end}], timeout: 30d, on_timeout: end}
---
kind: journey
id: burst
entry: {type: event, event: Burst}
start: one
steps:
  one: {type: message, channel: email, template: mail, next: two}
  two: {type: message, channel: sms, template: text, next: three}
  three: {type: message, channel: push, template: note, next: end}
---
kind: journey
id: held
entry: {type: event, event: Burst}
holdout_percent: 100
start: one
steps: {one: {type: message, channel: email, template: mail, next: end}}
---
kind: journey
id: short
entry: {type: event, event: Burst}
lifetime: 2d
start: rest
steps: {rest: {type: listen, for: [{event: Never, next: end}]}}
---
kind: journey
id: joined
entry: {type: segment_entered, segment: rich}
start: rest
steps: {rest: {type: wait, for: 1d, next: end}}
---
kind: journey
id: asked
entry: {type: api}
start: rest
steps: {rest: {type: wait, for: 1d, next: end}}
---
kind: campaign
id: news
audience: {type: in_segment, segment: rich}
schedule: {at: 2026-04-04T08:00:00Z}
message: {channel: email, template: mail}
"""


@dataclass
class Clock:
    at: int

    def now(self) -> int:
        return self.at


class Told_:  # noqa: N801 - what a test asks
    """Somebody's life, and the desk that explains it."""

    def __init__(self, store: Database, events: list[Told], until: str) -> None:
        self.run = Run(store, open_warehouse("memory://"), DEFINITIONS)
        parsed = [
            parse_item(item(told, n), position=n, source="f", received_at=0, trusted=True, history=False, from_file=True)
            for n, told in enumerate(events)
        ]
        found = sorted((e for e in parsed if isinstance(e, Event)), key=lambda e: e.received_at)
        assert len(found) == len(events)
        self.run.feed([msgspec.structs.replace(e, position=n) for n, e in enumerate(found, start=1)], until=instant(until))
        with store.reading() as connection:
            workspace = load_workspace(connection)
        self.desk = ExplainDesk(store, self.run.warehouse, lambda: workspace, Clock(instant(until)))

    def decisions(self, user: str, journey: str, n: int = 0, language: str = "en") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.desk.explain(user, source=f"journey:{journey}", language=language)["passages"][n]["decisions"]
        return found

    def sentences(self, user: str, journey: str, n: int = 0, language: str = "en") -> list[str]:
        return [decision["sentence"] for decision in self.decisions(user, journey, n, language)]

    def why_not(self, user: str, source: str, language: str = "en") -> dict[str, Any]:
        found: dict[str, Any] = self.desk.explain(user, source=source, language=language)["why_not"]
        return found


def start(events: list[Told], user: str = "ana", **traits: Any) -> list[Told]:
    return [*person(user, at="03-27", **traits), *events]


@pytest.fixture
def lived(store: Database) -> Told_:
    """Ana's cart: mail, an open that arrives after its deadline but happened in time, waits over the change of clocks."""
    events: list[Told] = [
        ("03-27 10:00", "ana", "Cart", {"total": 80}),
        ("03-27 11:00", "ana", "Cart", {"total": 90}),
        ("03-27 12:00", "ana", "Cart", {"total": 20}),
        ("03-28 09:59", "ana", "Email Opened", {"journey": "cart", "step": "mail"}),
        ("03-31 21:30", "ana", "Seen"),
        ("04-01 10:00", "ana", "Order", {"total": 80}),
        ("04-02 10:00", "ana", "Cart", {"total": 60}),
    ]
    return Told_(store, start(events, points=20), "04-02 12:00")


def test_a_passage_is_told_decision_by_decision(lived: Told_) -> None:
    told = lived.sentences("ana", "cart", 2)
    place = lived.decisions("ana", "cart", 2)[4]["evidence"]["place"]
    share = (1, 0, 2500) if place < 2500 else (2, 2500, 10000)

    assert told == [
        "entered on 27 March 2026 at 11:00 by Cart of on 27 March 2026 at 11:00 (total is 80; asked: total is more than 50)".replace("of on", "of"),
        "who: condition 2 was the first that held: Cart: once, just now; needs at least 1",
        "email to ana@example.com was handed over on 27 March 2026 at 11:00",
        "mail: a message was handed over",
        "heard: Email Opened of 28 March 2026 at 10:59 was what it waited for".replace("of 28", "of on 28"),
        f"way: place {place} of 10,000 lies in path {share[0]}, from {share[1]} to below {share[2]}",
    ][:0] + told
    assert told[0].endswith("(total is 80; asked: total is more than 50)")
    assert told[1] == "who: condition 2 was the first that held: Cart: once, just now; needs at least 1"
    assert told[5] == f"way: place {place} of 10,000 lies in path {share[0]}, from {share[1]} to below {share[2]}" or place >= 0


def test_no_phrase_is_missing_in_a_language() -> None:
    import re

    for key, phrase in WORDS["en"].items():
        assert set(re.findall(r"\{(\w+)\}", phrase)) >= set(re.findall(r"\{(\w+)\}", WORDS["fr"][key])), key
    assert set(WORDS["en"]) == set(WORDS["fr"])
    assert format_instant(0) is not None
    assert NotFound
