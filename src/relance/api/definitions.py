"""Definitions over HTTP: what is in force, of any kind, and how it is published."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from relance.api.auth import actor_of, asker_may
from relance.definitions.library import DefinitionLibrary, PublishedPage
from relance.ingest.scopes import DEFINITIONS_DRAFT, DEFINITIONS_WRITE, READ

Answer = dict[str, Any]


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """Definitions, as objects or as a text."""

    definitions: list[Any] = msgspec.field(default_factory=list)
    yaml: Annotated[str, msgspec.Meta(description="more of them, as they stand in files")] = ""


class Publication(Written, forbid_unknown_fields=True):
    """The same, with what their author looked at."""

    expect: Annotated[
        dict[str, int],
        msgspec.Meta(description="by `kind:id` the version that must be in force still, 0 for none"),
    ] = msgspec.field(default_factory=dict)


def definition_router(library: DefinitionLibrary) -> Router:
    """The routes for definitions of every kind."""

    @get("/definitions", opt={"scope": READ}, sync_to_thread=True, summary="What is in force")
    def list_definitions(kind: FromQuery[str] = "") -> PublishedPage:
        """Of one kind or of all, by kind and id, each with its version, who published it and when."""
        return library.list(kind)

    @get("/definitions/{kind:str}/{name:str}", opt={"scope": READ}, sync_to_thread=True, summary="One, with its versions")
    def show_definition(kind: FromPath[str], name: FromPath[str]) -> Answer:
        """What is in force, and every version, the newest first."""
        return library.show(kind, name)

    @post(
        "/definitions/check",
        opt={"scope": READ},
        status_code=200,
        sync_to_thread=True,
        summary="What is wrong with definitions",
    )
    def check_definitions(data: JSONBody[Written]) -> Answer:
        """Errors and warnings, all at once, and what publishing them would change; nothing is published."""
        return library.check(data.definitions, data.yaml)

    @post("/definitions", opt={"scope": DEFINITIONS_DRAFT}, status_code=200, sync_to_thread=True, summary="Publish definitions")
    def publish_definitions(request: Request[Any, Any, Any], data: JSONBody[Publication]) -> Answer:
        """All of them or none; what they do not name stays. 400 with every problem; 409 when another version than `expect` says is in force."""
        may_reach = asker_may(request, DEFINITIONS_WRITE)
        return library.publish(data.definitions, data.yaml, expect=data.expect, actor=actor_of(request), may_reach=may_reach)

    return Router(
        "/api/v1",
        route_handlers=[list_definitions, show_definition, check_definitions, publish_definitions],
        tags=["definitions"],
    )
