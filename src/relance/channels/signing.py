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
