"""What is said of the next change by time alone is so: nothing changes before it, and something does at it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from relance.conditions.evaluate import View, holds
from relance.conditions.model import ConditionSettings
from relance.conditions.moves import next_change
from relance.conditions.read import parse_condition
from relance.warehouse import FAR_SEQ, open_warehouse

from .test_conditions import EXAMPLES
from .worlds import Maker


@settings(max_examples=10 * EXAMPLES, deadline=None, report_multiple_bugs=False, database=None)
@given(seed=st.integers(0, 1 << 60))
def test_nothing_changes_before_the_next_change(seed: int) -> None:
    maker = Maker(Random(seed))
    world = maker.world(80)
    warehouse = open_warehouse("memory://")
    world.load(warehouse)
    segments = {"first": parse_condition({"type": "did", "event": "A", "within": "1d"})}
    source = maker.condition()
    condition = parse_condition(source)
    for person in warehouse.people({row.profile_id for row in world.profiles}):
        view = View(person, maker.instant(), maker.pick(FAR_SEQ, 40), ConditionSettings("Europe/Paris"), segments)
        now, change = holds(condition, view), next_change(condition, view)
        assert change is None or holds(condition, replace(view, at=change)) != now, source
        for at in (maker.instant() for _ in range(30)):
            if at > view.at and (change is None or at < change):
                assert holds(condition, replace(view, at=at)) == now, (source, view.at, at, change)
