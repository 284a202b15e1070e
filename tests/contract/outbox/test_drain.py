"""The drain, on both stores: last checks, hand-off, retries, crashes around the send."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from dataclasses import replace
from datetime import time as wall_time
from typing import TYPE_CHECKING

import pytest

from relance.channels import Channel, OutboundMessage, Receipt, RecordingChannel
from relance.channels.http import HttpChannel, HttpSettings
from relance.clock import HOUR, MINUTE, SECOND
from relance.errors import ChannelUnavailable, MessageRejected, OutcomeUnknown, StoreUnavailable
from relance.outbox.breaker import Breaker, RetryRule
from relance.templates.links import Click, Leaving
from relance.testing.provider_lab import Fault, ProviderLab
from relance.workspace import QuietHours
from tests.contract.outbox.world import LINKS, NOW, Outbox, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.outbox.claims import Outcome
    from relance.outbox.drain import Drain, Job


class Scripted(Channel):
    """A provider that answers as told."""

    provider = "scripted"

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.messages: list[OutboundMessage] = []

    async def deliver(self, message: OutboundMessage) -> Receipt:
        self.messages.append(message)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return Receipt("ref")


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def run_once(drain: Drain) -> int:
    async def run() -> int:
        try:
            return await drain.drain_once()
        finally:
            await drain.close()

    return asyncio.run(run())


def deliver(drain: Drain, jobs: list[Job]) -> list[Outcome]:
    async def run() -> list[Outcome]:
        try:
            return await drain.deliver(jobs)
        finally:
            await drain.close()

    return asyncio.run(run())


def test_what_is_ready_is_sent(outbox: Outbox) -> None:
    sink = RecordingChannel()
    outbox.add()
    outbox.add(due_at=NOW + 1)
    outbox.add(status="queued")

    assert run_once(outbox.drain({"email": sink})) == 1
    message = sink.messages[0]
    assert (message.key, message.to, message.subject, message.source, message.step_id) == (
        "m1",
        "p1@example.com",
        "Hi N1",
        "journey:cart",
        "remind",
    )
    assert outbox.states() == [("sent", None), ("ready", None), ("queued", None)]
    assert outbox.row(1, "provider_ref, decided_at, attempts, subject, body") == (
        "recording-1", NOW, 1, "Hi N1", "<p>Hi <a href='https://shop.example/a'>go</a></p>",
    )  # fmt: skip


def test_an_email_carries_our_links(outbox: Outbox) -> None:
    sink = RecordingChannel()
    outbox.add()
    run_once(outbox.drain({"email": sink}))
    message = sink.messages[0]

    assert "https://shop.example/a" not in message.body
    assert message.text == "Hi go (https://shop.example/a)"
    assert LINKS.read_click(message.body.split("/c/", 1)[1].split('"', 1)[0]) == Click(1, "https://shop.example/a")
    assert LINKS.read_open(message.body.split("/o/", 1)[1].split('"', 1)[0]) == 1
    assert message.unsubscribe_url is not None
    assert LINKS.read_unsubscribe(message.unsubscribe_url.rsplit("/", 1)[1]) == Leaving(1, 1, "email", None)


def test_a_text_message_carries_a_short_link(outbox: Outbox) -> None:
    sink = RecordingChannel()
    outbox.execute(
        "INSERT INTO journey_events (seq, profile_id, name, at, received_at, properties) VALUES (5, 1, 'Cart', 0, 0, '{\"cart_id\": 42}')"
    )
    outbox.add(channel="sms", template="t-sms", address="+33612345678", event_seq=5)
    outbox.add(channel="sms", template="t-sms", address="+33612345679", profile_id=1, event_seq=5)
    run_once(outbox.drain({"sms": sink}))
    clicks = [LINKS.read_click(m.body.rsplit("/", 1)[1]) for m in sink.messages]

    assert [c and (c.message_id, c.target) for c in clicks] == [(1, None), (2, None)]
    with outbox.database.reading() as c:
        assert c.rows("SELECT target_id, target FROM link_targets") == [
            (clicks[0] and clicks[0].target_id, "https://shop.example/cart/42")
        ]
    assert len(sink.messages[0].body) < 50


@pytest.mark.parametrize(
    ("change", "marketing", "expected"),
    [
        ("UPDATE enrollments SET status = 2", 1, ("blocked", "exited")),
        ("UPDATE enrollments SET status = 2", 0, ("blocked", "exited")),
        ("UPDATE journey_versions SET state = 'stopped'", 1, ("blocked", "exited")),
        ("UPDATE journey_versions SET state = 'paused'", 0, ("queued", None)),
        ("UPDATE consent SET state = 'unsubscribed' WHERE channel = 'email'", 1, ("blocked", "unsubscribed")),
        ("UPDATE consent SET state = 'unsubscribed' WHERE channel = 'email'", 0, ("sent", None)),
        ("DELETE FROM consent", 1, ("blocked", "no_consent")),
        ("UPDATE messages SET address = 'P1@Example.com'", 1, ("blocked", "suppressed")),
        ("UPDATE messages SET address = 'P1@Example.com'", 0, ("blocked", "suppressed")),
        ("UPDATE messages SET expires_at = due_at - 1", 1, ("expired", "expired")),
        ("UPDATE messages SET expires_at = due_at", 1, ("sent", None)),
        ("UPDATE messages SET template = 't-bad'", 1, ("blocked", "render_error")),
        ("UPDATE messages SET template = 'gone'", 1, ("blocked", "render_error")),
        ("SELECT 1", 1, ("sent", None)),
    ],
)
def test_the_last_check(outbox: Outbox, change: str, marketing: int, expected: tuple[str, str | None]) -> None:
    """What is committed before the claim wins."""
    outbox.add(marketing=marketing)
    outbox.execute(
        "INSERT INTO suppressions (channel, address, reason, at, since_seq, suppressed) VALUES ('email', 'p1@example.com', 'x', 0, 0, 1)"
        if "P1@" in change
        else "SELECT 1"
    )
    outbox.execute(change)
    sink = RecordingChannel()
    run_once(outbox.drain({"email": sink}))

    assert outbox.states() == [expected]
    assert len(sink.messages) == (expected[0] == "sent")


def test_a_group_counts_beside_its_channel(outbox: Outbox) -> None:
    outbox.workspace = make_workspace(group="news")
    for state in ("subscribed", "unsubscribed", None):
        n = outbox.add()
        if state:
            outbox.say(n, state, group="news")
    run_once(outbox.drain())

    assert outbox.states() == [("sent", None), ("blocked", "unsubscribed"), ("blocked", "no_consent")]


@pytest.mark.parametrize(("when_hit", "expected"), [("hold", ("ready", None)), ("discard", ("blocked", "quiet_hours"))])
def test_what_waited_into_quiet_hours(outbox: Outbox, when_hit: str, expected: tuple[str, str | None]) -> None:
    quiet = QuietHours(("email",), wall_time(21), wall_time(8), "profile", when_hit)  # type: ignore[arg-type]
    outbox.workspace = make_workspace(quiet)
    outbox.add()
    outbox.add(marketing=0)
    outbox.clock.at = NOW + 11 * HOUR  # 22:00 in Paris
    run_once(outbox.drain())

    assert outbox.states() == [expected, ("sent", None)]
    if when_hit == "hold":
        assert outbox.row(1, "due_at") == (NOW + 21 * HOUR,)
        outbox.clock.at = NOW + 21 * HOUR
        run_once(outbox.drain())
        assert outbox.states()[0] == ("sent", None)


def test_an_unavailable_provider_is_tried_again_and_then_no_more(outbox: Outbox) -> None:
    outbox.add()
    provider = Scripted(*[ChannelUnavailable("down", retry_after_seconds=7)] * 9)
    drain = outbox.drain({"email": provider}, breaker=lambda: Breaker(failures=1_000, first_pause=0))
    waits = []
    for _ in range(6):
        run_once(drain)
        waits.append(outbox.row(1, "due_at")[0] - outbox.clock.at)
        outbox.clock.at += HOUR

    assert all(7 * SECOND <= w for w in waits[:2])
    assert (len(provider.messages), {m.key for m in provider.messages}) == (3, {"m1"})
    assert outbox.states() == [("failed", "channel_unavailable")]
    assert outbox.faults() == [(1, 1, "channel_unavailable"), (1, 2, "channel_unavailable"), (1, 3, "channel_unavailable")]


def test_a_refusal_is_final_and_a_dead_address_is_told(outbox: Outbox) -> None:
    outbox.add()
    outbox.add()
    run_once(outbox.drain({"email": Scripted(MessageRejected("too big"), MessageRejected("no such user", suppress=True))}))

    outbox.add(channel="push", template="t-push", address="token")
    run_once(outbox.drain({"push": Scripted(MessageRejected("gone", suppress=True))}))

    assert outbox.states() == [("failed", "channel_rejected")] * 3
    assert outbox.sink.events.pop()["event"] == "Push Notification Bounced"
    assert [
        (e["event"], e["userId"], e["properties"]["bounce_type"], e["properties"]["email"], e["properties"]["message_id"])
        for e in outbox.sink.events
    ] == [("Email Bounced", "user2", "hard", "p2@example.com", "m2")]


@pytest.mark.parametrize("error", [OutcomeUnknown("no answer"), RuntimeError("a bug of the provider's adapter")])
def test_an_unknown_outcome(outbox: Outbox, error: Exception) -> None:
    """Marketing is never repeated; transactional is, under the same key."""
    outbox.add()
    outbox.add(marketing=0)
    provider = Scripted(error, error)
    drain = outbox.drain({"email": provider})
    run_once(drain)

    assert outbox.states() == [("failed", "unknown_outcome"), ("ready", None)]
    outbox.clock.at += HOUR
    run_once(drain)
    assert outbox.states() == [("failed", "unknown_outcome"), ("sent", None)]
    assert sorted(m.key for m in provider.messages) == ["m1", "m2", "m2"]


@pytest.mark.parametrize("point", ["before claim", "after claim", "after accept", "before record"])
def test_a_crash_around_the_send(outbox: Outbox, point: str) -> None:
    """A new process finds what the old one left; at most one copy of marketing, ever."""
    with ProviderLab() as lab:
        for n in range(6):
            outbox.add(channel="sms", template="t-push", address=f"+3361234567{n}", marketing=n % 2)
        channels: dict[str, Channel] = {"sms": HttpChannel(HttpSettings(lab.url, timeout_seconds=5), provider="lab")}
        old = outbox.drain(channels)
        if point != "before claim":
            jobs = old.claim("sms", 100)
            assert len(jobs) == 6
        if point in ("after accept", "before record"):
            deliver(old, jobs)
        # The old process is gone here. A new one starts, alone.
        new = outbox.drain({"sms": HttpChannel(HttpSettings(lab.url, timeout_seconds=5), provider="lab")})
        recovered = new.recover(lease=0)
        run_once(new)
        copies = lab.copies()

    assert recovered == (0 if point == "before claim" else 6)
    lost = {"before claim": [], "after claim": ["m2", "m4", "m6"]}.get(point, [])
    assert sorted(k for k in ("m1", "m2", "m3", "m4", "m5", "m6") if not copies[k]) == lost
    assert all(copies[k] <= 1 for k in ("m2", "m4", "m6"))
    expected = ("sent", None) if point == "before claim" else ("failed", "unknown_outcome")
    assert outbox.states() == [("sent", None), expected] * 3


def test_a_worker_that_lives_keeps_its_claims(outbox: Outbox) -> None:
    outbox.add()
    first, second = outbox.drain(), outbox.drain()
    jobs = first.claim("email", 10)

    assert second.claim("email", 10) == []
    assert second.recover(lease=10 * MINUTE) == 0
    outbox.clock.at += 11 * MINUTE
    assert second.recover(lease=10 * MINUTE) == 1
    first.record(deliver(first, jobs))  # too late: the decision stands
    assert outbox.states() == [("failed", "unknown_outcome")]


def test_what_a_provider_keeps_beyond_the_lease_is_not_handed_over_beside_itself(outbox: Outbox) -> None:
    outbox.add(marketing=0)
    first, second = outbox.drain(), outbox.drain()
    jobs = first.claim("email", 10)
    outbox.clock.at += 11 * MINUTE
    assert second.recover(lease=10 * MINUTE) == 1

    assert first.claim("email", 10) == []
    first.record(deliver(first, jobs))
    assert outbox.states() == [("sent", None)]
    assert second.claim("email", 10) == []


def test_nothing_is_claimed_after_an_opt_out(outbox: Outbox) -> None:
    """People unsubscribe at random points of a running drain: who did so before the claim gets nothing."""
    randomness = random.Random(7)
    for _ in range(120):
        outbox.add()
    sink = RecordingChannel()
    drain = outbox.drain({"email": sink})
    opted_out: dict[int, int] = {}

    def unsubscribe() -> None:
        for profile in randomness.sample(range(1, 121), 120):
            outbox.say(profile, "unsubscribed")
            opted_out[profile] = time.monotonic_ns()

    claimed_before: dict[int, int] = {}
    thread = threading.Thread(target=unsubscribe)
    thread.start()
    while thread.is_alive() or drain.claims.backlog():
        begun = time.monotonic_ns()
        jobs = drain.claim("email", 3)
        claimed_before |= {job.claimed.profile_id: begun for job in jobs}
        drain.record(deliver(drain, jobs))
    thread.join()

    assert all(not (p in opted_out and opted_out[p] < begun) for p, begun in claimed_before.items())
    assert {s for s, _ in outbox.states()} <= {"sent", "blocked"}
    assert len(sink.messages) == len(claimed_before) == sum(s == "sent" for s, _ in outbox.states())


def test_the_circuit_opens_and_holds_messages(outbox: Outbox) -> None:
    for _ in range(40):
        outbox.add()
    provider = Scripted(*[ChannelUnavailable("down")] * 60)
    drain = outbox.drain(
        {"email": provider}, breaker=lambda: Breaker(failures=3, first_pause=SECOND), retry=RetryRule(first_pause=1)
    )
    run_once(drain)
    called = len(provider.messages)

    assert called < 40  # those that waited for their turn were not tried
    assert {s for s, _ in outbox.states()} == {"ready"}
    assert run_once(drain) == 0  # held
    outbox.clock.at += MINUTE
    assert run_once(drain) == 1  # one tells whether it is back
    assert len(provider.messages) == called + 1
    provider.answers.clear()
    outbox.clock.at += HOUR
    assert run_once(drain) == 1
    assert run_once(drain) == 39
    assert {s for s, _ in outbox.states()} == {"sent"}


class Slow(RecordingChannel):
    """Takes a while, and counts how many it is given at once."""

    concurrency = 3

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.now = self.most = 0

    async def deliver(self, message: OutboundMessage) -> Receipt:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(self.seconds)
        self.now -= 1
        return await super().deliver(message)


def test_a_slow_provider_holds_up_nobody_else(outbox: Outbox) -> None:
    """Each channel has its own lane; what is in flight at the end is waited for."""
    for n in range(12):
        outbox.add()
        outbox.add(channel="push", template="t-push", address=f"token{n}")
    slow, quick = Slow(0.3), RecordingChannel()
    drain = outbox.drain({"email": slow, "push": quick})

    async def run() -> float:
        begun = time.monotonic()
        task = asyncio.create_task(drain.run(poll_seconds=0.01))
        await until(lambda: len(quick.messages) == 12)
        took = time.monotonic() - begun
        drain.stop()
        await task
        return took

    took = asyncio.run(run())
    states = outbox.states()

    assert took < 2
    assert slow.most == 3
    assert {s for s, _ in states[1::2]} == {"sent"}
    assert len(slow.messages) == sum(s == "sent" for s, _ in states[::2]) == 12  # capacity 4 x 3: all were in flight


def test_a_full_store_loses_no_outcome(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent is written down when the store can be written again, and nothing is sent twice."""
    outbox.add()
    sink = RecordingChannel()
    drain = outbox.drain({"email": sink})
    record, failures = drain.claims.record, [StoreUnavailable("full"), StoreUnavailable("full")]

    def fail_first(*args: object) -> None:
        if failures:
            raise failures.pop()
        record(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(drain.claims, "record", fail_first)
    monkeypatch.setattr("relance.outbox.drain.STORE_PAUSE_SECONDS", 0.01)

    async def run() -> None:
        task = asyncio.create_task(drain.run(poll_seconds=0.01))
        await until(lambda: outbox.states() == [("sent", None)])
        drain.stop()
        await task

    asyncio.run(asyncio.wait_for(run(), 10))

    assert len(sink.messages) == 1


def test_waking_starts_at_once(outbox: Outbox) -> None:
    sink = RecordingChannel()
    drain = outbox.drain({"email": sink})

    async def run() -> float:
        task = asyncio.create_task(drain.run(poll_seconds=30))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(outbox.add)
        begun = time.monotonic()
        drain.wake()
        await until(lambda: bool(sink.messages))
        took = time.monotonic() - begun
        drain.stop()
        await task
        return took

    assert asyncio.run(asyncio.wait_for(run(), 20)) < 2


def test_a_provider_with_a_pace_gets_a_stream(outbox: Outbox) -> None:
    """What quiet hours held back does not leave in one burst."""
    for _ in range(12):
        outbox.add()
    sink = RecordingChannel()
    sink.per_second = 4
    drain = outbox.drain({"email": sink})
    sent = []
    for _ in range(4):
        run_once(drain)
        run_once(drain)
        sent.append(len(sink.messages))
        outbox.clock.at += SECOND

    assert sent == [4, 8, 12, 12]


def test_pauses_grow_with_jitter() -> None:
    rule = RetryRule(attempts=5, first_pause=SECOND, longest_pause=20 * SECOND)
    randomness = random.Random(3)
    pauses = [[rule.pause_after(attempt, None, randomness) for _ in range(300)] for attempt in (1, 2, 3, 60)]

    assert [max(p) <= bound * SECOND for p, bound in zip(pauses, (1, 2, 4, 20), strict=True)] == [True] * 4
    assert all(
        max(p) > 0.8 * bound * SECOND and min(p) < 0.2 * bound * SECOND for p, bound in zip(pauses, (1, 2, 4, 20), strict=True)
    )
    assert rule.pause_after(1, 60, randomness) >= 60 * SECOND


def test_provider_faults_end_to_end(outbox: Outbox) -> None:
    """Every fault of the list, marketing and transactional: no copy too many, nothing forgotten."""
    faults = [
        Fault(429, retry_after="1"), Fault(503), Fault(reset=True, accept=True), Fault(200, body=b"garbage", accept=True), Fault(400),
        Fault(hang_seconds=0.8, accept=True),
    ]  # fmt: skip
    with ProviderLab() as lab:
        lab.script(*faults * 4)
        for n in range(24):
            outbox.add(channel="push", template="t-push", address=f"token{n}", marketing=n % 2)
        settings = HttpSettings(lab.url, timeout_seconds=0.4)
        drain = outbox.drain({"push": HttpChannel(settings, provider="lab")}, retry=RetryRule(attempts=9, first_pause=1))
        for _ in range(8):
            run_once(
                outbox.drain(
                    {"push": HttpChannel(replace(settings), provider="lab")}, retry=RetryRule(attempts=9, first_pause=1)
                )
            )
            outbox.clock.at += HOUR
        copies = lab.copies()
        del drain

    assert {s for s, _ in outbox.states()} == {"sent", "failed"}
    for n, (status, reason) in enumerate(outbox.states()):
        if n % 2:
            assert copies[f"m{n + 1}"] <= 1
            assert (copies[f"m{n + 1}"], status, reason) in [
                (1, "sent", None),
                (1, "failed", "unknown_outcome"),
                (0, "failed", "channel_rejected"),
            ]
        else:
            assert status == "sent" or reason == "channel_rejected"
