"""Journeys and campaigns over HTTP: written, checked, published, paused, resumed, closed, stopped, archived, their people moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.api.auth import actor_of
from relance.audit import list_entries
from relance.clock import FAR_FUTURE, parse_instant
from relance.definitions.desk import JourneyDesk
from relance.errors import InvalidInput
from relance.ingest.scopes import ADMIN, DEFINITIONS_DRAFT, DEFINITIONS_WRITE, READ
from relance.store import Database

Answer = dict[str, Any]
Asker = Request[Any, Any, Any]
Kinds = Literal["journeys", "campaigns"]
Limit = Annotated[int, QueryParameter(ge=1, le=10_000, description="how many at most")]
At = Annotated[
    str | None, msgspec.Meta(description="an instant to come, when it is to be done: 2026-03-01T09:00:00Z; now for none")
]


class Later(msgspec.Struct, forbid_unknown_fields=True):
    """When."""

    at: At = None


class Pause(Later, forbid_unknown_fields=True):
    """What becomes of clocks and of those who would come in."""

    clocks: Literal["run", "freeze"] = "run"
    entries: Literal["hold", "refuse"] = "hold"


class Migration(msgspec.Struct, forbid_unknown_fields=True):
    """Where people go: old step to new step, or to `exit`."""

    map: dict[str, str] = msgspec.field(default_factory=dict)
    from_version: int | None = None
    dry: bool = False


def journey_router(desk: JourneyDesk) -> Router:
    """The routes for journeys and campaigns."""
    handlers = [r for kind in ("journey", "campaign") for routes in (_looking, _writing, _acts) for r in routes(desk, kind)]
    return Router("/api/v1", route_handlers=handlers, tags=["journeys"])


def _looking(desk: JourneyDesk, kind: str) -> list[Any]:
    def named(name: str) -> str:
        return f"{kind}:{name}"

    @get(
        f"/states/{kind}s",
        opt={"scope": READ},
        sync_to_thread=True,
        summary=f"All {kind}s with their states",
        name=f"list-{kind}s",
    )
    def list_all(*, archived: FromQuery[bool] = False) -> Answer:
        """Published ones and drafts; with `archived` those that were taken out of this list."""
        return desk.list(kind, archived=archived)

    @get(f"/{kind}s/{{name:str}}", opt={"scope": READ}, sync_to_thread=True, summary=f"One {kind}", name=f"show-{kind}")
    def show(name: FromPath[str]) -> Answer:
        """State, versions, draft, acts, and how many stand at each step of each version."""
        return desk.show(named(name))

    @get(
        f"/{kind}s/{{name:str}}/people",
        opt={"scope": READ},
        sync_to_thread=True,
        summary="Who is inside",
        name=f"people-of-{kind}",
    )
    def people(name: FromPath[str], step: FromQuery[str] = "", limit: Limit = 100, after: FromQuery[str] = "") -> Answer:
        """A page of people, at one step or at any; `next` asks for the page after it, as `after`."""
        return desk.people(named(name), step=step, limit=limit, after=after)

    @post(
        f"/{kind}s/{{name:str}}/check", opt={"scope": READ}, status_code=200, sync_to_thread=True, summary="What is wrong with it",
        name=f"check-{kind}",
    )  # fmt: skip
    def check(name: FromPath[str]) -> Answer:
        """Errors and warnings of the draft, or of what is in force where there is none, all at once."""
        return desk.check(named(name))

    return [list_all, show, people, check]


def _writing(desk: JourneyDesk, kind: str) -> list[Any]:
    drafts, writes = {"scope": DEFINITIONS_DRAFT}, {"scope": DEFINITIONS_WRITE}

    @put(f"/{kind}s/{{name:str}}/draft", opt=drafts, sync_to_thread=True, summary="Keep a draft", name=f"save-{kind}")
    def save(request: Asker, name: FromPath[str], data: JSONBody[dict[str, Any]]) -> Answer:
        """It may be faulty: the answer tells what is wrong. Nobody enters it before it is published."""
        return desk.save(f"{kind}:{name}", data, actor=actor_of(request))

    @delete(f"/{kind}s/{{name:str}}/draft", opt=drafts, sync_to_thread=True, summary="Throw a draft away", name=f"drop-{kind}")
    def drop(request: Asker, name: FromPath[str]) -> None:
        desk.drop(f"{kind}:{name}", actor=actor_of(request))

    @post(
        f"/{kind}s/{{name:str}}/publish", opt=writes, status_code=200, sync_to_thread=True, summary="Publish the draft",
        name=f"publish-{kind}",
    )  # fmt: skip
    def publish(request: Asker, name: FromPath[str], data: JSONBody[Later | None] = None) -> Answer:
        """A frozen version, which people enter from now on, or from the instant `at`. Those inside finish theirs."""
        return desk.publish(f"{kind}:{name}", actor=actor_of(request), at=data.at if data else None)

    return [save, drop, publish]


def _acts(desk: JourneyDesk, kind: str) -> list[Any]:
    def route(verb: str, summary: str) -> Callable[[Callable[..., Answer]], Any]:
        path = f"/{kind}s/{{name:str}}/{verb}"
        return post(
            path, opt={"scope": DEFINITIONS_WRITE}, status_code=200, sync_to_thread=True, summary=summary, name=f"{verb}-{kind}"
        )

    @route("pause", "Nobody moves and nobody comes in")
    def pause(request: Asker, name: FromPath[str], data: JSONBody[Pause | None] = None) -> Answer:
        """Events are recorded; who would come in waits, or is refused; deadlines pass, or stand still."""
        asked = data or Pause()
        more = {"clocks": asked.clocks, "entries": asked.entries}
        return desk.act(f"{kind}:{name}", "pause", actor=actor_of(request), at=asked.at, **more)

    @route("resume", "It goes on, and is open")
    def resume(request: Asker, name: FromPath[str], data: JSONBody[Later | None] = None) -> Answer:
        """What happened meanwhile counts by its own instant; what fell due is due now. Opens what was closed or stopped."""
        return desk.act(f"{kind}:{name}", "resume", actor=actor_of(request), at=data.at if data else None)

    @route("close", "Nobody comes in any more; those inside finish")
    def close(request: Asker, name: FromPath[str], data: JSONBody[Later | None] = None) -> Answer:
        """Starts are recorded as suppressed, `closed`."""
        return desk.act(f"{kind}:{name}", "close", actor=actor_of(request), at=data.at if data else None)

    @route("stop", "Everybody leaves")
    def stop(request: Asker, name: FromPath[str], data: JSONBody[Later | None] = None) -> Answer:
        """From the answer on no message of it is handed over; `in_flight` says how many providers had been given before."""
        return desk.act(f"{kind}:{name}", "stop", actor=actor_of(request), at=data.at if data else None)

    @route("archive", "Take it out of lists")
    def archive(request: Asker, name: FromPath[str]) -> Answer:
        """Only what is stopped, or closed and empty. Answers what still names it."""
        return desk.archive(f"{kind}:{name}", actor=actor_of(request))

    @route("restore", "Bring it back into lists")
    def restore(request: Asker, name: FromPath[str]) -> Answer:
        """It stays closed or stopped until it is resumed."""
        return desk.restore(f"{kind}:{name}", actor=actor_of(request))

    @route("migrate", "Move those inside to the newest version")
    def migrate(request: Asker, name: FromPath[str], data: JSONBody[Migration]) -> Answer:
        """With `dry` a preview: how many stand where, where they go, and what is wrong with the map."""
        return desk.migrate(f"{kind}:{name}", data.map, actor=actor_of(request), from_version=data.from_version, dry=data.dry)

    @delete(
        f"/{kind}s/{{name:str}}/acts/{{act_id:int}}", opt={"scope": DEFINITIONS_WRITE}, status_code=200, sync_to_thread=True,
        summary="Take back what is to be done later", name=f"cancel-{kind}",
    )  # fmt: skip
    def cancel(request: Asker, name: FromPath[str], act_id: FromPath[int]) -> Answer:
        return desk.cancel(f"{kind}:{name}", act_id, actor=actor_of(request))

    return [pause, resume, close, stop, archive, restore, migrate, cancel]


def audit_router(database: Database) -> Router:
    """Who did what."""

    @get("/audit", opt={"scope": ADMIN}, sync_to_thread=True, summary="Who changed what, the last first")
    def audit(
        limit: Annotated[int, QueryParameter(ge=1, le=1_000, description="how many at most")] = 100,
        before: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        of: Annotated[str, QueryParameter(name="id", description="of what was changed")] = "",
        actor: FromQuery[str] = "",
        action: FromQuery[str] = "",
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
    ) -> Answer:
        """`next` asks for the page after it, as `before`."""
        with database.reading() as connection:
            items = list_entries(
                connection, limit=limit, before=int(before) if before.isdecimal() else FAR_FUTURE, kind=kind, definition_id=of,
                actor=actor, action=action, since=_instant(since, "since", 0), until=_instant(until, "until", FAR_FUTURE),
            )  # fmt: skip
        return {"items": items, "next": items[-1]["cursor"] if len(items) == limit else None}

    return Router("/api/v1", route_handlers=[audit], tags=["audit"])


def _instant(text: str, name: str, default: int) -> int:
    found = parse_instant(text) if text else default
    if found is None:
        msg = f"`{name}` is no instant: write 2026-03-01T09:00:00Z"
        raise InvalidInput(msg, problems=[msg])
    return found
