"""The port of every channel: give it a message, get a receipt, or one of three errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """A rendered message on its way to one person. What its channel does not use is None."""

    key: str  # the same for every attempt at this message, and for no other message: providers deduplicate by it
    channel: str  # email | sms | push | webhook | in_app
    to: str  # an email address, a number in E.164, a device token, a user id
    at: int  # when it is handed over
    marketing: bool
    user_id: str
    source: str  # journey:ID or campaign:ID
    step_id: str
    template: str
    subject: str | None = None
    title: str | None = None
    body: str = ""
    text: str | None = None  # the plain text beside an HTML body
    html: bool = False
    link: str | None = None
    method: str | None = None
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unsubscribe_url: str | None = None  # answers the one-click POST of RFC 8058


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider has taken a message."""

    provider_ref: str | None = None  # the provider's own name for it


class Channel(ABC):
    """Carries messages of one channel through one provider. It may be called concurrently, from one event loop."""

    provider: str  # names it in figures, errors and `/hooks/{provider}`
    concurrency: int = 16  # how many messages it is given at once
    per_second: float | None = None  # how many it is given in a second; None: as many as it takes

    @abstractmethod
    async def deliver(self, message: OutboundMessage) -> Receipt:
        """Hand a message to the provider.

        Raises:
            ChannelUnavailable: the provider did not take it; it may be tried again.
            MessageRejected: the provider refuses it for good.
            OutcomeUnknown: the provider was called, and may or may not have taken it.
        """

    async def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Let go of connections."""
