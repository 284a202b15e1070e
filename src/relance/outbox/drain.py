"""The drain: takes what may leave, gives it to the providers, writes down what they said.

Each channel has a lane of its own, so that a provider that hangs holds up nobody else. A lane never has more than
`capacity` messages claimed: that many can have an unknown outcome when the process is killed, and that many can still
leave after an opt-out is committed.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relance.clock import MINUTE, SECOND
from relance.errors import ChannelUnavailable, MessageRejected, OutcomeUnknown, RenderError, StoreError
from relance.events.names import EMAIL_BOUNCED, PUSH_NOTIFICATION_BOUNCED
from relance.outbox.breaker import Breaker, Pace, RetryRule
from relance.outbox.claims import Claims, Outcome
from relance.outbox.reactions import Person, build_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relance.channels import Channel, OutboundMessage, Receipt
    from relance.clock import Clock
    from relance.outbox.checks import Claimed
    from relance.outbox.compose import Composed, Composer
    from relance.outbox.reactions import EventSink
    from relance.store import Database
    from relance.workspace import Workspace

LEASE = 10 * MINUTE
STORE_PAUSE_SECONDS = 0.5
_BOUNCED = {"email": EMAIL_BOUNCED, "push": PUSH_NOTIFICATION_BOUNCED}


@dataclass(slots=True)
class Lane:
    """One channel, its provider, and how it fares."""

    channel: str
    provider: Channel
    capacity: int
    breaker: Breaker = field(default_factory=Breaker)
    in_flight: int = 0
    pace: Pace = field(init=False)
    n_sent: int = 0
    n_failed: int = 0

    def __post_init__(self) -> None:
        self.pace = Pace(self.provider.per_second)

    def room(self, now: int, wanted: int, in_flight: int) -> int:
        """How many messages it may be given now, of `wanted`."""
        return self.pace.room(now, self.breaker.room(now, wanted, in_flight))


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed message, rendered, or the reason why it can not be."""

    claimed: Claimed
    composed: Composed | None
    error: str = ""
    later: bool = False  # nothing is wrong with it: the store could not be asked


