"""An installation in a folder, with a clock that stands still, worked by hand."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from relance.app import Installation
from relance.channels import RecordingChannel
from relance.clock import format_instant, parse_instant
from relance.definitions.check import check_definitions
from relance.definitions.load import load_text
from relance.definitions.store import apply
from relance.eventlog import NewChunk
from relance.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = parse_instant("2026-03-02T10:00:00Z") or 0


@dataclass
class FrozenClock:
    """Moves when it is told to."""

    at: int = START

    def now(self) -> int:
        return self.at


@dataclass
class Shop:
    """An installation and what a test does with it."""

    folder: Path
    store_url: str = ""
    clock: FrozenClock = field(default_factory=FrozenClock)
    channels: dict[str, RecordingChannel] = field(
        default_factory=lambda: {"email": RecordingChannel(), "sms": RecordingChannel()}
    )
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        settings = Settings(data=self.folder, store_url=self.store_url)
        self.installation = Installation(settings, clock=self.clock, channels=self.channels)

    def close(self) -> None:
        self.installation.stop()

    def apply(self, definitions: str) -> None:
        documents = load_text(definitions).require()
        assert [] == [p.message for p in check_definitions(documents) if p.severity == "error"]
        with self.installation.database.writing() as connection:
            apply(connection, documents, self.clock.now())

    def send(self, *items: dict[str, Any], trusted: bool = True) -> int:
        """One request, as the API would commit it. Answers how many items were new."""
        items = tuple({"messageId": f"e{next(self.numbers)}", **item} for item in items)
        body = json.dumps({"batch": items}).encode()
        ids = [item["messageId"] for item in items]
        return self.installation.committer.commit_now(NewChunk(source="backend", body=body, message_ids=ids, trusted=trusted))

    def work(self) -> int:
        """Rounds of the engine and of the drain, until nothing is left to do now. Answers how many of the engine's."""
        n = 0
        while True:
            self.clock.at += 1
            worked = self.installation.engine_loop.work()
            drained = asyncio.run(self.installation.drain.drain_once())
            if not worked and not drained:
                return n
            n += worked
            assert n < 100, "the engine never rests"

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What stands in the log: names (or types) and properties, in order."""
        chunks = self.installation.log.read_after(0, 1_000_000).chunks
        items = [item for chunk in chunks for item in json.loads(chunk.body)["batch"]]
        return [(item.get("event") or item["type"], item.get("properties") or {}) for item in items]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.installation.database.reading() as connection:
            return connection.rows(sql)

    def to(self, channel: str = "email") -> list[tuple[str, str | None]]:
        """Who got what, in order."""
        return [(m.to, m.subject or m.body) for m in self.channels[channel].messages]


def identify(user: str, **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user, "traits": {"email": f"{user}@example.com", **traits}}


def subscribe(user: str, channel: str = "email") -> dict[str, Any]:
    return track(user, "Subscription Changed", channel=channel, state="subscribed")


def track(user: str, event: str, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": event, "properties": properties}


def told(at: int) -> str:
    return format_instant(at) or ""


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A fresh installation, once on each store."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    opened = Shop(tmp_path, url)
    yield opened
    opened.close()


@pytest.fixture
def embedded_shop(tmp_path: Path) -> Iterator[Shop]:
    """A fresh installation on embedded stores."""
    opened = Shop(tmp_path)
    yield opened
    opened.close()
