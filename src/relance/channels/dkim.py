"""DKIM signatures, for those whose mail server does not add them (extra `dkim`)."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from relance.errors import InvalidInput

# What is signed. `dkimpy` would leave out List-Unsubscribe-Post, which RFC 8058 wants covered.
SIGNED_HEADERS = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"reply-to",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key and where its public half stands in the DNS: `selector._domainkey.domain`."""

    domain: str
    selector: str
    private_key: bytes  # PEM

    def __repr__(self) -> str:
        return f"DkimKey({self.selector}._domainkey.{self.domain})"  # never the key

    def sign(self, raw: bytes) -> bytes:
        """The email with its signature on top."""
        dkim = _load()
        present = {line.split(b":", 1)[0].lower() for line in raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n") if b":" in line}
        signed = [name for name in SIGNED_HEADERS if name in present]
        signature: bytes = dkim.sign(
            raw, self.selector.encode(), self.domain.encode(), self.private_key, include_headers=signed
        )
        return signature + raw


def _load() -> Any:
    try:
        return importlib.import_module("dkim")
    except ImportError as e:
        msg = "signing with DKIM needs the extra: pip install 'relance[dkim]'"
        raise InvalidInput(msg, problems=[msg]) from e
