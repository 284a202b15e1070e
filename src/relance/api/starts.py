"""Journeys and campaigns are started by request."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Router, post
from litestar.params import FromPath, JSONBody

from relance.errors import InvalidInput
from relance.ingest.scopes import PROFILES_WRITE
from relance.journeys.requests import StartDesk

MOST_PEOPLE = 10_000  # in one request
Answer = dict[str, Any]


class JourneyStart(msgspec.Struct, forbid_unknown_fields=True):
    """Who is to start, and with what."""

    user_ids: list[str]
    properties: dict[str, Any] = msgspec.field(default_factory=dict)
    request_id: str = ""  # the same request again, within 30 days, changes nothing


class CampaignStart(msgspec.Struct, forbid_unknown_fields=True):
    """What templates may say of it."""

    properties: dict[str, Any] = msgspec.field(default_factory=dict)
    request_id: str = ""


def start_router(desk: StartDesk) -> Router:
    """The routes that start something."""

    @post("/journeys/{name:str}/start", opt={"scope": PROFILES_WRITE}, sync_to_thread=True, summary="Let people into a journey")
    def start_journey(name: FromPath[str], data: JSONBody[JourneyStart]) -> Answer:
        if not 0 < len(data.user_ids) <= MOST_PEOPLE:
            msg = f"name between 1 and {MOST_PEOPLE} people in `user_ids`"
            raise InvalidInput(msg, problems=[msg])
        return desk.start_journey(name, data.user_ids, data.properties, data.request_id)

    @post(
        "/campaigns/{name:str}/start",
        opt={"scope": PROFILES_WRITE},
        sync_to_thread=True,
        summary="Send a campaign to its audience",
    )
    def start_campaign(name: FromPath[str], data: JSONBody[CampaignStart]) -> Answer:
        return desk.start_campaign(name, data.properties, data.request_id)

    return Router("/api/v1", route_handlers=[start_journey, start_campaign], tags=["starts"])
