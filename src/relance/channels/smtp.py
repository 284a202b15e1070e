"""Email by SMTP: connections are kept and reused, and it is known whether the server may have taken a message."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from relance.channels.base import Channel, OutboundMessage, Receipt
from relance.channels.mime import check_address, write_email
from relance.errors import ChannelUnavailable, MessageRejected, OutcomeUnknown

if TYPE_CHECKING:
    from aiosmtplib import SMTP, SMTPResponse

    from relance.channels.dkim import DkimKey

IDLE_SECONDS = 20.0
MESSAGES_A_CONNECTION = 200

# An enhanced status 5.1.x speaks of the address, 5.2.1 of a mailbox switched off; 5.7.x is about us, not about it.
_ADDRESS_IS_DEAD = re.compile(r"\b5\.(?:1\.[0-9]+|2\.1)\b")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How to reach a mail server, and in whose name."""

    host: str
    from_address: str
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: str | None = None
    from_name: str = ""
    reply_to: str | None = None
    bounce_address: str | None = None  # the envelope sender; default: `from_address`
    connections: int = 8
    per_second: float | None = None  # at most so many messages a second
    timeout_seconds: float = 30.0
    dkim: DkimKey | None = None

    def __repr__(self) -> str:
        return f"SmtpSettings({self.host}:{self.port}, from {self.from_address})"  # never the password


class _Connection:
    """An open connection and what it has been used for."""

    def __init__(self, client: SMTP) -> None:
        self.client = client
        self.n_messages = 0
        self.used_at = time.monotonic()

    @property
    def worn(self) -> bool:
        idle = time.monotonic() - self.used_at > IDLE_SECONDS
        return idle or self.n_messages >= MESSAGES_A_CONNECTION or not self.client.is_connected


class SmtpChannel(Channel):
    """Sends email through one mail server."""

    def __init__(self, settings: SmtpSettings, *, provider: str = "smtp") -> None:
        self.provider = provider
        self.concurrency = settings.connections
        self.per_second = settings.per_second
        self._settings = settings
        self._from = check_address(settings.from_address)
        self._idle: list[_Connection] = []

    async def deliver(self, message: OutboundMessage) -> Receipt:
        to = check_address(message.to)
        raw = write_email(
            message,
            to=to,
            from_address=self._from,
            from_name=self._settings.from_name,
            reply_to=self._settings.reply_to,
        )
        if self._settings.dkim is not None:
            raw = self._settings.dkim.sign(raw)
        connection = await self._open_transaction(to)
        try:
            answer = await self._send(connection.client, to, raw)
        except (MessageRejected, ChannelUnavailable):
            # The server answered; it is in order for the next one once it has forgotten this one.
            await self._give_back(connection, reset=True)
            raise
        except BaseException:
            connection.client.close()
            raise
        connection.n_messages += 1
        await self._give_back(connection)
        return Receipt(answer[:200] or None)

    async def close(self) -> None:
        while self._idle:
            client = self._idle.pop().client
            with suppress(Exception):  # it is over anyway
                await asyncio.wait_for(client.quit(), 2)
            client.close()

    async def _connect(self) -> _Connection:
        from aiosmtplib import SMTP, SMTPException, SMTPResponseException

        while self._idle:
            connection = self._idle.pop()
            if not connection.worn:
                return connection
            connection.client.close()
        s = self._settings
        client = SMTP(
            hostname=s.host,
            port=s.port,
            username=s.username,
            password=s.password,
            timeout=s.timeout_seconds,
            use_tls=s.security == "tls",
            start_tls=s.security == "starttls",
        )
        try:
            await client.connect()
        except SMTPResponseException as e:
            client.close()
            msg = f"the mail server {s.host} says {e.code} {_plain(e.message)}"
            raise ChannelUnavailable(msg) from e
        except (SMTPException, OSError, TimeoutError) as e:
            client.close()
            msg = f"the mail server {s.host}:{s.port} can not be reached: {e}"
            raise ChannelUnavailable(msg) from e
        return _Connection(client)

    async def _open_transaction(self, to: str) -> _Connection:
        """A connection that has taken the sender. One that the server closed while it was idle is replaced."""
        from aiosmtplib import SMTPException, SMTPResponseException

        s = self._settings
        sender = s.bounce_address or self._from
        international = not (to.isascii() and sender.isascii())
        while True:
            connection = await self._connect()
            try:
                if international and not connection.client.supports_extension("smtputf8"):
                    await self._give_back(connection)
                    break
                await connection.client.mail(sender, options=["SMTPUTF8"] if international else None, encoding="utf-8")
            except SMTPResponseException as e:  # it does not want us, which says nothing about the message
                connection.client.close()
                msg = f"the mail server {s.host} says {e.code} {_plain(e.message)}"
                raise ChannelUnavailable(msg) from e
            except (SMTPException, OSError, TimeoutError) as e:
                connection.client.close()
                if connection.n_messages == 0:
                    msg = f"the connection to the mail server {s.host} broke: {e}"
                    raise ChannelUnavailable(msg) from e
            except BaseException:
                connection.client.close()
                raise
            else:
                return connection
        msg = f"the mail server {s.host} can not carry the international address {to}"
        raise MessageRejected(msg)

    async def _send(self, client: SMTP, to: str, raw: bytes) -> str:
        """Name the recipient and give the message. Up to RCPT the server has taken nothing; after that, who knows."""
        from aiosmtplib import SMTPException, SMTPResponseException

        host = self._settings.host
        try:
            await client.rcpt(to, encoding="utf-8")
        except SMTPResponseException as e:
            raise _refusal(e.code, _plain(e.message), recipient=True) from e
        except (SMTPException, OSError, TimeoutError) as e:
            client.close()
            msg = f"the connection to the mail server {host} broke: {e}"
            raise ChannelUnavailable(msg) from e
        try:
            answer: SMTPResponse = await client.data(raw)
        except SMTPResponseException as e:
            raise _refusal(e.code, _plain(e.message), recipient=False) from e
        except (SMTPException, OSError, TimeoutError) as e:
            msg = f"the mail server {host} gave no answer to the message: {e}"
            raise OutcomeUnknown(msg) from e
        return _plain(answer.message)

    async def _give_back(self, connection: _Connection, *, reset: bool = False) -> None:
        from aiosmtplib import SMTPException

        if reset and connection.client.is_connected:
            try:
                await connection.client.rset()
            except (SMTPException, OSError, TimeoutError):
                connection.client.close()
        if connection.client.is_connected and len(self._idle) < self._settings.connections:
            connection.used_at = time.monotonic()
            self._idle.append(connection)
        else:
            connection.client.close()


def _plain(answer: str) -> str:
    return " ".join(answer.split())[:300]


def _refusal(code: int, answer: str, *, recipient: bool) -> MessageRejected | ChannelUnavailable:
    if not 500 <= code < 600:
        return ChannelUnavailable(f"the mail server says {code} {answer}", code=code)
    dead = _ADDRESS_IS_DEAD.search(answer) is not None
    if recipient and code in (550, 551, 553) and _ENHANCED.search(answer) is None:
        dead = True
    return MessageRejected(f"the mail server says {code} {answer}", suppress=dead, code=code)
