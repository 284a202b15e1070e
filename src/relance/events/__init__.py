"""Events in Segment's words: what one is, what it may be called, and how it is read from what clients send.

Owns no table. Reads request bodies as they stand in the log; called by `ingest` (what is in this request?) and by
every reader of the log (what happened?).
"""

from relance.events.decode import NotJSON, RequestOutline, outline_request
from relance.events.model import ChunkKind, Event, LoggedChunk, RejectedItem
from relance.events.parse import parse_chunk, parse_item

__all__ = [
    "ChunkKind",
    "Event",
    "LoggedChunk",
    "NotJSON",
    "RejectedItem",
    "RequestOutline",
    "outline_request",
    "parse_chunk",
    "parse_item",
]
