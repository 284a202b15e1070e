"""Playbooks make definitions that the check has nothing against."""

from __future__ import annotations

from typing import Any

import pytest

from relance.definitions.check import check_definitions
from relance.definitions.load import load_values
from relance.definitions.playbooks import fill_playbook, find_playbook, load_playbooks
from relance.errors import InvalidInput, NotFound
from relance.problems import has_errors

PREDICTION = {"kind": "prediction", "id": "buys-30d", "target": {"event": "Order Completed"}, "window": "30d", "mode": "active"}


@pytest.mark.parametrize("name", load_playbooks())
def test_each_is_sound_and_leaves_some_alone(name: str) -> None:
    bodies = fill_playbook(find_playbook(name), {"prediction": "buys-30d"})
    problems = check_definitions(load_values([PREDICTION, *bodies]).documents)

    assert not has_errors(problems), [str(p) for p in problems]
    assert [] == [b["id"] for b in bodies if not b["id"].startswith("buys-30d-")]
    actors = [b for b in bodies if b["kind"] in ("journey", "campaign")]
    assert [10] * len(actors) == [b.get("holdout_percent") or b.get("control_percent") for b in actors]
    assert actors


def test_parameters_take_their_places() -> None:
    bodies = fill_playbook(
        find_playbook("three-day-push"), {"prediction": "p", "below": "30", "discount_percent": 25, "code": "a: {b"}
    )
    by_id = {b["id"]: b for b in bodies}

    assert {"lt": 30} == next(b for b in bodies if b["kind"] == "segment")["where"]["score"]
    assert "Three days, 25 %" == by_id["p-day-one"]["subject"]
    assert "with a: {b:" in by_id["p-day-one"]["body"]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, ["missing_parameter"]),
        ({"prediction": "No Id", "holdout_percent": 101}, ["bad_parameter", "bad_parameter"]),
        ({"prediction": "p", "again_after": "soon"}, ["bad_parameter"]),
        ({"prediction": "p", "event": ""}, ["bad_parameter"]),
        ({"prediction": "p", "below": True}, ["bad_parameter"]),
        ({"prediction": "p", "color": "red"}, ["unknown_parameter"]),
    ],
)
def test_what_can_not_be_is_told(given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        fill_playbook(find_playbook("three-day-push"), given)

    assert codes == [p.code for p in refused.value.problems]


def test_there_is_no_such_playbook() -> None:
    with pytest.raises(NotFound, match="sliding-scale"):
        find_playbook("nothing")
