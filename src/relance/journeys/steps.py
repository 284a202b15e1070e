"""From step to step: each kind of step answers a next step, or keeps its person until a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.journeys.messages import enter_messages, retry_messages
from relance.journeys.values import value_at
from relance.journeys.wave import SQL
from relance.localtime import find_zone, next_occurrence, parse_instant_or_date, parse_recurrence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.journeys.wave import Wave

_AT_WAIT = """SELECT w.enrollment_id, w.version_id, w.step, w.at, p.traits, p.timezone, e.properties FROM w_walker w
    JOIN w_step s ON s.version_id = w.version_id AND s.step = w.step AND s.kind = 'wait' AND s.wait IS NULL
    JOIN profiles p ON p.profile_id = w.profile_id LEFT JOIN journey_events e ON e.profile_id = w.profile_id AND e.seq = w.event_seq
    WHERE w.next IS NULL AND w.rest = 0"""
_AT_BRANCH = """SELECT w.enrollment_id, w.version_id, w.step, w.profile_id, w.at, w.seq FROM w_walker w
    JOIN w_step s ON s.version_id = w.version_id AND s.step = w.step AND s.kind = 'branch' WHERE w.next IS NULL ORDER BY w.enrollment_id"""


def walk(wave: Wave) -> None:
    """Move all walkers until each rests or has ended."""
    while True:
        _finish(wave)
        wave.run("step_on")
        if not wave.run("keep_path"):
            return
        wave.run("enter_steps")
        _enter(wave, _kinds(wave))
        _settle(wave)


def wake(wave: Wave) -> None:
    """Timers fired: those who stood at a step go on, or stay when something still holds them."""
    if not wave.run("wake"):
        return
    wave.stop_timers("stop_moving_timers")
    kinds = _kinds(wave)
    if "listen" in kinds:
        _listen(wave, on_entry=False)
    if "message" in kinds:
        retry_messages(wave)
        _settle(wave)
    walk(wave)


def _kinds(wave: Wave) -> set[str]:
    """The kinds of the steps at which somebody is to be answered."""
    return {wave.rules.kinds[place] for place in wave.connection.rows(SQL["steps_of_walkers"])}


def _enter(wave: Wave, kinds: set[str]) -> None:
    if "wait" in kinds:
        wave.run("enter_waits")
        _wait_until(wave)
    if "listen" in kinds:
        _listen(wave, on_entry=True)
    if "branch" in kinds:
        _branch(wave)
    if "message" in kinds:
        enter_messages(wave)
    if "end" in kinds:
        wave.run("end_here")
        end_passages(wave)


def _settle(wave: Wave) -> None:
    if wave.run("settle", lateness=wave.lateness):
        if wave.run("set_timers", lateness=wave.lateness, until=wave.until):
            wave.has_timers = True
        wave.run("forget_resting")


def _finish(wave: Wave) -> None:
    if wave.run("finish"):
        end_passages(wave)


def end_passages(wave: Wave) -> None:
    """What `w_end` lists ends: timers, listeners and held messages go with it. Effects: tells `Journey Ended`."""
    wave.stop_timers("stop_ended_timers")
    wave.run("write_ended")
    wave.run("end")
    wave.run("emit_cancelled", prefix=wave.prefix)
    wave.run("cancel_messages")
    wave.run("emit_ended")
    wave.run("drop_late_goals")
    wave.run("forget_ended")
    wave.clear("w_end")


def _listen(wave: Wave, *, on_entry: bool) -> None:
    if on_entry:
        wave.run("enter_listeners")
    wave.clear("w_heard")
    if wave.run("ask_log"):
        wave.run("move_heard", on_entry=int(on_entry))
    wave.run("rest_listeners" if on_entry else "time_out")


def _branch(wave: Wave) -> None:
    """Ask the conditions in their order: the first that holds wins."""
    groups: dict[tuple[int, int], list[tuple[int, tuple[int, int, int]]]] = {}
    for enrollment_id, version_id, step, profile_id, at, seq in wave.connection.rows(_AT_BRANCH):
        groups.setdefault((version_id, step), []).append((enrollment_id, (profile_id, at, seq)))
    chosen: list[tuple[int, str, int | None, int]] = []
    for (version_id, number), people in groups.items():
        step = wave.rules.versions[version_id].steps[number]
        left = people
        for place, (condition, following) in enumerate(step.when):
            if not left:
                break
            truth = wave.judge.ask(condition, [moment for _, moment in left])
            chosen += [(following, "branch", place, e) for (e, _), yes in zip(left, truth, strict=True) if yes]
            left = [person for person, yes in zip(left, truth, strict=True) if not yes]
        chosen += [(step.otherwise, "otherwise", None, e) for e, _ in left]
    wave.connection.execute_many("UPDATE w_walker SET next = ?, cause = ?, cause_ref = ? WHERE enrollment_id = ?", chosen)


def _wait_until(wave: Wave) -> None:
    """Waits until an instant, a date of the person or of the event, or a time of day."""
    waits = {}
    for enrollment_id, version_id, number, at, traits, zone_name, properties in wave.connection.rows(_AT_WAIT):
        step = wave.rules.versions[version_id].steps[number]
        deadline = _until(wave, step.body["until"], at, traits, zone_name, properties)
        rests = deadline is not None and deadline > at
        waits[enrollment_id] = (None if rests else step.next, int(rests), deadline if rests else None, enrollment_id)
    wave.connection.execute_many(
        "UPDATE w_walker SET next = ?, rest = ?, deadline = ?, cause = 'waited', cause_ref = NULL WHERE enrollment_id = ?",
        list(waits.values()),
    )


def _until(
    wave: Wave, until: str | Mapping[str, Any], at: int, traits: str, zone_name: str | None, properties: str | None
) -> int | None:
    """The end of a wait; None when there is no such instant: then nobody waits."""
    own = find_zone(zone_name) or wave.zone
    if isinstance(until, str):
        return parse_instant_or_date(until, own)
    if "path" in until:
        found = parse_instant_or_date(value_at(until["path"], traits, properties), own)
        return None if found is None else found + (parse_duration(until.get("offset", "0s")) or 0)
    named = until.get("timezone")
    zone = own if named == "profile" else find_zone(named) or wave.zone
    return next_occurrence(parse_recurrence(until, zone), zone, at)