class Drain:
    """Hands over messages. One a process; `claim` and `record` are synchronous, the providers are called in an event loop."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        composer: Composer,
        workspace: Callable[[], Workspace],
        *,
        events: EventSink | None = None,
        retry: RetryRule | None = None,
        breaker: Callable[[], Breaker] = Breaker,
        prefix: str = "m",
        capacity: int | None = None,
        keep_bodies: bool = True,
        randomness: random.Random | None = None,
        name: str | None = None,
    ) -> None:
        """Args: `channels`: the provider of each channel; what has none waits. `capacity`: of a lane, default 4 x concurrency."""
        self._clock = clock
        self._composer = composer
        self._workspace = workspace
        self._events = events
        self._retry = retry or RetryRule()
        self._prefix = prefix
        self._keep_bodies = keep_bodies
        self._random = randomness or random.Random()  # noqa: S311 - jitter is no secret
        self.claims = Claims(database, name or f"drain-{secrets.token_hex(8)}")
        self.lanes = {
            name: Lane(name, provider, capacity or 4 * provider.concurrency, breaker()) for name, provider in channels.items()
        }
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: dict[str, asyncio.Event] = {}
        self._stopping = False
        self.failure: str | None = None  # why the loop ended, if it should not have

    # ------------------------------------------------------------------------------------------ one step at a time

    def claim(self, channel: str, limit: int) -> list[Job]:
        """Claim messages of a channel, and render them."""
        claimed = self.claims.claim(channel, limit, self._workspace(), self._clock.now())
        return [self._compose(one) for one in claimed]

    async def deliver(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Give claimed messages to their providers, as many at once as those allow."""
        limits = {name: asyncio.Semaphore(lane.provider.concurrency) for name, lane in self.lanes.items()}
        return await asyncio.gather(*(self._deliver(job, limits[job.claimed.channel]) for job in jobs))

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what came of it; a dead address becomes an event, so that the engine can suppress it."""
        if not outcomes:
            return
        self.claims.record(outcomes, self._clock.now())
        dead = [o.claimed for o in outcomes if o.address_is_dead and o.claimed.channel in _BOUNCED]
        if dead and self._events is not None:
            with suppress(StoreError):  # the next message to it will bounce again
                self._events.append_events([self._bounce(c) for c in dead])

    def recover(self, *, lease: int = LEASE) -> int:
        """Decide what an earlier run left claimed; with `lease=0` when no other worker can be alive."""
        return self.claims.recover(self._clock.now(), lease=lease)

    async def drain_once(self, limit: int = 1_000) -> int:
        """Hand over what is ready now, on every channel, once; answers how many were claimed."""
        n = 0
        for lane in self.lanes.values():
            room = lane.room(self._clock.now(), limit, lane.in_flight)
            jobs = await asyncio.to_thread(self.claim, lane.channel, room) if room else []
            lane.pace.take(len(jobs))
            await asyncio.to_thread(self.record, await self.deliver(jobs))
            n += len(jobs)
        return n

    # ------------------------------------------------------------------------------------------ the loop

    async def run(self, *, poll_seconds: float = 0.1, alone: bool = False) -> None:
        """Drain until `stop`. What is in flight then is waited for and written down.

        Args:
            poll_seconds: how often to look when nobody calls `wake`.
            alone: no other process drains this store, so whatever is claimed at the start was left by one that is gone.
        """
        self._loop = asyncio.get_running_loop()
        self._woken = {name: asyncio.Event() for name in self.lanes}
        try:
            recovering = asyncio.create_task(self._recover_now_and_then(alone=alone))
            await asyncio.gather(*(self._run_lane(lane, poll_seconds) for lane in self.lanes.values()))
            recovering.cancel()
        except Exception as e:
            self.failure = f"{type(e).__name__}: {e}"
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        """Let go of the providers' connections."""
        for lane in self.lanes.values():
            await lane.provider.close()

    def wake(self) -> None:
        """There is something to hand over. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    def stop(self) -> None:
        """Claim nothing more. May be called from any thread."""
        self._stopping = True
        self.wake()

    @property
    def is_running(self) -> bool:
        """Whether the loop runs, so that providers can be called."""
        return self._loop is not None and not self._loop.is_closed()

    def deliver_apart(self, message: OutboundMessage, seconds: float) -> Receipt | None:
        """Hand over a message that nobody waits for in the outbox, and wait for its receipt; None where nothing carries it.

        May be called from any thread but the loop's own.

        Raises:
            ChannelUnavailable: the provider did not take it, or not in time.
            MessageRejected: it refuses it.
            OutcomeUnknown: nobody knows.
        """
        lane = self.lanes.get(message.channel)
        if lane is None or self._loop is None or not self.is_running:
            return None
        handed = asyncio.run_coroutine_threadsafe(lane.provider.deliver(message), self._loop)
        try:
            return handed.result(seconds)
        except TimeoutError as e:
            handed.cancel()
            msg = f"the provider did not answer within {seconds:.0f} s"
            raise ChannelUnavailable(msg) from e

    def _wake_all(self) -> None:
        for woken in self._woken.values():
            woken.set()

    async def _recover_now_and_then(self, *, alone: bool) -> None:
        lease = 0 if alone else LEASE
        while True:
            with suppress(StoreError):
                await asyncio.to_thread(self.recover, lease=lease)
                lease = LEASE
            await asyncio.sleep(LEASE / SECOND / 10)

    async def _run_lane(self, lane: Lane, poll_seconds: float) -> None:
        limit = asyncio.Semaphore(lane.provider.concurrency)
        woken = self._woken[lane.channel]
        tasks: set[asyncio.Task[Outcome]] = set()
        done: set[asyncio.Task[Outcome]] = set()
        while True:
            if done:
                await self._record_surely([task.result() for task in done])
                lane.in_flight = len(tasks)
                done = set()
            woken.clear()  # before the look: with the circuit open nobody looks, and must not be woken for it again and again
            room = lane.room(self._clock.now(), lane.capacity - len(tasks), len(tasks))
            # A quarter of the lane at a time: few large transactions rather than many small ones.
            few_are_enough = lane.breaker.is_open or lane.provider.per_second is not None
            if not self._stopping and room >= (1 if few_are_enough else max(1, lane.capacity // 4)):
                jobs = await self._claim_when_possible(lane, room)
                lane.pace.take(len(jobs))
                tasks |= {asyncio.create_task(self._deliver(job, limit)) for job in jobs}
                lane.in_flight = len(tasks)
            if tasks:
                done, tasks = await asyncio.wait(tasks, timeout=poll_seconds, return_when=asyncio.FIRST_COMPLETED)
                if done and tasks:  # those that end about now are written down together
                    more, tasks = await asyncio.wait(tasks, timeout=0.002)
                    done |= more
            elif self._stopping:
                return
            elif not done:
                await _wait_for(woken, poll_seconds)

    async def _claim_when_possible(self, lane: Lane, room: int) -> list[Job]:
        try:
            return await asyncio.to_thread(self.claim, lane.channel, room)
        except StoreError:  # a full disk, a database that restarts: nothing was claimed
            await asyncio.sleep(STORE_PAUSE_SECONDS)
            return []

    async def _record_surely(self, outcomes: Sequence[Outcome]) -> None:
        """What was sent must be known to be sent: wait for the store, claim nothing in between."""
        while True:
            try:
                await asyncio.to_thread(self.record, outcomes)
            except StoreError:
                await asyncio.sleep(STORE_PAUSE_SECONDS)
            else:
                return

    # ------------------------------------------------------------------------------------------ one message

    def _compose(self, claimed: Claimed) -> Job:
        try:
            return Job(claimed, self._composer.compose(claimed))
        except RenderError as e:
            return Job(claimed, None, e.message)
        except StoreError as e:
            return Job(claimed, None, e.message, later=True)
        except Exception as e:  # noqa: BLE001 - one poisoned message must not hold up the others; it is parked with its error
            return Job(claimed, None, f"{type(e).__name__}: {e}")

    async def _deliver(self, job: Job, limit: asyncio.Semaphore) -> Outcome:
        lane = self.lanes[job.claimed.channel]
        if job.later:
            return Outcome(job.claimed, "unstarted", detail=job.error)
        if job.composed is None:
            return Outcome(job.claimed, "blocked", "render_error", provider=lane.provider.provider, detail=job.error)
        async with limit:
            if lane.breaker.is_open and not lane.breaker.room(self._clock.now(), 1, 0):
                # The circuit opened while it waited for its turn: nobody was called.
                return Outcome(job.claimed, "unstarted", retry_at=lane.breaker.open_until)
            return await self._call(lane, job.claimed, job.composed)

    async def _call(self, lane: Lane, claimed: Claimed, composed: Composed) -> Outcome:
        provider = lane.provider.provider
        subject, body = (composed.subject, composed.body) if self._keep_bodies else (composed.subject, None)
        try:
            receipt = await lane.provider.deliver(composed.message)
        except MessageRejected as e:
            lane.breaker.note_success()
            lane.n_failed += 1
            return Outcome(
                claimed, "failed", "channel_rejected", provider=provider, subject=subject, body=body, detail=e.message,
                address_is_dead=e.suppress,
            )  # fmt: skip
        except ChannelUnavailable as e:
            now = self._clock.now()
            lane.breaker.note_failure(now, e.retry_after_seconds)
            return self._try_again(claimed, now, e.message, "channel_unavailable", provider, e.retry_after_seconds)
        except OutcomeUnknown as e:
            return self._in_doubt(lane, claimed, e.message)
        except Exception as e:  # noqa: BLE001 - a provider's own bug: it was called, so nobody knows
            return self._in_doubt(lane, claimed, f"{type(e).__name__}: {e}")
        lane.breaker.note_success()
        lane.n_sent += 1
        return Outcome(claimed, "sent", provider=provider, provider_ref=receipt.provider_ref, subject=subject, body=body)

    def _in_doubt(self, lane: Lane, claimed: Claimed, detail: str) -> Outcome:
        now = self._clock.now()
        lane.breaker.note_failure(now)
        if claimed.marketing:
            lane.n_failed += 1
            return Outcome(claimed, "failed", "unknown_outcome", provider=lane.provider.provider, detail=detail)
        return self._try_again(claimed, now, detail, "unknown_outcome", lane.provider.provider, None)

    def _try_again(
        self, claimed: Claimed, now: int, detail: str, reason: str, provider: str, retry_after_seconds: float | None
    ) -> Outcome:
        if claimed.attempt >= self._retry.attempts:
            return Outcome(claimed, "failed", reason, provider=provider, detail=detail)
        pause = self._retry.pause_after(claimed.attempt, retry_after_seconds, self._random)
        return Outcome(claimed, "retry", reason, now + pause, provider=provider, detail=detail)

    def _bounce(self, claimed: Claimed) -> dict[str, object]:
        kind, _, source_id = claimed.source.partition(":")
        return build_event(
            _BOUNCED[claimed.channel],
            Person(claimed.profile_id, claimed.user_id, bool(claimed.known)),
            at=self._clock.now(),
            properties={
                "message_id": f"{self._prefix}{claimed.message_id}",
                kind: source_id,
                "step": claimed.step_id,
                "channel": claimed.channel,
                **({"email": claimed.address} if claimed.channel == "email" else {}),
                "bounce_type": "hard",
            },
            event_id=f"bounce-{self._prefix}{claimed.message_id}",
        )


async def _wait_for(woken: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(woken.wait(), seconds)
    except TimeoutError:
        return
