"""From step to step at one instant: every step that somebody entered is in its path, whoever else moves in the same tick (SEMANTICS 4, 12, 39)."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from tests.contract.journeys.world import Told, World, person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WAY = """
kind: journey
id: way
entry: {type: event, event: Go}
start: pause
steps:
  pause: {type: wait, for: 1h, next: one}
  one: {type: listen, SINCE for: [{event: A, next: two}], timeout: 1h, on_timeout: late}
  two: {type: listen, SINCE for: [{event: B, next: none}], timeout: 1h, on_timeout: late}
  none: {type: wait, for: 0s, next: nothing}
  nothing: {type: wait, for: 0s, next: choose}
  choose: {type: branch, when: [{where: {type: trait, path: vip, op: eq, value: true}, next: finish}], otherwise: rest}
  rest: {type: wait, for: 1h, next: end}
  late: {type: wait, for: 0s, next: choose}
  finish: {type: end}
"""


def go(user: str, told: Sequence[tuple[str, str]], *, vip: bool = False) -> list[Told]:
    return [*person(user, vip=vip), ("03-01 08:00", user, "Go"), *[(at, user, name) for at, name in told]]


def test_who_heard_everything_before_passes_all_listeners_at_once(world: World) -> None:
    both = [("03-01 08:10", "A"), ("03-01 08:20", "B")]
    events = [*go("ana", both), *go("bob", both[:1]), *go("cem", both[1:]), *go("dia", both, vip=True)]

    found = world.play(WAY.replace("SINCE", "since: enrollment,"), events, until="03-05")

    start, passed = "03-01 08:00 pause@03-01 08:00 one@03-01 09:00", "none@03-01 09:00 nothing@03-01 09:00 choose@03-01 09:00"
    assert found.passages("ana") == [f"{start} two@03-01 09:00 {passed} rest@03-01 09:00 finished 03-01 10:00"]
    assert found.passages("dia") == [f"{start} two@03-01 09:00 {passed} finish@03-01 09:00 finished 03-01 09:00"]
    late = "late@03-01 10:00 choose@03-01 10:00 rest@03-01 10:00 finished 03-01 11:00"
    assert found.passages("bob") == [f"{start} two@03-01 09:00 {late}"]
    assert found.passages("cem") == [f"{start} {late}"]


def test_what_happened_before_the_step_keeps_no_listener_from_its_time_out(world: World) -> None:
    """The log holds an event of the rule, but it does not count: the listener is asked, and times out."""
    events = [*go("ana", [("03-01 08:10", "A")]), *go("bob", []), *go("cem", [("03-01 10:00", "A")])]

    found = world.play(WAY.replace("SINCE", "since: step,"), events, until="03-05")

    start = "03-01 08:00 pause@03-01 08:00 one@03-01 09:00"
    late = "late@03-01 10:00 choose@03-01 10:00 rest@03-01 10:00 finished 03-01 11:00"
    assert found.passages("ana") == [f"{start} {late}"]
    assert found.passages("bob") == [f"{start} {late}"]
    assert found.passages("cem") == [
        f"{start} two@03-01 10:00 late@03-01 11:00 choose@03-01 11:00 rest@03-01 11:00 finished 03-01 12:00"
    ]


def test_at_the_time_out_the_log_is_asked_for_what_another_self_did_meanwhile(world: World) -> None:
    """A merge moves nobody, but the events of both lives are one from then on (SEMANTICS 11, 42)."""
    events: list[Told] = [
        *go("ana", []), ("03-01 09:10", "anon-1", "A"), ("03-01 09:30", "ana", "identify", {"anonymousId": "anon-1"}),
        *go("bob", []), ("03-01 09:10", "anon-2", "B"), ("03-01 09:30", "bob", "identify", {"anonymousId": "anon-2"}),
    ]  # fmt: skip

    found = world.play(WAY.replace("SINCE", "since: step,"), events, until="03-05")

    start = "03-01 08:00 pause@03-01 08:00 one@03-01 09:00"
    late = "choose@03-01 TIME rest@03-01 TIME finished"
    assert found.passages("ana") == [f"{start} two@03-01 10:00 late@03-01 11:00 {late.replace('TIME', '11:00')} 03-01 12:00"]
    assert found.passages("bob") == [f"{start} late@03-01 10:00 {late.replace('TIME', '10:00')} 03-01 11:00"]


@pytest.fixture(params=[True, False], ids=["on", "off"])
def collector(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Python's garbage collector, on or off."""
    was_on = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield bool(request.param)
    (gc.enable if was_on else gc.disable)()


def test_a_tick_leaves_the_garbage_collector_as_it_was(embedded_world: World, collector: bool) -> None:  # noqa: FBT001 - a fixture
    embedded_world.play(WAY.replace("SINCE", "since: step,"), go("ana", []), until="03-05")

    assert collector is gc.isenabled()
