"""Work that is taken back when nobody waits for it, or when it takes too long."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from relance.api.cancelling import answer_while_wanted
from relance.errors import QuestionDropped

if TYPE_CHECKING:
    from relance.warehouse.asking import Asking


class Client:
    """A request whose client stays, until it is told to go."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def body(self) -> bytes:
        return b""

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


def wait_until_dropped(asking: Asking) -> str:
    """Work that ends when it is interrupted, and only then. The first interruption misses it, as one may."""
    ended, missed = threading.Event(), threading.Event()

    def interrupt() -> None:
        (ended if missed.is_set() else missed).set()

    with asking.running(interrupt):
        assert ended.wait(60)
    raise QuestionDropped


def test_the_answer_is_handed_on_and_so_is_an_error() -> None:
    async def ask(work: Any) -> Any:
        return await answer_while_wanted(Client(), work)  # type: ignore[arg-type]

    assert 5 == asyncio.run(ask(lambda _: 5))
    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask(lambda _: 1 // 0))


def test_whoever_goes_away_takes_the_work_back() -> None:
    async def ask() -> None:
        client = Client()

        def work(asking: Asking) -> str:
            loop.call_soon_threadsafe(client.gone.set)
            return wait_until_dropped(asking)

        loop = asyncio.get_running_loop()
        await answer_while_wanted(client, work)  # type: ignore[arg-type]

    with pytest.raises(QuestionDropped, match="taken back"):
        asyncio.run(ask())


def test_what_takes_too_long_is_taken_back() -> None:
    async def ask(work: Any) -> Any:
        return await answer_while_wanted(Client(), work, most_seconds=0)  # type: ignore[arg-type]

    with pytest.raises(QuestionDropped, match="no answer within 0 s"):
        asyncio.run(ask(wait_until_dropped))


def test_an_answer_that_came_all_the_same_is_one() -> None:
    async def ask() -> str:
        def work(asking: Asking) -> str:
            with pytest.raises(QuestionDropped):
                wait_until_dropped(asking)
            return "there"

        return await answer_while_wanted(Client(), work, most_seconds=0)  # type: ignore[arg-type]

    assert "there" == asyncio.run(ask())
