"""A message of which nobody knew whether it was sent, until somebody reacted to it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.hooks import HookDesk, hook_routes
from relance.channels import RecordingChannel
from relance.channels.signing import signed_headers
from relance.clock import SECOND
from relance.errors import OutcomeUnknown
from tests.integration.engine.conftest import Shop, identify, subscribe, track
from tests.integration.engine.test_warehouse import known

if TYPE_CHECKING:
    from relance.channels.base import OutboundMessage, Receipt

HOUR = 3_600_000_000
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CART = """
{kind: template, id: mail, channel: email, status: ready, subject: "Come back", body: there}
---
{kind: segment, id: mailed, where: {type: message, source: journey:cart, step: mail, status: [sent]}}
---
{kind: segment, id: told, where: {type: did, event: Email Sent}}
---
{kind: settings, frequency_caps: [{channel: email, per: 1d, max: 1}]}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: listen, on_failed: %s}
  listen: {type: listen, for: [{event: Email Opened, message: mail, next: wait}], timeout: 5d, on_timeout: end}
  wait: {type: wait, for: 1d, next: end}
---
kind: journey
id: welcome
entry: {type: event, event: Signed Up}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: end}
"""


class Mute(RecordingChannel):
    """Takes messages; the first so many get no answer."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n_mute = n

    async def deliver(self, message: OutboundMessage) -> Receipt:
        receipt = await super().deliver(message)
        if self.n_taken <= self.n_mute:
            raise OutcomeUnknown
        return receipt


@pytest.fixture
def mute(shop: Shop) -> Shop:
    shop.close()
    shop.channels["email"] = Mute(1)
    shop.open()
    return shop


def fail(shop: Shop, then: str = "listen") -> str:
    """One message to Ana, with an unknown outcome. Answers its id as others see it."""
    shop.apply(CART % then)
    shop.send(identify("ana"), subscribe("ana"), identify("bo"), track("ana", "Cart Abandoned"))
    shop.work()
    [(number, *state)] = shop.rows("SELECT message_id, status, reason FROM messages")
    assert ["failed", "unknown_outcome"] == state
    shop.clock.at += HOUR
    return f"{shop.installation.prefix}{number}"


