"""What the phases of a wave share: the connection, the statements and the scratch tables of one tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from relance.outbox.handoff import ADDRESS
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.journeys.output import Output
    from relance.journeys.rules import Rulebook
    from relance.outbox.handoff import HandOff
    from relance.segments.flow import Standing, Watched
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
# Messages just tried, or all that the drain decided since the last tick.
_TRIED = {
    "tried": "w_try t JOIN messages m ON m.message_id = t.message_id",
    "scope": "t.hold IS NULL",
    "told_at": "m.decided_at",
}
_BY_DRAIN = {"tried": "messages m", "scope": "m.resolved = 0 AND m.decided_at <= :until", "told_at": "m.decided_at"}
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
    sql["fire_timers_before"] = sql["fire_timers"].format(
        before=" JOIN w_item i ON i.n = :n AND i.lane = t.lane AND t.due_at < i.at"
    )
    sql["fire_timers"] = sql["fire_timers"].format(before="")
    sql["emit_decided_late"] = sql["emit_decided"].format(**_LATE)
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
    has_timers: bool = False  # whether any timer is due within the tick

    @property
    def crowded(self) -> bool:
        """Whether more timers are due than the tick takes."""
        return self.last_due != (self.until, MOST_PROFILES)

    def run(self, name: str, **params: Any) -> int:
        """Run a named statement; answer how many rows it changed."""
        return self.connection.execute(SQL[name], params or None)

    def clear(self, *tables: str) -> None:
        for table in tables:
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def answer(self, answers: Iterable[tuple[int, int, int, int | None, str, int | None]]) -> None:
        """Tell walkers what their step says: lane, state, step, deadline, cause, cause_ref."""
        self.clear("w_answer")
        self.connection.insert_rows("w_answer", ["lane", "state", "step", "deadline", "cause", "cause_ref"], answers)
        self.run("take_answers")

    def next_id(self, table: str, column: str) -> int:
        """The highest id of a table: new rows count on from it."""
        return int(self.connection.value(f"SELECT COALESCE(MAX({column}), 0) FROM {table}"))  # noqa: S608 - our own names
