"""A provider that answers late: meanwhile life went on, and is not told again."""

from __future__ import annotations

import asyncio

from tests.integration.engine.conftest import Shop, identify, subscribe, track

JOURNEYS = """
{kind: template, id: mail, channel: email, status: ready, subject: "Hello", body: there}
---
{kind: segment, id: shoppers, where: {type: did, event: Cart, within: 30m}}
---
kind: journey
id: cart
entry: {type: event, event: Cart}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: pause}
  pause: {type: wait, for: 10m, next: mark}
  mark: {type: update_profile, set: {plan: gold}, next: end}
---
kind: journey
id: lost
entry: {type: segment_entered, segment: shoppers}
reentry: always
exit_on: [{segment_left: shoppers}]
start: stay
steps:
  stay: {type: wait, for: 5d, next: end}
"""
MINUTE = 60_000_000


def test_nobody_comes_back_to_a_segment_that_was_left_before_the_answer(shop: Shop) -> None:
    shop.apply(JOURNEYS)
    shop.send(identify("ana"), subscribe("ana"), track("ana", "Cart"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    drain = shop.installation.drain
    jobs = drain.claim("email", 10)
    handed_over_at = shop.clock.at
    shop.clock.at += 31 * MINUTE
    shop.work()

    drain.record(asyncio.run(drain.deliver(jobs)))
    shop.work()

    assert [("sent", handed_over_at)] == shop.rows("SELECT status, decided_at FROM messages")
    told = [name for name, _ in shop.events() if name.startswith("Segment")]
    assert ["Segment Entered", "Segment Left"] == told
    passages = "SELECT source, status FROM enrollments ORDER BY source"
    assert [("journey:cart", 1), ("journey:lost", 2)] == shop.rows(passages)
    pause = "SELECT at FROM enrollment_path WHERE cause = 'next' OR cause = 'waited' ORDER BY at"
    assert [(handed_over_at,), (handed_over_at + 10 * MINUTE,)] == shop.rows(pause)
