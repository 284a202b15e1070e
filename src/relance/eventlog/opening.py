"""Open a log by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relance.clock import Clock, SystemClock
from relance.errors import StoreError
from relance.eventlog.base import DEDUPE_WINDOW

if TYPE_CHECKING:
    from relance.eventlog.base import EventLog


def open_log(url: str, *, clock: Clock | None = None, window: int = DEDUPE_WINDOW) -> EventLog:
    """Open a log by URL.

    `sqlite:///path/file.db` · `sqlite://` (in memory) · `postgresql://user@host/name`

    Raises:
        StoreError: the URL names no engine of ours, or the engine cannot be opened.
    """
    clock = clock or SystemClock()
    if url.startswith("sqlite://"):
        from relance.eventlog.sqlite import SQLiteLog

        path = url.removeprefix("sqlite://").removeprefix("/")
        return SQLiteLog(Path(path) if path else None, clock=clock, window=window)
    if url.startswith(("postgresql://", "postgres://")):
        from relance.eventlog.postgresql import PostgreSQLLog

        return PostgreSQLLog(url, clock=clock, window=window)
    msg = f"{url!r} is no log URL: write sqlite:///FILE or postgresql://USER@HOST/NAME"
    raise StoreError(msg)
