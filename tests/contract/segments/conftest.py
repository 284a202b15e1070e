"""Warehouses that keep memberships."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.warehouse import Warehouse

_numbers = itertools.count()


@pytest.fixture
def clickhouse(chdb_url: str) -> Iterator[Warehouse]:
    """An empty warehouse on ClickHouse."""
    opened = open_warehouse(f"{chdb_url}?database=kept_{next(_numbers)}")
    yield opened
    opened.close()


@pytest.fixture(params=["duckdb", "clickhouse"])
def warehouse(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """An empty warehouse, once on each engine that keeps memberships."""
    if request.param == "clickhouse":
        yield request.getfixturevalue("clickhouse")
        return
    opened = open_warehouse("duckdb://")
    yield opened
    opened.close()
