"""Archived segments: every engine, the plain reading and the reading by columns agree, before the instant and after it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.conditions.columns.bundle import Bundle
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.evaluate import View, holds
from relance.conditions.model import ARCHIVE_PREFIX, ConditionSettings, Frozen, InSegment, Not
from relance.conditions.moves import next_change
from relance.conditions.read import parse_condition
from relance.warehouse import FAR_SEQ, ListRow, open_warehouse

from .test_conditions import EXAMPLES
from .worlds import Maker

if TYPE_CHECKING:
    from relance.conditions import model
    from relance.warehouse import Warehouse


def compare(warehouse: Warehouse, seed: int, *, dates: bool) -> None:
    """Freeze a segment, and ask all of its members at moments around that instant."""
    maker = Maker(Random(seed), dates=dates)
    world = maker.world(80)
    slow = open_warehouse("memory://")
    world.load(slow)
    at, live = maker.instant(), parse_condition(maker.condition())
    first = parse_condition({"type": "did", "event": "A", "within": "1d"})
    compiler = Compiler({"old": Frozen("old", at, live), "first": first}, ConditionSettings("Europe/Paris"))
    before = Compiler({"old": live, "first": first}, compiler.settings)
    kept = slow.members(before.segment("old"), at)
    rows = [ListRow(profile_id, 0, at, ARCHIVE_PREFIX + "old", member=True, tick=2) for profile_id in kept]
    world.load(warehouse)
    for one in (slow, warehouse):
        one.begin(2)
        one.add_facts("list_history", rows)
        one.commit()

    trees: list[model.Condition] = [InSegment("old"), Not(InSegment("old"))]
    moments = world.asked()
    for tree in trees:
        question = compiler.compile(tree)
        expected = slow.ask(question, moments)
        assert expected == warehouse.ask(question, moments), (seed, live)
        for now in (at - 1, at, at + 1, maker.instant()):
            assert slow.members(question, now) == warehouse.members(question, now), (seed, live)
    if warehouse.dialect == "duckdb":
        answers, known = Bundle(trees, compiler).ask(warehouse, moments)
        for place, tree in enumerate(trees):
            truth = slow.ask(compiler.compile(tree), moments)
            assert [t for t, k in zip(truth, known, strict=True) if k] == answers[place][known].tolist(), (seed, live)
    check_meaning(slow, compiler, before, at, set(kept))


def check_meaning(slow: Warehouse, compiler: Compiler, before: Compiler, at: int, kept: set[int]) -> None:
    """Before the instant the condition decides, from then on who was in it at it."""
    frozen, live = compiler.segment("old"), before.segment("old")
    assert slow.members(live, at - 1) == slow.members(frozen, at - 1)
    for later in (at, at + 1, at + 10**15):
        assert sorted(kept) == slow.members(frozen, later)
    for person in slow.people(slow.members(live, at)[:3]):
        view = View(person, at, FAR_SEQ, compiler.settings, compiler.segments)
        assert next_change(InSegment("old"), view) is None
        assert holds(InSegment("old"), view)


@settings(max_examples=EXAMPLES, deadline=None, report_multiple_bugs=False, database=None)
@given(seed=st.integers(0, 1 << 60))
def test_duckdb_agrees_with_the_plain_reading(seed: int) -> None:
    warehouse = open_warehouse("duckdb://")
    try:
        compare(warehouse, seed, dates=True)
    finally:
        warehouse.close()


@pytest.mark.parametrize("seed", range(3))
def test_clickhouse_agrees_with_the_plain_reading(clickhouse: Warehouse, seed: int) -> None:
    compare(clickhouse, seed, dates=False)
