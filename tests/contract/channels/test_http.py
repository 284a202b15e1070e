"""SMS, push and webhooks over HTTP, against a provider with scripted faults."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from relance.channels.base import Channel, OutboundMessage, Receipt
from relance.channels.http import HttpChannel, HttpSettings, WebhookChannel, read_retry_after
from relance.channels.reachable import is_public
from relance.channels.signing import is_signed, signed_headers
from relance.errors import ChannelError, ChannelUnavailable, MessageRejected, OutcomeUnknown
from relance.testing.provider_lab import Fault, ProviderLab

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = OutboundMessage(
    key="m-1",
    channel="sms",
    to="+33612345678",
    at=1_772_445_600_000_000,
    marketing=True,
    user_id="ana",
    source="journey:cart",
    step_id="text",
    template="t",
    body="Ça attend",
)


@pytest.fixture
def lab() -> Iterator[ProviderLab]:
    with ProviderLab(secret=SECRET) as lab:
        yield lab


def deliver(channel: Channel, message: OutboundMessage = MESSAGE) -> Receipt:
    async def run() -> Receipt:
        try:
            return await channel.deliver(message)
        finally:
            await channel.close()

    return asyncio.run(run())


def sms(lab: ProviderLab, timeout_seconds: float = 5) -> HttpChannel:
    return HttpChannel(HttpSettings(lab.url, secret=SECRET, timeout_seconds=timeout_seconds), provider="lab")


def test_a_signed_post_with_an_idempotency_key(lab: ProviderLab) -> None:
    receipt = deliver(sms(lab))

    assert receipt == Receipt("lab")
    assert lab.ledger[0].key == "m-1"
    assert lab.ledger[0].message == {
        "id": "m-1", "channel": "sms", "to": "+33612345678", "body": "Ça attend", "at": "2026-03-02T10:00:00Z", "user_id": "ana",
        "source": "journey:cart", "step": "text", "template": "t", "marketing": True,
    }  # fmt: skip
    assert lab.n_bad_signatures == 0


def test_a_golden_signature() -> None:
    """The example of the Standard Webhooks specification."""
    headers = signed_headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert is_signed(SECRET, headers, b'{"test": 2432232314}', now_seconds=1614265330)
    assert not is_signed(SECRET, headers, b'{"test": 2432232315}', now_seconds=1614265330)
    assert not is_signed(SECRET, headers, b'{"test": 2432232314}', now_seconds=1614265330 + 301)
    assert not is_signed("", headers, b'{"test": 2432232314}', now_seconds=1614265330)
    assert not is_signed(SECRET, {**headers, "webhook-timestamp": "x"}, b"", now_seconds=0)


@pytest.mark.parametrize(
    ("fault", "error", "retry_after"),
    [
        (Fault(429, retry_after="7"), ChannelUnavailable, 7.0),
        (Fault(503, retry_after="999999999"), ChannelUnavailable, 86_400.0),
        (Fault(500), ChannelUnavailable, None),
        (Fault(401), ChannelUnavailable, None),
        (Fault(400, body=b"no such number"), MessageRejected, None),
        (Fault(302, location="http://127.0.0.1:1/"), MessageRejected, None),
        (Fault(504), OutcomeUnknown, None),
        (Fault(reset=True, accept=True), OutcomeUnknown, None),
        (Fault(hang_seconds=1.2, accept=True), OutcomeUnknown, None),
    ],
)
def test_faults_are_told_apart(lab: ProviderLab, fault: Fault, error: type[ChannelError], retry_after: float | None) -> None:
    lab.script(fault)
    with pytest.raises(error) as caught:
        deliver(sms(lab, 0.4))

    assert getattr(caught.value, "retry_after_seconds", None) == retry_after
    assert lab.n_requests == 1


def test_a_dead_token_is_told(lab: ProviderLab) -> None:
    lab.script(Fault(410))
    with pytest.raises(MessageRejected) as caught:
        deliver(sms(lab))

    assert caught.value.suppress


def test_garbage_with_200_is_taken(lab: ProviderLab) -> None:
    lab.script(Fault(200, body=b"\xff\x00<html>" * 1000), Fault(200, body=b"[" * 60_000), Fault(200, body=b'{"id": {}}'))

    assert [deliver(sms(lab)).provider_ref for _ in range(3)] == [None] * 3


def test_nobody_listens() -> None:
    with pytest.raises(ChannelUnavailable):
        deliver(HttpChannel(HttpSettings("http://127.0.0.1:1/"), provider="lab"))


def test_retry_after_as_a_date() -> None:
    now = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

    assert read_retry_after("Mon, 02 Mar 2026 10:01:00 GMT", now=now) == 60
    assert read_retry_after("Mon, 02 Mar 2026 09:00:00 GMT", now=now) == 0
    assert [read_retry_after(t, now=now) for t in (None, "", "soon", "-5", "1e9", "²")] == [None] * 6


def hook(url: str, **fields: object) -> OutboundMessage:
    return replace(MESSAGE, channel="webhook", url=url, method="POST", body="{}", **fields)  # type: ignore[arg-type]


def test_a_webhook_reaches_a_host_the_operator_allows(lab: ProviderLab) -> None:
    host = lab.url.split("/")[2]
    deliver(
        WebhookChannel(secret=SECRET, allowed_hosts=[host]),
        hook(lab.url, headers={"X-Own": "1", "Idempotency-Key": "mine", "Host": "evil"}),
    )

    assert lab.ledger[0].headers["x-own"] == "1"
    assert lab.ledger[0].headers["idempotency-key"] == "m-1"
    assert lab.ledger[0].headers["host"] == host


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://0.0.0.0:{port}/",
        "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/",
        "http://100.64.0.1/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://224.0.0.1/", "http://user:pass@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@example.com/",
        "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1/", "//127.0.0.1/", "", "http://", "http://[::1",
        "http://127.0.0.1:99999/", "http://127.0.0.1 .example/", "http://exa\r\nmple/",
    ],
)  # fmt: skip
def test_a_webhook_does_not_reach_inside(lab: ProviderLab, url: str) -> None:
    with pytest.raises(MessageRejected):
        deliver(WebhookChannel(secret=SECRET), hook(url.replace("{port}", lab.url.split(":")[2].split("/")[0])))

    assert lab.n_requests == 0


def test_a_redirect_is_not_followed(lab: ProviderLab) -> None:
    lab.script(Fault(307, location=lab.url))
    with pytest.raises(MessageRejected):
        deliver(WebhookChannel(secret=SECRET, allowed_hosts=["127.0.0.1"]), hook(lab.url))

    assert lab.n_requests == 1


@pytest.mark.parametrize("headers", [{"X": "a\r\nY: b"}, {"X\r\nY": "b"}, {"X": "é"}])
def test_a_header_of_a_webhook_can_not_begin_another(lab: ProviderLab, headers: dict[str, str]) -> None:
    with pytest.raises(MessageRejected):
        deliver(WebhookChannel(secret=SECRET, allowed_hosts=["127.0.0.1"]), hook(lab.url, headers=headers))

    assert lab.n_requests == 0


def test_what_is_public() -> None:
    assert [is_public(a) for a in ("8.8.8.8", "2606:4700::1111", "fe80::1%eth0", "nonsense", "240.0.0.1", "::ffff:8.8.8.8")] == [
        True, True, False, False, False, True,
    ]  # fmt: skip
