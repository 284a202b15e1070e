"""The provider of a simulated world: takes messages, is in trouble when the plan says so, and keeps a ledger of every call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from relance.channels import Channel
from relance.channels.base import OutboundMessage, Receipt
from relance.clock import MINUTE, SECOND, format_instant
from relance.errors import ChannelUnavailable, MessageRejected, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.testing.simulation.plan import Fault


@dataclass(slots=True)
class Call:
    """One message that was handed over once."""

    key: str
    channel: str
    user_id: str
    marketing: bool
    at: int
    process: int  # which process called
    accepted: bool = False
    answer: str | None = None  # sent, unavailable, rejected, unknown; None while nothing was answered
    recorded: bool = False  # whether the answer was committed to the store


@dataclass
class Ledger:
    """Every call of every process, and what people do about messages."""

    calls: list[Call] = field(default_factory=list)
    reactions: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  # when, and the item that is sent
    n_opens: int = 0


class SimulatedProvider(Channel):
    """One channel's. Its troubles come from the plan, its small delays from the message."""

    concurrency = 4

    def __init__(
        self, channel: str, ledger: Ledger, troubles: Sequence[Fault], now: Callable[[], int], seed: int, reactions: float,
        process: Callable[[], int], *, at_once: bool,
    ) -> None:  # fmt: skip
        self.provider = f"simulated-{channel}"
        self._channel = channel
        self._ledger = ledger
        self._troubles = [t for t in troubles if t.name == channel]
        self._now = now
        self._seed = seed
        self._reactions = reactions
        self._process = process
        self._at_once = at_once

    async def deliver(self, message: OutboundMessage) -> Receipt:
        call = Call(message.key, self._channel, message.user_id, message.marketing, self._now(), self._process())
        self._ledger.calls.append(call)
        r = Random(f"{self._seed} {message.key} {len(self._ledger.calls)}")  # noqa: S311 - a world is no secret
        trouble = next((t.detail for t in self._troubles if t.at <= self._now() < t.until), None)
        if trouble == "hangs":
            accepts_first = r.random() < 0.5
            if accepts_first:
                self._accept(call, message)
            await asyncio.sleep(r.choice((30, 700, 1500)))
            if not accepts_first:
                self._accept(call, message)
            return self._answer(call)
        if not self._at_once or trouble == "slow":
            await asyncio.sleep(r.choice((0, 0.02, 2, 45)) if trouble != "slow" else r.choice((20, 200)))
        if trouble == "down":
            call.answer = "unavailable"
            raise ChannelUnavailable(retry_after_seconds=r.choice((None, 60)))
        if trouble in {"rejects", "dead"}:
            call.answer = "rejected"
            raise MessageRejected(suppress=trouble == "dead")
        if trouble in {"mute", "lost"}:
            if trouble == "mute":
                self._accept(call, message)
            await asyncio.sleep(r.choice((0, 10, 90)))
            call.answer = "unknown"
            raise OutcomeUnknown
        self._accept(call, message)
        if not self._at_once and r.random() < 0.3:
            await asyncio.sleep(r.choice((0.02, 1, 60)))
        return self._answer(call)

    def _answer(self, call: Call) -> Receipt:
        call.answer = "sent"
        return Receipt(f"{self.provider}-{call.key}")

    def _accept(self, call: Call, message: OutboundMessage) -> None:
        call.accepted = True
        if self._channel != "email" or any(c.accepted and c is not call for c in self._ledger.calls if c.key == call.key):
            return  # a provider shows a message with one key once
        about = Random(f"{self._seed} {message.user_id} {message.step_id} {self._ledger.n_opens}")  # noqa: S311 - a world is no secret
        self._ledger.n_opens += 1
        if about.random() < self._reactions:
            at = self._now() + about.choice((0, SECOND, MINUTE, 10 * MINUTE) if not self._at_once else (MINUTE, 10 * MINUTE))
            known = not message.user_id.startswith("device")
            item = {
                "messageId": f"open-{message.key}",
                "type": "track",
                "userId" if known else "anonymousId": message.user_id,
                "event": about.choice(("Email Opened", "Email Opened", "Email Link Clicked", "Email Delivered")),
                "timestamp": format_instant(at),
                "properties": {"message_id": message.key},
            }
            self._ledger.reactions.append((at, item))
