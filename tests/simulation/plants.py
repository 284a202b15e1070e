"""Faults that are planted in the engine, to see whether simulated worlds find them. Each is a mistake that somebody could make."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from relance.errors import StoreError
from relance.eventlog.commit import GroupCommitter
from relance.eventlog.id_runs import IdRuns
from relance.eventlog.sqlite import SQLiteLog
from relance.journeys import engine, wave
from relance.outbox import claims, reconcile
from relance.outbox.drain import Drain
from relance.runtime import engine_loop, relay
from relance.testing.simulation.faults import WatchedMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from relance.eventlog.commit import Waiting
    from relance.store import Database


def _sql(module: Any, **changes: tuple[str, str]) -> AbstractContextManager[object]:
    """Statements of a module with a part of each replaced."""
    before = dict(module.SQL)
    for name, (part, other) in changes.items():
        assert part in before[name], f"{name} says {part!r} no more: plant it anew"
        before[name] = before[name].replace(part, other)
    return patch.object(module, "SQL", before)


@contextmanager
def cursor_before_effects() -> Iterator[None]:
    """The place in the log is committed, then what is to be done about it."""
    tick = engine.Engine.tick

    def hasty(self: Any, connection: Any, events: Any, *, position: int, until: int, **more: Any) -> Any:
        connection.execute("UPDATE engine_state SET position = :p WHERE id = 1", {"p": position})
        connection.commit()
        connection.begin()
        return tick(self, connection, events, position=position, until=until, **more)

    with patch.object(engine.Engine, "tick", hasty), patch.object(engine, "_require_next", lambda *_: None):
        yield


def claim_without_check() -> AbstractContextManager[object]:
    """What came in since the engine decided is not looked at again."""
    return patch.object(claims, "find_refusal", lambda *_: None)


@contextmanager
def claim_that_takes_what_is_taken() -> Iterator[None]:
    """Two workers may have one message."""
    taken = ("status = 'ready'", "status IN ('ready', 'claimed')")
    with _sql(claims, candidates=taken, claim=taken):
        yield


def timers_deleted_too_early() -> AbstractContextManager[object]:
    """Whoever hears something loses the timers of all of their passages."""
    return _sql(
        wave,
        stop_timers=(
            "(due_at, profile_id, enrollment_id) IN (SELECT w.due_at, w.profile_id, w.enrollment_id",
            "profile_id IN (SELECT w.profile_id",
        ),
    )


def timers_left_behind() -> AbstractContextManager[object]:
    """Whoever leaves a journey still has a timer."""
    return _sql(wave, stop_ended=("x.status <> 1", "x.status = 9"))


def warehouse_not_taken_back() -> AbstractContextManager[object]:
    """A tick that only the warehouse has committed stays there."""

    def pretend(self: WatchedMemory, tick: int) -> None:
        self._last_tick = min(self._last_tick, tick)

    return patch.object(WatchedMemory, "forget_after", pretend)


@contextmanager
def own_events_deleted_first() -> Iterator[None]:
    """What the engine told is deleted, then written to the log."""

    def hasty(database: Database, commit: Callable[[Any], int], *more: Any) -> int:
        kept: list[Any] = []

        def keep(chunk: Any) -> int:
            kept.append(chunk)
            return 0

        n = relay.relay_own_events(database, keep, *more)
        for chunk in kept:
            commit(chunk)
        return n

    with patch.object(engine_loop, "relay_own_events", hasty):
        yield


def unknown_outcome_repeated() -> AbstractContextManager[object]:
    """What a dead worker had claimed goes again, whatever it is."""
    return _sql(
        claims,
        give_up=(
            "status = 'failed', reason = 'unknown_outcome', decided_at = ?",
            "status = 'ready', due_at = ?, claimed_by = NULL",
        ),
    )


def reaction_in_flight_forgotten() -> AbstractContextManager[object]:
    """A reaction to a message that is still with the provider is not remembered."""
    return patch.object(reconcile, "_REMEMBERED", "UPDATE messages SET proven = 0 WHERE message_id = ?")


@contextmanager
def acknowledged_before_the_disk() -> Iterator[None]:
    """Clients are told before the log is committed."""
    commit = GroupCommitter._commit_group

    def hasty(self: GroupCommitter, group: list[Waiting]) -> None:
        self._tell(group, [len(waiting.chunk.message_ids) for waiting in group])
        commit(self, group)

    with patch.object(GroupCommitter, "_commit_group", hasty):
        yield


@contextmanager
def ids_forgotten() -> Iterator[None]:
    """The log knows no message id again."""
    with patch.object(IdRuns, "find", lambda *_: {}):
        yield


def second_engine_let_in() -> AbstractContextManager[object]:
    """Two processes may hold the log."""
    return patch.object(SQLiteLog, "claim", lambda _: None)


@contextmanager
def outcome_lost() -> Iterator[None]:
    """A worker whose store is away for a moment gives up what it knows."""

    async def careless(self: Any, outcomes: Any) -> None:
        try:
            await asyncio.to_thread(self.record, outcomes)
        except StoreError:
            return

    with patch.object(Drain, "_record_surely", careless):
        yield


def merged_person_still_told_of() -> AbstractContextManager[object]:
    """What a merge ends is told of the person who is nobody any more."""
    return _sql(wave, give_own=("m.merged_id", "-m.merged_id"))


def cap_that_forgets_who_waits() -> AbstractContextManager[object]:
    """A message that waits for its provider counts for the cap only for a while."""
    from relance.outbox import handoff

    return _sql(handoff, check_cap=("m.status IN ('ready', 'claimed') OR ", ""))


PLANTS: dict[str, tuple[Callable[[], AbstractContextManager[object]], str]] = {  # and the rule that they break most often
    "cursor before effects": (cursor_before_effects, "a start was lost"),
    "claim without check": (claim_without_check, "handed over after the end"),
    "claim that takes what is taken": (claim_that_takes_what_is_taken, "claimed twice"),
    "timers deleted too early": (timers_deleted_too_early, "nobody wakes them"),
    "timers left behind": (timers_left_behind, "timers of nobody"),
    "warehouse not taken back": (warehouse_not_taken_back, "the warehouse has events twice, or of nobody"),
    "own events deleted first": (own_events_deleted_first, "it was never told"),
    "unknown outcome repeated": (unknown_outcome_repeated, "handed over twice"),
    "reaction in flight forgotten": (reaction_in_flight_forgotten, "a reaction was forgotten"),
    "acknowledged before the disk": (acknowledged_before_the_disk, "lost an acknowledged event"),
    "ids forgotten": (ids_forgotten, "an event stands twice in the log"),
    "second engine let in": (second_engine_let_in, "a second engine ran"),
    "outcome lost": (outcome_lost, "claimed for ever"),
    "merged person still told of": (merged_person_still_told_of, "the warehouse lacks events"),
    "cap that forgets who waits": (cap_that_forgets_who_waits, "the cap is broken"),
}
