"""Schedules of journeys over a segment and of campaigns: when they fire, and whom they let in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import MICROSECOND
from relance.ids import SEQ_BITS
from relance.journeys.wave import PEOPLE_IN_TICK
from relance.localtime import UTC_ZONE, find_zone, next_occurrence, parse_instant_or_date, parse_recurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.journeys.model import Version
    from relance.journeys.rules import Rulebook
    from relance.journeys.wave import Wave
    from relance.store import Connection


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """One occurrence of a schedule."""

    at: int
    source: str
    zone: str  # people with this zone only; "" for everybody
    version_id: int


def _zones(connection: Connection) -> list[str | None]:
    return [
        name
        for (name,) in connection.rows("SELECT DISTINCT timezone FROM profiles WHERE merged_into IS NULL ORDER BY timezone")
    ]


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
        schedule = version.schedule
        if not schedule or not ("at" in schedule or "every" in schedule):
            continue
        past = max(after, rules.published.get(version_id, 0) - MICROSECOND)
        if "every" in schedule and schedule.get("timezone") == "profile":
            zones = list(dict.fromkeys([None, *_zones(connection), *coming_zones])) if zones is None else zones
            for name in zones:
                at = _next_of(schedule, find_zone(name) or default, past)
                if at is not None:
                    found.append(Start(at, version.source, name or "-", version_id))
            continue
        zone = find_zone(schedule.get("timezone")) or default
        at = _next_of(schedule, zone, past)
        if at is not None:
            found.append(Start(at, version.source, "", version_id))
    return sorted(found)


def fire(wave: Wave, start: Start) -> None:
    """Let a schedule's audience in, as it is at that instant. Effects: writes `schedule_runs` and what starts write."""
    connection = wave.connection
    version = wave.rules.versions[start.version_id]
    seq = int(connection.value("SELECT MAX(seq) FROM w_arrival WHERE at <= :at", {"at": start.at}))
    people = list(wave.judge.members(version.audience or {"type": "all", "of": []}, start.at, seq + (1 << SEQ_BITS) - 1))
    if start.zone:
        zoned = dict(connection.rows("SELECT profile_id, timezone FROM profiles WHERE merged_into IS NULL"))
        people = [p for p in people if (zoned.get(p) or "-") == start.zone]
    _open(connection, people, start.at, seq)
    ranks: Sequence[tuple[Any, ...]] = connection.rows(
        "SELECT rank FROM w_version WHERE version_id = :v", {"v": start.version_id}
    )
    lanes = dict(connection.rows(PEOPLE_IN_TICK))
    connection.insert_rows(
        "w_todo",
        ["lane", "phase", "rank", "entered_at", "mark_seq", "enrollment_id", "version_id", "profile_id", "key", "ts"],
        [(lanes[p], 1, ranks[0][0], 0, 0, 0, start.version_id, p, "", start.at) for p in people],
    )
    connection.execute(
        "INSERT INTO schedule_runs (source, at, zone, started) VALUES (:source, :at, :zone, :n) ON CONFLICT (source, at, zone) DO NOTHING",
        {"source": start.source, "at": start.at, "zone": start.zone, "n": len(people)},
    )


def _open(connection: Connection, people: Sequence[int], at: int, seq: int) -> None:
    """Bring people into the tick, at the instant of the schedule."""
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
