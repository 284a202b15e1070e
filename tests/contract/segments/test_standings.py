"""Where many people stand, told by columns, is where each of them stands, read one by one; and so is when time changes that."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from relance.clock import DAY
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.model import ConditionSettings
from relance.conditions.read import parse_condition
from relance.segments import standings
from relance.segments.flow import watch
from relance.segments.standings import Standings
from relance.warehouse import FAR_SEQ, open_warehouse
from tests.contract.warehouse.test_conditions import EXAMPLES, made_at_random
from tests.contract.warehouse.worlds import CHANNELS, START, Maker

if TYPE_CHECKING:
    from relance.warehouse import Warehouse

SEGMENTS = 8


def compare(warehouse: Warehouse, seed: int, *, dates: bool) -> None:
    """Ask both readings of everybody, each at an instant of their own, behind all that is known."""
    maker = Maker(Random(seed), dates=dates)
    world = maker.world()
    world.load(warehouse)
    modes = tuple((channel, maker.pick("opt_in", "opt_out", "none")) for channel in CHANNELS)
    first = {"first": parse_condition({"type": "did", "event": "A", "within": "1d"})}
    compiler = Compiler(first, ConditionSettings(maker.pick("UTC", "Europe/Paris", "America/Havana"), modes))
    while len(compiler.segments) < SEGMENTS:
        condition = parse_condition(maker.condition())
        tried = Compiler(first | {"s": condition}, compiler.settings)
        if Standings(warehouse, tried, watch(tried.segments, None, ["s"])).reads_columns:
            compiler.segments[f"s{len(compiler.segments)}"] = condition
    asked = [
        (p, START + 12 * DAY + maker.random.randrange(20 * DAY), FAR_SEQ) for p in {row.profile_id for row in world.profiles}
    ]
    for segments in (list(compiler.segments), list(compiler.segments)[:1]):
        told = Standings(warehouse, compiler, watch(compiler.segments, compiler.settings, segments))
        expected = told.of(asked)
        with mock.patch.object(standings, "MANY", 0):
            assert told.of(asked) == expected, [compiler.segments[s] for s in segments]


@settings(made_at_random, max_examples=4 * EXAMPLES)
@given(seed=st.integers(0, 1 << 60))
def test_duckdb_tells_what_is_read_one_by_one(seed: int) -> None:
    warehouse = open_warehouse("duckdb://")
    try:
        compare(warehouse, seed, dates=True)
    finally:
        warehouse.close()


@settings(made_at_random, max_examples=EXAMPLES)
@given(seed=st.integers(0, 1 << 60))
def test_clickhouse_tells_what_is_read_one_by_one(clickhouse: Warehouse, seed: int) -> None:
    clickhouse.start_over()
    compare(clickhouse, seed, dates=False)
