"""More timers are due than one tick takes: nobody is left behind, and no schedule fires before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.clock import HOUR, MICROSECOND, MINUTE, format_instant
from relance.events.model import Event
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import START, Run

if TYPE_CHECKING:
    from relance.store import Database

N_PEOPLE = 9
SEGMENT = """
{kind: segment, id: all, where: {type: all, of: []}}
"""
BY_EVENT = """---
kind: journey
id: %s
entry: {type: event, event: Go}
reentry: always
start: stay
steps: {stay: {type: wait, for: 1h, next: end}}
"""
BY_SCHEDULE = """---
kind: journey
id: scheduled
entry: {type: segment, segment: all, schedule: {at: "%s"}}
reentry: always
start: stay
steps: {stay: {type: wait, for: 1h, next: end}}
"""


def go(n: int, at: int, user: int, name: str = "Go") -> Event:
    return Event(
        position=n, source="file", type="track", name=name, user_id=f"user-{user}", anonymous_id=None, previous_id=None, at=at,
        received_at=at, properties={}, traits={}, context={}, message_id=f"m{n}", trusted=True, history=False,
    )  # fmt: skip


def everybody_goes(at: int = START) -> list[Event]:
    return [go(n, at, n) for n in range(1, N_PEOPLE + 1)]


def passages(run: Run) -> list[tuple[str, int, int | None, str | None]]:
    with run.database.reading() as connection:
        return connection.rows("SELECT source, status, ended_at, reason FROM enrollments ORDER BY source, ended_at")


@pytest.mark.parametrize("due_people", [1, 2, 3, 50_000])
def test_nobody_who_is_due_twice_is_left_behind(store: Database, due_people: int) -> None:
    """Two timers a person at one instant: as many timers as a tick takes are fewer people."""
    run = Run(store, open_warehouse("memory://"), SEGMENT + BY_EVENT % "one" + BY_EVENT % "two", due_people)

    run.feed(everybody_goes(), until=START)
    run.feed((), until=START + HOUR)

    assert [(f"journey:{name}", 1, START + HOUR, None) for name in ("one", "two") for _ in range(N_PEOPLE)] == passages(run)
    assert store_rows(run, "SELECT COUNT(*) FROM timers") == [(0,)]


@pytest.mark.parametrize("due_people", [1, 2, 3, 50_000])
def test_a_schedule_waits_for_all_timers_of_its_instant(store: Database, due_people: int) -> None:
    """Everybody's passage ends at the very instant of the schedule, so it lets everybody in again."""
    again = BY_SCHEDULE % format_instant(START + HOUR)
    run = Run(store, open_warehouse("memory://"), SEGMENT + again + BY_EVENT % "first", due_people)

    run.feed(everybody_goes(), until=START)
    run.feed((), until=START + HOUR)

    assert store_rows(run, "SELECT started FROM schedule_runs") == [(N_PEOPLE,)]
    firsts = store_rows(run, "SELECT MAX(own_id) FROM own_events WHERE name = 'Journey Ended'")
    seconds = store_rows(
        run, "SELECT MIN(own_id) FROM own_events WHERE name = 'Journey Entered' AND properties LIKE '%scheduled%'"
    )
    assert firsts < seconds


def test_a_schedule_is_not_lost_when_the_process_ends_before_all_timers_of_its_instant_fired(store: Database) -> None:
    run = Run(store, open_warehouse("memory://"), SEGMENT + BY_SCHEDULE % format_instant(START + HOUR) + BY_EVENT % "first", 2)
    run.feed(everybody_goes(), until=START)
    ticks = 0

    def fail_at_the_third() -> object:
        nonlocal ticks
        ticks += 1
        if ticks == 6:
            raise KeyboardInterrupt
        return store.writing()

    run.writing = fail_at_the_third  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        run.feed((), until=START + HOUR)
    run.writing = None
    run.restart()
    run.feed((), until=START + HOUR)

    assert store_rows(run, "SELECT started FROM schedule_runs") == [(N_PEOPLE,)]


@pytest.mark.parametrize("due_people", [1, 2, 50_000])
def test_what_arrives_later_is_not_known_to_those_who_had_to_wait_for_their_tick(store: Database, due_people: int) -> None:
    """One batch: everybody goes, everybody's wait of an hour ends, and a minute later everybody buys."""
    asks = """---
kind: journey
id: asks
entry: {type: event, event: Go}
start: stay
steps:
  stay: {type: wait, for: 1h, next: bought}
  bought: {type: branch, when: [{where: {type: did, event: Bought}, next: long}], otherwise: end}
  long: {type: wait, for: 30d, next: end}
"""
    run = Run(store, open_warehouse("memory://"), SEGMENT + asks, due_people)
    later = START + HOUR + MINUTE
    buying = [go(N_PEOPLE + n, later, n, "Bought") for n in range(1, N_PEOPLE + 1)]

    run.feed([*everybody_goes(), *buying], until=later + MICROSECOND)

    assert [("journey:asks", 1, START + HOUR, None)] * N_PEOPLE == passages(run)


def store_rows(run: Run, sql: str) -> list[tuple[object, ...]]:
    with run.database.reading() as connection:
        return connection.rows(sql)
