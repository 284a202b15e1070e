"""A channel whose circuit is open."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from relance.errors import ChannelUnavailable
from relance.outbox.breaker import Breaker
from tests.contract.outbox.test_drain import Scripted, until

if TYPE_CHECKING:
    from tests.contract.outbox.world import Outbox


class CountingBreaker(Breaker):
    """Counts how often somebody asks it."""

    asked = 0

    def room(self, now: int, wanted: int, in_flight: int) -> int:
        self.asked += 1
        return super().room(now, wanted, in_flight)


def test_nobody_runs_hot_while_the_circuit_is_open(outbox: Outbox) -> None:
    """There is something new to send, and the channel can not take it: it is looked at now and then."""
    breaker = CountingBreaker(failures=1)
    drain = outbox.drain({"email": Scripted(*[ChannelUnavailable("down")] * 9)}, breaker=lambda: breaker)
    outbox.add()

    async def run() -> int:
        task = asyncio.create_task(drain.run(poll_seconds=5))
        await until(lambda: breaker.is_open)
        drain.wake()
        await asyncio.sleep(0.05)
        before = breaker.asked
        await asyncio.sleep(0.2)
        drain.stop()
        asked = breaker.asked - before
        await task
        return asked

    assert asyncio.run(asyncio.wait_for(run(), 20)) <= 2
