"""An empty world, on each engine of the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from relance.store import open_database
from tests.contract.journeys.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.store import Database


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: str) -> Iterator[str]:
    """One database for all worlds of the run: it is emptied between them, which takes less time than another one."""
    name = f"journeys_{os.getpid()}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        database = open_database(f"{postgres_server}/{name}")
        database.migrate()
        database.close()
        yield f"{postgres_server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def empty_postgres(url: str) -> None:
    """Take everything out of a database but its schema."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'"
        ).fetchall()
        connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables))
        connection.execute("INSERT INTO engine_state (id, position, tick, at, last_own) VALUES (1, 0, 0, 0, 0)")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated store, once on each engine."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("shared_postgres_url")
        empty_postgres(url)
        opened = open_database(url)
    else:
        opened = open_database("sqlite://")
        opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def world(store: Database, tmp_path: Path) -> World:
    """Conditions are answered in memory."""
    return World(store, tmp_path)


@pytest.fixture
def embedded_world(tmp_path: Path) -> Iterator[World]:
    """For what does not depend on the store."""
    opened = open_database("sqlite://")
    opened.migrate()
    yield World(opened, tmp_path)
    opened.close()


@pytest.fixture(params=["memory://", "duckdb://"])
def any_world(request: pytest.FixtureRequest, store: Database, tmp_path: Path) -> World:
    """A world once on each embedded warehouse too, for those where conditions matter."""
    return World(store, tmp_path, request.param)
