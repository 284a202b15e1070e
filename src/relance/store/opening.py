"""Open a store by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relance.errors import StoreError

if TYPE_CHECKING:
    from relance.store.connection import Database


def open_database(url: str) -> Database:
    """Open a store by URL.

    `sqlite:///path/file.db` · `sqlite://` (in memory) · `postgresql://user@host/name`

    Raises:
        StoreError: the URL names no engine of ours, or the engine cannot be opened.
    """
    if url.startswith("sqlite://"):
        from relance.store.sqlite import SQLiteDatabase

        path = url.removeprefix("sqlite://").removeprefix("/")
        return SQLiteDatabase(Path(path) if path else None)
    if url.startswith(("postgresql://", "postgres://")):
        from relance.store.postgresql import PostgreSQLDatabase

        return PostgreSQLDatabase(url)
    msg = f"{url!r} is no store URL: write sqlite:///FILE or postgresql://USER@HOST/NAME"
    raise StoreError(msg)
