"""Predictions over HTTP: states, builds, the figures of their pages, scores, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from relance.api.auth import actor_of
from relance.clock import Clock
from relance.definitions.prediction_targets import target_prediction
from relance.definitions.preview import require_prediction
from relance.definitions.store import load_documents
from relance.ingest.scopes import DEFINITIONS_DRAFT, DEFINITIONS_WRITE, READ
from relance.predictions.live.desk import Desk
from relance.store import Database

Limit = Annotated[int, QueryParameter(ge=1, le=10_000, description="how many at most")]
After = Annotated[int, QueryParameter(ge=0, description="`next` of the page before")]
Margin = Annotated[float, QueryParameter(gt=0, description="what somebody who acts brings")]
Cost = Annotated[float, QueryParameter(ge=0, description="what it costs to reach somebody")]
Answer = dict[str, Any]


class Selection(msgspec.Struct, forbid_unknown_fields=True):
    """A range of scores, categories, a range of percentiles, so many of the highest, or a range of amounts."""

    score: dict[str, Any] | None = None
    category: list[str] | str | None = None
    percentile: dict[str, Any] | None = None
    top: int | None = None
    value: dict[str, Any] | None = None

    def as_told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("score", "category", "percentile", "top", "value")}


class Reading(Selection, forbid_unknown_fields=True, kw_only=True):
    """The same, and which page of its people."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000, description="how many at most")] = 50
    after: Annotated[str, msgspec.Meta(description="`next` of the page before")] = ""


class Targeting(Selection, forbid_unknown_fields=True, kw_only=True):
    """The same, and what is to be made of it."""

    create: Literal["segment", "campaign"]
    id: str | None = None
    name: str | None = None
    template: str | None = None  # of the campaign; one is made if none is named


class Draft(msgspec.Struct, forbid_unknown_fields=True):
    """A prediction that is being written."""

    target: dict[str, Any]
    window: str
    audience: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PredictionSide:
    """What the routes look into."""

    desk: Desk
    database: Database
    clock: Clock


def prediction_router(side: PredictionSide) -> Router:
    """The routes for predictions."""
    return Router(
        "/api/v1", route_handlers=[*_page_routes(side), *_run_routes(side), _target_route(side)], tags=["predictions"]
    )


def _page_routes(side: PredictionSide) -> list[Any]:
    desk = side.desk

    @get("/predictions", opt={"scope": READ}, sync_to_thread=True, summary="Predictions with their states")
    def show_predictions() -> Answer:
        return desk.list()

    @get("/predictions/{name:str}", opt={"scope": READ}, sync_to_thread=True, summary="One prediction: all that its page shows")
    def show_prediction(name: FromPath[str]) -> Answer:
        """State, quality, calibration, histogram, lift, correlations, versions, runs, what was made of it, and how it did."""
        return desk.show(name)

    @get("/predictions/{name:str}/check", opt={"scope": READ}, sync_to_thread=True, summary="Whether the data can teach it")
    def check_prediction(name: FromPath[str]) -> Answer:
        """`usable`, `indicative` or `not usable`, with why, and how many it is about now."""
        return desk.check(name)

    @post(
        "/predictions/check",
        opt={"scope": READ},
        status_code=200,
        sync_to_thread=True,
        summary="Whether the data can teach one that is not saved",
    )
    def check_draft(data: JSONBody[Draft]) -> Answer:
        """The same of `{target, window, audience}`; without an audience it is about everybody."""
        with side.database.reading() as connection:
            body = require_prediction(msgspec.to_builtins(data), load_documents(connection))
        return desk.check_of(body)

    @post(
        "/predictions/{name:str}/panel",
        opt={"scope": READ},
        status_code=200,
        sync_to_thread=True,
        summary="What a selection comes to",
    )
    def panel(name: FromPath[str], data: JSONBody[Selection]) -> Answer:
        """How many are selected, and how many of those who will act and who will not are expected among them."""
        return desk.panel(name, data.as_told())

    @post(
        "/predictions/{name:str}/people",
        opt={"scope": READ},
        status_code=200,
        sync_to_thread=True,
        summary="The people of a selection",
    )
    def people(name: FromPath[str], data: JSONBody[Reading]) -> Answer:
        """In pages, the highest scores first; of equal ones that of whoever was known first."""
        return desk.people(name, data.as_told(), limit=data.limit, after=data.after)

    @get(
        "/predictions/{name:str}/profit",
        opt={"scope": READ},
        sync_to_thread=True,
        summary="What reaching the highest scores brings",
    )
    def profit(name: FromPath[str], margin: Margin, cost: Cost) -> Answer:
        """By how many are reached, from the highest score down; `best` brings most."""
        return desk.profit(name, margin, cost)

    @get(
        "/predictions/{name:str}/scores",
        opt={"scope": READ},
        sync_to_thread=True,
        summary="Scores of everybody in the audience",
    )
    def show_scores(name: FromPath[str], limit: Limit = 100, after: After = 0) -> Answer:
        return desk.scores(name, limit=limit, after=after)

    @get("/predictions/{name:str}/person", opt={"scope": READ}, sync_to_thread=True, summary="One person's score, and why")
    def show_person(name: FromPath[str], user_id: FromQuery[str]) -> Answer:
        """The score now and before, and the features that moved it most."""
        return desk.person(name, user_id)

    return [show_predictions, show_prediction, check_prediction, check_draft, panel, people, profit, show_scores, show_person]


def _run_routes(side: PredictionSide) -> list[Any]:
    desk, changing = side.desk, {"scope": DEFINITIONS_DRAFT}

    @post("/predictions/{name:str}/build", opt=changing, status_code=202, sync_to_thread=True, summary="Have it built now")
    def build(name: FromPath[str]) -> Answer:
        """Answers the run; what is already waiting or under way is answered again."""
        return desk.build(name)

    @post(
        "/predictions/{name:str}/rescore", opt=changing, status_code=202, sync_to_thread=True, summary="Have it scored anew now"
    )
    def rescore(name: FromPath[str]) -> Answer:
        return desk.build(name, "rescore")

    @post(
        "/predictions/{name:str}/cancel",
        opt=changing,
        status_code=200,
        sync_to_thread=True,
        summary="Take back what is under way",
    )
    def cancel(name: FromPath[str]) -> Answer:
        return desk.cancel(name)

    @get("/predictions/{name:str}/runs/{number:int}", opt={"scope": READ}, sync_to_thread=True, summary="How far a run is")
    def show_run(name: FromPath[str], number: FromPath[int]) -> Answer:
        return desk.run(name, number)

    return [build, rescore, cancel, show_run]


def _target_route(side: PredictionSide) -> Any:
    @post(
        "/predictions/{name:str}/target",
        opt={"scope": DEFINITIONS_WRITE},
        sync_to_thread=True,
        summary="Make a segment or a campaign of scores",
    )
    def target(request: Request[Any, Any, Any], name: FromPath[str], data: JSONBody[Targeting]) -> Answer:
        """Prefilled with the selection, published, linked. 409 `prediction_not_targetable` for a preview and a demo."""
        with side.database.writing() as connection:
            return target_prediction(
                connection, name, data.as_told(), data.create, now=side.clock.now(), definition_id=data.id, name=data.name,
                template=data.template, by=actor_of(request),
            )  # fmt: skip

    return target
