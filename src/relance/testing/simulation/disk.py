"""What outlives a crash: the files of the store, the log and the warehouse."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from relance.errors import WarehouseError
from relance.eventlog import open_log
from relance.store import open_database
from relance.testing.simulation.faults import WatchedMemory, watch
from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from relance.clock import Clock
    from relance.eventlog import EventLog
    from relance.store import Database
    from relance.testing.simulation.faults import Points
    from relance.warehouse import Warehouse

WarehouseKind = Literal["memory", "duckdb"]
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, where there is one


def make_folder() -> Path:
    """A folder of our own, in memory where that is possible: a commit that is really flushed takes milliseconds."""
    return Path(tempfile.mkdtemp(prefix="relance-simulation-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None))


@cache
def _empty_store() -> bytes:
    """The file of a store with its tables: to make them takes longer than most worlds."""
    folder = make_folder()
    try:
        database = open_database(f"sqlite:///{folder}/store.db")
        database.migrate()
        database.close()
        return (folder / "store.db").read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Disk:
    """The stores of one world."""

    def __init__(self, folder: Path, warehouse: WarehouseKind = "memory", store_url: str = "") -> None:
        """`store_url`: an empty PostgreSQL database for store and log; else they are SQLite files in `folder`."""
        self.folder = folder
        self.store_url = store_url
        self._kind = warehouse
        self._memory = WatchedMemory()
        self.warehouse: Warehouse = self._memory
        self._opened: Warehouse | None = None
        if store_url:
            database = open_database(store_url)
            database.migrate()
            database.close()
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "store.db").write_bytes(_empty_store())

    def open_store(self) -> Database:
        return open_database(self.store_url or f"sqlite:///{self.folder}/store.db")

    def open_log(self, clock: Clock) -> EventLog:
        return open_log(self.store_url or f"sqlite:///{self.folder}/log.db", clock=clock)

    def open_warehouse(self, points: Points) -> Warehouse:
        """The warehouse as its last process left it."""
        if self._kind == "memory":
            self._memory.points = points
            return self._memory
        self.warehouse = self._opened = open_warehouse(f"duckdb:///{self.folder}/warehouse.duckdb")
        watch(self._opened, points)
        return self._opened

    def lose_power(self) -> None:
        """A process ended: what it had not committed to the warehouse is gone."""
        if self._opened is not None:
            with suppress(WarehouseError):
                self._opened.close()
            self._opened = None

    def close(self) -> None:
        self.lose_power()
        if not self.store_url:
            shutil.rmtree(self.folder, ignore_errors=True)
