"""A full disk, a disk that fails, a power cut: nothing that was acknowledged is lost, nothing is acknowledged that is not there."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import apsw
import pytest

from relance.clock import SystemClock
from relance.eventlog import DEDUPE_WINDOW, GroupCommitter, LogBroken, LogUnavailable, NewChunk, id_runs, open_log
from relance.eventlog.sqlite import SQLiteLog
from relance.events import Event, parse_chunk
from tests.integration.eventlog.disks import FailingDisk, ForgetfulDisk

if TYPE_CHECKING:
    from pathlib import Path

    from relance.eventlog import EventLog

CUTS = 40


def chunk(*ids: str, size: int = 100) -> NewChunk:
    items = ", ".join(
        f'{{"type": "track", "event": "A", "userId": "u", "messageId": "{i}", "pad": "{"x" * size}"}}' for i in ids
    )
    return NewChunk(source="s", body=f'{{"batch": [{items}]}}'.encode(), message_ids=list(ids))


def ids_in(log: EventLog) -> list[str]:
    found = [item for chunk in log.read_after(0, 10**9).chunks for item in parse_chunk(chunk)]
    return [item.message_id for item in found if isinstance(item, Event)]


def test_a_full_disk_refuses_and_recovers_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_runs, "FRESH_LIMIT", 10)
    log = SQLiteLog(tmp_path / "log.db", clock=SystemClock(), window=DEDUPE_WINDOW)
    committer = GroupCommitter(log)
    acknowledged: list[str] = []
    for _ in range(3):
        pages = log._writer.pragma("page_count")
        log._writer.pragma("max_page_count", pages + 40)
        refused = None
        while refused is None:
            message_id = f"m{len(acknowledged)}"
            try:
                assert committer.commit_now(chunk(message_id, size=5000)) == 1
                acknowledged.append(message_id)
            except LogUnavailable:
                refused = message_id
        assert committer.trouble is not None
        assert ids_in(log) == acknowledged
        log._writer.pragma("max_page_count", 10**6)
        assert committer.commit_now(chunk(refused)) == 1, "what was refused is no duplicate"
        acknowledged.append(refused)
        assert committer.trouble is None
    committer.close()
    log.close()
    log = SQLiteLog(tmp_path / "log.db", clock=SystemClock(), window=DEDUPE_WINDOW)

    assert ids_in(log) == acknowledged
    assert log.append([chunk(*acknowledged)]) == [0]
    log.close()


@pytest.fixture
def failing() -> FailingDisk:
    return FailingDisk("failing")


def test_a_disk_that_says_full_in_the_middle_of_a_commit(tmp_path: Path, failing: FailingDisk) -> None:
    log = SQLiteLog(tmp_path / "log.db", clock=SystemClock(), window=DEDUPE_WINDOW, vfs="failing")
    log.append([chunk("a")])
    failing.on_write = apsw.FullError("no space")
    for _ in range(3):
        with pytest.raises(LogUnavailable):
            log.append([chunk("b")])
    failing.on_write = None

    assert log.append([chunk("b"), chunk("a")]) == [1, 0]
    log.close()


def test_after_a_failed_sync_nothing_is_acknowledged(tmp_path: Path, failing: FailingDisk) -> None:
    """PostgreSQL's lesson: a second fsync may claim success for pages that were thrown away."""
    told: list[LogBroken] = []
    log = SQLiteLog(tmp_path / "log.db", clock=SystemClock(), window=DEDUPE_WINDOW, vfs="failing")
    committer = GroupCommitter(log, on_broken=told.append)
    assert committer.commit_now(chunk("a")) == 1
    failing.on_sync = apsw.IOError("fsync failed")
    with pytest.raises(LogBroken):
        committer.commit_now(chunk("b"))
    failing.on_sync = None
    for _ in range(3):
        with pytest.raises(LogBroken):
            committer.commit_now(chunk("c"))
    committer.close()
    log.close()

    assert len(told) == 1
    again = open_log(f"sqlite:///{tmp_path}/log.db")
    assert ids_in(again)[0] == "a"
    assert again.append([chunk("c")]) == [1]
    again.close()


def lose_power(tmp_path: Path, seed: int, synchronous: str) -> tuple[int, int]:
    """Cut the power at a random point; how many requests were acknowledged, and how many of them are gone."""
    chance = random.Random(seed)
    name = f"forgetful{seed}{synchronous}"
    disk = ForgetfulDisk(name)
    folder = tmp_path / f"{synchronous}{seed}"
    log = SQLiteLog(folder / "log.db", clock=SystemClock(), window=DEDUPE_WINDOW, vfs=name)
    log._writer.pragma("synchronous", synchronous)
    log._writer.wal_autocheckpoint(chance.choice([4, 20, 1000]))
    acknowledged: list[str] = []
    for turn in range(chance.randrange(1, 60)):
        ids = [f"{turn}-{i}" for i in range(chance.randrange(1, 4))]
        log.append([chunk(*ids, size=chance.choice([10, 3000]))])
        acknowledged += ids
        if chance.random() < 0.1:
            log.tend()
    disk.cut(tmp_path / f"after-{synchronous}{seed}", chance)
    log.close()
    disk.unregister()
    again = open_log(f"sqlite:///{tmp_path}/after-{synchronous}{seed}/log.db")
    connection = again._writer  # type: ignore[attr-defined]
    assert connection.pragma("integrity_check") == "ok"
    found = ids_in(again)
    assert len(found) == len(set(found))
    lost = len(set(acknowledged) - set(found))
    if not lost:
        assert again.append([chunk(*acknowledged)]) == [0], "what is there is known to be there"
    again.close()
    return len(acknowledged), lost


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_runs, "FRESH_LIMIT", 15)
    monkeypatch.setattr(id_runs, "MERGE_RUNS", 2)
    told = [lose_power(tmp_path, seed, "full") for seed in range(CUTS)]

    assert sum(acknowledged for acknowledged, _ in told) > CUTS * 10
    assert [lost for _, lost in told] == [0] * CUTS


def test_the_power_cut_would_show_a_log_that_does_not_sync(tmp_path: Path) -> None:
    told = [lose_power(tmp_path, seed, "normal") for seed in range(CUTS)]

    assert sum(lost for _, lost in told) > 0
