"""Signed links: what a person opens, clicks and leaves by.

A token says what it is for and which message it came with, and carries a signature; nobody can make one for another
person, nor turn the click route into a redirect to anywhere (the target is signed too). Tokens name people by the
number of their profile, never by an address. They do not expire: a link to unsubscribe must work for ever. A secret can
be replaced: the last one signs, all of them are believed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from itsdangerous import BadSignature, Signer

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TOKEN_CHARACTERS = 8_000
SHORT_MAC_BYTES = 9

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)

Kind = Literal["o", "c", "u", "p"]


@dataclass(frozen=True, slots=True)
class Click:
    """A link of a message that was followed."""

    message_id: int
    target: str | None  # where it leads; None when `target_id` says it
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who wants no more of what."""

    profile_id: int
    message_id: int | None
    channel: str
    group: str | None  # a subscription group, or the whole channel


class LinkSigner:
    """Makes and reads the links of one workspace."""

    def __init__(self, base_url: str, secrets: Sequence[str]) -> None:
        """Args: `base_url`: where people reach us, without a slash at its end; `secrets`: the newest last."""
        if not secrets or not all(len(s) >= 16 for s in secrets):
            msg = "links need at least one secret of 16 characters or more"
            raise ValueError(msg)
        self.base_url = base_url.rstrip("/")
        self._signers: dict[Kind, Signer] = {
            kind: Signer(
                [hmac.digest(secret.encode(), f"relance.link.{kind}".encode(), hashlib.sha256) for secret in secrets],
                key_derivation="none",  # derived above, once
                digest_method=hashlib.sha256,
            )
            for kind in ("o", "c", "u", "p")
        }
        self._short_keys = [hmac.digest(s.encode(), b"relance.link.short", hashlib.sha256) for s in secrets]

    def open_url(self, message_id: int) -> str:
        """The picture whose loading tells that an email was opened."""
        return self._url("o", message_id)

    def click_url(self, message_id: int, target: str) -> str:
        """A link that leads to `target` by way of us."""
        return self._url("c", [message_id, target])

    def short_click_url(self, message_id: int, target_id: int) -> str:
        """The same for an SMS: some 20 characters, the target is looked up by its number."""
        payload = _pack(message_id) + _pack(target_id)
        token = base64.urlsafe_b64encode(payload + _short_mac(self._short_keys[-1], payload)).rstrip(b"=").decode()
        return f"{self.base_url}/c/{token}"

    def unsubscribe_url(self, leaving: Leaving) -> str:
        """The page (and the one-click target) by which a person leaves a channel or a group."""
        return self._url("u", [leaving.profile_id, leaving.message_id, leaving.channel, leaving.group])

    def preferences_url(self, profile_id: int) -> str:
        """The page on which a person says what it wants to get."""
        return self._url("p", profile_id)

    def read_open(self, token: str) -> int | None:
        """The message that was opened, or None when the token is none of ours."""
        found = self._read("o", token)
        return found if isinstance(found, int) else None

    def read_click(self, token: str) -> Click | None:
        """The link that was followed, or None when the token is none of ours."""
        if "." not in token:
            return self._read_short(token)
        match self._read("c", token):
            case [int(message_id), str(target)]:
                return Click(message_id, target)
        return None

    def read_unsubscribe(self, token: str) -> Leaving | None:
        """Who leaves what, or None when the token is none of ours."""
        match self._read("u", token):
            case [int(profile_id), int() | None as message_id, str(channel), str() | None as group]:
                return Leaving(profile_id, message_id, channel, group)
        return None

    def read_preferences(self, token: str) -> int | None:
        """Whose preferences, or None when the token is none of ours."""
        found = self._read("p", token)
        return found if isinstance(found, int) else None

    def _url(self, kind: Kind, payload: object) -> str:
        told = base64.urlsafe_b64encode(_ENCODER.encode(payload).encode()).rstrip(b"=")
        return f"{self.base_url}/{kind}/{self._signers[kind].sign(told).decode()}"

    def _read(self, kind: Kind, token: str) -> Any:
        if len(token) > MAX_TOKEN_CHARACTERS or not token.isascii():
            return None
        try:
            told = self._signers[kind].unsign(token)
        except BadSignature:
            return None
        return json.loads(base64.urlsafe_b64decode(told + b"=" * (-len(told) % 4)))

    def _read_short(self, token: str) -> Click | None:
        if len(token) > 64 or not token.isascii():
            return None
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        payload, mac = raw[:-SHORT_MAC_BYTES], raw[-SHORT_MAC_BYTES:]
        if not any(hmac.compare_digest(_short_mac(key, payload), mac) for key in self._short_keys):
            return None
        message_id, rest = _unpack(payload)
        target_id, _ = _unpack(rest)
        return Click(message_id, None, target_id)


def _short_mac(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, payload, hashlib.sha256)[:SHORT_MAC_BYTES]


def _pack(number: int) -> bytes:
    """A number in as few bytes as it takes, seven bits each."""
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _unpack(raw: bytes) -> tuple[int, bytes]:
    number = 0
    for index, byte in enumerate(raw):
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return number, raw[index + 1 :]
    return number, b""
