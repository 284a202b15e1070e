"""Work for a client that may go away: when it does, the work is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request

from relance.errors import QuestionDropped
from relance.warehouse.asking import Asking

T = TypeVar("T")

MOST_SECONDS = 60.0
AGAIN_SECONDS = 0.05  # after so long a statement that missed its interruption is interrupted again


async def answer_while_wanted(
    request: Request[Any, Any, Any], work: Callable[[Asking], T], *, most_seconds: float = MOST_SECONDS
) -> T:
    """Do the work in a thread, as long as the client waits for it and no longer than a limit.

    Raises:
        QuestionDropped: the client has gone, or it took too long.
    """
    asking = Asking()
    doing = asyncio.create_task(asyncio.to_thread(work, asking))
    gone = asyncio.create_task(_wait_until_gone(request))
    done, _ = await asyncio.wait({doing, gone}, timeout=most_seconds, return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if doing in done:
        return doing.result()
    while not doing.done():
        asking.drop()
        await asyncio.wait({doing}, timeout=AGAIN_SECONDS)
    try:
        return doing.result()  # it came all the same
    except QuestionDropped as e:
        if gone in done:
            raise
        msg = f"there was no answer within {most_seconds:g} s: ask for less, or without `exact`"
        raise QuestionDropped(msg) from e


async def _wait_until_gone(request: Request[Any, Any, Any]) -> None:
    await request.body()
    while (await request.receive())["type"] != "http.disconnect":
        pass
