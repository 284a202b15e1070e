"""Why somebody is where they are in journeys, or never came in, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from relance.errors import InvalidInput
from relance.ingest.scopes import READ
from relance.journeys.explain.desk import MOST_PASSAGES, ExplainDesk

Language = Annotated[Literal["en", "fr"], QueryParameter(description="of the sentences")]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="how many passages at most")]


def explain_router(desk: ExplainDesk) -> Router:
    """The route that explains."""

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

    return Router("/api/v1", route_handlers=[explain], tags=["management"])
