"""The made shop: the same story for the same seed, and one that could be true."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from relance.clock import DAY, HOUR, parse_instant
from relance.demo import shop
from relance.demo.clock import AcceleratedClock
from relance.demo.reactions import SentMessage
from relance.demo.shop import ShopWorld

START = parse_instant("2026-03-02T00:00:00Z") or 0


def live(world: ShopWorld, days: float, step: int = DAY) -> list[dict[str, Any]]:
    told = []
    for at in range(START + step, START + round(days * DAY) + 1, step):
        told += world.step(at)
    return told


def count(events: list[dict[str, Any]]) -> Counter[str]:
    return Counter(e.get("event", e["type"]) for e in events)


@pytest.fixture(scope="module")
def fortnight() -> list[dict[str, Any]]:
    return live(ShopWorld(7, START), 14)


def test_the_same_seed_tells_the_same_story_however_time_is_cut() -> None:
    assert live(ShopWorld(1, START), 2, DAY) == live(ShopWorld(1, START), 2, HOUR // 2)
    assert live(ShopWorld(1, START), 1) != live(ShopWorld(2, START), 1)


def test_events_come_in_time_order_with_their_own_ids(fortnight: list[dict[str, Any]]) -> None:
    times = [parse_instant(e["timestamp"]) or 0 for e in fortnight]

    assert times == sorted(times)
    assert len({e["messageId"] for e in fortnight}) == len(fortnight)
    assert START <= times[0] <= times[-1] <= START + 14 * DAY
    json.dumps(fortnight)


def test_rates_are_those_of_a_small_loved_shop(fortnight: list[dict[str, Any]]) -> None:
    n = count(fortnight)
    carts = n["Cart Abandoned"] + n["Order Completed"]

    assert 0.55 < n["Cart Abandoned"] / carts < 0.75
    assert 20 < n["Order Completed"] / 14 < 60
    assert n["Product List Viewed"] > n["Product Added"] > n["Order Completed"]
    assert n["Product Viewed"] > n["Product Added"]


def test_an_order_pays_a_cart_once_and_the_till_tells_the_email_alone(fortnight: list[dict[str, Any]]) -> None:
    orders = [e["properties"]["cart_id"] for e in fortnight if e.get("event") == "Order Completed"]
    tills = [e for e in fortnight if e.get("event") == "Checkout Webhook"]

    assert len(orders) == len(set(orders))
    assert all("userId" not in e and e["properties"]["customer"]["email"] for e in tills)
    assert {e["properties"]["purchaseMessage"] for e in tills} == {"thank you", "payment failed"}


def test_nobody_is_reachable_outside(fortnight: list[dict[str, Any]]) -> None:
    people = [e["traits"] for e in fortnight if e["type"] == "identify"]

    # reserved by RFC 2606; what stands below `.example` is nobody's either
    assert {t["email"].split("@")[1] for t in people} == {"example.com", "example.org", "example.net", "boite.example"}
    fictional = ("+14045550", "+14155550", "+12065550", "+15145550", "+447700900", "+3363998")
    assert all(t["phone"].startswith(fictional) for t in people if "phone" in t)
    assert {t["language"] for t in people} == {"fr", "en"}
    assert sum(t["address"]["city"] in {"Atlanta", "San Francisco", "Seattle"} for t in people) > 100


def test_people_react_to_real_messages_by_the_law() -> None:
    world = ShopWorld(3, START, customers=900)
    world.step(START + 3 * HOUR)
    sent = [
        SentMessage(f"m{n}", f"c{n:05d}", "journey:abandoned-cart", "remind", "email", START + 3 * HOUR, "Your cart")
        for n in range(1, 901)
    ]
    told = world.step(START + 4 * DAY, sent)
    opened = [e for e in told if e.get("event") == "Email Opened"]
    people = {e["properties"]["message_id"] for e in opened if not e["properties"].get("machine")}
    n = count(told)

    assert 0.33 < len(people) / 900 < 0.55
    assert 0.05 < n["Email Link Clicked"] / 900 < 0.25
    assert 1 <= n["Email Bounced"] < 15
    assert {"message_id", "journey", "step"} <= set(opened[0]["properties"])
    assert all((parse_instant(e["timestamp"]) or 0) > START + 3 * HOUR for e in opened)


def test_a_message_to_a_stranger_changes_nothing() -> None:
    world = ShopWorld(1, START)
    sent = [SentMessage("m1", "nobody", "journey:x", "y", "sms", START)]

    assert world.step(START + DAY, sent) == ShopWorld(1, START).step(START + DAY)


def test_the_clock_stands_until_it_is_released_and_then_runs_ahead() -> None:
    wall = [100.0]
    clock = AcceleratedClock(START, 1200, monotonic=lambda: wall[0])
    wall[0] = 200.0

    assert clock.now() == START

    clock.release()
    wall[0] = 203.0

    assert clock.now() == START + HOUR

    clock.release(3600)
    wall[0] = 204.0

    assert clock.now() == START + 2 * HOUR
    assert clock.speed == 3600


def test_a_shop_is_as_large_as_is_asked_when_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "CUSTOMERS", 3)

    assert 3 == len(ShopWorld(1, START).people)
    assert 5 == len(ShopWorld(1, START, customers=5).people)
