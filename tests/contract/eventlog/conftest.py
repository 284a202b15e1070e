"""A log on each engine, and what to write into it."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from relance.eventlog import EventLog, NewChunk, open_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class StillClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_000_000_000

    def now(self) -> int:
        return self.at


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def log(database_url: str, clock: StillClock) -> Iterator[EventLog]:
    """An empty log, once on each engine."""
    opened = open_log(database_url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def make_chunk() -> Callable[..., NewChunk]:
    """Makes a request with items of these message ids; without any, of new ones."""
    numbers = itertools.count()

    def make(*message_ids: str | None, n: int = 1, source: str = "shop", **more: Any) -> NewChunk:
        ids = list(message_ids) or [f"m{next(numbers)}" for _ in range(n)]
        items = [{"type": "track", "event": "A", "userId": "u", "messageId": i} for i in ids]
        return NewChunk(source=source, body=json.dumps({"batch": items}).encode(), message_ids=ids, **more)

    return make
