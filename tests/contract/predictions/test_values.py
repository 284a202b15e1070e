"""Amounts and dates of an installation: kept with the scores, known to conditions and templates, held against what came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from relance.clock import DAY, format_instant, parse_instant
from relance.predictions.live import registry
from relance.predictions.live.model import Model
from tests.contract.predictions.world import World
from tests.unit.predictions.made_shop import made_shop

if TYPE_CHECKING:
    from typing import Any

SHOP = made_shop(people=150, days=200)
SPENDS = """
kind: prediction
id: spends
target: {value: {event: Order Completed, path: total}}
window: 30d
mode: active
rescore: {every: day, at: "03:00"}
retrain_after: 90d
"""


def orders(user: str, total: float, at: int) -> dict[str, Any]:
    properties = {"total": total}
    return {
        "type": "track",
        "userId": user,
        "event": "Order Completed",
        "timestamp": format_instant(at),
        "properties": properties,
    }


def test_amounts_are_foretold_used_and_measured(world: World) -> None:
    every_ten_days = [orders("clock", 20, (parse_instant(SHOP[0]["timestamp"]) or 0) + n * 10 * DAY) for n in range(20)]
    world.send(sorted([*SHOP, *every_ten_days], key=lambda e: str(e["timestamp"])))
    world.use(SPENDS)
    world.work()
    assert "done" == world.last_run("spends").state, world.last_run("spends").message

    # everybody has an amount, and it is what conditions, pages and templates tell
    scores, page = world.scores("spends"), world.desk.show("spends")
    values = {user: s["value"] for user, s in scores.items()}
    assert 0 <= min(values.values()) < max(values.values())
    assert pytest.approx(sum(values.values())) == page["values"]["total"]
    assert page["value"]["chosen_model"] in ("chance_times_amount", "tweedie", "bgnbd_gamma_gamma", "average")
    middle = float(np.median(list(values.values())))
    above = {user for user, value in values.items() if value >= middle}
    assert above == world.members({"type": "predicted", "prediction": "spends", "value": {"gte": middle}})
    panel = world.desk.panel("spends", {"value": {"gte": middle}})
    assert (len(above), pytest.approx(sum(values[u] for u in above))) == (panel["selected"], panel["expected_value"])
    person = world.desk.person("spends", "clock")
    assert values["clock"] == person["value"]
    with world.database.reading() as connection:
        profile = connection.value("SELECT profile_id FROM profiles WHERE user_id = 'clock'")
        assert values["clock"] == registry.scores_for_templates(connection, profile)["spends"]["value"]
        text = registry.read_model(connection, "spends", 1)[1]
    assert text == Model.from_text(text).to_text()
    older = Model.from_text(json.dumps({k: v for k, v in json.loads(text).items() if k != "weights"}))  # all counted alike then
    assert (None, Model.from_text(text).chosen) == (older.weights, older.chosen)
    kept = json.loads(text)
    kept["values"] = {k: v for k, v in kept["values"].items() if k != "tickets"}  # amounts had one stage then
    values_then = Model.from_text(json.dumps(kept)).values
    assert values_then is not None
    assert values_then.tickets is None

    # who comes every ten days is expected ten days after the last time
    expected, last = parse_instant(person["next_at"]) or 0, parse_instant(every_ten_days[-1]["timestamp"]) or 0
    assert abs(expected - last - 10 * DAY) <= DAY

    # a window later the amounts are held against what was spent
    spent = {"u0001": 40.0, "u0002": 2.5}
    world.send([orders(user, total, world.now + DAY) for user, total in spent.items()])
    world.send([orders("stranger", 1000, world.now + DAY)])  # who had no score
    world.move_to(world.now + 31 * DAY)
    world.work()
    outcome = world.desk.show("spends")["outcomes"][-1]["value"]
    assert 42.5 == outcome["actual"]
    assert pytest.approx(page["values"]["total"]) == outcome["predicted"]
    assert pytest.approx(outcome["predicted"] / 42.5) == outcome["ratio"]
    assert json.dumps(outcome)


def test_nothing_is_foretold_of_amounts_or_dates_where_nothing_asks_for_it(embedded_world: World) -> None:
    world = embedded_world
    world.send(made_shop(people=60, days=100))
    world.use("""
kind: prediction
id: leaves
target: {churn: {all: [{did_not: Order Completed}]}}
window: 30d
mode: active
""")
    world.work()

    assert "done" == world.last_run("leaves").state, world.last_run("leaves").message
    assert {(None, None)} == {(s["value"], s["next_at"]) for s in world.scores("leaves").values()}
    assert set() == world.members({"type": "predicted", "prediction": "leaves", "value": {"gte": 0}})
