"""A made shop in an installation, whose past was received as it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import parse_instant
from relance.predictions.live.worker import OwnHands
from tests.unit.predictions.made_shop import made_shop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.predictions.live.registry import Run
    from tests.integration.engine.conftest import Shop

ACTIVE = """
kind: prediction
id: buys-30d
name: Buys within a month
target: {event: Order Completed}
window: 30d
mode: active
rescore: {every: day, at: "03:00"}
"""


def fill(shop: Shop, events: Iterable[dict[str, Any]]) -> None:
    """Send events, each received when it happened, a day at a time."""
    today: list[dict[str, Any]] = []
    for event in events:
        at = parse_instant(event["timestamp"]) or 0
        if today and at - shop.clock.at > 5 * 86_400_000_000:
            _send(shop, today)
            today = []
        if not today:
            shop.clock.at = at
        today.append(event)
    _send(shop, today)


def _send(shop: Shop, events: Sequence[dict[str, Any]]) -> None:
    shop.clock.at = max(parse_instant(e["timestamp"]) or 0 for e in events) + 1
    shop.send(*events)
    shop.work()


def past(people: int = 150, days: int = 200) -> list[dict[str, Any]]:
    return made_shop(people=people, days=days)


def run_predictions(shop: Shop) -> None:
    """Do all that is due, in this process; let the engine know."""
    runner = shop.installation.predictions
    runner.hands = lambda _: OwnHands()
    for _ in range(10):
        worked = runner.work()
        shop.work()
        if not worked:
            return


def last_run(shop: Shop, name: str = "buys-30d") -> Run:
    from relance.predictions.live.registry import read_runs

    with shop.installation.database.reading() as connection:
        return read_runs(connection, name, 1)[0]
