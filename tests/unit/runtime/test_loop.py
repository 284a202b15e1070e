"""A loop goes on after what may pass, tells of it, and ends when it is asked to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from relance.errors import StoreUnavailable
from relance.runtime import loop as loops
from relance.runtime.loop import Loop

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "PAUSE_AFTER_FAILURE_SECONDS", (0.01, 0.01))


def run(rounds: list[Callable[[], bool]]) -> tuple[Loop, list[BaseException | None], int]:
    """Play rounds; answer what the loop told of its state before each, and how often it waited."""
    done, waits, seen = threading.Event(), [0], []

    def work() -> bool:
        seen.append(loop.failure)
        if not rounds:
            done.set()
            return False
        return rounds.pop(0)()

    def wait() -> None:
        waits[0] += 1
        done.wait(0.01)

    loop = Loop("test", work, wait)
    loop.start()
    assert done.wait(10)
    loop.stop()
    return loop, seen, waits[0]


def fail(error: Exception) -> Callable[[], bool]:
    def work() -> bool:
        raise error

    return work


def test_it_works_while_there_is_work_and_waits_when_there_is_none() -> None:
    loop, seen, waits = run([lambda: True, lambda: True, lambda: False])

    assert waits >= 1
    assert {None} == set(seen)
    assert not loop.alive


@pytest.mark.parametrize("error", [StoreUnavailable("gone"), ValueError("a bug")], ids=["trouble", "bug"])
def test_after_a_failure_it_says_so_and_tries_again(error: Exception) -> None:
    loop, seen, _ = run([fail(error), fail(error), lambda: True])

    assert [None, error, error, None] == seen[:4]
    assert loop.failure is None


def test_it_can_be_stopped_before_it_was_started() -> None:
    loop = Loop("test", lambda: True, lambda: None)
    loop.stop()

    assert not loop.alive
