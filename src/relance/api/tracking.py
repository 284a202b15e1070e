"""The Segment tracking API, down to the oddities of real clients. The routes that carry all the load.

Answers exactly `200 {"success": true}`, only when the events are on the disk. Every error has `code` and `message`. A faulty item is no
error: it is filed when the log is read. What clients were seen to send, and how they react, is in docs/reference/http.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn, Protocol
from urllib.parse import parse_qs

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from relance.api.auth import key_from_header
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

# Where all of this is mounted.
MOUNTS = ("/v1", "/beacon/v1", "/api/s", "/sourceConfig")

SUCCESS = b'{"success": true}'
ALLOWED_HEADERS = "authorization, content-type, content-encoding, x-retry-count, x-write-key, anonymousid, sentat"
_PACKED = {"gzip", "x-gzip", "deflate"}

_log = structlog.get_logger()


class MethodNotAllowed(RelanceError):
    """Events are sent with POST."""

    code = "method_not_allowed"


class Disconnected(Exception):
    """The client went away before it had sent its request."""


class TrackingRequest(Protocol):
    """A request, as one of the ways to be served shows it."""

    method: str
    path: str
    query: str

    def header(self, name: str) -> str | None:
        """A header by its name in lower case."""
        ...

    async def body(self, limit: int) -> bytes:
        """The whole body.

        Raises:
            BodyTooLarge: there are more bytes than the limit.
            Disconnected: there is nobody to answer any more.
        """
        ...

    def own_url(self) -> str:
        """The address under which the client sees this server."""
        ...


class Answer(NamedTuple):
    """What the client gets."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


_JSON = ("content-type", "application/json")
_ANY_ORIGIN = ("access-control-allow-origin", "*")
_SUCCEEDED = Answer(200, [_JSON, _ANY_ORIGIN], SUCCESS)


def is_tracking(path: str) -> bool:
    """Whether a path belongs to the tracking API."""
    return path.startswith(("/v1/", "/beacon/v1/", "/api/s/", "/sourceConfig"))


class Tracking:
    """Answers the tracking routes."""

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

    async def answer(self, request: TrackingRequest) -> Answer:
        """Answer one request, whatever is wrong with it.

        Raises:
            Disconnected: there is nobody to answer any more.
        """
        path, method = request.path.rstrip("/"), request.method
        call = ROUTES.get(path)
        try:
            if call is not None and method == "POST":
                began = time.perf_counter()
                await self._take(request, call)
                self._succeeded[call].inc()
                self._seconds.observe(time.perf_counter() - began)
                return _SUCCEEDED
            if method == "OPTIONS":
                return Answer(204, _preflight_headers(request.header("access-control-request-headers")), b"")
            if path == TELEMETRY:
                return _SUCCEEDED
            if method == "GET" and (document := await self._client_settings(request, path)) is not None:
                return Answer(200, [_JSON, _ANY_ORIGIN, ("cache-control", "max-age=60")], msgspec.json.encode(document))
            _refuse(path, call)
        except Disconnected:
            raise
        except RelanceError as e:
            status = 405 if isinstance(e, MethodNotAllowed) else status_of(e)
            if status == 500:
                _log.error("tracking failed", path=path, exc_info=e)
            self._answers.labels(call or "other", str(status)).inc()
            return _tell(status, e.code, e.message if status != 500 else InternalError().message)
        except Exception as e:  # noqa: BLE001 - the last floor: the client must get an answer that it understands
            _log.error("tracking failed", path=path, exc_info=e)
            self._answers.labels(call or "other", "500").inc()
            return _tell(500, InternalError.code, "something went wrong in relance; nothing was acknowledged")

    async def _take(self, request: TrackingRequest, call: str) -> None:
        """Read one request and see it onto the disk."""
        limit = self._door.max_body_bytes
        length = request.header("content-length")
        if length is not None and length.isdigit() and int(length) > limit:
            raise too_large(limit)
        keys = _keys_of(request)
        source = await self._find_source(keys)
        body = await request.body(limit)
        if body[:2] == b"\x1f\x8b" or (request.header("content-encoding") or "").strip().lower() in _PACKED:
            body = inflate(body, limit)
        sent_at = parse_instant(request.header("sentat"))
        chunk, told = self._door.read(body, call, sent_at=sent_at)
        if source is None and told:
            # The header may have been meant for somebody on the way here; the body names the key too.
            source = await self._find_source([told])
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

    async def _client_settings(self, request: TrackingRequest, path: str) -> dict[str, Any] | None:
        """The document that a browser client asks for before it sends anything; None when this is no such path.

        Raises:
            NotFound: nobody has this key.
        """
        parts = path.split("/")
        if path.startswith("/v1/projects/") and len(parts) == 5 and parts[4] == "settings":
            keys, build = [parts[3]], segment_settings
        elif path == "/sourceConfig":
            keys, build = _keys_of(request), source_config
        else:
            return None
        for key in keys:
            source = await self._find_source([key])
            if source is not None:
                return build(key, source.source, request.own_url())
        msg = "nobody has this write key"
        raise NotFound(msg)


def _keys_of(request: TrackingRequest) -> list[str]:
    """The write keys outside of the body, in the order in which they are tried."""
    keys = []
    authorization = request.header("authorization")
    if authorization is not None and (key := key_from_header(authorization)):
        keys.append(key)
    jitsu = request.header("x-write-key")
    if jitsu is not None:
        keys.append(jitsu.partition(":")[0])
    if request.query:
        keys += parse_qs(request.query).get("writeKey", [])
    return keys


def _refuse(path: str, call: str | None) -> NoReturn:
    if call is not None:
        raise MethodNotAllowed
    msg = f"there is no {path}"
    raise NotFound(msg)


def too_large(limit: int) -> BodyTooLarge:
    """What is raised for a body of more bytes."""
    return BodyTooLarge(f"the body has more than {limit} bytes; send smaller batches")


def _preflight_headers(asked: str | None) -> list[tuple[str, str]]:
    return [
        _ANY_ORIGIN,
        ("access-control-allow-methods", "GET, POST, OPTIONS"),
        ("access-control-allow-headers", asked or ALLOWED_HEADERS),
        ("access-control-max-age", "86400"),
        ("vary", "Access-Control-Request-Headers"),
    ]


def _tell(status: int, code: str, message: str) -> Answer:
    more = [(name, value) for name, value in headers_of(status).items() if status != 401]
    body = msgspec.json.encode({"success": False, "code": code, "message": message})
    return Answer(status, [_JSON, _ANY_ORIGIN, *more], body)
