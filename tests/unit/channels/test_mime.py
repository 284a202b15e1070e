"""An email as bytes."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

import pytest

from relance.channels.base import OutboundMessage
from relance.channels.mime import check_address, write_email
from relance.errors import MessageRejected

MESSAGE = OutboundMessage(
    key="m-7",
    channel="email",
    to="ana@example.com",
    at=1_772_445_600_000_000,
    marketing=True,
    user_id="ana",
    source="journey:cart",
    step_id="remind",
    template="t",
    subject="Ça vous dit ? 🛒 " + "mot " * 40,
    body="<p>Déjà vu</p>\n.\n" + "<b>x</b>" * 400,
    text="Déjà vu\n.",
    html=True,
    unsubscribe_url="https://shop.example/u/abc",
)


def parse(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_what_is_written_is_read_back() -> None:
    raw = write_email(MESSAGE, to="ana@example.com", from_address="shop@example.com", from_name='Épicerie, "Chez" Léo')
    read = parse(raw)
    text, html = read.iter_parts()

    assert read["Subject"] == (MESSAGE.subject or "").strip()
    assert read["From"].addresses[0].display_name == 'Épicerie, "Chez" Léo'
    assert read["To"] == "ana@example.com"
    assert read["Message-ID"] == "<m-7@example.com>"
    assert read["List-Unsubscribe"] == "<https://shop.example/u/abc>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Date"].datetime.timestamp() == 1_772_445_600
    assert text.get_content().splitlines() == ["Déjà vu", "."]
    assert html.get_content().splitlines() == MESSAGE.body.splitlines()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_text_alone_is_one_part() -> None:
    raw = write_email(
        replace(MESSAGE, html=False, body="Bonjour\nvous", text=None), to="a@b.example", from_address="s@b.example"
    )

    assert parse(raw).get_content_type() == "text/plain"
    assert parse(raw).get_content().splitlines() == ["Bonjour", "vous"]


@pytest.mark.parametrize("evil", ["x\r\nBcc: all@example.com", "x\nBcc: all@example.com", "x\rBcc: y", "x\u2028Bcc: y", "x\0y"])
def test_no_header_can_be_slipped_in(evil: str) -> None:
    message = replace(MESSAGE, subject=evil, key=f"k{evil}", unsubscribe_url=f"https://x.example/{evil}")
    raw = write_email(message, to="a@b.example", from_address="s@b.example", from_name=evil)
    read = parse(raw)

    assert read["Bcc"] is None
    names = [n for n, _ in read.items()]
    assert len(names) == len(set(names))
    assert {n.lower() for n in names} == {
        "from", "to", "subject", "date", "message-id", "mime-version", "x-relance-message", "list-unsubscribe",
        "list-unsubscribe-post", "content-type",
    }  # fmt: skip


@pytest.mark.parametrize(
    "evil",
    [
        "a@b.example\r\nRCPT TO:<x@y>",
        "a b@c.example",
        "<a@b.example>",
        "a@b.example,c@d.example",
        "a@@b",
        "ab",
        "",
        "a@b\0.example",
    ],
)
def test_an_address_that_is_none_is_rejected(evil: str) -> None:
    with pytest.raises(MessageRejected):
        check_address(evil)


def test_an_international_domain_is_written_in_ascii() -> None:
    assert check_address("ana@café.example") == "ana@xn--caf-dma.example"
