"""Backtests over HTTP: asked for, watched, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, JSONBody

from relance.api.auth import actor_of
from relance.ingest.scopes import DEFINITIONS_DRAFT, READ

Answer = dict[str, Any]
Days = Annotated[float | None, msgspec.Meta(description="how many days back from the end; or give `since`")]
Since = Annotated[str | None, msgspec.Meta(description="from which instant on: 2026-03-01T09:00:00Z")]
Until = Annotated[str | None, msgspec.Meta(description="up to which instant; now for none")]
Definitions = Annotated[
    list[dict[str, Any]],
    msgspec.Meta(
        description="definitions that stand in for those in force, such as the draft of the journey; none is published by it"
    ),
]


class Backtests(Protocol):
    """Who does backtests."""

    def ask(
        self,
        journey: str,
        *,
        days: float | None = None,
        since: str | None = None,
        until: str | None = None,
        drafts: Sequence[Mapping[str, Any]] = (),
        by: str = "",
    ) -> Answer: ...

    def read(self, number: int) -> Answer: ...

    def list_of(self, journey: str) -> list[Answer]: ...

    def cancel(self, number: int) -> Answer: ...


class NewBacktest(msgspec.Struct, forbid_unknown_fields=True):
    """Which past is to be lived again, with which drafts."""

    days: Days = None
    since: Since = None
    until: Until = None
    definitions: Definitions = msgspec.field(default_factory=list)


def backtest_router(desk: Backtests) -> Router:
    """The routes for backtests."""

    @post(
        "/journeys/{name:str}/backtest",
        opt={"scope": DEFINITIONS_DRAFT},
        sync_to_thread=True,
        status_code=202,
        summary="Ask what a journey would have done in the past",
    )
    def ask_backtest(request: Request[Any, Any, Any], name: FromPath[str], data: JSONBody[NewBacktest]) -> Answer:
        """The answer is the backtest as it waits: read it by its `id` until its `state` is `done`."""
        return desk.ask(name, days=data.days, since=data.since, until=data.until, drafts=data.definitions, by=actor_of(request))

    @get("/journeys/{name:str}/backtests", opt={"scope": READ}, sync_to_thread=True, summary="The backtests of a journey")
    def list_backtests(name: FromPath[str]) -> Answer:
        return {"items": desk.list_of(name)}

    @get("/backtests/{number:int}", opt={"scope": READ}, sync_to_thread=True, summary="One backtest, with its result")
    def show_backtest(number: FromPath[int]) -> Answer:
        return desk.read(number)

    @post(
        "/backtests/{number:int}/cancel",
        opt={"scope": DEFINITIONS_DRAFT},
        sync_to_thread=True,
        status_code=200,
        summary="Take a backtest back",
    )
    def cancel_backtest(number: FromPath[int]) -> Answer:
        return desk.cancel(number)

    return Router("/api/v1", route_handlers=[ask_backtest, list_backtests, show_backtest, cancel_backtest], tags=["backtests"])
