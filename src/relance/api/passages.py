"""The people behind the figures of a report, over HTTP: in pages, and as a file."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream

from relance.api.cancelling import answer_while_wanted
from relance.api.files import answer_file
from relance.clock import Clock, format_instant
from relance.ingest.scopes import READ
from relance.journeys.passages import Chosen, State, list_passages, write_passages
from relance.segments.table_file import Format
from relance.store import Database

Limit = Annotated[int, QueryParameter(ge=1, le=10_000, description="how many at most")]
Step = Annotated[str, QueryParameter(description="each visit of this step; without one, each passage")]
InState = Annotated[State, QueryParameter(name="state", description="of a step `inside` or `left`; of passages their status")]
Way = Annotated[str, QueryParameter(description="who left the step for this one, for `end`, or for this reason")]
Reason = Annotated[str, QueryParameter(description="why the passage ended, or the start did not happen")]
OfVersion = Annotated[int | None, QueryParameter(description="of this version alone")]
AT_ONCE = 2
MOST_EXPORT_SECONDS = 1800.0

Answer = dict[str, Any]
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class PassageSide:
    """What the routes look into."""

    database: Database
    clock: Clock


def passage_router(side: PassageSide) -> Router:
    """The routes for people of journeys and campaigns."""
    handlers = [*_routes(side, "journey"), *_routes(side, "campaign")]
    return Router("/api/v1", route_handlers=handlers, tags=["journeys"])


def _routes(side: PassageSide, kind: str) -> list[Any]:
    turn = asyncio.Semaphore(AT_ONCE)

    @get(
        f"/{kind}s/{{name:str}}/passages",
        opt={"scope": READ},
        sync_to_thread=True,
        summary="Who was or is at a step, or went through",
        name=f"passages-of-{kind}",
    )
    def passages(
        name: FromPath[str],
        *,
        step: Step = "",
        in_state: InState = "",
        way: Way = "",
        reason: Reason = "",
        version: OfVersion = None,
        limit: Limit = 100,
        after: FromQuery[str] = "",
    ) -> Answer:
        """A page of people in the order in which they entered; `next` asks for the page after it, as `after`."""
        chosen = Chosen(f"{kind}:{name}", step, in_state, way, reason, version)
        with side.database.reading() as connection:
            return list_passages(connection, chosen, limit=limit, after=after)

    @get(
        f"/{kind}s/{{name:str}}/passages/export",
        opt={"scope": READ},
        summary="The same as a file",
        name=f"export-passages-of-{kind}",
    )
    async def export(
        request: AnyRequest,
        name: FromPath[str],
        *,
        form: Annotated[Format, QueryParameter(name="format", description="of the file")] = "csv",
        step: Step = "",
        in_state: InState = "",
        way: Way = "",
        reason: Reason = "",
        version: OfVersion = None,
        bom: Annotated[bool, QueryParameter(description="begin CSV with the mark by which Excel knows UTF-8")] = False,
    ) -> Stream:
        """CSV or Parquet, complete before its first byte is sent. Texts that a spreadsheet would take for a formula get an apostrophe."""
        chosen = Chosen(f"{kind}:{name}", step, in_state, way, reason, version)
        file = await asyncio.to_thread(tempfile.TemporaryFile)
        try:
            async with turn:
                rows = await answer_while_wanted(
                    request,
                    lambda asking: write_passages(side.database, chosen, file, form=form, bom=bom, asking=asking),
                    most_seconds=MOST_EXPORT_SECONDS,
                )
        except BaseException:
            file.close()
            raise
        at = format_instant(side.clock.now()) or ""
        return answer_file(file, f"{name}-{step or 'passages'}", form, {"x-relance-rows": str(rows), "x-relance-at": at})

    return [passages, export]
