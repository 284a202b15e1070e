from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from relance.eventlog import open_log
from relance.events import Event, parse_chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from relance.eventlog import EventLog


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Make a file; one whose name ends in .gz is packed."""

    def make(name: str, content: str | bytes) -> Path:
        raw = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return make


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """An empty log in a file."""
    opened = open_log(f"sqlite:///{tmp_path}/log.db")
    yield opened
    opened.close()


@pytest.fixture
def events_in(log: EventLog) -> Callable[[], list[Event]]:
    """What a reader of the log would get."""

    def read() -> list[Event]:
        found: list[Event] = []
        position = 0
        while (batch := log.read_after(position, 10_000)).chunks:
            for chunk in batch.chunks:
                for event in parse_chunk(chunk):
                    assert isinstance(event, Event), event
                    found.append(event)
            position = batch.last_position
        return found

    return read
