"""A world on each store and each warehouse."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from relance.store import open_database
from relance.warehouse import open_warehouse
from tests.contract.predictions.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_numbers = itertools.count()


@pytest.fixture(params=["sqlite-duckdb", "postgresql-clickhouse"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An empty world: SQLite beside DuckDB, then PostgreSQL beside ClickHouse."""
    embedded = request.param == "sqlite-duckdb"
    database = open_database(f"sqlite:///{tmp_path}/store.db" if embedded else request.getfixturevalue("postgres_url"))
    database.migrate()
    chdb = "" if embedded else f"{request.getfixturevalue('chdb_url')}?database=predictions_{next(_numbers)}"
    warehouse = open_warehouse("duckdb://" if embedded else chdb)
    yield World(database, warehouse)
    warehouse.close()
    database.close()


@pytest.fixture
def embedded_world() -> Iterator[World]:
    """An empty world in memory."""
    database, warehouse = open_database("sqlite://"), open_warehouse("duckdb://")
    database.migrate()
    yield World(database, warehouse)
    warehouse.close()
    database.close()
