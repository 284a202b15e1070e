"""`relance erase-profile`: over the stores of a folder, and over a server that runs."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import httpx
import pytest

from relance.api.server import ServerThread
from relance.app import Installation
from relance.cli import app
from relance.eventlog import NewChunk
from relance.ingest.keys import create_api_key
from relance.ingest.scopes import READ
from relance.settings import Settings
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LiveInstallation:
    """One whose loops run and that listens."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.installation = Installation(Settings(data=folder, port=port))
        self.server = ServerThread(self.installation.make_api(), "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{port}"
        self.key = self.installation.admin_key or ""

    def start(self) -> None:
        self.installation.start()
        self.server.start()

    def stop(self) -> None:
        self.server.stop()
        self.installation.stop()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveInstallation]:
    opened = LiveInstallation(tmp_path)
    opened.start()
    yield opened
    opened.stop()


def test_over_http(live: LiveInstallation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    items = [identify("ana"), subscribe("ana"), track("ana", "Product Viewed"), identify("bob")]
    body = json.dumps({"batch": items}).encode()
    live.installation.committer.commit_now(NewChunk(source="backend", body=body, message_ids=[None] * 4, trusted=True))
    with live.installation.database.writing() as connection:
        reader = create_api_key(connection, "reader", [READ], now=0)
    monkeypatch.setenv("RELANCE_KEY", live.key)
    with httpx.Client(base_url=f"{live.url}/api/v1", headers={"authorization": f"Bearer {live.key}"}, timeout=60) as client:
        while client.get("/profiles/bob").status_code == 404:
            pass
        refused = client.delete("/profiles/ana", headers={"authorization": f"Bearer {reader}"})
        assert (403, 404) == (refused.status_code, client.delete("/profiles/nobody").status_code)
        assert 1 == app(["erase-profile", "--user", "ana", "--url", live.url])  # it was not confirmed
        assert 200 == client.get("/profiles/ana").status_code
        capsys.readouterr()

        assert 0 == app(["erase-profile", "--user", "ana", "--url", live.url, "--yes", "--suppress", "--json"])

        told = json.loads(capsys.readouterr().out)
        assert (True, 3) == (told["suppress"], told["calls"])
        assert 404 == client.get("/profiles/ana").status_code
        found = client.get("/erasures", params={"user_id": "ana"}).json()["items"]
        assert [told["erasure_id"]] == [erasure["erasure_id"] for erasure in found]
        audit = client.get("/audit").json()["items"][0]
        assert ("erase", "profile", told["erasure_id"]) == (audit["action"], audit["kind"], audit["id"])


def test_over_the_stores_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop(tmp_path)
    shop.send(identify("ana"), identify("bob"))
    shop.work()
    shop.send(track("ana", "Product Viewed"))  # nobody has applied it yet
    shop.close()

    assert 0 == app(["erase-profile", "--user", "ana", "--data", str(tmp_path), "--yes", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert ("done", 2) == (told["state"], told["calls"])
    assert 2 == app(["erase-profile", "--user", "ana", "--data", str(tmp_path), "--yes"])
    assert b"ana@example.com" not in (tmp_path / "store.db").read_bytes() + (tmp_path / "log.db").read_bytes()
    assert b"bob@example.com" in (tmp_path / "store.db").read_bytes()
