"""Imports over HTTP: a file is sent, looked at, imported, watched."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Protocol

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.ingest.scopes import PROFILES_WRITE, READ

Answer = dict[str, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=1_000, description="how many at most")]
Before = Annotated[int | None, QueryParameter(description="the number of an import; only older ones are told")]
After = Annotated[int, QueryParameter(ge=0, description="how many to leave out")]


class Imports(Protocol):
    """Who imports."""

    def receive(self, name: str) -> Any: ...

    def look(self, upload_id: str, mapping: Any = None) -> Answer: ...

    def ask(
        self, upload_id: str, *, mapping: Any = None, source: str | None = None, live: bool = False, again: bool = False
    ) -> Answer: ...

    def read(self, import_id: int) -> Answer: ...

    def list_all(self, *, before: int | None = None, limit: int = 100) -> list[Answer]: ...

    def rejects(self, import_id: int, *, start: int = 0, limit: int = 1_000) -> list[Answer]: ...

    def cancel(self, import_id: int) -> Answer: ...


class Look(msgspec.Struct, forbid_unknown_fields=True):
    """A file that was sent, and a mapping to try."""

    file: str
    mapping: Any = None


class NewImport(msgspec.Struct, forbid_unknown_fields=True):
    """A file that was sent, and how it is to be imported."""

    file: str
    mapping: Any = None
    source: str | None = None
    live: bool = False
    again: bool = False


def import_router(desk: Imports) -> Router:
    """The routes for imports."""

    @post(
        "/imports/files",
        opt={"scope": PROFILES_WRITE},
        request_max_body_size=None,
        summary="Send a file: its bytes are the body",
    )
    async def receive_file(request: Request[Any, Any, Any], name: FromQuery[str]) -> Answer:
        with await asyncio.to_thread(desk.receive, name) as arriving:
            async for piece in request.stream():
                if piece:
                    await asyncio.to_thread(arriving.write, piece)
            received = await asyncio.to_thread(arriving.finish)
        return {"file": received.id, "name": received.path.name, "bytes": arriving.n_bytes}

    @post("/imports/look", opt={"scope": READ}, sync_to_thread=True, status_code=200, summary="What a file's rows would become")
    def look(data: JSONBody[Look]) -> Answer:
        return desk.look(data.file, data.mapping)

    @post(
        "/imports", opt={"scope": PROFILES_WRITE}, sync_to_thread=True, status_code=202, summary="Import a file that was sent"
    )
    def ask(data: JSONBody[NewImport]) -> Answer:
        """The answer is the import as it waits: read it by its `id` until its `state` is no longer `running`."""
        return desk.ask(data.file, mapping=data.mapping, source=data.source, live=data.live, again=data.again)

    @get("/imports", opt={"scope": READ}, sync_to_thread=True, summary="The imports, the newest first")
    def list_imports(before: Before = None, limit: Limit = 100) -> Answer:
        return {"items": desk.list_all(before=before, limit=limit)}

    @get("/imports/{number:int}", opt={"scope": READ}, sync_to_thread=True, summary="One import")
    def show(number: FromPath[int]) -> Answer:
        return desk.read(number)

    @get("/imports/{number:int}/rejects", opt={"scope": READ}, sync_to_thread=True, summary="The faulty rows of an import")
    def rejects(number: FromPath[int], after: After = 0, limit: Limit = 1_000) -> Answer:
        return {"items": desk.rejects(number, start=after, limit=limit)}

    @post(
        "/imports/{number:int}/cancel",
        opt={"scope": PROFILES_WRITE},
        sync_to_thread=True,
        status_code=200,
        summary="Take an import back",
    )
    def cancel(number: FromPath[int]) -> Answer:
        return desk.cancel(number)

    handlers = [receive_file, look, ask, list_imports, show, rejects, cancel]
    return Router("/api/v1", route_handlers=handlers, tags=["imports"])
