"""A warehouse on every engine. ClickHouse runs inside the test process, once, and is emptied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.warehouse import Warehouse


@pytest.fixture(params=["memory", "duckdb", "clickhouse"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse, once on each engine."""
    if request.param == "clickhouse":
        yield request.getfixturevalue("clickhouse")
        return
    opened = open_warehouse("memory://" if request.param == "memory" else f"duckdb:///{tmp_path}/warehouse.duckdb")
    yield opened
    opened.close()
