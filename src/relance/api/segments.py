"""Segments over HTTP: how many, who, how they overlap, why, and what depends on them."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from relance.api.auth import actor_of
from relance.api.cancelling import answer_while_wanted
from relance.api.files import answer_file
from relance.clock import Clock, format_instant
from relance.definitions.archive import archive_segment, restore_segment
from relance.definitions.preview import require_condition
from relance.definitions.store import load_archived, load_documents
from relance.definitions.uses import describe_dependencies
from relance.errors import NotFound
from relance.ingest.scopes import DEFINITIONS_DRAFT, READ
from relance.profiles.read import find_profile
from relance.segments.desk import SegmentDesk
from relance.segments.table_file import Format
from relance.store import Database

AT_ONCE = 2  # previews, and exports; more wait, so that typing fast leaves the machine to others
MOST_EXPORT_SECONDS = 1800.0
MOST_SHOWN = 100

At = Annotated[str | None, QueryParameter(description="As of which instant, with what was known then: 2026-03-01T09:00:00Z")]
Limit = Annotated[int, QueryParameter(ge=1, le=10_000, description="how many at most")]
Shown = Annotated[int, QueryParameter(ge=1, le=MOST_SHOWN, description="how many")]
Every = Annotated[Literal["hour", "day", "week"], QueryParameter(description="how far apart the points are, in UTC")]
Language = Annotated[Literal["en", "fr"], QueryParameter(description="of the sentences")]
Sampled = Annotated[int, msgspec.Meta(ge=0, le=MOST_SHOWN, description="so many members are shown, once the figures are exact")]
Exact = Annotated[
    bool, msgspec.Meta(description="count everybody; without it, where there are many people, a sample of them is asked")
]
Instant = Annotated[str | None, msgspec.Meta(description="as of which instant: 2026-03-01T09:00:00Z; now for none")]
Where = Annotated[Any, msgspec.Meta(description="the condition, as in a definition of a segment")]
Segments = Annotated[list[str], msgspec.Meta(description="the ids of two to eight segments")]
Answer = dict[str, Any]


class Preview(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be counted, and how exactly."""

    exact: Exact = False
    sample: Sampled = 0
    at: Instant = None


class ConditionPreview(Preview, forbid_unknown_fields=True, kw_only=True):
    """The same of a condition that is not saved."""

    where: Where


class Overlap(msgspec.Struct, forbid_unknown_fields=True):
    """Which segments are laid over each other."""

    segments: Segments
    at: Instant = None


class Sizes(msgspec.Struct, forbid_unknown_fields=True):
    """How large which segments were."""

    segments: Annotated[list[str], msgspec.Meta(description="the ids of one to fifty segments")]
    since: Instant = None
    every: Literal["hour", "day", "week"] = "day"


@dataclass(frozen=True, slots=True)
class SegmentSide:
    """What the routes look into."""

    desk: SegmentDesk
    database: Database
    clock: Clock


def segment_router(side: SegmentSide) -> Router:
    """The routes for segments."""
    handlers = [*_preview_routes(side), *_people_routes(side), _export_route(side), *_definition_routes(side)]
    return Router("/api/v1", route_handlers=handlers, tags=["segments"])


def _preview_routes(side: SegmentSide) -> list[Any]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def preview(request: Request[Any, Any, Any], where: Any, data: Preview) -> Answer:
        async with turn:
            return await answer_while_wanted(
                request,
                lambda asking: side.desk.preview(where, at=data.at, exact=data.exact, sample=data.sample, asking=asking),
            )

    @post("/segments/preview", opt={"scope": READ}, status_code=200, summary="How many a condition that is not saved holds for")
    async def preview_condition(request: Request[Any, Any, Any], data: JSONBody[ConditionPreview]) -> Answer:
        """An estimate with its bounds at once, or with `exact` the figures; whom of them each channel reaches.

        Who goes away before the answer takes the question back: an editor that asks at each keystroke drops the request before.
        """
        warnings = await asyncio.to_thread(_check, side.database, data.where)
        return {**await preview(request, data.where, data), "warnings": warnings}

    @post("/segments/{name:str}/preview", opt={"scope": READ}, status_code=200, summary="The same of a segment")
    async def preview_segment(request: Request[Any, Any, Any], name: FromPath[str], data: JSONBody[Preview]) -> Answer:
        """An estimate with its bounds at once, or with `exact` the figures; whom of them each channel reaches."""
        return await preview(request, name, data)

    return [preview_condition, preview_segment]


def _check(database: Database, where: Any) -> list[Any]:
    with database.reading() as connection:
        return [warning.as_json() for warning in require_condition(where, load_documents(connection))]


