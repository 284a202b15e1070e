"""Playbooks over HTTP: what there is, and the definitions one makes, published if that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, JSONBody

from relance.api.auth import actor_of
from relance.clock import Clock
from relance.definitions.playbooks import apply_playbook, find_playbook, load_playbooks
from relance.definitions.playbooks.drafting import draft_playbook, plan_playbook
from relance.errors import InvalidInput
from relance.ingest.scopes import DEFINITIONS_DRAFT, DEFINITIONS_WRITE, READ
from relance.problems import has_errors
from relance.store import Database

if TYPE_CHECKING:
    from relance.problems import Problem

Answer = dict[str, Any]


class Filling(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody sets; what is left out takes its default."""

    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    language: Annotated[Literal["en", "fr"], msgspec.Meta(description="of names and texts")] = "en"


class Drafting(Filling, forbid_unknown_fields=True, kw_only=True):
    """The same, and what becomes of what is there already."""

    replace: Annotated[bool, msgspec.Meta(description="put it in the place of what is there already; else that stays")] = False


def playbook_router(database: Database, clock: Clock) -> Router:
    """The routes for playbooks."""

    @get("/playbooks", opt={"scope": READ}, sync_to_thread=False, summary="Playbooks for the scores of predictions")
    def list_playbooks() -> Answer:
        return {"items": [playbook.as_json() for playbook in load_playbooks().values()]}

    @get("/playbooks/{name:str}", opt={"scope": READ}, sync_to_thread=False, summary="One playbook")
    def show_playbook(name: FromPath[str]) -> Answer:
        return find_playbook(name).as_json()

    @post(
        "/playbooks/{name:str}/fill",
        opt={"scope": READ},
        status_code=200,
        sync_to_thread=True,
        summary="The definitions a playbook makes",
    )
    def fill(name: FromPath[str], data: JSONBody[Filling]) -> Answer:
        """With what publishing them would change, and every problem they have; it changes nothing."""
        with database.reading() as connection:
            planned = plan_playbook(connection, find_playbook(name), data.parameters, now=clock.now(), language=data.language)
        return planned.as_json()

    @post(
        "/playbooks/{name:str}/draft",
        opt={"scope": DEFINITIONS_DRAFT},
        status_code=200,
        sync_to_thread=True,
        summary="Keep them as drafts",
    )
    def draft(request: Request[Any, Any, Any], name: FromPath[str], data: JSONBody[Drafting]) -> Answer:
        """Journeys and campaigns as drafts, templates with `status: draft`, segments as they are: nothing reaches anybody yet."""
        with database.writing() as connection:
            done = draft_playbook(
                connection, find_playbook(name), data.parameters, now=clock.now(), by=actor_of(request), language=data.language,
                replace=data.replace,
            )  # fmt: skip
        _require_sound(done.problems)
        return {"made": done.made, "warnings": [problem.as_json() for problem in done.problems]}

    @post(
        "/playbooks/{name:str}/apply",
        opt={"scope": DEFINITIONS_WRITE},
        status_code=200,
        sync_to_thread=True,
        summary="Publish them",
    )
    def apply(request: Request[Any, Any, Any], name: FromPath[str], data: JSONBody[Filling]) -> Answer:
        """All of them, or none; answers what changed, and warnings."""
        with database.writing() as connection:
            done = apply_playbook(
                connection, find_playbook(name), data.parameters, now=clock.now(), by=actor_of(request), language=data.language
            )
        _require_sound(done.problems)
        changes = [{"kind": c.kind, "id": c.id, "action": c.action, "version": c.version} for c in done.changes]
        return {"changes": changes, "warnings": [problem.as_json() for problem in done.problems]}

    return Router("/api/v1", route_handlers=[list_playbooks, show_playbook, fill, draft, apply], tags=["playbooks"])


def _require_sound(problems: list[Problem]) -> None:
    if has_errors(problems):
        msg = "what the playbook makes has errors"
        raise InvalidInput(msg, problems=problems)
