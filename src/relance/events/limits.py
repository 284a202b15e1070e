"""What both ways of reading an item share: its bounds, what its request says of it, and how an instant is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from relance.clock import DAY, EPOCH, SECOND, parse_instant

MAX_ID_CHARACTERS = 512  # an indexed column of PostgreSQL takes 2,700 bytes
MAX_NAME_CHARACTERS = 255
MAX_DEPTH = 100
MAX_INTEGER = 2**64
EARLIEST = -70 * 365 * DAY - 17 * DAY  # 1900-01-01: what every engine's type for instants can hold


class Origin(msgspec.Struct):
    """What the items of one request share."""

    source: str
    received_at: int
    trusted: bool
    history: bool
    sent_at: int | None = None
    batch_context: dict[str, Any] | None = None
    correct_skew: bool = True
    from_file: bool = False
    default_type: str | None = None
    require_identity: bool = True


def read_instant(text: object) -> int | None:
    """`parse_instant`, a few times as fast for the form that nearly all clients send."""
    if not isinstance(text, str) or len(text) < 20 or text[10] != "T" or text[13] != ":" or not text[5:7].isdigit():
        return parse_instant(text)
    if text[-1] != "Z" and text[-6] not in "+-":
        return parse_instant(text)
    try:
        since = datetime.fromisoformat(text) - EPOCH
    except ValueError:
        return None
    return since.days * DAY + since.seconds * SECOND + since.microseconds
