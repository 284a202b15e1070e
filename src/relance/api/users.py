"""Users and their roles over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody

from relance.api.auth import actor_of
from relance.ingest.scopes import ADMIN
from relance.users import UserDesk

Answer = dict[str, Any]
Asker = Request[Any, Any, Any]


class NewUser(msgspec.Struct, forbid_unknown_fields=True):
    """A user who is to be made."""

    email: str
    name: str = ""
    role: str = "viewer"


class ChangedUser(msgspec.Struct, forbid_unknown_fields=True):
    """What of a user is to change; what is left out stays."""

    name: str | None = None
    role: str | None = None


def user_router(desk: UserDesk) -> Router:
    """The routes for users; all want the scope `admin`."""
    opt = {"scope": ADMIN}

    @get("/users", opt=opt, sync_to_thread=True, summary="Users with their roles")
    def list_users() -> Answer:
        return desk.list()

    @post("/users", opt=opt, sync_to_thread=True, summary="Make a user; answers the link by which they choose a password")
    def add_user(request: Asker, data: JSONBody[NewUser]) -> Answer:
        return desk.add(data.email, name=data.name, role=data.role, actor=actor_of(request))

    @put("/users/{user_id:int}", opt=opt, sync_to_thread=True, summary="Give a user another name or role")
    def change_user(request: Asker, user_id: FromPath[int], data: JSONBody[ChangedUser]) -> Answer:
        """409 when nobody would be left who is an admin."""
        return desk.change(user_id, name=data.name, role=data.role, actor=actor_of(request))

    @delete("/users/{user_id:int}", opt=opt, status_code=200, sync_to_thread=True, summary="Remove a user; their sessions end")
    def remove_user(request: Asker, user_id: FromPath[int]) -> Answer:
        """409 when nobody would be left who is an admin."""
        return desk.remove(user_id, actor=actor_of(request))

    @post("/users/{user_id:int}/link", opt=opt, status_code=200, sync_to_thread=True, summary="A link to choose a password")
    def make_link(request: Asker, user_id: FromPath[int]) -> Answer:
        """It is shown this once, and takes the place of the one before."""
        return desk.link(user_id, actor=actor_of(request))

    @delete(
        "/users/{user_id:int}/sessions", opt=opt, status_code=200, sync_to_thread=True, summary="Sign a user out everywhere"
    )
    def sign_out(request: Asker, user_id: FromPath[int]) -> Answer:
        return desk.sign_out_everywhere(user_id, actor=actor_of(request))

    return Router(
        "/api/v1", route_handlers=[list_users, add_user, change_user, remove_user, make_link, sign_out], tags=["users"]
    )
