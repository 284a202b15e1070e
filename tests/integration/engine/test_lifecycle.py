"""Journeys are paused, resumed, closed and stopped, each act in its place among events; what is pending survives a crash."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from relance.clock import DAY, HOUR, MINUTE, format_instant
from relance.errors import Conflict, StoreUnavailable
from relance.journeys.engine import Engine
from relance.journeys.lifecycle import asking, performing
from tests.integration.engine.conftest import START, Shop, identify, subscribe, track

CART = """
{kind: template, id: mail, channel: email, subject: "Cart {{ event.properties.n }}", body: "<p>x</p>"}
---
{kind: template, id: late, channel: email, subject: late, body: "<p>x</p>"}
---
{kind: template, id: thanks, channel: email, subject: thanks, body: "<p>x</p>"}
---
kind: journey
id: cart
entry: {type: event, event: Cart}
exit_on: [{event: Left}]
goal: {event: Bought}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: heard}
  heard: {type: listen, for: [{event: Bought, next: thanks}], timeout: 1d, on_timeout: late}
  late: {type: message, channel: email, template: late, next: end}
  thanks: {type: message, channel: email, template: thanks, next: end}
"""


def act(shop: Shop, action: str, *, at: int | None = None, **detail: Any) -> dict[str, Any]:
    """Somebody asks for something, a moment after all that was received."""
    shop.clock.at += 1
    with shop.installation.database.writing() as connection:
        return asking.ask(
            connection, "journey:cart", action, now=shop.clock.at, actor="test", at=format_instant(at), detail=detail
        )


def begin(shop: Shop, *users: str) -> None:
    """People come into the journey, and get the first mail."""
    shop.apply(CART)
    shop.send(*(item for user in users for item in (identify(user), subscribe(user))))
    shop.send(*(track(user, "Cart", n=1) for user in users))
    shop.work()


def passages(shop: Shop) -> list[tuple[Any, ...]]:
    """Of each passage: who, how it stands, why, at which step."""
    states = ("active", "finished", "exited", "failed", "suppressed")
    rows = shop.rows(
        "SELECT p.user_id, e.status, e.reason FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id ORDER BY e.enrollment_id"
    )
    return [(user, states[status], reason) for user, status, reason in rows]


def subjects(shop: Shop) -> list[str | None]:
    return [subject for _, subject in shop.to()]


def move(shop: Shop, to: int) -> None:
    shop.clock.at = START + to
    shop.work()


# ------------------------------------------------------------------------------ pause


def test_a_deadline_that_passes_during_a_pause_times_out_when_it_goes_on(shop: Shop) -> None:
    begin(shop, "ada")
    act(shop, "pause")
    move(shop, 2 * DAY)
    assert ["Cart 1"] == subjects(shop)

    act(shop, "resume")
    shop.work()

    assert ["Cart 1", "late"] == subjects(shop)
    assert [("ada", "finished", None)] == passages(shop)
    (late_at,) = shop.rows("SELECT MAX(at) FROM enrollment_path")[0]
    assert abs(late_at - (START + 2 * DAY)) < 1_000


def test_what_was_heard_in_time_during_a_pause_counts_when_it_goes_on(shop: Shop) -> None:
    begin(shop, "ada", "bo")
    act(shop, "pause")
    move(shop, HOUR)
    shop.send(track("ada", "Bought"))
    move(shop, 2 * DAY)
    shop.send(track("bo", "Bought"))
    shop.work()
    assert ["Cart 1"] * 2 == subjects(shop)

    act(shop, "resume")
    shop.work()

    assert ["Cart 1", "Cart 1", "late", "thanks"] == sorted(map(str, subjects(shop)))
    assert [("ada", "thanks"), ("bo", "late")] == shop.rows(
        "SELECT p.user_id, m.step_id FROM messages m JOIN profiles p ON p.profile_id = m.profile_id WHERE m.step_id <> 'mail' ORDER BY 1"
    )


def test_who_heard_nothing_listens_on_for_the_time_that_is_left(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    act(shop, "pause")
    move(shop, HOUR)
    shop.send(track("ada", "Other"))
    act(shop, "resume")
    shop.work()
    move(shop, DAY - MINUTE)
    assert ["Cart 1"] == subjects(shop)

    move(shop, DAY + MINUTE)

    assert ["Cart 1", "late"] == subjects(shop)


def test_a_frozen_clock_has_as_much_left_as_it_had(shop: Shop) -> None:
    begin(shop, "ada")
    move(shop, HOUR)
    act(shop, "pause", clocks="freeze")
    move(shop, 3 * DAY + HOUR)
    act(shop, "resume")
    shop.work()
    assert ["Cart 1"] == subjects(shop)
    move(shop, 4 * DAY - MINUTE)
    assert ["Cart 1"] == subjects(shop)

    move(shop, 4 * DAY + MINUTE)

    assert ["Cart 1", "late"] == subjects(shop)


def test_starts_during_a_pause_wait_and_come_in_in_order(shop: Shop) -> None:
    begin(shop, "ada")
    act(shop, "pause")
    shop.send(identify("bo"), subscribe("bo"), track("bo", "Cart", n=2), track("bo", "Cart", n=3))
    shop.work()
    assert [("ada", "active", None)] == passages(shop)

    act(shop, "resume")
    shop.work()

    assert ["Cart 1", "Cart 2"] == subjects(shop)
    assert [("ada", "active", None), ("bo", "active", None), ("bo", "suppressed", "already_enrolled")] == passages(shop)
    assert [] == shop.rows("SELECT 1 FROM held_entries")


def test_starts_during_a_pause_that_holds_nobody_are_kept_as_suppressed(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    act(shop, "pause", entries="refuse")
    shop.send(identify("bo"), track("bo", "Cart", n=2))
    shop.work()
    act(shop, "resume")
    shop.work()

    assert [("ada", "active", None), ("bo", "suppressed", "paused")] == passages(shop)


def test_an_exit_during_a_pause_is_an_exit_and_ends_a_start_that_waited(shop: Shop) -> None:
    begin(shop, "ada")
    act(shop, "pause")
    shop.send(identify("bo"), subscribe("bo"), track("bo", "Cart", n=2), track("bo", "Left"), track("ada", "Left"))
    shop.work()
    assert [("ada", "exited", "Left")] == passages(shop)

    act(shop, "resume")
    shop.work()

    assert ["Cart 1"] == subjects(shop)
    assert [("ada", "exited", "Left"), ("bo", "exited", "Left")] == passages(shop)


def test_a_message_that_waited_for_the_drain_is_checked_anew_when_its_journey_goes_on(shop: Shop) -> None:
    shop.apply(CART)
    shop.send(*(item for user in ("ada", "bo") for item in (identify(user), subscribe(user), track(user, "Cart", n=1))))
    shop.clock.at += 1
    shop.installation.engine_loop.work()  # the drain has not come yet
    act(shop, "pause")
    assert 0 == asyncio.run(shop.installation.drain.drain_once())
    shop.work()
    shop.send(track("bo", "Subscription Changed", channel="email", state="unsubscribed"))
    shop.work()
    assert [] == shop.to()

    act(shop, "resume")
    shop.work()

    assert [("ada@example.com", "Cart 1")] == shop.to()
    assert [("blocked", "unsubscribed")] == shop.rows("SELECT status, reason FROM messages WHERE status <> 'sent'")


def test_an_act_comes_after_what_was_received_before_it(shop: Shop) -> None:
    """The engine is behind: the event before the pause is let in, the one after it waits."""
    begin(shop)
    shop.send(identify("ada"), subscribe("ada"), track("ada", "Cart", n=1))
    act(shop, "close")
    shop.clock.at += 1
    shop.send(identify("bo"), subscribe("bo"), track("bo", "Cart", n=2))

    shop.work()

    assert [("ada", "active", None), ("bo", "suppressed", "closed")] == passages(shop)
    assert ["Cart 1"] == subjects(shop)


# ------------------------------------------------------------------------------ close and stop


def test_those_inside_finish_a_journey_that_is_closed_and_nobody_comes_in_until_it_is_open_again(shop: Shop) -> None:
    begin(shop, "ada")
    act(shop, "close")
    shop.send(identify("bo"), subscribe("bo"), track("bo", "Cart", n=2))
    move(shop, 2 * DAY)
    assert ["Cart 1", "late"] == subjects(shop)

    act(shop, "resume")
    shop.clock.at += 1
    shop.send(track("bo", "Cart", n=3))
    shop.work()

    assert ["Cart 1", "late", "Cart 3"] == subjects(shop)
    assert [("ada", "finished", None), ("bo", "suppressed", "closed"), ("bo", "active", None)] == passages(shop)


def test_a_closed_journey_is_closed_again_after_a_pause(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    for action in ("close", "pause"):
        act(shop, action)
    shop.send(identify("bo"), track("bo", "Cart", n=2))
    shop.work()
    act(shop, "resume")
    shop.work()
    shop.send(track("bo", "Cart", n=2))
    shop.work()

    assert [("closed",)] == shop.rows("SELECT DISTINCT state FROM journey_versions")
    assert [("ada", "active", None), ("bo", "suppressed", "closed"), ("bo", "suppressed", "closed")] == passages(shop)


def test_everybody_leaves_a_journey_that_is_stopped_and_nothing_is_handed_over(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performing, "PEOPLE_A_TICK", 2)
    users = [f"u{n}" for n in range(5)]
    begin(shop, *users[:4])
    shop.send(identify("u4"), subscribe("u4"), track("u4", "Cart", n=5))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    done = act(shop, "stop")
    assert 0 == asyncio.run(shop.installation.drain.drain_once())  # nor before the engine has heard of it

    shop.work()
    move(shop, 3 * DAY)

    assert "stop" == done["action"]
    assert ["Cart 1"] * 4 == subjects(shop)
    assert [(user, "exited", "stopped") for user in users] == passages(shop)
    assert [] == shop.rows("SELECT 1 FROM timers")
    assert [("blocked", "exited", 1)] == shop.rows(
        "SELECT status, reason, COUNT(*) FROM messages WHERE status <> 'sent' GROUP BY 1, 2"
    )
    told = [properties["reason"] for name, properties in shop.events() if name == "Journey Ended"]
    assert ["stopped"] * 5 == told


def test_stopped_while_paused_those_who_waited_do_not_come_in(shop: Shop) -> None:
    begin(shop, "ada")
    act(shop, "pause")
    shop.send(identify("bo"), subscribe("bo"), track("bo", "Cart", n=2))
    shop.work()
    act(shop, "stop")
    shop.work()

    assert [("ada", "exited", "stopped"), ("bo", "suppressed", "closed")] == passages(shop)


@pytest.mark.parametrize(
    ("action", "broken", "restart"), [("stop", 1, False), ("stop", 3, True), ("pause", 2, True), ("pause", 3, False)]
)
def test_a_crash_between_the_ticks_of_an_act_loses_nothing_and_does_nothing_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, *, restart: bool, action: str, broken: int
) -> None:
    monkeypatch.setattr(performing, "PEOPLE_A_TICK", 1)
    begin(shop, "ada", "bo", "cy")
    act(shop, action)
    for user in ("x", "y", "z"):
        shop.send(identify(user), subscribe(user), track(user, "Cart", n=2))
    if action == "pause":
        shop.work()
        act(shop, "resume")
    shop.clock.at += 1
    break_at_commit(monkeypatch, broken)
    with pytest.raises(StoreUnavailable):
        for _ in range(9):
            shop.installation.engine_loop.work()
    monkeypatch.undo()
    if restart:
        shop.close()
        shop.open()
    shop.work()

    expected: list[tuple[str, str, str | None]]
    if action == "stop":
        expected = [(u, "exited", "stopped") for u in ("ada", "bo", "cy")] + [(u, "suppressed", "closed") for u in "xyz"]
        assert ["Cart 1"] * 3 == subjects(shop)
    else:
        expected = [(u, "active", None) for u in ("ada", "bo", "cy", "x", "y", "z")]
        assert ["Cart 1"] * 3 + ["Cart 2"] * 3 == subjects(shop)
    assert expected == passages(shop)
    assert [("done",)] == shop.rows("SELECT DISTINCT state FROM journey_acts")


def break_at_commit(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    """The n-th tick that does an act fails when it is about to be committed."""
    whole, calls = Engine.tick, iter(range(1, 1_000))

    def tick(*args: Any, **given: Any) -> Any:
        report = whole(*args, **given)
        if given.get("act") is not None and next(calls) == nth:
            raise StoreUnavailable
        return report

    monkeypatch.setattr(Engine, "tick", tick)


# ------------------------------------------------------------------------------ later


def test_what_is_asked_for_later_is_done_at_its_instant_once_and_survives_a_restart(shop: Shop) -> None:
    begin(shop, "ada")
    act(shop, "pause")
    act(shop, "resume", at=START + 2 * DAY)
    shop.work()
    shop.close()
    shop.open()
    move(shop, 2 * DAY - MINUTE)
    assert ["Cart 1"] == subjects(shop)

    move(shop, 2 * DAY + MINUTE)

    assert ["Cart 1", "late"] == subjects(shop)
    (late_at,) = shop.rows("SELECT MAX(at) FROM enrollment_path")[0]
    assert START + 2 * DAY == late_at
    assert [("pause", "done"), ("resume", "done")] == shop.rows("SELECT action, state FROM journey_acts ORDER BY act_id")
    assert [("published",)] == shop.rows("SELECT state FROM journey_versions")


def test_a_later_act_that_no_longer_fits_is_void_and_changes_nothing(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    act(shop, "pause")
    act(shop, "resume", at=START + HOUR)
    act(shop, "resume")
    act(shop, "stop")
    act(shop, "pause", at=START + 2 * HOUR)
    move(shop, 3 * HOUR)

    assert [("pause", "done"), ("resume", "void"), ("resume", "done"), ("stop", "done"), ("pause", "void")] == shop.rows(
        "SELECT action, state FROM journey_acts ORDER BY act_id"
    )


def test_a_later_act_is_taken_back(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    waiting = act(shop, "stop", at=START + HOUR)
    with shop.installation.database.writing() as connection:
        asking.cancel(connection, "journey:cart", waiting["act_id"], now=shop.clock.at, actor="test")
    move(shop, 2 * HOUR)

    assert [("ada", "active", None)] == passages(shop)


def test_a_stop_wins_over_an_earlier_resume_that_the_engine_has_still_to_do(shop: Shop) -> None:
    """The drain goes by what was asked last."""
    begin(shop, "ada")
    act(shop, "pause")
    shop.work()
    shop.send(track("ada", "Bought"))
    act(shop, "resume", at=shop.clock.at + 10)
    shop.clock.at += 20
    act(shop, "stop")
    for _ in range(4):
        shop.clock.at += 1
        shop.installation.engine_loop.work()
        assert 0 == asyncio.run(shop.installation.drain.drain_once())

    assert [("stopped",)] == shop.rows("SELECT state FROM journey_versions")
    assert [("ada", "exited", "stopped")] == passages(shop)


def test_acts_that_do_not_lead_on_are_refused_with_what_does(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    act(shop, "pause")

    for action in ("pause", "close"):
        with pytest.raises(Conflict, match=r"is paused: it can not be .* now; resume or stop it"):
            act(shop, action)


def test_an_archived_journey_takes_nobody_in_and_is_read_as_before(embedded_shop: Shop) -> None:
    shop = embedded_shop
    begin(shop, "ada")
    with shop.installation.database.writing() as connection, pytest.raises(Conflict, match="it is published; stop it"):
        asking.archive(connection, "journey:cart", now=shop.clock.at, actor="test")
    act(shop, "stop")
    with shop.installation.database.writing() as connection:
        asking.archive(connection, "journey:cart", now=shop.clock.at, actor="test")
    shop.work()
    shop.send(identify("bo"), track("bo", "Cart", n=2))
    shop.work()

    assert [("ada", "exited", "stopped")] == passages(shop)
    with pytest.raises(Conflict, match="archived: restore it first"):
        act(shop, "resume")
