"""Signing in and out over HTTP, with a cookie that scripts can not read."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.params import FromQuery, JSONBody

import relance
from relance.api.auth import PUBLIC, find_signed_in, require_own_site
from relance.api.ports import Services
from relance.api.problems import UnknownSession
from relance.clock import SECOND
from relance.errors import NotAllowed, NotFound
from relance.ingest.scopes import READ, SCOPES
from relance.users import SignedIn, UserDesk
from relance.users.desk import SESSION_LASTS

Answer = dict[str, Any]
Asker = Request[Any, Any, Any]
# Names that can only mean this machine. A page elsewhere whose name resolves to it is not let in without a password.
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
Secret = Annotated[str, msgspec.Meta(max_length=2_000)]


class Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """Who signs in."""

    email: Secret
    password: Secret


class OpenedLink(msgspec.Struct, forbid_unknown_fields=True):
    """A link: the part of its address behind the `#`."""

    token: Secret


class UsedLink(OpenedLink, forbid_unknown_fields=True):
    """What somebody chose who opened a link."""

    email: Secret = ""
    name: Secret = ""
    password: Secret = ""


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    """Another password."""

    current: Secret
    new: Secret


def host_name(host: str) -> str:
    """The name in a Host header, without the port."""
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


def _user_as_json(user: SignedIn) -> Answer:
    may = [scope for scope in SCOPES if user.may(scope)]
    return {"id": user.user_id, "email": user.email, "name": user.name, "role": user.role, "scopes": may}


def session_router(services: Services, desk: UserDesk, *, demo_user: int | None = None) -> Router:
    """The routes by which people sign in and out.

    Args:
        services: what handlers use.
        desk: what is done with users.
        demo_user: whom the demo lets in without a password, on this machine's own names.
    """

    def is_secure(request: Asker) -> bool:
        public = urlsplit(services.settings.public_url)
        return (
            request.headers.get("x-forwarded-proto") == "https"
            or request.url.scheme == "https"
            or (public.scheme == "https" and public.netloc == request.headers.get("host"))
        )

    def cookie(request: Asker, token: str | None) -> Cookie:
        return Cookie(
            key=services.settings.session_cookie, value=token or "", path="/", httponly=True, samesite="lax",
            secure=is_secure(request), max_age=SESSION_LASTS // SECOND if token else 0,
        )  # fmt: skip

    def demo_is_open(request: Asker) -> bool:
        return demo_user is not None and host_name(request.headers.get("host", "")) in OWN_NAMES

    async def begun(request: Asker, token: str) -> Response[Answer]:
        user = await asyncio.to_thread(desk.find, token)
        if user is None:
            raise UnknownSession
        return Response({"user": _user_as_json(user)}, cookies=[cookie(request, token)])

    async def require_user(request: Asker) -> SignedIn:
        user = await find_signed_in(request, services)
        if user is None:
            raise UnknownSession
        require_own_site(request, services)
        return user

    @get("/session", opt=PUBLIC, summary="Who is signed in")
    async def show_session(request: Asker) -> Answer:
        """`user` is null when nobody is; `demo` says that the demo lets anybody in; `first` that there is no user yet."""
        user = await find_signed_in(request, services)
        has_users = user is not None or await asyncio.to_thread(desk.has_users)
        shown = None if user is None else _user_as_json(user)
        return {"user": shown, "demo": demo_is_open(request), "first": not has_users, "version": relance.__version__}

    @post("/session", opt=PUBLIC, status_code=200, summary="Sign in")
    async def sign_in(request: Asker, data: JSONBody[Credentials]) -> Response[Answer]:
        """Sets the session's cookie. Wants the header `X-Relance`, as everything does that a cookie is to allow."""
        require_own_site(request, services)
        address = request.client.host if request.client else ""
        return await begun(request, await asyncio.to_thread(desk.sign_in, data.email, data.password, address))

    @post("/session/demo", opt=PUBLIC, status_code=200, summary="Enter the demo")
    async def enter_demo(request: Asker) -> Response[Answer]:
        """Only a demo has this, and only under the names of the machine it runs on."""
        require_own_site(request, services)
        if demo_user is None:
            raise NotFound
        if not demo_is_open(request):
            msg = "open the demo at http://127.0.0.1, or by the link it printed"
            raise NotAllowed(msg)
        return await begun(request, await asyncio.to_thread(desk.enter, demo_user))

    @delete("/session", opt=PUBLIC, status_code=200, summary="Sign out")
    async def sign_out(request: Asker, *, everywhere: FromQuery[bool] = False) -> Response[Answer]:
        """With `everywhere` on all devices."""
        user = await find_signed_in(request, services)
        if user is not None:
            require_own_site(request, services)
            await asyncio.to_thread(desk.sign_out, user, everywhere=everywhere)
        return Response({"user": None}, cookies=[cookie(request, None)])

    @post("/session/link", opt=PUBLIC, status_code=200, summary="What a link is for")
    async def open_link(request: Asker, data: JSONBody[OpenedLink]) -> Answer:
        """`purpose` is `start` (makes the first admin), `password` (chooses one) or `enter`. It changes nothing."""
        require_own_site(request, services)
        return await asyncio.to_thread(desk.open_link, data.token)

    @put("/session/link", opt=PUBLIC, status_code=200, summary="Use a link, and sign in")
    async def use_link(request: Asker, data: JSONBody[UsedLink]) -> Response[Answer]:
        """The link opens nothing afterwards."""
        require_own_site(request, services)
        token = await asyncio.to_thread(desk.use_link, data.token, email=data.email, name=data.name, password=data.password)
        return await begun(request, token)

    @post("/session/password", opt={"scope": READ}, status_code=204, summary="Choose another password")
    async def change_password(request: Asker, data: JSONBody[NewPassword]) -> None:
        """Of whoever is signed in; their other sessions end."""
        user = await require_user(request)
        await asyncio.to_thread(desk.change_password, user, data.current, data.new)

    handlers = [show_session, sign_in, enter_demo, sign_out, open_link, use_link, change_password]
    return Router("/api/v1", route_handlers=handlers, tags=["session"])
