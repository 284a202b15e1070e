"""Why somebody is where they are in journeys, or never came in, and all that is known about them, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from relance.errors import InvalidInput
from relance.ingest.scopes import PROFILES_WRITE, READ
from relance.journeys.explain.desk import MOST_PASSAGES, ExplainDesk

Language = Annotated[Literal["en", "fr"], QueryParameter(description="of the sentences")]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="how many passages at most")]


def explain_router(desk: ExplainDesk) -> Router:
    """The routes that explain, and that tell all."""

    @get("/profiles/{user_id:str}/explain", opt={"scope": READ}, sync_to_thread=True, summary="Why somebody is where they are")
    def explain(
        user_id: FromPath[str],
        journey: FromQuery[str] = "",
        campaign: FromQuery[str] = "",
        language: Language = "en",
        limit: Limit = MOST_PASSAGES,
    ) -> dict[str, Any]:
        """Every decision of a person's passages with its evidence, as data and in a sentence; of a journey never entered, why not."""
        if journey and campaign:
            msg = "name a `journey` or a `campaign`, not both"
            raise InvalidInput(msg, problems=[msg])
        source = f"journey:{journey}" if journey else f"campaign:{campaign}" if campaign else ""
        return desk.explain(user_id, source=source, language=language, limit=limit)

    @get(
        "/profiles/{user_id:str}/export",
        opt={"scope": PROFILES_WRITE},
        sync_to_thread=True,
        summary="Everything that is known about one person, as a file",
    )
    def export(user_id: FromPath[str]) -> Response[dict[str, Any]]:
        """One JSON object: profile, earlier traits, events, consents, messages, journeys, segments, lists, audiences, scores."""
        found = desk.dossier(user_id)
        return Response(
            found, headers={"content-disposition": 'attachment; filename="profile.json"', "cache-control": "no-store"}
        )

    return Router("/api/v1", route_handlers=[explain, export], tags=["management"])
