"""How large SQLite takes tables for when it plans.

SQLite counts nothing by itself. Told nothing, it takes every table for a million rows, the ten people of a tick as well as all
enrollments, and may read all enrollments to find those of ten people. An `ANALYZE` of a new store would tell the wrong thing, of
a large one it takes minutes. So SQLite is told how tables grow: those with rows of people are large, scratch tables are small.
Which index tells how much apart it goes on guessing by their columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.store.connection import Connection

LARGE = 100_000_000
SCRATCH = 10_000  # more than tables of definitions hold, so that nothing is built to read those once
_OF_PEOPLE = ("profile_id", "enrollment_id", "message_id")
_GROWING = """SELECT DISTINCT t.name FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND c.name IN {values} ORDER BY t.name"""


def tell_sizes(connection: Connection) -> None:
    """Tell how large the tables of a store become. Effects: writes `sqlite_stat1`, when it says something else."""
    growing = [name for (name,) in connection.rows_in(_GROWING, _OF_PEOPLE)]
    _tell(connection, "main", growing, LARGE)


def tell_scratch_sizes(connection: Connection) -> None:
    """Tell how large temporary tables are. Effects: writes `sqlite_stat1` of this connection."""
    scratch = connection.rows(
        "SELECT name FROM sqlite_temp_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    )
    _tell(connection, "temp", [name for (name,) in scratch], SCRATCH)


def _tell(connection: Connection, schema: str, tables: Iterable[str], rows: int) -> None:
    wanted = [(name, None, str(rows)) for name in tables]
    connection.execute(f"ANALYZE {schema}.sqlite_schema")  # makes the table of statistics, looks at no other
    if connection.rows(f"SELECT tbl, idx, stat FROM {schema}.sqlite_stat1 ORDER BY tbl") == wanted:  # noqa: S608 - one of two words
        return
    connection.execute(f"DELETE FROM {schema}.sqlite_stat1")  # noqa: S608
    connection.insert_rows(f"{schema}.sqlite_stat1", ["tbl", "idx", "stat"], wanted)
    connection.execute(f"ANALYZE {schema}.sqlite_schema")  # now it is read
