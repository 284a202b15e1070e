"""A reaction that comes while its message is still with the provider, or waits to go again because nobody knew (SEMANTICS 19)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from relance.channels import RecordingChannel
from relance.errors import ChannelUnavailable, OutcomeUnknown
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from relance.channels.base import OutboundMessage, Receipt
    from relance.outbox.drain import Job

JOURNEY = """
{kind: template, id: mail, channel: email, status: ready, subject: "Come back", body: there}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, purpose: %s, next: listen, on_failed: end}
  listen: {type: listen, for: [{event: Email Opened, message: mail, next: wait}], timeout: 5d, on_timeout: end}
  wait: {type: wait, for: 1d, next: end}
"""
HOUR = 3_600_000_000


class Answering(RecordingChannel):
    """Takes each message, then answers as it is told."""

    answer: Exception | None = None

    async def deliver(self, message: OutboundMessage) -> Receipt:
        receipt = await super().deliver(message)
        if self.answer is not None:
            raise self.answer
        return receipt


def claim(shop: Shop, purpose: str) -> tuple[list[Job], str]:
    """One message to Ana that is claimed, and its id as others see it."""
    shop.close()
    shop.channels["email"] = Answering()
    shop.open()
    shop.apply(JOURNEY % purpose)
    shop.send(identify("ana"), subscribe("ana"), track("ana", "Cart Abandoned"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    [job] = shop.installation.drain.claim("email", 10)
    shop.clock.at += 1
    return [job], f"{shop.installation.prefix}{job.claimed.message_id}"


def react(shop: Shop, message_id: str) -> None:
    shop.send(track("ana", "Email Opened", message_id=message_id))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    shop.clock.at += 1


def answer(shop: Shop, jobs: list[Job], error: Exception) -> None:
    channel = shop.channels["email"]
    assert isinstance(channel, Answering)
    channel.answer = error
    drain = shop.installation.drain
    drain.record(asyncio.run(drain.deliver(jobs)))
    channel.answer = None


def check_it_was_sent_once(shop: Shop) -> None:
    """The journey went on as after any hand-off: its listener heard the reaction."""
    shop.work()
    shop.clock.at += HOUR
    shop.work()
    assert [("sent", None)] == shop.rows("SELECT status, reason FROM messages")
    assert [] == shop.rows("SELECT message_id FROM message_outcomes")
    assert [("ana@example.com", "Come back")] == shop.to()
    assert [(0, 3)] == shop.rows("SELECT status, visit FROM enrollments")
    assert [1] == [sum(name == "Email Sent" for name, _ in shop.events())]


@pytest.mark.parametrize("purpose", ["marketing", "transactional"])
def test_the_provider_does_not_answer(shop: Shop, purpose: str) -> None:
    jobs, message_id = claim(shop, purpose)
    react(shop, message_id)

    answer(shop, jobs, OutcomeUnknown())

    check_it_was_sent_once(shop)


@pytest.mark.parametrize("purpose", ["marketing", "transactional"])
def test_the_worker_dies(shop: Shop, purpose: str) -> None:
    jobs, message_id = claim(shop, purpose)
    asyncio.run(shop.installation.drain.deliver(jobs))
    react(shop, message_id)
    shop.close()
    shop.open()

    assert 1 == shop.installation.drain.recover(lease=0)

    check_it_was_sent_once(shop)


def test_it_waits_to_go_again(shop: Shop) -> None:
    """The repeat of a transactional message is not needed any more."""
    jobs, message_id = claim(shop, "transactional")
    answer(shop, jobs, OutcomeUnknown())
    assert [("ready",)] == shop.rows("SELECT status FROM messages")

    react(shop, message_id)

    check_it_was_sent_once(shop)


def test_a_provider_that_did_not_take_it_is_believed(shop: Shop) -> None:
    """Whoever says otherwise is wrong, and a later attempt is not taken for proven by it."""
    jobs, message_id = claim(shop, "marketing")
    react(shop, message_id)

    answer(shop, jobs, ChannelUnavailable())

    assert [("ready", 0)] == shop.rows("SELECT status, proven FROM messages")
    react(shop, message_id)
    assert [("ready", 0)] == shop.rows("SELECT status, proven FROM messages")
