"""Scores that are kept hold wherever conditions stand: in segments that are asked and kept, entries, branches and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relance.clock import HOUR, format_instant, parse_instant
from relance.predictions.live import registry
from relance.predictions.live.registry import Scores
from relance.predictions.measures import categories_of
from relance.segments.kept.keeper import Keeper
from tests.contract.predictions.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

START = parse_instant("2026-03-01T09:00:00Z") or 0
DEFINITIONS = """
{kind: prediction, id: buys, target: {event: Order Completed}, window: 30d, mode: active}
---
{kind: segment, id: likely, where: {type: predicted, prediction: buys, category: [high]}}
---
{kind: segment, id: middling, where: {type: predicted, prediction: buys, score: {gte: 40, lt: 75}}}
---
kind: journey
id: nudge
entry: {type: segment_entered, segment: likely}
start: choose
steps:
  choose:
    type: branch
    when: [{where: {type: predicted, prediction: buys, score: {gte: 90}}, next: surely}]
    otherwise: maybe
  surely: {type: wait, for: 1d, next: end}
  maybe: {type: wait, for: 1d, next: end}
"""


def say(world: World, scores: Mapping[str, float], *, first: bool = False, hidden: bool = False) -> None:
    """Score some people, and nobody else."""
    with world.database.reading() as connection:
        ids = {name: p for p, name in connection.rows("SELECT profile_id, user_id FROM profiles")}
    values = np.array(list(scores.values()), np.float64)
    told = Scores([ids[name] for name in scores], values / 200, values, categories_of(values))
    world.now += HOUR
    registry.put_scores(world.database, "buys", 1, told, at=world.now, first=first, hidden=hidden)
    world.move_to(world.now + 1)
    world.runner.announce()


def inside(world: World, keeper: Keeper) -> dict[str, set[str]]:
    """Who is in each segment: as asked, and as kept, which must be the same."""
    keeper.refresh(world.workspace, world.now)
    found = {}
    with world.database.reading() as connection:
        names = dict(connection.rows("SELECT profile_id, user_id FROM profiles"))
    for segment in ("likely", "middling"):
        assert world.warehouse.kept is not None
        found[segment] = {names[int(p)] for p in world.warehouse.kept.members(segment)}
        assert world.members({"type": "in_segment", "segment": segment}) == found[segment]
    return found


def steps(world: World) -> dict[str, int]:
    """How many passages went over each step, by its number in the journey."""
    with world.database.reading() as connection:
        rows = connection.rows(
            "SELECT p.user_id, COUNT(*) FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id GROUP BY p.user_id"
        )
    return dict(rows)


def test_scores_hold_everywhere(world: World) -> None:
    world.send([{"type": "identify", "userId": user, "timestamp": format_instant(START)} for user in "abcd"])
    world.use(DEFINITIONS)
    keeper = Keeper(world.warehouse)
    assert {"likely": set(), "middling": set()} == inside(world, keeper)

    say(world, {"a": 95, "b": 80, "c": 60, "d": 10}, first=True)
    assert {"likely": {"a", "b"}, "middling": {"c"}} == inside(world, keeper)
    assert {"a": 1, "b": 1} == steps(world)
    assert [] == world.announced
    with world.database.reading() as connection:
        told = registry.scores_for_templates(connection, 1)
    assert (95, "high") == (told["buys"]["score"], told["buys"]["category"])

    # c rises, b falls, d is not in the audience any more
    say(world, {"a": 96, "b": 74, "c": 75})
    assert {"likely": {"a", "c"}, "middling": {"b"}} == inside(world, keeper)
    assert {"a": 1, "b": 1, "c": 1} == steps(world)
    assert {("b", "high", "medium"), ("c", "medium", "high")} == {
        (e["userId"], e["properties"]["previous_category"], e["properties"]["category"]) for e in world.announced
    }
    anybody = {"type": "predicted", "prediction": "buys", "score": {"lte": 100}}
    assert {"a", "b", "c"} == world.members(anybody)

    # nothing changes: nothing is told
    rows = world.warehouse.counts()["score_history"]
    say(world, {"a": 96, "b": 74, "c": 75})
    assert rows == world.warehouse.counts()["score_history"]

    # what is only looked at is known to nobody else
    say(world, {"a": 1, "b": 1, "c": 1, "d": 99}, hidden=True)
    assert {"likely": {"a", "c"}, "middling": {"b"}} == inside(world, keeper)
    assert 2 == len(world.announced)
