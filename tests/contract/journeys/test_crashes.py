"""A tick happens whole or not at all, wherever it breaks; done again it comes to the same end (SEMANTICS 2, RELIABILITY 3)."""

from __future__ import annotations

from itertools import count, pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest

from relance.store import open_database
from relance.warehouse import open_warehouse
from tests.contract.journeys.breaking import BreakingStore, Broken
from tests.contract.journeys.random_worlds import END, Run, make_definitions, make_events

if TYPE_CHECKING:
    from relance.store import Database

SEED = 302
N_EVENTS = 40
SLICES = 4


def make_run(database: Database, warehouse_url: str) -> tuple[Run, BreakingStore]:
    store = BreakingStore(database)
    return Run(database, open_warehouse(warehouse_url), make_definitions(Random(SEED)), writing=store.writing), store


def slices() -> list[tuple[int, int]]:
    """First and last event of each batch."""
    n = len(make_events(Random(SEED), N_EVENTS))
    return list(pairwise([0, *(n * k // SLICES for k in range(1, SLICES)), n]))


def feed(run: Run, first: int, last: int) -> None:
    """One batch, from where the store has come to."""
    events = make_events(Random(SEED), N_EVENTS)
    reached = run.position()
    until = events[last].received_at - 1 if last < len(events) else END
    run.feed([e for e in events[first:last] if e.position > reached], until=until)


@pytest.fixture(scope="module")
def in_peace() -> Run:
    """The same world when nothing breaks."""
    database = open_database("sqlite://")
    database.migrate()
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
    database = open_database("sqlite://")
    database.migrate()
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
            with run.database.reading() as connection:
                run.warehouse.forget_after(run.engine.read_state(connection).tick)
            run.restart()
        feed(run, first, last)

    assert in_peace.state() == run.state()
    assert in_peace.known() == run.known()
