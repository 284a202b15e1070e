"""People inside are moved to the newest version by a map of steps, with a preview; the ledger still balances."""

from __future__ import annotations

from typing import Any

import pytest

from relance.clock import DAY, HOUR, MINUTE
from relance.errors import InvalidInput
from relance.journeys.lifecycle import asking, performing
from relance.journeys.lifecycle.migration import preview_migration, require_migration
from relance.journeys.report import journey_report
from relance.journeys.trace import trace_profile
from tests.integration.engine.conftest import START, Shop, identify, subscribe, track

TEMPLATES = """
{kind: template, id: one, channel: email, subject: one, body: "<p>x</p>"}
---
{kind: template, id: two, channel: email, subject: two, body: "<p>x</p>"}
---
{kind: template, id: last, channel: email, subject: last, body: "<p>x</p>"}
---
"""
FIRST = """
kind: journey
id: j
entry: {type: event, event: Start}
start: one
steps:
  one: {type: message, channel: email, template: one, next: long}
  long: {type: wait, for: 10d, next: heard}
  heard: {type: listen, for: [{event: Bought, next: end}], timeout: 5d, on_timeout: last}
  last: {type: message, channel: email, template: last, next: end}
"""
SECOND = """
kind: journey
id: j
entry: {type: event, event: Start}
start: one
steps:
  one: {type: message, channel: email, template: one, next: short}
  two: {type: message, channel: email, template: two, next: short}
  short: {type: wait, for: 2d, next: listens}
  listens: {type: listen, for: [{event: Bought, message: one, next: end}], timeout: 1d, on_timeout: last}
  last: {type: message, channel: email, template: last, next: end}
"""


def migrate(shop: Shop, mapping: dict[str, str]) -> dict[str, Any]:
    shop.clock.at += 1
    with shop.installation.database.writing() as connection:
        detail = require_migration(connection, "journey:j", mapping)
        return asking.ask(connection, "journey:j", "migrate", now=shop.clock.at, actor="test", detail=detail)


def begin(shop: Shop, *users: str) -> None:
    shop.apply(TEMPLATES + FIRST)
    shop.send(*(item for user in users for item in (identify(user), subscribe(user), track(user, "Start"))))
    shop.work()


def move(shop: Shop, to: int) -> None:
    shop.clock.at = START + to
    shop.work()


def subjects(shop: Shop) -> list[str | None]:
    return [subject for _, subject in shop.to()]


def require_balance(shop: Shop) -> dict[str, Any]:
    with shop.installation.database.reading() as connection:
        report: dict[str, Any] = dict(journey_report(connection, "journey:j"))
    assert report["entered"] == report["inside"] + report["finished"] + sum(report["exited"].values()) + report["failed"]
    for step, figures in report["steps"].items():
        assert figures["entered"] == figures["inside"] + sum(figures["left"].values()), step
    return report


def test_who_waits_goes_on_waiting_and_the_time_it_has_waited_counts(shop: Shop) -> None:
    begin(shop, "ada")
    move(shop, DAY)
    shop.apply(TEMPLATES + SECOND)
    shop.work()
    migrate(shop, {"long": "short"})
    shop.work()
    assert 1 == require_balance(shop)["steps"]["short"]["inside"]

    move(shop, 2 * DAY + MINUTE)  # of the two days one had passed
    assert [("listens",)] == [(where(shop),)]
    move(shop, 3 * DAY + HOUR)

    assert ["one", "last"] == subjects(shop)
    assert 1 == require_balance(shop)["finished"]


def where(shop: Shop) -> str | None:
    with shop.installation.database.reading() as connection:
        found: str | None = trace_profile(connection, 1)[0]["step"]
    return found


def test_who_goes_to_a_step_of_another_kind_enters_it_and_what_was_sent_is_known_there(shop: Shop) -> None:
    begin(shop, "ada")
    shop.apply(TEMPLATES + SECOND)
    shop.work()
    migrate(shop, {"long": "two"})
    shop.work()
    assert ["one", "two"] == subjects(shop)
    move(shop, 2 * DAY + MINUTE)
    (handed,) = shop.rows("SELECT message_id FROM messages WHERE step_id = 'one'")[0]
    shop.send(track("ada", "Bought", message_id=f"{shop.installation.prefix}{handed}"))
    move(shop, 4 * DAY)

    assert ["one", "two"] == subjects(shop)
    report = require_balance(shop)
    assert {"two": 1} == report["steps"]["long"]["left"]
    with shop.installation.database.reading() as connection:
        (passage,) = trace_profile(connection, 1)
    assert [("one", "start"), ("long", "next"), ("two", "migrated"), ("short", "next"), ("listens", "waited")] == [
        (visit["step"], visit["why"]["cause"]) for visit in passage["path"]
    ]


def test_a_map_sends_people_out_and_takes_several_ticks_for_many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relance.journeys.lifecycle.performing.PEOPLE_A_TICK", 2)
    users = [f"u{n}" for n in range(5)]
    begin(shop, *users)
    shop.apply(TEMPLATES + SECOND)
    shop.work()
    migrate(shop, {"long": "exit"})
    shop.work()

    assert {"migrated": 5} == require_balance(shop)["exited"]
    assert [('{"moved": 5}',)] == shop.rows("SELECT outcome FROM journey_acts")
    assert 2 == performing.PEOPLE_A_TICK


def test_while_paused_people_are_moved_when_it_goes_on_before_anything_falls_due(shop: Shop) -> None:
    begin(shop, "ada")
    shop.apply(TEMPLATES + SECOND)
    with shop.installation.database.writing() as connection:
        shop.clock.at += 1
        asking.ask(connection, "journey:j", "pause", now=shop.clock.at, actor="test")
    shop.work()
    migrate(shop, {"long": "two"})
    shop.work()
    assert ["one"] == subjects(shop)
    shop.clock.at = START + 20 * DAY
    with shop.installation.database.writing() as connection:
        asking.ask(connection, "journey:j", "resume", now=shop.clock.at, actor="test")
    shop.work()

    assert ["one", "two"] == subjects(shop)


def test_the_preview_says_who_goes_where_and_all_that_is_wrong(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada", "bo")
    shop.apply(TEMPLATES + SECOND)
    shop.work()
    with shop.installation.database.reading() as connection:
        good = preview_migration(connection, "journey:j", {"long": "two"})
        bad = preview_migration(connection, "journey:j", {"lonk": "two", "heard": "nowhere"})
        with pytest.raises(InvalidInput):
            require_migration(connection, "journey:j", {})

    assert [{"version": 1, "step": "long", "people": 2, "to": "two", "how": "enters"}] == good.rows
    assert [] == good.problems
    assert [("unknown_step", "/map/heard"), ("step_not_mapped", "/map/long"), ("unknown_step", "/map/lonk")] == [
        (p.code, p.path) for p in bad.problems
    ]
