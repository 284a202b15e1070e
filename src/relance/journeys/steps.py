"""From step to step: each kind of step answers a next step, or keeps its person until a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import format_instant, parse_duration
from relance.journeys.actions import change_audiences, split, start_journeys, take_up, track, update_profiles
from relance.journeys.limits import find_excluded
from relance.journeys.messages import enter_messages, retry_messages
from relance.journeys.rules import GOES, RESTS, STANDS, WOKE
from relance.journeys.values import value_at
from relance.journeys.wave import SQL
from relance.localtime import find_zone, next_occurrence, parse_instant_or_date, parse_recurrence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from relance.journeys.wave import Wave

_AT_WAIT = """SELECT w.lane, w.version_id, w.step, w.at, p.traits, p.timezone, e.properties, w.life_at FROM w_walker w
    JOIN profiles p ON p.profile_id = w.profile_id LEFT JOIN journey_events e ON e.profile_id = w.profile_id AND e.seq = w.event_seq
    WHERE w.state = 1 AND w.kind = 'wait'"""
_AT_BRANCH = """SELECT w.lane, w.version_id, w.step, w.profile_id, w.at, w.seq FROM w_walker w
    WHERE w.state = 1 AND w.kind = 'branch' ORDER BY w.lane"""
_WALKING = "SELECT 1 FROM w_walker WHERE state <> 2 LIMIT 1"


def walk(wave: Wave, *, moved: bool = False) -> None:
    """Move all walkers until each rests or has ended. `moved`: whether some may rest already."""
    while True:
        _finish(wave)
        if not _keep(wave) and not moved:
            return
        moved = _ask(wave)
        _settle(wave)
        if wave.rules.has_passing:
            wave.enter("pass_on")


def _keep(wave: Wave) -> bool:
    """Write down the steps that were entered since the last time. Answers whether there were any."""
    kept = wave.enter("keep_path") > 0
    wave.round += 1
    return kept


def _finish(wave: Wave) -> None:
    """Those who come to the end have finished; whoever had started them goes on, to the end perhaps."""
    nests = wave.rules.starts_journeys
    if nests:
        take_up(wave)
    while wave.run("finish"):
        end_passages(wave)
        if not nests or not take_up(wave):
            return


def wake(wave: Wave) -> None:
    """Timers fired: those who stood at a step go on, or stay when something still holds them."""
    kinds = _kinds(wave, WOKE)
    if "listen" in kinds:
        _hear(wave, WOKE)
        wave.enter("time_out")
        wave.run("listen_on")
    if "message" in kinds:
        if wave.rules.excluding and find_excluded(wave, "at_held"):
            _end_left(wave)
        retry_messages(wave)
    walk(wave, moved=True)


def _kinds(wave: Wave, state: int) -> set[str]:
    """The kinds of the steps at which somebody is to be answered."""
    return {kind for (kind,) in wave.connection.rows(SQL["steps_asked"], {"state": state})}


def _ask(wave: Wave) -> bool:
    """Have those who stand at a step answered. Answers whether any entered another."""
    kinds = _kinds(wave, STANDS)
    moved = False
    for kind, answer in _ANSWERS:
        if kind in kinds:
            answer(wave)
            moved |= _keep(wave)  # before the next answer moves them on
    return moved


def _settle(wave: Wave) -> None:
    """Write down those who rest."""
    settled = wave.run("settle", lateness=wave.lateness)
    if not settled:
        return
    wave.run("set_timers", lateness=wave.lateness)
    if wave.run("find_soon", lateness=wave.lateness, until=wave.until, **wave.due):
        wave.run("take_soon")
        wave.has_timers = True
    if wave.connection.row(_WALKING) is None:
        wave.clear("w_walker", rows=settled)
    else:
        wave.run("forget_resting")


def end_passages(wave: Wave) -> None:
    """What `w_end` lists ends: timers, listeners and held messages go with it. Effects: tells `Journey Ended`."""
    if wave.has_timers:
        wave.run("drop_ended")
    wave.run("stop_ended")
    wave.run("end")
    wave.run("emit_cancelled", prefix=wave.prefix)
    wave.run("cancel_messages")
    wave.run("emit_ended")
    if wave.rules.has_goals:
        wave.run("drop_late_goals")
    wave.run("forget_ended")
    wave.clear("w_end")


def _begin_to_listen(wave: Wave) -> None:
    _hear(wave, STANDS)
    wave.enter("rest_listeners")


def _enter_messages(wave: Wave) -> None:
    left = bool(wave.rules.excluding) and find_excluded(wave, "at_messages")
    enter_messages(wave)
    if left:
        _end_left(wave)


def _end_left(wave: Wave) -> None:
    wave.run("end_left")
    end_passages(wave)
    wave.clear("w_left")


def _end(wave: Wave) -> None:
    wave.run("end_here")
    end_passages(wave)


def _hear(wave: Wave, state: int) -> None:
    wave.clear("w_heard")
    if wave.run("ask_log", state=state):
        wave.enter("move_heard")


def _branch(wave: Wave) -> None:
    """Ask the conditions in their order: the first that holds wins."""
    groups: dict[tuple[int, int], list[tuple[int, tuple[int, int, int]]]] = {}
    for lane, version_id, step, profile_id, at, seq in wave.connection.rows(_AT_BRANCH):
        groups.setdefault((version_id, step), []).append((lane, (profile_id, at, seq)))
    chosen: list[tuple[int, int, int, int | None, str, int | None]] = []
    for (version_id, number), people in groups.items():
        step = wave.rules.versions[version_id].steps[number]
        left = people
        for place, (condition, following) in enumerate(step.when):
            if not left:
                break
            truth = wave.judge.ask(condition, [moment for _, moment in left])
            chosen += [
                (lane, GOES, following, None, "branch", place) for (lane, _), yes in zip(left, truth, strict=True) if yes
            ]
            left = [person for person, yes in zip(left, truth, strict=True) if not yes]
        chosen += [(lane, GOES, step.otherwise, None, "otherwise", None) for lane, _ in left]
    wave.answer(chosen)


def _wait_until(wave: Wave) -> None:
    """Waits until an instant, a date of the person or of the event, or a time of day."""
    waits: dict[int, tuple[int, int, int, int | None, str, int | None]] = {}
    for lane, version_id, number, at, traits, zone_name, properties, life_at in wave.connection.rows(_AT_WAIT):
        version = wave.rules.versions[version_id]
        step = version.steps[number]
        passage = {"id": version.id, "kind": version.kind, "entered_at": format_instant(life_at - version.lifetime)}
        deadline = end_of_wait(wave.zone, step.body["until"], at, traits, zone_name, properties, passage)
        rests = deadline is not None and deadline > at
        waits[lane] = (
            (lane, RESTS, number, deadline, "waited", None) if rests else (lane, GOES, step.next, None, "waited", None)
        )
    wave.answer(waits.values())


def end_of_wait(
    workspace_zone: ZoneInfo,
    until: str | Mapping[str, Any],
    at: int,
    traits: str,
    zone_name: str | None,
    properties: str | None,
    passage: Mapping[str, Any] | None = None,
) -> int | None:
    """The end of a wait that begins at an instant; None when there is no such instant: then nobody waits."""
    own = find_zone(zone_name) or workspace_zone
    if isinstance(until, str):
        return parse_instant_or_date(until, own)
    if "path" in until:
        found = parse_instant_or_date(value_at(until["path"], traits, properties, passage), own)
        return None if found is None else found + (parse_duration(until.get("offset", "0s")) or 0)
    named = until.get("timezone")
    zone = own if named == "profile" else find_zone(named) or workspace_zone
    return next_occurrence(parse_recurrence(until, zone), zone, at)


# The kinds of steps, in the order in which they answer. What one answers may be asked by those behind it.
_ANSWERS = (
    ("wait", _wait_until),
    ("listen", _begin_to_listen),
    ("branch", _branch),
    ("split", split),
    ("update_profile", update_profiles),
    ("track", track),
    ("audience", change_audiences),
    ("message", _enter_messages),
    ("start_journey", start_journeys),
    ("end", _end),
)
