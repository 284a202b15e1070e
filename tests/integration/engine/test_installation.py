"""A whole installation, from an event to the message and back into the log."""

from __future__ import annotations

import json

import pytest

from relance.clock import parse_instant
from tests.integration.engine.conftest import Shop, identify, subscribe, track

HOUR = 3_600_000_000
CART = """
{kind: template, id: mail, channel: email, status: ready, subject: "{{ profile.first_name }}, your cart of {{ event.properties.total }}", body: there}
---
{kind: template, id: text, channel: sms, status: ready, body: "Still there, {{ profile.first_name }}"}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
exit_on: [{event: Order Completed}]
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: opened}
  opened: {type: listen, for: [{event: Email Opened, message: mail, next: end}], timeout: 1d, on_timeout: text}
  text: {type: message, channel: sms, template: text, next: end}
"""


def greet(shop: Shop, user: str = "ana") -> None:
    shop.send(identify(user, first_name=user.title(), phone="+33612345678"), subscribe(user), subscribe(user, "sms"))


def test_a_cart_becomes_a_message_and_the_message_an_event(shop: Shop) -> None:
    shop.apply(CART)
    greet(shop)
    shop.send(track("ana", "Cart Abandoned", total=80))
    shop.work()

    assert [("ana@example.com", "Ana, your cart of 80")] == shop.to()
    assert ["Journey Entered", "Email Sent"] == [name for name, _ in shop.events()][-2:]
    [(message_id, status)] = shop.rows("SELECT message_id, status FROM messages")
    prefix = shop.installation.prefix
    assert "sent" == status
    assert {
        "message_id": f"{prefix}{message_id}",
        "journey": "cart",
        "step": "mail",
        "channel": "email",
        "reason": None,
    } == shop.events()[-1][1]

    shop.clock.at += HOUR
    shop.send(track("ana", "Email Opened", message_id=f"{prefix}{message_id}"))
    shop.work()
    assert "Journey Ended" == shop.events()[-1][0]
    assert [(1,)] == shop.rows("SELECT COUNT(*) FROM enrollments WHERE status = 1")


def test_a_timer_fires_when_its_time_has_come_and_not_before(shop: Shop) -> None:
    shop.apply(CART)
    greet(shop)
    shop.send(track("ana", "Cart Abandoned"))
    shop.work()
    [(due_at,)] = shop.rows("SELECT due_at FROM enrollments")
    loop = shop.installation.engine_loop
    shop.clock.at = due_at  # of this very instant more may still arrive
    assert not loop.work()
    assert [(1,)] == shop.rows("SELECT COUNT(*) FROM messages")

    shop.work()

    assert [("+33612345678", "Still there, Ana")] == shop.to("sms")
    assert [(due_at,)] == shop.rows("SELECT queued_at FROM messages WHERE channel = 'sms'")


BOTH = """
{kind: settings, quiet_hours: {channels: [sms], from: "09:00", to: "12:00", timezone: UTC}}
---
{kind: template, id: mail, channel: email, status: ready, subject: Hi, body: Hello}
---
{kind: template, id: text, channel: sms, status: ready, body: Hello}
---
kind: journey
id: both
entry: {type: event, event: Go}
start: tell
steps:
  tell: {type: message, channels: {email: mail, sms: text}, strategy: all, next: pause}
  pause: {type: wait, for: 1h, next: end}
"""


def test_a_hold_that_is_over_waits_for_the_drain_at_the_same_step(shop: Shop) -> None:
    shop.apply(BOTH)
    shop.send(identify("ana", phone="+33612345678"), subscribe("ana"), subscribe("ana", "sms"))
    shop.work()
    shop.send(track("ana", "Go"))
    shop.work()
    assert ([("ana@example.com", "Hi")], []) == (shop.to("email"), shop.to("sms"))
    assert [(1,)] == shop.rows("SELECT COUNT(*) FROM enrollment_path")

    shop.clock.at += 3 * HOUR
    shop.installation.engine_loop.work()  # the message is ready; nobody has sent it yet
    shop.work()

    assert [("+33612345678", "Hello")] == shop.to("sms")
    assert [(2,)] == shop.rows("SELECT COUNT(*) FROM enrollment_path")
    assert [(1, 0)] == shop.rows("SELECT step, status FROM enrollments")


