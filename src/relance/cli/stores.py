"""The stores that a command works on: the embedded ones of a folder, or those of URLs."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli.asking import KEY_VARIABLE, URL_VARIABLE
from relance.errors import NotFound, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relance.store import Connection, Database
    from relance.warehouse import Warehouse

DEFAULT_DATA = Path("relance-data")


def store_url(data: Path, store: str | None) -> str:
    """Where the store is: a URL, or the embedded one in a folder."""
    return store or f"sqlite:///{data}/store.db"


@contextmanager
def opened_store(data: Path | None, store: str | None) -> Iterator[Database]:
    """A store that is there already.

    Raises:
        NotFound: there is none.
    """
    from relance.store import open_database

    folder = data or DEFAULT_DATA
    url = store_url(folder, store)
    if store is None:
        _require(url.removeprefix("sqlite:///"), "store", folder)
    with closing(open_database(url)) as database:
        database.migrate()
        yield database


@contextmanager
def opened_warehouse(data: Path | None, warehouse: str | None) -> Iterator[Warehouse]:
    """A warehouse that is there already.

    Raises:
        NotFound: there is none.
        WarehouseError: it can not be opened, such as while a server has it.
    """
    from relance.warehouse import open_warehouse

    folder = data or DEFAULT_DATA
    if warehouse is None:
        _require(f"{folder}/warehouse.duckdb", "warehouse", folder)
    try:
        opened = open_warehouse(warehouse or f"duckdb:///{folder}/warehouse.duckdb")
    except WarehouseError as e:
        if not e.context.get("locked"):
            raise
        msg = (
            f"{e.message}; while a server runs, ask it: name its address with --url (or {URL_VARIABLE}) and set {KEY_VARIABLE} "
            "to an API key that may read"
        )
        raise WarehouseError(msg, **e.context) from e
    with closing(opened):
        yield opened


def _require(path: str, what: str, folder: Path) -> None:
    if not Path(path).exists():
        msg = f"there is no {what} in {folder}: name its folder with --data"
        raise NotFound(msg)


def in_store(work: Callable[[Connection, int], int], *, data: Path, store: str | None, as_json: bool) -> int:
    """Do something in one transaction of the store, and answer its exit code.

    Args:
        work: is given the connection and the instant.
        data: the folder of the embedded stores.
        store: the URL of another.
        as_json: how faults are told.
    """
    from relance.cli.output import fail
    from relance.clock import SystemClock
    from relance.errors import RelanceError

    try:
        with opened_store(data, store) as database, database.writing() as connection:
            return work(connection, SystemClock().now())
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=as_json)
