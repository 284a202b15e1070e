"""A running server with empty stores."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from relance.api.app import create_app
from relance.api.ports import make_services
from relance.api.server import ServerThread
from relance.eventlog import EventLog, GroupCommitter, open_log
from relance.events import Event, RejectedItem, parse_chunk
from relance.ingest import create_api_key, create_write_key, ensure_source
from relance.store import Database
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class Running:
    """A server and what stands behind it."""

    def __init__(self, folder: Path, routes: Sequence[Any] = ()) -> None:
        self.database: Database = open_made(folder / "store.db")
        with self.database.writing() as connection:
            ensure_source(connection, "shop", now=0)
            ensure_source(connection, "server", trusted=True, correct_skew=False, now=0)
            self.key = create_write_key(connection, "shop", now=0)
            self.server_key = create_write_key(connection, "server", now=0)
            self.admin = create_api_key(connection, "admin", ["admin"], now=0)
            self.reader = create_api_key(connection, "reader", ["read"], now=0)
        self.log: EventLog = open_log(f"sqlite:///{folder}/log.db")
        self.committer = GroupCommitter(self.log)
        self.services = make_services(self.committer, self.database)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._server = ServerThread(create_app(self.services, [*routes, *self.make_routes()]), "127.0.0.1", self.port)
        self._server.start()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.url, timeout=10)

    def make_routes(self) -> list[Any]:
        """More routes, over what stands open."""
        return []

    def parsed(self) -> list[Event | RejectedItem]:
        """All that is in the log."""
        return [item for chunk in self.log.read_after(0, 1_000_000).chunks for item in parse_chunk(chunk)]

    def events(self) -> list[Event]:
        return [item for item in self.parsed() if isinstance(item, Event)]

    def close(self) -> None:
        self.client.close()
        self._server.stop()
        self.committer.close()
        self.log.close()
        self.database.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    yield made
    made.close()
