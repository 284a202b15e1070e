"""Demo data over HTTP: put into an empty installation, watched, taken out again."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, delete, get, post

from relance.api.auth import actor_of
from relance.demo.desk import DemoDataTold, DemoDesk
from relance.ingest.scopes import ADMIN, READ

Asker = Request[Any, Any, Any]


def demo_data_router(desk: DemoDesk) -> Router:
    """The routes for demo data."""

    @get("/demo-data", opt={"scope": READ}, sync_to_thread=True, summary="Where demo data stands, and whether it may be loaded")
    def show() -> DemoDataTold:
        """`state` goes none, loading, loaded, removing, removed; `progress` from 0 to 1 while it loads or is removed."""
        return desk.tell()

    @post("/demo-data", opt={"scope": ADMIN}, sync_to_thread=True, status_code=202, summary="Load the past of a made shop")
    def load(request: Asker) -> DemoDataTold:
        """Only into an empty workspace: else 409 says why. Journeys and campaigns come as drafts: nothing is sent. Asked again, nothing more happens."""
        return desk.load(actor=actor_of(request))

    @delete("/demo-data", opt={"scope": ADMIN}, sync_to_thread=True, status_code=202, summary="Take demo data out again")
    def remove(request: Asker) -> DemoDataTold:
        """Erases its people, but for those of whom another source has told something too, and withdraws its definitions that nobody changed, published or uses."""
        return desk.remove(actor=actor_of(request))

    return Router("/api/v1", route_handlers=[show, load, remove], tags=["demo data"])