def _people_routes(side: SegmentSide) -> list[Any]:
    @get("/segments/{name:str}/count", opt={"scope": READ}, sync_to_thread=True, summary="How many are in a segment")
    def count(name: FromPath[str], at: At = None) -> Answer:
        """The exact number, now or at any instant."""
        return side.desk.count(name, at)

    @get("/segments/{name:str}/sizes", opt={"scope": READ}, sync_to_thread=True, summary="How large a segment was over time")
    def sizes(name: FromPath[str], since: At = None, until: At = None, every: Every = "day") -> Answer:
        """One point a step, with who came and went since the one before; the last 30 days if nothing else is said."""
        return side.desk.sizes(name, since=since, until=until, every=every)

    @post(
        "/segments/sizes",
        opt={"scope": READ},
        status_code=200,
        sync_to_thread=True,
        summary="The same of some segments at once",
    )
    def sizes_of_many(data: JSONBody[Sizes]) -> Answer:
        """For a list of them, in one request."""
        return side.desk.sizes_of_many(data.segments, since=data.since, every=data.every)

    @get("/segments/{name:str}/members", opt={"scope": READ}, sync_to_thread=True, summary="Who is in a segment")
    def members(name: FromPath[str], at: At = None, limit: Limit = 100, after: FromQuery[str] = "") -> Answer:
        """A page of members; `next` asks for the page after it, as `after`, and all pages tell of the moment of the first."""
        return side.desk.members(name, at=at, limit=limit, after=after)

    @get("/segments/{name:str}/sample", opt={"scope": READ}, sync_to_thread=True, summary="Some members")
    def sample(name: FromPath[str], n: Shown = 10, at: At = None) -> Answer:
        """The same ones as long as they are members."""
        return side.desk.sample(name, n, at)

    @post("/segments/overlap", opt={"scope": READ}, status_code=200, sync_to_thread=True, summary="How segments overlap")
    def overlap(data: JSONBody[Overlap]) -> Answer:
        """Each alone, each two together, all of them, and any of them."""
        return side.desk.overlap(data.segments, data.at)

    @get(
        "/segments/{name:str}/explain", opt={"scope": READ}, sync_to_thread=True, summary="Why somebody is in a segment, or not"
    )
    def explain(name: FromPath[str], user_id: FromQuery[str], at: At = None, language: Language = "en") -> Answer:
        """Each condition with its truth, what it saw and what it needs; and when time alone changes the answer."""
        with side.database.reading() as connection:
            profile_id = find_profile(connection, user_id)
        return side.desk.explain(name, user_id, at=at, profile_id=profile_id, language=language)

    return [count, sizes, sizes_of_many, members, sample, overlap, explain]


def _export_route(side: SegmentSide) -> Any:
    turn = asyncio.Semaphore(AT_ONCE)

    @get("/segments/{name:str}/export", opt={"scope": READ}, summary="All members as a file")
    async def export(
        request: Request[Any, Any, Any],
        name: FromPath[str],
        *,
        form: Annotated[Format, QueryParameter(name="format", description="of the file")] = "csv",
        traits: Annotated[str, QueryParameter(description="paths of traits, a column each: plan,address.city")] = "",
        at: At = None,
        bom: Annotated[bool, QueryParameter(description="begin CSV with the mark by which Excel knows UTF-8")] = False,
    ) -> Stream:
        """CSV or Parquet. The file is complete before its first byte is sent: what breaks is told as an error, never as a short file.

        Texts that a spreadsheet would take for a formula get an apostrophe in front, in CSV.
        """
        file = await asyncio.to_thread(tempfile.TemporaryFile)
        try:
            async with turn:
                write = partial(side.desk.export, name, file, form=form, traits=traits, at=at, bom=bom)
                written = await answer_while_wanted(
                    request, lambda asking: write(asking=asking), most_seconds=MOST_EXPORT_SECONDS
                )
        except BaseException:
            file.close()
            raise
        return answer_file(file, name, form, {"x-relance-members": str(written["members"]), "x-relance-at": written["at"]})

    return export


def _definition_routes(side: SegmentSide) -> list[Any]:
    @get("/segments/{name:str}", opt={"scope": READ}, sync_to_thread=True, summary="One segment: its definition")
    def show(name: FromPath[str]) -> Answer:
        """What was published, and since when it is archived, if it is."""
        with side.database.reading() as connection:
            documents, archived = load_documents(connection), load_archived(connection)
        found = next((d for d in documents if (d.kind, d.id) == ("segment", name)), None)
        if found is None:
            msg = f"there is no segment {name!r}"
            raise NotFound(msg)
        return {**found.body, "name": found.body.get("name") or name, "archived_at": format_instant(archived.get(name))}

    @get("/segments/{name:str}/dependencies", opt={"scope": READ}, sync_to_thread=True, summary="What uses a segment")
    def dependencies(name: FromPath[str]) -> Answer:
        """`used_by`: each place that its membership matters to, also through other segments; `uses`: what its condition names."""
        with side.database.reading() as connection:
            return describe_dependencies(load_documents(connection), name)

    @post(
        "/segments/{name:str}/archive",
        opt={"scope": DEFINITIONS_DRAFT},
        status_code=200,
        sync_to_thread=True,
        summary="Keep a segment's members as they are",
    )
    def archive(request: Request[Any, Any, Any], name: FromPath[str]) -> Answer:
        """From this instant on its members are those it has now, wherever it is used; answers what uses it. 409 when it is archived."""
        at, members = side.desk.freeze(name)
        with side.database.writing() as connection:
            return archive_segment(connection, name, members, at=at, by=actor_of(request))

    @post(
        "/segments/{name:str}/restore",
        opt={"scope": DEFINITIONS_DRAFT},
        status_code=200,
        sync_to_thread=True,
        summary="Let an archived segment follow its condition again",
    )
    def restore(request: Request[Any, Any, Any], name: FromPath[str]) -> Answer:
        """Whoever meets the condition is in it, and always was. 409 when it is not archived."""
        with side.database.writing() as connection:
            return restore_segment(connection, name, now=side.clock.now(), by=actor_of(request))

    return [show, dependencies, archive, restore]
