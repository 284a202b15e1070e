"""Signatures on HTTP bodies, the Standard Webhooks way: what we send carries one, what calls us back must.

Source: Standard Webhooks 1.0, "Signature scheme": `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLERANCE_SECONDS = 300


def read_secret(secret: str) -> bytes:
    """The bytes of a secret: after `whsec_` they are base64, else the text itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret[6:], validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a body. Units: `timestamp` in seconds."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(read_secret(secret), signed, hashlib.sha256)).decode()


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers that go with a signed body."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, *, now_seconds: int) -> bool:
    """Whether a body carries our signature (one of those listed) and is of now, give or take five minutes.

    Takes the same time whatever is wrong with a signature. An empty secret signs nothing.
    """
    message_id = headers.get("webhook-id", "")
    given = headers.get("webhook-timestamp", "")
    if not secret or not message_id or not given.isascii() or not given.isdigit() or len(given) > 12:
        return False
    if abs(int(given) - now_seconds) > TOLERANCE_SECONDS:
        return False
    expected = sign(secret, message_id, int(given), body).encode()
    matches = [hmac.compare_digest(expected, one.encode()) for one in headers.get("webhook-signature", "").split()[:10]]
    return any(matches)


def is_signed_with(secret: str, given: str, body: bytes, *, now_seconds: int) -> bool:
    """Whether a signature in a header of somebody else's is one of a body: HMAC-SHA256, as hex or base64, after `sha256=` or not.

    `t=SECONDS,v1=HEX` signs the instant with the body, and must be of now, give or take five minutes.
    """
    parts = dict(part.strip().partition("=")[::2] for part in given.split(",") if "=" in part)
    signed = body
    found = [part.strip() for part in given.split(",")][:10]
    if "t" in parts and "v1" in parts:
        at = parts["t"]
        if not at.isascii() or not at.isdigit() or len(at) > 12 or abs(int(at) - now_seconds) > TOLERANCE_SECONDS:
            return False
        signed = at.encode() + b"." + body
        found = [part.strip().removeprefix("v1=") for part in given.split(",") if part.strip().startswith("v1=")][:10]
    if not secret:
        return False
    digest = hmac.digest(read_secret(secret), signed, hashlib.sha256)
    expected = (digest.hex(), base64.b64encode(digest).decode())
    candidates = [one.removeprefix("sha256=").encode("utf-8", "replace") for one in found]
    matches = [hmac.compare_digest(right.encode(), one) for right in expected for one in candidates]
    return any(matches)
