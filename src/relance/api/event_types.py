"""Events by their names over HTTP: the registry with what was seen, the inspector, and code to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.clock import Clock
from relance.definitions.events import event_code, inspect_events, journey_code, registered_events, try_event
from relance.eventlog import EventLog
from relance.ingest.scopes import READ
from relance.registry import catalogue
from relance.store import Database

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="how many at most")]
Language = Annotated[Literal["en", "fr"], QueryParameter(description="of the sentences")]
Answer = dict[str, Any]


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    """An event that is not sent."""

    event: str
    properties: dict[str, Any] = msgspec.field(default_factory=dict)
    user_id: str = ""  # whose zone dates are read in
    language: Literal["en", "fr"] = "en"


@dataclass(frozen=True, slots=True)
class EventSide:
    """What the routes look into."""

    database: Database
    log: EventLog
    clock: Clock
    public_url: str


def event_type_router(side: EventSide) -> Router:
    """The routes for events by their names."""
    return Router("/api/v1", route_handlers=[*_registry(side), *_inspector(side), *_code(side)], tags=["events"])


def _registry(side: EventSide) -> list[Any]:
    @get("/event-types", opt={"scope": READ}, sync_to_thread=True, summary="Events by their names: registered, and seen")
    def list_types(name: FromQuery[str] = "") -> Answer:
        """Each with when it was first and last seen and how often, and what in it is not as its schema says."""
        with side.database.reading() as connection:
            return {"items": catalogue.list_event_types(connection, registered_events(connection), name)}

    @get(
        "/event-types/{name:str}",
        opt={"scope": READ},
        sync_to_thread=True,
        summary="One event: its schema, and what stood in it",
    )
    def show_type(name: FromPath[str]) -> Answer:
        """By its name or by the id of its definition: its properties with their types, how many events have them, and an example."""
        with side.database.reading() as connection:
            return catalogue.show_event_type(connection, side.log, registered_events(connection), name)

    @get("/event-problems", opt={"scope": READ}, sync_to_thread=True, summary="Events that are not as their schema says")
    def problems(limit: Limit = 50, before: FromQuery[str] = "", name: FromQuery[str] = "") -> Answer:
        """They count like any other; here they stand with what is wrong in them."""
        last = int(before) if before.isdecimal() and len(before) < 19 else catalogue.LAST_POSITION
        with side.database.reading() as connection:
            items = catalogue.list_faulty_events(connection, name=name, before=last, limit=limit)
        return {"items": items, "next": items[-1]["position"] if len(items) == limit else None}

    return [list_types, show_type, problems]


def _inspector(side: EventSide) -> list[Any]:
    @get("/events/inspect", opt={"scope": READ}, sync_to_thread=True, summary="The last events, and what became of each")
    def inspect(
        limit: Limit = 50,
        name: FromQuery[str] = "",
        source: FromQuery[str] = "",
        user_id: FromQuery[str] = "",
        before: FromQuery[str] = "",
        only: Annotated[Literal["", "rejected"], QueryParameter(description="`rejected`: those alone that are no events")] = "",
        language: Language = "en",
    ) -> Answer:
        """Which rules matched, which clause failed and what it saw, what it started, what is wrong with it; `next` goes on, as `before`."""
        with side.database.reading() as connection:
            return inspect_events(
                connection,
                side.log,
                limit=limit,
                name=name,
                source=source,
                user_id=user_id,
                before=before,
                only=only,
                language=language,
            )

    @post("/events/inspect", opt={"scope": READ}, status_code=200, sync_to_thread=True, summary="What an event would do")
    def try_out(data: JSONBody[Sample]) -> Answer:
        """Nothing is sent, and nothing is kept."""
        with side.database.reading() as connection:
            return try_event(
                connection,
                now=side.clock.now(),
                event=data.event,
                properties=data.properties,
                user_id=data.user_id,
                language=data.language,
            )

    return [inspect, try_out]


def _code(side: EventSide) -> list[Any]:
    @get("/event-types/{name:str}/code", opt={"scope": READ}, sync_to_thread=True, summary="Code that sends an event")
    def show_event_code(name: FromPath[str]) -> Answer:
        """For curl, JavaScript and Python, with this server's address and values of the types that the schema says; put in the write key."""
        with side.database.reading() as connection:
            return event_code(connection, side.public_url, name)

    @get(
        "/journeys/{name:str}/code", opt={"scope": READ}, sync_to_thread=True, summary="Code that lets somebody into a journey"
    )
    def show_journey_code(name: FromPath[str]) -> Answer:
        """Of a journey that is entered by request, the request; of one that an event starts, that event. 409 for any other."""
        with side.database.reading() as connection:
            return journey_code(connection, side.public_url, name)

    return [show_event_code, show_journey_code]
