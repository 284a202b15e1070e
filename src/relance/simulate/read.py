"""An events file, read as the log would hold it: in the order of arrival, each message id once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relance.clock import DAY
from relance.events.model import Event, RejectedItem
from relance.events.parse import parse_item

if TYPE_CHECKING:
    from pathlib import Path

DEDUPE_WINDOW = 30 * DAY


@dataclass(slots=True)
class EventsFile:
    """What a file holds."""

    events: list[Event] = field(default_factory=list)
    rejected: list[tuple[int, RejectedItem | str]] = field(default_factory=list)  # line, fault
    duplicates: int = 0


def read_events(path: Path) -> EventsFile:
    """Read JSON Lines.

    Raises:
        OSError: the file can not be read.
    """
    found = EventsFile()
    arrived: list[tuple[Event, int]] = []
    with path.open(encoding="utf-8", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                raw = json.loads(line)
            except (ValueError, RecursionError) as e:
                found.rejected.append((number, f"not JSON: {e}"))
                continue
            item = parse_item(raw, position=number, source="file", received_at=0, trusted=True, history=False, from_file=True)
            if isinstance(item, RejectedItem):
                found.rejected.append((number, item))
            else:
                arrived.append((item, item.received_at))
    arrived.sort(key=lambda pair: pair[1])  # stable: the file's order breaks ties
    seen: dict[str, int] = {}
    for item, at in arrived:
        first = seen.get(item.message_id)
        if first is not None and at - first <= DEDUPE_WINDOW:
            found.duplicates += 1
            continue
        seen[item.message_id] = at
        found.events.append(item)
    return found
