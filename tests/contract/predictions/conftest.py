"""A world on each store and each warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.store import open_database
from relance.warehouse import open_warehouse
from tests.contract.predictions.world import World
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite-duckdb", "postgresql-clickhouse"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An empty world: SQLite beside DuckDB, then PostgreSQL beside ClickHouse."""
    embedded = request.param == "sqlite-duckdb"
    database = open_made(tmp_path / "store.db") if embedded else open_database(request.getfixturevalue("postgres_url"))
    warehouse = open_warehouse("duckdb://") if embedded else request.getfixturevalue("clickhouse")
    yield World(database, warehouse)
    if embedded:
        warehouse.close()
    database.close()


@pytest.fixture
def embedded_world() -> Iterator[World]:
    """An empty world in memory."""
    database, warehouse = open_made(), open_warehouse("duckdb://")
    yield World(database, warehouse)
    warehouse.close()
    database.close()
