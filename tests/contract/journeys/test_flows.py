"""Segments that are entered and left: at the instant, once each, by events and by the passing of time (SEMANTICS 28, 39, 41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.clock import DAY, HOUR, MICROSECOND
from relance.definitions.store import apply
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import START, Run
from tests.contract.journeys.test_crowds import go
from tests.contract.journeys.world import Told, World, load, person

if TYPE_CHECKING:
    from relance.store import Database

VISITORS = """
kind: segment
id: visitors
where: {type: did, event: Visited, within: 2h}
"""
WELCOME = """
---
kind: journey
id: welcome
entry: {type: segment_entered, segment: visitors}
reentry: %s
start: stay
steps: {stay: {type: wait, for: 30m, next: end}}
"""
FOLLOW = """
---
kind: journey
id: follow
entry: {type: event, event: Visited}
reentry: once
exit_on: [{segment_left: visitors}]
start: stay
steps: {stay: {type: wait, for: 1d, next: end}}
"""


def visit(at: str, user: str = "ana") -> Told:
    return (at, user, "Visited")


def test_it_is_entered_by_an_event_and_left_by_time_to_the_microsecond(any_world: World) -> None:
    found = any_world.play(VISITORS + FOLLOW, [*person("ana"), visit("03-01 08:00")], until="03-02")

    assert found.passages("ana") == ["03-01 08:00 stay@03-01 08:00 exited visitors 03-01 10:00"]
    assert told(any_world) == [("Segment Entered", "03-01 08:00"), ("Segment Left", "03-01 10:00")]


def test_another_visit_within_the_window_puts_off_leaving_and_enters_nothing_again(any_world: World) -> None:
    events = [*person("ana"), visit("03-01 08:00"), visit("03-01 09:30"), visit("03-01 14:00")]

    found = any_world.play(VISITORS + WELCOME % "always", events, until="03-02")

    assert found.passages("ana") == [
        "03-01 08:00 stay@03-01 08:00 finished 03-01 08:30",
        "03-01 14:00 stay@03-01 14:00 finished 03-01 14:30",
    ]
    assert told(any_world) == [
        ("Segment Entered", "03-01 08:00"), ("Segment Left", "03-01 11:30"),
        ("Segment Entered", "03-01 14:00"), ("Segment Left", "03-01 16:00"),
    ]  # fmt: skip


def test_without_a_rule_a_segment_lets_each_person_in_once(world: World) -> None:
    once = (VISITORS + WELCOME).replace("reentry: %s\n", "")

    found = world.play(once, [*person("ana"), visit("03-01 08:00"), visit("03-01 14:00")], until="03-02")

    assert [p.split(" ")[2] for p in found.passages("ana")] == ["stay@03-01", "suppressed"]


def test_who_is_in_at_the_start_does_not_enter_but_leaves(any_world: World) -> None:
    events = [*person("ana"), visit("03-01 07:30")]

    found = any_world.play(VISITORS + WELCOME % "always", events, start="03-01 08:00", until="03-02")

    assert found.passages("ana") == []
    assert told(any_world) == [("Segment Left", "03-01 09:30")]


def test_an_instant_has_one_membership_that_after_all_its_events(any_world: World) -> None:
    """Within the instant of the visit the person becomes a customer, so never was a visitor who is none."""
    newcomers = """
kind: segment
id: visitors
where: {type: all, of: [{type: did, event: Visited, within: 2h}, {type: trait, path: plan, op: is_not_set}]}
"""
    joined: Told = ("03-01 08:00", "ana", "identify", {"plan": "pro"})

    found = any_world.play(newcomers + WELCOME % "always", [*person("ana"), visit("03-01 08:00"), joined], until="03-02")

    assert found.passages("ana") == []
    assert told(any_world) == []


def test_memberships_change_before_timers_of_the_instant(any_world: World) -> None:
    """The wait of two hours ends at the instant at which the person leaves: leaving exits first."""
    short = FOLLOW.replace("for: 1d", "for: 2h")

    found = any_world.play(VISITORS + short, [*person("ana"), visit("03-01 08:00")], until="03-02")

    assert found.passages("ana") == ["03-01 08:00 stay@03-01 08:00 exited visitors 03-01 10:00"]


def test_lateness_delays_timers_not_memberships(any_world: World) -> None:
    late = "{kind: settings, lateness: 30m}\n---\n"

    found = any_world.play(late + VISITORS + FOLLOW, [*person("ana"), visit("03-01 08:00")], until="03-02")

    assert found.passages("ana") == ["03-01 08:00 stay@03-01 08:00 exited visitors 03-01 10:00"]


def test_listeners_hear_it(any_world: World) -> None:
    listens = """
---
kind: journey
id: listens
entry: {type: event, event: Visited}
reentry: once
start: ear
steps:
  ear: {type: listen, for: [{segment_left: visitors, next: stay}], timeout: 1d, on_timeout: end}
  stay: {type: wait, for: 1h, next: end}
