"""What every warehouse does: ticks, merges, crash recovery, and what is known at an instant."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from relance.conditions.compiling.compiler import Compiler
from relance.conditions.read import parse_condition
from relance.errors import InvalidCondition, UnsupportedByEngine, WarehouseError
from relance.warehouse import (
    FAR_SEQ,
    ConsentRow,
    EventRow,
    JourneyRow,
    ListRow,
    MessageRow,
    Moments,
    ProfileRow,
    ScoreRow,
    SuppressionRow,
    open_warehouse,
)
from relance.warehouse.base import FACTS

if TYPE_CHECKING:
    from pathlib import Path

    from relance.warehouse import Warehouse

EVERYONE = {"type": "all", "of": []}
WRITABLE = {"type": "can_receive", "channel": "email"}
LISTED = {"type": "in_list", "list": "l"}
BOUGHT = {"type": "did", "event": "Order Completed"}
OPENED = {"type": "did", "event": "Email Opened"}


def ask(warehouse: Warehouse, source: dict[str, Any], *moments: tuple[int, int, int]) -> list[bool]:
    return warehouse.ask(Compiler().compile(parse_condition(source)), Moments(*zip(*moments, strict=True)))


def members(warehouse: Warehouse, source: dict[str, Any], at: int = 10_000, seq: int | None = None) -> list[int]:
    return warehouse.members(Compiler().compile(parse_condition(source)), at, seq)


def profile(
    profile_id: int, seq: int, tick: int, traits: dict[str, Any] | None = None, email: str | None = "x@example.com"
) -> ProfileRow:
    return ProfileRow(
        profile_id, seq, seq, traits or {}, f"u{profile_id}", None, email, email is not None, None, False, None, 0, tick
    )


# What the properties of an open may say, and whether a machine made it.
MARKS: list[tuple[Any, bool]] = [
    (True, True), (False, False), (None, False), ("true", False), (1, False), ({"machine": True}, False),
    ([True], True), ([None, "x", True], True), ([], False), (["true"], False), ([[True]], False), ([{"machine": True}], False),
]  # fmt: skip


def opened_by(marks: list[tuple[Any, bool]]) -> list[EventRow]:
    """An open of a profile of its own for each mark."""
    told = [{"n": "é", "machine": mark} for mark, _ in marks]
    return [EventRow(n, 100 + n, 100, 100, "Email Opened", properties, n, 1) for n, properties in enumerate(told)]


def order(profile_id: int, seq: int, tick: int, at: int = 100) -> EventRow:
    return EventRow(profile_id, seq, at, seq, "Order Completed", {"total": 5}, seq, tick)


def consent(profile_id: int, seq: int, tick: int, state: str = "subscribed") -> ConsentRow:
    return ConsentRow(profile_id, seq, seq, seq, "email", "", state, tick)


def test_an_empty_warehouse(warehouse: Warehouse) -> None:
    assert (0, 0, 0) == (warehouse.last_tick(), warehouse.position(), warehouse.seq_known_at(FAR_SEQ))
    assert [] == members(warehouse, EVERYONE)
    assert [] == warehouse.ask(Compiler().compile(parse_condition(EVERYONE)), Moments([], [], []))
    assert [] == warehouse.people([1])
    assert {"events", "profile_history", "consent_history", "suppression_history", *FACTS} == warehouse.counts().keys()
    assert {0} == set(warehouse.counts().values())


def test_a_tick_sees_what_it_added(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1), profile(2, 2, 1)])
    warehouse.add_events([order(1, 3, 1)])
    assert [1] == members(warehouse, BOUGHT)
    warehouse.add_events([order(2, 4, 1)])
    assert [1, 2] == members(warehouse, BOUGHT)
    warehouse.commit()

    assert [1, 2] == members(warehouse, BOUGHT)
    assert (1, 4, 4) == (warehouse.last_tick(), warehouse.position(), warehouse.seq_known_at(10_000))
    assert 3 == warehouse.seq_known_at(3)


def test_rollback_takes_a_tick_back(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1)])
    warehouse.commit()
    before = warehouse.counts()

    warehouse.begin(2)
    warehouse.add_profile_history([profile(1, 5, 2, {"plan": "pro"}), profile(2, 5, 2)])
    warehouse.add_events([order(1, 5, 2)])
    warehouse.add_consent_history([consent(1, 5, 2)])
    warehouse.add_suppressions([SuppressionRow("email", "x@example.com", 5, True, 2)])
    warehouse.rollback()

    assert before == warehouse.counts()
    assert [1] == members(warehouse, EVERYONE)
    assert [] == members(warehouse, {"type": "trait", "path": "plan", "op": "is_set"})
    assert 1 == warehouse.last_tick()


def test_the_state_in_force_is_that_of_the_moment(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history(
        [profile(1, 10, 1, {"plan": "free"}), profile(1, 20, 1, {"plan": "pro"}), profile(1, 20, 1, {"plan": "top"})]
    )
    warehouse.commit()
    warehouse.begin(2)
    warehouse.add_profile_history([profile(1, 30, 2, {"plan": "gone"})])
    warehouse.commit()

    def plan(seq: int) -> str:
        plans = ["free", "pro", "top", "gone"]
        found = [p for p in plans if ask(warehouse, {"type": "trait", "path": "plan", "op": "eq", "value": p}, (1, 0, seq))[0]]
        return "".join(found)

    assert ["", "free", "free", "top", "top", "gone", "gone"] == [plan(seq) for seq in (9, 10, 19, 20, 29, 30, FAR_SEQ)]
    assert [1] == members(warehouse, {"type": "trait", "path": "plan", "op": "eq", "value": "free"}, seq=15)
    assert [] == members(warehouse, EVERYONE, seq=9)
    assert [1] == members(warehouse, {"type": "trait", "path": "plan", "op": "eq", "value": "gone"}, seq=FAR_SEQ)


def test_suppression_is_of_the_address_over_all_profiles(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1), profile(2, 2, 1), profile(3, 3, 1, email="other@example.com")])
    warehouse.add_consent_history([consent(1, 4, 1), consent(2, 5, 1), consent(3, 6, 1)])
    warehouse.add_suppressions(
        [SuppressionRow("email", "x@example.com", 10, True, 1), SuppressionRow("email", "x@example.com", 20, False, 1)]
    )
    warehouse.commit()

    assert [[1, 2, 3], [3], [1, 2, 3]] == [members(warehouse, WRITABLE, seq=seq) for seq in (9, 15, 20)]
    assert [1, 2, 3] == members(warehouse, WRITABLE)
    assert [True, False, True] == ask(warehouse, WRITABLE, (2, 0, 9), (2, 0, 10), (2, 0, 20))


def test_merged_profiles_have_one_history(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history(
        [profile(1, 1, 1, {"seen": "anonymous"}), profile(2, 5, 1, {"plan": "pro"}), profile(1, 7, 1, {"seen": "later"})]
    )
    warehouse.add_events([order(1, 2, 1), order(2, 6, 1)])
    warehouse.add_consent_history([consent(1, 3, 1), consent(2, 8, 1, "unsubscribed")])
    warehouse.add_facts("list_history", [ListRow(1, 4, 0, "l", member=True, tick=1)])
    warehouse.add_facts("message_history", [MessageRow(1, 4, 0, "m1", "journey:j", "one", "sent", 1)])
    warehouse.add_facts("journey_history", [JourneyRow(1, 4, 0, 7, "j", "one", "", "active", 1)])
    warehouse.add_facts("score_history", [ScoreRow(1, 4, 0, "p", 60.0, "medium", 1)])
    warehouse.commit()
    warehouse.begin(2)
    warehouse.unite([(1, 2)])
    warehouse.add_profile_history([profile(2, 9, 2, {"plan": "pro", "seen": "later"})])
    warehouse.commit()

    assert [2] == members(warehouse, EVERYONE)
    assert [2] == members(warehouse, {**BOUGHT, "times": {"eq": 2}})
    assert [True, False] == ask(
        warehouse, {"type": "trait", "path": "seen", "op": "eq", "value": "anonymous"}, (2, 0, 4), (2, 0, 5)
    )
    assert [False, False, True] == ask(
        warehouse, {"type": "trait", "path": "seen", "op": "eq", "value": "later"}, (2, 0, 7), (2, 0, 8), (2, 0, 9)
    )
    assert [True, False] == ask(warehouse, {"type": "subscribed", "channel": "email"}, (2, 0, 7), (2, 0, 8))
    for source in (
        LISTED,
        {"type": "message", "source": "journey:j", "step": "one"},
        {"type": "journey", "journey": "j", "step": "one"},
        {"type": "predicted", "prediction": "p", "score": {"eq": 60}},
    ):
        assert [False, True, False] == ask(warehouse, source, (2, 0, 3), (2, 0, 4), (1, 0, 4))
    [person] = warehouse.people([1, 2])
    assert [(2, 4)] * 4 == [(row.profile_id, row.seq) for table in FACTS for row in person.facts(table)]
    assert [1, 5, 9] == [row.seq for row in person.states]
    assert [2, 6] == [row.seq for row in person.events]
    assert ([2], []) == (warehouse.find_profiles("u2"), warehouse.find_profiles("u1"))


def test_what_a_committed_tick_had_stays_when_more_of_it_fails(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1), profile(2, 2, 1)])
    warehouse.add_facts("list_history", [ListRow(1, 0, 5, "l", member=True, tick=1)])
    warehouse.commit()

    warehouse.begin(1)
    warehouse.add_facts("list_history", [ListRow(1, 0, 5, "l", member=True, tick=1)])
    warehouse.rollback()

    assert [1] == members(warehouse, LISTED)
    warehouse.begin(2)
    warehouse.add_facts("list_history", [ListRow(2, 0, 6, "l", member=True, tick=2)])
    warehouse.rollback()
    assert [1] == members(warehouse, LISTED)


def test_merges_may_follow_each_other_in_one_tick(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n, 1) for n in (1, 2, 3)])
    warehouse.add_events([order(1, 4, 1)])
    warehouse.unite([(1, 2), (2, 3)])
    warehouse.commit()

    assert [3] == members(warehouse, BOUGHT)


@pytest.mark.parametrize("warehouse", ["duckdb", "clickhouse"], indirect=True)
def test_ticks_the_store_never_heard_of_are_forgotten(warehouse: Warehouse) -> None:
    for tick in (1, 2, 3):
        warehouse.begin(tick)
        warehouse.add_profile_history([profile(1, tick * 10, tick, {"tick": tick})])
        warehouse.add_events([order(1, tick * 10 + 1, tick)])
        warehouse.add_consent_history([consent(1, tick * 10 + 2, tick, "subscribed" if tick < 2 else "unsubscribed")])
        warehouse.add_suppressions([SuppressionRow("email", "x@example.com", tick * 10 + 3, tick > 1, tick)])
        warehouse.add_facts("list_history", [ListRow(1, tick * 10 + 4, tick, "l", tick < 2, tick)])
        warehouse.commit()
    assert [] == members(warehouse, WRITABLE)
    assert [] == members(warehouse, LISTED)

    warehouse.forget_after(1)
    warehouse.forget_after(1)

    assert (1, 11) == (warehouse.last_tick(), warehouse.position())
    assert [1] == members(warehouse, WRITABLE)
    assert [1] == members(warehouse, {"type": "trait", "path": "tick", "op": "eq", "value": 1})
    assert [1] == members(warehouse, LISTED)
    assert {name for name, n in warehouse.counts().items() if n == 1} == {
        "events", "profile_history", "consent_history", "suppression_history", "list_history",
    }  # fmt: skip
    warehouse.begin(2)
    warehouse.add_profile_history([profile(1, 20, 2, {"tick": "again"})])
    warehouse.commit()
    assert [True, True] == ask(
        warehouse, {"type": "trait", "path": "tick", "op": "in", "value": [1, "again"]}, (1, 0, 19), (1, 0, 20)
    )


def test_opens_by_machines_do_not_count(warehouse: Warehouse) -> None:
    opens = opened_by([*MARKS, (None, False), (None, False)])
    nested, quoted = {"a": {"machine": True}}, '{"a":"\\"machine\\":true"}'
    opens[-2:] = [opens[-2]._replace(properties=nested), opens[-1]._replace(properties=quoted)]
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n, 1) for n in range(len(opens))])
    warehouse.add_events(opens)
    warehouse.commit()

    people = [*(n for n, (_, machine) in enumerate(MARKS) if not machine), len(MARKS), len(MARKS) + 1]
    assert people == members(warehouse, OPENED)
    assert people == members(warehouse, {**OPENED, "where": [{"path": "machine", "op": "ne", "value": True}]})
    everybody_but_1 = [n for n in range(len(opens)) if n != 4]
    assert everybody_but_1 == members(warehouse, {**OPENED, "where": [{"path": "machine", "op": "ne", "value": 1}]})


@pytest.mark.parametrize("engine", ["duckdb", "clickhouse"])
def test_what_was_loaded_before_machines_had_a_column(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, chdb_url: str
) -> None:
    url = f"duckdb:///{tmp_path}/w.duckdb" if engine == "duckdb" else f"{chdb_url}?database=old"
    old: Any = open_warehouse(url)
    old.begin(1)
    old.add_profile_history([profile(n, n, 1) for n in range(len(MARKS))])
    old.add_events(opened_by(MARKS))
    old.commit()
    change = old._writer.execute if engine == "duckdb" else old._client.command
    change("ALTER TABLE events DROP COLUMN machine")
    if engine == "duckdb":
        change("COMMENT ON TABLE loaded IS 'of an earlier release'")
    old.close()

    warehouse = open_warehouse(url)
    warehouse.begin(2)
    warehouse.add_events([row._replace(profile_id=0, seq=200, tick=2) for row in opened_by([(True, True)])])
    warehouse.commit()
    assert [n for n, (_, machine) in enumerate(MARKS) if not machine] == members(warehouse, OPENED)
    warehouse.close()


def test_numbers_no_engine_can_keep_are_tamed(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1, {"big": 10**30, "huge": 10**400, "nul": "a\0b", "é": {'q"': [10**25]}})])
    warehouse.commit()

    assert [1] == members(warehouse, {"type": "trait", "path": "big", "op": "eq", "value": 10**30})
    assert [1] == members(warehouse, {"type": "trait", "path": 'é.q"', "op": "gt", "value": 10**24})
    assert [1] == members(warehouse, {"type": "trait", "path": "nul", "op": "eq", "value": "a\0b"})


def test_segments_go_round_in_circles() -> None:
    around = {
        name: parse_condition({"type": "not", "of": {"type": "in_segment", "segment": other}}) for name, other in ("ab", "ba")
    }
    with pytest.raises(InvalidCondition, match="b → a → b"):
        Compiler(around).segment("b")
    with pytest.raises(InvalidCondition, match="no segment 'c'"):
        Compiler(around).segment("c")


def test_clickhouse_refuses_what_it_can_not_do_exactly(clickhouse: Warehouse) -> None:
    with pytest.raises(UnsupportedByEngine):
        members(clickhouse, {"type": "trait", "path": "renewal", "op": "within_next", "value": "7d"})


def test_other_threads_read_what_is_committed(tmp_path: Path) -> None:
    warehouse = open_warehouse(f"duckdb:///{tmp_path}/w.duckdb")
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1)])
    warehouse.commit()
    warehouse.begin(2)
    warehouse.add_profile_history([profile(2, 2, 2)])
    seen: list[list[int]] = []

    def look() -> None:
        seen.append(members(warehouse, EVERYONE))
        seen.append(members(warehouse, {"type": "trait", "path": "x", "op": "eq", "value": "ẞ", "ignore_case": True}))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert [1, 2] == members(warehouse, EVERYONE)
    assert [] == members(warehouse, {"type": "trait", "path": "x", "op": "eq", "value": "ẞ", "ignore_case": True})
    warehouse.commit()
    warehouse.close()

    assert [[1], []] == seen


def test_a_damaged_file_is_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    warehouse = open_warehouse(f"duckdb:///{path}")
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n, 1) for n in range(1, 2000)])
    warehouse.commit()
    warehouse.close()
    path.write_bytes(b"nothing that DuckDB wrote" * 1000)

    with pytest.raises(WarehouseError, match="damaged"):
        open_warehouse(f"duckdb:///{path}")
    again = open_warehouse(f"duckdb:///{path}", quarantine=True)

    assert (0, 0) == (again.last_tick(), again.position())
    assert (tmp_path / "w.duckdb.damaged-1").exists()
    again.close()


def test_damage_inside_a_file_is_found_and_the_file_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    warehouse = open_warehouse(f"duckdb:///{path}")
    warehouse.begin(1)
    warehouse.add_profile_history([profile(n, n, 1, {"text": f"{n * n}"}) for n in range(1, 20_000)])
    warehouse.commit()
    warehouse.verify()
    warehouse.close()
    path.write_bytes(path.read_bytes()[: -path.stat().st_size // 2])

    with pytest.raises(WarehouseError) as caught:
        open_warehouse(f"duckdb:///{path}").verify()
    assert caught.value.context["damaged"]


def test_starting_over(warehouse: Warehouse) -> None:
    warehouse.begin(1)
    warehouse.add_profile_history([profile(1, 1, 1)])
    warehouse.commit()
    warehouse.verify()
    warehouse.start_over()

    assert (0, 0) == (warehouse.last_tick(), warehouse.position())
    assert [] == members(warehouse, EVERYONE)
    warehouse.begin(1)
    warehouse.add_profile_history([profile(2, 1, 1)])
    warehouse.commit()
    assert [2] == members(warehouse, EVERYONE)


def test_what_a_file_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/w.duckdb"
    warehouse: Any = open_warehouse(url)
    warehouse.begin(7)
    warehouse.add_profile_history([profile(1, 1, 7)])
    warehouse.add_events([order(1, 2, 7)])
    warehouse.commit()
    warehouse.reopen()
    assert [1] == members(warehouse, BOUGHT)
    warehouse.begin(8)
    warehouse.add_events([order(1, 3, 8)])
    warehouse.close()

    again = open_warehouse(url)
    assert (7, 2) == (again.last_tick(), again.position())
    again.close()


@pytest.mark.parametrize("url", ["postgresql://x", "warehouse.duckdb", "duckdb:////proc/nowhere/w.duckdb"])
def test_a_warehouse_that_can_not_be_opened(url: str) -> None:
    with pytest.raises(WarehouseError):
        open_warehouse(url)
