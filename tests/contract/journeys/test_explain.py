# ruff: noqa: RUF001 - sentences have their own apostrophes
"""Every decision tells what it rests on: as data, and in sentences. On both stores."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from relance.definitions.store import apply, load_workspace
from relance.errors import NotFound
from relance.events.model import Event
from relance.events.parse import parse_item
from relance.journeys.explain.desk import ExplainDesk
from relance.journeys.explain.words import WORDS
from relance.outbox.handoff import hash_share
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import Run
from tests.contract.journeys.world import Told, instant, item, load, person

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
id: night
entry: {type: event, event: Night}
exit_on: [{event: Gone}]
start: one
steps: {one: {type: message, channel: push, template: note, next: end}}
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


class Life:
    """What people lived, and the desk that explains it."""

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

    def passages(self, user: str, journey: str, language: str = "en") -> list[dict[str, Any]]:
        """The oldest first."""
        found: list[dict[str, Any]] = self.desk.explain(user, source=f"journey:{journey}", language=language)["passages"][::-1]
        return found

    def sentences(self, user: str, journey: str, n: int = 0, language: str = "en") -> list[str]:
        return [decision["sentence"] for decision in self.passages(user, journey, language)[n]["decisions"]]

    def why_not(self, user: str, source: str) -> dict[str, Any]:
        found: dict[str, Any] = self.desk.explain(user, source=source)["why_not"]
        return found


ANA: list[Told] = [
    *person("ana", at="03-27", points=20),
    ("03-27 10:00", "ana", "Cart", {"total": 80}),
    ("03-27 11:00", "ana", "Cart", {"total": 90}),
    ("03-28 09:59", "ana", "Email Opened", {"journey": "cart", "step": "mail", "arrived": "03-28 11:00"}),
    ("04-01 10:00", "ana", "Order", {"total": 80}),
    ("04-02 10:00", "ana", "Cart", {"total": 60}),
    ("04-08 10:00", "ana", "Cart", {"total": 60}),
    ("04-08 20:00", "ana", "Left", {"why": "bored"}),
]


def test_a_passage_is_told_decision_by_decision(store: Database) -> None:
    life = Life(store, ANA, "04-09")
    place = hash_share("split:journey:cart:way", "ana")

    assert life.sentences("ana", "cart") == [
        "entered on 27 March 2026 at 11:00: Cart happened on 27 March 2026 at 11:00 (total is 80; asked: total is more than 50)",
        "who: condition 2 was the first that held: Cart: once, just now; needs at least 1",
        "email to ana@example.com was handed over on 27 March 2026 at 11:00",
        "mail: a message was handed over",
        (
            "heard: nothing of what it waited for (Email Opened) happened until its deadline of 28 March 2026 at 11:00; "
            "Email Opened happened on 28 March 2026 at 10:59, but arrived on 28 March 2026 at 12:00, when the person had gone on"
        ),
        (
            f"way: place {place} of 10,000 lies in path {1 if place < 2500 else 2}, "
            f"from {'0 to below 2500' if place < 2500 else '2500 to below 10000'}"
        ),
        "nine: its instant came on 29 March 2026 at 09:00, by the clock of Europe/Paris (the workspace’s: the person has none)",
        "pause: 2 days were over on 31 March 2026 at 09:00",
        "push to token-ana was handed over on 31 March 2026 at 09:00",
        "note: a message was handed over",
        "rest: Order happened on 1 April 2026 at 12:00, which it waited for",
        "reached the goal on 1 April 2026 at 12:00 by Order",
        "came to the end on 1 April 2026 at 12:00",
    ]
    first, second, third, last = life.passages("ana", "cart")
    why = first["decisions"][1]["evidence"]["conditions"]
    assert [(False, True), (True, True)] == [(one["held"], one["agrees"]) for one in why]
    assert why[0]["why"]["parts"][0]["seen"] == {"value": 20}
    assert why[1]["why"]["seen"]["times"] == 1  # not the two that came later
    assert first["decisions"][6]["evidence"]["clock"] == {"zone": "Europe/Paris", "of": "workspace"}
    assert second["decisions"][0]["evidence"]["passage"]["enrollment_id"] == first["enrollment_id"]
    assert [d["sentence"] for d in (*second["decisions"], *third["decisions"])] == [
        "did not enter on 27 March 2026 at 12:00: was inside already, since 27 March 2026 at 11:00",
        "did not enter on 2 April 2026 at 12:00: had entered on 27 March 2026 at 11:00, and may again from 6 April 2026 at 12:00 on",
    ]
    assert last["decisions"][-1]["sentence"] == "left on 8 April 2026 at 22:00: Left happened on 8 April 2026 at 22:00"
    assert last["decisions"][-1]["evidence"]["event"]["properties"] == {"why": "bored"}
    french = life.sentences("ana", "cart", language="fr")
    assert french[6].endswith("à l’horloge de Europe/Paris (celle de l’espace de travail : la personne n’en a pas)")
    assert french[-1] == "arrivé à la fin le 1er avril 2026 à 12:00"


def test_of_a_passage_that_was_moved_each_step_is_told_by_its_own_version(store: Database) -> None:
    life = Life(store, ANA[:-4], "04-01 09:00")
    before = life.sentences("ana", "cart")
    lines = DEFINITIONS.partition("kind: journey\nid: cart\n")[2].partition("\n---")[0]
    rest = next(line for line in lines.splitlines() if line.startswith("  rest:"))
    reordered = DEFINITIONS.replace(
        lines, lines.replace(f"\n{rest}", "").replace("steps:\n", f"steps:\n{rest.replace('30d', '31d')}\n")
    )
    with store.writing() as connection:
        apply(connection, load(reordered), instant("04-01"))
        moved, older, newer = connection.rows(
            """SELECT e.enrollment_id, e.version_id, v.version_id FROM enrollments e JOIN journey_versions v ON v.source = e.source AND v.version = 2
            WHERE e.source = 'journey:cart' AND e.status = 0"""
        )[0]
        of = {"moved": moved, "older": older, "newer": newer}
        connection.execute("UPDATE enrollments SET version_id = :newer, step = 0 WHERE enrollment_id = :moved", of)
        visit = connection.value("SELECT MAX(visit) FROM enrollment_path WHERE enrollment_id = :moved", of)
        connection.execute(
            "UPDATE enrollment_path SET step = 0 WHERE enrollment_id = :moved AND visit = :visit", of | {"visit": visit}
        )
        connection.insert_rows(
            "enrollment_moves",
            ["enrollment_id", "visit", "from_version_id", "to_version_id", "at"],
            [(moved, visit, older, newer, instant("04-01"))],
        )

    assert before == life.sentences("ana", "cart")
    assert before[-1] == "stands at rest since 31 March 2026 at 09:00, until 30 April 2026 at 09:00"


def test_a_message_that_was_not_sent_tells_what_stood_in_its_way(store: Database) -> None:
    burst: list[Told] = [
        *(told for user in ("ana", "bo", "cy", "di") for told in person(user, at="03-27", consent=() if user == "bo" else ("email", "sms", "push"))),
        ("03-27 08:00", "cy", "Subscription Changed", {"channel": "email", "state": "unsubscribed"}),
        ("03-27 09:00", "di", "Email Bounced", {"bounce_type": "hard"}),
        ("03-27 10:00", "di", "identify", {"phone": "12", "token": "x"}),
        *(("03-28 10:00", user, "Burst") for user in ("ana", "bo", "cy", "di")),
    ]  # fmt: skip
    life = Life(store, burst, "03-29")

    def messages(user: str, journey: str = "burst") -> list[dict[str, Any]]:
        return [d for d in life.passages(user, journey)[0]["decisions"] if d["kind"] == "message"]

    cap = messages("ana")[2]
    assert cap["evidence"]["cap"] == {"channel": "any", "max": 2, "per_seconds": 86_400}
    assert [("two", "sms"), ("one", "email")] == [(m["step"], m["channel"]) for m in cap["evidence"]["used_up_by"]]
    assert [m["message_id"] for m in reversed(cap["evidence"]["used_up_by"])] == [m["message_id"] for m in messages("ana")[:2]]
    assert cap["sentence"] == (
        "push was blocked on 28 March 2026 at 11:00: at most 2 in 1 day on all channels, and 2 had been sent: "
        "journey:burst two by SMS on 28 March 2026 at 11:00, journey:burst one by email on 28 March 2026 at 11:00"
    )
    assert [m["reason"] for m in messages("bo")] == ["no_consent"] * 3
    assert messages("bo")[0]["evidence"]["consent"] == [{"group": None, "state": None, "at": None, "source": None}]
    assert messages("cy")[0]["sentence"] == "email was blocked on 28 March 2026 at 11:00: said no on 27 March 2026 at 09:00"
    assert [m["reason"] for m in messages("di")[:2]] == ["suppressed", "invalid_address"]
    assert "gets nothing any more since 27 March 2026 at 10:00" in messages("di")[0]["sentence"]
    (held_out,) = messages("ana", "held")
    assert held_out["evidence"]["share"] == {
        "salt": "holdout:journey:held", "place": hash_share("holdout:journey:held", "ana"), "below": 10_000, "of": 10_000
    }  # fmt: skip


def test_quiet_hours_tell_whose_clock_counted_and_an_end_what_ended_it(store: Database) -> None:
    night: list[Told] = [
        *person("ana", at="03-27", timezone="America/New_York"),
        *person("bo", at="03-27"),
        ("03-28 02:30", "ana", "Night"),  # 22:30 in New York
        ("03-28 20:30", "bo", "Night"),  # 21:30 in Paris
        ("03-28 21:00", "bo", "Gone"),
    ]
    quiet = Life(store, [*night, ("03-28 21:00", "bo", "Night"), ("03-28 21:00", "bo", "Burst")], "03-29")

    held = [d["sentence"] for d in quiet.passages("ana", "night")[0]["decisions"] if d["kind"] == "message"]
    assert held == [
        (
            "push to token-ana was handed over on 28 March 2026 at 08:00, after being held from 27 March 2026 at 22:30 on by quiet hours "
            "in America/New_York (the person’s own)"
        )
    ]
    gone = quiet.passages("bo", "night")[0]["decisions"]
    assert [d["sentence"] for d in gone[1:]] == [
        (
            "push was blocked on 28 March 2026 at 22:00: the passage had ended before, after being held from 28 March 2026 at 21:30 on "
            "by quiet hours in Europe/Paris (the workspace’s: the person has none)"
        ),
        "left on 28 March 2026 at 22:00: Gone happened on 28 March 2026 at 22:00",
    ]
    waiting = quiet.passages("bo", "night")[1]["decisions"]
    assert [d["sentence"] for d in waiting[1:]] == [
        "push is held until 29 March 2026 at 08:00: quiet hours by the clock of Europe/Paris (the workspace’s: the person has none)",
        "stands at one since 28 March 2026 at 22:00, until 29 March 2026 at 08:00",
    ]
    quiet.run.feed((), until=instant("04-01"))
    (over,) = quiet.passages("bo", "short")
    assert over["decisions"][-1]["sentence"] == "left on 30 March 2026 at 23:00: the lifetime of 2 days was over"


def test_who_never_came_in_is_told_why(store: Database) -> None:
    life = Life(
        store,
        [*person("bo", at="03-27"), ("03-28 10:00", "bo", "Cart", {"total": 5}), *person("cy", at="03-27", points=120)],
        "04-05",
    )
    told = {
        source: life.why_not("bo", source)
        for source in ("journey:cart", "journey:burst", "journey:joined", "journey:asked", "campaign:news")
    }

    assert {source: one["reason"] for source, one in told.items()} == {
        "journey:cart": "refused", "journey:burst": "no_event", "journey:joined": "not_member", "journey:asked": "not_requested",
        "campaign:news": "not_in_audience",
    }  # fmt: skip
    assert told["journey:cart"]["evidence"]["last"][0]["failed"]["seen"] == 5
    assert told["journey:cart"]["sentence"] == (
        "Cart was received 1 times, and never as the entry asks; last on 28 March 2026 at 11:00: total is 5; asked: total is more than 50"
    )
    assert told["journey:joined"]["sentence"].endswith("points is unknown; asked: points is at least 100")
    assert told["campaign:news"]["evidence"]["ran_at"] == "2026-04-04T08:00:00Z"
    assert life.why_not("cy", "campaign:news") is None  # got it
    with pytest.raises(NotFound):
        life.desk.explain("bo", source="journey:nothing")
    with pytest.raises(NotFound):
        life.desk.explain("nobody")


def test_every_phrase_is_there_in_both_languages_with_the_same_pieces() -> None:
    pieces = {
        language: {key: set(re.findall(r"\{(\w+)\}", phrase)) for key, phrase in words.items()}
        for language, words in WORDS.items()
    }

    assert pieces["en"] == pieces["fr"]


def test_all_that_is_known_of_a_person_is_told(store: Database) -> None:
    """Each event of the life, every message and passage; of nobody else anything."""
    life = Life(store, [*ANA, *person("bo", at="03-27", points=1), ("03-27 12:00", "bo", "Cart", {"total": 70})], "04-09")
    told = life.desk.dossier("ana")

    assert (told["format"], told["profile"]["user_id"], told["profile"]["traits"]["points"]) == ("relance-profile/1", "ana", 20)
    assert ["Left", "Cart", "Cart", "Order", "Cart", "Cart"] == [
        e["name"] for e in told["events"] if e["name"] in {"Cart", "Order", "Left"}
    ]
    assert {"Email Opened", "Journey Entered", "Email Sent"} <= {e["name"] for e in told["events"]}
    opened = next(e for e in told["events"] if e["name"] == "Email Opened")
    assert (opened["at"], opened["received_at"]) == ("2026-03-28T09:59:00Z", "2026-03-28T11:00:00Z")
    with store.reading() as connection:
        of_ana = "FROM {} x JOIN profiles p ON p.profile_id = x.profile_id WHERE p.user_id = 'ana'"
        for name, table in (("messages", "messages"), ("journeys", "enrollments"), ("consents", "consent_ledger")):
            assert len(told[name]) == connection.value(f"SELECT count(*) {of_ana.format(table)}") > 0, name
    assert "bo@example.com" not in json.dumps(told)
    with pytest.raises(NotFound):
        life.desk.dossier("nobody")
