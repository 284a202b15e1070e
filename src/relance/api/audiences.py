"""Ad audiences over HTTP: read alone, for journeys change them."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from relance.audiences import members
from relance.ingest.scopes import READ
from relance.store import Database

Limit = Annotated[int, QueryParameter(ge=1, le=10_000, description="how many at most")]
Change = Annotated[int, QueryParameter(ge=0, description="the number of a change: those behind it")]
Answer = dict[str, Any]


def audience_router(database: Database) -> Router:
    """The routes for ad audiences."""

    @get("/audiences", sync_to_thread=True, summary="Ad audiences with the number of their members")
    def show_audiences() -> Answer:
        with database.reading() as connection:
            return {"items": members.read_audiences(connection)}

    @get("/audiences/{name:str}", sync_to_thread=True, summary="One ad audience, and the steps that changed it")
    def show_audience(name: FromPath[str]) -> Answer:
        with database.reading() as connection:
            return members.read_audience(connection, name)

    @get("/audiences/{name:str}/members", sync_to_thread=True, summary="Who is in an ad audience, and since when")
    def show_members(name: FromPath[str], limit: Limit = 100, after: FromQuery[str] = "") -> Answer:
        with database.reading() as connection:
            members.read_audience(connection, name)
            items = members.read_members(connection, name, limit=limit, after=after)
        return {"items": items, "next": items[-1]["user_id"] if len(items) == limit else None}

    @get("/audiences/{name:str}/changes", sync_to_thread=True, summary="How people came into an ad audience and went out of it")
    def show_changes(name: FromPath[str], limit: Limit = 100, after: Change = 0) -> Answer:
        """The oldest first. Ask again with `after` set to the last `change` to go on from there."""
        with database.reading() as connection:
            members.read_audience(connection, name)
            items = members.read_changes(connection, name, limit=limit, after=after)
        return {"items": items, "next": items[-1]["change"] if len(items) == limit else None}

    handlers = [show_audiences, show_audience, show_members, show_changes]
    return Router("/api/v1", route_handlers=handlers, tags=["audiences"], opt={"scope": READ})
