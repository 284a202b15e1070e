"""The Segment tracking API, down to the oddities of real clients. Plain ASGI: the routes that carry all the load.

Answers exactly `200 {"success": true}`, only when the events are on the disk. Every error has `code` and `message`. A faulty item is no
error: it is filed when the log is read. What clients were seen to send, and how they react, is in docs/reference/tracking.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote

import msgspec
import structlog
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram

from relance.api.auth import PUBLIC, key_from_header
from relance.api.client_settings import segment_settings, source_config
from relance.api.ports import Services
from relance.api.problems import headers_of, status_of
from relance.clock import parse_instant
from relance.errors import InternalError, NotFound, RelanceError
from relance.ingest import BodyTooLarge, Source, UnknownWriteKey, inflate

CALLS: dict[str, str] = {
    **{name: name for name in ("track", "identify", "page", "screen", "group", "alias", "batch")},
    **{name[0]: name for name in ("track", "identify", "page", "screen", "group", "alias", "batch")},
}
# Which paths mean which call: Segment's, those of RudderStack's beacon, and Jitsu's.
PREFIXES = ("/v1", "/beacon/v1", "/api/s", "/api/s/s2s")
ROUTES: dict[str, str] = {f"{prefix}/{call}": CALLS[call] for prefix in PREFIXES for call in CALLS}
TELEMETRY = "/v1/m"  # a browser client tells how it fares itself: taken, and thrown away

SUCCESS = b'{"success": true}'
ALLOWED_HEADERS = b"authorization, content-type, content-encoding, x-retry-count, x-write-key, anonymousid, sentat"
_JSON = (b"content-type", b"application/json")
_ANY_ORIGIN = (b"access-control-allow-origin", b"*")
_SUCCESS_HEADERS = [_JSON, (b"content-length", str(len(SUCCESS)).encode()), _ANY_ORIGIN]
_PACKED = {b"gzip", b"x-gzip", b"deflate"}

_log = structlog.get_logger()


class MethodNotAllowed(RelanceError):
    """Events are sent with POST."""

    code = "method_not_allowed"


class Disconnected(Exception):
    """The client went away before it had sent its request."""


class Tracking:
    """The ASGI application of the tracking routes."""

    def __init__(self, services: Services, registry: CollectorRegistry) -> None:
        self._services, self._door = services, services.door
        names = ["call", "status"]
        self._answers = Counter("relance_tracking_requests", "Requests of the tracking API.", names, registry=registry)
        self._seconds = Histogram(
            "relance_tracking_seconds",
            "From the first byte of a request to its acknowledgement.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=registry,
        )
        self._succeeded = {call: self._answers.labels(call, "200") for call in set(CALLS.values())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"]).rstrip("/")
        method = scope.get("method")
        call = ROUTES.get(path)
        try:
            if method == "OPTIONS":
                await _send(send, 204, b"", _preflight_headers(scope["headers"]))
            elif call is not None and method == "POST":
                began = time.perf_counter()
                await self._take(scope, receive, call)
                await send({"type": "http.response.start", "status": 200, "headers": _SUCCESS_HEADERS})
                await send({"type": "http.response.body", "body": SUCCESS, "more_body": False})
                self._succeeded[call].inc()
                self._seconds.observe(time.perf_counter() - began)
            elif path == TELEMETRY:
                await _send(send, 200, SUCCESS, [_JSON, _ANY_ORIGIN])
            elif method == "GET" and (document := await self._client_settings(scope, path)) is not None:
                body = msgspec.json.encode(document)
                await _send(send, 200, body, [_JSON, _ANY_ORIGIN, (b"cache-control", b"max-age=60")])
            else:
                _refuse(path, call)
        except Disconnected:
            return
        except RelanceError as e:
            status = 405 if isinstance(e, MethodNotAllowed) else status_of(e)
            if status == 500:
                _log.error("tracking failed", path=path, exc_info=e)
            self._answers.labels(call or "other", str(status)).inc()
            await _send_error(send, status, e.code, e.message if status != 500 else InternalError().message)
        except Exception as e:  # noqa: BLE001 - the last floor: the client must get an answer that it understands
            _log.error("tracking failed", path=path, exc_info=e)
            self._answers.labels(call or "other", "500").inc()
            await _send_error(send, 500, InternalError.code, "something went wrong in relance; nothing was acknowledged")

    async def _take(self, scope: Scope, receive: Receive, call: str) -> None:
        """Read one request and see it onto the disk."""
        keys: list[str] = []
        length = 0
        packing = b""
        sent_at = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                key = key_from_header(value.decode("latin-1"))
                keys += [key] if key else []
            elif name == b"content-length":
                length = int(value) if value.isdigit() else 0
            elif name == b"content-encoding":
                packing = value.strip().lower()
            elif name == b"x-write-key":
                keys.append(value.decode("latin-1").partition(":")[0])
            elif name == b"sentat":
                sent_at = parse_instant(value.decode("latin-1"))
        limit = self._door.max_body_bytes
        if length > limit:
            raise _too_large(limit)
        if scope["query_string"]:
            keys += parse_qs(scope["query_string"].decode("latin-1")).get("writeKey", [])
        source = await self._find_source(keys)
        body = await _read_body(receive, limit)
        if packing in _PACKED or body[:2] == b"\x1f\x8b":
            body = inflate(body, limit)
        if source is None and keys:
            # The header may have been meant for somebody on the way here; the body names the key too.
            chunk, told = self._door.read(body, call, key=None, sent_at=sent_at)
        else:
            chunk, told = self._door.read(body, call, key=keys[0] if keys else None, sent_at=sent_at)
        if source is None:
            source = await self._find_source([told] if told else [])
        if source is None:
            raise UnknownWriteKey
        await self._door.accept(chunk, source)

    async def _find_source(self, keys: Iterable[str]) -> Source | None:
        """The source that the first good key opens."""
        for key in keys:
            is_known, found = self._door.keys.recall(key)
            if not is_known:
                found = await asyncio.to_thread(self._door.keys.find, key)
            if found is not None:
                return found
        return None

    async def _client_settings(self, scope: Scope, path: str) -> dict[str, Any] | None:
        """The document that a browser client asks for before it sends anything; None when this is no such path.

        Raises:
            NotFound: nobody has this key.
        """
        query = parse_qs(scope["query_string"].decode("latin-1"))
        parts = path.split("/")
        if path.startswith("/v1/projects/") and len(parts) == 5 and parts[4] == "settings":
            key, build = unquote(parts[3]), segment_settings
        elif path in {"/sourceConfig", "/v1/sourceConfig"}:
            header = next((v.decode("latin-1") for n, v in scope["headers"] if n == b"authorization"), "")
            key, build = key_from_header(header) or (query.get("writeKey") or [""])[0], source_config
        else:
            return None
        source = await self._find_source([key])
        if source is None:
            msg = "nobody has this write key"
            raise NotFound(msg)
        return build(key, source.source, _own_url(scope))


def tracking_routes(services: Services, registry: CollectorRegistry) -> list[Any]:
    """The tracking routes, as mounts of one plain ASGI application."""
    tracking = Tracking(services, registry)

    def mount(path: str) -> Any:
        @asgi(path, is_mount=True, copy_scope=False, opt=PUBLIC)
        async def take(scope: Scope, receive: Receive, send: Send) -> None:
            # A mount is shown the rest of the path only.
            rest = str(scope["path"])
            scope["path"] = rest if rest.startswith(path) else path + ("" if rest == "/" else rest)
            await tracking(scope, receive, send)

        return take

    return [mount(path) for path in ("/v1", "/beacon/v1", "/api/s", "/sourceConfig")]


def _refuse(path: str, call: str | None) -> NoReturn:
    if call is not None:
        raise MethodNotAllowed
    msg = f"there is no {path}"
    raise NotFound(msg)


async def _read_body(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part: bytes = message.get("body", b"")  # type: ignore[assignment]
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"the body has more than {limit} bytes; send smaller batches")


def _preflight_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    asked = next((value for name, value in headers if name == b"access-control-request-headers"), ALLOWED_HEADERS)
    return [
        _ANY_ORIGIN,
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", asked),
        (b"access-control-max-age", b"86400"),
        (b"vary", b"Access-Control-Request-Headers"),
    ]


def _own_url(scope: Scope) -> str:
    """The address under which the client sees this server."""
    headers = dict(scope["headers"])
    scheme = headers.get(b"x-forwarded-proto", str(scope["scheme"]).encode()).decode("latin-1")
    host = headers.get(b"host", b"127.0.0.1").decode("latin-1")
    return f"{'https' if scheme == 'https' else 'http'}://{host}"


async def _send_error(send: Send, status: int, code: str, message: str) -> None:
    more = [(name.encode(), value.encode()) for name, value in headers_of(status).items() if status != 401]
    body = msgspec.json.encode({"success": False, "code": code, "message": message})
    await _send(send, status, body, [_JSON, _ANY_ORIGIN, *more])


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = [(b"content-length", str(len(body)).encode())] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body, "more_body": False})
