"""Temporary tables of one connection: where a tick keeps what it works on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relance.store.migrate import run_script
from relance.store.sqlite_sizes import tell_scratch_sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store.connection import Connection

_TABLE = re.compile(r"CREATE TEMP TABLE IF NOT EXISTS (\w+) .*\{\{scratch\}\}")
_HASHED = re.compile(r"^CREATE TEMP TABLE (.*) \{\{hashed\}\}(.*)$", re.MULTILINE)
_HASHED_INDEX = re.compile(r"^CREATE INDEX .* \{\{hashed\}\};$", re.MULTILINE)
_GROWN = """SELECT c.relname FROM pg_class c
    WHERE c.oid IN (SELECT to_regclass(t.name) FROM unnest(CAST(:tables AS text[])) AS t (name)) AND pg_relation_size(c.oid) / 8192 > 2 * GREATEST(c.relpages, 25)"""
# To begin a table anew costs PostgreSQL some milliseconds, to mark a row as gone a microsecond and more when it is passed over later.
_MANY = 5_000
_KEY = re.compile(r", PRIMARY KEY \([\w, ]+\)")


def create_scratch(connection: Connection, script: str, samples: str = "") -> tuple[str, ...]:
    """Create the temporary tables of `script`; answer those marked `{{scratch}}`, which live for one transaction.

    SQLite finds rows by the keys of these tables. PostgreSQL joins by hashing, where to keep a key costs more than the row: what
    is marked `{{hashed}}` has none there. It plans by what it knows of the tables, and nobody looks at temporary ones: so it is
    shown `samples` once, rows like those of a tick. Without them it takes fifty thousand people at one step for one.
    """
    names = tuple(_TABLE.findall(script))
    if connection.dialect != "postgresql":
        run_script(connection, script.replace("{{scratch}}", "").replace("{{hashed}}", ""))
        tell_scratch_sizes(connection)
        return names
    script = _HASHED.sub(
        lambda m: f"CREATE TEMP TABLE {_KEY.sub('', m[1]).replace('{{key}}', 'BIGINT NOT NULL')}{m[2]}", script
    )
    run_script(connection, _HASHED_INDEX.sub("", script).replace("{{scratch}}", "ON COMMIT DELETE ROWS"))
    if samples:
        run_script(connection, samples)
        connection.execute(f"ANALYZE {', '.join(names)}")
        connection.execute(f"TRUNCATE {', '.join(names)}")
    return names


def count_anew(connection: Connection, tables: Sequence[str]) -> None:
    """Have the engine look at what tables hold, where it plans by that."""
    if connection.dialect == "postgresql":
        connection.execute(f"ANALYZE {', '.join(tables)}")


def count_grown(connection: Connection, tables: Sequence[str]) -> None:
    """Have the engine look at the tables that are twice as large as when it last did, where it plans by what it saw then.

    PostgreSQL's own look comes some minutes later: until then it takes what was filled at once for empty.
    """
    if connection.dialect == "postgresql":
        grown = [name for (name,) in connection.rows(_GROWN, {"tables": list(tables)})]
        if grown:
            count_anew(connection, grown)


def empty(connection: Connection, tables: Sequence[str], *, rows: int = 0) -> None:
    """Take all rows out of temporary tables; `rows` is how many there are, where that is known."""
    whole = connection.dialect == "postgresql" and rows > _MANY
    for table in tables:
        connection.execute(f"TRUNCATE {table}" if whole else f"DELETE FROM {table}")  # noqa: S608 - our own names
