"""Whoever does something is scored anew at once, where a prediction asks for it; nobody else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relance.clock import DAY, HOUR, SECOND, format_instant
from relance.predictions.live.places import place_among
from relance.predictions.live.refresh import AT_ONCE, Refresher
from relance.predictions.live.worker import OwnHands
from tests.contract.predictions.world import BUYS, World
from tests.unit.predictions.made_shop import made_shop

if TYPE_CHECKING:
    from typing import Any

SHOP = made_shop(people=60, days=100)
AT_ONCE_TOO = BUYS.replace("rescore: {", "rescore: {on_event: true, ")


def order(user: str, at: int) -> dict[str, Any]:
    properties = {"total": 30}
    return {
        "type": "track",
        "userId": user,
        "event": "Order Completed",
        "timestamp": format_instant(at),
        "properties": properties,
    }


def refresher_of(world: World) -> Refresher:
    return Refresher(
        world.database, world.warehouse, lambda: world.workspace, world.clock, lambda: world.now, world.runner.curves,
        lambda _: OwnHands(),
    )  # fmt: skip


def test_a_score_follows_its_own_event_alone(world: World) -> None:
    refresher = refresher_of(world)
    world.send(SHOP)
    world.use(AT_ONCE_TOO)
    world.work()
    refresher.work()
    before = world.scores()
    assert 0 == refresher.n_refreshed

    low = max((user for user, score in before.items() if score["category"] == "low"), key=lambda user: before[user]["score"])
    world.send([order(low, world.now + n * HOUR) for n in range(1, 9)])
    refresher.work()
    world.move_to(world.now + SECOND)
    after = world.scores()
    assert 1 == refresher.n_refreshed
    assert after[low]["score"] > before[low]["score"]
    others = sorted(score["score"] for user, score in before.items() if user != low)
    assert place_among(np.array(others), None, after[low]["score"]) == (after[low]["place"], after[low]["percentile"])
    assert {user: score for user, score in before.items() if user != low} == {u: s for u, s in after.items() if u != low}

    # conditions know it, and a change of category is told
    held = {"type": "predicted", "prediction": "buys-30d", "score": {"gte": after[low]["score"]}}
    assert low in world.members(held)
    world.runner.announce()
    assert [low] == [event["userId"] for event in world.announced]

    # what it led to is no event that counts; nothing more is done
    world.move_to(world.now + SECOND)
    refresher.work()
    assert 1 == refresher.n_refreshed

    # a refreshed score is the one that a scoring of everybody tells at that instant
    world.send([order(low, world.now + HOUR)])
    refresher.work()
    at_once = world.scores()[low]["probability"]
    world.desk.build("buys-30d", "rescore")
    world.work()
    assert at_once == world.scores()[low]["probability"]


def test_who_acts_while_everybody_is_scored_is_scored_again_after_it(embedded_world: World) -> None:
    world = embedded_world
    refresher = refresher_of(world)
    world.send(SHOP)
    world.use(AT_ONCE_TOO)
    world.work()
    refresher.work()
    world.desk.build("buys-30d", "rescore")  # it waits, as if it ran

    world.send([order("u0001", world.now + HOUR)])
    refresher.work()
    refresher.work()
    assert 1 == refresher.n_refreshed
    world.work()  # everybody
    refresher.work()
    assert 2 == refresher.n_refreshed


def test_many_are_scored_a_round_at_a_time_and_only_whom_it_is_about(embedded_world: World) -> None:
    world = embedded_world
    refresher = refresher_of(world)
    world.send(made_shop(people=AT_ONCE + 40, days=60))
    world.use(AT_ONCE_TOO + "audience: {type: trait, path: city, op: eq, value: Paris}\n")
    world.work()
    refresher.work()

    world.send([order(f"u{n:04}", world.now + HOUR) for n in range(AT_ONCE + 40)])
    rounds = []
    for _ in range(3):
        refresher.work()
        rounds.append(refresher.n_refreshed)
    assert 0 < rounds[0] < AT_ONCE // 2 + 20 == rounds[1] == rounds[2]

    # a prediction that does not ask for it
    world.use(BUYS)
    world.send([order("u0001", world.now + DAY)])
    refresher.work()
    assert rounds[-1] == refresher.n_refreshed
