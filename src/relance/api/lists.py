"""Lists over HTTP: made, filled by ids or by a file, emptied, read."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Router, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.api.auth import actor_of
from relance.clock import Clock
from relance.definitions.lists import require_unused
from relance.errors import InvalidInput
from relance.ingest.scopes import LISTS_WRITE, READ
from relance.lists import members
from relance.lists.read_ids import read_ids
from relance.store import Database

Limit = Annotated[int, QueryParameter(ge=1, le=10_000, description="how many at most")]
Answer = dict[str, Any]
Asker = Request[Any, Any, Any]


class NewList(msgspec.Struct, forbid_unknown_fields=True):
    """A list that is to be made."""

    id: str
    name: str = ""


class Ids(msgspec.Struct, forbid_unknown_fields=True):
    """People, by userId or anonymousId."""

    user_ids: list[str] = msgspec.field(default_factory=list)
    text: str = ""  # pasted ids, or a CSV file


def list_router(database: Database, clock: Clock) -> Router:
    """The routes for lists."""

    @get("/lists", opt={"scope": READ}, sync_to_thread=True, summary="Lists with the number of their members")
    def show_lists() -> Answer:
        with database.reading() as connection:
            return {"items": members.read_lists(connection)}

    @post("/lists", opt={"scope": LISTS_WRITE}, sync_to_thread=True, summary="Make an empty list")
    def add_list(request: Asker, data: JSONBody[NewList]) -> Answer:
        with database.writing() as connection:
            members.create_list(connection, data.id, data.name, now=clock.now(), by=actor_of(request))
            return members.read_list(connection, data.id)

    @get("/lists/{name:str}", opt={"scope": READ}, sync_to_thread=True, summary="One list")
    def show_list(name: FromPath[str]) -> Answer:
        with database.reading() as connection:
            return members.read_list(connection, name)

    @delete("/lists/{name:str}", opt={"scope": LISTS_WRITE}, sync_to_thread=True, summary="Empty a list and take it away")
    def drop_list(request: Asker, name: FromPath[str]) -> None:
        with database.writing() as connection:
            require_unused(connection, name)
            members.delete_list(connection, name, now=clock.now(), by=actor_of(request))

    @get("/lists/{name:str}/members", opt={"scope": READ}, sync_to_thread=True, summary="Who is on a list, and since when")
    def show_members(name: FromPath[str], limit: Limit = 100, after: FromQuery[str] = "") -> Answer:
        with database.reading() as connection:
            items = members.read_members(connection, name, limit=limit, after=after)
        return {"items": items, "next": items[-1]["user_id"] if len(items) == limit else None}

    @post("/lists/{name:str}/members", opt={"scope": LISTS_WRITE}, sync_to_thread=True, summary="Put people on a list")
    def put_members(request: Asker, name: FromPath[str], data: JSONBody[Ids]) -> Answer:
        with database.writing() as connection:
            return members.add_members(connection, name, _ids_of(data), now=clock.now(), by=actor_of(request)).as_json("added")

    @post("/lists/{name:str}/members/remove", opt={"scope": LISTS_WRITE}, sync_to_thread=True, summary="Take people off a list")
    def take_members(request: Asker, name: FromPath[str], data: JSONBody[Ids]) -> Answer:
        with database.writing() as connection:
            return members.remove_members(connection, name, _ids_of(data), now=clock.now(), by=actor_of(request)).as_json(
                "removed"
            )

    handlers = [show_lists, add_list, show_list, drop_list, show_members, put_members, take_members]
    return Router("/api/v1", route_handlers=handlers, tags=["lists"])


def _ids_of(data: Ids) -> list[str]:
    found = [*data.user_ids, *read_ids(data.text)]
    if not found:
        msg = "name people in `user_ids`, or paste ids or a CSV file as `text`"
        raise InvalidInput(msg, problems=[msg])
    return found
