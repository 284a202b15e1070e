"""A compiled condition says what the slow plain reading says, on every engine."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relance.clock import DAY
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.model import ConditionSettings
from relance.conditions.read import parse_condition
from relance.warehouse import open_warehouse

from .worlds import CHANNELS, START, Maker, World

if TYPE_CHECKING:
    from relance.warehouse import Warehouse

# What is made at random is large and cheap to make; the search for a smaller example would take hours. So each example
# is told by its seed, and many are run by RELANCE_EXAMPLES=1000.
EXAMPLES = int(os.environ.get("RELANCE_EXAMPLES", "6"))
CONDITIONS = 6
made_at_random = settings(
    max_examples=EXAMPLES, deadline=None, report_multiple_bugs=False, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


def compare(warehouse: Warehouse, seed: int, *, dates: bool) -> None:
    """Ask the same of an engine and of the plain reading."""
    maker = Maker(Random(seed), dates=dates)
    world = maker.world()
    slow = open_warehouse("memory://")
    world.load(slow)
    world.load(warehouse)
    modes = tuple((channel, maker.pick("opt_in", "opt_out", "none")) for channel in CHANNELS)
    workspace = ConditionSettings(maker.pick("UTC", "Europe/Paris", "America/Havana"), modes)
    first = {"type": "did", "event": "A", "within": "1d"}
    compiler = Compiler({"first": parse_condition(first)}, workspace)
    for n in range(CONDITIONS):
        check(compiler, slow, warehouse, world, maker.condition() if n % 2 else maker.leaf())


def check(compiler: Compiler, slow: Warehouse, warehouse: Warehouse, world: World, source: dict[str, Any]) -> None:
    question = compiler.compile(parse_condition(source))
    expected, actual = slow.ask(question, world.asked()), warehouse.ask(question, world.asked())
    differ = [m for m, e, a in zip(world.moments, expected, actual, strict=True) if e != a]
    assert not differ, (source, differ[0], question.sql(warehouse.dialect, "moments"))
    at, seq = world.moments[0][1] + 2 * DAY, world.moments[0][2]
    assert slow.members(question, at) == warehouse.members(question, at), source
    assert slow.members(question, at, seq) == warehouse.members(question, at, seq), source
    assert slow.count(question, START + 6 * DAY) == warehouse.count(question, START + 6 * DAY), source


@made_at_random
@given(seed=st.integers(0, 1 << 60))
def test_duckdb_agrees_with_the_plain_reading(seed: int) -> None:
    warehouse = open_warehouse("duckdb://")
    try:
        compare(warehouse, seed, dates=True)
    finally:
        warehouse.close()


@settings(made_at_random, max_examples=max(EXAMPLES // 2, 1))
@given(seed=st.integers(0, 1 << 60))
def test_clickhouse_agrees_with_the_plain_reading(clickhouse: Warehouse, seed: int) -> None:
    clickhouse.start_over()
    compare(clickhouse, seed, dates=False)
