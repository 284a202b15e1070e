"""`relance explain --prediction`, and selections by place, over the stores of a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relance.cli.explain import explain
from relance.cli.place import Place
from relance.cli.predictions.look import panel, show
from relance.cli.predictions.make import target
from relance.store import open_database
from relance.warehouse import open_warehouse
from tests.contract.predictions.world import BUYS, World
from tests.unit.predictions.made_shop import made_shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    database, warehouse = open_database(f"sqlite:///{folder}/store.db"), open_warehouse(f"duckdb:///{folder}/warehouse.duckdb")
    database.migrate()
    world = World(database, warehouse)
    world.send(made_shop(people=60, days=100))
    world.use(BUYS)
    world.work()
    warehouse.close()
    database.close()
    return folder


def test_why_somebody_has_a_score(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(data=data)
    assert 0 == explain(user="u0001", prediction="buys-30d", place=place)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("u0001: score ")
    assert {"more likely", "less likely"} >= {line[2:13] for line in said[1:]}
    assert 0 == explain(user="u0001", prediction="buys-30d", place=place, json=True)
    told = json.loads(capsys.readouterr().out)
    assert len(said) - 1 == len(told["reasons"]) > 0
    assert 1 <= told["place"] <= 60
    assert pytest.approx((60 - told["place"]) / 60 * 100) == told["percentile"]  # no two scores are equal
    assert 2 == explain(user="nobody", prediction="buys-30d", place=place)
    assert 2 == explain(user="u0001", prediction="sells-30d", place=place)
    assert "no prediction 'sells-30d'" in capsys.readouterr().err
    assert 2 == explain(user="u0001", prediction="buys-30d", segment="buyers", place=place)
    assert "--segment and --prediction" in capsys.readouterr().err


def test_the_first_places_and_the_upper_tenth(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(data=data)
    assert 0 == panel("buys-30d", top=10, place=place, json=True)
    assert 10 == json.loads(capsys.readouterr().out)["selected"]
    assert 0 == panel("buys-30d", from_percentile=90, place=place)
    assert capsys.readouterr().out.startswith("percentile from 90: 6 of 60; ")
    assert 2 == panel("buys-30d", top=10, category=["high"], place=place)
    assert 0 == target("buys-30d", create="segment", top=10, place=place, json=True)
    made = json.loads(capsys.readouterr().out)
    assert {"type": "predicted", "prediction": "buys-30d", "top": 10} == made["definition"]["where"]
    assert 0 == show("buys-30d", place=place)
