"""A compiled condition says what the slow plain reading says, on every engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from relance.clock import DAY
from relance.conditions.compiler import Compiler
from relance.conditions.model import ConditionSettings
from relance.conditions.read import parse_condition
from relance.warehouse import open_warehouse

from .worlds import START, World, conditions, worlds

if TYPE_CHECKING:
    from relance.warehouse import Warehouse
    from relance.warehouse.engines.clickhouse import ClickHouseWarehouse

EXAMPLES = int(os.environ.get("RELANCE_EXAMPLES", "30"))
MODES = ["opt_in", "opt_out", "none"]

workspaces = st.builds(
    lambda zone, modes: ConditionSettings(zone, tuple(zip(["email", "sms", "push"], modes, strict=True))),
    st.sampled_from(["UTC", "Europe/Paris", "America/Havana"]),
    st.lists(st.sampled_from(MODES), min_size=3, max_size=3),
)


def compare(warehouse: Warehouse, world: World, sources: list[dict[str, Any]], workspace: ConditionSettings) -> None:
    slow = open_warehouse("memory://")
    world.load(slow)
    world.load(warehouse)
    compiler = Compiler({"first": parse_condition(sources[0])} if "in_segment" not in repr(sources[0]) else {"first": parse_condition({"type": "all", "of": []})}, workspace)
    last = max([seq for _, _, seq in world.moments])
    for source in sources:
        question = compiler.compile(parse_condition(source))
        assert slow.ask(question, world.asked()) == warehouse.ask(question, world.asked()), source
        for at in (world.moments[0][1], START + 6 * DAY):
            assert slow.members(question, at) == warehouse.members(question, at), source
            assert slow.members(question, at, last) == warehouse.members(question, at, last), source
            assert slow.count(question, at) == warehouse.count(question, at), source


PHASES = [Phase.explicit, Phase.reuse, Phase.generate] + ([] if "RELANCE_NO_SHRINK" in os.environ else [Phase.shrink])

quick = settings(
    max_examples=EXAMPLES, report_multiple_bugs=False, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
)


@quick
@given(world=worlds(), sources=st.lists(conditions(), min_size=1, max_size=3), workspace=workspaces)
def test_duckdb_agrees_with_the_plain_reading(world: World, sources: list[dict[str, Any]], workspace: ConditionSettings) -> None:
    warehouse = open_warehouse("duckdb://")
    try:
        compare(warehouse, world, sources, workspace)
    finally:
        warehouse.close()


@settings(quick, max_examples=max(EXAMPLES // 3, 1))
@given(world=worlds(), sources=st.lists(conditions(with_dates=False), min_size=1, max_size=3), workspace=workspaces)
def test_clickhouse_agrees_with_the_plain_reading(
    clickhouse: ClickHouseWarehouse, world: World, sources: list[dict[str, Any]], workspace: ConditionSettings
) -> None:
    clickhouse.clear()
    compare(clickhouse, world, sources, workspace)
