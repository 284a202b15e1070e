"""Which hosts a user's webhook may call: public ones. A URL must not reach into the network that relance runs in.

The name is resolved once and the connection goes to the address that was checked, so a name that changes its mind
between the look and the call (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from relance.errors import ChannelUnavailable, MessageRejected

if TYPE_CHECKING:
    from collections.abc import Collection

RESOLVE_SECONDS = 5.0

_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a checked URL leads: the address to connect to, and how to ask there."""

    url: str  # with the checked address in place of the name
    host: str  # the name, for TLS
    host_header: str


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet; what only wraps another address is not trusted."""
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        if any(parsed in network for network in _TRANSLATED):
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


async def check_destination(url: str, *, allowed_hosts: Collection[str] = ()) -> Destination:
    """Check where a URL leads, and pin it.

    Args:
        url: as a user gave it.
        allowed_hosts: `host` or `host:port` that the operator trusts although they are not public.

    Raises:
        MessageRejected: it is no URL we call.
        ChannelUnavailable: its name can not be resolved now.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as e:
        msg = f"{url[:200]!r} is no URL"
        raise MessageRejected(msg) from e
    if parts.scheme not in ("http", "https") or not host:
        msg = f"{url[:200]!r} is no http or https URL"
        raise MessageRejected(msg)
    if (
        parts.username is not None
        or parts.password is not None
        or any(ord(c) <= 32 or ord(c) == 127 for c in url)
        or "\\" in url
    ):
        msg = f"the URL of {host} holds a user name, a space or a control character"
        raise MessageRejected(msg)
    actual_port = port or (443 if parts.scheme == "https" else 80)
    trusted = host in allowed_hosts or f"{host}:{actual_port}" in allowed_hosts
    addresses = await _resolve(host, actual_port)
    if not trusted and not all(map(is_public, addresses)):
        msg = f"{host} is not on the public internet; a webhook may not call it"
        raise MessageRejected(msg)
    pinned = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    netloc = pinned if port is None else f"{pinned}:{port}"
    name = f"[{host}]" if ":" in host else host
    return Destination(parts._replace(netloc=netloc, fragment="").geturl(), host, name if port is None else f"{name}:{port}")


async def _resolve(host: str, port: int) -> list[str]:
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
        found = await asyncio.wait_for(
            asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM), RESOLVE_SECONDS
        )
    except (OSError, UnicodeError, TimeoutError) as e:
        msg = f"the name {host} can not be resolved: {e}"
        raise ChannelUnavailable(msg) from e
    return [str(address[0]) for *_, address in found]
