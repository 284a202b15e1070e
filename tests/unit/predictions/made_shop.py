"""A made shop whose people buy by a known law: each has a rate of their own, and some leave for good."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from relance.clock import DAY, format_instant, parse_instant

START = parse_instant("2025-01-01T00:00:00Z")
ORDER = "Order Completed"


def made_shop(people: int = 300, days: int = 300, seed: int = 7) -> list[dict[str, Any]]:
    """Views and orders, in the order of time; who views much buys much."""
    random = np.random.default_rng(seed)
    events: list[dict[str, Any]] = []
    for n in range(people):
        rate = random.gamma(0.8, 1 / 25)  # orders a day
        begins, ends = random.uniform(0, days / 3), random.exponential(400)
        at = begins
        events.append(_event(n, begins, "identify", traits={"city": ["Lyon", "Paris"][n % 2]}))
        while at < min(days, begins + ends):
            events.append(_event(n, at, "Product Viewed", properties={"price": round(float(random.gamma(2, 10)), 2)}))
            if random.random() < 0.5:
                events.append(
                    _event(n, at + 0.01, ORDER, properties={"total": round(float(random.gamma(3, 12)), 2), "channel": "web"})
                )
            at += random.exponential(0.5 / rate) + 0.02
    return sorted(events, key=lambda e: str(e["timestamp"]))


def _event(person: int, day: float, name: str, **more: Any) -> dict[str, Any]:
    kind = {"type": "identify"} if name == "identify" else {"type": "track", "event": name}
    return {**kind, "userId": f"u{person:04}", "timestamp": format_instant(START + int(day * DAY)), **more}


def as_items(events: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(e).encode() for e in events]


def day(n: float) -> int:
    return START + int(n * DAY)
