"""What the phases of a wave share: the connection, the statements and the scratch tables of one tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from relance.outbox.handoff import ADDRESS
from relance.store import load_queries
from relance.store.scratch import empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.journeys.limits import EntryBook, Occurrence
    from relance.journeys.output import Output
    from relance.journeys.rules import Rulebook
    from relance.outbox.handoff import HandOff
    from relance.segments.flow import Watched
    from relance.segments.standings import Standing
    from relance.store import Connection

# From which instant, and from which place in the order of events, an event counts for a listener (SEMANTICS 12, 40).
_MARK = {
    part: f"CASE r.since WHEN 'enrollment' THEN e.mark_{part} WHEN 'message' THEN COALESCE(d.{part}, {{who}}.step_{part}) ELSE {{who}}.step_{part} END"
    for part in ("at", "seq")
}
# A reaction names its message by id, or by source and step: that profile's latest such message.
_ANSWERS = """EXISTS (SELECT 1 FROM messages m WHERE m.enrollment_id = e.enrollment_id AND m.step = r.message_step AND m.status = 'sent' AND CASE
        WHEN s.message_ref IS NOT NULL THEN m.message_id = s.message_ref
        ELSE s.message_source = e.source AND s.message_step = m.step_id AND m.decided_at <= s.at AND NOT EXISTS (
            SELECT 1 FROM messages n WHERE n.profile_id = m.profile_id AND n.source = m.source AND n.step_id = m.step_id AND n.status = 'sent'
                AND n.decided_at <= s.at AND n.decided_at > m.decided_at) END)"""
# When a resting walker `w` is due, and what its timer is stamped with: its deadline or the end of its lifetime, whichever is stamped earlier.
_LIVES = "w.deadline <= w.life_at AND w.step_at <= w.life_at"
_DUE = {
    "due_at": f"CASE WHEN {_LIVES} THEN CASE WHEN w.deadline + :lateness < w.step_at THEN w.step_at ELSE w.deadline + :lateness END ELSE w.life_at + :lateness END",
    "due_stamp": f"CASE WHEN {_LIVES} THEN CASE WHEN w.deadline < w.step_at THEN w.step_at ELSE w.deadline END ELSE w.life_at END",
    "due_life": f"CASE WHEN {_LIVES} THEN 0 ELSE 1 END",
}
# A walker enters step `n`.
_ENTER = "state = n.entered, step = n.step, kind = n.kind, visit = w_walker.visit + n.enters, step_seq = w_walker.seq, round = :round"
ENTER = f"{_ENTER}, step_at = w_walker.at, deadline = w_walker.at + n.wait"
_HEARD_AT = "CASE WHEN w_walker.state = 1 AND h.received_at > w_walker.at THEN h.received_at ELSE w_walker.at END"
_ENTER_AT = f"{_ENTER}, at = {_HEARD_AT}, step_at = {_HEARD_AT}, deadline = {_HEARD_AT} + n.wait"
# Everybody in the tick: people who come for timers alone have a lane of their own and are not listed. The condition stands outside of the union:
# with one inside, PostgreSQL finds nobody by index and reads all lanes for each person.
_LISTED_OR_ALONE = (
    "SELECT profile_id, lane, CAST(0 AS BIGINT) AS whole FROM w_member UNION ALL SELECT lane, lane, whole FROM w_lane"
)
PEOPLE_IN_TICK = f"SELECT u.profile_id, u.lane FROM ({_LISTED_OR_ALONE}) u WHERE u.whole = 0"  # noqa: S608 - our own names
PEOPLE = f"({PEOPLE_IN_TICK})"
# Timers that were found, each with the place its lane has come to, and what was received until then; those before the next event of the lane;
# the first of each lane.
_TIMERS = "w_timer t{before} JOIN w_lane l ON l.lane = t.lane JOIN w_arrival a ON a.at = {arrived}"
_ARRIVED = "(SELECT MAX(b.at) FROM w_arrival b WHERE b.at <= t.due_at)"
_BEFORE = " JOIN w_item i ON i.n = :n AND i.lane = t.lane AND t.due_at < i.at"
_FIRST = """JOIN w_version v ON v.version_id = e.version_id WHERE NOT EXISTS (
        SELECT 1 FROM w_timer o
        WHERE o.lane = t.lane AND o.enrollment_id <> t.enrollment_id AND (o.due_at, o.due_stamp, o.due_life) <= (t.due_at, t.due_stamp, t.due_life)
            AND ((o.due_at, o.due_stamp, o.due_life) < (t.due_at, t.due_stamp, t.due_life) OR EXISTS (
                SELECT 1 FROM enrollments f JOIN w_version u ON u.version_id = f.version_id
                WHERE f.enrollment_id = o.enrollment_id AND (u.rank, f.entered_at, f.mark_seq, f.enrollment_id) < (v.rank, e.entered_at, e.mark_seq, t.enrollment_id))))"""
# The same of people who have one timer each and nothing else in the tick, straight from where timers are kept.
_DUE_TIMERS = """(SELECT d.profile_id AS lane, d.due_at, d.enrollment_id, d.due_stamp, d.due_life, COALESCE(p.last_seq, 0) AS seq
        FROM timers d LEFT JOIN profile_seqs p ON p.profile_id = d.profile_id
        WHERE (d.due_at, d.profile_id) <= (:last_at, :last_profile)) t
    JOIN w_arrival a ON a.at = 0"""
# Messages just tried, or all that the drain decided since the last tick.
_TRIED = {
    "tried": "w_try t JOIN messages m ON m.message_id = t.message_id",
    "scope": "t.hold IS NULL",
    "told_at": "m.decided_at",
}
_BY_DRAIN = {"tried": "w_decided m", "scope": "1 = 1", "told_at": "m.decided_at"}
_LATE = {"tried": "messages m", "scope": "m.message_id = :message_id", "told_at": "CAST(:at AS BIGINT)"}


def _statements() -> dict[str, str]:
    sql = dict(load_queries("relance.journeys"))
    for name, who in (("find_listeners", "e"), ("ask_log", "w")):
        marks = {f"mark_{part}": text.format(who=who) for part, text in _MARK.items()}
        sql[name] = sql[name].format(**marks, answers=_ANSWERS)
    for name in ("try_entered", "try_reachable", "try_held"):
        sql[name] = sql[name].format(**ADDRESS)
    for name in ("settle", "set_timers", "find_soon"):
        sql[name] = sql[name].format(**_DUE)
    for name in ("time_out", "pass_on", "enter_answers"):
        sql[name] = sql[name].format(enter=ENTER)
    sql["move_heard"] = sql["move_heard"].format(enter_at=_ENTER_AT)
    sql["reach_goals"] = sql["reach_goals"].format(people=PEOPLE)
    fire = sql["fire_timers"]
    for name, before, arrived in (
        ("fire_timers", "", _ARRIVED),
        ("fire_timers_before", _BEFORE, _ARRIVED),
        ("fire_timers_undisturbed", "", "0"),  # nothing was received in the tick
    ):
        found = {"timers": _TIMERS.format(before=before, arrived=arrived), "place": "l.seq"}
        sql[name] = fire.format(**found, where=_FIRST)
        sql[f"{name}_alone"] = fire.format(**found, where="")
    sql["fire_due"] = fire.format(timers=_DUE_TIMERS, place="t.seq", where="")
    sql["emit_decided_late"] = sql["emit_decided"].format(**_LATE)
    changed = sql.pop("changed_lanes")
    for name in ("move_seqs", "count_changed", "add_seqs"):
        sql[name] = sql[name].format(changed=changed)
    for name in ("emit_decided", "keep_handed"):
        sql[f"{name}_by_drain"] = sql[name].format(**_BY_DRAIN)
        sql[name] = sql[name].format(**_TRIED)
    return sql


SQL = _statements()


MOST_PROFILES = (1 << 63) - 1


class Judge(Protocol):
    """Who knows the truth of conditions."""

    def prepare(self, conditions: Iterable[Mapping[str, Any]]) -> None:
        """Conditions that will be asked."""
        ...

    def ask(self, condition: Mapping[str, Any], moments: Sequence[tuple[int, int, int]]) -> Sequence[bool]:
        """Whether the condition holds at each moment `(profile_id, at, seq)`."""
        ...

    def members(self, condition: Mapping[str, Any], at: int, seq: int) -> Sequence[int]:
        """The profiles for which it holds at one instant."""
        ...

    def watch(self, segments: Iterable[str] | None) -> Watched:
        """What can change the membership of some segments, or of all."""
        ...

    def standings(self, watched: Watched, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        """In which of the watched segments people are, each at one moment, and when time alone may change that."""
        ...


@dataclass(slots=True)
class Wave:
    """The tools of one tick."""

    connection: Connection
    rules: Rulebook
    judge: Judge
    hand_off: HandOff
    zone: ZoneInfo  # the workspace's
    lateness: int
    prefix: str  # of the ids of messages, as others see them
    until: int  # the last instant of the tick
    tick: int
    last_own: int  # the highest id of our own events
    output: Output  # what the tick leaves in the warehouse
    last_due: tuple[int, int]  # up to which instant and profile the tick takes the timers of people without events
    entries: EntryBook  # how many have entered where that is limited
    has_timers: bool = False  # whether any timer is due within the tick
    divisible: bool = False  # whether the tick may be taken back and tried in parts
    occurrence: Occurrence | None = None  # of a schedule, that lets people in just now
    round: int = 0  # counts how often all walkers were moved, so that the steps they enter are told apart
    starts_late: bool = False  # whether people are let in who waited while their journey was paused
    comes_alone: bool = False  # whether nothing else happens in the tick than one timer for each person; then these are still where they are kept

    @property
    def crowded(self) -> bool:
        """Whether more timers are due than the tick takes."""
        return self.last_due != (self.until, MOST_PROFILES)

    @property
    def due(self) -> dict[str, int]:
        """Up to where the tick takes the timers of people without events, for statements."""
        return {"last_at": self.last_due[0], "last_profile": self.last_due[1]}

    def run(self, name: str, **params: Any) -> int:
        """Run a named statement; answer how many rows it changed."""
        return self.connection.execute(SQL[name], params or None)

    def enter(self, name: str, **params: Any) -> int:
        """Run a named statement by which walkers enter steps."""
        return self.run(name, round=self.round, **params)

    def clear(self, *tables: str, rows: int = 0) -> None:
        """Empty scratch tables; `rows` is how many there are, where that is known."""
        empty(self.connection, tables, rows=rows)

    def answer(self, answers: Iterable[tuple[int, int, int, int | None, str, int | None]]) -> None:
        """Tell walkers what their step says: lane, state, step, deadline, cause, cause_ref."""
        self.clear("w_answer")
        self.connection.insert_rows("w_answer", ["lane", "state", "step", "deadline", "cause", "cause_ref"], answers)
        self.run("take_answers")
        self.enter("enter_answers")

    def next_id(self, table: str, column: str) -> int:
        """The highest id of a table: new rows count on from it."""
        return int(self.connection.value(f"SELECT COALESCE(MAX({column}), 0) FROM {table}"))  # noqa: S608 - our own names
