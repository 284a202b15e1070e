"""Predictions of an installation, from the first build to what is made of their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.clock import DAY, format_instant
from relance.definitions.prediction_targets import PredictionNotTargetable, target_prediction
from relance.definitions.preview import require_prediction
from relance.errors import Conflict, InvalidInput, NotFound
from relance.predictions.live import registry
from relance.predictions.live.definition import parse_goal
from relance.predictions.live.gather import gather_people
from relance.predictions.live.learn import score
from relance.predictions.live.model import Model
from tests.contract.predictions.world import BUYS, World
from tests.unit.predictions.made_shop import day, made_shop

if TYPE_CHECKING:
    from typing import Any

SHOP = made_shop(people=60, days=100)


def order(user: str, at: int) -> dict[str, Any]:
    return {
        "type": "track",
        "userId": user,
        "event": "Order Completed",
        "timestamp": format_instant(at),
        "properties": {"total": 30},
    }


def target(world: World, selection: dict[str, Any], **more: Any) -> dict[str, Any]:
    with world.database.writing() as connection:
        made = target_prediction(connection, "buys-30d", selection, more.pop("create", "segment"), now=world.now, **more)
    world.use("")
    return made


def test_from_build_to_target_to_rescore(world: World) -> None:
    world.send(SHOP)
    world.use(BUYS)
    world.work()

    # everybody has a score, by the formula, and it is known to conditions
    assert "done" == world.last_run().state, world.last_run().message
    scores, current = world.scores(), world.current()
    assert {f"u{n:04}" for n in range(60)} == set(scores)
    b = current.base_rate
    for s in scores.values():
        p = s["probability"]
        assert pytest.approx(100 * (p / b) / (p / b + (1 - p) / (1 - b))) == s["score"]
        assert ("low" if s["score"] < 50 else "medium" if s["score"] < 75 else "high") == s["category"]
    high = {user for user, s in scores.items() if s["category"] == "high"}
    assert 0 < len(high) < 60
    assert high == world.members({"type": "predicted", "prediction": "buys-30d", "category": ["high"]})
    above = {user for user, s in scores.items() if s["score"] >= 60}
    assert above == world.members({"type": "predicted", "prediction": "buys-30d", "score": {"gte": 60}})

    # its page
    page = world.desk.show("buys-30d")
    assert ("active", 1, 60, False) == (page["state"], page["version"], page["people"], page["stale"])
    assert 60 == sum(bucket["people"] for bucket in page["histogram"]["buckets"])
    assert page["histogram"]["categories"]["high"]["people"] == len(high)
    assert 60 == page["steps"]["people_up_to"][100]
    checked = world.desk.check("buys-30d")
    written = {name: page["definition"][name] for name in ("target", "window") if name in page["definition"]}
    assert checked == world.desk.check_of(require_prediction(written, []))
    with pytest.raises(InvalidInput):
        require_prediction({**written, "window": "soon"}, [])
    panel = world.desk.panel("buys-30d", {"category": ["high"]})
    assert len(high) == panel["selected"]
    assert pytest.approx(sum(scores[u]["probability"] for u in high)) == panel["expected_performers"]
    person = world.desk.person("buys-30d", min(high))
    assert scores[min(high)]["score"] == person["score"] == person["history"][0]["score"]
    assert person["reasons"]

    # nothing is announced of the first scoring; a segment is made of it
    assert [] == world.announced
    made = target(world, {"category": "high"})
    assert "buys-30d-high" == made["id"]
    assert high == world.members({"type": "in_segment", "segment": "buys-30d-high"})
    made = target(world, {"score": {"gte": 60, "lte": 90}}, create="campaign")
    where = {"type": "predicted", "prediction": "buys-30d", "score": {"gte": 60, "lte": 90}}
    assert (where, {"api": True}) == (made["definition"]["audience"], made["definition"]["schedule"])
    assert made["id"] in world.workspace.campaigns
    assert ["template_to_be_written", "address_nobody_has"] == [w["code"] for w in made["warnings"]]
    assert made["template"] in world.workspace.templates
    assert made["id"] != target(world, {"score": {"gte": 60, "lte": 90}}, create="campaign")["id"]
    assert 3 == len(world.desk.show("buys-30d")["targets"])
    best = sorted(scores, key=lambda user: -scores[user]["score"])
    assert "buys-30d-top-10" == target(world, {"top": 10})["id"]
    assert set(best[:10]) == world.members({"type": "in_segment", "segment": "buys-30d-top-10"})
    made = target(world, {"percentile": {"gte": 75}})
    upper = {user for user, score in scores.items() if score["percentile"] >= 75}
    assert upper == world.members({"type": "in_segment", "segment": made["id"]})
    assert len(upper) == world.desk.panel("buys-30d", {"percentile": {"gte": 75}})["selected"]
    with pytest.raises(InvalidInput, match="there is no category 'best'"):
        target(world, {"category": ["best"]})
    with pytest.raises(NotFound), world.database.writing() as connection:
        target_prediction(connection, "nothing", {"category": ["high"]}, "segment", now=world.now)

    # the likeliest of the unlikely orders again and again: the next morning another score, another category, told once
    newcomer = max((u for u, s in scores.items() if s["category"] == "low"), key=lambda u: scores[u]["score"])
    world.send([order(newcomer, world.now + n * DAY // 8) for n in range(1, 9)])
    world.move_to(world.now + DAY)
    world.work()
    after = world.scores()
    assert ("rescore", "done", 1) == (world.last_run().kind, world.last_run().state, world.current().version)
    assert after[newcomer]["score"] > scores[newcomer]["score"]
    changed = {u for u in scores if scores[u]["category"] != after[u]["category"]}
    assert newcomer in changed
    assert changed == {e["userId"] for e in world.announced}
    told = next(e for e in world.announced if e["userId"] == newcomer)
    assert ("Prediction Scored", "low") == (told["event"], told["properties"]["previous_category"])
    assert after[newcomer]["category"] == told["properties"]["category"]
    assert [scores[newcomer]["score"], after[newcomer]["score"]] == [
        h["score"] for h in world.desk.person("buys-30d", newcomer)["history"]
    ]
    moved = world.desk.show("buys-30d")["drift"]["features"]
    assert sorted((one["index"] for one in moved), reverse=True) == [one["index"] for one in moved]
    assert {(1.0, 1.0)} == {(round(sum(one["before"]), 6), round(sum(one["now"]), 6)) for one in moved}
    n = len(world.announced)
    world.work()
    assert n == len(world.announced)

    # a window later it is known what became of the first scores: the newcomer alone acted
    world.move_to(world.now + 30 * DAY)
    world.work()
    outcome = world.desk.show("buys-30d")["outcomes"][-1]
    assert (60, 1, page["scored_at"]) == (outcome["people"], outcome["positives"], outcome["at"])
    assert pytest.approx(sum(s["probability"] for s in scores.values())) == outcome["expected"]
    below = sum(s["probability"] < scores[newcomer]["probability"] for s in scores.values())
    assert pytest.approx(below / 59) == outcome["auc"]


def test_audience_is_that_of_each_cutoff_and_whoever_leaves_it_has_no_score(world: World) -> None:
    world.send(SHOP)
    world.use(BUYS + "audience: {type: trait, path: city, op: eq, value: Paris}\n")
    world.work()

    assert "done" == world.last_run().state, world.last_run().message
    scores = world.scores()
    assert {f"u{n:04}" for n in range(1, 60, 2)} == set(scores)
    with world.database.reading() as connection:
        _, text = registry.read_model(connection, "buys-30d", 1)
        ids = dict(connection.rows("SELECT user_id, profile_id FROM profiles"))
    goal, as_of = parse_goal({"event": "Order Completed"}), world.current().as_of
    for user in ("u0001", "u0031", "u0059"):  # what others did counts for nobody
        alone = score(Model.from_text(text), goal, gather_people(world.warehouse, as_of, [ids[user]]), as_of)
        assert [scores[user]["probability"]] == alone.probability.tolist()

    anybody = {"type": "predicted", "prediction": "buys-30d", "score": {"lte": 100}}
    world.send(
        [{"type": "identify", "userId": "u0001", "timestamp": format_instant(world.now + DAY), "traits": {"city": "Nice"}}]
    )
    world.work()
    assert set(scores) - {"u0001"} == set(world.scores()) == world.members(anybody)
    assert [] == [e for e in world.announced if e["userId"] == "u0001"]


def test_a_preview_is_looked_at_not_targeted_until_it_is_active(embedded_world: World) -> None:
    world = embedded_world
    world.send(SHOP)
    world.use(BUYS.replace("mode: active", "mode: preview"))
    with pytest.raises(PredictionNotTargetable):
        target(world, {"category": ["high"]})
    world.work()
    anybody = {"type": "predicted", "prediction": "buys-30d", "score": {"gte": 0}}

    assert 60 == world.desk.panel("buys-30d", {"score": {"gte": 0}})["selected"]
    assert set() == world.members(anybody)
    with pytest.raises(PredictionNotTargetable, match="preview"):
        target(world, {"category": ["high"]})
    with pytest.raises(Conflict, match="built once"):
        world.desk.build("buys-30d")
    with world.database.reading() as connection:
        assert {} == registry.scores_for_templates(connection, 1)
    world.move_to(world.now + 3 * DAY)
    world.work()
    assert "build" == world.last_run().kind

    world.use(BUYS)
    world.runner.ask_what_is_due()
    world.move_to(world.now + 1)
    assert 60 == len(world.members(anybody))
    assert 1 == world.current().version


def test_a_failed_build_says_why_and_the_last_good_model_serves(embedded_world: World) -> None:
    world = embedded_world
    world.send(SHOP)
    world.use(BUYS)
    world.work()
    before = world.scores()

    world.use(BUYS.replace("Order Completed", "Subscription Cancelled"))
    world.work()

    assert ("failed", "nothing_to_learn") == (world.last_run().state, world.last_run().code)
    assert "nobody did Subscription Cancelled" in world.last_run().message
    assert before == world.scores()
    summary = world.desk.list()["items"][0]
    assert ("active", True) == (summary["state"], summary["stale"])
    n = world.last_run().run_id
    world.work()  # it is not tried again and again
    assert n == world.last_run().run_id


@pytest.mark.parametrize("world", ["postgresql-clickhouse"], indirect=True)
def test_what_comes_after_the_instant_changes_no_bit_and_engines_agree(world: World, embedded_world: World) -> None:
    cut = day(90)
    past = [e for e in SHOP if e["timestamp"] < str(format_instant(cut))]
    future = [{**e, "userId": f"u{(n * 7) % 80:04}"} for n, e in enumerate(SHOP) if e["timestamp"] >= str(format_instant(cut))]
    told = []
    for one, events in ((embedded_world, past), (world, [*past, *future])):
        one.send(events)
        one.use(BUYS)
        one.runner.reached = lambda: cut - 1
        one.work()
        assert "done" == one.last_run().state, one.last_run().message
        with one.database.reading() as connection:
            version, text = registry.read_model(connection, "buys-30d", 1)
        told.append((version.digest, version.data_digest, text, {u: s["probability"] for u, s in one.scores().items()}))

    assert len(future) > 20
    assert told[0] == told[1]
