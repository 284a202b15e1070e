"""SMS, push and webhooks over HTTP: a signed JSON POST, and a careful reading of the answer.

`HttpChannel` speaks to one provider (or to the user's own gateway) at a fixed URL. `WebhookChannel` calls the URL that
a template gives, so it looks where that leads first.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from relance.channels.base import Channel, OutboundMessage, Receipt
from relance.channels.reachable import check_destination
from relance.channels.signing import signed_headers
from relance.clock import SECOND, format_instant
from relance.errors import ChannelUnavailable, MessageRejected, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import httpx

MAX_ANSWER_BYTES = 64_000
MAX_RETRY_AFTER_SECONDS = 86_400.0

# Answers that say: not now, or not you. The message itself may be in order.
_NOT_NOW = frozenset({401, 403, 407, 408, 421, 423, 425, 429})


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where a provider listens, and the secret its bodies are signed with."""

    url: str
    secret: str = ""
    headers: Mapping[str, str] | None = None  # such as Authorization
    timeout_seconds: float = 15.0
    concurrency: int = 16
    per_second: float | None = None  # at most so many messages a second

    def __repr__(self) -> str:
        return f"HttpSettings({self.url})"  # never the secret


class _Caller:
    """Posts a body and reads the answer, with every failure told apart."""

    def __init__(self, *, timeout_seconds: float, keep_alive: bool) -> None:
        self._timeout_seconds = timeout_seconds
        self._keep_alive = keep_alive
        self._client: httpx.AsyncClient | None = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(self._timeout_seconds),
                limits=httpx.Limits(max_connections=256, max_keepalive_connections=64 if self._keep_alive else 0),
                follow_redirects=False,
                trust_env=False,
            )
        return self._client

    async def call(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], *, tls_name: str | None = None
    ) -> Receipt:
        import httpx

        client = self._open()
        extensions = {"sni_hostname": tls_name} if tls_name else {}
        try:
            async with (
                asyncio.timeout(2 * self._timeout_seconds),
                client.stream(method, url, content=body, headers=headers, extensions=extensions) as answer,
            ):
                status, retry_after = answer.status_code, answer.headers.get("retry-after")
                content = b""
                try:
                    async for chunk in answer.aiter_raw():
                        content += chunk
                        if len(content) > MAX_ANSWER_BYTES:
                            break
                except (httpx.HTTPError, httpx.StreamError):
                    pass  # the status is the answer; what was said beside it is lost
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as e:
            msg = f"the provider can not be reached: {_say(e)}"
            raise ChannelUnavailable(msg) from e
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError) as e:
            msg = f"the request can not be written: {e}"
            raise MessageRejected(msg) from e
        except (httpx.HTTPError, TimeoutError, OSError) as e:
            msg = f"the provider was called and gave no answer: {_say(e)}"
            raise OutcomeUnknown(msg) from e
        return _read_answer(status, content, read_retry_after(retry_after))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None


class HttpChannel(Channel):
    """SMS or push through one HTTP endpoint.

    It posts `{"id", "channel", "to", "subject", "title", "body", "link", "at", "user_id", "source", "step", "template",
    "marketing"}` with the headers `Idempotency-Key`, `webhook-id`, `webhook-timestamp` and `webhook-signature`, and expects
    any 2xx; an `id` in the answer is kept as the provider's reference.
    """

    def __init__(self, settings: HttpSettings, *, provider: str) -> None:
        self.provider = provider
        self.concurrency = settings.concurrency
        self.per_second = settings.per_second
        self._settings = settings
        self._caller = _Caller(timeout_seconds=settings.timeout_seconds, keep_alive=True)

    async def deliver(self, message: OutboundMessage) -> Receipt:
        body = json.dumps(_to_wire(message), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {**_headers(self._settings.secret, message, body), **(self._settings.headers or {})}
        return await self._caller.call("POST", self._settings.url, body, headers)

    async def close(self) -> None:
        await self._caller.close()


class WebhookChannel(Channel):
    """Calls the URL of a webhook template, if that is on the public internet."""

    def __init__(
        self,
        *,
        provider: str = "webhook",
        secret: str = "",
        allowed_hosts: Collection[str] = (),
        timeout_seconds: float = 15.0,
        concurrency: int = 16,
    ) -> None:
        self.provider = provider
        self.concurrency = concurrency
        self._secret = secret
        self._allowed_hosts = frozenset(allowed_hosts)
        # Connections are not kept: one that was opened for one name must not carry a request for another.
        self._caller = _Caller(timeout_seconds=timeout_seconds, keep_alive=False)

    async def deliver(self, message: OutboundMessage) -> Receipt:
        destination = await check_destination(message.url or "", allowed_hosts=self._allowed_hosts)
        body = message.body.encode()
        signed = _headers(self._secret, message, body)
        taken = {name.lower() for name in signed} | {"host", "content-length", "transfer-encoding", "connection"}
        own = {name: value for name, value in message.headers.items() if name.lower() not in taken - {"content-type"}}
        headers = {**signed, **{k.lower(): v for k, v in own.items()}, "Host": destination.host_header}
        for name, value in headers.items():
            if any(c in f"{name}{value}" for c in "\r\n\0") or not f"{name}{value}".isascii():
                msg = f"the header {name[:50]!r} holds what a header can not"
                raise MessageRejected(msg)
        return await self._caller.call(message.method or "POST", destination.url, body, headers, tls_name=destination.host)

    async def close(self) -> None:
        await self._caller.close()


def _say(error: Exception) -> str:
    return str(error) or type(error).__name__


def _to_wire(message: OutboundMessage) -> dict[str, Any]:
    fields = {
        "id": message.key,
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "title": message.title,
        "body": message.body,
        "link": message.link,
        "at": format_instant(message.at),
        "user_id": message.user_id,
        "source": message.source,
        "step": message.step_id,
        "template": message.template,
        "marketing": message.marketing,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _headers(secret: str, message: OutboundMessage, body: bytes) -> dict[str, str]:
    headers = {"content-type": "application/json", "user-agent": "relance", "idempotency-key": message.key}
    if secret:
        headers |= signed_headers(secret, message.key, message.at // SECOND, body)
    return headers


def read_retry_after(text: str | None, *, now: datetime | None = None) -> float | None:
    """`Retry-After` in seconds: a number, or a date."""
    if not text:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def _read_answer(status: int, content: bytes, retry_after: float | None) -> Receipt:
    if 200 <= status < 300:
        return Receipt(_reference(content))
    said = " ".join(content.decode(errors="replace").split())[:200]
    msg = f"the provider says {status}{': ' if said else ''}{said}"
    if status == 504:  # a gateway lost sight of it
        raise OutcomeUnknown(msg, status=status)
    if status >= 500 or status in _NOT_NOW or status < 200:
        raise ChannelUnavailable(msg, retry_after_seconds=retry_after, status=status)
    raise MessageRejected(msg, suppress=status == 410, status=status)


def _reference(content: bytes) -> str | None:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    found = next((answer[k] for k in ("id", "message_id", "sid") if answer.get(k)), None) if isinstance(answer, dict) else None
    return str(found)[:200] if isinstance(found, (str, int)) else None
