"""An event loop in which nothing happens by itself: whoever holds it takes one step after the other, and time is a number."""

from __future__ import annotations

import asyncio
import heapq
from asyncio import events
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class SteppedLoop(asyncio.BaseEventLoop):
    """Callbacks in the order in which they came; what is handed to a thread waits until somebody works it off."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        super().__init__()
        self._seconds = seconds
        self.jobs: list[Callable[[], None]] = []  # what threads would do now

    def time(self) -> float:
        return self._seconds()

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # noqa: ARG002 - there is none
        done: asyncio.Future[Any] = self.create_future()

        def job() -> None:
            try:
                found = func(*args)
            except Exception as e:  # noqa: BLE001 - whoever waits for it is told
                if not done.cancelled():
                    done.set_exception(e)
            else:
                if not done.cancelled():
                    done.set_result(found)

        self.jobs.append(job)
        return done

    def next_at(self) -> float | None:
        """When the next timer is due."""
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]  # kept by the base class
        while scheduled and scheduled[0].cancelled():
            heapq.heappop(scheduled)
        return scheduled[0].when() if scheduled else None

    @property
    def is_ready(self) -> bool:
        """Whether there is a callback to be called now."""
        self._wake_timers()
        return bool(self._ready)  # type: ignore[attr-defined]

    def step(self) -> None:
        """Call one callback."""
        handle = self._ready.popleft()  # type: ignore[attr-defined]
        if not handle.cancelled():
            self.within(handle._run)  # noqa: SLF001 - as the base class does

    def within(self, call: Callable[[], Any]) -> Any:
        """Call something as if it were called from the loop."""
        before = events._get_running_loop()  # noqa: SLF001 - as the base class does
        events._set_running_loop(self)  # noqa: SLF001
        try:
            return call()
        finally:
            events._set_running_loop(before)  # noqa: SLF001

    def abandon(self) -> None:
        """The process is gone: nobody goes on."""
        self.jobs.clear()
        tasks = asyncio.all_tasks(self)
        self._ready.clear()  # type: ignore[attr-defined]
        self._scheduled.clear()  # type: ignore[attr-defined]
        for task in tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - nobody waits for it
            coroutine: Any = task.get_coro()
            with suppress(RuntimeError):  # one that was never begun tells so
                self.within(coroutine.close)
        self._ready.clear()  # type: ignore[attr-defined]
        self.close()

    def _wake_timers(self) -> None:
        now = self.time()
        while (at := self.next_at()) is not None and at <= now:
            handle = heapq.heappop(self._scheduled)  # type: ignore[attr-defined]
            handle._scheduled = False  # noqa: SLF001
            self._ready.append(handle)  # type: ignore[attr-defined]

    def _write_to_self(self) -> None:
        """Nobody sleeps."""

    def _process_events(self, event_list: Any) -> None:
        """There are no sockets."""
