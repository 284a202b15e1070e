"""Callbacks of providers: signed, of now, understood, counted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.hooks import HookDesk, hook_routes
from relance.api.problems import on_relance_error
from relance.channels.signing import signed_headers
from relance.clock import SECOND
from relance.errors import RelanceError
from tests.contract.outbox.world import NOW, Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def client(outbox: Outbox) -> Iterator[TestClient[Litestar]]:
    desk = HookDesk(outbox.database, outbox.sink, outbox.clock, {"lab": SECRET})
    app = Litestar(hook_routes(desk), exception_handlers={RelanceError: on_relance_error}, logging_config=None)
    with TestClient(app) as client:
        yield client


def call(
    client: TestClient[Litestar], told: Any, *, provider: str = "lab", secret: str = SECRET, at: int = NOW
) -> tuple[int, dict[str, Any]]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    answer = client.post(f"/hooks/{provider}", content=body, headers=signed_headers(secret, "wh-1", at // SECOND, body))
    return answer.status_code, answer.json()


def said(outbox: Outbox) -> list[tuple[str, str | None]]:
    return [(e["event"], e.get("userId")) for e in outbox.sink.events]


def test_deliveries_bounces_and_complaints(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    outbox.add(channel="sms", template="t-sms", address="+33612345678")
    outbox.add(channel="push", template="t-push", address="token")
    items = [
        {"id": "1", "type": "delivered", "message_id": "m1"},
        {"id": "2", "type": "bounced", "message_id": "m1", "bounce_type": "soft"},
        {"id": "3", "type": "bounced", "message_id": "m1", "at": "2026-03-02T09:00:00Z"},
        {"id": "4", "type": "complained", "message_id": "m1", "at": "2030-01-01T00:00:00Z"},
        {"id": "5", "type": "delivered", "message_id": "m2"},
        {"id": "6", "type": "tapped", "message_id": "m3"},
        {"id": "7", "type": "tapped", "message_id": "m2"},
        {"id": "8", "type": "delivered", "message_id": "m99"},
        {"id": "9", "type": {}, "message_id": []},
        7,
    ]
    assert call(client, items) == (200, {"received": 9, "understood": 6})
    assert said(outbox) == [
        ("Email Delivered", "user1"), ("Email Bounced", "user1"), ("Email Bounced", "user1"), ("Email Marked as Spam", "user1"),
        ("SMS Delivered", "user2"), ("Push Notification Tapped", "user3"),
    ]  # fmt: skip
    bounces = [e["properties"] for e in outbox.sink.events if e["event"] == "Email Bounced"]
    assert [(b["bounce_type"], b["email"], b["message_id"]) for b in bounces] == [
        ("soft", "p1@example.com", "m1"),
        ("hard", "p1@example.com", "m1"),
    ]
    assert [e["timestamp"] for e in outbox.sink.events[2:4]] == ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"]


def test_what_is_told_twice_has_one_id(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    for _ in range(2):
        call(client, {"id": "1", "type": "delivered", "message_id": "m1"})
        call(client, {"type": "delivered", "message_id": "m1"})

    assert len(outbox.sink.events) == 4
    assert len({e["messageId"] for e in outbox.sink.events}) == 2


def test_a_reply(outbox: Outbox, client: TestClient[Litestar]) -> None:
    """It is of all who share the number."""
    outbox.add(channel="sms", template="t-sms")
    outbox.add(channel="sms", template="t-sms")
    outbox.execute("UPDATE profiles SET phone = '+33612345678'")
    told = {"STOP": "unsubscribed", " Arrêt. ": "unsubscribed", "start": "subscribed", "please stop it": None}
    for text, state in told.items():
        outbox.sink.events.clear()
        call(client, {"id": text, "type": "replied", "from": "+33 6 12 34 56 78", "text": text})
        changes = [(e["userId"], e["properties"]["state"]) for e in outbox.sink.events if e["event"] == "Subscription Changed"]

        assert [e["properties"]["text"] for e in outbox.sink.events if e["event"] == "SMS Replied"] == [text] * 2
        assert changes == ([("user1", state), ("user2", state)] if state else [])


def test_who_is_not_the_provider_is_refused(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    item = {"id": "1", "type": "complained", "message_id": "m1"}

    assert call(client, item, secret="another")[1]["code"] == "bad_signature"
    assert call(client, item, at=NOW + 400 * SECOND)[1]["code"] == "bad_signature"
    assert call(client, item, at=NOW - 400 * SECOND)[1]["code"] == "bad_signature"
    assert call(client, item, provider="nobody")[0] == 404
    assert client.post("/hooks/lab", json=item).json()["code"] == "bad_signature"
    assert outbox.sink.events == []


def test_a_body_that_is_none(outbox: Outbox, client: TestClient[Litestar]) -> None:
    for body in (b"", b"{", b"[" * 100_000, b"\xff\x00", b"7", b"null", b"[[]]"):
        status, answer = call(client, body)
        assert (status, answer.get("understood", 0)) in [(200, 0), (400, 0)]
    assert outbox.sink.events == []
