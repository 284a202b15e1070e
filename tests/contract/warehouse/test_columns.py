"""Many conditions asked together, column by column, say what the slow plain reading says of each."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.conditions.columns.bundle import Bundle
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.model import ConditionSettings
from relance.conditions.read import parse_condition
from relance.errors import UnsupportedByEngine
from relance.segments.kept import everybody
from relance.warehouse import Moments, open_warehouse

from .test_conditions import EXAMPLES, made_at_random
from .worlds import CHANNELS, Maker

if TYPE_CHECKING:
    from relance.warehouse import Warehouse

CONDITIONS = 25


def compare(warehouse: Warehouse, seed: int, *, dates: bool) -> None:
    """Ask a bundle of an engine, and each of its conditions of the plain reading."""
    maker = Maker(Random(seed), dates=True)
    world = maker.world()
    slow = open_warehouse("memory://")
    world.load(slow)
    world.load(warehouse)
    modes = tuple((channel, maker.pick("opt_in", "opt_out", "none")) for channel in CHANNELS)
    workspace = ConditionSettings(maker.pick("UTC", "Europe/Paris", "America/Havana"), modes)
    compiler = Compiler({"first": parse_condition({"type": "did", "event": "A", "within": "1d"})}, workspace)
    sources = [maker.condition() if n % 2 else maker.leaf() for n in range(CONDITIONS)]
    bundle = Bundle([parse_condition(source) for source in sources], compiler)
    if not dates and bundle.needs.others:  # what is asked alone may need dates, which this engine refuses
        sources = [s for s in sources if not Bundle([parse_condition(s)], compiler).needs.others]
        bundle = Bundle([parse_condition(source) for source in sources], compiler)
    answers, known = bundle.ask(warehouse, world.asked())
    seen = {row.profile_id: row.seq for row in reversed(world.profiles)}
    assert known.tolist() == [profile in seen and seen[profile] <= seq for profile, _, seq in world.moments]
    for source, actual in zip(sources, answers, strict=True):
        expected = slow.ask(compiler.compile(parse_condition(source)), world.asked())
        differ = [m for m, e, a in zip(world.moments, expected, actual.tolist(), strict=True) if e != a]
        assert not differ, (source, differ[0])
    everybody_agrees(slow, warehouse, sources, compiler, maker.instant())


def everybody_agrees(slow: Warehouse, warehouse: Warehouse, sources: list[Any], compiler: Compiler, at: int) -> None:
    """The same of all people at one instant, read in ranges."""
    named = {f"c{place}": parse_condition(source) for place, source in enumerate(sources)}
    with mock.patch.object(everybody, "PEOPLE_AT_ONCE", 7):
        found = dict(everybody.find_members(warehouse, Compiler(compiler.segments | named, compiler.settings), list(named), at))
    for (name, condition), source in zip(named.items(), sources, strict=True):
        assert found[name].tolist() == slow.members(compiler.compile(condition), at), (source, at)


@settings(made_at_random, max_examples=2 * EXAMPLES)
@given(seed=st.integers(0, 1 << 60))
def test_duckdb_agrees_with_the_plain_reading(seed: int) -> None:
    warehouse = open_warehouse("duckdb://")
    try:
        compare(warehouse, seed, dates=True)
    finally:
        warehouse.close()


@settings(made_at_random, max_examples=EXAMPLES)
@given(seed=st.integers(0, 1 << 60))
def test_clickhouse_agrees_with_the_plain_reading(clickhouse: Warehouse, seed: int) -> None:
    clickhouse.start_over()
    compare(clickhouse, seed, dates=False)


def test_nothing_is_asked_of_nobody() -> None:
    warehouse = open_warehouse("duckdb://")
    bundle = Bundle([parse_condition({"type": "did", "event": "A"})], Compiler())
    answers, known = bundle.ask(warehouse, Moments([], [], []))
    assert answers.shape == (1, 0)
    assert known.shape == (0,)
    warehouse.close()


def test_plain_python_reads_no_statements() -> None:
    with pytest.raises(UnsupportedByEngine):
        Bundle([parse_condition({"type": "did", "event": "A"})], Compiler()).ask(
            open_warehouse("memory://"), Moments([1], [1], [1])
        )
