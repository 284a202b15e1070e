"""The engine reads the real log: whole, once, in order."""

from __future__ import annotations

from typing import Any

import pytest

from relance.errors import StoreUnavailable
from relance.journeys import advance as advancing
from relance.journeys.engine import Engine
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


def break_once(monkeypatch: pytest.MonkeyPatch, at: int, *, after: bool = False) -> None:
    """The n-th tick fails, before it did anything or when its transaction is about to be committed."""
    whole, calls = Engine.tick, iter(range(1, 1_000_000))

    def tick(*args: Any, **given: Any) -> Any:
        broken = next(calls) == at
        if broken and not after:
            raise StoreUnavailable
        report = whole(*args, **given)
        if broken:
            raise StoreUnavailable
        return report

    monkeypatch.setattr(Engine, "tick", tick)


@pytest.mark.parametrize("restart", [False, True], ids=["goes-on", "restarts"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "at-commit"])
def test_a_tick_that_fails_within_a_request_is_done_again_and_no_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, *, restart: bool, after: bool
) -> None:
    """Ticks of two events cut a request of seven; the second tick fails. Nothing is lost, nothing is done twice, in store and warehouse."""
    monkeypatch.setattr(advancing, "EVENTS_A_TICK", 2)
    shop.apply(WELCOME)
    shop.send(*(track(f"u{n}", "A") for n in range(7)))
    shop.clock.at += 1
    with monkeypatch.context() as patch:
        break_once(patch, 2, after=after)
        with pytest.raises(StoreUnavailable):
            shop.installation.engine_loop.work()
    assert [(2,)] == shop.rows("SELECT COUNT(*) FROM enrollments")
    if restart:
        shop.close()
        shop.open()
        assert not shop.installation.rebuilt
    shop.work()

    assert [(7, 7)] == shop.rows("SELECT COUNT(*), COUNT(DISTINCT profile_id) FROM enrollments")
    assert 14 == shop.installation.warehouse.counts()["events"]
    assert ["A"] * 7 + ["Journey Entered"] * 7 == sorted(name for name, _ in shop.events())


def test_what_a_tick_that_failed_rejected_is_told_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.send(track("ana", "A"), {"type": "nonsense", "userId": "ana"})
    shop.clock.at += 1
    with monkeypatch.context() as patch:
        break_once(patch, 1)
        with pytest.raises(StoreUnavailable):
            shop.installation.engine_loop.work()
    shop.work()

    assert [(1,)] == shop.rows("SELECT COUNT(*) FROM rejected_events")
