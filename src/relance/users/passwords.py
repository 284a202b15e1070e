"""Passwords as they are kept: scrypt (RFC 7914), with its costs beside each, so that they can grow."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from base64 import b64decode, b64encode

COST, BLOCK, PARALLEL = 2**15, 8, 1  # 32 MiB and some 80 ms
LENGTH = 32
SALT_BYTES = 16
# A flood of attempts must not take all memory and all cores.
_AT_ONCE = threading.BoundedSemaphore(2)


def hash_password(password: str, salt: bytes | None = None) -> str:
    """`scrypt$COST$BLOCK$PARALLEL$SALT$HASH`, for a password to be kept."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    return _write(salt, _derive(password, salt, COST, BLOCK, PARALLEL))


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one that is kept. Takes as long where none is kept ('') as where one is."""
    told = kept or _NOBODYS
    _, cost, block, parallel, salt, derived = told.split("$")
    found = _derive(password, b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, b64decode(derived)) and bool(kept)


def _write(salt: bytes, derived: bytes) -> str:
    return "$".join(("scrypt", str(COST), str(BLOCK), str(PARALLEL), b64encode(salt).decode(), b64encode(derived).decode()))


def _derive(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    with _AT_ONCE:
        return hashlib.scrypt(
            password.encode("utf-8", "surrogatepass"),
            salt=salt,
            n=cost,
            r=block,
            p=parallel,
            maxmem=256 * cost * block,
            dklen=LENGTH,
        )


# Of no password: it is compared with, at the same cost.
_NOBODYS = _write(secrets.token_bytes(SALT_BYTES), secrets.token_bytes(LENGTH))
