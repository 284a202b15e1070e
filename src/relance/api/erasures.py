"""People are erased over HTTP, and what became of it is told."""

from __future__ import annotations

import time
from typing import Annotated, Any, TypedDict

import msgspec
from litestar import Request, Response, delete, get
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.api.auth import actor_of
from relance.clock import Clock
from relance.erasure.asking import LAST_ERASURE, ErasureTold, ask, list_erasures, read_erasure
from relance.errors import InvalidInput
from relance.ingest.scopes import ADMIN, READ
from relance.store import Database

WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.05
Asker = Request[Any, Any, Any]
Suppress = Annotated[bool | None, QueryParameter(description="also refuse later calls of their ids")]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="how many at most")]


class ErasurePage(TypedDict):
    """Some erasures, the last first."""

    items: list[ErasureTold]
    next: str | None


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """How somebody is to be erased."""

    suppress: bool = False


def erasure_routes(database: Database, clock: Clock) -> list[Any]:
    """The routes that erase, and tell of it. They go beside the others of `/profiles/{user_id}`."""

    def look(erasure_id: str) -> ErasureTold:
        if not erasure_id.isdecimal() or len(erasure_id) > 18:
            msg = f"{erasure_id!r} is no number of an erasure"
            raise InvalidInput(msg, problems=[msg])
        with database.reading() as connection:
            return read_erasure(connection, int(erasure_id))

    @delete(
        "/profiles/{user_id:str}",
        opt={"scope": ADMIN},
        sync_to_thread=True,
        status_code=200,
        summary="Erase one person, whole",
    )
    def erase(
        request: Asker, user_id: FromPath[str], suppress: Suppress = None, data: JSONBody[Wish | None] = None
    ) -> Response[ErasureTold]:
        """Everything that identifies them goes, from the log too, and can not be brought back; figures keep their sums.

        Answers 200 once nobody finds them any more, 202 when that takes longer: then `GET /erasures/{id}` tells.
        """
        also = bool(suppress) or (data is not None and data.suppress)
        with database.writing() as connection:
            told = ask(connection, user_id, now=clock.now(), actor=actor_of(request), suppress=also)
        end = time.monotonic() + WAIT_SECONDS
        while told["state"] == "waiting" and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
            told = look(told["erasure_id"])
        return Response(told, status_code=202 if told["state"] == "waiting" else 200)

    @get("/erasures", opt={"scope": READ}, sync_to_thread=True, summary="Who asked when that somebody be erased")
    def erasures(limit: Limit = 50, before: FromQuery[str] = "", user_id: FromQuery[str] = "") -> ErasurePage:
        """The last first; nothing names the people. With a `user_id` those by which this id was erased."""
        last = int(before) if before.isdecimal() and len(before) < 19 else LAST_ERASURE
        with database.reading() as connection:
            items = list_erasures(connection, limit=limit, before=last, user_id=user_id)
        return {"items": items, "next": items[-1]["erasure_id"] if len(items) == limit else None}

    @get("/erasures/{erasure_id:str}", opt={"scope": READ}, sync_to_thread=True, summary="What became of one erasure")
    def erasure(erasure_id: FromPath[str]) -> ErasureTold:
        return look(erasure_id)

    return [erase, erasures, erasure]
