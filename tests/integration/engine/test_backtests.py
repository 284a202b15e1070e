"""A backtest on a whole installation: what really came, lived again in a process of its own."""

from __future__ import annotations

from typing import Any

from litestar.testing import TestClient

from relance.clock import DAY
from relance.definitions.load import load_text
from tests.integration.engine.conftest import Shop, identify, subscribe, track

HOUR = 3_600_000_000
LIVE = """
{kind: template, id: mail, channel: email, status: ready, subject: "Hello {{ profile.first_name }}", body: there}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
"""
DRAFT = """
kind: journey
id: viewed
entry: {type: event, event: Product Viewed, where: [{path: price, op: gte, value: 50}]}
exit_on: [{event: Order Completed}]
goal: {event: Order Completed, within: 1d}
start: pause
steps:
  pause: {type: wait, for: 2h, next: known}
  known: {type: branch, when: [{where: {type: did, event: Email Sent}, next: end}], otherwise: mail}
  mail: {type: message, channel: email, template: mail, next: end}
"""
COUNTED = ("profiles", "enrollments", "messages", "own_events", "definitions", "journey_versions", "consent_ledger")


def drafts() -> list[dict[str, Any]]:
    return [dict(d.body) for d in load_text(DRAFT).documents]


def test_a_draft_over_the_last_days_of_a_running_installation(shop: Shop) -> None:
    shop.apply(LIVE)
    shop.send(identify("ana", first_name="Ana"), subscribe("ana"), identify("bo", first_name="Bo"), subscribe("bo"))
    shop.send(track("ana", "Cart Abandoned"))
    shop.work()
    shop.clock.at += HOUR
    device = {"type": "track", "anonymousId": "phone", "event": "Product Viewed", "properties": {"price": 60}}
    shop.send(
        track("ana", "Product Viewed", price=70),
        track("bo", "Product Viewed", price=70),
        track("bo", "Product Viewed", price=5),
        device,
    )
    shop.work()
    shop.clock.at += HOUR // 2
    shop.send(track("ana", "Order Completed"), {**identify("cy"), "anonymousId": "phone"})
    shop.work()
    shop.clock.at += DAY
    shop.work()
    before = [shop.rows(f"SELECT COUNT(*) FROM {table}") for table in COUNTED]
    desk = shop.installation.backtests

    asked = desk.ask("viewed", days=2, drafts=drafts())
    assert "waiting" == asked["state"]
    assert desk.do_next()
    found = desk.read(asked["id"])
    result = found["result"]

    assert ("done", None) == (found["state"], found["error"])
    assert (3, {"Order Completed": 1}, 1) == (result["entered"], result["exited"], result["goal_reached"])
    # Bo gets one; Cy, who was a phone when it began, agreed to nothing
    assert (1, {"no_consent": 1}) == (result["sent"], result["blocked"])
    assert 1 == result["overlap"]["people_reached"]
    assert [found["id"]] == [one["id"] for one in desk.list_of("viewed")]
    assert before == [shop.rows(f"SELECT COUNT(*) FROM {table}") for table in COUNTED]


def test_what_ran_when_the_server_stopped_has_failed(shop: Shop) -> None:
    shop.apply(LIVE)
    shop.send(identify("ana"))
    shop.work()
    desk = shop.installation.backtests
    number = desk.ask("cart", days=1)["id"]
    with shop.installation.database.writing() as connection:
        connection.execute("UPDATE backtests SET state = 'running'")

    desk.start()
    desk.stop()

    found = desk.read(number)
    assert "failed" == found["state"]
    assert "ask for it again" in found["error"]


def test_over_http(embedded_shop: Shop) -> None:
    embedded_shop.apply(LIVE)
    embedded_shop.send(identify("ana"))
    embedded_shop.work()
    with TestClient(embedded_shop.installation.make_api()) as client:
        client.headers["Authorization"] = f"Bearer {embedded_shop.installation.admin_key}"
        asked = client.post("/api/v1/journeys/viewed/backtest", json={"days": 1, "definitions": drafts()})
        wrong = client.post("/api/v1/journeys/viewed/backtest", json={"days": 1, "since": "soon"})
        one = f"/api/v1/backtests/{asked.json()['id']}"
        cancelled = client.post(f"{one}/cancel", json={})
        again = client.post(f"{one}/cancel", json={})

        assert (202, "waiting") == (asked.status_code, asked.json()["state"])
        assert (400, 2) == (wrong.status_code, len(wrong.json()["errors"]))
        assert (200, "cancelled", 409) == (cancelled.status_code, client.get(one).json()["state"], again.status_code)
        assert 1 == len(client.get("/api/v1/journeys/viewed/backtests").json()["items"])
