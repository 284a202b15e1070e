"""The log of record: every request that was acknowledged, in the order it was taken. The only way in.

Owns the tables `log_chunks`, `log_state` and those of the message ids, in a database of its own (a SQLite file, or a
PostgreSQL database). Written by `ingest` through a `GroupCommitter`, read by every reader after its own position.
A position is never given twice, and nothing can appear below a position that a reader has passed.
"""

from relance.eventlog.base import (
    DEDUPE_WINDOW,
    EventLog,
    LogBatch,
    LogBroken,
    LogOverloaded,
    LogUnavailable,
    NewChunk,
    RewrittenChunk,
)
from relance.eventlog.commit import GroupCommitter
from relance.eventlog.opening import open_log

__all__ = [
    "DEDUPE_WINDOW",
    "EventLog",
    "GroupCommitter",
    "LogBatch",
    "LogBroken",
    "LogOverloaded",
    "LogUnavailable",
    "NewChunk",
    "RewrittenChunk",
    "open_log",
]
