"""Starts by request: an event in the log, from a trusted source (SEMANTICS 1, 5)."""

from __future__ import annotations

from tests.contract.journeys.world import Told, World, person

DEFINITIONS = """
kind: journey
id: by-api
entry: {type: api}
key: properties.order
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: stay}
  stay: {type: wait, for: 1d, next: end}
---
kind: campaign
id: by-call
audience: {type: trait, path: plan, op: eq, value: pro}
schedule: {api: true}
message: {channel: sms, template: text}
---
kind: campaign
id: without-schedule
message: {channel: push, template: note}
"""


def test_a_request_starts_its_journey_with_the_key_it_names(world: World) -> None:
    events: list[Told] = [
        *person("ana"),
        ("03-01 08:00", "ana", "Journey Requested", {"journey": "by-api", "order": 7, "n": "seven"}),
        ("03-01 09:00", "ana", "Journey Requested", {"journey": "by-api", "order": 7}),
        ("03-01 10:00", "ana", "Journey Requested", {"journey": "another"}),
    ]

    found = world.play(DEFINITIONS, events, until="03-01 12:00")

    assert found.passages("ana", key=True) == [
        "03-01 08:00 7 mail@03-01 08:00 stay@03-01 08:00 active",
        "03-01 09:00 7 suppressed already_enrolled",
    ]
    assert "<p>seven</p>" == found.messages[0]["body"]


def test_a_request_sends_a_campaign_to_its_audience(world: World) -> None:
    events: list[Told] = [
        *person("ana", plan="pro"),
        *person("bo"),
        *(("03-01 08:00", user, "Campaign Requested", {"campaign": "by-call"}) for user in ("ana", "bo")),
        ("03-01 09:00", "bo", "Campaign Requested", {"campaign": "without-schedule"}),
    ]

    found = world.play(DEFINITIONS, events, until="03-01 12:00")

    assert ["03-01 08:00 ana campaign:by-call sms", "03-01 09:00 bo campaign:without-schedule push"] == found.sent()
