"""Group commit: one thread writes what many requests brought, and tells each only when it is on the disk.

There is no waiting for company: while one group is committed the next gathers. An idle server commits at once, a busy one
in groups; a group is at most 500 requests.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from relance.errors import InternalError, RelanceError
from relance.eventlog.base import EventLog, LogBroken, LogOverloaded, LogUnavailable, NewChunk

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

GROUP_REQUESTS = 500
GROUP_BYTES = 16 * 1024 * 1024
QUEUED_REQUESTS = 20_000
QUEUED_BYTES = 128 * 1024 * 1024
PROBE_SECONDS = 0.5
IDLE_SECONDS = 1.0


class Waiting:
    """A request in the queue: where its outcome is to be told."""

    __slots__ = ("chunk", "future", "loop", "outcome")

    def __init__(self, chunk: NewChunk, loop: asyncio.AbstractEventLoop | None, future: asyncio.Future[int] | None) -> None:
        self.chunk, self.loop, self.future = chunk, loop, future
        self.outcome: int | RelanceError | None = None


class GroupCommitter:
    """The one writer of a log.

    Args:
        log: where it writes.
        on_broken: called once, from the writing thread, when the disk failed: the process must end and recover from the log.
    """

    def __init__(
        self,
        log: EventLog,
        *,
        on_broken: Callable[[LogBroken], None] | None = None,
        queued_requests: int = QUEUED_REQUESTS,
        queued_bytes: int = QUEUED_BYTES,
        threaded: bool = True,
    ) -> None:
        """Args: `threaded`: False where somebody else calls `write_group`, as a simulation does that decides who works when."""
        self.log = log
        self.n_requests = 0
        self.n_accepted = 0
        self.n_duplicates = 0
        self.n_groups = 0
        self._on_broken = on_broken
        self._queued_requests, self._queued_bytes = queued_requests, queued_bytes
        self._queue: deque[Waiting] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._told = threading.Condition()
        self._closing = False
        self._trouble: RelanceError | None = None
        self._thread: threading.Thread | None = None
        if threaded:
            self._thread = threading.Thread(target=self._commit_groups, name="log-committer", daemon=True)
            self._thread.start()

    # ------------------------------------------------------------------------------------------------ for callers

    @property
    def trouble(self) -> RelanceError | None:
        """Why nothing can be acknowledged now; None when all is well."""
        return self._trouble

    @property
    def n_waiting(self) -> int:
        """How many requests wait to be written."""
        return len(self._queue)

    async def commit(self, chunk: NewChunk) -> int:
        """Write a request and answer how many of its items are new, once it is on the disk.

        Raises:
            LogOverloaded: too much is waiting.
            LogUnavailable, LogBroken: it was not written.
        """
        import asyncio

        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        self._enqueue(Waiting(chunk, loop, future))
        return await future

    def commit_now(self, chunk: NewChunk) -> int:
        """`commit` for a thread: wait until it is on the disk."""
        waiting = self.submit(chunk)
        while self._thread is None and waiting.outcome is None:
            self.write_group()
        with self._told:
            self._told.wait_for(lambda: waiting.outcome is not None)
        if isinstance(waiting.outcome, RelanceError):
            raise waiting.outcome
        return waiting.outcome or 0

    def submit(self, chunk: NewChunk) -> Waiting:
        """Put a request into the queue and go on; its `outcome` is told once it is on the disk.

        Raises:
            LogOverloaded: too much is waiting.
        """
        waiting = Waiting(chunk, None, None)
        self._enqueue(waiting)
        return waiting

    def close(self) -> None:
        """Write what is waiting, then stop. The log stays open."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        while self._thread is None and self._queue:
            self.write_group()
        if self._thread is not None:
            self._thread.join()

    def _enqueue(self, waiting: Waiting) -> None:
        size = len(waiting.chunk.body)
        with self._changed:
            if isinstance(self._trouble, LogBroken):
                raise self._trouble
            if self._closing:
                msg = "the server is stopping"
                raise LogUnavailable(msg)
            if len(self._queue) >= self._queued_requests or self._bytes + size > self._queued_bytes:
                raise LogOverloaded
            self._queue.append(waiting)
            self._bytes += size
            self._changed.notify()

    # ------------------------------------------------------------------------------------------------ the thread

    def write_group(self) -> bool:
        """Write the requests that wait, as one group. Answers whether there were any."""
        group = self._take_group()
        if group:
            self._commit_group(group)
            if self._trouble is None and self.log.needs_tending():
                self._tend(steps=1)
        return bool(group)

    def _commit_groups(self) -> None:
        while self._await_requests():
            if self.write_group():
                continue
            if self._trouble is not None:
                self._probe()
            else:
                self._tend()

    def _await_requests(self) -> bool:
        """Wait for requests, but not for long: there is other work. Answers False when all is done."""
        with self._changed:
            if not self._queue:
                if self._closing:
                    return False
                self._changed.wait(IDLE_SECONDS if self._trouble is None else PROBE_SECONDS)
            return True

    def _take_group(self) -> list[Waiting]:
        """The requests to be written next; none when it is time for something else."""
        with self._changed:
            group: list[Waiting] = []
            size = 0
            while self._queue and len(group) < GROUP_REQUESTS and (not group or size < GROUP_BYTES):
                waiting = self._queue.popleft()
                size += len(waiting.chunk.body)
                group.append(waiting)
            self._bytes -= size
            return group

    def _commit_group(self, group: list[Waiting]) -> None:
        try:
            outcomes: Sequence[int | RelanceError] = self.log.append([waiting.chunk for waiting in group])
        except LogBroken as e:
            self._break(e, group)
            return
        except LogUnavailable as e:
            self._trouble = e
            outcomes = [e] * len(group)
        except Exception as e:  # noqa: BLE001 - whoever waits must be told, whatever it is
            # One of them is at fault: each on its own, so that its neighbours are written.
            if len(group) > 1:
                for waiting in group:
                    self._commit_group([waiting])
                return
            outcomes = [e if isinstance(e, RelanceError) else _as_ours(e)]
        else:
            self._trouble = None
            n_new = sum(o for o in outcomes if isinstance(o, int))
            self.n_groups += 1
            self.n_requests += len(group)
            self.n_accepted += n_new
            self.n_duplicates += sum(len(waiting.chunk.message_ids) for waiting in group) - n_new
        self._tell(group, outcomes)

    def _tell(self, group: Sequence[Waiting], outcomes: Sequence[int | RelanceError]) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[Waiting]] = {}
        for waiting, outcome in zip(group, outcomes, strict=True):
            waiting.outcome = outcome
            if waiting.loop is not None:
                loops.setdefault(waiting.loop, []).append(waiting)
        for loop, those in loops.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_resolve, those)
        with self._told:
            self._told.notify_all()

    def _break(self, error: LogBroken, group: list[Waiting]) -> None:
        with self._changed:
            self._trouble = error
            group += self._queue
            self._queue.clear()
            self._bytes = 0
            self._closing = True
        self._tell(group, [error] * len(group))
        if self._on_broken is not None:
            self._on_broken(error)

    def _probe(self) -> None:
        try:
            self.log.probe()
        except LogBroken as e:
            self._break(e, [])
        except RelanceError as e:
            self._trouble = e
        else:
            self._trouble = None

    def _tend(self, steps: int = 1_000_000) -> None:
        try:
            while steps and self.log.tend():
                steps = 0 if self._queue else steps - 1
        except LogBroken as e:
            self._break(e, [])
        except RelanceError as e:
            self._trouble = e


def _as_ours(error: Exception) -> InternalError:
    told = InternalError(f"a request could not be written: {error!r}")
    told.__cause__ = error
    return told


def _resolve(group: list[Waiting]) -> None:
    for waiting in group:
        future = waiting.future
        if future is not None and not future.done():
            if isinstance(waiting.outcome, RelanceError):
                future.set_exception(waiting.outcome)
            else:
                future.set_result(waiting.outcome or 0)
