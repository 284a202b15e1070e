"""What an API key, or a user's role, may be allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

ADMIN = "admin"  # everything
READ = "read"  # look at everything
METRICS = "metrics"  # read /metrics and nothing else
DEFINITIONS_WRITE = "definitions:write"  # publish, pause, stop: what reaches people
DEFINITIONS_DRAFT = "definitions:draft"  # write and try out what reaches nobody before it is published
PROFILES_WRITE = "profiles:write"
LISTS_WRITE = "lists:write"
KEYS_WRITE = "keys:write"

SCOPES = (ADMIN, READ, METRICS, DEFINITIONS_WRITE, DEFINITIONS_DRAFT, PROFILES_WRITE, LISTS_WRITE, KEYS_WRITE)
# What a scope holds within it.
_WIDER = {DEFINITIONS_DRAFT: DEFINITIONS_WRITE, LISTS_WRITE: PROFILES_WRITE}


def allows(scopes: Collection[str], scope: str) -> bool:
    """Whether who has the scopes may do what asks for one."""
    return ADMIN in scopes or scope in scopes or _WIDER.get(scope) in scopes
