"""When a broken warehouse is mended, and how often."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest

from relance.errors import WarehouseError, WarehouseUnavailable
from relance.runtime.mending import LONGEST_PAUSE_AFTER_REBUILD_SECONDS, LONGEST_PAUSE_SECONDS, Mender
from relance.warehouse.engines.memory import MemoryWarehouse
from relance.warehouse.shared import SharedWarehouse

FATAL = WarehouseError("gone", fatal=True)
DAMAGED = WarehouseError("corrupt", damaged=True)


class Fragile(MemoryWarehouse):
    """Counts what is done to it; `reopen` raises what it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.fails: list[Exception] = []

    def reopen(self) -> None:
        self.done.append("reopen")
        if self.fails:
            raise self.fails.pop(0)

    def start_over(self) -> None:
        self.done.append("start_over")
        super().start_over()


class World:
    def __init__(self, recover: Any = lambda _: False) -> None:
        self.now = 0.0
        self.warehouse = Fragile()
        self.shared = SharedWarehouse(self.warehouse)
        self.mender = Mender(self.warehouse, self.shared, recover, lambda: self.now)

    def count_in(self, seconds: float, error: WarehouseError) -> int:
        """How often it is mended when every round ends with an error, a tenth of a second apart."""
        before = self.mender.n_mended
        until = self.now + seconds
        while self.now < until:
            self.mender.note(error)
            with suppress(WarehouseUnavailable):
                self.mender.mend()
            self.now += 0.1
        return self.mender.n_mended - before


def test_nothing_is_done_about_errors_that_pass() -> None:
    world = World()
    world.mender.note(WarehouseError("a disk that is full"))

    assert not world.mender.mend()
    assert ([], None) == (world.warehouse.done, world.mender.trouble())


def test_a_file_that_turns_out_to_be_damaged_when_it_is_opened_is_started_over() -> None:
    world = World()
    world.mender.note(FATAL)
    world.warehouse.fails = [DAMAGED]

    assert world.mender.mend()
    assert ["reopen", "start_over"] == world.warehouse.done


def test_what_can_not_be_opened_now_is_tried_again_and_nobody_asks_it_meanwhile() -> None:
    world = World()
    world.mender.note(FATAL)
    world.warehouse.fails = [WarehouseError("permission denied", damaged=False)]

    with pytest.raises(WarehouseError, match="permission"):
        world.mender.mend()
    with pytest.raises(WarehouseUnavailable):
        world.shared.counts()
    assert world.mender.trouble()
    world.now += 2
    assert world.mender.mend()
    assert world.shared.counts()


def test_a_rebuild_that_fails_goes_on_without_another_file_aside() -> None:
    results: list[Any] = [WarehouseError("full"), True]

    def recover(tell: Any) -> bool:
        tell(1, 2)
        if isinstance(results[0], Exception):
            raise results.pop(0)
        return bool(results[0])

    world = World(recover)
    world.mender.note(DAMAGED)
    with pytest.raises(WarehouseError, match="full"):
        world.mender.mend()
    world.now += 2
    assert world.mender.mend()
    assert ["start_over", "reopen"] == world.warehouse.done


def test_it_never_mends_hot() -> None:
    def rebuild(tell: Any) -> bool:
        tell(1, 1)
        return True

    assert World().count_in(600, FATAL) < 600 / LONGEST_PAUSE_SECONDS + 10
    world = World(rebuild)
    assert world.count_in(3600, DAMAGED) < 3600 / LONGEST_PAUSE_AFTER_REBUILD_SECONDS + 12
    world.now += 2 * 3600
    assert world.count_in(0.1, DAMAGED) == 1, "another fault, much later, waits for nothing"


def test_a_rebuild_ends_when_the_process_does() -> None:
    def recover(tell: Any) -> bool:
        tell(1, 1_000_000)
        return True

    world = World(recover)
    world.mender.note(DAMAGED)
    world.mender.stop()
    with pytest.raises(WarehouseUnavailable, match="next start"):
        world.mender.mend()


def test_the_gate_waits_for_those_who_are_asking() -> None:
    asked, answer = threading.Event(), threading.Event()

    class Slow(MemoryWarehouse):
        def counts(self) -> dict[str, int]:
            asked.set()
            answer.wait(5)
            return {"events": 1}

    shared = SharedWarehouse(Slow())
    answers: list[dict[str, int]] = []
    screen = threading.Thread(target=lambda: answers.append(shared.counts()))
    screen.start()
    asked.wait(5)
    closer = threading.Thread(target=shared.close)
    closer.start()
    closer.join(0.1)
    assert closer.is_alive(), "it was closed under a question"
    answer.set()
    closer.join(5)
    screen.join(5)
    assert [{"events": 1}] == answers
    with pytest.raises(WarehouseUnavailable):
        shared.counts()
