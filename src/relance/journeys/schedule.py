"""Schedules of journeys over a segment and of campaigns: when they fire, and whom they let in.

Where the audience enters at a rate it waits in `entry_queue`: the first are let in at the occurrence, the next after each
`per`, as far as they are members still. While some wait, their turns are starts like occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from relance.clock import MICROSECOND
from relance.ids import SEQ_BITS
from relance.journeys.limits import Occurrence
from relance.journeys.wave import MOST_PROFILES, PEOPLE_IN_TICK
from relance.localtime import UTC_ZONE, find_zone, next_occurrence, parse_instant_or_date, parse_recurrence
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.journeys.model import Version
    from relance.journeys.rules import Rulebook
    from relance.journeys.wave import Wave
    from relance.store import Connection

_SQL = load_queries("relance.journeys", "schedule.sql")
NO_ZONE = "-"  # of people who have none: the workspace's counts for them
_EVERYBODY: Mapping[str, Any] = {"type": "all", "of": []}


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """One occurrence of a schedule, or the turn of those who wait since an earlier one."""

    at: int
    source: str
    zone: str  # people with this zone only; "" for everybody
    version_id: int
    is_turn: bool = False


def _zones(connection: Connection) -> list[str]:
    return [name for (name,) in connection.rows(_SQL["zones"])]


def _next_of(schedule: Mapping[str, Any], zone: ZoneInfo, after: int) -> int | None:
    if "every" in schedule:
        return next_occurrence(parse_recurrence(schedule, zone), zone, after + MICROSECOND)
    at = parse_instant_or_date(schedule.get("at"), zone)
    return at if at is not None and at > after else None


def next_starts(
    connection: Connection, rules: Rulebook, workspace_zone: str, after: int, coming_zones: Iterable[str] = ()
) -> list[Start]:
    """The next occurrence of each schedule later than `after`, the earliest first, in the order they fire.

    What fell before a version was published never fires. `coming_zones` are those of people who are about to arrive.
    """
    default = find_zone(workspace_zone) or UTC_ZONE
    found: list[Start] = []
    zones: list[str | None] | None = None
    for version_id in rules.current:
        version: Version = rules.versions[version_id]
        if version.source in rules.paced and version_id not in rules.paused:  # whose turn it is waits, too
            turn = connection.value(_SQL["next_turn"], {"source": version.source})
            if turn is not None:
                found.append(Start(max(turn, after + MICROSECOND), version.source, "", version_id, is_turn=True))
        schedule = version.schedule
        if version_id in rules.closed or not schedule or not ("at" in schedule or "every" in schedule):
            continue
        opens_at, closes_at = rules.doors.get(version_id, (None, None))
        past = max(after, rules.published.get(version_id, 0) - MICROSECOND, (opens_at or 0) - MICROSECOND)
        if "every" in schedule and schedule.get("timezone") == "profile":
            zones = list(dict.fromkeys([None, *_zones(connection), *coming_zones])) if zones is None else zones
            for name in zones:
                at = _next_of(schedule, find_zone(name) or default, past)
                if at is not None and (closes_at is None or at < closes_at):
                    found.append(Start(at, version.source, name or NO_ZONE, version_id))
            continue
        zone = find_zone(schedule.get("timezone")) or default
        at = _next_of(schedule, zone, past)
        if at is not None and (closes_at is None or at < closes_at):
            found.append(Start(at, version.source, "", version_id))
    return sorted(found)


def fire(wave: Wave, starts: Sequence[Start], cascade: Callable[[], None]) -> None:
    """Let people in whom schedules name, as things stand at that instant.

    Args:
        wave: of a tick at whose end the schedules fire; all else of that instant has happened.
        starts: of one instant, in their order.
        cascade: applies what follows from it.

    Effects: writes `schedule_runs`, `entry_queue`, `entry_pace`, `considered_members`, and what starts write.
    """
    for source, group in groupby(starts, key=attrgetter("source")):
        paced = False
        version = wave.rules.versions[starts[0].version_id]
        for start in group:
            version = wave.rules.versions[start.version_id]
            if not start.is_turn:
                _fire_occurrence(wave, version, start, cascade)
            paced |= start.is_turn or version.rate is not None
        if paced and source in wave.rules.paced:
            _take_turns(wave, version, starts[0].at, cascade)


def _fire_occurrence(wave: Wave, version: Version, start: Start, cascade: Callable[[], None]) -> None:
    connection, run = wave.connection, {"source": start.source, "at": start.at, "zone": start.zone}
    people = _audience(wave, version, start.at)
    if start.zone:
        there = {p for (p,) in connection.rows(_SQL["people_of_zone"], {"zone": start.zone if start.zone != NO_ZONE else ""})}
        people = [p for p in people if p in there]
    if version.incremental:
        connection.execute_many(_SQL["consider"], [(start.source, p, start.at) for p in people])
    connection.execute(_SQL["keep_run"], {**run, "n": len(people)})
    if version.rate is None:
        _let_in(wave, version, people, Occurrence(version.version_id, start.source, start.at, start.zone), start.at, cascade)
    else:
        _queue(connection, start, people)


def _audience(wave: Wave, version: Version, at: int) -> list[int]:
    """Whom an occurrence finds."""
    if version.incremental and version.audience is not None:
        of = {"source": version.source, "segment": version.audience["segment"]}
        return [p for (p,) in wave.connection.rows(_SQL["new_members"], of)]
    return list(wave.judge.members(version.audience or _EVERYBODY, at, _seq_at(wave.connection, at) + (1 << SEQ_BITS) - 1))


def _seq_at(connection: Connection, at: int) -> int:
    return int(connection.value("SELECT MAX(seq) FROM w_arrival WHERE at <= :at", {"at": at}))


def _queue(connection: Connection, start: Start, people: Sequence[int]) -> None:
    """Have people wait for their turn, in the order of their ids, unless they wait already."""
    waiting = {p for (p,) in connection.rows(_SQL["waiting_people"], {"source": start.source})}
    names = (
        dict(connection.rows_in("SELECT profile_id, user_id FROM profiles WHERE profile_id IN {values}", people))
        if people
        else {}
    )
    ordered = sorted((p for p in people if p not in waiting), key=names.__getitem__)
    last = int(connection.value(_SQL["last_place"], {"source": start.source}))
    connection.insert_rows(
        "entry_queue",
        ["source", "run_at", "zone", "place", "profile_id"],
        [(start.source, start.at, start.zone, place, p) for place, p in enumerate(ordered, start=last + 1)],
    )


def _take_turns(wave: Wave, version: Version, at: int, cascade: Callable[[], None]) -> None:
    """Let those in whose turn it is, and who are members still."""
    connection, source = wave.connection, version.source
    turn = connection.value(_SQL["next_turn"], {"source": source})
    if turn is None or turn > at:
        return
    most = version.rate.max if version.rate else MOST_PROFILES
    rows = connection.rows(_SQL["waiting"], {"source": source, "most": most})
    connection.execute(_SQL["stop_waiting"], {"source": source, "place": rows[-1][2]})
    connection.execute(_SQL["pace"], {"source": source, "at": at + (version.rate.per if version.rate else 0)})
    gone = _no_longer_members(wave, version, [p for found_at, _, _, p in rows if found_at < at], at)
    _suppress(wave, version, gone, at)
    for (found_at, zone), group in groupby(rows, key=itemgetter(0, 1)):
        people = [p for *_, p in group if p not in gone]
        _let_in(wave, version, people, Occurrence(version.version_id, source, found_at, zone), at, cascade)


def _no_longer_members(wave: Wave, version: Version, people: Sequence[int], at: int) -> set[int]:
    if not people or version.audience is None:
        return set(people)
    seq = _seq_at(wave.connection, at) + (1 << SEQ_BITS) - 1
    truth = wave.judge.ask(version.audience, [(p, at, seq) for p in people])
    return {p for p, yes in zip(people, truth, strict=True) if not yes}


def _suppress(wave: Wave, version: Version, people: Iterable[int], at: int) -> None:
    base, seq = wave.next_id("enrollments", "enrollment_id"), _seq_at(wave.connection, at)
    wave.connection.insert_rows(
        "enrollments",
        ["enrollment_id", "version_id", "source", "profile_id", "key", "status", "reason", "entered_at", "ended_at", "mark_at",
         "mark_seq", "visit"],
        [
            (base + n, version.version_id, version.source, p, "", 4, "no_longer_member", at, at, at, seq, 0)
            for n, p in enumerate(sorted(people), start=1)
        ],
    )  # fmt: skip


def _let_in(
    wave: Wave, version: Version, people: Sequence[int], occurrence: Occurrence, at: int, cascade: Callable[[], None]
) -> None:
    connection = wave.connection
    lanes = bring_in(connection, people, at, _seq_at(connection, at))
    rank = connection.value(_SQL["rank"], {"version_id": version.version_id})
    connection.insert_rows(
        "w_todo",
        ["lane", "phase", "rank", "entered_at", "mark_seq", "enrollment_id", "version_id", "profile_id", "key", "ts"],
        [(lanes[p], 1, rank, 0, 0, 0, version.version_id, p, "", at) for p in people],
    )
    wave.occurrence = occurrence
    cascade()
    wave.occurrence = None
    if version.limits.per_run is not None:
        entered = wave.entries.entered(occurrence.window(version.limits.per_run))
        of = {"source": occurrence.source, "at": occurrence.at, "zone": occurrence.zone}
        connection.execute(_SQL["add_entered"], {**of, "n": entered})


def bring_in(connection: Connection, people: Sequence[int], at: int, seq: int) -> dict[int, int]:
    """Bring people into the tick, all that are in it to one instant, and behind one place in the order of events. Answers their lanes."""
    here = dict(connection.rows(PEOPLE_IN_TICK))
    new = [p for p in people if p not in here]
    connection.insert_rows("w_member", ["profile_id", "lane"], [(p, p) for p in new])
    last = (
        dict(connection.rows_in("SELECT profile_id, last_seq FROM profile_seqs WHERE profile_id IN {values}", new))
        if new
        else {}
    )
    lanes = [(p, at, last.get(p, 0), last.get(p, 0), 1) for p in new]
    connection.insert_rows("w_lane", ["lane", "at", "seq", "opened_seq", "whole"], lanes)
    connection.execute("UPDATE w_lane SET at = :at, seq = CASE WHEN seq > :seq THEN seq ELSE :seq END", {"at": at, "seq": seq})
    return dict(connection.rows(PEOPLE_IN_TICK))