"""
    found = any_world.play(VISITORS + listens, [*person("ana"), visit("03-01 08:00")], until="03-02")

    assert found.passages("ana") == ["03-01 08:00 ear@03-01 08:00 stay@03-01 10:00 finished 03-01 11:00"]


def test_both_sides_of_a_merge_are_members_after_it(any_world: World) -> None:
    events: list[Told] = [
        *person("ana"), visit("03-01 08:00", "anon-1"),
        ("03-01 08:30", "ana", "identify", {"anonymousId": "anon-1"}), visit("03-01 09:00"),
    ]  # fmt: skip

    any_world.play(VISITORS + WELCOME % "always", events, until="03-02")

    assert told(any_world) == [("Segment Entered", "03-01 08:00"), ("Segment Left", "03-01 11:00")]


def test_what_the_engine_does_counts_at_once(any_world: World) -> None:
    """Whoever is in the journey is in the segment; the end of the journey leaves it."""
    inside = """
kind: segment
id: inside
where: {type: journey, journey: first, state: active}
---
kind: journey
id: first
entry: {type: event, event: Visited}
start: stay
steps: {stay: {type: wait, for: 1h, next: end}}
---
kind: journey
id: second
entry: {type: segment_entered, segment: inside}
exit_on: [{segment_left: inside}]
start: stay
steps: {stay: {type: wait, for: 1d, next: end}}
"""
    found = any_world.play(inside, [*person("ana"), visit("03-01 08:00")], until="03-02")

    assert found.passages("ana") == [
        "03-01 08:00 stay@03-01 08:00 finished 03-01 09:00",
        "03-01 08:00 stay@03-01 08:00 exited inside 03-01 09:00",
    ]


def test_a_segment_that_leaves_itself_comes_to_rest(world: World) -> None:
    never = """
kind: segment
id: visitors
where: {type: all, of: [{type: did, event: Visited}, {type: not, of: {type: did, event: Segment Entered, where: [{path: segment, op: eq, value: visitors}], within: 1h}}]}
"""
    found = world.play(never + WELCOME % "always", [*person("ana"), visit("03-01 08:00")], until="03-01 08:30")

    assert found.passages("ana")


@pytest.mark.parametrize("due_people", [1, 2, 50_000])
def test_the_same_when_few_timers_go_into_a_tick(store: Database, due_people: int) -> None:
    run = Run(store, open_warehouse("memory://"), VISITORS + WELCOME % "always" + FOLLOW, due_people)
    run.feed([go(n, START, n, "Visited") for n in range(1, 6)], until=START)
    run.feed((), until=START + DAY)

    with store.reading() as connection:
        told = connection.rows(
            "SELECT name, at, COUNT(*) FROM own_events WHERE name LIKE 'Segment%' GROUP BY name, at ORDER BY at"
        )
        assert told == [("Segment Entered", START, 5), ("Segment Left", START + 2 * HOUR, 5)]
        assert connection.rows("SELECT COUNT(*) FROM segment_members") == [(0,)]
        assert connection.rows("SELECT COUNT(*) FROM segment_edges") == [(0,)]


def test_publishing_another_condition_lets_nobody_in(store: Database) -> None:
    run = Run(store, open_warehouse("memory://"), VISITORS + WELCOME % "always")
    run.feed([go(1, START, 1, "Visited"), go(2, START + MICROSECOND, 2, "Called")], until=START + HOUR)

    run.definitions = run.definitions.replace("within: 2h", "within: 3h")
    run.__post_init__()
    run.feed((), until=START + DAY)

    with store.reading() as connection:
        left = connection.rows("SELECT profile_id, at FROM own_events WHERE name = 'Segment Left'")
        assert left == [(1, START + 3 * HOUR)]
        assert connection.rows("SELECT COUNT(*) FROM own_events WHERE name = 'Segment Entered'") == [(1,)]


def told(world: World) -> list[tuple[str, str | None]]:
    from tests.contract.journeys.world import short

    with world.database.reading() as connection:
        rows = connection.rows("SELECT name, at FROM own_events WHERE name LIKE 'Segment%' ORDER BY own_id")
    return [(name, short(at)) for name, at in rows]


def test_publishing_something_else_loses_nobody_who_leaves_meanwhile(store: Database) -> None:
    """The engine is behind when another watched segment is published: what falls in between is still told."""
    run = Run(store, open_warehouse("memory://"), VISITORS + WELCOME % "always")
    run.feed([go(1, START, 1, "Visited")], until=START)

    callers = VISITORS.replace("visitors", "callers").replace("Visited", "Called")
    more = run.definitions + "---" + callers + (WELCOME % "always").replace("visitors", "callers").replace("welcome", "call")
    with run.write() as connection:
        apply(connection, load(more), START + 3 * HOUR)
    run.restart()
    run.feed((), until=START + DAY)

    with store.reading() as connection:
        left = connection.rows("SELECT at FROM own_events WHERE name = 'Segment Left'")
    assert left == [(START + 2 * HOUR,)]
