"""`/hooks/custom/{source}`: any JSON, by a write key or a signature, becomes events; and how each source's webhooks are read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from relance.api.auth import PUBLIC, actor_of, key_from_header
from relance.api.hooks import BadSignature
from relance.api.ports import Services
from relance.audit import Entry, record
from relance.channels.signing import is_signed, is_signed_with
from relance.clock import SECOND
from relance.errors import NotFound
from relance.eventlog import NewChunk
from relance.ingest import Source, UnknownWriteKey, inflate
from relance.ingest.scopes import KEYS_WRITE
from relance.registry.webhooks import (
    DEFAULT_EVENT,
    ID_HEADERS,
    STANDARD_HEADER,
    HookSettings,
    delete_hook,
    load_hook,
    make_hook_secret,
    make_items,
    read_payloads,
    save_hook,
)
from relance.store import Database
from relance.workspace import Workspace

Answer = dict[str, Any]
AnyRequest = Request[Any, Any, Any]
_SOURCE = "SELECT source, trusted, correct_skew FROM sources WHERE source = :source"


class NewHook(msgspec.Struct, forbid_unknown_fields=True):
    """How the webhooks of a source are to be read."""

    signed: bool = False  # signatures are checked, and no key is needed
    secret: str = ""  # the provider's; without it one is made, and shown this once
    signature_header: str = STANDARD_HEADER
    event: str = DEFAULT_EVENT
    user_id_path: str = ""
    message_id_path: str = ""
    timestamp_path: str = ""


def webhook_routes(services: Services, workspace: Callable[[], Workspace], public_url: str) -> list[Any]:
    """The door for webhooks, and the routes that set it up."""
    return [_door(services, workspace), _settings(services.database, services, public_url)]


def _door(services: Services, workspace: Callable[[], Workspace]) -> Any:
    limit = services.settings.max_body_bytes

    @post("/hooks/custom/{source:str}", opt=PUBLIC, status_code=HTTP_200_OK, request_max_body_size=limit)
    async def take_webhook(source: FromPath[str], request: AnyRequest) -> dict[str, int]:
        """Any JSON object, or a list of them: each becomes an event with it as its properties, on disk when this answers.

        Wants a write key of the source (Basic, Bearer, `X-Write-Key`, `?key=`), or the signature that was agreed on.
        """
        body = await request.body()
        found, hook = await asyncio.to_thread(_find, services.database, source)
        await _admit(services, found, hook, request, body)
        if (request.headers.get("content-encoding") or "").strip().lower() in {"gzip", "deflate"}:
            body = inflate(body, limit)
        payloads = read_payloads(body)
        identities = [(d.namespace, d.path) for d in workspace().derived_events if d.namespace and d.path]
        delivery = next((value for name in ID_HEADERS if (value := request.headers.get(name))), "")
        items = make_items(payloads, hook, identities, delivery)
        chunk = NewChunk(
            source="",
            body=msgspec.json.encode({"batch": items}),
            message_ids=[item.get("messageId") for item in items],
        )
        return {"received": len(items), "new": await services.door.accept(chunk, found)}

    return take_webhook


def _find(database: Database, source: str) -> tuple[Source, HookSettings]:
    with database.reading() as connection:
        row = connection.row(_SOURCE, {"source": source})
        hook = load_hook(connection, source)
    if row is None:
        msg = f"there is no source {source[:64]!r}"
        raise NotFound(msg)
    return Source(row[0], bool(row[1]), bool(row[2])), hook or HookSettings(source)


async def _admit(services: Services, source: Source, hook: HookSettings, request: AnyRequest, body: bytes) -> None:
    """Let in who signs as agreed, or has a write key of the source.

    Raises:
        BadSignature: the signature is not one of the body.
        UnknownWriteKey: there is neither a signature that is expected nor a key of this source.
    """
    given = request.headers.get(hook.signature_header)
    if hook.secret and given:
        now = services.clock.now() // SECOND
        if hook.signature_header == STANDARD_HEADER:
            signed = is_signed(hook.secret, request.headers, body, now_seconds=now)
        else:
            signed = is_signed_with(hook.secret, given, body, now_seconds=now)
        if not signed:
            raise BadSignature
        return
    for key in _keys_of(request):
        is_known, opened = services.door.keys.recall(key)
        if not is_known:
            opened = await asyncio.to_thread(services.door.keys.find, key)
        if opened is not None and opened.source == source.source:
            return
    raise UnknownWriteKey


def _keys_of(request: AnyRequest) -> list[str]:
    authorization = request.headers.get("authorization")
    told = [key_from_header(authorization) if authorization else None, request.headers.get("x-write-key")]
    told += [request.query_params.get("key"), request.query_params.get("writeKey")]
    return [key for key in told if key]


def _settings(database: Database, services: Services, public_url: str) -> Router:
    def shown(hook: HookSettings) -> Answer:
        return {**hook.as_json(), "url": f"{public_url}/hooks/custom/{hook.source}"}

    @get(
        "/sources/{source:str}/hook", opt={"scope": KEYS_WRITE}, sync_to_thread=True, summary="How a source's webhooks are read"
    )
    def show_hook(source: FromPath[str]) -> Answer:
        """Without the secret."""
        return shown(_find(database, source)[1])

    @put(
        "/sources/{source:str}/hook",
        opt={"scope": KEYS_WRITE},
        sync_to_thread=True,
        summary="Say how a source's webhooks are read",
    )
    def set_hook(request: AnyRequest, source: FromPath[str], data: JSONBody[NewHook]) -> Answer:
        """The name of their events, where they name user, id and instant, and how they are signed. A secret that is made is shown this once."""
        secret = (data.secret or make_hook_secret()) if data.signed else ""
        hook = HookSettings(
            source,
            secret,
            data.signature_header.lower(),
            data.event,
            data.user_id_path,
            data.message_id_path,
            data.timestamp_path,
        )
        with database.writing() as connection:
            save_hook(connection, hook, now=services.clock.now())
            record(connection, services.clock.now(), [Entry(actor_of(request), "set", "webhook", source)])
        return shown(hook) | ({"secret": secret} if secret and not data.secret else {})

    @delete(
        "/sources/{source:str}/hook", opt={"scope": KEYS_WRITE}, sync_to_thread=True, summary="Read its webhooks as by default"
    )
    def drop_hook(request: AnyRequest, source: FromPath[str]) -> None:
        """Signatures are not looked at any more: a key is needed."""
        with database.writing() as connection:
            delete_hook(connection, source)
            record(connection, services.clock.now(), [Entry(actor_of(request), "delete", "webhook", source)])

    return Router("/api/v1", route_handlers=[show_hook, set_hook, drop_hook], tags=["keys"])
