"""ClickHouse for every suite: it runs inside the test process, once."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def chdb_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of this session's ClickHouse."""
    return f"chdb://{tmp_path_factory.mktemp('chdb')}"
