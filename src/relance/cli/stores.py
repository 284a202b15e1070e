"""The store that a command works on: the embedded one of a folder, or that of a URL."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.store import Connection


def in_store(work: Callable[[Connection, int], int], *, data: Path, store: str | None, as_json: bool) -> int:
    """Do something in one transaction of the store, and answer its exit code.

    Args:
        work: is given the connection and the instant.
        data: the folder of the embedded stores.
        store: the URL of another.
        as_json: how faults are told.
    """
    from relance.cli.output import fail
    from relance.cli.publish import store_url
    from relance.clock import SystemClock
    from relance.errors import RelanceError
    from relance.store import open_database

    url = store_url(data, store)
    if store is None and not Path(url.removeprefix("sqlite:///")).exists():
        return fail([f"there is no store in {data}: name its folder with --data"], as_json=as_json)
    try:
        with closing(open_database(url)) as database:
            database.migrate()
            with database.writing() as connection:
                return work(connection, SystemClock().now())
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=as_json)
