"""The warehouse and the store agree after every start: taken back, made again, or left as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relance.segments.judge import WarehouseJudge
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from pathlib import Path

CART = """
{kind: template, id: mail, channel: email, status: ready, subject: "{{ profile.first_name }}, come back", body: there}
---
{kind: segment, id: buyers, where: {type: did, event: Order Completed}}
---
{kind: segment, id: reachable, where: {type: can_receive, channel: email, because: subscribed}}
---
{kind: segment, id: pros, where: {type: trait, path: plan, op: eq, value: pro}}
---
{kind: segment, id: mailed, where: {type: did, event: Email Sent}}
---
{kind: segment, id: told, where: {type: message, source: journey:cart, step: mail, status: [sent, blocked]}}
---
{kind: segment, id: waiting, where: {type: journey, journey: cart, step: wait}}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
exit_on: [{event: Order Completed}]
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: wait}
  wait: {type: wait, for: 1d, next: end}
"""
HOUR = 3_600_000_000


def fill(shop: Shop) -> None:
    """Some people, two of them one, one who bounced; every kind of row."""
    shop.apply(CART)
    shop.send(identify("ana", plan="pro", first_name="Ana"), subscribe("ana"), track("ana", "Cart Abandoned"))
    shop.work()
    shop.clock.at += HOUR
    shop.send(
        {"type": "track", "anonymousId": "anon", "event": "Cart Abandoned"}, identify("bo", first_name="Bo"), subscribe("bo")
    )
    shop.work()
    shop.clock.at += HOUR
    shop.send(
        {"type": "identify", "userId": "bo", "anonymousId": "anon", "traits": {"plan": "pro"}}, track("bo", "Order Completed")
    )
    shop.send(identify("cy"), subscribe("cy"), track("cy", "Email Bounced", bounce_type="hard"), identify("dee", plan="free"))
    shop.work()


def known(shop: Shop) -> tuple[dict[str, int], dict[str, list[str]], list[list[str]]]:
    """Rows in each table, members of each segment, events of each person."""
    warehouse, workspace = shop.installation.warehouse, shop.installation.workspace()
    users = dict(shop.rows("SELECT profile_id, user_id FROM profiles"))
    judge = WarehouseJudge(warehouse, workspace)
    members = {
        segment: sorted(users[p] for p in judge.members({"type": "in_segment", "segment": segment}, shop.clock.at, 1 << 61))
        for segment in workspace.segments
    }
    people = sorted(warehouse.people(users), key=lambda p: p.profile_id)
    counts = warehouse.counts()
    del counts["profile_history"]  # of two rows with one place the later counts: how many there are depends on the batches
    states = [
        [json.dumps([s.seq, s.traits, s.email, s.user_id]) for s in {s.seq: s for s in p.states}.values()] for p in people
    ]
    return counts, members, [[e.name for e in p.events] + s for p, s in zip(people, states, strict=True)]


def test_an_intact_warehouse_is_not_rebuilt(shop: Shop) -> None:
    fill(shop)
    before = known(shop)
    shop.close()

    shop.open()
    shop.work()

    assert not shop.installation.rebuilt
    assert before == known(shop)


def test_a_warehouse_that_was_deleted_is_made_again_from_the_log(shop: Shop) -> None:
    fill(shop)
    counts, members, events = known(shop)
    assert members == {
        "buyers": ["bo"], "reachable": ["ana", "bo"], "pros": ["ana", "bo"], "mailed": ["ana"],
        "told": ["ana", "bo"], "waiting": ["ana"],
    }  # fmt: skip
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()

    shop.open()
    shop.installation.engine_loop.refresh()

    assert shop.installation.rebuilt
    assert (members, events) == known(shop)[1:]
    assert counts == known(shop)[0]
    shop.send(track("dee", "Order Completed"))
    shop.work()
    assert ["bo", "dee"] == known(shop)[1]["buyers"]


@pytest.mark.parametrize("damage", ["text", "cut", "zeros"])
def test_a_damaged_warehouse_is_moved_aside_and_made_again(embedded_shop: Shop, damage: str) -> None:
    shop = embedded_shop
    fill(shop)
    before = known(shop)
    shop.close()
    file: Path = shop.folder / "warehouse.duckdb"
    whole = file.read_bytes()
    file.write_bytes({"text": b"no warehouse at all" * 500, "cut": whole[:100], "zeros": bytes(len(whole))}[damage])

    shop.open()
    shop.installation.engine_loop.refresh()

    assert shop.installation.rebuilt
    assert before == known(shop)
    assert (shop.folder / "warehouse.duckdb.damaged-1").exists()
