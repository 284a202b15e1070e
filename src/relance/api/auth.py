"""Who asks: the key in a request or the session in its cookie, and the guard that wants one of them of nearly everything."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Guard

from relance.api.ports import Services
from relance.api.problems import CrossSite, MissingKey, UnknownKey, UnknownSession
from relance.errors import NotAllowed
from relance.ingest.keys import ApiKey
from relance.ingest.scopes import ADMIN, READ
from relance.users import SignedIn

PUBLIC = {"public": True}  # `opt` of a handler that answers without a key
# A page of another site can send a form, but no header of its own unless we allow it: we never do.
OWN_HEADER = "x-relance"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Asking = ASGIConnection[Any, Any, Any, Any]


def key_from_header(authorization: str) -> str | None:
    """The key in an Authorization header: the user name of Basic, or the token of Bearer."""
    scheme, _, told = authorization.strip().partition(" ")
    told = told.strip()
    if scheme.lower() == "basic":
        try:
            # A key sent without the colon counts too.
            return b64decode(told, validate=True).decode("utf-8", "replace").partition(":")[0] or None
        except (binascii.Error, ValueError):
            return None
    return (told or None) if scheme.lower() == "bearer" else None


def actor_of(request: Asking) -> str:
    """Who asks, as the audit names them: `key:NUMBER:NAME` or `user:NUMBER:EMAIL`."""
    asker = request.scope["state"].get("asker")
    return asker.actor if isinstance(asker, (ApiKey, SignedIn)) else "api"


def asker_may(request: Asking, scope: str) -> bool:
    """Whether whoever passed the guard may also do what asks for another scope."""
    asker = request.scope["state"].get("asker")
    return asker is None or bool(asker.may(scope))


def require_own_site(connection: Asking, services: Services) -> None:
    """See that a request with a cookie comes from our own pages: a browser sends the cookie whoever made it ask.

    Raises:
        CrossSite: it does not, or does not say so.
    """
    headers = connection.headers
    told = headers.get("origin")
    own = {headers.get("host", ""), urlsplit(services.settings.public_url).netloc}
    is_own = told is None or (urlsplit(told).netloc or None) in own
    if OWN_HEADER not in headers or not is_own or headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise CrossSite


async def find_signed_in(connection: Asking, services: Services) -> SignedIn | None:
    """Who has the session in the request's cookie; None without one, or when it has ended."""
    token = connection.cookies.get(services.settings.session_cookie)
    if services.users is None or not token:
        return None
    is_known, found = services.users.recall(token)
    return found if is_known else await asyncio.to_thread(services.users.find, token)


async def _find_asker(connection: Asking, services: Services) -> ApiKey | SignedIn:
    told = connection.headers.get("authorization", "")
    key = key_from_header(told) if told.lower().startswith("bearer") else None
    if key is not None:
        is_known, found = services.api_keys.recall(key)
        if not is_known:
            found = await asyncio.to_thread(services.api_keys.find, key)
        if found is None:
            raise UnknownKey
        return found
    if not connection.cookies.get(services.settings.session_cookie):
        raise MissingKey
    user = await find_signed_in(connection, services)
    if user is None:
        raise UnknownSession
    if connection.scope.get("method") not in _SAFE:
        require_own_site(connection, services)
    return user


def require_key(services: Services) -> Guard:
    """A guard for the whole app.

    A handler says with `opt={"scope": ...}` what a key, or the role of a user, must allow, with `opt=PUBLIC` that it wants none.
    Without a word, reading wants `read` and everything else `admin`.
    """

    async def guard(connection: Asking, handler: BaseRouteHandler) -> None:
        if handler.opt.get("public"):
            return
        asker = await _find_asker(connection, services)
        scope = handler.opt.get("scope", READ if connection.scope.get("method") in {"GET", "HEAD"} else ADMIN)
        if not asker.may(scope):
            whose = f"the role {asker.role!r}" if isinstance(asker, SignedIn) else "this key"
            msg = f"{whose} lacks the scope {scope!r}"
            raise NotAllowed(msg)
        connection.scope["state"]["asker"] = asker

    return guard
