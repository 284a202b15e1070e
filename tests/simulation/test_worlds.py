"""Simulated worlds: a few dozen in every run of the tests, thousands by `make simulation`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relance.testing.simulation.command import play, tell
from relance.testing.simulation.plan import Fault, make_plan
from relance.testing.simulation.shrink import shrink
from tests.simulation.plants import PLANTS

SEEDS = range(1, 19)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world(seed: int) -> None:
    """`python -m relance.testing.simulation --replay SEED --shrink` shows one that fails."""
    plan = make_plan(seed)

    report = play(plan)

    assert [] == report.violations, tell(plan, report)


def test_a_world_on_duckdb() -> None:
    """Few events: a statement costs DuckDB milliseconds. The crashes are those between its commit and the store's."""
    faults = (
        Fault("crash", "warehouse", 6, "after"),
        Fault("crash", "warehouse", 9, "before"),
        Fault("crash", "store", 12, "after"),
    )
    whole = make_plan(1001)
    plan = replace(whole, calm=False, events=whole.events[:5], faults=faults)

    report = play(plan, "duckdb")

    assert ([], 3) == (report.violations, len(report.fired)), tell(plan, report)


def test_a_world_on_postgresql(postgres_url: str) -> None:
    faults = (Fault("crash", "claim", 2, "after"), Fault("crash", "store", 12, "before"), Fault("crash", "log", 4, "after"))
    whole = make_plan(1003)
    plan = replace(whole, calm=False, events=whole.events[:5], faults=faults)

    report = play(plan, store_url=postgres_url)

    assert ([], 3) == (report.violations, len(report.fired)), tell(plan, report)


def test_a_seed_decides_everything() -> None:
    """Played twice, a world takes the same way, step by step."""
    plan = make_plan(8)

    first, second = (play(plan, traced=True) for _ in range(2))

    assert len(first.trace) > 500
    assert first.trace == second.trace
    assert first.state == second.state


def test_a_planted_fault_is_found_and_made_small() -> None:
    """The clients are told before the log is on the disk, and the process ends in between."""
    plant, rule = PLANTS["acknowledged before the disk"]
    whole = make_plan(3)
    crashes = tuple(Fault("crash", "log", nth, "before") for nth in (1, 2, 3, 4))
    plan = replace(whole, events=whole.events[:6], faults=(*crashes, Fault("crash", "store", 9, "after")), calm=False)
    with plant():
        report = play(plan)
        assert report.violations, "it was not found"
        small, found = shrink(plan, report, play)

    assert rule == found.violations[0].rule
    assert (1, True) == (len(small.faults), len(small.events) <= 2)
    assert "crash before log commit" in tell(small, found)
    assert [] == play(small).violations
