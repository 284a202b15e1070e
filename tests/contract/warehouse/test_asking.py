"""Several questions asked at once, of all people or of a part of them, and questions that are taken back."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from relance.conditions.compiling.compiler import CompiledCondition, Compiler
from relance.conditions.read import parse_condition
from relance.errors import QuestionDropped, UnsupportedByEngine
from relance.warehouse import ConsentRow, EventRow, ListRow, ProfileRow, SuppressionRow, open_warehouse
from relance.warehouse.asking import Asking
from relance.warehouse.engines import clickhouse as clickhouse_engine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from relance.warehouse import Warehouse

EVERYONE: dict[str, Any] = {"type": "all", "of": []}
EVEN = {"type": "trait", "path": "n", "op": "in", "value": list(range(0, 100, 2))}
BOUGHT = {"type": "did", "event": "Order Completed"}
LISTED = {"type": "in_list", "list": "l"}
WRITABLE = {"type": "can_receive", "channel": "email"}
N = 40


def question(source: dict[str, Any]) -> CompiledCondition:
    return Compiler().compile(parse_condition(source))


def load(warehouse: Warehouse) -> None:
    """Forty people: n modulo something is what each does."""
    warehouse.begin(1)
    warehouse.add_profile_history(
        [
            ProfileRow(n, n + 1, n + 1, {"n": n}, f"u{n}", None, f"u{n}@example.com", True, None, False, None, 0, 1)
            for n in range(N)
        ]
    )
    warehouse.add_events([EventRow(n, 100 + n, 5, 5, "Order Completed", {}, n, 1) for n in range(0, N, 3)])
    warehouse.add_facts("list_history", [ListRow(n, 0, 5, "l", member=True, tick=1) for n in range(0, N, 5)])
    warehouse.add_consent_history([ConsentRow(n, 200 + n, 5, 5, "email", "", "subscribed", 1) for n in range(0, N, 4)])
    warehouse.add_suppressions([SuppressionRow("email", "u0@example.com", 300, True, 1)])
    warehouse.commit()


SOURCES: list[dict[str, Any]] = [EVEN, BOUGHT, LISTED, WRITABLE]


def regions_of(people: Iterable[int]) -> dict[int, int]:
    """What the four questions say of some people."""
    bits = ((n % 2 == 0) + 2 * (n % 3 == 0) + 4 * (n % 5 == 0) + 8 * (n % 4 == 0 and n != 0) for n in people)
    return {key: n for key, n in Counter(bits).items() if key}


def test_regions_count_each_combination(warehouse: Warehouse) -> None:
    load(warehouse)

    assert regions_of(range(N)) == warehouse.regions([question(source) for source in SOURCES], 10)
    assert {1: 10} == warehouse.regions([question(EVERYONE)], 10, seq=10)


def test_of_a_part_of_the_people_the_same_is_said_as_of_all(warehouse: Warehouse) -> None:
    load(warehouse)
    part = []
    for n in range(N):
        one = question({"type": "trait", "path": "n", "op": "eq", "value": n})
        part += [n] if warehouse.regions([one], 10, halvings=1) else []

    assert 0 < len(part) < N
    assert regions_of(part) == warehouse.regions([question(source) for source in SOURCES], 10, halvings=1)


def test_every_person_is_in_one_part_in_so_many(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history(
        [ProfileRow(n, n, n, {}, f"u{n}", None, None, False, None, False, None, 0, 1) for n in range(1, 4001)]
    )
    warehouse.commit()

    found = warehouse.regions([question(EVERYONE)], 10, halvings=3)

    assert 400 <= found[1] <= 600  # 500; five standard deviations are 105


def test_member_ids_are_the_members(warehouse: Warehouse) -> None:
    load(warehouse)

    assert warehouse.members(question(BOUGHT), 10) == list(warehouse.member_ids(question(BOUGHT), 10))
    assert warehouse.members(question(BOUGHT), 10) == list(warehouse.member_ids(question(BOUGHT), 10, None, Asking()))
    assert {1: N} == warehouse.regions([question(EVERYONE)], 10, asking=Asking())
    assert list(range(10)) == list(warehouse.member_ids(question(EVERYONE), 10, 10))


def test_states_are_those_in_force(warehouse: Warehouse) -> None:
    load(warehouse)
    warehouse.begin(2)
    warehouse.add_profile_history([ProfileRow(3, 500, 500, {"n": "new"}, "u3", None, None, False, None, False, None, 0, 2)])
    warehouse.commit()

    def traits(seq: int | None = None) -> list[Any]:
        rows = warehouse.states([7, 3, 99], seq)
        return [(r.profile_id, str(r.traits).replace(" ", "").replace("'", '"')) for r in rows]

    assert [(3, '{"n":"new"}'), (7, '{"n":7}')] == traits()
    assert [(3, '{"n":3}'), (7, '{"n":7}')] == traits(400)
    assert [(3, '{"n":3}')] == traits(4)
    assert [] == warehouse.states([])


def test_what_is_taken_back_is_not_begun(warehouse: Warehouse) -> None:
    load(warehouse)
    asking = Asking()
    asking.drop()

    with pytest.raises(QuestionDropped):
        warehouse.regions([question(EVEN)], 10, asking=asking)
    with pytest.raises(QuestionDropped):
        warehouse.member_ids(question(EVEN), 10, None, asking)


class Endless:
    """A question that DuckDB does not answer in our time."""

    def sql(self, _dialect: str, _shape: str) -> str:
        many = " CROSS JOIN ".join(f"range(1000) AS r{n}(v{n})" for n in range(6))
        return f"SELECT sum(v0 * v1 + v5) AS profile_id FROM {many}"

    def holds(self, *_: object) -> bool:
        raise NotImplementedError


def test_what_runs_is_interrupted_and_nothing_else(tmp_path: Path) -> None:
    warehouse = open_warehouse(f"duckdb:///{tmp_path}/w.duckdb")
    load(warehouse)
    asking, errors = Asking(), []

    def ask() -> None:
        try:
            warehouse.member_ids(Endless(), 10, None, asking)
        except QuestionDropped as e:
            errors.append(e)

    thread = threading.Thread(target=ask)
    thread.start()
    while thread.is_alive():  # a statement that has just begun may miss it
        asking.drop()
        thread.join(0.01)

    assert 1 == len(errors)
    asking.drop()  # nothing runs any more: nothing happens
    assert {1: N} == warehouse.regions([question(EVERYONE)], 10, asking=Asking())
    assert N == warehouse.count(question(EVERYONE), 10)
    warehouse.close()


class EndlessOnClickHouse:
    """A question that ClickHouse does not come to the end of."""

    def sql(self, dialect: str, shape: str) -> str:
        return "SELECT toInt64(number) AS profile_id FROM numbers(1000000000000) WHERE sipHash64(number) = 1"

    def holds(self, person: object, at: int, seq: int) -> bool:
        raise NotImplementedError


def test_clickhouse_gives_up_what_takes_too_long(clickhouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clickhouse_engine, "MOST_SECONDS", 1)
    load(clickhouse)

    with pytest.raises(QuestionDropped):
        clickhouse.member_ids(EndlessOnClickHouse(), 10, asking=Asking())

    assert N == len(clickhouse.member_ids(question(EVERYONE), 10, asking=Asking()))


def test_rows_are_read_in_pieces_of_some_people_or_of_all(warehouse: Warehouse) -> None:
    load(warehouse)
    statement = "SELECT profile_id, name FROM events WHERE received_at <= 5"
    if warehouse.dialect == "memory":
        with pytest.raises(UnsupportedByEngine):
            list(warehouse.pieces(statement))
        return

    some = f"{statement} AND profile_id IN (SELECT profile_id FROM people)"
    found = {None: list(warehouse.pieces(statement)), "some": list(warehouse.pieces(some, [0, 1, 6]))}

    read = {key: sorted(n for piece in pieces for n in piece.column("profile_id").to_pylist()) for key, pieces in found.items()}
    assert {None: list(range(0, N, 3)), "some": [0, 6]} == read
