"""Journeys and campaigns that are started over HTTP: through the log, once for each request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from litestar.testing import TestClient

from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = """
{kind: template, id: mail, channel: email, status: ready, subject: "Order {{ event.properties.order }}", body: there}
---
kind: journey
id: by-api
entry: {type: api}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
---
kind: journey
id: by-event
entry: {type: event, event: Go}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
---
kind: campaign
id: by-call
audience: {type: trait, path: plan, op: eq, value: pro}
schedule: {api: true}
message: {channel: email, template: mail}
---
kind: campaign
id: daily
schedule: {every: day}
message: {channel: email, template: mail}
"""


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient[Any]]:
    shop.apply(DEFINITIONS)
    shop.send(identify("ana", plan="pro"), subscribe("ana"), identify("bo", plan="pro"), subscribe("bo"), identify("cy"))
    shop.send({"type": "track", "anonymousId": "anon", "event": "Seen"})
    shop.work()
    with TestClient(shop.installation.make_api()) as opened:
        opened.headers["Authorization"] = f"Bearer {shop.installation.admin_key}"
        yield opened


def test_people_are_let_into_a_journey_once_for_a_request(shop: Shop, client: TestClient[Any]) -> None:
    asked = {"user_ids": ["ana", "anon", "nobody"], "properties": {"order": 7}, "request_id": "r-1"}
    answers = [client.post("/api/v1/journeys/by-api/start", json=asked) for _ in range(2)]
    shop.work()

    assert [{"requested": 2, "unknown": ["nobody"]}, {"requested": 0, "unknown": ["nobody"]}] == [a.json() for a in answers]
    assert [("ana@example.com", "Order 7")] == shop.to()
    assert [("ana",), ("anon",)] == sorted(
        shop.rows("SELECT p.user_id FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id")
    )


def test_a_campaign_goes_to_its_audience(shop: Shop, client: TestClient[Any]) -> None:
    answer = client.post("/api/v1/campaigns/by-call/start", json={"properties": {"order": 8}})
    shop.work()

    assert {"requested": 2} == answer.json()
    assert [("ana@example.com", "Order 8"), ("bo@example.com", "Order 8")] == sorted(shop.to())


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("journeys/gone/start", {"user_ids": ["ana"]}, 404),
        ("journeys/by-event/start", {"user_ids": ["ana"]}, 409),
        ("journeys/by-api/start", {"user_ids": []}, 400),
        ("campaigns/daily/start", {}, 409),
    ],
)
def test_what_cannot_be_started(client: TestClient[Any], path: str, body: dict[str, Any], expected: int) -> None:
    answer = client.post(f"/api/v1/{path}", json=body)

    assert expected == answer.status_code, answer.text


def test_a_public_write_key_starts_nothing(shop: Shop, client: TestClient[Any]) -> None:
    shop.send(track("ana", "Journey Requested", journey="by-api"), trusted=False)
    shop.work()

    assert [] == shop.rows("SELECT 1 FROM enrollments")
