"""What stands in the data, for screens that suggest names and values as somebody types."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from relance.ingest.scopes import READ
from relance.registry.suggest import list_event_values, list_trait_values, list_traits
from relance.store import Database
from relance.warehouse.base import ReadableWarehouse

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="how many at most")]
Text = Annotated[str, QueryParameter(name="query", description="a part of the value")]
Answer = dict[str, Any]


def suggestion_router(database: Database, warehouse: ReadableWarehouse) -> Router:
    """The routes for suggestions. They look at a sample: the people who changed last, the last events of a name."""

    @get("/traits", opt={"scope": READ}, sync_to_thread=True, summary="Paths of traits, with types and usual values")
    def traits() -> Answer:
        with database.reading() as connection:
            return list_traits(connection)

    @get("/traits/values", opt={"scope": READ}, sync_to_thread=True, summary="Values of a trait")
    def trait_values(path: FromQuery[str], text: Text = "", limit: Limit = 30) -> Answer:
        """The commonest first, each with how many of those looked at have it."""
        with database.reading() as connection:
            return list_trait_values(connection, path, text, limit)

    @get("/event-types/{name:str}/values", opt={"scope": READ}, sync_to_thread=True, summary="Values of a property of an event")
    def event_values(name: FromPath[str], path: FromQuery[str], text: Text = "", limit: Limit = 30) -> Answer:
        """The commonest first, each with how many of the last events have it."""
        return list_event_values(warehouse, name, path, text, limit)

    return Router("/api/v1", route_handlers=[traits, trait_values, event_values], tags=["suggestions"])
