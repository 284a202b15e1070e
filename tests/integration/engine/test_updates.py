"""What journeys change about people is told to the log, and a warehouse that is made again knows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.integration.engine.conftest import Shop, identify, track

if TYPE_CHECKING:
    import pytest

HOUR = 3_600_000_000
MARK = """
{kind: segment, id: pros, where: {type: trait, path: plan, op: eq, value: pro}}
---
kind: journey
id: mark
entry: {type: event, event: Marked}
start: now
steps:
  now: {type: update_profile, set: {plan: pro, seen.first: 1}, next: hour}
  hour: {type: wait, for: 1h, next: later}
  later: {type: update_profile, set: {seen.second: 2}, unset: [plan], next: end}
"""


def fill(shop: Shop) -> None:
    """Updates between events of one batch, of people who merge within it, and by timers of many at one instant."""
    shop.apply(MARK)
    shop.send(
        identify("ana", plan="free"),
        track("ana", "Marked"),
        identify("ana", city="Lyon"),
        {"type": "track", "anonymousId": "anon", "event": "Marked"},
        identify("bo", plan="team"),
        track("bo", "Marked"),
        track("cy", "Marked"),
        {"type": "identify", "userId": "cy", "anonymousId": "anon", "traits": {"city": "Nice"}},
    )
    shop.work()
    shop.send(identify("bo", plan="team"))
    shop.work()
    shop.clock.at += HOUR
    shop.send(track("dee", "Marked"), identify("ana", plan="free"))
    shop.work()


def states(shop: Shop) -> dict[int, list[str]]:
    """The traits of each person from when to when."""
    profiles = [p for (p,) in shop.rows("SELECT profile_id FROM profiles ORDER BY profile_id")]
    people = {person.profile_id: person.states for person in shop.installation.warehouse.people(profiles)}
    return {
        p: [json.dumps([s.seq, s.received_at, s.traits, s.email]) for s in {s.seq: s for s in rows}.values()]
        for p, rows in people.items()
    }


def events(shop: Shop) -> dict[int, list[str]]:
    profiles = [p for (p,) in shop.rows("SELECT profile_id FROM profiles ORDER BY profile_id")]
    return {p.profile_id: sorted(f"{e.seq} {e.name}" for e in p.events) for p in shop.installation.warehouse.people(profiles)}


def test_updates_stand_in_the_log_behind_their_cause(shop: Shop) -> None:
    fill(shop)

    told = [properties for name, properties in shop.events() if name == "Profile Updated by Journey"]
    assert {"journey": "mark", "step": "now", "set": {"plan": "pro", "seen.first": 1}, "unset": []} in told
    assert 8 == len(told)  # of two who became one, one passage went on


def test_a_rebuilt_warehouse_knows_updates_where_they_were(shop: Shop) -> None:
    fill(shop)
    before = states(shop), events(shop)
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()

    shop.open()
    shop.work()

    assert shop.installation.rebuilt
    assert before == (states(shop), events(shop))
    assert '"plan":"pro"' in "".join(row for rows in before[0].values() for row in rows).replace("\\", "")


def test_what_a_crash_kept_from_the_log_is_in_a_rebuild(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("relance.runtime.engine_loop.relay_own_events", lambda *_: 0)
        shop.apply(MARK)
        shop.send(identify("ana"), track("ana", "Marked"))
        shop.installation.engine_loop.work()
    before = states(shop), events(shop)
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()

    shop.open()
    shop.work()

    assert shop.installation.rebuilt
    assert before == (states(shop), events(shop))
