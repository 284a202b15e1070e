"""Another process stops a journey while this one's drain claims: one waits for the other, so that nothing is handed over after a stop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from relance.errors import StoreError
from relance.journeys.lifecycle import asking
from relance.outbox.claims import SQL
from relance.store import open_database
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.store import Database

JOURNEY = """
{kind: template, id: t, channel: email, subject: x, body: "<p>x</p>"}
---
{kind: journey, id: j, entry: {type: event, event: A}, start: m, steps: {m: {type: message, channel: email, template: t}}}
"""


@pytest.fixture
def shop(tmp_path: Path, postgres_url: str) -> Iterator[Shop]:
    opened = Shop(tmp_path, postgres_url)
    opened.apply(JOURNEY)
    opened.send(identify("ada"), subscribe("ada"), track("ada", "A"))
    opened.clock.at += 1
    opened.installation.engine_loop.work()
    yield opened
    opened.close()


@pytest.fixture
def other_process(shop: Shop) -> Iterator[Database]:
    opened = open_database(shop.store_url)
    with opened.writing() as connection:
        connection.execute("SET lock_timeout TO '100ms'")
    yield opened
    opened.close()


def stop(database: Database, shop: Shop) -> None:
    with database.writing() as connection:
        asking.ask(connection, "journey:j", "stop", now=shop.clock.at, actor="other")


def test_a_stop_waits_for_a_claim_that_has_begun(shop: Shop, other_process: Database) -> None:
    with shop.installation.database.writing() as claiming:
        claiming.keep_rows(SQL["revision"])
        with pytest.raises(StoreError, match="lock timeout"):
            stop(other_process, shop)

    stop(other_process, shop)
    assert 0 == asyncio.run(shop.installation.drain.drain_once())
    assert [("blocked", "exited")] == shop.rows("SELECT status, reason FROM messages")


def test_a_claim_waits_for_a_stop_that_is_being_committed(shop: Shop, other_process: Database) -> None:
    with shop.installation.database.writing() as connection:
        connection.execute("SET lock_timeout TO '100ms'")
    with other_process.writing() as stopping:
        asking.ask(stopping, "journey:j", "stop", now=shop.clock.at, actor="other")
        with pytest.raises(StoreError, match="lock timeout"):
            shop.installation.drain.claim("email", 10)

    assert [] == shop.installation.drain.claim("email", 10)
    assert [] == shop.to()
