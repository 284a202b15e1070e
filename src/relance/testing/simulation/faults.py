"""Commits that are watched: each is counted, and one that a fault names ends the process, or is refused."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from relance.errors import StoreUnavailable
from relance.eventlog.base import EventLog, LogBatch, LogUnavailable, NewChunk, RewrittenChunk
from relance.store import Connection, Database
from relance.warehouse.engines.memory import MemoryWarehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relance.events.model import LoggedChunk
    from relance.testing.simulation.plan import Fault, Target
    from relance.warehouse.base import Warehouse


class Crash(BaseException):
    """The process ends here. No handler for errors sees it; what rolls back as it passes is what a dead connection leaves."""


class Points:
    """Where things can go wrong, and how often each place was passed since the world began."""

    def __init__(self, faults: Sequence[Fault], pause: Callable[[], None]) -> None:
        """`pause` lets others work, between two transactions of the engine."""
        self._faults = {
            (f.target, f.nth, f.side if f.kind == "crash" else "before"): f for f in faults if f.kind in {"crash", "refusal"}
        }
        self._pause = pause
        self.passed: Counter[str] = Counter()
        self.fired: list[Fault] = []
        self.n_commits = 0

    def pause(self) -> None:
        """Before a transaction."""
        self._pause()

    def before(self, target: Target) -> None:
        """The commit comes next.

        Raises:
            Crash: it never comes.
            StoreUnavailable: it is refused.
        """
        self.passed[target] += 1
        fault = self._faults.pop((target, self.passed[target], "before"), None)
        if fault is None:
            return
        self.fired.append(fault)
        if fault.kind == "crash":
            raise Crash
        raise LogUnavailable if target == "log" else StoreUnavailable

    def after(self, target: Target) -> None:
        """It is on the disk, and nobody was told.

        Raises:
            Crash: nobody ever is.
        """
        self.n_commits += 1
        fault = self._faults.pop((target, self.passed[target], "after"), None)
        if fault is not None:
            self.fired.append(fault)
            raise Crash


class WatchedDatabase(Database):
    """The store as one process uses it."""

    def __init__(self, inner: Database, points: Points) -> None:
        self._inner = inner
        self.points = points
        self.dialect = inner.dialect
        self.target: Target = "store"  # whose transactions these are, as faults name them
        self.dead = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if self.dead:
            raise Crash
        if self.target == "store":
            self.points.pause()
        target = self.target
        with self._inner.writing() as connection:
            yield connection
            self.points.before(target)
        self.points.after(target)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self.dead:
            raise Crash
        with self._inner.reading() as connection:
            yield connection

    @contextmanager
    def named(self, target: Target) -> Iterator[None]:
        """Within it, transactions are those of somebody else than the engine."""
        before, self.target = self.target, target
        try:
            yield
        finally:
            self.target = before

    def close(self) -> None:
        self._inner.close()


class WatchedLog(EventLog):
    """The log as one process uses it."""

    def __init__(self, inner: EventLog, points: Points) -> None:
        super().__init__(inner.clock, inner.window)
        self._inner = inner
        self._points = points

    def append(self, chunks: Sequence[NewChunk]) -> list[int]:
        self._points.before("log")
        done = self._inner.append(chunks)
        self._points.after("log")
        return done

    def claim(self) -> None:
        self._inner.claim()

    def read_after(self, position: int, limit: int) -> LogBatch:
        return self._inner.read_after(position, limit)

    def chunk_at(self, position: int) -> LoggedChunk | None:
        return self._inner.chunk_at(position)

    def rewrite(self, chunks: Sequence[RewrittenChunk], numbers: Sequence[tuple[int, int]] = ()) -> None:
        self._points.before("log")
        self._inner.rewrite(chunks, numbers)
        self._points.after("log")

    def numbers_given(self) -> list[tuple[int, int]]:
        return self._inner.numbers_given()

    def last_position(self) -> int:
        return self._inner.last_position()

    def tend(self) -> bool:
        return self._inner.tend()

    def probe(self) -> None:
        self._inner.probe()

    def close(self) -> None:
        self._inner.close()


class WatchedMemory(MemoryWarehouse):
    """A warehouse in memory that outlives its process, as a file would."""

    points: Points | None = None

    def commit(self) -> None:
        if self.points is not None:
            self.points.before("warehouse")
        super().commit()
        if self.points is not None:
            self.points.after("warehouse")


def watch(warehouse: Warehouse, points: Points) -> None:
    """Watch the commits of a warehouse that was just opened."""
    commit = warehouse.commit

    def watched(*args: Any) -> None:
        points.before("warehouse")
        commit(*args)
        points.after("warehouse")

    warehouse.commit = watched  # type: ignore[method-assign]  # of this one
