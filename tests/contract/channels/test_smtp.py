"""Email through a real SMTP server, with scripted answers."""

from __future__ import annotations

import asyncio
import email
import email.policy
import shutil
import socket
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

from relance.channels.base import OutboundMessage
from relance.channels.smtp import SmtpChannel, SmtpSettings
from relance.errors import ChannelUnavailable, MessageRejected, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE = OutboundMessage(
    key="m-1",
    channel="email",
    to="ana@example.com",
    at=1_772_445_600_000_000,
    marketing=True,
    user_id="ana",
    source="journey:cart",
    step_id="remind",
    template="t",
    subject="Hello",
    body="<p>Hi</p>\n.\n<p>there</p>",
    text="Hi",
    html=True,
)


class Mailbox:
    """What the server does, and what it took."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.on_sender = self.on_recipient = self.on_data = ""
        self.cut = False
        self.connections = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.on_sender:
            return self.on_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.on_recipient:
            return self.on_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.on_data:
            return self.on_data
        self.taken.append(envelope)
        if self.cut:
            server.transport.abort()
        return "250 2.0.0 Ok: queued as ABC"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def settings(mailbox: Mailbox) -> Iterator[SmtpSettings]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield SmtpSettings(
        host="127.0.0.1", port=port, security="none", from_address="shop@example.com", from_name="Shop", timeout_seconds=2
    )
    controller.stop()


def send(settings: SmtpSettings, *messages: OutboundMessage) -> list[Any]:
    async def run() -> list[Any]:
        channel = SmtpChannel(settings)
        try:
            return [await channel.deliver(m) for m in messages]
        finally:
            await channel.close()

    return asyncio.run(run())


def test_messages_arrive_over_one_connection(mailbox: Mailbox, settings: SmtpSettings) -> None:
    receipts = send(settings, MESSAGE, replace(MESSAGE, key="m-2", to="ben@example.com"))
    read = email.message_from_bytes(mailbox.taken[0].content, policy=email.policy.default)

    assert [r.provider_ref for r in receipts] == ["2.0.0 Ok: queued as ABC"] * 2
    assert [e.rcpt_tos for e in mailbox.taken] == [["ana@example.com"], ["ben@example.com"]]
    assert mailbox.taken[0].mail_from == "shop@example.com"
    assert read["Message-ID"] == "<m-1@example.com>"
    assert read.get_body(("html",)).get_content().split() == MESSAGE.body.split()
    assert mailbox.connections == 1


@pytest.mark.parametrize(
    ("answer", "dead"),
    [("550 5.1.1 no such user", True), ("550 unknown", True), ("550 5.7.1 blocked by policy", False), ("552 too big", False)],
)
def test_a_refusal_for_good(mailbox: Mailbox, settings: SmtpSettings, answer: str, *, dead: bool) -> None:
    mailbox.on_recipient = answer
    with pytest.raises(MessageRejected) as caught:
        send(settings, MESSAGE)

    assert caught.value.suppress is dead
    assert answer.split(maxsplit=1)[0] in caught.value.message


def test_not_now(mailbox: Mailbox, settings: SmtpSettings) -> None:
    mailbox.on_recipient = "451 4.7.1 greylisted"
    with pytest.raises(ChannelUnavailable, match="greylisted"):
        send(settings, MESSAGE)
    mailbox.on_recipient, mailbox.on_sender = "", "550 5.7.1 you may not send"
    with pytest.raises(ChannelUnavailable, match="may not"):  # our settings are wrong, not the message
        send(settings, MESSAGE)
    mailbox.on_sender, mailbox.on_data = "", "452 4.3.1 full"
    with pytest.raises(ChannelUnavailable, match="full"):
        send(settings, MESSAGE)
    assert mailbox.taken == []


def test_a_cut_after_the_message_is_an_unknown_outcome(mailbox: Mailbox, settings: SmtpSettings) -> None:
    mailbox.cut = True
    with pytest.raises(OutcomeUnknown):
        send(settings, MESSAGE)

    assert len(mailbox.taken) == 1


def test_nobody_listens(settings: SmtpSettings) -> None:
    with pytest.raises(ChannelUnavailable, match="can not be reached"):
        send(replace(settings, port=1), MESSAGE)


def test_a_refused_message_does_not_harm_the_next(mailbox: Mailbox, settings: SmtpSettings) -> None:
    async def run() -> None:
        channel = SmtpChannel(settings)
        mailbox.on_recipient = "550 5.1.1 no"
        with pytest.raises(MessageRejected):
            await channel.deliver(MESSAGE)
        mailbox.on_recipient = ""
        await asyncio.gather(*(channel.deliver(replace(MESSAGE, key=f"m-{i}")) for i in range(20)))
        await channel.close()

    asyncio.run(run())

    assert len(mailbox.taken) == 20


def test_a_dkim_signature_covers_the_unsubscribe_headers(mailbox: Mailbox, settings: SmtpSettings) -> None:
    dkim = pytest.importorskip("dkim")
    openssl = shutil.which("openssl") or pytest.skip("openssl makes the key of this test")
    pem = subprocess.run([openssl, "genrsa", "-traditional", "2048"], check=True, capture_output=True).stdout
    public = subprocess.run([openssl, "rsa", "-pubout"], input=pem, check=True, capture_output=True).stdout

    from relance.channels.dkim import DkimKey

    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    signing = replace(settings, dkim=DkimKey("example.com", "s1", pem))
    send(signing, replace(MESSAGE, unsubscribe_url="https://shop.example/u/1"))
    raw = mailbox.taken[0].content
    signed = raw.split(b"h=", 1)[1].split(b";", 1)[0].replace(b" ", b"").replace(b"\r\n", b"").split(b":")

    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"subject"} <= set(signed)
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    assert b"PRIVATE" not in repr(signing).encode()
