"""What the engine emitted reaches the log once, whatever breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.errors import StoreUnavailable
from relance.runtime import relay
from relance.runtime.relay import relay_own_events
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from relance.eventlog import NewChunk

STAY = "{kind: journey, id: stay, entry: {type: event, event: A}, start: stay, steps: {stay: {type: wait, for: 1h, next: end}}}"


@pytest.fixture
def waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Five starts are on their way to the log."""
    shop.apply(STAY)
    shop.send(*(track(f"ü{n}", "A") for n in range(5)))
    shop.clock.at += 1
    with monkeypatch.context() as patch:
        patch.setattr("relance.runtime.engine_loop.relay_own_events", lambda *_: 0)
        shop.installation.engine_loop.work()
    assert [(5,)] == shop.rows("SELECT COUNT(*) FROM own_events")
    return shop


def own(shop: Shop) -> list[str]:
    return [name for name, _ in shop.events() if name != "A"]


def test_a_crash_after_the_log_has_them_repeats_nothing(waiting: Shop) -> None:
    """They are still in the store, are sent again, and the log knows their ids."""
    shop = waiting

    def commit(chunk: NewChunk) -> int:
        shop.installation.committer.commit_now(chunk)
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        relay_own_events(shop.installation.database, commit)
    relay_own_events(shop.installation.database, shop.installation.committer.commit_now)
    shop.work()

    assert [(0,)] == shop.rows("SELECT COUNT(*) FROM own_events")
    chunks = [c for c in shop.installation.log.read_after(0, 1_000).chunks if c.kind == "own"]
    assert 5 == sum(c.n - len(c.duplicates) for c in chunks)
    assert 10 == shop.installation.warehouse.counts()["events"]


def test_a_crash_before_that_loses_nothing(waiting: Shop) -> None:
    def commit(_: NewChunk) -> int:
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        relay_own_events(waiting.installation.database, commit)
    waiting.work()

    assert ["Journey Entered"] * 5 == own(waiting)


def test_many_are_sent_in_chunks_and_in_their_order(waiting: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "EVENTS_A_CHUNK", 2)

    assert [2, 2, 1, 0] == [
        relay_own_events(waiting.installation.database, waiting.installation.committer.commit_now) for _ in range(4)
    ]
    chunks = [c for c in waiting.installation.log.read_after(0, 1_000).chunks if c.kind == "own"]
    assert [2, 2, 1] == [c.n for c in chunks]
    assert all("ü" in c.body.decode() for c in chunks)


def test_ids_of_our_own_events_go_on_after_they_left_the_store(shop: Shop) -> None:
    """Else the log would take a new event for one that it has."""
    shop.apply(STAY)
    for n in range(3):
        shop.send(identify(f"u{n}"), subscribe(f"u{n}"), track(f"u{n}", "A"))
        shop.work()

    assert ["Journey Entered"] * 3 == [name for name in own(shop) if name.startswith("Journey")]
