"""Addresses out of traits."""

from __future__ import annotations

import pytest

from relance.profiles.addresses import normalise_address, normalise_email, normalise_phone, read_addresses


@pytest.mark.parametrize(
    ("given", "address", "key", "valid"),
    [
        ("Ana@Example.com", "Ana@Example.com", "ana@example.com", True),
        ("  ana@example.com\n", "ana@example.com", "ana@example.com", True),
        ("ana+tag@sub.example.co.uk", "ana+tag@sub.example.co.uk", "ana+tag@sub.example.co.uk", True),
        ("STRASSE@Straße.de", "STRASSE@Straße.de", "strasse@strasse.de", True),
        ("ana@example", "ana@example", "ana@example", False),
        ("ana@@example.com", "ana@@example.com", "ana@@example.com", False),
        ("a na@example.com", "a na@example.com", "a na@example.com", False),
        ("ana@example.com\nBcc: x@y.z", "ana@example.com\nBcc: x@y.z", "ana@example.com\nbcc: x@y.z", False),
        ("", None, None, False),
        ("   ", None, None, False),
        (None, None, None, False),
        (True, None, None, False),
        (["ana@example.com"], None, None, False),
        (7, "7", "7", False),
    ],
)
def test_email(given: object, address: str | None, key: str | None, valid: bool) -> None:  # noqa: FBT001 - a column
    assert (address, key, valid) == normalise_email(given)


@pytest.mark.parametrize(
    ("given", "number", "valid"),
    [
        ("+33 6 12 34-56.78", "+33612345678", True),
        ("0033612345678", "+33612345678", True),
        ("+1 (555) 123-4567", "+15551234567", True),
        ("06 12 34 56 78", "06 12 34 56 78", False),
        ("+0612345678", "+0612345678", False),
        ("+123456", "+123456", False),
        ("+1234567890123456", "+1234567890123456", False),
        (33612345678, "33612345678", False),
        (None, None, False),
        ({}, None, False),
    ],
)
def test_phone(given: object, number: str | None, valid: bool) -> None:  # noqa: FBT001 - a column
    assert (number, valid) == normalise_phone(given)


def test_a_zone_that_does_not_exist_is_none() -> None:
    assert "Europe/Paris" == read_addresses({"timezone": "Europe/Paris"}).timezone
    assert [None] * 4 == [read_addresses({"timezone": zone}).timezone for zone in ("Mars/Olympus", "", "../etc/passwd", 7)]


@pytest.mark.parametrize(
    ("channel", "given", "expected"),
    [
        ("push", "tok", ("tok", "tok", True)),
        ("push", "", (None, None, False)),
        ("webhook", None, (None, None, False)),
        ("sms", "+33612345678", ("+33612345678", "+33612345678", True)),
        ("email", "X@y.z", ("X@y.z", "x@y.z", True)),
    ],
)
def test_an_address_of_a_channel(channel: str, given: object, expected: tuple[str | None, str | None, bool]) -> None:
    assert expected == normalise_address(channel, given)
