"""How the log is cut into batches and ticks changes nothing; the books always balance (SEMANTICS 1, 2, 5, 17)."""

from __future__ import annotations

from random import Random

import pytest

from relance.journeys import advance as advancing
from relance.journeys.report import summary
from relance.store import Database
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import Run, make_definitions, make_events
from tests.contract.journeys.world import check_ledger
from tests.made_store import open_made

N_EVENTS = 90


def run_world(database: Database, seed: int, cut: str, *, due_people: int = 50_000) -> Run:
    r = Random(seed)
    definitions, events = make_definitions(r), make_events(r, N_EVENTS)
    run = Run(database, open_warehouse("memory://"), definitions, due_people)
    cuts = {
        "whole": [],
        "one": list(range(1, len(events))),
        "seven": list(range(7, len(events), 7)),
        "random": sorted(r.sample(range(1, len(events)), 12)),
    }[cut]
    run.feed_slices(events, cuts, Random(seed) if cut == "random" else None)
    return run


def check_books(run: Run) -> None:
    with run.database.reading() as connection:
        check_ledger(summary(connection))
        doubles = connection.rows(
            "SELECT profile_id, source, key FROM enrollments WHERE status = 0 GROUP BY profile_id, source, key HAVING COUNT(*) > 1"
        )
        moved = connection.rows(
            "SELECT 1 FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id WHERE p.merged_into IS NOT NULL"
        )
        twice = connection.rows("SELECT 1 FROM messages GROUP BY enrollment_id, visit, channel HAVING COUNT(*) > 1")
        waiting = connection.rows(
            """SELECT 1 FROM messages m JOIN enrollments e ON e.enrollment_id = m.enrollment_id
            WHERE e.status <> 0 AND (m.status IN ('queued', 'ready', 'claimed') OR m.message_id IN (SELECT message_id FROM message_outcomes))"""
        )
    assert ([], [], [], []) == (doubles, moved, twice, waiting)


@pytest.mark.parametrize("seed", range(6))
def test_batches_do_not_matter(seed: int) -> None:
    """One batch, one event each, sevens, any slices with time passing in between: the same people, paths, messages."""
    whole, *others = (run_world(fresh_store(), seed, cut) for cut in ("whole", "one", "seven", "random"))
    expected = whole.state()
    check_books(whole)

    assert len(expected["messages"]) > 15
    for other in others:
        check_books(other)
        assert expected == other.state()
        assert whole.known() == other.known()


def fresh_store() -> Database:
    return open_made()


@pytest.mark.parametrize(("events", "people"), [(1, 50_000), (7, 1), (1_000, 2)])
def test_nor_do_ticks(monkeypatch: pytest.MonkeyPatch, events: int, people: int) -> None:
    """Few events a tick, few people whose timers are due: more ticks, the same end."""
    expected = run_world(fresh_store(), 100, "whole")
    monkeypatch.setattr(advancing, "EVENTS_A_TICK", events)

    run = run_world(fresh_store(), 100, "whole", due_people=people)

    assert expected.state() == run.state()


@pytest.mark.parametrize("seed", [200])
def test_both_stores_come_to_the_same_end(store: Database, seed: int) -> None:
    expected = run_world(fresh_store(), seed, "whole")

    run = run_world(store, seed, "seven")

    assert expected.state() == run.state()
    check_books(run)
