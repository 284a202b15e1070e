"""Addresses of a person, read from its traits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.localtime import find_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s.\x00-\x1f]+(\.[^@\s.\x00-\x1f]+)+")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")  # E.164
_SEPARATORS = re.compile(r"[\s().-]")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the traits of a person say about where and when it can be reached."""

    timezone: str | None
    email: str | None
    email_key: str | None  # by which suppression knows it
    email_valid: bool
    phone: str | None  # E.164 where it is valid, else as given
    phone_valid: bool


def normalise_email(value: object) -> tuple[str | None, str | None, bool]:
    """The address, the key by which it is compared, and whether it is one at all."""
    if value is None or isinstance(value, (dict, list, bool)) or not str(value).strip():
        return None, None, False
    text = str(value).strip()
    return text, text.casefold(), _EMAIL.fullmatch(text) is not None


def normalise_phone(value: object) -> tuple[str | None, bool]:
    """The number in E.164, or as given when it is none, and whether it is one."""
    if value is None or isinstance(value, (dict, list, bool)) or not str(value).strip():
        return None, False
    text = str(value).strip()
    digits = _SEPARATORS.sub("", text)
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    return (digits, True) if _PHONE.fullmatch(digits) else (text, False)


def read_addresses(traits: Mapping[str, Any]) -> Addresses:
    """Addresses and time zone from the traits `email`, `phone` and `timezone`."""
    email, email_key, email_valid = normalise_email(traits.get("email"))
    phone, phone_valid = normalise_phone(traits.get("phone"))
    zone = traits.get("timezone")
    return Addresses(
        zone if isinstance(zone, str) and find_zone(zone) else None, email, email_key, email_valid, phone, phone_valid
    )


def normalise_address(channel: str, value: object) -> tuple[str | None, str | None, bool]:
    """An address given for a channel: itself, its key, and whether it can be one."""
    if channel == "email":
        return normalise_email(value)
    if channel == "sms":
        phone, valid = normalise_phone(value)
        return phone, phone, valid
    text = None if value is None or value == "" else str(value)
    return text, text, text is not None