def test_who_leaves_between_decision_and_hand_off_gets_nothing(shop: Shop) -> None:
    """The engine has passed the message; the exit is committed before the drain claims it."""
    shop.apply(CART)
    greet(shop)
    shop.send(track("ana", "Cart Abandoned"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    assert [("ready",)] == shop.rows("SELECT status FROM messages")

    shop.send(track("ana", "Order Completed"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    shop.work()

    assert [] == shop.to()
    assert [("blocked", "exited")] == shop.rows("SELECT status, reason FROM messages")
    assert ["Message Blocked", "Journey Ended"] == [name for name, _ in shop.events()][-2:]


def test_those_inside_finish_on_their_version_and_the_next_take_the_new_one(shop: Shop) -> None:
    """One open passage a person, over all versions (SEMANTICS 5, 7)."""
    wait = "{kind: journey, id: stay, entry: {type: event, event: A}, exit_on: [EXIT], start: stay, steps: {stay: {type: wait, for: FOR, next: end}}}"
    shop.apply(wait.replace("FOR", "2h").replace("EXIT", ""))
    shop.send(track("old", "A"))
    shop.work()
    shop.apply(wait.replace("FOR", "10h").replace("EXIT", "{event: Out}"))
    shop.send(track("new", "A"), track("old", "A"))
    shop.work()
    states = "SELECT p.user_id, e.version_id, e.status, e.reason FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id ORDER BY p.profile_id, e.enrollment_id"
    inside, again, new = shop.rows(states)
    assert ("old", 0) == (inside[0], inside[2])
    assert ("old", 4, "already_enrolled") == (again[0], *again[2:])
    assert ("new", 0) == (new[0], new[2])
    assert inside[1] != new[1]

    shop.send(track("old", "Out"), track("new", "Out"))
    shop.work()
    assert [0, 4, 2] == [row[2] for row in shop.rows(states)]
    shop.clock.at += 2 * HOUR
    shop.work()
    assert [1, 4, 2] == [row[2] for row in shop.rows(states)]


@pytest.mark.parametrize(("published", "fires_on"), [("09:59:59", "02"), ("10:00:01", "03")])
def test_a_schedule_never_fires_for_what_was_before_it_was_published(shop: Shop, published: str, fires_on: str) -> None:
    """Also when the engine had nothing to do for a while and its own clock lags."""
    shop.clock.at = parse_instant("2026-03-02T06:00:00Z") or 0
    greet(shop)
    shop.work()
    shop.clock.at = parse_instant(f"2026-03-02T{published}Z") or 0
    campaign = 'kind: campaign\nid: news\naudience: {type: all, of: []}\nschedule: {every: day, at: "10:00", timezone: UTC}\nmessage: {channel: email, template: mail}\n'
    past = campaign.replace("news", "past").replace('{every: day, at: "10:00", timezone: UTC}', "{at: 2026-03-02T09:00:00Z}")
    shop.apply(CART + "---\n" + campaign + "---\n" + past)
    for day in ("02", "03"):
        shop.clock.at = parse_instant(f"2026-03-{day}T12:00:00Z") or 0
        shop.work()

    days = ["02", "03"] if fires_on == "02" else ["03"]
    assert [(parse_instant(f"2026-03-{day}T10:00:00Z"), 1) for day in days] == shop.rows(
        "SELECT at, started FROM schedule_runs ORDER BY at"
    )
    assert len(days) == len(shop.to())


def test_the_books_of_an_installation_survive_a_restart(shop: Shop) -> None:
    shop.apply(CART)
    for user in ("ana", "bo"):
        greet(shop, user)
        shop.send(track(user, "Cart Abandoned", total=1))
    shop.work()
    before = shop.rows("SELECT * FROM messages ORDER BY message_id")
    shop.close()
    shop.open()
    shop.work()

    assert before == shop.rows("SELECT * FROM messages ORDER BY message_id")
    shop.clock.at += 25 * HOUR
    shop.work()
    assert 2 == len(shop.to("sms"))
    assert 2 == sum(json.dumps(p).count('"finished"') for name, p in shop.events() if name == "Journey Ended")
