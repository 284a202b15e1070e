"""A warehouse on every engine. ClickHouse runs inside the test process, once: each test has a database of its own."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.warehouse import Warehouse

_numbers = itertools.count()


@pytest.fixture
def clickhouse(chdb_url: str) -> Iterator[Warehouse]:
    """An empty warehouse on ClickHouse."""
    opened = open_warehouse(f"{chdb_url}?database=test_{next(_numbers)}")
    yield opened
    opened.close()


@pytest.fixture(params=["memory", "duckdb", "clickhouse"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse, once on each engine."""
    if request.param == "clickhouse":
        yield request.getfixturevalue("clickhouse")
        return
    opened = open_warehouse("memory://" if request.param == "memory" else f"duckdb:///{tmp_path}/warehouse.duckdb")
    yield opened
    opened.close()
