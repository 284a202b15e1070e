"""Exits and goals (SEMANTICS 15, 16, 40)."""

from __future__ import annotations

from relance.journeys.figures import list_reports
from tests.contract.journeys.world import Told, World, person

STAY = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
goal: {event: Order Completed, where: [{path: total, op: gte, value: 10}], target_percent: 50, within: 1h}
start: stay
steps: {stay: {type: wait, for: 1d, next: end}}
"""
LEAVE = STAY + "exit_on: [{event: Order Completed}, {event: Left}]\n"


def cart(user: str, at: str = "03-01 08:00", arrived: str | None = None) -> Told:
    return (at, user, "Cart Abandoned", {"arrived": arrived} if arrived else {})


def order(user: str, at: str, total: int = 10, arrived: str | None = None) -> Told:
    return (at, user, "Order Completed", {"total": total} | ({"arrived": arrived} if arrived else {}))


def test_a_goal_counts_from_the_start_until_the_end_and_its_within(world: World) -> None:
    """The passage lasts from 08:00 to 08:00 of the next day; an hour more belongs to it, to the microsecond."""
    events = [
        order("before", "03-01 08:00"), *(cart(user) for user in ("before", "same", "small", "inside", "edge", "late")),
        order("same", "03-01 08:00"), order("small", "03-01 09:00", total=9), order("inside", "03-01 09:00"), order("inside", "03-01 10:00"),
        order("edge", "03-02 09:00"), order("late", "03-02 09:00:00.000001"),
    ]  # fmt: skip

    found = world.play(STAY, events, until="03-05")

    assert {
        "before": None, "same": "03-01 08:00", "small": None, "inside": "03-01 09:00", "edge": "03-02 09:00", "late": None
    } == found.goals()  # fmt: skip
    assert 3 == found.summary["journeys"]["cart"]["goal_reached"]
    assert {"finished"} == {e["status"] for e in found.enrollments}  # a goal measures, it never removes


def test_the_first_goal_is_the_first_by_timestamp_however_late_it_arrives(world: World) -> None:
    events = [
        cart("ana"),
        order("ana", "03-01 12:00"),
        order("ana", "03-01 10:00", arrived="03-04 12:00"),
        cart("bo"),
        order("bo", "03-02 08:30", arrived="03-04"),
    ]

    assert {"ana": "03-01 10:00", "bo": "03-02 08:30"} == world.play(STAY, events, until="03-05").goals()


def test_one_event_may_be_goal_and_exit(world: World) -> None:
    """The goal counts also after an exit, within its hour."""
    events = [cart("ana"), order("ana", "03-01 09:00"), cart("bo"), ("03-01 09:00", "bo", "Left"), order("bo", "03-01 10:00")]

    found = world.play(LEAVE, events, until="03-05")

    assert {"ana": "stay exited Order Completed 03-01 09:00", "bo": "stay exited Left 03-01 09:00"} == found.ends()
    assert {"ana": "03-01 09:00", "bo": "03-01 10:00"} == found.goals()
    assert {"Order Completed": 1, "Left": 1} == found.summary["journeys"]["cart"]["exited"]
    assert {"entered": 2, "inside": 0, "left": {"Left": 1, "Order Completed": 1}} == found.summary["journeys"]["cart"]["steps"][
        "stay"
    ]


def test_what_happened_before_the_start_does_not_exit_however_late_it_arrives(world: World) -> None:
    """Also the start itself may arrive late: its own timestamp is the mark, its arrival is the entry."""
    events = [
        cart("ana"), order("ana", "03-01 07:59", arrived="03-01 09:00"),
        cart("bo", "03-01 08:00", arrived="03-01 12:00"), order("bo", "03-01 09:00", arrived="03-01 12:30"),
        cart("cy", "03-01 08:00", arrived="03-01 12:00"), order("cy", "03-01 09:00", arrived="03-01 11:30"),
    ]  # fmt: skip

    found = world.play(LEAVE, events, until="03-05")

    assert ["03-01 08:00 ana stay@03-01 08:00 finished 03-02 08:00"] == [p for p in found.passages() if "ana" in p]
    assert {"ana": None, "bo": "03-01 09:00", "cy": "03-01 09:00"} == found.goals()
    assert ["03-01 12:00 stay@03-01 12:00 exited Order Completed 03-01 12:30"] == found.passages("bo")
    assert ["03-01 12:00 stay@03-01 12:00 finished 03-02 12:00"] == found.passages("cy")


def test_the_first_exit_of_the_list_names_the_reason(world: World) -> None:
    two = STAY + "exit_on: [{event: Left, where: [{path: why, op: eq, value: moved}]}, {event: Left}]\n"

    found = world.play(
        two,
        [cart("ana"), ("03-01 09:00", "ana", "Left", {"why": "moved"}), cart("bo"), ("03-01 09:00", "bo", "Left")],
        until="03-05",
    )

    assert {"ana": "stay exited Left 03-01 09:00", "bo": "stay exited Left 03-01 09:00"} == found.ends()


def test_an_exit_at_the_instant_of_a_timer_wins(world: World) -> None:
    """At one instant an event beats a timer; a microsecond later the passage has finished."""
    events = [cart("ana"), ("03-02 08:00", "ana", "Left"), cart("bo"), ("03-02 08:00:00.000001", "bo", "Left")]

    assert {"ana": "stay exited Left 03-02 08:00", "bo": "stay finished 03-02 08:00"} == world.play(
        LEAVE, events, until="03-05"
    ).ends()


def test_an_event_may_exit_one_journey_and_start_another(world: World) -> None:
    """And the same journey anew: exits come before starts."""
    again = STAY + "exit_on: [{event: Cart Abandoned}]\n"

    found = world.play(again, [*person("ana"), cart("ana"), cart("ana", "03-01 09:00")], until="03-01 10:00")

    assert [
        "03-01 08:00 stay@03-01 08:00 exited Cart Abandoned 03-01 09:00",
        "03-01 09:00 stay@03-01 09:00 active",
    ] == found.passages("ana")


def test_several_goals_are_measured_each_with_its_own_time_and_target(world: World) -> None:
    """The first is the main one; an event may reach two; each is reported against its target, a share or a number."""
    goals = """
goal:
  - {name: Big order, event: Order Completed, where: [{path: total, op: gte, value: 100}], target_percent: 40}
  - {event: Order Completed, target_count: 3, within: 1h}
  - {event: Signed, target_count: 1}
"""
    several = STAY.replace(next(line for line in STAY.splitlines() if line.startswith("goal:")), goals)
    events = [
        *(cart(user) for user in ("ana", "bo", "cy")), order("ana", "03-01 09:00", total=100), order("ana", "03-01 10:00", total=100),
        order("bo", "03-01 09:00", total=99), order("cy", "03-02 09:00"), order("cy", "03-02 09:00:00.000001", total=100),
    ]  # fmt: skip

    found = world.play(several, events, until="03-05")
    with world.database.reading() as connection:
        (report,) = list_reports(connection, "journey")

    assert {"ana": "03-01 09:00", "bo": None, "cy": None} == found.goals()
    assert 1 == found.summary["journeys"]["cart"]["goal_reached"] == report["goal_reached"]
    assert [("Big order", 1, False), (None, 3, True), (None, 0, False)] == [
        (goal.get("name"), goal["reached"], goal["met"]) for goal in report["goals"]
    ]
    assert report["goal"] == report["goals"][0]
