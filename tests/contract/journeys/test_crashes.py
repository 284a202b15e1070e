"""A tick happens whole or not at all, wherever it breaks; done again it comes to the same end (SEMANTICS 2, RELIABILITY 3)."""

from __future__ import annotations

from functools import cache
from itertools import count, pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest

from relance.definitions.load import load_text
from relance.definitions.store import apply, load_workspace
from relance.errors import StoreError
from relance.warehouse import open_warehouse
from tests.contract.journeys.breaking import BreakingStore, Broken
from tests.contract.journeys.random_worlds import END, Run, make_definitions, make_events
from tests.made_store import open_made

if TYPE_CHECKING:
    from relance.events.model import Event
    from relance.store import Database

SEED = 302
N_EVENTS = 40
SLICES = 4


def make_run(database: Database, warehouse_url: str) -> tuple[Run, BreakingStore]:
    store = BreakingStore(database)
    return Run(database, open_warehouse(warehouse_url), make_definitions(Random(SEED)), writing=store.writing), store


@cache
def all_events() -> tuple[Event, ...]:
    return tuple(make_events(Random(SEED), N_EVENTS))


def slices() -> list[tuple[int, int]]:
    """First and last event of each batch."""
    n = len(all_events())
    return list(pairwise([0, *(n * k // SLICES for k in range(1, SLICES)), n]))


def feed(run: Run, first: int, last: int) -> None:
    """One batch, from where the store has come to."""
    events = all_events()
    reached = run.position()
    until = events[last].received_at - 1 if last < len(events) else END
    run.feed([e for e in events[first:last] if e.position > reached], until=until)


@pytest.fixture(scope="module")
def in_peace() -> Run:
    """The same world when nothing breaks."""
    database = open_made()
    run, _ = make_run(database, "memory://")
    for first, last in slices():
        feed(run, first, last)
    assert len(run.state()["messages"]) > 10
    return run


def break_everywhere(run: Run, store: BreakingStore, step: int) -> int:
    """Break each batch at every `step`-th statement, one after another, until it comes through. Answers how often."""
    n = 0
    for first, last in slices():
        for k in count(1, step):
            store.fuse.left = k
            try:
                feed(run, first, last)
            except Broken:
                n += 1
            else:
                break
    return n


def test_broken_at_any_statement_it_comes_to_the_same_end(in_peace: Run) -> None:
    """Each statement of each tick; the numbers differ by store, what was done does not."""
    database = open_made()
    run, store = make_run(database, "memory://")

    n = break_everywhere(run, store, 5)

    assert n > 50
    assert in_peace.state() == run.state()
    assert in_peace.known() == run.known()


def test_broken_on_either_store_with_a_warehouse_that_rolls_back(store: Database, in_peace: Run) -> None:
    run, breaking = make_run(store, "duckdb://")

    break_everywhere(run, breaking, 127)

    assert in_peace.state() == run.state()
    assert in_peace.known() == run.known()


@pytest.mark.parametrize("restart", [False, True], ids=["goes-on", "restarts"])
def test_killed_between_the_two_commits(store: Database, in_peace: Run, *, restart: bool) -> None:
    """The warehouse has committed the tick, the store has not: the warehouse takes it back, and it is done again."""
    run, breaking = make_run(store, "duckdb://")
    for first, last in slices():
        breaking.fuse.at_commit = True
        with pytest.raises(Broken):
            feed(run, first, last)
        if restart:
            run.warehouse.forget_after(run.tick())
            run.restart()
        feed(run, first, last)

    assert in_peace.state() == run.state()
    assert in_peace.known() == run.known()


def test_on_clickhouse_nothing_is_left_of_a_tick_that_did_not_come_to_its_end(in_peace: Run, chdb_url: str) -> None:
    """Without transactions: cut short in its middle, where nobody could take it back, then between the two commits."""
    database = open_made()
    url = f"{chdb_url}?database=crashes"
    run, breaking = make_run(database, url)
    for first, last in slices():
        for cut in (200, 0) if first == slices()[1][0] else ():
            breaking.fuse.left, breaking.fuse.at_commit = cut or -1, not cut
            rollback = run.warehouse.rollback
            run.warehouse.rollback = lambda: None  # type: ignore[method-assign]  # a process that is killed takes nothing back
            with pytest.raises(Broken):
                feed(run, first, last)
            run.warehouse.rollback = rollback  # type: ignore[method-assign]
            run.warehouse.close()
            run.warehouse = open_warehouse(url)
            run.warehouse.forget_after(run.tick())
            assert run.tick() == run.warehouse.last_tick()
            run.restart()
        feed(run, first, last)

    assert in_peace.state() == run.state()
    assert in_peace.known() == run.known()


ASKING = "{kind: segment, id: inside, where: {type: journey, journey: cart}}"


@pytest.mark.parametrize(("warehouse", "restart"), [("memory://", False), ("duckdb://", True)], ids=["goes-on", "restarts"])
def test_killed_while_the_past_is_told(store: Database, warehouse: str, *, restart: bool) -> None:
    """What a condition asks about for the first time is told once, wherever it breaks."""

    def ask() -> None:
        with run.write() as connection:
            run.engine.use(connection, load_workspace(connection))

    run, breaking = make_run(store, warehouse)
    for first, last in slices()[:2]:
        feed(run, first, last)
    with run.write() as connection:
        apply(connection, load_text(ASKING).documents, END)
    breaking.fuse.at_commit = True
    with pytest.raises(Broken):
        ask()
    if restart:
        run.warehouse.forget_after(run.tick())
        run.restart()

    ask()
    ask()

    with store.reading() as connection:
        steps = connection.value(
            "SELECT COUNT(*) FROM enrollment_path p JOIN enrollments e ON e.enrollment_id = p.enrollment_id WHERE e.source = 'journey:cart'"
        )
        ends = connection.value("SELECT COUNT(*) FROM enrollments WHERE source = 'journey:cart' AND status IN (1, 2, 3)")
    assert (True, steps + ends) == (steps > 5, run.warehouse.counts()["journey_history"])
    assert run.tick() == run.warehouse.last_tick()


def test_a_second_engine_applies_nothing_twice(store: Database, in_peace: Run) -> None:
    """Whoever comes second is refused, and goes on from where the store is."""
    run, _ = make_run(store, "memory://")
    second = Run(store, open_warehouse("memory://"), make_definitions(Random(SEED)))
    events = all_events()
    (first, last), *others = slices()
    feed(run, first, last)

    with pytest.raises(StoreError, match="another engine"):
        second.feed(events[first:last], until=END)
    with pytest.raises(StoreError, match="another engine"):  # nor does it go on with a warehouse that lacks what the first did
        second.feed(events[last:], until=END)

    for first, last in others:
        feed(run, first, last)
    assert in_peace.state() == run.state()