def standing(shop: Shop) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Messages, and where the passages of the first journey stand: status, number of the step."""
    return (
        shop.rows("SELECT status, reason FROM messages ORDER BY message_id"),
        shop.rows("SELECT status, step FROM enrollments WHERE source = 'journey:cart' ORDER BY enrollment_id"),
    )


def sent_events(shop: Shop) -> list[str]:
    return [p["message_id"] for name, p in shop.events() if name == "Email Sent"]


def test_a_reaction_proves_that_it_was_sent(mute: Shop) -> None:
    shop = mute
    message_id = fail(shop)
    [(claimed_at,)] = shop.rows("SELECT claimed_at FROM messages")
    [(status, at_listen)] = standing(shop)[1]

    shop.send(track("ana", "Email Opened", message_id=message_id))
    shop.send(track("ana", "Email Link Clicked", message_id=message_id))
    shop.work()
    shop.send(track("ana", "Email Delivered", message_id=message_id))
    shop.work()

    assert [("sent", None, claimed_at)] == shop.rows("SELECT status, reason, decided_at FROM messages")
    assert [] == shop.rows("SELECT message_id FROM message_outcomes")
    assert [message_id] == sent_events(shop)
    [(status, at_wait)] = standing(shop)[1]
    assert (0, True) == (status, at_wait != at_listen), "the listener did not hear the reaction"
    assert [("ana@example.com", "Come back")] == shop.to(), "it was sent again"
    assert {"mailed": ["ana"], "told": ["ana"]} == known(shop)[1]


def test_a_callback_of_the_provider_proves_it_too(mute: Shop) -> None:
    shop = mute
    message_id = fail(shop)
    installation = shop.installation
    desk = HookDesk(installation.database, installation.sink, shop.clock, {"email": SECRET}, installation.prefix)
    body = json.dumps([{"id": "1", "type": "delivered", "message_id": message_id}] * 2).encode()
    app = Litestar(hook_routes(desk), logging_config=None)
    with TestClient(app) as client:
        answer = client.post(
            "/hooks/email", content=body, headers=signed_headers(SECRET, "wh-1", shop.clock.at // SECOND, body)
        )
    assert {"received": 2, "understood": 1} == answer.json()
    shop.work()

    assert [("sent", None)] == standing(shop)[0]
    assert [message_id] == sent_events(shop)


def test_from_then_on_it_counts_for_the_caps(mute: Shop) -> None:
    shop = mute
    message_id = fail(shop)
    shop.send(track("ana", "Email Delivered", message_id=message_id))
    shop.work()
    shop.send(track("ana", "Signed Up"))
    shop.work()

    assert [("sent", None), ("blocked", "frequency_cap")] == standing(shop)[0]


def test_the_journey_stays_where_its_failure_led_it(mute: Shop) -> None:
    shop = mute
    message_id = fail(shop, "wait")
    before = shop.rows("SELECT status, step, visit, due_at FROM enrollments")

    shop.send(track("ana", "Email Bounced", message_id=message_id, bounce_type="soft"))
    shop.work()

    assert [("sent", None)] == standing(shop)[0]
    assert before == shop.rows("SELECT status, step, visit, due_at FROM enrollments"), "the wait ended early"
    shop.clock.at += 25 * HOUR
    shop.work()
    assert [(1,)] == shop.rows("SELECT status FROM enrollments")
    assert [message_id] == sent_events(shop)


def test_a_reaction_that_comes_before_the_journey_knows_of_the_failure(mute: Shop) -> None:
    """Then the journey never takes it for failed."""
    shop = mute
    shop.apply(CART % "wait")
    shop.send(identify("ana"), subscribe("ana"), track("ana", "Cart Abandoned"))
    shop.clock.at += 1
    shop.installation.engine_loop.work()
    asyncio.run(shop.installation.drain.drain_once())
    [(number, *state)] = shop.rows("SELECT message_id, status, reason FROM messages")
    assert ["failed", "unknown_outcome"] == state
    assert [(number,)] == shop.rows("SELECT message_id FROM message_outcomes"), "the journey knows of it"
    message_id = f"{shop.installation.prefix}{number}"

    shop.send(track("ana", "Email Delivered", message_id=message_id))
    shop.work()

    assert [("sent", None)] == standing(shop)[0]
    assert [message_id] == sent_events(shop)
    assert [(1,)] == shop.rows("SELECT COUNT(*) FROM enrollments WHERE status = 0 AND visit = 2")
    shop.send(track("ana", "Email Opened", message_id=message_id))
    shop.work()
    assert [(1,)] == shop.rows("SELECT COUNT(*) FROM enrollments WHERE status = 0 AND visit = 3"), (
        "it took the edge for failures"
    )


@pytest.mark.parametrize("trusted", [True, False])
def test_a_public_key_speaks_for_its_own_person_alone(mute: Shop, *, trusted: bool) -> None:
    shop = mute
    message_id = fail(shop)
    shop.send(track("bo", "Email Opened", message_id=message_id), trusted=trusted)
    shop.send(track("ana", "Product Viewed", message_id=message_id), trusted=trusted)
    shop.send(track("ana", "Email Opened", message_id=f"{shop.installation.prefix}77"))
    shop.send(track("ana", "Email Opened", message_id="nonsense"))
    shop.work()
    assert [("sent", None) if trusted else ("failed", "unknown_outcome")] == standing(shop)[0]

    shop.send(track("ana", "Email Opened", message_id=message_id), trusted=False)
    shop.work()
    assert [("sent", None)] == standing(shop)[0]
    assert [message_id] == sent_events(shop)


def test_the_hand_off_is_the_claim_however_late_a_dead_worker_is_found(mute: Shop) -> None:
    shop = mute
    message_id = fail(shop)
    with shop.installation.database.writing() as connection:
        connection.execute("UPDATE messages SET claimed_at = decided_at - :late", {"late": HOUR // 2})
    [(claimed_at,)] = shop.rows("SELECT claimed_at FROM messages")
    shop.send(track("ana", "Email Delivered", message_id=message_id))
    shop.work()

    assert [(claimed_at,)] == shop.rows("SELECT decided_at FROM messages")
