"""Code to copy is run as it is, but for the key, against a live server."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from relance.api.server import ServerThread
from relance.app import Installation
from relance.registry.snippets import API_KEY, LANGUAGES, WRITE_KEY, event_snippets, example_properties
from relance.settings import Settings
from tests.integration.engine.conftest import Shop, identify, subscribe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEFINITIONS = """
{kind: template, id: mail, channel: email, status: ready, subject: "Order {{ event.properties.order }}", body: there}
---
kind: event
id: bought
name: It's "bought" - l'achat
schema: {product: string, price: number, pieces: integer, gift: boolean, at: datetime, day: date, of.name: string, lines: array, lines.sku: string}
---
kind: journey
id: by-api
entry: {type: api}
key: properties.order
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
---
kind: journey
id: by-event
entry: {type: event, event: It's "bought" - l'achat}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
---
kind: segment
id: all
where: {type: all, of: []}
---
kind: journey
id: by-segment
entry: {type: segment_entered, segment: all}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
"""
NAME = "It's \"bought\" - l'achat"
RUN = {"curl": ["sh", "-c"], "javascript": ["node", "--input-type=module", "--eval"], "python": [sys.executable, "-c"]}


class LiveShop(Shop):
    """One that listens."""

    def open(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.installation = Installation(Settings(data=self.folder, port=port), clock=self.clock, channels=self.channels)
        self.server = ServerThread(self.installation.make_api(), "127.0.0.1", port)
        self.server.start()
        headers = {"Authorization": f"Bearer {self.installation.admin_key}"}
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20, headers=headers)

    def close(self) -> None:
        self.client.close()
        self.server.stop()
        super().close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveShop]:
    shop = LiveShop(tmp_path)
    shop.apply(DEFINITIONS)
    shop.send(identify("user-123"), subscribe("user-123"))
    shop.work()
    yield shop
    shop.close()


def run(language: str, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN[language], code], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_that_sends_an_event_and_code_that_lets_somebody_in(live: LiveShop, language: str) -> None:
    key = live.client.post("/sources", json={"id": "web"}).json()["write_key"]
    event: Any = live.client.get("/event-types/bought/code").json()
    by_api: Any = live.client.get("/journeys/by-api/code").json()

    done = [
        run(language, event["code"][language].replace(WRITE_KEY, key)),
        run(language, by_api["code"][language].replace(API_KEY, live.installation.admin_key or "")),
        run(language, event["code"][language]),
    ]
    live.work()

    assert [0, 0] == [one.returncode for one in done[:2]], [one.stderr for one in done]
    assert done[2].returncode != 0  # the key was not put in
    sent = live.client.get("/events/inspect", params={"name": NAME}).json()["items"]
    assert [one["properties"] for one in sent] == [
        {
            "at": "2026-03-01T09:00:00Z", "day": "2026-03-01", "gift": True, "lines": [{"sku": "text"}], "of": {"name": "text"},
            "pieces": 1, "price": 9.99, "product": "text",
        }
    ]  # fmt: skip
    assert 0 == len(live.client.get("/event-problems").json()["items"])
    assert ["Order", "Order", "Order text"] == sorted(str(subject) for _, subject in live.to())


def test_the_code_of_a_journey_is_that_of_its_event_and_a_segment_has_none(live: LiveShop) -> None:
    by_event = live.client.get("/journeys/by-event/code").json()

    assert by_event["event"] == NAME
    assert by_event["code"] == live.client.get("/event-types/bought/code").json()["code"]
    assert 409 == live.client.get("/journeys/by-segment/code").status_code
    assert 404 == live.client.get("/journeys/nothing/code").status_code


def test_no_two_examples_share_an_object() -> None:
    found = example_properties({"a": "object", "b": "object", "a.x": "string", "c": "string", "c.d": "string"})

    assert found == {"a": {"x": "text"}, "b": {}, "c": "text"}
    assert set(LANGUAGES) == set(event_snippets("http://127.0.0.1", "E", {}))
