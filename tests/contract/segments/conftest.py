"""Warehouses that keep memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.warehouse import Warehouse


@pytest.fixture(params=["duckdb", "clickhouse"])
def warehouse(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """An empty warehouse, once on each engine that keeps memberships."""
    if request.param == "clickhouse":
        yield request.getfixturevalue("clickhouse")
        return
    opened = open_warehouse("duckdb://")
    yield opened
    opened.close()
