"""What an API key may be allowed."""

from __future__ import annotations

ADMIN = "admin"  # everything
READ = "read"  # look at everything
METRICS = "metrics"  # read /metrics and nothing else
DEFINITIONS_WRITE = "definitions:write"
PROFILES_WRITE = "profiles:write"
KEYS_WRITE = "keys:write"

SCOPES = (ADMIN, READ, METRICS, DEFINITIONS_WRITE, PROFILES_WRITE, KEYS_WRITE)
