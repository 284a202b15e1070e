"""Frequency caps count what waits for its provider, however long: its hand-off is still to come (SEMANTICS 22)."""

from __future__ import annotations

import asyncio

from relance.errors import ChannelUnavailable
from tests.integration.engine.conftest import Shop, identify, subscribe, track
from tests.integration.engine.test_reactions_in_flight import Answering

JOURNEYS = """
{kind: settings, frequency_caps: [{channel: email, per: 1h, max: 1}]}
---
{kind: template, id: mail, channel: email, status: ready, subject: "Hello", body: there}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: end}
---
kind: journey
id: welcome
entry: {type: event, event: Signed Up}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: end}
"""
HOUR = 3_600_000_000


def test_a_message_that_waits_longer_than_the_window_still_counts(shop: Shop) -> None:
    shop.close()
    channel = shop.channels["email"] = Answering()
    shop.open()
    shop.apply(JOURNEYS)
    channel.answer = ChannelUnavailable()
    shop.send(identify("ana"), subscribe("ana"), track("ana", "Cart Abandoned"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    asyncio.run(shop.installation.drain.drain_once())
    assert [("ready",)] == shop.rows("SELECT status FROM messages")
    shop.clock.at += 2 * HOUR

    shop.send(track("ana", "Signed Up"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    channel.answer = None
    shop.work()

    assert [("journey:cart", "sent", None), ("journey:welcome", "blocked", "frequency_cap")] == shop.rows(
        "SELECT source, status, reason FROM messages ORDER BY message_id"
    )
