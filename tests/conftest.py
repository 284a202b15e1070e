"""Fixtures every suite may use: a store on each engine, a clock that stands still."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import clickhouse_connect
import psycopg
import pytest
from hypothesis import HealthCheck, settings

from relance.eventlog import open_log
from relance.store import open_database
from relance.users import passwords
from relance.warehouse import open_warehouse
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Database
    from relance.warehouse import Warehouse


# How fast the machine is says nothing about whether something is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def _find_program(name: str) -> str:
    places = [shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))]
    found = next((p for p in places if p), None)
    if found is None:
        pytest.fail(f"{name} is missing: install PostgreSQL, or set RELANCE_TEST_POSTGRES_URL")
    return str(Path(found).resolve())


# Where files need not outlive the run: in memory, where there is room. A disk makes everybody wait for what no test looks at: to empty
# the temporary tables of a tick takes PostgreSQL a hundred milliseconds there, and one here. The power is cut in made-up disks alone.
_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30  # bytes; a run takes a tenth of it


def _find_room() -> Path:
    if os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return Path(tempfile.gettempdir())


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_find_room()))


@contextmanager
def _own_postgres(*, durable: bool = True) -> Iterator[str]:
    """A PostgreSQL of this test run: made, started on a free port of 127.0.0.1, and removed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # PostgreSQL refuses to run as root, and its folder must be reachable by the user who runs it.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="relance-postgres-", dir=None if durable else _find_room()))
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    # UTF-8 whatever the machine's own locale is.
    initdb = [_find_program("initdb"), "-D", str(data), "-U", "relance", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
    run(*as_user, *initdb)
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=300{'' if durable else ' -c fsync=off'}"
    control = [*as_user, _find_program("pg_ctl"), "-D", str(data), "-s", "-w"]
    run(*control, "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://relance@127.0.0.1:{port}"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A guess costs nothing: what it costs in earnest matters to nobody but who waits for the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2**10)
        patch.setattr(passwords, "_NOBODYS", passwords.hash_password("nobody's"))
        yield


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The URL of a PostgreSQL server, without a database name."""
    given = os.environ.get("RELANCE_TEST_POSTGRES_URL")
    if given:
        yield given.rstrip("/")
        return
    with _own_postgres(durable=False) as url:  # no test cuts the power of PostgreSQL
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with all tables: to copy it takes a third of the time to make them."""
    name = f"template_{time.monotonic_ns()}_{os.getpid()}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        store = open_database(f"{postgres_server}/{name}")
        store.migrate()
        store.close()
        open_log(f"{postgres_server}/{name}").close()
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database that holds nothing but its tables."""
    name = f"t{time.monotonic_ns()}_{os.getpid()}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
        strategy = "STRATEGY FILE_COPY" if admin.info.server_version >= 150_000 else ""  # half the time of the usual one
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template} {strategy}")
        try:
            yield f"{postgres_server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated store, once on each engine."""
    path = database_url.removeprefix("sqlite:///")
    opened = open_database(database_url) if path == database_url else open_made(Path(path))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chdb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the ClickHouse of this process: there can be one. It runs as long as somebody is connected, and takes long to start."""
    url = f"chdb://{tmp_path_factory.mktemp('chdb')}"
    with closing(clickhouse_connect.get_client(dsn=url)):
        yield url


@pytest.fixture(scope="session")
def _one_clickhouse(chdb_url: str) -> Iterator[Warehouse]:
    with closing(open_warehouse(f"{chdb_url}?database=tests")) as opened:
        yield opened


@pytest.fixture
def clickhouse(_one_clickhouse: Warehouse) -> Warehouse:
    """A warehouse on ClickHouse in which nothing is: to empty tables takes a tenth of the time to make them."""
    _one_clickhouse.start_over()
    return _one_clickhouse
