"""Events by their names over HTTP: the registry with what was seen, the inspector, and code to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.clock import Clock
from relance.definitions.store import load_documents, load_workspace
from relance.errors import Conflict, InvalidInput, NotFound
from relance.eventlog import EventLog
from relance.events.model import RejectedItem
from relance.ingest.scopes import READ
from relance.journeys.inspector import Inspector, by_name, dry_run, inspect_log
from relance.profiles.read import find_profile, read_profile
from relance.registry import catalogue
from relance.registry.snippets import event_snippets, start_snippets
from relance.store import Connection, Database

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


def registered_events(connection: Connection) -> list[Any]:
    """The definitions of the kind `event` in force."""
    return [document.body for document in load_documents(connection) if document.kind == "event"]


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
    def inspector(connection: Connection, language: str) -> Inspector:
        zone = load_workspace(connection).settings.timezone
        return Inspector(connection, registered_events(connection), timezone=zone, language=language)

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
            ids = read_profile(connection, find_profile(connection, user_id))["ids"] if user_id else []
            wanted = by_name(name, source, ids)
            last = _position(before) - 1 if before else _last_of(connection, name)
            registered = registered_events(connection)
            return inspect_log(
                connection,
                side.log,
                inspector(connection, language),
                lambda event, properties: catalogue.schema_problems(registered, event, properties),
                wanted if not only else lambda item: isinstance(item, RejectedItem) and wanted(item),
                limit,
                last=last,
            )

    @post("/events/inspect", opt={"scope": READ}, status_code=200, sync_to_thread=True, summary="What an event would do")
    def try_out(data: JSONBody[Sample]) -> Answer:
        """Nothing is sent, and nothing is kept."""
        with side.database.reading() as connection:
            asked = inspector(connection, data.language)
            found = dry_run(connection, asked, data.event, data.properties, side.clock.now(), data.user_id)
            return found | {"problems": catalogue.schema_problems(registered_events(connection), data.event, data.properties)}

    return [inspect, try_out]


def _position(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        msg = "`before` is not the `next` of a page of events"
        raise InvalidInput(msg, problems=[msg])
    return int(text)


def _last_of(connection: Connection, name: str) -> int | None:
    """Where the last event of a name stands, so that a rare one is found however much came since; None for anywhere."""
    return catalogue.last_position_of(connection, name) if name else None


def _code(side: EventSide) -> list[Any]:
    @get("/event-types/{name:str}/code", opt={"scope": READ}, sync_to_thread=True, summary="Code that sends an event")
    def event_code(name: FromPath[str]) -> Answer:
        """For curl, JavaScript and Python, with this server's address and values of the types that the schema says; put in the write key."""
        with side.database.reading() as connection:
            found = catalogue.show_event_type(connection, None, registered_events(connection), name)
        return {"event": found["name"], "code": event_snippets(side.public_url, found["name"], catalogue.schema_of(found))}

    @get(
        "/journeys/{name:str}/code", opt={"scope": READ}, sync_to_thread=True, summary="Code that lets somebody into a journey"
    )
    def journey_code(name: FromPath[str]) -> Answer:
        """Of a journey that is entered by request, the request; of one that an event starts, that event. 409 for any other."""
        with side.database.reading() as connection:
            return journey_snippets(connection, side.public_url, name)

    return [event_code, journey_code]


def journey_snippets(connection: Connection, url: str, name: str) -> Answer:
    """Code that lets somebody into a journey.

    Raises:
        NotFound: there is no such journey.
        Conflict: it is entered in another way.
    """
    documents = load_documents(connection)
    body = next((d.body for d in documents if (d.kind, d.id) == ("journey", name)), None)
    if body is None:
        msg = f"there is no journey {name!r}"
        raise NotFound(msg)
    entry = body["entry"]
    if entry["type"] == "api":
        key = str(body.get("key") or "")
        properties = {key.removeprefix("properties."): "text"} if key.startswith("properties.") and key.count(".") == 1 else {}
        return {"journey": name, "code": start_snippets(url, name, properties)}
    if entry["type"] == "event":
        events = [d.body for d in documents if d.kind == "event"]
        schema = catalogue.schema_of_name(events, entry["event"])
        return {"journey": name, "event": entry["event"], "code": event_snippets(url, entry["event"], schema)}
    msg = f"the journey {name!r} is entered by way of a segment: no code lets anybody in"
    raise Conflict(msg)
