"""Each template of segments has exactly the members one expects, on every engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from relance.conditions.clauses import DATE_OPS
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.model import Did, Trait, walk
from relance.errors import UnsupportedByEngine
from relance.segments.templates import TEMPLATES, fill_template, find_template
from relance.warehouse import Warehouse, open_warehouse
from tests.contract.segments import cases_buying, cases_others
from tests.contract.segments.people import NOW, Case, World

CASES: list[Case] = [
    *cases_buying.ESPRESSO, *cases_buying.LIFECYCLE, *cases_buying.VALUE,
    *cases_others.INTEREST, *cases_others.ENGAGEMENT, *cases_others.REACH, *cases_others.OCCASION,
]  # fmt: skip


@pytest.fixture(scope="module", params=["memory", "duckdb", "clickhouse"])
def peopled(request: pytest.FixtureRequest) -> Iterator[tuple[Warehouse, World]]:
    """The people of all cases, on each engine."""
    if request.param == "clickhouse":
        url = f"{request.getfixturevalue('chdb_url')}?database=segment_templates"
    else:
        url = "memory://" if request.param == "memory" else "duckdb://"
    world, opened = World(CASES), open_warehouse(url)
    world.load(opened)
    yield opened, world
    opened.close()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[str(case) for case in CASES])
def test_members(peopled: tuple[Warehouse, World], number: int) -> None:
    warehouse, world = peopled
    case = CASES[number]
    where = fill_template(find_template(case.template), case.parameters).where.tree
    question = Compiler().compile(where)
    names = {who: name for (case_number, name), who in world.ids.items() if case_number == number}
    asks_dates = any(leaf.clause.op in DATE_OPS for leaf in walk(where) if isinstance(leaf, Trait))
    asks_days = any(isinstance(leaf, Did) and not isinstance(leaf.window.since, int | None) for leaf in walk(where))
    if warehouse.dialect == "clickhouse" and (asks_dates or asks_days):
        with pytest.raises(UnsupportedByEngine):
            warehouse.members(question, NOW)
        return

    members = set(warehouse.members(question, NOW))
    assert sorted(case.inside) == sorted(name for who, name in names.items() if who in members)


def test_every_template_is_tested_with_people_inside_and_near_misses() -> None:
    assert sorted(TEMPLATES) == sorted({case.template for case in CASES})
    assert [] == [name for name in TEMPLATES if not any(case.inside and case.outside for case in CASES if case.template == name) and name != "random-sample"]  # fmt: skip
