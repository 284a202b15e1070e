"""A SQLite store with all tables, made once a process and copied from then on: to make the tables takes thirty times as long."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from relance.store import Database, open_database
from relance.store.sqlite import SQLiteDatabase

if TYPE_CHECKING:
    from pathlib import Path


@cache
def _made() -> SQLiteDatabase:
    made = open_database("sqlite://")
    made.migrate()
    assert isinstance(made, SQLiteDatabase)
    return made


def open_made(path: Path | None = None) -> Database:
    """An empty, migrated store in a new file, or in memory."""
    opened = open_database(f"sqlite:///{path}" if path else "sqlite://")
    assert isinstance(opened, SQLiteDatabase)
    with opened._writer.raw.backup("main", _made()._writer.raw, "main") as copying:
        copying.step()
    with opened.writing() as connection:
        connection.execute("ANALYZE main.sqlite_schema")  # what is told of sizes is read now
    return opened
