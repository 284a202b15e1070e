"""A channel that keeps what it is given: for tests, for `demo`'s mail sink and for trying things out."""

from __future__ import annotations

from collections import deque

from relance.channels.base import Channel, OutboundMessage, Receipt


class RecordingChannel(Channel):
    """Takes every message and keeps the last ones in memory. Nothing leaves."""

    def __init__(self, provider: str = "recording", *, keep: int = 10_000) -> None:
        self.provider = provider
        self.messages: deque[OutboundMessage] = deque(maxlen=keep)
        self.n_taken = 0

    async def deliver(self, message: OutboundMessage) -> Receipt:
        self.n_taken += 1
        self.messages.append(message)
        return Receipt(f"{self.provider}-{self.n_taken}")
