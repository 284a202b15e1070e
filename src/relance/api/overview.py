"""What the home and settings pages of the web app ask for: the last weeks of messages, and who carries them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from litestar import Router, get
from litestar.params import QueryParameter

from relance.clock import Clock, format_instant
from relance.ingest.scopes import READ
from relance.outbox.daily import count_days
from relance.store import Database

Answer = dict[str, Any]
Days = Annotated[int, QueryParameter(ge=1, le=366, description="how many days back, today counted")]
REMEMBERED_SECONDS = 30.0


def overview_router(database: Database, clock: Clock, providers: Sequence[Mapping[str, Any]]) -> Router:
    """The routes.

    Args:
        database: the store.
        clock: says which day it is.
        providers: who carries each channel, as it was set up, without its secrets.
    """
    remembered: dict[int, tuple[float, Answer]] = {}
    lock = threading.Lock()

    @get("/messages/days", opt={"scope": READ}, sync_to_thread=True, summary="Messages of the last days")
    def message_days(days: Days = 28) -> Answer:
        """By day in UTC, channel and outcome (`sent`, `blocked`, `expired`, `failed`); at most half a minute old."""
        with lock:
            found = remembered.get(days)
            if found is None or found[0] < time.monotonic():
                now = clock.now()
                with database.reading() as connection:
                    told = {"items": count_days(connection, now, days), "days": days, "now": format_instant(now)}
                found = remembered[days] = (time.monotonic() + REMEMBERED_SECONDS, told)
        return found[1]

    @get("/providers", opt={"scope": READ}, sync_to_thread=False, summary="Who carries each channel")
    def list_providers() -> Answer:
        """`configured` says whether messages of the channel can leave; those of one without a provider wait."""
        return {"items": [dict(provider) for provider in providers]}

    return Router("/api/v1", route_handlers=[message_days, list_providers], tags=["management"])
