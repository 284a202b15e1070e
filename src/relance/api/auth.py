"""Who asks: the key in a request, and the guard that wants one of nearly everything."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Guard

from relance.api.ports import Services
from relance.api.problems import MissingKey, UnknownKey
from relance.errors import NotAllowed
from relance.ingest.scopes import ADMIN, READ

PUBLIC = {"public": True}  # `opt` of a handler that answers without a key


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


def actor_of(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Who asks, as the audit names them: by the name of the key, and its number, for names need not differ."""
    key = request.scope["state"].get("api_key")
    return f"key:{key.key_id}:{key.name}" if key is not None else "api"


def require_key(services: Services) -> Guard:
    """A guard for the whole app.

    A handler says with `opt={"scope": ...}` what a key must allow, with `opt=PUBLIC` that it wants none. Without a word, reading
    wants `read` and everything else `admin`.
    """

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        if handler.opt.get("public"):
            return
        told = connection.headers.get("authorization", "")
        key = key_from_header(told) if told.lower().startswith("bearer") else None
        if key is None:
            raise MissingKey
        is_known, found = services.api_keys.recall(key)
        if not is_known:
            found = await asyncio.to_thread(services.api_keys.find, key)
        if found is None:
            raise UnknownKey
        is_reading = connection.scope.get("method") in {"GET", "HEAD"}
        scope = handler.opt.get("scope", READ if is_reading else ADMIN)
        if not found.may(scope):
            msg = f"this key lacks the scope {scope!r}"
            raise NotAllowed(msg)
        connection.scope["state"]["api_key"] = found

    return guard
