"""The engine reads the real log: whole, once, in order."""

from __future__ import annotations

import pytest

from relance.runtime import engine_loop
from tests.integration.engine.conftest import Shop, track

WELCOME = """
{kind: journey, id: all, entry: {type: event, event: A}, start: stay, steps: {stay: {type: wait, for: 1h, next: end}}}
"""


@pytest.mark.parametrize("apart", [0, 1, 1_000], ids=["one-instant", "a-microsecond", "a-millisecond"])
@pytest.mark.parametrize("limit", [3, 20_000], ids=["cut-batches", "one-batch"])
def test_no_event_of_the_log_is_left_out(shop: Shop, monkeypatch: pytest.MonkeyPatch, limit: int, apart: int) -> None:
    """Also not the last chunk of a batch that was cut, which carries the very instant up to which the log is complete."""
    monkeypatch.setattr(engine_loop, "EVENTS_A_BATCH", limit)
    shop.apply(WELCOME)
    for n in range(10):
        shop.clock.at += apart
        shop.send(track(f"u{n}", "A"))
    loop = shop.installation.engine_loop
    for _ in range(10):
        loop.work()

    assert [(10,)] == shop.rows("SELECT COUNT(*) FROM enrollments WHERE status = 0")
    assert shop.installation.log.last_position() == 20  # with as many of our own
    assert shop.installation.warehouse.counts()["events"] == 20
    assert shop.work() <= 1
    shop.clock.at += 3_600_000_000
    shop.work()
    assert [(10,)] == shop.rows("SELECT COUNT(*) FROM enrollments WHERE status = 1")
