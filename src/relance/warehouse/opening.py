"""Opening a warehouse by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relance.errors import WarehouseError

if TYPE_CHECKING:
    from relance.warehouse.base import Warehouse


def open_warehouse(url: str, *, quarantine: bool = False) -> Warehouse:
    """Open a warehouse.

    `duckdb:///FILE` · `duckdb://` (in memory) · `memory://` (plain Python, for small worlds) · `clickhouse://USER@HOST/NAME`
    · `chdb:///FOLDER` (ClickHouse in this process)

    Args:
        url: which one.
        quarantine: move a damaged file aside and start with an empty one; whoever opened it sees that `position()` is
            behind the log and loads it anew.

    Raises:
        WarehouseError: the URL names no engine of ours, or it can not be opened.
    """
    if url.startswith("memory://"):
        from relance.warehouse.engines.memory import MemoryWarehouse

        return MemoryWarehouse()
    if url.startswith("duckdb://"):
        from relance.warehouse.engines.duckdb import open_duckdb

        path = url.removeprefix("duckdb://").removeprefix("/")
        return open_duckdb(Path(path) if path else None, quarantine=quarantine)
    if url.startswith(("clickhouse://", "clickhouses://", "chdb://")):
        from relance.warehouse.engines.clickhouse import open_clickhouse

        return open_clickhouse(url)
    msg = f"{url!r} is no warehouse URL: write duckdb:///FILE, clickhouse://USER@HOST/NAME or memory://"
    raise WarehouseError(msg)
