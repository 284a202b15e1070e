"""What a warehouse takes back: merges, and ticks that did not come to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.warehouse import ListRow, open_warehouse
from tests.contract.warehouse.test_warehouse import BOUGHT, EVERYONE, ask, consent, members, order, profile

if TYPE_CHECKING:
    from pathlib import Path

    from relance.warehouse import Warehouse


def lives(warehouse: Warehouse) -> list[object]:
    """All that is known of everybody, and how many rows there are."""
    return [*sorted(warehouse.people(range(1, 9)), key=lambda p: p.profile_id), warehouse.counts(), warehouse.position()]


def merge_in_a_tick(warehouse: Warehouse, tick: int) -> None:
    """Two merges, the second of whom was kept by the first, with news of each before, between and after."""
    warehouse.begin(tick)
    warehouse.add_profile_history([profile(1, 40, tick, {"n": 40}), profile(2, 41, tick, {"n": 41})])
    warehouse.add_events([order(1, 42, tick)])
    warehouse.add_consent_history([consent(2, 43, tick, "unsubscribed")])
    warehouse.unite([(1, 2)])
    warehouse.add_profile_history([profile(2, 44, tick, {"n": 44})])
    warehouse.add_events([order(2, 45, tick)])
    warehouse.unite([(2, 3)])
    warehouse.add_profile_history([profile(3, 46, tick, {"n": 46}), profile(4, 47, tick)])


@pytest.mark.parametrize("ends", ["rolled back", "committed"])
def test_a_merge_can_be_taken_back(warehouse: Warehouse, ends: str) -> None:
    """Done again it comes to the same end as when it was done once."""
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n * 10 + k, 1, {"n": n, "k": k}) for n in (1, 2, 3) for k in (0, 1)])
    warehouse.add_events([order(n, n * 10 + 2, 1) for n in (1, 2, 3)])
    warehouse.add_consent_history([consent(n, n * 10 + 3, 1) for n in (1, 2, 3)])
    warehouse.add_facts("list_history", [ListRow(1, 14, 0, "l", member=True, tick=1)])
    warehouse.commit()
    warehouse.begin(2)
    warehouse.unite([(4, 5)])  # whose rows nobody needs any more
    warehouse.commit()
    before = lives(warehouse)
    for _ in range(2):
        merge_in_a_tick(warehouse, 3)
        if ends == "committed":
            warehouse.commit()
            warehouse.forget_after(2)
        else:
            warehouse.rollback()

        assert (2, before) == (warehouse.last_tick(), lives(warehouse))
    assert [False, True] == ask(warehouse, {"type": "trait", "path": "n", "op": "eq", "value": 2}, (3, 0, 21), (2, 0, 21))

    merge_in_a_tick(warehouse, 3)
    warehouse.commit()

    assert [3, 4] == members(warehouse, EVERYONE)
    assert [3] == members(warehouse, {**BOUGHT, "times": {"eq": 5}})
    assert [True, False, True] == ask(
        warehouse, {"type": "trait", "path": "n", "op": "in", "value": [1, 46]}, (3, 0, 19), (3, 0, 30), (3, 0, 46)
    )


def test_merges_of_several_ticks_are_taken_back_by_the_log_alone(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n, 1) for n in (1, 2, 3)])
    warehouse.commit()
    for tick, pair in ((2, (1, 2)), (3, (2, 3))):
        warehouse.begin(tick)
        warehouse.unite([pair])
        warehouse.commit()

    warehouse.forget_after(1)

    assert warehouse.last_tick() != 1
    assert {0} == set(warehouse.counts().values())


@pytest.mark.parametrize("engine", ["memory", "duckdb", "clickhouse"])
def test_a_tick_that_was_cut_short_leaves_nothing(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Its process was killed, so nobody could take it back: whoever opens the warehouse next does, or the next tick."""
    if engine == "clickhouse":
        url = f"{request.getfixturevalue('chdb_url')}?database=cut_short"
    else:
        url = {"memory": "memory://", "duckdb": f"duckdb:///{tmp_path}/w.duckdb"}[engine]
    warehouse = open_warehouse(url)
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n, 1) for n in (1, 2, 3)])
    warehouse.add_events([order(1, 4, 1)])
    warehouse.commit()
    before = lives(warehouse)
    merge_in_a_tick(warehouse, 2)
    if engine == "memory":
        warehouse.rollback()  # it ends with its process
    else:
        warehouse.close()
        warehouse = open_warehouse(url)

    warehouse.forget_after(1)

    assert (1, before) == (warehouse.last_tick(), lives(warehouse))
    warehouse.close()
