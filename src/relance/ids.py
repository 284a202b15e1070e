"""How relance names things: definition ids, and the order in which events are applied."""

from __future__ import annotations

import re
import secrets
from hashlib import blake2b

DEFINITION_ID = re.compile(r"[a-z0-9-]{1,64}")

# An event's place in the order of one profile's life is its `seq`. What came in from outside has the position in the
# log, shifted; what the engine itself emits follows its cause, so it gets the next numbers below it.
SEQ_BITS = 20


def seq_of_position(position: int) -> int:
    """The `seq` of the event at a position of the log."""
    return position << SEQ_BITS


def position_of_seq(seq: int) -> int:
    """The position of the log at or after which a `seq` stands."""
    return seq >> SEQ_BITS


def last_seq_of_position(position: int) -> int:
    """The highest `seq` that can stand before the next position."""
    return ((position + 1) << SEQ_BITS) - 1


def make_secret(prefix: str) -> str:
    """A key with 192 bits from the system's random source."""
    return f"{prefix}_{secrets.token_urlsafe(24)}"


def mask(secret: bytes, kind: str, value: str) -> str:
    """What is kept in place of an id or address that must not be known any more: a keyed hash, of 128 bits.

    Without the secret nobody can try values out. Source: BLAKE2 with a key, RFC 7693.
    """
    return blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), key=secret, digest_size=16).hexdigest()
