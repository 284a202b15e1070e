"""Temporary tables of one connection: where a tick keeps what it works on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relance.store.migrate import run_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store.connection import Connection

_TABLE = re.compile(r"CREATE TEMP TABLE IF NOT EXISTS (\w+) .*\{\{scratch\}\}")


def create_scratch(connection: Connection, script: str) -> tuple[str, ...]:
    """Create the temporary tables of `script`; answer those marked `{{scratch}}`, which live for one transaction."""
    names = tuple(_TABLE.findall(script))
    run_script(connection, script.replace("{{scratch}}", "ON COMMIT DELETE ROWS" if connection.dialect == "postgresql" else ""))
    return names


def empty(connection: Connection, tables: Sequence[str]) -> None:
    """Take all rows out of temporary tables."""
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
