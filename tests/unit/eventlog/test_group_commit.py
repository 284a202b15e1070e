"""Who is told what, and when, by the thread that writes the log."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from relance.errors import InternalError, StoreError
from relance.eventlog import (
    EventLog,
    GroupCommitter,
    LogBatch,
    LogBroken,
    LogOverloaded,
    LogUnavailable,
    NewChunk,
    RewrittenChunk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relance.events import LoggedChunk


class FakeLog(EventLog):
    """A log that answers as the test says, and counts."""

    def __init__(self) -> None:
        super().__init__(clock=None, window=0)
        self.error: Exception | None = None
        self.groups: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.probes = 0

    def append(self, chunks: Sequence[NewChunk]) -> list[int]:
        self.gate.wait(5)
        if self.error is not None:
            raise self.error
        if any(chunk.body == b"poison" for chunk in chunks):
            raise StoreError
        if any(chunk.body == b"bug" for chunk in chunks):
            raise ZeroDivisionError
        self.groups.append(len(chunks))
        return [len(chunk.message_ids) for chunk in chunks]

    def probe(self) -> None:
        self.probes += 1
        if self.error is not None:
            raise self.error

    def tend(self) -> bool:
        return False

    def read_after(self, position: int, limit: int) -> LogBatch:
        raise NotImplementedError

    def chunk_at(self, position: int) -> LoggedChunk | None:
        raise NotImplementedError

    def rewrite(self, chunks: Sequence[RewrittenChunk], numbers: Sequence[tuple[int, int]] = ()) -> None:
        raise NotImplementedError

    def numbers_given(self) -> list[tuple[int, int]]:
        return []

    def last_position(self) -> int:
        return 0

    def close(self) -> None: ...


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def committer(log: FakeLog) -> Iterator[GroupCommitter]:
    made = GroupCommitter(log, queued_requests=5, queued_bytes=1000)
    yield made
    log.gate.set()
    made.close()


def chunk(body: bytes = b"{}", n: int = 2) -> NewChunk:
    return NewChunk(source="s", body=body, message_ids=[None] * n)


def test_a_thread_waits_until_its_request_is_written(committer: GroupCommitter, log: FakeLog) -> None:
    assert committer.commit_now(chunk(n=3)) == 3
    assert log.groups == [1]
    assert (committer.n_requests, committer.n_accepted, committer.n_duplicates) == (1, 3, 0)


def test_what_gathers_during_a_commit_is_the_next_group(committer: GroupCommitter, log: FakeLog) -> None:
    async def send() -> list[int]:
        log.gate.clear()
        first = asyncio.create_task(committer.commit(chunk()))
        await asyncio.sleep(0.02)
        others = [asyncio.create_task(committer.commit(chunk())) for _ in range(4)]
        await asyncio.sleep(0.01)
        log.gate.set()
        return await asyncio.gather(first, *others)

    assert asyncio.run(send()) == [2] * 5
    assert log.groups == [1, 4]


@pytest.mark.parametrize("body", [b"{}", b"x" * 400])
def test_more_than_the_queue_takes_is_refused(committer: GroupCommitter, log: FakeLog, body: bytes) -> None:
    async def send() -> list[Any]:
        log.gate.clear()
        tasks = [asyncio.create_task(committer.commit(chunk(body))) for _ in range(10)]
        await asyncio.sleep(0.02)
        log.gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(send())
    assert sum(outcome == 2 for outcome in outcomes) >= 2
    assert any(isinstance(outcome, LogOverloaded) for outcome in outcomes)


def test_a_full_disk_is_told_and_recovered_from_without_a_request(committer: GroupCommitter, log: FakeLog) -> None:
    log.error = LogUnavailable("full")
    with pytest.raises(LogUnavailable):
        committer.commit_now(chunk())
    assert committer.trouble is log.error
    log.error = None
    for _ in range(100):
        if committer.trouble is None:
            break
        threading.Event().wait(0.05)

    assert committer.trouble is None
    assert log.probes >= 1
    assert committer.commit_now(chunk()) == 2


def test_a_broken_disk_ends_all_acknowledging(log: FakeLog) -> None:
    told: list[LogBroken] = []
    committer = GroupCommitter(log, on_broken=told.append)
    log.error = LogBroken("fsync")
    with pytest.raises(LogBroken):
        committer.commit_now(chunk())
    log.error = None
    with pytest.raises(LogBroken):
        committer.commit_now(chunk())

    assert len(told) == 1
    assert isinstance(committer.trouble, LogBroken)
    committer.close()


def test_a_request_that_can_not_be_written_harms_no_other(committer: GroupCommitter, log: FakeLog) -> None:
    async def send() -> list[Any]:
        log.gate.clear()
        bodies = [b"{}", b"bug", b"poison", b"{}"]
        tasks = [asyncio.create_task(committer.commit(chunk(body))) for body in bodies]
        await asyncio.sleep(0.02)
        log.gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    good, bug, poison, last = asyncio.run(send())
    assert (good, last) == (2, 2)
    assert isinstance(bug, InternalError)
    assert isinstance(poison, StoreError)
    assert committer.commit_now(chunk()) == 2


def test_closing_writes_what_is_waiting(log: FakeLog) -> None:
    committer = GroupCommitter(log)

    async def send() -> list[int]:
        log.gate.clear()
        tasks = [asyncio.create_task(committer.commit(chunk())) for _ in range(5)]
        await asyncio.sleep(0.01)
        closing = threading.Thread(target=committer.close)
        closing.start()
        log.gate.set()
        outcomes = await asyncio.gather(*tasks)
        await asyncio.to_thread(closing.join)
        with pytest.raises(LogUnavailable):
            await committer.commit(chunk())
        return outcomes

    assert asyncio.run(send()) == [2] * 5
