"""Acts are done: in ticks of their own at their instant, after all that was received before it, before all that comes after.

An act with many people takes several ticks, some people at a time; nothing else happens between them, and after a crash the next
one goes on where the last committed one came to.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.journeys.lifecycle.migration import move_some
from relance.journeys.lifecycle.model import OPEN, STOPPED_REASON, Act, Standing, find_way
from relance.journeys.lifecycle.standings import load_standing
from relance.journeys.lifecycle.timing import with_timing
from relance.journeys.schedule import bring_in
from relance.journeys.steps import end_passages
from relance.journeys.wave import PEOPLE
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from relance.journeys.engine import Engine
    from relance.journeys.lifecycle.model import Entries, State
    from relance.journeys.wave import Wave
    from relance.store import Connection

PEOPLE_A_TICK = 50_000

SQL = {name: with_timing(text).replace("{people}", PEOPLE) for name, text in load_queries("relance.journeys.lifecycle").items()}


def perform_due(engine: Engine, writing: Callable[[], AbstractContextManager[Connection]], act: Act, at: int) -> None:
    """Do an act that the engine itself does, in as many ticks as it takes.

    Args:
        engine: ready, and come to the microsecond before `at`, with nobody due.
        writing: the store's writing connection in a transaction; one for each tick.
        act: what is to be done.
        at: its instant, or a later one where the engine had come further when it was asked for.
    """
    left = True
    while left:
        with writing() as connection:
            position = engine.read_state(connection).position
            left = engine.tick(connection, (), position=position, until=at - 1, act=Performance(act, at)).act_left


class Performance:
    """An act in one tick."""

    def __init__(self, act: Act, at: int) -> None:
        self._act = act
        self.at = at

    def begin(self, wave: Wave) -> bool:
        """Do the act for some people. Answers whether some are left.

        Effects: `journey_states`, `journey_acts`, `timers`, `messages` and what ends and starts write; the revision.
        """
        act, connection = self._act, wave.connection
        if act.action == "migrate":
            moved = move_some(wave, act, self.at, PEOPLE_A_TICK)
            before = json.loads(connection.value(SQL["outcome"], {"act_id": act.act_id}) or "{}").get("moved", 0)
            self._end(connection, "waiting" if moved else "done", {"moved": before + moved})
            return moved > 0
        standing = load_standing(connection, act.source)
        begun = (standing.state == "stopped" and act.action == "stop") or (
            act.action == "resume" and standing.state in {"published", "closed"} and standing.since_at == self.at
        )
        if not begun:
            following = find_way(act.action, standing.state, standing.before_pause)
            opens = act.action == "resume" and standing.state not in {"paused", act.detail.get("from")}
            if following is None or opens:  # a pause that was to end by itself does not open what was stopped since
                self._end(connection, "void", {"reason": f"it was {standing.state} then"})
                return False
            self._stand(wave, following, standing)
        left = {"stop": self._let_out, "resume": self._let_in}.get(act.action, _nobody)(wave)
        if not left:
            self._end(connection, "done", None)
        return left

    def _stand(self, wave: Wave, state: State, before: Standing) -> None:
        act, connection = self._act, wave.connection
        given = act.detail
        entries: Entries = "closed" if state == "paused" and before.state == "closed" else given.get("entries", "hold")
        now = Standing(state, self.at, given.get("clocks", "run"), entries)
        of = {"source": act.source}
        connection.execute(SQL["next_revision"])  # first: whoever asks for something now waits until this is done
        connection.execute(SQL["stand"], {**of, "state": state, "at": self.at, "clocks": now.clocks, "entries": now.entries})
        connection.execute(SQL["show"], {**of, "gate": now.gate, "still": int(now.is_still)})
        wave.rules.has_gates |= now.gate != OPEN
        if connection.row(SQL["asked_later"], {**of, "act_id": act.act_id}) is None:
            connection.execute(SQL["set_state"], {**of, "state": state})
        if now.is_still and not before.is_still:
            connection.execute(SQL["stop_clocks"], of)
            connection.execute(SQL["park_messages"], of)
        if act.action == "resume" and before.state == "paused":
            if before.clocks == "freeze":
                connection.execute(SQL["shift_deadlines"], {**of, "pause": self.at - before.since_at})
            clocks = {**of, "at": self.at, "since": before.since_at, "lateness": wave.lateness}
            connection.execute(SQL["set_due"], clocks)
            connection.execute(SQL["start_clocks"], clocks)

    def _let_out(self, wave: Wave) -> bool:
        """Stopped: some of those inside leave; who waited to come in does not."""
        connection, of = wave.connection, {"source": self._act.source}
        people = [p for (p,) in connection.rows(SQL["insiders"], {**of, "most": PEOPLE_A_TICK})]
        if people:
            self._bring_in(wave, people)
            connection.execute(SQL["end_insiders"], {**of, "reason": STOPPED_REASON, "at": self.at})
            end_passages(wave)
            if len(people) == PEOPLE_A_TICK:
                return True
        current = connection.row(SQL["current"], of)
        base = wave.next_id("enrollments", "enrollment_id")
        if current is not None:
            connection.execute(SQL["refuse_held"], {**of, "base": base, "version_id": current[0]})
        connection.execute(SQL["drop_held"], of)
        return False

    def _let_in(self, wave: Wave) -> bool:
        """Resumed: some of those who waited come in, in order."""
        connection, of = wave.connection, {"source": self._act.source}
        current = connection.row(SQL["current"], of)
        rows = connection.rows(SQL["held"], {**of, "most": PEOPLE_A_TICK})
        if not rows or current is None:
            return False
        version_id, rank = current
        wave.starts_late = True
        lanes = self._bring_in(wave, sorted({profile_id for _, profile_id, *_ in rows}))
        connection.insert_rows(
            "w_todo",
            [
                "lane",
                "phase",
                "rank",
                "entered_at",
                "mark_seq",
                "enrollment_id",
                "version_id",
                "profile_id",
                "key",
                "ts",
                "event_seq",
            ],
            [
                (lanes[profile_id], 1, rank, 0, entry_id, 0, version_id, profile_id, key, ts, event_seq)
                for entry_id, profile_id, key, ts, event_seq in rows
            ],
        )
        connection.execute(SQL["let_go"], {**of, "last": rows[-1][0]})
        return len(rows) == PEOPLE_A_TICK

    def _bring_in(self, wave: Wave, people: list[int]) -> dict[int, int]:
        seq = int(wave.connection.value("SELECT MAX(seq) FROM w_arrival"))
        return bring_in(wave.connection, people, self.at, seq)

    def _end(self, connection: Connection, state: str, outcome: dict[str, Any] | None) -> None:
        end_act(connection, self._act, state, outcome, at=self.at)


def end_act(connection: Connection, act: Act, state: str, outcome: dict[str, Any] | None, *, at: int) -> None:
    """Write down what came of an act, so far. Effects: `journey_acts`."""
    connection.execute(
        SQL["end_act"],
        {"act_id": act.act_id, "state": state, "outcome": json.dumps(outcome) if outcome is not None else None, "at": at},
    )


def _nobody(_: Wave) -> bool:
    return False
