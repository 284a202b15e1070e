"""Scores that are kept hold wherever conditions stand: in segments that are asked and kept, entries, branches and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from relance.clock import HOUR, format_instant, parse_instant
from relance.conditions.read import parse_condition
from relance.errors import InvalidInput
from relance.predictions.live import registry
from relance.predictions.live.page import parse_selection
from relance.predictions.live.registry import Scores
from relance.predictions.live.selected import read_selected
from relance.predictions.measures import categories_of
from relance.segments.judge import make_compiler
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


SHARES = """
{kind: prediction, id: buys, target: {event: Order Completed}, window: 30d, mode: active}
---
{kind: segment, id: best-two, where: {type: predicted, prediction: buys, top: 2}}
---
{kind: segment, id: upper-half, where: {type: predicted, prediction: buys, percentile: {gte: 50}}}
---
{kind: segment, id: fresh, where: {type: predicted, prediction: buys, score: {gte: 0}, within: 36h}}
---
kind: journey
id: nudge
entry: {type: segment_entered, segment: best-two}
start: rest
steps: {rest: {type: wait, for: 30d, next: end}}
---
kind: journey
id: while-fresh
entry: {type: segment_entered, segment: fresh}
exit_on: [{segment_left: fresh}]
start: rest
steps: {rest: {type: wait, for: 30d, next: end}}
"""


def shares(world: World, keeper: Keeper) -> dict[str, str]:
    """Who is in each of them, as kept and as asked."""
    keeper.refresh(world.workspace, world.now)
    found = {}
    with world.database.reading() as connection:
        names = dict(connection.rows("SELECT profile_id, user_id FROM profiles"))
    for segment in ("best-two", "upper-half", "fresh"):
        assert world.warehouse.kept is not None
        kept = {names[int(p)] for p in world.warehouse.kept.members(segment)}
        assert world.members({"type": "in_segment", "segment": segment}) == kept
        found[segment] = "".join(sorted(kept))
    return found


def test_a_place_among_all_is_known_at_any_instant(world: World) -> None:
    world.send([{"type": "identify", "userId": user, "timestamp": format_instant(START)} for user in "abcdef"])
    world.use(SHARES)
    keeper = Keeper(world.warehouse)
    assert {"best-two": "", "upper-half": "", "fresh": ""} == shares(world, keeper)

    # of equal scores whoever was known first has the higher place; their percentile is the same
    say(world, {"f": 90, "b": 60, "c": 60, "d": 60, "e": 10}, first=True)
    assert {"best-two": "bf", "upper-half": "f", "fresh": "bcdef"} == shares(world, keeper)
    first = world.now
    assert {"b": 1, "f": 1} == steps(world)

    # a comes in above all: nobody else's score is another one, but all their places are
    say(world, {"a": 99, "f": 90, "b": 60, "c": 60, "d": 60, "e": 10})
    assert {"best-two": "af", "upper-half": "af", "fresh": "abcdef"} == shares(world, keeper)
    assert {"a": 1, "b": 1, "f": 1} == steps(world)
    with world.database.reading() as connection:
        told = {
            item["user_id"]: (item["place"], item["percentile"]) for item in registry.read_scores(connection, "buys", limit=9)
        }
    assert {
        "a": (1, 500 / 6),
        "f": (2, 400 / 6),
        "b": (3, 100 / 6),
        "c": (4, 100 / 6),
        "d": (5, 100 / 6),
        "e": (6, 0.0),
    } == told

    # what was so before stays so of then
    question = make_compiler(world.workspace).compile(parse_condition({"type": "in_segment", "segment": "best-two"}))
    assert 2 == world.warehouse.count(question, first)
    assert {2, 6} == set(world.warehouse.members(question, first))

    # a alone has a score by now; it grows old by itself
    world.move_to(world.now + 30 * HOUR)
    say(world, {"a": 99})
    assert {"best-two": "a", "upper-half": "", "fresh": "a"} == shares(world, keeper)
    assert "a" == inside_while_fresh(world)
    world.move_to(world.now + 35 * HOUR)
    assert "a" == shares(world, keeper)["fresh"] == inside_while_fresh(world)
    world.move_to(world.now + HOUR)
    assert "" == shares(world, keeper)["fresh"] == inside_while_fresh(world)


def test_people_of_a_selection_come_in_pages_the_highest_first(world: World) -> None:
    world.send(
        [
            {"type": "identify", "userId": user, "timestamp": format_instant(START), "traits": {"email": f"{user}@example.com"}}
            for user in "abcdef"
        ]
    )
    world.use(SHARES)
    say(world, {"a": 99, "f": 90, "b": 60, "c": 60, "d": 60, "e": 10}, first=True)

    def people(selection: Mapping[str, object], limit: int = 9) -> list[str]:
        pages, after = [], ""
        while True:
            with world.database.reading() as connection:
                page = read_selected(connection, "buys", parse_selection(selection), limit=limit, after=after)
            pages.append("".join(item["user_id"] for item in page["items"]))
            after = page["next"]
            if after is None:
                return pages

    assert ["af", "bc", "de"] == people({"score": {"gte": 0}}, 2)
    assert ["bcd"] == people({"score": {"gte": 60, "lt": 90}}, 3)
    assert ["afe"] == people({"category": ["low", "high"]})
    assert ["afbc"] == people({"top": 4})
    assert ["af"] == people({"percentile": {"gte": 50}})
    assert ["e"] == people({"percentile": {"lt": 10}})
    with world.database.reading() as connection:
        first = read_selected(connection, "buys", {"top": 1}, limit=1)["items"]
        with pytest.raises(InvalidInput, match="`after`"):
            read_selected(connection, "buys", {"top": 1}, limit=1, after="9.9.9_1")
    with world.database.writing() as connection:  # whoever became part of somebody leaves no gap
        connection.execute("UPDATE profiles SET merged_into = 1 WHERE user_id IN ('b', 'f')")
    assert ["ac", "de"] == people({"score": {"gte": 0}}, 2)
    assert [("a@example.com", 99, "high", 1)] == [(i["email"], i["score"], i["category"], i["place"]) for i in first]


def inside_while_fresh(world: World) -> str:
    """Who is in the journey that a score that grows old takes people out of."""
    with world.database.reading() as connection:
        rows = connection.rows(
            "SELECT p.user_id FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id "
            "WHERE e.source = 'journey:while-fresh' AND e.ended_at IS NULL"
        )
    return "".join(sorted(user for (user,) in rows))


def steps(world: World) -> dict[str, int]:
    """How many passages went over each step, by its number in the journey."""
    with world.database.reading() as connection:
        rows = connection.rows(
            "SELECT p.user_id, COUNT(*) FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id "
            "WHERE e.source = 'journey:nudge' GROUP BY p.user_id"
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

    # nothing changes but the age, which is told; nothing is announced
    rows = world.warehouse.counts()["score_history"]
    say(world, {"a": 96, "b": 74, "c": 75})
    assert rows + 3 == world.warehouse.counts()["score_history"]
    assert 2 == len(world.announced)

    # what is only looked at is known to nobody else
    say(world, {"a": 1, "b": 1, "c": 1, "d": 99}, hidden=True)
    assert {"likely": {"a", "c"}, "middling": {"b"}} == inside(world, keeper)
    assert 2 == len(world.announced)
