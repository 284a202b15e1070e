"""Sources, keys and rejected events over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Router, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.api.auth import actor_of
from relance.api.ports import Services
from relance.audit import Entry, record
from relance.errors import NotFound
from relance.ingest import count_rejected, create_api_key, create_write_key, ensure_source, list_rejected
from relance.ingest.keys import list_api_keys, list_sources, revoke_api_key, revoke_write_key
from relance.ingest.rejected import LAST_POSITION
from relance.ingest.scopes import KEYS_WRITE, READ
from relance.store import Connection

Asker = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="how many at most")]


class NewSource(msgspec.Struct, forbid_unknown_fields=True):
    """A source that is to be made."""

    id: str
    name: str = ""
    trusted: bool = False
    correct_skew: bool = True


class NewApiKey(msgspec.Struct, forbid_unknown_fields=True):
    """An API key that is to be made."""

    name: str
    scopes: list[str]


def key_routes(services: Services) -> list[Any]:
    """The routes for sources, keys and rejected events."""
    database, clock = services.database, services.clock

    def note(connection: Connection, request: Asker, action: str, kind: str, name: object) -> None:
        record(connection, clock.now(), [Entry(actor_of(request), action, kind, str(name))])

    @get("/rejected-events", opt={"scope": READ}, sync_to_thread=True, summary="Items that are no events, and why")
    def rejected_events(
        limit: Limit = 50, before: FromQuery[str] = "", source: FromQuery[str] = "", code: FromQuery[str] = ""
    ) -> dict[str, Any]:
        last = int(before) if before.isdigit() else LAST_POSITION
        with database.reading() as connection:
            items = list_rejected(connection, limit=limit, before=last, source=source, code=code)
            counts = count_rejected(connection)
        return {"items": items, "next": items[-1]["position"] if len(items) == limit else None, "counts": counts}

    @get("/sources", opt={"scope": READ}, sync_to_thread=True, summary="Where events come from")
    def sources() -> dict[str, Any]:
        with database.reading() as connection:
            return {"items": list_sources(connection)}

    @post("/sources", opt={"scope": KEYS_WRITE}, sync_to_thread=True, summary="Make a source and its first write key")
    def add_source(request: Asker, data: JSONBody[NewSource]) -> dict[str, Any]:
        now = clock.now()
        with database.writing() as connection:
            ensure_source(connection, data.id, name=data.name, trusted=data.trusted, correct_skew=data.correct_skew, now=now)
            note(connection, request, "create", "source", data.id)
            return {"id": data.id, "write_key": create_write_key(connection, data.id, now=now)}

    @post("/sources/{source:str}/keys", opt={"scope": KEYS_WRITE}, sync_to_thread=True, summary="Make a write key")
    def add_write_key(request: Asker, source: FromPath[str]) -> dict[str, Any]:
        with database.writing() as connection:
            note(connection, request, "create", "write_key", source)
            return {"write_key": create_write_key(connection, source, now=clock.now())}

    @delete("/write-keys/{key_id:int}", opt={"scope": KEYS_WRITE}, sync_to_thread=True, summary="Close a write key")
    def close_write_key(request: Asker, key_id: FromPath[int]) -> None:
        with database.writing() as connection:
            _require(found=revoke_write_key(connection, key_id, now=clock.now()))
            note(connection, request, "revoke", "write_key", key_id)
        services.door.keys.forget()

    @get("/keys", opt={"scope": KEYS_WRITE}, sync_to_thread=True, summary="The API keys")
    def keys() -> dict[str, Any]:
        with database.reading() as connection:
            return {"items": list_api_keys(connection)}

    # Who may make keys of any scope may do everything: the scope `admin` is asked for.
    @post("/keys", opt={"scope": "admin"}, sync_to_thread=True, summary="Make an API key; it is shown this once")
    def add_key(request: Asker, data: JSONBody[NewApiKey]) -> dict[str, Any]:
        with database.writing() as connection:
            note(connection, request, "create", "api_key", data.name)
            return {"api_key": create_api_key(connection, data.name, data.scopes, now=clock.now())}

    @delete("/keys/{key_id:int}", opt={"scope": "admin"}, sync_to_thread=True, summary="Close an API key")
    def close_key(request: Asker, key_id: FromPath[int]) -> None:
        with database.writing() as connection:
            _require(found=revoke_api_key(connection, key_id, now=clock.now()))
            note(connection, request, "revoke", "api_key", key_id)
        services.api_keys.forget()

    handlers = [rejected_events, sources, add_source, add_write_key, close_write_key, keys, add_key, close_key]
    return [Router("/api/v1", route_handlers=handlers, tags=["keys"])]


def _require(*, found: bool) -> None:
    if not found:
        msg = "there is no such open key"
        raise NotFound(msg)
