"""An empty world, on each engine of the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from relance.store import open_database
from tests.contract.journeys.world import World
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.store import Database


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: str) -> Iterator[Database]:
    """One database and one connection for all worlds of the run: to make what a tick works with takes longer than most of them."""
    name = f"journeys_{os.getpid()}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        database = open_database(f"{postgres_server}/{name}")
        database.migrate()
        yield database
        database.close()
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def empty_postgres(database: Database) -> None:
    """Take everything out of a database but its schema."""
    with database.writing() as connection:
        tables = connection.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'")
        connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables))
        connection.execute("INSERT INTO engine_state (id, position, tick, at, last_own) VALUES (1, 0, 0, 0, 0)")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated store, once on each engine."""
    if request.param == "postgresql":
        shared: Database = request.getfixturevalue("shared_postgres")
        empty_postgres(shared)
        yield shared
        return
    opened = open_made()
    yield opened
    opened.close()


@pytest.fixture
def world(store: Database, tmp_path: Path) -> World:
    """Conditions are answered in memory."""
    return World(store, tmp_path)


@pytest.fixture
def embedded_world(tmp_path: Path) -> Iterator[World]:
    """For what does not depend on the store."""
    opened = open_made()
    yield World(opened, tmp_path)
    opened.close()


@pytest.fixture(params=["memory://", "duckdb://"])
def any_world(request: pytest.FixtureRequest, store: Database, tmp_path: Path) -> World:
    """A world once on each embedded warehouse too, for those where conditions matter."""
    return World(store, tmp_path, request.param)
