"""How far a prediction is, as its definition says."""

from __future__ import annotations

DRAFT, PREVIEW, DEMO, ACTIVE, ARCHIVED = "draft", "preview", "demo", "active", "archived"
BUILT_ONCE = (PREVIEW, DEMO)  # may be looked at, not targeted
